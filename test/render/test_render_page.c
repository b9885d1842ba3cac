#define _GNU_SOURCE  // memmem
// Pages: what comes from outside is text in both forms, and lists open and close.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "render/page.h"
#include "render/pdf.h"

static void write_sample(enum page_form form, struct str *ret_text)
{
  OWNED(page) struct page page = PAGE_INIT;
  struct err err = ERR_INIT;
  page_begin(&page, "sv", "A & B", "In <it>");
  page_paragraph(&page, "%s", "[x](javascript:y)");
  page_heading(&page, "h", "<h>");
  page_item(&page, "%s", "one *two*");
  page_item(&page, "%s", "\"three\"");
  page_subheading(&page, "a-b", "c | d");
  page_table(&page, "rows & <cells>", (const char *const[]){"<x>", "y"}, 2);
  page_row(&page, "a-b", (const char *const[]){"c | d", "<e>"}, 2);
  page_row(&page, "", (const char *const[]){"f", "g"}, 2);
  assert_int_equal(page_write(&page, form, ret_text, &err), ERR_OK);
}

// HTML has no markup but its own.
static void page_html__escapes_everything(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(10000);
  write_sample(PAGE_HTML, &text);
  assert_true(view_starts(str_view(&text), "<!doctype html>\n<html lang=\"sv\">\n"));
  assert_non_null(strstr(str_text(&text), "<title>A &amp; B</title>"));
  assert_non_null(strstr(
      str_text(&text),
      "<h1>A &amp; B</h1>\n<p>[x](javascript:y)</p>\n<nav aria-label=\"In &lt;it&gt;\">\n<ul>\n"
      "<li><a href=\"#h\">&lt;h&gt;</a></li>\n</ul>\n</nav>\n<h2 id=\"h\">&lt;h&gt;</h2>\n"
      "<ul>\n<li>one *two*</li>\n<li>&quot;three&quot;</li>\n</ul>\n"
      "<h3 id=\"a-b\">c | d</h3>\n<div class=\"table\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"rows &amp; &lt;cells&gt;\">\n<table>\n"
      "<caption>rows &amp; &lt;cells&gt;</caption>\n<thead><tr>"
      "<th scope=\"col\">&lt;x&gt;</th><th scope=\"col\">y</th></tr></thead>\n"
      "<tbody>\n<tr><th scope=\"row\"><a href=\"#a-b\">c | d</a></th>"
      "<td>&lt;e&gt;</td></tr>\n<tr><th scope=\"row\">f</th><td>g</td></tr>\n</tbody>\n</table>\n"
      "</div>\n</main>\n</body>\n</html>\n"));
}

// Markdown makes no link, no emphasis and no markup of a text.
static void page_markdown__escapes_everything(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(10000);
  write_sample(PAGE_MARKDOWN, &text);
  assert_string_equal(str_text(&text),
                      "# A \\& B\n\n\\[x\\](javascript:y)\n\n## \\<h\\>\n\n"
                      "- one \\*two\\*\n- \"three\"\n\n"
                      "### c \\| d\n\n| \\<x\\> | y |\n"
                      "| --- | --- |\n| c \\| d | \\<e\\> |\n| f | g |\n\n");
}

// A page that is too long is an error and never a page that lacks its end.
static void page__past_its_limit_fails(void **state)
{
  (void)state;
  enum { PART_BYTES = 1024 * 1024 };
  OWNED(page) struct page page = PAGE_INIT;
  OWNED(str) struct str text = STR_INIT(2 * PAGE_BYTES_MAX);
  OWNED(str) struct str part = STR_INIT(PART_BYTES);
  struct err err = ERR_INIT;
  for (int i = 0; i < PART_BYTES; i++)
    str_add_char(&part, 'a');
  page_begin(&page, "en", "Long", "Contents");
  page_heading(&page, "long", str_text(&part));
  assert_int_equal(page_write(&page, PAGE_HTML, &text, &err), ERR_OK);
  for (int bytes = 0; bytes < PAGE_BYTES_MAX; bytes += PART_BYTES)
    page_heading(&page, "long", str_text(&part));
  str_clear(&text);
  assert_int_equal(page_write(&page, PAGE_HTML, &text, &err), ERR_MEMORY);
  assert_int_equal(text.length, 0);
}

// A PDF is the same for the same page, holds its title, and is whole: a table that runs over pages
// repeats its headings, and a row that no page can hold is told as text.
static void page_pdf__is_whole_and_repeats_itself(void **state)
{
  (void)state;
  enum { ROWS = 100, LONG_BYTES = 20000 };
  OWNED(page) struct page page = PAGE_INIT;
  OWNED(str) struct str first = STR_INIT(PDF_BYTES_MAX);
  OWNED(str) struct str second = STR_INIT(PDF_BYTES_MAX);
  OWNED(str) struct str large = STR_INIT(LONG_BYTES);
  struct err err = ERR_INIT;
  for (int i = 0; i < LONG_BYTES / 2; i++)
    str_add(&large, VIEW_LITERAL("å"));
  page_begin(&page, "sv", "Så", "Innehåll");
  page_heading(&page, "rows", "Rader");
  page_table(&page, "Många", (const char *const[]){"Ändamål", "Öde"}, 2);
  for (int i = 0; i < ROWS; i++)
    page_row(&page, "rows", (const char *const[]){"rad", "text"}, 2);
  page_row(&page, "", (const char *const[]){"lång", str_text(&large)}, 2);
  assert_int_equal(pdf_write(&page, 17676, &first, &err), ERR_OK);
  assert_int_equal(pdf_write(&page, 17676, &second, &err), ERR_OK);
  assert_true(view_starts(str_view(&first), "%PDF-1."));
  assert_non_null(memmem(first.bytes, first.length, "(20180525000000Z)", 17));
  assert_non_null(memmem(first.bytes, first.length, "/MarkInfo << /Marked true >>", 28));
  assert_int_equal(first.length, second.length);
  assert_memory_equal(first.bytes, second.bytes, first.length);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(page_html__escapes_everything),
      cmocka_unit_test(page_markdown__escapes_everything),
      cmocka_unit_test(page__past_its_limit_fails),
      cmocka_unit_test(page_pdf__is_whole_and_repeats_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
