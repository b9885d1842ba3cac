// The sweep by hand: plan, apply, run.
#include <string.h>

#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "retain/receipt.h"
#include "retain/standing.h"
#include "retain/sweep.h"

enum { TYPED_RECORDS = 1000 };  // a plan of more is confirmed by its number

static enum err_code write_plan(struct call *call, const struct sweep_plan *plan, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  OWNED(str) struct str text = STR_INIT(OUTPUT_BYTES_MAX);
  enum err_code code = sweep_plan_write(call_core(call), plan, &text, err);
  if (code == ERR_OK)
    code = output_open(call, call_option(call, "-o"), call_has(call, "--force"), &file, err);
  return code != ERR_OK ? code : output_finish(&file, str_view(&text), err);
}

// Records of the same field and rule, counted: what people want to see of a plan.
static void tell_plan(const struct call *call, const struct sweep_plan *plan)
{
  const struct policy *policy = core_policy(call_core(call));
  for (int32_t field = -1; field < policy->field_count; field++) {
    int64_t count = 0;
    for (int32_t i = 0; i < plan->item_count; i++)
      count += plan->items[i].field == field;
    if (count > 0)
      say(call, "  - erase %6lld  %s", (long long)count,
          field < 0 ? "fields that the policy no longer has" : policy->fields[field].name);
  }
  say(call, "%d to erase; nothing is done", plan->item_count);
  say(call, "to do exactly this: forvar retention apply %s", call_option(call, "-o"));
}

enum err_code run_retention_plan(struct call *call, struct err *err)
{
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK && core_policy(call_core(call)) == NULL)
    code = err_set(err, ERR_CONFLICT, "no policy is in force");
  if (code == ERR_OK)
    code = sweep_plan_make(call_core(call), core_due_us(call_core(call)), &plan, err);
  if (code == ERR_OK)
    code = write_plan(call, &plan, err);
  if (code == ERR_OK && strcmp(call_option(call, "-o"), "-") != 0)
    tell_plan(call, &plan);
  return code;
}

static enum err_code write_receipt(const struct call *call, const struct sweep_result *result,
                                   struct output_file *file, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(RECEIPT_BYTES_MAX);
  OWNED(str) struct str receipt = STR_INIT(RECEIPT_BYTES_MAX);
  sweep_body_write(call_core(call), result, &body);
  enum err_code code =
      receipt_write(call_core(call), result->entry_index, NULL, str_view(&body), &receipt, err);
  if (code == ERR_OK)
    code = output_finish(file, str_view(&receipt), err);
  if (code != ERR_OK)
    (void)err_hint(err, "the sweep is done all the same; entry %lld of the log tells of it",
                   (long long)result->entry_index);
  return code;
}

static enum err_code tell_result(struct call *call, const struct sweep_result *result,
                                 struct output_file *file, struct err *err)
{
  enum err_code code = file->file == NULL ? ERR_OK : write_receipt(call, result, file, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "retention");
  if (document != NULL) {
    document_set_int(document, "erased", result->erased);
    document_set_int(document, "anonymised", result->anonymised);
    document_set_int(document, "held", result->held);
    document_set_int(document, "failed", result->failed);
    document_set_int(document, "persons", result->persons);
    document_set_int(document, "overdue_holds", result->overdue);
    document_set_int(document, "entry", result->entry_index);
  }
  say(call, "erased %lld record%s of %lld person%s; entry %lld of the log",
      (long long)result->erased, result->erased == 1 ? "" : "s", (long long)result->persons,
      result->persons == 1 ? "" : "s", (long long)result->entry_index);
  if (result->held > 0)
    say(call, "%lld at the end and held back", (long long)result->held);
  if (result->failed > 0) {
    call->exit_code = EXIT_NOT_GOOD;
    say(call, "%lld could not be erased and will be tried again: run forvar doctor --deep",
        (long long)result->failed);
  }
  if (result->overdue > 0) {
    call->exit_code = EXIT_NOT_GOOD;
    say(call, "%lld hold%s past the review: somebody has to look (forvar hold list ID)",
        (long long)result->overdue, result->overdue == 1 ? " is" : "s are");
  }
  return output_write(call, &document, err);
}

// Before anything is erased: a bad path costs nothing.
static enum err_code open_receipt(const struct call *call, struct output_file *file,
                                  struct err *err)
{
  const char *path = call_option(call, "--receipt");
  return path == NULL ? ERR_OK : output_open(call, path, call_has(call, "--force"), file, err);
}

// Above a size somebody types how many records go, and cannot mean another plan.
static enum err_code check_typed(const struct call *call, const struct sweep_plan *plan,
                                 struct err *err)
{
  int64_t typed = 0;
  const char *text = call_option(call, "--confirm");
  if (text == NULL && plan->item_count <= TYPED_RECORDS)
    return ERR_OK;
  if (text != NULL && view_int64(view_of(text), &typed) && typed == plan->item_count)
    return ERR_OK;
  enum err_code code =
      err_set(err, ERR_INPUT,
              text == NULL ? "the plan erases %d records, and nobody confirmed it"
                           : "the plan erases %d records, not as many as confirmed",
              plan->item_count);
  err_hint(err, "if that is meant: --confirm %d", plan->item_count);
  return code;
}

