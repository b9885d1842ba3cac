// Making a home, losing it and opening it again.
#include "life.h"
#include "life_op.h"
#include "oracle_time.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "vault/key_source.h"

enum { PERSONS_IN_CACHE = 6, CRASHES_IN_A_ROW_MAX = 4, AGAIN_PERCENT = 20, CALLS_MAX = 40 };
#define LIFE_URI "sqlite:data.db"
#define HEADS_BYTES_MAX ((size_t)16 * 1024 * 1024)
// Monday 1 December 2025, 09:00 in Stockholm.
#define BEGIN_US INT64_C(1764576000000000)

// ── What happened ───────────────────────────────────────────────────────────────────────────

void life_complain(struct life *life, const char *format, ...)
{
  if (life->complaint[0] != '\0')
    return;
  va_list rest;
  va_start(rest, format);
  (void)vsnprintf(life->complaint, sizeof life->complaint, format, rest);
  va_end(rest);
}

void life_note(struct life *life, const char *format, ...)
{
  char *note = life->notes[life->note_count++ % LIFE_NOTES];
  int length = snprintf(note, LIFE_NOTE_BYTES, "%d at %lld: ", life->step, (long long)life->now_us);
  va_list rest;
  va_start(rest, format);
  (void)vsnprintf(note + length, LIFE_NOTE_BYTES - (size_t)length, format, rest);
  va_end(rest);
  struct view parts[] = {view_bytes(life->digest, sizeof life->digest), view_of(note)};
  sha256(parts, 2, life->digest);
  if (life->is_verbose)
    (void)puts(note);
}

const char *life_word(enum oracle_reply reply)
{
  static const char *const words[] = {[O_DONE_OK] = "done",
                                      [O_REFUSED] = "refused",
                                      [O_FAILED] = "failed",
                                      [O_UNKNOWN] = "unknown"};
  return words[reply];
}

