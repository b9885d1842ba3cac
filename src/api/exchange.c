#include "api/exchange.h"

#include <stdio.h>
#include <string.h>

#include "api/words.h"
#include "base/sha256.h"
#include "core/verbs.h"

enum err_code exchange_text(const struct document *object, const char *member,
                            struct view *ret_text, struct err *err)
{
  *ret_text = VIEW_EMPTY;
  return document_has(object, member) ? document_get_text(object, member, ret_text, err) : ERR_OK;
}

enum err_code exchange_person(const struct exchange *exchange, const struct document *object,
                              struct person_id *ret_person, struct err *err)
{
  struct view text;
  struct err ignored;
  enum err_code code = document_get_text(object, "subject", &text, err);
  if (code != ERR_OK)
    return code;
  if (words_person(exchange->core, text, ret_person, &ignored) != ERR_OK)
    ret_person->value = 0;
  return ERR_OK;
}

// ── Refusals about nobody ───────────────────────────────────────────────────────────────────

static enum err_code record_entry(struct exchange *exchange, const struct entry *entry,
                                  struct err *err)
{
  struct entry sealed = *entry;
  entry_seal(&sealed, NULL, exchange->entry);
  exchange->has_entry = true;
  struct use_log_input input = {exchange->entry, exchange->policy->version};
  struct operation operation = OPERATION(&verb_use_log, &input, NULL);
  return home_perform(exchange->home, &operation, err);
}

static struct entry entry_of(const struct exchange *exchange, enum ledger_operation operation,
                             enum gate_reason reason)
{
  return (struct entry){
      .kind = LEDGER_USE,
      .operation = operation,
      .outcome = (uint8_t)(1 + reason),
      .mode = LEDGER_DURABLE,
      .time_us = core_now_us(exchange->core),
      .actor = (uint16_t)exchange->actor.service,
      .purpose = exchange->purpose < 0 ? LEDGER_NO_PURPOSE : (uint16_t)exchange->purpose,
      .field = LEDGER_NO_FIELD,
      .policy = (uint32_t)exchange->policy->version,
      .nonce = (uint32_t)random_u64(core_random(exchange->core)),
  };
}

static enum err_code refusal(const struct exchange *exchange, enum gate_reason reason,
                             struct place place, struct err *err)
{
  err_set(err, ERR_REFUSED, "refused: %s", gate_reason_name(reason));
  if (place.line > 0)
    (void)err_where(err, "%s version %lld line %d column %d", exchange->policy->id,
                    (long long)exchange->policy->version, place.line, place.column);
  (void)err_rule(err, "%s", gate_reason_article(reason));
  return err_hint(err, "%s", gate_reason_remedy(reason));
}

enum err_code exchange_refuse(struct exchange *exchange, enum gate_reason reason,
                              struct place place, enum ledger_operation operation, struct err *err)
{
  struct entry entry = entry_of(exchange, operation, reason);
  enum err_code code = record_entry(exchange, &entry, err);
  return code != ERR_OK ? code : refusal(exchange, reason, place, err);
}

enum err_code exchange_subject(const struct exchange *exchange, struct person_id *ret_person,
                               struct err *err)
{
  if (exchange->request->subject.length > 0)
    return words_person(exchange->core, exchange->request->subject, ret_person, err);
  err_set(err, ERR_USAGE, "the call does not say about whom");
  return err_hint(err, "send the header Forvar-Subject with the id of a person, or of a case");
}

