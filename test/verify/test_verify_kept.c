// Heads that were kept elsewhere find what somebody with the server's key could hide.
#include "log_write.h"
#include "mutate.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 64, 4097};

static struct place kept_place(int64_t size, const char *what)
{
  struct place place = head_place(size, what);
  place.place = "kept_head";
  place.log = -1;
  return place;
}

static void keep_heads(const struct folder *folder, const struct model *model, char *ret_file)
{
  path_in_folder(ret_file, folder, "kept");
  write_heads(model, ret_file);
}

// A head of each earlier state of a log fits all its later states.
static void kept__of_an_earlier_state_fits(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct model model = model_make(sizes[i], 1);
    for (size_t j = 0; j <= i; j++)
      model_add_head(&model, sizes[j]);
    keep_heads(folder, &model, kept);
    model.head_count = 0;
    expect_holds(&model, folder, (const char *const[]){"--head", kept, NULL});
    model_clean(&model);
  }
}

// A log cut back to an older state, heads and all, is smaller than a kept head.
static void kept__larger_than_the_log_is_found(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  for (size_t i = 1; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct model model = model_make(sizes[i], 1);
    model_add_head(&model, sizes[i]);
    keep_heads(folder, &model, kept);
    struct model older = model_make(sizes[i - 1], 1);
    model_add_head(&older, sizes[i - 1]);
    struct place place = kept_place((int64_t)sizes[i], "size");
    const char *const more[] = {"--head", kept, NULL};
    expect_home(&older, folder, &place, more);
    expect_export(&older, folder, &place, more);
    model_clean(&older);
    model_clean(&model);
  }
}

// A log whose tail was written anew and signed anew with the true key: the kept head has another
// root, whether the new log is as long, longer, or went its own way from the first entry on.
static void kept__of_a_forked_log_is_found(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  struct model model = model_make(9, 1);
  model_add_head(&model, 3);
  model_add_head(&model, 9);
  keep_heads(folder, &model, kept);
  const char *const more[] = {"--head", kept, NULL};

  struct model fork = model_copy(&model);
  model_delete(&fork, 4);
  model_delete(&fork, 3);
  model_add_batch(&fork, 2, 7);
  fork.head_count = 0;
  model_add_head(&fork, 9);
  struct place place = kept_place(9, "root");
  expect_home(&fork, folder, &place, more);
  expect_export(&fork, folder, &place, more);

  model_add_batch(&fork, 5, 7);
  model_add_head(&fork, 14);
  expect_home(&fork, folder, &place, more);
  expect_export(&fork, folder, &place, more);
  model_clean(&fork);

  fork = model_make(9, 7);
  model_add_head(&fork, 9);
  place = kept_place(3, "root");
  expect_home(&fork, folder, &place, more);
  expect_export(&fork, folder, &place, more);
  model_clean(&fork);
  model_clean(&model);
}

// A kept head signed by another key or for another origin is not of this log.
static void kept__of_another_signer_is_found(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  struct model model = model_make(9, 1);
  struct model other = model_copy(&model);
  const char *const more[] = {"--head", kept, NULL};

  other.seed[0] ^= 1;
  model_add_head(&other, 9);
  keep_heads(folder, &other, kept);
  struct place place = kept_place(9, "signature");
  expect_home(&model, folder, &place, more);

  other.head_count = 0;
  other.seed[0] ^= 1;
  other.origin = "other.example.org";
  model_add_head(&other, 9);
  keep_heads(folder, &other, kept);
  place = kept_place(9, "origin");
  expect_home(&model, folder, &place, more);
  model_clean(&model);
  model_clean(&other);
}

