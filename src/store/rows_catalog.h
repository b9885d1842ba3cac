// Rows of the catalog, replicated everywhere: nothing of persons. The rules for all rows stand in
// rows.h.
#ifndef FORVAR_STORE_ROWS_CATALOG_H
#define FORVAR_STORE_ROWS_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct store;

struct policy_row {
  int64_t version;
  struct view hash;  // 32 bytes
  int64_t activated_us;
  struct view text;
  struct view law;  // the facts that it was judged by (law_version_write)
};
MUST_CHECK enum err_code store_policy_add(struct store *, const struct policy_row *, struct err *);
MUST_CHECK enum err_code store_policy_each(struct store *,
                                           enum err_code (*each)(void *, const struct policy_row *,
                                                                 struct err *),
                                           void *, struct err *);

// The register of names: fields, purposes, thing types, event types, points, sources, roles, parts
// get a number when they first appear and keep it for ever, whatever later versions do.
struct name_row {
  int64_t kind;  // enum name_kind of core/names.h
  int64_t number;
  struct view name;
};
MUST_CHECK enum err_code store_name_add(struct store *, const struct name_row *, struct err *);
MUST_CHECK enum err_code store_name_each(struct store *,
                                         enum err_code (*each)(void *, const struct name_row *,
                                                               struct err *),
                                         void *, struct err *);

struct class_row {  // K9: what was told at collection, interned
  int64_t class_id;
  int64_t policy_version;
  int64_t point;  // numbers of the register
  int64_t source;
  int64_t field;
  int64_t thing_type;  // 0: none
  int64_t key_group;
};
MUST_CHECK enum err_code store_class_add(struct store *, const struct class_row *, struct err *);
MUST_CHECK enum err_code store_class_each(struct store *,
                                          enum err_code (*each)(void *, const struct class_row *,
                                                                struct err *),
                                          void *, struct err *);

struct service_row {  // who calls: one key, one role, one purpose (K17)
  int64_t service;
  struct view name;
  struct view token;  // 32 bytes: SHA-256 of the key that was shown once
  int64_t role;       // numbers of the register
  int64_t purpose;    // -1: any of the role's
  int64_t added_us;
  int64_t ended_us;  // 0: in force
};
MUST_CHECK enum err_code store_service_put(struct store *, const struct service_row *,
                                           struct err *);
MUST_CHECK enum err_code store_service_each(
    struct store *, enum err_code (*each)(void *, const struct service_row *, struct err *), void *,
    struct err *);

struct import_row {  // a batch of imported rows is a source that can be undone (K11)
  int64_t import;
  int64_t since_us;
  int64_t state;
  struct view digest;
};
MUST_CHECK enum err_code store_import_put(struct store *, const struct import_row *, struct err *);
MUST_CHECK enum err_code store_import_each(struct store *,
                                           enum err_code (*each)(void *, const struct import_row *,
                                                                 struct err *),
                                           void *, struct err *);

enum { STORE_META_BYTES_MAX = 64 * 1024 };
// Small named values: "origin", "public_key", "counter", "digest", "time_us", "heartbeat_us" …
MUST_CHECK enum err_code store_meta_put(struct store *, const char *name, struct view value,
                                        struct err *);
MUST_CHECK enum err_code store_meta_get(struct store *, const char *name, struct str *ret_value,
                                        bool *ret_found, struct err *);

#endif
