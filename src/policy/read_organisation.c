#include "policy/reader.h"

#include <stdio.h>

// ── Officer, breach, approval ───────────────────────────────────────────────────────────────

static void read_officer(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "dpo");
  const struct policy *policy = reader->policy;
  struct officer *officer = &reader->policy->organisation.officer;
  officer->role = -1;
  officer->secrecy = "";
  if (map == NULL)
    return;
  officer->place = yaml_pair(reader->root, "dpo")->place;
  officer->name = reader_copy_view(reader, map, "name");
  officer->contact = reader_copy_view(reader, map, "contact");
  officer->secrecy = reader_copy(reader, map, "secrecy");
  officer->role = reader_find(reader, yaml_get(map, "role"), "role", policy->roles,
                              policy->role_count, sizeof *policy->roles);
  reader_promises(reader, map, "dpo", VIEW_EMPTY);
}

static void read_breach(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "breach");
  struct organisation *organisation = &reader->policy->organisation;
  organisation->breach_owner = "";
  if (map == NULL)
    return;
  organisation->breach_place = yaml_pair(reader->root, "breach")->place;
  organisation->breach_notify =
      (enum breach_notify)reader_word(map, "notify", breach_notify_names, BREACH_HIGH);
  organisation->breach_owner = reader_owner(reader, yaml_get(map, "owner"));
  reader_promises(reader, map, "breach", VIEW_EMPTY);
}

// "2018-05" or "2018-05-25".
static void read_written(struct reader *reader, const struct yaml_node *node)
{
  if (node == NULL)
    return;
  char date[16];
  int64_t days;
  bool month = node->text.length == 7;
  (void)snprintf(date, sizeof date, "%.*s%s", (int)(node->text.length > 10 ? 0 : node->text.length),
                 node->text.bytes, month ? "-01" : "");
  if (calendar_read_date(view_of(date), &days))
    reader->policy->organisation.written = reader_view(reader, node->text);
  else
    finding_add(reader->findings, FINDING_Y05, node->place, "written: 2018-05",
                "'%s' is not a month or a day", quote(node->text).text);
}

static void read_approval(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "policy");
  struct organisation *organisation = &reader->policy->organisation;
  const struct yaml_node *approve = yaml_get(map, "approve");
  read_written(reader, yaml_get(map, "written"));
  organisation->material = reader_words(map, "material", organisation_material);
  for (int32_t i = 0; approve != NULL && i < approve->count; i++)
    if (!approve->items[i].refused)
      (void)reader_owner(reader, &approve->items[i]);
  organisation->approve = reader_names(reader, approve, &organisation->approve_count);
}

// Purposes are known only now.
static void read_shares(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "controllers");
  struct organisation *organisation = &reader->policy->organisation;
  for (int32_t i = 0; map != NULL && i < organisation->controller_count; i++) {
    const struct yaml_node *shares = yaml_get(&map->pairs[i].value, "shares");
    struct controller *controller = (struct controller *)&organisation->controllers[i];
    controller->purposes = reader_purposes(reader, yaml_get(shares, "purposes"));
    controller->choices_shared = reader_get(shares, "choices").length > 0;
    controller->clock_shared = reader_get(shares, "clock").length > 0;
  }
}

// ── Intake ──────────────────────────────────────────────────────────────────────────────────

// "1 working day", "2 working days", or a period.
static bool read_alarm_time(struct view text, struct intake_alarm *ret_alarm)
{
  struct view unit = text;
  struct view number = view_cut(&unit, ' ');
  int64_t days;
  if (!view_is(unit, "working day") && !view_is(unit, "working days"))
    return period_read(text, &ret_alarm->period);
  if (!view_int64(number, &days) || days < 1 || days > PERIOD_NUMBER_MAX)
    return false;
  ret_alarm->working_days = (int32_t)days;
  return true;
}

static void read_alarm(struct reader *reader, const struct yaml_pair *pair, struct intake *intake,
                       struct intake_alarm *alarms)
{
  int right = schema_word(policy_right_names, pair->key);
  struct intake_alarm alarm = {.right = (enum policy_right)right, .place = pair->place};
  if (pair->value.refused)
    return;
  if (right < 0)
    finding_add(reader->findings, FINDING_Y09, pair->place, "marketing_objection: 1 working day",
                "'%s' is not a right", quote(pair->key).text);
  else if (read_alarm_time(pair->value.text, &alarm))
    alarms[intake->alarm_count++] = alarm;
  else
    finding_add(reader->findings, FINDING_Y05, pair->value.place, "1 working day",
                "'%s' is not a period or a number of working days", quote(pair->value.text).text);
}

static uint32_t read_takes(const struct yaml_node *map)
{
  static const char *const all[] = {"all", NULL};
  uint32_t takes = reader_words(map, "takes", policy_right_names);
  if (reader_words(map, "takes", all) != 0)
    takes = (1u << POLICY_RIGHT_COUNT) - 1;
  if ((takes >> POLICY_RIGHT_OBJECTION & 1) != 0)
    takes |= 1u << POLICY_RIGHT_MARKETING_OBJECTION;
  return takes;
}

