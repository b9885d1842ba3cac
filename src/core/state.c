#include "core/state.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "core/bytes.h"
#include "core/consent.h"
#include "core/span.h"

void state_pack(const struct person_state *state, unsigned char ret_bytes[STATE_BYTES])
{
  struct bytes bytes = bytes_over(ret_bytes, STATE_BYTES);
  bytes_u64(&bytes, STATE_FORMAT);
  bytes_u64(&bytes, state->declared_kinds);
  bytes_u32(&bytes, state->marketing_off);
  bytes_u32(&bytes, state->suppressed);
  bytes_u32(&bytes, state->next_key);
  bytes_u32(&bytes, state->next_choice);
  bytes_u32(&bytes, state->next_request);
  bytes_u32(&bytes, state->next_message);
  bytes_add(&bytes, state->digest, sizeof state->digest);
  bytes_u32(&bytes, state->changes);
  bytes_u32(&bytes, state->stop_bits);
  bytes_u32(&bytes, state->links);
  bytes_u32(&bytes, state->next_consent);
  bytes_u32(&bytes, state->marks);
  bytes_u32(&bytes, 0);  // room for what a later format needs
  POST(bytes.length == STATE_BYTES);
}

enum err_code state_unpack(struct view bytes, struct person_state *ret_state, struct err *err)
{
  const unsigned char *at = (const unsigned char *)bytes.bytes;
  if (bytes.length != STATE_BYTES || bytes_get_u64(at) != STATE_FORMAT)
    return err_set(err, ERR_INTEGRITY, "the state of a person has an unknown format");
  ret_state->declared_kinds = bytes_get_u64(at + 8);
  ret_state->marketing_off = bytes_get_u32(at + 16);
  ret_state->suppressed = bytes_get_u32(at + 20);
  ret_state->next_key = bytes_get_u32(at + 24);
  ret_state->next_choice = bytes_get_u32(at + 28);
  ret_state->next_request = bytes_get_u32(at + 32);
  ret_state->next_message = bytes_get_u32(at + 36);
  memcpy(ret_state->digest, at + 40, sizeof ret_state->digest);
  ret_state->changes = bytes_get_u32(at + 56);
  ret_state->stop_bits = bytes_get_u32(at + 60);
  ret_state->links = bytes_get_u32(at + 64);
  ret_state->next_consent = bytes_get_u32(at + 68);
  ret_state->marks = bytes_get_u32(at + 72);
  return ERR_OK;
}

struct extent {  // what a state takes room for
  int32_t spans, kinds, events, things, runs;
  int32_t objections, covers, linked;
  int32_t openings, allowed;
};

// One block: the struct, the things, the anchors, the runs, and what the person has stopped.
static struct person_state *allocate(struct extent extent)
{
  const int32_t spans = extent.spans;
  const int32_t kinds = extent.kinds;
  const int32_t events = extent.events;
  const int32_t things = extent.things;
  size_t anchors =
      (size_t)spans + (size_t)kinds + 2 * (size_t)events + (size_t)things * (size_t)spans;
  size_t things_at = sizeof(struct person_state);
  size_t anchors_at = things_at + (size_t)things * sizeof(struct thing_state);
  anchors_at = (anchors_at + 15) / 16 * 16;
  size_t runs_at = anchors_at + anchors * sizeof(struct anchor);
  size_t objections_at = runs_at + (size_t)extent.runs * sizeof(struct span_run);
  size_t covers_at = objections_at + (size_t)extent.objections * sizeof(struct gate_objection);
  size_t linked_at = covers_at + (size_t)extent.covers * sizeof(struct stop_cover);
  size_t openings_at = linked_at + (size_t)extent.linked * sizeof(struct person_id);
  size_t allowed_at = openings_at + (size_t)extent.openings * sizeof(struct gate_opening);
  unsigned char *block = calloc(1, allowed_at + (size_t)extent.allowed * sizeof(int32_t));
  if (block == NULL)
    return NULL;
  struct person_state *state = (struct person_state *)(void *)block;
  atomic_init(&state->references, 1);
  state->span_count = spans;
  state->kind_count = kinds;
  state->event_count = events;
  state->thing_count = things;
  state->things = (struct thing_state *)(void *)(block + things_at);
  state->anchors = (struct anchor *)(void *)(block + anchors_at);
  state->run_count = extent.runs;
  state->runs = (struct span_run *)(void *)(block + runs_at);
  state->objection_count = extent.objections;
  state->objections = (struct gate_objection *)(void *)(block + objections_at);
  state->cover_count = extent.covers;
  state->covers = (struct stop_cover *)(void *)(block + covers_at);
  state->linked_count = extent.linked;
  state->linked = (struct person_id *)(void *)(block + linked_at);
  state->opening_count = extent.openings;
  state->openings = (struct gate_opening *)(void *)(block + openings_at);
  state->allowed_count = extent.allowed;
  state->allowed = (int32_t *)(void *)(block + allowed_at);
  return state;
}

