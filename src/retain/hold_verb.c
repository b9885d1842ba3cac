// What is done with holds. Each change is an entry of the log, without the matter.
#include <inttypes.h>
#include <string.h>

#include "core/sealed_text.h"
#include "retain/hold.h"
#include "store/store.h"

// ── The matter ──────────────────────────────────────────────────────────────────────────────────

static struct sealed_text matter_of(const struct hold_row *row)
{
  return (struct sealed_text){row->person, SEALED_HOLD, row->hold};
}

enum err_code hold_matter(struct core *core, const struct hold_row *row, struct arena *arena,
                          struct view *ret_matter, struct err *err)
{
  struct sealed_text what = matter_of(row);
  return sealed_text_open(core, &what, row->key, row->matter, arena, ret_matter, err);
}

// ── What the verbs share ────────────────────────────────────────────────────────────────────────

struct change {
  struct batch *batch;
  const struct operation *operation;
  struct person_state *state;
  struct holds holds;
};

static enum err_code begin(struct change *change, struct batch *batch,
                           const struct operation *operation, struct person_id person,
                           struct err *err)
{
  *change = (struct change){.batch = batch, .operation = operation};
  enum err_code code = batch_person(batch, person, &change->state, err);
  return code != ERR_OK
             ? code
             : holds_read(batch_store(batch), person, batch_arena(batch), &change->holds, err);
}

static enum err_code find(const struct change *change, int64_t number,
                          const struct hold_row **ret_row, struct err *err)
{
  for (int32_t i = 0; i < change->holds.count; i++) {
    const struct hold_row *row = &change->holds.rows[i];
    if (row->hold != number)
      continue;
    if (row->released_us != 0)
      return err_set(err, ERR_CONFLICT, "hold %" PRId64 " is released already", number);
    *ret_row = row;
    return ERR_OK;
  }
  return err_set(err, ERR_NOT_FOUND, "the person has no such hold");
}

static enum err_code put(const struct change *change, const struct hold_row *old,
                         const struct hold_row *row, const char *what, struct err *err)
{
  enum err_code code = batch_put_hold(change->batch, change->state, old, row, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str body = STR_INIT(300);
  str_format(&body,
             "{\"what\":\"%s\",\"hold\":%" PRId64
             ",\"kind\":\"%s\",\"law\":\"%s\",\"thing\":%" PRId64 ",\"record\":%" PRId64
             ",\"review_us\":%" PRId64 "}",
             what, row->hold, hold_kind_name(row->kind), hold_kind_law(row->kind), row->thing,
             row->record, row->review_us);
  return batch_log(change->batch, change->operation, change->state, LEDGER_NO_PURPOSE,
                   row->field < 0 ? LEDGER_NO_FIELD : (int32_t)row->field, str_view(&body), NULL,
                   err);
}

static enum err_code check_review(const struct batch *batch, int64_t review_us, struct err *err)
{
  int64_t now_us = batch_now_us(batch);
  if (review_us <= now_us)
    return err_set(err, ERR_INPUT, "the review of a hold lies ahead");
  if (review_us - now_us > HOLD_REVIEW_DAYS_MAX * CLOCK_DAY_US)
    return err_set(err, ERR_INPUT, "a hold is reviewed within %d days", HOLD_REVIEW_DAYS_MAX);
  return ERR_OK;
}

// ── hold.add ────────────────────────────────────────────────────────────────────────────────────

static enum err_code check_cover(const struct change *change, const struct hold_add_input *input,
                                 struct err *err)
{
  struct record_row row;
  bool found = true;
  if ((input->field >= 0) + (input->thing.value != 0) + (input->record.value != 0) > 1)
    return err_set(err, ERR_INPUT, "a hold names a field, a thing or a record, not several");
  if (input->thing.value != 0 && state_thing(change->state, input->thing.value) == NULL)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  if (input->record.value == 0)
    return ERR_OK;
  if (record_person(input->record).value != input->person.value)
    return err_set(err, ERR_NOT_FOUND, "the person has no such datum");
  enum err_code code =
      store_record_get(batch_store(change->batch), input->record, &row, &found, err);
  return code != ERR_OK || found ? code
                                 : err_set(err, ERR_NOT_FOUND, "the person has no such datum");
}

static enum err_code check_add(const struct change *change, const struct hold_add_input *input,
                               struct err *err)
{
  if (hold_kind_name((int64_t)input->kind) == NULL || input->kind == HOLD_RESTRICTION)
    return err_set(err, ERR_INPUT, "there is no such kind of hold");
  if (input->matter.length == 0 || input->matter.length > HOLD_MATTER_BYTES_MAX)
    return err_set(err, ERR_INPUT, "a hold says what it is about in 1 to %d bytes",
                   HOLD_MATTER_BYTES_MAX);
  if (input->owner < 0)
    return err_set(err, ERR_INPUT, "a hold names the role that answers for it");
  if (change->holds.count >= HOLDS_OF_PERSON_MAX)
    return err_set(err, ERR_LIMIT, "a person has at most %d holds", HOLDS_OF_PERSON_MAX);
  enum err_code code = check_review(change->batch, input->review_us, err);
  return code != ERR_OK ? code : check_cover(change, input, err);
}

static enum err_code apply_add(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct hold_add_input *input = operation->input;
  const struct names *names = core_names(batch_core(batch));
  struct change change;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = check_add(&change, input, err);
  if (code != ERR_OK)
    return code;
  struct hold_row row = {
      .person = input->person,
      .hold = change.holds.count + 1,
      .kind = input->kind,
      .field = input->field < 0 ? -1 : names_number_at(names, NAME_FIELD, input->field),
      .thing = input->thing.value,
      .record = input->record.value,
      .owner = names_number_at(names, NAME_ROLE, input->owner),
      .since_us = batch_now_us(batch),
      .review_us = input->review_us,
  };
  struct sealed_text what = matter_of(&row);
  code = sealed_text_seal(batch, change.state, &what, input->matter, &row.key, &row.matter, err);
  if (code == ERR_OK)
    code = put(&change, NULL, &row, "hold.add", err);
  if (code == ERR_OK)
    ((struct hold_add_output *)operation->output)->hold = row.hold;
  return code;
}

const struct verb verb_hold_add = {
    .name = "hold.add", .ledger = LEDGER_OP_HOLD, .apply = apply_add};

// ── hold.review ─────────────────────────────────────────────────────────────────────────────────

static enum err_code apply_review(struct batch *batch, const struct operation *operation,
                                  struct err *err)
{
  const struct hold_review_input *input = operation->input;
  const struct hold_row *old = NULL;
  struct change change;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->hold, &old, err);
  if (code == ERR_OK)
    code = check_review(batch, input->review_us, err);
  if (code != ERR_OK)
    return code;
  struct hold_row row = *old;
  row.review_us = input->review_us;
  row.alarmed_us = row.proposed_us = row.proposed_role = row.proposed_service = 0;
  return put(&change, old, &row, "hold.review", err);
}

