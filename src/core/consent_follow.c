// What becomes of consents by what is entered elsewhere: events by hand, dates of birth, undoing.
#include "base/identity.h"
#include "core/consent.h"
#include "core/internal.h"
#include "core/record.h"
#include "core/thing.h"
#include "policy/law.h"
#include "store/store.h"

enum err_code consent_enter(struct batch *batch, const struct operation *operation,
                            struct person_state **state, int32_t consent, struct consent_row row,
                            struct err *err)
{
  static const unsigned char no_hash[32];
  const struct policy *policy = batch_policy(batch);
  const struct names *names = core_names(batch->core);
  int32_t role = operation->actor.role;
  row.person = (*state)->person;
  row.consent = ++(*state)->next_consent;
  row.text = names_number(names, NAME_TEXT, view_of(policy->consents[consent].text));
  row.policy = policy->version;
  row.role = role < 0 ? 0 : names_number_at(names, NAME_ROLE, role);
  row.service = operation->actor.service;
  row.recorded_us = batch->now_us;
  if (row.wording.length == 0)
    row.wording = view_bytes(no_hash, sizeof no_hash);
  enum err_code code = batch_add_consent(batch, *state, &row, err);
  return code != ERR_OK ? code : batch_derive(batch, state, err);
}

// The event that ends a span: one that is the person's own, if there is one.
static int32_t ending_event(const struct policy *policy, const struct span *span)
{
  const struct thing_type *thing = &policy->things[span->thing];
  int32_t found = -1;
  for (int32_t i = 0; i < thing->event_count; i++) {
    if ((span->to >> i & 1) == 0)
      continue;
    if (policy->events[thing->first_event + i].by == EVENT_BY_PERSON)
      return thing->first_event + i;
    found = found < 0 ? thing->first_event + i : found;
  }
  return found;
}

enum err_code consent_end(struct batch *batch, const struct operation *operation,
                          struct person_state **state, int32_t consent, int64_t thing,
                          struct consent_row row, struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  int32_t event = ending_event(policy, &policy->spans[policy->consents[consent].held.index]);
  struct event_row ended;
  enum err_code code = ERR_OK;
  if (event >= 0)
    code = thing_event(batch, state, thing, event, batch->now_us, &ended, err);
  row.thing = thing;
  row.given_us = batch->now_us;
  return code != ERR_OK ? code : consent_enter(batch, operation, state, consent, row, err);
}

// ── Events by hand ──────────────────────────────────────────────────────────────────────────

static enum err_code last_given(struct batch *batch, const struct person_state *state,
                                int64_t thing, struct consent_row *ret_row, bool *ret_found,
                                struct err *err)
{
  OWNED(consent_list) struct consent_list list = CONSENT_LIST_INIT;
  enum err_code code = consent_list_load(&list, batch_store(batch), state->person, err);
  *ret_found = false;
  for (int32_t i = 0; code == ERR_OK && i < list.count; i++)
    if (list.items[i].row.thing == thing &&
        consent_is_given((enum consent_state)list.items[i].row.state)) {
      *ret_row = list.items[i].row;
      *ret_found = true;
    }
  ret_row->wording = VIEW_EMPTY;
  return code;
}

static enum err_code follow_begin(struct batch *batch, const struct operation *operation,
                                  struct person_state **state, int32_t consent,
                                  const struct event_row *event, struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  struct consent_row row = {
      .state = CONSENT_GIVEN,
      .thing = event->thing,
      .channel = -1,
      .method = CONSENT_BY_HAND,
      .given_us = event->effective_us,
      .until_us = calendar_add(policy->zone, event->effective_us, policy->consents[consent].lasts),
  };
  return consent_enter(batch, operation, state, consent, row, err);
}

// What was withdrawn by mistake is as it was before.
static enum err_code follow_end(struct batch *batch, const struct operation *operation,
                                struct person_state **state, int32_t consent,
                                const struct event_row *event, bool is_retracted, struct err *err)
{
  struct consent_row row = {.thing = event->thing, .channel = -1, .method = CONSENT_BY_HAND};
  bool found = false;
  enum err_code code = ERR_OK;
  if (is_retracted)
    code = last_given(batch, *state, event->thing, &row, &found, err);
  if (code != ERR_OK || (is_retracted && !found))
    return code;
  if (!is_retracted) {
    row.state = CONSENT_WITHDRAWN;
    row.given_us = event->effective_us;
  }
  return consent_enter(batch, operation, state, consent, row, err);
}

static enum err_code follow_one(struct batch *batch, const struct operation *operation,
                                struct person_state **state, int32_t consent,
                                const struct event_row *event, bool is_retracted, struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  const struct span *span = &policy->spans[policy->consents[consent].held.index];
  int32_t index = names_index(core_names(batch->core), NAME_EVENT, event->type);
  int32_t bit = index - policy->things[span->thing].first_event;
  if (index < 0 || policy->events[index].thing != span->thing)
    return ERR_OK;
  if ((span->to >> bit & 1) != 0)
    return follow_end(batch, operation, state, consent, event, is_retracted, err);
  if ((span->from >> bit & 1) == 0)
    return ERR_OK;
  if (!is_retracted)
    return follow_begin(batch, operation, state, consent, event, err);
  struct consent_row row = {.state = CONSENT_INVALIDATED,
                            .thing = event->thing,
                            .channel = -1,
                            .method = CONSENT_BY_HAND,
                            .given_us = batch->now_us};
  return consent_enter(batch, operation, state, consent, row, err);
}

