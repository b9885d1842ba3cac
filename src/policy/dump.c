#include "policy/dump.h"

#include "base/calendar.h"
#include "policy/dump_part.h"
#include "policy/law.h"
#include "policy/schema.h"

#include <inttypes.h>

enum { TERMS_BYTES_MAX = 64 * 1024 };

static void dump_head(const struct policy *policy, struct str *text)
{
  char effective[CALENDAR_TEXT_BYTES];
  char review[CALENDAR_TEXT_BYTES] = "never";
  calendar_write_time(policy->zone, policy->effective_us, effective);
  if (policy->review_open.number > 0)
    period_write(policy->review_open, review);
  str_format(text, "policy %s version %" PRId64 " effective %s zone %s\n", policy->id,
             policy->version, effective, zone_name(policy->zone));
  for (int32_t i = 0; i < law_pack_count(); i++)
    if ((policy->law_packs >> i & 1) != 0)
      str_format(text, "law %s of %s\n", law_pack(i)->id, law_pack(i)->dated);
  str_format(text, "controller %s, %s, authority %s\n", policy->controller_name.bytes,
             policy->controller_email.bytes, policy->authority);
  str_format(text, "limits k %" PRId64 ", log kept %" PRId64 " days, open ends reviewed after %s\n",
             policy->group_least, policy->log_keep_days, review);
}

void dump_flag(struct str *text, bool flag, const char *word)
{
  if (flag)
    str_format(text, " %s", word);
}

void dump_words(struct str *text, uint32_t bits, const char *const *words, const char *what)
{
  dump_flag(text, bits != 0 && what[0] != '\0', what);
  for (int i = 0; words[i] != NULL; i++)
    dump_flag(text, (bits >> i & 1) != 0, words[i]);
}

void dump_period(struct str *text, const char *what, struct period period)
{
  char said[CALENDAR_TEXT_BYTES];
  if (period.number == 0)
    return;
  period_write(period, said);
  str_format(text, "%s%s %s", what[0] == '\0' ? "" : " ", what, said);
}

void dump_line(struct str *text, const struct str *said)
{
  if (said->length > 0)
    str_format(text, " %s\n", str_text(said));
  text->failed = text->failed || !str_ok(said);
}

void dump_fields_of(const struct policy *policy, const struct set *fields, struct str *text)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    str_format(text, " %s", policy->fields[i].name);
}

void dump_kinds_of(const struct policy *policy, uint64_t kinds, struct str *text)
{
  for (int32_t i = 0; i < policy->kind_count; i++)
    dump_flag(text, (kinds >> i & 1) != 0, policy->kinds[i].name);
}

void dump_purposes(const struct policy *policy, const struct set *purposes, struct str *text)
{
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    str_format(text, " %s", policy->purposes[i].name);
}

void dump_span(const struct policy *policy, struct span_ref span, struct str *text)
{
  if (span.scope == SPAN_KIND)
    str_format(text, " %s", policy->kinds[span.index].name);
  else if (span.scope != SPAN_NONE)
    str_format(text, " %s%s", span.scope == SPAN_ANY ? "any " : "", policy->spans[span.index].name);
}

static void dump_fields(const struct policy *policy, struct str *text)
{
  for (int32_t i = 0; i < policy->field_count; i++) {
    const struct field *field = &policy->fields[i];
    str_format(text, "field %s: %s", field->name, schema_field_types[field->type]);
    dump_flag(text, field->many, "many");
    dump_flag(text, field->lookup, "lookup");
    dump_flag(text, field->observed, "observed");
    dump_flag(text, field->is_birth, "date of birth");
    dump_flag(text, field->sensitive, "sensitive");
    dump_field_terms(policy, field, text);
    str_add_char(text, '\n');
  }
}

static void add_events(const struct policy *policy, const struct thing_type *thing, uint64_t events,
                       struct str *text)
{
  for (int32_t i = 0; i < thing->event_count; i++)
    dump_flag(text, (events >> i & 1) != 0, policy->events[thing->first_event + i].name);
}

