#include "rights/objection.h"

#include <string.h>

#include "base/document.h"
#include "core/bytes.h"
#include "core/choice.h"
#include "core/refile.h"
#include "core/sealed_text.h"
#include "rights/inside.h"
#include "store/store.h"

// ── What the verbs share ────────────────────────────────────────────────────────────────────

struct change {
  struct batch *batch;
  const struct operation *operation;
  struct person_state *state;
  struct objection_list list;  // as it stood before
};

static enum err_code begin(struct change *change, struct batch *batch,
                           const struct operation *operation, struct person_id person,
                           struct err *err)
{
  *change = (struct change){.batch = batch, .operation = operation};
  enum err_code code = batch_person(batch, person, &change->state, err);
  return code != ERR_OK
             ? code
             : objections_read(batch_store(batch), person, batch_arena(batch), &change->list, err);
}

static bool is_in_force(const struct objection_row *row)
{
  return row->outcome == OBJECTION_UNDECIDED || row->outcome == OBJECTION_UPHELD;
}

static int32_t purpose_of(const struct change *change, const struct objection_row *row)
{
  return names_index(core_names(batch_core(change->batch)), NAME_PURPOSE, row->purpose);
}

static const struct verb verb_objection = {.name = "objection", .ledger = LEDGER_OP_OBJECTION};

