#include "trial/facts.h"

#include "core/core.h"
#include "core/state.h"
#include "core/stop.h"
#include "trial/run.h"

#include <stdlib.h>

static const struct names *names_of(const struct trial_run *run)
{
  return core_names(run->home.core);
}

static const struct class_row *class_of(const struct trial_run *run, int64_t class_id)
{
  const struct class_info *info = class_get(core_classes(run->home.core), class_id);
  return info == NULL ? NULL : &info->row;
}

// ── Anchors ─────────────────────────────────────────────────────────────────────────────────

static int64_t anchor_us(const struct zone *zone, struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY ? zone_day_end(zone, anchor.value) : anchor.value;
}

static struct anchor latest(const struct zone *zone, struct anchor a, struct anchor b)
{
  if (a.state == ANCHOR_ABSENT || b.state == ANCHOR_OPEN)
    return b;
  if (b.state == ANCHOR_ABSENT || a.state == ANCHOR_OPEN)
    return a;
  return anchor_us(zone, a) >= anchor_us(zone, b) ? a : b;
}

static struct anchor of_event(const struct policy *policy, int32_t event,
                              const struct event_row *row)
{
  if (!policy->events[event].at_day)
    return (struct anchor){ANCHOR_INSTANT, row->effective_us};
  return (struct anchor){ANCHOR_DAY, zone_day(policy->zone, row->effective_us)};
}

// A day begins something at its 00:00 and ends something at its 24:00.
static int64_t effect_us(const struct policy *policy, int32_t event, const struct event_row *row,
                         bool ends)
{
  if (!policy->events[event].at_day)
    return row->effective_us;
  int64_t day = zone_day(policy->zone, row->effective_us);
  return ends ? zone_day_end(policy->zone, day) : zone_day_start(policy->zone, day);
}

static void note_until(struct trial_facts *facts, int64_t instant_us)
{
  if (instant_us > facts->now_us && instant_us < facts->until_us)
    facts->until_us = instant_us;
}

// ── Spans ───────────────────────────────────────────────────────────────────────────────────

// The latest event that begins or ends the span decides; of two at once the one that ends it.
static struct anchor span_of(const struct trial_run *run, struct trial_facts *facts,
                             const struct trial_rows *rows, int64_t thing, int32_t span_index)
{
  const struct policy *policy = facts->policy;
  const struct span *span = &policy->spans[span_index];
  int32_t first_event = policy->things[span->thing].first_event;
  struct anchor found = {ANCHOR_ABSENT, 0};
  int64_t found_us = INT64_MIN;
  for (int32_t i = 0; i < rows->events_count; i++) {
    const struct event_row *row = &rows->events[i];
    int32_t event = names_index(names_of(run), NAME_EVENT, row->type);
    if (row->thing != thing || row->retracted_us != 0 || event < 0 ||
        policy->events[event].thing != span->thing)
      continue;
    uint64_t bit = UINT64_C(1) << (event - first_event);
    bool ends = (span->to & bit) != 0;
    if (!ends && (span->from & bit) == 0)
      continue;
    int64_t at_us = effect_us(policy, event, row, ends);
    note_until(facts, at_us);
    if (at_us > facts->now_us || at_us < found_us || (at_us == found_us && !ends))
      continue;
    found_us = at_us;
    found = ends ? of_event(policy, event, row) : (struct anchor){ANCHOR_OPEN, 0};
  }
  return found;
}

static bool holds_consent(const struct policy *policy, int32_t span)
{
  for (int32_t i = 0; i < policy->consent_count; i++)
    if (policy->consents[i].held.scope != SPAN_NONE && policy->consents[i].held.index == span)
      return true;
  return false;
}

// A consent ends when the time is over for which it was given last, unless it was ended before.
static struct anchor lapsing(struct trial_facts *facts, const struct trial_rows *rows,
                             int64_t thing, struct anchor span)
{
  int64_t until_us = 0;
  for (int32_t i = 0; i < rows->consents_count; i++)
    if (rows->consents[i].thing == thing && rows->consents[i].until_us != 0)
      until_us = rows->consents[i].until_us;
  if (until_us == 0 || span.state == ANCHOR_ABSENT ||
      (span.state != ANCHOR_OPEN && anchor_us(facts->policy->zone, span) <= until_us))
    return span;
  note_until(facts, until_us);
  return (struct anchor){ANCHOR_INSTANT, until_us};
}

