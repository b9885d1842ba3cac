// Decisions a second on one core: every role, purpose and field that the purpose uses, of the
// largest of the shipped policies, in an order that no predictor knows. The person is of every kind
// and in every span; what is refused is refused by the roles, so that all rules are gone through.
//
//   bench_gate [POLICY]
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "gate/gate.h"
#include "policy/read.h"

enum { ROUNDS = 7, CALLS = 500000, CASES = 4096, EVENTS_MAX = 256, GATE_BENCH_DAY = 20500 };

struct cases {
  struct gate_request requests[CASES];
  int32_t count;
};

struct bench {
  struct policy *policy;
  struct anchor spans[POLICY_SPANS_MAX];
  struct anchor kinds[POLICY_KINDS_MAX];
  struct anchor events[EVENTS_MAX];
  struct set told;
  struct gate_person person;
  struct gate_record record;
  struct cases allowed, refused, all;
  uint64_t random;
};

// Keeps the compiler from leaving out work whose result nobody reads.
static volatile uint64_t sink;

static _Noreturn void give_up(const char *why)
{
  (void)fprintf(stderr, "bench_gate: %s\n", why);
  exit(EXIT_FAILURE);
}

static void read_policy(const char *path, struct policy **ret_policy)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct err err = ERR_INIT;
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    give_up("the policy cannot be opened");
  for (int c = getc(file); c != EOF; c = getc(file))
    str_add_char(&text, (char)c);
  (void)fclose(file);
  if (policy_read(path, str_view(&text), ret_policy, &findings, &err) != ERR_OK)
    give_up(err.message);
}

// Everything began on a day of 2026 and nothing has ended; every purpose was told of.
static void equip(struct bench *bench)
{
  struct anchor since = {ANCHOR_DAY, GATE_BENCH_DAY};
  struct anchor open = {ANCHOR_OPEN, 0};
  if (bench->policy->event_count > EVENTS_MAX)
    give_up("the policy has more events than there is room for");
  for (int32_t i = 0; i < bench->policy->span_count; i++)
    bench->spans[i] = open;
  for (int32_t i = 0; i < bench->policy->kind_count; i++)
    bench->kinds[i] = open;
  for (int32_t i = 0; i < bench->policy->event_count; i++)
    bench->events[i] = since;
  for (int32_t i = 0; i < bench->policy->purpose_count; i++)
    set_add(&bench->told, i);
  bench->person = (struct gate_person){.any_spans = bench->spans,
                                       .kinds = bench->kinds,
                                       .first_events = bench->events,
                                       .last_events = bench->events};
  int64_t recorded_us = (int64_t)GATE_BENCH_DAY * CLOCK_DAY_US;
  bench->record = (struct gate_record){.purposes = &bench->told,
                                       .thing_type = -1,
                                       .own_spans = bench->spans,
                                       .recorded_us = recorded_us,
                                       .obtained_us = recorded_us};
}

static uint64_t next(struct bench *bench)
{
  bench->random = bench->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return bench->random >> 33;
}

static void add(struct cases *cases, const struct gate_request *request)
{
  if (cases->count < CASES)
    cases->requests[cases->count++] = *request;
}

// Drawn anew until the tables are full: each case that there is has the same chance.
static void draw_cases(struct bench *bench)
{
  const struct policy *policy = bench->policy;
  while (bench->allowed.count < CASES || bench->refused.count < CASES) {
    struct gate_request request = {
        .role = (int32_t)(next(bench) % (uint64_t)policy->role_count),
        .purpose = (int32_t)(next(bench) % (uint64_t)policy->purpose_count),
        .field = (int32_t)(next(bench) % (uint64_t)policy->field_count),
        .channel = GATE_NO_CHANNEL,
        .now_us = bench->record.recorded_us + CLOCK_HOUR_US,
        .has_case = true,
        .has_reason = true};
    if (policy_keep(policy, request.purpose, request.field) == NULL)
      continue;
    bool allowed = gate_decide(policy, &request, &bench->person, &bench->record).allowed;
    add(allowed ? &bench->allowed : &bench->refused, &request);
    add(&bench->all, &request);
  }
}

static double round_ns(const struct bench *bench, const struct cases *cases)
{
  struct timespec begin;
  struct timespec end;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
  for (int32_t i = 0; i < CALLS; i++)
    sink += gate_decide(bench->policy, &cases->requests[i % CASES], &bench->person, &bench->record)
                .reasons;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  double elapsed_ns = (double)(end.tv_sec - begin.tv_sec) * 1e9;
  return (elapsed_ns + (double)(end.tv_nsec - begin.tv_nsec)) / CALLS;
}

// The best of several rounds, in time of the processor: what else the machine does stays out of it.
static void measure(const struct bench *bench, const char *name, const struct cases *cases)
{
  double best_ns = round_ns(bench, cases);
  for (int round = 1; round < ROUNDS; round++) {
    double ns = round_ns(bench, cases);
    best_ns = ns < best_ns ? ns : best_ns;
  }
  printf("gate_decide, %-10s %8.1f ns %12.0f/s\n", name, best_ns, 1e9 / best_ns);
}

int main(int argc, char **argv)
{
  static struct bench bench = {.random = 1};
  read_policy(argc > 1 ? argv[1] : FORVAR_SOURCE_ROOT "/policies/sensoralarm.yaml", &bench.policy);
  equip(&bench);
  draw_cases(&bench);
  measure(&bench, "allowed", &bench.allowed);
  measure(&bench, "refused", &bench.refused);
  measure(&bench, "as drawn", &bench.all);
  policy_free(bench.policy);
  return EXIT_SUCCESS;
}
