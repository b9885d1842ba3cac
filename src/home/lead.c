// Group commit for threads: whoever finds no leader leads. A leader runs batches until its own
// operation is done; each batch first gathers what the others want done meanwhile, so that one
// sync serves all of them, and a job that leads for long holds nobody up.
#include "base/assert.h"
#include "core/verbs.h"
#include "home/internal.h"

static void lock(struct home *home) { INVARIANT(pthread_mutex_lock(&home->mutex) == 0); }
static void unlock(struct home *home) { INVARIANT(pthread_mutex_unlock(&home->mutex) == 0); }
static void wait(struct home *home)
{
  INVARIANT(pthread_cond_wait(&home->changed, &home->mutex) == 0);
}

// Called by the leader within a step, when the answer is durable.
static void on_done(struct operation *operation, void *context)
{
  (void)operation;
  struct waiter *waiter = context;
  lock(waiter->home);
  waiter->done = true;
  unlock(waiter->home);
}

static bool is_leader(const struct home *home)
{
  return home->leading && pthread_equal(home->leader, pthread_self());
}

void lead_gather(void *context)
{
  struct home *home = context;
  lock(home);
  struct waiter *waiting = home->waiting;
  home->waiting = NULL;
  home->last = &home->waiting;
  unlock(home);
  while (waiting != NULL) {
    struct waiter *next = waiting->next;  // the waiter may be gone once it is submitted and done
    core_submit(home->core, waiting->operation);
    waiting = next;
  }
}

// One batch, with the mutex given up meanwhile.
static void lead_once(struct home *home)
{
  home->leading = true;
  home->leader = pthread_self();
  unlock(home);
  struct err of_batch = ERR_INIT;
  if (core_step(home->core, &of_batch) != ERR_OK)
    of_batch.code = ERR_OK;  // its members were told so themselves
  lock(home);
  flush_log_if_long(home);
  home->leading = false;
  INVARIANT(pthread_cond_broadcast(&home->changed) == 0);
}

// Within home_lead_begin: nobody else would run it.
static enum err_code perform_as_leader(struct home *home, struct operation *operation,
                                       struct err *err)
{
  struct err of_batch = ERR_INIT;
  core_submit(home->core, operation);
  if (core_run(home->core, &of_batch) != ERR_OK)
    of_batch.code = ERR_OK;  // its members were told so themselves
  if (operation->code != ERR_OK)
    *err = operation->err;
  return operation->code;
}

enum err_code home_perform(struct home *home, struct operation *operation, struct err *err)
{
  lock(home);
  bool leads = is_leader(home);
  unlock(home);
  if (leads)
    return perform_as_leader(home, operation, err);
  struct waiter waiter = {.operation = operation, .home = home};
  operation->done = on_done;
  operation->context = &waiter;
  lock(home);
  *home->last = &waiter;
  home->last = &waiter.next;
  while (!waiter.done) {
    // Whoever wants to lead for a job comes first: else busy writers hand the lead to each other
    // for ever. The operation rides in the job's batches.
    if (home->leading || home->leads_wanted > 0)
      wait(home);
    else
      lead_once(home);
  }
  unlock(home);
  if (operation->code != ERR_OK)
    *err = operation->err;
  return operation->code;
}

void home_lead_begin(struct home *home)
{
  lock(home);
  if (!is_leader(home)) {
    home->leads_wanted++;
    while (home->leading)
      wait(home);
    home->leads_wanted--;
    home->leading = true;
    home->leader = pthread_self();
    home->lead_turns++;
  }
  home->lead_depth++;
  unlock(home);
}

void home_lead_pass(struct home *home)
{
  lock(home);
  PRE(is_leader(home));
  flush_log_if_long(home);
  if (home->leads_wanted > 0) {
    int depth = home->lead_depth;
    int64_t turns = home->lead_turns;
    home->lead_depth = 0;
    home->leading = false;
    INVARIANT(pthread_cond_broadcast(&home->changed) == 0);
    while (home->leading || (home->leads_wanted > 0 && home->lead_turns == turns))
      wait(home);
    home->leading = true;
    home->leader = pthread_self();
    home->lead_depth = depth;
  }
  unlock(home);
}

void home_lead_end(struct home *home)
{
  lock(home);
  if (--home->lead_depth == 0) {
    flush_log_if_long(home);
    home->leading = false;
    INVARIANT(pthread_cond_broadcast(&home->changed) == 0);
  }
  unlock(home);
}

enum err_code home_lead(struct home *home,
                        enum err_code (*work)(void *context, struct core *core, struct err *err),
                        void *context, struct err *err)
{
  home_lead_begin(home);
  enum err_code code = work(context, home->core, err);
  home_lead_end(home);
  return code;
}

enum { USE_TRIES_MAX = 16 };

enum err_code home_use(struct home *home, struct reader *reader, const struct use_request *request,
                       struct arena *arena, struct use_answer *ret_answer, struct err *err)
{
  struct use_request again = *request;
  for (int tries = 0; tries < USE_TRIES_MAX; tries++) {
    enum err_code code = use_decide(reader, &again, arena, ret_answer, err);
    if (code == ERR_KEY && tries == 0)
      continue;  // the epoch changed meanwhile: a newer snapshot has the key wrapped anew
    if (code != ERR_OK)
      return code;
    bool recorded = again.mode == LEDGER_KEPT && use_keep(reader, ret_answer);
    if (recorded)
      flush_soon(home);
    if (!recorded && again.mode == LEDGER_DURABLE) {
      struct use_log_input input = {ret_answer->entry, ret_answer->policy->version};
      struct operation operation = OPERATION(&verb_use_log, &input, NULL);
      code = home_perform(home, &operation, err);
      if (code != ERR_OK && code != ERR_CONFLICT)
        return code;
      recorded = code == ERR_OK;
    }
    if (recorded)
      return ret_answer->decision.allowed ? ERR_OK : use_refusal(ret_answer, err);
    again.mode = LEDGER_DURABLE;  // the ring was full, or the policy moved
  }
  return err_set(err, ERR_BUSY, "the policy changed again and again while a use was decided");
}
