// Runs forvar-verify inside the test and keeps what it said.
#ifndef FORVAR_TEST_VERIFY_RUN_H
#define FORVAR_TEST_VERIFY_RUN_H

#include <stdint.h>

enum { RUN_TEXT_BYTES = 8192, RUN_PATH_BYTES = 256 };

struct run {
  int code;
  char out[RUN_TEXT_BYTES];
  char err[RUN_TEXT_BYTES];
};

// The arguments after the name of the program, ended by NULL.
struct run run_verify(const char *const *arguments);

// The first wrong place, from the document of --json. Numbers that are null are -1.
struct wrong {
  int code;
  char place[32];
  char what[64];
  char expected[200];
  char found[200];
  int64_t log;
  int64_t first;
  int64_t entry;
  int64_t entry_count;
  int64_t head_size;
  int64_t line;
  int64_t note;
};

// Runs with --json and further arguments (NULL or ended by NULL).
struct wrong run_wrong(const char *file, const char *const *more);

// The exact output of a run that says nothing on the error stream.
void expect_run(const char *const *arguments, int code, const char *out);

// A folder of this test program without folders in it, removed by drop_folder.
struct folder {
  char path[RUN_PATH_BYTES / 2];
};

struct folder make_folder(void);
void drop_folder(const struct folder *folder);
// "path/name" into a buffer of RUN_PATH_BYTES.
void path_in_folder(char *ret_path, const struct folder *folder, const char *name);

#endif
