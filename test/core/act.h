// What tests of the core do and look at beside world.h: verbs whose failure is the point, the
// entries of the log, rows of the store, versions of the policy, and the deep look.
#ifndef FORVAR_TEST_CORE_ACT_H
#define FORVAR_TEST_CORE_ACT_H

#include "ledger/entry.h"
#include "policy/policy.h"
#include "store/rows.h"
#include "world.h"

// Performs a verb as the machine; world->err says why not.
enum err_code act(struct world *world, const struct verb *verb, const void *input, void *output);

// ── Verbs ───────────────────────────────────────────────────────────────────────────────────
enum err_code act_opt_out(struct world *world, struct person_id person, uint32_t channels);
// Whatever the person's version is, without a request.
enum err_code act_erase(struct world *world, struct person_id person);
// An event of the policy; ret_event may be NULL.
enum err_code act_event(struct world *world, struct person_id person, int64_t thing,
                        const char *event, const char *local_time, int64_t *ret_event);
enum err_code act_retract(struct world *world, struct person_id person, int64_t thing,
                          int64_t event);
// Records swept by a sweep of now; the clock guard is released first if it stands in the way.
int64_t act_sweep(struct world *world);

// A put in the policy's words. "?" is what the policy does not know.
struct act_value {
  const char *field;
  const char *value;
};
struct act_put {
  struct person_id person;
  const char *point, *source;
  int64_t thing;
  int64_t obtained_us;
  const struct act_value *values;
  int32_t value_count;
};
enum err_code act_put(struct world *world, const struct act_put *put,
                      struct record_put_output *ret_output);

// ── Versions of the policy ──────────────────────────────────────────────────────────────────
struct act_edit {  // the first place of `from` in the text becomes `to`
  const char *from, *to;
};
// Framsteget with these changes, activated; core_policy_changed is the caller's.
enum err_code act_activate(struct world *world, const struct act_edit *edits, int32_t count);
enum err_code act_approve(struct world *world, const struct act_edit *edits, int32_t count,
                          const char *approver);
// The same, taken into use.
void act_change_policy(struct world *world, const struct act_edit *edits, int32_t count);

// ── The log and the store ───────────────────────────────────────────────────────────────────
// Entries of this operation with this outcome (0: done or allowed, else 1 + reason; -1: any).
int64_t act_log_count(struct world *world, enum ledger_operation operation, int outcome);
// The last entry of the operation; fails the test if there is none.
struct entry act_log_last(struct world *world, enum ledger_operation operation);

int64_t act_record_count(struct world *world, struct person_id person, const char *field);
int64_t act_key_count(struct world *world, struct person_id person);
int64_t act_stale_count(struct world *world, struct person_id person);
int64_t act_lookup_count(struct world *world, struct person_id person);
int64_t act_due_count(struct world *world, struct person_id person);
// The stored record; its value is not in it.
struct record_row act_record(struct world *world, struct person_id person, const char *field,
                             int32_t ordinal);
// How many persons have this value in the look-up field.
int32_t act_find(struct world *world, const char *field, const char *value,
                 struct person_id *ret_first);

// Fails the test if the deep look finds anything wrong (K8).
void act_audit(struct world *world);

#endif