const struct verb verb_hold_review = {
    .name = "hold.review", .ledger = LEDGER_OP_HOLD, .apply = apply_review};

// ── hold.release ────────────────────────────────────────────────────────────────────────────────

static enum err_code check_role(const struct batch *batch, int32_t role, int32_t *ret_number,
                                struct err *err)
{
  *ret_number = role < 0 ? 0 : names_number_at(core_names(batch_core(batch)), NAME_ROLE, role);
  return *ret_number > 0 ? ERR_OK
                         : err_set(err, ERR_INPUT, "a release names the role of whoever does it");
}

// The hold that is to be released, and the number of the role that has a part in it.
static enum err_code begin_release(struct change *change, struct batch *batch,
                                   const struct operation *operation,
                                   const struct hold_row **ret_old, int32_t *ret_role,
                                   struct err *err)
{
  const struct hold_release_input *input = operation->input;
  enum err_code code = begin(change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(change, input->hold, ret_old, err);
  return code != ERR_OK ? code : check_role(batch, input->role, ret_role, err);
}

static enum err_code apply_propose(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct hold_release_input *input = operation->input;
  const struct hold_row *old = NULL;
  int32_t role = 0;
  struct change change;
  enum err_code code = begin_release(&change, batch, operation, &old, &role, err);
  if (code == ERR_OK && old->proposed_us != 0)
    code = err_set(err, ERR_CONFLICT, "the release of hold %" PRId64 " is proposed already",
                   input->hold);
  if (code != ERR_OK)
    return code;
  struct hold_row row = *old;
  row.proposed_us = batch_now_us(batch);
  row.proposed_role = role;
  row.proposed_service = operation->actor.service;
  return put(&change, old, &row, "hold.release.propose", err);
}

const struct verb verb_hold_propose = {
    .name = "hold.propose", .ledger = LEDGER_OP_HOLD_RELEASE, .apply = apply_propose};

static enum err_code check_second(const struct hold_row *row, int32_t role, int32_t service,
                                  int64_t now_us, struct err *err)
{
  enum err_code code = ERR_OK;
  if (row->proposed_us == 0) {
    code = err_set(err, ERR_CONFLICT, "nobody has proposed to release hold %" PRId64, row->hold);
    err_hint(err, "propose it first, by another role");
    return code;
  }
  if (row->proposed_role == role || (service != 0 && row->proposed_service == service)) {
    code = err_set(err, ERR_REFUSED, "a release takes two persons: this one proposed it");
    err_hint(err, "another role approves it, and where services act another service");
    return code;
  }
  if (now_us - row->proposed_us < HOLD_COOLING_US) {
    code = err_set(err, ERR_CONFLICT, "the release was proposed less than %d hours ago",
                   (int)(HOLD_COOLING_US / CLOCK_HOUR_US));
    err_hint(err, "approve it when that time is over");
  }
  return code;
}

static enum err_code apply_approve(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct hold_row *old = NULL;
  int32_t role = 0;
  struct change change;
  enum err_code code = begin_release(&change, batch, operation, &old, &role, err);
  if (code == ERR_OK)
    code = check_second(old, role, operation->actor.service, batch_now_us(batch), err);
  if (code == ERR_OK)
    code = batch_key_lost(batch, change.state, old->key, err);
  if (code != ERR_OK)
    return code;
  struct hold_row row = *old;
  row.released_us = batch_now_us(batch);
  row.matter = VIEW_EMPTY;
  return put(&change, old, &row, "hold.release", err);
}

const struct verb verb_hold_approve = {
    .name = "hold.approve", .ledger = LEDGER_OP_HOLD_RELEASE, .apply = apply_approve};

// ── Reviews that pass ───────────────────────────────────────────────────────────────────────────

struct alarm {
  struct person_id person;
  int64_t hold;
};

static enum err_code apply_alarm(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct alarm *input = operation->input;
  const struct hold_row *old = NULL;
  struct change change;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->hold, &old, err);
  if (code != ERR_OK)  // gone since it was listed
    return code == ERR_NOT_FOUND || code == ERR_CONFLICT ? ERR_OK : code;
  struct hold_row row = *old;
  row.alarmed_us = batch_now_us(batch);
  return put(&change, old, &row, "hold.overdue", err);
}

