#include "retain/erase_sort.h"

#include <stdio.h>
#include <string.h>

#include "core/refile.h"
#include "store/store.h"

const char *const erase_reason_names[ERASE_REASON_COUNT] = {
    [ERASE_STAYS_BY_LAW] = "law", [ERASE_STAYS_HELD] = "hold", [ERASE_STAYS_NEEDED] = "needed"};

const char *erase_stay_name(const struct erase_sort *sort, const struct erase_record *record)
{
  return record->hold != NULL ? hold_kind_name(record->hold->kind)
                              : core_policy(sort->core)->purposes[record->purpose].name;
}

const char *erase_stay_law(const struct erase_record *record)
{
  static const char *const laws[ERASE_REASON_COUNT] = {
      [ERASE_STAYS_BY_LAW] = "GDPR 17(3)(b)", [ERASE_STAYS_NEEDED] = "GDPR 17(1)(a)"};
  return record->hold != NULL ? hold_kind_law(record->hold->kind) : laws[record->why];
}

// ── What is asked for ───────────────────────────────────────────────────────────────────────

static bool lies_in(const struct person_state *state, int64_t inner, int64_t outer)
{
  const struct thing_state *thing = inner == 0 ? NULL : state_thing(state, inner);
  for (int32_t i = 0; thing != NULL && i < thing->chain_count; i++)
    if (thing->chain[i] == outer)
      return true;
  return false;
}

static bool is_asked_for(const struct erase_sort *sort, const struct erase_record *record)
{
  const struct erase_scope *scope = sort->scope;
  switch (scope->kind) {
    case ERASE_PERSON:
      return true;
    case ERASE_CATEGORY:
      return record->info->field >= 0 && set_has(&scope->fields, record->info->field);
    case ERASE_PURPOSE:
      return set_has(&record->info->purposes, scope->purpose);
    case ERASE_THING:
      return lies_in(sort->state, record->row.thing, scope->thing.value);
  }
  return false;
}

static enum err_code check_scope(const struct erase_sort *sort, struct err *err)
{
  const struct erase_scope *scope = sort->scope;
  const struct policy *policy = core_policy(sort->core);
  if (scope->kind == ERASE_CATEGORY && set_is_empty(&scope->fields))
    return err_set(err, ERR_INPUT, "no field of the policy is named");
  if (scope->kind == ERASE_PURPOSE &&
      (scope->purpose < 0 || policy == NULL || scope->purpose >= policy->purpose_count))
    return err_set(err, ERR_INPUT, "the policy has no such purpose");
  if (scope->kind == ERASE_THING && state_thing(sort->state, scope->thing.value) == NULL)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  return ERR_OK;
}

// ── What stays ──────────────────────────────────────────────────────────────────────────────

#define BIT(basis) (UINT32_C(1) << (basis))
enum { ANY_BASIS = (1 << BASIS_COUNT) - 1 };
// A demand for erasure takes a consent back and objects to what rests on interest; what these
// bases need, it does not touch. A law that lets data be used asks for none to be kept: what it
// does want kept stays for the law's own period.
static const uint32_t firm_bases =
    BIT(BASIS_CONTRACT) | BIT(BASIS_PRECONTRACT) | BIT(BASIS_VITAL) | BIT(BASIS_TASK);

static uint32_t bases_that_need(const struct erase_sort *sort)
{
  const struct policy *policy = core_policy(sort->core);
  const struct right_rule *rule =
      policy == NULL ? NULL : conduct_right(&policy->conduct, POLICY_RIGHT_ERASURE);
  if (sort->scope->kind == ERASE_PURPOSE)
    return ANY_BASIS;
  return rule != NULL && rule->partial ? firm_bases : 0;
}

static struct end end_for(const struct erase_sort *sort, const struct erase_record *record,
                          int32_t purpose)
{
  struct gate_person person = state_gate_person(sort->state);
  struct gate_record alone = record_for_gate(record->info, sort->state, &record->row);
  struct set one = SET_EMPTY;
  set_add(&one, purpose);
  alone.purposes = &one;
  return gate_last_end(core_policy(sort->core), record->info->field, &person, &alone);
}

static bool stays_for(const struct erase_sort *sort, struct erase_record *record, int32_t purpose,
                      enum erase_reason why)
{
  if (purpose < 0)
    return false;
  record->why = why;
  record->purpose = purpose;
  record->end = end_for(sort, record, purpose);
  return true;
}

