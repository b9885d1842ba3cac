// kill ENGINE TRANSPORT FOLDER ROUNDS SEED: a home in the folder is served by a process that is
// killed with SIGKILL at a seeded moment of its work, again and again, and looked at in between
// (check.h). With the transport "library" that process is ours and its threads do everything that
// can be done; with "http" it is the program forvar, and the hands are its clients.
// Every sixth round dies while the home is being opened, that is, while it recovers from the
// kill before. With the engine "postgres" the database server, which is the driver's own, is
// killed as well in every tenth round, and the serving process has to find its way back to it.
//
// The programs forvar and forvar-verify, from the environment variables FORVAR and FORVAR_VERIFY,
// look at the home with other eyes; a variable that is not set leaves its program out.
//
// Prints "ok NAME" or "not ok NAME". Nothing waits for a time to pass but the moment of the kill.
#define _GNU_SOURCE  // ppoll
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../store/postgres_fixture.h"
#include "base/clock.h"
#include "check.h"
#include "deed.h"
#include "notify/outbox.h"
#include "serve.h"

enum {
  EXIT_USAGE = 2,
  ANSWERS_MAX = 100,     // of load before a kill, on a machine of any speed,
  WINDOW_US = 20000,     // and so much time after them
  USES_AFTER_LOSS = 10,  // of the database, so many must come through
  OPENING_US = 40000,    // after the start, where the kill falls into the opening
  OPENING_EVERY = 6,     // rounds
  DATABASE_EVERY = 10,   // rounds
  CHECK_EVERY = 10,      // rounds
  SIGN_MS_MAX = 60000,   // how long the driver waits for what must come
  ROUNDS_MAX = 1000,
  PROGRAM_WORDS_MAX = 15,
};

struct driver {
  const char *engine;
  struct book *book;
  struct postgres_fixture postgres;
  uint64_t random;
  int serving;  // rounds that came to work before the kill
};

// ── Processes ───────────────────────────────────────────────────────────────────────────────

static bool fail(const char *what)
{
  fprintf(stderr, "kill: %s\n", what);
  return false;
}

static bool ended_well(pid_t child)
{
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

static bool prepare(struct driver *driver)
{
  pid_t child = fork();
  if (child == 0)
    exit(serve_prepare(driver->book));
  return ended_well(child) || fail("the home cannot be made");
}

static bool check(struct driver *driver, bool is_last)
{
  if (is_last)
    atomic_store(&driver->book->ahead_us, OUTBOX_LEASE_US + CLOCK_SECOND_US);
  pid_t child = fork();
  if (child == 0)
    exit(check_run(driver->book, is_last));
  return ended_well(child) || fail("what was answered and what is there differ");
}

// Runs the program of an environment variable with its arguments, if it is set.
static bool program(const char *variable, const char *const *arguments)
{
  const char *path = getenv(variable);
  const char *all[PROGRAM_WORDS_MAX + 1] = {path};
  for (int i = 0; arguments[i] != NULL; i++)
    all[i + 1] = arguments[i];
  if (path == NULL)
    return true;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    // The library's type is older than const; it does not write to the arguments.
    execv(path, (char *const *)(uintptr_t)all);
    _exit(EXIT_USAGE);
  }
  return ended_well(child) || fail(path);
}

static bool verify(const struct driver *driver)
{
  char export[sizeof driver->book->home + 20];
  char heads[sizeof driver->book->home + 20];
  const char *home = driver->book->home;
  (void)snprintf(heads, sizeof heads, "%s.heads/heads.log", home);
  (void)snprintf(export, sizeof export, "%s.log.jsonl", home);
  bool has_program = getenv("FORVAR") != NULL;
  bool holds = program("FORVAR", (const char *[]){"--home", home, "doctor", "--deep", NULL});
  if (driver->postgres.server == 0)
    return program("FORVAR_VERIFY", (const char *[]){"--head", heads, home, NULL}) && holds;
  return program("FORVAR", (const char *[]){"--home", home, "ledger", "export", "--force", "-o",
                                            export, NULL}) &&
         (!has_program ||
          program("FORVAR_VERIFY", (const char *[]){"--head", heads, export, NULL})) &&
         holds;
}

