#include "render/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void raw(const struct page *page, const char *text) { str_add(page->text, view_of(text)); }

static void escape_html(const struct page *page, const char *text)
{
  for (; *text != '\0'; text++) {
    switch (*text) {
      case '&':
        raw(page, "&amp;");
        break;
      case '<':
        raw(page, "&lt;");
        break;
      case '>':
        raw(page, "&gt;");
        break;
      case '"':
        raw(page, "&quot;");
        break;
      default:
        str_add_char(page->text, *text);
    }
  }
}

// What Markdown might read as markup stands behind a backslash.
static void escape_markdown(const struct page *page, const char *text)
{
  for (; *text != '\0'; text++) {
    if (strchr("\\`*_{}[]<>#|!&", *text) != NULL)
      str_add_char(page->text, '\\');
    str_add_char(page->text, *text == '\n' ? ' ' : *text);
  }
}

static void escape(const struct page *page, const char *text)
{
  if (page->form == PAGE_HTML)
    escape_html(page, text);
  else
    escape_markdown(page, text);
}

static void end_list(struct page *page)
{
  if (page->in_list)
    raw(page, page->form == PAGE_HTML ? "</ul>\n" : "\n");
  page->in_list = false;
}

// A block: what stands before and after its text, in each form.
static void block(struct page *page, const char *text, const char *before_html,
                  const char *after_html, const char *before_markdown)
{
  end_list(page);
  bool html = page->form == PAGE_HTML;
  raw(page, html ? before_html : before_markdown);
  escape(page, text);
  raw(page, html ? after_html : "\n\n");
}

void page_begin(struct page *page, const char *language, const char *title)
{
  if (page->form == PAGE_HTML) {
    str_format(page->text,
               "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
               language);
    escape(page, title);
    raw(page,
        "</title>\n<style>body{font-family:sans-serif;line-height:1.5;max-width:42rem;"
        "margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}table{border-collapse:collapse}"
        "th,td{border:1px "
        "solid;padding:.3rem;text-align:left;vertical-align:top}</style>\n</head>\n<body>\n"
        "<main>\n");
  }
  block(page, title, "<h1>", "</h1>\n", "# ");
}

void page_heading(struct page *page, const char *text)
{
  block(page, text, "<h2>", "</h2>\n", "## ");
}

void page_subheading(struct page *page, const char *anchor, const char *text)
{
  char before[PAGE_ANCHOR_BYTES_MAX];
  (void)snprintf(before, sizeof before, "<h3 id=\"%s\">", anchor);
  block(page, text, before, "</h3>\n", "### ");
}

void page_paragraph(struct page *page, const char *format, ...)
{
  char text[PAGE_TEXT_BYTES_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  block(page, text, "<p>", "</p>\n", "");
}

void page_item(struct page *page, const char *format, ...)
{
  char text[PAGE_TEXT_BYTES_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  bool html = page->form == PAGE_HTML;
  if (!page->in_list)
    raw(page, html ? "<ul>\n" : "");
  page->in_list = true;
  raw(page, html ? "<li>" : "- ");
  escape(page, text);
  raw(page, html ? "</li>\n" : "\n");
}

void page_table_begin(struct page *page, const char *const *headings, int count)
{
  bool html = page->form == PAGE_HTML;
  end_list(page);
  raw(page, html ? "<table>\n<thead><tr>" : "|");
  for (int i = 0; i < count; i++) {
    raw(page, html ? "<th scope=\"col\">" : " ");
    escape(page, headings[i]);
    raw(page, html ? "</th>" : " |");
  }
  raw(page, html ? "</tr></thead>\n<tbody>\n" : "\n|");
  for (int i = 0; i < count && !html; i++)
    raw(page, " --- |");
  raw(page, html ? "" : "\n");
}

void page_table_row(struct page *page, const char *anchor, const char *const *cells, int count)
{
  bool html = page->form == PAGE_HTML;
  if (html)
    str_format(page->text, "<tr><th scope=\"row\"><a href=\"#%s\">", anchor);
  else
    raw(page, "| ");
  for (int i = 0; i < count; i++) {
    if (i > 0)
      raw(page, html ? "<td>" : " ");
    escape(page, cells[i]);
    raw(page, !html ? " |" : i == 0 ? "</a></th>" : "</td>");
  }
  raw(page, html ? "</tr>\n" : "\n");
}

void page_table_end(struct page *page)
{
  raw(page, page->form == PAGE_HTML ? "</tbody>\n</table>\n" : "\n");
}

void page_end(struct page *page)
{
  end_list(page);
  if (page->form == PAGE_HTML)
    raw(page, "</main>\n</body>\n</html>\n");
}
