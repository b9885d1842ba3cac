// Input, output and errors go through files in memory: neither side waits for the other's terminal
// or pipe, and the server's lead is never held up by a reader who stopped reading.
#define _GNU_SOURCE  // memfd_create, O_PATH
#include "cli/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"

enum { FILE_FOLDER, FILE_IN, FILE_OUT, FILE_ERRORS, FILE_COUNT };

static void close_all(const int *files)
{
  for (int i = 0; i < FILE_COUNT; i++)
    if (files[i] >= 0)
      (void)close(files[i]);
}

// ── This process asks ───────────────────────────────────────────────────────────────────────

static enum err_code write_all(int file, const char *bytes, size_t length, struct err *err)
{
  while (length > 0) {
    ssize_t written = write(file, bytes, length);
    if (written < 0 && errno != EINTR)
      return err_system(err, "cannot pass the input on");
    bytes += written > 0 ? written : 0;
    length -= written > 0 ? (size_t)written : 0;
  }
  return ERR_OK;
}

static bool reads_input(const struct call *call)
{
  for (int i = 0; i < call->argument_count; i++)
    if (strcmp(call->arguments[i], "-") == 0)
      return true;
  return call->command->reads_input;
}

static enum err_code copy_input(const struct call *call, int file, struct err *err)
{
  char block[16 * 1024];
  size_t length;
  enum err_code code = ERR_OK;
  if (!reads_input(call))
    return ERR_OK;
  while (code == ERR_OK && (length = fread(block, 1, sizeof block, call->streams.in)) > 0)
    code = write_all(file, block, length, err);
  explicit_bzero(block, sizeof block);
  if (code == ERR_OK && ferror(call->streams.in))
    return err_system(err, "cannot read the standard input");
  if (code == ERR_OK && lseek(file, 0, SEEK_SET) != 0)
    return err_system(err, "cannot pass the input on");
  return code;
}

static enum err_code copy_output(int file, FILE *to, struct err *err)
{
  char block[16 * 1024];
  ssize_t length;
  if (lseek(file, 0, SEEK_SET) != 0)
    return err_system(err, "cannot read what the server wrote");
  while ((length = read(file, block, sizeof block)) > 0)
    if (fwrite(block, 1, (size_t)length, to) != (size_t)length)
      return err_set(err, ERR_SYSTEM, "the output could not be written");
  return length == 0 ? ERR_OK : err_system(err, "cannot read what the server wrote");
}

static enum err_code open_files(int *files, struct err *err)
{
  static const char *const names[FILE_COUNT] = {"", "forvar-in", "forvar-out", "forvar-errors"};
  files[FILE_FOLDER] = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  bool opened = files[FILE_FOLDER] >= 0;
  for (int i = FILE_IN; i < FILE_COUNT && opened; i++) {
    files[i] = memfd_create(names[i], MFD_CLOEXEC);
    opened = files[i] >= 0;
  }
  return opened ? ERR_OK : err_system(err, "cannot pass the command on");
}

static bool is_served(const char *home_folder)
{
  int connection = console_connect(home_folder);
  if (connection >= 0)
    (void)close(connection);
  return connection >= 0;
}

static enum err_code exchange(struct call *call, const struct console_command *command,
                              struct err *err)
{
  int connection = console_connect(call->home_folder);
  if (connection < 0)
    return err_set(err, ERR_BUSY, "the server of the home ended meanwhile; nothing was done");
  return console_call(connection, command, &call->exit_code, err);
}

// The input is read before the server waits for it: it may come from another command, for which
// the server must be free.
enum err_code remote_forward(struct call *call, int count, char *const *arguments, bool *ret_served,
                             struct err *err)
{
  *ret_served = is_served(call->home_folder);
  if (!*ret_served)
    return ERR_OK;
  int files[FILE_COUNT] = {-1, -1, -1, -1};
  enum err_code code = open_files(files, err);
  if (code == ERR_OK)
    code = copy_input(call, files[FILE_IN], err);
  const struct console_command command = {count,          arguments,       files[FILE_FOLDER],
                                          files[FILE_IN], files[FILE_OUT], files[FILE_ERRORS]};
  if (code == ERR_OK)
    code = exchange(call, &command, err);
  if (code == ERR_OK)
    code = copy_output(files[FILE_OUT], call->streams.out, err);
  if (code == ERR_OK)
    code = copy_output(files[FILE_ERRORS], call->streams.errors, err);
  close_all(files);
  return code;
}

// ── This process answers ────────────────────────────────────────────────────────────────────

// The stream has a descriptor of its own; the other stays the caller's.
static FILE *stream_of(int file, const char *mode)
{
  int own = fcntl(file, F_DUPFD_CLOEXEC, 0);
  FILE *stream = own < 0 ? NULL : fdopen(own, mode);
  if (stream == NULL && own >= 0)
    (void)close(own);
  return stream;
}

int remote_carry_out(void *home, const struct console_command *command)
{
  struct streams streams = {stream_of(command->in, "r"), stream_of(command->out, "w"),
                            stream_of(command->errors, "w")};
  int exit_code = err_exit_code(ERR_SYSTEM);
  if (streams.in != NULL && streams.out != NULL && streams.errors != NULL)
    exit_code =
        command_run_served(home, command->folder, command->count, command->arguments, &streams);
  FILE *const all[] = {streams.in, streams.out, streams.errors};
  for (size_t i = 0; i < ARRAY_COUNT(all); i++)
    if (all[i] != NULL && fclose(all[i]) != 0)
      exit_code = err_exit_code(ERR_SYSTEM);
  return exit_code;
}
