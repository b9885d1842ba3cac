// A thread that writes behind the others.
//
// Kept entries become durable within 5 ms (K2) where the disk syncs in 3: the first one that is
// kept wakes it, and it lets more of them come for FLUSH_DELAY_US and then runs a batch.
//
// SQLite's write-ahead log is moved into the file when it is long: nearly all of it on a connection
// of this thread while others go on writing, the rest as leader. Snapshots that are opened behind
// that need nothing of the log, so that the next commit begins it anew. A long log is dear to
// readers: its index chains all versions of a page, and each page that is read asks it. And a
// checkpoint inside a commit would hold up every caller.
#include <time.h>

#include "base/assert.h"
#include "core/use.h"
#include "home/internal.h"
#include "store/store.h"

#define FLUSH_DELAY_US 2000
enum { LOG_PAGES_MAX = 1000 };

static void lock(struct home *home) { INVARIANT(pthread_mutex_lock(&home->mutex) == 0); }
static void unlock(struct home *home) { INVARIANT(pthread_mutex_unlock(&home->mutex) == 0); }

// False: the home closes.
static bool wait_for_work(struct home *home)
{
  lock(home);
  while (!home->stopping && !atomic_load(&home->log_waiting) && !atomic_load(&home->kept_waiting))
    INVARIANT(pthread_cond_wait(&home->kept, &home->mutex) == 0);
  bool goes_on = !home->stopping;
  unlock(home);
  return goes_on;
}

static void flush_kept(struct home *home)
{
  const struct timespec delay = {0, FLUSH_DELAY_US * 1000};
  (void)nanosleep(&delay, NULL);  // shorter, if a signal comes: no harm
  atomic_store(&home->kept_waiting, false);
  struct err err = ERR_INIT;
  home_lead_begin(home);
  enum err_code code = core_run(home->core, &err);
  home_lead_end(home);
  if (code != ERR_OK)
    flush_soon(home);  // the entries are still in the ring
}

// A log that cannot be moved now is moved when it has grown again: nothing depends on it but room.
static void move_log(struct home *home)
{
  struct err ignored = ERR_INIT;
  bool moved = store_checkpoint(home->log_store, false, &ignored) == ERR_OK;
  home_lead_begin(home);
  atomic_store(&home->log_waiting, false);
  readers_rest(home->core);  // an old snapshot keeps what is newer from being moved,
  if (moved)
    (void)!store_checkpoint(core_store(home->core), false, &ignored);
  readers_rest(home->core);  // and one of a moment ago keeps the log from beginning anew
  home_lead_end(home);
}

static void *run(void *context)
{
  struct home *home = context;
  while (wait_for_work(home)) {
    if (atomic_load(&home->kept_waiting))
      flush_kept(home);
    if (atomic_load(&home->log_waiting))
      move_log(home);
  }
  return NULL;
}

enum err_code flush_begin(struct home *home, struct err *err)
{
  struct store_options options = {
      .uri = home->store_uri, .read_only = true, .node = home->settings.node};
  if (store_engine(core_store(home->core)) == STORE_SQLITE) {
    enum err_code code = store_open(&options, &home->log_store, err);
    if (code != ERR_OK)
      return code;
  }
  if (pthread_create(&home->flusher, NULL, run, home) != 0) {
    store_close(TAKE(home->log_store));
    return err_set(err, ERR_SYSTEM, "cannot start the thread that makes kept entries durable");
  }
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
  store_close(TAKE(home->log_store));
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

void flush_log_if_long(struct home *home)
{
  int64_t pages = store_log_pages(core_store(home->core));
  if (pages < LOG_PAGES_MAX)
    home->log_tried_pages = 0;
  if (pages - home->log_tried_pages < LOG_PAGES_MAX)
    return;
  home->log_tried_pages = pages;
  atomic_store(&home->log_waiting, true);
  INVARIANT(pthread_cond_signal(&home->kept) == 0);
}
