#include "core/others.h"

#include <string.h>

#include "core/refile.h"

struct search {
  const struct policy *policy;
  const struct person_state *state;
  const struct others_record *records;
  int64_t count;
  struct others others;
};

// ── Recipients ──────────────────────────────────────────────────────────────────────────────

// Was the condition ever fulfilled for this record? A condition that never was let nothing out.
static bool was_ever(const struct search *search, const struct gate_record *record,
                     struct span_ref span)
{
  struct gate_person person = state_gate_person(search->state);
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

static bool is_about_thing(const struct search *search, const struct others_record *record,
                           int32_t type)
{
  const struct thing_state *thing = state_thing(search->state, record->row->thing);
  for (; thing != NULL; thing = thing->parent < 0 ? NULL : &search->state->things[thing->parent])
    if (thing->type == type)
      return true;
  return false;
}

static bool may_have_got(const struct search *search, const struct others_record *record,
                         const struct recipient *recipient)
{
  int32_t field = record->info->field;
  if (field < 0 || !set_meets(&recipient->purposes, &record->info->purposes) ||
      !set_has(&recipient->gets.fields, field))
    return false;
  if (set_has(&recipient->gets.thing_fields, field) &&
      !is_about_thing(search, record, recipient->gets.of_thing))
    return false;
  struct gate_record gate = record_for_gate(record->info, search->state, record->row);
  return recipient->when != RECIPIENT_WHILE || was_ever(search, &gate, recipient->when_span);
}

static bool has_got_something(const struct search *search, const struct recipient *recipient)
{
  for (int64_t i = 0; i < search->count; i++)
    if (may_have_got(search, &search->records[i], recipient))
      return true;
  return false;
}

static void add(struct search *search, enum task_kind kind, const char *party, bool needs_answer)
{
  search->others.items[search->others.count++] = (struct other){kind, view_of(party), needs_answer};
}

static bool has_name(struct title title, struct view name)
{
  return view_equal(title.sv, name) || view_equal(title.en, name);
}

// A joint controller does with its copy what is done here, and says so [GDPR 26].
static void add_recipient(struct search *search, int32_t index)
{
  const struct outward *outward = &search->policy->outward;
  const struct recipient *recipient = &outward->recipients[index];
  bool is_joint = recipient->is == RECIPIENT_JOINT;
  bool needs_answer = recipient->ack_required || is_joint;
  enum task_kind kind = is_joint ? TASK_INSTRUCT : TASK_TELL;
  bool has_parties = false;
  for (int32_t i = 0; i < outward->party_count; i++) {
    const struct party *party = &outward->parties[i];
    if (party->recipient != index)
      continue;
    has_parties = true;
    if (party->allowed)
      add(search, kind, party->name, needs_answer);
  }
  if (!has_parties)
    add(search, kind, recipient->name, needs_answer);
}

static void find_recipients(struct search *search)
{
  const struct policy *policy = search->policy;
  for (int32_t i = 0; i < policy->outward.recipient_count; i++) {
    const struct recipient *recipient = &policy->outward.recipients[i];
    if (recipient->tell != TELL_NOT && has_got_something(search, recipient))
      add_recipient(search, i);
  }
}

// ── Controllers and systems ─────────────────────────────────────────────────────────────────

static bool shares(const struct search *search, const struct controller *controller)
{
  for (int64_t i = 0; i < search->count; i++)
    if (set_meets(&controller->purposes, &search->records[i].info->purposes))
      return true;
  return false;
}

// A joint controller that stands among the recipients too, under its own name, is told as one.
static bool is_recipient(const struct policy *policy, const struct controller *controller)
{
  for (int32_t i = 0; i < policy->outward.recipient_count; i++)
    if (policy->outward.recipients[i].tell != TELL_NOT &&
        has_name(policy->outward.recipients[i].title, controller->legal_name))
      return true;
  return false;
}

static void find_controllers(struct search *search)
{
  const struct organisation *organisation = &search->policy->organisation;
  for (int32_t i = 1; i < organisation->controller_count; i++) {
    const struct controller *controller = &organisation->controllers[i];
    if (controller->role != CONTROLLER_SINGLE && shares(search, controller) &&
        !is_recipient(search->policy, controller))
      add(search, TASK_INSTRUCT, controller->name, true);
  }
}

static bool holds_something(const struct search *search, const struct data_system *system)
{
  for (int64_t i = 0; i < search->count; i++)
    if (search->records[i].info->field >= 0 &&
        set_has(&system->fields, search->records[i].info->field))
      return true;
  return false;
}

// What is deleted directly is this very store.
static void find_systems(struct search *search)
{
  const struct outward *outward = &search->policy->outward;
  for (int32_t i = 0; i < outward->system_count; i++)
    if (strcmp(outward->systems[i].erasure, "direct") != 0 &&
        holds_something(search, &outward->systems[i]))
      add(search, TASK_COPY, outward->systems[i].name, true);
}

enum err_code others_find(const struct core *core, const struct person_state *state,
                          const struct others_record *records, int64_t count, struct arena *arena,
                          struct others *ret_others, struct err *err)
{
  struct search search = {
      .policy = core_policy(core), .state = state, .records = records, .count = count};
  *ret_others = (struct others){NULL, 0};
  if (search.policy == NULL)
    return ERR_OK;
  const struct outward *outward = &search.policy->outward;
  size_t most = 1 + (size_t)search.policy->organisation.controller_count +
                (size_t)outward->recipient_count + (size_t)outward->party_count +
                (size_t)outward->system_count;
  search.others.items = arena_new(arena, most * sizeof *search.others.items);
  if (search.others.items == NULL)
    return err_set(err, ERR_MEMORY, "no memory for those who have the same data");
  find_controllers(&search);
  find_recipients(&search);
  find_systems(&search);
  *ret_others = search.others;
  return ERR_OK;
}

enum err_code others_make_tasks(struct batch *batch, struct person_state *holder,
                                const struct others *others, enum task_about about, int64_t request,
                                struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < others->count; i++) {
    const struct task_new task = {.kind = others->items[i].kind,
                                  .about = about,
                                  .party = others->items[i].party,
                                  .needs_answer = others->items[i].needs_answer,
                                  .request = request};
    int64_t number = 0;
    code = task_make(batch, holder, &task, &number, err);
  }
  return code;
}

void others_write(const struct others *others, struct str *body)
{
  str_add(body, VIEW_LITERAL("\"copies\":["));
  for (int32_t i = 0; i < others->count; i++)
    str_format(body, "%s{\"kind\":\"%s\",\"party\":\"%.*s\",\"state\":\"open\"}", i == 0 ? "" : ",",
               task_kind_name(others->items[i].kind), (int)others->items[i].party.length,
               others->items[i].party.bytes);
  str_add_char(body, ']');
}
