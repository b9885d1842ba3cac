// What the files of the home share among themselves. Nobody else includes this.
#ifndef FORVAR_HOME_INTERNAL_H
#define FORVAR_HOME_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/network.h"
#include "home/home.h"
#include "home/settings.h"
#include "vault/key_source.h"

struct waiter {  // one thread that waits for its operation
  struct operation *operation;
  bool done;
  struct home *home;
  struct waiter *next;
};

struct service {  // a key in force, as the store has it
  unsigned char hash[32];
  int64_t number, role, purpose;  // numbers of the register; purpose -1: any of the role's
};

struct home {
  struct core *core;
  struct clock_source clock;
  struct settings settings;
  char folder[SETTINGS_TEXT_BYTES];
  char key_folder[SETTINGS_TEXT_BYTES];
  char outbox_folder[SETTINGS_TEXT_BYTES];
  char store_uri[2 * SETTINGS_TEXT_BYTES];
  char key_path[SETTINGS_TEXT_BYTES];
  char outward_folder[SETTINGS_TEXT_BYTES];
  struct disk outward;
  int lock;  // file descriptor, -1: not held
  // lead.c: everything below is under the mutex.
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool leading;
  pthread_t leader;    // who leads, if anybody does
  int lead_depth;      // of home_lead_begin in that thread
  int leads_wanted;    // threads in home_lead_begin
  int64_t lead_turns;  // how often one of them was given the lead
  struct waiter *waiting, **last;
  struct service *services;
  int32_t service_count, service_capacity;
  // flush.c: the thread that writes behind the others.
  pthread_t flusher;
  pthread_cond_t kept;
  struct store *log_store;  // its connection for moving the log; NULL on PostgreSQL
  bool has_flusher, stopping;
  atomic_bool kept_waiting, log_waiting;
  int64_t log_tried_pages;  // length of the log when it was last to be moved; under the mutex
  // jobs.c: of the thread that runs jobs.
  int64_t head_us, swept_day, truncated_us, sweep_again_us;
};

enum err_code service_load(struct home *home, struct err *err);  // from the leader only

enum err_code flush_begin(struct home *home, struct err *err);
void flush_end(struct home *home);
void flush_soon(struct home *home);         // an entry was kept
void flush_log_if_long(struct home *home);  // after a batch, as leader, under the mutex

void lead_gather(void *context);  // core_options.gather; the context is the home

// A library around a home that stays the caller's, and that forvar_unwrap leaves as it was.
struct forvar;
struct forvar *forvar_wrap(struct home *home);  // NULL: no memory
void forvar_unwrap(struct forvar *forvar);      // NULL is a no-op

struct key_source home_key_source(const struct home *home);
struct network home_network(const struct home *home);

#endif
