// A home on the disk that loses power, and what its machine does by itself.
#include "decade_life.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "retain/sweep.h"
#include "store/store.h"
#include "vault/key_source.h"

#define DECADE_URI "sqlite:data.db"
// Thursday 1 January 2026, 09:00 in Stockholm.
#define BEGIN_US INT64_C(1767254400000000)
enum { PERSONS_IN_CACHE = 50, TRIES_MAX = 20, NODE = 1 };

void decade_complain(struct decade *decade, const char *format, ...)
{
  if (decade->complaint[0] != '\0')
    return;
  va_list rest;
  va_start(rest, format);
  (void)vsnprintf(decade->complaint, sizeof decade->complaint, format, rest);
  va_end(rest);
}

int64_t decade_below(struct decade *decade, int64_t bound)
{
  return (int64_t)(random_u64(&decade->choices) % (uint64_t)bound);
}

bool decade_chance(struct decade *decade, int percent)
{
  return decade_below(decade, 100) < percent;
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────

static enum err_code open_parts(struct decade *decade, struct core_options *options,
                                struct err *err)
{
  *options = (struct core_options){
      .clock = clock_virtual(&decade->now_us),
      .random = random_from_seed(&decade->core_seeded),
      .disk = decade->disk,
      .node = NODE,
      .cache_persons_max = PERSONS_IN_CACHE,
  };
  struct key_source source = key_source_memory(decade->company_key);
  struct store_options store = {.uri = DECADE_URI, .vfs = "decade", .node = NODE};
  enum err_code code = vault_open(&source, &decade->disk, &options->random, &options->vault, err);
  if (code == ERR_OK)
    code = store_open(&store, &options->store, err);
  return code == ERR_OK ? store_migrate(options->store, err) : code;
}

static enum err_code open_home(struct decade *decade, struct err *err)
{
  struct core_options options;
  enum err_code code = open_parts(decade, &options, err);
  if (code == ERR_OK)
    code = core_open(&options, &decade->core, err);
  if (code != ERR_OK) {
    store_close(options.store);
    vault_close(options.vault);
    return code;
  }
  if (core_policy(decade->core) != NULL)
    code = core_policy_changed(decade->core, err);
  return code == ERR_OK ? reader_open(decade->core, NULL, &decade->reader, err) : code;
}

static void close_home(struct decade *decade)
{
  reader_close(TAKE(decade->reader));
  core_close(TAKE(decade->core));
}

static enum err_code create(struct decade *decade, struct err *err)
{
  struct key_source source = key_source_memory(decade->company_key);
  struct random_source random = random_from_seed(&decade->core_seeded);
  struct core_options options;
  enum err_code code = vault_create(&source, &decade->disk, &random, decade->now_us, err);
  if (code != ERR_OK)
    return code;
  code = open_parts(decade, &options, err);
  if (code == ERR_OK)
    code = core_create(&options, "decade.example/forvar", err);
  store_close(options.store);
  vault_close(options.vault);
  return code == ERR_OK ? open_home(decade, err) : code;
}

struct decade *decade_begin(uint64_t seed, int persons, bool is_verbose)
{
  struct decade *decade = calloc(1, sizeof *decade);
  struct decade_person *rows = calloc((size_t)persons, sizeof *rows);
  if (decade == NULL || rows == NULL)
    abort();
  *decade = (struct decade){.seed = seed,
                            .is_verbose = is_verbose,
                            .now_us = BEGIN_US,
                            .target_us = INT64_MAX,
                            .persons = rows,
                            .person_max = persons};
  random_seeded_init(&decade->core_seeded, seed);
  random_seeded_init(&decade->choice_seeded, ~seed);
  decade->choices = random_from_seed(&decade->choice_seeded);
  random_fill(&decade->choices, decade->company_key, sizeof decade->company_key);
  decade->vfs = crash_vfs_new(seed);
  crash_vfs_forget(decade->vfs);
  decade->disk = crash_vfs_disk(decade->vfs);
  if (crash_vfs_register(decade->vfs, "decade") != 0)
    abort();
  struct err err = ERR_INIT;
  if (create(decade, &err) != ERR_OK)
    decade_complain(decade, "no home: %s (%s)", err.message, err.where);
  return decade;
}

void decade_finish(struct decade *decade)
{
  close_home(decade);
  crash_vfs_free(decade->vfs);
  for (int i = 0; i < decade->person_count; i++)
    free(decade->persons[i].data);
  free(decade->persons);
  free(decade);
}

// ── Crashes ─────────────────────────────────────────────────────────────────────────────────

bool decade_settle(struct decade *decade)
{
  if (!crash_vfs_crashed(decade->vfs))
    return false;
  decade->counts.crashes++;
  decade->may_be_stopped = true;
  struct err err = ERR_INIT;
  close_home(decade);
  crash_vfs_restart(decade->vfs);
  if (open_home(decade, &err) != ERR_OK)
    decade_complain(decade, "the home does not open after a crash: %s (%s)", err.message,
                    err.where);
  return true;
}

enum err_code decade_perform(struct decade *decade, const struct verb *verb, const void *input,
                             void *output)
{
  unsigned char key[OPERATION_KEY_BYTES];
  random_fill(&decade->choices, key, sizeof key);
  decade->counts.operations++;
  for (int i = 0; i < TRIES_MAX && decade->core != NULL; i++) {
    struct operation operation = OPERATION(verb, input, output);
    operation.has_key = verb->person_of != NULL;
    memcpy(operation.key, key, sizeof key);
    memcpy(operation.digest, key, sizeof key);
    struct err err = ERR_INIT;
    enum err_code code = core_perform(decade->core, &operation, &err);
    bool crashed = decade_settle(decade);
    if (crashed && code != ERR_OK)
      continue;
    if (code != ERR_OK && decade->is_verbose)
      (void)printf("%s: %s\n", verb->name, err.message);
    decade->counts.refused += code == ERR_OK ? 0 : 1;
    return code;
  }
  decade_complain(decade, "%s is never answered", verb->name);
  return ERR_SYSTEM;
}

// ── What the machine does ───────────────────────────────────────────────────────────────────

void decade_activate(struct decade *decade, int version)
{
  char *text = decade_policy_text(version);
  struct policy_activate_input input = {"decade.yaml", view_of(text)};
  struct policy_activate_output output;
  crash_vfs_arm(decade->vfs, 0);
  enum err_code code = decade_perform(decade, &verb_policy_activate, &input, &output);
  struct err err = ERR_INIT;
  if (code == ERR_OK)
    code = core_policy_changed(decade->core, &err);
  if (code != ERR_OK)
    decade_complain(decade, "version %d is not activated: %s", version, err.message);
  free(text);
}

static void take_version(struct decade *decade)
{
  int version = (int)core_policy(decade->core)->version;
  if (version == decade->version)
    return;
  decade->version = version;
  for (int i = 0; i < decade->person_count; i++)
    decade->persons[i].is_changed = true;
}

void decade_tick(struct decade *decade)
{
  for (int i = 0; i < TRIES_MAX && decade->complaint[0] == '\0'; i++) {
    struct err err = ERR_INIT;
    enum err_code code = core_step(decade->core, &err);
    if (code == ERR_OK)
      code = core_policy_day(decade->core, &err);
    bool crashed = decade_settle(decade);
    if (decade->complaint[0] == '\0')
      take_version(decade);
    if (!crashed && code != ERR_OK)
      decade_complain(decade, "a step failed: %s", err.message);
    if (!crashed)
      return;
  }
}

void decade_flush(struct decade *decade)
{
  struct err err = ERR_INIT;
  enum err_code code = store_checkpoint(core_store(decade->core), true, &err);
  if (!decade_settle(decade) && code != ERR_OK)
    decade_complain(decade, "the write-ahead log is not emptied: %s", err.message);
}

static void release_clock(struct decade *decade)
{
  decade->counts.stopped++;
  if (!decade->must_be_stopped && !decade->may_be_stopped)
    decade_complain(decade, "a sweep stopped although the clock did not jump");
  if (decade_perform(decade, &verb_clock_release, NULL, NULL) != ERR_OK)
    decade_complain(decade, "the clock is not released");
  decade->must_be_stopped = false;
}

void decade_sweep(struct decade *decade)
{
  for (int i = 0; i < TRIES_MAX && decade->complaint[0] == '\0'; i++) {
    struct err err = ERR_INIT;
    struct sweep_result result = {0};
    enum err_code code = sweep_run(decade->core, &result, &err);
    decade->counts.swept += result.erased;
    if (decade_settle(decade))
      continue;
    if (code == ERR_CLOCK) {
      release_clock(decade);
      continue;
    }
    if (code != ERR_OK)
      decade_complain(decade, "a sweep failed: %s", err.message);
    else if (decade->must_be_stopped)
      decade_complain(decade, "a sweep ran after the clock had jumped");
    decade->counts.sweeps++;
    decade->may_be_stopped = false;
    return;
  }
}
