#include "policy/reader.h"

#include "base/clock.h"
#include "base/identity.h"

#include <stdio.h>

static void read_languages(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *list = yaml_get(map, "languages");
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (!list->items[i].refused)
      reader->has_languages[schema_word(schema_languages, list->items[i].text)] = true;
}

static void read_bases(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *list = yaml_get(map, "bases");
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (!list->items[i].refused)
      reader->bases |= 1u << reader_basis(list->items[i].text);
}

static void read_zone(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *node = yaml_get(map, "zone");
  if (node == NULL)
    return;
  struct zone *zone = NULL;
  struct err err = ERR_INIT;
  enum err_code code = zone_open(node->text.bytes, &zone, &err);
  if (code == ERR_OK)
    reader->policy->zone = zone;
  else if (code == ERR_MEMORY)
    reader->memory = false;
  else
    finding_add(reader->findings, FINDING_Y09, node->place, "zone: Europe/Stockholm",
                "'%s' is not a time zone", quote(node->text).text);
}

static void read_effective(struct reader *reader, const struct yaml_node *map)
{
  struct policy *policy = reader->policy;
  int64_t days;
  if (policy->zone == NULL || !calendar_read_date(reader_get(map, "effective"), &days))
    return;
  policy->effective_us = zone_day_start(policy->zone, days);
}

void read_policy(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "policy");
  struct policy *policy = reader->policy;
  policy->id = reader_text(reader, reader_get(map, "id"));
  (void)view_int64(reader_get(map, "version"), &policy->version);
  read_languages(reader, map);
  read_bases(reader, map);
  read_zone(reader, map);
  read_effective(reader, map);
  reader_promises(reader, map, "policy", VIEW_EMPTY);
}

// One '@' with something on both sides is all that can be said of an address here.
static bool is_address(struct view text)
{
  struct view domain = text;
  struct view local = view_cut(&domain, '@');
  return local.length > 0 && domain.length > 0;
}

// "12-31": the day on which each financial year ends.
static void read_financial_year(struct reader *reader, const struct yaml_node *node)
{
  struct policy *policy = reader->policy;
  if (node == NULL)
    return;
  char date[16];
  int64_t days;
  (void)snprintf(date, sizeof date, "2000-%.*s",
                 (int)(node->text.length > 8 ? 8 : node->text.length),
                 node->text.bytes);  // a leap year, so that 02-29 can be said
  int32_t year;
  if (calendar_read_date(view_of(date), &days))
    calendar_civil(days, &year, &policy->year_end_month, &policy->year_end_day);
  else
    finding_add(reader->findings, FINDING_Y05, node->place, "financial_year_ends: 12-31",
                "'%s' is not a month and a day", quote(node->text).text);
}

// A number of the form of a personal one is a sole trader's, and personal data: no finding holds
// it.
static void read_number(struct reader *reader, const struct yaml_node *node)
{
  if (node == NULL)
    return;
  const struct policy *policy = reader->policy;
  int64_t today = policy->zone == NULL ? 0 : zone_day(policy->zone, policy->effective_us);
  struct identity identity;
  struct err err = ERR_INIT;
  if (identity_read(node->text, today, &identity, &err) != ERR_OK)
    finding_add(reader->findings, FINDING_C02, node->place, NULL,
                "'number' is no number of a company or a sole trader");
  else if (identity.kind != IDENTITY_ORGANISATION)
    finding_add(reader->findings, FINDING_C03, node->place, NULL,
                "'number' has the form of a personal identity number");
}

void read_controllers(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "controllers");
  if (map == NULL)
    return;
  if (map->count != 1) {
    finding_add(reader->findings, FINDING_C07, map->place, NULL,
                "%d controllers; a policy has exactly one", map->count);
    return;
  }
  const struct yaml_pair *pair = &map->pairs[0];
  const struct yaml_node *email = yaml_get(&pair->value, "email");
  if (email != NULL && !is_address(email->text))
    finding_add(reader->findings, FINDING_C01, email->place, "email: info@example.com",
                "'%s' is not an e-mail address", quote(email->text).text);
  struct policy *policy = reader->policy;
  policy->controller_name = reader_view(reader, reader_get(&pair->value, "name"));
  policy->controller_email = reader_view(reader, reader_get(&pair->value, "email"));
  policy->authority = reader_text(reader, reader_get(&pair->value, "authority"));
  read_financial_year(reader, yaml_get(&pair->value, "financial_year_ends"));
  read_number(reader, yaml_get(&pair->value, "number"));
  reader_promises(reader, &pair->value, "controllers", pair->key);
}

// Months and years have no fixed length: the days are counted from the day the policy begins.
static int64_t days_of(const struct policy *policy, struct period period)
{
  int64_t from = zone_day(policy->zone, policy->effective_us);
  return calendar_add_days(from, period) - from;
}

static void read_log_keep(struct reader *reader, const struct yaml_node *node)
{
  struct period period;
  if (node == NULL || reader->policy->zone == NULL || !period_read(node->text, &period))
    return;
  if (period.unit >= PERIOD_DAY)
    reader->policy->log_keep_days = days_of(reader->policy, period);
  else
    finding_add(reader->findings, FINDING_Y05, node->place, "log_keep: 10 years",
                "'limits.log_keep' counts in days or longer");
}

void read_limits(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "limits");
  struct policy *policy = reader->policy;
  const struct yaml_node *least = yaml_get(map, "k");
  read_log_keep(reader, yaml_get(map, "log_keep"));
  (void)period_read(reader_get(map, "review_open"), &policy->review_open);
  if (least != NULL && view_int64(least->text, &policy->group_least) && policy->group_least < 2)
    finding_add(reader->findings, FINDING_Y05, least->place, "k: 5",
                "'limits.k' must be 2 or more: a group of one is a person");
  reader_promises(reader, map, "limits", VIEW_EMPTY);
}
