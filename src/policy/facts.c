#include "policy/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "policy/dump_part.h"
#include "policy/schema.h"

struct fact *fact_add(struct facts *facts, enum fact_kind kind, const char *owner, const char *part,
                      struct place place)
{
  static struct fact lost;
  if (facts->count == facts->capacity) {
    int32_t capacity = facts->capacity == 0 ? 256 : facts->capacity * 2;
    struct fact *items = realloc(facts->items, (size_t)capacity * sizeof *items);
    facts->failed = facts->failed || items == NULL;
    if (items == NULL)
      return &lost;
    facts->items = items;
    facts->capacity = capacity;
  }
  struct fact *fact = &facts->items[facts->count++];
  *fact = (struct fact){.kind = kind, .owner = owner, .part = part, .text = "", .place = place};
  return fact;
}

const char *fact_keep_text(struct facts *facts, const struct str *text)
{
  const char *copy = arena_text(facts->arena, str_view(text));
  facts->failed = facts->failed || copy == NULL || !str_ok(text);
  return copy == NULL ? "" : copy;
}

static const char *number_text(struct facts *facts, int64_t number, const char *unit)
{
  OWNED(str) struct str text = STR_INIT(32);
  str_format(&text, "%" PRId64 "%s", number, unit);
  return fact_keep_text(facts, &text);
}

void fact_add_view(struct facts *facts, enum fact_kind kind, const char *owner, const char *part,
                   struct view view, struct place place)
{
  const char *copy = arena_text(facts->arena, view);
  facts->failed = facts->failed || copy == NULL;
  if (view.length > 0)
    fact_add(facts, kind, owner, part, place)->text = copy;
}

static void flag(struct str *text, bool is_set, const char *word)
{
  if (is_set)
    str_format(text, "%s%s", text->length == 0 ? "" : " ", word);
}

// ── Head, fields ────────────────────────────────────────────────────────────────────────────

// The days of ten years depend on where they begin, and so on the version's day: no difference.
static int64_t log_months(int64_t days)
{
  enum { MONTH_DAYS_BY_32 = 974 };  // 30.4375 days
  return (days * 32 + MONTH_DAYS_BY_32 / 2) / MONTH_DAYS_BY_32;
}

static void add_head(struct facts *facts)
{
  const struct policy *policy = facts->policy;
  const struct place top = {1, 1};
  char review[CALENDAR_TEXT_BYTES] = "";
  OWNED(str) struct str year_end = STR_INIT(32);
  if (policy->review_open.number > 0)
    period_write(policy->review_open, review);
  if (policy->year_end_month > 0)
    str_format(&year_end, "%02d-%02d", policy->year_end_month, policy->year_end_day);
  fact_add_view(facts, FACT_CONTROLLER, "controller", "", policy->controller_name, top);
  fact_add_view(facts, FACT_ADDRESS, "controller", "", policy->controller_email, top);
  fact_add_view(facts, FACT_AUTHORITY, "controller", "", view_of(policy->authority), top);
  fact_add_view(facts, FACT_ZONE, "policy", "", view_of(zone_name(policy->zone)), top);
  fact_add_view(facts, FACT_YEAR_END, "controller", "", str_view(&year_end), top);
  fact_add_view(facts, FACT_REVIEW, "limits", "", view_of(review), top);
  struct fact *log = fact_add(facts, FACT_LOG_KEEP, "limits", "", top);
  log->number = log_months(policy->log_keep_days);
  log->text = number_text(facts, log->number, " months");
  struct fact *group = fact_add(facts, FACT_GROUP, "limits", "", top);
  group->number = -policy->group_least;
  group->text = number_text(facts, policy->group_least, "");
}

static void add_fields(struct facts *facts)
{
  for (int32_t i = 0; i < facts->policy->field_count; i++) {
    const struct field *field = &facts->policy->fields[i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, view_of(schema_field_types[field->type]));
    flag(&text, field->many, "many");
    flag(&text, field->lookup, "lookup");
    flag(&text, field->observed, "observed");
    flag(&text, field->is_birth, "date of birth");
    flag(&text, field->sensitive, "sensitive");
    dump_field_terms(facts->policy, field, &text);
    fact_add(facts, FACT_FIELD, field->name, "", field->place)->text = fact_keep_text(facts, &text);
  }
}

