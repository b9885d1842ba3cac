// The sweep by hand: plan, apply, run.
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "retain/receipt.h"
#include "retain/sweep.h"

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
    code = sweep_plan_make(call_core(call), core_now_us(call_core(call)), &plan, err);
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
  sweep_body_write(result, &body);
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
    document_set_int(document, "persons", result->persons);
    document_set_int(document, "overdue_holds", result->overdue);
    document_set_int(document, "entry", result->entry_index);
  }
  say(call, "erased %lld record%s of %lld person%s; entry %lld of the log",
      (long long)result->erased, result->erased == 1 ? "" : "s", (long long)result->persons,
      result->persons == 1 ? "" : "s", (long long)result->entry_index);
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
    code = sweep_run(call_core(call), &result, err);
  return code != ERR_OK ? code : tell_result(call, &result, &file, err);
}
