// A hand-made world for the oracle's own test: tells the oracle of an operation and, at the same
// time, writes down what a store and a log that keep their word would hold afterwards. A test then
// plants what is wrong in it.
#ifndef FORVAR_TEST_SIM_SIM_WORLD_H
#define FORVAR_TEST_SIM_SIM_WORLD_H

#include "oracle.h"

enum { WORLD_ROWS_MAX = 64 };

struct world {
  struct oracle *oracle;
  int64_t now_us;
  struct oracle_view view;
  struct oracle_record records[WORLD_ROWS_MAX];
  struct oracle_entry entries[WORLD_ROWS_MAX];
  int suppressed[WORLD_ROWS_MAX];
  const char *leaks[WORLD_ROWS_MAX];
  const char *opened[WORLD_ROWS_MAX];
};

// An instant in UTC.
int64_t world_utc(int year, int month, int day, int hour, int minute);

void world_begin(struct world *);
void world_end(struct world *);
const char *world_check(struct world *);

void world_entry(struct world *, int kind, int operation, int outcome, int person);
// Takes the records of a person away, all of them or those of one field.
void world_forget(struct world *, int person, int field_or_all);
enum { WORLD_ALL = -1 };

// Operations that were answered with yes. `thing` -1: none.
void world_person(struct world *, int person);
void world_contract(struct world *, int person, int thing, int64_t day_us);
void world_order(struct world *, int person, int thing, int64_t placed_us);
void world_event(struct world *, int person, int thing, enum oracle_event, int64_t effective_us);
void world_put(struct world *, int person, enum oracle_field, int thing, const char *value);
// The same with the time that its source says.
void world_put_obtained(struct world *, int person, enum oracle_field, int thing, const char *value,
                        int64_t obtained_us);
void world_use(struct world *, int person, enum oracle_purpose, enum oracle_field,
               const char *value_or_null);
void world_denied(struct world *, int person, enum oracle_purpose, enum oracle_field);
void world_opt_out(struct world *, int person);
void world_erase(struct world *, int person);
// A sweep that removes one person's records of a field (WORLD_ALL: all), or nobody's (person -1).
void world_sweep(struct world *, int person, int field_or_all);
// A customer with name and e-mail, contract number PERSON * 10 + 1, since 10 January 2025.
void world_customer(struct world *, int person, const char *name, const char *email);

enum oracle_point world_point_of(enum oracle_field);
enum oracle_source world_source_of(enum oracle_field);
enum oracle_role world_role_of(enum oracle_purpose);

// ── The history that most cases begin with: person 1, her contract and an order ─────────────────

enum { WORLD_CONTRACT = 11, WORLD_ORDER = 12 };
extern const char world_anna[], world_mail[], world_ip[], world_report[], world_decision[];
extern const int64_t world_second_us;

void world_one_customer(struct world *);
void world_ended_customer(struct world *);  // on 31 January 2025
void world_customer_with_order(struct world *);
// A jump of the clock that a person has looked at.
void world_later(struct world *, int64_t now_us);
void world_put_refused(struct world *, enum oracle_point, enum oracle_source, int thing,
                       enum oracle_field);
// A put that a crash left without an answer, as the store and the log tell of it afterwards.
void world_unknown_put(struct world *, bool in_store, bool in_log);

#endif
