#include "api/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/decision.h"
#include "api/exchange.h"
#include "api/refusal.h"

struct api_worker {
  struct home *home;
  struct reader *reader;
};

enum err_code api_worker_new(struct home *home, struct api_worker **ret_worker, struct err *err)
{
  struct api_worker *worker = calloc(1, sizeof *worker);
  if (worker == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a worker");
  worker->home = home;
  enum err_code code = home_reader(home, &worker->reader, err);
  if (code != ERR_OK) {
    free(worker);
    return code;
  }
  *ret_worker = worker;
  return ERR_OK;
}

void api_worker_free(struct api_worker *worker)
{
  if (worker == NULL)
    return;
  reader_close(worker->reader);
  free(worker);
}

// ── Problems ────────────────────────────────────────────────────────────────────────────────

static void set_policy(struct document *problem, const struct refusal *refusal)
{
  struct document *place = document_object();
  document_set_text(place, "id", refusal->policy);
  document_set_int(place, "version", refusal->version);
  document_set_int(place, "line", refusal->line);
  document_set_int(place, "column", refusal->column);
  document_set(problem, "policy", place);
}

static struct document *problem_document(const struct err *err, int status, const char *entry)
{
  struct refusal refusal = refusal_of(err);
  char text[40 + DECISION_ENTRY_BYTES];
  struct document *problem = document_object();
  (void)snprintf(text, sizeof text, "urn:forvar:problem:%s", err_id(err->code));
  document_set_text(problem, "type", view_of(text));
  document_set_text(problem, "title", view_of(err_title(err->code)));
  document_set_int(problem, "status", status);
  document_set_text(problem, "detail", view_of(err->message));
  if (entry != NULL) {
    (void)snprintf(text, sizeof text, "urn:forvar:entry:%s", entry);
    document_set_text(problem, "instance", view_of(text));
  }
  document_set_text(problem, "code", view_of(err_id(err->code)));
  if (refusal.reason.length > 0)
    document_set_text(problem, "reason", refusal.reason);
  if (refusal.policy.length > 0)
    set_policy(problem, &refusal);
  else if (err->where[0] != '\0')
    document_set_text(problem, "where", view_of(err->where));
  if (err->rule[0] != '\0')
    document_set_text(problem, "law", view_of(err->rule));
  if (err->hint[0] != '\0')
    document_set_text(problem, "help", view_of(err->hint));
  return problem;
}

static void reply_problem(const struct err *err, int status, const char *entry,
                          struct api_reply *reply)
{
  OWNED(document) struct document *problem = problem_document(err, status, entry);
  struct err second = ERR_INIT;
  str_clear(&reply->body);
  reply->status = status;
  reply->content_type = "application/problem+json";
  if (document_write(problem, DOCUMENT_LINE, &reply->body, &second) != ERR_OK)
    reply->status = err_http_status(ERR_MEMORY);  // nothing is left to tell it with
}

void api_problem(const struct err *err, struct api_reply *ret_reply)
{
  reply_problem(err, err_http_status(err->code), NULL, ret_reply);
}

// ── Who calls ───────────────────────────────────────────────────────────────────────────────

static enum err_code authenticate(struct exchange *exchange, struct err *err)
{
  static const char scheme[] = "Bearer ";
  struct view token = exchange->request->authorization;
  if (!view_starts(token, scheme)) {
    err_set(err, ERR_UNAUTHENTICATED, "no service key was given");
    return err_hint(err, "send the header Authorization: Bearer fvk_...");
  }
  token = view_bytes(token.bytes + strlen(scheme), token.length - strlen(scheme));
  return home_service_find(exchange->home, token, &exchange->actor, err);
}

static enum err_code read_purpose(struct exchange *exchange, struct err *err)
{
  if (exchange->request->purpose.length == 0) {
    err_set(err, ERR_USAGE, "the call does not say what for");
    return err_hint(err, "send the header Forvar-Purpose with a purpose of the policy");
  }
  exchange->purpose = policy_purpose(exchange->policy, exchange->request->purpose);
  return ERR_OK;
}

// ── Answering ───────────────────────────────────────────────────────────────────────────────

static enum err_code prepare(struct exchange *exchange, struct document **ret_body, struct err *err)
{
  if (exchange->policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  enum err_code code = authenticate(exchange, err);
  if (code == ERR_OK)
    code = read_purpose(exchange, err);
  if (code != ERR_OK || view_is(exchange->request->method, "GET"))
    return code;
  code = document_read(exchange->request->body, ret_body, err);
  if (code == ERR_OK && !document_is_object(*ret_body))
    code = err_set(err, ERR_INPUT, "the body is a JSON object");
  exchange->body = *ret_body;
  return code;
}

static const struct route *find_route(const struct api_request *request, const char **ret_allow)
{
  *ret_allow = NULL;
  for (const struct route *row = route_table; row->path != NULL; row++) {
    if (!view_is(request->path, row->path))
      continue;
    if (view_is(request->method, row->method))
      return row;
    *ret_allow = *ret_allow == NULL ? row->method : "GET, POST";  // a path has no others
  }
  return NULL;
}

static void answer_no_route(const char *allow, struct api_reply *reply)
{
  enum { METHOD_NOT_ALLOWED = 405 };
  struct err err = ERR_INIT;
  if (allow == NULL) {
    err_set(&err, ERR_NOT_FOUND, "there is no such route");
    api_problem(&err, reply);
    return;
  }
  err_set(&err, ERR_USAGE, "the route has another method");
  reply_problem(&err, METHOD_NOT_ALLOWED, NULL, reply);
  reply->allow = allow;
}

void api_answer(struct api_worker *worker, const struct api_request *request,
                struct api_reply *ret_reply)
{
  const char *allow = NULL;
  const struct route *route = find_route(request, &allow);
  if (route == NULL) {
    answer_no_route(allow, ret_reply);
    return;
  }
  struct err err = ERR_INIT;
  OWNED(document) struct document *body = NULL;
  OWNED(document) struct document *reply = document_object();
  struct core *core = home_core(worker->home);
  struct exchange exchange = {
      .home = worker->home,
      .core = core,
      .reader = worker->reader,
      .request = request,
      .policy = core_policy(core),
      .purpose = -1,
      .reply = reply,
      .text = &ret_reply->body,
      .arena = ARENA_INIT,
  };
  document_set_text(reply, "schema", view_of(route->schema));
  enum err_code code = route->is_open ? ERR_OK : prepare(&exchange, &body, &err);
  if (code == ERR_OK)
    code = route->handle(&exchange, &err);
  if (code == ERR_OK && exchange.text_type == NULL)
    code = document_write(reply, DOCUMENT_LINE, &ret_reply->body, &err);
  else if (code == ERR_OK && !str_ok(&ret_reply->body))
    code = err_set(&err, ERR_MEMORY, "no memory for the reply");
  if (code == ERR_OK && exchange.text_type != NULL)
    ret_reply->content_type = exchange.text_type;
  arena_clear(&exchange.arena);
  ret_reply->status = route->status;
  ret_reply->replayed = exchange.replayed;
  if (code == ERR_OK)
    return;
  char entry[DECISION_ENTRY_BYTES];
  decision_entry_name(exchange.entry, entry);
  reply_problem(&err, err_http_status(code), exchange.has_entry ? entry : NULL, ret_reply);
}
