#include "render/page_forms.h"

// Readable on a narrow screen, magnified to 400 %, in the dark, on paper and without script. A
// colour is never set without the one behind it.
static const char style[] =
    ":root{color-scheme:light dark;color:#111;background:#fff}a{color:#0645ad}"
    "@media screen and (prefers-color-scheme:dark){:root{color:#eee;background:#121212}"
    "a{color:#9cf}}"
    "body{font-family:sans-serif;line-height:1.5;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "overflow-wrap:anywhere}"
    "nav li,td a,th a{min-height:1.5rem}"
    "h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem}"
    ":target{scroll-margin-top:1rem}"
    ".table{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%}"
    "caption{text-align:left;font-weight:bold;padding:.3rem 0}"
    "th,td{border:1px solid;padding:.3rem;text-align:left;vertical-align:top;min-width:7rem;"
    "overflow-wrap:break-word}"
    "@media print{@page{size:A4;margin:2cm}body{max-width:none;margin:0;padding:0;font-size:10pt}"
    "nav{display:none}a{color:inherit}.table{overflow:visible}th,td{min-width:0}"
    "h2,h3,caption{break-after:avoid}li,tr{break-inside:avoid}thead{display:table-header-group}}";

static void raw(struct str *text, const char *part) { str_add(text, view_of(part)); }

static void escape(struct str *text, const char *part)
{
  for (; *part != '\0'; part++) {
    switch (*part) {
      case '&':
        raw(text, "&amp;");
        break;
      case '<':
        raw(text, "&lt;");
        break;
      case '>':
        raw(text, "&gt;");
        break;
      case '"':
        raw(text, "&quot;");
        break;
      default:
        str_add_char(text, *part);
    }
  }
}

static void element(struct str *text, const char *before, const char *content, const char *after)
{
  raw(text, before);
  escape(text, content);
  raw(text, after);
}

static void link_to(struct str *text, const char *anchor, const char *content)
{
  element(text, "<a href=\"#", anchor, "\">");
  element(text, "", content, "</a>");
}

static void write_contents(struct str *text, const struct page *page)
{
  element(text, "<nav aria-label=\"", page->contents, "\">\n<ul>\n");
  for (const struct page_block *block = page->first; block != NULL; block = block->next) {
    if (block->kind != PAGE_HEADING)
      continue;
    raw(text, "<li>");
    link_to(text, block->anchor, block->cells[0]);
    raw(text, "</li>\n");
  }
  raw(text, "</ul>\n</nav>\n");
}

static void write_heading(struct str *text, const struct page_block *block, const char *name)
{
  str_format(text, "<%s id=\"", name);
  element(text, "", block->anchor, "\">");
  element(text, "", block->cells[0], "</");
  str_format(text, "%s>\n", name);
}

// A table that is wider than the screen scrolls by itself, and the keyboard reaches it.
static void write_table_head(struct str *text, const struct page_block *block)
{
  element(text, "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"", block->caption,
          "\">\n<table>\n");
  element(text, "<caption>", block->caption, "</caption>\n<thead><tr>");
  for (int32_t i = 0; i < block->cell_count; i++)
    element(text, "<th scope=\"col\">", block->cells[i], "</th>");
  raw(text, "</tr></thead>\n<tbody>\n");
}

static void write_row(struct str *text, const struct page_block *block)
{
  raw(text, "<tr><th scope=\"row\">");
  if (block->anchor[0] != '\0')
    link_to(text, block->anchor, block->cells[0]);
  else
    escape(text, block->cells[0]);
  raw(text, "</th>");
  for (int32_t i = 1; i < block->cell_count; i++)
    element(text, "<td>", block->cells[i], "</td>");
  raw(text, "</tr>\n");
}

static bool is_next(const struct page_block *block, enum page_block_kind kind)
{
  return block->next != NULL && block->next->kind == kind;
}

static void write_item(struct str *text, const struct page_block *block, bool is_first)
{
  raw(text, is_first ? "<ul>\n" : "");
  element(text, "<li>", block->cells[0], "</li>\n");
  raw(text, is_next(block, PAGE_ITEM) ? "" : "</ul>\n");
}

static void write_block(struct str *text, const struct page_block *block, bool is_first_item)
{
  switch (block->kind) {
    case PAGE_HEADING:
      write_heading(text, block, "h2");
      break;
    case PAGE_SUBHEADING:
      write_heading(text, block, "h3");
      break;
    case PAGE_PARAGRAPH:
      element(text, "<p>", block->cells[0], "</p>\n");
      break;
    case PAGE_ITEM:
      write_item(text, block, is_first_item);
      break;
    case PAGE_TABLE_HEAD:
      write_table_head(text, block);
      break;
    case PAGE_TABLE_ROW:
      write_row(text, block);
      break;
  }
  bool in_table = block->kind == PAGE_TABLE_HEAD || block->kind == PAGE_TABLE_ROW;
  if (in_table && !is_next(block, PAGE_TABLE_ROW))
    raw(text, "</tbody>\n</table>\n</div>\n");
}

static void write_blocks(struct str *text, const struct page *page)
{
  bool has_contents = false;
  enum page_block_kind last = PAGE_PARAGRAPH;
  for (const struct page_block *block = page->first; block != NULL; block = block->next) {
    if (block->kind == PAGE_HEADING && !has_contents) {
      write_contents(text, page);
      has_contents = true;
    }
    write_block(text, block, last != PAGE_ITEM);
    last = block->kind;
  }
}

void page_write_html(const struct page *page, struct str *text)
{
  str_format(text,
             "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
             page->language);
  element(text, "<title>", page->title, "</title>\n<style>");
  raw(text, style);
  element(text, "</style>\n</head>\n<body>\n<main>\n<h1>", page->title, "</h1>\n");
  write_blocks(text, page);
  raw(text, "</main>\n</body>\n</html>\n");
}
