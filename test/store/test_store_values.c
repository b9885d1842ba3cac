// Values at their borders come back as they went in, on both engines.
#include "store/rows.h"

#include "row_text.h"
#include "test_stores.h"

#include <stdlib.h>

#define MAC "aaaaaaaaaaaaaaaa"

enum { MEBIBYTE = 1 << 20 };

// The whole range of 64 bits, in numbers and in times.
static void number__keeps_all_64_bits(void **state)
{
  static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1,       0, 1, 255,
                                    256,       INT64_MAX - 1, INT64_MAX};
  struct store *store = ((struct test_store *)*state)->store;
  for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
    const struct person_row put = {PERSON(numbers[i]), numbers[i], view_of("s"), view_of(MAC)};
    struct person_row row = {.version = 2};
    bool found = false;
    ok(store_person_put(store, &put, err));
    ok(store_person_get(store, PERSON(numbers[i]), &row, &found, err));
    assert_true(found);
    assert_int_equal(row.person.value, numbers[i]);
    assert_int_equal(row.version, numbers[i]);
  }
}

static void state_comes_back(struct store *store, struct view bytes)
{
  const struct person_row put = {PERSON(1), 1, bytes, view_of(MAC)};
  struct person_row row;
  bool found = false;
  ok(store_person_put(store, &put, err));
  ok(store_person_get(store, PERSON(1), &row, &found, err));
  assert_true(found);
  assert_true(view_equal(row.state, bytes));
  assert_non_null(row.state.bytes);
  assert_true(view_is(row.mac, MAC));
}

// Blobs may be empty, hold any byte, and be long.
static void blob__comes_back_byte_for_byte(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  char all[256];
  for (int i = 0; i < 256; i++)
    all[i] = (char)i;
  char *large = malloc(MEBIBYTE);
  assert_non_null(large);
  for (size_t i = 0; i < MEBIBYTE; i++)
    large[i] = (char)(i * 31 % 251);
  state_comes_back(store, VIEW_EMPTY);
  state_comes_back(store, view_bytes("", 0));
  state_comes_back(store, view_bytes("\0", 1));
  state_comes_back(store, view_bytes("\0a\0", 3));
  state_comes_back(store, view_bytes(all, sizeof all));
  state_comes_back(store, view_bytes(large, MEBIBYTE));
  state_comes_back(store, view_bytes(all, sizeof all));
  free(large);
}

// A blob of exact length is refused with a byte too few or too many.
static void blob__has_its_exact_length(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct person_row rows[] = {{PERSON(1), 1, view_of("s"), view_bytes(MAC, 15)},
                                    {PERSON(1), 1, view_of("s"), view_of(MAC "b")},
                                    {PERSON(1), 1, view_of("s"), VIEW_EMPTY}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    fails(ERR_STORE, store_person_put(store, &rows[i], err));
}

// Text is UTF-8 without NUL; what is not is refused before any engine sees it, so that both agree,
// and does not spoil the transaction.
static void text__is_utf8_without_nul(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct {
    struct view matter;
    bool good;
  } rows[] = {{{"", 0}, true},
              {{NULL, 0}, true},
              {VIEW_LITERAL("mål åäö €"), true},
              {{"a\0b", 3}, false},
              {{"\xff", 1}, false},
              {{"\xc3", 1}, false},
              {{"\xed\xa0\x80", 3}, false}};
  ok(store_begin(store, STORE_WRITE, err));
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct hold_row row = {.person = PERSON(1), .hold = (int64_t)i, .matter = rows[i].matter};
    if (rows[i].good)
      ok(store_hold_put(store, &row, err));
    else
      fails(ERR_INPUT, store_hold_put(store, &row, err));
  }
  ok(store_commit(store, err));
}

// What a get function shows stays until the next call on the same store.
static void view__lives_until_the_next_call(void **state)
{
  struct test_store *test = *state;
  const struct person_row put = {PERSON(1), 1, view_of("state"), view_of(MAC)};
  struct person_row row;
  bool found = false;
  ok(store_person_put(test->store, &put, err));
  ok(store_person_get(test->store, PERSON(1), &row, &found, err));
  test_store_sql(test, "DELETE FROM person");
  assert_true(view_is(row.state, "state"));
  assert_true(view_is(row.mac, MAC));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(number__keeps_all_64_bits),       TEST_STORES(blob__comes_back_byte_for_byte),
      TEST_STORES(blob__has_its_exact_length),      TEST_STORES(text__is_utf8_without_nul),
      TEST_STORES(view__lives_until_the_next_call),
  };
  return cmocka_run_group_tests_name("store values", tests, test_stores_begin, test_stores_end);
}
