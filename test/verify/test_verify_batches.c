// Every change to the rows of a ledger is found, and the first row that does not fit is named.
#include "log_write.h"
#include "mutate.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t sizes[] = {1, 2, 3, 7, 8, 9, 64, 4097};

enum { KIND_AT = 0, MODE_AT = 3, UNKNOWN_BIT = 0x40 };

// A change to row `at` of a copy of a good log, and the place that it must lead to. Gives false if
// the change makes no sense for this row.
typedef bool mutation(struct model *model, size_t at, struct place *ret_place);

static void try_rows(const struct folder *folder, mutation *mutate, bool in_export)
{
  size_t tries = 0;
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct model good = model_make(sizes[i], 1);
    model_add_head(&good, sizes[i]);
    for (size_t at = 0; at < good.batch_count; at++) {
      struct model model = model_copy(&good);
      struct place place;
      if (mutate(&model, at, &place)) {
        expect_home(&model, folder, &place, NULL);
        if (in_export)
          expect_export(&model, folder, &place, NULL);
        tries++;
      }
      model_clean(&model);
    }
    model_clean(&good);
  }
  assert_true(tries > 0);
}

// A bit of each of the 54 bytes of the first, the middle and the last entry of each batch; a kind
// or a mode that is none names the entry, other bytes the entries of the batch.
static void entry__each_byte_changed_is_found(void **state)
{
  struct model good = model_make(9, 1);
  model_add_head(&good, 9);
  for (size_t index = 0; index < 9; index++)
    for (size_t byte = 0; byte < MODEL_ENTRY_BYTES; byte++) {
      struct model model = model_copy(&good);
      model_entry(&model, index)[byte] ^= UNKNOWN_BIT;
      size_t at = 0;
      while (good.batches[at].first + good.batches[at].count <= (int64_t)index)
        at++;
      struct place place = entries_place(good.batches[at].first, good.batches[at].first,
                                         good.batches[at].count, "root");
      if (byte == KIND_AT || byte == MODE_AT)
        place = entries_place(good.batches[at].first, (int64_t)index, 1,
                              byte == KIND_AT ? "kind" : "mode");
      expect_both(&model, *state, &place);
      model_clean(&model);
    }
  model_clean(&good);
}

static bool change_kind(struct model *model, size_t at, struct place *ret_place)
{
  struct model_batch *batch = &model->batches[at];
  batch->entries[batch->entries_bytes - MODEL_ENTRY_BYTES] ^= 0x01 | 0x06;
  *ret_place = entries_place(batch->first, batch->first, batch->count, "root");
  return true;
}

// One kind made another that the format has: 3 (state) to 4 (policy).
static void entry__kind_made_another_is_found(void **state) { try_rows(*state, change_kind, true); }

// Each bit of a root.
static void root__each_byte_changed_is_found(void **state)
{
  struct model good = model_make(8, 1);
  for (size_t at = 0; at < good.batch_count; at++)
    for (size_t byte = 0; byte < MODEL_HASH_BYTES; byte++) {
      struct model model = model_copy(&good);
      model.batches[at].root[byte] ^= (uint8_t)(1 << (byte % 8));
      struct place place = entries_place(good.batches[at].first, good.batches[at].first,
                                         good.batches[at].count, "root");
      expect_both(&model, *state, &place);
      model_clean(&model);
    }
  model_clean(&good);
}

static bool cut_root(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].root_bytes = 31;
  *ret_place = batch_place(model->batches[at].first, "bytes of root");
  return true;
}

static bool lengthen_root(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].root_bytes = 33;
  *ret_place = batch_place(model->batches[at].first, "bytes of root");
  return true;
}

// A root of another length; in an export the member then has not its form.
static void root__of_another_length_is_found(void **state)
{
  try_rows(*state, cut_root, false);
  try_rows(*state, lengthen_root, false);
}

static bool raise_first(struct model *model, size_t at, struct place *ret_place)
{
  // In a home a row that is pushed behind the next one is passed by it, and that one is named.
  model->batches[at].first++;
  bool is_passed =
      at + 1 < model->batch_count && model->batches[at].first > model->batches[at + 1].first;
  *ret_place = batch_place(model->batches[at].first, "first");
  return !is_passed;
}

static bool lower_first(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].first--;
  *ret_place = batch_place(model->batches[at].first, "first");
  // Where the row before has one entry, both now have the same first, and either may come second.
  if (at > 0 && model->batches[at].first == model->batches[at - 1].first)
    *ret_place->whats = "first";
  return true;
}

// `first` one more and one less.
static void first__changed_is_found(void **state)
{
  try_rows(*state, raise_first, true);
  try_rows(*state, lower_first, true);
}

static bool raise_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count++;
  *ret_place = batch_place(model->batches[at].first, "bytes of entries");
  return true;
}

static bool lower_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count--;
  bool is_none = model->batches[at].count == 0;
  *ret_place = batch_place(model->batches[at].first, is_none ? "count" : "bytes of entries");
  return true;
}

