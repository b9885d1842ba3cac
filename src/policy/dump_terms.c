#include "policy/dump_part.h"

#include <inttypes.h>

#include "policy/schema.h"

static void add_text(struct str *text, const char *what, const char *value)
{
  if (value != NULL && value[0] != '\0')
    str_format(text, " %s %s", what, value);
}

static void add_list(struct str *text, const char *what, const struct word_list *list)
{
  for (int32_t i = 0; i < list->count; i++)
    str_format(text, "%s%s %s", i == 0 ? " " : "", i == 0 ? what : ",", list->items[i]);
}

static void add_attributes(struct str *text, const struct attributes *attributes)
{
  for (int32_t i = 0; i < attributes->count; i++) {
    const struct attribute *attribute = &attributes->items[i];
    str_format(text, " with %s:", attribute->name);
    if (attribute->type != ATTRIBUTE_WORDS)
      str_format(text, " %s", schema_attributes[attribute->type]);
    for (int32_t j = 0; j < attribute->words.count; j++)
      str_format(text, " %s", attribute->words.items[j]);
  }
}

void dump_field_terms(const struct policy *policy, const struct field *field, struct str *text)
{
  add_text(text, "format", field->format);
  if (field->ground != PNR_NONE)
    str_format(text, " ground %s", schema_pnr_grounds[field->ground - PNR_PURPOSE]);
  add_text(text, "reason", field->reason);
  if (field->anonymiser.how != ANONYMISE_NONE)
    str_format(text, " anonymised by %s",
               schema_anonymisers[field->anonymiser.how - ANONYMISE_TRUNCATE]);
  if (field->anonymiser.width > 0)
    str_format(text, " %" PRId64, field->anonymiser.width);
  if (field->only_kind >= 0)
    str_format(text, " only %s", policy->kinds[field->only_kind].name);
}

static void add_part(const struct policy *policy, const struct thing_part *part, struct str *text)
{
  str_format(text, " part %s:", part->name);
  dump_kinds_of(policy, part->kinds, text);
  dump_flag(text, part->kinds == 0, "no person");
  if (part->sees == SEES_FIELDS) {
    str_add(text, VIEW_LITERAL(" sees"));
    dump_fields_of(policy, &part->seen, text);
  } else {
    str_format(text, " sees %s", schema_sees[part->sees]);
  }
}

void dump_thing_terms(const struct policy *policy, const struct thing_type *thing, struct str *text)
{
  if (thing->of != 0) {
    str_add(text, VIEW_LITERAL(" of"));
    dump_kinds_of(policy, thing->of, text);
  }
  for (int32_t i = 0; i < thing->part_count; i++)
    add_part(policy, &policy->parts[thing->first_part + i], text);
  add_attributes(text, &thing->with);
}

void dump_event_terms(const struct event_type *event, struct str *text)
{
  add_attributes(text, &event->with);
}

void dump_kind_terms(const struct kind *kind, struct str *text)
{
  dump_flag(text, kind->deceased, "not living");
  if (kind->least_age > 0)
    str_format(text, " from %" PRId64 " years", kind->least_age);
}

void dump_source_terms(const struct source *source, struct str *text)
{
  add_text(text, "by", source->by);
  add_list(text, "needs", &source->needs);
  dump_flag(text, source->is_public, "public");
}

void dump_point_terms(const struct policy *policy, const struct point *point, struct str *text)
{
  add_list(text, "by", &point->channels);
  if (point->told != TOLD_UNSAID)
    str_format(text, " told %s", schema_told[point->told - TOLD_SHOWN]);
  dump_flag(text, point->no_way_out, "no way out");
  add_text(text, "attest", point->attest);
  if (point->feature.scope != SPAN_NONE) {
    str_add(text, VIEW_LITERAL(" while"));
    dump_span(policy, point->feature, text);
  }
  if (point->derive >= 0)
    str_format(text, " cut from %s", policy->fields[point->derive].name);
  add_attributes(text, &point->evidence);
}

static void add_marketing(const struct policy *policy, const struct marketing_terms *terms,
                          struct str *text)
{
  (void)policy;
  for (int channel = 0; channel < CHANNEL_COUNT; channel++)
    if (terms->rules[channel][0] != '\0')
      str_format(text, " %s by %s", schema_channels[channel], terms->rules[channel]);
  add_list(text, "similar", &terms->similar);
  if (terms->window != NULL)
    add_text(text, "window", terms->window->text);
  add_list(text, "switches", &terms->switches);
  for (int32_t i = 0; i < terms->group_count; i++) {
    str_format(text, " group %s:", terms->groups[i].name);
    dump_words(text, terms->groups[i].channels, schema_channels, "of");
  }
}

static void add_needed(const struct policy *policy, const struct needed *needed, struct str *text)
{
  if (needed->without == WITHOUT_NOTHING)
    return;
  str_add(text, VIEW_LITERAL(" needed for"));
  dump_span(policy, needed->contract, text);
  str_format(text, " else %s", schema_withouts[needed->without - WITHOUT_SUSPEND]);
  if (needed->pay.scope != SPAN_NONE) {
    str_add(text, VIEW_LITERAL(" paid while"));
    dump_span(policy, needed->pay, text);
  }
}

