#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

enum { FILE_MODE = 0600, READ_CHUNK_BYTES = 4096, WIPE_CHUNK_BYTES = 4096 };

// The file under which new content is written before it takes the place of the old.
static const char fresh_suffix[] = ".new";

static void fd_cleanup(int *fd)
{
  if (*fd >= 0)
    (void)close(*fd);  // what had to be durable has been synced, so nothing can fail any more
}

static enum err_code system_error(struct err *err, const char *what, const char *name)
{
  enum err_code code = err_set(err, ERR_SYSTEM, "cannot %s: %s", what, strerror(errno));
  (void)err_where(err, "%s", name);
  return code;
}

static bool name_is_plain(const char *name)
{
  size_t length = strlen(name);
  return length > 0 && length <= DISK_NAME_BYTES_MAX && name[0] != '.' && strchr(name, '/') == NULL;
}

static int folder_open(const char *folder)
{
  return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_all(int file, struct view bytes)
{
  while (bytes.length > 0) {
    ssize_t written = write(file, bytes.bytes, bytes.length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    bytes.bytes += written;
    bytes.length -= (size_t)written;
  }
  return true;
}

// Overwrites a file that has lost its last name. One that is linked from elsewhere as well belongs
// to somebody else too and is left alone. Nobody is told of a failure: the caller's new content
// is durable by now, and the help is no promise.
static void wipe(int file)
{
  static const char zeros[WIPE_CHUNK_BYTES];
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink > 0)
    return;
  off_t at = 0;
  while (at < status.st_size) {
    off_t left = status.st_size - at;
    size_t length = left < WIPE_CHUNK_BYTES ? (size_t)left : WIPE_CHUNK_BYTES;
    ssize_t written = pwrite(file, zeros, length, at);
    if (written <= 0)
      return;
    at += written;
  }
  (void)fdatasync(file);
}

static int open_to_wipe(int folder, const char *name)
{
  return openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

static void remove_wiped(int folder, const char *name)
{
  OWNED(fd) int file = open_to_wipe(folder, name);
  (void)unlinkat(folder, name, 0);
  wipe(file);
}

static enum err_code read_open(int file, size_t bytes_max, const char *name, struct str *bytes,
                               struct err *err)
{
  for (;;) {
    char chunk[READ_CHUNK_BYTES];
    ssize_t count = read(file, chunk, sizeof chunk);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return system_error(err, "read the file", name);
    if (count == 0)
      return ERR_OK;
    if ((size_t)count > bytes_max - bytes->length) {
      enum err_code code = err_set(err, ERR_LIMIT, "the file is longer than %zu bytes", bytes_max);
      (void)err_where(err, "%s", name);
      return code;
    }
    str_add(bytes, view_bytes(chunk, (size_t)count));
    if (!str_ok(bytes))
      return err_set(err, ERR_MEMORY, "no memory for the content of a file");
  }
}

static enum err_code absent(struct err *err, const char *name)
{
  enum err_code code = err_set(err, ERR_NOT_FOUND, "there is no such file");
  (void)err_where(err, "%s", name);
  return code;
}

static enum err_code status_regular(int file, const char *name, struct stat *ret_status,
                                    struct err *err)
{
  if (fstat(file, ret_status) != 0)
    return system_error(err, "look at the file", name);
  if (S_ISREG(ret_status->st_mode))
    return ERR_OK;
  enum err_code code = err_set(err, ERR_SYSTEM, "what should be a file is something else");
  (void)err_where(err, "%s", name);
  return code;
}

static enum err_code folder_read(void *context, const char *name, size_t bytes_max,
                                 struct str *ret_bytes, struct err *err)
{
  PRE(name_is_plain(name));
  OWNED(fd) int folder = folder_open(context);
  if (folder < 0)
    return errno == ENOENT ? absent(err, name) : system_error(err, "open the folder", context);
  // Without O_NONBLOCK, a pipe of that name would hold the caller for ever.
  OWNED(fd) int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return errno == ENOENT ? absent(err, name) : system_error(err, "open the file", name);
  struct stat status;
  enum err_code code = status_regular(file, name, &status, err);
  if (code != ERR_OK)
    return code;
  if (bytes_max > ret_bytes->bytes_max)
    bytes_max = ret_bytes->bytes_max;
  OWNED(str) struct str bytes = STR_INIT(bytes_max);
  code = read_open(file, bytes_max, name, &bytes, err);
  if (code != ERR_OK)
    return code;
  str_clear(ret_bytes);
  ret_bytes->capacity = bytes.capacity;
  ret_bytes->length = bytes.length;
  ret_bytes->bytes = TAKE(bytes.bytes);
  return ERR_OK;
}

static enum err_code fresh_write(int folder, const char *name, struct view bytes, struct err *err)
{
  remove_wiped(folder, name);  // what a crash has left
  int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  OWNED(fd) int file = openat(folder, name, flags, FILE_MODE);
  if (file < 0)
    return system_error(err, "make the file", name);
  if (!write_all(file, bytes))
    return system_error(err, "write the file", name);
  if (fsync(file) != 0)
    return system_error(err, "sync the file", name);
  return ERR_OK;
}

static enum err_code folder_replace(void *context, const char *name, struct view bytes,
                                    struct err *err)
{
  PRE(name_is_plain(name));
  char fresh[DISK_NAME_BYTES_MAX + sizeof fresh_suffix];
  (void)snprintf(fresh, sizeof fresh, "%s%s", name, fresh_suffix);
  OWNED(fd) int folder = folder_open(context);
  if (folder < 0)
    return system_error(err, "open the folder", context);
  enum err_code code = fresh_write(folder, fresh, bytes, err);
  if (code != ERR_OK) {
    remove_wiped(folder, fresh);
    return code;
  }
  OWNED(fd) int old = open_to_wipe(folder, name);
  if (renameat(folder, fresh, folder, name) != 0) {
    code = system_error(err, "replace the file", name);
    remove_wiped(folder, fresh);
    return code;
  }
  if (fsync(folder) != 0)
    return system_error(err, "sync the folder", context);
  wipe(old);  // not before the new name is durable
  return ERR_OK;
}

static enum err_code folder_append(void *context, const char *name, struct view bytes,
                                   struct err *err)
{
  PRE(name_is_plain(name));
  OWNED(fd) int folder = folder_open(context);
  if (folder < 0)
    return system_error(err, "open the folder", context);
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
  OWNED(fd) int file = openat(folder, name, flags, FILE_MODE);
  if (file < 0)
    return system_error(err, "open the file", name);
  struct stat before;
  enum err_code code = status_regular(file, name, &before, err);
  if (code != ERR_OK)
    return code;
  if (!write_all(file, bytes) || fsync(file) != 0) {
    code = system_error(err, "add to the file", name);
    if (ftruncate(file, before.st_size) == 0)  // half an entry would spoil the next one
      (void)fsync(file);
    return code;
  }
  // An empty file may have been made by a call whose folder never got to the disk.
  if (before.st_size == 0 && fsync(folder) != 0)
    return system_error(err, "sync the folder", context);
  return ERR_OK;
}

struct disk disk_folder(const char *folder)
{
  return (struct disk){folder_read, folder_replace, folder_append, (void *)folder};
}
