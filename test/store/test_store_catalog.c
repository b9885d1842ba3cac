// Look-ups, catalog and log, on both engines (K2, K9, K11, K17, P4, P7).
#include "store/rows_catalog.h"

#include "store/rows_log.h"
#include "store/rows_lookup.h"

#include "row_text.h"
#include "test_stores.h"

#include <inttypes.h>

#define HASH_A "aaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbb"
#define DIGEST "dddddddddddddddddddddddddddddddd"

static enum err_code lookup_add(void *text, const struct lookup_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%.1s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%d;", row->hash.bytes, row->epoch,
             row->version, row->person.value, record_field(row->record));
  return ERR_OK;
}

static enum err_code suppression_add(void *text, const struct suppression_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%.*s,%" PRId64 ",%" PRId64 ",%" PRId64 ";", (int)row->hash.length,
             row->hash.bytes, row->channel, row->version, row->since_us);
  return ERR_OK;
}

static enum err_code policy_add(void *text, const struct policy_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%.1s%zu,%" PRId64 ",%.*s,%.*s;", row->version, row->hash.bytes,
             row->hash.length, row->activated_us, (int)row->text.length, row->text.bytes,
             (int)row->law.length, row->law.bytes);
  return ERR_OK;
}

static enum err_code name_add(void *text, const struct name_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%.*s;", row->kind, row->number, (int)row->name.length,
             row->name.bytes);
  return ERR_OK;
}

static enum err_code class_add(void *text, const struct class_row *row, struct err *err)
{
  (void)err;
  str_format(text,
             "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             row->class_id, row->policy_version, row->point, row->source, row->field,
             row->thing_type, row->key_group);
  return ERR_OK;
}

static enum err_code service_add(void *text, const struct service_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%.*s,%zu,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             row->service, (int)row->name.length, row->name.bytes, row->token.length, row->role,
             row->purpose, row->added_us, row->ended_us);
  return ERR_OK;
}

static enum err_code import_add(void *text, const struct import_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",", row->import, row->since_us, row->state);
  text_add_bytes(text, row->digest);
  return ERR_OK;
}

static enum err_code ledger_add(void *text, const struct ledger_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%zu,", row->origin, row->first,
             row->count, row->time_us, row->root.length);
  text_add_bytes(text, row->entries);
  return ERR_OK;
}

static enum err_code checkpoint_add(void *text, const struct checkpoint_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%.*s;", row->origin, row->size, (int)row->note.length,
             row->note.bytes);
  return ERR_OK;
}

static void lookup_put(struct store *store, const char *hash, int64_t epoch, int64_t person,
                       int32_t field)
{
  const struct lookup_row row = {view_of(hash), epoch, 1, PERSON(person),
                                 record_id_make(PERSON(person), field, 0)};
  ok(store_lookup_put(store, &row, err));
}

// A hash leads to every record with it; rows go one by one or with the person.
static void lookup__leads_from_hash_to_records(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  lookup_put(store, HASH_A, 5, 8, 1);
  lookup_put(store, HASH_A, 5, 7, 2);
  lookup_put(store, HASH_A, 5, 7, 1);
  lookup_put(store, HASH_A, 6, 7, 1);
  lookup_put(store, HASH_B, 5, 7, 1);
  assert_rows(lookup, "a,6,1,7,1;a,5,1,7,2;b,5,1,7,1;", store_lookup_each, store, PERSON(7));
  assert_rows(lookup, "a,6,1,7,1;a,5,1,7,2;a,5,1,8,1;", store_lookup_find, store, view_of(HASH_A));
  ok(store_lookup_delete(store, view_of(HASH_A), record_id_make(PERSON(7), 2, 0), err));
  assert_rows(lookup, "a,6,1,7,1;a,5,1,8,1;", store_lookup_find, store, view_of(HASH_A));
  ok(store_lookup_delete_of(store, PERSON(7), err));
  assert_rows(lookup, "a,5,1,8,1;", store_lookup_find, store, view_of(HASH_A));
  assert_rows(lookup, "", store_lookup_find, store, view_of(HASH_B));
}

// An opt-out is found by its hash, replaced, and listed in the order of the hashes (P4).
static void suppression__is_found_by_hash(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct suppression_row rows[] = {{VIEW_LITERAL(HASH_B), 1, 1, 10},
                                         {VIEW_LITERAL(HASH_A), 2, 1, 11},
                                         {VIEW_LITERAL(HASH_B), 1, 2, 12}};
  bool has = true;
  ok(store_suppression_has(store, view_of(HASH_A), &has, err));
  assert_false(has);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_suppression_put(store, &rows[i], err));
  ok(store_suppression_has(store, view_of(HASH_A), &has, err));
  assert_true(has);
  assert_rows(suppression, HASH_A ",2,1,11;" HASH_B ",1,2,12;", store_suppression_each, store);
}

