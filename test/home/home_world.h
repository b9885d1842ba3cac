// A home in a folder of its own below /tmp, with the thread's policy in force.
//
//   static void key__is_refused(void **state)
//   {
//     struct home_world *world = home_world_begin();
//     ... world->home ...
//     home_world_end(world);
//   }
//
// Functions that cannot fail in a good test fail the test when they do.
#ifndef FORVAR_TEST_HOME_HOME_WORLD_H
#define FORVAR_TEST_HOME_HOME_WORLD_H

#include "core/verbs.h"
#include "home/home.h"

enum { HOME_PATH_BYTES = 200 };

struct home_world {
  char root[64];    // holds the home, and what a test puts beside it
  char folder[80];  // of the home
  struct home *home;
  struct err err;  // of the last home_world_perform
};

struct home_world *home_world_begin(void);
void home_world_end(struct home_world *world);
void home_world_close(struct home_world *world);
void home_world_open(struct home_world *world);

// The thread's policy, in which the first place of each `from` is `to`; NULL ends the pairs.
struct policy_edit {
  const char *from, *to;
};
void home_world_activate(struct home_world *world, const struct policy_edit *edits);
const struct policy *home_world_policy(const struct home_world *world);

enum err_code home_world_perform(struct home_world *world, const struct verb *verb,
                                 const void *input, void *output);
// The same; fails the test unless it is done.
void home_world_do(struct home_world *world, const struct verb *verb, const void *input,
                   void *output);

struct person_id home_world_customer(struct home_world *world);
void home_world_put(struct home_world *world, const struct record_put_input *input);

#endif
