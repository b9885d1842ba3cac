#include "vault/key_source.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "base/text.h"

enum {
  KEY_BYTES = 32,
  KEY_DIGITS = 2 * KEY_BYTES,
  KEY_FILE_BYTES_MAX = KEY_DIGITS + 2,  // and CR LF
  PATH_BYTES_MAX = 4096,
};

// Who may own a file that holds a key, and who else may touch it.
struct file_rule {
  mode_t forbidden;
  bool root_may_own;
};

static const struct file_rule key_file_rule = {.forbidden = 0077, .root_may_own = false};

// systemd leaves a credential to root in a folder that only the service can enter, and lets the
// service in by an access list, which shows as the group's right to read.
static const struct file_rule credential_rule = {.forbidden = 0037, .root_may_own = true};

struct key_text {
  unsigned char bytes[KEY_FILE_BYTES_MAX + 1];  // one more, to see that a file is too long
  size_t length;
};

static void key_text_cleanup(struct key_text *text) { sodium_memzero(text, sizeof *text); }

static void fd_cleanup(int *fd)
{
  if (*fd >= 0)
    (void)close(*fd);
}

static enum err_code refused(struct err *err, const char *path, const char *what, const char *hint)
{
  enum err_code code = err_set(err, ERR_KEY, "the key file %s", what);
  (void)err_where(err, "%s", path);
  (void)err_hint(err, "%s", hint);
  return code;
}

static enum err_code status_check(int file, const struct file_rule *rule, const char *path,
                                  struct err *err)
{
  struct stat status;
  if (fstat(file, &status) != 0)
    return refused(err, path, "cannot be looked at", strerror(errno));
  if (!S_ISREG(status.st_mode))
    return refused(err, path, "is not a regular file", "give the path of a file");
  if (status.st_uid != geteuid() && !(rule->root_may_own && status.st_uid == 0))
    return refused(err, path, "belongs to another user", "chown it to the user who runs this");
  if ((status.st_mode & rule->forbidden) != 0)
    return refused(err, path, "is open to others", "chmod 600");
  return ERR_OK;
}

static enum err_code text_read(int file, const char *path, struct key_text *ret_text,
                               struct err *err)
{
  ret_text->length = 0;
  while (ret_text->length < sizeof ret_text->bytes) {
    ssize_t count =
        read(file, ret_text->bytes + ret_text->length, sizeof ret_text->bytes - ret_text->length);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return refused(err, path, "cannot be read", strerror(errno));
    if (count == 0)
      return ERR_OK;
    ret_text->length += (size_t)count;
  }
  return ERR_OK;
}

static bool text_parse(const struct key_text *text, unsigned char ret_key[KEY_BYTES])
{
  if (text->length == KEY_BYTES) {
    memcpy(ret_key, text->bytes, KEY_BYTES);
    return true;
  }
  struct view digits = view_bytes(text->bytes, text->length);
  if (digits.length > KEY_DIGITS && digits.bytes[digits.length - 1] == '\n')
    digits.length--;
  if (digits.length > KEY_DIGITS && digits.bytes[digits.length - 1] == '\r')
    digits.length--;
  unsigned char key[KEY_BYTES];
  bool good = hex_read(digits, key, KEY_BYTES);
  if (good)
    memcpy(ret_key, key, KEY_BYTES);
  sodium_memzero(key, sizeof key);
  return good;
}

static enum err_code file_fetch(const char *path, const struct file_rule *rule,
                                unsigned char ret_key[KEY_BYTES], struct err *err)
{
  // Without O_NONBLOCK, a pipe of that name would hold the caller for ever.
  OWNED(fd) int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (file < 0 && errno == ELOOP)
    return refused(err, path, "is a symbolic link", "give the path of the file itself");
  if (file < 0)
    return refused(err, path, "cannot be opened", strerror(errno));
  enum err_code code = status_check(file, rule, path, err);
  if (code != ERR_OK)
    return code;
  OWNED(key_text) struct key_text text;
  code = text_read(file, path, &text, err);
  if (code != ERR_OK)
    return code;
  if (!text_parse(&text, ret_key))
    return refused(err, path, "is malformed",
                   "it holds 64 hexadecimal digits and a line end, or 32 bytes");
  return ERR_OK;
}

static enum err_code fetch_file(void *context, unsigned char ret_key[KEY_BYTES], struct err *err)
{
  return file_fetch(context, &key_file_rule, ret_key, err);
}

static enum err_code fetch_credential(void *context, unsigned char ret_key[KEY_BYTES],
                                      struct err *err)
{
  const char *name = context;
  const char *folder = getenv("CREDENTIALS_DIRECTORY");
  if (folder == NULL)
    return refused(err, name, "is a credential, and there are none",
                   "start by a systemd unit with LoadCredential or LoadCredentialEncrypted");
  char path[PATH_BYTES_MAX];
  int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  if (length < 0 || (size_t)length >= sizeof path || name[0] == '.' || strchr(name, '/') != NULL)
    return refused(err, name, "has no valid name", "a credential has a name without slash");
  return file_fetch(path, &credential_rule, ret_key, err);
}

static enum err_code fetch_memory(void *context, unsigned char ret_key[KEY_BYTES], struct err *err)
{
  (void)err;
  memcpy(ret_key, context, KEY_BYTES);
  return ERR_OK;
}

struct key_source key_source_file(const char *path)
{
  return (struct key_source){fetch_file, (void *)path};
}

struct key_source key_source_credential(const char *name)
{
  return (struct key_source){fetch_credential, (void *)name};
}

struct key_source key_source_memory(const unsigned char key[32])
{
  return (struct key_source){fetch_memory, (void *)key};
}

static enum err_code system_error(struct err *err, const char *what, const char *path)
{
  enum err_code code = err_set(err, ERR_SYSTEM, "cannot %s: %s", what, strerror(errno));
  (void)err_where(err, "%s", path);
  return code;
}

static bool folder_sync(const char *path)
{
  char copy[PATH_BYTES_MAX];
  int length = snprintf(copy, sizeof copy, "%s", path);
  if (length < 0 || (size_t)length >= sizeof copy)
    return false;
  OWNED(fd) int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return folder >= 0 && fsync(folder) == 0;
}

static bool key_write(int file)
{
  unsigned char key[KEY_BYTES];
  char text[KEY_DIGITS + 1];
  struct random_source random = random_system();
  random_fill(&random, key, sizeof key);
  hex_write(key, sizeof key, text);
  text[KEY_DIGITS] = '\n';
  bool written = write(file, text, sizeof text) == (ssize_t)sizeof text;
  sodium_memzero(key, sizeof key);
  sodium_memzero(text, sizeof text);
  return written && fsync(file) == 0;
}

enum err_code key_file_create(const char *path, struct err *err)
{
  OWNED(fd) int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    enum err_code code = err_set(err, ERR_EXISTS, "the key file exists");
    (void)err_where(err, "%s", path);
    return code;
  }
  if (file < 0)
    return system_error(err, "make the key file", path);
  if (key_write(file) && folder_sync(path))
    return ERR_OK;
  enum err_code code = system_error(err, "write the key file", path);
  (void)unlink(path);
  return code;
}
