// When a version comes into force, by being activated or by its day: everybody sees it at once,
// and the due index follows.
//
// The classes are bound to the new version in a snapshot of their own (catalog.h). Where the
// sweep now indexes a class otherwise, or by an end that was derived under the old rules, hints
// are filed anew person by person. The meta row "refiled" says for which version that is done,
// so that a crash in the middle is made good at the next start.
#include "core/bytes.h"
#include "core/everybody.h"
#include "core/internal.h"
#include "core/refile.h"
#include "core/verbs.h"
#include "store/store.h"

#define META_REFILED "refiled"

// ── One person ──────────────────────────────────────────────────────────────────────────────

struct refile_input {
  struct person_id person;
};

static enum err_code apply_refile(struct batch *batch, const struct operation *operation,
                                  struct err *err)
{
  const struct refile_input *input = operation->input;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased since it was listed
  return code != ERR_OK ? code : refile_whole_person(batch, state, err);
}

static const struct verb verb_refile = {.name = "policy.refile", .apply = apply_refile};

static enum err_code apply_refiled(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  (void)operation;
  unsigned char version[8];
  struct bytes bytes = bytes_over(version, sizeof version);
  bytes_i64(&bytes, batch_policy(batch)->version);
  return batch_put_meta(batch, META_REFILED, bytes_view(&bytes), err);
}

static const struct verb verb_refiled = {.name = "policy.refiled", .apply = apply_refiled};

// ── All of them ─────────────────────────────────────────────────────────────────────────────

static enum err_code refile_one(void *context, struct person_id person, struct err *err)
{
  struct refile_input input = {person};
  struct operation operation = OPERATION(&verb_refile, &input, NULL);
  return core_perform(context, &operation, err);
}

static enum err_code swap_catalog(struct core *core, struct err *err)
{
  struct catalog *current = core_catalog(core);
  struct catalog *next = NULL;
  enum err_code code = store_begin(core->store, STORE_READ, err);
  if (code != ERR_OK)
    return code;
  code = catalog_load(core->store, &core->policies, core_now_us(core), current, &next, err);
  store_rollback(core->store);
  if (code != ERR_OK)
    return code;
  atomic_store_explicit(&core->catalog, next, memory_order_release);
  cache_committed(core->cache);
  cache_empty(core->cache);
  return ERR_OK;
}

static enum err_code refiled_version(struct core *core, int64_t *ret_version, struct err *err)
{
  OWNED(str) struct str value = STR_INIT(8);
  bool found = false;
  enum err_code code = store_meta_get(core->store, META_REFILED, &value, &found, err);
  *ret_version = found && value.length == 8 ? bytes_get_i64((const unsigned char *)value.bytes) : 0;
  return code;
}

enum err_code core_policy_changed(struct core *core, struct err *err)
{
  int64_t refiled = 0;
  enum err_code code = swap_catalog(core, err);
  if (code == ERR_OK)
    code = refiled_version(core, &refiled, err);
  const struct policy *policy = core_policy(core);
  if (code != ERR_OK || policy == NULL || refiled == policy->version)
    return code;
  if (refiled != 0)
    code = everybody_each(core->store, refile_one, core, err);
  if (code != ERR_OK)
    return code;
  struct operation operation = OPERATION(&verb_refiled, NULL, NULL);
  return core_perform(core, &operation, err);
}

enum err_code core_policy_day(struct core *core, struct err *err)
{
  const struct policy *due = policy_list_in_force(&core->policies, core_now_us(core));
  return due == core_policy(core) ? ERR_OK : core_policy_changed(core, err);
}
