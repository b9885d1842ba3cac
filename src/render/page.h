// A page of text, built from top to bottom and then written in any of its forms: HTML, Markdown or
// (pdf.h) PDF. Texts are plain; each form escapes them itself, and a page has no other markup, no
// script and nothing from elsewhere.
//
//   OWNED(page) struct page page = PAGE_INIT;
//   page_begin(&page, "sv", "Titel", "Innehåll");
//   page_heading(&page, "who", "Vem som ansvarar");
//   page_item(&page, "%s", name);
//   code = page_write(&page, PAGE_HTML, &text, err);
//
// An anchor is a word that stays the same from version to version, "purpose-services": small
// letters, digits, '-' and '_', unique on its page. A page begins with its title and what stands
// before the first heading; then comes the list of the headings. A failure sticks until the page is
// written.
#ifndef FORVAR_RENDER_PAGE_H
#define FORVAR_RENDER_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

enum page_form { PAGE_HTML, PAGE_MARKDOWN };
enum {
  PAGE_ANCHOR_BYTES_MAX = 80,
  PAGE_COLUMNS_MAX = 12,
  PAGE_BYTES_MAX = 16 * 1024 * 1024,  // of texts of one page: four times what a policy holds
};

enum page_block_kind {
  PAGE_HEADING,     // of a part
  PAGE_SUBHEADING,  // within a part
  PAGE_PARAGRAPH,
  PAGE_ITEM,        // of a list: neighbours are one list
  PAGE_TABLE_HEAD,  // begins a table; its rows follow
  PAGE_TABLE_ROW,
};

struct page_block {
  enum page_block_kind kind;
  const char *anchor;   // of a heading its own; of a row where the first cell leads to; else ""
  const char *caption;  // of a table's head
  const char *const *cells;
  int32_t cell_count;  // 1 unless it is of a table
  struct page_block *next;
};

struct page {
  struct arena arena;
  const char *language;  // "sv"
  const char *title, *contents;
  struct page_block *first, *last;
  bool failed;
};
#define PAGE_INIT                             \
  {                                           \
    ARENA_INIT, "", "", "", NULL, NULL, false \
  }

// `contents` is what the list of the headings is called.
void page_begin(struct page *page, const char *language, const char *title, const char *contents);
void page_heading(struct page *page, const char *anchor, const char *text);
void page_subheading(struct page *page, const char *anchor, const char *text);
void page_paragraph(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
void page_item(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
// A table: a row of headings, then rows of as many cells (PAGE_COLUMNS_MAX).
void page_table(struct page *page, const char *caption, const char *const *headings, int count);
// The first cell leads to `anchor` of this page; "" if it leads nowhere.
void page_row(struct page *page, const char *anchor, const char *const *cells, int count);
void page_cleanup(struct page *page);

// "Nothing was lost while the page was built": ERR_MEMORY else, also past PAGE_BYTES_MAX.
MUST_CHECK enum err_code page_check(const struct page *page, struct err *err);
MUST_CHECK enum err_code page_write(const struct page *page, enum page_form form,
                                    struct str *ret_text, struct err *err);

#endif
