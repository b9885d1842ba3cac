// Receipts: one document proves that an entry is in the signed log, and what the entry says.
// Checked here with nothing but the document and the public key. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "base/document.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"
#include "retain/erase.h"
#include "retain/receipt.h"
#include "retain/sweep.h"
#include "store/store.h"

// ── Reading one ─────────────────────────────────────────────────────────────────────────────

struct receipt {  // borrowed from the document
  struct view schema, origin, public_key, entry, salt, body, checkpoint;
  int64_t index, size;
  struct proof proof;
};

static void read_text(const struct document *document, const char *member, struct view *ret_text)
{
  struct err err = ERR_INIT;
  assert_int_equal(document_get_text(document, member, ret_text, &err), ERR_OK);
}

static void read_receipt(const struct document *document, struct receipt *ret)
{
  struct err err = ERR_INIT;
  const struct document *hashes = NULL;
  size_t count = 0;
  read_text(document, "schema", &ret->schema);
  read_text(document, "origin", &ret->origin);
  read_text(document, "public_key", &ret->public_key);
  read_text(document, "entry", &ret->entry);
  read_text(document, "salt", &ret->salt);
  read_text(document, "body", &ret->body);
  read_text(document, "checkpoint", &ret->checkpoint);
  assert_int_equal(document_get_int(document, "index", &ret->index, &err), ERR_OK);
  assert_int_equal(document_get_int(document, "size", &ret->size, &err), ERR_OK);
  assert_int_equal(document_get_array(document, "proof", &hashes, &count, &err), ERR_OK);
  assert_true(count <= LEDGER_PROOF_HASHES_MAX);
  ret->proof.count = (int)count;
  for (size_t i = 0; i < count; i++) {
    struct view hash;
    assert_true(document_as_text(document_at(hashes, i), &hash));
    assert_true(hex_read(hash, ret->proof.hashes[i], LEDGER_HASH_BYTES));
  }
}

// Does the entry commit to the body?
static bool body_holds(const struct receipt *receipt)
{
  unsigned char entry[LEDGER_ENTRY_BYTES];
  unsigned char salt[LEDGER_SALT_BYTES];
  unsigned char detail[LEDGER_DETAIL_BYTES];
  bool has_salt = receipt->salt.length > 0;
  assert_true(hex_read(receipt->entry, entry, sizeof entry));
  assert_true(!has_salt || hex_read(receipt->salt, salt, sizeof salt));
  entry_detail(has_salt ? salt : NULL, receipt->body, detail);
  return memcmp(detail, entry + LEDGER_AT_DETAIL, sizeof detail) == 0;
}

// Is the entry at this index of the log whose head is signed?
static bool proof_holds(const struct receipt *receipt, int64_t index)
{
  unsigned char entry[LEDGER_ENTRY_BYTES];
  unsigned char public_key[32];
  unsigned char root[LEDGER_HASH_BYTES];
  unsigned char leaf[LEDGER_HASH_BYTES];
  int64_t size = 0;
  struct err err = ERR_INIT;
  assert_true(hex_read(receipt->entry, entry, sizeof entry));
  assert_true(hex_read(receipt->public_key, public_key, sizeof public_key));
  assert_int_equal(
      checkpoint_read(receipt->checkpoint, "test.example/forvar", public_key, &size, root, &err),
      ERR_OK);
  assert_int_equal(size, receipt->size);
  tree_leaf_hash(entry, sizeof entry, leaf);
  return tree_check_inclusion(leaf, index, size, &receipt->proof, root);
}

static void write_receipt(struct world *world, int64_t index, const unsigned char *salt,
                          struct view body, struct str *ret_text)
{
  enum err_code code = receipt_write(world->core, index, salt, body, ret_text, &world->err);
  if (code != ERR_OK)
    fail_msg("there is no receipt: %s", world->err.message);
}

static void check_receipt(struct world *world, int64_t index, const unsigned char *salt,
                          struct view body)
{
  OWNED(str) struct str text = STR_INIT(RECEIPT_BYTES_MAX);
  OWNED(document) struct document *document = NULL;
  struct receipt receipt = {.index = -1};
  write_receipt(world, index, salt, body, &text);
  assert_int_equal(document_read(str_view(&text), &document, &world->err), ERR_OK);
  read_receipt(document, &receipt);
  assert_true(view_is(receipt.schema, "forvar.receipt/1"));
  assert_true(view_is(receipt.origin, "test.example/forvar"));
  assert_true(view_equal(receipt.body, body));
  assert_int_equal(receipt.index, index);
  assert_int_equal(receipt.size, core_log_size(world->core));
  assert_true(body_holds(&receipt));
  assert_true(proof_holds(&receipt, index));
  assert_false(proof_holds(&receipt, index - 1));
  receipt.body.length--;
  assert_false(body_holds(&receipt));
}

