// A page of text as HTML or as Markdown: headings, paragraphs, lists, tables, from top to bottom.
// Texts are plain and escaped here; a page has no other markup, no script and nothing from
// elsewhere.
//
//   struct page page = {PAGE_HTML, &text};
//   page_begin(&page, "sv", "Titel");
//   page_heading(&page, "Rubrik");
//   page_item(&page, "%s", name);
//   page_end(&page);
#ifndef FORVAR_RENDER_PAGE_H
#define FORVAR_RENDER_PAGE_H

#include <stdbool.h>

#include "base/text.h"

enum page_form { PAGE_HTML, PAGE_MARKDOWN };
enum { PAGE_TEXT_BYTES_MAX = 4096, PAGE_ANCHOR_BYTES_MAX = 80 };

struct page {
  enum page_form form;
  struct str *text;
  bool in_list;
};

void page_begin(struct page *page, const char *language, const char *title);
void page_heading(struct page *page, const char *text);  // of a part
// Within a part, and reached by its anchor: a word that stays the same, "purpose-services".
void page_subheading(struct page *page, const char *anchor, const char *text);
void page_paragraph(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
void page_item(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
// A table: a row of headings, then rows of as many cells. Each cell of the first column leads to an
// anchor of the page.
void page_table_begin(struct page *page, const char *const *headings, int count);
void page_table_row(struct page *page, const char *anchor, const char *const *cells, int count);
void page_table_end(struct page *page);
void page_end(struct page *page);

#endif