static void dump_thing(const struct policy *policy, const struct thing_type *thing,
                       struct str *text)
{
  str_format(text, "thing %s: in %s, born %s", thing->name,
             thing->in < 0 ? "nothing" : policy->things[thing->in].name,
             thing->born < 0 ? "by none" : policy->events[thing->born].name);
  dump_thing_terms(policy, thing, text);
  str_add_char(text, '\n');
  for (int32_t i = 0; i < thing->event_count; i++) {
    const struct event_type *event = &policy->events[thing->first_event + i];
    str_format(text, "  event %s: %s, by %s", event->name, event->at_day ? "day" : "instant",
               schema_event_by[event->by]);
    dump_event_terms(event, text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < thing->span_count; i++) {
    const struct span *span = &policy->spans[thing->first_span + i];
    str_format(text, "  span %s: from", span->name);
    add_events(policy, thing, span->from, text);
    str_add(text, view_of(" to"));
    add_events(policy, thing, span->to, text);
    str_add_char(text, '\n');
  }
}

static void dump_kinds(const struct policy *policy, struct str *text)
{
  for (int32_t i = 0; i < policy->kind_count; i++) {
    const struct kind *kind = &policy->kinds[i];
    str_format(text, "kind %s:", kind->name);
    if (kind->while_span >= 0)
      str_format(text, " while any %s", policy->spans[kind->while_span].name);
    else if (kind->past_kind >= 0)
      str_format(text, " past %s", policy->kinds[kind->past_kind].name);
    else if (kind->within != NULL)
      str_format(text, " %s", kind->within->text);
    else
      str_add(text, view_of(" set at collection"));
    dump_kind_terms(kind, text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < policy->source_count; i++) {
    const struct source *source = &policy->sources[i];
    str_format(text, "source %s: %s%s%s", source->name, schema_source_is[source->is],
               source->country[0] == '\0' ? "" : " ", source->country);
    dump_source_terms(source, text);
    str_add_char(text, '\n');
  }
}

static void dump_point(const struct policy *policy, const struct point *point, struct str *text)
{
  str_format(text, "point %s:\n  kinds", point->name);
  dump_kinds_of(policy, point->kinds, text);
  str_add(text, view_of("\n  fields"));
  dump_fields_of(policy, &point->fields, text);
  str_add(text, view_of("\n  needs"));
  dump_fields_of(policy, &point->needs, text);
  str_add(text, view_of("\n  sources"));
  for (int32_t i = 0; i < policy->source_count; i++)
    dump_flag(text, (point->sources >> i & 1) != 0, policy->sources[i].name);
  str_add(text, view_of("\n  for"));
  dump_purposes(policy, &point->purposes, text);
  str_format(text, "\n  extra %s, thing %s", point->extra_drop ? "dropped" : "refused",
             point->thing < 0 ? "none" : policy->things[point->thing].name);
  dump_point_terms(policy, point, text);
  str_add_char(text, '\n');
}

static void dump_basis(const struct policy *policy, const struct purpose *purpose, struct str *text)
{
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &policy->basis_rows[purpose->first_basis + i];
    str_format(text, "  basis for %s: %s (%s)", policy->kinds[row->kind].name,
               basis_name(row->basis), basis_article(row->basis));
    dump_span(policy, row->span, text);
    str_format(text, "%s%s", row->argument[0] == '\0' ? "" : " ", row->argument);
    dump_basis_terms(row, text);
    str_add_char(text, '\n');
  }
}

static void dump_keeps(const struct policy *policy, int32_t purpose, struct str *text)
{
  static const char *const anchors[] = {"recorded", "obtained", "derived end"};
  for (int32_t i = 0; i < policy->field_count; i++) {
    const struct keep *keep = policy_keep(policy, purpose, i);
    if (keep == NULL)
      continue;
    str_format(text, "  keep %s%s: %s [by %s]", policy->fields[i].name,
               set_has(&policy->purposes[purpose].thing_fields, i) ? " of the thing" : "",
               keep->text, anchors[keep->anchor]);
    if (keep->set_by_operator)
      str_format(text, " set by operator: %s", keep->why);
    str_add_char(text, '\n');
  }
}

static void dump_purpose(const struct policy *policy, int32_t index, struct str *text)
{
  const struct purpose *purpose = &policy->purposes[index];
  str_format(text, "purpose %s:\n  about", purpose->name);
  dump_kinds_of(policy, purpose->kinds, text);
  str_add_char(text, '\n');
  dump_basis(policy, purpose, text);
  if (purpose->of_thing >= 0)
    str_format(text, "  of %s\n", policy->things[purpose->of_thing].name);
  dump_keeps(policy, index, text);
  if (purpose->while_span.scope != SPAN_NONE) {
    str_add(text, view_of("  while"));
    dump_span(policy, purpose->while_span, text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < purpose->operation_count; i++)
    str_format(text, "  does %s\n", purpose->operations[i]);
  for (int channel = 0; channel < CHANNEL_COUNT; channel++)
    if ((purpose->marketing >> channel & 1) != 0)
      str_format(text, "  marketing by %s\n", schema_channels[channel]);
  OWNED(str) struct str terms = STR_INIT(TERMS_BYTES_MAX);
  dump_purpose_terms(policy, purpose, &terms);
  if (terms.length > 0)
    str_format(text, "  terms%s\n", str_text(&terms));
}

static void dump_masks(const struct policy *policy, const struct set *masked, struct str *text)
{
  for (int32_t i = set_next(masked, 0); i >= 0; i = set_next(masked, i + 1)) {
    str_format(text, "  shows of %s: ", policy->fields[i].name);
    mask_print(&policy->fields[i].mask, text);
    str_add_char(text, '\n');
  }
}

static void dump_roles(const struct policy *policy, struct str *text)
{
  for (int32_t i = 0; i < policy->role_count; i++) {
    str_format(text, "role %s:\n  for", policy->roles[i].name);
    dump_purposes(policy, &policy->roles[i].purposes, text);
    str_add(text, view_of("\n  reads"));
    dump_fields_of(policy, &policy->roles[i].fields, text);
    dump_role_terms(policy, &policy->roles[i], text);
    str_add_char(text, '\n');
    dump_masks(policy, &policy->roles[i].masked, text);
  }
}

static void dump_people(const struct policy *policy, struct str *text)
{
  for (int32_t i = 0; i < policy->consent_count; i++) {
    str_format(text, "consent %s:", policy->consents[i].name);
    dump_consent(policy, &policy->consents[i], text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < policy->enrich_count; i++) {
    str_format(text, "enrich %s:", policy->enriches[i].name);
    dump_enrich(policy, &policy->enriches[i], text);
    str_add_char(text, '\n');
  }
  for (int32_t i = 0; i < policy->link_count; i++) {
    str_format(text, "link %s:", policy->links[i].name);
    dump_link(policy, &policy->links[i], text);
    str_add_char(text, '\n');
  }
  if (policy->grants.longest.number == 0)
    return;
  str_add(text, VIEW_LITERAL("grants"));
  dump_grants(policy, text);
  str_add_char(text, '\n');
}

static void dump_promises(const struct policy *policy, struct str *text)
{
  static const char *const wheres[] = {"by rule", "by engine", "by people", "open"};
  for (int32_t i = 0; i < policy->promise_count; i++)
    str_format(text, "promise %s: %s, %s\n", policy->promises[i].id,
               wheres[policy->promises[i].where], policy->promises[i].construct);
}

void policy_dump(const struct policy *policy, struct str *ret_text)
{
  dump_head(policy, ret_text);
  dump_fields(policy, ret_text);
  for (int32_t i = 0; i < policy->thing_count; i++)
    dump_thing(policy, &policy->things[i], ret_text);
  dump_kinds(policy, ret_text);
  for (int32_t i = 0; i < policy->point_count; i++)
    dump_point(policy, &policy->points[i], ret_text);
  for (int32_t i = 0; i < policy->rule_count; i++)
    str_format(ret_text, "rule %s: %s\n", policy->rules[i].name, policy->rules[i].keep.text);
  for (int32_t i = 0; i < policy->purpose_count; i++)
    dump_purpose(policy, i, ret_text);
  dump_roles(policy, ret_text);
  dump_people(policy, ret_text);
  dump_organisation(policy, ret_text);
  dump_outward(policy, ret_text);
  dump_conduct(policy, ret_text);
  dump_promises(policy, ret_text);
}
