#include "policy/lint.h"

#include <string.h>

static bool has_part(const char *name, const char *part) { return strstr(name, part) != NULL; }

static void password_as_text(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *map = reader_section(reader, "fields");
  for (int32_t i = 0; i < policy->field_count; i++) {
    const struct field *field = &policy->fields[i];
    const struct yaml_node *leaf =
        yaml_get(yaml_get(map, field->category), field->name + strlen(field->category) + 1);
    if (has_part(field->name, "password") && !view_is(reader_get(leaf, "type"), "password"))
      finding_add(reader->findings, FINDING_F07, field->place, "type: password",
                  "'%s' is collected as a readable value", field->name);
  }
}

static const struct point *point_named(const struct policy *policy, struct view name)
{
  int32_t index = policy_point(policy, name);
  return index < 0 ? NULL : &policy->points[index];
}

static void unscreened_calls(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "collect", &at); pair != NULL;
       pair = lint_next(reader, "collect", &at)) {
    const struct point *point = point_named(policy, pair->key);
    if (point == NULL || !lint_lists(yaml_get(&pair->value, "channel"), "phone"))
      continue;
    for (int32_t i = set_next(&point->fields, 0); i >= 0; i = set_next(&point->fields, i + 1)) {
      const struct field *field = &policy->fields[i];
      if (field->type == FIELD_NOTE && !field->sensitive)
        finding_add(reader->findings, FINDING_F08, field->place, "sensitive: maybe",
                    "'%s' takes in what people say in calls, and nothing marks what is sensitive",
                    field->name);
    }
  }
}

static void bought_lists(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "sources", &at); pair != NULL;
       pair = lint_next(reader, "sources", &at))
    if (view_is(reader_get(&pair->value, "is"), "list") &&
        !lint_lists(yaml_get(&pair->value, "needs"), "suppression_wash"))
      finding_add(reader->findings, FINDING_R03, pair->place,
                  "needs: [licence, collected, suppression_wash]",
                  "'%s' sells addresses, and nothing is asked of them", quote(pair->key).text);
}

static bool uses_recording(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1))
    if (has_part(policy->fields[i].name, "recording"))
      return true;
  return false;
}

static void recorded_for_all(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->purpose_count; i++)
    if (policy->purposes[i].operation_count > 1 && uses_recording(policy, &policy->purposes[i]))
      finding_add(reader->findings, FINDING_U08, policy->purposes[i].place,
                  "make a purpose for each", "'%s' records calls for %d purposes in one",
                  policy->purposes[i].name, policy->purposes[i].operation_count);
}

// ── Periods ─────────────────────────────────────────────────────────────────────────────────

enum { FILM_HOURS_MAX = 72 };  // EDPB Guidelines 3/2019, paragraph 121

static bool is_longer(struct period period, int64_t hours)
{
  if (period.unit <= PERIOD_HOUR)
    return (period.unit == PERIOD_MINUTE ? period.number / 60 : period.number) > hours;
  return period.unit > PERIOD_DAY || period.number * 24 > hours;
}

static bool is_film(const char *name)
{
  return has_part(name, "film") || has_part(name, "camera") || has_part(name, "video");
}

static bool keeps_longer(const struct keep *keep, int64_t hours)
{
  for (int32_t i = 0; i < keep->operation_count; i++) {
    enum keep_code code = keep->operations[i].code;
    if ((code == KEEP_AT_MOST || code == KEEP_EXACTLY) &&
        is_longer(keep->operations[i].period, hours))
      return true;
  }
  return false;
}

static struct place place_of(const struct keep *keep)
{
  return (struct place){keep->line, keep->column};
}

static void long_film(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t j = set_next(&purpose->fields, 0); j >= 0; j = set_next(&purpose->fields, j + 1)) {
      const struct keep *keep = policy_keep(policy, i, j);
      if (is_film(policy->fields[j].name) && keep != NULL && keeps_longer(keep, FILM_HOURS_MAX))
        finding_add(reader->findings, FINDING_KR13, place_of(keep),
                    "exactly 72 hours after recorded", "'%s' keeps '%s' longer than %d hours",
                    purpose->name, policy->fields[j].name, FILM_HOURS_MAX);
    }
  }
}

static bool is_plain(const struct keep *keep)
{
  return keep->operation_count == 2 && keep->operations[0].code <= KEEP_OBTAINED &&
         (keep->operations[1].code == KEEP_AT_MOST || keep->operations[1].code == KEEP_EXACTLY);
}

static void plain_periods(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct keep *told = NULL;
  for (int32_t i = 0; lint_only_written(reader) && i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t j = set_next(&purpose->fields, 0); j >= 0; j = set_next(&purpose->fields, j + 1)) {
      const struct keep *keep = policy_keep(policy, i, j);
      if (keep == NULL || keep == told || keep->set_by_operator || !is_plain(keep))
        continue;
      told = keep;
      finding_add(reader->findings, FINDING_KR16, place_of(keep), NULL,
                  "'%s' can be carried out as it is written: %s", purpose->name, keep->text);
    }
  }
}

// ── What nothing reaches ────────────────────────────────────────────────────────────────────

static bool is_borrowed(const struct policy *policy, int32_t purpose)
{
  const struct set *fields = &policy->purposes[purpose].fields;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct keep *keep = policy_keep(policy, purpose, i);
    for (int32_t j = 0; keep != NULL && j < keep->operation_count; j++)
      if (keep->operations[j].code == KEEP_BORROWED)
        return true;
  }
  return false;
}

static void unfed_purpose(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  struct set fed = SET_EMPTY;
  for (int32_t i = 0; i < policy->point_count; i++)
    fed = set_or(&fed, &policy->points[i].purposes);
  for (int32_t i = 0; i < policy->purpose_count; i++)
    if (!set_has(&fed, i) && !is_borrowed(policy, i) &&
        policy->purposes[i].terms.compatible_count == 0)
      finding_add(reader->findings, FINDING_U09, policy->purposes[i].place, NULL,
                  "no collection point collects for '%s'", policy->purposes[i].name);
}

static void dry_source(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  uint64_t used = 0;
  for (int32_t i = 0; i < policy->point_count; i++)
    used |= policy->points[i].sources;
  for (int32_t i = 0; i < policy->source_count; i++)
    if ((used >> i & 1) == 0)
      finding_add(reader->findings, FINDING_R04, policy->sources[i].place, NULL,
                  "no collection point takes data from '%s'", policy->sources[i].name);
}

static const struct lint_rule rules[] = {
    {FINDING_F07, password_as_text}, {FINDING_F08, unscreened_calls},
    {FINDING_R03, bought_lists},     {FINDING_U09, unfed_purpose},
    {FINDING_R04, dry_source},       {FINDING_U08, recorded_for_all},
    {FINDING_KR13, long_film},       {FINDING_KR16, plain_periods},
};

const struct lint_rules lint_data = {rules, ARRAY_COUNT(rules)};
