// A PostgreSQL 15 server of the test's own: in a temporary folder, on a Unix socket only, under
// the user "postgres" if the test is root (the server refuses root). It ends with the test even
// if the test dies. Failures are told on standard error.
#ifndef FORVAR_TEST_STORE_POSTGRES_FIXTURE_H
#define FORVAR_TEST_STORE_POSTGRES_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { POSTGRES_FOLDER_BYTES = 80, POSTGRES_URI_BYTES = 160 };

struct postgres_fixture {
  char folder[POSTGRES_FOLDER_BYTES];  // socket and data
  pid_t server;                        // 0: not running
  bool is_durable;
};

// Makes the folder and the cluster and waits until the server answers. `is_durable`: with syncs,
// for tests that kill the server. False if anything failed; nothing is left behind then.
bool postgres_fixture_start(struct postgres_fixture *ret_fixture, bool is_durable);
// Stops the server and removes the folder. A fixture of zeros is a no-op.
void postgres_fixture_stop(struct postgres_fixture *fixture);

// Kills the server's own process with SIGKILL, as a power loss would, and starts it again.
void postgres_fixture_kill(struct postgres_fixture *fixture);
bool postgres_fixture_restart(struct postgres_fixture *fixture);

// An empty database; replaces one of the same name.
bool postgres_fixture_database(const struct postgres_fixture *fixture, const char *name);
void postgres_fixture_uri(const struct postgres_fixture *fixture, const char *database,
                          char ret_uri[POSTGRES_URI_BYTES]);

#endif
