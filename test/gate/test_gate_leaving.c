// Data that leaves, special data, people who are dead or protected, and staff who look within cases
// and in emergencies: each reason on its two sides, and the transfers of the law through the gate.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../base/tsv.h"
#include "base/clock.h"
#include "gate_world.h"

#define CLINIC "test/gate/leaving.yaml"

// ── What a test changes ─────────────────────────────────────────────────────────────────────

static void patient(struct gate_world *world) { gate_world_kind(world, "patient", OPEN); }

static void leaves(struct gate_world *world, const char *to)
{
  const struct policy *policy = world->policy;
  int32_t party = policy_party(policy, view_of(to));
  int32_t recipient =
      party >= 0 ? policy->outward.parties[party].recipient : policy_recipient(policy, view_of(to));
  patient(world);
  world->request.to.named = true;
  if (party >= 0)
    world->request.to.party = &policy->outward.parties[party];
  if (recipient >= 0)
    world->request.to.recipient = &policy->outward.recipients[recipient];
}

static void to_lab(struct gate_world *world) { leaves(world, "lab"); }
static void to_laboratory(struct gate_world *world) { leaves(world, "laboratory"); }
static void to_friend(struct gate_world *world) { leaves(world, "friend"); }
static void to_banned(struct gate_world *world) { leaves(world, "banned"); }
static void to_partner(struct gate_world *world) { leaves(world, "partner"); }
static void to_escort(struct gate_world *world) { leaves(world, "escort"); }
static void to_study(struct gate_world *world) { leaves(world, "study"); }
static void to_guide(struct gate_world *world) { leaves(world, "guide"); }
static void to_nobody_known(struct gate_world *world) { leaves(world, "nobody"); }

static void agreeing(struct gate_world *world)
{
  patient(world);
  gate_world_any(world, "accord.in_force", OPEN);
}

static void escort_to_case(struct gate_world *world)
{
  leaves(world, "escort");
  gate_world_any(world, "case.open", OPEN);
}

static void escort_about_case(struct gate_world *world)
{
  escort_to_case(world);
  gate_world_own(world, "case.open", OPEN);
}

static void study_agreed(struct gate_world *world)
{
  leaves(world, "study");
  gate_world_any(world, "accord.in_force", OPEN);
}

static void friend_not_named(struct gate_world *world)
{
  leaves(world, "friend");
  gate_world_any(world, "accord.in_force", OPEN);
}

static int32_t the_party;  // outlives the change that points to it

static void friend_granted(struct gate_world *world)
{
  friend_not_named(world);
  the_party = policy_party(world->policy, VIEW_LITERAL("friend"));
  world->person.allowed = &the_party;
  world->person.allowed_count = 1;
}

static void other_granted(struct gate_world *world)
{
  friend_granted(world);
  the_party = policy_party(world->policy, VIEW_LITERAL("other"));
}

static void grant_withdrawn(struct gate_world *world)
{
  friend_granted(world);
  gate_world_any(world, "accord.in_force",
                 (struct anchor){ANCHOR_INSTANT, world->record.recorded_us});
}

static void protected(struct gate_world *world)
{
  patient(world);
  world->person.marks = GATE_MARK_PROTECTED;
}

static void protected_to_lab(struct gate_world *world)
{
  leaves(world, "lab");
  world->person.marks = GATE_MARK_PROTECTED;
}

static void died(struct gate_world *world)
{
  patient(world);
  world->person.marks = GATE_MARK_DECEASED;
}

static void of_the_dead(struct gate_world *world) { gate_world_kind(world, "dead", OPEN); }

static void in_case(struct gate_world *world)
{
  patient(world);
  world->request.has_case = true;
}

static void for_a_reason(struct gate_world *world)
{
  in_case(world);
  world->request.has_reason = true;
}

// What porters opened of the file, an hour from the question's noon.
static struct gate_opening the_opening;