void dump_purpose_terms(const struct policy *policy, const struct purpose *purpose,
                        struct str *text)
{
  const struct purpose_terms *terms = &purpose->terms;
  add_list(text, "controller", &terms->controllers);
  for (int32_t i = 0; i < policy->source_count; i++)
    if ((terms->sources >> i & 1) != 0)
      str_format(text, " from %s", policy->sources[i].name);
  add_text(text, "profiling", terms->profiling);
  add_text(text, "automated, looked at by", terms->reviewer);
  add_needed(policy, &terms->needed, text);
  for (int32_t i = 0; i < terms->compatible_count; i++) {
    const struct compatible *with = &policy->compatibles[terms->first_compatible + i];
    str_format(text, " compatible with %s by %s", policy->purposes[with->purpose].name,
               with->record);
  }
  if (terms->restricted != RESTRICTED_NEVER)
    str_format(text, " restricted use for %s%s",
               schema_restricted[terms->restricted - RESTRICTED_CONSENT],
               terms->warns ? " with a warning" : "");
  add_text(text, "switch", terms->switched_by);
  dump_words(text, terms->at_once, schema_causes, "at once on");
  add_text(text, "copy", terms->copy);
  add_text(text, "risk", terms->risk);
  add_text(text, "special data by", terms->special);
  add_marketing(policy, &terms->marketing, text);
}

void dump_basis_terms(const struct basis_row *row, struct str *text)
{
  add_list(text, "winding", &row->terms.winding);
  add_text(text, "set by operator:", row->terms.why);
}

void dump_role_terms(const struct policy *policy, const struct role *role, struct str *text)
{
  const struct role_terms *terms = &role->terms;
  if (terms->need != NEED_NOTHING)
    str_format(text, " needs %s", schema_role_needs[terms->need - NEED_CASE]);
  dump_flag(text, terms->is_named_list, "named");
  dump_flag(text, terms->sees_log, "sees log");
  dump_flag(text, terms->is_external, "external");
  add_text(text, "sealed", terms->sealed);
  if (!set_is_empty(&terms->lookup)) {
    str_add(text, VIEW_LITERAL(" found by"));
    dump_fields_of(policy, &terms->lookup, text);
  }
  if (!set_is_empty(&terms->reveals)) {
    str_add(text, VIEW_LITERAL(" reveals"));
    dump_fields_of(policy, &terms->reveals, text);
  }
  if (!set_is_empty(&terms->writes)) {
    str_add(text, VIEW_LITERAL(" writes"));
    dump_fields_of(policy, &terms->writes, text);
  }
  if (terms->break_glass.minutes == 0)
    return;
  str_add(text, VIEW_LITERAL(" in an emergency"));
  dump_fields_of(policy, &terms->break_glass.fields, text);
  str_format(text, " for %" PRId64 " minutes by a reason%s, looked at by %s",
             terms->break_glass.minutes,
             terms->break_glass.reason_per_category ? " for each category" : "",
             terms->break_glass.reviewer);
}

void dump_consent(const struct policy *policy, const struct consent *consent, struct str *text)
{
  add_text(text, "text", consent->text);
  if (consent->purpose >= 0)
    str_format(text, " for %s", policy->purposes[consent->purpose].name);
  if (consent->given.scope != SPAN_NONE) {
    str_add(text, VIEW_LITERAL(" given"));
    dump_span(policy, consent->given, text);
  }
  dump_period(text, "lasts", consent->lasts);
  if (consent->least_age > 0)
    str_format(text, " from %" PRId64 " years", consent->least_age);
  dump_flag(text, consent->confirm, "confirmed");
  dump_flag(text, consent->named_recipients, "for named recipients");
  add_list(text, "withdrawn by", &consent->withdraw);
}

void dump_enrich(const struct policy *policy, const struct enrich *enrich, struct str *text)
{
  str_format(text, " from %s match %s fields", policy->sources[enrich->source].name, enrich->match);
  dump_fields_of(policy, &enrich->fields, text);
  dump_flag(text, enrich->never_corrected, "never over what the person corrected");
  dump_flag(text, enrich->never_restricted, "never over what is restricted");
  dump_period(text, "old kept", enrich->keep_old);
  dump_period(text, "every", enrich->every);
}

void dump_link(const struct policy *policy, const struct link *link, struct str *text)
{
  str_format(text, " from %s for %s to", policy->fields[link->from].name,
             policy->purposes[link->purpose].name);
  dump_kinds_of(policy, link->to, text);
  dump_flag(text, link->by_consent_only, "as far as a consent covers it");
  dump_words(text, link->undo, schema_causes, "undone by");
}

void dump_grants(const struct policy *policy, struct str *text)
{
  const struct grants *grants = &policy->grants;
  if (grants->longest.number == 0)
    return;
  dump_period(text, "at most", grants->longest);
  add_text(text, "by", grants->approver);
  add_text(text, "guideline", grants->guideline);
  dump_period(text, "looked through every", grants->review);
  add_text(text, "on leaving", grants->on_leaving);
}
