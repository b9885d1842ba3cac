#include "rights/request.h"

#include <string.h>

#include "base/document.h"
#include "core/batch.h"
#include "core/bytes.h"
#include "core/task.h"
#include "rights/inside.h"
#include "store/store.h"

static enum err_code log_request(struct batch *batch, const struct operation *operation,
                                 struct person_state *state, const struct request_row *row,
                                 struct err *err)
{
  OWNED(str) struct str body = STR_INIT(300);
  str_format(&body, "{\"what\":\"%s\",\"request\":%lld,\"right\":\"%s\",\"outcome\":%lld}",
             operation->verb->name, (long long)row->request, request_right_name(row->right),
             (long long)row->outcome);
  return batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

// ── request.add ─────────────────────────────────────────────────────────────────────────────

// A right that the policy says began on a day was not there before it [FR-81].
static enum err_code check_begun(const struct policy *policy, enum right right, int64_t received_us,
                                 struct err *err)
{
  const enum policy_right rights[] = {
      [RIGHT_ERASURE] = POLICY_RIGHT_ERASURE,
      [RIGHT_MARKETING_OBJECTION] = POLICY_RIGHT_MARKETING_OBJECTION,
      [RIGHT_OBJECTION] = POLICY_RIGHT_OBJECTION,
      [RIGHT_RESTRICTION] = POLICY_RIGHT_RESTRICTION,
  };
  const struct conduct *conduct = &policy->conduct;
  for (int32_t i = 0; i < conduct->right_count; i++) {
    const struct right_rule *rule = &conduct->rights[i];
    if (rule->right != rights[right] || rule->since_day == INT64_MIN ||
        zone_day(policy->zone, received_us) >= rule->since_day)
      continue;
    enum err_code code = err_set(err, ERR_REFUSED, "refused: no such right on that day");
    err_where(err, "%s version %lld line %d column %d", policy->id, (long long)policy->version,
              rule->place.line, rule->place.column);
    err_hint(err, "the policy says from which day on people have this right");
    return code;
  }
  return ERR_OK;
}

enum err_code request_begin(struct batch *batch, const struct operation *operation,
                            struct person_state *state, const struct request_arrival *arrival,
                            struct request_row *ret_row, struct err *err)
{
  int64_t now_us = batch_now_us(batch);
  int64_t received_us = arrival->received_us == 0 ? now_us : arrival->received_us;
  if (received_us > now_us || !calendar_is_instant(received_us))
    return err_set(err, ERR_INPUT, "a request cannot have arrived after now");
  enum err_code code = check_begun(batch_policy(batch), arrival->right, received_us, err);
  if (code != ERR_OK)
    return code;
  *ret_row = (struct request_row){
      .person = state->person,
      .request = ++state->next_request,
      .right = arrival->right,
      .state = REQUEST_RECEIVED,
      .received_us = received_us,
      .due_us = request_due_us(batch_policy(batch), received_us),
  };
  struct operation as_request = *operation;
  as_request.verb = &verb_request_add;
  return log_request(batch, &as_request, state, ret_row, err);
}

enum err_code request_end(struct batch *batch, const struct operation *operation,
                          struct person_state *state, enum request_outcome outcome,
                          struct request_row *row, struct err *err)
{
  struct operation as_close = *operation;
  as_close.verb = &verb_request_close;
  row->state = REQUEST_CLOSED;
  row->outcome = outcome;
  row->closed_us = batch_now_us(batch);
  return log_request(batch, &as_close, state, row, err);
}

// No balancing and nothing to wait for (Article 21(3)).
static enum err_code act_at_once(struct batch *batch, const struct operation *operation,
                                 struct person_state **state, struct request_row *row,
                                 struct err *err)
{
  enum err_code code = objection_to_marketing(batch, operation, state, row->request, err);
  return code != ERR_OK ? code : request_end(batch, operation, *state, REQUEST_FULFILLED, row, err);
}

static enum err_code apply_add(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct request_add_input *input = operation->input;
  struct request_add_output *output = operation->output;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code != ERR_OK)
    return code;
  if (input->right != RIGHT_ERASURE && input->right != RIGHT_MARKETING_OBJECTION)
    return err_set(err, ERR_INPUT, "there is no such right");
  const struct request_arrival arrival = {input->right, input->received_us};
  struct request_row row;
  code = request_begin(batch, operation, state, &arrival, &row, err);
  if (code == ERR_OK && row.right == RIGHT_MARKETING_OBJECTION)
    code = act_at_once(batch, operation, &state, &row, err);
  if (code == ERR_OK)
    code = batch_put_request(batch, state, NULL, &row, err);
  if (code == ERR_OK)
    *output = (struct request_add_output){row.request, row.due_us, row.state == REQUEST_CLOSED};
  return code;
}

