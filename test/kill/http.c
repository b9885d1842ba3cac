#define _GNU_SOURCE  // strcasestr
#include "http.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/ids.h"
#include "base/text.h"

enum {
  REQUEST_BYTES_MAX = 4096,
  REPLY_BYTES_MAX = 1024 * 1024,
  CONNECT_TRIES_MAX = 12000,
  CONNECT_WAIT_MS = 5,
};

int http_connect(const struct book *book)
{
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  (void)snprintf(name.sun_path, sizeof name.sun_path, "%s", book->socket);
  for (int i = 0; i < CONNECT_TRIES_MAX && !atomic_load(&book->is_killed); i++) {
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, (struct sockaddr *)&name, sizeof name) == 0)
      return connection;
    (void)close(connection);
    (void)poll(NULL, 0, CONNECT_WAIT_MS);
  }
  return -1;
}

// ── What is asked ───────────────────────────────────────────────────────────────────────────

struct texts {  // of a deed, for its request
  char person[PUBLIC_ID_BYTES], thing[PUBLIC_ID_BYTES], parent[PUBLIC_ID_BYTES];
  char address[DEED_TEXT_BYTES], ip[DEED_TEXT_BYTES];
};

static struct texts texts_of(const struct book *book, const struct deed *deed)
{
  struct texts texts;
  id_write('p', deed->person, book->id_key, texts.person);
  id_write('t', deed->thing, book->id_key, texts.thing);
  id_write('t', deed->parent, book->id_key, texts.parent);
  deed_address(deed, texts.address);
  deed_ip(deed, texts.ip);
  return texts;
}

static void ask_person(const struct texts *texts, struct str *body)
{
  (void)texts;
  str_add(body, VIEW_LITERAL("{}"));
}

static void ask_contract(const struct texts *texts, struct str *body)
{
  str_format(body, "{\"subject\":\"%s\",\"type\":\"contract\",\"at\":\"2023-02-01\"}",
             texts->person);
}

static void ask_contact(const struct texts *texts, struct str *body)
{
  str_format(body,
             "{\"subject\":\"%s\",\"point\":\"purchase\",\"source\":\"self\",\"values\":"
             "{\"contact.name\":\"Person under Test\",\"contact.email\":\"%s\"}}",
             texts->person, texts->address);
}

static void ask_ended(const struct texts *texts, struct str *body)
{
  str_format(body,
             "{\"subject\":\"%s\",\"thing\":\"%s\",\"event\":\"contract.ended\","
             "\"at\":\"2024-02-01\"}",
             texts->person, texts->thing);
}

static void ask_order(const struct texts *texts, struct str *body)
{
  str_format(body, "{\"subject\":\"%s\",\"type\":\"order\",\"in\":\"%s\"}", texts->person,
             texts->parent);
}

static void ask_order_done(const struct texts *texts, struct str *body)
{
  str_format(body, "{\"subject\":\"%s\",\"thing\":\"%s\",\"event\":\"order.done\"}", texts->person,
             texts->thing);
}

static void ask_ip(const struct texts *texts, struct str *body)
{
  str_format(body,
             "{\"subject\":\"%s\",\"point\":\"access_log\",\"source\":\"generated\",\"values\":"
             "{\"traffic.ip\":[\"%s\"]}}",
             texts->person, texts->ip);
}

static void ask_use(const struct texts *texts, struct str *body)
{
  str_format(body, "{\"subject\":\"%s\",\"field\":\"traffic.ip\"}", texts->person);
}

static const struct {
  const char *path;
  bool is_security;  // asked by that service, else by the one of the shop
  bool has_key;
  void (*ask)(const struct texts *texts, struct str *body);
} requests[DEED_KIND_END] = {
    [DEED_PERSON] = {"/v1/subjects", false, true, ask_person},
    [DEED_CONTRACT] = {"/v1/things", false, true, ask_contract},
    [DEED_CONTACT] = {"/v1/records", false, true, ask_contact},
    [DEED_ENDED] = {"/v1/events", false, true, ask_ended},
    [DEED_ORDER] = {"/v1/things", false, true, ask_order},
    [DEED_ORDER_DONE] = {"/v1/events", false, true, ask_order_done},
    [DEED_IP] = {"/v1/records", true, true, ask_ip},
    [DEED_USE] = {"/v1/uses", true, false, ask_use},
};

bool http_can(enum deed_kind kind) { return requests[kind].path != NULL; }

