#include "core/mark.h"

#include <string.h>

#include "base/document.h"
#include "base/sha256.h"
#include "core/bytes.h"
#include "core/choice.h"
#include "core/internal.h"
#include "core/task.h"
#include "core/use.h"
#include "policy/policy.h"
#include "store/store.h"

// A party keeps its name from version to version; so its number is made of that.
static int64_t number_of_party(const char *name)
{
  unsigned char hash[32];
  struct view text = view_of(name);
  sha256(&text, 1, hash);
  return (int64_t)(bytes_get_u64(hash) >> 1);
}

enum { FIELD_BITS = 32 };

static int64_t number_of_opening(int64_t role, int64_t field) { return role << FIELD_BITS | field; }

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

struct reading {
  const struct policy *policy;
  const struct names *names;
  int64_t now_us;
  struct marks *marks;
};

static int32_t party_of(const struct policy *policy, int64_t number)
{
  for (int32_t i = 0; i < policy->outward.party_count; i++)
    if (number_of_party(policy->outward.parties[i].name) == number)
      return i;
  return -1;
}

static enum err_code full(struct err *err)
{
  return err_set(err, ERR_LIMIT,
                 "a person agrees to at most %d parties, and at most %d things "
                 "are open at a time",
                 MARKS_ALLOWED_MAX, MARKS_OPENINGS_MAX);
}

static enum err_code read_allowed(struct reading *reading, const struct choice_row *row,
                                  struct err *err)
{
  struct marks *marks = reading->marks;
  int32_t party = party_of(reading->policy, row->argument);
  int32_t at = 0;
  while (at < marks->allowed_count && marks->allowed[at] != party)
    at++;
  if (party < 0 || (row->ended_us == 0 && at < marks->allowed_count))
    return ERR_OK;
  if (row->ended_us != 0) {
    if (at < marks->allowed_count)
      marks->allowed[at] = marks->allowed[--marks->allowed_count];
    return ERR_OK;
  }
  if (at == MARKS_ALLOWED_MAX)
    return full(err);
  marks->allowed[marks->allowed_count++] = party;
  return ERR_OK;
}

static enum err_code read_opening(struct reading *reading, const struct choice_row *row,
                                  struct err *err)
{
  struct marks *marks = reading->marks;
  int32_t role = names_index(reading->names, NAME_ROLE, row->argument >> FIELD_BITS);
  int32_t field =
      names_index(reading->names, NAME_FIELD, row->argument & ((INT64_C(1) << FIELD_BITS) - 1));
  if (row->ended_us <= reading->now_us || role < 0 || field < 0)
    return ERR_OK;
  if (marks->opening_count == MARKS_OPENINGS_MAX)
    return full(err);
  marks->openings[marks->opening_count++] = (struct gate_opening){role, field, row->ended_us};
  return ERR_OK;
}

static enum err_code read_choice(void *context, const struct choice_row *row, struct err *err)
{
  if (row->what == CHOICE_ALLOWED)
    return read_allowed(context, row, err);
  return row->what == CHOICE_OPENED ? read_opening(context, row, err) : ERR_OK;
}

enum err_code marks_load(struct store *store, const struct policy *policy,
                         const struct names *names, const struct marks_of *of,
                         struct marks *ret_marks, struct err *err)
{
  struct reading reading = {policy, names, of->now_us, ret_marks};
  ret_marks->allowed_count = 0;
  ret_marks->opening_count = 0;
  if ((of->bits & (MARK_ALLOWS | MARK_OPENED)) == 0)
    return ERR_OK;
  return store_choice_each(store, of->person, read_choice, &reading, err);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

static enum err_code add_choice(struct batch *batch, struct person_state *state,
                                enum choice_what what, int64_t argument, int64_t ended_us,
                                struct err *err)
{
  struct choice_row row = {state->person, ++state->next_choice, what,
                           argument,      batch->now_us,        ended_us};
  return batch_add_choice(batch, state, &row, err);
}

static enum err_code log_it(struct batch *batch, const struct operation *operation,
                            struct person_state *state, const struct str *body, struct err *err)
{
  return batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(body),
                   NULL, err);
}

static enum err_code apply_mark(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct mark_input *input = operation->input;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code != ERR_OK)
    return code;
  bool is_death = input->mark == MARK_DECEASED;
  code = add_choice(batch, state, is_death ? CHOICE_DECEASED : CHOICE_PROTECTED, 0,
                    input->is_so ? 0 : batch->now_us, err);
  uint32_t bit = (uint32_t)input->mark;
  state->marks = input->is_so ? state->marks | bit : state->marks & ~bit;
  OWNED(str) struct str body = STR_INIT(100);
  str_format(&body, "{\"what\":\"mark\",\"mark\":\"%s\",\"is\":%s}",
             is_death ? "deceased" : "protected", input->is_so ? "true" : "false");
  return code != ERR_OK ? code : log_it(batch, operation, state, &body, err);
}

static int64_t marked(const void *input)
{
  return ((const struct mark_input *)input)->person.value;
}

const struct verb verb_mark = {
    .name = "mark", .ledger = LEDGER_OP_MARK, .apply = apply_mark, .person_of = marked};

// ── Parties ─────────────────────────────────────────────────────────────────────────────────

