// Person, records, keys and aliases: what is put is what is got, on both engines (K1, K9, K11).
#include "store/rows_person.h"

#include "row_text.h"
#include "test_stores.h"

#include <inttypes.h>

#define MAC_A "aaaaaaaaaaaaaaaa"
#define MAC_B "bbbbbbbbbbbbbbbb"
#define WRAPPED "123456789012345678901234567890123456789012345678901234567890"

static enum err_code person_add(void *text, const struct person_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%.*s,%.*s;", row->person.value, row->version,
             (int)row->state.length, row->state.bytes, (int)row->mac.length, row->mac.bytes);
  return ERR_OK;
}

static enum err_code record_add(void *text, const struct record_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%d.%d.%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64,
             record_field(row->record), record_ordinal(row->record),
             record_person(row->record).value, row->version, row->class_id, row->key, row->thing);
  str_format(text, ",%" PRId64 ",%" PRId64 ",%.*s;", row->recorded_us, row->obtained_us,
             (int)row->value.length, row->value.bytes);
  return ERR_OK;
}

static enum err_code key_add(void *text, const struct person_key_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%d,%zu;",
             row->person.value, row->key, row->key_group, row->bucket, row->epoch, row->stale,
             row->wrapped.length);
  return ERR_OK;
}

static enum err_code alias_add(void *text, const struct alias_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ";", row->person.value, row->other.value,
             row->since_us);
  return ERR_OK;
}

static void person_put(struct store *store, int64_t person, int64_t version, const char *state,
                       const char *mac)
{
  const struct person_row row = {PERSON(person), version, view_of(state), view_of(mac)};
  ok(store_person_put(store, &row, err));
}

// A person is replaced by its number, got by it, gone after the deletion, and listed in pages.
static void person__is_put_got_listed_and_deleted(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  person_put(store, 30, 1, "c", MAC_A);
  person_put(store, 10, 1, "a", MAC_A);
  person_put(store, 20, 1, "b", MAC_A);
  person_put(store, 20, 2, "bb", MAC_B);
  assert_rows(person, "10,1,a," MAC_A ";20,2,bb," MAC_B ";30,1,c," MAC_A ";", store_person_each,
              store, PERSON(0), 10);
  assert_rows(person, "20,2,bb," MAC_B ";", store_person_each, store, PERSON(10), 1);

  struct person_row row;
  bool found = false;
  ok(store_person_get(store, PERSON(20), &row, &found, err));
  assert_true(found);
  assert_int_equal(row.person.value, 20);
  assert_int_equal(row.version, 2);
  assert_true(view_is(row.state, "bb"));
  assert_true(view_is(row.mac, MAC_B));
  ok(store_person_delete(store, PERSON(20), err));
  ok(store_person_delete(store, PERSON(20), err));
  ok(store_person_get(store, PERSON(20), &row, &found, err));
  assert_false(found);
}

static void record_put(struct store *store, struct record_id record, int64_t key, const char *value)
{
  const struct record_row row = {record, 1, 5, key, 9, 100, 90, view_of(value)};
  ok(store_record_put(store, &row, err));
}

// Records lie in the order of field and ordinal, apart from those of the neighbours, also at the
// highest field and ordinal and for the highest person.
static void record__lies_with_its_person_and_field(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct person_id last = {(INT64_C(1) << 36) - 1};
  record_put(store, record_id_make(PERSON(7), 1, 1), 3, "b");
  record_put(store, record_id_make(PERSON(7), 1, 0), 2, "a");
  record_put(store, record_id_make(PERSON(7), 8191, RECORD_ORDINAL_MAX), 3, "z");
  record_put(store, record_id_make(PERSON(6), 8191, RECORD_ORDINAL_MAX), 3, "before");
  record_put(store, record_id_make(PERSON(8), 0, 0), 3, "after");
  record_put(store, record_id_make(last, 8191, RECORD_ORDINAL_MAX), 3, "last");
  assert_rows(record,
              "1.0.7,1,5,2,9,100,90,a;1.1.7,1,5,3,9,100,90,b;8191.16383.7,1,5,3,9,100,90,z;",
              store_record_each, store, PERSON(7), -1);
  assert_rows(record, "1.0.7,1,5,2,9,100,90,a;1.1.7,1,5,3,9,100,90,b;", store_record_each, store,
              PERSON(7), 1);
  assert_rows(record, "", store_record_each, store, PERSON(7), 0);
  assert_rows(record, "8191.16383.68719476735,1,5,3,9,100,90,last;", store_record_each, store, last,
              -1);
  int64_t count = -1;
  ok(store_record_count_of_key(store, PERSON(7), 3, &count, err));
  assert_int_equal(count, 2);
  ok(store_record_count_of_key(store, PERSON(7), 4, &count, err));
  assert_int_equal(count, 0);
}

// The last record of a field is that of the highest ordinal, whatever the neighbours hold.
static void record__is_found_as_the_last_of_its_field(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  struct record_id record = {0};
  bool found = true;
  record_put(store, record_id_make(PERSON(7), 2, 5), 1, "a");
  record_put(store, record_id_make(PERSON(7), 2, 40), 1, "b");
  record_put(store, record_id_make(PERSON(7), 3, 41), 1, "c");
  record_put(store, record_id_make(PERSON(8), 2, 42), 1, "d");
  ok(store_record_last(store, PERSON(7), 2, &record, &found, err));
  assert_true(found);
  assert_int_equal(record_ordinal(record), 40);
  assert_int_equal(record_field(record), 2);
  ok(store_record_last(store, PERSON(7), 1, &record, &found, err));
  assert_false(found);
}

