#include "policy/read.h"

#include "base/assert.h"
#include "policy/keep_parse.h"
#include "policy/mutate_part.h"

#include <sodium.h>

#include <stdlib.h>
#include <string.h>

// A construct that carries a promise, and what may be changed in it.
enum target { TARGET_PURPOSE, TARGET_POINT, TARGET_ROLE, TARGET_RECIPIENT, TARGET_PARTY };

struct construct {
  enum target target;
  int32_t index;
  const char *name;  // "purposes.security"
  const char *promise;
  struct place place;
};

// One way to make a policy wrong. `apply` changes the fresh copy and says whether anything
// changed; with `try` true it only says so.
struct change {
  enum target target;
  const char *text;
  bool (*apply)(struct policy *policy, int32_t index, bool try);
};

static struct purpose *purpose_at(struct policy *policy, int32_t index)
{
  return (struct purpose *)&policy->purposes[index];
}

static struct point *point_at(struct policy *policy, int32_t index)
{
  return (struct point *)&policy->points[index];
}

static struct role *role_at(struct policy *policy, int32_t index)
{
  return (struct role *)&policy->roles[index];
}

static bool belongs(const struct policy *policy, int32_t purpose, int32_t keep)
{
  const struct purpose *of = &policy->purposes[purpose];
  for (int32_t i = 0; i < of->end_field - of->first_field; i++)
    if (policy->keep_of[of->first_keep + i] == keep)
      return true;
  return false;
}

static void print_again(struct policy *policy, struct keep *keep)
{
  OWNED(str) struct str text = STR_INIT(64 * KEEP_TEXT_BYTES_MAX);
  keep_print(policy, keep, &text);
  const char *copy = str_ok(&text) ? arena_text(&policy->arena, str_view(&text)) : NULL;
  keep->text = copy == NULL ? "" : copy;
  keep->anchor = keep_anchor_of(keep);
}

// Calls `change` for each operation of each keep rule that belongs to the purpose.
static bool each_operation(struct policy *policy, int32_t purpose, bool try,
                           bool (*change)(struct keep_operation *operation, bool try))
{
  bool changed = false;
  for (int32_t i = 0; i < policy->keep_count; i++) {
    struct keep *keep = (struct keep *)&policy->keeps[i];
    if (!belongs(policy, purpose, i))
      continue;
    for (int32_t j = 0; j < keep->operation_count; j++)
      changed = change(&keep->operations[j], try) || changed;
    if (!try)
      print_again(policy, keep);
  }
  return changed;
}

static bool has_period(const struct keep_operation *operation)
{
  return operation->code == KEEP_AT_MOST || operation->code == KEEP_EXACTLY ||
         operation->code == KEEP_CAP || operation->code == KEEP_CAP_LAW ||
         operation->code == KEEP_LAW;
}

static bool double_period(struct keep_operation *operation, bool try)
{
  bool may = has_period(operation) && operation->period.number <= PERIOD_NUMBER_MAX / 2;
  if (may && !try)
    operation->period.number *= 2;
  return may;
}

static bool halve_period(struct keep_operation *operation, bool try)
{
  bool may = has_period(operation) && operation->period.number >= 2;
  if (may && !try)
    operation->period.number /= 2;
  return may;
}

static bool swap_limit(struct keep_operation *operation, bool try)
{
  bool may = operation->code == KEEP_AT_MOST ||
             (operation->code == KEEP_EXACTLY && operation->period.unit >= PERIOD_DAY);
  if (may && !try)
    operation->code = operation->code == KEEP_AT_MOST ? KEEP_EXACTLY : KEEP_AT_MOST;
  return may;
}

static bool delay_until(struct keep_operation *operation, bool try)
{
  if (operation->code != KEEP_UNTIL && operation->code != KEEP_LAW)
    return false;
  if (!try) {
    operation->code = KEEP_AT_MOST;
    operation->period = (struct period){12, PERIOD_MONTH};
  }
  return true;
}

static bool take_pause_away(struct keep_operation *operation, bool try)
{
  bool may = operation->paused.scope != SPAN_NONE;
  if (may && !try)
    operation->paused = (struct span_ref){SPAN_NONE, 0};
  return may;
}

static bool swap_anchor(struct keep_operation *operation, bool try)
{
  bool may = operation->code == KEEP_RECORDED || operation->code == KEEP_OBTAINED;
  if (may && !try)
    operation->code = operation->code == KEEP_RECORDED ? KEEP_OBTAINED : KEEP_RECORDED;
  return may;
}

