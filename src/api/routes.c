// The handlers, and the table.
#include <string.h>

#include "api/decision.h"
#include "api/exchange.h"
#include "api/words.h"
#include "core/verbs.h"

// ── Health ──────────────────────────────────────────────────────────────────────────────────

enum err_code route_health(struct exchange *exchange, struct err *err)
{
  if (core_is_lost(exchange->core))
    return err_set(err, ERR_BUSY, "the database is away");
  document_set_text(exchange->reply, "status", VIEW_LITERAL("ok"));
  return ERR_OK;
}

// ── Persons, things, events ─────────────────────────────────────────────────────────────────

static enum err_code read_kinds(const struct exchange *exchange, uint64_t *ret_kinds,
                                struct err *err)
{
  const struct document *list = NULL;
  size_t count = 0;
  if (!document_has(exchange->body, "kinds"))
    return ERR_OK;
  enum err_code code = document_get_array(exchange->body, "kinds", &list, &count, err);
  for (size_t i = 0; code == ERR_OK && i < count; i++) {
    struct view name = VIEW_EMPTY;
    int32_t kind = 0;
    (void)document_as_text(document_at(list, i), &name);  // what is no text is no kind either
    code = words_index(exchange->policy, NAME_KIND, name, &kind, err);
    if (code == ERR_OK)
      *ret_kinds |= UINT64_C(1) << kind;
  }
  return code;
}

enum err_code route_subject(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"kinds"};
  struct person_add_input input = {0};
  struct person_add_output output;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_PERSON_ADD, err);
  if (code == ERR_OK)
    code = read_kinds(exchange, &input.kinds, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  char id[PUBLIC_ID_BYTES];
  words_person_write(exchange->core, output.person, id);
  document_set_text(exchange->reply, "id", view_of(id));
  return ERR_OK;
}

static enum err_code read_when(const struct exchange *exchange, const char *member, int64_t *ret_us,
                               struct err *err)
{
  struct view text;
  enum err_code code = exchange_text(exchange->body, member, &text, err);
  return code != ERR_OK ? code : words_when(exchange->core, text, ret_us, err);
}

// What a name of the policy stands for, taken from a member.
static enum err_code read_name(const struct exchange *exchange, enum name_kind kind,
                               const char *member, int32_t *ret_index, struct err *err)
{
  struct view name;
  enum err_code code = document_get_text(exchange->body, member, &name, err);
  if (code == ERR_OK)
    code = words_index(exchange->policy, kind, name, ret_index, err);
  return code;
}

static enum err_code read_thing(const struct exchange *exchange, const struct document *object,
                                const char *member, struct thing_id *ret_thing, struct err *err)
{
  struct view text;
  enum err_code code = exchange_text(object, member, &text, err);
  if (code != ERR_OK || text.length == 0)
    return code;
  return words_thing(exchange->core, text, ret_thing, err);
}

enum err_code route_thing(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "type", "in", "at"};
  struct thing_add_input input = {.type = -1};
  struct thing_add_output output;
  struct operation operation = OPERATION(&verb_thing_add, &input, &output);
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_THING_ADD, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = read_name(exchange, NAME_THING, "type", &input.type, err);
  if (code == ERR_OK)
    code = read_thing(exchange, exchange->body, "in", &input.parent, err);
  if (code == ERR_OK)
    code = read_when(exchange, "at", &input.effective_us, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  char id[PUBLIC_ID_BYTES];
  words_thing_write(exchange->core, output.thing, id);
  document_set_text(exchange->reply, "id", view_of(id));
  return ERR_OK;
}

enum err_code route_event(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "thing", "event", "at"};
  struct event_add_input input = {.event = -1};
  struct event_add_output output;
  struct operation operation = OPERATION(&verb_event_add, &input, &output);
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_EVENT_ADD, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = read_thing(exchange, exchange->body, "thing", &input.thing, err);
  if (code == ERR_OK)
    code = read_name(exchange, NAME_EVENT, "event", &input.event, err);
  if (code == ERR_OK)
    code = read_when(exchange, "at", &input.effective_us, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_int(exchange->reply, "event", output.event);
  return code;
}

