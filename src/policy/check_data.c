#include "policy/reader.h"

#include <string.h>

// ── Parts ───────────────────────────────────────────────────────────────────────────────────

// What people say in their own words, or are seen and heard doing, may hold anything.
static bool is_free(const struct field *field)
{
  return field->sensitive != SENSITIVE_NO || field->type == FIELD_NOTE ||
         field->type == FIELD_FILM || field->type == FIELD_RECORDING;
}

static void check_parts(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->part_count; i++) {
    const struct thing_part *part = &policy->parts[i];
    for (int32_t j = set_next(&part->seen, 0); j >= 0; j = set_next(&part->seen, j + 1))
      if (is_free(&policy->fields[j]))
        finding_add(reader->findings, FINDING_H06, part->sees_place, "supplied",
                    "'%s' would see '%s' of the others", part->name, policy->fields[j].name);
  }
}

// ── Sources ─────────────────────────────────────────────────────────────────────────────────

static const char *const members_eu[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
                                         "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
                                         "NL", "PL", "PT", "RO", "SE", "SI", "SK", "EU", NULL};
static const char *const members_eea[] = {"IS", "LI", "NO", "EEA", NULL};

static bool lies_within(const char *country, bool in_eea)
{
  struct view code = view_of(country);
  return schema_word(members_eu, code) >= 0 || (in_eea && schema_word(members_eea, code) >= 0);
}

static void check_source(struct reader *reader, const struct source *source,
                         const struct yaml_node *map)
{
  bool is_bought = source->is == SOURCE_REGISTER || source->is == SOURCE_LIST;
  if (is_bought && source->country[0] == '\0')
    finding_add(reader->findings, FINDING_R01, source->place, "country: SE",
                "'%s' does not say where it lies", source->name);
  const struct yaml_node *within = yaml_get(map, "within");
  if (within != NULL && source->country[0] != '\0' &&
      !lies_within(source->country, view_is(within->text, "eea")))
    finding_add(reader->findings, FINDING_R02, within->place, NULL,
                "'%s' lies in %s, which is not within %s", source->name, source->country,
                view_is(within->text, "eea") ? "the EEA" : "the EU");
}

static void check_sources(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "sources");
  for (int32_t i = 0; i < reader->policy->source_count; i++)
    check_source(reader, &reader->policy->sources[i], &map->pairs[i].value);
}

// ── Collection points ───────────────────────────────────────────────────────────────────────

static bool is_absent_there(enum source_is is)
{
  return is == SOURCE_OTHER || is == SOURCE_PARTNER || is == SOURCE_LIST;
}

// Who is not there cannot be shown anything: Article 14 wants it sent, or brought by somebody.
static void check_told(struct reader *reader, const struct point *point)
{
  const struct policy *policy = reader->policy;
  if (point->told != TOLD_SHOWN && point->told != TOLD_SIGN)
    return;
  for (int32_t i = 0; i < policy->source_count; i++)
    if ((point->sources >> i & 1) != 0 && is_absent_there(policy->sources[i].is))
      finding_add(reader->findings, FINDING_G03, point->place, "notice: sent",
                  "'%s' takes data from '%s', and the person is not there to be told", point->name,
                  policy->sources[i].name);
}

static bool lies_in(const struct policy *policy, int32_t inner, int32_t outer)
{
  for (int32_t steps = 0; inner >= 0 && inner != outer && steps < policy->thing_count; steps++)
    inner = policy->things[inner].in;
  return inner == outer;
}

// A basis that looks at the record's own thing finds the consent only on records of that thing.
static void check_consent_at(struct reader *reader, const struct point *point, int32_t index)
{
  const struct policy *policy = reader->policy;
  const struct purpose *purpose = &policy->purposes[index];
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &policy->basis_rows[purpose->first_basis + i];
    if (row->basis != BASIS_CONSENT || row->span.scope != SPAN_OWN ||
        (point->kinds >> row->kind & 1) == 0 ||
        lies_in(policy, point->thing, policy->spans[row->span.index].thing))
      continue;
    finding_add(
        reader->findings, FINDING_G04, point->place, NULL,
        "'%s' collects for '%s', but its records lie in no '%s' that could hold the consent",
        point->name, purpose->name, policy->things[policy->spans[row->span.index].thing].name);
    return;
  }
}

static void check_points(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->point_count; i++) {
    const struct set *purposes = &policy->points[i].purposes;
    check_told(reader, &policy->points[i]);
    for (int32_t j = set_next(purposes, 0); j >= 0; j = set_next(purposes, j + 1))
      check_consent_at(reader, &policy->points[i], j);
  }
}

void check_data(struct reader *reader)
{
  check_parts(reader);
  check_sources(reader);
  check_points(reader);
}
