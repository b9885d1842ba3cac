#include <string.h>

#include "render/page_forms.h"

static void raw(struct str *text, const char *part) { str_add(text, view_of(part)); }

// What Markdown might read as markup stands behind a backslash.
static void escape(struct str *text, const char *part)
{
  for (; *part != '\0'; part++) {
    if (strchr("\\`*_{}[]<>#|!&", *part) != NULL)
      str_add_char(text, '\\');
    str_add_char(text, *part == '\n' ? ' ' : *part);
  }
}

static void write_cells(struct str *text, const struct page_block *block)
{
  raw(text, "|");
  for (int32_t i = 0; i < block->cell_count; i++) {
    raw(text, " ");
    escape(text, block->cells[i]);
    raw(text, " |");
  }
  raw(text, "\n");
}

static void write_head(struct str *text, const struct page_block *block)
{
  write_cells(text, block);
  raw(text, "|");
  for (int32_t i = 0; i < block->cell_count; i++)
    raw(text, " --- |");
  raw(text, "\n");
}

static bool goes_on(const struct page_block *block)
{
  const struct page_block *next = block->next;
  return next != NULL &&
         (block->kind == PAGE_ITEM ? next->kind == PAGE_ITEM : next->kind == PAGE_TABLE_ROW);
}

static void write_block(struct str *text, const struct page_block *block)
{
  static const char *const before[] = {[PAGE_HEADING] = "## ",
                                       [PAGE_SUBHEADING] = "### ",
                                       [PAGE_PARAGRAPH] = "",
                                       [PAGE_ITEM] = "- "};
  if (block->kind == PAGE_TABLE_HEAD) {
    write_head(text, block);
    return;
  }
  if (block->kind == PAGE_TABLE_ROW) {
    write_cells(text, block);
  } else {
    raw(text, before[block->kind]);
    escape(text, block->cells[0]);
    raw(text, "\n");
  }
  if (!goes_on(block))
    raw(text, "\n");
}

void page_write_markdown(const struct page *page, struct str *text)
{
  raw(text, "# ");
  escape(text, page->title);
  raw(text, "\n\n");
  for (const struct page_block *block = page->first; block != NULL; block = block->next)
    write_block(text, block);
}