enum err_code route_retraction(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "thing", "event"};
  struct event_retract_input input = {.event = 0};
  struct operation operation = OPERATION(&verb_event_retract, &input, NULL);
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_EVENT_RETRACT, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = read_thing(exchange, exchange->body, "thing", &input.thing, err);
  if (code == ERR_OK)
    code = document_get_int(exchange->body, "event", &input.event, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_int(exchange->reply, "event", input.event);
  return code;
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────

// The collection point must be one of the purpose that the call names. A point or source that the
// policy does not know is -1, for the gate to refuse.
static enum err_code read_point(struct exchange *exchange, struct record_put_input *input,
                                struct err *err)
{
  struct view point, source;
  enum err_code code = document_get_text(exchange->body, "point", &point, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "source", &source, err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_RECORD_PUT, err);
  if (code != ERR_OK)
    return code;
  input->point = policy_point(exchange->policy, point);
  input->source = policy_source(exchange->policy, source);
  if (input->point < 0)
    return ERR_OK;
  const struct point *row = &exchange->policy->points[input->point];
  return set_has(&row->purposes, exchange->purpose)
             ? ERR_OK
             : exchange_refuse(exchange, GATE_NOT_COLLECTED_FOR, row->place, LEDGER_OP_RECORD_PUT,
                               err);
}

static enum err_code read_put(struct exchange *exchange, struct record_put_input *input,
                              struct words_values *values, struct err *err)
{
  static const char *const members[] = {"subject", "point",    "source",
                                        "thing",   "obtained", "values"};
  const struct document *object = NULL;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input->person, err);
  if (code == ERR_OK)
    code = document_get_object(exchange->body, "values", &object, err);
  if (code == ERR_OK)
    code = words_values_read(object, values, err);
  if (code == ERR_OK)
    code = read_thing(exchange, exchange->body, "thing", &input->thing, err);
  if (code == ERR_OK && document_has(exchange->body, "obtained"))
    code = read_when(exchange, "obtained", &input->obtained_us, err);
  return code != ERR_OK ? code : read_point(exchange, input, err);
}

enum err_code route_record(struct exchange *exchange, struct err *err)
{
  struct words_values values = {.policy = exchange->policy};
  struct record_put_input input = {.point = -1};
  struct record_put_output output;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  enum err_code code = read_put(exchange, &input, &values, err);
  input.values = values.items;
  input.value_count = values.count;
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_int(exchange->reply, "records", output.count);
  return code;
}

// ── Uses and decisions ──────────────────────────────────────────────────────────────────────

// Whom it goes to, in which case, and why.
static enum err_code read_grounds(const struct exchange *exchange, const struct document *object,
                                  struct use_request *request, struct err *err)
{
  struct view to = VIEW_EMPTY;
  struct view reason = VIEW_EMPTY;
  struct thing_id of = {0};
  enum err_code code = exchange_text(object, "to", &to, err);
  if (code == ERR_OK)
    code = exchange_text(object, "reason", &reason, err);
  if (code == ERR_OK)
    code = read_thing(exchange, object, "case", &of, err);
  if (code != ERR_OK)
    return code;
  request->to = words_leaving(exchange->policy, to);
  request->case_thing = of.value;
  request->has_reason = view_trim(reason).length > 0;
  return ERR_OK;
}

