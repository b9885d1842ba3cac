#include "base/normalise.h"

#include "tsv.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

static const char *const kind_names[NORMALISE_KIND_COUNT] = {
    [NORMALISE_EMAIL] = "email",
    [NORMALISE_PHONE] = "phone",
    [NORMALISE_NUMBER] = "number",
    [NORMALISE_NAME] = "name",
    [NORMALISE_PERSONNUMMER] = "personnummer",
};

static enum normalise_kind kind_of(const char *name)
{
  int kind = 0;
  while (kind < NORMALISE_KIND_COUNT && strcmp(kind_names[kind], name) != 0)
    kind++;
  assert_true(kind < NORMALISE_KIND_COUNT);
  return (enum normalise_kind)kind;
}

static void check_vector(const struct tsv_row *row, void *context)
{
  (void)context;
  struct err err = ERR_INIT;
  OWNED(str) struct str once = STR_INIT(NORMALISE_BYTES_MAX);
  OWNED(str) struct str twice = STR_INIT(NORMALISE_BYTES_MAX);
  enum normalise_kind kind = kind_of(row->cells[1]);
  if (normalise(kind, view_of(row->cells[2]), &once, &err) != ERR_OK) {
    tsv_expect_int(row, "code", err.code, ERR_INPUT);
    tsv_expect_int(row, "code alone", normalise(kind, view_of(row->cells[2]), &once, NULL),
                   ERR_INPUT);
    tsv_expect_text(row, "result", "!", row->cells[3]);
    return;
  }
  tsv_expect_text(row, "result", str_text(&once), row->cells[3]);
  tsv_expect_int(row, "code", normalise(kind, str_view(&once), &twice, &err), ERR_OK);
  tsv_expect_text(row, "result of the result", str_text(&twice), row->cells[3]);
}

// The golden vectors of version 1, fixed for ever (K6); each result normalises to itself.
static void normalise__golden_vectors(void **state)
{
  (void)state;
  tsv_each("base/normalise.tsv", 4, 143, check_vector, NULL);
}

static bool is_covered(UChar32 point)
{
  bool latin = point >= 0xC0 && point <= 0x17F;
  bool greek_or_cyrillic = point >= 0x370 && point <= 0x4FF;
  return (point < 0x80 || latin || greek_or_cyrillic) && u_isalpha(point);
}

// NFC of the full case folding, by the library.
static void library_fold(const UChar *text, char *ret_utf8, int32_t room)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar composed[16];
  UChar folded[16];
  const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
  (void)unorm2_normalize(nfc, text, -1, composed, 16, &status);
  (void)u_strFoldCase(folded, 16, composed, -1, U_FOLD_CASE_DEFAULT, &status);
  (void)unorm2_normalize(nfc, folded, -1, composed, 16, &status);
  (void)u_strToUTF8(ret_utf8, room, NULL, composed, -1, &status);
  assert_true(U_SUCCESS(status));
}

static void expect_as_library(const UChar *text)
{
  UErrorCode status = U_ZERO_ERROR;
  char utf8[64];
  char expected[64];
  OWNED(str) struct str got = STR_INIT(NORMALISE_BYTES_MAX);
  (void)u_strToUTF8(utf8, (int32_t)sizeof utf8, NULL, text, -1, &status);
  assert_true(U_SUCCESS(status));
  library_fold(text, expected, (int32_t)sizeof expected);
  assert_int_equal(normalise(NORMALISE_NAME, view_of(utf8), &got, NULL), ERR_OK);
  if (strcmp(str_text(&got), expected) != 0)
    fail_msg("'%s' gives '%s', not '%s'", utf8, str_text(&got), expected);
}

// Each covered letter, whole and taken apart, folds as Unicode says.
static void normalise__letters_agree_with_the_library(void **state)
{
  (void)state;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
  int count = 0;
  for (UChar point = 'A'; point <= 0x4FF; point++) {
    UChar whole[2] = {point, 0};
    UChar apart[8];
    if (!is_covered(point))
      continue;
    (void)unorm2_normalize(nfd, whole, -1, apart, 8, &status);
    assert_true(U_SUCCESS(status));
    expect_as_library(whole);
    expect_as_library(apart);
    count++;
  }
  assert_true(count > 600);
}

