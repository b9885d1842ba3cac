#include "retain/receipt.h"

#include <string.h>

#include "base/document.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"
#include "store/rows.h"
#include "store/store.h"

// The log read forward, one row of it in memory.
struct leaves {
  struct core *core;
  int64_t size;           // of the tree that is proven
  int64_t index;          // of the entry in question
  struct ledger_row row;  // its views live until the next one is read
  unsigned char entry[LEDGER_ENTRY_BYTES];
  enum err_code code;
  struct err *err;
};

static const char *entry_at(const struct leaves *leaves, int64_t index)
{
  return leaves->row.entries.bytes + (index - leaves->row.first) * LEDGER_ENTRY_BYTES;
}

static bool reaches(const struct leaves *leaves, int64_t index)
{
  return index < leaves->row.first + leaves->row.count;
}

static bool read_row(struct leaves *leaves)
{
  bool found = false;
  struct ledger_row *row = &leaves->row;
  leaves->code = store_ledger_from(core_store(leaves->core), core_node(leaves->core),
                                   row->first + row->count, row, &found, leaves->err);
  if (leaves->code == ERR_OK &&
      (!found || row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES))
    leaves->code =
        err_set(leaves->err, ERR_INTEGRITY, "a batch of the log is missing, or has another length");
  if (leaves->code != ERR_OK)
    return false;
  if (leaves->index >= row->first && reaches(leaves, leaves->index))
    memcpy(leaves->entry, entry_at(leaves, leaves->index), LEDGER_ENTRY_BYTES);
  return true;
}

static bool leaf_at(void *context, int64_t index, unsigned char ret_leaf_hash[LEDGER_HASH_BYTES])
{
  struct leaves *leaves = context;
  while (!reaches(leaves, index))
    if (!read_row(leaves))
      return false;
  tree_leaf_hash(entry_at(leaves, index), LEDGER_ENTRY_BYTES, ret_leaf_hash);
  return true;
}

static enum err_code read_leaves(struct leaves *leaves, struct proof *ret_proof)
{
  bool is_whole = tree_inclusion(leaves->index, leaves->size, leaf_at, leaves, ret_proof);
  while (is_whole && !reaches(leaves, leaves->index))
    is_whole = read_row(leaves);
  return leaves->code;
}

struct last_note {
  struct str *note;
  int64_t size;
};

static enum err_code take_note(void *context, const struct checkpoint_row *row, struct err *err)
{
  (void)err;
  struct last_note *last = context;
  if (row->size < last->size)
    return ERR_OK;
  str_clear(last->note);
  str_add(last->note, row->note);
  last->size = row->size;
  return ERR_OK;
}

static void set_hex(struct document *object, const char *member, const void *bytes, size_t length)
{
  char text[2 * LEDGER_ENTRY_BYTES + 1];
  hex_write(bytes, length, text);
  document_set_text(object, member, view_of(text));
}

static enum err_code write_document(struct leaves *leaves, const unsigned char *salt,
                                    struct view body, struct view note, struct str *ret_text,
                                    struct err *err)
{
  struct proof proof;
  const struct core *core = leaves->core;
  enum err_code code = read_leaves(leaves, &proof);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *receipt = document_object();
  document_set_text(receipt, "schema", VIEW_LITERAL("forvar.receipt/1"));
  document_set_text(receipt, "origin", view_of(core_origin(core)));
  set_hex(receipt, "public_key", core_public_key(core), 32);
  document_set_int(receipt, "index", leaves->index);
  document_set_int(receipt, "size", leaves->size);
  set_hex(receipt, "entry", leaves->entry, LEDGER_ENTRY_BYTES);
  if (salt != NULL)
    set_hex(receipt, "salt", salt, LEDGER_SALT_BYTES);
  else
    document_set_text(receipt, "salt", VIEW_EMPTY);
  document_set_text(receipt, "body", body);
  struct document *hashes = document_array();
  for (int i = 0; i < proof.count; i++) {
    char text[2 * LEDGER_HASH_BYTES + 1];
    hex_write(proof.hashes[i], LEDGER_HASH_BYTES, text);
    document_add_text(hashes, view_of(text));
  }
  document_set(receipt, "proof", hashes);
  document_set_text(receipt, "checkpoint", note);
  return document_write(receipt, DOCUMENT_PRETTY, ret_text, err);
}

enum err_code receipt_write(struct core *core, int64_t index, const unsigned char *salt,
                            struct view body, struct str *ret_text, struct err *err)
{
  enum err_code code = core_checkpoint(core, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  struct last_note last = {&note, 0};
  code = store_checkpoint_each(core_store(core), core_node(core), take_note, &last, err);
  if (code != ERR_OK)
    return code;
  if (index < 0 || index >= last.size)
    return err_set(err, ERR_NOT_FOUND, "the log has no entry of that index");
  struct leaves leaves = {.core = core, .size = last.size, .index = index, .err = err};
  return write_document(&leaves, salt, body, str_view(&note), ret_text, err);
}
