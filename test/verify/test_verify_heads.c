// Heads: those that stand in the file, and those that were kept elsewhere.
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

// Which words may name a change in a line of a note.
static const char *const line_words[][8] = {
    {"origin line", "origin", "size line", NULL},
    {"size line", "size", "signature", "root line", NULL},
    {"root line", "signature", "empty line", NULL},
    {"empty line", "signature line", NULL},
    // Part of the dash alone is no UTF-8, so in an export the line is no JSON.
    {"signature line", "signer", "key id", "signature", "end", "document", NULL},
};

static bool is_among(const char *word, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strcmp(word, *words) == 0)
      return true;
  return false;
}

static size_t line_of(const char *note, size_t at)
{
  size_t line = 0;
  for (size_t i = 0; i < at; i++)
    line += note[i] == '\n' ? 1 : 0;
  return line;
}

// Each byte of a note changed, in a home and in an export; the row of the note is named.
static void note__each_byte_changed_is_found(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  struct model good = model_make(9, 1);
  model_add_head(&good, 3);
  model_add_head(&good, 9);
  const char *note = good.heads[1].note;
  for (size_t at = 0; note[at] != 0; at++) {
    struct model model = good;
    model.heads[1].note[at] = note[at] == 'x' ? 'y' : 'x';
    const char *const *words = line_words[line_of(note, at)];
    write_home(&model, folder->path);
    struct wrong wrong = run_wrong(folder->path, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.place, "head");
    assert_int_equal(wrong.head_size, 9);
    assert_true(is_among(wrong.what, words));
    write_export(&model, file);
    wrong = run_wrong(file, NULL);
    assert_int_equal(wrong.code, 12);
    assert_int_equal(wrong.line, 8);
    assert_true(is_among(wrong.what, words));
  }
  model_clean(&good);
}

// Each byte of a note taken away, and one put before it.
static void note__each_byte_missing_or_added_is_found(void **state)
{
  const struct folder *folder = *state;
  struct model good = model_make(3, 1);
  model_add_head(&good, 3);
  const char *note = good.heads[0].note;
  size_t bytes = strlen(note);
  for (size_t at = 0; at < bytes; at++) {
    struct model model = good;
    memmove(model.heads[0].note + at, note + at + 1, bytes - at);
    expect_home(&model, folder,
                &(struct place){.place = "head",
                                .log = 1,
                                .first = -1,
                                .entry = -1,
                                .entry_count = -1,
                                .head_size = 3,
                                .whats = {"origin line", "origin", "size line", "size", "root line",
                                          "empty line", "signature line", "signer"}},
                NULL);
    model = good;
    memmove(model.heads[0].note + at + 1, note + at, bytes - at + 1);
    model.heads[0].note[at] = '\n';
    write_home(&model, folder->path);
    struct wrong wrong = run_wrong(folder->path, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.place, "head");
  }
  model_clean(&good);
}

// A number has one spelling: the size with a zero before it is none.
static void note__size_has_one_spelling(void **state)
{
  struct model model = model_make(3, 1);
  model_add_head(&model, 3);
  char *note = model.heads[0].note;
  size_t at = strlen(MODEL_ORIGIN) + 1;
  memmove(note + at + 1, note + at, strlen(note + at) + 1);
  note[at] = '0';
  struct place place = head_place(3, "size line");
  expect_home(&model, *state, &place, NULL);
  model_clean(&model);
}

// The column `size` of a home must be that of the note.
static void head__column_that_is_not_the_note_is_found(void **state)
{
  struct model model = model_make(9, 1);
  model_add_head(&model, 3);
  model.heads[0].size = 4;
  struct place place = head_place(4, "size");
  expect_home(&model, *state, &place, NULL);
  model_clean(&model);
}

// A rightly signed head of another tree, of a size beyond the log, and of another origin.
static void head__that_is_signed_but_not_of_this_log_is_found(void **state)
{
  struct model model = model_make(9, 1);
  struct model fork = model_make(9, 2);
  model_add_head(&fork, 7);
  model.heads[0] = fork.heads[0];
  model.head_count = 1;
  struct place place = head_place(7, "root");
  expect_both(&model, *state, &place);

  uint8_t root[32] = {1};
  model.heads[0].size = 10;
  model_sign(&model, 10, root, model.heads[0].note);
  place = head_place(10, "size");
  expect_both(&model, *state, &place);

  fork.origin = "other.example.org";
  model_root(&model, 7, root);
  model.heads[0].size = 7;
  model_sign(&fork, 7, root, model.heads[0].note);
  place = head_place(7, "origin");
  expect_both(&model, *state, &place);
  model_clean(&model);
  model_clean(&fork);
}

// Entries edited with all roots made to fit again: only the first head that covers them knows.
static void head__finds_what_was_edited_with_its_roots(void **state)
{
  struct model model = model_make(64, 1);
  const size_t sizes[] = {2, 8, 9, 64};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
    model_add_head(&model, sizes[i]);
  model_entry(&model, 8)[40] ^= 1;
  model_mend_roots(&model);
  struct place place = head_place(9, "root");
  expect_both(&model, *state, &place);
  model_clean(&model);
}

