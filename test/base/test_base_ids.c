#include "base/ids.h"

#include <sodium.h>

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { KEY_BYTES = 16, SHOWN_LENGTH = 15 };

static const unsigned char key[KEY_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

struct shown {
  char letter;
  int64_t value;
  const char *text;
};

static const struct shown shown_rows[] = {
    {'p', 1, "p_98wprhzhmxysx"},
    {'p', 2, "p_d4bt5bv7b863m"},
    {'t', 1, "t_0kwb8sbwewa9v"},
    {'q', 1, "q_bhgcrz3n2k457"},
    {'p', INT64_C(549755813887), "p_9j60jseh34hxb"},
    {'t', INT64_MAX, "t_7yndnvtf51f66"},
};

// K1: the shown form of a number under a key is fixed for ever, and leads back to the number.
static void id__shown_form_is_frozen(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(shown_rows); i++) {
    char text[PUBLIC_ID_BYTES];
    int64_t value = 0;
    id_write(shown_rows[i].letter, shown_rows[i].value, key, text);
    assert_string_equal(text, shown_rows[i].text);
    assert_true(id_read(shown_rows[i].letter, view_of(text), key, &value));
    assert_int_equal(value, shown_rows[i].value);
  }
}

// Any number from 1 on comes back, under any key.
static void id__comes_back(void **state)
{
  (void)state;
  struct random_seeded seeded;
  random_seeded_init(&seeded, 8);
  struct random_source random = random_from_seed(&seeded);
  for (int i = 0; i < 20000; i++) {
    unsigned char any_key[KEY_BYTES];
    char text[PUBLIC_ID_BYTES];
    int64_t back = 0;
    random_fill(&random, any_key, sizeof any_key);
    int64_t value = (int64_t)(random_u64(&random) >> (1 + i % 63));
    if (value == 0)
      continue;
    id_write('p', value, any_key, text);
    assert_int_equal(strlen(text), SHOWN_LENGTH);
    assert_true(id_read('p', view_of(text), any_key, &back));
    assert_int_equal(back, value);
  }
}

// Neighbours do not look like neighbours: nobody can count on from an id that they know.
static void id__neighbours_look_unrelated(void **state)
{
  (void)state;
  for (int64_t value = 1; value < 2000; value++) {
    char text[PUBLIC_ID_BYTES];
    char next[PUBLIC_ID_BYTES];
    id_write('p', value, key, text);
    id_write('p', value + 1, key, next);
    int same = 0;
    for (int i = 2; i < SHOWN_LENGTH; i++)
      same += text[i] == next[i];
    assert_in_range(same, 0, 6);
  }
}

// An id of another kind, or of another home, leads to none of our numbers: of 64-bit numbers, half
// are refused as not positive, and the others are not below 2^36.
static void id__other_kind_and_other_home(void **state)
{
  (void)state;
  static const unsigned char other_key[KEY_BYTES] = {1};
  for (int64_t value = 1; value < 2000; value++) {
    char text[PUBLIC_ID_BYTES];
    int64_t back = INT64_MAX;
    id_write('p', value, key, text);
    assert_false(id_read('t', view_of(text), key, &back));
    if (id_read('p', view_of(text), other_key, &back))
      assert_true(back > INT64_C(1) << 36);
    text[0] = 't';
    if (id_read('t', view_of(text), key, &back))
      assert_true(back > INT64_C(1) << 36);
  }
}

// Only the one spelling is read: no other length, alphabet, case or sign.
static void id__other_spellings_are_refused(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",
      "p",
      "p_",
      "p_98wprhzhmxys",
      "p_98wprhzhmxysx0",
      "P_98wprhzhmxysx",
      "p-98wprhzhmxysx",
      "p_98WPRHZHMXYSX",
      "p_98wprhzhmxysi",
      "p_98wprhzhmxysl",
      "p_98wprhzhmxyso",
      "p_98wprhzhmxysu",
      "p_98wprhzhmxys ",
      "p_g8wprhzhmxysx",
      "p_s8wprhzhmxysx",  // the first digit of the right one and 16
      "p_z8wprhzhmxysx",
      "p_98wprhzhmxys\xC3",
  };
  int64_t value = 0;
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
    assert_false(id_read('p', view_of(texts[i]), key, &value));
  assert_false(id_read('p', VIEW_EMPTY, key, &value));
  assert_false(id_read('p', VIEW_LITERAL("p_98wprhz\0mxysx"), key, &value));
  assert_false(id_read('t', view_of("t_gkwb8sbwewa9v"), key, &value));  // the same with 0 and 16
  assert_true(id_read('p', view_of("p_98wprhzhmxysx"), key, &value));
}

// Nothing and negative numbers are never ids, even if their shown form is right.
static void id__must_be_positive(void **state)
{
  (void)state;
  static const int64_t values[] = {0, -1, INT64_MIN};
  for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
    char text[PUBLIC_ID_BYTES];
    int64_t back = 0;
    id_write('p', values[i], key, text);
    assert_false(id_read('p', view_of(text), key, &back));
  }
}

// Node and counter do not run into each other.
static void id__node_and_counter(void **state)
{
  (void)state;
  assert_int_equal(id_make(0, 1), 1);
  assert_int_equal(id_make(0, ID_COUNTER_MAX), INT64_C(1073741823));
  assert_int_equal(id_make(1, 0), INT64_C(1073741824));
  assert_int_equal(id_make(ID_NODE_MAX, ID_COUNTER_MAX), (INT64_C(1) << 36) - 1);
  assert_int_equal(id_counter(id_make(ID_NODE_MAX, ID_COUNTER_MAX)), ID_COUNTER_MAX);
  assert_int_equal(id_counter(id_make(ID_NODE_MAX, 7)), 7);
}

struct record_row {
  int64_t person;
  int32_t field;
  int32_t ordinal;
  int64_t record;
};

// Person, field and ordinal are packed in this order, so that a person's records stand together,
// and come apart again at the edges of each.
static void record__packs_three_numbers(void **state)
{
  (void)state;
  static const struct record_row rows[] = {
      {1, 0, 0, INT64_C(1) << 27},
      {1, 0, 1, (INT64_C(1) << 27) + 1},
      {1, 0, RECORD_ORDINAL_MAX, (INT64_C(1) << 27) + 16383},
      {1, 1, 0, (INT64_C(1) << 27) + 16384},
      {1, 8191, RECORD_ORDINAL_MAX, (INT64_C(1) << 28) - 1},
      {(INT64_C(1) << 36) - 1, 8191, RECORD_ORDINAL_MAX, INT64_MAX},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct person_id person = {rows[i].person};
    struct record_id record = record_id_make(person, rows[i].field, rows[i].ordinal);
    assert_int_equal(record.value, rows[i].record);
    assert_int_equal(record_person(record).value, rows[i].person);
    assert_int_equal(record_field(record), rows[i].field);
    assert_int_equal(record_ordinal(record), rows[i].ordinal);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(id__shown_form_is_frozen),
      cmocka_unit_test(id__comes_back),
      cmocka_unit_test(id__neighbours_look_unrelated),
      cmocka_unit_test(id__other_kind_and_other_home),
      cmocka_unit_test(id__other_spellings_are_refused),
      cmocka_unit_test(id__must_be_positive),
      cmocka_unit_test(id__node_and_counter),
      cmocka_unit_test(record__packs_three_numbers),
  };
  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests_name("base_ids", tests, NULL, NULL);
}
