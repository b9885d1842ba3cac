// What the files of steps about people's rights share. Inside the module only.
#ifndef FORVAR_TRIAL_STEPS_SHARED_H
#define FORVAR_TRIAL_STEPS_SHARED_H

#include "trial/run.h"

extern const uint32_t trial_all_channels;  // bits over marketing_channel

// The request that the line's `name` stands for from now on. False: an error was noted.
bool trial_remember_request(struct trial_run *run, const struct trial_line *line,
                            const struct trial_person *person, int64_t request, int64_t due_us);

// An objection in which a person said no to purposes, as a step of `request`.
void trial_step_objection(struct trial_run *run, const struct trial_line *line);

// How the objections of a request stand, the least decided first: clarify, undecided, overruled,
// upheld or withdrawn; NULL if it holds none.
const char *trial_objection_state(struct trial_run *run, const struct trial_line *line,
                                  const struct trial_request *request);

#endif
