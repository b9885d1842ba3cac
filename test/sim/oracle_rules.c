#include "oracle_rules.h"

#include "oracle_time.h"

#include <string.h>

enum { CREDIT_MONTHS = 3, AFTER_CUSTOMER_MONTHS = 12, SECURITY_DAYS = 21, LAST_HOUR = 23 };

#define BIT(x) (1u << (x))

static const struct {
  unsigned fields, sources, purposes;
  bool needs_order;
} points[O_POINT_COUNT] = {
    [O_PURCHASE] = {.fields = BIT(O_NAME) | BIT(O_EMAIL),
                    .sources = BIT(O_SELF),
                    .purposes = BIT(O_SERVICES) | BIT(O_MARKETING)},
    [O_ACCESS_LOG] = {.fields = BIT(O_IP),
                      .sources = BIT(O_GENERATED),
                      .purposes = BIT(O_SECURITY)},
    [O_CREDIT_CHECK] = {.fields = BIT(O_REPORT) | BIT(O_DECISION),
                        .sources = BIT(O_BUREAU) | BIT(O_GENERATED),
                        .purposes = BIT(O_CREDIT) | BIT(O_OUTCOME),
                        .needs_order = true},
};

// Every basis of this policy is for the kind customer; `own_order` asks for the record's order to
// be open as well.
static const struct {
  unsigned fields;
  bool own_order;
} purposes[O_PURPOSE_COUNT] = {
    [O_SERVICES] = {.fields = BIT(O_NAME) | BIT(O_EMAIL)},
    [O_MARKETING] = {.fields = BIT(O_NAME) | BIT(O_EMAIL)},
    [O_SECURITY] = {.fields = BIT(O_IP)},
    [O_CREDIT] = {.fields = BIT(O_REPORT), .own_order = true},
    [O_OUTCOME] = {.fields = BIT(O_DECISION)},
};

static const struct {
  unsigned purposes, fields;
} roles[O_ROLE_COUNT] = {
    [O_SUPPORT] = {BIT(O_SERVICES), BIT(O_NAME) | BIT(O_EMAIL)},
    [O_SELLER] = {BIT(O_MARKETING), BIT(O_NAME) | BIT(O_EMAIL)},
    [O_ROLE_SECURITY] = {BIT(O_SECURITY), BIT(O_IP)},
    [O_ROLE_CREDIT] = {BIT(O_CREDIT) | BIT(O_OUTCOME), BIT(O_REPORT) | BIT(O_DECISION)},
};

bool oracle_is_many(enum oracle_field field) { return field == O_IP; }

// ── Persons ─────────────────────────────────────────────────────────────────────────────────

static bool has_done(const struct oracle *oracle, enum oracle_what what, int person)
{
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == what && op->person == person && op->certainty == O_DID) {
      return true;
    }
  }
  return false;
}

bool oracle_is_erased(const struct oracle *oracle, int person)
{
  return has_done(oracle, O_ERASE, person);
}

bool oracle_is_known(const struct oracle *oracle, int person)
{
  return has_done(oracle, O_PERSON, person) && !oracle_is_erased(oracle, person);
}

bool oracle_has_opted_out(const struct oracle *oracle, int person)
{
  return has_done(oracle, O_OPT_OUT, person);
}

bool oracle_is_live(const struct oracle_op *op)
{
  return op->what == O_PUT && op->certainty == O_DID && op->gone == O_STAYS;
}

static const struct oracle_op *thing_of(const struct oracle *oracle, int thing)
{
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_THING && op->thing == thing && op->certainty == O_DID) {
      return op;
    }
  }
  return NULL;
}

int oracle_thing_of_field(enum oracle_field field, int thing)
{
  return field == O_REPORT || field == O_DECISION ? thing : -1;
}

// ── Spans ───────────────────────────────────────────────────────────────────────────────────

struct span {
  bool has_begun, active;
  int64_t end_day;  // of a contract that has begun and is not running
};

// The order of a thing's events: by day for a contract, by instant for an order.
static int64_t order_of(const struct oracle_op *thing, const struct oracle_op *event)
{
  return thing->is_order ? event->effective_us : oracle_day_of(event->effective_us);
}

