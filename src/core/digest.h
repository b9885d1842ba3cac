// Digests of rows (K8). Every row of a person enters the person's digest, and every person's row
// and every catalog row the digest of the home, as a keyed 128-bit term; sums tell at any time
// whether exactly the rows are there that were written. Each kind of row has a tag of its own.
#ifndef FORVAR_CORE_DIGEST_H
#define FORVAR_CORE_DIGEST_H

#include "store/rows.h"
#include "vault/vault.h"

struct term {
  unsigned char bytes[VAULT_DIGEST_BYTES];
};

struct term digest_person(const struct vault *, const struct person_row *);
struct term digest_record(const struct vault *, const struct record_row *);
struct term digest_key(const struct vault *, const struct person_key_row *);
struct term digest_thing(const struct vault *, const struct thing_row *);
struct term digest_event(const struct vault *, const struct event_row *);
struct term digest_hold(const struct vault *, const struct hold_row *);
struct term digest_choice(const struct vault *, const struct choice_row *);
struct term digest_consent(const struct vault *, const struct consent_row *);
struct term digest_request(const struct vault *, const struct request_row *);
struct term digest_objection(const struct vault *, const struct objection_row *);
struct term digest_restriction(const struct vault *, const struct restriction_row *);
struct term digest_alias(const struct vault *, const struct alias_row *);
struct term digest_task(const struct vault *, const struct task_row *);
struct term digest_outbox(const struct vault *, const struct outbox_row *);
struct term digest_lookup(const struct vault *, const struct lookup_row *);
struct term digest_operation(const struct vault *, const struct operation_row *);
struct term digest_policy(const struct vault *, const struct policy_row *);
struct term digest_name(const struct vault *, const struct name_row *);
struct term digest_class(const struct vault *, const struct class_row *);
struct term digest_service(const struct vault *, const struct service_row *);
struct term digest_suppression(const struct vault *, const struct suppression_row *);
struct term digest_import(const struct vault *, const struct import_row *);
struct term digest_imported(const struct vault *, const struct imported_row *);
struct term digest_tally(const struct vault *, const struct tally_row *);
struct term digest_meta(const struct vault *, const char *name, struct view value);

#endif
