// The way of a read: state (cached), class, gate, record, key, value, entry. Nothing here writes.
#include "core/use.h"

#include <sched.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/internal.h"
#include "core/lookup.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/value.h"
#include "core/verbs.h"
#include "ledger/kept.h"
#include "store/store.h"

enum { READER_TRIES_MAX = 16, REST_TRIES_MAX = 10000 };

struct reader {
  struct core *core;
  struct store *store;
  bool owns_store;
  pthread_mutex_t mutex;  // held during a use, and while somebody else ends the snapshot
  bool in_snapshot;
  uint64_t commits;  // of the core, before the snapshot was opened
  struct reader *next, **link;
};

static void lock(pthread_mutex_t *mutex) { INVARIANT(pthread_mutex_lock(mutex) == 0); }
static void unlock(pthread_mutex_t *mutex) { INVARIANT(pthread_mutex_unlock(mutex) == 0); }

static void enlist(struct reader *reader)
{
  struct core *core = reader->core;
  lock(&core->readers_mutex);
  reader->next = core->readers;
  reader->link = &core->readers;
  if (reader->next != NULL)
    reader->next->link = &reader->next;
  core->readers = reader;
  unlock(&core->readers_mutex);
}

static void strike_off(struct reader *reader)
{
  struct core *core = reader->core;
  lock(&core->readers_mutex);
  *reader->link = reader->next;
  if (reader->next != NULL)
    reader->next->link = reader->link;
  unlock(&core->readers_mutex);
}

enum err_code reader_open(struct core *core, struct store *store, struct reader **ret_reader,
                          struct err *err)
{
  struct reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a reader");
  reader->core = core;
  reader->store = store == NULL ? core->store : store;
  reader->owns_store = store != NULL;
  INVARIANT(pthread_mutex_init(&reader->mutex, NULL) == 0);
  enlist(reader);
  *ret_reader = reader;
  return ERR_OK;
}

static void leave_snapshot(struct reader *reader)
{
  if (reader->in_snapshot)
    store_rollback(reader->store);
  reader->in_snapshot = false;
}

void reader_close(struct reader *reader)
{
  if (reader == NULL)
    return;
  strike_off(reader);
  leave_snapshot(reader);
  (void)pthread_mutex_destroy(&reader->mutex);  // nobody can reach it any more
  if (reader->owns_store)
    store_close(reader->store);
  free(reader);
}

// A use lasts microseconds, and one comes right behind the other: whoever slept for the lock would
// seldom get it.
static void rest(struct reader *reader)
{
  for (int tries = 0; tries < REST_TRIES_MAX; tries++) {
    if (pthread_mutex_trylock(&reader->mutex) != 0) {
      sched_yield();
      continue;
    }
    leave_snapshot(reader);
    unlock(&reader->mutex);
    return;
  }
}

void readers_rest(struct core *core)
{
  lock(&core->readers_mutex);
  for (struct reader *at = core->readers; at != NULL; at = at->next)
    rest(at);
  unlock(&core->readers_mutex);
}

// A snapshot is kept as long as nothing was committed: beginning one for each read halves the
// rate. On PostgreSQL another server may have committed, so each use has its own.
static enum err_code enter_snapshot(struct reader *reader, struct err *err)
{
  uint64_t commits = cache_commits(reader->core->cache);
  bool fresh = reader->in_snapshot && reader->commits == commits &&
               store_engine(reader->store) == STORE_SQLITE;
  if (fresh)
    return ERR_OK;
  leave_snapshot(reader);
  reader->commits = commits;
  enum err_code code = store_begin(reader->store, STORE_READ, err);
  reader->in_snapshot = code == ERR_OK;
  return code;
}

// ── The person ──────────────────────────────────────────────────────────────────────────────

static bool is_current(const struct person_state *state, const struct catalog *catalog,
                       int64_t now_us)
{
  return state->policy_version == catalog->policy->version && now_us < state->until_us;
}

