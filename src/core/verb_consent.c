// Asked for, given, refused, withdrawn: what a person says of a consent, and what follows at once.
#include <string.h>

#include "base/sha256.h"
#include "core/bytes.h"
#include "core/consent.h"
#include "core/internal.h"
#include "core/refile.h"
#include "core/task.h"
#include "core/thing.h"
#include "core/verbs.h"
#include "policy/law.h"

struct consenting {
  struct batch *batch;
  const struct operation *operation;
  const struct consent_input *input;
  struct consent_output *output;
  const struct policy *policy;
  const struct consent *consent;
  struct person_state *state;
  struct consent_list list;
  struct consent_standing standing;
  struct consent_row row;  // of what is being entered
  unsigned char wording[32];
};

// ── What is entered ─────────────────────────────────────────────────────────────────────────

static enum err_code check_input(const struct consenting *consenting, struct err *err)
{
  const struct consent_input *input = consenting->input;
  if (input->consent < 0 || input->consent >= consenting->policy->consent_count)
    return err_set(err, ERR_INPUT, "the policy has no such consent");
  if (input->method < 0 || input->method >= CONSENT_METHOD_COUNT)
    return err_set(err, ERR_INPUT, "this way of consenting is not known");
  switch ((enum consent_state)input->wanted) {
    case CONSENT_REQUESTED:
    case CONSENT_DEFERRED:
    case CONSENT_REFUSED:
    case CONSENT_GIVEN:
    case CONSENT_WITHDRAWN:
    case CONSENT_INVALIDATED:
      return ERR_OK;
    case CONSENT_UNKNOWN:
    case CONSENT_RENEWED:
    case CONSENT_EXPIRED:
    case CONSENT_STATE_COUNT:
      break;
  }
  return err_set(err, ERR_INPUT, "a consent does not come to stand like that by itself");
}

// The words that were shown: those of the language, of which the hash is kept; the words themselves
// stand in the version of the policy.
static enum err_code read_wording(struct consenting *consenting, struct err *err)
{
  bool in_swedish = (consenting->input->how & CONSENT_IN_SWEDISH) != 0;
  struct view text =
      policy_consent_text(consenting->policy, consenting->input->consent, in_swedish);
  if (text.length == 0) {
    (void)err_set(err, ERR_INPUT, "the policy has no text '%s' in this language",
                  consenting->consent->text);
    err_hint(err, "give the text in `texts`: who consents must have been able to read to what");
    return ERR_INPUT;
  }
  sha256(&text, 1, consenting->wording);
  consenting->row.wording = view_bytes(consenting->wording, sizeof consenting->wording);
  return ERR_OK;
}

static enum err_code begin(struct consenting *consenting, struct err *err)
{
  struct batch *batch = consenting->batch;
  const struct consent_input *input = consenting->input;
  enum err_code code = batch_person(batch, input->person, &consenting->state, err);
  if (code == ERR_OK)
    code = check_input(consenting, err);
  if (code != ERR_OK)
    return code;
  consenting->consent = &consenting->policy->consents[input->consent];
  consenting->row = (struct consent_row){
      .channel = input->channel,
      .method = input->method,
      .how = input->how,
      .given_us = batch->now_us,
  };
  code = consent_list_load(&consenting->list, batch_store(batch), input->person, err);
  consenting->standing = consent_standing(&consenting->list, consenting->state, consenting->policy,
                                          core_names(batch->core), input->consent, batch->now_us);
  return code;
}

static enum err_code enter(struct consenting *consenting, enum consent_state state, struct err *err)
{
  consenting->row.state = state;
  return consent_enter(consenting->batch, consenting->operation, &consenting->state,
                       consenting->input->consent, consenting->row, err);
}

// ── Asked for, deferred, refused ────────────────────────────────────────────────────────────

static bool is_of_cookies(const struct consenting *consenting)
{
  const struct conduct *conduct = &consenting->policy->conduct;
  for (int32_t i = 0; i < conduct->cookie_count; i++)
    if (consenting->consent->purpose >= 0 &&
        set_has(&conduct->cookies[i].purposes, consenting->consent->purpose))
      return true;
  return false;
}

// Who said no to cookies is left alone for a while.
static enum err_code check_pause(const struct consenting *consenting, struct err *err)
{
  const struct consent_standing *standing = &consenting->standing;
  const struct zone *zone = consenting->policy->zone;
  struct period pause;
  int64_t today = zone_day(zone, consenting->batch->now_us);
  int32_t fact = law_find(LAW_COOKIES, VIEW_LITERAL("se.consent"), today);
  if (standing->state != CONSENT_REFUSED || !is_of_cookies(consenting) || fact < 0 ||
      !period_read(view_of(law_text(fact, "ask_again")), &pause))
    return ERR_OK;
  int64_t again = calendar_add_days(zone_day(zone, standing->row->given_us), pause);
  if (today >= again)
    return ERR_OK;
  char date[CALENDAR_TEXT_BYTES];
  calendar_write_date(again, date);
  (void)err_set(err, ERR_CONFLICT, "the person said no, and is asked again from %s at the earliest",
                date);
  return ERR_CONFLICT;
}

