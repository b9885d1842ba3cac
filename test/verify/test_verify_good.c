// Files that hold, with all that is said about them.
#include "log_write.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 64, 4097};
static const char *const told[] = {
    "0 entries in 0 batches", "1 entry in 1 batch",      "2 entries in 2 batches",
    "3 entries in 2 batches", "7 entries in 3 batches",  "8 entries in 4 batches",
    "9 entries in 5 batches", "64 entries in 6 batches", "4,097 entries in 7 batches",
};
static const char *const told_size[] = {"0", "1", "2", "3", "7", "8", "9", "64", "4,097"};

#define OWN_KEY(kind) \
  "key taken from the " kind " itself: keep the key elsewhere to exclude a forged " kind "\n"
#define NO_KEPT "no kept head given: a log cut back with its heads would not be seen\n"

// Homes and exports of every size with one head hold, and the same lines are told of both.
static void good__of_every_size_holds(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct model model = model_make(sizes[i], 1);
    model_add_head(&model, sizes[i]);
    write_home(&model, folder->path);
    write_export(&model, file);
    char expected[600];
    snprintf(expected, sizeof expected,
             "holds: home of " MODEL_ORIGIN "\n%s\nhead of size %s signed by " MODEL_ORIGIN
             " holds\n" NO_KEPT OWN_KEY("home"),
             told[i], told_size[i]);
    expect_run((const char *const[]){folder->path, NULL}, 0, expected);
    snprintf(expected, sizeof expected,
             "holds: export of " MODEL_ORIGIN "\n%s\nhead of size %s signed by " MODEL_ORIGIN
             " holds\n" NO_KEPT OWN_KEY("export"),
             told[i], told_size[i]);
    expect_run((const char *const[]){file, NULL}, 0, expected);
    model_clean(&model);
  }
}

// Heads of every size of a log hold, also those in the middle of a batch.
static void good__heads_of_any_size_hold(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  struct model model = model_make(20, 1);
  for (size_t size = 0; size <= 18; size++)
    model_add_head(&model, size);
  write_home(&model, folder->path);
  write_export(&model, file);
  expect_run((const char *const[]){folder->path, NULL}, 0,
             "holds: home of " MODEL_ORIGIN
             "\n20 entries in 6 batches\n"
             "19 heads signed by " MODEL_ORIGIN
             " hold, the last of size 18\n"
             "2 entries after the last head are not signed\n" NO_KEPT OWN_KEY("home"));
  expect_run((const char *const[]){file, NULL}, 0,
             "holds: export of " MODEL_ORIGIN
             "\n20 entries in 6 batches\n"
             "19 heads signed by " MODEL_ORIGIN
             " hold, the last of size 18\n"
             "2 entries after the last head are not signed\n" NO_KEPT OWN_KEY("export"));
  model_clean(&model);
}

// A file without heads holds, and it is said that nothing is signed.
static void good__without_heads_is_said_to_be_unsigned(void **state)
{
  const struct folder *folder = *state;
  struct model model = model_make(8, 1);
  write_home(&model, folder->path);
  expect_run(
      (const char *const[]){folder->path, NULL}, 0,
      "holds: home of " MODEL_ORIGIN
      "\n8 entries in 4 batches\n"
      "no head: the batches fit each other, but nothing here is signed\n" NO_KEPT OWN_KEY("home"));
  model_clean(&model);
}

// The largest batch that the format allows holds.
static void good__batch_of_4096_holds(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  struct model model = model_make(0, 1);
  model_add_batch(&model, 4096, 1);
  model_add_head(&model, 4096);
  write_home(&model, folder->path);
  write_export(&model, file);
  assert_int_equal(run_verify((const char *const[]){folder->path, NULL}).code, 0);
  assert_int_equal(run_verify((const char *const[]){file, NULL}).code, 0);
  model_clean(&model);
}

// With the key and the heads from elsewhere, nothing rests on the file itself.
static void good__with_key_and_kept_heads_says_so(void **state)
{
  const struct folder *folder = *state;
  char heads[RUN_PATH_BYTES];
  path_in_folder(heads, folder, "heads");
  struct model model = model_make(9, 1);
  model_add_head(&model, 3);
  model_add_head(&model, 9);
  write_home(&model, folder->path);
  write_heads(&model, heads);
  char key[65];
  write_hex(key, model.public_key, 32);
  expect_run((const char *const[]){"--key", key, "--head", heads, folder->path, NULL}, 0,
             "holds: home of " MODEL_ORIGIN
             "\n9 entries in 5 batches\n"
             "2 heads signed by " MODEL_ORIGIN
             " hold, the last of size 9\n"
             "2 heads kept elsewhere fit\nkey as given\n");
  model_clean(&model);
}

