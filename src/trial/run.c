#include "trial/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/verbs.h"
#include "trial/grow.h"
#include "trial/time.h"

enum { FAILURE_BYTES_MAX = 4096 };

const struct policy *trial_policy(const struct trial_run *run)
{
  return run->home.core == NULL ? run->base : core_policy(run->home.core);
}

int32_t trial_person_index(const struct trial_run *run, const struct trial_person *person)
{
  return (int32_t)(person - run->persons);
}

// ── Texts ───────────────────────────────────────────────────────────────────────────────────

PRINTF_LIKE(2, 0)
static const char *format_text(struct trial_run *run, const char *format, va_list arguments)
{
  char text[FAILURE_BYTES_MAX];
  (void)vsnprintf(text, sizeof text, format, arguments);
  const char *copy = arena_text(&run->arena, view_of(text));
  return copy == NULL ? "" : copy;
}

const char *trial_text(struct trial_run *run, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_text(run, format, arguments);
  va_end(arguments);
  return text;
}

const char *trial_when(struct trial_run *run, int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  trial_time_write(run->base->zone, instant_us, false, text);
  return trial_text(run, "%s", text);
}

const char *trial_when_end(struct trial_run *run, int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  trial_time_write(run->base->zone, instant_us, true, text);
  return trial_text(run, "%s", text);
}

// ── Failures ────────────────────────────────────────────────────────────────────────────────

static void add_failure(struct trial_run *run, const struct str *text)
{
  const char **failures = trial_grow(&run->arena, run->failures, run->failure_count,
                                     &run->failure_capacity, sizeof *failures);
  const char *copy = arena_text(&run->arena, str_view(text));
  if (failures == NULL || copy == NULL) {
    run->is_broken = true;  // the case still counts as failed where there is room for one word
    return;
  }
  run->failures = failures;
  run->failures[run->failure_count++] = copy;
}

static void add_head(const struct trial_run *run, struct place place, const char *what,
                     struct str *text)
{
  str_format(text, "%s:%d:%d %s: ", run->file->path, place.line, place.column, what);
  if (run->about->proves != NULL && run->about->proves->count > 0) {
    str_add(text, run->about->proves->items[0].text);
    str_add_char(text, ' ');
  }
  str_add(text, run->about->name);
  if (run->row[0] != '\0')
    str_format(text, " / row %s", run->row);
}

static void add_clock(const struct trial_run *run, struct str *text)
{
  char at[CALENDAR_TEXT_BYTES];
  trial_time_write(run->base->zone, run->home.now_us, false, at);
  str_format(text, " | at %s", at);
}

// The text of a line of the policy, trimmed.
static struct view line_of(struct view text, int32_t line)
{
  struct view found = VIEW_EMPTY;
  for (int32_t i = 0; i < line && text.bytes != NULL; i++)
    found = view_cut(&text, '\n');
  return view_trim(found);
}

void trial_not_as_expected(struct trial_run *run, struct place place,
                           const struct trial_difference *difference)
{
  OWNED(str) struct str text = STR_INIT(FAILURE_BYTES_MAX);
  add_head(run, place, "not as expected", &text);
  str_format(&text, " | expected %s | is %s", difference->expected, difference->is);
  if (difference->policy_place.line > 0) {
    str_format(&text, " | policy %s:%d \"", trial_base_name(run->policy_path),
               difference->policy_place.line);
    str_add(&text, difference->rule != NULL
                       ? view_of(difference->rule)
                       : line_of(trial_policy(run)->text, difference->policy_place.line));
    str_add_char(&text, '"');
  }
  if (difference->anchor != NULL)
    str_format(&text, " | anchor %s", difference->anchor);
  add_clock(run, &text);
  add_failure(run, &text);
}

void trial_error(struct trial_run *run, struct place place, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const char *message = format_text(run, format, arguments);
  va_end(arguments);
  OWNED(str) struct str text = STR_INIT(FAILURE_BYTES_MAX);
  add_head(run, place, "error in the test", &text);
  str_format(&text, " | %s", message);
  add_clock(run, &text);
  add_failure(run, &text);
  run->is_broken = true;
}

bool trial_must(struct trial_run *run, struct place place, enum err_code code,
                const struct err *err)
{
  if (code == ERR_OK)
    return true;
  trial_error(run, place, "%s%s%s%s", err->message, err->where[0] == '\0' ? "" : " (", err->where,
              err->where[0] == '\0' ? "" : ")");
  return false;
}

// ── Outcomes ────────────────────────────────────────────────────────────────────────────────

// The gate's place stands in the error as text: "framsteget version 1 line 96 column 5".
static struct place place_in(const char *where)
{
  static const char line_word[] = " line ";
  static const char column_word[] = " column ";
  struct place place = {0, 0};
  const char *line = strstr(where, line_word);
  if (line == NULL)
    return place;
  struct view rest = view_of(line + sizeof line_word - 1);
  int64_t number = 0;
  if (view_int64(view_cut(&rest, ' '), &number))
    place.line = (int32_t)number;
  const char *column = strstr(where, column_word);
  if (column != NULL && view_int64(view_of(column + sizeof column_word - 1), &number))
    place.column = (int32_t)number;
  return place;
}

static void read_reason(struct trial_outcome *outcome)
{
  static const char refused[] = "refused: ";
  const char *reason = err_id(outcome->code);
  if (outcome->code == ERR_REFUSED && view_starts(view_of(outcome->err.message), refused))
    reason = outcome->err.message + sizeof refused - 1;
  (void)snprintf(outcome->reason, sizeof outcome->reason, "%s", reason);
}

