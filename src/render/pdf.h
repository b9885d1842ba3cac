// A page as PDF on A4, behind this one file (Pango and Cairo): text that can be searched and
// copied, in its reading order, tagged by what it is (headings, lists, tables with their headings),
// with an outline, and links to the anchors.
#ifndef FORVAR_RENDER_PDF_H
#define FORVAR_RENDER_PDF_H

#include "render/page.h"

enum { PDF_BYTES_MAX = 32 * 1024 * 1024 };

// The day (since 1970) becomes the date of the document: the same page gives the same bytes.
// ERR_SYSTEM if no font is there or Cairo refuses; ERR_MEMORY.
MUST_CHECK enum err_code pdf_write(const struct page *page, int64_t made_day, struct str *ret_text,
                                   struct err *err);

#endif