// Policies, names and classes are added once and keep their numbers for ever.
static void catalog__is_added_once(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct policy_row policies[] = {
      {2, VIEW_LITERAL(DIGEST), 20, VIEW_LITERAL("två"), VIEW_LITERAL("se")},
      {1, VIEW_LITERAL(DIGEST), 10, VIEW_LITERAL("ett"), VIEW_LITERAL("eu")}};
  const struct name_row names[] = {
      {1, 2, VIEW_LITERAL("contact.email")}, {0, 2, VIEW_LITERAL("b")}, {0, 1, VIEW_LITERAL("a")}};
  static const struct class_row classes[] = {{2, 1, 3, 4, 5, 0, 7}, {1, 1, 2, 3, 4, 5, 6}};
  for (size_t i = 0; i < ARRAY_COUNT(policies); i++)
    ok(store_policy_add(store, &policies[i], err));
  for (size_t i = 0; i < ARRAY_COUNT(names); i++)
    ok(store_name_add(store, &names[i], err));
  for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
    ok(store_class_add(store, &classes[i], err));
  fails(ERR_EXISTS, store_policy_add(store, &policies[0], err));
  fails(ERR_EXISTS, store_name_add(store, &names[0], err));
  fails(ERR_EXISTS, store_class_add(store, &classes[0], err));
  assert_rows(policy, "1,d32,10,ett,eu;2,d32,20,två,se;", store_policy_each, store);
  assert_rows(name, "0,1,a;0,2,b;1,2,contact.email;", store_name_each, store);
  assert_rows(class, "1,1,2,3,4,5,6;2,1,3,4,5,0,7;", store_class_each, store);
}

// Services and imports are replaced by their number.
static void service__and_import_are_replaced(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct service_row services[] = {
      {2, VIEW_LITERAL("crm"), VIEW_LITERAL(DIGEST), 3, -1, 10, 0},
      {1, VIEW_LITERAL("web"), VIEW_LITERAL(DIGEST), 3, 4, 10, 0},
      {1, VIEW_LITERAL("web"), VIEW_LITERAL(DIGEST), 3, 4, 10, 20}};
  const struct import_row imports[] = {{1, 10, 0, VIEW_LITERAL("")},
                                       {1, 10, 2, VIEW_LITERAL("\x01\x02")}};
  for (size_t i = 0; i < ARRAY_COUNT(services); i++)
    ok(store_service_put(store, &services[i], err));
  for (size_t i = 0; i < ARRAY_COUNT(imports); i++)
    ok(store_import_put(store, &imports[i], err));
  assert_rows(service, "1,web,32,3,4,10,20;2,crm,32,3,-1,10,0;", store_service_each, store);
  assert_rows(import, "1,10,2,0102;", store_import_each, store);
}

// A named value is replaced; one that is longer than its reader allows is refused.
static void meta__is_put_and_got(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  struct str value = STR_INIT(4);
  bool found = true;
  ok(store_meta_get(store, "counter", &value, &found, err));
  assert_false(found);
  ok(store_meta_put(store, "counter", view_of("12345"), err));
  fails(ERR_LIMIT, store_meta_get(store, "counter", &value, &found, err));
  ok(store_meta_put(store, "counter", view_bytes("\0\xff", 2), err));
  ok(store_meta_get(store, "counter", &value, &found, err));
  assert_true(found);
  assert_true(view_equal(str_view(&value), view_bytes("\0\xff", 2)));
  str_clear(&value);
}

// Batches of an origin are added once and read in order from any of them on (P7).
static void ledger__is_read_in_order_from_any_batch(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct ledger_row rows[] = {{1, 10, 2, 101, VIEW_LITERAL(DIGEST), VIEW_LITERAL("\x0a\x0b")},
                                    {1, 0, 10, 100, VIEW_LITERAL(DIGEST), VIEW_LITERAL("\x01")},
                                    {2, 0, 1, 100, VIEW_LITERAL(DIGEST), VIEW_LITERAL("\x02")}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_ledger_add(store, &rows[i], err));
  fails(ERR_EXISTS, store_ledger_add(store, &rows[0], err));
  assert_rows(ledger, "1,0,10,100,32,01;1,10,2,101,32,0a0b;", store_ledger_each, store, 1, 0);
  assert_rows(ledger, "1,10,2,101,32,0a0b;", store_ledger_each, store, 1, 1);
  assert_rows(ledger, "", store_ledger_each, store, 1, 11);
  assert_rows(ledger, "2,0,1,100,32,02;", store_ledger_each, store, 2, 0);
}

// The note of a size is replaced: signatures of witnesses come later.
static void checkpoint__is_replaced_by_size(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct checkpoint_row rows[] = {{1, 20, VIEW_LITERAL("b")},
                                        {1, 10, VIEW_LITERAL("a")},
                                        {1, 20, VIEW_LITERAL("bb")},
                                        {2, 20, VIEW_LITERAL("c")}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_checkpoint_put(store, &rows[i], err));
  assert_rows(checkpoint, "1,10,a;1,20,bb;", store_checkpoint_each, store, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(lookup__leads_from_hash_to_records),
      TEST_STORES(suppression__is_found_by_hash),
      TEST_STORES(catalog__is_added_once),
      TEST_STORES(service__and_import_are_replaced),
      TEST_STORES(meta__is_put_and_got),
      TEST_STORES(ledger__is_read_in_order_from_any_batch),
      TEST_STORES(checkpoint__is_replaced_by_size),
  };
  return cmocka_run_group_tests_name("store catalog", tests, test_stores_begin, test_stores_end);
}