static const struct trial_fact_thing *find_thing(const struct trial_facts *facts, int64_t thing)
{
  for (int32_t i = 0; thing != 0 && i < facts->thing_count; i++)
    if (facts->things[i].thing == thing)
      return &facts->things[i];
  return NULL;
}

static struct anchor *new_anchors(struct arena *arena, int32_t count)
{
  return arena_new(arena, (size_t)(count + 1) * sizeof(struct anchor));
}

static bool read_things(const struct trial_run *run, const struct trial_rows *rows,
                        struct trial_facts *facts)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = 0; i < rows->things_count; i++) {
    const struct thing_row *row = &rows->things[i];
    struct trial_fact_thing *thing = &facts->things[facts->thing_count++];
    *thing = (struct trial_fact_thing){.thing = row->thing,
                                       .parent = row->parent,
                                       .type = names_index(names_of(run), NAME_THING, row->type),
                                       .spans = new_anchors(rows->arena, policy->span_count)};
    if (thing->spans == NULL)
      return false;
    for (int32_t span = 0; span < policy->span_count; span++)
      if (policy->spans[span].thing == thing->type)
        thing->spans[span] = span_of(run, facts, rows, row->thing, span);
    for (int32_t span = 0; span < policy->span_count; span++)
      if (holds_consent(policy, span) && policy->spans[span].thing == thing->type)
        thing->spans[span] = lapsing(facts, rows, row->thing, thing->spans[span]);
  }
  return true;
}

// A thing answers also for what it lies in.
static void look_outward(struct trial_facts *facts)
{
  for (int32_t i = 0; i < facts->thing_count; i++) {
    struct trial_fact_thing *thing = &facts->things[i];
    const struct trial_fact_thing *outer = find_thing(facts, thing->parent);
    thing->chain[thing->chain_count++] = thing->thing;
    for (int depth = 0; outer != NULL && depth < POLICY_DEPTH_MAX; depth++) {
      thing->chain[thing->chain_count++] = outer->thing;
      for (int32_t span = 0; span < facts->policy->span_count; span++)
        if (facts->policy->spans[span].thing == outer->type)
          facts->things[i].spans[span] = outer->spans[span];
      outer = find_thing(facts, outer->parent);
    }
  }
}

// The instants at which an event of the span's changes it, and to what; in order of time. Of two at
// once the end is the later, but for the 24:00 of a day and the start of the next.
struct turn {
  int64_t at_us;
  bool ends, at_day;
};

static int compare_turns(const void *a, const void *b)
{
  const struct turn *one = a;
  const struct turn *other = b;
  if (one->at_us != other->at_us)
    return one->at_us < other->at_us ? -1 : 1;
  bool are_days = one->at_day && other->at_day;
  return are_days ? other->ends - one->ends : one->ends - other->ends;
}

static int32_t find_turns(const struct trial_run *run, const struct trial_facts *facts,
                          const struct trial_rows *rows, int64_t thing, int32_t span,
                          struct turn *ret_turns)
{
  const struct policy *policy = facts->policy;
  const struct span *of = &policy->spans[span];
  int32_t count = 0;
  for (int32_t i = 0; i < rows->events_count; i++) {
    const struct event_row *row = &rows->events[i];
    int32_t event = names_index(names_of(run), NAME_EVENT, row->type);
    if (row->thing != thing || row->retracted_us != 0 || event < 0 ||
        policy->events[event].thing != of->thing)
      continue;
    uint64_t bit = UINT64_C(1) << (event - policy->things[of->thing].first_event);
    bool ends = (of->to & bit) != 0;
    int64_t at_us = effect_us(policy, event, row, ends);
    if ((ends || (of->from & bit) != 0) && at_us <= facts->now_us)
      ret_turns[count++] = (struct turn){at_us, ends, policy->events[event].at_day};
  }
  qsort(ret_turns, (size_t)count, sizeof *ret_turns, compare_turns);
  return count;
}