enum err_code exchange_may_write(struct exchange *exchange, enum ledger_operation operation,
                                 struct err *err)
{
  const struct role *role = &exchange->policy->roles[exchange->actor.role];
  bool bound_elsewhere =
      exchange->actor.purpose >= 0 && exchange->actor.purpose != exchange->purpose;
  if (exchange->purpose >= 0 && !bound_elsewhere && set_has(&role->purposes, exchange->purpose))
    return ERR_OK;
  return exchange_refuse(exchange, GATE_ROLE, role->place, operation, err);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

// The first bytes of a hash over the parts, each with its length before it.
static void hash_parts(const struct view *parts, int count, unsigned char ret[OPERATION_KEY_BYTES])
{
  enum { PARTS_MAX = 8 };
  char lengths[PARTS_MAX][24];
  struct view all[2 * PARTS_MAX];
  unsigned char hash[SHA256_BYTES];
  for (int i = 0; i < count && i < PARTS_MAX; i++) {
    (void)snprintf(lengths[i], sizeof lengths[i], "%zu:", parts[i].length);
    all[2 * i] = view_of(lengths[i]);
    all[2 * i + 1] = parts[i];
  }
  sha256(all, 2 * count, hash);
  memcpy(ret, hash, OPERATION_KEY_BYTES);
}

enum { IDEMPOTENCY_KEY_BYTES_MAX = 128 };

enum err_code exchange_perform(struct exchange *exchange, struct operation *operation,
                               struct err *err)
{
  const struct api_request *request = exchange->request;
  char service[16];
  (void)snprintf(service, sizeof service, "%d", exchange->actor.service);
  operation->actor = exchange->actor;
  if (request->idempotency_key.bytes != NULL) {
    if (request->idempotency_key.length == 0 ||
        request->idempotency_key.length > IDEMPOTENCY_KEY_BYTES_MAX)
      return err_set(err, ERR_INPUT, "an Idempotency-Key has 1 to %d bytes",
                     IDEMPOTENCY_KEY_BYTES_MAX);
    struct view key[] = {view_of(service), request->idempotency_key};
    struct view whole[] = {view_of(service), request->method, request->path, request->purpose,
                           request->body};
    operation->has_key = true;
    hash_parts(key, ARRAY_COUNT(key), operation->key);
    hash_parts(whole, ARRAY_COUNT(whole), operation->digest);
  }
  enum err_code code = home_perform(exchange->home, operation, err);
  exchange->replayed = code == ERR_OK && operation->repeated;
  return code;
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

// The gate's decision about somebody who is of no kind and has nothing: it can only refuse.
static enum err_code decide_for_nobody(struct exchange *exchange, const struct use_request *request,
                                       struct gate_decision *ret_decision, struct err *err)
{
  const struct policy *policy = exchange->policy;
  int32_t count = policy->span_count + policy->kind_count + policy->event_count + 1;
  const struct anchor *absent = arena_new(&exchange->arena, (size_t)count * sizeof *absent);
  if (absent == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a decision");
  struct gate_person person = {
      .any_spans = absent, .kinds = absent, .first_events = absent, .last_events = absent};
  bool bound_elsewhere = request->actor.purpose >= 0 && request->actor.purpose != request->purpose;
  struct gate_request gate = {.role = request->actor.role,
                              .purpose = bound_elsewhere ? -1 : request->purpose,
                              .field = request->field,
                              .channel = request->channel,
                              .now_us = core_now_us(exchange->core),
                              .to = use_leaving_for_gate(policy, request->to),
                              .has_reason = request->has_reason};
  struct set asked = SET_EMPTY;
  struct gate_record record = {
      .purposes = &asked, .recorded_us = gate.now_us, .obtained_us = gate.now_us, .thing_type = -1};
  if (gate.purpose >= 0) {
    set_add(&asked, gate.purpose);
    record.thing_type = policy->purposes[gate.purpose].of_thing;
    record.own_spans = absent;
  }
  *ret_decision = gate_decide(policy, &gate, &person, &record);
  return ERR_OK;
}

static enum err_code use_of_nobody(struct exchange *exchange, const struct use_request *request,
                                   struct err *err)
{
  // Refusals that do not depend on who the person is.
  const uint32_t for_everybody =
      1U << GATE_UNDECLARED_FIELD | 1U << GATE_NO_PURPOSE | 1U << GATE_ROLE;
  struct gate_decision decision = {.allowed = false};
  enum err_code code = decide_for_nobody(exchange, request, &decision, err);
  if (code != ERR_OK)
    return code;
  struct entry entry = entry_of(exchange, request->ask_only ? LEDGER_OP_DECIDE : LEDGER_OP_READ,
                                decision.allowed ? GATE_NO_BASIS : decision.first);
  code = record_entry(exchange, &entry, err);
  if (code != ERR_OK)
    return code;
  if (!decision.allowed && (for_everybody >> decision.first & 1) != 0)
    return refusal(exchange, decision.first, decision.place, err);
  exchange->has_entry = false;
  return err_set(err, ERR_NOT_FOUND, "there is no such person");
}

enum err_code exchange_use(struct exchange *exchange, const struct use_request *request,
                           struct use_answer *ret_answer, struct err *err)
{
  enum err_code code =
      home_use(exchange->home, exchange->reader, request, &exchange->arena, ret_answer, err);
  if (code == ERR_NOT_FOUND)
    return use_of_nobody(exchange, request, err);
  exchange->has_entry = code == ERR_REFUSED;
  if (code == ERR_REFUSED)
    memcpy(exchange->entry, ret_answer->entry, sizeof exchange->entry);
  return code;
}
