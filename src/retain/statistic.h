// Figures that the policy declares (`statistics`): of groups of people, never of one. A figure is
// made of what its purpose may use of each person at this instant, so that whoever objected,
// whoever is restricted and what has ended is not in it; it counts puts by the values of its `by`
// fields. Groups that are too small are hidden (groups.h); where all are, nothing is told
// (group_too_small). No key of anybody leaves, hashed or not. Each figure that is made, or refused,
// is an entry.
//
// What sweeps left behind of data that they made anonymous is told the same way.
#ifndef FORVAR_RETAIN_STATISTIC_H
#define FORVAR_RETAIN_STATISTIC_H

#include "base/document.h"
#include "core/core.h"

struct statistic_request {
  int32_t statistic;   // index in the policy
  struct actor actor;  // a role must act for the figure's purpose
};

// ret_figure: {"statistic", "at", "by": [field …], "groups": [{"values": [text …], "persons",
// "records", "median" …}], "hidden": count of groups}. ERR_REFUSED: role, group_too_small.
// On the core's thread. Cost: linear in the home.
MUST_CHECK enum err_code statistic_make(struct core *core, const struct statistic_request *request,
                                        struct document **ret_figure, struct err *err);

// {"fields": [{"field", "day", "value" (null: values of groups that are too small), "records",
// "persons"} …]}: counts of groups that are large enough.
MUST_CHECK enum err_code statistic_left(struct core *core, struct document **ret_figure,
                                        struct err *err);

// The index of a figure of the policy in force; ERR_NOT_FOUND.
MUST_CHECK enum err_code statistic_find(const struct policy *policy, struct view name,
                                        int32_t *ret_statistic, struct err *err);

#endif
