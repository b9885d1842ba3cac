// Receipts: every member altered is found and named; nothing else may stand in one.
#include "log_write.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 9, INDEX = 5 };

static const char *wrong_of(const struct folder *folder, const struct model_receipt *receipt)
{
  static struct wrong wrong;
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "receipt.json");
  write_receipt(receipt, file);
  wrong = run_wrong(file, NULL);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.place, "receipt");
  return wrong.what;
}

static struct model_receipt good_receipt(uint8_t kind)
{
  struct model model = model_make(SIZE, 1);
  struct model_receipt receipt = make_receipt(&model, kind, INDEX, SIZE);
  model_clean(&model);
  return receipt;
}

static void flip_digit(char *digit) { *digit = *digit == '0' ? '1' : '0'; }

// Each digit of the entry: byte 0 is the kind, 38 to 53 the commitment; the rest shows in the tree.
static void receipt__entry_changed_is_found(void **state)
{
  for (size_t digit = 0; digit < 2 * MODEL_ENTRY_BYTES; digit++) {
    struct model_receipt receipt = good_receipt(2);
    flip_digit(&receipt.entry[digit]);
    const char *expected = digit < 2 ? "kind" : digit >= 2 * 38 ? "detail" : "proof";
    assert_string_equal(wrong_of(*state, &receipt), expected);
  }
}

// Entries of other kinds commit to no body: 1 use, 3 state, 4 policy.
static void receipt__of_another_kind_is_found(void **state)
{
  static const uint8_t kinds[] = {0, 1, 3, 4, 6};
  for (size_t i = 0; i < sizeof kinds; i++) {
    struct model_receipt receipt = good_receipt(kinds[i]);
    assert_string_equal(wrong_of(*state, &receipt), "kind");
  }
}

// Each digit of the salt, a salt that is cut, and one where there must be none or that is missing.
static void receipt__salt_changed_is_found(void **state)
{
  for (size_t digit = 0; digit < 32; digit++) {
    struct model_receipt receipt = good_receipt(2);
    flip_digit(&receipt.salt[digit]);
    assert_string_equal(wrong_of(*state, &receipt), "detail");
  }
  struct model_receipt receipt = good_receipt(2);
  receipt.salt[30] = 0;
  assert_string_equal(wrong_of(*state, &receipt), "bytes of salt");
  receipt.salt[0] = 0;
  assert_string_equal(wrong_of(*state, &receipt), "bytes of salt");
  receipt = good_receipt(5);
  snprintf(receipt.salt, sizeof receipt.salt, "00");
  assert_string_equal(wrong_of(*state, &receipt), "bytes of salt");
}

// Each byte of the body, one byte more and one less.
static void receipt__body_changed_is_found(void **state)
{
  struct model_receipt good = good_receipt(2);
  size_t bytes = strlen(good.body);
  for (size_t at = 0; at < bytes; at++) {
    struct model_receipt receipt = good;
    receipt.body[at] ^= 1;
    assert_string_equal(wrong_of(*state, &receipt), "detail");
  }
  struct model_receipt receipt = good;
  receipt.body[bytes - 1] = 0;
  assert_string_equal(wrong_of(*state, &receipt), "detail");
  receipt = good;
  receipt.body[bytes] = ' ';
  receipt.body[bytes + 1] = 0;
  assert_string_equal(wrong_of(*state, &receipt), "detail");
}

// Every other index, and those outside the tree.
static void receipt__index_changed_is_found(void **state)
{
  for (int64_t index = -1; index <= SIZE; index++) {
    struct model_receipt receipt = good_receipt(2);
    if (index == INDEX)
      continue;
    receipt.index = index;
    bool is_outside = index < 0 || index >= SIZE;
    assert_string_equal(wrong_of(*state, &receipt), is_outside ? "index" : "proof");
  }
}

// A size that is not that of the head.
static void receipt__size_changed_is_found(void **state)
{
  static const int64_t sizes[] = {-1, 0, SIZE - 1, SIZE + 1, INT64_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct model_receipt receipt = good_receipt(2);
    receipt.size = sizes[i];
    assert_string_equal(wrong_of(*state, &receipt), "size");
  }
}

