#include "retain/standing.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "core/batch.h"
#include "core/bytes.h"
#include "store/store.h"

#define META_SWEEP "sweep"

// ── The row ─────────────────────────────────────────────────────────────────────────────────────

enum { FORMAT = 1, NUMBERS = 13, STANDING_BYTES = (NUMBERS + SWEEP_FORESEEN_DAYS) * 8 + 24 };
_Static_assert(SWEEP_ERROR_BYTES == 24, "the error stands in the row as it is");

static void numbers_of(const struct sweep_standing *standing, int64_t ret[NUMBERS])
{
  const int64_t numbers[NUMBERS] = {
      FORMAT,
      (int64_t)standing->state,
      standing->begun_us,
      standing->done_us,
      standing->erased,
      standing->held,
      standing->failed,
      standing->due,
      standing->most,
      standing->confirmed,
      standing->failures,
      standing->foreseen_us,
      standing->first_day,
  };
  memcpy(ret, numbers, sizeof numbers);
}

enum err_code sweep_standing_store(struct batch *batch, const struct sweep_standing *standing,
                                   struct err *err)
{
  unsigned char raw[STANDING_BYTES];
  struct bytes bytes = bytes_over(raw, sizeof raw);
  int64_t numbers[NUMBERS];
  numbers_of(standing, numbers);
  for (int i = 0; i < NUMBERS; i++)
    bytes_i64(&bytes, numbers[i]);
  for (int i = 0; i < SWEEP_FORESEEN_DAYS; i++)
    bytes_i64(&bytes, standing->foreseen[i]);
  bytes_add(&bytes, standing->error, sizeof standing->error);
  POST(bytes.length == STANDING_BYTES);
  return batch_put_meta(batch, META_SWEEP, view_bytes(raw, sizeof raw), err);
}

static struct sweep_standing unpack(const unsigned char *at)
{
  int64_t n[NUMBERS];
  for (int i = 0; i < NUMBERS; i++, at += 8)
    n[i] = bytes_get_i64(at);
  struct sweep_standing standing = {
      .state = (enum sweep_state)n[1],
      .begun_us = n[2],
      .done_us = n[3],
      .erased = n[4],
      .held = n[5],
      .failed = n[6],
      .due = n[7],
      .most = n[8],
      .confirmed = n[9],
      .failures = n[10],
      .foreseen_us = n[11],
      .first_day = n[12],
  };
  for (int i = 0; i < SWEEP_FORESEEN_DAYS; i++, at += 8)
    standing.foreseen[i] = bytes_get_i64(at);
  memcpy(standing.error, at, sizeof standing.error);
  return standing;
}

enum err_code sweep_standing_load(struct store *store, struct sweep_standing *ret_standing,
                                  struct err *err)
{
  OWNED(str) struct str text = STR_INIT(STORE_META_BYTES_MAX);
  bool found = false;
  enum err_code code = store_meta_get(store, META_SWEEP, &text, &found, err);
  if (code != ERR_OK)
    return code;
  struct view row = str_view(&text);
  const unsigned char *at = (const unsigned char *)row.bytes;
  if (!found) {
    *ret_standing = (struct sweep_standing){.state = SWEEP_RESTS};
    return ERR_OK;
  }
  if (row.length != STANDING_BYTES || bytes_get_i64(at) != FORMAT || bytes_get_i64(at + 8) < 0 ||
      bytes_get_i64(at + 8) >= SWEEP_STATE_COUNT || at[STANDING_BYTES - 1] != '\0')
    return err_set(err, ERR_INTEGRITY, "the meta row %s is damaged", META_SWEEP);
  *ret_standing = unpack(at);
  return ERR_OK;
}

enum err_code sweep_standing_read(struct core *core, struct sweep_standing *ret_standing,
                                  struct err *err)
{
  return sweep_standing_load(core_store(core), ret_standing, err);
}

// ── The breaker ─────────────────────────────────────────────────────────────────────────────────

int64_t sweep_foreseen(const struct sweep_standing *standing, int64_t day)
{
  int64_t records = 0;
  for (int i = 0; standing->foreseen_us != 0 && i < SWEEP_FORESEEN_DAYS; i++)
    if (standing->first_day + i <= day)
      records += standing->foreseen[i];
  return records;
}

int64_t sweep_most(const struct sweep_standing *standing, int64_t day)
{
  if (standing->confirmed > 0)
    return standing->confirmed + SWEEP_SURPRISE_RECORDS;
  int64_t foreseen = sweep_foreseen(standing, day);
  return foreseen + foreseen / 2 + SWEEP_SURPRISE_RECORDS;
}

