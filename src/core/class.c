#include "core/class.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

static struct class_info *info_at(const struct class_table *table, int32_t id)
{
  struct class_info *chunk =
      atomic_load_explicit(&table->chunks[id / CLASS_CHUNK], memory_order_acquire);
  return chunk == NULL ? NULL : &chunk[id % CLASS_CHUNK];
}

void class_table_clear(struct class_table *table)
{
  for (int i = 0; i < CLASS_CHUNKS; i++)
    free(atomic_exchange(&table->chunks[i], NULL));
  atomic_store(&table->count, 0);
}

void class_table_cut(struct class_table *table, int32_t count)
{
  PRE(count <= atomic_load(&table->count));
  atomic_store_explicit(&table->count, count, memory_order_release);
}

enum err_code class_enter(struct class_table *table, const struct class_row *row, struct err *err)
{
  int32_t id = atomic_load(&table->count) + 1;
  if (row->class_id != id || id > CLASSES_MAX)
    return err_set(err, ERR_INTEGRITY, "class %lld does not follow class %d",
                   (long long)row->class_id, id - 1);
  if (info_at(table, id) == NULL) {
    struct class_info *chunk = calloc(CLASS_CHUNK, sizeof *chunk);
    if (chunk == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the table of classes");
    atomic_store_explicit(&table->chunks[id / CLASS_CHUNK], chunk, memory_order_release);
  }
  struct class_info *info = info_at(table, id);
  INVARIANT(info != NULL);
  *info = (struct class_info){.row = *row, .field = -1, .thing_type = -1};
  atomic_store_explicit(&table->count, id, memory_order_release);
  return ERR_OK;
}

const struct class_info *class_find(const struct class_table *table, const struct class_row *row)
{
  int32_t count = atomic_load_explicit(&table->count, memory_order_acquire);
  for (int32_t id = 1; id <= count; id++) {
    const struct class_info *info = info_at(table, id);
    if (info->row.policy_version == row->policy_version && info->row.point == row->point &&
        info->row.source == row->source && info->row.field == row->field &&
        info->row.thing_type == row->thing_type)
      return info;
  }
  return NULL;
}

struct class_info *class_get(const struct class_table *table, int64_t class_id)
{
  int32_t count = atomic_load_explicit(&table->count, memory_order_acquire);
  return class_id < 1 || class_id > count ? NULL : info_at(table, (int32_t)class_id);
}

// The text that a purpose's consent is to, where it rests on nothing else; NULL where it does.
static const char *consent_text(const struct policy *policy, int32_t purpose)
{
  const struct purpose *of = &policy->purposes[purpose];
  const struct basis_row *first = &policy->basis_rows[of->first_basis];
  for (int32_t i = 0; i < of->basis_count; i++)
    if (first[i].basis != BASIS_CONSENT || strcmp(first[i].argument, first->argument) != 0)
      return NULL;
  return of->basis_count == 0 ? NULL : first->argument;
}

bool class_consent_lapses(const struct policy *told, int32_t told_purpose,
                          const struct policy *current, int32_t purpose)
{
  const char *then = consent_text(told, told_purpose);
  const char *now = consent_text(current, purpose);
  return then != NULL && now != NULL && strcmp(then, now) != 0;
}

// Translates what was told under one version into the indices of another, by name.
static struct set purposes_now(const struct names *names, const struct policy *told,
                               const struct policy *current, const struct class_row *row)
{
  int32_t point = policy_point(told, view_of(names_text(names, NAME_POINT, row->point)));
  int32_t field = policy_field(told, view_of(names_text(names, NAME_FIELD, row->field)));
  const char *thing_name = names_text(names, NAME_THING, row->thing_type);
  int32_t thing = thing_name == NULL ? -1 : policy_thing(told, view_of(thing_name));
  int32_t field_now = names_index(names, NAME_FIELD, row->field);
  struct set now = SET_EMPTY;
  if (point < 0 || field < 0 || field_now < 0)
    return now;
  struct set then = policy_purposes_of(told, point, field, thing);
  for (int32_t i = set_next(&then, 0); i >= 0; i = set_next(&then, i + 1)) {
    int32_t purpose = policy_purpose(current, view_of(told->purposes[i].name));
    if (purpose >= 0 && set_has(&current->purposes[purpose].fields, field_now) &&
        !class_consent_lapses(told, i, current, purpose))
      set_add(&now, purpose);
  }
  return policy_served(current, &now, field_now, names_index(names, NAME_THING, row->thing_type),
                       names_index(names, NAME_SOURCE, row->source));
}

static enum gate_origin origin_of(const struct policy *told, int32_t source)
{
  if (source < 0)
    return GATE_ORIGIN_UNKNOWN;
  enum source_is is = told->sources[source].is;
  if (is == SOURCE_LIST)
    return GATE_ORIGIN_LIST;
  return is == SOURCE_SELF ? GATE_ORIGIN_PERSON : GATE_ORIGIN_OTHER;
}

void class_bind(struct class_info *info, const struct names *names, const struct policy *told,
                const struct policy *current)
{
  info->field = names_index(names, NAME_FIELD, info->row.field);
  info->thing_type = names_index(names, NAME_THING, info->row.thing_type);
  info->purposes = purposes_now(names, told, current, &info->row);
  info->anchor = class_anchor(current, &info->purposes, info->field);
  const char *source = names_text(names, NAME_SOURCE, info->row.source);
  const char *point = names_text(names, NAME_POINT, info->row.point);
  int32_t put_at = point == NULL ? -1 : policy_point(told, view_of(point));
  info->origin = origin_of(told, source == NULL ? -1 : policy_source(told, view_of(source)));
  info->no_way_out = put_at >= 0 && told->points[put_at].no_way_out;
}

enum keep_anchor class_anchor(const struct policy *policy, const struct set *purposes,
                              int32_t field)
{
  enum keep_anchor common = KEEP_BY_DERIVED_END;
  bool first = true;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, field);
    if (keep != NULL && keep_is_borrowed(keep))
      continue;
    if (keep == NULL || (!first && keep->anchor != common))
      return KEEP_BY_DERIVED_END;
    common = keep->anchor;
    first = false;
  }
  return common;
}

static int compare_texts(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void class_key_group_text(const struct policy *policy, const struct set *purposes, int32_t field,
                          struct str *ret_text)
{
  const char *texts[POLICY_PURPOSES_MAX];
  size_t count = 0;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, field);
    if (keep != NULL && !keep_is_borrowed(keep) && count < POLICY_PURPOSES_MAX)
      texts[count++] = keep->text;
  }
  qsort(texts, count, sizeof texts[0], compare_texts);
  for (size_t i = 0; i < count; i++) {
    if (i > 0 && strcmp(texts[i], texts[i - 1]) == 0)
      continue;
    str_add(ret_text, view_of(i == 0 ? "" : " | "));
    str_add(ret_text, view_of(texts[i]));
  }
}

int64_t class_due_day(const struct class_info *info, const struct policy *policy, int64_t now_us)
{
  int64_t day = zone_day(policy->zone, now_us);
  if (info->anchor == KEEP_BY_DERIVED_END)
    return day;
  for (int32_t i = set_next(&info->purposes, 0); i >= 0; i = set_next(&info->purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, info->field);
    if (keep_is_borrowed(keep))
      continue;
    int64_t due = keep_due_day(keep, policy->zone, now_us);
    day = due < day ? due : day;  // the latest end counts: every rule must have come
  }
  return day;
}
