// The names of a directory, and one step of it. For crash_disk.c only. Out of memory ends the
// program.
#ifndef FORVAR_TEST_SIM_CRASH_NAMES_H
#define FORVAR_TEST_SIM_CRASH_NAMES_H

#include <stddef.h>

struct crash_file;

struct crash_name {
  char *name;
  struct crash_file *file;
};

struct crash_names {
  struct crash_name *names;
  size_t count;
};

// One step of a directory: `clear` disappears and `set` leads to the file; either may be NULL.
struct crash_move {
  char *clear, *set;
  struct crash_file *file;
};

struct crash_file *crash_names_find(const struct crash_names *, const char *name);  // NULL: absent
void crash_names_set(struct crash_names *, const char *name, struct crash_file *);
void crash_names_clear(struct crash_names *, const char *name);
void crash_names_apply(struct crash_names *, const struct crash_move *);
void crash_names_free(struct crash_names *);

#endif