static enum err_code read_use(const struct exchange *exchange, const struct document *object,
                              struct use_request *request, struct err *err)
{
  static const char *const members[] = {"subject", "field", "thing", "channel",
                                        "to",      "case",  "reason"};
  struct view field = VIEW_EMPTY;
  struct view channel = VIEW_EMPTY;
  struct thing_id thing = {0};
  request->actor = exchange->actor;
  request->purpose = exchange->purpose;
  request->channel = GATE_NO_CHANNEL;
  enum err_code code = document_only(object, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_person(exchange, object, &request->person, err);
  if (code == ERR_OK)
    code = document_get_text(object, "field", &field, err);
  if (code == ERR_OK)
    code = read_thing(exchange, object, "thing", &thing, err);
  if (code == ERR_OK)
    code = exchange_text(object, "channel", &channel, err);
  if (code == ERR_OK && channel.length > 0)
    code = words_channel(channel, &request->channel, err);
  if (code == ERR_OK)
    code = read_grounds(exchange, object, request, err);
  if (code != ERR_OK)
    return code;
  request->thing = thing.value;
  request->field = policy_field(exchange->policy, field);
  return ERR_OK;
}

enum err_code route_use(struct exchange *exchange, struct err *err)
{
  struct use_request request = {.mode = LEDGER_DURABLE};
  struct use_answer answer;
  enum err_code code = read_use(exchange, exchange->body, &request, err);
  if (code == ERR_OK)
    code = exchange_use(exchange, &request, &answer, err);
  if (code == ERR_OK)
    decision_set_use(exchange->reply, exchange->core, &answer);
  return code;
}

static enum err_code decide_into(struct exchange *exchange, const struct document *question,
                                 struct document *answer_object, struct err *err)
{
  struct use_request request = {.mode = LEDGER_DURABLE, .ask_only = true};
  struct use_answer answer = {.policy = NULL};
  enum err_code code = read_use(exchange, question, &request, err);
  if (code == ERR_OK)
    code = exchange_use(exchange, &request, &answer, err);
  // A refusal is the answer here, and no failure; one about nobody has no decision to show.
  if (code != ERR_OK && (code != ERR_REFUSED || answer.policy == NULL))
    return code;
  exchange->has_entry = false;
  decision_set(answer_object, &answer);
  return ERR_OK;
}

enum { DECISIONS_MAX = 100 };

static enum err_code decide_list(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"list"};
  const struct document *list = NULL;
  size_t count = 0;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = document_get_array(exchange->body, "list", &list, &count, err);
  if (code == ERR_OK && (count == 0 || count > DECISIONS_MAX))
    code = err_set(err, ERR_LIMIT, "a list has 1 to %d questions", DECISIONS_MAX);
  struct document *decisions = document_array();
  for (size_t i = 0; code == ERR_OK && i < count; i++) {
    struct document *decision = document_object();
    code = document_is_object(document_at(list, i))
               ? decide_into(exchange, document_at(list, i), decision, err)
               : err_set(err, ERR_INPUT, "a question is an object");
    if (code == ERR_NOT_FOUND || code == ERR_REFUSED) {
      document_set_bool(decision, "allowed", false);
      document_set_text(decision, "code", view_of(err_id(code)));
      code = ERR_OK;
    }
    document_add(decisions, decision);
  }
  document_set(exchange->reply, "decisions", decisions);
  return code;
}

enum err_code route_decision(struct exchange *exchange, struct err *err)
{
  return document_has(exchange->body, "list")
             ? decide_list(exchange, err)
             : decide_into(exchange, exchange->body, exchange->reply, err);
}

// ── The table ───────────────────────────────────────────────────────────────────────────────

