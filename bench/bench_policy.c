// What the policy costs on the way of a decision and of a sweep: the end of a record under the
// rules of the shipped policy, and the latest day that is due.
#include "base/clock.h"
#include "policy/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7, CALLS = 200000 };

// Keeps the compiler from leaving out work whose result nobody reads.
static volatile int64_t sink;

struct row {
  const char *purpose;
  const char *field;
};

static const struct row rows[] = {
    {"security", "traffic.ip"},
    {"credit", "credit.report"},
    {"services", "contact.email"},
};

static const struct anchor kinds[] = {{ANCHOR_DAY, 20500}, {ANCHOR_ABSENT, 0}};

static double since_ns(struct timespec begin)
{
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
}

static double end_ns(const struct policy *policy, const struct keep *keep)
{
  struct keep_facts facts = {.zone = policy->zone, .kinds = kinds};
  struct timespec begin;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int64_t i = 0; i < CALLS; i++) {
    facts.recorded_us = 1700000000 * CLOCK_SECOND_US + i * CLOCK_HOUR_US;
    facts.obtained_us = facts.recorded_us;
    sink += keep_end(keep, &facts).gone_us;
  }
  return since_ns(begin) / CALLS;
}

static double due_ns(const struct policy *policy, const struct keep *keep)
{
  struct timespec begin;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int64_t i = 0; i < CALLS / 100; i++)
    sink += keep_due_day(keep, policy->zone, 1700000000 * CLOCK_SECOND_US + i * CLOCK_HOUR_US);
  return since_ns(begin) / (CALLS / 100.0);
}

static double best_of(const struct policy *policy, const struct keep *keep,
                      double (*measure)(const struct policy *, const struct keep *))
{
  double best_ns = measure(policy, keep);
  for (int round = 1; round < ROUNDS; round++) {
    double ns = measure(policy, keep);
    best_ns = ns < best_ns ? ns : best_ns;
  }
  return best_ns;
}

static void read_text(struct str *ret_text)
{
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/policies/framsteget.yaml", "rb");
  if (file == NULL)
    return;
  for (int c = getc(file); c != EOF; c = getc(file))
    str_add_char(ret_text, (char)c);
  (void)fclose(file);
}

int main(void)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  read_text(&text);
  if (policy_read("framsteget.yaml", str_view(&text), &policy, &findings, &err) != ERR_OK) {
    (void)fprintf(stderr, "bench_policy: %s\n", err.message);
    return EXIT_FAILURE;
  }
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct keep *keep = policy_keep(policy, policy_purpose(policy, view_of(rows[i].purpose)),
                                          policy_field(policy, view_of(rows[i].field)));
    printf("keep_end, %-40s %8.1f ns\n", keep->text, best_of(policy, keep, end_ns));
    if (keep->anchor != KEEP_BY_DERIVED_END)
      printf("keep_due_day, %-36s %8.1f ns\n", keep->text, best_of(policy, keep, due_ns));
  }
  policy_free(policy);
  return EXIT_SUCCESS;
}
