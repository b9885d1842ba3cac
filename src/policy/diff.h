// Two compiled policies compared in meaning: order, comments, layout and the version make no
// difference. Each policy is taken apart into facts ("purpose security uses traffic.ip"), and the
// facts are compared by name, never by line.
//
//   OWNED(policy_diff) struct policy_diff diff = {0};
//   code = policy_diff_make(before, after, &diff, err);
#ifndef FORVAR_POLICY_DIFF_H
#define FORVAR_POLICY_DIFF_H

#include "base/err.h"
#include "policy/policy.h"

enum difference_change {
  DIFFERENCE_ADDED,
  DIFFERENCE_REMOVED,
  DIFFERENCE_CHANGED,
  DIFFERENCE_CHANGE_COUNT
};

enum difference_effect {
  EFFECT_EDITORIAL,  // what may be done with data stays as it is
  EFFECT_TIGHTENS,   // less may be done, or for a shorter time
  EFFECT_LOOSENS,    // more may be done, or longer, or nobody can tell
  EFFECT_COUNT
};

struct difference {
  enum difference_change change;
  enum difference_effect effect;
  const char *what;                        // "keep rule"
  int32_t purpose;                         // that it is about, in the later policy; -1: none
  const char *owner;                       // "security": the construct that it belongs to
  const char *part;                        // "traffic.ip"; "" if it is the construct itself
  const char *before, *after;              // what is said; "" where it is not, or if only present
  const char *meaning;                     // for data already collected
  const char *article;                     // "GDPR 5(1)(b)"; "" if it is none of the law
  struct place before_place, after_place;  // line 0 where it is not
};

struct policy_diff {
  struct arena arena;
  struct difference *items;  // by kind of fact, then by name
  int32_t count;
  int32_t counts[EFFECT_COUNT];
};

// The policies stay the caller's and must outlive the result. ERR_MEMORY.
MUST_CHECK enum err_code policy_diff_make(const struct policy *before, const struct policy *after,
                                          struct policy_diff *ret_diff, struct err *err);
void policy_diff_clear(struct policy_diff *diff);
void policy_diff_cleanup(struct policy_diff *diff);

const char *difference_change_name(enum difference_change change);  // "added"
const char *difference_effect_name(enum difference_effect effect);  // "loosens"

// Which way a keep rule moved, found by running both rules over the same sample of lives (each
// span and event at times that follow from its name): tightens if no end comes later and some
// comes earlier; editorial if the rules are built alike or have one period, and no end moves.
// Anything else loosens, since for somebody data is kept longer or nobody can tell.
enum difference_effect keep_compare(const struct policy *before, const struct keep *before_keep,
                                    const struct policy *after, const struct keep *after_keep);

#endif