enum oracle_reply life_reply_of(enum err_code code)
{
  if (code == ERR_OK)
    return O_DONE_OK;
  if (code == ERR_REFUSED)
    return O_REFUSED;
  return code == ERR_UNKNOWN_OUTCOME ? O_UNKNOWN : O_FAILED;
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────

static enum err_code open_parts(struct life *life, struct core_options *options, struct err *err)
{
  *options = (struct core_options){
      .clock = clock_virtual(&life->now_us),
      .random = random_from_seed(&life->core_seeded),
      .disk = life->disk,
      .outward = &life->outward,
      .node = LIFE_NODE,
      .cache_persons_max = PERSONS_IN_CACHE,
  };
  struct key_source source = key_source_memory(life->company_key);
  struct store_options store = {.uri = LIFE_URI, .vfs = "life", .node = LIFE_NODE};
  enum err_code code = vault_open(&source, &life->disk, &options->random, &options->vault, err);
  if (code == ERR_OK)
    code = store_open(&store, &options->store, err);
  return code == ERR_OK ? store_migrate(options->store, err) : code;
}

static enum err_code open_home(struct life *life, struct err *err)
{
  struct core_options options;
  enum err_code code = open_parts(life, &options, err);
  if (code == ERR_OK)
    code = core_open(&options, &life->core, err);
  if (code != ERR_OK) {
    store_close(options.store);
    vault_close(options.vault);
    return code;
  }
  return core_policy(life->core) == NULL ? ERR_OK : core_policy_changed(life->core, err);
}

static void close_home(struct life *life)
{
  life_close_readers(life);
  core_close(TAKE(life->core));
}

void life_close_readers(struct life *life)
{
  for (int i = 0; i < LIFE_READERS; i++)
    reader_close(TAKE(life->readers[i]));
}

void life_open_readers(struct life *life)
{
  struct err err = ERR_INIT;
  struct store_options options = {
      .uri = LIFE_URI, .vfs = "life", .read_only = true, .node = LIFE_NODE};
  struct store *store = NULL;
  enum err_code code = reader_open(life->core, NULL, &life->readers[0], &err);
  if (code == ERR_OK)
    code = store_open(&options, &store, &err);
  if (code == ERR_OK)
    code = reader_open(life->core, store, &life->readers[1], &err);
  if (code != ERR_OK && !crash_vfs_crashed(life->vfs))
    life_complain(life, "P6: no reader: %s", err.message);
}

// ── Crashes ─────────────────────────────────────────────────────────────────────────────────

static void lose_power(struct life *life)
{
  life->counts.crashes++;
  life_note(life, "crash");
  oracle_crash(life->oracle, life->now_us);
  close_home(life);
  crash_vfs_restart(life->vfs);
  if (life_chance(life, AGAIN_PERCENT))
    crash_vfs_arm(life->vfs, 1 + life_below(life, CALLS_MAX));
}

static void restart(struct life *life)
{
  struct err err = ERR_INIT;
  for (int i = 0; i < CRASHES_IN_A_ROW_MAX; i++) {
    lose_power(life);
    enum err_code code = open_home(life, &err);
    if (code == ERR_OK)
      life_open_readers(life);
    if (!crash_vfs_crashed(life->vfs)) {
      if (code != ERR_OK)
        life_complain(life, "P6: the home does not open after a crash: %s (%s)", err.message,
                      err.where);
      return;
    }
  }
  crash_vfs_arm(life->vfs, 0);
  close_home(life);
  crash_vfs_restart(life->vfs);
  oracle_crash(life->oracle, life->now_us);
  if (open_home(life, &err) != ERR_OK)
    life_complain(life, "P6: the home does not open after crashes: %s (%s)", err.message,
                  err.where);
  else
    life_open_readers(life);
}

void life_settle(struct life *life)
{
  enum { ROUNDS_MAX = 8 };
  for (int i = 0; i < ROUNDS_MAX && life->complaint[0] == '\0'; i++) {
    bool crashed = crash_vfs_crashed(life->vfs);
    if (crashed)
      restart(life);
    if (life->core == NULL || (!crashed && life->waiting_count == 0))
      return;
    if (i + 1 == ROUNDS_MAX)
      crash_vfs_arm(life->vfs, 0);
    if (crashed && life_chance(life, 30))
      life_look(life, false);
    life_repeat(life);
  }
}

enum err_code life_perform(struct life *life, struct operation *operation)
{
  struct err err = ERR_INIT;
  enum err_code code = core_perform(life->core, operation, &err);
  if (code != ERR_OK && life->is_verbose)
    (void)printf("    %s\n", err.message);
  return code;
}

// ── Beginning and end ───────────────────────────────────────────────────────────────────────

static enum err_code create(struct life *life, struct err *err)
{
  struct key_source source = key_source_memory(life->company_key);
  struct random_source random = random_from_seed(&life->core_seeded);
  struct core_options options;
  enum err_code code = vault_create(&source, &life->disk, &random, life->now_us, err);
  if (code != ERR_OK)
    return code;
  code = open_parts(life, &options, err);
  if (code == ERR_OK)
    code = core_create(&options, "sim.example/forvar", err);
  store_close(options.store);
  vault_close(options.vault);
  if (code == ERR_OK)
    code = open_home(life, err);
  if (code != ERR_OK)
    return code;
  struct policy_activate_input input = {"framsteget.yaml", view_of(life->policy_text)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  code = core_perform(life->core, &operation, err);
  return code == ERR_OK ? core_policy_changed(life->core, err) : code;
}

struct life *life_begin(uint64_t seed, const char *policy_text, bool is_verbose)
{
  struct life *life = calloc(1, sizeof *life);
  char *text = strdup(policy_text);
  if (life == NULL || text == NULL)
    abort();
  *life = (struct life){.seed = seed,
                        .is_verbose = is_verbose,
                        .now_us = BEGIN_US,
                        .policy_text = text,
                        .policy_version = 1,
                        .focus = -1,
                        .heads = STR_INIT(HEADS_BYTES_MAX)};
  random_seeded_init(&life->core_seeded, seed);
  random_seeded_init(&life->choice_seeded, ~seed);
  life->vfs = crash_vfs_new(seed);
  life_seams(life);
  random_fill(&life->choices, life->company_key, sizeof life->company_key);
  life->oracle = oracle_new();
  if (crash_vfs_register(life->vfs, "life") != 0)
    abort();
  struct err err = ERR_INIT;
  oracle_step_end(life->oracle, life->now_us);
  if (create(life, &err) != ERR_OK)
    life_complain(life, "P6: no home: %s (%s)", err.message, err.where);
  else
    life_open_readers(life);
  return life;
}

void life_end(struct life *life)
{
  close_home(life);
  for (int i = 0; i < life->waiting_count; i++)
    life_op_free(life->waiting[i]);
  for (int i = 0; i < life->value_count; i++)
    free(life->values[i].text);
  life_thief_free(life);
  crash_vfs_free(life->vfs);
  oracle_free(life->oracle);
  str_clear(&life->heads);
  free(life->log.entries);
  free(life->log.persons);
  free(life->policy_text);
  free(life);
}