// On PostgreSQL a cached state counts only if the row has the same version in this snapshot.
static enum err_code confirm(struct reader *reader, struct person_state **state, struct err *err)
{
  if (*state == NULL || store_engine(reader->store) == STORE_SQLITE)
    return ERR_OK;
  struct person_row row;
  bool found = false;
  enum err_code code = store_person_get(reader->store, (*state)->person, &row, &found, err);
  if (code != ERR_OK || (found && row.version == (*state)->version))
    return code;
  state_drop(TAKE(*state));
  return ERR_OK;
}

static enum err_code find_state(struct reader *reader, const struct catalog *catalog,
                                struct person_id person, int64_t now_us,
                                struct person_state **ret_state, struct err *err)
{
  for (int tries = 0; tries < READER_TRIES_MAX; tries++) {
    struct person_state *state = cache_find(reader->core->cache, person);
    enum err_code code = confirm(reader, &state, err);
    if (code == ERR_OK && state != NULL && is_current(state, catalog, now_us)) {
      *ret_state = state;
      return ERR_OK;
    }
    state_drop(state);
    if (code == ERR_OK)
      code = person_load(reader->core, reader->store, person, now_us, &state, err);
    if (code != ERR_OK)
      return code;
    if (cache_offer(reader->core->cache, state, reader->commits)) {
      *ret_state = state;
      return ERR_OK;
    }
    state_drop(state);
    code = enter_snapshot(reader, err);
    if (code != ERR_OK)
      return code;
  }
  return err_set(err, ERR_BUSY, "the person changed again and again while it was read");
}

// ── The records ─────────────────────────────────────────────────────────────────────────────

struct candidate {  // a record of the field, copied off the running statement
  struct record_row row;
  const struct class_info *info;
  struct candidate *next;
};

struct candidates {
  struct reader *reader;
  const struct catalog *catalog;
  struct arena *arena;
  int64_t thing;
  struct candidate *first, **last;
};

