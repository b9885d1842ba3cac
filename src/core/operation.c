// One member of a batch: its savepoint, its idempotency, its verb, and what is taken over or
// undone afterwards.
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/internal.h"
#include "store/store.h"

struct batch_mark batch_mark(const struct batch *batch)
{
  const struct catalog *catalog = core_catalog(batch->core);
  struct batch_mark mark = {batch->head,
                            batch->entry_count,
                            batch->changed,
                            batch->next_id,
                            atomic_load(&catalog->classes.count),
                            {0}};
  for (int kind = NAME_FIELD; kind < NAME_KIND_END; kind++)
    mark.name_counts[kind] = catalog->names->tables[kind].count;
  return mark;
}

void batch_give_back(struct batch *batch, const struct batch_mark *mark)
{
  struct catalog *catalog = core_catalog(batch->core);
  batch->head = mark->head;
  batch->entry_count = mark->entry_count;
  batch->changed = mark->changed;
  // batch->next_id stays: an id that was handed out is not handed out again.
  class_table_cut(&catalog->classes, mark->class_count);
  for (int kind = NAME_FIELD; kind < NAME_KIND_END; kind++)
    names_cut(catalog->names, (enum name_kind)kind, mark->name_counts[kind]);
  // A key that was made and opened in the undone operation must not stay in the cache: its
  // number will be given to another one.
  for (int32_t i = 0; i < batch->person_count; i++)
    cache_publish(batch->core->cache, batch->persons[i].person, NULL);
  batch_forget_operation(batch);
}

// ── Idempotency (K11) ───────────────────────────────────────────────────────────────────────

static enum err_code answer_repeated(struct batch *batch, struct operation *operation,
                                     bool *ret_repeated, struct err *err)
{
  struct person_id person = {operation->verb->person_of(operation->input)};
  struct operation_row row;
  enum err_code code =
      store_operation_get(batch->core->store, person,
                          view_bytes(operation->key, OPERATION_KEY_BYTES), &row, ret_repeated, err);
  if (code != ERR_OK || !*ret_repeated)
    return code;
  if (!view_equal(row.digest, view_bytes(operation->digest, OPERATION_KEY_BYTES)) ||
      row.outcome.length != OPERATION_OUTCOME_BYTES_MAX) {
    code = err_set(err, ERR_CONFLICT, "this operation key was used for another request");
    err_hint(err, "make a fresh key for each request and reuse it only to repeat that request");
    return code;
  }
  if (operation->verb->outcome_unpack != NULL)
    operation->verb->outcome_unpack((const unsigned char *)row.outcome.bytes, operation->output);
  operation->repeated = true;
  return ERR_OK;
}

static enum err_code remember(struct batch *batch, const struct operation *operation,
                              struct err *err)
{
  unsigned char outcome[OPERATION_OUTCOME_BYTES_MAX] = {0};
  if (operation->verb->outcome_pack != NULL)
    operation->verb->outcome_pack(operation->output, outcome);
  struct person_id person = {operation->verb->person_of(operation->input)};
  struct operation_row row = {
      .person = person,
      .key = view_bytes(operation->key, OPERATION_KEY_BYTES),
      .digest = view_bytes(operation->digest, OPERATION_KEY_BYTES),
      .at_us = batch->now_us,
      .outcome = view_bytes(outcome, sizeof outcome),
  };
  unsigned char *sum = batch->head.catalog;
  for (int32_t i = 0; i < batch->person_count; i++)
    if (batch->persons[i].person.value == person.value && batch->persons[i].now != NULL)
      sum = batch->persons[i].now->digest;
  if (person.value != 0 && sum == batch->head.catalog)
    return ERR_OK;  // the person is erased: its operations died with it
  enum err_code code = store_operation_add(batch->core->store, &row, err);
  if (code == ERR_OK)
    digest_add(sum, digest_operation(batch->core->vault, &row).bytes);
  return code;
}

// ── Taking over ─────────────────────────────────────────────────────────────────────────────

static struct term person_term(const struct batch *batch, const struct person_state *state,
                               unsigned char packed[STATE_BYTES])
{
  state_pack(state, packed);
  struct person_row row = {state->person, state->version, view_bytes(packed, STATE_BYTES),
                           VIEW_EMPTY};
  return digest_person(batch->core->vault, &row);
}