static void opened(struct gate_world *world)
{
  patient(world);
  the_opening = (struct gate_opening){policy_role(world->policy, VIEW_LITERAL("porter")),
                                      policy_field(world->policy, VIEW_LITERAL("file.old")),
                                      world->request.now_us + 1};
  world->person.openings = &the_opening;
  world->person.opening_count = 1;
}

static void opened_before(struct gate_world *world)
{
  opened(world);
  the_opening.until_us = world->request.now_us;
}

static void opened_by_nurse(struct gate_world *world)
{
  opened(world);
  the_opening.role = policy_role(world->policy, VIEW_LITERAL("nurse"));
}

// ── One question after the other ────────────────────────────────────────────────────────────

static const struct row {
  const char *role, *purpose, *field;
  void (*change)(struct gate_world *world);
  const char *reasons, *section, *name;  // "" allowed; of the line that decided
} rows[] = {
    // Recipients: declared, for this purpose, and with this field [GDPR 13(1)(e)].
    {"", "care", "contact.name", to_lab, "", "purposes", "care"},
    {"", "care", "contact.phone", to_lab, "no_recipient", "recipients", "laboratory"},
    {"", "claims", "contact.name", to_lab, "no_recipient", "recipients", "laboratory"},
    {"", "care", "contact.name", to_nobody_known, "no_recipient", NULL, NULL},
    {"", "care", "contact.name", to_banned, "no_recipient not_granted", "recipients", "partner"},
    // Only while its condition holds, and of a thing only what is about such a thing.
    {"", "care", "contact.name", to_escort, "not_active", "recipients", "escort"},
    {"", "care", "contact.name", escort_to_case, "", "purposes", "care"},
    {"", "care", "contact.town", escort_to_case, "no_recipient", "recipients", "escort"},
    {"", "care", "contact.town", escort_about_case, "", "purposes", "care"},
    // Whoever works on the company's behalf is a party under an agreement [GDPR 28(3)].
    {"", "care", "contact.name", to_laboratory, "no_agreement", "recipients", "laboratory"},
    // The person's own yes, to this party and to no other [hard case 65].
    {"", "care", "contact.name", to_friend, "not_granted", "recipients", "partner"},
    {"", "care", "contact.name", friend_not_named, "not_granted", "recipients", "partner"},
    {"", "care", "contact.name", friend_granted, "", "purposes", "care"},
    {"", "care", "contact.name", other_granted, "not_granted", "recipients", "partner"},
    {"", "care", "contact.name", grant_withdrawn, "not_granted", "recipients", "partner"},
    {"", "care", "contact.name", to_partner, "not_granted", "recipients", "partner"},
    {"", "research", "contact.name", study_agreed, "", "purposes", "research"},
    {"", "research", "contact.name", to_study, "no_basis consent_none not_granted", "purposes",
     "research"},
    // An exception of Article 49 serves single journeys.
    {"", "care", "contact.name", to_guide, "", "purposes", "care"},
    // Special data: a ground of the right sort, and the explicit consent is given [GDPR 9(2), 10].
    {"", "care", "health.note", patient, "", "purposes", "care"},
    {"", "research", "health.note", agreeing, "", "purposes", "research"},
    {"", "research", "health.note", patient, "no_basis consent_none sensitive_ground", "purposes",
     "research"},
    {"", "claims", "crime.report", patient, "", "purposes", "claims"},
    {"", "letters", "contact.name", patient, "", "purposes", "letters"},
    // Personal identity numbers [lag (2018:218) 3 kap. 10 §].
    {"", "care", "number.declared", patient, "", "purposes", "care"},
    {"", "care", "number.bare", patient, "pnr_ground", "fields", "number"},
    {"", "claims", "number.agreed", patient, "pnr_ground", "fields", "number"},
    {"", "research", "number.agreed", agreeing, "", "purposes", "research"},
    // Nobody advertises to the dead; what else there is goes on [hard case 64].
    {"", "letters", "contact.name", died, "deceased", "purposes", "letters"},
    {"", "letters", "contact.name", of_the_dead, "deceased", "purposes", "letters"},
    {"", "care", "contact.name", died, "", "purposes", "care"},
    {"", "care", "contact.name", of_the_dead, "", "purposes", "care"},
    // A protected identity does not leave the house [hard case 31].
    {"", "care", "contact.name", protected, "", "purposes", "care"},
    {"", "care", "contact.name", protected_to_lab, "protected", "recipients", "laboratory"},
    // Within a case [FR-18].
    {"nurse", "care", "contact.name", patient, "need_case", "roles", "nurse"},
    {"nurse", "care", "contact.name", in_case, "", "purposes", "care"},
    {"seller", "letters", "contact.name", patient, "need_case", "roles", "seller"},
    {"porter", "care", "contact.name", patient, "", "purposes", "care"},
    // Behind glass [MF-52].
    {"porter", "care", "file.old", patient, "need_reason", "roles", "porter"},
    {"porter", "care", "file.old", opened, "", "purposes", "care"},
    {"porter", "care", "file.older", opened, "", "purposes", "care"},
    {"porter", "care", "health.note", opened, "need_reason", "roles", "porter"},
    {"porter", "care", "file.old", opened_before, "need_reason", "roles", "porter"},
    {"porter", "care", "file.old", opened_by_nurse, "need_reason", "roles", "porter"},
    {"porter", "care", "contact.phone", opened, "role", "roles", "porter"},
};