static enum err_code put(const struct change *change, const struct objection_row *old,
                         const struct objection_row *row, struct err *err)
{
  enum err_code code = batch_put_objection(change->batch, change->state, old, row, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str body = STR_INIT(300);
  str_format(&body,
             "{\"what\":\"objection\",\"objection\":%lld,\"request\":%lld,\"outcome\":\"%s\","
             "\"decider\":%lld,\"law\":\"GDPR 21\"}",
             (long long)row->objection, (long long)row->request,
             objection_outcome_name(row->outcome), (long long)row->decider);
  struct operation as_objection = *change->operation;
  as_objection.verb = &verb_objection;
  int32_t purpose = purpose_of(change, row);
  return batch_log(change->batch, &as_objection, change->state,
                   purpose < 0 ? LEDGER_NO_PURPOSE : purpose, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

// The person's state, and that of those merged with them, follow the rows.
static enum err_code take_effect(struct change *change, struct err *err)
{
  enum err_code code = objections_read(batch_store(change->batch), change->state->person,
                                       batch_arena(change->batch), &change->list, err);
  if (code != ERR_OK)
    return code;
  change->state->stop_bits &= ~(uint32_t)STOP_OBJECTIONS;
  for (int32_t i = 0; i < change->list.count; i++)
    if (is_in_force(&change->list.rows[i]))
      change->state->stop_bits |= STOP_OBJECTIONS;
  code = batch_derive(change->batch, &change->state, err);
  return code != ERR_OK ? code : stops_spread(change->batch, change->state, err);
}

// What an upheld objection leaves without a purpose goes [GDPR 17(1)(c)].
static enum err_code end_data(struct change *change, int32_t purpose, struct err *err)
{
  int64_t erased = 0;
  enum err_code code = refile_whole_person(change->batch, change->state, err);
  if (code != ERR_OK || purpose < 0)
    return code;
  const struct purpose_terms *terms = &batch_policy(change->batch)->purposes[purpose].terms;
  return (terms->at_once & AT_ONCE_OBJECTION) == 0
             ? ERR_OK
             : erase_ended(change->batch, change->state, purpose, &erased, err);
}

// ── The request in which it came ────────────────────────────────────────────────────────────

struct standing {  // of the objections of one request
  int32_t undecided, overruled;
};

static struct standing standing_of(const struct objection_list *list, int64_t request)
{
  struct standing standing = {0, 0};
  for (int32_t i = 0; i < list->count; i++) {
    const struct objection_row *row = &list->rows[i];
    standing.undecided += row->request == request && row->outcome == OBJECTION_UNDECIDED;
    standing.overruled += row->request == request && row->outcome == OBJECTION_OVERRULED;
  }
  return standing;
}

// A refusal of the gate's, with its entry.
static enum err_code refuse_as(struct batch *batch, const struct operation *operation,
                               const struct person_state *state, enum gate_reason reason,
                               struct err *err)
{
  const struct gate_decision decision = {
      .first = reason, .reasons = gate_reason_bit(reason), .kind = -1, .basis_row = -1};
  return batch_refuse(batch, operation, state, -1, -1, &decision, err);
}

enum err_code objection_check_close(struct batch *batch, const struct operation *operation,
                                    const struct person_state *state, int64_t request,
                                    struct err *err)
{
  struct objection_list list = {NULL, 0};
  enum err_code code =
      objections_read(batch_store(batch), state->person, batch_arena(batch), &list, err);
  if (code != ERR_OK || standing_of(&list, request).undecided == 0)
    return code;
  code = refuse_as(batch, operation, state, GATE_PAUSED_OBJECTION, err);
  err_hint(err, "decide the objections of the request: forvar objection decide");
  return code;
}

// Article 12(4): what is not done is answered with its ground, the authority and the court.
static enum err_code write_answer(const struct objection_decide_input *input, struct str *ret_text,
                                  struct err *err)
{
  OWNED(document) struct document *answer = document_object();
  document_set_text(answer, "ground",
                    VIEW_LITERAL("GDPR 21(1): compelling legitimate grounds override"));
  document_set_text(answer, "authority", input->authority);
  document_set_text(answer, "court", input->court);
  return document_write(answer, DOCUMENT_LINE, ret_text, err);
}

// Closes the request when nothing of it is undecided. An answer written earlier stays.
static enum err_code settle_request(const struct change *change, int64_t request,
                                    struct view answer, struct err *err)
{
  struct request_row old;
  struct standing standing = standing_of(&change->list, request);
  enum err_code code = request_copy(change->batch, change->state->person, request, &old, err);
  if (code != ERR_OK || old.closed_us != 0)
    return code;
  struct request_row row = old;
  if (answer.length > 0)
    row.answer = answer;
  if (standing.undecided == 0)
    code = request_end(change->batch, change->operation, change->state,
                       standing.overruled > 0 ? REQUEST_REFUSED : REQUEST_FULFILLED, &row, err);
  return code != ERR_OK ? code : batch_put_request(change->batch, change->state, &old, &row, err);
}

// ── objection.add ───────────────────────────────────────────────────────────────────────────

static bool is_marketing(const struct change *change, int32_t purpose)
{
  return batch_policy(change->batch)->purposes[purpose].marketing != MARKETING_NONE;
}

static enum err_code check_new(const struct change *change, int64_t number, struct err *err)
{
  for (int32_t i = 0; i < change->list.count; i++)
    if (change->list.rows[i].purpose == number && is_in_force(&change->list.rows[i])) {
      enum err_code code = err_set(err, ERR_CONFLICT, "objection %lld is to this purpose already",
                                   (long long)change->list.rows[i].objection);
      err_where(err, "%s", names_text(core_names(batch_core(change->batch)), NAME_PURPOSE, number));
      return code;
    }
  return ERR_OK;
}

struct adding {
  struct change change;
  int64_t request;
  bool named;
  int64_t last;  // number of the objection that was added last
  int32_t count, undecided;
  bool is_marketing;
};

static enum err_code add_one(struct adding *adding, int32_t purpose, struct err *err)
{
  struct change *change = &adding->change;
  int64_t now_us = batch_now_us(change->batch);
  int64_t number = names_number_at(core_names(batch_core(change->batch)), NAME_PURPOSE, purpose);
  enum err_code code = check_new(change, number, err);
  if (code == ERR_OK && adding->last >= OBJECTIONS_OF_PERSON_MAX)
    code = err_set(err, ERR_LIMIT, "a person has at most %d objections", OBJECTIONS_OF_PERSON_MAX);
  if (code != ERR_OK)
    return code;
  bool absolute = is_marketing(change, purpose);
  struct objection_row row = {
      .person = change->state->person,
      .objection = ++adding->last,
      .purpose = number,
      .request = adding->request,
      .since_us = now_us,
      .named = adding->named,
      .outcome = absolute ? OBJECTION_UPHELD : OBJECTION_UNDECIDED,
      .decided_us = absolute ? now_us : 0,
  };
  adding->count++;
  adding->undecided += !absolute;
  adding->is_marketing = adding->is_marketing || absolute;
  return put(change, NULL, &row, err);
}

static bool is_objected(const struct change *change, int32_t purpose)
{
  int64_t number = names_number_at(core_names(batch_core(change->batch)), NAME_PURPOSE, purpose);
  for (int32_t i = 0; i < change->list.count; i++)
    if (change->list.rows[i].purpose == number && is_in_force(&change->list.rows[i]))
      return true;
  return false;
}

// Every purpose that rests on an interest for this person now, or only those of marketing.
static enum err_code add_unnamed(struct adding *adding, bool marketing_only, struct err *err)
{
  const struct policy *policy = batch_policy(adding->change.batch);
  struct gate_person person = state_gate_person(adding->change.state);
  enum err_code code = ERR_OK;
  adding->last = adding->change.list.count;
  for (int32_t i = 0; code == ERR_OK && i < policy->purpose_count; i++) {
    bool counts =
        is_marketing(&adding->change, i)
            ? gate_rests_on_interest(policy, i)
            : !marketing_only && gate_person_rests_on_interest(policy, i, &person,
                                                               batch_now_us(adding->change.batch));
    if (counts && !is_objected(&adding->change, i))
      code = add_one(adding, i, err);
  }
  return code;
}

// After the rows: opt-outs, state, and what has lost its purpose.
static enum err_code finish_adding(struct adding *adding, struct err *err)
{
  struct change *change = &adding->change;
  enum err_code code = ERR_OK;
  if (adding->is_marketing)
    code =
        choice_opt_out(change->batch, change->operation, change->state, choice_all_channels, err);
  if (code == ERR_OK)
    code = take_effect(change, err);
  for (int32_t i = 0; code == ERR_OK && i < change->list.count; i++)
    if (change->list.rows[i].request == adding->request &&
        change->list.rows[i].outcome == OBJECTION_UPHELD)
      code = end_data(change, purpose_of(change, &change->list.rows[i]), err);
  return code;
}

enum err_code objection_to_marketing(struct batch *batch, const struct operation *operation,
                                     struct person_state **state, int64_t request, struct err *err)
{
  struct adding adding = {.request = request, .named = true, .is_marketing = true};
  enum err_code code = begin(&adding.change, batch, operation, (*state)->person, err);
  if (code == ERR_OK)
    code = add_unnamed(&adding, true, err);
  if (code == ERR_OK)
    code = finish_adding(&adding, err);
  *state = adding.change.state;
  return code;
}

static enum err_code add_named(struct adding *adding, const struct objection_add_input *input,
                               int32_t *untouched, struct err *err)
{
  const struct policy *policy = batch_policy(adding->change.batch);
  enum err_code code = ERR_OK;
  adding->last = adding->change.list.count;
  for (int32_t i = 0; code == ERR_OK && i < input->purpose_count; i++) {
    int32_t purpose = input->purposes[i];
    if (purpose < 0 || purpose >= policy->purpose_count)
      return err_set(err, ERR_INPUT, "the policy has no such purpose");
    if (is_marketing(&adding->change, purpose) || gate_may_be_objected(policy, purpose))
      code = add_one(adding, purpose, err);
    else
      ++*untouched;
  }
  return code;
}

// Whoever names nothing objects to advertising too [FR-84].
static enum err_code add_all(struct adding *adding, const struct objection_add_input *input,
                             int32_t *untouched, struct err *err)
{
  if (input->purpose_count > 0)
    return add_named(adding, input, untouched, err);
  adding->is_marketing = true;
  return add_unnamed(adding, false, err);
}

static enum err_code log_untouched(const struct adding *adding, int32_t untouched, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"objection\",\"request\":%lld,\"untouched\":%d}",
             (long long)adding->request, (int)untouched);
  return batch_log(adding->change.batch, adding->change.operation, adding->change.state,
                   LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body), NULL, err);
}

static enum err_code apply_add(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct objection_add_input *input = operation->input;
  const struct request_arrival arrival = {RIGHT_OBJECTION, input->received_us};
  struct objection_add_output output = {0};
  struct adding adding = {.named = input->purpose_count > 0};
  struct request_row row;
  if (input->purpose_count < 0 || input->purpose_count > OBJECTION_PURPOSES_MAX)
    return err_set(err, ERR_LIMIT, "an objection names at most %d purposes",
                   OBJECTION_PURPOSES_MAX);
  enum err_code code = begin(&adding.change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = request_begin(batch, operation, adding.change.state, &arrival, &row, err);
  if (code != ERR_OK)
    return code;
  adding.request = row.request;
  code = add_all(&adding, input, &output.untouched, err);
  if (code == ERR_OK)
    code = finish_adding(&adding, err);
  if (code == ERR_OK && adding.count == 0)
    code = log_untouched(&adding, output.untouched, err);
  output.is_closed = adding.undecided == 0 && output.untouched == 0;
  if (code == ERR_OK && output.is_closed)
    code = request_end(batch, operation, adding.change.state, REQUEST_FULFILLED, &row, err);
  if (code == ERR_OK)
    code = batch_put_request(batch, adding.change.state, NULL, &row, err);
  if (code != ERR_OK)
    return code;
  output.request = row.request;
  output.due_us = row.due_us;
  output.count = adding.count;
  output.first = adding.count == 0 ? 0 : adding.last - adding.count + 1;
  *(struct objection_add_output *)operation->output = output;
  return ERR_OK;
}

static int64_t person_of(const void *input)
{
  return ((const struct objection_add_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  const struct objection_add_output *from = output;
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, from->request);
  bytes_i64(&bytes, from->due_us);
  bytes_i64(&bytes, from->first);
  bytes_i64(&bytes, from->count);
  bytes_i64(&bytes, from->untouched);
  bytes_i64(&bytes, from->is_closed);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  *(struct objection_add_output *)output = (struct objection_add_output){
      .request = bytes_get_i64(bytes),
      .due_us = bytes_get_i64(bytes + 8),
      .first = bytes_get_i64(bytes + 16),
      .count = (int32_t)bytes_get_i64(bytes + 24),
      .untouched = (int32_t)bytes_get_i64(bytes + 32),
      .is_closed = bytes_get_i64(bytes + 40) != 0,
  };
}

const struct verb verb_objection_add = {
    .name = "objection.add",
    .ledger = LEDGER_OP_OBJECTION,
    .apply = apply_add,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};

// ── objection.decide, objection.withdraw ────────────────────────────────────────────────────

static enum err_code find(const struct change *change, int64_t number,
                          const struct objection_row **ret_row, struct err *err)
{
  for (int32_t i = 0; i < change->list.count; i++)
    if (change->list.rows[i].objection == number) {
      *ret_row = &change->list.rows[i];
      return ERR_OK;
    }
  return err_set(err, ERR_NOT_FOUND, "the person has no such objection");
}

static bool is_missing(struct view text) { return view_trim(text).length == 0; }

static enum err_code refuse(struct err *err, const char *reason, const char *law, const char *hint)
{
  err_set(err, ERR_REFUSED, "refused: %s", reason);
  err_hint(err, "%s", hint);
  err_rule(err, "%s", law);
  return ERR_REFUSED;
}

static enum err_code check_decision(const struct change *change, const struct objection_row *row,
                                    const struct objection_decide_input *input, struct err *err)
{
  int32_t purpose = purpose_of(change, row);
  if (purpose >= 0 && is_marketing(change, purpose)) {
    enum err_code code =
        refuse_as(change->batch, change->operation, change->state, GATE_OBJECTED, err);
    err_rule(err, "GDPR 21(3)");
    err_hint(err, "an objection to direct marketing is absolute: there is nothing to balance");
    return code;
  }
  if (row->outcome != OBJECTION_UNDECIDED)
    return err_set(err, ERR_CONFLICT, "objection %lld is %s already", (long long)row->objection,
                   objection_outcome_name(row->outcome));
  if (input->outcome != OBJECTION_UPHELD && input->outcome != OBJECTION_OVERRULED)
    return err_set(err, ERR_INPUT, "an objection is upheld or overruled");
  if (input->role < 0)
    return err_set(err, ERR_INPUT, "a decision names the role that takes it");
  if (input->reasons.length == 0 || input->reasons.length > OBJECTION_REASONS_BYTES_MAX)
    return err_set(err, ERR_INPUT, "a decision gives its reasons in 1 to %d bytes",
                   OBJECTION_REASONS_BYTES_MAX);
  if (input->authority.length + input->court.length > REQUEST_TEXT_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "the texts of an answer are longer than %d bytes together",
                   REQUEST_TEXT_BYTES_MAX);
  if (input->outcome == OBJECTION_OVERRULED &&
      (is_missing(input->authority) || is_missing(input->court)))
    return refuse(err, "outcome_incomplete", "GDPR 12(4)",
                  "whoever is overruled is told the authority to complain to and the court");
  return ERR_OK;
}

// The row as decided, and everything that follows.
static enum err_code settle(struct change *change, const struct objection_row *old,
                            const struct objection_row *row, struct view answer, struct err *err)
{
  enum err_code code = put(change, old, row, err);
  if (code == ERR_OK)
    code = take_effect(change, err);
  if (code == ERR_OK)
    code = settle_request(change, row->request, answer, err);
  if (code == ERR_OK && row->outcome == OBJECTION_UPHELD)
    code = end_data(change, purpose_of(change, row), err);
  return code;
}

static enum err_code apply_decide(struct batch *batch, const struct operation *operation,
                                  struct err *err)
{
  const struct objection_decide_input *input = operation->input;
  const struct objection_row *old = NULL;
  struct change change;
  OWNED(str) struct str answer = STR_INIT(3 * REQUEST_TEXT_BYTES_MAX);
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->objection, &old, err);
  if (code == ERR_OK)
    code = check_decision(&change, old, input, err);
  if (code == ERR_OK && input->outcome == OBJECTION_OVERRULED)
    code = write_answer(input, &answer, err);
  if (code != ERR_OK)
    return code;
  struct objection_row row = *old;
  struct sealed_text what = objection_sealed(&row);
  row.outcome = input->outcome;
  row.decided_us = batch_now_us(batch);
  row.decider = names_number_at(core_names(batch_core(batch)), NAME_ROLE, input->role);
  code = sealed_text_seal(batch, change.state, &what, input->reasons, &row.key, &row.reasons, err);
  return code != ERR_OK ? code : settle(&change, old, &row, str_view(&answer), err);
}

const struct verb verb_objection_decide = {
    .name = "objection.decide", .ledger = LEDGER_OP_OBJECTION, .apply = apply_decide};

static enum err_code apply_withdraw(struct batch *batch, const struct operation *operation,
                                    struct err *err)
{
  const struct objection_withdraw_input *input = operation->input;
  const struct objection_row *old = NULL;
  struct change change;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->objection, &old, err);
  if (code == ERR_OK && !is_in_force(old))
    code = err_set(err, ERR_CONFLICT, "objection %lld is %s already", (long long)old->objection,
                   objection_outcome_name(old->outcome));
  if (code != ERR_OK)
    return code;
  struct objection_row row = *old;
  row.outcome = OBJECTION_WITHDRAWN;
  row.decided_us = batch_now_us(batch);
  return settle(&change, old, &row, VIEW_EMPTY, err);
}

const struct verb verb_objection_withdraw = {
    .name = "objection.withdraw", .ledger = LEDGER_OP_OBJECTION, .apply = apply_withdraw};

// ── Deadlines that pass ─────────────────────────────────────────────────────────────────────

enum err_code objection_uphold_overdue(struct batch *batch, const struct operation *operation,
                                       struct person_state **state, struct request_row *row,
                                       struct err *err)
{
  struct change change;
  enum err_code code = begin(&change, batch, operation, (*state)->person, err);
  struct objection_list before = change.list;
  int32_t upheld = 0;
  for (int32_t i = 0; code == ERR_OK && i < before.count; i++) {
    const struct objection_row *old = &before.rows[i];
    if (old->request != row->request || old->outcome != OBJECTION_UNDECIDED)
      continue;
    struct objection_row now = *old;
    now.outcome = OBJECTION_UPHELD;
    now.decided_us = batch_now_us(batch);
    code = put(&change, old, &now, err);
    upheld++;
  }
  if (code == ERR_OK && upheld > 0)
    code = take_effect(&change, err);
  for (int32_t i = 0; code == ERR_OK && upheld > 0 && i < change.list.count; i++)
    if (change.list.rows[i].request == row->request)
      code = end_data(&change, purpose_of(&change, &change.list.rows[i]), err);
  *state = change.state;
  if (code != ERR_OK || upheld == 0)
    return code;
  bool refused = standing_of(&change.list, row->request).overruled > 0;
  return request_end(batch, operation, change.state, refused ? REQUEST_REFUSED : REQUEST_FULFILLED,
                     row, err);
}
