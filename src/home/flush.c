// Kept entries become durable within 5 ms (K2) where the disk syncs in 3: the first one that is
// kept wakes this thread, which lets more of them come for FLUSH_DELAY_US and then runs a batch.
#include <time.h>

#include "base/assert.h"
#include "home/internal.h"

#define FLUSH_DELAY_US 2000

static void lock(struct home *home) { INVARIANT(pthread_mutex_lock(&home->mutex) == 0); }
static void unlock(struct home *home) { INVARIANT(pthread_mutex_unlock(&home->mutex) == 0); }

// False: the home closes.
static bool wait_for_kept(struct home *home)
{
  lock(home);
  while (!home->stopping && !atomic_load(&home->kept_waiting))
    INVARIANT(pthread_cond_wait(&home->kept, &home->mutex) == 0);
  bool goes_on = !home->stopping;
  unlock(home);
  return goes_on;
}

static void *run(void *context)
{
  struct home *home = context;
  const struct timespec delay = {0, FLUSH_DELAY_US * 1000};
  while (wait_for_kept(home)) {
    (void)nanosleep(&delay, NULL);  // shorter, if a signal comes: no harm
    atomic_store(&home->kept_waiting, false);
    struct err err = ERR_INIT;
    lead_begin(home);
    enum err_code code = core_run(home->core, &err);
    lead_end(home);
    if (code != ERR_OK)
      flush_soon(home);  // the entries are still in the ring
  }
  return NULL;
}

enum err_code flush_begin(struct home *home, struct err *err)
{
  if (pthread_create(&home->flusher, NULL, run, home) != 0)
    return err_set(err, ERR_SYSTEM, "cannot start the thread that makes kept entries durable");
  home->has_flusher = true;
  return ERR_OK;
}

void flush_end(struct home *home)
{
  if (!home->has_flusher)
    return;
  lock(home);
  home->stopping = true;
  INVARIANT(pthread_cond_signal(&home->kept) == 0);
  unlock(home);
  INVARIANT(pthread_join(home->flusher, NULL) == 0);
  home->has_flusher = false;
}

void flush_soon(struct home *home)
{
  if (atomic_load_explicit(&home->kept_waiting, memory_order_relaxed))
    return;  // the thread is awake already
  lock(home);
  atomic_store(&home->kept_waiting, true);
  INVARIANT(pthread_cond_signal(&home->kept) == 0);
  unlock(home);
}