static void add_runs(struct trial_facts *facts, int64_t thing, int32_t span,
                     const struct turn *turns, int32_t count)
{
  bool is_active = false;
  for (int32_t i = 0; i < count; i++) {
    if (is_active && turns[i].ends)
      facts->runs[facts->run_count - 1].end_us = turns[i].at_us;
    if (!is_active && !turns[i].ends)
      facts->runs[facts->run_count++] = (struct span_run){span, thing, turns[i].at_us, INT64_MAX};
    is_active = !turns[i].ends;
  }
}

static int compare_runs(const void *a, const void *b)
{
  const struct span_run *one = a;
  const struct span_run *other = b;
  if (one->span != other->span)
    return one->span < other->span ? -1 : 1;
  return (one->begin_us > other->begin_us) - (one->begin_us < other->begin_us);
}

static bool find_runs(const struct trial_run *run, const struct trial_rows *rows,
                      struct trial_facts *facts)
{
  const struct policy *policy = facts->policy;
  size_t room = (size_t)rows->events_count + 1;
  struct turn *turns = arena_new(rows->arena, room * sizeof *turns);
  facts->runs =
      arena_new(rows->arena, room * (size_t)(policy->span_count + 1) * sizeof *facts->runs);
  if (turns == NULL || facts->runs == NULL)
    return false;
  for (int32_t span = set_next(&policy->pause_spans, 0); span >= 0;
       span = set_next(&policy->pause_spans, span + 1))
    for (int32_t i = 0; i < facts->thing_count; i++)
      if (facts->things[i].type == policy->spans[span].thing)
        add_runs(facts, facts->things[i].thing, span, turns,
                 find_turns(run, facts, rows, facts->things[i].thing, span, turns));
  qsort(facts->runs, (size_t)facts->run_count, sizeof *facts->runs, compare_runs);
  return true;
}

static void find_any(struct trial_facts *facts)
{
  const struct policy *policy = facts->policy;
  for (int32_t span = 0; span < policy->span_count; span++)
    for (int32_t i = 0; i < facts->thing_count; i++)
      if (facts->things[i].type == policy->spans[span].thing)
        facts->any_spans[span] =
            latest(policy->zone, facts->any_spans[span], facts->things[i].spans[span]);
}

// Whether what has an end that is known is not over yet.
static bool is_active(const struct trial_facts *facts, struct anchor fact)
{
  return fact.state == ANCHOR_OPEN ||
         (fact.state != ANCHOR_ABSENT && facts->now_us < anchor_us(facts->policy->zone, fact));
}

static struct anchor kind_within(struct trial_facts *facts, const struct keep *within)
{
  const struct keep_facts of_keep = {.zone = facts->policy->zone,
                                     .any_spans = facts->any_spans,
                                     .kinds = facts->kinds,
                                     .first_events = facts->first_events,
                                     .last_events = facts->last_events};
  struct end end = keep_end(within, &of_keep);
  if (end.state != END_AT)
    return (struct anchor){end.state == END_OPEN ? ANCHOR_OPEN : ANCHOR_ABSENT, 0};
  note_until(facts, end.use_us);
  return (struct anchor){ANCHOR_DAY, zone_day(facts->policy->zone, end.use_us - 1)};
}

static void find_kinds(const struct trial_run *run, const struct person_state *stored,
                       struct trial_facts *facts)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = 0; i < policy->kind_count; i++) {
    const struct kind *kind = &policy->kinds[i];
    int32_t number = names_number_at(names_of(run), NAME_KIND, i);
    bool is_set = !policy_kind_is_derived(kind) && number > 0 && number < 64 &&
                  (stored->declared_kinds >> number & 1) != 0;
    if (kind->while_span >= 0)
      facts->kinds[i] = facts->any_spans[kind->while_span];
    else if (is_set)
      facts->kinds[i].state = ANCHOR_OPEN;
  }
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (policy->kinds[i].within != NULL)
      facts->kinds[i] = kind_within(facts, policy->kinds[i].within);
  for (int32_t i = 0; i < policy->kind_count; i++) {
    int32_t past = policy->kinds[i].past_kind;
    if (past < 0)
      continue;
    bool is_over =
        facts->kinds[past].state != ANCHOR_ABSENT && !is_active(facts, facts->kinds[past]);
    facts->kinds[i].state = is_over ? ANCHOR_OPEN : ANCHOR_ABSENT;
  }
}