static int64_t person_of(const void *input)
{
  return ((const struct request_add_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  const struct request_add_output *from = output;
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, from->request);
  bytes_i64(&bytes, from->due_us);
  bytes_i64(&bytes, from->is_closed);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  struct request_add_output *to = output;
  to->request = bytes_get_i64(bytes);
  to->due_us = bytes_get_i64(bytes + 8);
  to->is_closed = bytes_get_i64(bytes + 16) != 0;
}

const struct verb verb_request_add = {
    .name = "request.add",
    .ledger = LEDGER_OP_REQUEST,
    .apply = apply_add,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};

// ── request.close ───────────────────────────────────────────────────────────────────────────

enum err_code request_copy(struct batch *batch, struct person_id person, int64_t request,
                           struct request_row *ret_row, struct err *err)
{
  bool found = false;
  enum err_code code = store_request_get(batch_store(batch), person, request, ret_row, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found)
    return err_set(err, ERR_NOT_FOUND, "the person has no such request");
  char *answer = arena_text(batch_arena(batch), ret_row->answer);
  if (answer == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a request");
  ret_row->answer = view_bytes(answer, ret_row->answer.length);
  return ERR_OK;
}

static bool is_missing(struct view text) { return view_trim(text).length == 0; }

// Article 12(4): a refusal says why, and where to complain and to sue.
static enum err_code check_outcome(const struct request_close_input *input,
                                   const struct request_row *row, struct err *err)
{
  if (row->closed_us != 0)
    return err_set(err, ERR_CONFLICT, "the request is closed already");
  if (input->ground.length + input->authority.length + input->court.length > REQUEST_TEXT_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "the texts of an answer are longer than %d bytes together",
                   REQUEST_TEXT_BYTES_MAX);
  if (input->outcome == REQUEST_FULFILLED && row->state == REQUEST_AWAITING)
    return ERR_OK;  // its tasks decide
  if (input->outcome == REQUEST_FULFILLED) {
    bool is_objection = row->right == RIGHT_OBJECTION;
    enum err_code code = err_set(err, ERR_REFUSED, "refused: outcome_incomplete");
    err_hint(err, is_objection
                      ? "an objection is fulfilled by upholding it: forvar objection decide"
                      : "a request for erasure is fulfilled by erasing: forvar erase apply");
    err_rule(err, is_objection ? "GDPR 21(1)" : "GDPR 17(1)");
    return code;
  }
  if (input->outcome != REQUEST_REFUSED)
    return err_set(err, ERR_INPUT, "there is no such outcome");
  if (!is_missing(input->ground) && !is_missing(input->authority) && !is_missing(input->court))
    return ERR_OK;
  enum err_code code = err_set(err, ERR_REFUSED, "refused: outcome_incomplete");
  err_hint(err, "a refusal names its ground, the authority to complain to and the court");
  err_rule(err, "GDPR 12(4)");
  return code;
}

// Others who have the data are told before the case is done [GDPR 19].
static enum err_code check_tasks(struct batch *batch, const struct request_row *row,
                                 struct err *err)
{
  int64_t open = 0;
  enum err_code code = task_count_open(batch_store(batch), row->person, row->request, &open, err);
  if (code != ERR_OK || open == 0)
    return code;
  code = err_set(err, ERR_REFUSED, "refused: not_acknowledged");
  err_hint(err, "%lld task%s of the request: forvar task list", (long long)open,
           open == 1 ? " is open" : "s are open");
  err_rule(err, "GDPR 19");
  return code;
}

static enum err_code write_answer(const struct request_close_input *input, struct str *ret_text,
                                  struct err *err)
{
  if (input->outcome != REQUEST_REFUSED)
    return ERR_OK;
  OWNED(document) struct document *answer = document_object();
  document_set_text(answer, "ground", input->ground);
  document_set_text(answer, "authority", input->authority);
  document_set_text(answer, "court", input->court);
  return document_write(answer, DOCUMENT_LINE, ret_text, err);
}

static enum err_code apply_close(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct request_close_input *input = operation->input;
  struct person_state *state = NULL;
  struct request_row old;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = request_copy(batch, input->person, input->request, &old, err);
  if (code == ERR_OK)
    code = check_outcome(input, &old, err);
  if (code == ERR_OK)
    code = check_tasks(batch, &old, err);
  if (code == ERR_OK && old.right == RIGHT_OBJECTION)
    code = objection_check_close(batch, operation, state, input->request, err);
  OWNED(str) struct str answer = STR_INIT(3 * REQUEST_TEXT_BYTES_MAX);
  if (code == ERR_OK)
    code = write_answer(input, &answer, err);
  if (code != ERR_OK)
    return code;
  struct request_row row = old;
  row.state = REQUEST_CLOSED;
  row.outcome = input->outcome;
  row.closed_us = batch_now_us(batch);
  row.answer = str_view(&answer);
  code = batch_put_request(batch, state, &old, &row, err);
  return code != ERR_OK ? code : log_request(batch, operation, state, &row, err);
}

const struct verb verb_request_close = {
    .name = "request.close", .ledger = LEDGER_OP_REQUEST_CLOSE, .apply = apply_close};

// ── Deadlines that pass (P8) ────────────────────────────────────────────────────────────────────

struct overdue_input {
  struct person_id person;
  int64_t request;
};

static enum err_code apply_overdue(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct overdue_input *input = operation->input;
  struct person_state *state = NULL;
  struct request_row old;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased since it was listed, and the request with it
  if (code == ERR_OK)
    code = request_copy(batch, input->person, input->request, &old, err);
  if (code != ERR_OK || old.closed_us != 0 || old.overdue_us != 0)
    return code;
  struct request_row row = old;
  row.overdue_us = batch_now_us(batch);
  code = log_request(batch, operation, state, &row, err);
  if (code == ERR_OK && row.right == RIGHT_OBJECTION)
    code = objection_uphold_overdue(batch, operation, &state, &row, err);
  return code != ERR_OK ? code : batch_put_request(batch, state, &old, &row, err);
}

static const struct verb verb_overdue = {
    .name = "request.overdue", .ledger = LEDGER_OP_OVERDUE, .apply = apply_overdue};

enum { OVERDUE_PER_ROUND = 64 };

struct overdue_list {
  struct overdue_input items[OVERDUE_PER_ROUND];
  int32_t count;
};

static enum err_code collect(void *context, const struct request_row *row, struct err *err)
{
  (void)err;
  struct overdue_list *list = context;
  list->items[list->count++] = (struct overdue_input){row->person, row->request};
  return ERR_OK;
}

enum err_code request_see_overdue(struct core *core,
                                  void (*seen)(void *context, struct person_id person,
                                               int64_t request),
                                  void *context, struct err *err)
{
  struct overdue_list list;
  enum err_code code = ERR_OK;
  do {
    list.count = 0;
    code = store_request_overdue(core_store(core), core_now_us(core), OVERDUE_PER_ROUND, collect,
                                 &list, err);
    for (int32_t i = 0; code == ERR_OK && i < list.count; i++) {
      struct operation operation = OPERATION(&verb_overdue, &list.items[i], NULL);
      code = core_perform(core, &operation, err);
      if (code == ERR_OK && seen != NULL)
        seen(context, list.items[i].person, list.items[i].request);
    }
  } while (code == ERR_OK && list.count == OVERDUE_PER_ROUND);
  return code;
}
