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

// A policy without a day is refused, but what else is wrong with it is told by the law as it
// stands.
enum { UNDATED_YEAR = 2100 };

static void read_effective(struct reader *reader, const struct yaml_node *map)
{
  struct policy *policy = reader->policy;
  int64_t days = calendar_days(UNDATED_YEAR, 1, 1);
  if (policy->zone == NULL)
    return;
  (void)calendar_read_date(reader_get(map, "effective"), &days);
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
  if (node == NULL || organisation_is_setting(node->text))
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

static void check_reachable(struct reader *reader, const struct yaml_pair *pair)
{
  const struct yaml_node *map = &pair->value;
  const struct yaml_node *email = yaml_get(map, "email");
  if (email != NULL && !is_address(email->text) && !organisation_is_setting(email->text))
    finding_add(reader->findings, FINDING_C01, email->place, "email: info@example.com",
                "'%s' is not an e-mail address", quote(email->text).text);
  if (yaml_pair(map, "email") == NULL && yaml_pair(map, "post") == NULL &&
      yaml_pair(map, "phone") == NULL)
    finding_add(reader->findings, FINDING_C01, map->place, "email: info@example.com",
                "controllers.%s has no 'email', 'post' or 'phone'", quote(pair->key).text);
}

static void read_controller(struct reader *reader, const struct yaml_pair *pair,
                            struct controller *controller)
{
  const struct yaml_node *map = &pair->value;
  *controller = (struct controller){
      .name = reader_text(reader, pair->key),
      .legal_name = reader_copy_view(reader, map, "name"),
      .number = reader_copy_view(reader, map, "number"),
      .email = reader_copy_view(reader, map, "email"),
      .post = reader_copy_view(reader, map, "post"),
      .phone = reader_copy_view(reader, map, "phone"),
      .authority = reader_copy(reader, map, "authority"),
      .role = (enum controller_role)reader_word(map, "role", controller_role_names, 0),
      .arrangement = reader_copy(reader, map, "arrangement"),
      .essence = reader_said(reader, map, "essence"),
      .place = pair->place,
  };
  reader_country(reader, map, "country", controller->country);
  check_reachable(reader, pair);
  if (reader->policy->year_end_month == 0)
    read_financial_year(reader, yaml_get(map, "financial_year_ends"));
  read_number(reader, yaml_get(map, "number"));
  reader_promises(reader, map, "controllers", pair->key);
}

static void check_alone(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    const struct controller *controller = &organisation->controllers[i];
    if (controller->role == CONTROLLER_SINGLE && organisation->controller_count > 1)
      finding_add(reader->findings, FINDING_C07, controller->place, "role: joint",
                  "'%s' answers alone, but there are %d controllers", controller->name,
                  organisation->controller_count);
  }
}

void read_controllers(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "controllers");
  struct policy *policy = reader->policy;
  if (map == NULL)
    return;
  if (map->count == 0 || map->count > CONTROLLERS_MAX) {
    finding_add(reader->findings, FINDING_C07, map->place, NULL,
                "%d controllers; a policy has 1 to %d", map->count, CONTROLLERS_MAX);
    return;
  }
  struct controller *rows = reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_controller(reader, &map->pairs[i], &rows[i]);
  policy->organisation.controllers = rows;
  policy->organisation.controller_count = rows == NULL ? 0 : map->count;
  if (rows == NULL)
    return;
  policy->controller_name = rows[0].legal_name;
  policy->controller_email = rows[0].email;
  policy->authority = rows[0].authority;
  check_alone(reader);
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
