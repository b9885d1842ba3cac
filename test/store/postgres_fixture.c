#define _GNU_SOURCE  // setresuid, nftw and prctl are not in C or plain POSIX
#include "postgres_fixture.h"

#include <libpq-fe.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define POSTGRES_BIN "/usr/lib/postgresql/15/bin/"
static const char initdb[] = POSTGRES_BIN "initdb";
static const char postgres[] = POSTGRES_BIN "postgres";

enum {
  READY_TRIES_MAX = 400,
  READY_STEP_MS = 25,
  START_TRIES_MAX = 80,
  OPEN_FOLDERS_MAX = 16,
  SQL_BYTES = 160
};

static bool fail(const char *what)
{
  fprintf(stderr, "postgres fixture: %s: %s\n", what, strerror(errno));
  return false;
}

// Runs in the child: never returns. The server is told to stop when the test is gone.
static _Noreturn void run_as_postgres(const char *folder, const char *const *arguments)
{
  char log[POSTGRES_FOLDER_BYTES + 8];
  snprintf(log, sizeof log, "%s/log", folder);
  if (geteuid() == 0) {
    const struct passwd *user = getpwnam("postgres");
    if (user == NULL || setgroups(0, NULL) != 0 ||
        setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
      _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGINT);
  int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
      chdir(folder) != 0)
    _exit(126);
  char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL};
  // The library's type is older than const; it does not write to the arguments.
  execve(arguments[0], (char *const *)(uintptr_t)arguments, environment);
  _exit(127);
}

static pid_t spawn(const char *folder, const char *const *arguments)
{
  pid_t child = fork();
  if (child == 0)
    run_as_postgres(folder, arguments);
  return child;
}

static void log_show(const struct postgres_fixture *fixture)
{
  char path[POSTGRES_FOLDER_BYTES + 8];
  snprintf(path, sizeof path, "%s/log", fixture->folder);
  FILE *log = fopen(path, "r");
  if (log == NULL)
    return;
  for (int c = getc(log); c != EOF; c = getc(log))
    putc(c, stderr);
  fclose(log);
}

static bool folder_make(struct postgres_fixture *fixture)
{
  const char *parent = getenv("TMPDIR");
  int length =
      snprintf(fixture->folder, sizeof fixture->folder, "%s/pg-XXXXXX",
               parent != NULL && strlen(parent) < POSTGRES_FOLDER_BYTES - 10 ? parent : "/tmp");
  if (length < 0 || mkdtemp(fixture->folder) == NULL)
    return fail("mkdtemp");
  const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
  if (user != NULL && chown(fixture->folder, user->pw_uid, user->pw_gid) != 0)
    return fail("chown");
  return true;
}

static bool cluster_make(struct postgres_fixture *fixture)
{
  char data[POSTGRES_FOLDER_BYTES + 8];
  snprintf(data, sizeof data, "%s/data", fixture->folder);
  const char *const arguments[] = {initdb,
                                   "-D",
                                   data,
                                   "-A",
                                   "trust",
                                   "-U",
                                   "forvar",
                                   "--encoding=UTF8",
                                   "--locale=C.UTF-8",
                                   "--no-instructions",
                                   fixture->is_durable ? NULL : "--no-sync",
                                   NULL};
  int status = 0;
  pid_t child = spawn(fixture->folder, arguments);
  if (child < 0 || waitpid(child, &status, 0) != child)
    return fail("initdb");
  if (status == 0)
    return true;
  log_show(fixture);
  return fail("initdb failed (is postgresql-15 installed?)");
}

void postgres_fixture_uri(const struct postgres_fixture *fixture, const char *database,
                          char ret_uri[POSTGRES_URI_BYTES])
{
  snprintf(ret_uri, POSTGRES_URI_BYTES, "postgresql:///%s?host=%s&user=forvar", database,
           fixture->folder);
}

// False as soon as the server has ended by itself.
static bool server_wait(struct postgres_fixture *fixture)
{
  char uri[POSTGRES_URI_BYTES];
  postgres_fixture_uri(fixture, "postgres", uri);
  for (int i = 0; i < READY_TRIES_MAX; i++) {
    if (PQping(uri) == PQPING_OK)
      return true;
    if (waitpid(fixture->server, NULL, WNOHANG) == fixture->server) {
      fixture->server = 0;
      return false;
    }
    poll(NULL, 0, READY_STEP_MS);
  }
  return false;
}

bool postgres_fixture_restart(struct postgres_fixture *fixture)
{
  char data[POSTGRES_FOLDER_BYTES + 8];
  snprintf(data, sizeof data, "%s/data", fixture->folder);
  const char *const arguments[] = {postgres,
                                   "-D",
                                   data,
                                   "-k",
                                   fixture->folder,
                                   "-c",
                                   "listen_addresses=",
                                   "-c",
                                   fixture->is_durable ? "fsync=on" : "fsync=off",
                                   "-c",
                                   "max_connections=50",
                                   "-c",
                                   "shared_buffers=16MB",
                                   NULL};
  // After a kill the orphans of the old server end within moments; a new one refuses to start
  // beside them.
  for (int i = 0; i < START_TRIES_MAX; i++) {
    fixture->server = spawn(fixture->folder, arguments);
    if (fixture->server < 0)
      break;
    if (server_wait(fixture))
      return true;
    if (fixture->server != 0)
      break;
    poll(NULL, 0, READY_STEP_MS);
  }
  log_show(fixture);
  return fail("the server does not start");
}

bool postgres_fixture_start(struct postgres_fixture *ret_fixture, bool is_durable)
{
  *ret_fixture = (struct postgres_fixture){.is_durable = is_durable};
  if (folder_make(ret_fixture) && cluster_make(ret_fixture) &&
      postgres_fixture_restart(ret_fixture))
    return true;
  postgres_fixture_stop(ret_fixture);
  return false;
}

static void server_end(struct postgres_fixture *fixture, int signal_number)
{
  if (fixture->server <= 0)
    return;
  kill(fixture->server, signal_number);
  waitpid(fixture->server, NULL, 0);
  fixture->server = 0;
}

void postgres_fixture_kill(struct postgres_fixture *fixture) { server_end(fixture, SIGKILL); }

static int path_remove(const char *path, const struct stat *info, int kind, struct FTW *place)
{
  (void)info;
  (void)kind;
  (void)place;
  return remove(path);
}

void postgres_fixture_stop(struct postgres_fixture *fixture)
{
  server_end(fixture, fixture->is_durable ? SIGINT : SIGQUIT);
  if (fixture->folder[0] != '\0')
    nftw(fixture->folder, path_remove, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
  *fixture = (struct postgres_fixture){.server = 0};
}

static bool run(PGconn *connection, const char *sql)
{
  PGresult *result = PQexec(connection, sql);
  bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;
  if (!is_good)
    fprintf(stderr, "postgres fixture: %s", PQresultErrorMessage(result));
  PQclear(result);
  return is_good;
}

bool postgres_fixture_database(const struct postgres_fixture *fixture, const char *name)
{
  char uri[POSTGRES_URI_BYTES];
  char sql[2][SQL_BYTES];
  postgres_fixture_uri(fixture, "postgres", uri);
  snprintf(sql[0], SQL_BYTES, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
  snprintf(sql[1], SQL_BYTES, "CREATE DATABASE %s TEMPLATE template0", name);
  PGconn *connection = PQconnectdb(uri);
  bool is_good = run(connection, "SET client_min_messages = error") && run(connection, sql[0]) &&
                 run(connection, sql[1]);
  PQfinish(connection);
  return is_good;
}
