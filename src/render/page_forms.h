// The text forms of a page, for page.c alone.
#ifndef FORVAR_RENDER_PAGE_FORMS_H
#define FORVAR_RENDER_PAGE_FORMS_H

#include "render/page.h"

void page_write_html(const struct page *page, struct str *text);
void page_write_markdown(const struct page *page, struct str *text);

#endif
