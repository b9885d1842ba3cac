// What readers and the writer share about the policy in force: one snapshot per activation. A
// reader takes the pointer once for each request (K13); an activation makes a new snapshot and
// swaps the pointer, and the old one stays until the core closes, so nobody's ground is pulled
// away. Names and classes may be added to the newest snapshot while others read it.
#ifndef FORVAR_CORE_CATALOG_H
#define FORVAR_CORE_CATALOG_H

#include "core/class.h"
#include "core/core.h"
#include "core/names.h"

struct catalog {
  const struct policy *policy;  // NULL before the first activation; owned by the policy list
  struct names *names;          // bound to the policy
  struct class_table classes;   // bound to the policy
  struct catalog *older;
};

struct policy_list {  // every version ever activated, those to come too; kept for ever
  struct policy *items[CORE_POLICIES_MAX];
  int64_t activated_us[CORE_POLICIES_MAX];
  _Atomic int32_t count;  // grows when the item is whole, so that any thread may read up to it
  struct policy_compiler compiler;
};
// Compiles the text of a policy as the home was told to. The result is the caller's.
MUST_CHECK enum err_code policy_list_compile(const struct policy_list *list, const char *file_name,
                                             struct view text, struct policy **ret_policy,
                                             struct err *err);
const struct policy *policy_list_find(const struct policy_list *list, int64_t version);
// The highest version whose day has come at `now_us`; NULL if none has.
const struct policy *policy_list_in_force(const struct policy_list *list, int64_t now_us);
void policy_list_clear(struct policy_list *list);

// Reads register, policies and classes and binds them to the policy in force at `now_us`. New
// policies are added to the list. `older` is linked behind the result.
MUST_CHECK enum err_code catalog_load(struct store *store, struct policy_list *policies,
                                      int64_t now_us, struct catalog *older,
                                      struct catalog **ret_catalog, struct err *err);
void catalog_free(struct catalog *catalog);  // with all older ones

// Enters a name or class that was just written, bound to the policy.
MUST_CHECK enum err_code catalog_add_name(struct catalog *catalog, enum name_kind kind,
                                          int32_t number, const char *name, struct err *err);
MUST_CHECK enum err_code catalog_add_class(struct catalog *catalog,
                                           const struct policy_list *policies,
                                           const struct class_row *row, struct err *err);

#endif
