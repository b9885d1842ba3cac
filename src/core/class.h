// Classes and bindings (K9). A record does not carry its metadata; it points to an immutable
// class: under which policy version, at which collection point, from which source, in which
// field, on which kind of thing it was collected, and which key group seals it. What the class
// means today (its purposes, its keep rules, what the sweep indexes it by) is computed once for
// each class when a policy is bound, so that a change of policy rewrites no record.
#ifndef FORVAR_CORE_CLASS_H
#define FORVAR_CORE_CLASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/names.h"
#include "gate/gate.h"
#include "policy/policy.h"
#include "store/rows.h"

enum { CLASS_CHUNK = 256, CLASS_CHUNKS = 256, CLASSES_MAX = CLASS_CHUNK * CLASS_CHUNKS - 1 };

struct class_info {
  struct class_row row;     // numbers of the register; no views
  struct set purposes;      // indices in the current policy
  int32_t field;            // index in the current policy, or -1: the field is gone
  int32_t thing_type;       // index, or -1: none
  enum gate_origin origin;  // as the version of the class told
  bool no_way_out;
  enum keep_anchor anchor;  // what the due index holds for it
};

// Grows by chunks that never move, so that readers may look a class up while the writer adds one.
struct class_table {
  _Atomic(struct class_info *) chunks[CLASS_CHUNKS];  // by class id / CLASS_CHUNK; owned
  _Atomic int32_t count;                              // highest id given, from 1
};

void class_table_clear(struct class_table *table);
// Forgets the classes above `count`: the operation that made them was undone.
void class_table_cut(struct class_table *table, int32_t count);

MUST_CHECK enum err_code class_enter(struct class_table *table, const struct class_row *row,
                                     struct err *err);
// The class with the same numbers under the same version, or NULL.
const struct class_info *class_find(const struct class_table *table, const struct class_row *row);
// NULL for an id that was never given.
struct class_info *class_get(const struct class_table *table, int64_t class_id);

// Computes purposes, field, thing and anchor of one class for `current`. `told` is the policy of
// the class's version. A datum collected under an older version serves a purpose of today only if
// that purpose was told at collection, uses the field now (GDPR 5(1)(b)) and asks for no other
// consent.
void class_bind(struct class_info *info, const struct names *names, const struct policy *told,
                const struct policy *current);

// Whether a purpose that rests on consent alone asks for consent to another text now: what was
// agreed to is the text that was shown, and no other (R-020, GDPR 7(1)). `class_bind` drops such a
// purpose.
bool class_consent_lapses(const struct policy *told, int32_t told_purpose,
                          const struct policy *current, int32_t purpose);

// The keep rules of the class's purposes, printed and sorted: classes with the same text share a
// key group, since what they hold ends together (K4).
void class_key_group_text(const struct policy *policy, const struct set *purposes, int32_t field,
                          struct str *ret_text);
// What the due index can hold for a field under these purposes.
enum keep_anchor class_anchor(const struct policy *policy, const struct set *purposes,
                              int32_t field);
// The last anchor day whose end may have come (KEEP_BY_DERIVED_END: today).
int64_t class_due_day(const struct class_info *info, const struct policy *policy, int64_t now_us);

#endif
