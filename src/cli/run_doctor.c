// Looks for what is wrong with a home. Opening it has checked already that the keys open it and
// that the log is not shorter than, or different from, the pinned head.
#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/audit.h"
#include "home/settings.h"
#include "policy/law.h"
#include "retain/hold.h"
#include "retain/standing.h"
#include "store/store.h"
#include "vault/vault.h"

enum state { STATE_WRONG, STATE_WARNING, STATE_GOOD, STATE_COUNT };
static const char *const state_words[STATE_COUNT] = {"wrong", "warning", "good"};

enum { CHECKS_MAX = 64, CHECK_TEXT_BYTES = 280, EPOCH_DAYS_MAX = 31 };

struct check {
  enum state state;
  const char *name;
  char text[CHECK_TEXT_BYTES];
};

struct checks {
  struct call *call;
  struct check items[CHECKS_MAX];
  int32_t count;
  int64_t left_out;
};

PRINTF_LIKE(4, 5)
static void add(struct checks *checks, enum state state, const char *name, const char *format, ...)
{
  if (checks->count == CHECKS_MAX) {
    checks->left_out++;
    return;
  }
  struct check *check = &checks->items[checks->count++];
  check->state = state;
  check->name = name;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(check->text, sizeof check->text, format, arguments);
  va_end(arguments);
}

// ── The checks ──────────────────────────────────────────────────────────────────────────────

static enum err_code check_policy(struct checks *checks, struct core *core, struct err *err)
{
  (void)err;
  const struct policy *policy = core_policy(core);
  if (policy == NULL)
    add(checks, STATE_WARNING, "policy", "none is in force: forvar policy activate FILE");
  else
    add(checks, STATE_GOOD, "policy", "%s version %lld is in force", policy->id,
        (long long)policy->version);
  return ERR_OK;
}

static enum err_code check_clock(struct checks *checks, struct core *core, struct err *err)
{
  (void)err;
  if (core_is_clock_stopped(core))
    add(checks, STATE_WRONG, "clock",
        "it jumped ahead or back: nothing is erased until somebody says that it is right (forvar "
        "clock release)");
  else
    add(checks, STATE_GOOD, "clock", "the guard lets irreversible work go on");
  return ERR_OK;
}

static enum err_code check_holds(struct checks *checks, struct core *core, struct err *err)
{
  int64_t overdue = 0;
  enum err_code code = holds_count_overdue(core, &overdue, err);
  if (code != ERR_OK)
    return code;
  if (overdue > 0)
    add(checks, STATE_WRONG, "holds", "%lld past the review: somebody has to look at them",
        (long long)overdue);
  else
    add(checks, STATE_GOOD, "holds", "none is past its review");
  return ERR_OK;
}

static void check_last_sweep(struct checks *checks, const struct sweep_standing *standing,
                             int64_t now_us)
{
  char when[CALENDAR_TEXT_BYTES];
  int64_t ago_us = now_us - standing->done_us;
  output_time(checks->call, standing->done_us, when);
  if (standing->done_us == 0)
    add(checks, STATE_WARNING, "sweep",
        "none has run: a server sweeps each night, and so does "
        "forvar retention run");
  else if (ago_us > SWEEP_LATE_US)
    add(checks, STATE_WARNING, "sweep", "the last one ended %s, %lld hours ago", when,
        (long long)(ago_us / CLOCK_HOUR_US));
  else
    add(checks, STATE_GOOD, "sweep", "the last one ended %s and erased %lld", when,
        (long long)standing->erased);
}

static enum err_code check_sweep(struct checks *checks, struct core *core, struct err *err)
{
  struct sweep_standing standing;
  enum err_code code = sweep_standing_read(core, &standing, err);
  if (code != ERR_OK)
    return code;
  int64_t now_us = core_now_us(core);
  if (standing.state == SWEEP_WAITS)
    add(checks, STATE_WRONG, "sweep",
        "%lld records are due and at most %lld were expected: nothing is erased until somebody "
        "says "
        "so (forvar retention confirm %lld)",
        (long long)standing.due, (long long)standing.most, (long long)standing.due);
  if (standing.state == SWEEP_RUNS && now_us - standing.begun_us > SWEEP_STUCK_US)
    add(checks, STATE_WRONG, "sweep", "one that began %lld hours ago has not ended",
        (long long)((now_us - standing.begun_us) / CLOCK_HOUR_US));
  if (standing.failures > 0)
    add(checks, STATE_WRONG, "sweep", "%lld broke off in a row, the last with '%s'",
        (long long)standing.failures, standing.error);
  if (standing.failed > 0)
    add(checks, STATE_WRONG, "sweep", "the last one could not erase %lld of what is due",
        (long long)standing.failed);
  check_last_sweep(checks, &standing, now_us);
  return ERR_OK;
}

static enum err_code check_heads(struct checks *checks, struct core *core, struct err *err)
{
  struct settings settings;
  enum err_code code = settings_read(home_folder(checks->call->home), &settings, err);
  if (code != ERR_OK)
    return code;
  if (settings.outward[0] == '\0')
    add(checks, STATE_WARNING, "outward heads",
        "none: whoever has this machine can rewrite the log unseen (outward in home.conf)");
  else
    add(checks, STATE_GOOD, "outward heads", "signed heads are copied to %.200s", settings.outward);
  add(checks, STATE_GOOD, "pinned head", "the log of %lld entries holds it",
      (long long)core_log_size(core));
  return ERR_OK;
}