// 1 to `most`, by the seed.
static int64_t some(struct driver *driver, int64_t most)
{
  return 1 + (int64_t)(book_random(&driver->random) % (uint64_t)most);
}

// ── A round ─────────────────────────────────────────────────────────────────────────────────

// Waits until so many answers more have come; false if the process ended instead, or hangs.
static bool wait_for_answers(struct driver *driver, int pipe_end, int64_t answers)
{
  char byte = 0;
  struct pollfd poll_at = {.fd = pipe_end, .events = POLLIN};
  struct book *book = driver->book;
  atomic_store(&book->sign_at, atomic_load(&book->answers) + answers);
  return poll(&poll_at, 1, SIGN_MS_MAX) == 1 && read(pipe_end, &byte, 1) == 1;
}

// Lets it work up to a seeded moment. False if it ended by itself.
static bool let_work(struct driver *driver, int pipe_end, int64_t window_us)
{
  struct timespec moment = {0, some(driver, window_us) * 1000};
  struct pollfd poll_at = {.fd = pipe_end, .events = 0};
  return ppoll(&poll_at, 1, &moment, NULL) == 0;
}

static bool kill_database(struct driver *driver, int pipe_end)
{
  postgres_fixture_kill(&driver->postgres);
  if (!postgres_fixture_restart(&driver->postgres))
    return false;
  if (!wait_for_answers(driver, pipe_end, some(driver, ANSWERS_MAX)))
    return fail("no answer comes after the database is back");
  atomic_store(&driver->book->only_uses, true);
  if (!wait_for_answers(driver, pipe_end, USES_AFTER_LOSS))
    return fail("no use is answered after the database is back");
  return let_work(driver, pipe_end, WINDOW_US);
}

static bool work_and_die(struct driver *driver, int pipe_end)
{
  const struct book *book = driver->book;
  if (book->round % OPENING_EVERY == OPENING_EVERY - 1)
    return let_work(driver, pipe_end, OPENING_US) || fail("it ended while it opened the home");
  if (!wait_for_answers(driver, pipe_end, some(driver, ANSWERS_MAX)))
    return fail("it does not come to work");
  driver->serving++;
  if (!let_work(driver, pipe_end, WINDOW_US))
    return fail("it ended by itself");
  return !book->database_dies || kill_database(driver, pipe_end);
}

