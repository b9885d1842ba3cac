// Storing and using data, and asking whether a use would be allowed.
#include <string.h>

#include "api/decision.h"
#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/overview.h"
#include "core/verbs.h"

// ── put ─────────────────────────────────────────────────────────────────────────────────────

// A point or source that the policy does not know is -1, for the gate to refuse and record.
static enum err_code put_input(struct call *call, struct record_put_input *input, struct err *err)
{
  const struct policy *policy = NULL;
  const char *thing = call_option(call, "--thing");
  const char *obtained = call_option(call, "--obtained");
  enum err_code code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input->person, err);
  if (code == ERR_OK && thing != NULL)
    code = words_thing(call_core(call), view_of(thing), &input->thing, err);
  if (code == ERR_OK && obtained != NULL)
    code = words_when(call_core(call), view_of(obtained), &input->obtained_us, err);
  if (code != ERR_OK)
    return code;
  input->point = policy_point(policy, view_of(call_option(call, "--point")));
  input->source = policy_source(policy, view_of(call_option(call, "--source")));
  return ERR_OK;
}

enum err_code run_record_put(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(document) struct document *values_document = NULL;
  struct record_put_input input = {.point = -1};
  struct record_put_output output;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = put_input(call, &input, err);
  if (code == ERR_OK)
    code = input_read(call, "-", &text, err);
  if (code == ERR_OK)
    code = document_read(str_view(&text), &values_document, err);
  if (code != ERR_OK)
    return code;
  struct words_values values = {.policy = core_policy(call_core(call))};
  if (!document_is_object(values_document))
    return err_set(err, ERR_INPUT, "the values are a JSON object of fields and texts");
  code = words_values_read(values_document, &values, err);
  input.values = values.items;
  input.value_count = values.count;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "record.put");
  if (document != NULL)
    document_set_int(document, "records", output.count);
  say(call, "stored %d record%s", output.count, output.count == 1 ? "" : "s");
  return output_write(call, &document, err);
}

// ── correct ─────────────────────────────────────────────────────────────────────────────────

// The datum that the words name: by its number, or the only one of its field.
static enum err_code find_datum(struct call *call, struct record_id *ret_record, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  const char *number = call_option(call, "--number");
  struct person_id person;
  int64_t wanted = -1;
  int32_t field = -1;
  int32_t found = 0;
  if (number != NULL && (!view_int64(view_of(number), &wanted) || wanted < 0))
    return err_set(err, ERR_USAGE, "a datum is named by its number within the field");
  enum err_code code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code == ERR_OK)
    code = overview_load(call_core(call), person, &overview, err);
  if (code == ERR_OK)
    code = words_index(overview.policy, NAME_FIELD, view_of(call->arguments[1]), &field, err);
  if (code != ERR_OK)
    return code;
  for (int32_t i = 0; i < overview.record_count; i++) {
    const struct overview_record *record = &overview.records[i];
    if (record->info->field != field ||
        (number != NULL && record_ordinal(record->row.record) != wanted))
      continue;
    *ret_record = record->row.record;
    found++;
  }
  if (found == 1)
    return ERR_OK;
  if (found == 0)
    return err_set(err, ERR_NOT_FOUND, "the person has no such datum");
  err_set(err, ERR_USAGE, "the person has %d of that field", found);
  return err_hint(err, "name one with --number; forvar record list shows them");
}

enum err_code run_record_correct(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(VALUE_BYTES_MAX + 1);
  struct record_correct_input input = {.value = VIEW_EMPTY};
  struct record_correct_output output;
  struct operation operation = OPERATION(&verb_record_correct, &input, &output);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = find_datum(call, &input.record, err);
  if (code == ERR_OK)
    code = input_read(call, "-", &text, err);
  input.value = view_trim(str_view(&text));
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "record.correct");
  if (document != NULL)
    document_set_int(document, "version", output.version);
  say(call, "corrected: version %lld; its end is the same", (long long)output.version);
  return output_write(call, &document, err);
}

// ── get and explain ─────────────────────────────────────────────────────────────────────────

static enum err_code use_of(struct call *call, struct use_request *request, struct err *err)
{
  const struct policy *policy = NULL;
  const char *thing = call_option(call, "--thing");
  const char *of = call_option(call, "--case");
  const char *to = call_option(call, "--to");
  const char *reason = call_option(call, "--reason");
  struct thing_id thing_id = {0};
  struct thing_id case_id = {0};
  request->actor = (struct actor){0, -1, -1};
  request->channel = GATE_NO_CHANNEL;
  enum err_code code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &request->person, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_ROLE, view_of(call_option(call, "--role")),
                       &request->actor.role, err);
  if (code == ERR_OK && thing != NULL)
    code = words_thing(call_core(call), view_of(thing), &thing_id, err);
  if (code == ERR_OK && of != NULL)
    code = words_thing(call_core(call), view_of(of), &case_id, err);
  if (code != ERR_OK)
    return code;
  request->thing = thing_id.value;
  request->to = words_leaving(policy, to == NULL ? VIEW_EMPTY : view_of(to));
  request->case_thing = case_id.value;
  request->has_reason = reason != NULL && view_trim(view_of(reason)).length > 0;
  request->field = policy_field(policy, view_of(call->arguments[1]));
  request->purpose = policy_purpose(policy, view_of(call_option(call, "--purpose")));
  return ERR_OK;
}

static enum err_code perform(struct call *call, const struct use_request *request,
                             struct arena *arena, struct use_answer *ret_answer, struct err *err)
{
  struct reader *reader = NULL;
  enum err_code code = home_reader(call->home, &reader, err);
  if (code == ERR_OK)
    code = home_use(call->home, reader, request, arena, ret_answer, err);
  reader_close(reader);
  return code;
}

