// Who else has what goes: joint controllers [GDPR 26], recipients [GDPR 19], and the company's own
// systems beside this one, as the policy declares them. Nothing says yet what was really handed to
// whom: everybody who could have got it by the policy is told.
#include <string.h>

#include "core/refile.h"
#include "retain/erase_sort.h"

// ── Recipients ──────────────────────────────────────────────────────────────────────────────

// Was the condition ever fulfilled for this record? A condition that never was let nothing out.
static bool was_ever(const struct erase_sort *sort, const struct gate_record *record,
                     struct span_ref span)
{
  struct gate_person person = state_gate_person(sort->state);
  switch (span.scope) {
    case SPAN_NONE:
      return true;
    case SPAN_OWN:
      return record->own_spans != NULL && record->own_spans[span.index].state != ANCHOR_ABSENT;
    case SPAN_ANY:
      return person.any_spans[span.index].state != ANCHOR_ABSENT;
    case SPAN_KIND:
      return person.kinds[span.index].state != ANCHOR_ABSENT;
  }
  return true;
}

static bool is_about_thing(const struct erase_sort *sort, const struct erase_record *record,
                           int32_t type)
{
  const struct thing_state *thing = state_thing(sort->state, record->row.thing);
  for (; thing != NULL; thing = thing->parent < 0 ? NULL : &sort->state->things[thing->parent])
    if (thing->type == type)
      return true;
  return false;
}

static bool may_have_got(const struct erase_sort *sort, const struct erase_record *record,
                         const struct recipient *recipient)
{
  int32_t field = record->info->field;
  struct set common = set_and(&recipient->purposes, &record->info->purposes);
  if (field < 0 || set_is_empty(&common) || !set_has(&recipient->gets.fields, field))
    return false;
  if (set_has(&recipient->gets.thing_fields, field) &&
      !is_about_thing(sort, record, recipient->gets.of_thing))
    return false;
  struct gate_record gate = record_for_gate(record->info, sort->state, &record->row);
  return recipient->when != RECIPIENT_WHILE || was_ever(sort, &gate, recipient->when_span);
}

static bool has_got_something(const struct erase_sort *sort, const struct recipient *recipient)
{
  for (const struct erase_record *at = sort->goes; at != NULL; at = at->next)
    if (may_have_got(sort, at, recipient))
      return true;
  return false;
}

static void add(struct erase_sort *sort, enum task_kind kind, const char *party, bool needs_answer)
{
  sort->others[sort->others_count++] = (struct erase_other){kind, view_of(party), needs_answer};
}

static bool has_name(struct title title, struct view name)
{
  return view_equal(title.sv, name) || view_equal(title.en, name);
}

// A joint controller may stand among the recipients too, under its own name: it is told once.
static bool is_controller(const struct policy *policy, const struct recipient *recipient)
{
  const struct organisation *organisation = &policy->organisation;
  for (int32_t i = 1; i < organisation->controller_count; i++)
    if (organisation->controllers[i].role != CONTROLLER_SINGLE &&
        has_name(recipient->title, organisation->controllers[i].legal_name))
      return true;
  return false;
}

static void add_recipient(struct erase_sort *sort, int32_t index)
{
  const struct outward *outward = &core_policy(sort->core)->outward;
  const struct recipient *recipient = &outward->recipients[index];
  bool has_parties = false;
  for (int32_t i = 0; i < outward->party_count; i++) {
    const struct party *party = &outward->parties[i];
    if (party->recipient != index)
      continue;
    has_parties = true;
    if (party->allowed)
      add(sort, TASK_TELL, party->name, recipient->ack_required);
  }
  if (!has_parties)
    add(sort, TASK_TELL, recipient->name, recipient->ack_required);
}

static void find_recipients(struct erase_sort *sort)
{
  const struct policy *policy = core_policy(sort->core);
  for (int32_t i = 0; i < policy->outward.recipient_count; i++) {
    const struct recipient *recipient = &policy->outward.recipients[i];
    if (recipient->tell != TELL_NOT && !is_controller(policy, recipient) &&
        has_got_something(sort, recipient))
      add_recipient(sort, i);
  }
}

// ── Controllers and systems ─────────────────────────────────────────────────────────────────

static bool shares(const struct erase_sort *sort, const struct controller *controller)
{
  for (const struct erase_record *at = sort->goes; at != NULL; at = at->next) {
    struct set common = set_and(&controller->purposes, &at->info->purposes);
    if (!set_is_empty(&common))
      return true;
  }
  return false;
}

static void find_controllers(struct erase_sort *sort)
{
  const struct organisation *organisation = &core_policy(sort->core)->organisation;
  for (int32_t i = 1; i < organisation->controller_count; i++) {
    const struct controller *controller = &organisation->controllers[i];
    if (controller->role != CONTROLLER_SINGLE && shares(sort, controller))
      add(sort, TASK_INSTRUCT, controller->name, true);
  }
}

static bool holds_something(const struct erase_sort *sort, const struct data_system *system)
{
  for (const struct erase_record *at = sort->goes; at != NULL; at = at->next)
    if (at->info->field >= 0 && set_has(&system->fields, at->info->field))
      return true;
  return false;
}

// What is deleted directly is this very store.
static void find_systems(struct erase_sort *sort)
{
  const struct outward *outward = &core_policy(sort->core)->outward;
  for (int32_t i = 0; i < outward->system_count; i++)
    if (strcmp(outward->systems[i].erasure, "direct") != 0 &&
        holds_something(sort, &outward->systems[i]))
      add(sort, TASK_COPY, outward->systems[i].name, true);
}

enum err_code erase_others_find(struct erase_sort *sort, struct err *err)
{
  const struct policy *policy = core_policy(sort->core);
  if (policy == NULL)
    return ERR_OK;
  size_t most = (size_t)(policy->organisation.controller_count + policy->outward.recipient_count +
                         policy->outward.party_count + policy->outward.system_count + 1);
  sort->others = arena_new(sort->arena, most * sizeof *sort->others);
  if (sort->others == NULL)
    return err_set(err, ERR_MEMORY, "no memory for those who have the same data");
  find_controllers(sort);
  find_recipients(sort);
  find_systems(sort);
  return ERR_OK;
}