static struct person_id somebody(struct world *world)
{
  struct person_id person = world_customer(world);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  return person;
}

// ── What they show ──────────────────────────────────────────────────────────────────────────

// The receipt of an erasure shows what was erased and when, whatever is added to the log later, and
// after the person's keys are long gone.
static void receipt__shows_an_erasure(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  struct erase_input input = {.person = anna};
  struct erase_output output;
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_OK);
  check_receipt(world, output.entry_index, output.salt, view_of(output.body));
  somebody(world);
  assert_int_equal(epoch_change(world->core, &world->err), ERR_OK);
  world_reopen(world);
  check_receipt(world, output.entry_index, output.salt, view_of(output.body));
  world_end(world);
}

// That of a sweep is about nobody and needs no salt.
static void receipt__shows_a_sweep(void **state)
{
  OWNED(str) struct str body = STR_INIT(RECEIPT_BYTES_MAX);
  struct world *world = world_begin(*state);
  struct sweep_result result;
  somebody(world);
  world_at(world, "2026-01-10 09:00");
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  sweep_body_write(world->core, &result, &body);
  assert_string_equal(
      str_text(&body),
      "{\"what\":\"retention.run\",\"law\":\"GDPR 5(1)(e)\",\"at\":\"2026-01-10T09:00:00+01:00\","
      "\"records\":1,\"persons\":1,\"erased\":{\"traffic.ip\":1}}");
  check_receipt(world, result.entry_index, NULL, str_view(&body));
  world_end(world);
}

// Each entry of a log has its proof, at whatever place and size, and no index beside it has one.
static void receipt__proves_every_entry(void **state)
{
  struct world *world = world_begin(*state);
  for (int round = 0; round < 3; round++) {
    somebody(world);
    int64_t size = core_log_size(world->core);
    for (int64_t index = 0; index < size; index++) {
      OWNED(str) struct str text = STR_INIT(RECEIPT_BYTES_MAX);
      OWNED(document) struct document *document = NULL;
      struct receipt receipt = {.index = -1};
      write_receipt(world, index, NULL, VIEW_EMPTY, &text);
      assert_int_equal(document_read(str_view(&text), &document, &world->err), ERR_OK);
      read_receipt(document, &receipt);
      for (int64_t other = 0; other < size; other++)
        assert_int_equal(proof_holds(&receipt, other), other == index);
    }
    assert_int_equal(core_log_size(world->core), size);
  }
  world_end(world);
}

static enum err_code count_note(void *context, const struct checkpoint_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ++*(int *)context;
  return ERR_OK;
}

static int note_count(struct world *world)
{
  int count = 0;
  assert_int_equal(store_checkpoint_each(core_store(world->core), core_node(world->core),
                                         count_note, &count, &world->err),
                   ERR_OK);
  return count;
}

// A head is signed only when the last one does not cover the log; an entry that is not there has no
// receipt.
static void receipt__signs_no_more_than_is_needed(void **state)
{
  OWNED(str) struct str first = STR_INIT(RECEIPT_BYTES_MAX);
  OWNED(str) struct str second = STR_INIT(RECEIPT_BYTES_MAX);
  OWNED(str) struct str none = STR_INIT(RECEIPT_BYTES_MAX);
  struct world *world = world_begin(*state);
  somebody(world);
  int notes = note_count(world);
  write_receipt(world, 1, NULL, VIEW_EMPTY, &first);
  write_receipt(world, 1, NULL, VIEW_EMPTY, &second);
  assert_int_equal(note_count(world), notes + 1);
  assert_string_equal(str_text(&first), str_text(&second));
  const int64_t outside[] = {-1, core_log_size(world->core), INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < ARRAY_COUNT(outside); i++)
    assert_int_equal(receipt_write(world->core, outside[i], NULL, VIEW_EMPTY, &none, &world->err),
                     ERR_NOT_FOUND);
  assert_int_equal(none.length, 0);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(receipt__shows_an_erasure),
      TEST_STORES(receipt__shows_a_sweep),
      TEST_STORE_SQLITE(receipt__proves_every_entry),
      TEST_STORES(receipt__signs_no_more_than_is_needed),
  };
  return cmocka_run_group_tests_name("retain receipt", tests, test_stores_begin, test_stores_end);
}
