#include "policy/dump_part.h"
#include "policy/facts.h"
#include "policy/schema.h"

#include <inttypes.h>

static void say(struct facts *facts, enum fact_kind kind, const char *name, struct place place,
                const struct str *text)
{
  fact_add(facts, kind, name, "", place)->text = fact_keep_text(facts, text);
}

// ── Who answers ─────────────────────────────────────────────────────────────────────────────

static void add_view(struct str *text, struct view value)
{
  if (value.length > 0)
    str_format(text, "%s%.*s", text->length == 0 ? "" : " ", (int)value.length, value.bytes);
}

// The first controller is told by the facts of the head.
static void add_controllers(struct facts *facts)
{
  const struct organisation *organisation = &facts->policy->organisation;
  for (int32_t i = 1; i < organisation->controller_count; i++) {
    const struct controller *controller = &organisation->controllers[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    add_view(&text, controller->legal_name);
    add_view(&text, view_of(controller_role_names[controller->role]));
    add_view(&text, controller->essence.title.sv);
    add_view(&text, controller->essence.title.en);
    say(facts, FACT_JOINT, controller->name, controller->place, &text);
  }
}

static void add_officer(struct facts *facts)
{
  const struct officer *officer = &facts->policy->organisation.officer;
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  if (officer->place.line == 0)
    return;
  add_view(&text, officer->name);
  add_view(&text, officer->contact);
  say(facts, FACT_OFFICER, "dpo", officer->place, &text);
}

static void add_intakes(struct facts *facts)
{
  const struct organisation *organisation = &facts->policy->organisation;
  for (int32_t i = 0; i < organisation->intake_count; i++) {
    const struct intake *intake = &organisation->intakes[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, view_of(intake_channel_names[intake->channel]));
    add_view(&text, intake->address);
    dump_words(&text, intake->takes, policy_right_names, "takes");
    say(facts, FACT_INTAKE, intake->name, intake->place, &text);
  }
}

static void add_tasks(struct facts *facts)
{
  const struct organisation *organisation = &facts->policy->organisation;
  for (int32_t i = 0; i < organisation->control_count; i++) {
    const struct control_task *control = &organisation->controls[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, view_of(control->owner));
    dump_period(&text, "every", control->every);
    say(facts, FACT_CONTROL, control->name, control->place, &text);
  }
  OWNED(str) struct str breach = STR_INIT(FACT_TEXT_BYTES_MAX);
  if (organisation->breach_place.line == 0)
    return;
  str_format(&breach, "%s, by %s", breach_notify_names[organisation->breach_notify],
             organisation->breach_owner);
  say(facts, FACT_BREACH, "breach", organisation->breach_place, &breach);
}

// ── What leaves ─────────────────────────────────────────────────────────────────────────────

static void add_gets(struct facts *facts, enum fact_kind kind, const char *name,
                     const struct field_choice *gets, struct place place)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = set_next(&gets->fields, 0); i >= 0; i = set_next(&gets->fields, i + 1))
    fact_add(facts, kind, name, policy->fields[i].name, place)->text =
        set_has(&gets->thing_fields, i) ? policy->things[gets->of_thing].name : "";
}

static void add_places(struct facts *facts, const struct recipient *recipient)
{
  const struct places *places = &recipient->places;
  if (places->eea)
    fact_add(facts, FACT_RECIPIENT_PLACE, recipient->name, "eea", recipient->places_place);
  if (places->adequate)
    fact_add(facts, FACT_RECIPIENT_PLACE, recipient->name, "adequate", recipient->places_place);
  for (int32_t i = 0; i < places->country_count; i++)
    fact_add(facts, FACT_RECIPIENT_PLACE, recipient->name, places->countries[i],
             recipient->places_place);
}

