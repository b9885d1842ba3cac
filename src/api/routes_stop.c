// What a person stops, over HTTP: objections, restrictions, and two records of one person.
#include "api/exchange.h"
#include "api/words.h"
#include "base/calendar.h"
#include "rights/objection.h"
#include "rights/restriction.h"

static enum err_code begin(struct exchange *exchange, const char *const *members, size_t count,
                           enum ledger_operation operation, struct person_id *ret_person,
                           struct err *err)
{
  enum err_code code = document_only(exchange->body, members, count, err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, operation, err);
  return code != ERR_OK ? code : exchange_person(exchange, exchange->body, ret_person, err);
}

static enum err_code read_when(const struct exchange *exchange, const char *member, int64_t *ret_us,
                               struct err *err)
{
  struct view text;
  enum err_code code = exchange_text(exchange->body, member, &text, err);
  if (code != ERR_OK || text.length == 0)
    return code;
  return words_when(exchange->core, text, ret_us, err);
}

static void set_time(struct exchange *exchange, const char *member, int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(exchange->policy->zone, instant_us, text);
  document_set_text(exchange->reply, member, view_of(text));
}

// The names of a list that may be absent.
struct names_reading {
  const struct exchange *exchange;
  const char *member;
  int32_t *list;
  int32_t count, max;
};

static enum err_code read_name(const struct names_reading *reading, struct view name,
                               enum name_kind kind, struct err *err)
{
  return words_index(reading->exchange->policy, kind, name, &reading->list[reading->count], err);
}

static enum err_code read_names(struct names_reading *reading, enum name_kind kind, struct err *err)
{
  const struct document *list = NULL;
  size_t count = 0;
  if (!document_has(reading->exchange->body, reading->member))
    return ERR_OK;
  enum err_code code =
      document_get_array(reading->exchange->body, reading->member, &list, &count, err);
  if (code == ERR_OK && count > (size_t)reading->max)
    code = err_set(err, ERR_LIMIT, "'%s' has at most %d names", reading->member, (int)reading->max);
  for (size_t i = 0; code == ERR_OK && i < count; i++) {
    struct view name = VIEW_EMPTY;
    (void)document_as_text(document_at(list, i), &name);
    code = read_name(reading, name, kind, err);
    reading->count++;
  }
  return code;
}

// ── Objections ──────────────────────────────────────────────────────────────────────────────

enum err_code route_objection(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "purposes", "received"};
  int32_t purposes[OBJECTION_PURPOSES_MAX];
  struct objection_add_input input = {.purposes = purposes};
  struct objection_add_output output;
  struct operation operation = OPERATION(&verb_objection_add, &input, &output);
  struct names_reading reading = {exchange, "purposes", purposes, 0, OBJECTION_PURPOSES_MAX};
  enum err_code code =
      begin(exchange, members, ARRAY_COUNT(members), LEDGER_OP_OBJECTION, &input.person, err);
  if (code == ERR_OK)
    code = read_names(&reading, NAME_PURPOSE, err);
  input.purpose_count = reading.count;
  if (code == ERR_OK)
    code = read_when(exchange, "received", &input.received_us, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  document_set_int(exchange->reply, "request", output.request);
  document_set_int(exchange->reply, "first", output.first);
  document_set_int(exchange->reply, "count", output.count);
  document_set_int(exchange->reply, "untouched", output.untouched);
  set_time(exchange, "due", output.due_us);
  document_set_bool(exchange->reply, "closed", output.is_closed);
  return ERR_OK;
}

static enum err_code read_decision(struct exchange *exchange, struct objection_decide_input *input,
                                   struct err *err)
{
  static const char *const members[] = {"subject", "objection", "outcome",
                                        "reasons", "authority", "court"};
  struct view outcome;
  enum err_code code =
      begin(exchange, members, ARRAY_COUNT(members), LEDGER_OP_OBJECTION, &input->person, err);
  if (code == ERR_OK)
    code = document_get_int(exchange->body, "objection", &input->objection, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "outcome", &outcome, err);
  if (code == ERR_OK)
    code = objection_outcome_read(outcome, &input->outcome, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "reasons", &input->reasons, err);
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "authority", &input->authority, err);
  return code != ERR_OK ? code : exchange_text(exchange->body, "court", &input->court, err);
}