static void read_intake(struct reader *reader, const struct yaml_pair *pair, struct intake *intake)
{
  const struct organisation *organisation = &reader->policy->organisation;
  const struct yaml_node *map = &pair->value;
  const struct yaml_node *alarm = yaml_get(map, "alarm");
  const struct yaml_node *controller = yaml_get(map, "controller");
  *intake = (struct intake){
      .name = reader_text(reader, pair->key),
      .channel = (enum intake_channel)reader_word(map, "channel", intake_channel_names, 0),
      .address = reader_copy_view(reader, map, "address"),
      .mark = reader_copy_view(reader, map, "mark"),
      .takes = read_takes(map),
      .by_address = reader_flag(map, "by_address"),
      .place = pair->place,
  };
  if (controller != NULL)
    intake->controller =
        reader_find(reader, controller, "controller", organisation->controllers,
                    organisation->controller_count, sizeof *organisation->controllers);
  struct intake_alarm *alarms =
      alarm == NULL ? NULL : reader_new(reader, alarm->count, sizeof *alarms);
  intake->alarms = alarms;
  for (int32_t i = 0; alarms != NULL && i < alarm->count; i++)
    read_alarm(reader, &alarm->pairs[i], intake, alarms);
  reader_promises(reader, map, "intake", pair->key);
}

static void read_intakes(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "intake");
  struct intake *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_intake(reader, &map->pairs[i], &rows[i]);
  reader->policy->organisation.intakes = rows;
  reader->policy->organisation.intake_count = rows == NULL ? 0 : map->count;
}

// ── What people do, bounds, long texts ──────────────────────────────────────────────────────

static void read_control(struct reader *reader, const struct yaml_pair *pair,
                         struct control_task *control)
{
  const struct yaml_node *map = &pair->value;
  *control = (struct control_task){
      .name = reader_text(reader, pair->key),
      .title = reader_told(reader, map, "title"),
      .owner = reader_owner(reader, yaml_get(map, "owner")),
      .every = reader_period(map, "every"),
      .level = (int32_t)reader_number(map, "level", 0),
      .evidence = reader_copy(reader, map, "evidence"),
      .place = pair->place,
  };
  reader_promises(reader, map, "controls", pair->key);
}

static void read_controls(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "controls");
  struct control_task *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_control(reader, &map->pairs[i], &rows[i]);
  reader->policy->organisation.controls = rows;
  reader->policy->organisation.control_count = rows == NULL ? 0 : map->count;
}

static void read_bounds(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "limits");
  const struct yaml_node *list = yaml_get(map, "alerts");
  struct bounds *bounds = &reader->policy->organisation.bounds;
  bounds->lookup_failures = reader_number(map, "lookup_failures", 0);
  bounds->login_failures = reader_number(map, "login_failures", 0);
  bounds->backup_life = reader_period(map, "backup_life");
  struct alert *alerts = list == NULL ? NULL : reader_new(reader, list->count, sizeof *alerts);
  for (int32_t i = 0; alerts != NULL && i < list->count; i++) {
    const struct yaml_pair *pair = &list->pairs[i];
    struct alert *alert = &alerts[bounds->alert_count];
    alert->name = reader_text(reader, pair->key);
    if (!pair->value.refused && reader_rate(reader, &pair->value, &alert->number, &alert->period))
      bounds->alert_count++;
  }
  bounds->alerts = alerts;
}

void read_organisation(struct reader *reader)
{
  read_shares(reader);
  read_officer(reader);
  read_breach(reader);
  read_approval(reader);
  read_intakes(reader);
  read_controls(reader);
  read_bounds(reader);
}

void read_texts(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "texts");
  struct long_text *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    char key[POLICY_KEY_BYTES_MAX + 1];
    const struct yaml_pair *pair = &map->pairs[i];
    rows[i].name = reader_text(reader, pair->key);
    rows[i].place = pair->place;
    (void)snprintf(key, sizeof key, "%s", rows[i].name);
    rows[i].title = reader_told(reader, map, key);
  }
  reader->policy->organisation.texts = rows;
  reader->policy->organisation.text_count = rows == NULL ? 0 : map->count;
}

// ── What the operator says ──────────────────────────────────────────────────────────────────

enum { PATH_BYTES = 8 * (POLICY_KEY_BYTES_MAX + 1) };

struct walk {  // over all of the tree, in the order of the file
  struct reader *reader;
  struct operator_value *rows;  // NULL: only counted
  int32_t count;
};

static void note(struct walk *walk, const struct yaml_node *node, const char *path, struct view why)
{
  if (walk->rows != NULL)
    walk->rows[walk->count] = (struct operator_value){reader_text(walk->reader, view_of(path)),
                                                      reader_view(walk->reader, why), node->place};
  walk->count++;
}

static void walk_node(struct walk *walk, const struct yaml_node *node, const char *path)
{
  bool set_by = node->kind == NODE_MAP && view_is(reader_get(node, "set_by"), "operator");
  if (node->why.length > 0)
    note(walk, node, path, node->why);
  else if (set_by)
    note(walk, node, path, reader_get(node, "why"));
  for (int32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
    char below[PATH_BYTES];
    struct view key = node->pairs[i].key;
    (void)snprintf(below, sizeof below, "%s%s%.*s", path, path[0] == '\0' ? "" : ".",
                   (int)(key.length > POLICY_KEY_BYTES_MAX ? POLICY_KEY_BYTES_MAX : key.length),
                   key.length == 0 ? "" : key.bytes);
    walk_node(walk, &node->pairs[i].value, below);
  }
}

void read_operator_values(struct reader *reader)
{
  struct organisation *organisation = &reader->policy->organisation;
  struct walk walk = {.reader = reader};
  walk_node(&walk, reader->root, "");
  struct operator_value *rows = reader_new(reader, walk.count, sizeof *rows);
  if (rows == NULL)
    return;
  walk = (struct walk){.reader = reader, .rows = rows};
  walk_node(&walk, reader->root, "");
  organisation->operator_values = rows;
  organisation->operator_value_count = walk.count;
}