static bool zero_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count = 0;
  *ret_place = batch_place(model->batches[at].first, "count");
  return true;
}

static bool large_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count = 4097;
  *ret_place = batch_place(model->batches[at].first, "count");
  return true;
}

static bool negative_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count = -1;
  *ret_place = batch_place(model->batches[at].first, "count");
  return true;
}

static bool huge_count(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].count = INT64_MAX;
  *ret_place = batch_place(model->batches[at].first, "count");
  return true;
}

// `count` by one, to none, above the limit, below zero and to the largest number.
static void count__changed_is_found(void **state)
{
  mutation *const mutations[] = {raise_count, lower_count,    zero_count,
                                 large_count, negative_count, huge_count};
  for (size_t i = 0; i < sizeof mutations / sizeof mutations[0]; i++)
    try_rows(*state, mutations[i], true);
}

static bool cut_entries(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].entries_bytes--;
  *ret_place = batch_place(model->batches[at].first, "bytes of entries");
  return true;
}

static bool drop_entry(struct model *model, size_t at, struct place *ret_place)
{
  struct model_batch *batch = &model->batches[at];
  batch->entries_bytes -= MODEL_ENTRY_BYTES;
  batch->count--;
  *ret_place = entries_place(batch->first, batch->first, batch->count, "root");
  return batch->count > 0;
}

static bool swap_entries(struct model *model, size_t at, struct place *ret_place)
{
  struct model_batch *batch = &model->batches[at];
  uint8_t held[MODEL_ENTRY_BYTES];
  if (batch->count < 2)
    return false;
  memcpy(held, batch->entries, sizeof held);
  memcpy(batch->entries, batch->entries + MODEL_ENTRY_BYTES, sizeof held);
  memcpy(batch->entries + MODEL_ENTRY_BYTES, held, sizeof held);
  *ret_place = entries_place(batch->first, batch->first, batch->count, "root");
  return true;
}

// A byte of the last entry cut, the last entry taken away with its count, two entries reordered.
static void entries__cut_or_reordered_are_found(void **state)
{
  try_rows(*state, cut_entries, true);
  try_rows(*state, drop_entry, true);
  try_rows(*state, swap_entries, true);
}

static bool earlier_time(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].time_us--;
  *ret_place = batch_place(model->batches[at].first, "time_us");
  return true;
}

static bool later_time(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].time_us++;
  *ret_place = batch_place(model->batches[at].first, "time_us");
  return true;
}

// The time of a batch is the highest of its entries: one microsecond before or after is found.
static void time__that_is_not_its_entries_is_found(void **state)
{
  try_rows(*state, earlier_time, true);
  try_rows(*state, later_time, true);
}

static bool other_origin(struct model *model, size_t at, struct place *ret_place)
{
  model->batches[at].origin = 2;
  bool is_last = at + 1 == model->batch_count;
  *ret_place = batch_place(model->batches[is_last ? at : at + 1].first, "first");
  ret_place->log = is_last ? 2 : 1;
  // A row that is first in its log fits there; then only the head knows that it is missing.
  if (is_last && at == 0)
    *ret_place = head_place(model->heads[0].size, "size");
  return true;
}

// `origin` made that of another log: the hole is named, or the row that does not begin its log.
static void origin__changed_is_found(void **state) { try_rows(*state, other_origin, false); }

static bool delete_row(struct model *model, size_t at, struct place *ret_place)
{
  bool is_last = at + 1 == model->batch_count;
  *ret_place = is_last ? head_place(model->heads[0].size, "size")
                       : batch_place(model->batches[at + 1].first, "first");
  model_delete(model, at);
  return true;
}

static bool insert_row(struct model *model, size_t at, struct place *ret_place)
{
  struct model other = model_make(4, 9);
  struct model_batch batch = other.batches[1];
  batch.first = model->batches[at].first;
  batch.time_us = model->batches[at].time_us;
  // Rows that have the same first may come in either order.
  *ret_place = entries_place(batch.first, batch.first, batch.count, "root");
  model_insert(model, at, &batch);
  model_clean(&other);
  return true;
}

static bool duplicate_row(struct model *model, size_t at, struct place *ret_place)
{
  struct model_batch batch = model->batches[at];
  model_insert(model, at + 1, &batch);
  *ret_place = batch_place(batch.first, "first");
  return true;
}

static bool swap_rows(struct model *model, size_t at, struct place *ret_place)
{
  if (at + 1 == model->batch_count)
    return false;
  struct model_batch held = model->batches[at];
  struct model_batch *a = &model->batches[at];
  struct model_batch *b = &model->batches[at + 1];
  int64_t first_a = a->first;
  int64_t first_b = b->first;
  *a = *b;
  *b = held;
  a->first = first_a;
  b->first = first_b;
  *ret_place = entries_place(first_a, first_a, a->count, "root");
  return true;
}