static bool anchor_at_recording(struct keep_operation *operation, bool try)
{
  bool may = operation->code == KEEP_SPAN_END || operation->code == KEEP_EVENT;
  if (may && !try)
    operation->code = KEEP_RECORDED;
  return may;
}

static bool lengthen(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, double_period);
}

static bool shorten(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, halve_period);
}

static bool soften(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, swap_limit);
}

static bool delay(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, delay_until);
}

static bool count_on(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, take_pause_away);
}

static bool count_from_other(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, swap_anchor);
}

static bool count_from_recording(struct policy *policy, int32_t index, bool try)
{
  return each_operation(policy, index, try, anchor_at_recording);
}

// The row stays, so that indices keep their meaning, but nothing leads to it.
static bool delete_purpose(struct policy *policy, int32_t index, bool try)
{
  for (int32_t i = 0; i < policy->point_count && !try; i++)
    set_remove(&point_at(policy, i)->purposes, index);
  for (int32_t i = 0; i < policy->role_count && !try; i++)
    set_remove(&role_at(policy, i)->purposes, index);
  if (!try) {
    purpose_at(policy, index)->fields = SET_EMPTY;
    purpose_at(policy, index)->kinds = 0;
  }
  return true;
}

static bool delete_basis(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->basis_count > 0;
  if (!try)
    purpose->basis_count = 0;
  return may;
}

// A basis that has to be looked at becomes one that always holds.
static bool invert_basis(struct policy *policy, int32_t index, bool try)
{
  const struct purpose *purpose = &policy->purposes[index];
  bool may = false;
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    struct basis_row *row = (struct basis_row *)&policy->basis_rows[purpose->first_basis + i];
    if (row->span.scope == SPAN_NONE)
      continue;
    may = true;
    if (try)
      continue;
    row->basis = BASIS_LAW;
    row->span = (struct span_ref){SPAN_NONE, -1};
    row->argument = "mutant";
    row->consent = -1;
  }
  return may;
}

static bool has_basis_for(const struct policy *policy, const struct purpose *purpose, int32_t kind)
{
  for (int32_t i = 0; i < purpose->basis_count; i++)
    if (policy->basis_rows[purpose->first_basis + i].kind == kind)
      return true;
  return false;
}

// Every kind gets a basis that always holds. The purpose's rows move to the end of a longer table.
static bool open_to_all_kinds(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  uint64_t all = policy->kind_count == 64 ? UINT64_MAX : (UINT64_C(1) << policy->kind_count) - 1;
  if (try || purpose->kinds == all)
    return purpose->kinds != all;
  int32_t first = policy->basis_row_count;
  int32_t most = first + purpose->basis_count + policy->kind_count;
  struct basis_row *rows = arena_new(&policy->arena, (size_t)most * sizeof *rows);
  if (rows == NULL)
    return false;
  memcpy(rows, policy->basis_rows, (size_t)first * sizeof *rows);
  memcpy(rows + first, policy->basis_rows + purpose->first_basis,
         (size_t)purpose->basis_count * sizeof *rows);
  int32_t count = first + purpose->basis_count;
  for (int32_t kind = 0; kind < policy->kind_count; kind++)
    if (!has_basis_for(policy, purpose, kind))
      rows[count++] = (struct basis_row){.kind = kind,
                                         .consent = -1,
                                         .basis = BASIS_LAW,
                                         .span = {SPAN_NONE, -1},
                                         .argument = "mutant",
                                         .place = purpose->basis_place};
  purpose->kinds = all;
  purpose->first_basis = first;
  purpose->basis_count = count - first;
  policy->basis_rows = rows;
  policy->basis_row_count = count;
  return true;
}

static bool stop_marketing_rules(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->marketing != 0;
  if (!try)
    purpose->marketing = 0;
  return may;
}

static bool drop_while(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->while_span.scope != SPAN_NONE;
  if (!try)
    purpose->while_span = (struct span_ref){SPAN_NONE, -1};
  return may;
}

static bool drop_operations(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->operation_count > 0;
  if (!try)
    purpose->operation_count = 0;
  return may;
}

static bool take_from_any(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->terms.sources != 0;
  if (!try)
    purpose->terms.sources = 0;
  return may;
}

static bool be_compatible_with_none(struct policy *policy, int32_t index, bool try)
{
  struct purpose *purpose = purpose_at(policy, index);
  bool may = purpose->terms.compatible_count > 0;
  if (!try)
    purpose->terms.compatible_count = 0;
  return may;
}

