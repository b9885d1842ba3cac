// Why: what the policy says of something, and until when a datum stays.
#include <stdarg.h>
#include <string.h>

#include "api/about.h"
#include "api/words.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/run_finding.h"
#include "core/overview.h"
#include "policy/keep_explain.h"
#include "retain/hold.h"

enum { TOLD_BYTES_MAX = 1024 };

struct telling {
  const struct call *call;
  const struct policy *policy;
  struct document *rows;  // NULL: text
  int32_t found;
};

// One thing that the policy says, with the line that says it; line 0 if none does.
static void tell(struct telling *telling, const char *label, int32_t line, const char *format, ...)
    PRINTF_LIKE(4, 5);
static void tell(struct telling *telling, const char *label, int32_t line, const char *format, ...)
{
  char text[TOLD_BYTES_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  telling->found++;
  if (telling->rows == NULL) {
    if (line > 0)
      print(telling->call, "  %-10s %s  (line %d)", label, text, line);
    else
      print(telling->call, "  %-10s %s", label, text);
    return;
  }
  struct document *row = document_object();
  document_set_text(row, "what", view_of(label));
  document_set_text(row, "text", view_of(text));
  if (line > 0)
    document_set_int(row, "line", line);
  document_add(telling->rows, row);
}

static void head(const struct telling *telling, const char *what, const char *name, int32_t line)
{
  print(telling->call, "%s %s: %s version %lld, line %d", what, name, telling->policy->id,
        (long long)telling->policy->version, line);
}

// ── policy explain ──────────────────────────────────────────────────────────────────────────

static void tell_keep(struct telling *telling, int32_t purpose, int32_t field, const char *of)
{
  const struct keep *keep = policy_keep(telling->policy, purpose, field);
  if (keep == NULL)
    return;
  tell(telling, "keeps", keep->line, "%s %s%s%s", of, keep->text,
       keep->set_by_operator ? "; set by the operator: " : "", keep->why);
}

static void explain_purpose(struct telling *telling, int32_t index)
{
  const struct policy *policy = telling->policy;
  const struct purpose *purpose = &policy->purposes[index];
  head(telling, "purpose", purpose->name, purpose->place.line);
  tell(telling, "is", 0, "%.*s", (int)purpose->title_en.length, purpose->title_en.bytes);
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &policy->basis_rows[purpose->first_basis + i];
    tell(telling, "basis", row->place.line, "%s for a %s (%s)", basis_name(row->basis),
         policy->kinds[row->kind].name, basis_article(row->basis));
  }
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1))
    tell_keep(telling, index, i, policy->fields[i].name);
  for (int32_t i = 0; i < policy->point_count; i++)
    if (set_has(&policy->points[i].purposes, index))
      tell(telling, "collects", policy->points[i].place.line, "%s", policy->points[i].name);
  for (int32_t i = 0; i < policy->role_count; i++)
    if (set_has(&policy->roles[i].purposes, index))
      tell(telling, "acts", policy->roles[i].place.line, "%s", policy->roles[i].name);
}

static void explain_field(struct telling *telling, int32_t index)
{
  const struct policy *policy = telling->policy;
  const struct field *field = &policy->fields[index];
  head(telling, "field", field->name, field->place.line);
  for (int32_t i = 0; i < policy->point_count; i++)
    if (set_has(&policy->points[i].fields, index))
      tell(telling, "collects", policy->points[i].place.line, "%s", policy->points[i].name);
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    if (!set_has(&purpose->fields, index))
      continue;
    tell(telling, "uses", purpose->uses_place.line, "%s", purpose->name);
    tell_keep(telling, i, index, purpose->name);
  }
  for (int32_t i = 0; i < policy->role_count; i++)
    if (set_has(&policy->roles[i].fields, index))
      tell(telling, "reads", policy->roles[i].place.line, "%s", policy->roles[i].name);
}

static void explain_promise(struct telling *telling, struct view name)
{
  static const char *const wheres[] = {[PROMISE_RULE] = "rule",
                                       [PROMISE_ENGINE] = "program",
                                       [PROMISE_TASK] = "task",
                                       [PROMISE_OPEN] = "open"};
  const struct policy *policy = telling->policy;
  for (int32_t i = 0; i < policy->promise_count; i++) {
    const struct promise *promise = &policy->promises[i];
    if (!view_is(name, promise->id))
      continue;
    if (telling->found == 0)
      head(telling, "promise", promise->id, promise->place.line);
    tell(telling, wheres[promise->where], promise->place.line, "%s", promise->construct);
  }
}

static enum err_code not_in_policy(struct err *err)
{
  err_set(err, ERR_NOT_FOUND, "the policy has no purpose, field, category or promise of that name");
  return err_hint(err, "forvar policy show --dump lists all names");
}

enum err_code run_policy_explain(struct call *call, struct err *err)
{
  const struct policy *policy = NULL;
  struct view name = view_of(call->arguments[0]);
  struct set fields = SET_EMPTY;
  if (finding_find(name) != FINDING_USUAL)
    return explain_finding(call, finding_find(name), err);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "policy.explain");
  struct telling telling = {call, policy, document == NULL ? NULL : document_array(), 0};
  if (document != NULL) {
    document_set_text(document, "name", name);
    document_set_text(document, "policy", view_of(policy->id));
    document_set_int(document, "version", policy->version);
    document_set(document, "says", telling.rows);
  }
  if (policy_purpose(policy, name) >= 0)
    explain_purpose(&telling, policy_purpose(policy, name));
  if (policy_fields(policy, name, &fields))
    for (int32_t i = set_next(&fields, 0); i >= 0; i = set_next(&fields, i + 1))
      explain_field(&telling, i);
  if (telling.found == 0)
    explain_promise(&telling, name);
  return telling.found == 0 ? not_in_policy(err) : output_write(call, &document, err);
}