static void check_row(const struct row *row)
{
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, row->role, row->purpose, row->field);
  row->change(world);
  struct gate_decision decision = gate_world_decide(world);
  OWNED(str) struct str reasons = STR_INIT(1000);
  gate_world_reasons(decision.reasons, &reasons);
  if (strcmp(str_text(&reasons), row->reasons) != 0)
    fail_msg("row %d: %s for %s reads %s: \"%s\" instead of \"%s\"", (int)(row - rows), row->role,
             row->purpose, row->field, str_text(&reasons), row->reasons);
  assert_int_equal(decision.allowed, row->reasons[0] == '\0');
  int32_t line = 0;
  if (row->section != NULL && strcmp(row->section, "fields") == 0)
    line = world->policy->fields[world->request.field].place.line;
  else if (row->section != NULL)
    line = gate_world_line(world, row->section, row->name, NULL);
  if (strcmp(row->reasons, "no_basis consent_none not_granted") != 0 &&
      strcmp(row->reasons, "no_basis consent_none sensitive_ground") != 0)
    assert_int_equal(decision.place.line, line);
  gate_world_free(world);
}

// Each reason where it refuses, and beside it where it does not.
static void gate__refuses_what_may_not_leave_or_be_seen(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    check_row(&rows[i]);
}

// ── Agreements ──────────────────────────────────────────────────────────────────────────────

// From the first instant of the first day to the last of the last one, and no longer [MF-68].
static void agreement__holds_on_its_days(void **state)
{
  static const struct {
    const char *at;
    bool holds;
  } cases[] = {
      {"2018-05-24 23:59:59.999999", false},
      {"2018-05-25 00:00", true},
      {"2026-12-31 23:59:59.999999", true},
      {"2027-01-01 00:00", false},
  };
  (void)state;
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, "", "care", "contact.name");
  to_lab(world);
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    world->request.now_us = gate_world_instant(world, cases[i].at);
    world->record.recorded_us = world->request.now_us;
    struct gate_decision decision = gate_world_decide(world);
    assert_int_equal(decision.reasons, cases[i].holds ? 0 : gate_reason_bit(GATE_AGREEMENT_OVER));
  }
  gate_world_free(world);
}

// ── Countries ───────────────────────────────────────────────────────────────────────────────

// The laboratory as the test wants it: the policy is the test's own copy.
static struct party *lab_of(struct gate_world *world)
{
  leaves(world, "lab");
  return (struct party *)(uintptr_t)world->request.to.party;
}

