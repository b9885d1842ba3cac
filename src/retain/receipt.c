#include "retain/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"
#include "store/rows.h"
#include "store/store.h"

struct leaves {
  unsigned char (*hashes)[LEDGER_HASH_BYTES];
  int64_t size;   // of the tree that is proven
  int64_t index;  // of the entry in question
  unsigned char entry[LEDGER_ENTRY_BYTES];
};

static enum err_code add_leaves(void *context, const struct ledger_row *row, struct err *err)
{
  struct leaves *leaves = context;
  if (row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES)
    return err_set(err, ERR_INTEGRITY, "a batch of the log has the wrong length");
  for (int64_t i = 0; i < row->count && row->first + i < leaves->size; i++) {
    const char *entry = row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    tree_leaf_hash(entry, LEDGER_ENTRY_BYTES, leaves->hashes[row->first + i]);
    if (row->first + i == leaves->index)
      memcpy(leaves->entry, entry, LEDGER_ENTRY_BYTES);
  }
  return ERR_OK;
}

static bool leaf_at(void *context, int64_t index, unsigned char ret_leaf_hash[LEDGER_HASH_BYTES])
{
  const struct leaves *leaves = context;
  if (index >= leaves->size)
    return false;
  memcpy(ret_leaf_hash, leaves->hashes[index], LEDGER_HASH_BYTES);
  return true;
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

static enum err_code write_document(struct core *core, const struct leaves *leaves,
                                    const unsigned char *salt, struct view body, struct view note,
                                    struct str *ret_text, struct err *err)
{
  struct proof proof;
  if (!tree_inclusion(leaves->index, leaves->size, leaf_at, (void *)(uintptr_t)leaves, &proof))
    return err_set(err, ERR_INTEGRITY, "the log has no entry of that index");
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
  struct leaves leaves = {.size = last.size, .index = index};
  leaves.hashes = calloc((size_t)last.size, sizeof *leaves.hashes);
  if (leaves.hashes == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a proof");
  code = store_ledger_each(core_store(core), core_node(core), 0, add_leaves, &leaves, err);
  if (code == ERR_OK)
    code = write_document(core, &leaves, salt, body, str_view(&note), ret_text, err);
  free(leaves.hashes);
  return code;
}