static struct set all_below(int32_t count)
{
  struct set all = SET_EMPTY;
  for (int32_t i = 0; i < count; i++)
    set_add(&all, i);
  return all;
}

bool mutate_widen(struct set *set, int32_t count, bool try)
{
  struct set all = all_below(count);
  bool may = !set_within(&all, set);
  if (!try)
    *set = all;
  return may;
}

// Only where another purpose uses what is collected here: else nothing would change.
static bool collect_for_all(struct policy *policy, int32_t index, bool try)
{
  struct point *point = point_at(policy, index);
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    if (!set_has(&point->purposes, i) && set_meets(&policy->purposes[i].fields, &point->fields))
      return mutate_widen(&point->purposes, policy->purpose_count, try);
  }
  return false;
}

static bool need_nothing(struct policy *policy, int32_t index, bool try)
{
  struct point *point = point_at(policy, index);
  bool may = !set_is_empty(&point->needs);
  if (!try)
    point->needs = SET_EMPTY;
  return may;
}

static bool need_no_thing(struct policy *policy, int32_t index, bool try)
{
  struct point *point = point_at(policy, index);
  bool may = point->thing >= 0;
  if (!try)
    point->thing = -1;
  return may;
}

static bool need_no_feature(struct policy *policy, int32_t index, bool try)
{
  struct point *point = point_at(policy, index);
  bool may = point->feature.scope != SPAN_NONE;
  if (!try)
    point->feature = (struct span_ref){SPAN_NONE, -1};
  return may;
}

static bool delete_point(struct policy *policy, int32_t index, bool try)
{
  if (!try)
    point_at(policy, index)->fields = SET_EMPTY;
  return true;
}

static bool read_all(struct policy *policy, int32_t index, bool try)
{
  return mutate_widen(&role_at(policy, index)->fields, policy->field_count, try);
}

static bool unmask(struct policy *policy, int32_t index, bool try)
{
  struct role *role = role_at(policy, index);
  bool may = !set_is_empty(&role->masked);
  if (!try)
    role->masked = SET_EMPTY;
  return may;
}

static bool serve_all(struct policy *policy, int32_t index, bool try)
{
  return mutate_widen(&role_at(policy, index)->purposes, policy->purpose_count, try);
}

static bool delete_role(struct policy *policy, int32_t index, bool try)
{
  if (!try)
    role_at(policy, index)->purposes = SET_EMPTY;
  return true;
}

static bool need_no_case(struct policy *policy, int32_t index, bool try)
{
  struct role *role = role_at(policy, index);
  bool may = role->terms.need != NEED_NOTHING;
  if (!try)
    role->terms.need = NEED_NOTHING;
  return may;
}

static const struct change changes[] = {
    {TARGET_PURPOSE, "purpose deleted", delete_purpose},
    {TARGET_PURPOSE, "basis deleted", delete_basis},
    {TARGET_PURPOSE, "basis inverted", invert_basis},
    {TARGET_PURPOSE, "keep period doubled", lengthen},
    {TARGET_PURPOSE, "keep period halved", shorten},
    {TARGET_PURPOSE, "'at most' and 'exactly' exchanged", soften},
    {TARGET_PURPOSE, "end put off by 12 months", delay},
    {TARGET_PURPOSE, "'paused while' dropped", count_on},
    {TARGET_PURPOSE, "'recorded' and 'obtained' exchanged", count_from_other},
    {TARGET_PURPOSE, "period counted from recording", count_from_recording},
    {TARGET_PURPOSE, "opened to every kind of person", open_to_all_kinds},
    {TARGET_PURPOSE, "no longer direct marketing", stop_marketing_rules},
    {TARGET_PURPOSE, "'while' dropped", drop_while},
    {TARGET_PURPOSE, "list of operations dropped", drop_operations},
    {TARGET_PURPOSE, "data of any source used", take_from_any},
    {TARGET_PURPOSE, "compatible with nothing", be_compatible_with_none},
    {TARGET_POINT, "collection point deleted", delete_point},
    {TARGET_POINT, "collected for every purpose", collect_for_all},
    {TARGET_POINT, "nothing needed", need_nothing},
    {TARGET_POINT, "no thing needed", need_no_thing},
    {TARGET_POINT, "feature not looked at", need_no_feature},
    {TARGET_ROLE, "role deleted", delete_role},
    {TARGET_ROLE, "role reads everything", read_all},
    {TARGET_ROLE, "masks taken away", unmask},
    {TARGET_ROLE, "role serves every purpose", serve_all},
    {TARGET_ROLE, "no case needed", need_no_case},
    {TARGET_RECIPIENT, "recipient deleted", mutate_recipient_deleted},
    {TARGET_RECIPIENT, "recipient gets everything", mutate_recipient_gets_all},
    {TARGET_RECIPIENT, "recipient gets it for every purpose", mutate_recipient_serves_all},
    {TARGET_RECIPIENT, "'when' dropped", mutate_recipient_always},
    {TARGET_RECIPIENT, "consent not asked for", mutate_recipient_unasked},
    {TARGET_PARTY, "what may leave to it turned round", mutate_party_turned},
    {TARGET_PARTY, "agreement ended", mutate_party_ended},
};