static bool send_request(const struct book *book, int connection, const struct deed *deed)
{
  struct texts texts = texts_of(book, deed);
  OWNED(str) struct str body = STR_INIT(REQUEST_BYTES_MAX);
  OWNED(str) struct str request = STR_INIT(REQUEST_BYTES_MAX);
  bool is_security = requests[deed->kind].is_security;
  requests[deed->kind].ask(&texts, &body);
  str_format(&request,
             "POST %s HTTP/1.1\r\nHost: kill\r\nAuthorization: Bearer %s\r\n"
             "Forvar-Purpose: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n",
             requests[deed->kind].path, is_security ? book->security_token : book->support_token,
             is_security ? "security" : "services", body.length);
  if (requests[deed->kind].has_key) {
    unsigned char key[DEED_KEY_BYTES];
    deed_key(deed, key);
    str_add(&request, VIEW_LITERAL("Idempotency-Key: "));
    str_add(&request, view_bytes(key, sizeof key));
    str_add(&request, VIEW_LITERAL("\r\n"));
  }
  str_add(&request, VIEW_LITERAL("\r\n"));
  str_add(&request, str_view(&body));
  INVARIANT(str_ok(&request));
  return send(connection, str_text(&request), request.length, MSG_NOSIGNAL) ==
         (ssize_t)request.length;
}

// ── What is answered ────────────────────────────────────────────────────────────────────────

static bool receive(int connection, struct str *reply)
{
  char bytes[16 * 1024];
  ssize_t length = 0;
  do
    length = recv(connection, bytes, sizeof bytes, 0);
  while (length < 0 && errno == EINTR);
  if (length > 0)
    str_add(reply, view_bytes(bytes, (size_t)length));
  return length > 0 && str_ok(reply);
}

// Head and body, whose length the head tells. False if the connection ends before.
static bool read_reply(int connection, struct str *reply, const char **ret_body)
{
  static const char length_name[] = "\r\ncontent-length:";
  const char *body = NULL;
  size_t wanted = 0;
  while (body == NULL || reply->length < wanted) {
    if (!receive(connection, reply))
      return false;
    const char *end = strstr(str_text(reply), "\r\n\r\n");
    const char *length = strcasestr(str_text(reply), length_name);
    if (end == NULL || length == NULL || length > end)
      continue;
    body = end + 4;
    wanted = (size_t)(body - str_text(reply)) + strtoul(length + sizeof length_name - 1, NULL, 10);
  }
  *ret_body = body;
  return true;
}

static enum err_code code_of(long status)
{
  static const struct {
    long status;
    enum err_code code;
  } rows[] = {{200, ERR_OK},        {201, ERR_OK},       {403, ERR_REFUSED},
              {404, ERR_NOT_FOUND}, {409, ERR_CONFLICT}, {503, ERR_BUSY}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    if (rows[i].status == status)
      return rows[i].code;
  return ERR_STORE;
}

// The id of what was made.
static void take_id(const struct book *book, const char *body, struct deed *deed)
{
  static const char member[] = "\"id\":";
  const char *place = strstr(body, member);
  if (place == NULL)
    return;
  place = strchr(place + sizeof member - 1, '"');
  struct view text = place == NULL ? VIEW_EMPTY : view_of(place + 1);
  text = view_cut(&text, '"');
  if (deed->kind == DEED_PERSON)
    INVARIANT(id_read('p', text, book->id_key, &deed->person));
  else
    INVARIANT(id_read('t', text, book->id_key, &deed->thing));
}

enum err_code http_do(const struct book *book, int connection, struct deed *deed, struct err *err)
{
  static const char start[] = "HTTP/1.1 ";
  const char *body = NULL;
  OWNED(str) struct str reply = STR_INIT(REPLY_BYTES_MAX);
  if (!send_request(book, connection, deed) || !read_reply(connection, &reply, &body))
    return err_set(err, ERR_CRASHED, "the server is gone");
  enum err_code code = strncmp(str_text(&reply), start, sizeof start - 1) == 0
                           ? code_of(strtol(str_text(&reply) + sizeof start - 1, NULL, 10))
                           : ERR_STORE;
  if (code != ERR_OK)
    return err_set(err, code, "%.*s", ERR_MESSAGE_BYTES - 1, body);
  if (deed->kind == DEED_PERSON || deed->kind == DEED_CONTRACT || deed->kind == DEED_ORDER)
    take_id(book, body, deed);
  return ERR_OK;
}
