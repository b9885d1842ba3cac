// Operations in the core's words.
#include "life_op.h"

#include <stdio.h>
#include <string.h>

static const char *const field_names[O_FIELD_COUNT] = {
    [O_NAME] = "contact.name",    [O_EMAIL] = "contact.email",      [O_IP] = "traffic.ip",
    [O_REPORT] = "credit.report", [O_DECISION] = "credit.decision",
};
static const char *const point_names[O_POINT_COUNT] = {
    [O_PURCHASE] = "purchase", [O_ACCESS_LOG] = "access_log", [O_CREDIT_CHECK] = "credit_check"};
static const char *const purpose_names[O_PURPOSE_COUNT] = {
    [O_SERVICES] = "services", [O_MARKETING] = "direct_marketing", [O_SECURITY] = "security",
    [O_CREDIT] = "credit",     [O_OUTCOME] = "credit_outcome",
};
static const char *const role_names[O_ROLE_COUNT] = {
    [O_SUPPORT] = "support",
    [O_SELLER] = "seller",
    [O_ROLE_SECURITY] = "security",
    [O_ROLE_CREDIT] = "credit",
};
static const char *const source_names[O_SOURCE_COUNT] = {
    [O_SELF] = "self", [O_GENERATED] = "generated", [O_BUREAU] = "bureau"};
static const char *const event_names[O_EVENT_COUNT] = {
    [O_SIGNED] = "contract.signed",    [O_ENDED] = "contract.ended", [O_PLACED] = "order.placed",
    [O_CANCELLED] = "order.cancelled", [O_DONE] = "order.done",
};

static struct person_id id_of(const struct life *life, const struct life_op *op)
{
  return op->person < 0 ? (struct person_id){0} : life->persons[op->person].id;
}

static int64_t thing_id(const struct life *life, int thing)
{
  return thing < 0 ? 0 : life->things[thing].id;
}

static const struct verb *ask_person(struct life *life, struct life_op *op)
{
  (void)life;
  op->input.person = (struct person_add_input){0};
  return &verb_person_add;
}

static const struct verb *ask_thing(struct life *life, struct life_op *op)
{
  const struct life_thing *thing = &life->things[op->thing];
  op->input.thing = (struct thing_add_input){
      .person = id_of(life, op),
      .type =
          policy_thing(core_policy(life->core), view_of(thing->is_order ? "order" : "contract")),
      .parent = {thing_id(life, thing->parent)},
      .effective_us = op->effective_us,
  };
  return &verb_thing_add;
}

static const struct verb *ask_event(struct life *life, struct life_op *op)
{
  op->input.event = (struct event_add_input){
      .person = id_of(life, op),
      .thing = {thing_id(life, op->thing)},
      .event = policy_event(core_policy(life->core), view_of(event_names[op->event])),
      .effective_us = op->effective_us,
  };
  return &verb_event_add;
}

static const struct verb *ask_put(struct life *life, struct life_op *op)
{
  const struct policy *policy = core_policy(life->core);
  for (int i = 0; i < op->value_count; i++)
    op->record_values[i] = (struct record_value){
        policy_field(policy, view_of(field_names[op->fields[i]])), view_of(op->values[i])};
  op->input.put = (struct record_put_input){
      .person = id_of(life, op),
      .point = policy_point(policy, view_of(point_names[op->point])),
      .source = policy_source(policy, view_of(source_names[op->source])),
      .thing = {thing_id(life, op->thing)},
      .obtained_us = op->obtained_us,
      .values = op->record_values,
      .value_count = op->value_count,
  };
  return &verb_record_put;
}

