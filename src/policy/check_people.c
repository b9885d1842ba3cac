#include "policy/reader.h"

static bool has(const struct word_list *list, const char *word)
{
  for (int32_t i = 0; i < list->count; i++)
    if (view_is(view_of(list->items[i]), word))
      return true;
  return false;
}

// Article 7(3): as easy to take back as to give. The ways in which it is given are those of the
// collection points that serve its purpose.
static void check_withdrawal(struct reader *reader, const struct consent *consent)
{
  const struct policy *policy = reader->policy;
  if (consent->withdraw.count == 0 || consent->purpose < 0 || has(&consent->withdraw, "any"))
    return;
  for (int32_t i = 0; i < policy->point_count; i++) {
    const struct point *point = &policy->points[i];
    for (int32_t j = 0; set_has(&point->purposes, consent->purpose) && j < point->channels.count;
         j++)
      if (!has(&consent->withdraw, point->channels.items[j]))
        finding_add(reader->findings, FINDING_N02, consent->place, NULL,
                    "'%s' is given by '%s' at '%s' and cannot be taken back so", consent->name,
                    point->channels.items[j], point->name);
  }
}

static void check_consents(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *map = reader_section(reader, "consents");
  for (int32_t i = 0; i < policy->consent_count; i++) {
    const struct consent *consent = &policy->consents[i];
    const struct yaml_node *purposes = yaml_get(&map->pairs[i].value, "for");
    if (purposes != NULL && purposes->kind == NODE_LIST && purposes->count > 1)
      finding_add(reader->findings, FINDING_N01, purposes->place, "one consent for each purpose",
                  "'%s' covers %d purposes", consent->name, purposes->count);
    check_withdrawal(reader, consent);
  }
}

static void check_enriches(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->enrich_count; i++) {
    const struct enrich *enrich = &policy->enriches[i];
    enum source_is is = policy->sources[enrich->source].is;
    if (is == SOURCE_SELF || is == SOURCE_OBSERVED || is == SOURCE_GENERATED)
      finding_add(reader->findings, FINDING_E01, enrich->place, NULL,
                  "'%s' takes data from '%s', which is no register", enrich->name,
                  policy->sources[enrich->source].name);
  }
}

void check_people(struct reader *reader)
{
  check_consents(reader);
  check_enriches(reader);
}