// Whoever calls decides: the role of the service key.
enum err_code route_objection_decision(struct exchange *exchange, struct err *err)
{
  struct objection_decide_input input = {.role = exchange->actor.role};
  struct operation operation = OPERATION(&verb_objection_decide, &input, NULL);
  enum err_code code = read_decision(exchange, &input, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  document_set_int(exchange->reply, "objection", input.objection);
  document_set_text(exchange->reply, "outcome", view_of(objection_outcome_name(input.outcome)));
  return ERR_OK;
}

// ── Restrictions ────────────────────────────────────────────────────────────────────────────

static enum err_code read_restriction(struct exchange *exchange,
                                      struct restriction_add_input *input, int32_t *fields,
                                      struct err *err)
{
  static const char *const members[] = {"subject", "ground", "fields",  "thing",
                                        "matter",  "review", "received"};
  struct view ground, thing;
  struct names_reading reading = {exchange, "fields", fields, 0, RESTRICTION_FIELDS_MAX};
  enum err_code code =
      begin(exchange, members, ARRAY_COUNT(members), LEDGER_OP_RESTRICTION, &input->person, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "ground", &ground, err);
  if (code == ERR_OK)
    code = restriction_ground_read(ground, &input->ground, err);
  if (code == ERR_OK)
    code = read_names(&reading, NAME_FIELD, err);
  input->field_count = reading.count;
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "thing", &thing, err);
  if (code == ERR_OK && thing.length > 0)
    code = words_thing(exchange->core, thing, &input->thing, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "matter", &input->matter, err);
  if (code == ERR_OK)
    code = read_when(exchange, "review", &input->review_us, err);
  return code != ERR_OK ? code : read_when(exchange, "received", &input->received_us, err);
}

enum err_code route_restriction(struct exchange *exchange, struct err *err)
{
  int32_t fields[RESTRICTION_FIELDS_MAX];
  struct restriction_add_input input = {.fields = fields, .owner = exchange->actor.role};
  struct restriction_add_output output;
  struct operation operation = OPERATION(&verb_restriction_add, &input, &output);
  enum err_code code = read_restriction(exchange, &input, fields, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  document_set_int(exchange->reply, "restriction", output.restriction);
  document_set_int(exchange->reply, "request", output.request);
  set_time(exchange, "review", output.review_us);
  document_set_int(exchange->reply, "needed", output.needed);
  return ERR_OK;
}

static enum err_code with_restriction(struct exchange *exchange, const struct verb *verb,
                                      struct err *err)
{
  static const char *const members[] = {"subject", "restriction"};
  struct restriction_input input = {.restriction = 0};
  struct operation operation = OPERATION(verb, &input, NULL);
  enum err_code code =
      begin(exchange, members, ARRAY_COUNT(members), LEDGER_OP_RESTRICTION, &input.person, err);
  if (code == ERR_OK)
    code = document_get_int(exchange->body, "restriction", &input.restriction, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_int(exchange->reply, "restriction", input.restriction);
  return code;
}

enum err_code route_restriction_notice(struct exchange *exchange, struct err *err)
{
  return with_restriction(exchange, &verb_restriction_tell, err);
}

enum err_code route_restriction_lift(struct exchange *exchange, struct err *err)
{
  return with_restriction(exchange, &verb_restriction_lift, err);
}

// ── Merging ─────────────────────────────────────────────────────────────────────────────────

static enum err_code link_two(struct exchange *exchange, const struct verb *verb, struct err *err)
{
  static const char *const members[] = {"subject", "other"};
  struct link_input input = {{0}, {0}};
  struct view other;
  struct operation operation = OPERATION(verb, &input, NULL);
  enum err_code code =
      begin(exchange, members, ARRAY_COUNT(members), LEDGER_OP_LINK, &input.person, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "other", &other, err);
  if (code == ERR_OK)
    code = words_person(exchange->core, other, &input.other, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_text(exchange->reply, "other", other);
  return code;
}

enum err_code route_merge(struct exchange *exchange, struct err *err)
{
  return link_two(exchange, &verb_person_merge, err);
}

enum err_code route_split(struct exchange *exchange, struct err *err)
{
  return link_two(exchange, &verb_person_split, err);
}
