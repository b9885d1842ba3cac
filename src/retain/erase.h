// Erasing a person (Article 17): records, keys, things, events, choices, index entries,
// operations and messages go in one transaction; the suppression list stays; the entries of the
// log stay and lead to nobody (P5, P7).
//
// Records for which a purpose takes its period over from the law stay until that end [GDPR
// 17(3)(b)], with the person, the things and the choices that they hang on: everything else of the
// person's data goes. The request stays open then, since a refusal of the rest needs its ground.
// So it is with what a hold covers [GDPR 17(3)(e)].
#ifndef FORVAR_RETAIN_ERASE_H
#define FORVAR_RETAIN_ERASE_H

#include "core/core.h"

struct erase_plan {
  struct person_id person;
  int64_t person_version;  // applying refuses if the person changed since
  int64_t records, keys, things, messages;
  int64_t kept;  // records that a law wants kept, or a hold covers
};
MUST_CHECK enum err_code erase_plan_make(struct core *core, struct person_id person,
                                         struct erase_plan *ret_plan, struct err *err);

struct erase_input {
  struct person_id person;
  int64_t person_version;  // of the plan; 0: whatever it is
  int64_t request;         // the request that this fulfils, 0: none
};
enum { ERASE_BODY_BYTES_MAX = 4096 };
struct erase_output {
  int64_t records, keys;  // that went
  int64_t kept;           // records that stay, for a law or a hold; 0: the person is gone
  int64_t held;           // those of them that a hold covers and no law wants kept
  int64_t entry_index;    // in the log
  unsigned char salt[LEDGER_SALT_BYTES];  // opens the entry's commitment to the body
  char body[ERASE_BODY_BYTES_MAX];        // JSON: what went, counted by field; no value
};
extern const struct verb verb_erase;

#endif