static bool stays(const struct erase_sort *sort, struct erase_record *record)
{
  const struct policy *policy = core_policy(sort->core);
  struct gate_person person = state_gate_person(sort->state);
  struct gate_record gate = record_for_gate(record->info, sort->state, &record->row);
  int32_t field = record->info->field;
  if (stays_for(sort, record, gate_law_wants(policy, field, &person, &gate, sort->now_us),
                ERASE_STAYS_BY_LAW))
    return true;
  record->hold = holds_find(&sort->holds, sort->state, &record->row);
  if (record->hold != NULL) {
    int64_t review_us = record->hold->review_us;
    record->why = ERASE_STAYS_HELD;
    record->end = (struct end){END_AT, review_us, review_us, review_us};
    return true;
  }
  struct set left = *gate.purposes;
  if (sort->scope->kind == ERASE_PURPOSE)
    set_remove(&left, sort->scope->purpose);
  gate.purposes = &left;
  return stays_for(sort, record,
                   gate_needs(policy, field, &person, &gate, bases_that_need(sort), sort->now_us),
                   ERASE_STAYS_NEEDED);
}

// ── Parting ─────────────────────────────────────────────────────────────────────────────────

static enum err_code part_record(void *context, const struct record_row *row, struct err *err)
{
  struct erase_sort *sort = context;
  struct erase_record *record = arena_new(sort->arena, sizeof *record);
  char *value = arena_text(sort->arena, row->value);
  if (record == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  *record = (struct erase_record){.row = *row, .purpose = -1};
  record->row.value = view_bytes(value, row->value.length);
  record->info = class_get(core_classes(sort->core), row->class_id);
  if (record->info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  if (!is_asked_for(sort, record)) {
    sort->outside_count++;
    return ERR_OK;
  }
  bool is_staying = stays(sort, record);
  struct erase_record ***last = is_staying ? &sort->last_stays : &sort->last_goes;
  **last = record;
  *last = &record->next;
  sort->stays_count += is_staying;
  sort->held_count += record->hold != NULL;
  sort->goes_count += !is_staying;
  return ERR_OK;
}

static enum err_code find_others(struct erase_sort *sort, struct err *err)
{
  int64_t count = 0;
  struct others_record *records =
      arena_new(sort->arena, ((size_t)sort->goes_count + 1) * sizeof *records);
  if (records == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  for (const struct erase_record *at = sort->goes; at != NULL; at = at->next)
    records[count++] = (struct others_record){&at->row, at->info};
  return others_find(sort->core, sort->state, records, count, sort->arena, &sort->others, err);
}

enum err_code erase_sort_read(struct erase_sort *sort, struct err *err)
{
  struct store *store = core_store(sort->core);
  struct person_id person = sort->state->person;
  sort->last_goes = &sort->goes;
  sort->last_stays = &sort->stays;
  enum err_code code = check_scope(sort, err);
  if (code == ERR_OK)
    code = holds_read_group(store, sort->state, sort->arena, &sort->holds, err);
  if (code == ERR_OK)
    code = store_record_each(store, person, -1, part_record, sort, err);
  sort->is_whole = sort->scope->kind == ERASE_PERSON && sort->stays_count == 0;
  return code != ERR_OK ? code : find_others(sort, err);
}

// ── The digest ──────────────────────────────────────────────────────────────────────────────

enum { DIGEST_LINE_BYTES = 200 };

static void chain(unsigned char digest[SHA256_BYTES], struct view line)
{
  const struct view parts[] = {view_bytes(digest, SHA256_BYTES), line};
  unsigned char next[SHA256_BYTES];
  sha256(parts, ARRAY_COUNT(parts), next);
  memcpy(digest, next, sizeof next);
}

static void chain_records(const struct erase_sort *sort, const struct erase_record *first,
                          bool are_staying, unsigned char digest[SHA256_BYTES])
{
  for (const struct erase_record *at = first; at != NULL; at = at->next) {
    char line[DIGEST_LINE_BYTES];
    int length = snprintf(line, sizeof line, "%s %lld %lld %s %d %lld\n",
                          are_staying ? "stays" : "goes", (long long)at->row.record.value,
                          (long long)at->row.version, are_staying ? erase_stay_name(sort, at) : "",
                          (int)at->end.state, (long long)at->end.erase_us);
    chain(digest, view_bytes(line, (size_t)length));
  }
}

void erase_sort_digest(const struct erase_sort *sort, unsigned char ret_digest[SHA256_BYTES])
{
  memset(ret_digest, 0, SHA256_BYTES);
  chain_records(sort, sort->goes, false, ret_digest);
  chain_records(sort, sort->stays, true, ret_digest);
  for (int32_t i = 0; i < sort->others.count; i++) {
    char line[DIGEST_LINE_BYTES];
    const struct other *other = &sort->others.items[i];
    int length = snprintf(line, sizeof line, "tells %s %.*s\n", task_kind_name(other->kind),
                          (int)other->party.length, other->party.bytes);
    chain(ret_digest, view_bytes(line, (size_t)length));
  }
}
