// What commands write: lines for people, documents for programs, files that nobody else reads.
#ifndef FORVAR_CLI_OUTPUT_H
#define FORVAR_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/document.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"

enum { OUTPUT_BYTES_MAX = 64 * 1024 * 1024, INPUT_BYTES_MAX = 16 * 1024 * 1024 };

// A line for people; not with --json or --quiet.
void say(const struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
// The result itself as a line; not with --json.
void print(const struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);

// With --json: an object that begins with "schema": "forvar.NAME/1"; else NULL, on which every
// document_set_... of the command is left out.
struct document *output_document(const struct call *call, const char *schema);
// Writes and frees it; nothing for NULL.
MUST_CHECK enum err_code output_write(const struct call *call, struct document **document,
                                      struct err *err);

// The error on `errors`: as text with the quoted line of the policy, or as one JSON object.
void output_error(const struct call *call, const struct err *err);

// A time in the zone of the policy in force (UTC before there is one). `ret_text` takes
// CALENDAR_TEXT_BYTES.
void output_time(const struct call *call, int64_t instant_us, char *ret_text);

// ── Files ───────────────────────────────────────────────────────────────────────────────────
struct output_file {
  FILE *file;
  int folder;  // that `path` starts from
  const char *path;
  bool is_stream;  // "-": the output of the command
};
#define OUTPUT_FILE_INIT  \
  {                       \
    NULL, -1, NULL, false \
  }
// Opens for writing, mode 0600, "-" being the standard output. ERR_EXISTS if the file is there and
// `force` is false. Opened before the work is done, so that a bad path costs nothing.
MUST_CHECK enum err_code output_open(const struct call *call, const char *path, bool force,
                                     struct output_file *ret_file, struct err *err);
MUST_CHECK enum err_code output_add(struct output_file *file, struct view text, struct err *err);
// Writes the last part (it may be empty) and ends its line, syncs and closes.
MUST_CHECK enum err_code output_finish(struct output_file *file, struct view text, struct err *err);
// Closes and removes what was opened and not finished.
void output_file_cleanup(struct output_file *file);

// A whole file, "-" being the standard input. ERR_NOT_FOUND, ERR_LIMIT past INPUT_BYTES_MAX.
MUST_CHECK enum err_code input_read(const struct call *call, const char *path, struct str *ret_text,
                                    struct err *err);

struct policy;
// The policy in a file, whose findings are not told but for the first error. The caller frees it.
// ERR_FINDINGS, and as input_read.
MUST_CHECK enum err_code input_policy(const struct call *call, const char *path,
                                      struct policy **ret_policy, struct err *err);

#endif