static enum err_code request(struct consenting *consenting, struct err *err)
{
  if (consent_is_given(consenting->standing.state) && consenting->standing.is_of_today)
    return err_set(err, ERR_CONFLICT, "the consent is in force already");
  enum err_code code = check_pause(consenting, err);
  return code != ERR_OK ? code
                        : enter(consenting, (enum consent_state)consenting->input->wanted, err);
}

// ── Given ───────────────────────────────────────────────────────────────────────────────────

static enum err_code check_form(const struct consenting *consenting, struct err *err)
{
  const struct consent_input *input = consenting->input;
  bool is_express = (input->how & CONSENT_EXPRESS) != 0;
  if (consenting->consent->held.scope == SPAN_NONE)
    return err_set(err, ERR_CONFLICT, "the policy names no span that holds '%s'",
                   consenting->consent->name);
  if (policy_consent_is_express(consenting->policy, input->consent) && !is_express) {
    (void)err_set(err, ERR_INPUT, "'%s' must be an express statement", consenting->consent->name);
    err_hint(err, "it opens sensitive data or a decision by machine (GDPR 9(2)(a), 22(2)(c))");
    return ERR_INPUT;
  }
  if (consenting->consent->confirm && input->method != CONSENT_BY_CONFIRMATION) {
    (void)err_set(err, ERR_INPUT, "'%s' is confirmed in a second step", consenting->consent->name);
    err_hint(err, "enter it as requested, and give it by 'confirmation'");
    return ERR_INPUT;
  }
  return ERR_OK;
}

static enum err_code check_age(const struct consenting *consenting, struct err *err)
{
  const struct consent_input *input = consenting->input;
  int64_t today = zone_day(consenting->policy->zone, consenting->batch->now_us);
  int64_t born_day = input->born_day;
  bool is_known = input->is_born_known;
  enum err_code code = ERR_OK;
  if ((input->how & CONSENT_BY_PARENT) != 0)
    return ERR_OK;
  if (!is_known)
    code = consent_find_birth(consenting->batch, consenting->state, &is_known, &born_day, err);
  int32_t age = consent_age(consenting->policy, input->consent, input->country, today);
  if (code != ERR_OK || !is_known || today >= calendar_birthday(born_day, age))
    return code;
  struct gate_decision decision = {.first = GATE_CHILD,
                                   .reasons = gate_reason_bit(GATE_CHILD),
                                   .place = consenting->consent->place};
  return batch_refuse(consenting->batch, consenting->operation, consenting->state,
                      consenting->consent->purpose, -1, &decision, err);
}

static enum err_code make_thing(struct consenting *consenting, struct err *err)
{
  struct batch *batch = consenting->batch;
  int32_t type = consenting->policy->spans[consenting->consent->held.index].thing;
  const struct thing_type *of = &consenting->policy->things[type];
  int64_t inside = consenting->input->inside.value;
  const struct thing_state *outer = inside == 0 ? NULL : state_thing(consenting->state, inside);
  if (of->in >= 0 && (outer == NULL || outer->type != of->in))
    return err_set(err, ERR_INPUT, "name the thing of type %s that the consent is about",
                   consenting->policy->things[of->in].name);
  int64_t thing = 0;
  enum err_code code = batch_new_id(batch, &thing, err);
  struct event_row born;
  struct thing_row row = {consenting->state->person, thing,
                          names_number(core_names(batch->core), NAME_THING, view_of(of->name)),
                          of->in < 0 ? 0 : inside, batch->now_us};
  if (code == ERR_OK)
    code = thing_make(batch, &consenting->state, row, batch->now_us, &born, err);
  if (code == ERR_OK)
    consenting->row.thing = thing;
  return code;
}

static enum err_code give(struct consenting *consenting, struct err *err)
{
  const struct consent_standing *standing = &consenting->standing;
  bool is_renewal = consent_is_given(standing->state) && standing->is_of_today &&
                    consenting->input->inside.value == 0;
  enum err_code code = check_form(consenting, err);
  if (code == ERR_OK)
    code = read_wording(consenting, err);
  if (code == ERR_OK)
    code = check_age(consenting, err);
  if (code == ERR_OK && is_renewal)
    consenting->row.thing = standing->row->thing;
  else if (code == ERR_OK)
    code = make_thing(consenting, err);
  consenting->row.until_us =
      calendar_add(consenting->policy->zone, consenting->batch->now_us, consenting->consent->lasts);
  if (code == ERR_OK)
    code = enter(consenting, is_renewal ? CONSENT_RENEWED : CONSENT_GIVEN, err);
  consenting->output->thing = (struct thing_id){consenting->row.thing};
  consenting->output->until_us = consenting->row.until_us;
  return code;
}

// ── Withdrawn ───────────────────────────────────────────────────────────────────────────────

static bool is_in_force(const struct consenting *consenting, const struct thing_state *thing)
{
  if (!consent_holds_in(consenting->policy, consenting->input->consent, thing->type))
    return false;
  const struct anchor *span =
      &consenting->state->anchors[thing->first_anchor + consenting->consent->held.index];
  return gate_is_active(consenting->policy->zone, *span, consenting->batch->now_us);
}