// ── Things, kinds, sources ──────────────────────────────────────────────────────────────────

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Events in the order of their names, so that the order of the file makes no difference.
static void add_events(const struct policy *policy, const struct thing_type *thing, uint64_t events,
                       struct str *text)
{
  const char *names[64];
  size_t count = 0;
  for (int32_t i = 0; i < thing->event_count && i < 64; i++)
    if ((events >> i & 1) != 0)
      names[count++] = policy->events[thing->first_event + i].name;
  qsort(names, count, sizeof names[0], compare_names);
  for (size_t i = 0; i < count; i++)
    str_format(text, " %s", names[i]);
}

static void add_thing(struct facts *facts, const struct thing_type *thing)
{
  const struct policy *policy = facts->policy;
  OWNED(str) struct str head = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&head, "in %s, born by %s", thing->in < 0 ? "nothing" : policy->things[thing->in].name,
             thing->born < 0 ? "its first event" : policy->events[thing->born].name);
  dump_thing_terms(policy, thing, &head);
  fact_add(facts, FACT_THING, thing->name, "", thing->place)->text = fact_keep_text(facts, &head);
  for (int32_t i = 0; i < thing->event_count; i++) {
    const struct event_type *event = &policy->events[thing->first_event + i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_format(&text, "at a%s, by %s", event->at_day ? " day" : "n instant",
               schema_event_by[event->by]);
    dump_event_terms(event, &text);
    fact_add(facts, FACT_EVENT, thing->name, event->full_name, event->place)->text =
        fact_keep_text(facts, &text);
  }
  for (int32_t i = 0; i < thing->span_count; i++) {
    const struct span *span = &policy->spans[thing->first_span + i];
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, view_of("from"));
    add_events(policy, thing, span->from, &text);
    str_add(&text, view_of(" to"));
    add_events(policy, thing, span->to, &text);
    fact_add(facts, FACT_SPAN, thing->name, span->name, span->place)->text =
        fact_keep_text(facts, &text);
  }
}

static void add_kind(struct facts *facts, const struct kind *kind)
{
  const struct policy *policy = facts->policy;
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  if (kind->while_span >= 0)
    str_format(&text, "while any %s", policy->spans[kind->while_span].name);
  else if (kind->past_kind >= 0)
    str_format(&text, "past %s", policy->kinds[kind->past_kind].name);
  else if (kind->within != NULL)
    str_add(&text, view_of(kind->within->text));
  else
    str_add(&text, view_of("set at collection"));
  dump_kind_terms(kind, &text);
  fact_add(facts, FACT_KIND, kind->name, "", kind->place)->text = fact_keep_text(facts, &text);
  fact_add_view(facts, FACT_KIND_TITLE, kind->name, "sv", kind->title_sv, kind->place);
  fact_add_view(facts, FACT_KIND_TITLE, kind->name, "en", kind->title_en, kind->place);
}

static void add_source(struct facts *facts, const struct source *source)
{
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "%s%s%s", schema_source_is[source->is], source->country[0] == '\0' ? "" : " ",
             source->country);
  dump_source_terms(source, &text);
  fact_add(facts, FACT_SOURCE, source->name, "", source->place)->text =
      fact_keep_text(facts, &text);
}

// ── Collection points ───────────────────────────────────────────────────────────────────────

void fact_add_fields(struct facts *facts, enum fact_kind kind, const char *owner,
                     const struct set *fields, struct place place)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    fact_add(facts, kind, owner, facts->policy->fields[i].name, place);
}

void fact_add_purposes(struct facts *facts, enum fact_kind kind, const char *owner,
                       const struct set *purposes, struct place place)
{
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    fact_add(facts, kind, owner, facts->policy->purposes[i].name, place);
}

void fact_add_kinds(struct facts *facts, enum fact_kind kind, const char *owner, uint64_t kinds,
                    struct place place)
{
  for (int32_t i = 0; i < facts->policy->kind_count; i++)
    if ((kinds >> i & 1) != 0)
      fact_add(facts, kind, owner, facts->policy->kinds[i].name, place);
}

