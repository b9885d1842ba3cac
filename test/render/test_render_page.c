// Pages: what comes from outside is text in both forms, and lists open and close.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "render/page.h"

static void write_sample(enum page_form form, struct str *ret_text)
{
  struct page page = {form, ret_text, false};
  page_begin(&page, "sv", "A & B");
  page_heading(&page, "<h>");
  page_item(&page, "%s", "one *two*");
  page_item(&page, "%s", "\"three\"");
  page_paragraph(&page, "%s", "[x](javascript:y)");
  page_subheading(&page, "a-b", "c | d");
  page_table_begin(&page, (const char *const[]){"<x>", "y"}, 2);
  page_table_row(&page, "a-b", (const char *const[]){"c | d", "<e>"}, 2);
  page_table_end(&page);
  page_end(&page);
}

// HTML has no markup but its own.
static void page_html__escapes_everything(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(10000);
  write_sample(PAGE_HTML, &text);
  assert_true(view_starts(str_view(&text), "<!doctype html>\n<html lang=\"sv\">\n"));
  assert_non_null(strstr(str_text(&text), "<title>A &amp; B</title>"));
  assert_non_null(strstr(str_text(&text),
                         "<h1>A &amp; B</h1>\n<h2>&lt;h&gt;</h2>\n<ul>\n<li>one *two*</li>\n"
                         "<li>&quot;three&quot;</li>\n</ul>\n<p>[x](javascript:y)</p>\n"
                         "<h3 id=\"a-b\">c | d</h3>\n<table>\n<thead><tr>"
                         "<th scope=\"col\">&lt;x&gt;</th><th scope=\"col\">y</th></tr></thead>\n"
                         "<tbody>\n<tr><th scope=\"row\"><a href=\"#a-b\">c | d</a></th>"
                         "<td>&lt;e&gt;</td></tr>\n</tbody>\n</table>\n</main>\n"
                         "</body>\n</html>\n"));
}

// Markdown makes no link, no emphasis and no markup of a text.
static void page_markdown__escapes_everything(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(10000);
  write_sample(PAGE_MARKDOWN, &text);
  assert_string_equal(str_text(&text),
                      "# A \\& B\n\n## \\<h\\>\n\n- one \\*two\\*\n- \"three\"\n\n"
                      "\\[x\\](javascript:y)\n\n### c \\| d\n\n| \\<x\\> | y |\n"
                      "| --- | --- |\n| c \\| d | \\<e\\> |\n\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(page_html__escapes_everything),
      cmocka_unit_test(page_markdown__escapes_everything),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