static enum err_code check_keys(struct checks *checks, struct core *core, struct err *err)
{
  (void)err;
  const struct vault *vault = core_vault(core);
  int64_t days = (core_now_us(core) - vault_epoch_since_us(vault)) / CLOCK_DAY_US;
  if (vault_is_locked(vault))
    add(checks, STATE_GOOD, "key memory", "locked: keys are not written to swap");
  else
    add(checks, STATE_WARNING, "key memory",
        "not locked: keys may be written to swap (raise the limit of locked memory)");
  add(checks, days > EPOCH_DAYS_MAX ? STATE_WARNING : STATE_GOOD, "epoch",
      "number %lld, %lld day%s old", (long long)vault_epoch(vault), (long long)days,
      days == 1 ? "" : "s");
  return ERR_OK;
}

struct judged {
  struct checks *checks;
  int64_t in_force;
  struct view law;  // of this program
};

static enum err_code check_judged(void *context, const struct policy_row *row, struct err *err)
{
  (void)err;
  struct judged *judged = context;
  if (row->version >= judged->in_force && !view_equal(row->law, judged->law))
    add(judged->checks, STATE_WARNING, "law",
        "version %lld of the policy was judged by other facts: %.*s. Check it anew, and activate "
        "what the check says as a new version",
        (long long)row->version, (int)row->law.length, row->law.bytes);
  return ERR_OK;
}

// Decisions are those of the facts that this program has: whoever put another in place is told.
static enum err_code check_law(struct checks *checks, struct core *core, struct err *err)
{
  OWNED(str) struct str law = STR_INIT(LAW_VERSION_BYTES_MAX);
  const struct policy *policy = core_policy(core);
  law_version_write(&law);
  for (int32_t i = 0; i < law_pack_count(); i++)
    add(checks, STATE_GOOD, "law", "pack %s of %s", law_pack(i)->id, law_pack(i)->dated);
  struct judged judged = {checks, policy == NULL ? 0 : policy->version, str_view(&law)};
  return store_policy_each(core_store(core), check_judged, &judged, err);
}

static enum err_code check_rest(struct checks *checks, struct core *core, struct err *err)
{
  int64_t version = 0;
  enum err_code code = store_schema_version(core_store(core), &version, err);
  if (code != ERR_OK)
    return code;
  add(checks, STATE_GOOD, "database", "%s, schema %lld",
      store_engine(core_store(core)) == STORE_SQLITE ? "SQLite" : "PostgreSQL", (long long)version);
  add(checks, STATE_GOOD, "time zones", "data of version %s", zone_data_version());
  return check_law(checks, core, err);
}

static void found(void *context, const char *where, const char *what)
{
  add(context, STATE_WRONG, "data", "%s: %s", where, what);
}

static enum err_code check_rows(struct checks *checks, struct core *core, struct err *err)
{
  struct audit_result result = {0};
  if (!call_has(checks->call, "--deep"))
    return ERR_OK;
  enum err_code code = core_audit(core, found, checks, &result, err);
  if (code != ERR_OK && code != ERR_INTEGRITY)
    return code;
  checks->call->exit_code = code == ERR_OK ? EXIT_OK : err_exit_code(code);
  if (code == ERR_OK)
    add(checks, STATE_GOOD, "data", "%lld persons with %lld records are what was recorded",
        (long long)result.persons, (long long)result.records);
  return ERR_OK;
}

static enum err_code (*const check_rows_of_home[])(struct checks *, struct core *, struct err *) = {
    check_policy, check_clock, check_holds, check_heads,
    check_sweep,  check_keys,  check_rest,  check_rows,
};

// ── Telling ─────────────────────────────────────────────────────────────────────────────────

static enum err_code tell(struct checks *checks, struct err *err)
{
  struct call *call = checks->call;
  OWNED(document) struct document *document = output_document(call, "doctor");
  struct document *items = document == NULL ? NULL : document_array();
  for (int state = 0; state < STATE_COUNT; state++)
    for (int32_t i = 0; i < checks->count; i++) {
      const struct check *check = &checks->items[i];
      if ((int)check->state != state)
        continue;
      if (check->state == STATE_WRONG && call->exit_code == EXIT_OK)
        call->exit_code = EXIT_NOT_GOOD;
      if (!call->quiet || check->state != STATE_GOOD)
        print(call, "%-7s  %s: %s", state_words[state], check->name, check->text);
      if (items == NULL)
        continue;
      struct document *item = document_object();
      document_set_text(item, "state", view_of(state_words[state]));
      document_set_text(item, "name", view_of(check->name));
      document_set_text(item, "text", view_of(check->text));
      document_add(items, item);
    }
  if (checks->left_out > 0)
    print(call, "%lld more places are left out", (long long)checks->left_out);
  if (document != NULL) {
    document_set(document, "checks", items);
    document_set_int(document, "left_out", checks->left_out);
  }
  return output_write(call, &document, err);
}

enum err_code run_doctor(struct call *call, struct err *err)
{
  struct checks checks = {.call = call};
  enum err_code code = call_home(call, err);
  for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(check_rows_of_home); i++)
    code = check_rows_of_home[i](&checks, call_core(call), err);
  return code != ERR_OK ? code : tell(&checks, err);
}