static const struct verb verb_alarm = {
    .name = "hold.overdue", .ledger = LEDGER_OP_OVERDUE, .apply = apply_alarm};

struct overdue {
  struct arena arena;
  struct alarm *alarms;  // those not yet told of
  int64_t count, alarm_count, capacity;
};

static enum err_code note(void *context, const struct hold_row *row, struct err *err)
{
  struct overdue *overdue = context;
  overdue->count++;
  if (row->alarmed_us != 0)
    return ERR_OK;
  if (overdue->alarm_count == overdue->capacity) {
    int64_t capacity = overdue->capacity == 0 ? 16 : overdue->capacity * 2;
    struct alarm *alarms = arena_new(&overdue->arena, (size_t)capacity * sizeof *alarms);
    if (alarms == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the reviews of holds");
    if (overdue->alarm_count > 0)
      memcpy(alarms, overdue->alarms, (size_t)overdue->alarm_count * sizeof *alarms);
    overdue->alarms = alarms;
    overdue->capacity = capacity;
  }
  overdue->alarms[overdue->alarm_count++] = (struct alarm){row->person, row->hold};
  return ERR_OK;
}

enum err_code holds_see_overdue(struct core *core, struct err *err)
{
  struct overdue overdue = {.arena = ARENA_INIT};
  enum err_code code =
      store_hold_overdue(core_store(core), core_now_us(core), INT64_MAX, note, &overdue, err);
  for (int64_t i = 0; code == ERR_OK && i < overdue.alarm_count; i++) {
    struct operation operation = OPERATION(&verb_alarm, &overdue.alarms[i], NULL);
    code = core_perform(core, &operation, err);
  }
  arena_clear(&overdue.arena);
  return code;
}

static enum err_code count_one(void *context, const struct hold_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ++*(int64_t *)context;
  return ERR_OK;
}

enum err_code holds_count_overdue(struct core *core, int64_t *ret_count, struct err *err)
{
  int64_t count = 0;
  enum err_code code =
      store_hold_overdue(core_store(core), core_now_us(core), INT64_MAX, count_one, &count, err);
  if (code == ERR_OK)
    *ret_count = count;
  return code;
}
