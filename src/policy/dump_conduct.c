#include "policy/dump_part.h"
#include "policy/schema.h"

#include <inttypes.h>

static void dump_message(const struct policy *policy, const struct message_type *message,
                         struct str *text)
{
  str_format(text, "message %s: %s for %s, to", message->name, message_class_names[message->class],
             policy->purposes[message->purpose].name);
  dump_kinds_of(policy, message->kinds, text);
  str_format(text, "\n  by%s", message->all_channels ? " all of" : "");
  for (int32_t i = 0; i < message->channel_count; i++)
    str_format(text, " %s", message_channel_names[message->channels[i]]);
  str_format(text, " at the address of the %s\n  shows", message_address_names[message->address]);
  dump_fields_of(policy, &message->fields, text);
  str_add(text, view_of(" needs"));
  dump_fields_of(policy, &message->needs, text);
  str_add_char(text, '\n');
  for (int32_t i = 0; i < message->block_count; i++)
    str_format(text, "  block %s: %s\n", message->blocks[i].name,
               policy->purposes[message->blocks[i].purpose].name);
  OWNED(str) struct str said = STR_INIT(DUMP_LINE_BYTES_MAX);
  dump_words(&said, message->must, message_must_names, "must");
  if (message->attempts > 0)
    str_format(&said, " %d", message->attempts);
  dump_period(&said, "in", message->attempts_in);
  dump_flag(&said, message->once_count > 0, "once by");
  for (int32_t i = 0; i < message->once_count; i++)
    str_format(&said, " %s", message->once[i]);
  dump_period(&said, "again after", message->repeat);
  dump_flag(&said, message->when.scope != SPAN_NONE, "while");
  dump_span(policy, message->when, &said);
  if (message->notice > 0)
    str_format(&said, " notice %d", message->notice);
  dump_flag(&said, message->text.title.sv.length + message->text.title.en.length > 0, "with text");
  dump_line(text, &said);
}

void dump_right_marks(const struct right_rule *rule, struct str *text)
{
  dump_flag(text, rule->fee, "for a fee");
  dump_flag(text, rule->scope_all, "of everything");
  dump_flag(text, rule->by_filter, "by category");
  dump_flag(text, rule->certain_only, "only what is certain");
  dump_flag(text, rule->by_purpose, "by purpose");
  dump_flag(text, rule->to_registered, "to the registered address");
  dump_flag(text, rule->named_recipients, "with named recipients");
  dump_flag(text, rule->copies, "with copies");
  dump_flag(text, rule->pause_offered, "restriction offered");
  dump_flag(text, rule->relevant_only, "only what matters");
  dump_flag(text, rule->partial, "per binding");
  dump_flag(text, rule->undecided_upheld, "upheld if undecided");
  dump_flag(text, rule->unnamed_clarify, "asked if unnamed");
  dump_flag(text, rule->in_effect, "until decided");
}

static void dump_right(const struct policy *policy, const struct right_rule *rule, struct str *text)
{
  str_format(text, "right %s: identity %d, form %s, %s", policy_right_names[rule->right],
             rule->identity, right_form_names[rule->form],
             rule->effect == RIGHT_AT_ONCE ? "at once" : "on decision");
  dump_words(text, rule->identity_how, right_identity_names, "shown by");
  dump_right_marks(rule, text);
  if (rule->since_day != INT64_MIN) {
    char date[CALENDAR_TEXT_BYTES];
    calendar_write_date(rule->since_day, date);
    str_format(text, " since %s", date);
  }
  if (rule->hold >= 0)
    str_format(text, " holds %s", policy->conduct.holds[rule->hold].name);
  dump_flag(text, !set_is_empty(&rule->self_service), "self-service");
  dump_fields_of(policy, &rule->self_service, text);
  str_add_char(text, '\n');
}

static void dump_hold(const struct policy *policy, const struct hold_rule *hold, struct str *text)
{
  str_format(text, "hold %s: %s for %s, released by %d", hold->name,
             hold->covers_all ? "all" : "what is cited", policy->purposes[hold->purpose].name,
             hold->release);
  dump_period(text, "reviewed every", hold->review);
  str_add(text, view_of(" while"));
  dump_span(policy, hold->while_span, text);
  str_add_char(text, '\n');
}

static void add_whose(const struct policy *policy, int32_t recipient, int32_t party,
                      struct str *text)
{
  if (party >= 0)
    str_format(text, " of %s", policy->outward.parties[party].name);
  else if (recipient >= 0)
    str_format(text, " of %s", policy->outward.recipients[recipient].name);
}

static void dump_cookies(const struct policy *policy, struct str *text)
{
  const struct conduct *conduct = &policy->conduct;
  if (conduct->cookies_told && conduct->cookie_count == 0)
    str_add(text, view_of("cookies: none\n"));
  for (int32_t i = 0; i < conduct->cookie_count; i++) {
    const struct cookie *cookie = &conduct->cookies[i];
    str_format(text, "cookie %s: %s", cookie->name, cookie_type_names[cookie->type]);
    dump_period(text, "for", cookie->life);
    dump_period(text, "idle", cookie->idle);
    add_whose(policy, cookie->recipient, cookie->party, text);
    dump_flag(text, cookie->necessary, "necessary");
    dump_purposes(policy, &cookie->purposes, text);
    dump_flag(text, !set_is_empty(&cookie->fields), "fills");
    dump_fields_of(policy, &cookie->fields, text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < conduct->service_count; i++) {
    const struct web_service *service = &conduct->services[i];
    str_format(text, "service %s:", service->name);
    add_whose(policy, service->recipient, service->party, text);
    dump_flag(text, service->necessary, "necessary");
    dump_purposes(policy, &service->purposes, text);
    str_add_char(text, '\n');
  }
}

void dump_conduct(const struct policy *policy, struct str *text)
{
  const struct conduct *conduct = &policy->conduct;
  for (int32_t i = 0; i < conduct->message_count; i++)
    dump_message(policy, &conduct->messages[i], text);
  for (int32_t i = 0; i < conduct->right_count; i++)
    dump_right(policy, &conduct->rights[i], text);
  for (int32_t i = 0; i < conduct->hold_count; i++)
    dump_hold(policy, &conduct->holds[i], text);
  for (int32_t i = 0; i < conduct->switch_count; i++) {
    const struct personal_switch *row = &conduct->switches[i];
    str_format(text, "switch %s: %s, stops", row->name, switch_default_names[row->by_default]);
    dump_purposes(policy, &row->stops, text);
    str_add_char(text, '\n');
  }
  dump_cookies(policy, text);
}
