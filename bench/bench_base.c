// What the parts cost that stand on the way of every decision. Each row is the best of several
// rounds, since whatever else the machine does can only make a round slower.
#include "base/calendar.h"
#include "base/clock.h"
#include "base/identity.h"
#include "base/normalise.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7, CALLS = 200000 };

// Keeps the compiler from leaving out work whose result nobody reads.
static volatile int64_t sink;

struct bench {
  const struct zone *zone;
};

static int64_t add_weeks(const struct bench *bench, int64_t i)
{
  int64_t recorded_us = 1700000000 * CLOCK_SECOND_US + i * CLOCK_HOUR_US;
  return calendar_add(bench->zone, recorded_us, (struct period){3, PERIOD_WEEK});
}

static int64_t add_months(const struct bench *bench, int64_t i)
{
  int64_t recorded_us = 1700000000 * CLOCK_SECOND_US + i * CLOCK_HOUR_US;
  return calendar_add(bench->zone, recorded_us, (struct period){12, PERIOD_MONTH});
}

static int64_t local_day(const struct bench *bench, int64_t i)
{
  return zone_day(bench->zone, i * CLOCK_DAY_US);
}

static int64_t read_identity(const struct bench *bench, int64_t i)
{
  (void)bench;
  struct identity identity;
  struct err err = ERR_INIT;
  enum err_code code = identity_read(view_of("640823-3234"), 20000 + i % 100, &identity, &err);
  return code == ERR_OK ? identity.birth_days : 0;
}

static int64_t normalise_email(const struct bench *bench, int64_t i)
{
  (void)bench;
  OWNED(str) struct str text = STR_INIT(NORMALISE_BYTES_MAX);
  struct err err = ERR_INIT;
  enum err_code code = normalise(NORMALISE_EMAIL, view_of("Asa.Oberg@Example.COM"), &text, &err);
  return code == ERR_OK ? (int64_t)text.length + i : 0;
}

struct row {
  const char *name;
  int64_t (*call)(const struct bench *bench, int64_t i);
};

static const struct row rows[] = {
    {"calendar_add, 3 weeks", add_weeks},
    {"calendar_add, 12 months", add_months},
    {"zone_day", local_day},
    {"identity_read", read_identity},
    {"normalise, e-mail", normalise_email},
};

static double round_ns(const struct bench *bench, const struct row *row)
{
  struct timespec begin;
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int64_t i = 0; i < CALLS; i++)
    sink += row->call(bench, i);
  clock_gettime(CLOCK_MONOTONIC, &end);
  double elapsed_ns = (double)(end.tv_sec - begin.tv_sec) * 1e9;
  return (elapsed_ns + (double)(end.tv_nsec - begin.tv_nsec)) / CALLS;
}

int main(void)
{
  struct zone *zone = NULL;
  struct err err = ERR_INIT;
  if (zone_open("Europe/Stockholm", &zone, &err) != ERR_OK) {
    fprintf(stderr, "bench_base: %s\n", err.message);
    return EXIT_FAILURE;
  }
  struct bench bench = {zone};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    double best_ns = round_ns(&bench, &rows[i]);
    for (int round = 1; round < ROUNDS; round++) {
      double ns = round_ns(&bench, &rows[i]);
      best_ns = ns < best_ns ? ns : best_ns;
    }
    printf("%-28s %8.1f ns\n", rows[i].name, best_ns);
  }
  zone_free(zone);
  return EXIT_SUCCESS;
}
