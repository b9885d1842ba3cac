// The routes: method, path, what goes in and what comes out, and the handler, one row each. From
// the table come the dispatch and doc/api.md.
//
// Nothing here knows of sockets: a request is what a server has read, a reply is what it sends.
//
//   struct api_reply reply = API_REPLY_INIT;
//   api_answer(worker, &request, &reply);
//
// In front of every handler but those of open routes stand the service key, the purpose and the
// strict reading of the body. What fails becomes a problem (RFC 9457); neither it nor a log ever
// holds personal data, and no URL does.
#ifndef FORVAR_API_ROUTE_H
#define FORVAR_API_ROUTE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "home/home.h"

enum { API_BODY_BYTES_MAX = 1024 * 1024, API_REPLY_BYTES_MAX = 64 * 1024 * 1024 };

struct api_request {
  struct view method, path;
  struct view authorization, purpose, idempotency_key;  // headers; NULL bytes: not there
  struct view subject, accept, language;
  struct view lang, format, at, hash;  // of the query: which notice; no other is read
  struct view body;
};

struct api_reply {
  int status;
  const char *content_type;
  const char *allow;  // methods of the path, with status 405; else NULL
  bool replayed;      // an operation that was done before, under the same key
  struct str body;
};
#define API_REPLY_INIT                                                \
  {                                                                   \
    0, "application/json", NULL, false, STR_INIT(API_REPLY_BYTES_MAX) \
  }

// What one thread needs to answer: a reader of its own.
struct api_worker;
MUST_CHECK enum err_code api_worker_new(struct home *home, struct api_worker **ret_worker,
                                        struct err *err);
void api_worker_free(struct api_worker *worker);  // NULL is a no-op

// Always makes a reply.
void api_answer(struct api_worker *worker, const struct api_request *request,
                struct api_reply *ret_reply);

// The reply to a request that the server itself turns away.
void api_problem(const struct err *err, struct api_reply *ret_reply);

struct exchange;

struct route {
  const char *method, *path;
  const char *summary;          // one line, no full stop
  const char *request, *reply;  // examples, for the page
  const char *schema;           // of the reply
  int status;                   // of success
  bool is_open;                 // needs no key and no purpose
  enum err_code (*handle)(struct exchange *exchange, struct err *err);
};

// Ended by a row without path.
extern const struct route route_table[];

#endif
