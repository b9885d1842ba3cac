#include "serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define ADDRESS_DEFAULT "127.0.0.1:8080"

static enum err_code system_error(const char *what, const char *where, struct err *err)
{
  enum err_code code = errno == EADDRINUSE ? ERR_BUSY : ERR_SYSTEM;
  err_set(err, code, "%s: %s", what, strerror(errno));
  return err_where(err, "%s", where);
}

// ── TCP ─────────────────────────────────────────────────────────────────────────────────────

enum { HOST_BYTES = 64, PORT_BYTES = 8, PORT_MAX = 65535 };

static bool split(struct view address, char host[HOST_BYTES], char port[PORT_BYTES])
{
  size_t colon = address.length;
  while (colon > 0 && address.bytes[colon - 1] != ':')
    colon--;
  if (colon == 0)
    return false;
  struct view left = view_bytes(address.bytes, colon - 1);
  struct view right = view_bytes(address.bytes + colon, address.length - colon);
  int64_t number = 0;
  if (left.length >= 2 && left.bytes[0] == '[' && left.bytes[left.length - 1] == ']')
    left = view_bytes(left.bytes + 1, left.length - 2);
  if (left.length == 0 || left.length >= HOST_BYTES || right.length >= PORT_BYTES ||
      !view_int64(right, &number) || number < 0 || number > PORT_MAX)
    return false;
  (void)snprintf(host, HOST_BYTES, "%.*s", (int)left.length, left.bytes);
  (void)snprintf(port, PORT_BYTES, "%.*s", (int)right.length, right.bytes);
  return true;
}

static bool is_loopback(const struct sockaddr *address)
{
  if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
  }
  const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
  return ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

static enum err_code name_of(struct listener *listener, const char *host, struct err *err)
{
  struct sockaddr_storage bound;
  socklen_t length = sizeof bound;
  char port[PORT_BYTES];
  if (getsockname(listener->socket, (struct sockaddr *)&bound, &length) != 0 ||
      getnameinfo((struct sockaddr *)&bound, length, NULL, 0, port, sizeof port, NI_NUMERICSERV) !=
          0)
    return system_error("cannot read the address of the socket", host, err);
  bool is_six = bound.ss_family == AF_INET6;
  listener->is_local = is_loopback((struct sockaddr *)&bound);
  (void)snprintf(listener->text, sizeof listener->text, "http://%s%s%s:%s", is_six ? "[" : "", host,
                 is_six ? "]" : "", port);
  return ERR_OK;
}

static enum err_code open_address(const struct addrinfo *info, const char *host,
                                  struct listener *listener, struct err *err)
{
  int on = 1;
  listener->socket = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener->socket < 0)
    return system_error("cannot make a socket", host, err);
  if (setsockopt(listener->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener->socket, info->ai_addr, info->ai_addrlen) != 0 ||
      listen(listener->socket, LISTEN_QUEUE) != 0)
    return system_error("cannot listen", host, err);
  return name_of(listener, host, err);
}

enum err_code listen_address(const char *address, struct listener *ret_listener, struct err *err)
{
  char host[HOST_BYTES];
  char port[PORT_BYTES];
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                           .ai_socktype = SOCK_STREAM};
  struct addrinfo *info = NULL;
  if (!split(view_of(address == NULL ? ADDRESS_DEFAULT : address), host, port) ||
      getaddrinfo(host, port, &hints, &info) != 0) {
    err_set(err, ERR_INPUT, "an address is a numeric host and a port");
    return err_hint(err, "such as 127.0.0.1:8080 or [::1]:8080");
  }
  struct listener listener = LISTENER_INIT;
  enum err_code code = open_address(info, host, &listener, err);
  freeaddrinfo(info);
  if (code == ERR_OK)
    *ret_listener = listener;
  else
    listener_close(&listener);
  return code;
}

// ── Unix ────────────────────────────────────────────────────────────────────────────────────

// A socket that is left of a process that is gone refuses connections.
static void remove_stale(const struct sockaddr_un *name)
{
  struct stat status;
  if (lstat(name->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0)
    return;
  if (connect(probe, (const struct sockaddr *)name, sizeof *name) != 0 && errno == ECONNREFUSED)
    (void)unlink(name->sun_path);
  (void)close(probe);
}

enum err_code listen_unix(const char *path, struct listener *ret_listener, struct err *err)
{
  enum { MODE = 0660 };
  struct listener listener = LISTENER_INIT;
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof name.sun_path)
    return err_set(err, ERR_INPUT, "the path of a socket has at most %zu bytes",
                   sizeof name.sun_path - 1);
  memcpy(name.sun_path, path, strlen(path) + 1);
  remove_stale(&name);
  listener.socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener.socket < 0)
    return system_error("cannot make a socket", path, err);
  mode_t old = umask(0777 & ~MODE);
  int bound = bind(listener.socket, (struct sockaddr *)&name, sizeof name);
  (void)umask(old);
  if (bound != 0 || listen(listener.socket, LISTEN_QUEUE) != 0) {
    enum err_code code = system_error("cannot listen", path, err);
    listener.unlink_path = bound == 0 ? path : NULL;
    listener_close(&listener);
    return code;
  }
  listener.is_local = true;
  listener.unlink_path = path;
  (void)snprintf(listener.text, sizeof listener.text, "unix:%s", path);
  *ret_listener = listener;
  return ERR_OK;
}

void listener_close(struct listener *listener)
{
  if (listener->socket >= 0)
    (void)close(listener->socket);
  if (listener->unlink_path != NULL)
    (void)unlink(listener->unlink_path);
  *listener = (struct listener)LISTENER_INIT;
}
