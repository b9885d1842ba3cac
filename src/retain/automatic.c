// The sweep that nobody asks for: it counts, stops if that is more than was foreseen, and foresees
// the next days at its end.
#include "base/calendar.h"
#include "retain/run.h"
#include "retain/walk.h"

// ── Counting what is due ────────────────────────────────────────────────────────────────────────

struct surprise {
  int64_t foreseen_us;
  int64_t records;
};

// What was put since the forecast was made could not be in it: it is no surprise.
static enum err_code count_due(void *context, const struct class_info *info,
                               const struct due_record *record, struct err *err)
{
  (void)info;
  (void)err;
  struct surprise *surprise = context;
  bool is_new = surprise->foreseen_us != 0 && record->row.recorded_us > surprise->foreseen_us;
  surprise->records += record->is_due && !is_new;
  return ERR_OK;
}

static enum err_code check_count(struct run *run, const struct sweep_standing *standing,
                                 struct err *err)
{
  struct surprise surprise = {.foreseen_us = standing->foreseen_us};
  struct walk walk = {.core = run->core,
                      .at_us = run->result.at_us,
                      .last_us = run->result.at_us,
                      .pace = run->pace,
                      .note = count_due,
                      .context = &surprise};
  int64_t day = zone_day(core_policy(run->core)->zone, run->result.at_us);
  int64_t most = sweep_most(standing, day);
  enum err_code code = walk_run(&walk, err);
  return code != ERR_OK || surprise.records <= most
             ? code
             : sweep_stop(run->core, surprise.records, most, err);
}

// ── Foreseeing ──────────────────────────────────────────────────────────────────────────────────

struct foreseeing {
  struct sweep_standing *foreseen;
  const struct zone *zone;
};

static enum err_code foresee_record(void *context, const struct class_info *info,
                                    const struct due_record *record, struct err *err)
{
  (void)info;
  (void)err;
  const struct foreseeing *foreseeing = context;
  struct sweep_standing *foreseen = foreseeing->foreseen;
  if (!record->is_due && !record->is_held && record->end.state != END_AT)
    return ERR_OK;
  int64_t day = record->end.state == END_AT
                    ? zone_day(foreseeing->zone, record->end.erase_us) - foreseen->first_day
                    : 0;
  if (record->is_due || record->is_held || day < 0)
    day = 0;
  if (day < SWEEP_FORESEEN_DAYS)
    foreseen->foreseen[day]++;
  return ERR_OK;
}

static enum err_code foresee(const struct run *run, struct sweep_standing *ret_foreseen,
                             struct err *err)
{
  const struct zone *zone = core_policy(run->core)->zone;
  int64_t now_us = core_now_us(run->core);
  *ret_foreseen =
      (struct sweep_standing){.foreseen_us = now_us, .first_day = zone_day(zone, now_us)};
  struct foreseeing foreseeing = {ret_foreseen, zone};
  struct walk walk = {
      .core = run->core,
      .at_us = now_us,
      .last_us = zone_day_end(zone, ret_foreseen->first_day + SWEEP_FORESEEN_DAYS - 1),
      .pace = run->pace,
      .note = foresee_record,
      .context = &foreseeing,
  };
  return walk_run(&walk, err);
}

// ── The run ─────────────────────────────────────────────────────────────────────────────────────

static enum err_code sweep_all(struct run *run, struct sweep_standing *foreseen, struct err *err)
{
  enum err_code code = sweep_begin(run->core, err);
  if (code == ERR_OK)
    code = run_all(run, err);
  if (code == ERR_OK)
    code = foresee(run, foreseen, err);
  run->foreseen = foreseen;
  return code != ERR_OK ? code : run_finish(run, err);
}

enum err_code sweep_run_foreseeing(struct core *core, struct sweep_result *ret_result,
                                   struct err *err)
{
  OWNED(run) struct run run = {.core = core, .arena = ARENA_INIT};
  struct sweep_standing foreseen;
  if (core_policy(core) == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  enum err_code code = clock_look(core, err);
  run.result.at_us = core_due_us(core);
  if (code == ERR_OK)
    code = sweep_all(&run, &foreseen, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  return code;
}

enum err_code sweep_run_automatic(struct core *core, const struct sweep_pace *pace,
                                  struct sweep_result *ret_result, struct err *err)
{
  OWNED(run) struct run run = {.core = core, .arena = ARENA_INIT, .pace = pace};
  struct sweep_standing standing, foreseen;
  if (core_policy(core) == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  enum err_code code = sweep_standing_read(core, &standing, err);
  if (code == ERR_OK && standing.state == SWEEP_WAITS)
    return sweep_waits_error(&standing, err);
  if (code == ERR_OK)
    code = clock_look(core, err);
  run.result.at_us = core_due_us(core);
  if (code == ERR_OK)
    code = check_count(&run, &standing, err);
  if (code == ERR_OK)
    code = sweep_all(&run, &foreseen, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  else if (code != ERR_CLOCK && code != ERR_STOPPED)
    sweep_broke_off(core, code);
  return code;
}
