// One step: the clock moves, a crash may be armed, clients ask or the machine works, the home comes
// back if it fell, and the oracle looks.
#include "life.h"
#include "life_op.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "retain/sweep.h"
#include "store/store.h"

enum { ARM_PERCENT = 30, CALLS_MAX = 60, DEEP_EVERY = 12, VERIFY_EVERY = 60 };

static void note_failure(const struct life *life, enum err_code code, const struct err *err)
{
  if (code != ERR_OK && life->is_verbose)
    (void)printf("    %s: %s\n", err_id(code), err->message);
}

// ── Sweeps ──────────────────────────────────────────────────────────────────────────────────

static void tell_sweep(struct life *life, enum err_code code, const struct err *err)
{
  bool lost = crash_vfs_crashed(life->vfs);
  enum oracle_reply reply = lost && code != ERR_OK ? O_UNKNOWN : life_reply_of(code);
  life->counts.sweeps += code == ERR_OK ? 1 : 0;
  life_note(life, "sweep: %s", code == ERR_CLOCK ? "stopped" : life_word(reply));
  note_failure(life, code, err);
  if (code == ERR_CLOCK)
    oracle_sweep_stopped(life->oracle, life->now_us);
  else
    oracle_sweep(life->oracle, life->now_us, reply);
}

static void sweep(struct life *life)
{
  struct err err = ERR_INIT;
  struct sweep_result result;
  tell_sweep(life, sweep_run(life->core, &result, &err), &err);
}

// Sometimes clients come between the plan and its application, which must then refuse or do
// exactly what was planned.
static void sweep_by_plan(struct life *life)
{
  struct err err = ERR_INIT;
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  enum err_code code = sweep_plan_make(life->core, core_due_us(life->core), &plan, &err);
  if (code != ERR_OK)
    return;
  if (life_chance(life, 40)) {
    life_clients(life);
    life_settle(life);
  }
  if (life->complaint[0] != '\0' || life->core == NULL)
    return;
  struct sweep_result result;
  code = sweep_plan_apply(life->core, &plan, &result, &err);
  if (code == ERR_CONFLICT) {
    life_note(life, "sweep by a plan: it moved");
    return;
  }
  if (code == ERR_OK && plan.at_us < core_now_us(life->core)) {
    life_note(life, "sweep by an older plan: done");
    oracle_sweep(life->oracle, life->now_us, O_UNKNOWN);
    return;
  }
  tell_sweep(life, code, &err);
}

static void release_clock(struct life *life)
{
  if (!core_is_clock_stopped(life->core))
    return;
  struct operation operation = OPERATION(&verb_clock_release, NULL, NULL);
  enum err_code code = life_perform(life, &operation);
  life_settle(life);
  bool is_released = code == ERR_OK || (code == ERR_UNKNOWN_OUTCOME && life->core != NULL &&
                                        !core_is_clock_stopped(life->core));
  life_note(life, "clock release: %d", is_released);
  if (is_released)
    oracle_clock_release(life->oracle, life->now_us);
}

// ── Epochs, heads, files ────────────────────────────────────────────────────────────────────

static void attack(struct life *life)
{
  struct life_texts opened = {NULL, 0, 0};
  life_attack(life, &opened);
  life->counts.controls += opened.count;
  free(opened.texts);
}

// One that a crash broke off is only brought to its end: what was erased since it began is safe
// after the next.
static void change_epoch(struct life *life)
{
  struct err err = ERR_INIT;
  const struct vault *vault = core_vault(life->core);
  bool is_whole = vault_epoch(vault) == vault_epoch_oldest(vault);
  if (is_whole)
    attack(life);
  enum err_code code = epoch_change(life->core, &err);
  note_failure(life, code, &err);
  // An old key that outlives the change would make every later change look like one that is only
  // brought to its end, and the thief would never be believed.
  if (code == ERR_OK && vault_epoch(vault) != vault_epoch_oldest(vault))
    life_complain(life, "P5: a change of the epoch came to its end and left the old key");
  enum oracle_reply reply = code == ERR_OK && is_whole ? O_DONE_OK : O_UNKNOWN;
  life->counts.epochs += code == ERR_OK ? 1 : 0;
  life_note(life, "epoch: %s", life_word(reply));
  oracle_epoch(life->oracle, life->now_us, reply);
}

static void push_head(struct life *life)
{
  struct err err = ERR_INIT;
  enum err_code code = core_checkpoint(life->core, &err);
  note_failure(life, code, &err);
  life_note(life, "head: %d", code == ERR_OK);
}

static void empty_wal(struct life *life)
{
  struct err err = ERR_INIT;
  life_close_readers(life);
  enum err_code code = store_checkpoint(core_store(life->core), true, &err);
  note_failure(life, code, &err);
  life_open_readers(life);
  life_note(life, "write-ahead log emptied: %d", code == ERR_OK);
}