// The number of the note in its file is told; a last note without its empty line is whole.
static void kept__note_is_named_by_its_number(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  struct model model = model_make(9, 1);
  for (size_t size = 1; size <= 4; size++)
    model_add_head(&model, size);
  keep_heads(folder, &model, kept);
  char text[5 * MODEL_NOTE_BYTES];
  snprintf(text, sizeof text, "%s\n%s\n%s", model.heads[0].note, model.heads[1].note,
           model.heads[2].note);
  model.head_count = 0;
  write_home(&model, folder->path);
  const char *const more[] = {"--head", kept, NULL};
  write_text(kept, text);
  assert_int_equal(run_wrong(folder->path, more).code, 0);

  snprintf(text, sizeof text, "%s\n%s%s", model.heads[0].note, model.heads[1].note,
           model.heads[2].note);
  write_text(kept, text);
  struct wrong wrong = run_wrong(folder->path, more);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.what, "end");
  assert_int_equal(wrong.note, 2);

  model.heads[2].note[60] ^= 1;
  snprintf(text, sizeof text, "%s\n%s\n%s\n", model.heads[0].note, model.heads[1].note,
           model.heads[2].note);
  write_text(kept, text);
  wrong = run_wrong(folder->path, more);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.place, "kept_head");
  assert_int_equal(wrong.note, 3);
  char expected[600];
  snprintf(expected, sizeof expected,
           "does not hold: home %s\nkept head 3 of %s: signature\n"
           "expected one made with the key\nfound    one not made with it\n",
           folder->path, kept);
  expect_run((const char *const[]){"--head", kept, folder->path, NULL}, 12, expected);
  model_clean(&model);
}

// Where a home has several logs, a kept head must fit one of them.
static void kept__must_fit_one_of_several_logs(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  struct model model = model_make(3, 1);
  struct model other = model_make(8, 2);
  for (size_t i = 0; i < other.batch_count; i++) {
    other.batches[i].origin = 2;
    model_insert(&model, model.batch_count, &other.batches[i]);
  }
  model_add_head(&other, 7);
  keep_heads(folder, &other, kept);
  const char *const more[] = {"--head", kept, NULL};
  write_home(&model, folder->path);
  assert_int_equal(run_wrong(folder->path, more).code, 0);

  struct model third = model_make(9, 3);
  model_add_head(&third, 7);
  model_add_head(&third, 9);
  struct model_head held = third.heads[1];
  third.head_count = 1;
  keep_heads(folder, &third, kept);
  struct place place = kept_place(7, "root");
  expect_home(&model, folder, &place, more);
  third.heads[0] = held;
  keep_heads(folder, &third, kept);
  place = kept_place(9, "size");
  expect_home(&model, folder, &place, more);
  model_clean(&model);
  model_clean(&other);
  model_clean(&third);
}

// A file that is missing or has no head gives no verdict.
static void kept__that_cannot_be_read_gives_no_verdict(void **state)
{
  const struct folder *folder = *state;
  char kept[RUN_PATH_BYTES];
  path_in_folder(kept, folder, "kept");
  struct model model = model_make(3, 1);
  write_home(&model, folder->path);
  write_text(kept, "");
  char expected[RUN_PATH_BYTES + 60];
  struct run run = run_verify((const char *const[]){"--head", kept, folder->path, NULL});
  snprintf(expected, sizeof expected, "forvar-verify: %s: no head in it\n", kept);
  assert_int_equal(run.code, 1);
  assert_string_equal(run.err, expected);
  assert_string_equal(run.out, "");
  remove(kept);
  run = run_verify((const char *const[]){"--head", kept, folder->path, NULL});
  snprintf(expected, sizeof expected, "forvar-verify: %s: No such file or directory\n", kept);
  assert_int_equal(run.code, 1);
  assert_string_equal(run.err, expected);
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
      cmocka_unit_test(kept__of_an_earlier_state_fits),
      cmocka_unit_test(kept__larger_than_the_log_is_found),
      cmocka_unit_test(kept__of_a_forked_log_is_found),
      cmocka_unit_test(kept__of_another_signer_is_found),
      cmocka_unit_test(kept__note_is_named_by_its_number),
      cmocka_unit_test(kept__must_fit_one_of_several_logs),
      cmocka_unit_test(kept__that_cannot_be_read_gives_no_verdict),
  };
  return cmocka_run_group_tests_name("verify kept", tests, setup, teardown);
}
