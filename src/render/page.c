#include "render/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "render/page_forms.h"

void page_begin(struct page *page, const char *language, const char *title, const char *contents)
{
  page->language = language;
  page->title = arena_text(&page->arena, view_of(title));
  page->contents = contents;
  if (page->title == NULL) {
    page->title = "";
    page->failed = true;
  }
}

static const char *copy(struct page *page, const char *text)
{
  const char *kept = arena_text(&page->arena, view_of(text));
  if (page->arena.used_bytes > PAGE_BYTES_MAX)
    page->failed = true;
  return kept == NULL ? "" : kept;
}

// The cells are copied unless they are of the page already.
static void add(struct page *page, struct page_block block)
{
  struct page_block *kept = arena_new(&page->arena, sizeof *kept);
  const char **cells = arena_new(&page->arena, (size_t)block.cell_count * sizeof *cells);
  if (kept == NULL || cells == NULL || page->failed) {
    page->failed = true;
    return;
  }
  for (int32_t i = 0; i < block.cell_count; i++)
    cells[i] = copy(page, block.cells[i]);
  block.anchor = copy(page, block.anchor);
  block.caption = copy(page, block.caption);
  block.cells = cells;
  *kept = block;
  if (page->last == NULL)
    page->first = kept;
  else
    page->last->next = kept;
  page->last = kept;
}

static void add_text(struct page *page, enum page_block_kind kind, const char *anchor,
                     const char *text)
{
  const char *const cells[] = {text};
  add(page, (struct page_block){kind, anchor, "", cells, 1, NULL});
}

void page_heading(struct page *page, const char *anchor, const char *text)
{
  add_text(page, PAGE_HEADING, anchor, text);
}

void page_subheading(struct page *page, const char *anchor, const char *text)
{
  add_text(page, PAGE_SUBHEADING, anchor, text);
}

static void add_format(struct page *page, enum page_block_kind kind, const char *format,
                       va_list arguments) __attribute__((format(printf, 3, 0)));
static void add_format(struct page *page, enum page_block_kind kind, const char *format,
                       va_list arguments)
{
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text = length < 0 ? NULL : arena_new(&page->arena, (size_t)length + 1);
  if (text == NULL) {
    page->failed = true;
    return;
  }
  (void)vsnprintf(text, (size_t)length + 1, format, arguments);
  add_text(page, kind, "", text);
}

void page_paragraph(struct page *page, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add_format(page, PAGE_PARAGRAPH, format, arguments);
  va_end(arguments);
}

void page_item(struct page *page, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add_format(page, PAGE_ITEM, format, arguments);
  va_end(arguments);
}

void page_table(struct page *page, const char *caption, const char *const *headings, int count)
{
  PRE(count > 0 && count <= PAGE_COLUMNS_MAX);
  add(page, (struct page_block){PAGE_TABLE_HEAD, "", caption, headings, count, NULL});
}

void page_row(struct page *page, const char *anchor, const char *const *cells, int count)
{
  PRE(count > 0 && count <= PAGE_COLUMNS_MAX);
  add(page, (struct page_block){PAGE_TABLE_ROW, anchor, "", cells, count, NULL});
}

void page_cleanup(struct page *page)
{
  arena_clear(&page->arena);
  *page = (struct page)PAGE_INIT;
}

enum err_code page_check(const struct page *page, struct err *err)
{
  return page->failed ? err_set(err, ERR_MEMORY, "no memory for the page") : ERR_OK;
}

enum err_code page_write(const struct page *page, enum page_form form, struct str *ret_text,
                         struct err *err)
{
  enum err_code code = page_check(page, err);
  if (code != ERR_OK)
    return code;
  if (form == PAGE_HTML)
    page_write_html(page, ret_text);
  else
    page_write_markdown(page, ret_text);
  return str_ok(ret_text) ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for the page");
}
