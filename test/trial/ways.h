// The three ways in that a program has, as ways of policy tests: what is common to them.
#ifndef FORVAR_TEST_TRIAL_WAYS_H
#define FORVAR_TEST_TRIAL_WAYS_H

#include "base/document.h"
#include "core/verbs.h"
#include "home/home.h"
#include "trial/way.h"

enum { WAY_WHEN_BYTES = 20, WAY_TEXT_BYTES_MAX = 1024 * 1024, WAY_VALUES_MAX = 256 };

extern const struct trial_way way_library, way_routes, way_commands;

// A time as a caller writes it, "2026-03-15 12:00:00". False if it has no such form: a part of a
// second, or the second of the two hours when summer time ends.
bool way_when(const struct policy *policy, int64_t instant_us, char ret_text[WAY_WHEN_BYTES]);

// The values of a put as an object: a text for each field, a list where a field comes twice.
struct document *way_values(const struct policy *policy, const struct record_put_input *input);

// A role and a purpose in whose name a caller may write at the point; false if there are none.
bool way_writer(const struct policy *policy, int32_t point, int32_t *ret_role,
                int32_t *ret_purpose);

// What a caller writes for whom data is to go to.
const char *way_leaving(const struct policy *policy, struct use_leaving to);

// The error that a caller was told, from what the problem of a route and the error of a command
// have in common: code, detail, reason, law, policy.
enum err_code way_error(const struct document *told, struct err *err);

// What a caller was told of a use.
struct way_told {
  bool is_allowed;
  struct view reason, law;  // of a refusal
  struct view values[WAY_VALUES_MAX];
  int32_t value_count;
};
// From the reply to a use that was allowed, and from that to a question.
void way_read_values(const struct document *reply, struct way_told *told);
void way_read_decision(const struct document *reply, struct way_told *told);
enum err_code way_compare(const struct way_told *told, const struct use_request *request,
                          const struct use_answer *expected, struct err *err);

#endif