static void find_events(const struct trial_run *run, const struct trial_rows *rows,
                        struct trial_facts *facts)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = 0; i < rows->events_count; i++) {
    const struct event_row *row = &rows->events[i];
    int32_t event = names_index(names_of(run), NAME_EVENT, row->type);
    if (row->retracted_us != 0 || event < 0)
      continue;
    int64_t at_us = effect_us(policy, event, row, false);
    note_until(facts, at_us);
    if (at_us > facts->now_us)
      continue;
    struct anchor found = of_event(policy, event, row);
    struct anchor *first = &facts->first_events[event];
    if (first->state == ANCHOR_ABSENT ||
        anchor_us(policy->zone, found) < anchor_us(policy->zone, *first))
      *first = found;
    facts->last_events[event] = latest(policy->zone, facts->last_events[event], found);
  }
}

static bool find_upheld(const struct trial_run *run, const struct trial_rows *rows,
                        struct trial_facts *facts)
{
  if (rows->objections_count == 0)
    return true;
  facts->upheld_us =
      arena_new(rows->arena, (size_t)(facts->policy->purpose_count + 1) * sizeof *facts->upheld_us);
  for (int32_t i = 0; facts->upheld_us != NULL && i < rows->objections_count; i++) {
    const struct objection_row *row = &rows->objections[i];
    int32_t purpose = names_index(names_of(run), NAME_PURPOSE, row->purpose);
    if (purpose >= 0 && row->outcome == OBJECTION_UPHELD)
      facts->upheld_us[purpose] = row->decided_us;
  }
  return facts->upheld_us != NULL;
}

enum err_code trial_facts_make(const struct trial_run *run, const struct trial_rows *rows,
                               int64_t now_us, struct trial_facts *ret_facts, struct err *err)
{
  const struct policy *policy = trial_policy(run);
  struct trial_facts facts = {.policy = policy, .now_us = now_us, .until_us = INT64_MAX};
  struct person_state stored;
  enum err_code code = state_unpack(rows->person.state, &stored, err);
  if (code != ERR_OK)
    return code;
  facts.any_spans = new_anchors(rows->arena, policy->span_count);
  facts.kinds = new_anchors(rows->arena, policy->kind_count);
  facts.first_events = new_anchors(rows->arena, policy->event_count);
  facts.last_events = new_anchors(rows->arena, policy->event_count);
  facts.things = arena_new(rows->arena, (size_t)(rows->things_count + 1) * sizeof *facts.things);
  if (facts.any_spans == NULL || facts.kinds == NULL || facts.first_events == NULL ||
      facts.last_events == NULL || facts.things == NULL || !read_things(run, rows, &facts) ||
      !find_upheld(run, rows, &facts) ||
      (!set_is_empty(&policy->pause_spans) && !find_runs(run, rows, &facts)))
    return err_set(err, ERR_MEMORY, "no memory for the facts of a person");
  look_outward(&facts);
  find_any(&facts);
  find_events(run, rows, &facts);
  find_kinds(run, &stored, &facts);
  *ret_facts = facts;
  return ERR_OK;
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────

static bool uses(const struct purpose *purpose, int32_t field, int32_t thing_type)
{
  return set_has(&purpose->fields, field) &&
         (!set_has(&purpose->thing_fields, field) || purpose->of_thing == thing_type);
}

static int32_t index_of(const struct trial_run *run, enum name_kind kind, int64_t number,
                        const struct policy *policy,
                        int32_t (*find)(const struct policy *, struct view))
{
  const char *name = names_text(names_of(run), kind, number);
  return name == NULL ? -1 : find(policy, view_of(name));
}

struct serving {
  int32_t thing, source;
};

// `from` and `compatible` of the version in force, apart from how the core does it.
static struct set serve(const struct policy *policy, const struct set *told, int32_t field,
                        struct serving by)
{
  struct set served = SET_EMPTY;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    bool has = set_has(told, i);
    for (int32_t k = 0; k < purpose->terms.compatible_count && uses(purpose, field, by.thing); k++)
      has = has || set_has(told, policy->compatibles[purpose->terms.first_compatible + k].purpose);
    bool takes = purpose->terms.sources == 0 || by.source < 0 ||
                 (purpose->terms.sources >> by.source & 1) != 0;
    if (has && takes)
      set_add(&served, i);
  }
  return served;
}

