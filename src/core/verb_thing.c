// Things are made and events happen to them. Both change what spans and kinds say, so the state
// is derived anew and the due index told (refile.c).
#include <string.h>

#include "core/bytes.h"
#include "core/consent.h"
#include "core/internal.h"
#include "core/refile.h"
#include "core/thing.h"
#include "core/verbs.h"
#include "store/store.h"

static enum err_code log_change(struct batch *batch, const struct operation *operation,
                                struct person_state *state, int64_t thing, int64_t event,
                                const char *name, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(400);
  str_format(&body, "{\"what\":\"%s\",\"thing\":%lld,\"event\":%lld,\"name\":\"%s\"}",
             operation->verb->name, (long long)thing, (long long)event, name);
  return batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

// Events at a day are stored as 00:00 local of the day.
static int64_t stored_instant(const struct policy *policy, const struct event_type *type,
                              int64_t effective_us)
{
  if (!type->at_day)
    return effective_us;
  return zone_day_start(policy->zone, zone_day(policy->zone, effective_us));
}

static enum err_code check_instant(int64_t effective_us, struct err *err)
{
  if (calendar_is_instant(effective_us))
    return ERR_OK;
  return err_set(err, ERR_INPUT, "the time of an event lies outside the calendar");
}

enum err_code thing_event(struct batch *batch, struct person_state **state, int64_t thing,
                          int32_t event, int64_t effective_us, struct event_row *ret_event,
                          struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  const struct event_type *type = &policy->events[event];
  const struct thing_state *known = state_thing(*state, thing);
  struct event_row row = {
      .person = (*state)->person,
      .thing = thing,
      .event = known == NULL ? 1 : known->event_count + 1,
      .type = names_number(core_names(batch->core), NAME_EVENT, view_of(type->full_name)),
      .effective_us = stored_instant(policy, type, effective_us),
      .recorded_us = batch->now_us,
  };
  enum err_code code = batch_add_event(batch, *state, &row, err);
  if (code == ERR_OK)
    code = batch_derive(batch, state, err);
  if (code == ERR_OK)
    *ret_event = row;
  return code;
}

// ── thing.add ───────────────────────────────────────────────────────────────────────────────

// The event with which a thing comes into being, or -1.
static int32_t born_event(const struct policy *policy, int32_t type)
{
  const struct thing_type *thing = &policy->things[type];
  if (thing->born >= 0 || thing->span_count == 0)
    return thing->born;
  uint64_t from = policy->spans[thing->first_span].from;
  return from == 0 ? -1 : thing->first_event + __builtin_ctzll(from);
}

enum err_code thing_make(struct batch *batch, struct person_state **state, struct thing_row thing,
                         int64_t effective_us, struct event_row *ret_born, struct err *err)
{
  int32_t type = names_index(core_names(batch->core), NAME_THING, thing.type);
  int32_t born = born_event(batch_policy(batch), type);
  enum err_code code = batch_add_thing(batch, *state, &thing, err);
  if (code == ERR_OK && born >= 0)
    return thing_event(batch, state, thing.thing, born, effective_us, ret_born, err);
  if (code == ERR_OK)
    *ret_born = (struct event_row){.person = thing.person, .thing = thing.thing};
  return code;
}

static enum err_code check_parent(const struct policy *policy, const struct person_state *state,
                                  const struct thing_add_input *input, struct err *err)
{
  int32_t in = policy->things[input->type].in;
  if (input->parent.value == 0)
    return ERR_OK;
  const struct thing_state *parent = state_thing(state, input->parent.value);
  if (parent == NULL)
    return err_set(err, ERR_NOT_FOUND, "the thing that it lies in is not this person's");
  if (in < 0 || parent->type != in)
    return err_set(err, ERR_INPUT, "a thing of type %s does not lie in one of that type",
                   policy->things[input->type].name);
  return ERR_OK;
}

static enum err_code apply_add(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct thing_add_input *input = operation->input;
  struct thing_add_output *output = operation->output;
  const struct policy *policy = batch_policy(batch);
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code != ERR_OK)
    return code;
  if (input->type < 0 || input->type >= policy->thing_count)
    return err_set(err, ERR_INPUT, "the policy has no such type of thing");
  code = check_instant(input->effective_us, err);
  if (code == ERR_OK)
    code = check_parent(policy, state, input, err);
  int64_t thing = 0;
  if (code == ERR_OK)
    code = batch_new_id(batch, &thing, err);
  if (code != ERR_OK)
    return code;
  const char *name = policy->things[input->type].name;
  struct thing_row row = {state->person, thing,
                          names_number(core_names(batch->core), NAME_THING, view_of(name)),
                          input->parent.value, batch->now_us};
  struct event_row born;
  code = thing_make(batch, &state, row, input->effective_us, &born, err);
  if (code == ERR_OK)
    code = consent_follow(batch, operation, &state, &born, false, err);
  if (code == ERR_OK)
    code = refile_person(batch, state, err);
  if (code == ERR_OK)
    code = log_change(batch, operation, state, thing, born.event, name, err);
  if (code == ERR_OK)
    output->thing = (struct thing_id){thing};
  return code;
}