enum err_code run_retention_apply(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(OUTPUT_BYTES_MAX);
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  struct sweep_result result;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK && core_policy(call_core(call)) == NULL)
    code = err_set(err, ERR_CONFLICT, "no policy is in force");
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = sweep_plan_read(call_core(call), str_view(&text), &plan, err);
  if (code == ERR_OK)
    code = check_typed(call, &plan, err);
  if (code == ERR_OK)
    code = open_receipt(call, &file, err);
  if (code == ERR_OK)
    code = sweep_plan_apply(call_core(call), &plan, &result, err);
  return code != ERR_OK ? code : tell_result(call, &result, &file, err);
}

enum err_code run_retention_run(struct call *call, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  struct sweep_result result;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK && core_policy(call_core(call)) == NULL)
    code = err_set(err, ERR_CONFLICT, "no policy is in force");
  if (code == ERR_OK)
    code = open_receipt(call, &file, err);
  if (code == ERR_OK)
    code = sweep_run_foreseeing(call_core(call), &result, err);
  return code != ERR_OK ? code : tell_result(call, &result, &file, err);
}

// ── How it stands ───────────────────────────────────────────────────────────────────────────────

enum err_code run_retention_confirm(struct call *call, struct err *err)
{
  struct sweep_confirm_input input = {0};
  if (!view_int64(view_of(call->arguments[0]), &input.records))
    return err_set(err, ERR_USAGE, "how many records may go is a number");
  struct operation operation = OPERATION(&verb_sweep_confirm, &input, NULL);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code == ERR_OK)
    say(call, "the next automatic sweep may erase %lld records; or do it now: forvar retention run",
        (long long)input.records);
  return code;
}

static void set_when(const struct call *call, struct document *document, const char *member,
                     int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  output_time(call, instant_us, text);
  if (instant_us == 0)
    document_set_null(document, member);
  else
    document_set_text(document, member, view_of(text));
}

static void set_standing(const struct call *call, struct document *document,
                         const struct sweep_standing *standing)
{
  static const char *const states[SWEEP_STATE_COUNT] = {
      [SWEEP_RESTS] = "rests", [SWEEP_RUNS] = "runs", [SWEEP_WAITS] = "waits"};
  document_set_text(document, "state", view_of(states[standing->state]));
  document_set_bool(document, "clock_stopped", core_is_clock_stopped(call_core(call)));
  set_when(call, document, "begun", standing->begun_us);
  set_when(call, document, "done", standing->done_us);
  document_set_int(document, "erased", standing->erased);
  document_set_int(document, "held", standing->held);
  document_set_int(document, "failed", standing->failed);
  document_set_int(document, "broken_off", standing->failures);
  document_set_int(document, "due", standing->due);
  document_set_int(document, "most", standing->most);
  set_when(call, document, "foreseen_at", standing->foreseen_us);
  struct document *foreseen = document_array();
  for (int i = 0; standing->foreseen_us != 0 && i < SWEEP_FORESEEN_DAYS; i++) {
    char day[CALENDAR_TEXT_BYTES];
    struct document *row = document_object();
    calendar_write_date(standing->first_day + i, day);
    document_set_text(row, "day", view_of(day));
    document_set_int(row, "records", standing->foreseen[i]);
    document_add(foreseen, row);
  }
  document_set(document, "foreseen", foreseen);
}

static void tell_last(const struct call *call, const struct sweep_standing *standing)
{
  char text[CALENDAR_TEXT_BYTES];
  output_time(call, standing->done_us, text);
  if (standing->done_us == 0)
    print(call, "no sweep has run yet");
  else
    print(call, "last sweep ended %s: erased %lld, held back %lld, failed %lld", text,
          (long long)standing->erased, (long long)standing->held, (long long)standing->failed);
  if (standing->failures > 0)
    print(call, "%lld broke off since, the last with '%s'", (long long)standing->failures,
          standing->error);
}

enum err_code run_retention_status(struct call *call, struct err *err)
{
  struct sweep_standing standing;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = sweep_standing_read(call_core(call), &standing, err);
  if (code != ERR_OK)
    return code;
  bool clock_stopped = core_is_clock_stopped(call_core(call));
  bool is_well =
      standing.state != SWEEP_WAITS && standing.failed + standing.failures == 0 && !clock_stopped;
  call->exit_code = is_well ? EXIT_OK : EXIT_NOT_GOOD;
  tell_last(call, &standing);
  if (standing.state == SWEEP_WAITS)
    print(call,
          "waits for a person: %lld due, at most %lld expected (forvar retention confirm %lld)",
          (long long)standing.due, (long long)standing.most, (long long)standing.due);
  if (clock_stopped)
    print(call,
          "the clock jumped: nothing is erased until somebody says that it is right (forvar "
          "clock release)");
  for (int i = 0; standing.foreseen_us != 0 && i < SWEEP_FORESEEN_DAYS; i++) {
    char day[CALENDAR_TEXT_BYTES];
    calendar_write_date(standing.first_day + i, day);
    print(call, "%8lld  %s", (long long)standing.foreseen[i], day);
  }
  OWNED(document) struct document *document = output_document(call, "retention.status");
  if (document != NULL)
    set_standing(call, document, &standing);
  return output_write(call, &document, err);
}