static gate_reasons reasons_on(struct gate_world *world, const char *date)
{
  char time[32];
  snprintf(time, sizeof time, "%s 12:00", date);
  world->request.now_us = gate_world_instant(world, time);
  world->record.recorded_us = world->request.now_us;
  return gate_world_decide(world).reasons;
}

static bool is_unsafe_on(struct gate_world *world, const char *date)
{
  return gate_reasons_have(reasons_on(world, date), GATE_NO_SAFEGUARD);
}

enum { TRANSFER_COLUMNS = 5, TRANSFER_ROWS = 47 };

static void check_transfer(const struct tsv_row *row, void *context)
{
  struct gate_world *world = context;
  if (strlen(row->cells[1]) != 2)
    return;  // an organisation has no country that a party could be in
  struct party *lab = lab_of(world);
  lab->agreement = "";  // of its days another test tells
  snprintf(lab->country, sizeof lab->country, "%s", row->cells[1]);
  lab->covers = row->cells[3];
  ((struct recipient *)(uintptr_t)world->request.to.recipient)->is = RECIPIENT_CONTROLLER;
  tsv_expect_int(row, "refused", is_unsafe_on(world, row->cells[2]),
                 strcmp(row->cells[4], "none") == 0);
}

// T-501 to T-518 pass through the gate: the country on the day of the use, not that of the policy.
static void transfers__are_those_of_the_law(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, "", "care", "contact.name");
  tsv_each("policy/transfers.tsv", TRANSFER_COLUMNS, TRANSFER_ROWS, check_transfer, world);
  gate_world_free(world);
}

struct tool_row {
  const char *id, *country, *date;
  enum safeguard safeguard;
  const char *agreed, *assessed;  // "": not
  const char *reached_from;       // "": from where it is
  bool refused;
};

static const struct tool_row tools[] = {
    {"T-502", "SE", "2026-06-01", SAFEGUARD_NONE, "2026-01-01", "", "IN", true},
    {"T-503", "SE", "2026-06-01", SAFEGUARD_CLAUSES, "2026-01-01", "2026-01-01", "IN", false},
    {"T-512", "US", "2026-11-22", SAFEGUARD_CLAUSES, "2026-01-01", "2026-01-01", "", false},
    {"T-513", "US", "2021-03-01", SAFEGUARD_ADEQUACY, "2019-01-01", "", "", true},
    {"T-519", "IN", "2026-06-01", SAFEGUARD_CLAUSES, "2026-01-01", "", "", true},
    {"T-519 later", "IN", "2026-06-01", SAFEGUARD_CLAUSES, "2026-01-01", "2026-06-02", "", true},
    {"T-519 that day", "IN", "2026-06-01", SAFEGUARD_CLAUSES, "2026-01-01", "2026-06-01", "",
     false},
    {"T-520", "US", "2024-05-01", SAFEGUARD_CLAUSES, "2020-01-01", "2020-01-01", "", true},
    {"T-520 last day", "US", "2022-12-26", SAFEGUARD_CLAUSES, "2020-01-01", "2020-01-01", "",
     false},
    {"T-520 past it", "US", "2022-12-27", SAFEGUARD_CLAUSES, "2020-01-01", "2020-01-01", "", true},
    {"T-520 renewed", "US", "2024-05-01", SAFEGUARD_CLAUSES, "2021-06-27", "2021-06-27", "", false},
    {"rules", "IN", "2026-06-01", SAFEGUARD_CORPORATE_RULES, "2026-01-01", "2026-01-01", "", false},
    {"code", "IN", "2026-06-01", SAFEGUARD_CODE, "2026-01-01", "2026-01-01", "", false},
    {"seal", "IN", "2026-06-01", SAFEGUARD_CERTIFICATION, "2026-01-01", "2026-01-01", "", false},
    {"T-522", "IN", "2026-06-01", SAFEGUARD_DEROGATION, "2026-01-01", "2026-01-01", "", true},
};

