#define _GNU_SOURCE  // struct ucred, O_PATH, accept4
#include "serve/console.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/assert.h"

#define SOCKET_NAME "console.sock"
enum { PASSED_FILES = 4 };  // folder, in, out, errors
enum { WAITING_CLIENTS = 16 };

struct console {
  int folder;  // of the home
  int socket;
  pthread_t thread;
  int (*carry_out)(void *context, const struct console_command *command);
  void *context;
};

// A home may lie deeper than an address of a socket is long: it is reached by its open folder.
static struct sockaddr_un address_in(int folder)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" SOCKET_NAME,
                 folder);
  return address;
}

static int open_folder(const char *folder)
{
  return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void close_files(const int *files, int count)
{
  for (int i = 0; i < count; i++)
    (void)close(files[i]);
}

// ── The message ─────────────────────────────────────────────────────────────────────────────

union file_room {
  struct cmsghdr aligned;
  char bytes[CMSG_SPACE(PASSED_FILES * sizeof(int))];
};

// The arguments follow each other, each with its zero.
static bool pack(const struct console_command *command, char *bytes, size_t *ret_length)
{
  size_t length = 0;
  for (int i = 0; i < command->count; i++) {
    size_t size = strlen(command->arguments[i]) + 1;
    if (size > CONSOLE_BYTES_MAX - length)
      return false;
    memcpy(bytes + length, command->arguments[i], size);
    length += size;
  }
  *ret_length = length;
  return command->count <= CONSOLE_ARGUMENTS_MAX;
}

static int unpack(char *bytes, size_t length, char **ret_arguments)
{
  int count = 0;
  if (length == 0 || bytes[length - 1] != '\0')
    return 0;
  for (size_t at = 0; at < length; at += strlen(bytes + at) + 1) {
    if (count == CONSOLE_ARGUMENTS_MAX)
      return 0;
    ret_arguments[count++] = bytes + at;
  }
  return count;
}

static bool send_command(int socket, const struct console_command *command, char *bytes,
                         size_t length)
{
  const int files[PASSED_FILES] = {command->folder, command->in, command->out, command->errors};
  union file_room room = {.bytes = {0}};
  struct iovec part = {bytes, length};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = room.bytes,
                           .msg_controllen = sizeof room.bytes};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof files);
  memcpy(CMSG_DATA(header), files, sizeof files);
  return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)length;
}

// Returns how many files came; they are the caller's from then on.
static int receive_command(int socket, char *bytes, size_t *ret_length, int *ret_files)
{
  union file_room room;
  struct iovec part = {bytes, CONSOLE_BYTES_MAX};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = room.bytes,
                           .msg_controllen = sizeof room.bytes};
  ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  *ret_length = length > 0 && (message.msg_flags & MSG_TRUNC) == 0 ? (size_t)length : 0;
  const struct cmsghdr *header = length >= 0 ? CMSG_FIRSTHDR(&message) : NULL;
  if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
    return 0;
  int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
  memcpy(ret_files, CMSG_DATA(header), (size_t)count * sizeof(int));
  return count;
}

// ── The server's side ───────────────────────────────────────────────────────────────────────

static bool is_trusted(int socket)
{
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == 0 || peer.uid == geteuid());
}

