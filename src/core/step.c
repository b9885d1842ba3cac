// Group commit: one transaction and one sync for everything that waits.
//
//   begin ─> each queued operation under a savepoint ─> kept entries ─> STATE entry
//         ─> ledger row and head ─> commit ─> publish states ─> answers
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/internal.h"
#include "ledger/kept.h"
#include "store/store.h"

enum { CAREFUL_BATCHES = 16 };

void core_submit(struct core *core, struct operation *operation)
{
  PRE(operation->state != OPERATION_QUEUED);
  operation->state = OPERATION_QUEUED;
  operation->code = ERR_OK;
  operation->repeated = false;
  operation->next = NULL;
  *core->last = operation;
  core->last = &operation->next;
  core->queued++;
}

// Takes the next operation off the queue; NULL if there is none.
static struct operation *take(struct core *core)
{
  struct operation *operation = core->first;
  if (operation == NULL)
    return NULL;
  core->first = operation->next;
  if (core->first == NULL)
    core->last = &core->first;
  operation->next = NULL;
  core->queued--;
  return operation;
}

static bool is_behind(const struct head *head, int64_t machine_us)
{
  return head->time_us - machine_us > CORE_CLOCK_BACK_US;
}

static bool is_heartbeat_due(struct core *core)
{
  int64_t machine_us = clock_now_us(&core->clock);
  return machine_us - core->head.time_us >= CORE_HEARTBEAT_US ||
         (core->head.clock_stopped == CLOCK_FREE && is_behind(&core->head, machine_us));
}