// Decides now; what is left for the batch is the entry. NULL if there is no decision.
static const struct verb *ask_use(struct life *life, struct life_op *op)
{
  const struct policy *policy = core_policy(life->core);
  struct use_request request = {
      .actor = {0, policy_role(policy, view_of(role_names[op->role])), -1},
      .person = id_of(life, op),
      .purpose = policy_purpose(policy, view_of(purpose_names[op->purpose])),
      .field = policy_field(policy, view_of(field_names[op->field])),
      .channel = GATE_NO_CHANNEL,
      .mode = LEDGER_DURABLE,
  };
  struct err err = ERR_INIT;
  arena_clear(&op->arena);
  struct reader *reader = life->readers[op->reader];
  op->operation.code = use_decide(reader, &request, &op->arena, &op->answer, &err);
  if (op->operation.code != ERR_OK)
    return NULL;
  op->input.use = (struct use_log_input){op->answer.entry, op->answer.policy->version};
  return &verb_use_log;
}

static const struct verb *ask_opt_out(struct life *life, struct life_op *op)
{
  op->input.opt_out = (struct opt_out_input){id_of(life, op), op->channels};
  return &verb_opt_out;
}

static const struct verb *ask_stage(struct life *life, struct life_op *op)
{
  (void)snprintf(op->payload, sizeof op->payload, "qzx7 offer %d", op->number);
  op->input.stage = (struct message_stage_input){
      .person = id_of(life, op),
      .purpose = policy_purpose(core_policy(life->core), view_of(purpose_names[O_MARKETING])),
      .channel = CHANNEL_EMAIL,
      .payload = view_of(op->payload),
      .due_us = op->due_us,
  };
  return &verb_message_stage;
}

static const struct verb *ask_request(struct life *life, struct life_op *op)
{
  op->input.request = (struct request_add_input){.person = id_of(life, op), .right = op->right};
  return &verb_request_add;
}

static struct view if_given(bool is_given, const char *text)
{
  return is_given ? view_of(text) : VIEW_LITERAL("  ");
}

static const struct verb *ask_close(struct life *life, struct life_op *op)
{
  op->input.close = (struct request_close_input){
      .person = id_of(life, op),
      .request = life->requests[op->number].id,
      .outcome = (enum request_outcome)op->outcome,
      .ground = if_given(op->has_ground, "needed for a legal claim"),
      .authority = if_given(op->has_authority, "the authority"),
      .court = if_given(op->has_court, "the district court"),
  };
  return &verb_request_close;
}

static const struct verb *ask_erase(struct life *life, struct life_op *op)
{
  struct err err = ERR_INIT;
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  op->input.erase = (struct erase_input){.person = id_of(life, op)};
  if (op->number >= 0)
    op->input.erase.request = life->requests[op->number].id;
  if (!op->is_planned)
    return &verb_erase;
  op->operation.code = erase_plan_make(life->core, id_of(life, op), NULL, &plan, &err);
  op->input.erase.person_version = plan.person_version;
  return op->operation.code == ERR_OK ? &verb_erase : NULL;
}

static const struct verb *(*const asks[LIFE_KIND_COUNT])(struct life *, struct life_op *) = {
    [LIFE_PERSON] = ask_person,   [LIFE_CONTRACT] = ask_thing, [LIFE_ORDER] = ask_thing,
    [LIFE_EVENT] = ask_event,     [LIFE_PURCHASE] = ask_put,   [LIFE_ACCESS] = ask_put,
    [LIFE_CREDIT] = ask_put,      [LIFE_ODD_PUT] = ask_put,    [LIFE_USE] = ask_use,
    [LIFE_OPT_OUT] = ask_opt_out, [LIFE_STAGE] = ask_stage,    [LIFE_REQUEST] = ask_request,
    [LIFE_CLOSE] = ask_close,     [LIFE_ERASE] = ask_erase,
};

void life_ask(struct life *life, struct life_op *op)
{
  op->operation = (struct operation)OPERATION(NULL, &op->input, &op->output);
  op->operation.state = OPERATION_DONE;
  const struct verb *verb = asks[op->kind](life, op);
  if (verb == NULL)
    return;
  op->operation.verb = verb;
  op->operation.has_key = verb->person_of != NULL;
  memcpy(op->operation.key, op->key, sizeof op->key);
  memcpy(op->operation.digest, op->digest, sizeof op->digest);
  core_submit(life->core, &op->operation);
}
