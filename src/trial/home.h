// A throw-away home: the real core on a store that is made for one case and gone after it, with a
// clock that stands until it is moved, seeded randomness, a company key in memory, a small disk in
// memory, and a network that only collects.
//
// On SQLite the store is a file of a temporary folder, so that a search of bytes reads what a
// thief would find; on PostgreSQL it is the schema forvar_scratch.
#ifndef FORVAR_TRIAL_HOME_H
#define FORVAR_TRIAL_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/network.h"
#include "base/random.h"
#include "core/core.h"
#include "core/use.h"
#include "trial/memory_disk.h"
#include "trial/way.h"

enum { TRIAL_FOLDER_BYTES = 256, TRIAL_PATH_BYTES = 512, TRIAL_URI_BYTES_MAX = 2048 };

// Where the homes of a run lie. SQLite's schema is made once, and copied for each home.
struct trial_ground {
  const char *store_uri;            // NULL: SQLite
  char folder[TRIAL_FOLDER_BYTES];  // "" on PostgreSQL
  int32_t homes;                    // started so far: each has a file of its own
};
MUST_CHECK enum err_code trial_ground_make(const char *store_uri, struct trial_ground *ret_ground,
                                           struct err *err);
void trial_ground_clear(struct trial_ground *ground);  // removes the folder or the schema

struct trial_delivery {
  int channel;
  int64_t at_us;
  struct view key, address, payload;
};

struct trial_home {
  struct trial_ground *ground;
  struct arena arena;
  char path[TRIAL_PATH_BYTES];  // of the SQLite file
  int64_t now_us;               // the clock
  struct random_seeded seeded;
  struct memory_disk memory;
  struct policy_compiler compiler;
  const struct trial_way *way;  // NULL: the core's own calls
  bool is_way_open;
  struct core *core;
  struct reader *reader;
  struct trial_delivery *deliveries;
  int32_t delivery_count, delivery_capacity;
};

struct trial_home_options {
  int64_t start_us;
  uint64_t seed;
  struct policy_compiler compiler;  // zeros: the policy as it is written
  const struct trial_way *way;      // NULL: the core's own calls
};

// Makes the home and opens it; no policy is in force yet. To be closed in either case.
MUST_CHECK enum err_code trial_home_open(struct trial_home *home, struct trial_ground *ground,
                                         const struct trial_home_options *options, struct err *err);
void trial_home_close(struct trial_home *home);

// Puts a version in force, for everybody.
MUST_CHECK enum err_code trial_home_activate(struct trial_home *home, const char *file_name,
                                             struct view text, struct err *err);

// The process dies and starts again on what it had written; what was half done is finished.
MUST_CHECK enum err_code trial_home_crash(struct trial_home *home, struct err *err);

struct network trial_home_network(struct trial_home *home);

// Looks for bytes in clear in every file of the home. On PostgreSQL, whose files are not ours, in
// the files in memory only. *ret_where is then the name of the file.
MUST_CHECK enum err_code trial_home_search(const struct trial_home *home, struct view bytes,
                                           bool *ret_found, const char **ret_where,
                                           struct err *err);

#endif
