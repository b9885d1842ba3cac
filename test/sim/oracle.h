// The oracle of the simulator: a naive model of what Förvar promises (P1 to P10), written from
// the design and the policy's words, by somebody who has not read the program. It is told every
// operation with its reply, every crash, and after every step what the store and the log hold;
// it says which invariant is broken, or nothing.
//
// It knows one policy, that of the thread (test/thread/framsteget.yaml, version 1), in the words of
// oracle_rules below.
#ifndef FORVAR_TEST_SIM_ORACLE_H
#define FORVAR_TEST_SIM_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

struct oracle;

// ── Words ───────────────────────────────────────────────────────────────────────────────────
enum oracle_field { O_NAME, O_EMAIL, O_IP, O_REPORT, O_DECISION, O_FIELD_COUNT };
enum oracle_point { O_PURCHASE, O_ACCESS_LOG, O_CREDIT_CHECK, O_POINT_COUNT };
enum oracle_purpose { O_SERVICES, O_MARKETING, O_SECURITY, O_CREDIT, O_OUTCOME, O_PURPOSE_COUNT };
enum oracle_role { O_SUPPORT, O_SELLER, O_ROLE_SECURITY, O_ROLE_CREDIT, O_ROLE_COUNT };
enum oracle_source { O_SELF, O_GENERATED, O_BUREAU, O_SOURCE_COUNT };
enum oracle_event { O_SIGNED, O_ENDED, O_PLACED, O_CANCELLED, O_DONE, O_EVENT_COUNT };

// What came back. REFUSED is a decision (policy or law); FAILED is anything else and changes
// nothing; UNKNOWN: the machine crashed before the answer, either outcome is possible.
enum oracle_reply { O_DONE_OK, O_REFUSED, O_FAILED, O_UNKNOWN };

// ── Operations, in the order in which they were acknowledged. Times in microseconds UTC. ───────
// Persons and things are small numbers that the simulator gives out; it repeats an operation with
// the same key after UNKNOWN and tells the oracle of both.
struct oracle *oracle_new(void);
void oracle_free(struct oracle *oracle);

void oracle_person(struct oracle *, int64_t now_us, int person, enum oracle_reply);
// A contract (event O_SIGNED on a local day) or an order (O_PLACED at an instant) in it.
void oracle_thing(struct oracle *, int64_t now_us, int person, int thing, bool is_order, int parent,
                  int64_t effective_us, enum oracle_reply);
void oracle_event(struct oracle *, int64_t now_us, int person, int thing, enum oracle_event,
                  int64_t effective_us, enum oracle_reply);
// One value put; `value` is unique in the run, so that leaks can be told apart.
void oracle_put(struct oracle *, int64_t now_us, int person, enum oracle_point, enum oracle_source,
                int thing, enum oracle_field, const char *value, int64_t obtained_us,
                enum oracle_reply);
// A use: the values that came back (value_count 0 if refused), and the first reason shown.
void oracle_use(struct oracle *, int64_t now_us, int person, enum oracle_role, enum oracle_purpose,
                enum oracle_field, const char *const *values, int value_count,
                const char *first_reason, enum oracle_reply);
void oracle_opt_out(struct oracle *, int64_t now_us, int person, enum oracle_reply);
void oracle_stage(struct oracle *, int64_t now_us, int person, int message, enum oracle_reply);
// The network seam was asked to deliver a marketing message to this person's address.
void oracle_delivered(struct oracle *, int64_t now_us, int person, int message,
                      const char *address);
void oracle_request(struct oracle *, int64_t now_us, int person, int request, int64_t due_us,
                    enum oracle_reply);
// outcome: 1 fulfilled, 2 refused. A refusal carries ground, authority and court.
void oracle_request_close(struct oracle *, int64_t now_us, int person, int request, int outcome,
                          bool has_ground, bool has_authority, bool has_court, enum oracle_reply);
void oracle_overdue_seen(struct oracle *, int64_t now_us, int person, int request);
void oracle_erase(struct oracle *, int64_t now_us, int person, enum oracle_reply);
void oracle_sweep(struct oracle *, int64_t now_us, enum oracle_reply);  // a whole sweep, applied
void oracle_sweep_stopped(struct oracle *, int64_t now_us);  // the clock guard refused (K10)
void oracle_clock_release(struct oracle *, int64_t now_us);  // a person said go
void oracle_epoch(struct oracle *, int64_t now_us, enum oracle_reply);  // begun and finished
void oracle_crash(struct oracle *, int64_t now_us);     // and restarted on what was durable
void oracle_step_end(struct oracle *, int64_t now_us);  // deadlines etc. of this instant are due

// ── What is there after a step ──────────────────────────────────────────────────────────────
struct oracle_record {
  int person;
  enum oracle_field field;
  int thing;
  int64_t recorded_us, obtained_us;
  const char *value;  // opened by the living keys; NULL if it does not open
  bool class_known;   // point, source and policy version are on record
};
struct oracle_entry {
  int64_t time_us;
  int kind;       // enum ledger_kind of the format page
  int operation;  // enum ledger_operation
  int outcome;
  int person;  // whose ledger key finds it, or -1: nobody living
};
struct oracle_view {
  const struct oracle_record *records;
  int record_count;
  const struct oracle_entry *entries;  // the whole log
  int entry_count;
  const int *suppressed;  // persons whose address the suppression list answers for
  int suppressed_count;
  bool log_holds;            // forvar-verify's judgement: tree, order, heads
  bool rows_hold;            // digests of K8 agree with the log's last STATE entry
  const char *const *leaks;  // values found by a byte search of every file in the clear
  int leak_count;
  const char *const *opened;  // erased values that opened with old files and the keys alive today
  int opened_count;
  int undeclared_promises;  // promises of the policy that map to nothing
};
// NULL if everything that P1 to P10 say holds; else a text "P4: ..." that names the invariant
// first, then persons, times and values. Valid until the next call.
const char *oracle_check(struct oracle *, int64_t now_us, const struct oracle_view *);

// The same run again with the same seed gave another reply or log: tell it so (P9).
const char *oracle_check_repeat(const char *first_digest, const char *second_digest);

#endif