// Writes the row of a person with its MAC and moves the digest of the home.
static enum err_code write_person(struct batch *batch, struct working *working, struct err *err)
{
  unsigned char packed[STATE_BYTES];
  if (working->before != NULL) {
    struct term old = person_term(batch, working->before, packed);
    digest_subtract(batch->head.persons, old.bytes);
  }
  batch->changed = true;
  if (working->now == NULL)
    return store_person_delete(batch->core->store, working->person, err);
  working->now->version++;
  struct term term = person_term(batch, working->now, packed);
  digest_add(batch->head.persons, term.bytes);
  struct person_row row = {working->person, working->now->version,
                           view_bytes(packed, sizeof packed),
                           view_bytes(term.bytes, sizeof term.bytes)};
  return store_person_put(batch->core->store, &row, err);
}

static bool is_touched(const struct working *working)
{
  unsigned char before[STATE_BYTES];
  unsigned char now[STATE_BYTES];
  if (working->before == NULL || working->now == NULL)
    return working->before != working->now;
  state_pack(working->before, before);
  state_pack(working->now, now);
  return memcmp(before, now, STATE_BYTES) != 0;
}

static enum err_code accept_person(struct batch *batch, struct working *working, struct err *err)
{
  if (batch->accepted_count == batch->accepted_capacity) {
    int32_t capacity = batch->accepted_capacity == 0 ? 64 : batch->accepted_capacity * 2;
    struct working *larger = realloc(batch->accepted, (size_t)capacity * sizeof *batch->accepted);
    if (larger == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a batch");
    batch->accepted = larger;
    batch->accepted_capacity = capacity;
  }
  batch->accepted[batch->accepted_count++] =
      (struct working){NULL, TAKE(working->now), working->person};
  return ERR_OK;
}

static enum err_code take_over(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  if (operation->has_key && operation->verb->person_of != NULL) {
    enum err_code code = remember(batch, operation, err);
    if (code != ERR_OK)
      return code;
    batch->changed = true;
  }
  for (int32_t i = 0; i < batch->person_count; i++) {
    struct working *working = &batch->persons[i];
    if (!is_touched(working))
      continue;
    enum err_code code = write_person(batch, working, err);
    if (code == ERR_OK)
      code = accept_person(batch, working, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static enum err_code apply(struct batch *batch, struct operation *operation, struct err *err)
{
  bool repeated = false;
  if (operation->has_key && operation->verb->person_of != NULL) {
    enum err_code code = answer_repeated(batch, operation, &repeated, err);
    if (code != ERR_OK || repeated)
      return code;
  }
  enum err_code code = operation->verb->apply(batch, operation, err);
  return code != ERR_OK ? code : take_over(batch, operation, err);
}

static enum err_code end_well(struct batch *batch, struct err *err)
{
  batch_forget_operation(batch);
  return batch->careful ? store_release(batch->core->store, err) : ERR_OK;
}

static enum err_code end_undone(struct batch *batch, const struct batch_mark *mark, struct err *err)
{
  batch_give_back(batch, mark);
  batch->again = !batch->careful;
  if (batch->again)
    return ERR_OK;
  enum err_code code = store_rollback_to(batch->core->store, err);
  if (code == ERR_OK && batch->refused)
    memcpy(batch->entries[batch->entry_count++], batch->refusal, LEDGER_ENTRY_BYTES);
  return code;
}

enum err_code operation_run(struct batch *batch, struct operation *operation, bool *ret_fatal,
                            struct err *err)
{
  struct batch_mark mark = batch_mark(batch);
  batch->refused = false;
  enum err_code code = batch->careful ? store_savepoint(batch->core->store, err) : ERR_OK;
  if (code == ERR_OK)
    code = apply(batch, operation, &operation->err);
  operation->code = code;
  *ret_fatal = is_fatal(code);
  if (*ret_fatal) {
    if (err != &operation->err && operation->err.code == code)
      *err = operation->err;
    batch_give_back(batch, &mark);
    return code;
  }
  code = code == ERR_OK ? end_well(batch, err) : end_undone(batch, &mark, err);
  *ret_fatal = code != ERR_OK;
  return code;
}
