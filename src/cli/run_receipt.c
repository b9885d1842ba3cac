// erase verify: does a receipt hold, and does the log of this home say the same? forvar-verify
// checks a receipt without this home and without trusting this program.
#include <string.h>

#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/tree.h"
#include "store/rows.h"
#include "store/store.h"

struct claim {  // what a receipt says
  int64_t index, size;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  struct entry entry;
  unsigned char salt[LEDGER_SALT_BYTES];
  bool has_salt;
  struct view body, note;
  struct proof proof;
};

static enum err_code does_not_hold(struct err *err, const char *what)
{
  return err_set(err, ERR_INTEGRITY, "the receipt does not hold: %s", what);
}

static enum err_code get_hex(const struct document *document, const char *member, void *ret_bytes,
                             size_t length, struct err *err)
{
  struct view text;
  enum err_code code = document_get_text(document, member, &text, err);
  if (code != ERR_OK || hex_read(text, ret_bytes, length))
    return code;
  err_set(err, ERR_INPUT, "%zu bytes in hexadecimal are wanted", length);
  return err_where(err, "/%s", member);
}

static enum err_code read_proof(const struct document *document, struct proof *ret_proof,
                                struct err *err)
{
  size_t count = 0;
  const struct document *list = NULL;
  enum err_code code = document_get_array(document, "proof", &list, &count, err);
  if (code == ERR_OK && count > LEDGER_PROOF_HASHES_MAX)
    code = err_set(err, ERR_INPUT, "a proof has at most %d hashes", LEDGER_PROOF_HASHES_MAX);
  if (code != ERR_OK)
    return code;
  for (size_t i = 0; i < count; i++) {
    struct view text = VIEW_EMPTY;
    if (!document_as_text(document_at(list, i), &text) ||
        !hex_read(text, ret_proof->hashes[i], LEDGER_HASH_BYTES))
      return err_set(err, ERR_INPUT, "a hash of the proof is not one");
  }
  ret_proof->count = (int)count;
  return ERR_OK;
}

static enum err_code read_salt(const struct document *document, struct claim *claim,
                               struct err *err)
{
  struct view text = VIEW_EMPTY;
  enum err_code code = document_get_text(document, "salt", &text, err);
  claim->has_salt = text.length > 0;
  if (code == ERR_OK && claim->has_salt)
    code = get_hex(document, "salt", claim->salt, sizeof claim->salt, err);
  return code;
}

// Names of the log first: a receipt of another home is no forgery.
static enum err_code check_origin(const struct core *core, const struct document *document,
                                  struct err *err)
{
  struct view schema, origin;
  unsigned char key[32];
  enum err_code code = document_get_text(document, "schema", &schema, err);
  if (code == ERR_OK && !view_is(schema, "forvar.receipt/1"))
    code = err_set(err, ERR_INPUT, "the file is not a receipt");
  if (code == ERR_OK)
    code = document_get_text(document, "origin", &origin, err);
  if (code == ERR_OK)
    code = get_hex(document, "public_key", key, sizeof key, err);
  if (code != ERR_OK)
    return code;
  if (view_is(origin, core_origin(core)) && memcmp(key, core_public_key(core), sizeof key) == 0)
    return ERR_OK;
  return err_set(err, ERR_INPUT, "the receipt is of another log than that of this home");
}

static enum err_code read_claim(const struct document *document, struct claim *claim,
                                struct err *err)
{
  enum err_code code = document_get_int(document, "index", &claim->index, err);
  if (code == ERR_OK)
    code = document_get_int(document, "size", &claim->size, err);
  if (code == ERR_OK)
    code = get_hex(document, "entry", claim->bytes, sizeof claim->bytes, err);
  if (code == ERR_OK)
    code = read_salt(document, claim, err);
  if (code == ERR_OK)
    code = document_get_text(document, "body", &claim->body, err);
  if (code == ERR_OK)
    code = document_get_text(document, "checkpoint", &claim->note, err);
  if (code == ERR_OK)
    code = read_proof(document, &claim->proof, err);
  if (code == ERR_OK && !entry_read(claim->bytes, &claim->entry))
    code = does_not_hold(err, "its entry has no known form");
  return code;
}