// Each hash changed, left out, doubled, exchanged with the next; too many hashes.
static void receipt__proof_changed_is_found(void **state)
{
  struct model_receipt good = good_receipt(2);
  for (size_t i = 0; i < good.proof_count; i++) {
    struct model_receipt receipt = good;
    flip_digit(&receipt.proof[i][63]);
    assert_string_equal(wrong_of(*state, &receipt), "proof");

    receipt = good;
    memmove(receipt.proof[i], receipt.proof[i + 1],
            (receipt.proof_count - i - 1) * sizeof receipt.proof[0]);
    receipt.proof_count--;
    assert_string_equal(wrong_of(*state, &receipt), "proof");

    receipt = good;
    memmove(receipt.proof[i + 1], receipt.proof[i],
            (receipt.proof_count - i) * sizeof receipt.proof[0]);
    receipt.proof_count++;
    assert_string_equal(wrong_of(*state, &receipt), "proof");

    receipt = good;
    receipt.proof[i][62] = 0;
    assert_string_equal(wrong_of(*state, &receipt), "proof");
  }
  struct model_receipt receipt = good;
  memcpy(receipt.proof[0], good.proof[1], sizeof receipt.proof[0]);
  memcpy(receipt.proof[1], good.proof[0], sizeof receipt.proof[0]);
  assert_string_equal(wrong_of(*state, &receipt), "proof");
}

// Each digit of the key, and each byte of the origin.
static void receipt__key_or_origin_changed_is_found(void **state)
{
  for (size_t digit = 0; digit < 64; digit++) {
    struct model_receipt receipt = good_receipt(2);
    flip_digit(&receipt.public_key[digit]);
    assert_string_equal(wrong_of(*state, &receipt), "key id");
  }
  for (size_t at = 0; at < strlen(MODEL_ORIGIN); at++) {
    struct model_receipt receipt = good_receipt(2);
    receipt.origin[at] ^= 1;
    assert_string_equal(wrong_of(*state, &receipt), "origin");
  }
}

// Each byte of the checkpoint.
static void receipt__checkpoint_changed_is_found(void **state)
{
  struct model_receipt good = good_receipt(2);
  char file[RUN_PATH_BYTES];
  path_in_folder(file, *state, "receipt.json");
  for (size_t at = 0; good.note[at] != 0; at++) {
    struct model_receipt receipt = good;
    receipt.note[at] = receipt.note[at] == 'x' ? 'y' : 'x';
    write_receipt(&receipt, file);
    // A changed byte of the dash leaves no UTF-8, and so no JSON to read.
    bool is_dash = (uint8_t)good.note[at] >= 0x80;
    assert_int_equal(run_wrong(file, NULL).code, is_dash ? 1 : 12);
  }
}

// A checkpoint of another log that is rightly signed: the entry is not in its tree.
static void receipt__checkpoint_of_another_log_is_found(void **state)
{
  struct model other = model_make(SIZE, 2);
  uint8_t root[32];
  model_root(&other, SIZE, root);
  struct model_receipt receipt = good_receipt(2);
  model_sign(&other, SIZE, root, receipt.note);
  assert_string_equal(wrong_of(*state, &receipt), "proof");
  model_clean(&other);
}

static const char *const member_names[] = {"origin", "public_key", "index", "size",      "entry",
                                           "salt",   "body",       "proof", "checkpoint"};

// Reads the file that holds a good receipt, replaces the first `old` by `new`, and writes it back.
static void replace(const char *file, const char *old, const char *new)
{
  char text[4096] = {0};
  FILE *stream = fopen(file, "rb");
  assert_non_null(stream);
  size_t bytes = fread(text, 1, sizeof text - 1, stream);
  fclose(stream);
  char *at = strstr(text, old);
  assert_non_null(at);
  stream = fopen(file, "wb");
  assert_non_null(stream);
  fwrite(text, 1, (size_t)(at - text), stream);
  fputs(new, stream);
  fwrite(at + strlen(old), 1, bytes - (size_t)(at - text) - strlen(old), stream);
  fclose(stream);
}

// A member that is missing, one of another type, one more, and one that stands twice.
static void receipt__members_are_exact(void **state)
{
  char file[RUN_PATH_BYTES];
  path_in_folder(file, *state, "receipt.json");
  struct model_receipt good = good_receipt(2);
  for (size_t i = 0; i < sizeof member_names / sizeof member_names[0]; i++) {
    char old[32];
    char new[32];
    write_receipt(&good, file);
    snprintf(old, sizeof old, "\"%s\":", member_names[i]);
    snprintf(new, sizeof new, "\"%s_\":", member_names[i]);
    replace(file, old, new);
    struct wrong wrong = run_wrong(file, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.what, member_names[i]);
    assert_string_equal(wrong.found, "no such member");

    write_receipt(&good, file);
    snprintf(new, sizeof new, "\"%s\":1.5,\"x\":", member_names[i]);
    replace(file, old, new);
    wrong = run_wrong(file, NULL);
    assert_int_equal(wrong.code, 12);
    assert_string_equal(wrong.what, member_names[i]);
    assert_string_equal(wrong.found, "another value");
  }
  write_receipt(&good, file);
  replace(file, "\"index\"", "\"note\":\"paid\",\"index\"");
  struct wrong wrong = run_wrong(file, NULL);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.what, "document");
  assert_string_equal(wrong.found, "one more member");
  write_receipt(&good, file);
  replace(file, "\"index\"", "\"size\":9,\"index\"");
  assert_int_equal(run_wrong(file, NULL).code, 1);
}

