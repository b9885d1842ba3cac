// All approvals are one meta row, a line each: the text's checksum, its version, who, when and
// which service. Those of versions that are in force or passed over go with the next approval: the
// log has them.
#include "core/approval.h"

#include <inttypes.h>
#include <string.h>

#include "core/internal.h"
#include "policy/diff.h"
#include "store/store.h"

#define META_APPROVALS "approvals"

enum { HASH_TEXT_BYTES = 2 * POLICY_HASH_BYTES + 1 };
enum { APPROVALS_BYTES_MAX = APPROVALS_MAX * (HASH_TEXT_BYTES + 4 * POLICY_KEY_BYTES_MAX) };

struct approval {
  struct view hash, approver;
  int64_t version;
  int64_t at_us;
  int64_t service;  // 0: none
};

struct approvals {
  struct str text;  // as stored; the views of the rows lie in it
  struct approval rows[APPROVALS_MAX];
  int32_t count;
};

static void approvals_cleanup(struct approvals *approvals) { str_cleanup(&approvals->text); }

static bool read_line(struct view line, struct approval *ret)
{
  ret->hash = view_cut(&line, ' ');
  struct view version = view_cut(&line, ' ');
  ret->approver = view_cut(&line, ' ');
  struct view at = view_cut(&line, ' ');
  return view_int64(version, &ret->version) && view_int64(at, &ret->at_us) &&
         view_int64(line, &ret->service);
}

static enum err_code read_all(struct batch *batch, struct approvals *ret, struct err *err)
{
  bool found = false;
  enum err_code code = store_meta_get(batch->core->store, META_APPROVALS, &ret->text, &found, err);
  struct view rest = str_view(&ret->text);
  while (code == ERR_OK && rest.length > 0)
    if (ret->count == APPROVALS_MAX || !read_line(view_cut(&rest, '\n'), &ret->rows[ret->count++]))
      code = err_set(err, ERR_INTEGRITY, "the meta row %s is damaged", META_APPROVALS);
  return code;
}

// Keeps those that are of one text, in the order in which they were given.
static void keep_of(struct approvals *approvals, const struct policy *policy)
{
  char hex[HASH_TEXT_BYTES];
  int32_t count = 0;
  hex_write(policy->hash, sizeof policy->hash, hex);
  for (int32_t i = 0; i < approvals->count; i++)
    if (view_is(approvals->rows[i].hash, hex))
      approvals->rows[count++] = approvals->rows[i];
  approvals->count = count;
}

static enum err_code read_approvals(struct batch *batch, const struct policy *policy,
                                    struct approvals *ret, struct err *err)
{
  enum err_code code = read_all(batch, ret, err);
  keep_of(ret, policy);
  return code;
}

// ── What is needed ──────────────────────────────────────────────────────────────────────────────

static enum err_code count_needed(const struct policy *current, const struct policy *next,
                                  int32_t *ret_needed, struct err *err)
{
  OWNED(policy_diff) struct policy_diff diff = {0};
  *ret_needed = 0;
  if (current == NULL || current->organisation.approve_count == 0)
    return ERR_OK;
  enum err_code code = policy_diff_make(current, next, &diff, err);
  *ret_needed = diff.counts[EFFECT_LOOSENS] > 0 ? 2 : 1;
  return code;
}

static enum err_code tell_missing(const struct policy *current, int32_t have, int32_t needed,
                                  struct err *err)
{
  OWNED(str) struct str who = STR_INIT(APPROVALS_BYTES_MAX);
  for (int32_t i = 0; i < current->organisation.approve_count; i++)
    str_format(&who, "%s%s", i == 0 ? "" : ", ", current->organisation.approve[i]);
  enum err_code code = err_set(err, ERR_REFUSED, "%s takes %d approval%s and has %d",
                               needed > 1 ? "a version that loosens" : "a version", needed,
                               needed == 1 ? "" : "s", have);
  err_hint(err, "forvar policy approve FILE --by NAME, where NAME is one of: %s", str_text(&who));
  return code;
}

enum err_code approvals_check(struct batch *batch, const struct policy *next, struct err *err)
{
  const struct policy *current = batch_policy(batch);
  OWNED(approvals) struct approvals approvals = {.text = STR_INIT(APPROVALS_BYTES_MAX)};
  int32_t needed = 0;
  enum err_code code = count_needed(current, next, &needed, err);
  if (code == ERR_OK && needed > 0)
    code = read_approvals(batch, next, &approvals, err);
  if (code != ERR_OK || approvals.count >= needed)
    return code;
  return tell_missing(current, approvals.count, needed, err);
}

// ── policy.approve ──────────────────────────────────────────────────────────────────────────────

static bool may_approve(const struct policy *current, struct view approver)
{
  for (int32_t i = 0; i < current->organisation.approve_count; i++)
    if (view_is(approver, current->organisation.approve[i]))
      return true;
  return false;
}

