// A file of policy tests, read and checked as far as that can be done without running it.
#ifndef FORVAR_TRIAL_FILE_H
#define FORVAR_TRIAL_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "policy/policy.h"
#include "policy/yaml.h"

struct trial_later {  // a later version of the policy, that a step may put in force
  struct view name;   // "v2"
  const char *path;
  struct view text;
};

struct trial_case {
  struct view name;
  struct place place;
  const struct yaml_node *proves;   // list of promises, or NULL
  const struct yaml_node *columns;  // of the table; NULL without one
  const struct yaml_node *rows;
  const struct yaml_node *given, *when, *then;  // lists of lines; NULL if absent
};

struct trial_file {
  struct arena arena;
  const char *path;         // as given
  const char *policy_path;  // the policy that it names, beside it
  struct place policy_place;
  const struct yaml_node *people;  // map, or NULL
  struct trial_later *laters;
  int32_t later_count;
  struct trial_case *cases;
  int32_t case_count;
};

// ERR_FINDINGS with the place of the first error; ERR_NOT_FOUND, ERR_SYSTEM, ERR_LIMIT. The file
// is to be cleared in either case.
MUST_CHECK enum err_code trial_file_read(const char *path, struct trial_file *ret_file,
                                         struct err *err);
void trial_file_clear(struct trial_file *file);

// The whole text of a file of at most POLICY_BYTES_MAX, in the arena.
MUST_CHECK enum err_code trial_text_read(const char *path, struct arena *arena,
                                         struct view *ret_text, struct err *err);

// "framsteget.yaml" of "policies/framsteget.yaml".
const char *trial_base_name(const char *path);

// An error of a test file at a place: sets `err` and returns ERR_FINDINGS.
enum err_code trial_finding(struct err *err, const char *path, struct place place,
                            const char *format, ...) PRINTF_LIKE(4, 5);

// A copy of `node` with {column} put in from the row; `row` is a list of texts as long as
// `columns`. Lives in `arena`. ERR_FINDINGS for a {name} that is no column.
MUST_CHECK enum err_code trial_put_in(const struct trial_case *about, const char *path,
                                      const struct yaml_node *node, const struct yaml_node *row,
                                      struct arena *arena, const struct yaml_node **ret_copy,
                                      struct err *err);

#endif