static void check_tool(struct gate_world *world, const struct tool_row *row)
{
  const char *from[] = {row->reached_from};
  struct party *lab = lab_of(world);
  lab->covers = "commercial";
  lab->agreement = "A-1";
  lab->agreed_from_day = gate_world_day(row->agreed).value;
  lab->assessed_day = row->assessed[0] == '\0' ? INT64_MIN : gate_world_day(row->assessed).value;
  lab->safeguard = row->safeguard;
  snprintf(lab->country, sizeof lab->country, "%s", row->country);
  lab->reached_from = (struct word_list){from, row->reached_from[0] == '\0' ? 0 : 1};
  if (is_unsafe_on(world, row->date) != row->refused)
    fail_msg("%s: not as expected", row->id);
}

// T-502 to T-522: clauses of the day of the agreement, with an assessment that is done, and no
// exception for what goes on all the time [GDPR 46, 49, C-311/18].
static void safeguards__hold_with_agreement_and_assessment(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, "", "care", "contact.name");
  for (size_t i = 0; i < ARRAY_COUNT(tools); i++)
    check_tool(world, &tools[i]);
  gate_world_free(world);
}

// T-511: whoever was on the list of the Data Privacy Framework until yesterday is not on it today.
static void list__holds_to_its_last_day(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, "", "care", "contact.name");
  struct party *lab = lab_of(world);
  lab->covers = "dpf";
  snprintf(lab->country, sizeof lab->country, "US");
  lab->covered_from_day = gate_world_day("2026-03-01").value;
  lab->covered_to_day = gate_world_day("2026-11-21").value;
  assert_int_equal(reasons_on(world, "2026-11-21"), 0);
  assert_true(is_unsafe_on(world, "2026-11-22"));
  assert_true(is_unsafe_on(world, "2026-02-28"));
  gate_world_free(world);
}

// Lawful is not enough: people were told where their data lies [GDPR 13(1)(f), hard case 43].
static void place__is_one_that_people_were_told_of(void **state)
{
  static const struct {
    const char *country, *date;
    bool told;
  } cases[] = {
      {"NO", "2026-06-01", true},  {"IN", "2026-06-01", false}, {"CH", "2026-06-01", true},
      {"GB", "2026-06-01", true},  {"GB", "2031-12-28", false}, {"CN", "2026-06-01", false},
      {"AU", "2026-06-01", false},
  };
  (void)state;
  struct gate_world *world = gate_world_new(CLINIC);
  gate_world_ask(world, "", "care", "contact.name");
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    snprintf(lab_of(world)->country, sizeof lab_of(world)->country, "%s", cases[i].country);
    bool refused = (reasons_on(world, cases[i].date) & gate_reason_bit(GATE_PLACE)) != 0;
    assert_int_equal(refused, !cases[i].told);
  }
  gate_world_free(world);
}

// ── Special data ────────────────────────────────────────────────────────────────────────────

// A ground of another sort, one that is none, and one that a later law ended are no grounds.
static void ground__is_of_the_sort_of_data(void **state)
{
  static const struct {
    const char *ground, *purpose, *field;
    bool refused;
  } cases[] = {
      {"eu.art9_h", "care", "health.note", false},     {"", "care", "health.note", true},
      {"se.art10_claim", "care", "health.note", true}, {"eu.art9_z", "care", "health.note", true},
      {"eu.art9_f", "claims", "crime.report", true},   {"", "claims", "crime.report", true},
      {"eu.art9_a", "care", "health.note", true},  // the basis is law, so nobody was asked
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    struct gate_world *world = gate_world_new(CLINIC);
    gate_world_ask(world, "", cases[i].purpose, cases[i].field);
    patient(world);
    struct purpose *purpose = (struct purpose *)&world->policy->purposes[world->request.purpose];
    purpose->terms.special = cases[i].ground;
    assert_int_equal(gate_world_decide(world).reasons,
                     cases[i].refused ? gate_reason_bit(GATE_SENSITIVE_GROUND) : 0);
    gate_world_free(world);
  }
}

// ── Masks ───────────────────────────────────────────────────────────────────────────────────