enum err_code run_record_get(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_request request = {.mode = LEDGER_DURABLE};
  struct use_answer answer;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = use_of(call, &request, err);
  if (code == ERR_OK && call_has(call, "--kept"))
    request.mode = LEDGER_KEPT;
  if (code == ERR_OK)
    code = perform(call, &request, &arena, &answer, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "use");
  if (document != NULL)
    decision_set_use(document, call_core(call), &answer);
  for (int32_t i = 0; document == NULL && i < answer.value_count; i++) {
    struct view value = answer.values[i].value;
    (void)fwrite(value.bytes, 1, value.length, call->streams.out);
    (void)fputc('\n', call->streams.out);
  }
  return output_write(call, &document, err);
}

static void print_end(const struct call *call, const struct use_request *request,
                      const struct use_answer *answer)
{
  char text[CALENDAR_TEXT_BYTES];
  const struct end *end = &answer->decision.end;
  const struct keep *keep = policy_keep(answer->policy, request->purpose, request->field);
  print(call, "  keep    %s", keep == NULL ? "no rule" : keep->text);
  if (end->state == END_OPEN)
    print(call, "  end     open: nothing that ends it has happened");
  if (end->state != END_AT)
    return;
  calendar_write_time(answer->policy->zone, end->use_us, text);
  print(call, "  end     %s", text);
  calendar_write_time(answer->policy->zone, end->gone_us, text);
  print(call, "  gone by %s", text);
}

static struct view quoted_line(const struct policy *policy, int32_t line)
{
  struct view rest = policy->text;
  for (int32_t i = 1; i < line && rest.length > 0; i++)
    (void)view_cut(&rest, '\n');
  return view_trim(view_cut(&rest, '\n'));
}

static bool is_swedish(const struct call *call)
{
  const char *language = call_option(call, "--lang");
  return language != NULL && strcmp(language, "sv") == 0;
}

static void print_allowed(const struct call *call, const struct use_answer *answer)
{
  const struct policy *policy = answer->policy;
  const struct gate_decision *decision = &answer->decision;
  print(call, decision->masked ? "allowed, masked" : "allowed");
  if (decision->basis_row < 0)
    return;
  const struct basis_row *basis = &policy->basis_rows[decision->basis_row];
  print(call, "  person  is %s", policy->kinds[basis->kind].name);
  print(call, "  basis   %s", basis_name(basis->basis));
  print(call, "  law     %s", basis_article(basis->basis));
  // That it stands in the log is true of every decision.
  for (int duty = GATE_DUTY_LOG + 1; duty < GATE_DUTY_COUNT; duty++)
    if ((decision->duties >> duty & 1) != 0)
      print(call, "  duty    %s (%s)", gate_duty_told((enum gate_duty)duty, is_swedish(call)),
            gate_duty_law((enum gate_duty)duty));
}

static void print_refused(const struct call *call, const struct gate_decision *decision)
{
  print(call, "refused: %s", gate_reason_name(decision->first));
  print(call, "  why     %s", gate_reason_told(decision->first, is_swedish(call)));
  print(call, "  law     %s", gate_reason_article(decision->first));
  print(call, "  change  %s", gate_reason_remedy(decision->first));
  for (int reason = 0; reason < GATE_REASON_COUNT; reason++)
    if (gate_reasons_have(decision->reasons, (enum gate_reason)reason) &&
        (enum gate_reason)reason != decision->first)
      print(call, "  also    %s (%s)", gate_reason_name((enum gate_reason)reason),
            gate_reason_article((enum gate_reason)reason));
}

static void print_decision(const struct call *call, const struct use_request *request,
                           const struct use_answer *answer)
{
  const struct gate_decision *decision = &answer->decision;
  const struct policy *policy = answer->policy;
  if (decision->allowed)
    print_allowed(call, answer);
  else
    print_refused(call, decision);
  if (decision->place.line > 0) {
    struct view line = quoted_line(policy, decision->place.line);
    print(call, "  policy  %s version %lld line %d: %.*s", policy->id, (long long)policy->version,
          decision->place.line, (int)line.length, line.bytes);
  }
  if (request->purpose >= 0 && request->field >= 0)
    print_end(call, request, answer);
}

static enum err_code channel_of(const struct call *call, struct use_request *request,
                                struct err *err)
{
  const char *channel = call_option(call, "--channel");
  return channel == NULL ? ERR_OK : words_channel(view_of(channel), &request->channel, err);
}

static enum err_code check_language(const struct call *call, struct err *err)
{
  const char *language = call_option(call, "--lang");
  if (language == NULL || strcmp(language, "sv") == 0 || strcmp(language, "en") == 0)
    return ERR_OK;
  return err_set(err, ERR_USAGE, "a language is sv or en");
}

enum err_code run_explain_use(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_request request = {.mode = LEDGER_DURABLE, .ask_only = true};
  struct use_answer answer;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = use_of(call, &request, err);
  if (code == ERR_OK)
    code = channel_of(call, &request, err);
  if (code == ERR_OK)
    code = check_language(call, err);
  if (code == ERR_OK)
    code = perform(call, &request, &arena, &answer, err);
  if (code != ERR_OK && code != ERR_REFUSED)
    return code;
  call->exit_code = code == ERR_OK ? EXIT_OK : err_exit_code(ERR_REFUSED);
  OWNED(document) struct document *document = output_document(call, "decision");
  if (document != NULL)
    decision_set(document, &answer);
  else
    print_decision(call, &request, &answer);
  return output_write(call, &document, err);
}