static void copy_stored(struct person_state *to, const struct person_state *from)
{
  to->person = from->person;
  to->version = from->version;
  to->declared_kinds = from->declared_kinds;
  to->marketing_off = from->marketing_off;
  to->suppressed = from->suppressed;
  to->next_key = from->next_key;
  to->next_choice = from->next_choice;
  to->next_request = from->next_request;
  to->next_message = from->next_message;
  to->changes = from->changes;
  to->stop_bits = from->stop_bits;
  to->links = from->links;
  to->next_consent = from->next_consent;
  to->marks = from->marks;
  to->ledger_key = from->ledger_key;
  memcpy(to->digest, from->digest, sizeof to->digest);
}

static bool counts_from_event(const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_EVENT || keep->operations[i].code == KEEP_CUT)
      return true;
  return false;
}

// Event anchors take room only under a policy with a rule that counts from an event.
static int32_t event_anchors(const struct policy *policy)
{
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (policy->kinds[i].within != NULL && counts_from_event(policy->kinds[i].within))
      return policy->event_count;
  for (int32_t i = 0; i < policy->keep_count; i++)
    if (counts_from_event(&policy->keeps[i]))
      return policy->event_count;
  return 0;
}

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the state of a person");
}

enum err_code state_new(const struct policy *policy, struct person_id person,
                        struct person_state **ret_state, struct err *err)
{
  struct person_state *state = allocate((struct extent){
      .spans = policy->span_count, .kinds = policy->kind_count, .events = event_anchors(policy)});
  if (state == NULL)
    return no_memory(err);
  state->person = person;
  state->until_us = INT64_MAX;
  state->policy_version = policy->version;
  *ret_state = state;
  return ERR_OK;
}

// ── Deriving ────────────────────────────────────────────────────────────────────────────────

static void derive_things(struct person_state *state, const struct person_history *history,
                          const struct policy *policy, const struct names *names, int64_t now_us)
{
  struct anchor *next =
      state->anchors + state->span_count + state->kind_count + 2 * state->event_count;
  for (int32_t i = 0; i < history->thing_count; i++) {
    const struct thing_row *row = &history->things[i];
    struct thing_state *thing = &state->things[i];
    thing->thing = row->thing;
    thing->type = names_index(names, NAME_THING, row->type);
    thing->parent = history_thing(history, row->parent);
    thing->first_anchor = (int32_t)(next - state->anchors);
    thing->event_count = history_event_count(history, row->thing);
    next += state->span_count;
    span_derive_thing(policy, names, history, row, now_us, state->anchors + thing->first_anchor,
                      &state->until_us);
  }
}

// A thing also answers for the spans of what it lies in, outward.
static void inherit_parents(struct person_state *state, const struct policy *policy)
{
  for (int32_t i = 0; i < state->thing_count; i++) {
    struct anchor *own = state->anchors + state->things[i].first_anchor;
    struct thing_state *thing = &state->things[i];
    int32_t outer = thing->parent;
    thing->chain[thing->chain_count++] = thing->thing;
    for (int depth = 0; outer >= 0 && depth < POLICY_DEPTH_MAX; depth++) {
      const struct thing_state *parent = &state->things[outer];
      thing->chain[thing->chain_count++] = parent->thing;
      thing->stale_consent |= parent->stale_consent;
      for (int32_t span = 0; span < state->span_count; span++)
        if (policy->spans[span].thing == parent->type)
          own[span] = state->anchors[parent->first_anchor + span];
      outer = parent->parent;
    }
  }
}

static void derive_person(struct person_state *state, const struct policy *policy)
{
  struct anchor *any = state->anchors;
  for (int32_t span = 0; span < state->span_count; span++)
    for (int32_t i = 0; i < state->thing_count; i++)
      if (state->things[i].type == policy->spans[span].thing)
        any[span] = span_later(policy->zone, any[span],
                               state->anchors[state->things[i].first_anchor + span]);
}

