// The log as the store has it: read on from where the last look ended, so that each entry is
// hashed once.
#define _GNU_SOURCE  // memmem
#include <string.h>

#include "core/person.h"
#include "ledger/checkpoint.h"
#include "trial/grow.h"
#include "trial/watch_inside.h"

enum { LOG_ORIGIN = 1 };

// ── Reading on ──────────────────────────────────────────────────────────────────────────────

static bool add_entry(struct trial_look *look, const unsigned char *bytes)
{
  struct trial_watch *watch = &look->run->watch;
  struct trial_entry *entries = trial_grow(&look->run->arena, watch->entries, watch->entry_count,
                                           &watch->entry_capacity, sizeof *entries);
  if (entries == NULL)
    return false;
  watch->entries = entries;
  struct trial_entry *entry = &watch->entries[watch->entry_count++];
  memcpy(entry->bytes, bytes, LEDGER_ENTRY_BYTES);
  if (!entry_read(bytes, &entry->entry))
    trial_broken(look, "P7", "entry %d of the log is of no known kind", watch->entry_count - 1);
  tree_append(&watch->tree, bytes, LEDGER_ENTRY_BYTES);
  return true;
}

static enum err_code read_batch(void *context, const struct ledger_row *row, struct err *err)
{
  struct trial_look *look = context;
  struct trial_watch *watch = &look->run->watch;
  if (row->first != watch->tree.size || row->time_us < watch->batch_time_us || row->count < 1 ||
      row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES) {
    trial_broken(look, "P7", "the batch at entry %lld does not follow the one before it",
                 (long long)row->first);
    return err_set(err, ERR_INTEGRITY, "the log does not add up");
  }
  watch->batch_time_us = row->time_us;
  const unsigned char *bytes = (const unsigned char *)row->entries.bytes;
  for (int64_t i = 0; i < row->count; i++)
    if (!add_entry(look, bytes + i * LEDGER_ENTRY_BYTES))
      return err_set(err, ERR_MEMORY, "no memory for the entries of the log");
  unsigned char root[LEDGER_HASH_BYTES];
  tree_root(&watch->tree, root);
  if (!view_equal(row->root, view_bytes(root, sizeof root)))
    trial_broken(look, "P7", "the root of the batch at entry %lld is not that of its entries",
                 (long long)row->first);
  return ERR_OK;
}

void trial_look_log(struct trial_look *look)
{
  struct trial_run *run = look->run;
  struct err err = ERR_INIT;
  enum err_code code = store_ledger_each(core_store(run->home.core), LOG_ORIGIN,
                                         run->watch.tree.size, read_batch, look, &err);
  if (!trial_look_must(look, code, &err))
    return;
  if (run->watch.tree.size != core_log_size(run->home.core))
    trial_broken(look, "P7", "the log has %lld entries where the core counts %lld",
                 (long long)run->watch.tree.size, (long long)core_log_size(run->home.core));
}

void trial_watch_root(const struct trial_watch *watch, unsigned char ret_root[LEDGER_HASH_BYTES])
{
  tree_root(&watch->tree, ret_root);
}

// ── P2 ──────────────────────────────────────────────────────────────────────────────────────

static bool fits(const struct trial_look *look, const struct trial_entry *entry,
                 const struct trial_decision *decision)
{
  if (entry->entry.operation != decision->operation || entry->entry.outcome != decision->outcome ||
      entry->entry.policy != (uint32_t)decision->policy_version)
    return false;
  // An erased person's key is gone: nobody can tell whose the entry is.
  struct person_state *state = NULL;
  struct err ignored = ERR_INIT;
  struct person_id person = look->run->persons[decision->person].id;
  if (person_state_now(look->run->home.core, person, &state, &ignored) != ERR_OK)
    return true;
  bool is_about = entry_is_about(entry->bytes, &state->ledger_key);
  state_drop(state);
  return is_about;
}

// Uses have their entries in the order in which they were decided.
void trial_check_uses(struct trial_look *look)
{
  struct trial_run *run = look->run;
  struct trial_watch *watch = &run->watch;
  for (int32_t i = watch->before; i < watch->entry_count; i++) {
    if (watch->entries[i].entry.kind != LEDGER_USE)
      continue;
    if (watch->use_count >= run->decision_count) {
      trial_broken(look, "P2", "entry %d tells of a use that nobody asked for", i);
      return;
    }
    if (!fits(look, &watch->entries[i], &run->decisions[watch->use_count++]))
      trial_broken(look, "P2", "entry %d does not tell what was decided", i);
  }
  if (watch->use_count != run->decision_count)
    trial_broken(look, "P2", "%d decisions have %d entries", run->decision_count, watch->use_count);
}

static bool has_entry(const struct trial_watch *watch, const struct trial_work *work)
{
  for (int32_t i = watch->before; i < watch->entry_count; i++)
    if (watch->entries[i].entry.operation == work->operation &&
        watch->entries[i].entry.outcome == work->outcome)
      return true;
  return false;
}

void trial_check_works(struct trial_look *look)
{
  const struct trial_run *run = look->run;
  for (int32_t i = 0; i < run->work_count; i++)
    if (!has_entry(&run->watch, &run->works[i]))
      trial_broken(look, "P2", "operation %d with outcome %d has no entry",
                   (int)run->works[i].operation, (int)run->works[i].outcome);
}

// ── P7 ──────────────────────────────────────────────────────────────────────────────────────

enum { CLEAR_BYTES_MIN = 4 };  // shorter values would be found by chance

void trial_check_clear(struct trial_look *look)
{
  const struct trial_run *run = look->run;
  const struct trial_watch *watch = &run->watch;
  for (int32_t i = watch->before; i < watch->entry_count; i++)
    for (int32_t k = 0; k < run->value_count; k++) {
      struct view value = run->values[k].value;
      if (value.length >= CLEAR_BYTES_MIN &&
          memmem(watch->entries[i].bytes, LEDGER_ENTRY_BYTES, value.bytes, value.length) != NULL)
        trial_broken(look, "P7", "entry %d holds a value of %s in clear", i, run->values[k].field);
    }
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────

static enum err_code check_head(void *context, const struct checkpoint_row *row, struct err *err)
{
  struct trial_look *look = context;
  struct core *core = look->run->home.core;
  int64_t size = 0;
  unsigned char root[LEDGER_HASH_BYTES];
  enum err_code code =
      checkpoint_read(row->note, core_origin(core), core_public_key(core), &size, root, err);
  if (code != ERR_OK)
    return code;
  const struct trial_watch *watch = &look->run->watch;
  struct tree tree;
  tree_init(&tree);
  for (int32_t i = 0; i < size && i < watch->entry_count; i++)
    tree_append(&tree, watch->entries[i].bytes, LEDGER_ENTRY_BYTES);
  unsigned char own[LEDGER_HASH_BYTES];
  tree_root(&tree, own);
  if (size != row->size || size > watch->entry_count || memcmp(own, root, sizeof own) != 0)
    trial_broken(look, "P7", "the head of size %lld does not fit the log", (long long)row->size);
  return ERR_OK;
}

void trial_watch_end(struct trial_run *run, struct place place)
{
  struct trial_look look = {.run = run, .place = place, .arena = ARENA_INIT};
  struct err err = ERR_INIT;
  trial_look_log(&look);
  enum err_code code = run->is_broken ? ERR_OK : core_checkpoint(run->home.core, &err);
  if (code == ERR_OK && !run->is_broken)
    code = store_checkpoint_each(core_store(run->home.core), LOG_ORIGIN, check_head, &look, &err);
  (void)trial_look_must(&look, code, &err);
  arena_clear(&look.arena);
}