static void add_recipient(struct facts *facts, const struct recipient *recipient)
{
  static const char *const whens[] = {"", "per job", "transfer", "while"};
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  OWNED(str) struct str when = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_add(&text, view_of(recipient_is_names[recipient->is]));
  if (recipient->safeguard != SAFEGUARD_NONE)
    str_format(&text, ", %s", safeguard_names[recipient->safeguard - 1]);
  dump_flag(&text, recipient->ack_required, "acknowledges");
  dump_words(&text, recipient->proof, recipient_proof_names, "proves");
  dump_flag(&text, recipient->suppress, "suppresses");
  dump_flag(&text, recipient->store_shared, "shares the store");
  dump_flag(&text, recipient->consent[0] != '\0', recipient->consent);
  say(facts, FACT_RECIPIENT, recipient->name, recipient->place, &text);
  fact_add_view(facts, FACT_RECIPIENT_TITLE, recipient->name, "sv", recipient->title.sv,
                recipient->place);
  fact_add_view(facts, FACT_RECIPIENT_TITLE, recipient->name, "en", recipient->title.en,
                recipient->place);
  add_places(facts, recipient);
  fact_add_purposes(facts, FACT_RECIPIENT_PURPOSE, recipient->name, &recipient->purposes,
                    recipient->place);
  add_gets(facts, FACT_RECIPIENT_FIELD, recipient->name, &recipient->gets, recipient->gets_place);
  str_add(&when, view_of(whens[recipient->when]));
  fact_add_span_text(facts->policy, recipient->when_span, &when);
  add_view(&when, view_of(recipient->only));
  fact_add_view(facts, FACT_RECIPIENT_WHEN, recipient->name, "", str_view(&when), recipient->place);
}

static void add_party(struct facts *facts, const struct party *party)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "%s, %s", facts->policy->outward.recipients[party->recipient].name,
             party->country);
  add_view(&text, view_of(party->agreement));
  dump_flag(&text, !party->allowed, "not allowed");
  if (party->covers[0] != '\0')
    str_format(&text, ", covered as %s", party->covers);
  for (int32_t i = 0; i < party->reached_from.count; i++)
    str_format(&text, ", reached from %s", party->reached_from.items[i]);
  if (party->agreed_to_day != INT64_MAX) {
    char date[CALENDAR_TEXT_BYTES];
    calendar_write_date(party->agreed_to_day, date);
    str_format(&text, " to %s", date);
  }
  say(facts, FACT_PARTY, party->name, party->place, &text);
}

static void add_disclosure(struct facts *facts, const struct disclosure *disclosure)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "for %s, approved by %d, wider by %d",
             facts->policy->purposes[disclosure->purpose].name, disclosure->approve,
             disclosure->wider);
  dump_flag(&text, disclosure->by_scope, "what the evidence names");
  dump_flag(&text, disclosure->tell_message[0] != '\0', "told by");
  dump_flag(&text, disclosure->tell_message[0] != '\0', disclosure->tell_message);
  dump_period(&text, "before", disclosure->tell_to);
  dump_words(&text, disclosure->carries, disclosure_carries_names, "carries");
  say(facts, FACT_DISCLOSURE, disclosure->name, disclosure->place, &text);
  add_gets(facts, FACT_DISCLOSURE_FIELD, disclosure->name, &disclosure->gets, disclosure->place);
  for (int32_t i = 0; i < disclosure->evidence_count; i++) {
    OWNED(str) struct str type = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_format(&type, "%s%s", disclosure->evidence[i].optional ? "optional " : "",
               disclosure->evidence[i].type);
    fact_add(facts, FACT_EVIDENCE, disclosure->name, disclosure->evidence[i].name,
             disclosure->place)
        ->text = fact_keep_text(facts, &type);
  }
}