static bool opens(const struct oracle_op *event)
{
  return event->what == O_THING || event->event == O_SIGNED || event->event == O_PLACED;
}

// A contract is signed from 00:00 of its day and ended from 24:00 of its day.
static bool has_effect(const struct oracle_op *thing, const struct oracle_op *event, int64_t now_us)
{
  if (thing->is_order) {
    return event->effective_us <= now_us;
  }
  int64_t day = oracle_day_of(event->effective_us);
  return oracle_day_start(opens(event) ? day : day + 1) <= now_us;
}

static bool is_of(const struct oracle_op *op, const struct oracle_op *thing)
{
  return op == thing ||
         (op->what == O_EVENT && op->thing == thing->thing && op->certainty == O_DID);
}

// The latest event that opened it, then the first after that which closed it; on one day, or at
// one instant, closing wins.
static struct span span_of(const struct oracle *oracle, const struct oracle_op *thing,
                           int64_t now_us)
{
  struct span span = {0};
  int64_t opened = 0;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (!is_of(op, thing) || !opens(op) || !has_effect(thing, op, now_us)) {
      continue;
    }
    int64_t order = order_of(thing, op);
    opened = span.has_begun && opened > order ? opened : order;
    span.has_begun = true;
  }
  span.active = span.has_begun;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (!is_of(op, thing) || opens(op) || !has_effect(thing, op, now_us)) {
      continue;
    }
    int64_t order = order_of(thing, op);
    if (span.has_begun && order >= opened) {
      span.end_day = span.active || order < span.end_day ? order : span.end_day;
      span.active = false;
    }
  }
  return span;
}

// Over all contracts of the person: active if one is; it ended when the last one did.
static struct span customer_span(const struct oracle *oracle, int person, int64_t now_us)
{
  struct span all = {0};
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_THING || op->is_order || op->person != person || op->certainty != O_DID) {
      continue;
    }
    struct span one = span_of(oracle, op, now_us);
    if (one.has_begun && !one.active && (!all.has_begun || one.end_day > all.end_day)) {
      all.end_day = one.end_day;
    }
    all.has_begun = all.has_begun || one.has_begun;
    all.active = all.active || one.active;
  }
  return all;
}

bool oracle_is_customer(const struct oracle *oracle, int person, int64_t now_us)
{
  return customer_span(oracle, person, now_us).active;
}

static bool own_order_is_open(const struct oracle *oracle, const struct oracle_op *put,
                              int64_t now_us)
{
  const struct oracle_op *order = thing_of(oracle, put->thing);
  return order != NULL && order->is_order && order->person == put->person &&
         span_of(oracle, order, now_us).active;
}

// ── Ends ────────────────────────────────────────────────────────────────────────────────────

static struct oracle_end at_most(int64_t anchor_day, int months)
{
  int64_t day = oracle_add_months(anchor_day, months);
  return (struct oracle_end){O_END_AT, oracle_day_start(day + 1),
                             oracle_on_clock(day, LAST_HOUR * oracle_hour_us)};
}

static struct oracle_end at_once(int64_t instant_us)
{
  return (struct oracle_end){O_END_AT, instant_us, instant_us};
}

static struct oracle_end end_for(const struct oracle *oracle, const struct oracle_op *put,
                                 enum oracle_purpose purpose, int64_t now_us)
{
  if (purpose == O_SECURITY) {
    return at_once(oracle_add_days(put->recorded_us, SECURITY_DAYS));
  }
  if (purpose == O_CREDIT) {
    return at_most(oracle_day_of(put->obtained_us), CREDIT_MONTHS);
  }
  struct span customer = customer_span(oracle, put->person, now_us);
  if (!customer.has_begun) {
    return (struct oracle_end){.kind = O_END_ABSENT};
  }
  if (customer.active) {
    return (struct oracle_end){.kind = O_END_OPEN};
  }
  return purpose == O_MARKETING ? at_once(oracle_day_start(customer.end_day + 1))
                                : at_most(customer.end_day, AFTER_CUSTOMER_MONTHS);
}