static enum err_code log_clock(struct batch *batch, const char *what, int64_t seen_us,
                               int64_t machine_us, struct err *err)
{
  static const struct verb clock_jumped = {.name = "clock.jump", .ledger = LEDGER_OP_CLOCK};
  struct operation operation = OPERATION(&clock_jumped, NULL, NULL);
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"%s\",\"from_us\":%lld,\"to_us\":%lld}", what, (long long)seen_us,
             (long long)machine_us);
  return batch_log(batch, &operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

// K10: the time of the batch, and whether the clock jumped.
static enum err_code guard_clock(struct batch *batch, struct err *err)
{
  int64_t machine_us = clock_now_us(&batch->core->clock);
  int64_t seen_us = batch->head.time_us;
  bool behind = is_behind(&batch->head, machine_us);
  bool ahead = machine_us - seen_us > CORE_CLOCK_JUMP_US;
  batch->now_us = machine_us > seen_us ? machine_us : seen_us;
  batch->head.time_us = batch->now_us;
  if (batch->head.clock_stopped == CLOCK_BEHIND && !behind)
    batch->head.clock_stopped = CLOCK_FREE;
  if (batch->head.clock_stopped != CLOCK_FREE || (!ahead && !behind))
    return ERR_OK;
  batch->head.clock_stopped = CLOCK_STOPPED;
  return log_clock(batch, ahead ? "clock.jump" : "clock.back", seen_us, machine_us, err);
}

static enum err_code take_kept(struct batch *batch, struct err *err)
{
  (void)err;
  if (batch->core->kept == NULL)
    return ERR_OK;
  int room = LEDGER_BATCH_ENTRIES_MAX - 1 - batch->entry_count;
  int most = room < CORE_KEPT_PER_BATCH_MAX ? room : CORE_KEPT_PER_BATCH_MAX;
  int64_t position = batch->head.kept_position;
  int count = kept_take(batch->core->kept, batch->entries + batch->entry_count, most, &position);
  batch->entry_count += count;
  if (count > 0)
    batch->head.kept_position = position;
  return ERR_OK;
}

// The digest of all rows, for whoever replays or edits them later (K8).
static void add_state_entry(struct batch *batch)
{
  struct entry entry = {
      .kind = LEDGER_STATE,
      .operation = LEDGER_OP_STATE,
      .time_us = batch->now_us,
      .purpose = LEDGER_NO_PURPOSE,
      .field = LEDGER_NO_FIELD,
      .nonce = (uint32_t)random_u64(&batch->core->random),
  };
  head_digest(&batch->head, entry.detail);
  batch->head.state_index = batch->core->tree.size + batch->entry_count;
  entry_seal(&entry, NULL, batch->entries[batch->entry_count++]);
}

static enum err_code write_log(struct batch *batch, struct err *err)
{
  if (batch->entry_count == 0)
    return ERR_OK;
  for (int32_t i = 0; i < batch->entry_count; i++)
    tree_append(&batch->tree, batch->entries[i], LEDGER_ENTRY_BYTES);
  unsigned char root[LEDGER_HASH_BYTES];
  tree_root(&batch->tree, root);
  struct ledger_row row = {
      .origin = batch->core->node,
      .first = batch->core->tree.size,
      .count = batch->entry_count,
      .time_us = entries_time_us(batch->entries[0], batch->entry_count),
      .root = view_bytes(root, sizeof root),
      .entries = view_bytes(batch->entries, (size_t)batch->entry_count * LEDGER_ENTRY_BYTES),
  };
  return store_ledger_add(batch->core->store, &row, err);
}

enum err_code batch_finish(struct batch *batch, struct err *err)
{
  enum err_code code = take_kept(batch, err);
  if (code != ERR_OK)
    return code;
  if (batch->changed)
    add_state_entry(batch);
  code = write_log(batch, err);
  if (code != ERR_OK)
    return code;
  unsigned char packed[HEAD_BYTES];
  head_pack(&batch->head, packed);
  code = store_meta_put(batch->core->store, "head", view_bytes(packed, sizeof packed), err);
  return code != ERR_OK ? code : store_commit(batch->core->store, err);
}

// After the commit and before any answer leaves.
static void publish(struct batch *batch)
{
  struct core *core = batch->core;
  core->head = batch->head;
  core->tree = batch->tree;
  core->next_id = batch->next_id;
  atomic_store_explicit(&core->time_us, batch->head.time_us, memory_order_release);
  if (core->kept != NULL)
    kept_release(core->kept, core->head.kept_position);
  if (batch->changed)
    cache_committed(core->cache);
  for (int32_t i = 0; i < batch->accepted_count; i++)
    cache_publish(core->cache, batch->accepted[i].person, TAKE(batch->accepted[i].now));
}

static void answer(struct operation *operation)
{
  while (operation != NULL) {
    struct operation *next = operation->next;
    operation->next = NULL;
    operation->state = OPERATION_DONE;
    if (operation->done != NULL)
      operation->done(operation, operation->context);
    operation = next;
  }
}

static void fail_all(struct operation *members, enum err_code code, const struct err *err)
{
  for (struct operation *member = members; member != NULL; member = member->next) {
    member->code = code;
    member->err = *err;
  }
}

// Runs members until the queue, the batch or its room for entries is at an end.
static enum err_code run_members(struct batch *batch, struct operation **ret_members,
                                 struct err *err)
{
  struct operation **last = ret_members;
  for (int count = 0; count < CORE_BATCH_OPERATIONS_MAX; count++) {
    if (batch->entry_count + CORE_ROOM_OF_OPERATION >= LEDGER_BATCH_ENTRIES_MAX)
      return ERR_OK;
    struct operation *operation = take(batch->core);
    if (operation == NULL)
      return ERR_OK;
    *last = operation;
    last = &operation->next;
    bool fatal = false;
    enum err_code code = operation_run(batch, operation, &fatal, err);
    if (fatal)
      return code;
    if (batch->again)
      return ERR_OK;
  }
  return ERR_OK;
}

static bool is_careful(struct core *core)
{
  int count = 0;
  if (core->careful_batches > 0) {
    core->careful_batches--;
    return true;
  }
  for (const struct operation *at = core->first; at != NULL && count < CORE_BATCH_OPERATIONS_MAX;
       at = at->next, count++)
    if (!at->verb->seldom_fails)
      return true;
  return false;
}

// A key that was made in an undone operation must not stay in the cache.
static void batch_forget_accepted(struct batch *batch)
{
  for (int32_t i = 0; i < batch->accepted_count; i++) {
    cache_publish(batch->core->cache, batch->accepted[i].person, NULL);
    state_drop(batch->accepted[i].now);
  }
  batch->accepted_count = 0;
}

static void batch_clear(struct batch *batch)
{
  batch_forget_operation(batch);
  for (int32_t i = 0; i < batch->accepted_count; i++)
    state_drop(batch->accepted[i].now);
  free(batch->accepted);
  arena_clear(&batch->arena);
}

static enum err_code run_batch(struct batch *batch, struct operation **ret_members, struct err *err)
{
  enum err_code code = store_begin(batch->core->store, STORE_WRITE, err);
  if (code != ERR_OK)
    return code;
  struct batch_mark mark = batch_mark(batch);
  code = guard_clock(batch, err);
  if (code == ERR_OK)
    code = run_members(batch, ret_members, err);
  if (code != ERR_OK || !batch->again)
    return code != ERR_OK ? code : batch_finish(batch, err);
  store_rollback(batch->core->store);
  batch_forget_accepted(batch);
  batch_give_back(batch, &mark);
  return ERR_OK;
}

// The members are first in the queue again; what failed may fail again soon.
static void begin_again(struct core *core, struct operation *members)
{
  struct operation **last = &members;
  for (; *last != NULL; last = &(*last)->next) {
    (*last)->err = (struct err)ERR_INIT;
    core->queued++;
  }
  *last = core->first;
  if (core->first == NULL)
    core->last = last;
  core->first = members;
  core->careful_batches = CAREFUL_BATCHES;
}

// Nothing of the batch has happened, or nobody knows: what is in memory is made from the store
// again.
static void recover(struct core *core)
{
  struct err ignored = ERR_INIT;
  store_rollback(core->store);
  core->lost =
      store_reconnect(core->store, &ignored) != ERR_OK || core_load(core, &ignored) != ERR_OK;
  if (!core->lost && core->kept != NULL)  // the commit may have happened, with what it took
    kept_release(core->kept, core->head.kept_position);
}

static enum err_code run_or_recover(struct core *core, struct batch *batch,
                                    struct operation **ret_members, struct err *err)
{
  enum err_code code = core->lost ? err_set(err, ERR_BUSY, "the database is away")
                                  : run_batch(batch, ret_members, err);
  if (code == ERR_OK)
    return ERR_OK;
  if (*ret_members == NULL)
    *ret_members = take(core);  // somebody must hear of it
  fail_all(*ret_members, code, err);
  recover(core);
  return code;
}

static enum err_code step(struct core *core, bool *ret_again, struct err *err)
{
  struct batch batch = {.core = core,
                        .head = core->head,
                        .tree = core->tree,
                        .entries = core->entries,
                        .careful = is_careful(core),
                        .next_id = core->next_id};
  struct operation *members = NULL;
  struct err failure = ERR_INIT;
  enum err_code code = run_or_recover(core, &batch, &members, &failure);
  *ret_again = code == ERR_OK && batch.again;
  if (*ret_again)
    begin_again(core, TAKE(members));
  else if (code == ERR_OK)
    publish(&batch);
  else if (err != NULL)
    *err = failure;
  batch_clear(&batch);
  answer(members);
  return code;
}

enum err_code core_step(struct core *core, struct err *err)
{
  if (core->gather != NULL)
    core->gather(core->gather_context);
  if (core->lost)
    recover(core);
  if (core_is_idle(core) && !is_heartbeat_due(core))
    return ERR_OK;
  bool again = false;
  enum err_code code = step(core, &again, err);
  return again ? step(core, &again, err) : code;
}

bool core_is_idle(const struct core *core)
{
  if (core->first != NULL)
    return false;
  unsigned char entry[1][LEDGER_ENTRY_BYTES];
  int64_t position = 0;
  return core->kept == NULL || kept_take(core->kept, entry, 1, &position) == 0;
}

enum err_code core_run(struct core *core, struct err *err)
{
  while (!core_is_idle(core)) {
    enum err_code code = core_step(core, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

enum err_code core_perform(struct core *core, struct operation *operation, struct err *err)
{
  core_submit(core, operation);
  while (operation->state == OPERATION_QUEUED) {
    struct err of_batch = ERR_INIT;
    if (core_step(core, &of_batch) != ERR_OK)
      continue;  // its members were told so; whoever was not among them goes on waiting
  }
  if (operation->code != ERR_OK)
    *err = operation->err;
  return operation->code;
}
