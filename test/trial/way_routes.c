// By the routes (doc/api.md), without the sockets in front of them.
#include <stdio.h>
#include <string.h>

#include "api/route.h"
#include "api/words.h"
#include "core/names.h"
#include "ways.h"

enum { ROLES_MAX = 64 };

struct routes {
  struct core *core;
  struct home *home;
  struct api_worker *worker;
  char tokens[ROLES_MAX][SERVICE_TOKEN_BYTES];  // by role; "": none yet
  int64_t policy_version;                       // of the roles
};

static struct routes the_routes;

static enum err_code begin(void *context, struct core *core, const char *store_uri, struct err *err)
{
  struct routes *routes = context;
  *routes = (struct routes){.core = core};
  enum err_code code = home_around(core, store_uri, &routes->home, err);
  return code != ERR_OK ? code : api_worker_new(routes->home, &routes->worker, err);
}

static void end(void *context)
{
  struct routes *routes = context;
  api_worker_free(routes->worker);
  home_around_end(routes->home);
}

// A key of the role, made when it is first needed.
static enum err_code token_of(struct routes *routes, int32_t role, const char **ret_token,
                              struct err *err)
{
  const struct policy *policy = core_policy(routes->core);
  if (routes->policy_version != policy->version) {
    memset(routes->tokens, 0, sizeof routes->tokens);
    routes->policy_version = policy->version;
  }
  *ret_token = routes->tokens[role];
  return routes->tokens[role][0] != '\0' ? ERR_OK
                                         : home_service_add(routes->home, policy->roles[role].name,
                                                            role, -1, routes->tokens[role], err);
}

struct call {
  const char *path;
  int32_t role, purpose;
  const struct document *body;
};

