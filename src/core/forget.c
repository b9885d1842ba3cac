// Operation keys are remembered for 72 hours (K11) and then forgotten, each with its term in the
// digest.
#include <string.h>

#include "core/internal.h"
#include "core/verbs.h"
#include "store/store.h"

enum { FORGET_PER_ROUND = 64 };

struct old_operation {
  struct operation_row row;
  unsigned char key[OPERATION_KEY_BYTES];
  unsigned char digest[OPERATION_KEY_BYTES];
  unsigned char outcome[OPERATION_OUTCOME_BYTES_MAX];
};

struct old_operations {
  struct old_operation items[FORGET_PER_ROUND];
  int32_t count;
};

static void keep_view(struct view *view, unsigned char *copy, size_t size)
{
  size_t length = view->length < size ? view->length : size;
  memcpy(copy, view->bytes, length);
  *view = view_bytes(copy, length);
}

static enum err_code collect(void *context, const struct operation_row *row, struct err *err)
{
  (void)err;
  struct old_operations *old = context;
  struct old_operation *item = &old->items[old->count++];
  item->row = *row;
  keep_view(&item->row.key, item->key, sizeof item->key);
  keep_view(&item->row.digest, item->digest, sizeof item->digest);
  keep_view(&item->row.outcome, item->outcome, sizeof item->outcome);
  return ERR_OK;
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct operation_row *row = operation->input;
  struct term term = digest_operation(batch->core->vault, row);
  batch->changed = true;
  if (row->person.value == 0) {
    digest_subtract(batch->head.catalog, term.bytes);
    return store_operation_delete(batch->core->store, row->person, row->key, err);
  }
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, row->person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased since it was listed, and its operations with it
  if (code != ERR_OK)
    return code;
  digest_subtract(state->digest, term.bytes);
  return store_operation_delete(batch->core->store, row->person, row->key, err);
}

static const struct verb verb_forget = {.name = "operation.forget", .apply = apply};

enum err_code operations_forget(struct core *core, struct err *err)
{
  struct old_operations old;
  enum err_code code = ERR_OK;
  do {
    old.count = 0;
    code = store_operation_older(core->store, core_now_us(core) - CORE_OPERATION_KEEP_US,
                                 FORGET_PER_ROUND, collect, &old, err);
    for (int32_t i = 0; code == ERR_OK && i < old.count; i++) {
      struct operation operation = OPERATION(&verb_forget, &old.items[i].row, NULL);
      code = core_perform(core, &operation, err);
    }
  } while (code == ERR_OK && old.count == FORGET_PER_ROUND);
  return code;
}
