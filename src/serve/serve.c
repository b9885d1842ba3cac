#include "serve/serve.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "api/route.h"
#include "base/assert.h"
#include "base/disk.h"
#include "home/home.h"
#include "serve/listen.h"

#include <microhttpd.h>

#define ADDRESS_FILE "serve.address"

struct server {
  struct home *home;
  const struct serve_options *options;
  struct MHD_Daemon *daemon;
  pthread_mutex_t mutex;  // of what follows
  struct api_worker *workers[SERVE_THREADS];
  int worker_count;   // idle ones
  int request_count;  // that have begun and are not answered
  pthread_cond_t answered;
};

static void tell(const struct serve_options *options, const char *format, ...) PRINTF_LIKE(2, 3);
static void tell(const struct serve_options *options, const char *format, ...)
{
  char line[ERR_MESSAGE_BYTES + ERR_HINT_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (options->told != NULL)
    options->told(options->context, line);
}

// ── Workers ─────────────────────────────────────────────────────────────────────────────────

// There are as many workers as threads, and a thread holds one only while it answers.
static struct api_worker *lend_worker(struct server *server)
{
  INVARIANT(pthread_mutex_lock(&server->mutex) == 0);
  INVARIANT(server->worker_count > 0);
  struct api_worker *worker = server->workers[--server->worker_count];
  INVARIANT(pthread_mutex_unlock(&server->mutex) == 0);
  return worker;
}

static void give_back(struct server *server, struct api_worker *worker)
{
  INVARIANT(pthread_mutex_lock(&server->mutex) == 0);
  server->workers[server->worker_count++] = worker;
  INVARIANT(pthread_mutex_unlock(&server->mutex) == 0);
}

static enum err_code make_workers(struct server *server, struct err *err)
{
  for (; server->worker_count < SERVE_THREADS; server->worker_count++) {
    enum err_code code = api_worker_new(server->home, &server->workers[server->worker_count], err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

// ── Requests ────────────────────────────────────────────────────────────────────────────────

struct incoming {  // one request while it is read
  struct str body;
  size_t dropped;  // bytes past the limit of the body
};

// How much of a body that is too long is read, so that its sender hears why it is refused.
enum { DROPPED_BYTES_MAX = 16 * API_BODY_BYTES_MAX };

static void count_request(struct server *server, int change)
{
  INVARIANT(pthread_mutex_lock(&server->mutex) == 0);
  server->request_count += change;
  INVARIANT(pthread_cond_broadcast(&server->answered) == 0);
  INVARIANT(pthread_mutex_unlock(&server->mutex) == 0);
}

struct header_search {
  const char *name;
  int count;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
  (void)kind;
  (void)value;
  struct header_search *search = context;
  search->count += strcasecmp(name, search->name) == 0;
  return MHD_YES;
}

static int header_count(struct MHD_Connection *connection, const char *name)
{
  struct header_search search = {name, 0};
  (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &search);
  return search.count;
}

static struct view header(struct MHD_Connection *connection, const char *name)
{
  return view_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static struct view query(struct MHD_Connection *connection, const char *name)
{
  return view_of(MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name));
}

static enum err_code too_long(struct err *err)
{
  return err_set(err, ERR_LIMIT, "a body has at most %d bytes", API_BODY_BYTES_MAX);
}

// How long a body is must have one reading only, and within our limit.
static enum err_code check_lengths(struct MHD_Connection *connection, struct err *err)
{
  int lengths = header_count(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  int encodings = header_count(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
  int64_t length = 0;
  if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0))
    return err_set(err, ERR_USAGE, "the request says more than once how long it is");
  if (lengths == 0)
    return ERR_OK;
  if (!view_int64(header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH), &length) || length < 0)
    return err_set(err, ERR_USAGE, "the length of the request is no number");
  return length <= API_BODY_BYTES_MAX ? ERR_OK : too_long(err);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct api_reply *reply,
                                  bool close)
{
  struct MHD_Response *response = MHD_create_response_from_buffer(
      reply->body.length, (void *)(uintptr_t)str_text(&reply->body), MHD_RESPMEM_MUST_COPY);
  if (response == NULL)
    return MHD_NO;
  const struct {
    const char *name, *value;
  } headers[] = {
      {MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type},
      {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
      {MHD_HTTP_HEADER_ALLOW, reply->allow},
      {MHD_HTTP_HEADER_WWW_AUTHENTICATE, reply->status == MHD_HTTP_UNAUTHORIZED ? "Bearer" : NULL},
      {MHD_HTTP_HEADER_RETRY_AFTER, reply->status == MHD_HTTP_SERVICE_UNAVAILABLE ? "1" : NULL},
      {"Idempotency-Replayed", reply->replayed ? "true" : NULL},
      {MHD_HTTP_HEADER_CONNECTION, close ? "close" : NULL},
  };
  enum MHD_Result result = MHD_YES;
  for (size_t i = 0; i < ARRAY_COUNT(headers) && result == MHD_YES; i++)
    if (headers[i].value != NULL)
      result = MHD_add_response_header(response, headers[i].name, headers[i].value);
  if (result == MHD_YES)
    result = MHD_queue_response(connection, (unsigned int)reply->status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result turn_away(struct MHD_Connection *connection, const struct err *err)
{
  struct api_reply reply = API_REPLY_INIT;
  api_problem(err, &reply);
  enum MHD_Result result = send_reply(connection, &reply, true);
  str_clear(&reply.body);
  return result;
}

// A body without an announced length turned out to be too long, or memory is out for it.
static enum MHD_Result turn_away_too_long(struct MHD_Connection *connection)
{
  struct err err = ERR_INIT;
  (void)too_long(&err);
  return turn_away(connection, &err);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
                              const char *path, const char *method, const struct incoming *incoming)
{
  struct api_reply reply = API_REPLY_INIT;
  struct api_request request = {
      .method = view_of(method),
      .path = view_of(path),
      .authorization = header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
      .purpose = header(connection, "Forvar-Purpose"),
      .idempotency_key = header(connection, "Idempotency-Key"),
      .subject = header(connection, "Forvar-Subject"),
      .accept = header(connection, MHD_HTTP_HEADER_ACCEPT),
      .language = header(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
      .lang = query(connection, "lang"),
      .format = query(connection, "format"),
      .at = query(connection, "at"),
      .hash = query(connection, "hash"),
      .body = str_view(&incoming->body),
  };
  struct api_worker *worker = lend_worker(server);
  api_answer(worker, &request, &reply);
  give_back(server, worker);
  enum MHD_Result result = send_reply(connection, &reply, false);
  str_clear(&reply.body);
  return result;
}

// Called once when the headers are there, for each part of the body, and once at its end.
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *upload, size_t *upload_length, void **of_connection)
{
  (void)version;
  struct incoming *incoming = *of_connection;
  if (incoming == NULL) {
    struct err err = ERR_INIT;
    if (check_lengths(connection, &err) != ERR_OK)
      return turn_away(connection, &err);
    incoming = calloc(1, sizeof *incoming);
    if (incoming == NULL)
      return MHD_NO;
    incoming->body = (struct str)STR_INIT(API_BODY_BYTES_MAX);
    *of_connection = incoming;
    count_request(context, 1);
    return MHD_YES;
  }
  if (*upload_length == 0)
    return str_ok(&incoming->body) ? answer(context, connection, path, method, incoming)
                                   : turn_away_too_long(connection);
  str_add(&incoming->body, view_bytes(upload, *upload_length));
  if (!str_ok(&incoming->body))
    incoming->dropped += *upload_length;
  *upload_length = 0;
  // A body that announced no length and does not end: the connection is cut.
  return incoming->dropped <= DROPPED_BYTES_MAX ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **of_connection,
                         enum MHD_RequestTerminationCode why)
{
  (void)connection;
  (void)why;
  struct incoming *incoming = *of_connection;
  if (incoming == NULL)
    return;
  count_request(context, -1);
  str_clear(&incoming->body);
  free(incoming);
  *of_connection = NULL;
}

// The library would print parts of requests.
static void say_nothing(void *context, const char *format, va_list arguments)
{
  (void)context;
  (void)format;
  (void)arguments;
}

// ── Running ─────────────────────────────────────────────────────────────────────────────────

static enum err_code start(struct server *server, int socket, struct err *err)
{
  server->daemon = MHD_start_daemon(
      MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_USE_ITC, 0, NULL, NULL, on_request,
      server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,  //
      MHD_OPTION_LISTEN_SOCKET, socket,                       //
      MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)SERVE_THREADS, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned int)SERVE_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned int)SERVE_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVE_MEMORY_BYTES,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
      MHD_OPTION_END);
  return server->daemon != NULL ? ERR_OK
                                : err_set(err, ERR_SYSTEM, "the server could not be started");
}

// Jobs each second until a signal asks to stop. A job that fails is tried again; what fails for
// long is told once a minute.
static void run_jobs(struct server *server, const sigset_t *signals)
{
  enum { TELL_EVERY_S = 60 };
  const struct timespec second = {1, 0};
  int silent_s = 0;
  while (sigtimedwait(signals, NULL, &second) < 0) {
    struct err err = ERR_INIT;
    silent_s = silent_s > 0 ? silent_s - 1 : 0;
    if (home_jobs(server->home, &err) == ERR_OK || silent_s > 0)
      continue;
    tell(server->options, "a job failed: %s%s%s", err.message, err.hint[0] == '\0' ? "" : "; ",
         err.hint);
    silent_s = TELL_EVERY_S;
  }
}

// Requests that have begun are answered. One on which nothing moves is cut by the time-out of its
// connection, so that this comes to an end.
static void wait_for_answers(struct server *server)
{
  INVARIANT(pthread_mutex_lock(&server->mutex) == 0);
  while (server->request_count > 0)
    INVARIANT(pthread_cond_wait(&server->answered, &server->mutex) == 0);
  INVARIANT(pthread_mutex_unlock(&server->mutex) == 0);
}

// No new connections; what is being answered is finished.
static void stop(struct server *server)
{
  int socket = MHD_quiesce_daemon(server->daemon);
  wait_for_answers(server);
  MHD_stop_daemon(server->daemon);
  if (socket >= 0)
    (void)close(socket);
  tell(server->options, "stopped");
}

static enum err_code serve(struct server *server, struct listener *listener,
                           const sigset_t *signals, struct err *err)
{
  struct disk disk = disk_folder(home_folder(server->home));
  OWNED(str) struct str line = STR_INIT(LISTEN_TEXT_BYTES + 1);
  str_format(&line, "%s\n", listener->text);
  enum err_code code = start(server, listener->socket, err);
  if (code != ERR_OK)
    return code;
  listener->socket = -1;  // the library's from here on
  struct console *console = NULL;
  if (server->options->carry_out != NULL)
    code = console_open(home_folder(server->home), server->options->carry_out, server->home,
                        &console, err);
  if (code == ERR_OK)
    code = disk.replace(disk.context, ADDRESS_FILE, str_view(&line), err);
  if (code == ERR_OK) {
    tell(server->options, "listening on %s", listener->text);
    if (server->options->ready != NULL)
      server->options->ready(server->options->context, listener->text);
    run_jobs(server, signals);
  }
  console_close(console);
  stop(server);
  return code;
}

static void remove_address(const struct home *home)
{
  OWNED(str) struct str path = STR_INIT(4096);
  str_format(&path, "%s/" ADDRESS_FILE, home_folder(home));
  (void)unlink(str_text(&path));
}

static sigset_t ending_signals(void)
{
  sigset_t signals;
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, SIGTERM);
  (void)sigaddset(&signals, SIGINT);
  (void)sigaddset(&signals, SIGHUP);
  return signals;
}

enum err_code serve_block_signals(struct err *err)
{
  sigset_t signals = ending_signals();
  if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
    return err_set(err, ERR_SYSTEM, "signals cannot be blocked");
  return ERR_OK;
}

enum err_code serve_run(struct home *home, const struct serve_options *options, struct err *err)
{
  struct server server = {.home = home, .options = options};
  struct listener listener = LISTENER_INIT;
  sigset_t signals = ending_signals();
  (void)pthread_mutex_init(&server.mutex, NULL);  // cannot fail on Linux
  (void)pthread_cond_init(&server.answered, NULL);
  enum err_code code = options->socket_path != NULL
                           ? listen_unix(options->socket_path, &listener, err)
                           : listen_address(options->listen, &listener, err);
  if (code == ERR_OK && !listener.is_local)
    tell(options, "other machines can reach this address, and there is no encryption");
  if (code == ERR_OK)
    code = make_workers(&server, err);
  if (code == ERR_OK)
    code = serve(&server, &listener, &signals, err);
  for (int i = 0; i < server.worker_count; i++)
    api_worker_free(server.workers[i]);
  listener_close(&listener);
  remove_address(home);
  (void)pthread_cond_destroy(&server.answered);
  (void)pthread_mutex_destroy(&server.mutex);
  return code;
}
