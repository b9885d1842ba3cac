#include "gate_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "policy/read.h"

static void read_text(const char *policy_file, struct str *ret_text)
{
  char path[500];
  char bytes[4096];
  snprintf(path, sizeof path, "%s/%s", FORVAR_SOURCE_ROOT, policy_file);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;)
    str_add(ret_text, view_bytes(bytes, length));
  fclose(file);
  assert_true(str_ok(ret_text));
}

struct gate_world *gate_world_new(const char *policy_file)
{
  struct gate_world *world = calloc(1, sizeof *world);
  assert_non_null(world);
  world->text = (struct str)STR_INIT(POLICY_BYTES_MAX);
  read_text(policy_file, &world->text);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct err err = ERR_INIT;
  enum err_code code =
      policy_read(policy_file, str_view(&world->text), &world->policy, &findings, &err);
  if (code != ERR_OK)
    fail_msg("%s: %s (%s)", policy_file, err.message, err.where);
  assert_true(world->policy->event_count <= GATE_WORLD_EVENTS_MAX);
  world->person = (struct gate_person){.any_spans = world->any_spans,
                                       .kinds = world->kinds,
                                       .first_events = world->first_events,
                                       .last_events = world->last_events};
  world->record = (struct gate_record){.purposes = &world->told, .thing_type = -1};
  world->record.recorded_us = gate_world_instant(world, "2026-01-15 12:00");
  world->record.obtained_us = world->record.recorded_us;
  world->request = (struct gate_request){.role = -1, .purpose = -1, .field = -1};
  world->request.channel = GATE_NO_CHANNEL;
  world->request.now_us = gate_world_instant(world, "2026-01-16 12:00");
  return world;
}

void gate_world_free(struct gate_world *world)
{
  policy_free(world->policy);
  str_clear(&world->text);
  free(world);
}

static int32_t found(int32_t index, const char *name)
{
  if (index < 0 && strcmp(name, "?") != 0)
    fail_msg("the policy has no %s", name);
  return index;
}

void gate_world_ask(struct gate_world *world, const char *role, const char *purpose,
                    const char *field)
{
  const struct policy *policy = world->policy;
  world->request.role = role[0] == '\0' ? -1 : found(policy_role(policy, view_of(role)), role);
  world->request.purpose = found(policy_purpose(policy, view_of(purpose)), purpose);
  world->request.field = found(policy_field(policy, view_of(field)), field);
  if (world->request.purpose >= 0)
    set_add(&world->told, world->request.purpose);
}

void gate_world_kind(struct gate_world *world, const char *kind, struct anchor fact)
{
  world->kinds[found(policy_kind(world->policy, view_of(kind)), kind)] = fact;
}

void gate_world_any(struct gate_world *world, const char *span, struct anchor fact)
{
  world->any_spans[found(policy_span(world->policy, view_of(span)), span)] = fact;
}

void gate_world_customer(struct gate_world *world)
{
  gate_world_kind(world, "customer", OPEN);
  gate_world_any(world, "contract.running", OPEN);
}

void gate_world_own(struct gate_world *world, const char *span, struct anchor fact)
{
  int32_t index = found(policy_span(world->policy, view_of(span)), span);
  world->own_spans[index] = fact;
  world->record.own_spans = world->own_spans;
  world->record.thing_type = world->policy->spans[index].thing;
}

void gate_world_objection(struct gate_world *world, const char *purpose, bool is_upheld)
{
  struct gate_person *person = &world->person;
  assert_true(person->objection_count < GATE_WORLD_OBJECTIONS_MAX);
  int32_t index = found(policy_purpose(world->policy, view_of(purpose)), purpose);
  world->objections[person->objection_count++] =
      (struct gate_objection){index, is_upheld, gate_world_instant(world, "2026-01-16 09:00")};
  person->objections = world->objections;
}

enum gate_reason gate_world_first(gate_reasons reasons)
{
  static const enum gate_reason order[] = {
#define RULE(reason, refuses, by) GATE_##reason,
#include "gate/rules.def"
#undef RULE
  };
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
    if (gate_reasons_have(reasons, order[i]))
      return order[i];
  fail_msg("no rule refuses with any of these reasons");
  return GATE_REASON_COUNT;
}

struct gate_decision gate_world_decide(const struct gate_world *world)
{
  return gate_decide(world->policy, &world->request, &world->person, &world->record);
}

int64_t gate_world_instant(const struct gate_world *world, const char *local_time)
{
  int64_t instant_us = 0;
  assert_true(calendar_read_time(world->policy->zone, view_of(local_time), &instant_us));
  return instant_us;
}

struct anchor gate_world_day(const char *date)
{
  struct anchor day = {ANCHOR_DAY, 0};
  assert_true(calendar_read_date(view_of(date), &day.value));
  return day;
}

// Finds `key` with exactly this indentation, going on after the line where the last one was.
static void find_key(struct view *rest, int32_t *line, const char *key, size_t indentation)
{
  while (rest->length > 0) {
    struct view text = view_cut(rest, '\n');
    ++*line;
    size_t spaces = 0;
    while (spaces < text.length && text.bytes[spaces] == ' ')
      spaces++;
    size_t length = strlen(key);
    if (spaces == indentation && text.length > spaces + length &&
        memcmp(text.bytes + spaces, key, length) == 0 && text.bytes[spaces + length] == ':')
      return;
  }
  fail_msg("the policy has no key %s", key);
}

int32_t gate_world_line(const struct gate_world *world, const char *section, const char *name,
                        const char *key)
{
  struct view rest = str_view(&world->text);
  int32_t line = 0;
  find_key(&rest, &line, section, 0);
  if (name != NULL)
    find_key(&rest, &line, name, 2);
  if (key != NULL)
    find_key(&rest, &line, key, 4);
  return line;
}

void gate_world_reasons(gate_reasons reasons, struct str *ret_text)
{
  for (int reason = 0; reason < GATE_REASON_COUNT; reason++) {
    if (!gate_reasons_have(reasons, (enum gate_reason)reason))
      continue;
    str_add(ret_text, view_of(ret_text->length == 0 ? "" : " "));
    str_add(ret_text, view_of(gate_reason_name((enum gate_reason)reason)));
  }
}