static int64_t person_of_add(const void *input)
{
  return ((const struct thing_add_input *)input)->person.value;
}

static void pack_add(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, ((const struct thing_add_output *)output)->thing.value);
}

static void unpack_add(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  ((struct thing_add_output *)output)->thing.value = bytes_get_i64(bytes);
}

const struct verb verb_thing_add = {
    .name = "thing.add",
    .ledger = LEDGER_OP_THING_ADD,
    .apply = apply_add,
    .person_of = person_of_add,
    .outcome_pack = pack_add,
    .outcome_unpack = unpack_add,
};

// ── event.add ───────────────────────────────────────────────────────────────────────────────

static enum err_code apply_event(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct event_add_input *input = operation->input;
  struct event_add_output *output = operation->output;
  const struct policy *policy = batch_policy(batch);
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = check_instant(input->effective_us, err);
  if (code != ERR_OK)
    return code;
  const struct thing_state *thing = state_thing(state, input->thing.value);
  if (thing == NULL)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  if (input->event < 0 || input->event >= policy->event_count ||
      policy->events[input->event].thing != thing->type)
    return err_set(err, ERR_INPUT, "the policy has no such event for a thing of this type");
  struct event_row row;
  code =
      thing_event(batch, &state, input->thing.value, input->event, input->effective_us, &row, err);
  if (code == ERR_OK)
    code = consent_follow(batch, operation, &state, &row, false, err);
  output->event = row.event;
  if (code == ERR_OK)
    code = refile_person(batch, state, err);
  if (code == ERR_OK)
    code = log_change(batch, operation, state, input->thing.value, output->event,
                      policy->events[input->event].name, err);
  return code;
}

static int64_t person_of_event(const void *input)
{
  return ((const struct event_add_input *)input)->person.value;
}

static void pack_event(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, ((const struct event_add_output *)output)->event);
}

static void unpack_event(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  ((struct event_add_output *)output)->event = bytes_get_i64(bytes);
}

const struct verb verb_event_add = {
    .name = "event.add",
    .ledger = LEDGER_OP_EVENT_ADD,
    .apply = apply_event,
    .person_of = person_of_event,
    .outcome_pack = pack_event,
    .outcome_unpack = unpack_event,
};

// ── event.retract ───────────────────────────────────────────────────────────────────────────

struct wanted {
  int64_t thing, event;
  struct event_row row;
  bool found;
};

static enum err_code pick(void *context, const struct event_row *row, struct err *err)
{
  (void)err;
  struct wanted *wanted = context;
  if (row->thing == wanted->thing && row->event == wanted->event) {
    wanted->row = *row;
    wanted->found = true;
  }
  return ERR_OK;
}

static enum err_code apply_retract(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct event_retract_input *input = operation->input;
  struct person_state *state = NULL;
  struct wanted wanted = {.thing = input->thing.value, .event = input->event};
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = store_event_each(batch->core->store, input->person, pick, &wanted, err);
  if (code != ERR_OK)
    return code;
  if (!wanted.found || wanted.row.retracted_us != 0)
    return err_set(err, ERR_NOT_FOUND, "there is no such event in force");
  OWNED(state) struct person_state *before = state_hold(state);
  code = batch_retract_event(batch, state, &wanted.row, err);
  if (code == ERR_OK)
    code = batch_derive(batch, &state, err);
  if (code == ERR_OK)
    code = consent_follow(batch, operation, &state, &wanted.row, true, err);
  bool endless = false;
  if (code == ERR_OK)
    code = refile_find_endless(batch, before, state, &endless, err);
  if (code != ERR_OK)
    return code;
  if (endless) {
    struct gate_decision decision = {.first = GATE_NO_END, .reasons = gate_reason_bit(GATE_NO_END)};
    return batch_refuse(batch, operation, state, -1, -1, &decision, err);
  }
  code = refile_person(batch, state, err);
  if (code == ERR_OK)
    code = log_change(batch, operation, state, wanted.thing, wanted.event, "", err);
  return code;
}

static int64_t person_of_retract(const void *input)
{
  return ((const struct event_retract_input *)input)->person.value;
}

const struct verb verb_event_retract = {
    .name = "event.retract",
    .ledger = LEDGER_OP_EVENT_RETRACT,
    .apply = apply_retract,
    .person_of = person_of_retract,
};