static void add_stores(struct facts *facts)
{
  const struct outward *outward = &facts->policy->outward;
  for (int32_t i = 0; i < outward->system_count; i++) {
    const struct data_system *system = &outward->systems[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    add_view(&text, system->where);
    str_format(&text, " %s, access %s", system->country, system->access);
    say(facts, FACT_SYSTEM, system->name, system->place, &text);
  }
  for (int32_t i = 0; i < outward->statistic_count; i++) {
    const struct statistic *statistic = &outward->statistics[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_format(&text, "for %s, groups of %" PRId64,
               facts->policy->purposes[statistic->purpose].name, statistic->least);
    dump_words(&text, statistic->values, statistic_value_names, "values");
    dump_words(&text, statistic->without, statistic_without_names, "without");
    say(facts, FACT_STATISTIC, statistic->name, statistic->place, &text);
    struct set fields = set_or(&statistic->from, &statistic->by);
    fact_add_fields(facts, FACT_STATISTIC_FIELD, statistic->name, &fields, statistic->place);
  }
}

// ── How people are dealt with ───────────────────────────────────────────────────────────────

static void add_message(struct facts *facts, const struct message_type *message)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "%s for %s by", message_class_names[message->class],
             facts->policy->purposes[message->purpose].name);
  dump_flag(&text, message->all_channels, "all of");
  for (int32_t i = 0; i < message->channel_count; i++)
    str_format(&text, " %s", message_channel_names[message->channels[i]]);
  dump_words(&text, message->must, message_must_names, "must");
  if (message->attempts > 0)
    str_format(&text, " %d", message->attempts);
  dump_period(&text, "in", message->attempts_in);
  fact_add_span_text(facts->policy, message->when, &text);
  say(facts, FACT_MESSAGE, message->name, message->place, &text);
  fact_add_kinds(facts, FACT_MESSAGE_KIND, message->name, message->kinds, message->place);
}

static void add_right(struct facts *facts, const struct right_rule *rule)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  if (rule->identity >= 0)
    str_format(&text, "identity %d", rule->identity);
  add_view(&text, view_of(right_form_names[rule->form]));
  dump_flag(&text, rule->effect == RIGHT_AT_ONCE, "at once");
  dump_words(&text, rule->identity_how, right_identity_names, "shown by");
  dump_right_marks(rule, &text);
  say(facts, FACT_RIGHT, policy_right_names[rule->right], rule->place, &text);
}

static void add_hold(struct facts *facts, const struct hold_rule *hold)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "%s for %s, released by %d", hold->covers_all ? "all" : "what is cited",
             facts->policy->purposes[hold->purpose].name, hold->release);
  dump_period(&text, "reviewed every", hold->review);
  fact_add_span_text(facts->policy, hold->while_span, &text);
  say(facts, FACT_HOLD, hold->name, hold->place, &text);
}

static void add_cookie(struct facts *facts, const struct cookie *cookie)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_add(&text, view_of(cookie_type_names[cookie->type]));
  dump_period(&text, "for", cookie->life);
  dump_flag(&text, cookie->necessary, "necessary");
  say(facts, FACT_COOKIE, cookie->name, cookie->place, &text);
  fact_add_purposes(facts, FACT_COOKIE_PURPOSE, cookie->name, &cookie->purposes, cookie->place);
}

static void add_conduct(struct facts *facts)
{
  const struct conduct *conduct = &facts->policy->conduct;
  for (int32_t i = 0; i < conduct->message_count; i++)
    add_message(facts, &conduct->messages[i]);
  for (int32_t i = 0; i < conduct->right_count; i++)
    add_right(facts, &conduct->rights[i]);
  for (int32_t i = 0; i < conduct->hold_count; i++)
    add_hold(facts, &conduct->holds[i]);
  for (int32_t i = 0; i < conduct->switch_count; i++) {
    const struct personal_switch *row = &conduct->switches[i];
    fact_add(facts, FACT_SWITCH, row->name, "", row->place)->text =
        switch_default_names[row->by_default];
    fact_add_purposes(facts, FACT_SWITCH_PURPOSE, row->name, &row->stops, row->place);
  }
  for (int32_t i = 0; i < conduct->cookie_count; i++)
    add_cookie(facts, &conduct->cookies[i]);
}

void facts_collect_outward(struct facts *facts)
{
  const struct outward *outward = &facts->policy->outward;
  add_controllers(facts);
  add_officer(facts);
  add_intakes(facts);
  add_tasks(facts);
  for (int32_t i = 0; i < outward->recipient_count; i++)
    add_recipient(facts, &outward->recipients[i]);
  for (int32_t i = 0; i < outward->party_count; i++)
    add_party(facts, &outward->parties[i]);
  for (int32_t i = 0; i < outward->disclosure_count; i++)
    add_disclosure(facts, &outward->disclosures[i]);
  add_stores(facts);
  add_conduct(facts);
}