enum err_code consent_follow(struct batch *batch, const struct operation *operation,
                             struct person_state **state, const struct event_row *event,
                             bool is_retracted, struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  const struct thing_state *thing = state_thing(*state, event->thing);
  int32_t type = thing == NULL ? -1 : thing->type;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < policy->consent_count; i++)
    if (consent_holds_in(policy, i, type))
      return follow_one(batch, operation, state, i, event, is_retracted, err);
  return code;
}

// ── Age ─────────────────────────────────────────────────────────────────────────────────────

int32_t consent_age(const struct policy *policy, int32_t consent, struct view country, int64_t day)
{
  const struct organisation *organisation = &policy->organisation;
  if (country.length == 0 && organisation->controller_count > 0)
    country = view_of(organisation->controllers[0].country);
  if (country.length == 0)
    country = VIEW_LITERAL("SE");
  int32_t by_law = law_age_of_consent(country, day);
  int64_t by_policy = policy->consents[consent].least_age;
  return by_policy > by_law ? (int32_t)by_policy : by_law;
}

bool consent_field_tells_birth(const struct field *field)
{
  return field->type == FIELD_PERSONNUMMER || (field->type == FIELD_DATE && field->is_birth);
}

bool consent_birth_of(const struct field *field, struct view value, int64_t today,
                      int64_t *ret_born_day)
{
  struct identity identity;
  struct err err = ERR_INIT;
  if (!consent_field_tells_birth(field))
    return false;
  if (field->type == FIELD_DATE)
    return calendar_read_date(value, ret_born_day);
  if (identity_read(value, today, &identity, &err) != ERR_OK || !identity.birth_known)
    return false;
  *ret_born_day = identity.birth_days;
  return true;
}

struct birth_search {
  struct batch *batch;
  struct record_row row;
  bool found;
};

static enum err_code take_row(void *context, const struct record_row *row, struct err *err)
{
  struct birth_search *search = context;
  const char *copy = arena_text(batch_arena(search->batch), row->value);
  if (copy == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a date of birth");
  search->row = *row;
  search->row.value = view_bytes(copy, row->value.length);
  search->found = true;
  return ERR_OK;
}

enum err_code consent_find_birth(struct batch *batch, const struct person_state *state,
                                 bool *ret_known, int64_t *ret_born_day, struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  int64_t today = zone_day(policy->zone, batch->now_us);
  *ret_known = false;
  for (int32_t i = 0; !*ret_known && i < policy->field_count; i++) {
    struct birth_search search = {.batch = batch};
    struct view value;
    if (!consent_field_tells_birth(&policy->fields[i]))
      continue;
    int32_t number = names_number_at(core_names(batch->core), NAME_FIELD, i);
    enum err_code code =
        store_record_each(batch_store(batch), state->person, number, take_row, &search, err);
    if (code == ERR_OK && search.found)
      code = record_open(batch->core, batch_store(batch), batch_arena(batch), &search.row, &value,
                         err);
    if (code != ERR_OK)
      return code;
    if (search.found)
      *ret_known = consent_birth_of(&policy->fields[i], value, today, ret_born_day);
  }
  return ERR_OK;
}

static bool was_too_young(const struct policy *policy, int32_t consent,
                          const struct consent_row *row, int64_t born_day)
{
  int64_t day = zone_day(policy->zone, row->given_us);
  int32_t age = consent_age(policy, consent, VIEW_EMPTY, day);
  return (row->how & CONSENT_BY_PARENT) == 0 && day < calendar_birthday(born_day, age);
}

// The first consent in force that is a child's alone, or -1.
static int32_t find_too_young(struct batch *batch, const struct person_state *state,
                              const struct consent_list *list, int64_t born_day,
                              const struct consent_row **ret_row)
{
  const struct policy *policy = batch_policy(batch);
  for (int32_t i = 0; i < policy->consent_count; i++) {
    struct consent_standing standing =
        consent_standing(list, state, policy, core_names(batch->core), i, batch->now_us);
    *ret_row = standing.row;
    if (consent_is_given(standing.state) && was_too_young(policy, i, standing.row, born_day))
      return i;
  }
  return -1;
}

enum err_code consent_meet_birth(struct batch *batch, const struct operation *operation,
                                 struct person_state **state, int64_t born_day, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t consent = 0; code == ERR_OK && consent >= 0 && (*state)->next_consent > 0;) {
    OWNED(consent_list) struct consent_list list = CONSENT_LIST_INIT;
    const struct consent_row *row = NULL;
    struct consent_row ended = {.state = CONSENT_INVALIDATED, .channel = -1};
    code = consent_list_load(&list, batch_store(batch), (*state)->person, err);
    if (code != ERR_OK)
      return code;
    consent = find_too_young(batch, *state, &list, born_day, &row);
    if (consent >= 0)
      code = consent_end(batch, operation, state, consent, row->thing, ended, err);
  }
  return code;
}