// Each writer has a log of its own, which is walked and told apart.
static void good__two_logs_are_told_apart(void **state)
{
  const struct folder *folder = *state;
  char heads[RUN_PATH_BYTES];
  path_in_folder(heads, folder, "heads");
  struct model other = model_make(3, 2);
  struct model model = model_make(8, 1);
  model_add_head(&model, 7);
  for (size_t i = 0; i < other.batch_count; i++) {
    other.batches[i].origin = 2;
    model_insert(&model, model.batch_count, &other.batches[i]);
  }
  model_add_head(&other, 3);
  write_heads(&other, heads);
  model.heads[1] = other.heads[0];
  model.heads[1].origin = 2;
  model.head_count = 2;
  write_home(&model, folder->path);
  expect_run((const char *const[]){"--head", heads, folder->path, NULL}, 0,
             "holds: home of " MODEL_ORIGIN
             "\nlog 1:\n8 entries in 4 batches\n"
             "head of size 7 signed by " MODEL_ORIGIN
             " holds\n"
             "1 entry after the last head is not signed\n"
             "log 2:\n3 entries in 2 batches\nhead of size 3 signed by " MODEL_ORIGIN
             " holds\n1 head kept elsewhere fits\n" OWN_KEY("home"));
  model_clean(&model);
  model_clean(&other);
}

// Receipts of both kinds hold for every entry of every tree up to 9 and for one in a large log.
static void good__receipts_hold(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "receipt.json");
  for (size_t size = 1; size <= 9; size++)
    for (size_t index = 0; index < size; index++) {
      struct model model = model_make(9, 1);
      struct model_receipt receipt = make_receipt(&model, index % 2 == 0 ? 2 : 5, index, size);
      write_receipt(&receipt, file);
      assert_int_equal(run_verify((const char *const[]){file, NULL}).code, 0);
      model_clean(&model);
    }
  struct model model = model_make(4097, 1);
  struct model_receipt receipt = make_receipt(&model, 2, 4096, 4097);
  write_receipt(&receipt, file);
  expect_run((const char *const[]){file, NULL}, 0,
             "holds: receipt of " MODEL_ORIGIN
             "\n"
             "entry 4,096, erasure (change) of 2025-11-25T12:00:00.079000Z, commits to the body\n"
             "head of size 4,097 signed by " MODEL_ORIGIN
             " holds and covers it\n" OWN_KEY("receipt"));
  model_clean(&model);
}

// The JSON document of a home, whole.
static void good__json_is_one_document(void **state)
{
  const struct folder *folder = *state;
  struct model model = model_make(8, 1);
  model_add_head(&model, 8);
  write_home(&model, folder->path);
  char key[65];
  write_hex(key, model.public_key, 32);
  char expected[1000];
  snprintf(expected, sizeof expected,
           "{\n  \"schema\": \"forvar.verify/1\",\n  \"file\": \"%s\",\n  \"kind\": \"home\",\n"
           "  \"holds\": true,\n  \"origin\": \"" MODEL_ORIGIN
           "\",\n  \"key\": {\n    \"from\": \"given\",\n"
           "    \"public_key\": \"%s\"\n  },\n  \"kept_heads\": 0,\n  \"logs\": [\n    {\n"
           "      \"number\": 1,\n      \"entries\": 8,\n      \"batches\": 4,\n"
           "      \"heads\": 1,\n      \"head_size\": 8\n    }\n  ]\n}\n",
           folder->path, key);
  expect_run((const char *const[]){"--json", folder->path, "--key", key, NULL}, 0, expected);
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
      cmocka_unit_test(good__of_every_size_holds),
      cmocka_unit_test(good__heads_of_any_size_hold),
      cmocka_unit_test(good__without_heads_is_said_to_be_unsigned),
      cmocka_unit_test(good__batch_of_4096_holds),
      cmocka_unit_test(good__with_key_and_kept_heads_says_so),
      cmocka_unit_test(good__two_logs_are_told_apart),
      cmocka_unit_test(good__receipts_hold),
      cmocka_unit_test(good__json_is_one_document),
  };
  return cmocka_run_group_tests_name("verify good", tests, setup, teardown);
}
