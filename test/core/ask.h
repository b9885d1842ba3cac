// Questions to the core in the policy's words, for tests of uses.
#ifndef FORVAR_TEST_CORE_ASK_H
#define FORVAR_TEST_CORE_ASK_H

#include "core/use.h"
#include "world.h"

struct question {
  struct person_id person;
  const char *role, *purpose, *field;  // "?": unknown to the policy
  int64_t thing;
  int32_t channel;
  bool ask_only;
  enum ledger_mode mode;
};
// About no thing in particular and over no channel, recorded durably.
struct question ask_simple(struct person_id person, const char *role, const char *purpose,
                           const char *field);
struct use_request ask_request(struct world *world, const struct question *question);

// world->err says why not.
enum err_code ask_perform(struct world *world, const struct use_request *request,
                          struct arena *arena, struct use_answer *ret_answer);
enum err_code ask(struct world *world, const struct question *question, struct arena *arena,
                  struct use_answer *ret_answer);
// Fails the test unless the use is allowed with these values, joined by "|".
void ask_gives(struct world *world, const struct question *question, const char *expected);
// Fails the test unless it is refused, this reason first.
void ask_is_refused(struct world *world, const struct question *question, enum gate_reason reason);

#endif