// The last batches cut off, one after the other: a head larger than what is left is named.
static void head__finds_a_cut_tail(void **state)
{
  struct model model = model_make(64, 1);
  model_add_head(&model, 8);
  model_add_head(&model, 64);
  while (model.batch_count > 0) {
    model_delete(&model, model.batch_count - 1);
    struct place place = head_place(model_size(&model) < 8 ? 8 : 64, "size");
    expect_both(&model, *state, &place);
  }
  model_clean(&model);
}

// In an export a smaller head may not follow a larger one.
static void head__order_in_an_export_is_kept(void **state)
{
  const struct folder *folder = *state;
  struct model model = model_make(9, 1);
  model_add_head(&model, 9);
  model_add_head(&model, 3);
  struct place place = head_place(3, "order");
  expect_export(&model, folder, &place, NULL);
  model_clean(&model);
}

// The key: one that is not the file's own, and a file whose key was exchanged.
static void key__that_is_another_is_found(void **state)
{
  static const char other[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const struct folder *folder = *state;
  const char *const more[] = {"--key", other, NULL};
  struct model model = model_make(9, 1);
  model_add_head(&model, 9);
  struct place place = {.place = "meta",
                        .log = -1,
                        .first = -1,
                        .entry = -1,
                        .entry_count = -1,
                        .head_size = -1,
                        .whats = {"public_key"}};
  expect_home(&model, folder, &place, more);
  place.place = "line";
  expect_export(&model, folder, &place, more);
  model.head_count = 0;
  expect_export(&model, folder, &place, more);
  model.head_count = 1;
  model.public_key[5] ^= 1;
  place = head_place(9, "key id");
  expect_both(&model, folder, &place);
  model_clean(&model);
}

// A wrong batch is named before a wrong key and a wrong head, and those before a wrong kept head.
static void order__is_batches_then_heads_then_kept(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  path_in_folder(kept, folder, "kept");
  write_text(kept, "no head\n");
  const char *const more[] = {"--head", kept, NULL};
  struct model model = model_make(9, 1);
  model_add_head(&model, 9);
  struct place place = {.place = "kept_head",
                        .log = -1,
                        .first = -1,
                        .entry = -1,
                        .entry_count = -1,
                        .head_size = -1,
                        .whats = {"origin line"}};
  expect_home(&model, folder, &place, more);
  expect_export(&model, folder, &place, more);
  model.heads[0].note[0] ^= 1;
  place = head_place(9, "origin");
  expect_home(&model, folder, &place, more);
  expect_export(&model, folder, &place, more);
  model.batches[4].time_us = 0;
  place = batch_place(8, "time_us");
  expect_home(&model, folder, &place, more);
  expect_export(&model, folder, &place, more);
  model_clean(&model);
}

// The names in `meta` that are missing or out of form.
static void meta__out_of_form_is_found(void **state)
{
  static const struct {
    const char *sql;
    const char *what;
  } rows[] = {
      {"DELETE FROM meta WHERE name = 'origin'", "origin"},
      {"UPDATE meta SET value = '' WHERE name = 'origin'", "origin"},
      {"UPDATE meta SET value = 'two words' WHERE name = 'origin'", "origin"},
      {"UPDATE meta SET value = X'1B5B' WHERE name = 'origin'", "origin"},
      {"UPDATE meta SET value = X'C328' WHERE name = 'origin'", "origin"},
      {"DELETE FROM meta WHERE name = 'public_key'", "public_key"},
      {"UPDATE meta SET value = X'00' WHERE name = 'public_key'", "bytes of public_key"},
  };
  const struct folder *folder = *state;
  struct model model = model_make(3, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    write_home(&model, folder->path);
    sqlite3 *sqlite = open_home(folder->path);
    run_sql(sqlite, rows[i].sql);
    assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
    struct wrong wrong = run_wrong(folder->path, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.place, "meta");
    assert_string_equal(wrong.what, rows[i].what);
  }
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
      cmocka_unit_test(note__each_byte_changed_is_found),
      cmocka_unit_test(note__each_byte_missing_or_added_is_found),
      cmocka_unit_test(note__size_has_one_spelling),
      cmocka_unit_test(head__column_that_is_not_the_note_is_found),
      cmocka_unit_test(head__that_is_signed_but_not_of_this_log_is_found),
      cmocka_unit_test(head__finds_what_was_edited_with_its_roots),
      cmocka_unit_test(head__finds_a_cut_tail),
      cmocka_unit_test(head__order_in_an_export_is_kept),
      cmocka_unit_test(key__that_is_another_is_found),
      cmocka_unit_test(order__is_batches_then_heads_then_kept),
      cmocka_unit_test(meta__out_of_form_is_found),
  };
  return cmocka_run_group_tests_name("verify heads", tests, setup, teardown);
}