// One sum over what every single character up to U+04FF gives: no row of the table ever moves.
static void normalise__table_is_frozen(void **state)
{
  (void)state;
  unsigned char sum[16];
  char text[2 * sizeof sum + 1];
  crypto_generichash_state hash;
  assert_true(sodium_init() >= 0);
  (void)crypto_generichash_init(&hash, NULL, 0, sizeof sum);
  for (UChar point = 1; point <= 0x4FF; point++) {
    UErrorCode status = U_ZERO_ERROR;
    char utf8[8];
    UChar wide[2] = {point, 0};
    OWNED(str) struct str got = STR_INIT(NORMALISE_BYTES_MAX);
    (void)u_strToUTF8(utf8, (int32_t)sizeof utf8, NULL, wide, -1, &status);
    if (normalise(NORMALISE_NAME, view_of(utf8), &got, NULL) != ERR_OK)
      str_add_char(&got, '!');
    (void)crypto_generichash_update(&hash, (const unsigned char *)str_text(&got), got.length + 1);
  }
  (void)crypto_generichash_final(&hash, sum, sizeof sum);
  hex_write(sum, sizeof sum, text);
  assert_string_equal(text, "0ac37821d402d5873217332c19965445");
}

// Text that is not UTF-8 is refused by every kind, and the place of the result is left alone.
static void normalise__refuses_what_is_not_utf8(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(NORMALISE_BYTES_MAX);
  str_add(&text, view_of("before"));
  for (int kind = 0; kind < NORMALISE_KIND_COUNT; kind++) {
    struct err err = ERR_INIT;
    assert_int_equal(
        normalise((enum normalise_kind)kind, view_of("a\xE5@example.com"), &text, &err), ERR_INPUT);
    assert_null(strstr(err.message, "example"));
    assert_true(strlen(err.hint) > 0);
    assert_string_equal(str_text(&text), "before");
  }
}

// 320 bytes pass and 321 do not, before and after the normalising.
static void normalise__length_at_its_maximum(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  char bytes[NORMALISE_BYTES_MAX + 1];
  OWNED(str) struct str text = STR_INIT(NORMALISE_BYTES_MAX);
  memset(bytes, 'A', sizeof bytes);
  struct view longest = view_bytes(bytes, NORMALISE_BYTES_MAX);
  assert_int_equal(normalise(NORMALISE_NAME, longest, &text, &err), ERR_OK);
  assert_int_equal(text.length, NORMALISE_BYTES_MAX);
  longest.length++;
  assert_int_equal(normalise(NORMALISE_NAME, longest, &text, &err), ERR_INPUT);
  memcpy(bytes, "\xC5\x89", 2);  // folds from two bytes to three
  longest.length--;
  assert_int_equal(normalise(NORMALISE_NAME, longest, &text, &err), ERR_INPUT);
  longest.length--;
  assert_int_equal(normalise(NORMALISE_NAME, longest, &text, &err), ERR_OK);
  assert_int_equal(text.length, NORMALISE_BYTES_MAX);
}

// A domain of the longest Punycode that fits does not overrun.
static void normalise__longest_punycode(void **state)
{
  (void)state;
  char bytes[NORMALISE_BYTES_MAX];
  OWNED(str) struct str text = STR_INIT(NORMALISE_BYTES_MAX);
  memset(bytes, 'a', sizeof bytes);
  memcpy(bytes, "a@xn--", 6);
  enum err_code code = normalise(NORMALISE_EMAIL, view_bytes(bytes, sizeof bytes), &text, NULL);
  assert_true(code == ERR_OK || code == ERR_INPUT);
}

// A place that is too small is a limit of the caller, not a fault of the text.
static void normalise__place_too_small(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  OWNED(str) struct str fits = STR_INIT(4);
  OWNED(str) struct str small = STR_INIT(3);
  assert_int_equal(normalise(NORMALISE_NAME, view_of("Anna"), &fits, &err), ERR_OK);
  assert_int_equal(normalise(NORMALISE_NAME, view_of("Anna"), &small, &err), ERR_LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normalise__golden_vectors),
      cmocka_unit_test(normalise__letters_agree_with_the_library),
      cmocka_unit_test(normalise__table_is_frozen),
      cmocka_unit_test(normalise__refuses_what_is_not_utf8),
      cmocka_unit_test(normalise__length_at_its_maximum),
      cmocka_unit_test(normalise__longest_punycode),
      cmocka_unit_test(normalise__place_too_small),
  };
  return cmocka_run_group_tests_name("base_normalise", tests, NULL, NULL);
}