void trial_ended(struct trial_run *run, struct place step, enum err_code code,
                 const struct err *err)
{
  run->last = (struct trial_outcome){.is_set = true, .code = code, .step = step};
  if (code == ERR_OK)
    return;
  run->last.err = *err;
  run->last.is_pending = true;
  run->last.place = place_in(err->where);
  read_reason(&run->last);
}

// What the gate or the law refuses says why by its name; other errors by their message.
const char *trial_refusal(struct trial_run *run)
{
  const struct trial_outcome *last = &run->last;
  if (last->code != ERR_REFUSED)
    return trial_text(run, "refused: %s (%s)", last->reason, last->err.message);
  return trial_text(run, "refused: %s%s%s", last->reason, last->err.rule[0] == '\0' ? "" : ", ",
                    last->err.rule);
}

bool trial_was_done(const struct trial_run *run)
{
  return run->last.is_set && run->last.code == ERR_OK && !run->is_broken;
}

// What kind of entry a gate's reason leaves: 1 + its number; -1 if the refusal leaves none.
static int outcome_of(const struct trial_outcome *outcome)
{
  if (outcome->code == ERR_OK)
    return 0;
  for (int reason = 0; outcome->code == ERR_REFUSED && reason < GATE_REASON_COUNT; reason++)
    if (strcmp(outcome->reason, gate_reason_name((enum gate_reason)reason)) == 0)
      return 1 + reason;
  return -1;
}

void trial_perform(struct trial_run *run, const struct trial_line *line,
                   struct operation *operation)
{
  const struct trial_way *way = run->home.way;
  struct err err = ERR_INIT;
  bool is_taken = false;
  enum err_code code = ERR_OK;
  if (way != NULL)
    code = way->perform(way->context, operation, &is_taken, &err);
  if (code == ERR_OK && !is_taken)
    code = core_perform(run->home.core, operation, &err);
  trial_ended(run, line->place, code, &err);
  int outcome = outcome_of(&run->last);
  if (outcome < 0)
    return;
  struct trial_work *works =
      trial_grow(&run->arena, run->works, run->work_count, &run->work_capacity, sizeof *works);
  if (works == NULL) {
    trial_error(run, line->place, "no memory");
    return;
  }
  run->works = works;
  run->works[run->work_count++] = (struct trial_work){operation->verb->ledger, (uint8_t)outcome};
}

// ── Decisions ───────────────────────────────────────────────────────────────────────────────

static bool remember_decision(struct trial_run *run, const struct trial_question *question,
                              const struct use_answer *answer)
{
  struct trial_decision *decisions = trial_grow(&run->arena, run->decisions, run->decision_count,
                                                &run->decision_capacity, sizeof *decisions);
  if (decisions == NULL)
    return false;
  run->decisions = decisions;
  run->decisions[run->decision_count++] =
      (struct trial_decision){trial_person_index(run, question->person),
                              use_operation(question->ask_only, &answer->decision),
                              answer->decision.allowed ? 0 : (uint8_t)(1 + answer->decision.first),
                              answer->policy->version};
  return true;
}

// By a way in: decided without a record, which gives the answer; then by the way, which must tell
// the same and leave the record.
static enum err_code use_by_way(struct trial_run *run, const struct use_request *request,
                                struct use_answer *ret_answer, struct err *err)
{
  const struct trial_way *way = run->home.way;
  bool is_taken = false;
  enum err_code code = ERR_OK;
  if (way == NULL)
    return use_perform(run->home.reader, request, &run->arena, ret_answer, err);
  code = use_decide(run->home.reader, request, &run->arena, ret_answer, err);
  if (code == ERR_OK)
    code = way->use(way->context, request, ret_answer, &is_taken, err);
  return code != ERR_OK || is_taken
             ? code
             : use_perform(run->home.reader, request, &run->arena, ret_answer, err);
}

bool trial_decide(struct trial_run *run, struct place place, const struct trial_question *question,
                  struct use_answer *ret_answer)
{
  struct use_request request = {
      .actor = {.service = 0, .role = question->role, .purpose = -1},
      .person = question->person->id,
      .purpose = question->purpose,
      .field = question->field,
      .thing = question->thing,
      .channel = question->channel,
      .to = question->to,
      .case_thing = question->case_thing,
      .has_reason = question->has_reason,
      .ask_only = question->ask_only,
      .mode = LEDGER_DURABLE,
  };
  struct err err = ERR_INIT;
  enum err_code code = use_by_way(run, &request, ret_answer, &err);
  if (code == ERR_NOT_FOUND && question->person->is_erased) {
    // Nobody is there to decide about: no use, and no entry either.
    *ret_answer = (struct use_answer){.policy = trial_policy(run)};
    return true;
  }
  if (code != ERR_OK && code != ERR_REFUSED)
    return trial_must(run, place, code, &err);
  if (!remember_decision(run, question, ret_answer)) {
    trial_error(run, place, "no memory");
    return false;
  }
  if (ret_answer->decision.allowed)
    trial_watch_use(run, place, question, ret_answer);
  return true;
}

// The name is copied: that of the policy goes when a crash closes the core.
bool trial_remember_value(struct trial_run *run, const struct trial_person *person,
                          const char *field, struct view value)
{
  struct trial_value *values =
      trial_grow(&run->arena, run->values, run->value_count, &run->value_capacity, sizeof *values);
  const char *name = arena_text(&run->arena, view_of(field));
  if (values == NULL || name == NULL)
    return false;
  run->values = values;
  run->values[run->value_count++] =
      (struct trial_value){trial_person_index(run, person), name, value};
  return true;
}
