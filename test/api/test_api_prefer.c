// Which offer a header with weights prefers [RFC 9110 12.5].
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "api/prefer.h"
#include "base/attr.h"

struct row {
  const char *header;
  int index;
};

static void assert_rows(enum prefer_of of, const char *const *offers, int count,
                        const struct row *rows, size_t row_count)
{
  for (size_t i = 0; i < row_count; i++)
    if (prefer(of, view_of(rows[i].header), offers, count) != rows[i].index)
      fail_msg("'%s' prefers another offer than %s", rows[i].header, offers[rows[i].index]);
}

// The heaviest language counts, wherever it stands; a region names its language.
static void prefer__takes_the_heaviest_language(void **state)
{
  (void)state;
  static const char *const offers[] = {"sv", "en"};
  static const struct row rows[] = {
      {"", 0},
      {"de", 0},
      {"en", 1},
      {"en-GB, sv;q=0.5", 1},
      {"en;q=0.5, sv", 0},
      {"en;q=0.5, sv;q=0.499", 1},
      {"en;q=0.8, sv;q=0.8", 0},
      {"de, en;q=0.3, *;q=0.1", 1},
      {"*, sv;q=0", 1},
      {"sv;q=0, en;q=0.001", 1},
      {"english", 0},
      {"en;q=2, sv;q=0.1", 0},
      {"en;q=, sv;q=0.1", 0},
      {"en;q=0.1234, sv;q=0.1", 0},
      {"svenska;q=1,en;q=0.2", 1},
  };
  assert_rows(PREFER_LANGUAGE, offers, 2, rows, ARRAY_COUNT(rows));
}

// The closest range has the weight of an offer; equal weights go to the first offer.
static void prefer__takes_the_closest_media_range(void **state)
{
  (void)state;
  static const char *const offers[] = {"text/html", "text/markdown", "application/pdf"};
  static const struct row rows[] = {
      {"*/*", 0},
      {"text/markdown", 1},
      {"text/*", 0},
      {"text/*, text/html;q=0.5", 1},
      {"text/html;level=1;q=0.3, text/markdown;q=0.4", 1},
      {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", 0},
      {"application/*;q=0.9, */*;q=0.1", 2},
      {"application/pdf, text/html;q=0.9", 2},
      {"image/png", 0},
  };
  assert_rows(PREFER_MEDIA, offers, 3, rows, ARRAY_COUNT(rows));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(prefer__takes_the_heaviest_language),
      cmocka_unit_test(prefer__takes_the_closest_media_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