static void add_point(struct facts *facts, const struct point *point)
{
  const struct policy *policy = facts->policy;
  OWNED(str) struct str form = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&form, "undeclared values %s, thing %s", point->extra_drop ? "dropped" : "refused",
             point->thing < 0 ? "none" : policy->things[point->thing].name);
  dump_point_terms(policy, point, &form);
  fact_add(facts, FACT_POINT, point->name, "", point->place);
  fact_add(facts, FACT_POINT_FORM, point->name, "", point->place)->text =
      fact_keep_text(facts, &form);
  fact_add_fields(facts, FACT_POINT_FIELD, point->name, &point->fields, point->place);
  fact_add_fields(facts, FACT_POINT_NEED, point->name, &point->needs, point->place);
  fact_add_purposes(facts, FACT_POINT_PURPOSE, point->name, &point->purposes, point->place);
  fact_add_kinds(facts, FACT_POINT_KIND, point->name, point->kinds, point->place);
  for (int32_t i = 0; i < policy->source_count; i++)
    if ((point->sources >> i & 1) != 0)
      fact_add(facts, FACT_POINT_SOURCE, point->name, policy->sources[i].name, point->place);
}

// ── Purposes, roles, promises ───────────────────────────────────────────────────────────────

void fact_add_span_text(const struct policy *policy, struct span_ref span, struct str *text)
{
  if (span.scope == SPAN_KIND)
    str_format(text, " %s", policy->kinds[span.index].name);
  else if (span.scope != SPAN_NONE)
    str_format(text, " %s%s", span.scope == SPAN_ANY ? "any " : "", policy->spans[span.index].name);
}

static void add_bases(struct facts *facts, const struct purpose *purpose)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &policy->basis_rows[purpose->first_basis + i];
    const char *kind = policy->kinds[row->kind].name;
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, view_of(basis_name(row->basis)));
    fact_add_span_text(policy, row->span, &text);
    str_format(&text, "%s%s", row->argument[0] == '\0' ? "" : " ", row->argument);
    dump_basis_terms(row, &text);
    struct fact *fact = fact_add(facts, FACT_BASIS, purpose->name, kind, row->place);
    fact->basis = row->basis;
    fact->text = fact_keep_text(facts, &text);
    fact_add_view(facts, FACT_INTEREST, purpose->name, kind, row->interest_sv, row->place);
  }
}

static void add_keeps(struct facts *facts, int32_t index)
{
  const struct policy *policy = facts->policy;
  const struct purpose *purpose = &policy->purposes[index];
  for (int32_t i = 0; i < policy->field_count; i++) {
    const struct keep *keep = policy_keep(policy, index, i);
    if (keep == NULL)
      continue;
    struct place place =
        keep->line > 0 ? (struct place){keep->line, keep->column} : purpose->keep_place;
    struct fact *fact = fact_add(facts, FACT_KEEP, purpose->name, policy->fields[i].name, place);
    fact->keep = keep;
    fact->text = keep->text;
    bool of_thing = purpose->of_thing >= 0 && set_has(&purpose->thing_fields, i);
    fact_add(facts, FACT_USE, purpose->name, policy->fields[i].name, purpose->uses_place)->text =
        of_thing ? policy->things[purpose->of_thing].name : "";
  }
}

static void add_purpose(struct facts *facts, int32_t index)
{
  const struct purpose *purpose = &facts->policy->purposes[index];
  OWNED(str) struct str during = STR_INIT(FACT_TEXT_BYTES_MAX);
  fact_add(facts, FACT_PURPOSE, purpose->name, "", purpose->place);
  fact_add_view(facts, FACT_PURPOSE_TITLE, purpose->name, "sv", purpose->title_sv, purpose->place);
  fact_add_view(facts, FACT_PURPOSE_TITLE, purpose->name, "en", purpose->title_en, purpose->place);
  fact_add_kinds(facts, FACT_ABOUT, purpose->name, purpose->kinds, purpose->place);
  add_bases(facts, purpose);
  add_keeps(facts, index);
  fact_add_span_text(facts->policy, purpose->while_span, &during);
  fact_add_view(facts, FACT_WHILE, purpose->name, "", view_trim(str_view(&during)), purpose->place);
  for (int32_t i = 0; i < purpose->operation_count; i++)
    fact_add(facts, FACT_OPERATION, purpose->name, purpose->operations[i], purpose->place);
  for (int channel = 0; channel < CHANNEL_COUNT; channel++)
    if ((purpose->marketing >> channel & 1) != 0)
      fact_add(facts, FACT_CHANNEL, purpose->name, schema_channels[channel], purpose->place);
  OWNED(str) struct str terms = STR_INIT(FACT_TEXT_BYTES_MAX);
  dump_purpose_terms(facts->policy, purpose, &terms);
  fact_add_view(facts, FACT_TERMS, purpose->name, "", view_trim(str_view(&terms)), purpose->place);
}