static int64_t next_in_force(const struct consenting *consenting)
{
  for (int32_t i = 0; i < consenting->state->thing_count; i++)
    if (is_in_force(consenting, &consenting->state->things[i]))
      return consenting->state->things[i].thing;
  return 0;
}

// Whatever is in force, under whichever text; a no to what was never given is entered as well.
static enum err_code withdraw(struct consenting *consenting, enum consent_state as, struct err *err)
{
  enum err_code code = ERR_OK;
  consenting->row.state = as;
  for (int64_t thing = next_in_force(consenting); code == ERR_OK && thing != 0;
       thing = next_in_force(consenting)) {
    code = consent_end(consenting->batch, consenting->operation, &consenting->state,
                       consenting->input->consent, thing, consenting->row, err);
    consenting->output->ended++;
  }
  if (code == ERR_OK && consenting->output->ended == 0)
    code = enter(consenting, as, err);
  return code;
}

// ── consent ─────────────────────────────────────────────────────────────────────────────────

static bool has_got_it(const struct consenting *consenting, const struct recipient *recipient)
{
  return strcmp(recipient->consent, consenting->consent->name) == 0 ||
         (consenting->consent->purpose >= 0 &&
          set_has(&recipient->purposes, consenting->consent->purpose));
}

// Who got the data on the ground of the consent is told of its end.
static enum err_code tell_recipients(struct consenting *consenting, struct err *err)
{
  const struct outward *outward = &consenting->policy->outward;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < outward->recipient_count; i++) {
    struct task_new task = {
        .kind = TASK_TELL, .about = TASK_WITHDRAWAL, .party = view_of(outward->recipients[i].name)};
    if (has_got_it(consenting, &outward->recipients[i]))
      code = task_add(consenting->batch, consenting->operation, consenting->state, &task, err);
  }
  return code;
}

enum { BODY_BYTES_MAX = 1024 };

static enum err_code log_consent(struct consenting *consenting, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(BODY_BYTES_MAX);
  const struct consent_row *row = &consenting->row;
  str_format(&body, "{\"what\":\"consent.%s\",\"consent\":\"%s\",\"text\":\"%s\",",
             consent_state_name((enum consent_state)consenting->output->state),
             consenting->consent->name, consenting->consent->text);
  str_format(&body, "\"entry\":%lld,\"thing\":%lld,\"how\":%lld,\"method\":\"%s\",\"until\":%lld",
             (long long)consenting->state->next_consent, (long long)row->thing, (long long)row->how,
             consent_method_name((enum consent_method)row->method), (long long)row->until_us);
  str_add(&body, VIEW_LITERAL("}"));
  int32_t purpose = consenting->consent->purpose;
  if (!str_ok(&body))
    return err_set(err, ERR_MEMORY, "no memory for the entry of a consent");
  return batch_log(consenting->batch, consenting->operation, consenting->state,
                   purpose < 0 ? LEDGER_NO_PURPOSE : purpose, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

static enum err_code carry_out(struct consenting *consenting, struct err *err)
{
  enum consent_state wanted = (enum consent_state)consenting->input->wanted;
  if (wanted == CONSENT_GIVEN)
    return give(consenting, err);
  if (wanted == CONSENT_WITHDRAWN || wanted == CONSENT_INVALIDATED)
    return withdraw(consenting, wanted, err);
  bool is_taken_back = wanted == CONSENT_REFUSED && consent_is_given(consenting->standing.state);
  return is_taken_back ? withdraw(consenting, CONSENT_WITHDRAWN, err) : request(consenting, err);
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  struct consenting consenting = {
      .batch = batch,
      .operation = operation,
      .input = operation->input,
      .output = operation->output,
      .policy = batch_policy(batch),
      .list = CONSENT_LIST_INIT,
  };
  *consenting.output = (struct consent_output){.ended = 0};
  enum err_code code = begin(&consenting, err);
  if (code == ERR_OK)
    code = carry_out(&consenting, err);
  consenting.output->state = (int32_t)consenting.row.state;
  if (code == ERR_OK)
    code = refile_person(batch, consenting.state, err);
  if (code == ERR_OK)
    code = log_consent(&consenting, err);
  if (code == ERR_OK && consenting.output->ended > 0)
    code = tell_recipients(&consenting, err);
  consent_list_cleanup(&consenting.list);
  return code;
}

static int64_t person_of(const void *input)
{
  return ((const struct consent_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  const struct consent_output *from = output;
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, from->thing.value);
  bytes_i64(&bytes, from->state);
  bytes_i64(&bytes, from->until_us);
  bytes_i64(&bytes, from->ended);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  struct consent_output *to = output;
  to->thing.value = bytes_get_i64(bytes);
  to->state = (int32_t)bytes_get_i64(bytes + 8);
  to->until_us = bytes_get_i64(bytes + 16);
  to->ended = (int32_t)bytes_get_i64(bytes + 24);
}

const struct verb verb_consent = {
    .name = "consent",
    .ledger = LEDGER_OP_CONSENT,
    .apply = apply,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};