// ERR_OK with the reply of a success; else the error that the problem tells.
static enum err_code ask(struct routes *routes, const struct call *call,
                         struct document **ret_reply, struct err *err)
{
  const char *token = NULL;
  char authorization[SERVICE_TOKEN_BYTES + 8];
  OWNED(str) struct str body = STR_INIT(WAY_TEXT_BYTES_MAX);
  struct api_reply reply = API_REPLY_INIT;
  enum err_code code = token_of(routes, call->role, &token, err);
  if (code == ERR_OK)
    code = document_write(call->body, DOCUMENT_LINE, &body, err);
  if (code != ERR_OK)
    return code;
  (void)snprintf(authorization, sizeof authorization, "Bearer %s", token);
  struct api_request request = {
      .method = VIEW_LITERAL("POST"),
      .path = view_of(call->path),
      .authorization = view_of(authorization),
      .purpose = view_of(core_policy(routes->core)->purposes[call->purpose].name),
      .body = str_view(&body)};
  api_answer(routes->worker, &request, &reply);
  code = document_read(str_view(&reply.body), ret_reply, err);
  if (code == ERR_OK && reply.status >= 300)
    code = way_error(*ret_reply, err);
  str_clear(&reply.body);
  return code;
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────

static void set_person(const struct routes *routes, struct document *body, struct person_id person)
{
  char id[PUBLIC_ID_BYTES];
  words_person_write(routes->core, person, id);
  document_set_text(body, "subject", view_of(id));
}

static void set_thing(const struct routes *routes, struct document *body, const char *member,
                      struct thing_id thing)
{
  char id[PUBLIC_ID_BYTES];
  if (thing.value == 0)
    return;
  words_thing_write(routes->core, thing, id);
  document_set_text(body, member, view_of(id));
}

static enum err_code add_thing(struct routes *routes, const struct thing_add_input *input,
                               struct thing_add_output *output, bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(routes->core);
  char when[WAY_WHEN_BYTES];
  struct call call = {.path = "/v1/things"};
  *ret_taken = input->type >= 0 && way_when(policy, input->effective_us, when) &&
               way_writer(policy, -1, &call.role, &call.purpose);
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *body = document_object();
  OWNED(document) struct document *reply = NULL;
  struct view id;
  set_person(routes, body, input->person);
  set_thing(routes, body, "in", input->parent);
  document_set_text(body, "type", view_of(names_of_policy(policy, NAME_THING, input->type)));
  document_set_text(body, "at", view_of(when));
  call.body = body;
  enum err_code code = ask(routes, &call, &reply, err);
  if (code == ERR_OK)
    code = document_get_text(reply, "id", &id, err);
  return code != ERR_OK ? code : words_thing(routes->core, id, &output->thing, err);
}

static enum err_code add_event(struct routes *routes, const struct event_add_input *input,
                               bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(routes->core);
  char when[WAY_WHEN_BYTES];
  struct call call = {.path = "/v1/events"};
  *ret_taken = way_when(policy, input->effective_us, when) &&
               way_writer(policy, -1, &call.role, &call.purpose);
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *body = document_object();
  OWNED(document) struct document *reply = NULL;
  set_person(routes, body, input->person);
  set_thing(routes, body, "thing", input->thing);
  document_set_text(body, "event", view_of(names_of_policy(policy, NAME_EVENT, input->event)));
  document_set_text(body, "at", view_of(when));
  call.body = body;
  return ask(routes, &call, &reply, err);
}

static enum err_code put(struct routes *routes, const struct record_put_input *input,
                         bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(routes->core);
  char when[WAY_WHEN_BYTES];
  struct call call = {.path = "/v1/records"};
  *ret_taken = input->point >= 0 && input->source >= 0 &&
               (input->obtained_us == 0 || way_when(policy, input->obtained_us, when)) &&
               way_writer(policy, input->point, &call.role, &call.purpose);
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *body = document_object();
  OWNED(document) struct document *reply = NULL;
  set_person(routes, body, input->person);
  set_thing(routes, body, "thing", input->thing);
  document_set_text(body, "point", view_of(names_of_policy(policy, NAME_POINT, input->point)));
  document_set_text(body, "source", view_of(names_of_policy(policy, NAME_SOURCE, input->source)));
  if (input->obtained_us != 0)
    document_set_text(body, "obtained", view_of(when));
  document_set(body, "values", way_values(policy, input));
  call.body = body;
  return ask(routes, &call, &reply, err);
}

static enum err_code perform(void *context, struct operation *operation, bool *ret_taken,
                             struct err *err)
{
  struct routes *routes = context;
  if (operation->verb == &verb_thing_add)
    return add_thing(routes, operation->input, operation->output, ret_taken, err);
  if (operation->verb == &verb_event_add)
    return add_event(routes, operation->input, ret_taken, err);
  if (operation->verb == &verb_record_put)
    return put(routes, operation->input, ret_taken, err);
  return ERR_OK;
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

static const char *channel_name(int32_t channel)
{
  static const char *const names[] = {"email", "sms", "phone", "letter"};
  return names[channel];
}

static enum err_code use(void *context, const struct use_request *request,
                         const struct use_answer *expected, bool *ret_taken, struct err *err)
{
  struct routes *routes = context;
  const struct policy *policy = core_policy(routes->core);
  *ret_taken = request->actor.role >= 0 && request->purpose >= 0 && request->field >= 0;
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *body = document_object();
  OWNED(document) struct document *reply = NULL;
  struct call call = {request->ask_only ? "/v1/decisions" : "/v1/uses", request->actor.role,
                      request->purpose, body};
  set_person(routes, body, request->person);
  set_thing(routes, body, "thing", (struct thing_id){request->thing});
  document_set_text(body, "field", view_of(policy->fields[request->field].name));
  if (request->channel != GATE_NO_CHANNEL)
    document_set_text(body, "channel", view_of(channel_name(request->channel)));
  if (request->to.named)
    document_set_text(body, "to", view_of(way_leaving(policy, request->to)));
  set_thing(routes, body, "case", (struct thing_id){request->case_thing});
  if (request->has_reason)
    document_set_text(body, "reason", VIEW_LITERAL("asked for"));
  struct way_told told = {.is_allowed = false};
  enum err_code code = ask(routes, &call, &reply, err);
  if (code != ERR_OK && code != ERR_REFUSED)
    return code;
  if (code == ERR_REFUSED)
    (void)!document_get_text(reply, "reason", &told.reason, err);
  else if (request->ask_only)
    way_read_decision(reply, &told);
  else
    way_read_values(reply, &told);
  return way_compare(&told, request, expected, err);
}

const struct trial_way way_routes = {&the_routes, begin, end, perform, use};
