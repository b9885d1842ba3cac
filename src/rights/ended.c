// What a right has brought to its end goes in the transaction of the right.
#include "core/record.h"
#include "core/refile.h"
#include "retain/due.h"
#include "retain/hold.h"
#include "rights/inside.h"
#include "store/store.h"

struct ended {
  struct batch *batch;
  const struct person_state *state;
  int32_t purpose;  // -1: any
  struct holds holds;
  struct due_record *first, **last;
};

static bool is_ended(const struct ended *ended, const struct class_info *info,
                     const struct record_row *row)
{
  struct end end = record_last_end(batch_policy(ended->batch), info, ended->state, row);
  bool serves = ended->purpose < 0 || set_has(&info->purposes, ended->purpose);
  return serves && (end.state == END_ABSENT ||
                    (end.state == END_AT && end.erase_us <= batch_now_us(ended->batch)));
}

static enum err_code look_at(void *context, const struct record_row *row, struct err *err)
{
  struct ended *ended = context;
  const struct class_info *info = class_get(core_classes(batch_core(ended->batch)), row->class_id);
  if (info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  if (!is_ended(ended, info, row) || holds_find(&ended->holds, ended->state, row) != NULL)
    return ERR_OK;
  struct arena *arena = batch_arena(ended->batch);
  struct due_record *going = arena_new(arena, sizeof *going);
  char *value = arena_text(arena, row->value);
  if (going == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  *going = (struct due_record){.row = *row, .is_due = true};
  going->row.value = view_bytes(value, row->value.length);
  *ended->last = going;
  ended->last = &going->next;
  return ERR_OK;
}

enum err_code erase_ended(struct batch *batch, struct person_state *state, int32_t purpose,
                          int64_t *ret_count, struct err *err)
{
  struct ended ended = {.batch = batch, .state = state, .purpose = purpose};
  struct lost_keys keys = {.count = 0};
  ended.last = &ended.first;
  *ret_count = 0;
  if (batch_is_clock_stopped(batch))
    return ERR_OK;
  enum err_code code =
      holds_read_group(batch_store(batch), state, batch_arena(batch), &ended.holds, err);
  if (code == ERR_OK)
    code = store_record_each(batch_store(batch), state->person, -1, look_at, &ended, err);
  for (struct due_record *at = ended.first; code == ERR_OK && at != NULL; at = at->next) {
    ++*ret_count;
    code = record_remove(batch, state, &at->row, err);
    if (code == ERR_OK)
      code = keys_lose(batch, state, &keys, at->row.key, err);
  }
  return code == ERR_OK ? keys_settle(batch, state, &keys, err) : code;
}