static void carry_out(const struct console *console, int socket, char *bytes)
{
  const struct timeval patience = {CONSOLE_TIMEOUT_S, 0};
  int files[PASSED_FILES];
  size_t length = 0;
  if (!is_trusted(socket) ||
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return;
  int count = receive_command(socket, bytes, &length, files);
  char *arguments[CONSOLE_ARGUMENTS_MAX];
  int argument_count = unpack(bytes, length, arguments);
  if (count == PASSED_FILES && argument_count > 0) {
    const struct console_command command = {argument_count, arguments, files[0],
                                            files[1],       files[2],  files[3]};
    int32_t exit_code = console->carry_out(console->context, &command);
    (void)send(socket, &exit_code, sizeof exit_code, MSG_NOSIGNAL);  // the caller may have left
  }
  close_files(files, count);
}

static void *run(void *context)
{
  static char bytes[CONSOLE_BYTES_MAX];  // one console in a process, as it holds one home
  const struct console *console = context;
  for (;;) {
    int socket = accept4(console->socket, NULL, NULL, SOCK_CLOEXEC);
    if (socket < 0 && (errno == EINTR || errno == ECONNABORTED))
      continue;
    if (socket < 0)
      return NULL;  // shut down
    carry_out(console, socket, bytes);
    memset(bytes, 0, sizeof bytes);
    (void)close(socket);
  }
}

static enum err_code listen_in(struct console *console, const char *home_folder, struct err *err)
{
  console->folder = open_folder(home_folder);
  if (console->folder < 0)
    return err_system(err, "cannot open the home");
  struct sockaddr_un address = address_in(console->folder);
  (void)unlinkat(console->folder, SOCKET_NAME, 0);
  console->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (console->socket < 0 ||
      bind(console->socket, (const struct sockaddr *)&address, sizeof address) != 0 ||
      chmod(address.sun_path, 0600) != 0 || listen(console->socket, WAITING_CLIENTS) != 0)
    return err_system(err, "cannot listen for commands in the home");
  return ERR_OK;
}

static void console_free(struct console *console)
{
  if (console->socket >= 0) {
    (void)unlinkat(console->folder, SOCKET_NAME, 0);
    (void)close(console->socket);
  }
  if (console->folder >= 0)
    (void)close(console->folder);
  free(console);
}

enum err_code console_open(const char *home_folder,
                           int (*carry)(void *context, const struct console_command *command),
                           void *context, struct console **ret_console, struct err *err)
{
  struct console *console = calloc(1, sizeof *console);
  if (console == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the console");
  *console = (struct console){-1, -1, .carry_out = carry, .context = context};
  enum err_code code = listen_in(console, home_folder, err);
  if (code == ERR_OK && pthread_create(&console->thread, NULL, run, console) != 0)
    code = err_set(err, ERR_SYSTEM, "cannot start the thread that listens for commands");
  if (code != ERR_OK) {
    console_free(console);
    return code;
  }
  *ret_console = console;
  return ERR_OK;
}

void console_close(struct console *console)
{
  if (console == NULL)
    return;
  (void)shutdown(console->socket, SHUT_RDWR);
  INVARIANT(pthread_join(console->thread, NULL) == 0);
  console_free(console);
}

// ── The client's side ───────────────────────────────────────────────────────────────────────

int console_connect(const char *home_folder)
{
  int folder = open_folder(home_folder);
  if (folder < 0)
    return -1;
  struct sockaddr_un address = address_in(folder);
  int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  bool connected = connection >= 0 &&
                   connect(connection, (const struct sockaddr *)&address, sizeof address) == 0;
  if (!connected && connection >= 0)
    (void)close(connection);
  (void)close(folder);
  return connected ? connection : -1;
}

static enum err_code exchange(int connection, const struct console_command *command,
                              int *ret_exit_code, struct err *err)
{
  char *bytes = malloc(CONSOLE_BYTES_MAX);
  if (bytes == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a command");
  size_t length = 0;
  int32_t exit_code = 0;
  enum err_code code = ERR_OK;
  if (!pack(command, bytes, &length))
    code = err_set(err, ERR_LIMIT, "the arguments are longer than %d bytes", CONSOLE_BYTES_MAX);
  else if (!send_command(connection, command, bytes, length))
    code = err_system(err, "cannot reach the server of the home");
  else if (recv(connection, &exit_code, sizeof exit_code, 0) != (ssize_t)sizeof exit_code) {
    err_set(err, ERR_UNKNOWN_OUTCOME, "the server of the home ended before it answered");
    code = err_hint(err, "look whether the command was done before you repeat it");
  }
  free(bytes);
  if (code == ERR_OK)
    *ret_exit_code = exit_code;
  return code;
}

enum err_code console_call(int connection, const struct console_command *command,
                           int *ret_exit_code, struct err *err)
{
  enum err_code code = exchange(connection, command, ret_exit_code, err);
  (void)close(connection);
  return code;
}
