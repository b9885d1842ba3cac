// A small running world for tests of the core and of what stands on it: a fresh database of
// either engine, keys and small files in memory, a clock that is set by hand, seeded randomness, a
// network that collects, and the thread's policy in force.
//
//   static void use__is_refused_at_the_end(void **state)
//   {
//     struct world *world = world_begin(*state);         // *state is a test_store (test_stores.h)
//     struct person_id anna = world_customer(world);
//     ...
//     world_end(world);
//   }
//
// Functions that cannot fail in a good test fail the test when they do.
#ifndef FORVAR_TEST_CORE_WORLD_H
#define FORVAR_TEST_CORE_WORLD_H

#include "../store/test_stores.h"
#include "base/network.h"
#include "core/core.h"
#include "core/use.h"
#include "core/verbs.h"
#include "vault/vault.h"

enum { WORLD_FILES_MAX = 16, WORLD_FILE_BYTES_MAX = 8192, WORLD_SENT_MAX = 64 };

struct world_file {
  char name[64];
  unsigned char bytes[WORLD_FILE_BYTES_MAX];
  size_t length;
};

struct world_message {
  int channel;
  char key[64];
  char address[128];
  char payload[256];
};

struct world {
  struct test_store *test;
  struct core *core;
  struct reader *reader;
  int64_t now_us;
  struct random_seeded seeded;
  unsigned char company_key[32];
  struct world_file files[WORLD_FILES_MAX];
  int file_count;
  struct world_message sent[WORLD_SENT_MAX];
  int sent_count;
  struct network network;
  struct err err;  // of the last world_put, world_use …
};

struct world *world_begin(struct test_store *test);  // 2025-12-01 09:00 local, policy in force
void world_end(struct world *world);
// Closes the core and opens it again on what is stored.
void world_reopen(struct world *world);
struct core_options world_options(struct world *world);

void world_at(struct world *world, const char *local_time);  // "2026-03-15 12:00:00.000001"
int64_t world_instant(const struct world *world, const char *local_time);

const struct policy *world_policy(const struct world *world);
void world_activate(struct world *world, const char *file_name);  // below policies/ or test/

struct person_id world_person(struct world *world);
// A person with a contract that runs since 2025-01-01.
struct person_id world_customer(struct world *world);
int64_t world_thing(struct world *world, struct person_id person, const char *type, int64_t parent,
                    const char *local_time);
void world_happens(struct world *world, struct person_id person, int64_t thing, const char *event,
                   const char *local_time);

// Outcome of a put of one or two values; world->err says why not.
enum err_code world_put(struct world *world, struct person_id person, const char *point,
                        const char *source, int64_t thing, const char *field, const char *value);
enum err_code world_put_contact(struct world *world, struct person_id person, const char *name,
                                const char *email);

// The values that came back, joined by "|"; "" if none. world->err if refused.
const char *world_use(struct world *world, const char *role, const char *purpose,
                      struct person_id person, const char *field);
// The same, and the first reason of a refusal, or "allowed".
const char *world_reason(struct world *world, const char *role, const char *purpose,
                         struct person_id person, const char *field);

#endif
