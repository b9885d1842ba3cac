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
                         "<li>&quot;three&quot;</li>\n</ul>\n<p>[x](javascript:y)</p>\n</main>\n"
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
                      "\\[x\\](javascript:y)\n\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(page_html__escapes_everything),
      cmocka_unit_test(page_markdown__escapes_everything),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