enum err_code sweep_waits_error(const struct sweep_standing *standing, struct err *err)
{
  enum err_code code = err_set(err, ERR_STOPPED,
                               "%" PRId64 " records are due and at most %" PRId64
                               " were to be expected: nothing is erased until a person says so",
                               standing->due, standing->most);
  err_hint(
      err,
      "look at what it is (forvar retention plan -o FILE), then: forvar retention confirm %" PRId64,
      standing->due);
  return code;
}

// ── Changes of it ───────────────────────────────────────────────────────────────────────────────

static enum err_code log_change(struct batch *batch, const struct operation *operation,
                                const char *what, const char *name, int64_t number, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"%s\",\"%s\":%" PRId64 "}", what, name, number);
  return batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

static enum err_code apply_begin(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  (void)operation;
  struct sweep_standing standing;
  enum err_code code = sweep_standing_load(batch_store(batch), &standing, err);
  standing.state = SWEEP_RUNS;
  standing.begun_us = batch_now_us(batch);
  return code != ERR_OK ? code : sweep_standing_store(batch, &standing, err);
}

static const struct verb verb_sweep_begin = {.name = "retention.begin", .apply = apply_begin};

enum err_code sweep_begin(struct core *core, struct err *err)
{
  struct operation operation = OPERATION(&verb_sweep_begin, NULL, NULL);
  return core_perform(core, &operation, err);
}

struct stop_input {
  int64_t due, most;
};

static enum err_code apply_stop(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct stop_input *input = operation->input;
  struct sweep_standing standing;
  enum err_code code = sweep_standing_load(batch_store(batch), &standing, err);
  if (code != ERR_OK)
    return code;
  standing.state = SWEEP_WAITS;
  standing.due = input->due;
  standing.most = input->most;
  standing.confirmed = 0;
  code = sweep_standing_store(batch, &standing, err);
  return code != ERR_OK
             ? code
             : log_change(batch, operation, "retention.stop", "records", input->due, err);
}

static const struct verb verb_sweep_stop = {
    .name = "retention.stop", .ledger = LEDGER_OP_SWEEP_STOP, .apply = apply_stop};

enum err_code sweep_stop(struct core *core, int64_t due, int64_t most, struct err *err)
{
  struct stop_input input = {due, most};
  struct operation operation = OPERATION(&verb_sweep_stop, &input, NULL);
  enum err_code code = core_perform(core, &operation, err);
  const struct sweep_standing standing = {.due = due, .most = most};
  return code != ERR_OK ? code : sweep_waits_error(&standing, err);
}

static enum err_code apply_confirm(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct sweep_confirm_input *input = operation->input;
  struct sweep_standing standing;
  enum err_code code = sweep_standing_load(batch_store(batch), &standing, err);
  if (code == ERR_OK && standing.state != SWEEP_WAITS)
    code = err_set(err, ERR_CONFLICT, "the sweep waits for nobody");
  if (code == ERR_OK && standing.due != input->records)
    code = err_set(err, ERR_INPUT, "%" PRId64 " records wait, and another number was confirmed",
                   standing.due);
  if (code != ERR_OK)
    return code;
  standing.state = SWEEP_RESTS;
  standing.confirmed = input->records;
  code = sweep_standing_store(batch, &standing, err);
  return code != ERR_OK
             ? code
             : log_change(batch, operation, "retention.confirm", "records", input->records, err);
}

const struct verb verb_sweep_confirm = {
    .name = "retention.confirm", .ledger = LEDGER_OP_SWEEP_STOP, .apply = apply_confirm};

struct broke_input {
  const char *error;
};

// The log tells once of the same error.
static enum err_code apply_broke(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct broke_input *input = operation->input;
  struct sweep_standing standing;
  enum err_code code = sweep_standing_load(batch_store(batch), &standing, err);
  if (code != ERR_OK)
    return code;
  bool is_told = standing.failures > 0 && strcmp(standing.error, input->error) == 0;
  standing.state = SWEEP_RESTS;
  standing.failures++;
  memset(standing.error, 0, sizeof standing.error);
  for (size_t i = 0; i + 1 < sizeof standing.error && input->error[i] != '\0'; i++)
    standing.error[i] = input->error[i];
  code = sweep_standing_store(batch, &standing, err);
  return code != ERR_OK || is_told
             ? code
             : log_change(batch, operation, "retention.broke", "failures", standing.failures, err);
}

static const struct verb verb_sweep_broke = {
    .name = "retention.broke", .ledger = LEDGER_OP_SWEEP_STOP, .apply = apply_broke};

void sweep_broke_off(struct core *core, enum err_code why)
{
  struct err ignored = ERR_INIT;
  struct broke_input input = {err_id(why)};
  struct operation operation = OPERATION(&verb_sweep_broke, &input, NULL);
  if (core_perform(core, &operation, &ignored) != ERR_OK)
    ignored.code = ERR_OK;  // the run's own error is the one to tell
}
