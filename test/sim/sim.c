// The simulator: a whole home through seeded lives, with a crash possible at every call of the
// disk. Each life is lived twice; both must go the same way (P9).
//
//   sim --seed N [--steps N] [--verbose]
//   sim --seeds A-B [--steps N]
//
// Exit code: 0 all invariants hold; 1 one is broken, named with the seed, the step and what went
// before; 2 wrong usage.
#include "life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_DEFAULT = 150, POLICY_FILE_BYTES_MAX = 256 * 1024 };

struct plan {
  int64_t first_seed, last_seed;
  int64_t steps;
  bool is_verbose;
};

static void print_notes(const struct life *life)
{
  int first = life->note_count > LIFE_NOTES ? life->note_count - LIFE_NOTES : 0;
  for (int i = first; i < life->note_count; i++)
    (void)printf("    %s\n", life->notes[i % LIFE_NOTES]);
}

// The end of the log, for whoever looks into a complaint.
static void print_log(const struct life *life)
{
  enum { ENTRIES_SHOWN = 15 };
  for (int64_t i = life->log.count > ENTRIES_SHOWN ? life->log.count - ENTRIES_SHOWN : 0;
       i < life->log.count; i++) {
    struct entry entry;
    if (entry_read(life->log.entries[i], &entry))
      (void)printf("    entry %lld at %lld: %s %s, outcome %d, person %d\n", (long long)i,
                   (long long)entry.time_us, ledger_kind_name(entry.kind),
                   ledger_operation_name(entry.operation), entry.outcome, life->log.persons[i]);
  }
}

static void add(struct life_counts *sum, const struct life_counts *one)
{
  sum->operations += one->operations;
  sum->values += one->values;
  sum->refused += one->refused;
  sum->failed += one->failed;
  sum->unknown += one->unknown;
  sum->crashes += one->crashes;
  sum->sweeps += one->sweeps;
  sum->epochs += one->epochs;
  sum->sent += one->sent;
  sum->verified += one->verified;
  sum->controls += one->controls;
}

// The log's root and everything that was answered, in hexadecimal.
static void digest_of(struct life *life, char ret_text[2 * SHA256_BYTES + 1])
{
  unsigned char digest[SHA256_BYTES];
  struct view parts[] = {
      view_bytes(life->digest, sizeof life->digest),
      view_bytes(life->log.entries, (size_t)life->log.count * LEDGER_ENTRY_BYTES)};
  sha256(parts, 2, digest);
  hex_write(digest, sizeof digest, ret_text);
}

static bool live(const struct plan *plan, uint64_t seed, const char *policy, bool is_verbose,
                 struct life_counts *counts, char ret_digest[2 * SHA256_BYTES + 1])
{
  struct life *life = life_begin(seed, policy, is_verbose);
  while (life->step < plan->steps && life->complaint[0] == '\0')
    life_step(life);
  if (life->complaint[0] == '\0')
    life_look(life, true);
  if (life->complaint[0] == '\0' && !life_verify(life))
    life_complain(life, "P7: forvar-verify does not accept the log");
  bool is_well = life->complaint[0] == '\0';
  if (!is_well) {
    (void)printf("seed %llu, step %d: %s\n", (unsigned long long)seed, life->step, life->complaint);
    print_notes(life);
    print_log(life);
  }
  add(counts, &life->counts);
  digest_of(life, ret_digest);
  life_end(life);
  return is_well;
}

static bool live_twice(const struct plan *plan, uint64_t seed, const char *policy,
                       struct life_counts *counts)
{
  char first[2 * SHA256_BYTES + 1];
  char second[2 * SHA256_BYTES + 1];
  struct life_counts again = {0};
  if (!live(plan, seed, policy, plan->is_verbose, counts, first) ||
      !live(plan, seed, policy, false, &again, second))
    return false;
  const char *wrong = oracle_check_repeat(first, second);
  if (wrong != NULL)
    (void)printf("seed %llu: %s\n", (unsigned long long)seed, wrong);
  return wrong == NULL;
}

// ── Command line ────────────────────────────────────────────────────────────────────────────

static bool read_range(const char *text, struct plan *plan)
{
  struct view rest = view_of(text);
  struct view first = view_cut(&rest, '-');
  return view_int64(first, &plan->first_seed) && view_int64(rest, &plan->last_seed) &&
         plan->first_seed >= 0 && plan->first_seed <= plan->last_seed;
}

static bool read_arguments(int argc, char **argv, struct plan *plan)
{
  bool has_seed = false;
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--verbose") == 0) {
      plan->is_verbose = true;
      continue;
    }
    if (strcmp(argv[i], "--seed") == 0) {
      has_seed = view_int64(view_of(value), &plan->first_seed) && plan->first_seed >= 0;
      plan->last_seed = plan->first_seed;
    } else if (strcmp(argv[i], "--seeds") == 0) {
      has_seed = read_range(value, plan);
    } else if (strcmp(argv[i], "--steps") != 0 || !view_int64(view_of(value), &plan->steps) ||
               plan->steps < 1) {
      return false;
    }
    i++;
  }
  return has_seed;
}

static char *read_policy(void)
{
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", "rb");
  char *text = calloc(1, POLICY_FILE_BYTES_MAX);
  if (file == NULL || text == NULL)
    abort();
  if (fread(text, 1, POLICY_FILE_BYTES_MAX - 1, file) == 0)
    abort();
  (void)fclose(file);
  return text;
}

int main(int argc, char **argv)
{
  struct plan plan = {.steps = STEPS_DEFAULT};
  if (!read_arguments(argc, argv, &plan)) {
    (void)fprintf(stderr, "usage: sim --seed N|--seeds A-B [--steps N] [--verbose]\n");
    return 2;
  }
  char *policy = read_policy();
  struct life_counts counts = {0};
  bool is_well = true;
  for (int64_t seed = plan.first_seed; seed <= plan.last_seed && is_well; seed++)
    is_well = live_twice(&plan, (uint64_t)seed, policy, &counts);
  free(policy);
  (void)printf(
      "%lld operations (%lld refused, %lld failed, %lld without an answer), %lld values used, "
      "%lld crashes, "
      "%lld sweeps, %lld epochs, %lld messages, %lld values opened by a thief in time, "
      "%lld verified\n",
      (long long)counts.operations, (long long)counts.refused, (long long)counts.failed,
      (long long)counts.unknown, (long long)counts.values, (long long)counts.crashes,
      (long long)counts.sweeps, (long long)counts.epochs, (long long)counts.sent,
      (long long)counts.controls, (long long)counts.verified);
  return is_well ? 0 : 1;
}