// Masked by default, shown in a case and for a reason to a role that may; where somebody with a
// protected identity is to be found nobody sees without [GDPR 25(2), SA-26].
static void mask__is_lifted_in_a_case_and_for_a_reason(void **state)
{
  static const struct {
    const char *role, *field;
    void (*change)(struct gate_world *world);
    bool protected, masked;
  } cases[] = {
      {"nurse", "contact.phone", in_case, false, true},
      {"nurse", "contact.phone", for_a_reason, false, false},
      {"porter", "contact.town", for_a_reason, false, true},
      {"nurse", "contact.phone", in_case, true, true},
      {"nurse", "contact.phone", for_a_reason, true, false},
      {"nurse", "contact.name", in_case, true, false},
      {"", "contact.phone", patient, true, false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    struct gate_world *world = gate_world_new(CLINIC);
    gate_world_ask(world, cases[i].role, "care", cases[i].field);
    cases[i].change(world);
    if (cases[i].protected)
      world->person.marks = GATE_MARK_PROTECTED;
    struct gate_decision decision = gate_world_decide(world);
    assert_true(decision.allowed);
    if (decision.masked != cases[i].masked)
      fail_msg("row %d is %smasked", (int)i, decision.masked ? "" : "not ");
    gate_world_free(world);
  }
}

// ── Duties ──────────────────────────────────────────────────────────────────────────────────

static void by_letter(struct gate_world *world)
{
  patient(world);
  world->request.channel = CHANNEL_LETTER;
}

static void by_sms_from_others(struct gate_world *world)
{
  patient(world);
  world->request.channel = CHANNEL_SMS;
  world->record.from_others = true;
  ((struct purpose *)(uintptr_t)&world->policy->purposes[world->request.purpose])->marketing |=
      UINT32_C(1) << CHANNEL_SMS;
}

// What an allow brings with it, by name; a refusal brings nothing [GDPR 14(3)(b), 21(3)].
static void duties__come_with_an_allow(void **state)
{
  static const struct {
    const char *role, *purpose, *field;
    void (*change)(struct gate_world *world);
    const char *duties;
  } cases[] = {
      {"", "care", "contact.name", patient, "log"},
      {"nurse", "care", "contact.phone", in_case, "log mask"},
      {"nurse", "care", "contact.phone", patient, ""},
      {"", "care", "contact.name", protected, "log warn"},
      {"", "care", "contact.name", to_lab, "log note_recipient"},
      {"", "letters", "contact.name", by_letter, "log check_again"},
      {"", "letters", "contact.name", by_sms_from_others, "log inform way_out check_again"},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    struct gate_world *world = gate_world_new(CLINIC);
    gate_world_ask(world, cases[i].role, cases[i].purpose, cases[i].field);
    cases[i].change(world);
    struct gate_decision decision = gate_world_decide(world);
    OWNED(str) struct str duties = STR_INIT(1000);
    for (int duty = 0; duty < GATE_DUTY_COUNT; duty++)
      if ((decision.duties >> duty & 1) != 0)
        str_format(&duties, "%s%s", duties.length == 0 ? "" : " ",
                   gate_duty_name((enum gate_duty)duty));
    assert_string_equal(str_text(&duties), cases[i].duties);
    gate_world_free(world);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gate__refuses_what_may_not_leave_or_be_seen),
      cmocka_unit_test(agreement__holds_on_its_days),
      cmocka_unit_test(transfers__are_those_of_the_law),
      cmocka_unit_test(safeguards__hold_with_agreement_and_assessment),
      cmocka_unit_test(list__holds_to_its_last_day),
      cmocka_unit_test(place__is_one_that_people_were_told_of),
      cmocka_unit_test(ground__is_of_the_sort_of_data),
      cmocka_unit_test(mask__is_lifted_in_a_case_and_for_a_reason),
      cmocka_unit_test(duties__come_with_an_allow),
  };
  return cmocka_run_group_tests_name("gate leaving", tests, NULL, NULL);
}