static bool serves(const struct oracle_op *put, enum oracle_purpose purpose)
{
  return (points[put->point].purposes & BIT(purpose)) != 0 &&
         (purposes[purpose].fields & BIT(put->field)) != 0;
}

struct oracle_end oracle_last_end(const struct oracle *oracle, const struct oracle_op *put,
                                  int64_t now_us)
{
  struct oracle_end last = {.kind = O_END_ABSENT};
  for (int i = 0; i < O_PURPOSE_COUNT; i++) {
    enum oracle_purpose purpose = (enum oracle_purpose)i;
    if (!serves(put, purpose)) {
      continue;
    }
    struct oracle_end end = end_for(oracle, put, purpose, now_us);
    if (end.kind == O_END_OPEN || last.kind == O_END_ABSENT ||
        (end.kind == O_END_AT && last.kind == O_END_AT && end.erase_us > last.erase_us)) {
      last = last.kind == O_END_OPEN ? last : end;
    }
  }
  return last;
}

bool oracle_is_due(const struct oracle *oracle, const struct oracle_op *put, int64_t now_us)
{
  struct oracle_end end = oracle_last_end(oracle, put, now_us);
  return end.kind == O_END_AT && end.erase_us <= now_us;
}

// ── Suppression ─────────────────────────────────────────────────────────────────────────────

static enum oracle_suppression suppression_by(const struct oracle *oracle,
                                              const struct oracle_op *own)
{
  enum oracle_suppression answer = O_SUPPRESSED_NO;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_PUT || op->field != O_EMAIL || op->value == NULL ||
        strcmp(op->value, own->value) != 0) {
      continue;
    }
    if (op->suppresses) {
      return oracle_is_live(own) ? O_SUPPRESSED_YES : O_SUPPRESSED_MAYBE;
    }
    if (has_done(oracle, O_OPT_OUT, op->person)) {
      answer = O_SUPPRESSED_MAYBE;
    }
  }
  return answer;
}

enum oracle_suppression oracle_suppression_of(const struct oracle *oracle, int person)
{
  enum oracle_suppression answer = O_SUPPRESSED_NO;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_PUT || op->field != O_EMAIL || op->person != person ||
        op->certainty == O_DID_NOT || op->value == NULL) {
      continue;
    }
    enum oracle_suppression one = suppression_by(oracle, op);
    answer = one > answer ? one : answer;
  }
  return answer;
}

// ── Decisions ───────────────────────────────────────────────────────────────────────────────

static bool has_basis(const struct oracle *oracle, const struct oracle_op *put,
                      enum oracle_purpose purpose, int64_t now_us)
{
  return oracle_is_customer(oracle, put->person, now_us) &&
         (!purposes[purpose].own_order || own_order_is_open(oracle, put, now_us));
}

static bool has_any_basis(const struct oracle *oracle, const struct oracle_op *put, int64_t now_us)
{
  for (int i = 0; i < O_PURPOSE_COUNT; i++) {
    enum oracle_purpose purpose = (enum oracle_purpose)i;
    if (serves(put, purpose) && has_basis(oracle, put, purpose, now_us)) {
      return true;
    }
  }
  return false;
}

const char *oracle_put_problem(const struct oracle *oracle, const struct oracle_op *put,
                               int64_t now_us)
{
  if (oracle_is_erased(oracle, put->person)) {
    return "P5: a datum of an erased person was taken";
  }
  if (!oracle_is_known(oracle, put->person)) {
    return "P1: a datum of nobody was taken";
  }
  if ((points[put->point].fields & BIT(put->field)) == 0) {
    return "P1: a field that the collection point does not declare was taken";
  }
  if ((points[put->point].sources & BIT(put->source)) == 0) {
    return "P1: a source that the collection point does not declare was taken";
  }
  const struct oracle_op *order = thing_of(oracle, put->thing);
  if (points[put->point].needs_order &&
      (order == NULL || !order->is_order || order->person != put->person)) {
    return "P1: a datum without its order was taken";
  }
  struct oracle_op stored = *put;
  stored.recorded_us = now_us;
  if (oracle_last_end(oracle, &stored, now_us).kind == O_END_ABSENT) {
    return "P1: a datum without an end was taken";
  }
  if (!has_any_basis(oracle, put, now_us)) {
    return "P1: a datum without a basis was taken";
  }
  return NULL;
}