// Letters of a field that a role sees: all of them, or those of its mask.
static void add_role_fields(struct facts *facts, const struct role *role)
{
  for (int32_t i = set_next(&role->fields, 0); i >= 0; i = set_next(&role->fields, i + 1)) {
    const struct field *field = &facts->policy->fields[i];
    struct fact *fact = fact_add(facts, FACT_ROLE_FIELD, role->name, field->name, role->place);
    fact->number = MASK_LETTERS_MAX + 1;
    if (!set_has(&role->masked, i))
      continue;
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    str_add(&text, VIEW_LITERAL("masked: "));
    mask_print(&field->mask, &text);
    fact->number = field->mask.letters;
    fact->text = fact_keep_text(facts, &text);
  }
}

static void add_role(struct facts *facts, const struct role *role)
{
  OWNED(str) struct str terms = STR_INIT(FACT_TEXT_BYTES_MAX);
  dump_role_terms(facts->policy, role, &terms);
  fact_add(facts, FACT_ROLE, role->name, "", role->place)->text = fact_keep_text(facts, &terms);
  fact_add_purposes(facts, FACT_ROLE_PURPOSE, role->name, &role->purposes, role->place);
  add_role_fields(facts, role);
}

static void add_people(struct facts *facts)
{
  const struct policy *policy = facts->policy;
  for (int32_t i = 0; i < policy->consent_count; i++) {
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    dump_consent(policy, &policy->consents[i], &text);
    fact_add(facts, FACT_CONSENT, policy->consents[i].name, "", policy->consents[i].place)->text =
        fact_keep_text(facts, &text);
  }
  for (int32_t i = 0; i < policy->enrich_count; i++) {
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    dump_enrich(policy, &policy->enriches[i], &text);
    fact_add(facts, FACT_ENRICH, policy->enriches[i].name, "", policy->enriches[i].place)->text =
        fact_keep_text(facts, &text);
  }
  for (int32_t i = 0; i < policy->link_count; i++) {
    OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
    dump_link(policy, &policy->links[i], &text);
    fact_add(facts, FACT_LINK, policy->links[i].name, "", policy->links[i].place)->text =
        fact_keep_text(facts, &text);
  }
  OWNED(str) struct str grants = STR_INIT(FACT_TEXT_BYTES_MAX);
  dump_grants(policy, &grants);
  fact_add_view(facts, FACT_GRANTS, "grants", "", view_trim(str_view(&grants)),
                policy->grants.place);
}

static void add_promise(struct facts *facts, const struct promise *promise)
{
  static const char *const wheres[] = {"by rule", "by engine", "by people", "open"};
  OWNED(str) struct str text = STR_INIT(FACT_TEXT_BYTES_MAX);
  str_format(&text, "%s, %s", wheres[promise->where], promise->construct);
  fact_add(facts, FACT_PROMISE, promise->id, promise->construct, promise->place)->text =
      fact_keep_text(facts, &text);
}

int fact_compare(const void *a, const void *b)
{
  const struct fact *left = a, *right = b;
  if (left->kind != right->kind)
    return left->kind < right->kind ? -1 : 1;
  int order = strcmp(left->owner, right->owner);
  return order != 0 ? order : strcmp(left->part, right->part);
}

enum err_code facts_collect(struct facts *facts, struct err *err)
{
  const struct policy *policy = facts->policy;
  add_head(facts);
  add_fields(facts);
  for (int32_t i = 0; i < policy->thing_count; i++)
    add_thing(facts, &policy->things[i]);
  for (int32_t i = 0; i < policy->kind_count; i++)
    add_kind(facts, &policy->kinds[i]);
  for (int32_t i = 0; i < policy->source_count; i++)
    add_source(facts, &policy->sources[i]);
  for (int32_t i = 0; i < policy->point_count; i++)
    add_point(facts, &policy->points[i]);
  for (int32_t i = 0; i < policy->purpose_count; i++)
    add_purpose(facts, i);
  for (int32_t i = 0; i < policy->role_count; i++)
    add_role(facts, &policy->roles[i]);
  add_people(facts);
  facts_collect_outward(facts);
  for (int32_t i = 0; i < policy->promise_count; i++)
    add_promise(facts, &policy->promises[i]);
  if (facts->failed)
    return err_set(err, ERR_MEMORY, "no memory to compare policies");
  qsort(facts->items, (size_t)facts->count, sizeof facts->items[0], fact_compare);
  return ERR_OK;
}

void facts_clear(struct facts *facts) { free(facts->items); }
