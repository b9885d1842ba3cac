#include "retain/policy_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "core/class.h"
#include "core/everybody.h"
#include "core/person.h"
#include "core/refile.h"
#include "core/state.h"
#include "store/store.h"

#define PLAN_SCHEMA "forvar.policy_plan/1"

struct version {  // one policy with what it makes of the classes
  const struct policy *policy;
  const struct names *names;
  struct class_info *classes;  // by class id; owned, NULL: those of the core
  struct person_state *state;  // of the person that is looked at
};

struct counting {
  struct core *core;
  struct version now, next;
  struct set loosened;  // purposes of the next version
  struct set lapsing;   // purposes of this version that the next asks for another consent
  struct policy_plan *plan;
  bool is_moved, is_to_tell, has_lapsed;  // of the person that is looked at
  int64_t person_records;
};

// ── The next version, without activating it ─────────────────────────────────────────────────

static enum err_code enter_name(void *context, const struct name_row *row, struct err *err)
{
  return names_enter(context, (enum name_kind)row->kind, row->number, row->name, err);
}

static enum err_code bind_classes(struct counting *counting, struct err *err)
{
  int32_t count = core_classes(counting->core)->count;
  struct class_info *classes = calloc((size_t)count + 1, sizeof *classes);
  if (classes == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  counting->next.classes = classes;
  for (int32_t id = 1; id <= count; id++) {
    classes[id] = *class_get(core_classes(counting->core), id);
    const struct policy *told = core_policy_version(counting->core, classes[id].row.policy_version);
    class_bind(&classes[id], counting->next.names, told, counting->next.policy);
  }
  return ERR_OK;
}

static enum err_code find_loosened(struct counting *counting, struct err *err)
{
  OWNED(policy_diff) struct policy_diff diff = {0};
  enum err_code code = policy_diff_make(counting->now.policy, counting->next.policy, &diff, err);
  for (int32_t i = 0; code == ERR_OK && i < diff.count; i++)
    if (diff.items[i].effect == EFFECT_LOOSENS && diff.items[i].purpose >= 0)
      set_add(&counting->loosened, diff.items[i].purpose);
  return code;
}

static void find_lapsing(struct counting *counting)
{
  const struct policy *now = counting->now.policy, *next = counting->next.policy;
  for (int32_t i = 0; i < now->purpose_count; i++) {
    int32_t purpose = policy_purpose(next, view_of(now->purposes[i].name));
    if (purpose >= 0 && class_consent_lapses(now, i, next, purpose))
      set_add(&counting->lapsing, i);
  }
}

// ── One record ──────────────────────────────────────────────────────────────────────────────

static const struct class_info *class_of(const struct counting *counting,
                                         const struct version *version, int64_t class_id)
{
  return version->classes == NULL ? class_get(core_classes(counting->core), class_id)
                                  : &version->classes[class_id];
}

static int compare_ends(struct end a, struct end b)
{
  static const int order[] = {[END_ABSENT] = 0, [END_AT] = 1, [END_OPEN] = 2};
  if (a.state != b.state || a.state != END_AT)
    return (order[a.state] > order[b.state]) - (order[a.state] < order[b.state]);
  if (a.use_us != b.use_us)
    return a.use_us > b.use_us ? 1 : -1;
  return (a.erase_us > b.erase_us) - (a.erase_us < b.erase_us);
}

static bool is_due(struct end end, int64_t at_us)
{
  return end.state == END_ABSENT || (end.state == END_AT && end.erase_us <= at_us);
}

static void add_to_digest(struct policy_plan *plan, const struct record_row *row, struct end now,
                          struct end next)
{
  const int64_t numbers[] = {row->record.value, row->version, now.state,   now.use_us,
                             now.erase_us,      next.state,   next.use_us, next.erase_us};
  const struct view parts[] = {view_bytes(plan->digest, sizeof plan->digest),
                               view_bytes(numbers, sizeof numbers)};
  unsigned char digest[SHA256_BYTES];
  sha256(parts, ARRAY_COUNT(parts), digest);
  memcpy(plan->digest, digest, sizeof digest);
}

static enum err_code count_record(void *context, const struct record_row *row, struct err *err)
{
  struct counting *counting = context;
  struct policy_plan *plan = counting->plan;
  if (class_get(core_classes(counting->core), row->class_id) == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  const struct version *now = &counting->now, *next = &counting->next;
  const struct class_info *now_class = class_of(counting, now, row->class_id);
  const struct class_info *next_class = class_of(counting, next, row->class_id);
  struct end end_now = record_last_end(now->policy, now_class, now->state, row);
  struct end end_next = record_last_end(next->policy, next_class, next->state, row);
  int moves = compare_ends(end_next, end_now);
  struct set touched = set_and(&next_class->purposes, &counting->loosened);
  struct set lapsed = set_and(&now_class->purposes, &counting->lapsing);
  plan->records++;
  counting->person_records++;
  plan->longer += moves > 0;
  plan->shorter += moves < 0;
  plan->unserved += set_is_empty(&next_class->purposes) && !set_is_empty(&now_class->purposes);
  plan->due_now += is_due(end_now, plan->at_us);
  plan->due_then += is_due(end_next, plan->at_us);
  counting->is_moved = counting->is_moved || moves != 0;
  counting->is_to_tell = counting->is_to_tell || !set_is_empty(&touched);
  counting->has_lapsed = counting->has_lapsed || !set_is_empty(&lapsed);
  add_to_digest(plan, row, end_now, end_next);
  return ERR_OK;
}

// ── One person, all persons ─────────────────────────────────────────────────────────────────

static enum err_code derive(const struct counting *counting, const struct person_state *stored,
                            struct version *version, struct err *err)
{
  return state_derive(stored, version->policy, version->names, core_store(counting->core),
                      counting->plan->at_us, &version->state, err);
}

static enum err_code count_person(void *context, struct person_id person, struct err *err)
{
  struct counting *counting = context;
  struct person_state *stored = NULL;
  counting->is_moved = counting->is_to_tell = counting->has_lapsed = false;
  counting->person_records = 0;
  enum err_code code = person_state_now(counting->core, person, &stored, err);
  if (code == ERR_OK)
    code = derive(counting, stored, &counting->now, err);
  if (code == ERR_OK)
    code = derive(counting, stored, &counting->next, err);
  if (code == ERR_OK)
    code = store_record_each(core_store(counting->core), person, -1, count_record, counting, err);
  state_drop(stored);
  state_drop(TAKE(counting->now.state));
  state_drop(TAKE(counting->next.state));
  counting->plan->persons += counting->person_records > 0;
  counting->plan->persons_moved += counting->is_moved;
  counting->plan->persons_to_tell += counting->is_to_tell;
  counting->plan->persons_lapsed += counting->has_lapsed;
  return code;
}

static enum err_code count_service(void *context, const struct service_row *row, struct err *err)
{
  (void)err;
  struct counting *counting = context;
  const struct names *names = core_names(counting->core);
  const struct policy *next = counting->next.policy;
  int32_t role = policy_role(next, view_of(names_text(names, NAME_ROLE, row->role)));
  int32_t purpose =
      row->purpose < 0
          ? -1
          : policy_purpose(next, view_of(names_text(names, NAME_PURPOSE, row->purpose)));
  bool keeps = role >= 0 && (row->purpose < 0 ||
                             (purpose >= 0 && set_has(&next->roles[role].purposes, purpose)));
  counting->plan->services_refused += row->ended_us == 0 && !keeps;
  return ERR_OK;
}

enum err_code policy_plan_make(struct core *core, const struct policy *next, int64_t at_us,
                               struct policy_plan *ret_plan, struct err *err)
{
  const struct policy *current = core_policy(core);
  if (current == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force: a first version changes nothing");
  struct policy_plan plan = {
      .from_version = current->version, .to_version = next->version, .at_us = at_us};
  memcpy(plan.from_hash, current->hash, sizeof plan.from_hash);
  memcpy(plan.to_hash, next->hash, sizeof plan.to_hash);
  struct names *names = names_new();
  if (names == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  struct counting counting = {.core = core,
                              .now = {.policy = current, .names = core_names(core)},
                              .next = {.policy = next, .names = names},
                              .plan = &plan};
  enum err_code code = store_name_each(core_store(core), enter_name, names, err);
  names_bind(names, next);
  if (code == ERR_OK)
    code = bind_classes(&counting, err);
  if (code == ERR_OK)
    code = find_loosened(&counting, err);
  find_lapsing(&counting);
  if (code == ERR_OK)
    code = everybody_each(core_store(core), count_person, &counting, err);
  if (code == ERR_OK)
    code = store_service_each(core_store(core), count_service, &counting, err);
  free(counting.next.classes);
  names_free(names);
  if (code == ERR_OK)
    *ret_plan = plan;
  return code;
}

// ── As text ─────────────────────────────────────────────────────────────────────────────────

static void set_hex(struct document *object, const char *member, const unsigned char bytes[32])
{
  char text[2 * SHA256_BYTES + 1];
  hex_write(bytes, SHA256_BYTES, text);
  document_set_text(object, member, view_of(text));
}

enum err_code policy_plan_write(const struct policy_plan *plan, const struct policy *next,
                                struct str *ret_text, struct err *err)
{
  const struct {
    const char *name;
    int64_t value;
  } counts[] = {
      {"records", plan->records},
      {"records_longer", plan->longer},
      {"records_shorter", plan->shorter},
      {"records_unserved", plan->unserved},
      {"due_now", plan->due_now},
      {"due_then", plan->due_then},
      {"persons", plan->persons},
      {"persons_moved", plan->persons_moved},
      {"persons_to_tell", plan->persons_to_tell},
      {"persons_lapsed", plan->persons_lapsed},
      {"services_refused", plan->services_refused},
  };
  char effective[CALENDAR_TEXT_BYTES];
  calendar_write_time(next->zone, next->effective_us, effective);
  OWNED(document) struct document *document = document_object();
  document_set_text(document, "schema", VIEW_LITERAL(PLAN_SCHEMA));
  document_set_int(document, "from_version", plan->from_version);
  set_hex(document, "from_sha256", plan->from_hash);
  document_set_int(document, "to_version", plan->to_version);
  set_hex(document, "to_sha256", plan->to_hash);
  document_set_text(document, "effective", view_of(effective));
  document_set_int(document, "at_us", plan->at_us);
  for (size_t i = 0; i < ARRAY_COUNT(counts); i++)
    document_set_int(document, counts[i].name, counts[i].value);
  set_hex(document, "digest", plan->digest);
  return document_write(document, DOCUMENT_PRETTY, ret_text, err);
}

static enum err_code moved(const char *what, struct err *err)
{
  enum err_code code = err_set(err, ERR_CONFLICT, "%s since the plan was made", what);
  err_hint(err, "make the plan anew with: forvar policy plan FILE -o PLAN");
  return code;
}

static enum err_code get_hash(const struct document *document, const char *member,
                              unsigned char ret_hash[SHA256_BYTES], struct err *err)
{
  struct view text;
  enum err_code code = document_get_text(document, member, &text, err);
  if (code == ERR_OK && !hex_read(text, ret_hash, SHA256_BYTES))
    code = err_set(err, ERR_INPUT, "/%s is not 64 hexadecimal digits", member);
  return code;
}

static enum err_code read_plan(struct view text, struct policy_plan *ret_plan, struct err *err)
{
  OWNED(document) struct document *document = NULL;
  struct view schema;
  enum err_code code = document_read(text, &document, err);
  if (code == ERR_OK)
    code = document_get_text(document, "schema", &schema, err);
  if (code == ERR_OK && !view_is(schema, PLAN_SCHEMA))
    code = err_set(err, ERR_INPUT, "this is not a plan of schema " PLAN_SCHEMA);
  if (code == ERR_OK)
    code = document_get_int(document, "at_us", &ret_plan->at_us, err);
  if (code == ERR_OK)
    code = get_hash(document, "from_sha256", ret_plan->from_hash, err);
  if (code == ERR_OK)
    code = get_hash(document, "to_sha256", ret_plan->to_hash, err);
  return code == ERR_OK ? get_hash(document, "digest", ret_plan->digest, err) : code;
}

enum err_code policy_plan_check(struct core *core, const struct policy *next, struct view text,
                                struct err *err)
{
  struct policy_plan shown = {0}, now;
  enum err_code code = read_plan(text, &shown, err);
  if (code != ERR_OK)
    return code;
  const struct policy *current = core_policy(core);
  if (memcmp(shown.to_hash, next->hash, sizeof shown.to_hash) != 0)
    return moved("the file of the policy changed", err);
  if (current == NULL || memcmp(shown.from_hash, current->hash, sizeof shown.from_hash) != 0)
    return moved("the policy in force changed", err);
  if (shown.at_us > core_now_us(core))
    return err_set(err, ERR_INPUT, "/at_us is a time to come");
  code = policy_plan_make(core, next, shown.at_us, &now, err);
  if (code == ERR_OK && memcmp(shown.digest, now.digest, sizeof shown.digest) != 0)
    code = moved("the data changed", err);
  return code;
}
