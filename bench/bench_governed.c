// A first look: governed read, durable write and erasure beside bare SQLite with the same ids and
// transaction style, in one run, interleaved, in both recording modes (K2).
//
//   bench_governed [PERSONS [ROW]]   15,000 people with ten values of 100 bytes each if not given;
//                                    only rows with ROW in their name
//
// bench_value() is computed for each reply on both sides, so that every reply is checked; its
// cost is part of both figures.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "governed.h"

enum {
  REPETITIONS = 5,
  READS = 200000,
  DURABLE_READS = 2000,
  WRITES = 1500,
  ERASURES = 300,
  THREADS = 8
};

struct figures {  // one for each repetition
  double values[REPETITIONS];
};

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(struct figures *figures)
{
  qsort(figures->values, REPETITIONS, sizeof figures->values[0], compare);
  return figures->values[REPETITIONS / 2];
}

struct bench {
  struct governed governed;
  struct bare bare;
  uint64_t random;  // state of bench_random
  uint64_t salt;
  int64_t next_erased;
  const char *only;  // rows with this in their name; NULL: all
};

static struct person_id any_person(struct bench *bench)
{
  // The last tenth is for erasures.
  uint64_t range = (uint64_t)bench->governed.person_count * 9 / 10;
  return bench->governed.persons[bench_random(&bench->random) % range];
}

static int64_t any_record(struct bench *bench)
{
  struct person_id person = any_person(bench);
  int32_t number = 1 + (int32_t)(bench_random(&bench->random) % BENCH_FIELDS);
  return record_id_make(person, number, 0).value;
}