static bool replay_row(struct model *model, size_t at, struct place *ret_place)
{
  struct model_batch batch = model->batches[at];
  batch.first = model_size(model);
  batch.time_us = model->batches[model->batch_count - 1].time_us;
  model_insert(model, model->batch_count, &batch);
  *ret_place = entries_place(batch.first, batch.first, batch.count, "root");
  return true;
}

// Each row deleted, doubled, repeated at the end, one put before it, its contents exchanged with
// those of the next.
static void row__deleted_inserted_or_moved_is_found(void **state)
{
  mutation *const mutations[] = {delete_row, insert_row, duplicate_row, swap_rows, replay_row};
  for (size_t i = 0; i < sizeof mutations / sizeof mutations[0]; i++)
    try_rows(*state, mutations[i], true);
}

// The order of the rows in a home's file tells nothing; in an export the lines are the order.
static void row__order_in_the_file_matters_in_an_export_only(void **state)
{
  struct model model = model_make(8, 1);
  struct model_batch held = model.batches[1];
  model.batches[1] = model.batches[2];
  model.batches[2] = held;
  struct place place = batch_place(3, "first");
  expect_export(&model, *state, &place, NULL);
  const struct folder *folder = *state;
  write_home(&model, folder->path);
  assert_int_equal(run_wrong(folder->path, NULL).code, 0);
  model_clean(&model);
}

// SQLite lets any type stand in any column; each is named.
static void column__of_another_type_is_found(void **state)
{
  static const struct {
    const char *sql;
    const char *what;
  } rows[] = {
      {"UPDATE ledger SET origin = 'one' WHERE first = 3", "origin"},
      {"UPDATE ledger SET origin = NULL WHERE first = 3", "origin"},
      {"UPDATE ledger SET count = 'four' WHERE first = 3", "count"},
      {"UPDATE ledger SET time_us = 1.5 WHERE first = 3", "time_us"},
      {"UPDATE ledger SET root = NULL WHERE first = 3", "root"},
      {"UPDATE ledger SET root = hex(root) WHERE first = 3", "root"},
      {"UPDATE ledger SET entries = NULL WHERE first = 3", "entries"},
      {"UPDATE ledger SET entries = CAST(entries AS TEXT) WHERE first = 3", "entries"},
  };
  const struct folder *folder = *state;
  struct model model = model_make(8, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    write_home(&model, folder->path);
    sqlite3 *sqlite = open_home(folder->path);
    run_sql(sqlite, rows[i].sql);
    assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
    struct wrong wrong = run_wrong(folder->path, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.place, "batch");
    bool is_hole = strcmp(rows[i].what, "origin") == 0 && strstr(rows[i].sql, "one") != NULL;
    assert_int_equal(wrong.first, is_hole ? 7 : 3);
    assert_string_equal(wrong.what, is_hole ? "first" : rows[i].what);
  }
  model_clean(&model);
}

// What is said of a wrong row, word for word, with the line where it stands in an export.
static void row__that_is_wrong_is_told_exactly(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  struct model model = model_make(8, 1);
  char right[65];
  char found[65];
  write_hex(right, model.batches[2].root, 32);
  model.batches[2].root[0] ^= 1;
  write_hex(found, model.batches[2].root, 32);
  write_home(&model, folder->path);
  write_export(&model, file);
  char expected[600];
  snprintf(expected, sizeof expected,
           "does not hold: home %s\nlog 1, batch first=3, entries 3 to 6: root\n"
           "expected %s\nfound    %s\n",
           folder->path, right, found);
  expect_run((const char *const[]){folder->path, NULL}, 12, expected);
  snprintf(expected, sizeof expected,
           "does not hold: export %s\nlog 1, batch first=3 (line 4), entries 3 to 6: root\n"
           "expected %s\nfound    %s\n",
           file, right, found);
  expect_run((const char *const[]){file, NULL}, 12, expected);
  model_clean(&model);
}

static int setup(void **state)
{
  static struct folder folder;
  folder = make_folder();
  *state = &folder;
  return 0;
}

static int teardown(void **state)
{
  drop_folder(*state);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entry__each_byte_changed_is_found),
      cmocka_unit_test(entry__kind_made_another_is_found),
      cmocka_unit_test(root__each_byte_changed_is_found),
      cmocka_unit_test(root__of_another_length_is_found),
      cmocka_unit_test(first__changed_is_found),
      cmocka_unit_test(count__changed_is_found),
      cmocka_unit_test(entries__cut_or_reordered_are_found),
      cmocka_unit_test(time__that_is_not_its_entries_is_found),
      cmocka_unit_test(origin__changed_is_found),
      cmocka_unit_test(row__deleted_inserted_or_moved_is_found),
      cmocka_unit_test(row__order_in_the_file_matters_in_an_export_only),
      cmocka_unit_test(column__of_another_type_is_found),
      cmocka_unit_test(row__that_is_wrong_is_told_exactly),
  };
  return cmocka_run_group_tests_name("verify batches", tests, setup, teardown);
}