static bool tells_of_erasure(enum ledger_operation operation)
{
  return operation == LEDGER_OP_ERASE || operation == LEDGER_OP_ERASE_PART ||
         operation == LEDGER_OP_SWEEP_RUN || operation == LEDGER_OP_TASK ||
         operation == LEDGER_OP_REQUEST_CLOSE;
}

static enum err_code check_claim(const struct core *core, const struct claim *claim,
                                 struct err *err)
{
  int64_t size = 0;
  unsigned char root[LEDGER_HASH_BYTES];
  unsigned char leaf[LEDGER_HASH_BYTES];
  unsigned char detail[LEDGER_DETAIL_BYTES];
  enum err_code code =
      checkpoint_read(claim->note, core_origin(core), core_public_key(core), &size, root, err);
  if (code != ERR_OK)
    return code;
  if (size != claim->size || claim->index < 0 || claim->index >= size)
    return does_not_hold(err, "its size is not that of the signed head");
  if (!tells_of_erasure(claim->entry.operation))
    return does_not_hold(err, "its entry tells of no erasure");
  entry_detail(claim->has_salt ? claim->salt : NULL, claim->body, detail);
  if (memcmp(detail, claim->entry.detail, sizeof detail) != 0)
    return does_not_hold(err, "its entry commits to another text");
  tree_leaf_hash(claim->bytes, sizeof claim->bytes, leaf);
  return tree_check_inclusion(leaf, claim->index, size, &claim->proof, root)
             ? ERR_OK
             : does_not_hold(err, "its entry is not in the signed log");
}

static enum err_code compare_entry(void *context, const struct ledger_row *row, struct err *err)
{
  const struct claim *claim = context;
  int64_t at = claim->index - row->first;
  if (at < 0 || at >= row->count)
    return ERR_OK;
  if (row->entries.length == (size_t)row->count * LEDGER_ENTRY_BYTES &&
      memcmp(row->entries.bytes + at * LEDGER_ENTRY_BYTES, claim->bytes, sizeof claim->bytes) == 0)
    return ERR_OK;
  return err_set(err, ERR_INTEGRITY, "the log of this home has another entry at %lld",
                 (long long)claim->index);
}

static enum err_code check_log(struct core *core, struct claim *claim, struct err *err)
{
  if (claim->index >= core_log_size(core))
    return err_set(err, ERR_INTEGRITY, "the log of this home is shorter than the receipt says");
  return store_ledger_each(core_store(core), core_node(core), 0, compare_entry, claim, err);
}

enum err_code run_erase_verify(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(document) struct document *receipt = NULL;
  struct claim claim = {.index = -1};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = document_read(str_view(&text), &receipt, err);
  if (code == ERR_OK)
    code = check_origin(call_core(call), receipt, err);
  if (code == ERR_OK)
    code = read_claim(receipt, &claim, err);
  if (code == ERR_OK)
    code = check_claim(call_core(call), &claim, err);
  if (code == ERR_OK)
    code = check_log(call_core(call), &claim, err);
  if (code != ERR_OK)
    return code;
  char at[CALENDAR_TEXT_BYTES];
  output_time(call, claim.entry.time_us, at);
  OWNED(document) struct document *document = output_document(call, "erase.verify");
  if (document != NULL) {
    document_set_int(document, "entry", claim.index);
    document_set_text(document, "operation", view_of(ledger_operation_name(claim.entry.operation)));
    document_set_text(document, "at", view_of(at));
    document_set_text(document, "body", claim.body);
  }
  print(call, "holds: entry %lld of the log, %s, %s", (long long)claim.index,
        ledger_operation_name(claim.entry.operation), at);
  print(call, "  %.*s", (int)claim.body.length, claim.body.bytes);
  return output_write(call, &document, err);
}