static int64_t cpu_now_us(void)
{
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    bench_fail("clock", "no processor time");
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static double rate(int64_t started_us, int count)
{
  return count * 1e6 / (double)(bench_now_us() - started_us);
}

static double read_bare(struct bench *bench)
{
  int64_t started_us = bench_now_us();
  for (int i = 0; i < READS; i++)
    bare_read(&bench->bare, any_record(bench));
  return rate(started_us, READS);
}

static double read_governed(struct bench *bench, enum ledger_mode mode, int count)
{
  struct arena arena = ARENA_INIT;
  int64_t started_us = bench_now_us();
  for (int i = 0; i < count; i++)
    governed_read(&bench->governed, bench->governed.reader, &arena, any_person(bench),
                  (int32_t)(bench_random(&bench->random) % BENCH_FIELDS), mode);
  double reads = rate(started_us, count);
  arena_clear(&arena);
  return reads;
}

static double read_kept(struct bench *bench) { return read_governed(bench, LEDGER_KEPT, READS); }

static double read_durable(struct bench *bench)
{
  return read_governed(bench, LEDGER_DURABLE, DURABLE_READS);
}

static double write_bare(struct bench *bench)
{
  int64_t started_us = bench_now_us();
  for (int i = 0; i < WRITES; i++)
    bare_put(&bench->bare, any_record(bench), ++bench->salt);
  return rate(started_us, WRITES);
}

static double write_governed(struct bench *bench)
{
  int64_t started_us = bench_now_us();
  for (int i = 0; i < WRITES; i++)
    governed_put(&bench->governed, any_person(bench),
                 (int32_t)(bench_random(&bench->random) % BENCH_FIELDS), ++bench->salt);
  return rate(started_us, WRITES);
}

static double erase_bare(struct bench *bench)
{
  int64_t started_us = bench_now_us();
  for (int i = 0; i < ERASURES; i++) {
    struct person_id person = bench->governed.persons[bench->next_erased - i];
    bare_erase(&bench->bare, record_id_make(person, 0, 0).value,
               record_id_make(person, BENCH_FIELDS + 1, 0).value);
  }
  return rate(started_us, ERASURES);
}

static double erase_governed(struct bench *bench)
{
  int64_t started_us = bench_now_us();
  for (int i = 0; i < ERASURES; i++)
    governed_erase(&bench->governed, bench->governed.persons[bench->next_erased - i]);
  bench->next_erased -= ERASURES;
  return rate(started_us, ERASURES);
}

// ── Many clients ────────────────────────────────────────────────────────────────────────────

struct client {
  struct bench *bench;
  uint64_t seed;
  bool reads;
};

static void *run_client(void *context)
{
  struct client *client = context;
  struct bench *bench = client->bench;
  uint64_t random = client->seed;
  struct arena arena = ARENA_INIT;
  struct reader *reader = NULL;
  struct err err = ERR_INIT;
  if (client->reads && home_reader(bench->governed.home, &reader, &err) != ERR_OK)
    bench_fail("reader", err.message);
  uint64_t range = (uint64_t)bench->governed.person_count * 9 / 10;
  for (int i = 0; i < WRITES; i++) {
    struct person_id person = bench->governed.persons[bench_random(&random) % range];
    int32_t field = (int32_t)(bench_random(&random) % BENCH_FIELDS);
    if (client->reads)
      governed_read(&bench->governed, reader, &arena, person, field, LEDGER_DURABLE);
    else
      governed_put(&bench->governed, person, field, bench_random(&random));
  }
  reader_close(reader);
  arena_clear(&arena);
  return NULL;
}

static double run_clients(struct bench *bench, bool reads)
{
  struct client clients[THREADS];
  pthread_t threads[THREADS];
  int64_t started_us = bench_now_us();
  for (int i = 0; i < THREADS; i++) {
    clients[i] = (struct client){bench, bench_random(&bench->random), reads};
    if (pthread_create(&threads[i], NULL, run_client, &clients[i]) != 0)
      bench_fail("thread", "cannot be made");
  }
  for (int i = 0; i < THREADS; i++)
    (void)pthread_join(threads[i], NULL);
  return rate(started_us, THREADS * WRITES);
}

static double write_clients(struct bench *bench) { return run_clients(bench, false); }
static double read_clients(struct bench *bench) { return run_clients(bench, true); }

// ── The table ───────────────────────────────────────────────────────────────────────────────

struct row {
  const char *what;
  const char *durability;
  double (*ours)(struct bench *bench);
  double (*peer)(struct bench *bench);
};

static const struct row rows[] = {
    {"read, kept, 1 thread", "kept: survives kill -9 at once, batches of 1,024", read_kept,
     read_bare},
    {"read, durable, 1 thread", "one sync a read", read_durable, read_bare},
    {"read, durable, 8 threads", "group commit", read_clients, read_bare},
    {"write, 1 client", "FULL, one sync each", write_governed, write_bare},
    {"write, 8 clients", "FULL, group commit", write_clients, write_bare},
    {"erase a person, 10 values", "FULL, one sync each", erase_governed, erase_bare},
};

static void print_json(FILE *out, const struct row *row, double ours, double peer, bool last)
{
  (void)fprintf(out,
                "{\"what\":\"%s\",\"ours\":%.0f,\"peer\":\"bare SQLite\",\"peer_value\":%.0f,"
                "\"ratio\":%.3f,\"durability\":\"%s\"}%s\n",
                row->what, ours, peer, ours / peer, row->durability, last ? "" : ",");
}

// Operations a second of wall time, and of processor time of all threads together.
struct measured {
  struct figures wall, cpu;
};

static void measure(struct bench *bench, double (*run)(struct bench *bench), int place,
                    struct measured *ret)
{
  int64_t cpu_us = cpu_now_us();
  int64_t wall_us = bench_now_us();
  double rate_wall = run(bench);
  double seconds = (double)(bench_now_us() - wall_us) / 1e6;
  double cpu_seconds = (double)(cpu_now_us() - cpu_us) / 1e6;
  ret->wall.values[place] = rate_wall;
  ret->cpu.values[place] = rate_wall * seconds / cpu_seconds;
}

static void run_rows(struct bench *bench, FILE *json)
{
  const int count = sizeof rows / sizeof rows[0];
  for (int i = 0; i < count; i++) {
    if (bench->only != NULL && strstr(rows[i].what, bench->only) == NULL)
      continue;
    struct measured ours;
    struct measured peer;
    for (int k = 0; k < REPETITIONS; k++) {  // interleaved: A B A B
      measure(bench, rows[i].peer, k, &peer);
      measure(bench, rows[i].ours, k, &ours);
    }
    double our_rate = median(&ours.wall);
    double peer_rate = median(&peer.wall);
    double cpu_ratio = median(&ours.cpu) / median(&peer.cpu);
    printf("%-26s %9.0f/s %9.0f/s %6.2f %6.2f   %.0f-%.0f   %s\n", rows[i].what, our_rate,
           peer_rate, our_rate / peer_rate, cpu_ratio, ours.wall.values[0],
           ours.wall.values[REPETITIONS - 1], rows[i].durability);
    print_json(json, &rows[i], our_rate, peer_rate, i == count - 1);
  }
}

int main(int argc, char **argv)
{
  int64_t persons = 10000;
  if (argc > 1 &&
      (!view_int64(view_of(argv[1]), &persons) || persons < 2 * ERASURES * REPETITIONS * 5))
    bench_fail("usage", "bench_governed [PERSONS [ROW]], at least 15,000 when given");
  if (argc <= 1)
    persons = 15000;
  struct bench bench = {.random = 1, .salt = 1, .only = argc > 2 ? argv[2] : NULL};
  governed_make(&bench.governed, persons);
  bare_make(&bench.bare, &bench.governed);
  bench.next_erased = persons - 1;
  FILE *json = fopen("bench/out/governed.json", "w");
  if (json == NULL)
    bench_fail("bench/out", "cannot write; run from the root of the project");
  printf("%lld records of %d bytes; medians of %d, interleaved\n",
         (long long)(persons * BENCH_FIELDS), BENCH_VALUE_BYTES, REPETITIONS);
  printf("%-26s %11s %11s %6s %6s   spread          durability\n", "", "governed", "bare SQLite",
         "wall", "cpu");
  (void)fprintf(json, "{\"schema\":\"forvar.bench/1\",\"rows\":[\n");
  run_rows(&bench, json);
  (void)fprintf(json, "]}\n");
  (void)fclose(json);
  bare_remove(&bench.bare);
  governed_remove(&bench.governed);
  return 0;
}
