#include "base/identity.h"
#include "policy/reader.h"

#include <string.h>

static void check_joint(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    const struct controller *controller = &organisation->controllers[i];
    const struct title *essence = &controller->essence.title;
    if (controller->role == CONTROLLER_JOINT && essence->sv.length + essence->en.length == 0)
      finding_add(reader->findings, FINDING_C05, controller->place,
                  "essence: {sv: vem som svarar för vad, en: who answers for what}",
                  "'%s' answers jointly, and people are not told the essence of the arrangement",
                  controller->name);
  }
}

// ── Officer ─────────────────────────────────────────────────────────────────────────────────

static void tell_missing_officer(struct reader *reader, struct place place, const char *what)
{
  finding_add(reader->findings, FINDING_D01, place, "dpo: {contact: dpo@example.com}",
              "'%s' is given to `dpo`, but the policy has no officer", what);
}

static void check_officer_is_there(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  if (organisation->officer.place.line > 0)
    return;
  for (int32_t i = 0; i < organisation->control_count; i++)
    if (strcmp(organisation->controls[i].owner, "dpo") == 0)
      tell_missing_officer(reader, organisation->controls[i].place, organisation->controls[i].name);
  if (strcmp(organisation->breach_owner, "dpo") == 0)
    tell_missing_officer(reader, organisation->breach_place, "breach");
}

static void check_officer(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  const struct officer *officer = &organisation->officer;
  if (officer->place.line == 0)
    return;
  for (int32_t i = 0; officer->name.length > 0 && i < organisation->controller_count; i++)
    if (view_equal(officer->name, organisation->controllers[i].legal_name))
      finding_add(reader->findings, FINDING_D02, officer->place, "dpo: {name: ANOTHER, ...}",
                  "the officer is the controller '%s'", organisation->controllers[i].name);
  if (officer->role >= 0 && !set_is_empty(&reader->policy->roles[officer->role].purposes))
    finding_add(reader->findings, FINDING_D03, officer->place, "roles: {dpo: {for: [], reads: []}}",
                "the officer's role '%s' works for purposes",
                reader->policy->roles[officer->role].name);
}

// ── Requests, approval ──────────────────────────────────────────────────────────────────────

static void check_intake(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  uint32_t taken = 0;
  for (int32_t i = 0; i < organisation->intake_count; i++)
    taken |= organisation->intakes[i].takes;
  for (int right = 0; organisation->intake_count > 0 && right < POLICY_RIGHT_COUNT; right++)
    if ((taken >> right & 1) == 0)
      finding_add(reader->findings, FINDING_I01, organisation->intakes[0].place, "takes: [all]",
                  "no place of intake takes '%s'", policy_right_names[right]);
}

static void check_approval(struct reader *reader)
{
  const struct organisation *organisation = &reader->policy->organisation;
  const struct yaml_node *map = reader_section(reader, "policy");
  int32_t able = organisation->approve_count;
  for (int32_t i = 0; i < organisation->approve_count; i++)
    if (strcmp(organisation->approve[i], "dpo") == 0 && organisation->officer.place.line == 0)
      able--;
  if (organisation->approve_count > 0 && able == 0)
    finding_add(reader->findings, FINDING_P05, reader_place(map, "approve", (struct place){1, 1}),
                "approve: [controller]", "nobody is left who may approve the next version");
}

// ── Personal data in the file ───────────────────────────────────────────────────────────────

// The form of a personal identity number: ten or twelve digits, perhaps with a sign before the
// last four. The digits of anything else that long seldom add up.
static bool is_person(struct view text, int64_t today)
{
  struct identity identity;
  struct err err = ERR_INIT;
  return text.length >= 10 && text.length <= 13 &&
         identity_read(text, today, &identity, &err) == ERR_OK &&
         identity.kind != IDENTITY_ORGANISATION;
}

static void look_for_people(struct reader *reader, const struct yaml_node *node, int64_t today)
{
  if (node->kind == NODE_TEXT && is_person(node->text, today))
    finding_add(reader->findings, FINDING_S01, node->place, NULL,
                "a number of the form of a personal identity number stands here");
  for (int32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
    look_for_people(reader, &node->items[i], today);
  for (int32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
    if (!view_is(node->pairs[i].key, "controllers"))  // a sole trader's number is C03
      look_for_people(reader, &node->pairs[i].value, today);
}

void check_organisation(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  check_joint(reader);
  check_officer_is_there(reader);
  check_officer(reader);
  check_intake(reader);
  check_approval(reader);
  look_for_people(reader, reader->root, zone_day(policy->zone, policy->effective_us));
}