static const struct section {
  const char *prefix;
  enum target target;
  int32_t (*find)(const struct policy *policy, struct view name);
} sections[] = {
    {"purposes.", TARGET_PURPOSE, policy_purpose},
    {"collect.", TARGET_POINT, policy_point},
    {"roles.", TARGET_ROLE, policy_role},
    {"recipients.", TARGET_RECIPIENT, policy_recipient},
    {"parties.", TARGET_PARTY, policy_party},
};

static bool find_construct(const struct policy *policy, const struct promise *promise,
                           struct construct *ret_construct)
{
  for (size_t i = 0; i < ARRAY_COUNT(sections); i++) {
    struct view name = view_of(promise->construct);
    if (promise->where != PROMISE_RULE || !view_starts(name, sections[i].prefix))
      continue;
    size_t prefix = strlen(sections[i].prefix);
    int32_t index = sections[i].find(policy, view_bytes(name.bytes + prefix, name.length - prefix));
    *ret_construct = (struct construct){sections[i].target, index, promise->construct, promise->id,
                                        promise->place};
    return index >= 0;
  }
  return false;
}

// The promises of one construct stand one after the other; the first stands for them.
static bool is_first(const struct policy *policy, int32_t promise)
{
  return promise == 0 || policy->promises[promise - 1].where != PROMISE_RULE ||
         strcmp(policy->promises[promise - 1].construct, policy->promises[promise].construct) != 0;
}

// Finds the mutant of a number; with NULL it only counts. `number` counts down.
static int32_t walk(const struct policy *policy, int32_t number, struct construct *ret_construct,
                    const struct change **ret_change)
{
  int32_t count = 0;
  for (int32_t i = 0; i < policy->promise_count; i++) {
    struct construct construct;
    if (!is_first(policy, i) || !find_construct(policy, &policy->promises[i], &construct))
      continue;
    for (size_t j = 0; j < ARRAY_COUNT(changes); j++) {
      // With `try` the policy is only looked at.
      if (changes[j].target != construct.target ||
          !changes[j].apply((struct policy *)policy, construct.index, true))
        continue;
      if (count++ != number || ret_construct == NULL)
        continue;
      *ret_construct = construct;
      *ret_change = &changes[j];
    }
  }
  return count;
}

int32_t policy_mutant_count(const struct policy *policy) { return walk(policy, -1, NULL, NULL); }

struct mutant policy_mutant(const struct policy *policy, int32_t number)
{
  struct construct construct = {.index = -1};
  const struct change *change = NULL;
  int32_t count = walk(policy, number, &construct, &change);
  PRE(number >= 0 && number < count && change != NULL);
  return (struct mutant){
      .promise = construct.promise,
      .construct = construct.name,
      .change = change->text,
      .place = construct.place,
      .purpose = construct.target == TARGET_PURPOSE ? construct.index : -1,
  };
}

// The mutant must not pass for the policy whose text it shares.
static void hash_mutant(struct policy *policy, int32_t number)
{
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, policy->hash, sizeof policy->hash);
  crypto_hash_sha256_update(&state, (const unsigned char *)&number, sizeof number);
  crypto_hash_sha256_final(&state, policy->hash);
}

enum err_code policy_mutate(const struct policy *policy, int32_t number, struct policy **ret_policy,
                            struct err *err)
{
  struct construct construct = {.index = -1};
  const struct change *change = NULL;
  int32_t count = walk(policy, number, &construct, &change);
  PRE(number >= 0 && number < count && change != NULL);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *mutant = NULL;
  enum err_code code = policy_read(policy->file, policy->text, &mutant, &findings, err);
  if (code != ERR_OK)
    return code;
  if (!change->apply(mutant, construct.index, false)) {
    policy_free(mutant);
    return err_set(err, ERR_MEMORY, "no memory for a mutant");
  }
  hash_mutant(mutant, number);
  *ret_policy = mutant;
  return ERR_OK;
}