static enum err_code check_approver(const struct approvals *approvals, const struct batch *batch,
                                    const struct operation *operation, int32_t needed,
                                    struct err *err)
{
  const struct policy_approve_input *input = operation->input;
  if (!may_approve(batch_policy(batch), input->approver))
    return err_set(err, ERR_REFUSED, "the version in force does not let this name approve");
  for (int32_t i = 0; i < approvals->count; i++) {
    const struct approval *row = &approvals->rows[i];
    if (view_equal(row->approver, input->approver))
      return err_set(err, ERR_CONFLICT, "this name has approved the version already");
    if (operation->actor.service != 0 && row->service == operation->actor.service)
      return err_set(err, ERR_REFUSED, "the service that approved first cannot approve again");
  }
  bool early = needed > 1 && approvals->count > 0 &&
               batch->now_us - approvals->rows[0].at_us < APPROVAL_COOLING_US;
  if (!early)
    return ERR_OK;
  enum err_code code = err_set(err, ERR_CONFLICT, "the first approval is less than %d hours old",
                               (int)(APPROVAL_COOLING_US / CLOCK_HOUR_US));
  err_hint(err, "what loosens a policy is slept on: approve it when that time is over");
  return code;
}

// The lines of versions that may still come into force.
static void write_waiting(const struct approvals *all, int64_t version, struct str *text)
{
  for (int32_t i = 0; i < all->count; i++) {
    const struct approval *row = &all->rows[i];
    if (row->version > version)
      str_format(text, "%.*s %" PRId64 " %.*s %" PRId64 " %" PRId64 "\n", (int)row->hash.length,
                 row->hash.bytes, row->version, (int)row->approver.length, row->approver.bytes,
                 row->at_us, row->service);
  }
}

static enum err_code add_approval(struct batch *batch, const struct operation *operation,
                                  const struct policy *policy, struct err *err)
{
  const struct policy_approve_input *input = operation->input;
  OWNED(approvals) struct approvals all = {.text = STR_INIT(APPROVALS_BYTES_MAX)};
  OWNED(str) struct str text = STR_INIT(APPROVALS_BYTES_MAX);
  OWNED(str) struct str body = STR_INIT(400);
  char hex[HASH_TEXT_BYTES];
  hex_write(policy->hash, sizeof policy->hash, hex);
  enum err_code code = read_all(batch, &all, err);
  if (code == ERR_OK && all.count == APPROVALS_MAX)
    code = err_set(err, ERR_LIMIT, "at most %d approvals wait at a time", APPROVALS_MAX);
  if (code != ERR_OK)
    return code;
  write_waiting(&all, batch_policy(batch)->version, &text);
  str_format(&text, "%s %" PRId64 " %.*s %" PRId64 " %" PRId64 "\n", hex, policy->version,
             (int)input->approver.length, input->approver.bytes, batch->now_us,
             (int64_t)operation->actor.service);
  str_format(&body, "{\"what\":\"policy.approve\",\"by\":\"%.*s\",\"sha256\":\"%s\"}",
             (int)input->approver.length, input->approver.bytes, hex);
  if (!str_ok(&text) || !str_ok(&body))
    return err_set(err, ERR_MEMORY, "no memory for an approval");
  code = batch_put_meta(batch, META_APPROVALS, str_view(&text), err);
  return code != ERR_OK ? code
                        : batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                                    str_view(&body), NULL, err);
}

static enum err_code approve(struct batch *batch, const struct operation *operation,
                             const struct policy *policy, struct err *err)
{
  struct policy_approve_output *output = operation->output;
  OWNED(approvals) struct approvals approvals = {.text = STR_INIT(APPROVALS_BYTES_MAX)};
  enum err_code code = count_needed(batch_policy(batch), policy, &output->needed, err);
  if (code == ERR_OK)
    code = read_approvals(batch, policy, &approvals, err);
  if (code == ERR_OK)
    code = check_approver(&approvals, batch, operation, output->needed, err);
  if (code == ERR_OK)
    code = add_approval(batch, operation, policy, err);
  output->version = policy->version;
  output->approvals = approvals.count + 1;
  return code;
}

static enum err_code apply_approve(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct policy_approve_input *input = operation->input;
  struct policy *policy = NULL;
  if (batch_policy(batch) == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force: the first version takes no approval");
  enum err_code code =
      policy_list_compile(&batch->core->policies, input->file_name, input->text, &policy, err);
  if (code != ERR_OK)
    return code;
  code = approve(batch, operation, policy, err);
  policy_free(policy);
  return code;
}

const struct verb verb_policy_approve = {
    .name = "policy.approve", .ledger = LEDGER_OP_POLICY_APPROVE, .apply = apply_approve};
