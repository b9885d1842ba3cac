// Operations on the home as a whole: a policy version, a service, the clock, entries of uses.
#include <string.h>

#include "core/approval.h"
#include "core/bytes.h"
#include "core/internal.h"
#include "core/verbs.h"
#include "policy/law.h"
#include "store/store.h"

// ── policy.activate ─────────────────────────────────────────────────────────────────────────

struct registering {
  struct batch *batch;
};

static enum err_code register_name(void *context, enum name_kind kind, const char *name,
                                   struct err *err)
{
  struct registering *registering = context;
  int32_t number = 0;
  return batch_add_name(registering->batch, kind, name, &number, err);
}

static enum err_code check_version(struct batch *batch, const struct policy *next, struct err *err)
{
  const struct policy *current = batch_policy(batch);
  const struct policy *last = policy_list_in_force(&batch->core->policies, INT64_MAX);
  if (last == NULL || next->version > last->version)
    return ERR_OK;
  enum err_code code =
      err_set(err, ERR_CONFLICT, "version %lld is not higher than version %lld, which %s",
              (long long)next->version, (long long)last->version,
              last == current ? "is in force" : "waits for its day");
  err_hint(err, "raise policy.version; versions are kept for ever and never change");
  return code;
}

static enum err_code write_policy(struct batch *batch, const struct operation *operation,
                                  const struct policy *policy, struct err *err)
{
  struct registering registering = {batch};
  enum err_code code =
      names_missing(core_names(batch->core), policy, register_name, &registering, err);
  OWNED(str) struct str law = STR_INIT(LAW_VERSION_BYTES_MAX);
  law_version_write(&law);
  struct policy_row row = {policy->version, view_bytes(policy->hash, POLICY_HASH_BYTES),
                           batch->now_us, policy->text, str_view(&law)};
  if (code == ERR_OK && !str_ok(&law))
    code = err_set(err, ERR_MEMORY, "no memory for the version of the law");
  if (code == ERR_OK)
    code = batch_add_policy(batch, &row, err);
  if (code == ERR_OK)
    code = batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                     view_bytes(policy->hash, POLICY_HASH_BYTES), NULL, err);
  return code;
}

static enum err_code apply_activate(struct batch *batch, const struct operation *operation,
                                    struct err *err)
{
  const struct policy_activate_input *input = operation->input;
  struct policy_activate_output *output = operation->output;
  struct policy *policy = NULL;
  enum err_code code =
      policy_list_compile(&batch->core->policies, input->file_name, input->text, &policy, err);
  if (code != ERR_OK)
    return code;
  code = policy_check_decided(policy, err);
  if (code == ERR_OK)
    code = check_version(batch, policy, err);
  if (code == ERR_OK)
    code = approvals_check(batch, policy, err);
  if (code == ERR_OK)
    code = write_policy(batch, operation, policy, err);
  if (code == ERR_OK)
    output->version = policy->version;
  policy_free(policy);
  return code;
}

const struct verb verb_policy_activate = {
    .name = "policy.activate", .ledger = LEDGER_OP_POLICY, .apply = apply_activate};

// ── service.add ─────────────────────────────────────────────────────────────────────────────

static enum err_code find_last(void *context, const struct service_row *row, struct err *err)
{
  (void)err;
  int64_t *last = context;
  *last = row->service > *last ? row->service : *last;
  return ERR_OK;
}

static enum err_code apply_service(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct service_add_input *input = operation->input;
  struct service_add_output *output = operation->output;
  const struct policy *policy = batch_policy(batch);
  if (policy == NULL || input->role < 0 || input->role >= policy->role_count)
    return err_set(err, ERR_INPUT, "a service needs a role of the policy in force");
  const struct role *role = &policy->roles[input->role];
  if (input->purpose >= 0 && !set_has(&role->purposes, input->purpose))
    return err_set(err, ERR_INPUT, "role %s does not act for that purpose", role->name);
  int64_t last = 0;
  enum err_code code = store_service_each(batch->core->store, find_last, &last, err);
  if (code != ERR_OK)
    return code;
  if (last >= UINT16_MAX)
    return err_set(err, ERR_LIMIT, "a home has at most %d services", UINT16_MAX);
  const struct names *names = core_names(batch->core);
  struct service_row row = {
      .service = last + 1,
      .name = input->name,
      .token = view_bytes(input->token_hash, 32),
      .role = names_number(names, NAME_ROLE, view_of(role->name)),
      .purpose = input->purpose < 0 ? -1
                                    : names_number(names, NAME_PURPOSE,
                                                   view_of(policy->purposes[input->purpose].name)),
      .added_us = batch->now_us,
  };
  code = batch_put_service(batch, NULL, &row, err);
  OWNED(str) struct str body = STR_INIT(100);
  str_format(&body, "{\"what\":\"service.add\",\"service\":%lld}", (long long)row.service);
  if (code == ERR_OK)
    code = batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                     NULL, err);
  if (code == ERR_OK)
    output->service = row.service;
  return code;
}

const struct verb verb_service_add = {
    .name = "service.add", .ledger = LEDGER_OP_SERVICE_ADD, .apply = apply_service};

// ── clock.release ───────────────────────────────────────────────────────────────────────────

static enum err_code apply_release(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  if (batch->head.clock_stopped != CLOCK_STOPPED)
    return err_set(err, ERR_CONFLICT, "the clock guard has stopped nothing");
  bool behind = batch->now_us - clock_now_us(&batch->core->clock) > CORE_CLOCK_BACK_US;
  batch->head.clock_stopped = behind ? CLOCK_BEHIND : CLOCK_FREE;
  return batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                   VIEW_LITERAL("{\"what\":\"clock.release\"}"), NULL, err);
}

const struct verb verb_clock_release = {
    .name = "clock.release", .ledger = LEDGER_OP_CLOCK, .apply = apply_release};

// ── use.log ─────────────────────────────────────────────────────────────────────────────────

static enum err_code apply_use_log(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct use_log_input *input = operation->input;
  const struct policy *policy = batch_policy(batch);
  if (policy == NULL || policy->version != input->policy_version)
    return err_set(err, ERR_CONFLICT, "the policy changed while this use was decided");
  return batch_log_entry(batch, input->entry, err);
}

const struct verb verb_use_log = {
    .name = "use.log", .ledger = LEDGER_OP_READ, .apply = apply_use_log};