// A schema that is not known makes the file no receipt at all.
static void receipt__of_another_schema_cannot_be_read(void **state)
{
  char file[RUN_PATH_BYTES];
  char expected[RUN_PATH_BYTES + 80];
  path_in_folder(file, *state, "receipt.json");
  struct model_receipt good = good_receipt(2);
  write_receipt(&good, file);
  replace(file, "forvar.receipt/1", "forvar.receipt/2");
  struct run run = run_verify((const char *const[]){file, NULL});
  snprintf(expected, sizeof expected,
           "forvar-verify: %s: neither a home nor an export nor a receipt\n", file);
  assert_int_equal(run.code, 1);
  assert_string_equal(run.err, expected);
}

// Kept heads: the receipt's own size decides; a fork is named; without that size nothing is said.
static void receipt__is_compared_with_kept_heads(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  char kept[RUN_PATH_BYTES];
  path_in_folder(file, folder, "receipt.json");
  path_in_folder(kept, folder, "kept");
  struct model model = model_make(SIZE, 1);
  struct model_receipt receipt = make_receipt(&model, 2, INDEX, SIZE);
  write_receipt(&receipt, file);
  model_add_head(&model, SIZE - 1);
  model_add_head(&model, SIZE);
  write_heads(&model, kept);
  expect_run((const char *const[]){"--key", receipt.public_key, "--head", kept, file, NULL}, 0,
             "holds: receipt of " MODEL_ORIGIN
             "\n"
             "entry 5, erasure (change) of 2025-11-25T12:00:00.003000Z, commits to the body\n"
             "head of size 9 signed by " MODEL_ORIGIN
             " holds and covers it\n"
             "the head is among the 2 kept elsewhere\nkey as given\n");

  model.head_count = 1;
  write_heads(&model, kept);
  const char *const more[] = {"--head", kept, NULL};
  assert_int_equal(run_wrong(file, more).code, 1);

  struct model fork = model_make(SIZE, 2);
  model_add_head(&fork, SIZE);
  write_heads(&fork, kept);
  struct wrong wrong = run_wrong(file, more);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.place, "kept_head");
  assert_string_equal(wrong.what, "root");
  assert_int_equal(wrong.note, 1);
  model_clean(&model);
  model_clean(&fork);
}

// A key from elsewhere that is not the receipt's own.
static void receipt__of_another_key_is_found(void **state)
{
  static const char other[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  char file[RUN_PATH_BYTES];
  path_in_folder(file, *state, "receipt.json");
  struct model_receipt receipt = good_receipt(2);
  write_receipt(&receipt, file);
  struct wrong wrong = run_wrong(file, (const char *const[]){"--key", other, NULL});
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.what, "public_key");
  assert_string_equal(wrong.expected, other);
  assert_string_equal(wrong.found, receipt.public_key);
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
      cmocka_unit_test(receipt__entry_changed_is_found),
      cmocka_unit_test(receipt__of_another_kind_is_found),
      cmocka_unit_test(receipt__salt_changed_is_found),
      cmocka_unit_test(receipt__body_changed_is_found),
      cmocka_unit_test(receipt__index_changed_is_found),
      cmocka_unit_test(receipt__size_changed_is_found),
      cmocka_unit_test(receipt__proof_changed_is_found),
      cmocka_unit_test(receipt__key_or_origin_changed_is_found),
      cmocka_unit_test(receipt__checkpoint_changed_is_found),
      cmocka_unit_test(receipt__checkpoint_of_another_log_is_found),
      cmocka_unit_test(receipt__members_are_exact),
      cmocka_unit_test(receipt__of_another_schema_cannot_be_read),
      cmocka_unit_test(receipt__is_compared_with_kept_heads),
      cmocka_unit_test(receipt__of_another_key_is_found),
  };
  return cmocka_run_group_tests_name("verify receipt", tests, setup, teardown);
}
