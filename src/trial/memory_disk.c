#define _GNU_SOURCE  // memmem
#include "trial/memory_disk.h"

#include <stdio.h>
#include <string.h>

static struct str *find(struct memory_disk *memory, const char *name)
{
  for (int32_t i = 0; i < memory->count; i++)
    if (strcmp(memory->files[i].name, name) == 0)
      return &memory->files[i].bytes;
  return NULL;
}

static enum err_code no_room(struct err *err)
{
  return err_set(err, ERR_LIMIT, "the disk in memory is full");
}

static enum err_code find_or_make(struct memory_disk *memory, const char *name,
                                  struct str **ret_bytes, struct err *err)
{
  *ret_bytes = find(memory, name);
  if (*ret_bytes != NULL)
    return ERR_OK;
  if (memory->count == MEMORY_DISK_FILES_MAX || strlen(name) > DISK_NAME_BYTES_MAX)
    return no_room(err);
  int32_t at = memory->count++;
  (void)snprintf(memory->files[at].name, sizeof memory->files[at].name, "%s", name);
  memory->files[at].bytes = (struct str)STR_INIT(MEMORY_DISK_BYTES_MAX);
  *ret_bytes = &memory->files[at].bytes;
  return ERR_OK;
}

static enum err_code disk_read(void *context, const char *name, size_t bytes_max,
                               struct str *ret_bytes, struct err *err)
{
  const struct str *bytes = find(context, name);
  if (bytes == NULL)
    return err_set(err, ERR_NOT_FOUND, "there is no file %s", name);
  str_clear(ret_bytes);
  str_add(ret_bytes, str_view(bytes));
  if (bytes->length > bytes_max || !str_ok(ret_bytes))
    return err_set(err, ERR_LIMIT, "file %s is too long", name);
  return ERR_OK;
}

static enum err_code disk_append(void *context, const char *name, struct view bytes,
                                 struct err *err)
{
  struct str *file = NULL;
  enum err_code code = find_or_make(context, name, &file, err);
  if (code != ERR_OK)
    return code;
  str_add(file, bytes);
  return str_ok(file) ? ERR_OK : no_room(err);
}

static enum err_code disk_replace(void *context, const char *name, struct view bytes,
                                  struct err *err)
{
  struct str *file = find(context, name);
  if (file != NULL)
    str_clear(file);
  return disk_append(context, name, bytes, err);
}

struct disk memory_disk_seam(struct memory_disk *memory)
{
  return (struct disk){
      .read = disk_read, .replace = disk_replace, .append = disk_append, .context = memory};
}

void memory_disk_clear(struct memory_disk *memory)
{
  for (int32_t i = 0; i < memory->count; i++)
    str_clear(&memory->files[i].bytes);
  memory->count = 0;
}

bool memory_disk_find(const struct memory_disk *memory, struct view bytes, const char **ret_name)
{
  for (int32_t i = 0; i < memory->count; i++) {
    const struct str *file = &memory->files[i].bytes;
    if (file->length > 0 && memmem(file->bytes, file->length, bytes.bytes, bytes.length) != NULL) {
      *ret_name = memory->files[i].name;
      return true;
    }
  }
  return false;
}
