// The disk that loses power as the program's seam for small files.
#include "crash_vfs.h"

#include "base/err.h"
#include "base/text.h"

static enum err_code code_of(int reply, struct err *err)
{
  static const enum err_code codes[] = {ERR_OK, ERR_NOT_FOUND, ERR_SYSTEM, ERR_SYSTEM};
  static const char *const texts[] = {"", "there is no such file", "the power is gone",
                                      "the disk is full"};
  return reply == 0 ? ERR_OK : err_set(err, codes[reply], "%s", texts[reply]);
}

static enum err_code read_file(void *context, const char *name, size_t bytes_max,
                               struct str *ret_bytes, struct err *err)
{
  struct crash_vfs *vfs = context;
  const unsigned char *bytes = NULL;
  size_t length = 0;
  int reply = crash_vfs_file_read(vfs, name, &bytes, &length);
  if (reply != 0)
    return code_of(reply, err);
  if (length > bytes_max)
    return err_set(err, ERR_LIMIT, "the file is longer than %zu bytes", bytes_max);
  str_clear(ret_bytes);
  str_add(ret_bytes, view_bytes(bytes, length));
  return str_ok(ret_bytes) ? ERR_OK : err_set(err, ERR_LIMIT, "the file is too long");
}

static enum err_code replace_file(void *context, const char *name, struct view bytes,
                                  struct err *err)
{
  struct crash_vfs *vfs = context;
  return code_of(crash_vfs_file_replace(vfs, name, bytes.bytes, bytes.length), err);
}

static enum err_code append_file(void *context, const char *name, struct view bytes,
                                 struct err *err)
{
  struct crash_vfs *vfs = context;
  return code_of(crash_vfs_file_append(vfs, name, bytes.bytes, bytes.length), err);
}

struct disk crash_vfs_disk(struct crash_vfs *vfs)
{
  return (struct disk){read_file, replace_file, append_file, vfs};
}