bool oracle_put_may_be_refused(const struct oracle *oracle, const struct oracle_op *put,
                               int64_t now_us)
{
  struct oracle_op stored = *put;
  stored.recorded_us = now_us;
  struct oracle_end end = oracle_last_end(oracle, &stored, now_us);
  if (end.kind == O_END_AT && end.use_us <= now_us) {
    return true;
  }
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_PUT && op->gone == O_GONE_ERASED && put->value != NULL && op->value != NULL &&
        strcmp(op->value, put->value) == 0) {
      return true;
    }
  }
  return false;
}

static enum oracle_denial denial_of_record(const struct oracle *oracle, const struct oracle_op *put,
                                           enum oracle_purpose purpose, int64_t now_us)
{
  if (!serves(put, purpose) || !has_basis(oracle, put, purpose, now_us)) {
    return O_BY_BASIS;
  }
  struct oracle_end end = end_for(oracle, put, purpose, now_us);
  bool lasts = end.kind == O_END_OPEN || (end.kind == O_END_AT && end.use_us > now_us);
  return lasts ? O_ALLOWED : O_BY_END;
}

static enum oracle_denial denial_of_person(const struct oracle *oracle,
                                           const struct oracle_op *asked)
{
  if (oracle_is_erased(oracle, asked->person)) {
    return O_BY_ERASURE;
  }
  if (!oracle_is_known(oracle, asked->person)) {
    return O_BY_BASIS;
  }
  bool is_address_off =
      asked->field == O_EMAIL && oracle_suppression_of(oracle, asked->person) == O_SUPPRESSED_YES;
  if (asked->purpose == O_MARKETING &&
      (oracle_has_opted_out(oracle, asked->person) || is_address_off)) {
    return O_BY_CHOICE;
  }
  bool declared = (roles[asked->role].purposes & BIT(asked->purpose)) != 0 &&
                  (roles[asked->role].fields & BIT(asked->field)) != 0 &&
                  (purposes[asked->purpose].fields & BIT(asked->field)) != 0;
  return declared ? O_ALLOWED : O_BY_ROLE;
}

struct oracle_verdict oracle_decide(struct oracle *oracle, const struct oracle_op *asked,
                                    int64_t now_us)
{
  struct oracle_verdict verdict = {.denial = denial_of_person(oracle, asked)};
  bool goes_on = verdict.denial == O_ALLOWED;
  verdict.denial = goes_on ? O_NO_RECORD : verdict.denial;
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    op->marked = false;
    if (!goes_on || !oracle_is_live(op) || op->person != asked->person ||
        op->field != asked->field) {
      continue;
    }
    enum oracle_denial denial = denial_of_record(oracle, op, asked->purpose, now_us);
    op->marked = denial == O_ALLOWED;
    verdict.count += op->marked ? 1 : 0;
    verdict.denial = verdict.count > 0 ? O_ALLOWED : denial;
  }
  if (verdict.denial == O_NO_RECORD && !oracle_is_customer(oracle, asked->person, now_us)) {
    verdict.denial = O_BY_BASIS;
  }
  // A list of addresses says nothing sure of a name.
  verdict.may_deny = asked->purpose == O_MARKETING &&
                     oracle_suppression_of(oracle, asked->person) != O_SUPPRESSED_NO;
  return verdict;
}

const char *oracle_denial_text(enum oracle_denial denial)
{
  static const char *const texts[] = {
      [O_ALLOWED] = "P9: denied although the policy allows it",
      [O_BY_ERASURE] = "P5: allowed although the person is erased",
      [O_BY_CHOICE] = "P4: allowed although the person opted out",
      [O_BY_ROLE] = "P2: allowed although the role, purpose and field do not fit",
      [O_BY_BASIS] = "P2: allowed although no basis holds",
      [O_BY_END] = "P3: allowed although the use has ended",
      [O_NO_RECORD] = "P2: allowed although there is nothing to use",
  };
  return texts[denial];
}
