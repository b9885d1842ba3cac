#include "policy/dump_part.h"
#include "policy/schema.h"

#include <inttypes.h>

static void add_view(struct str *text, const char *what, struct view value)
{
  if (value.length > 0)
    str_format(text, " %s %.*s", what, (int)value.length, value.bytes);
}

static void dump_controller(const struct policy *policy, const struct controller *controller,
                            struct str *text)
{
  str_format(text, "controller %s: %s, authority %s,", controller->name,
             controller_role_names[controller->role], controller->authority);
  add_view(text, "number", controller->number);
  add_view(text, "post", controller->post);
  add_view(text, "phone", controller->phone);
  dump_flag(text, controller->country[0] != '\0', controller->country);
  dump_flag(text, controller->arrangement[0] != '\0', controller->arrangement);
  if (!set_is_empty(&controller->purposes)) {
    str_add(text, view_of(" shares"));
    dump_purposes(policy, &controller->purposes, text);
  }
  dump_flag(text, controller->choices_shared, "choices");
  dump_flag(text, controller->clock_shared, "clock");
  str_add_char(text, '\n');
}

static void dump_officer(const struct policy *policy, struct str *text)
{
  const struct officer *officer = &policy->organisation.officer;
  if (officer->place.line == 0)
    return;
  str_add(text, view_of("officer:"));
  add_view(text, "name", officer->name);
  if (officer->role >= 0)
    str_format(text, " role %s", policy->roles[officer->role].name);
  add_view(text, "contact", officer->contact);
  dump_flag(text, officer->secrecy[0] != '\0', officer->secrecy);
  str_add_char(text, '\n');
}

static void dump_intake(const struct policy *policy, const struct intake *intake, struct str *text)
{
  str_format(text, "intake %s: %s %.*s of %s", intake->name, intake_channel_names[intake->channel],
             (int)intake->address.length, intake->address.bytes,
             policy->organisation.controllers[intake->controller].name);
  add_view(text, "marked", intake->mark);
  dump_flag(text, intake->by_address, "by address");
  dump_words(text, intake->takes, policy_right_names, "takes");
  str_add_char(text, '\n');
  for (int32_t i = 0; i < intake->alarm_count; i++) {
    const struct intake_alarm *alarm = &intake->alarms[i];
    str_format(text, "  late %s after", policy_right_names[alarm->right]);
    if (alarm->working_days > 0)
      str_format(text, " %d working days", alarm->working_days);
    dump_period(text, "", alarm->period);
    str_add_char(text, '\n');
  }
}

static void dump_controls(const struct organisation *organisation, struct str *text)
{
  for (int32_t i = 0; i < organisation->control_count; i++) {
    const struct control_task *control = &organisation->controls[i];
    str_format(text, "control %s: by %s", control->name, control->owner);
    dump_period(text, "every", control->every);
    if (control->level > 0)
      str_format(text, " level %d", control->level);
    dump_flag(text, control->evidence[0] != '\0', control->evidence);
    str_add_char(text, '\n');
  }
  if (organisation->breach_place.line > 0)
    str_format(text, "breach: told if %s, by %s\n",
               breach_notify_names[organisation->breach_notify], organisation->breach_owner);
}

static void dump_bounds(const struct bounds *bounds, struct str *text)
{
  if (bounds->lookup_failures > 0 || bounds->login_failures > 0)
    str_format(text, "failures: look-ups %" PRId64 ", log-ins %" PRId64 "\n",
               bounds->lookup_failures, bounds->login_failures);
  if (bounds->backup_life.number > 0) {
    str_add(text, view_of("backups"));
    dump_period(text, "live", bounds->backup_life);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < bounds->alert_count; i++) {
    str_format(text, "alert %s: %d", bounds->alerts[i].name, bounds->alerts[i].number);
    dump_period(text, "per", bounds->alerts[i].period);
    str_add_char(text, '\n');
  }
}

static void dump_said_of_file(const struct organisation *organisation, struct str *text)
{
  if (organisation->written.length > 0)
    str_format(text, "written %.*s\n", (int)organisation->written.length,
               organisation->written.bytes);
  if (organisation->approve_count > 0) {
    str_add(text, view_of("approved by"));
    for (int32_t i = 0; i < organisation->approve_count; i++)
      str_format(text, " %s", organisation->approve[i]);
    str_add_char(text, '\n');
  }
  if (organisation->material != 0) {
    str_add(text, view_of("told beforehand:"));
    dump_words(text, organisation->material, organisation_material, "");
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < organisation->text_count; i++)
    str_format(text, "text %s\n", organisation->texts[i].name);
}

// A controller of whom no more is said than stands in the head has no line of its own.
static bool is_plain(const struct organisation *organisation)
{
  const struct controller *only = &organisation->controllers[0];
  return organisation->controller_count == 1 && only->number.length == 0 &&
         only->post.length == 0 && only->phone.length == 0 && only->country[0] == '\0' &&
         only->role == CONTROLLER_SINGLE;
}

void dump_organisation(const struct policy *policy, struct str *text)
{
  const struct organisation *organisation = &policy->organisation;
  for (int32_t i = 0; i < organisation->controller_count && !is_plain(organisation); i++)
    dump_controller(policy, &organisation->controllers[i], text);
  dump_officer(policy, text);
  for (int32_t i = 0; i < organisation->intake_count; i++)
    dump_intake(policy, &organisation->intakes[i], text);
  dump_controls(organisation, text);
  dump_bounds(&organisation->bounds, text);
  dump_said_of_file(organisation, text);
  for (int32_t i = 0; i < organisation->operator_value_count; i++) {
    const struct operator_value *value = &organisation->operator_values[i];
    str_format(text, "operator %s: %.*s\n", value->path, (int)value->why.length, value->why.bytes);
  }
}