struct set trial_class_purposes(const struct trial_run *run, const struct class_row *row)
{
  struct set now = SET_EMPTY;
  const struct policy *policy = trial_policy(run);
  const struct policy *told = core_policy_version(run->home.core, row->policy_version);
  if (told == NULL)
    return now;
  int32_t point = index_of(run, NAME_POINT, row->point, told, policy_point);
  int32_t field = index_of(run, NAME_FIELD, row->field, told, policy_field);
  int32_t field_now = index_of(run, NAME_FIELD, row->field, policy, policy_field);
  int32_t thing = index_of(run, NAME_THING, row->thing_type, told, policy_thing);
  if (point < 0 || field < 0 || field_now < 0)
    return now;
  const struct set *served = &told->points[point].purposes;
  for (int32_t i = set_next(served, 0); i >= 0; i = set_next(served, i + 1)) {
    int32_t purpose = policy_purpose(policy, view_of(told->purposes[i].name));
    if (uses(&told->purposes[i], field, thing) && purpose >= 0 &&
        set_has(&policy->purposes[purpose].fields, field_now))
      set_add(&now, purpose);
  }
  return serve(policy, &now, field_now,
               (struct serving){index_of(run, NAME_THING, row->thing_type, policy, policy_thing),
                                index_of(run, NAME_SOURCE, row->source, policy, policy_source)});
}

struct keep_facts trial_keep_facts(const struct trial_facts *facts, const struct record_row *record)
{
  const struct trial_fact_thing *thing = find_thing(facts, record->thing);
  return (struct keep_facts){
      .zone = facts->policy->zone,
      .recorded_us = record->recorded_us,
      .obtained_us = record->obtained_us,
      .any_spans = facts->any_spans,
      .own_spans = thing == NULL ? NULL : thing->spans,
      .kinds = facts->kinds,
      .first_events = facts->first_events,
      .last_events = facts->last_events,
      .runs = facts->runs,
      .run_count = facts->run_count,
      .own_things = thing == NULL ? NULL : thing->chain,
      .own_thing_count = thing == NULL ? 0 : thing->chain_count,
  };
}

static bool rests_on_interest(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    enum basis basis = policy->basis_rows[purpose->first_basis + i].basis;
    if (basis != BASIS_INTEREST && basis != BASIS_TASK)
      return false;
  }
  return true;
}

// An objection that was upheld ends what is kept for an interest alone [GDPR 17(1)(c)].
static struct end unless_objected(const struct trial_facts *facts, int32_t purpose, struct end end)
{
  int64_t upheld_us = facts->upheld_us == NULL ? 0 : facts->upheld_us[purpose];
  bool is_cut = upheld_us != 0 && end.state != END_ABSENT &&
                (end.state == END_OPEN || end.erase_us > upheld_us) &&
                rests_on_interest(facts->policy, &facts->policy->purposes[purpose]);
  return is_cut ? (struct end){END_AT, upheld_us, upheld_us, upheld_us + CLOCK_DAY_US} : end;
}

struct end trial_binding_end(const struct trial_run *run, const struct trial_facts *facts,
                             const struct record_row *record, int32_t purpose)
{
  const struct class_row *row = class_of(run, record->class_id);
  struct set purposes = row == NULL ? SET_EMPTY : trial_class_purposes(run, row);
  int32_t field = names_index(names_of(run), NAME_FIELD, record_field(record->record));
  const struct keep *keep =
      field < 0 || !set_has(&purposes, purpose) ? NULL : policy_keep(facts->policy, purpose, field);
  if (keep == NULL)
    return (struct end){.state = END_ABSENT};
  int32_t type = index_of(run, NAME_THING, row->thing_type, facts->policy, policy_thing);
  if (!uses(&facts->policy->purposes[purpose], field, type))
    return (struct end){.state = END_ABSENT};
  struct keep_facts of_keep = trial_keep_facts(facts, record);
  return unless_objected(facts, purpose, keep_end(keep, &of_keep));
}

