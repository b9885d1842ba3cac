// Every distinct image that was ever written to a disk, with the name of its file. For
// crash_disk.c only. Out of memory ends the program.
#ifndef FORVAR_TEST_SIM_CRASH_HISTORY_H
#define FORVAR_TEST_SIM_CRASH_HISTORY_H

#include <stddef.h>

struct crash_history;

struct crash_history *crash_history_new(void);
void crash_history_free(struct crash_history *);
void crash_history_add(struct crash_history *, const char *name, const unsigned char *bytes,
                       size_t length);
size_t crash_history_count(const struct crash_history *);
const unsigned char *crash_history_image(const struct crash_history *, size_t number,
                                         const char **ret_name, size_t *ret_length);

#endif
