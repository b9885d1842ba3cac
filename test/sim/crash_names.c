#include "crash_names.h"

#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
  if (memory == NULL) {
    abort();
  }
  return memory;
}

static struct crash_name *entry_of(const struct crash_names *directory, const char *name)
{
  for (size_t i = 0; i < directory->count; i++) {
    if (strcmp(directory->names[i].name, name) == 0) {
      return &directory->names[i];
    }
  }
  return NULL;
}

struct crash_file *crash_names_find(const struct crash_names *names, const char *name)
{
  const struct crash_name *entry = entry_of(names, name);
  return entry == NULL ? NULL : entry->file;
}

void crash_names_clear(struct crash_names *directory, const char *name)
{
  struct crash_name *entry = entry_of(directory, name);
  if (entry != NULL) {
    free(entry->name);
    directory->count--;
    *entry = directory->names[directory->count];
  }
}

void crash_names_set(struct crash_names *directory, const char *name, struct crash_file *file)
{
  struct crash_name *entry = entry_of(directory, name);
  if (entry != NULL) {
    entry->file = file;
    return;
  }
  directory->names =
      must(realloc(directory->names, (directory->count + 1) * sizeof(struct crash_name)));
  directory->names[directory->count++] = (struct crash_name){must(strdup(name)), file};
}

void crash_names_apply(struct crash_names *directory, const struct crash_move *move)
{
  if (move->clear != NULL) {
    crash_names_clear(directory, move->clear);
  }
  if (move->set != NULL) {
    crash_names_set(directory, move->set, move->file);
  }
}

void crash_names_free(struct crash_names *directory)
{
  for (size_t i = 0; i < directory->count; i++) {
    free(directory->names[i].name);
  }
  free(directory->names);
}