static enum err_code tell_party(struct batch *batch, const struct operation *operation,
                                struct person_state *state, const struct party *party,
                                struct err *err)
{
  struct task_new task = {
      .kind = TASK_TELL, .about = TASK_WITHDRAWAL, .party = view_of(party->name)};
  return task_add(batch, operation, state, &task, err);
}

static enum err_code apply_allow(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct allow_input *input = operation->input;
  const struct outward *outward = &batch_policy(batch)->outward;
  struct person_state *state = NULL;
  if (input->party < 0 || input->party >= outward->party_count)
    return err_set(err, ERR_INPUT, "the policy has no such party");
  const struct party *party = &outward->parties[input->party];
  if (!outward->recipients[party->recipient].per_party)
    return err_set(err, ERR_INPUT,
                   "nobody is asked about this party: its category rests on no "
                   "consent that names its recipients");
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = add_choice(batch, state, CHOICE_ALLOWED, number_of_party(party->name),
                      input->is_so ? 0 : batch->now_us, err);
  if (code != ERR_OK)
    return code;
  state->marks |= MARK_ALLOWS;
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"allow\",\"party\":\"%s\",\"is\":%s}", party->name,
             input->is_so ? "true" : "false");
  code = log_it(batch, operation, state, &body, err);
  if (code == ERR_OK && !input->is_so)
    code = tell_party(batch, operation, state, party, err);
  return code == ERR_OK ? batch_derive(batch, &state, err) : code;
}

static int64_t allowing(const void *input)
{
  return ((const struct allow_input *)input)->person.value;
}

const struct verb verb_allow = {
    .name = "allow", .ledger = LEDGER_OP_ALLOW, .apply = apply_allow, .person_of = allowing};

// ── Emergencies ─────────────────────────────────────────────────────────────────────────────

static enum err_code refuse(struct batch *batch, const struct operation *operation,
                            const struct person_state *state, enum gate_reason reason,
                            struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  int32_t role = operation->actor.role;
  struct gate_decision decision = {
      .first = reason,
      .reasons = gate_reason_bit(reason),
      .place = role < 0 ? (struct place){0, 0} : policy->roles[role].place};
  return batch_refuse(batch, operation, state, -1, -1, &decision, err);
}

static enum err_code open_glass(struct batch *batch, const struct operation *operation,
                                struct person_state *state, struct err *err)
{
  const struct glass_input *input = operation->input;
  struct glass_output *output = operation->output;
  const struct break_glass *glass =
      &batch_policy(batch)->roles[operation->actor.role].terms.break_glass;
  output->until_us = batch->now_us + glass->minutes * CLOCK_MINUTE_US;
  const struct names *names = core_names(batch->core);
  int64_t number = number_of_opening(names_number_at(names, NAME_ROLE, operation->actor.role),
                                     names_number_at(names, NAME_FIELD, input->field));
  state->marks |= MARK_OPENED;
  return add_choice(batch, state, CHOICE_OPENED, number, output->until_us, err);
}

static enum err_code log_glass(struct batch *batch, const struct operation *operation,
                               struct person_state *state, struct err *err)
{
  const struct glass_input *input = operation->input;
  const struct policy *policy = batch_policy(batch);
  const struct role *role = &policy->roles[operation->actor.role];
  OWNED(document) struct document *told = document_object();
  OWNED(str) struct str body = STR_INIT(4 * MARK_REASON_BYTES_MAX + 1000);
  document_set_text(told, "what", VIEW_LITERAL("break_glass"));
  document_set_text(told, "role", view_of(role->name));
  document_set_text(told, "category", view_of(policy->fields[input->field].category));
  document_set_text(told, "reason", input->reason);
  enum err_code code = document_write(told, DOCUMENT_LINE, &body, err);
  if (code == ERR_OK)
    code = log_it(batch, operation, state, &body, err);
  struct task_new task = {
      .kind = TASK_REVIEW, .about = TASK_USE, .party = view_of(role->terms.break_glass.reviewer)};
  return code == ERR_OK ? task_add(batch, operation, state, &task, err) : code;
}

static enum err_code apply_glass(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct glass_input *input = operation->input;
  const struct policy *policy = batch_policy(batch);
  int32_t role = operation->actor.role;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code != ERR_OK)
    return code;
  if (input->reason.length > MARK_REASON_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "a reason has at most %d bytes", MARK_REASON_BYTES_MAX);
  if (role < 0 || input->field < 0 ||
      !set_has(&policy->roles[role].terms.break_glass.fields, input->field))
    return refuse(batch, operation, state, GATE_ROLE, err);
  if (!use_is_case(policy, state, input->of.value, role, batch->now_us))
    return refuse(batch, operation, state, GATE_NEED_CASE, err);
  if (view_trim(input->reason).length == 0)
    return refuse(batch, operation, state, GATE_NEED_REASON, err);
  code = open_glass(batch, operation, state, err);
  if (code == ERR_OK)
    code = log_glass(batch, operation, state, err);
  return code == ERR_OK ? batch_derive(batch, &state, err) : code;
}

static int64_t opened(const void *input)
{
  return ((const struct glass_input *)input)->person.value;
}

const struct verb verb_glass = {.name = "break_glass",
                                .ledger = LEDGER_OP_BREAK_GLASS,
                                .apply = apply_glass,
                                .person_of = opened};
