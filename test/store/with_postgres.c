// with-postgres COMMAND ARGS...: runs the command beside a PostgreSQL server of its own, whose
// address stands in FORVAR_TEST_POSTGRES, stops the server and passes the exit status on.
// FORVAR_TEST_POSTGRES_PID is the server's process, for scripts that kill it; with
// FORVAR_TEST_DURABLE=1 it syncs. An address that is already set is used as it is.
#define _GNU_SOURCE  // setenv
#include "postgres_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_NOT_RUN = 126, EXIT_SIGNAL_BASE = 128, PID_BYTES = 16 };

static int command_run(char **arguments)
{
  pid_t child = fork();
  if (child == 0) {
    execvp(arguments[0], arguments);
    perror(arguments[0]);
    _exit(EXIT_NOT_RUN);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child)
    return EXIT_NOT_RUN;
  return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int count, char **arguments)
{
  if (count < 2) {
    fprintf(stderr, "usage: with-postgres COMMAND ARGS...\n");
    return EXIT_USAGE;
  }
  if (getenv("FORVAR_TEST_POSTGRES") != NULL)
    return command_run(arguments + 1);
  const char *durable = getenv("FORVAR_TEST_DURABLE");
  struct postgres_fixture fixture;
  if (!postgres_fixture_start(&fixture, durable != NULL && strcmp(durable, "1") == 0))
    return EXIT_NOT_RUN;
  char uri[POSTGRES_URI_BYTES];
  char pid[PID_BYTES];
  int status = EXIT_NOT_RUN;
  snprintf(pid, sizeof pid, "%d", (int)fixture.server);
  postgres_fixture_uri(&fixture, "forvar", uri);
  if (postgres_fixture_database(&fixture, "forvar") &&
      setenv("FORVAR_TEST_POSTGRES", uri, 1) == 0 &&
      setenv("FORVAR_TEST_POSTGRES_PID", pid, 1) == 0)
    status = command_run(arguments + 1);
  postgres_fixture_stop(&fixture);
  return status;
}