// `within P after a`: of the kind from a, as long as `at most P after a` would keep something. The
// end is known as soon as a is: ends of records that wait for it are filed under its day, since
// nothing happens on it that could bring them up.
static struct anchor derive_within(struct person_state *state, const struct policy *policy,
                                   const struct keep *within, int64_t now_us)
{
  struct gate_person person = state_gate_person(state);
  const struct keep_facts facts = {.zone = policy->zone,
                                   .any_spans = person.any_spans,
                                   .kinds = person.kinds,
                                   .first_events = person.first_events,
                                   .last_events = person.last_events};
  struct end end = keep_end(within, &facts);
  if (end.state == END_ABSENT)
    return (struct anchor){ANCHOR_ABSENT, 0};
  if (end.state == END_OPEN)
    return (struct anchor){ANCHOR_OPEN, 0};
  if (end.use_us > now_us && end.use_us < state->until_us)
    state->until_us = end.use_us;
  return (struct anchor){ANCHOR_DAY, zone_day(policy->zone, end.use_us - 1)};
}

static bool is_past(const struct policy *policy, struct anchor fact, int64_t now_us)
{
  return fact.state != ANCHOR_ABSENT && !gate_is_active(policy->zone, fact, now_us);
}

static void derive_kinds(struct person_state *state, const struct policy *policy,
                         const struct names *names, int64_t now_us)
{
  struct anchor *kinds = state->anchors + state->span_count;
  for (int32_t i = 0; i < state->kind_count; i++) {
    const struct kind *kind = &policy->kinds[i];
    if (kind->while_span >= 0)
      kinds[i] = state->anchors[kind->while_span];
    if (policy_kind_is_derived(kind))
      continue;
    int32_t number = names_number(names, NAME_KIND, view_of(kind->name));
    if (number > 0 && number < 64 && (state->declared_kinds >> number & 1) != 0)
      kinds[i].state = ANCHOR_OPEN;
  }
  for (int32_t i = 0; i < state->kind_count; i++)
    if (policy->kinds[i].within != NULL)
      kinds[i] = derive_within(state, policy, policy->kinds[i].within, now_us);
  for (int32_t i = 0; i < state->kind_count; i++) {
    int32_t past = policy->kinds[i].past_kind;
    if (past >= 0 && is_past(policy, kinds[past], now_us))
      kinds[i].state = ANCHOR_OPEN;
  }
}

static void copy_stops(struct person_state *state, const struct gate_objection *objections,
                       const struct stop_cover *covers, const struct person_id *linked)
{
  if (state->objection_count > 0)
    memcpy(state->objections, objections, (size_t)state->objection_count * sizeof *objections);
  if (state->cover_count > 0)
    memcpy(state->covers, covers, (size_t)state->cover_count * sizeof *covers);
  if (state->linked_count > 0)
    memcpy(state->linked, linked, (size_t)state->linked_count * sizeof *linked);
}

static void copy_marks(struct person_state *state, const struct gate_opening *openings,
                       const int32_t *allowed)
{
  if (state->opening_count > 0)
    memcpy(state->openings, openings, (size_t)state->opening_count * sizeof *openings);
  if (state->allowed_count > 0)
    memcpy(state->allowed, allowed, (size_t)state->allowed_count * sizeof *allowed);
}

static void take_stops(struct person_state *state, const struct stops *stops)
{
  copy_stops(state, stops->objections, stops->covers, stops->linked);
  state->linked_off = stops->linked_off;
}

enum err_code state_derive(const struct person_state *stored, const struct policy *policy,
                           const struct names *names, struct store *store, int64_t now_us,
                           struct person_state **ret_state, struct err *err)
{
  OWNED(person_history) struct person_history history = PERSON_HISTORY_INIT;
  enum err_code code = history_load(&history, store, stored->person, err);
  if (code != ERR_OK)
    return code;
  OWNED(consent_list) struct consent_list consents = CONSENT_LIST_INIT;
  if (stored->next_consent > 0)
    code = consent_list_load(&consents, store, stored->person, err);
  if (code != ERR_OK)
    return code;
  OWNED(span_runs) struct span_runs runs = SPAN_RUNS_INIT;
  if (!span_derive_runs(policy, names, &history, now_us, &runs))
    return no_memory(err);
  OWNED(stops) struct stops stops = STOPS_INIT;
  code = stops_load(store, names, stored->person, stored->stop_bits, &stops, err);
  struct marks marks;
  const struct marks_of of = {stored->person, stored->marks, now_us};
  if (code == ERR_OK)
    code = marks_load(store, policy, names, &of, &marks, err);
  if (code != ERR_OK)
    return code;
  struct person_state *state = allocate(
      (struct extent){policy->span_count, policy->kind_count, event_anchors(policy),
                      history.thing_count, runs.count, stops.objection_count, stops.cover_count,
                      stops.linked_count, marks.opening_count, marks.allowed_count});
  if (state == NULL)
    return no_memory(err);
  copy_stored(state, stored);
  take_stops(state, &stops);
  copy_marks(state, marks.openings, marks.allowed);
  if (runs.count > 0)
    memcpy(state->runs, runs.items, (size_t)runs.count * sizeof *runs.items);
  state->until_us = INT64_MAX;
  state->policy_version = policy->version;
  derive_things(state, &history, policy, names, now_us);
  consent_apply(state, &consents, policy, names, now_us);
  inherit_parents(state, policy);
  derive_person(state, policy);
  if (state->event_count > 0)
    span_derive_events(policy, names, &history, now_us,
                       state->anchors + state->span_count + state->kind_count, &state->until_us);
  derive_kinds(state, policy, names, now_us);
  *ret_state = state;
  return ERR_OK;
}