// ── retention explain ───────────────────────────────────────────────────────────────────────

static void print_step(void *context, const char *text)
{
  print((const struct call *)context, "      %s", text);
}

static void print_mover(void *context, const char *text)
{
  print((const struct call *)context, "      moves with: %s", text);
}

static void add_text(void *context, const char *text) { document_add_text(context, view_of(text)); }

static void set_steps(struct document *object, const struct overview *overview,
                      const struct overview_record *record, const struct keep *keep)
{
  struct document *steps = document_array();
  struct document *movers = document_array();
  struct keep_facts facts = overview_facts(overview, record);
  keep_explain(overview->policy, keep, &facts, add_text, steps);
  keep_explain_movers(overview->policy, keep, add_text, movers);
  document_set(object, "steps", steps);
  document_set(object, "moves_with", movers);
}

static void print_binding(const struct call *call, const struct overview *overview,
                          const struct overview_record *record, int32_t purpose)
{
  char at[CALENDAR_TEXT_BYTES] = "";
  const struct keep *keep = policy_keep(overview->policy, purpose, record->info->field);
  struct end end = overview_end(overview, record, purpose);
  if (end.state == END_AT)
    calendar_write_time(overview->policy->zone, end.use_us, at);
  print(call, "  %s: %s%s  (line %d)", overview->policy->purposes[purpose].name,
        end.state == END_AT     ? "until "
        : end.state == END_OPEN ? "open: nothing that ends it has happened"
                                : "no end",
        at, keep == NULL ? 0 : keep->line);
  if (keep == NULL)
    return;
  print(call, "    keep %s", keep->text);
  if (keep->set_by_operator)
    print(call, "    set by the operator: %s", keep->why);
  struct keep_facts facts = overview_facts(overview, record);
  keep_explain(overview->policy, keep, &facts, print_step, (void *)(uintptr_t)call);
  keep_explain_movers(overview->policy, keep, print_mover, (void *)(uintptr_t)call);
}

static struct document *binding_document(const struct overview *overview,
                                         const struct overview_record *record, int32_t purpose)
{
  struct document *object = document_object();
  const struct keep *keep = policy_keep(overview->policy, purpose, record->info->field);
  struct end end = overview_end(overview, record, purpose);
  document_set_text(object, "purpose", view_of(overview->policy->purposes[purpose].name));
  if (keep != NULL) {
    document_set_text(object, "keep", view_of(keep->text));
    document_set_int(object, "line", keep->line);
    if (keep->set_by_operator)
      document_set_text(object, "why", view_of(keep->why));
    set_steps(object, overview, record, keep);
  }
  about_set_end(object, overview->policy, &end);
  return object;
}

struct explaining {
  const struct call *call;
  const struct overview *overview;
  struct holds holds;
};

// A hold that covers the record keeps it past every end.
static void tell_hold(const struct explaining *explaining, const struct overview_record *record,
                      struct document *object)
{
  const struct hold_row *hold =
      holds_find(&explaining->holds, explaining->overview->state, &record->row);
  if (hold == NULL)
    return;
  print(explaining->call, "  held: hold %lld, %s (%s)", (long long)hold->hold,
        hold_kind_name(hold->kind), hold_kind_law(hold->kind));
  if (object != NULL)
    document_set_int(object, "hold", hold->hold);
}

static struct document *explain_record(const struct explaining *explaining,
                                       const struct overview_record *record)
{
  const struct call *call = explaining->call;
  const struct overview *overview = explaining->overview;
  struct document *object = call->json ? document_object() : NULL;
  struct document *bindings = call->json ? document_array() : NULL;
  const struct set *purposes = &record->info->purposes;
  int32_t number = record_ordinal(record->row.record);
  print(call, "%s %d", about_field(overview, record), number);
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    if (bindings != NULL)
      document_add(bindings, binding_document(overview, record, i));
    else
      print_binding(call, overview, record, i);
  }
  char at[CALENDAR_TEXT_BYTES] = "";
  if (record->end.state == END_AT)
    calendar_write_time(overview->policy->zone, record->end.gone_us, at);
  print(call, "  %s%s",
        record->end.state == END_AT     ? "gone by "
        : record->end.state == END_OPEN ? "stays: one purpose is open"
                                        : "goes with the next sweep: nothing serves it",
        at);
  tell_hold(explaining, record, object);
  if (object == NULL)
    return NULL;
  document_set_text(object, "field", view_of(about_field(overview, record)));
  document_set_int(object, "number", number);
  document_set(object, "bindings", bindings);
  about_set_end(object, overview->policy, &record->end);
  return object;
}

enum err_code run_retention_explain(struct call *call, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  struct person_id person;
  int32_t field = -1;
  int32_t found = 0;
  struct explaining explaining = {call, &overview, {NULL, 0}};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code == ERR_OK)
    code = overview_load(call_core(call), person, &overview, err);
  if (code == ERR_OK && call->argument_count > 1)
    code = words_index(overview.policy, NAME_FIELD, view_of(call->arguments[1]), &field, err);
  if (code == ERR_OK)
    code = holds_read_group(core_store(call_core(call)), overview.state, &overview.arena,
                            &explaining.holds, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "retention.explain");
  struct document *records = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < overview.record_count; i++) {
    if (overview.records[i].info->field < 0 ||
        (field >= 0 && overview.records[i].info->field != field))
      continue;
    struct document *record = explain_record(&explaining, &overview.records[i]);
    if (records != NULL)
      document_add(records, record);
    found++;
  }
  if (document != NULL)
    document_set(document, "records", records);
  return found == 0 ? err_set(err, ERR_NOT_FOUND, "the person has no such datum")
                    : output_write(call, &document, err);
}