static enum err_code add_candidate(void *context, const struct record_row *row, struct err *err)
{
  struct candidates *all = context;
  if (all->thing != 0 && row->thing != all->thing)
    return ERR_OK;
  struct candidate *candidate = arena_new(all->arena, sizeof *candidate);
  char *value = arena_text(all->arena, row->value);
  if (candidate == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a use");
  candidate->row = *row;
  candidate->row.value = view_bytes(value, row->value.length);
  candidate->info = class_get(&all->catalog->classes, row->class_id);
  if (candidate->info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  *all->last = candidate;
  all->last = &candidate->next;
  return ERR_OK;
}

// The one record of a field with one value is read by its key; others by a range.
static enum err_code find_records(struct candidates *all, struct person_id person, int32_t number,
                                  bool many, struct err *err)
{
  all->last = &all->first;
  if (many || all->thing != 0)
    return store_record_each(all->reader->store, person, number, add_candidate, all, err);
  struct record_row row;
  bool found = false;
  enum err_code code =
      store_record_get(all->reader->store, record_id_make(person, number, 0), &row, &found, err);
  if (code == ERR_OK && found && row.thing == 0)
    return add_candidate(all, &row, err);
  return code != ERR_OK
             ? code
             : store_record_each(all->reader->store, person, number, add_candidate, all, err);
}

// ── Deciding ────────────────────────────────────────────────────────────────────────────────

struct question {
  struct reader *reader;
  const struct use_request *request;
  const struct policy *policy;
  const struct person_state *state;
  struct gate_request gate;
  struct arena *arena;
  struct use_answer *answer;
};

// Without a record the question is still one of role, purpose, basis and choices.
static struct gate_decision decide_without_record(const struct question *question)
{
  struct gate_person person = state_gate_person(question->state);
  struct set asked = SET_EMPTY;
  struct gate_record record = {.purposes = &asked,
                               .recorded_us = question->gate.now_us,
                               .obtained_us = question->gate.now_us,
                               .thing_type = -1};
  int32_t number = names_number_at(core_names(question->reader->core), NAME_FIELD,
                                   question->gate.field < 0 ? 0 : question->gate.field);
  record.restricted = question->gate.field >= 0 && stop_covers_field(question->state, number);
  if (question->gate.purpose >= 0) {
    set_add(&asked, question->gate.purpose);
    record.thing_type = question->policy->purposes[question->gate.purpose].of_thing;
    record.own_spans = person.any_spans;
  }
  return gate_decide(question->policy, &question->gate, &person, &record);
}

// Whoever gets the answer never has the value itself.
static enum err_code mask_value(const struct question *question, struct use_value *value,
                                struct err *err)
{
  OWNED(str) struct str text = STR_INIT(MASK_BYTES_MAX);
  mask_write(&question->policy->fields[question->gate.field].mask, value->value, &text);
  sodium_memzero((void *)(uintptr_t)value->value.bytes, value->value.length);
  const char *shown = str_ok(&text) ? arena_text(question->arena, str_view(&text)) : NULL;
  if (shown == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a use");
  value->value = view_bytes(shown, text.length);
  return ERR_OK;
}

static enum err_code open_value(const struct question *question, const struct candidate *candidate,
                                bool masked, struct use_value *value, struct err *err)
{
  const struct record_row *row = &candidate->row;
  *value =
      (struct use_value){row->record, row->thing, row->recorded_us, row->obtained_us, VIEW_EMPTY};
  if (question->request->ask_only)
    return ERR_OK;
  enum err_code code = record_open(question->reader->core, question->reader->store, question->arena,
                                   row, &value->value, err);
  return code == ERR_OK && masked ? mask_value(question, value, err) : code;
}

static int32_t count_of(const struct candidate *candidate)
{
  int32_t count = 0;
  for (; candidate != NULL; candidate = candidate->next)
    count++;
  return count;
}

// An address may have said no after it was stored, through somebody else who has it too: before it
// is used for marketing the suppression list is asked.
static enum err_code ask_list(const struct question *question, const struct candidate *candidate,
                              uint32_t *suppressed, struct err *err)
{
  const struct field *field = &question->policy->fields[question->gate.field];
  struct core *core = question->reader->core;
  uint32_t channels = question->policy->purposes[question->gate.purpose].marketing;
  channels &= value_channels(field->type) & ~*suppressed;
  struct view address;
  if (channels == 0)
    return ERR_OK;
  enum err_code code =
      record_open(core, question->reader->store, question->arena, &candidate->row, &address, err);
  for (int32_t channel = 0; code == ERR_OK && channel < CHANNEL_COUNT; channel++) {
    bool on_list = false;
    if ((channels >> channel & 1) == 0)
      continue;
    code = suppression_check(core, question->reader->store, field, address, channel, &on_list, err);
    if (on_list)
      *suppressed |= UINT32_C(1) << channel;
  }
  return code;
}

// Whoever is told of by others is told where it comes from [GDPR 14].
static bool is_from_others(const struct question *question, const struct class_info *info)
{
  int32_t source = names_index(core_names(question->reader->core), NAME_SOURCE, info->row.source);
  if (source < 0)
    return false;
  enum source_is is = question->policy->sources[source].is;
  return is != SOURCE_SELF && is != SOURCE_OBSERVED && is != SOURCE_GENERATED;
}

static enum err_code decide_record(const struct question *question,
                                   const struct candidate *candidate,
                                   struct gate_decision *ret_decision, struct err *err)
{
  struct gate_person person = state_gate_person(question->state);
  struct gate_record record = record_for_gate(candidate->info, question->state, &candidate->row);
  record.from_others = is_from_others(question, candidate->info);
  uint32_t known = person.suppressed;
  *ret_decision = gate_decide(question->policy, &question->gate, &person, &record);
  if (!ret_decision->allowed)
    return ERR_OK;
  enum err_code code = ask_list(question, candidate, &person.suppressed, err);
  if (code == ERR_OK && person.suppressed != known)
    *ret_decision = gate_decide(question->policy, &question->gate, &person, &record);
  return code;
}

// Decides each record; the answer is an allow if one of them is, with the values of those. A
// field of one value gives the newest that is allowed.
static enum err_code decide_records(struct question *question, const struct candidate *first,
                                    bool many, struct err *err)
{
  struct use_answer *answer = question->answer;
  answer->values = arena_new(question->arena, (size_t)count_of(first) * sizeof *answer->values);
  if (answer->values == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a use");
  bool decided = false;
  for (const struct candidate *at = first; at != NULL; at = at->next) {
    struct gate_decision decision;
    enum err_code code = decide_record(question, at, &decision, err);
    if (code != ERR_OK)
      return code;
    if (!decided || decision.allowed || !answer->decision.allowed)
      answer->decision = decision;
    decided = true;
    if (!decision.allowed)
      continue;
    bool another_thing =
        answer->value_count > 0 && answer->values[answer->value_count - 1].thing != at->row.thing;
    int32_t place = many || another_thing || answer->value_count == 0 ? answer->value_count++
                                                                      : answer->value_count - 1;
    code = open_value(question, at, decision.masked, &answer->values[place], err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

enum ledger_operation use_operation(bool ask_only, const struct gate_decision *decision)
{
  if (ask_only)
    return LEDGER_OP_DECIDE;
  return decision->masked ? LEDGER_OP_READ_MASK : LEDGER_OP_READ;
}

static void seal_entry(const struct question *question)
{
  struct use_answer *answer = question->answer;
  const struct gate_request *gate = &question->gate;
  const struct names *names = core_names(question->reader->core);
  struct entry entry = {
      .kind = LEDGER_USE,
      .operation = use_operation(question->request->ask_only, &answer->decision),
      .outcome = answer->decision.allowed ? 0 : (uint8_t)(1 + answer->decision.first),
      .mode = question->request->mode,
      .time_us = gate->now_us,
      .actor = (uint16_t)question->request->actor.service,
      .purpose = gate->purpose < 0 ? LEDGER_NO_PURPOSE : (uint16_t)gate->purpose,
      .field = LEDGER_NO_FIELD,
      .policy = (uint32_t)question->policy->version,
      .nonce = (uint32_t)random_u64(&question->reader->core->random),
      .detail = {(unsigned char)answer->decision.despite},
  };
  if (gate->field >= 0)
    entry.field = (uint16_t)names_number_at(names, NAME_FIELD, gate->field);

  entry_seal(&entry, &question->state->ledger_key, answer->entry);
}

static enum err_code answer_question(struct question *question, const struct catalog *catalog,
                                     struct err *err)
{
  struct candidates all = {.reader = question->reader,
                           .catalog = catalog,
                           .arena = question->arena,
                           .thing = question->request->thing};
  int32_t field = question->gate.field;
  bool many = field >= 0 && question->policy->fields[field].many;
  enum err_code code = ERR_OK;
  if (field >= 0) {
    int32_t number = names_number_at(catalog->names, NAME_FIELD, field);
    code = find_records(&all, question->state->person, number, many, err);
  }
  if (code != ERR_OK)
    return code;
  if (all.first == NULL)
    question->answer->decision = decide_without_record(question);
  else
    code = decide_records(question, all.first, many, err);
  return code;
}

static bool is_open(const struct policy *policy, const struct anchor *spans, int32_t type,
                    int64_t now_us)
{
  const struct thing_type *thing = &policy->things[type];
  for (int32_t i = 0; i < thing->span_count; i++)
    if (gate_is_active(policy->zone, spans[thing->first_span + i], now_us))
      return true;
  return false;
}

// A case is a thing of the type `case` that is open; for a role that is assigned what it works on,
// any thing of the person that is.
bool use_is_case(const struct policy *policy, const struct person_state *state, int64_t of,
                 int32_t role, int64_t now_us)
{
  const struct thing_state *thing = of == 0 ? NULL : state_thing(state, of);
  if (thing == NULL || thing->type < 0)
    return false;
  bool any = role >= 0 && policy->roles[role].terms.need == NEED_ASSIGNED;
  return (any || strcmp(policy->things[thing->type].name, "case") == 0) &&
         is_open(policy, state->anchors + thing->first_anchor, thing->type, now_us);
}

struct gate_leaving use_leaving_for_gate(const struct policy *policy, struct use_leaving to)
{
  struct gate_leaving leaving = {.named = to.named};
  if (to.named && to.recipient >= 0 && to.recipient < policy->outward.recipient_count)
    leaving.recipient = &policy->outward.recipients[to.recipient];
  if (to.named && to.party >= 0 && to.party < policy->outward.party_count)
    leaving.party = &policy->outward.parties[to.party];
  return leaving;
}

static struct gate_request use_for_gate(const struct policy *policy,
                                        const struct person_state *state,
                                        const struct use_request *request, int64_t now_us)
{
  return (struct gate_request){
      .role = request->actor.role,
      .purpose = request->purpose,
      .field = request->field,
      .channel = request->channel,
      .now_us = now_us,
      .to = use_leaving_for_gate(policy, request->to),
      .has_case = use_is_case(policy, state, request->case_thing, request->actor.role, now_us),
      .has_reason = request->has_reason,
  };
}

// The writer needs its connection.
static void give_connection_back(struct reader *reader)
{
  if (!reader->owns_store)
    leave_snapshot(reader);
}

static enum err_code decide(struct reader *reader, const struct use_request *request,
                            struct arena *arena, struct use_answer *ret_answer, struct err *err)
{
  const struct catalog *catalog = core_catalog(reader->core);
  if (catalog->policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  enum err_code code = enter_snapshot(reader, err);
  if (code != ERR_OK)
    return code;
  int64_t now_us = core_now_us(reader->core);
  struct person_state *state = NULL;
  code = find_state(reader, catalog, request->person, now_us, &state, err);
  if (code != ERR_OK) {
    give_connection_back(reader);
    return code;
  }
  *ret_answer = (struct use_answer){.policy = catalog->policy, .decided_us = now_us};
  int32_t bound = request->actor.purpose;
  struct question question = {
      .reader = reader,
      .request = request,
      .policy = catalog->policy,
      .state = state,
      .gate = use_for_gate(catalog->policy, state, request, now_us),
      .arena = arena,
      .answer = ret_answer,
  };
  if (bound >= 0 && bound != request->purpose)
    question.gate.purpose = -1;  // K17: a service key acts for its own purpose only
  code = answer_question(&question, catalog, err);
  if (code == ERR_OK)
    seal_entry(&question);
  state_drop(state);
  give_connection_back(reader);
  return code;
}

enum err_code use_decide(struct reader *reader, const struct use_request *request,
                         struct arena *arena, struct use_answer *ret_answer, struct err *err)
{
  lock(&reader->mutex);
  enum err_code code = decide(reader, request, arena, ret_answer, err);
  unlock(&reader->mutex);
  return code;
}

bool use_keep(struct reader *reader, const struct use_answer *answer)
{
  return reader->core->kept != NULL && kept_add(reader->core->kept, answer->entry);
}

enum err_code use_refusal(const struct use_answer *answer, struct err *err)
{
  return refusal_error(answer->policy, &answer->decision, err);
}

static enum err_code record_durably(struct reader *reader, const struct use_answer *answer,
                                    struct err *err)
{
  struct use_log_input input = {answer->entry, answer->policy->version};
  struct operation operation = OPERATION(&verb_use_log, &input, NULL);
  return core_perform(reader->core, &operation, err);
}

enum err_code use_perform(struct reader *reader, const struct use_request *request,
                          struct arena *arena, struct use_answer *ret_answer, struct err *err)
{
  struct use_request again = *request;
  for (int tries = 0; tries < READER_TRIES_MAX; tries++) {
    enum err_code code = use_decide(reader, &again, arena, ret_answer, err);
    if (code != ERR_OK)
      return code;
    bool recorded = again.mode == LEDGER_KEPT && use_keep(reader, ret_answer);
    if (!recorded && again.mode == LEDGER_DURABLE) {
      code = record_durably(reader, ret_answer, err);
      if (code != ERR_OK && code != ERR_CONFLICT)
        return code;
      recorded = code == ERR_OK;
    }
    if (recorded)
      return ret_answer->decision.allowed ? ERR_OK : use_refusal(ret_answer, err);
    again.mode = LEDGER_DURABLE;  // the ring was full, or the policy moved
  }
  return err_set(err, ERR_BUSY, "the policy changed again and again while a use was decided");
}