// ── Sharing ─────────────────────────────────────────────────────────────────────────────────

enum err_code state_copy(const struct person_state *state, struct person_state **ret_copy,
                         struct err *err)
{
  struct person_state *copy = allocate(
      (struct extent){state->span_count, state->kind_count, state->event_count, state->thing_count,
                      state->run_count, state->objection_count, state->cover_count,
                      state->linked_count, state->opening_count, state->allowed_count});
  if (copy == NULL)
    return no_memory(err);
  copy_stored(copy, state);
  copy->until_us = state->until_us;
  copy->policy_version = state->policy_version;
  copy->stale_consents = state->stale_consents;
  size_t anchors = (size_t)(state->span_count + state->kind_count + 2 * state->event_count) +
                   (size_t)state->thing_count * (size_t)state->span_count;
  if (state->thing_count > 0)
    memcpy(copy->things, state->things, (size_t)state->thing_count * sizeof *copy->things);
  if (anchors > 0)
    memcpy(copy->anchors, state->anchors, anchors * sizeof *copy->anchors);
  copy_stops(copy, state->objections, state->covers, state->linked);
  copy->linked_off = state->linked_off;
  copy_marks(copy, state->openings, state->allowed);
  if (state->run_count > 0)
    memcpy(copy->runs, state->runs, (size_t)state->run_count * sizeof *copy->runs);
  *ret_copy = copy;
  return ERR_OK;
}

struct person_state *state_hold(struct person_state *state)
{
  atomic_fetch_add_explicit(&state->references, 1, memory_order_relaxed);
  return state;
}

void state_drop(struct person_state *state)
{
  if (state == NULL)
    return;
  if (atomic_fetch_sub_explicit(&state->references, 1, memory_order_acq_rel) != 1)
    return;
  sodium_memzero(&state->ledger_key, sizeof state->ledger_key);
  free(state);
}

void state_cleanup(struct person_state **state) { state_drop(*state); }

struct gate_person state_gate_person(const struct person_state *state)
{
  const struct anchor *events = state->anchors + state->span_count + state->kind_count;
  return (struct gate_person){
      .any_spans = state->anchors,
      .kinds = state->anchors + state->span_count,
      .first_events = state->event_count > 0 ? events : NULL,
      .last_events = state->event_count > 0 ? events + state->event_count : NULL,
      .runs = state->runs,
      .run_count = state->run_count,
      .marketing_off = state->marketing_off | state->linked_off,
      .suppressed = state->suppressed,
      .objections = state->objections,
      .objection_count = state->objection_count,
      .stale_consents = state->stale_consents,
      .marks = state->marks & (GATE_MARK_DECEASED | GATE_MARK_PROTECTED),
      .openings = state->openings,
      .opening_count = state->opening_count,
      .allowed = state->allowed,
      .allowed_count = state->allowed_count,
  };
}

const struct thing_state *state_thing(const struct person_state *state, int64_t thing)
{
  int32_t low = 0;
  int32_t high = state->thing_count;
  while (low < high) {
    int32_t middle = low + (high - low) / 2;
    if (state->things[middle].thing < thing)
      low = middle + 1;
    else
      high = middle;
  }
  return low < state->thing_count && state->things[low].thing == thing ? &state->things[low] : NULL;
}

const struct anchor *state_thing_spans(const struct person_state *state, int64_t thing)
{
  const struct thing_state *found = state_thing(state, thing);
  return found == NULL ? NULL : state->anchors + found->first_anchor;
}

void state_gate_thing(const struct person_state *state, int64_t thing, struct gate_record *record)
{
  const struct thing_state *found = state_thing(state, thing);
  if (found == NULL)
    return;
  record->own_spans = state->anchors + found->first_anchor;
  record->own_things = found->chain;
  record->own_thing_count = found->chain_count;
  record->stale_consent = found->stale_consent;
}