// Putting a record again replaces all of it; deleting takes that one only.
static void record__is_replaced_and_deleted(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct record_id record = record_id_make(PERSON(7), 3, 0);
  const struct record_row second = {record, 2, 6, 4, 0, 101, 91, view_of("new")};
  record_put(store, record, 2, "old");
  record_put(store, record_id_make(PERSON(7), 3, 1), 2, "kept");
  ok(store_record_put(store, &second, err));
  struct record_row row;
  bool found = false;
  ok(store_record_get(store, record, &row, &found, err));
  assert_true(found);
  assert_rows(record, "3.0.7,2,6,4,0,101,91,new;3.1.7,1,5,2,9,100,90,kept;", store_record_each,
              store, PERSON(7), 3);
  ok(store_record_delete(store, record, err));
  ok(store_record_get(store, record, &row, &found, err));
  assert_false(found);
  assert_rows(record, "3.1.7,1,5,2,9,100,90,kept;", store_record_each, store, PERSON(7), 3);
}

static void key_put(struct store *store, int64_t person, int64_t key, int64_t group, int64_t epoch,
                    bool stale)
{
  const struct person_key_row row = {PERSON(person), key,   group,           40,
                                     epoch,          stale, view_of(WRAPPED)};
  ok(store_key_put(store, &row, err));
}

// Keys are got by number, found by group and bucket unless stale, listed and deleted.
static void key__is_found_unless_it_is_stale(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  key_put(store, 7, 2, 11, 5, false);
  key_put(store, 7, 1, 11, 5, true);
  key_put(store, 7, 0, 10, 5, false);
  key_put(store, 8, 0, 11, 5, false);
  assert_rows(key, "7,0,10,40,5,0,60;7,1,11,40,5,1,60;7,2,11,40,5,0,60;", store_key_each, store,
              PERSON(7));
  struct person_key_row row;
  bool found = false;
  ok(store_key_find(store, PERSON(7), 11, 40, &row, &found, err));
  assert_true(found);
  assert_int_equal(row.key, 2);
  assert_false(row.stale);
  assert_true(view_is(row.wrapped, WRAPPED));
  ok(store_key_find(store, PERSON(7), 11, 41, &row, &found, err));
  assert_false(found);
  ok(store_key_get(store, PERSON(7), 1, &row, &found, err));
  assert_true(found && row.stale);
  key_put(store, 7, 1, 12, 6, false);
  ok(store_key_delete(store, PERSON(7), 2, err));
  ok(store_key_get(store, PERSON(7), 2, &row, &found, err));
  assert_false(found);
  assert_rows(key, "7,0,10,40,5,0,60;7,1,12,40,6,0,60;", store_key_each, store, PERSON(7));
}

// The rotation finds each person once, in order, in pages, and only those with an older key (K5).
static void key__is_listed_by_its_epoch(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  key_put(store, 9, 0, 1, 4, false);
  key_put(store, 7, 0, 1, 4, false);
  key_put(store, 7, 1, 1, 3, false);
  key_put(store, 8, 0, 1, 5, false);
  struct person_id persons[4] = {{0}, {0}, {0}, {0}};
  int64_t count = -1;
  ok(store_key_older(store, 5, PERSON(0), 4, persons, &count, err));
  assert_int_equal(count, 2);
  assert_int_equal(persons[0].value, 7);
  assert_int_equal(persons[1].value, 9);
  ok(store_key_older(store, 5, PERSON(7), 1, persons, &count, err));
  assert_int_equal(count, 1);
  assert_int_equal(persons[0].value, 9);
  ok(store_key_older(store, 3, PERSON(0), 4, persons, &count, err));
  assert_int_equal(count, 0);
}

// Links of merged persons are listed by person, replaced, and deleted together.
static void alias__is_listed_and_deleted_by_person(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct alias_row rows[] = {
      {{7}, {9}, 1}, {{7}, {8}, 2}, {{8}, {7}, 2}, {{7}, {9}, 3}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_alias_put(store, &rows[i], err));
  assert_rows(alias, "7,8,2;7,9,3;", store_alias_each, store, PERSON(7));
  ok(store_alias_delete_of(store, PERSON(7), err));
  assert_rows(alias, "", store_alias_each, store, PERSON(7));
  assert_rows(alias, "8,7,2;", store_alias_each, store, PERSON(8));
}

static enum err_code stop_at_second(void *count, const struct person_row *row, struct err *err)
{
  (void)row;
  return ++*(int *)count < 2 ? ERR_OK : err_set(err, ERR_LIMIT, "enough");
}

// What the callback returns ends the listing, is passed through, and leaves the store usable.
static void each__passes_the_callback_s_refusal_through(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  for (int64_t person = 1; person <= 5; person++)
    person_put(store, person, 1, "s", MAC_A);
  int count = 0;
  fails(ERR_LIMIT, store_person_each(store, PERSON(0), 10, stop_at_second, &count, err));
  assert_int_equal(count, 2);
  assert_rows(person, "5,1,s," MAC_A ";", store_person_each, store, PERSON(4), 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(person__is_put_got_listed_and_deleted),
      TEST_STORES(record__lies_with_its_person_and_field),
      TEST_STORES(record__is_found_as_the_last_of_its_field),
      TEST_STORES(record__is_replaced_and_deleted),
      TEST_STORES(key__is_found_unless_it_is_stale),
      TEST_STORES(key__is_listed_by_its_epoch),
      TEST_STORES(alias__is_listed_and_deleted_by_person),
      TEST_STORES(each__passes_the_callback_s_refusal_through),
  };
  return cmocka_run_group_tests_name("store person", tests, test_stores_begin, test_stores_end);
}