static bool end(pid_t child, bool by_kill)
{
  int status = 0;
  if (child <= 0)
    return fail("no process can be made");
  if (by_kill)
    (void)kill(child, SIGKILL);
  if (waitpid(child, &status, 0) != child)
    return fail("a process is lost");
  return by_kill ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
                 : WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// The library in a process of ours: the hands die with it.
static bool run_library(struct driver *driver, const int ends[2])
{
  pid_t child = fork();
  if (child == 0) {
    (void)close(ends[0]);
    _exit(serve_run(driver->book, ends[1]));
  }
  (void)close(ends[1]);
  bool is_good = child > 0 && work_and_die(driver, ends[0]);
  return end(child, true) && is_good;
}

static pid_t start_server(const struct driver *driver)
{
  const char *path = getenv("FORVAR");
  pid_t server = fork();
  if (server == 0 && path != NULL)
    (void)execl(path, path, "--home", driver->book->home, "--quiet", "serve", "--socket",
                driver->book->socket, (char *)NULL);
  if (server == 0)
    _exit(EXIT_USAGE);
  return server;
}

// The program forvar, with the hands as its clients.
static bool run_http(struct driver *driver, const int ends[2])
{
  pid_t server = start_server(driver);
  pid_t clients = fork();
  if (clients == 0) {
    (void)close(ends[0]);
    _exit(serve_ask(driver->book, ends[1]));
  }
  (void)close(ends[1]);
  bool is_good = clients > 0 && work_and_die(driver, ends[0]);
  is_good = end(server, true) && is_good;
  atomic_store(&driver->book->is_killed, true);
  return end(clients, false) && is_good;
}

static bool run_round(struct driver *driver, int round)
{
  int ends[2];
  struct book *book = driver->book;
  book->round = round;
  book->database_dies =
      driver->postgres.server != 0 && round % DATABASE_EVERY == DATABASE_EVERY / 2 + 2;
  atomic_store(&book->answers, 0);
  atomic_store(&book->only_uses, false);
  atomic_store(&book->is_killed, false);
  atomic_store(&book->sign_at, BOOK_NO_SIGN);
  if (pipe2(ends, O_CLOEXEC) != 0)
    return fail(strerror(errno));
  bool is_good = book->is_http ? run_http(driver, ends) : run_library(driver, ends);
  (void)close(ends[0]);
  return is_good;
}

// ── The whole ───────────────────────────────────────────────────────────────────────────────

static void show_counts(const struct driver *driver)
{
  const struct book *book = driver->book;
  for (int kind = DEED_PERSON; kind < DEED_KIND_END; kind++)
    printf("# %s: %lld done, %lld never answered, %lld refused\n",
           deed_kind_name((enum deed_kind)kind),
           (long long)book_count(book, (enum deed_kind)kind, DEED_DONE),
           (long long)book_count(book, (enum deed_kind)kind, DEED_DROPPED),
           (long long)book_count(book, (enum deed_kind)kind, DEED_REFUSED));
}

static bool told(const struct driver *driver, const char *name, bool is_good)
{
  printf("%s %s_%s_%s\n", is_good ? "ok" : "not ok", driver->engine,
         driver->book->is_http ? "http" : "library", name);
  return is_good;
}

static bool run_all(struct driver *driver, int rounds)
{
  if (!prepare(driver))
    return told(driver, "home_is_made", false);
  for (int round = 0; round < rounds; round++) {
    bool is_looked_at = round % CHECK_EVERY == CHECK_EVERY - 1;
    if (!run_round(driver, round) || (is_looked_at && !(check(driver, false) && verify(driver)))) {
      fprintf(stderr, "kill: round %d of seed %llu\n", round,
              (unsigned long long)driver->book->seed);
      return told(driver, "every_answer_outlives_each_kill", false);
    }
  }
  bool holds = check(driver, true) && verify(driver);
  show_counts(driver);
  return told(driver, "every_answer_outlives_each_kill", holds) &&
         told(driver, "kills_fell_into_work",
              driver->serving > rounds / 2 && book_count(driver->book, DEED_IP, DEED_DROPPED) > 0 &&
                  book_count(driver->book, DEED_IP, DEED_DONE) > rounds);
}

static bool begin(struct driver *driver, const char *transport, const char *folder)
{
  struct book *book = driver->book;
  bool is_postgres = strcmp(driver->engine, "postgres") == 0;
  book->is_http = strcmp(transport, "http") == 0;
  if (!is_postgres && strcmp(driver->engine, "sqlite") != 0)
    return fail("the engine is sqlite or postgres");
  if (!book->is_http && strcmp(transport, "library") != 0)
    return fail("the transport is library or http");
  (void)snprintf(book->home, sizeof book->home, "%s/home-%s-%s", folder, driver->engine, transport);
  (void)snprintf(book->socket, sizeof book->socket, "%s/%s.socket", folder, driver->engine);
  if (!is_postgres)
    return true;
  if (!postgres_fixture_start(&driver->postgres, true))
    return false;
  char uri[POSTGRES_URI_BYTES];
  postgres_fixture_uri(&driver->postgres, "forvar", uri);
  (void)snprintf(book->store_uri, sizeof book->store_uri, "%s", uri);
  return postgres_fixture_database(&driver->postgres, "forvar");
}

int main(int count, char **arguments)
{
  struct driver driver = {.book = book_new()};
  int rounds = count == 6 ? (int)strtol(arguments[4], NULL, 10) : 0;
  if (rounds <= 0 || rounds > ROUNDS_MAX || driver.book == NULL) {
    fprintf(stderr, "usage: kill sqlite|postgres library|http FOLDER ROUNDS SEED\n");
    return EXIT_USAGE;
  }
  (void)setvbuf(stdout, NULL, _IOLBF, 0);
  driver.engine = arguments[1];
  driver.book->seed = strtoull(arguments[5], NULL, 10);
  driver.random = driver.book->seed;
  check_clock(driver.book);
  bool is_good = begin(&driver, arguments[2], arguments[3]) && run_all(&driver, rounds);
  postgres_fixture_stop(&driver.postgres);
  return is_good ? 0 : 1;
}