static void copy_files(struct life *life)
{
  crash_vfs_arm(life->vfs, 0);
  life_steal(life);
  life_note(life, "a thief copied all files");
}

static void forget_keys(struct life *life)
{
  struct err err = ERR_INIT;
  enum err_code code = operations_forget(life->core, &err);
  note_failure(life, code, &err);
  life_note(life, "operation keys forgotten: %d", code == ERR_OK);
}

static void fill_disk(struct life *life)
{
  enum { FREE_BYTES_MAX = 60000 };
  crash_vfs_fill(life->vfs, life_below(life, FREE_BYTES_MAX));
  life_note(life, "the disk is nearly full");
  life_clients(life);
  crash_vfs_fill(life->vfs, -1);
}

static void send_messages(struct life *life)
{
  struct err err = ERR_INIT;
  struct outbox_result result = {0};
  enum err_code code = outbox_send_due(life->core, &life->network, &result, &err);
  note_failure(life, code, &err);
  life_note(life, "sent %lld, not sent %lld, failed %lld", (long long)result.sent,
            (long long)result.not_sent, (long long)result.failed);
}

// ── Policies ────────────────────────────────────────────────────────────────────────────────

// The policy under another number, with a line more among the promises that the engine keeps.
static char *text_of_version(const struct life *life, int64_t version, const char *promise)
{
  static const char number[] = "\n  version: 1\n";
  static const char engine[] = "\n  engine:\n";
  const char *first = strstr(life->policy_text, number);
  const char *second = strstr(life->policy_text, engine);
  size_t size = strlen(life->policy_text) + strlen(promise) + 64;
  char *text = malloc(size);
  if (text == NULL || first == NULL || second == NULL || second < first)
    abort();
  const char *rest = first + strlen(number);
  second += strlen(engine);
  (void)snprintf(text, size, "%.*s\n  version: %lld\n%.*s%s%s", (int)(first - life->policy_text),
                 life->policy_text, (long long)version, (int)(second - rest), rest, promise,
                 second);
  return text;
}

static enum err_code activate(struct life *life, int64_t version, const char *promise)
{
  char *text = text_of_version(life, version, promise);
  struct policy_activate_input input = {"framsteget.yaml", view_of(text)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = life_perform(life, &operation);
  struct err err = ERR_INIT;
  if (code == ERR_OK)
    code = core_policy_changed(life->core, &err);
  free(text);
  return code;
}

// The same policy under the next number; a version that was refused or lost is not used again.
static void next_policy(struct life *life)
{
  enum err_code code = activate(life, ++life->policy_version, "");
  life_note(life, "policy version %lld: %s", (long long)life->policy_version, err_id(code));
}

// A policy that promises what nothing keeps must not come into force.
static void idle_promise(struct life *life)
{
  enum err_code code = activate(life, ++life->policy_version, "    FR-97: wishes\n");
  life_note(life, "policy with an idle promise: %s", err_id(code));
  if (code == ERR_OK)
    life->undeclared_promises++;
}

// ── The step ────────────────────────────────────────────────────────────────────────────────

static const struct work {
  void (*run)(struct life *life);
  int weight;
} works[] = {
    {life_clients, 100}, {sweep, 16},    {sweep_by_plan, 4},  {release_clock, 12},
    {change_epoch, 5},   {push_head, 6}, {empty_wal, 6},      {copy_files, 4},
    {forget_keys, 3},    {fill_disk, 3}, {send_messages, 12}, {next_policy, 1},
    {idle_promise, 1},
};

static const struct work *some_work(struct life *life)
{
  int64_t all = 0;
  for (size_t i = 0; i < ARRAY_COUNT(works); i++)
    all += works[i].weight;
  int64_t rest = life_below(life, all);
  const struct work *work = works;
  while (rest >= work->weight)
    rest -= work++->weight;
  return work;
}

void life_step(struct life *life)
{
  life->step++;
  bool armed = life_chance(life, ARM_PERCENT);
  if (armed)
    crash_vfs_arm(life->vfs, 1 + life_below(life, 1 + life_below(life, CALLS_MAX)));
  life_move_clock(life);
  if (life->complaint[0] != '\0')
    return;
  // What has just come to its end is swept or used at this very instant.
  if (life->focus >= 0 && life_chance(life, 50))
    sweep(life);
  else
    some_work(life)->run(life);
  life_settle(life);
  crash_vfs_arm(life->vfs, 0);
  life_settle(life);
  if (life->complaint[0] != '\0')
    return;
  life_tick(life);
  life_look(life, life->step % DEEP_EVERY == 0);
  if (life->step % VERIFY_EVERY == 0 && life->complaint[0] == '\0' && !life_verify(life))
    life_complain(life, "P7: forvar-verify does not accept the log");
}
