#include "core/consent.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"
#include "core/internal.h"
#include "core/span.h"
#include "store/store.h"

static const char *const state_names[CONSENT_STATE_COUNT] = {"unknown", "requested", "deferred",
                                                             "refused", "given",     "renewed",
                                                             "expired", "withdrawn", "invalidated"};

const char *consent_state_name(enum consent_state state)
{
  PRE(state < CONSENT_STATE_COUNT);
  return state_names[state];
}

bool consent_is_given(enum consent_state state)
{
  return state == CONSENT_GIVEN || state == CONSENT_RENEWED;
}

// ── Methods ─────────────────────────────────────────────────────────────────────────────────

static const char *const method_names[CONSENT_METHOD_COUNT] = {
    "hand", "click", "signature", "word", "letter", "setting", "confirmation"};

// Silence, boxes ticked beforehand and inactivity are no consent (recital 32, C-673/17).
static const char *const no_acts[] = {"preticked", "silence", "inactivity",   "browser",
                                      "terms",     "assumed", "continued_use"};

const char *consent_method_name(enum consent_method method)
{
  PRE(method < CONSENT_METHOD_COUNT);
  return method_names[method];
}

enum err_code consent_method_find(struct view name, enum consent_method *ret_method,
                                  struct err *err)
{
  for (int method = CONSENT_BY_CLICK; method < CONSENT_METHOD_COUNT; method++)
    if (view_is(name, method_names[method])) {
      *ret_method = (enum consent_method)method;
      return ERR_OK;
    }
  for (size_t i = 0; i < ARRAY_COUNT(no_acts); i++)
    if (view_is(name, no_acts[i])) {
      (void)err_set(err, ERR_INPUT, "'%s' is no act of the person, and so no consent", no_acts[i]);
      err_hint(err, "ask for a clear affirmative act (GDPR 4(11), recital 32)");
      return ERR_INPUT;
    }
  (void)err_set(err, ERR_INPUT, "this way of consenting is not known");
  err_hint(err, "click, signature, word, letter, setting or confirmation");
  return ERR_INPUT;
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────

void consent_list_cleanup(struct consent_list *list)
{
  free(list->items);
  *list = (struct consent_list)CONSENT_LIST_INIT;
}

static enum err_code add_item(void *context, const struct consent_row *row, struct err *err)
{
  struct consent_list *list = context;
  if (list->count >= CONSENT_ROWS_MAX)
    return err_set(err, ERR_LIMIT, "a person has more than %d entries of consents",
                   CONSENT_ROWS_MAX);
  if (list->count == list->capacity) {
    int32_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
    struct consent_item *items = realloc(list->items, (size_t)capacity * sizeof *items);
    if (items == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the consents of a person");
    list->items = items;
    list->capacity = capacity;
  }
  struct consent_item *item = &list->items[list->count++];
  item->row = *row;
  if (row->wording.length != sizeof item->wording)
    return err_set(err, ERR_INTEGRITY, "the hash of a consent's text has a wrong length");
  memcpy(item->wording, row->wording.bytes, sizeof item->wording);
  return ERR_OK;
}

enum err_code consent_list_load(struct consent_list *list, struct store *store,
                                struct person_id person, struct err *err)
{
  enum err_code code = store_consent_each(store, person, add_item, list, err);
  for (int32_t i = 0; i < list->count; i++)
    list->items[i].row.wording = view_bytes(list->items[i].wording, sizeof list->items[i].wording);
  return code;
}

bool consent_holds_in(const struct policy *policy, int32_t consent, int32_t thing_type)
{
  struct span_ref held = policy->consents[consent].held;
  return held.scope != SPAN_NONE && thing_type >= 0 &&
         policy->spans[held.index].thing == thing_type;
}

const struct consent_row *consent_of_thing(const struct consent_list *list, int64_t thing)
{
  for (int32_t i = list->count - 1; thing != 0 && i >= 0; i--)
    if (list->items[i].row.thing == thing)
      return &list->items[i].row;
  return NULL;
}

static bool is_zero(struct view bytes)
{
  for (size_t i = 0; i < bytes.length; i++)
    if (bytes.bytes[i] != '\0')
      return false;
  return true;
}

bool consent_is_of_today(const struct policy *policy, const struct names *names, int32_t consent,
                         const struct consent_row *row)
{
  int32_t number = names_number(names, NAME_TEXT, view_of(policy->consents[consent].text));
  if (row->text != number)
    return false;
  if (is_zero(row->wording))
    return true;
  unsigned char hash[32];
  struct view text = policy_consent_text(policy, consent, (row->how & CONSENT_IN_SWEDISH) != 0);
  sha256(&text, 1, hash);
  return view_equal(row->wording, view_bytes(hash, sizeof hash));
}

// ── In a state ──────────────────────────────────────────────────────────────────────────────

static const struct consent_row *given_row(const struct consent_list *list, int64_t thing)
{
  for (int32_t i = list->count - 1; i >= 0; i--)
    if (list->items[i].row.thing == thing &&
        consent_is_given((enum consent_state)list->items[i].row.state))
      return &list->items[i].row;
  return NULL;
}

// A consent lapses at an instant that is known from when it is given, so that what rests on it is
// due then although nothing happens.
static void let_lapse(struct person_state *state, const struct zone *zone, struct anchor *span,
                      int64_t until_us, int64_t now_us)
{
  if (span->state == ANCHOR_ABSENT || until_us == 0 ||
      (span->state != ANCHOR_OPEN && span_instant(zone, *span) <= until_us))
    return;
  *span = (struct anchor){ANCHOR_INSTANT, until_us};
  if (until_us > now_us && until_us < state->until_us)
    state->until_us = until_us;
}

struct applying {
  struct person_state *state;
  const struct consent_list *list;
  const struct policy *policy;
  const struct names *names;
  int64_t now_us;
};

enum said { SAID_NOTHING, SAID_TO_ANOTHER_TEXT, SAID_TO_TODAYS };

// What one thing says of a consent: until when its span lasts, and to which text it was given.
static enum said apply_to_thing(const struct applying *applying, int32_t consent,
                                struct thing_state *thing)
{
  const struct policy *policy = applying->policy;
  if (!consent_holds_in(policy, consent, thing->type))
    return SAID_NOTHING;
  const struct consent_row *row = given_row(applying->list, thing->thing);
  const struct consent_row *last = consent_of_thing(applying->list, thing->thing);
  if (row == NULL || last == NULL)
    return SAID_NOTHING;
  int32_t other = names_index(applying->names, NAME_TEXT, row->text);
  if (other >= 0 && other != consent)
    return SAID_NOTHING;
  struct anchor *span =
      &applying->state->anchors[thing->first_anchor + policy->consents[consent].held.index];
  bool is_ended =
      !consent_is_given((enum consent_state)last->state) && last->method != CONSENT_BY_HAND;
  let_lapse(applying->state, policy->zone, span, is_ended ? last->given_us : row->until_us,
            applying->now_us);
  if (!gate_is_active(policy->zone, *span, applying->now_us))
    return SAID_NOTHING;
  bool is_today = consent_is_of_today(policy, applying->names, consent, row);
  thing->stale_consent |= !is_today;
  return is_today ? SAID_TO_TODAYS : SAID_TO_ANOTHER_TEXT;
}

void consent_apply(struct person_state *state, const struct consent_list *list,
                   const struct policy *policy, const struct names *names, int64_t now_us)
{
  const struct applying applying = {state, list, policy, names, now_us};
  for (int32_t consent = 0; list->count > 0 && consent < policy->consent_count; consent++) {
    enum said most = SAID_NOTHING;
    for (int32_t i = 0; i < state->thing_count; i++) {
      enum said said = apply_to_thing(&applying, consent, &state->things[i]);
      most = said > most ? said : most;
    }
    if (most == SAID_TO_ANOTHER_TEXT)
      state->stale_consents |= UINT64_C(1) << consent;
  }
}

// ── How it stands ───────────────────────────────────────────────────────────────────────────

static bool is_about(const struct policy *policy, const struct names *names,
                     const struct person_state *state, int32_t consent,
                     const struct consent_row *row)
{
  if (row->text == names_number(names, NAME_TEXT, view_of(policy->consents[consent].text)))
    return true;
  const struct thing_state *thing = row->thing == 0 ? NULL : state_thing(state, row->thing);
  return thing != NULL && consent_holds_in(policy, consent, thing->type);
}

static bool is_in_force(const struct policy *policy, const struct person_state *state,
                        int32_t consent, const struct consent_row *row, int64_t now_us)
{
  const struct thing_state *thing = row->thing == 0 ? NULL : state_thing(state, row->thing);
  if (thing == NULL || !consent_is_given((enum consent_state)row->state) ||
      !consent_holds_in(policy, consent, thing->type))
    return false;
  const struct anchor *span =
      &state->anchors[thing->first_anchor + policy->consents[consent].held.index];
  return gate_is_active(policy->zone, *span, now_us);
}

struct consent_standing consent_standing(const struct consent_list *list,
                                         const struct person_state *state,
                                         const struct policy *policy, const struct names *names,
                                         int32_t consent, int64_t now_us)
{
  struct consent_standing standing = {CONSENT_UNKNOWN, NULL, false};
  for (int32_t i = list->count - 1; i >= 0; i--) {
    const struct consent_row *row = &list->items[i].row;
    if (!is_about(policy, names, state, consent, row))
      continue;
    bool is_open = is_in_force(policy, state, consent, row, now_us);
    if (standing.row != NULL && !is_open)
      continue;
    standing.row = row;
    standing.is_of_today = consent_is_of_today(policy, names, consent, row);
    standing.state = (enum consent_state)row->state;
    if (is_open)
      return standing;
    if (consent_is_given(standing.state))
      standing.state =
          row->until_us != 0 && row->until_us <= now_us ? CONSENT_EXPIRED : CONSENT_WITHDRAWN;
  }
  return standing;
}
