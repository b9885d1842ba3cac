// Erasing (Article 17): a person, a category of their data, what serves one purpose, or what is
// about one thing. A plan shows what goes, what stays and why, and what follows; applying it does
// exactly that, in one transaction: records, keys, index entries, tasks for others who have the
// same data, and the entry that the receipt proves.
//
// What stays of what was asked for:
//   law     a purpose takes its period over from the law [GDPR 17(3)(b)]
//   hold    a hold covers it [GDPR 17(3)(e)]
//   needed  where the policy says `partial: per_binding`, or of one purpose: another purpose whose
//           basis holds and whose end lies ahead needs it still [GDPR 17(1)(a)]
//
// A person of whom nothing stays is erased whole: records, keys, things, events, choices, index
// entries, operations and messages go; the suppression list stays; the entries of the log stay and
// lead to nobody (P5, P7). If others have to be told, a file is opened for that, which nothing
// leads to but the receipt; the request goes on there and closes when the last of them has
// confirmed.
#ifndef FORVAR_RETAIN_ERASE_H
#define FORVAR_RETAIN_ERASE_H

#include "base/arena.h"
#include "base/sha256.h"
#include "core/core.h"
#include "core/others.h"
#include "policy/set.h"

// ── What is asked for ───────────────────────────────────────────────────────────────────────

enum erase_scope_kind { ERASE_PERSON, ERASE_CATEGORY, ERASE_PURPOSE, ERASE_THING };
struct erase_scope {  // zeros: the person
  enum erase_scope_kind kind;
  struct set fields;      // indices, of ERASE_CATEGORY: a field, or all of a category
  int32_t purpose;        // of ERASE_PURPOSE
  struct thing_id thing;  // of ERASE_THING, with what lies in it
};

// ── The plan ────────────────────────────────────────────────────────────────────────────────

enum erase_reason { ERASE_STAYS_BY_LAW, ERASE_STAYS_HELD, ERASE_STAYS_NEEDED, ERASE_REASON_COUNT };
extern const char *const erase_reason_names[ERASE_REASON_COUNT];  // "law", "hold", "needed"

struct erase_line {  // records of one field
  const char *field;
  int64_t count;
};
struct erase_stay {  // records of one field, for one reason
  const char *field;
  int64_t count;
  enum erase_reason why;
  const char *name;  // the purpose, or the kind of the hold
  const char *law;   // "GDPR 17(3)(b)"
  struct end end;    // of the purpose; of a hold: its review
};
struct erase_plan {
  struct person_id person;
  int64_t person_version;                   // applying refuses if the person changed since
  int64_t records, keys, things, messages;  // that go; keys and things only of a whole person
  int64_t kept;                             // records that stay
  bool is_whole;                            // nothing is left of the person
  const struct erase_line *goes;
  int32_t goes_count;
  const struct erase_stay *stays;
  int32_t stays_count;
  struct others others;                // who is told
  unsigned char digest[SHA256_BYTES];  // over which records go, which stay and why, who is told
  struct arena arena;                  // the lists
};
#define ERASE_PLAN_INIT \
  {                     \
    .arena = ARENA_INIT \
  }
// Changes nothing. ERR_INPUT if the scope names nothing of the policy or of the person.
MUST_CHECK enum err_code erase_plan_make(struct core *core, struct person_id person,
                                         const struct erase_scope *scope,
                                         struct erase_plan *ret_plan, struct err *err);
void erase_plan_clear(struct erase_plan *plan);
void erase_plan_cleanup(struct erase_plan *plan);

// ── Doing it ────────────────────────────────────────────────────────────────────────────────

struct erase_input {
  struct person_id person;
  struct erase_scope scope;
  int64_t person_version;       // of the plan; 0: whatever it is
  const unsigned char *digest;  // of the plan, SHA256_BYTES; NULL: whatever it is
  int64_t request;              // the request that this fulfils, 0: none
};
enum { ERASE_BODY_BYTES_MAX = 32 * 1024 };
struct erase_output {
  int64_t records, keys;  // that went
  int64_t kept;           // records that stay
  int64_t held;           // those of them that a hold covers and no law wants kept
  bool is_whole;          // the person is gone
  int64_t tasks;          // others who have the data and are to confirm
  struct person_id file;  // where the tasks stand: the person, or the file of one who is gone; 0:
                          // there are none
  int64_t request;        // of the file, that closes with the last task; 0: none
  int64_t entry_index;    // in the log
  unsigned char salt[LEDGER_SALT_BYTES];  // opens the entry's commitment to the body
  char body[ERASE_BODY_BYTES_MAX];        // JSON: what went, counted by field; no value
};
// ERR_CONFLICT if the plan is no longer what would happen, if there is no such open request, or if
// nothing is left but what a hold is about; ERR_CLOCK while irreversible work is stopped (K10).
extern const struct verb verb_erase;

#endif