const struct route route_table[] = {
    {"GET", "/healthz", "Says that the server answers and its database is there; needs no key", "",
     "{\"schema\": \"forvar.health/1\", \"status\": \"ok\"}", "forvar.health/1", 200, true,
     route_health},
    {"GET", "/notice",
     "What people are told of the policy, in Swedish or English by `lang` of the query, else by\n"
     "`Accept-Language`, else in Swedish; as `format` of the query says (html, md, pdf, json), "
     "else by\n`Accept`, else HTML. Of the version in force, or with `at` of the query (a day or "
     "a local time) of\nthe one in force then, or with `hash` of the one with that checksum; needs "
     "no key",
     "", "", "", 200, true, route_notice},
    {"GET", "/notice.sv", "The same in Swedish", "", "", "", 200, true, route_notice_sv},
    {"GET", "/notice.en", "The same in English", "", "", "", 200, true, route_notice_en},
    {"POST", "/v1/subjects", "Adds a person, without data", "{\"kinds\": [\"newsletter_reader\"]}",
     "{\"schema\": \"forvar.subject/1\", \"id\": \"p_9arpjxgtmskah\"}", "forvar.subject/1", 201,
     false, route_subject},
    {"POST", "/v1/things", "Adds a thing of a person; `at` is a local day or time, else now",
     "{\"subject\": \"p_9arpjxgtmskah\", \"type\": \"contract\", \"at\": \"2025-01-01\"}",
     "{\"schema\": \"forvar.thing/1\", \"id\": \"t_4k2m8x0p1q7rw\"}", "forvar.thing/1", 201, false,
     route_thing},
    {"POST", "/v1/events", "Records that something happened to a thing",
     "{\"subject\": \"p_9arpjxgtmskah\", \"thing\": \"t_4k2m8x0p1q7rw\",\n"
     " \"event\": \"contract.ended\", \"at\": \"2026-03-15\"}",
     "{\"schema\": \"forvar.event/1\", \"event\": 2}", "forvar.event/1", 201, false, route_event},
    {"POST", "/v1/retractions",
     "Says that an event did not happen; refused if a datum would lose its end by it",
     "{\"subject\": \"p_9arpjxgtmskah\", \"thing\": \"t_4k2m8x0p1q7rw\", \"event\": 2}",
     "{\"schema\": \"forvar.retraction/1\", \"event\": 2}", "forvar.retraction/1", 200, false,
     route_retraction},
    {"POST", "/v1/marks",
     "Says that a person is `deceased`, or that their identity is `protected`; `is` false: not so",
     "{\"subject\": \"p_9arpjxgtmskah\", \"mark\": \"deceased\", \"is\": true}",
     "{\"schema\": \"forvar.mark/1\", \"is\": true}", "forvar.mark/1", 200, false, route_mark},
    {"POST", "/v1/allowances",
     "Says that a person agreed that a named party gets data, or with `is` false no longer does",
     "{\"subject\": \"p_9arpjxgtmskah\", \"party\": \"insurer_a\", \"is\": true}",
     "{\"schema\": \"forvar.allowance/1\", \"is\": true}", "forvar.allowance/1", 200, false,
     route_allowance},
    {"POST", "/v1/openings",
     "Opens a category to the role in an emergency, in a case and for a reason, and makes a task "
     "of "
     "it",
     "{\"subject\": \"p_9arpjxgtmskah\", \"field\": \"order.history\",\n"
     " \"case\": \"t_4k2m8x0p1q7rw\", \"reason\": \"the same fault before\"}",
     "{\"schema\": \"forvar.opening/1\", \"until\": \"2026-12-02T11:00:00+01:00\"}",
     "forvar.opening/1", 200, false, route_opening},
    {"POST", "/v1/records",
     "Stores values, all of them or none; the collection point must serve the purpose",
     "{\"subject\": \"p_9arpjxgtmskah\", \"point\": \"purchase\", \"source\": \"self\",\n"
     " \"values\": {\"contact.name\": \"Anna Ek\", \"contact.email\": \"anna@example.com\"}}",
     "{\"schema\": \"forvar.records/1\", \"records\": 2}", "forvar.records/1", 201, false,
     route_record},
    {"POST", "/v1/uses",
     "Decides a use, records it, and only then answers with the values; 403 if refused. Of a\n"
     "field that the role sees masked only, the values are masks, such as `\"a••••\"`, and the\n"
     "decision has `\"masked\": true`",
     "{\"subject\": \"p_9arpjxgtmskah\", \"field\": \"contact.email\"}",
     "{\"schema\": \"forvar.use/1\",\n"
     " \"decision\": {\"allowed\": true, \"kind\": \"customer\", \"basis\": \"contract\",\n"
     "  \"law\": \"GDPR 6(1)(b)\", \"policy\": {\"id\": \"framsteget\", \"version\": 1, \"line\": "
     "121,\n"
     "  \"column\": 9}, \"at\": \"2026-03-15T12:00:00+01:00\", \"entry\": \"64 hex digits\"},\n"
     " \"values\": [{\"value\": \"anna@example.com\", \"recorded\": \"…\", \"obtained\": \"…\"}]}",
     "forvar.use/1", 200, false, route_use},
    {"POST", "/v1/decisions",
     "Decides and records without opening a value; one question, or `list` with up to 100. A "
     "question\n"
     "may say whom the data is `to`, in which `case` and for which `reason`. A refusal has `why` "
     "in\n"
     "Swedish and English, an allow its `duties`",
     "{\"list\": [{\"subject\": \"p_9arpjxgtmskah\", \"field\": \"contact.email\",\n"
     "           \"channel\": \"email\"}]}",
     "{\"schema\": \"forvar.decisions/1\",\n"
     " \"decisions\": [{\"allowed\": false, \"reason\": \"opted_out\", \"reasons\": "
     "[\"opted_out\"],\n"
     "  \"law\": \"GDPR 21(3)\", \"help\": \"…\", \"why\": {\"sv\": \"…\", \"en\": "
     "\"…\"},\n  \"policy\": {\"id\": \"framsteget\", "
     "\"version\": "
     "1},\n"
     "  \"at\": \"…\", \"entry\": \"64 hex digits\"}]}",
     "forvar.decisions/1", 200, false, route_decision},
    {"POST", "/v1/objections",
     "A person objects to what rests on an interest: to `purposes`, or without them to all of them "
     "and\nto advertising. Decided by `due`, or it is upheld",
     "{\"subject\": \"p_9arpjxgtmskah\", \"purposes\": [\"development\"]}",
     "{\"schema\": \"forvar.objection/1\", \"request\": 1, \"first\": 1, \"count\": 1, "
     "\"untouched\": 0,\n \"due\": \"…\", \"closed\": false}",
     "forvar.objection/1", 201, false, route_objection},
    {"POST", "/v1/objections/decisions",
     "The role of the key upholds or overrules an objection, with its reasons; an overruling names "
     "the\nauthority and the court",
     "{\"subject\": \"p_9arpjxgtmskah\", \"objection\": 1, \"outcome\": \"upheld\",\n"
     " \"reasons\": \"nothing that weighs more\"}",
     "{\"schema\": \"forvar.objection.decision/1\", \"objection\": 1, \"outcome\": "
     "\"upheld\"}",
     "forvar.objection.decision/1", 200, false, route_objection_decision},
    {"POST", "/v1/restrictions",
     "Restricts a person's data, or `fields` or a `thing` of it, to being stored; grounds are "
     "accuracy,\nunlawful, claims and objection. `needed` counts the purposes that cannot do "
     "without",
     "{\"subject\": \"p_9arpjxgtmskah\", \"ground\": \"accuracy\",\n"
     " \"fields\": [\"contact.address\"], \"matter\": \"says that it is old\"}",
     "{\"schema\": \"forvar.restriction/1\", \"restriction\": 1, \"request\": 1, "
     "\"review\": \"…\",\n \"needed\": 0}",
     "forvar.restriction/1", 201, false, route_restriction},
    {"POST", "/v1/restrictions/notices", "The person was told that the restriction is to be lifted",
     "{\"subject\": \"p_9arpjxgtmskah\", \"restriction\": 1}",
     "{\"schema\": \"forvar.restriction.notice/1\", \"restriction\": 1}",
     "forvar.restriction.notice/1", 200, false, route_restriction_notice},
    {"POST", "/v1/restrictions/lifts",
     "Lifts a restriction; 403 `notice_due` if the person was not told",
     "{\"subject\": \"p_9arpjxgtmskah\", \"restriction\": 1}",
     "{\"schema\": \"forvar.restriction.lift/1\", \"restriction\": 1}", "forvar.restriction.lift/1",
     200, false, route_restriction_lift},
    {"POST", "/v1/merges", "Says that two records are of one person: what either chose binds both",
     "{\"subject\": \"p_9arpjxgtmskah\", \"other\": \"p_2x7k0mwqv41rd\"}",
     "{\"schema\": \"forvar.merge/1\", \"other\": \"p_2x7k0mwqv41rd\"}", "forvar.merge/1", 200,
     false, route_merge},
    {"POST", "/v1/splits", "Undoes a merge",
     "{\"subject\": \"p_9arpjxgtmskah\", \"other\": \"p_2x7k0mwqv41rd\"}",
     "{\"schema\": \"forvar.split/1\", \"other\": \"p_2x7k0mwqv41rd\"}", "forvar.split/1", 200,
     false, route_split},
    {"GET", "/v1/subjects",
     "Says what the person of the header `Forvar-Subject` is, and how much there is about them", "",
     "{\"schema\": \"forvar.subject.show/1\", \"id\": \"p_9arpjxgtmskah\", \"kinds\": "
     "[\"customer\"],\n"
     " \"marketing_off\": [], \"things\": 1, \"events\": 1, \"records\": 2}",
     "forvar.subject.show/1", 200, false, route_show_subject},
    {"GET", "/v1/things", "Lists the things of the person of the header `Forvar-Subject`", "",
     "{\"schema\": \"forvar.thing.list/1\", \"things\": [{\"id\": \"t_4k2m8x0p1q7rw\",\n"
     "  \"type\": \"contract\", \"recorded\": \"…\",\n"
     "  \"spans\": [{\"name\": \"contract.running\", \"state\": \"active\"}]}]}",
     "forvar.thing.list/1", 200, false, route_show_things},
    {"GET", "/v1/events", "Lists what happened to them, with both times and what was taken back",
     "",
     "{\"schema\": \"forvar.event.list/1\", \"events\": [{\"thing\": \"t_4k2m8x0p1q7rw\",\n"
     "  \"event\": 1, \"name\": \"contract.signed\", \"effective\": \"…\", \"recorded\": "
     "\"…\"}]}",
     "forvar.event.list/1", 200, false, route_show_events},
    {"GET", "/v1/records",
     "Lists the records that serve the purpose, of fields that the role reads, without their "
     "values",
     "",
     "{\"schema\": \"forvar.record.list/1\", \"records\": [{\"field\": \"contact.email\",\n"
     "  \"number\": 0, \"version\": 1, \"point\": \"purchase\", \"source\": \"self\", "
     "\"recorded\": \"…\",\n"
     "  \"obtained\": \"…\", \"purposes\": [\"services\"], \"ends\": \"open\"}]}",
     "forvar.record.list/1", 200, false, route_show_records},
    {"GET", "/v1/consents",
     "Lists what the person of the header `Forvar-Subject` can agree to, how each consent stands, "
     "and\nthe evidence",
     "",
     "{\"schema\": \"forvar.consent.list/1\", \"consents\": [{\"consent\": \"newsletter\", "
     "\"state\": \"given\",\n"
     "  \"text\": \"newsletter_text\", \"text_holds\": true, \"method\": \"click\", "
     "\"channel\": \"web\",\n"
     "  \"language\": \"sv\", \"express\": false, \"by_parent\": false, \"policy\": 3, "
     "\"since\": \"…\",\n"
     "  \"recorded\": \"…\", \"until\": \"…\", \"thing\": \"t_4k2m8x0p1q7rw\"}]}",
     "forvar.consent.list/1", 200, false, route_show_consents},
    {"POST", "/v1/consents",
     "Enters how a consent comes to stand: `state` is requested, deferred, refused, given (also if "
     "left\nout), withdrawn or invalidated. `language`, `channel` and `method` (click, signature, "
     "word, letter,\nsetting, confirmation) are the evidence; `form` express where GDPR 9 or 22 "
     "asks; `by` parent, `born`\nand `country` where a child consents. Giving again renews",
     "{\"subject\": \"p_9arpjxgtmskah\", \"consent\": \"newsletter\", \"language\": \"sv\"}",
     "{\"schema\": \"forvar.consent/1\", \"state\": \"given\", \"thing\": "
     "\"t_4k2m8x0p1q7rw\",\n \"until\": \"…\", \"ended\": 0}",
     "forvar.consent/1", 201, false, route_consent},
    {"GET", "/v1/tasks",
     "Lists what is to be done about the person, or in the case, of the header `Forvar-Subject`: "
     "who\nelse has data that was erased, and what became of it",
     "",
     "{\"schema\": \"forvar.task.list/1\", \"tasks\": [{\"subject\": \"p_9arpjxgtmskah\", "
     "\"task\": 1,\n"
     "  \"kind\": \"tell\", \"about\": \"erasure\", \"party\": \"printers\", \"state\": "
     "\"open\",\n"
     "  \"answer\": false, \"attempt\": 0, \"made\": \"…\", \"due\": \"…\", \"history\": "
     "\"[]\"}]}",
     "forvar.task.list/1", 200, false, route_show_tasks},
    {"POST", "/v1/tasks",
     "Says what became of a task: `told`, `confirmed`, `impossible`, `disproportionate` (both "
     "with\n"
     "`reason` and the role of an `approver`) or `failed` (with `reason`; it stays open)",
     "{\"subject\": \"p_9arpjxgtmskah\", \"task\": 1, \"state\": \"confirmed\"}",
     "{\"schema\": \"forvar.task/1\", \"task\": 1, \"state\": \"confirmed\", \"closed\": "
     "true,\n \"request_closed\": true}",
     "forvar.task/1", 200, false, route_task},
    {"POST", "/v1/statistics",
     "Makes a figure that the policy declares for this purpose, of groups that are large enough: "
     "no row\nof it is about anybody. 403 `group_too_small` if no group is",
     "{\"name\": \"site_use\"}",
     "{\"schema\": \"forvar.statistic/1\", \"figure\": {\"statistic\": \"site_use\", \"at\": "
     "\"…\",\n"
     "  \"by\": [\"usage.page\"], \"groups\": [{\"values\": [\"start\"], \"persons\": 6, "
     "\"records\": "
     "8}],\n  \"hidden\": 1}}",
     "forvar.statistic/1", 200, false, route_statistic},
    {NULL},
};