static bool is_borrowed(const struct trial_run *run, const struct trial_facts *facts,
                        const struct record_row *record, int32_t purpose)
{
  int32_t field = names_index(names_of(run), NAME_FIELD, record_field(record->record));
  const struct keep *keep = field < 0 ? NULL : policy_keep(facts->policy, purpose, field);
  return keep != NULL && keep_is_borrowed(keep);
}

struct end trial_use_end(const struct trial_run *run, const struct trial_facts *facts,
                         const struct record_row *record, int32_t purpose)
{
  return is_borrowed(run, facts, record, purpose) ? trial_record_end(run, facts, record)
                                                  : trial_binding_end(run, facts, record, purpose);
}

struct end trial_record_end(const struct trial_run *run, const struct trial_facts *facts,
                            const struct record_row *record)
{
  struct end last = {.state = END_ABSENT};
  for (int32_t i = 0; i < facts->policy->purpose_count; i++)
    last = end_later(last, trial_binding_end(run, facts, record, i));
  return last;
}

bool trial_record_has_basis(const struct trial_run *run, const struct trial_facts *facts,
                            const struct record_row *record)
{
  const struct policy *policy = facts->policy;
  const struct class_row *row = class_of(run, record->class_id);
  struct set purposes = row == NULL ? SET_EMPTY : trial_class_purposes(run, row);
  struct keep_facts of_keep = trial_keep_facts(facts, record);
  for (int32_t i = set_next(&purposes, 0); i >= 0; i = set_next(&purposes, i + 1)) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t k = 0; k < purpose->basis_count; k++) {
      const struct basis_row *basis = &policy->basis_rows[purpose->first_basis + k];
      bool holds =
          basis->span.scope == SPAN_NONE || is_active(facts, keep_span_fact(&of_keep, basis->span));
      if (is_active(facts, facts->kinds[basis->kind]) && holds)
        return true;
    }
  }
  return false;
}

// ── What comes next ─────────────────────────────────────────────────────────────────────────

static void sooner(int64_t *next_us, int64_t instant_us)
{
  if (instant_us < *next_us)
    *next_us = instant_us;
}

static enum err_code next_of(struct trial_run *run, const struct trial_rows *rows, int64_t *next_us,
                             struct err *err)
{
  struct trial_facts facts;
  enum err_code code = trial_facts_make(run, rows, run->home.now_us, &facts, err);
  if (code != ERR_OK)
    return code;
  sooner(next_us, facts.until_us);
  for (int32_t i = 0; i < rows->records_count; i++) {
    struct end end = trial_record_end(run, &facts, &rows->records[i]);
    if (end.state != END_OPEN)
      sooner(next_us, end.state == END_AT ? end.erase_us : run->home.now_us);
  }
  for (int32_t i = 0; i < rows->requests_count; i++)
    if (rows->requests[i].closed_us == 0 && rows->requests[i].overdue_us == 0)
      sooner(next_us, rows->requests[i].due_us);
  for (int32_t i = 0; i < rows->tasks_count; i++)
    if (rows->tasks[i].closed_us == 0 && rows->tasks[i].overdue_us == 0)
      sooner(next_us, rows->tasks[i].due_us);
  for (int32_t i = 0; i < rows->messages_count; i++)
    if (rows->messages[i].state == 0)
      sooner(next_us, rows->messages[i].due_us);
  return ERR_OK;
}

enum err_code trial_facts_next(struct trial_run *run, int64_t *ret_us, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  enum err_code code = ERR_OK;
  *ret_us = INT64_MAX;
  for (int32_t i = 0; code == ERR_OK && i < run->person_count; i++) {
    struct trial_rows rows;
    code = trial_rows_read(core_store(run->home.core), run->persons[i].id, &arena, &rows, err);
    if (code == ERR_OK && rows.has_person)
      code = next_of(run, &rows, ret_us, err);
  }
  return code;
}
