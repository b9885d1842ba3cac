// The public library: names become indices, outer ids become inner ones, errors keep their texts.
#include "forvar.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"
#include "core/lookup.h"
#include "core/verbs.h"
#include "home/internal.h"
#include "retain/erase.h"
#include "retain/receipt.h"
#include "vault/vault.h"

_Static_assert((int)FORVAR_ID_BYTES == (int)PUBLIC_ID_BYTES,
               "ids have one size inside and outside");
_Static_assert((int)FORVAR_OPERATION_KEY_BYTES == (int)OPERATION_KEY_BYTES,
               "and so have operation keys");

struct idle_reader {  // readers are lent to one call at a time
  struct reader *reader;
  struct idle_reader *next;
};

struct forvar {
  struct home *home;
  pthread_mutex_t mutex;  // of the idle readers
  struct idle_reader *idle;
};

// ── Errors ──────────────────────────────────────────────────────────────────────────────────

static enum forvar_result fail(const struct err *err, struct forvar_error *error)
{
  if (error != NULL) {
    *error = (struct forvar_error){.reason = ""};
    (void)snprintf(error->id, sizeof error->id, "%s", err_id(err->code));
    memcpy(error->message, err->message, sizeof error->message);
    memcpy(error->where, err->where, sizeof error->where);
    memcpy(error->hint, err->hint, sizeof error->hint);
    memcpy(error->rule, err->rule, sizeof error->rule);
    static const char refused[] = "refused: ";
    if (err->code == ERR_REFUSED && strncmp(err->message, refused, sizeof refused - 1) == 0)
      (void)snprintf(error->reason, sizeof error->reason, "%s", err->message + sizeof refused - 1);
  }
  int code = err_exit_code(err->code);
  return code == 3 ? FORVAR_INPUT : (enum forvar_result)code;
}

static enum err_code no_such(const char *what, const char *name, struct err *err)
{
  return err_set(err, ERR_INPUT, "the policy in force has no %s %s", what, name);
}

// ── Ids, names, times ───────────────────────────────────────────────────────────────────────

static enum err_code read_id(const struct forvar *forvar, char letter, const char *text,
                             int64_t *ret_id, struct err *err)
{
  const unsigned char *key = vault_public_id_key(core_vault(home_core(forvar->home)));
  if (text != NULL && id_read(letter, view_of(text), key, ret_id))
    return ERR_OK;
  return err_set(err, ERR_NOT_FOUND, "there is no such %s", letter == 'p' ? "person" : "thing");
}

static void write_id(const struct forvar *forvar, char letter, int64_t id, char *ret_id)
{
  id_write(letter, id, vault_public_id_key(core_vault(home_core(forvar->home))), ret_id);
}

static enum err_code current_policy(const struct forvar *forvar, const struct policy **ret_policy,
                                    struct err *err)
{
  *ret_policy = core_policy(home_core(forvar->home));
  if (*ret_policy != NULL)
    return ERR_OK;
  enum err_code code = err_set(err, ERR_CONFLICT, "no policy is in force");
  err_hint(err, "activate one with: forvar policy activate FILE");
  return code;
}

static enum err_code read_when(const struct forvar *forvar, const struct policy *policy,
                               const char *when, int64_t *ret_us, struct err *err)
{
  int64_t day = 0;
  if (when == NULL) {
    *ret_us = core_now_us(home_core(forvar->home));
    return ERR_OK;
  }
  if (calendar_read_time(policy->zone, view_of(when), ret_us))
    return ERR_OK;
  if (!calendar_read_date(view_of(when), &day))
    return err_set(err, ERR_INPUT, "a time is YYYY-MM-DD or YYYY-MM-DD HH:MM[:SS]");
  *ret_us = zone_day_start(policy->zone, day);
  return ERR_OK;
}

// ── Opening and closing ─────────────────────────────────────────────────────────────────────

struct forvar *forvar_wrap(struct home *home)
{
  struct forvar *forvar = calloc(1, sizeof *forvar);
  if (forvar == NULL)
    return NULL;
  forvar->home = home;
  (void)pthread_mutex_init(&forvar->mutex, NULL);  // cannot fail on Linux
  return forvar;
}

void forvar_unwrap(struct forvar *forvar)
{
  if (forvar == NULL)
    return;
  while (forvar->idle != NULL) {
    struct idle_reader *idle = forvar->idle;
    forvar->idle = idle->next;
    reader_close(idle->reader);
    free(idle);
  }
  (void)pthread_mutex_destroy(&forvar->mutex);
  free(forvar);
}

enum forvar_result forvar_open(const char *folder, struct forvar **ret_forvar,
                               struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct home *home = NULL;
  enum err_code code = home_open(folder, &home, &err);
  struct forvar *forvar = code == ERR_OK ? forvar_wrap(home) : NULL;
  if (code == ERR_OK && forvar == NULL)
    code = err_set(&err, ERR_MEMORY, "no memory for a home");
  if (code != ERR_OK) {
    home_close(home);
    return fail(&err, error);
  }
  *ret_forvar = forvar;
  return FORVAR_OK;
}

void forvar_close(struct forvar *forvar)
{
  struct home *home = forvar == NULL ? NULL : forvar->home;
  forvar_unwrap(forvar);  // readers go before the home
  home_close(home);
}

enum forvar_result forvar_jobs(struct forvar *forvar, struct forvar_error *error)
{
  struct err err = ERR_INIT;
  return home_jobs(forvar->home, &err) == ERR_OK ? FORVAR_OK : fail(&err, error);
}

// ── Persons and things ──────────────────────────────────────────────────────────────────────

enum forvar_result forvar_person_add(struct forvar *forvar, char *ret_id,
                                     struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct person_add_input input = {0};
  struct person_add_output output;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  if (home_perform(forvar->home, &operation, &err) != ERR_OK)
    return fail(&err, error);
  write_id(forvar, 'p', output.person.value, ret_id);
  return FORVAR_OK;
}

static enum err_code thing_input(const struct forvar *forvar, const char *person, const char *type,
                                 const char *in, const char *when, struct thing_add_input *input,
                                 struct err *err)
{
  const struct policy *policy = NULL;
  enum err_code code = current_policy(forvar, &policy, err);
  if (code == ERR_OK)
    code = read_id(forvar, 'p', person, &input->person.value, err);
  if (code == ERR_OK && in != NULL)
    code = read_id(forvar, 't', in, &input->parent.value, err);
  if (code == ERR_OK)
    code = read_when(forvar, policy, when, &input->effective_us, err);
  if (code != ERR_OK)
    return code;
  input->type = policy_thing(policy, view_of(type));
  return input->type >= 0 ? ERR_OK : no_such("type of thing", type, err);
}

enum forvar_result forvar_thing_add(struct forvar *forvar, const char *person, const char *type,
                                    const char *in, const char *when, char *ret_id,
                                    struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct thing_add_input input = {.type = -1};
  struct thing_add_output output;
  enum err_code code = thing_input(forvar, person, type, in, when, &input, &err);
  if (code == ERR_OK) {
    struct operation operation = OPERATION(&verb_thing_add, &input, &output);
    code = home_perform(forvar->home, &operation, &err);
  }
  if (code != ERR_OK)
    return fail(&err, error);
  write_id(forvar, 't', output.thing.value, ret_id);
  return FORVAR_OK;
}

enum forvar_result forvar_event_add(struct forvar *forvar, const char *person, const char *thing,
                                    const char *event, const char *when, struct forvar_error *error)
{
  struct err err = ERR_INIT;
  const struct policy *policy = NULL;
  struct event_add_input input = {.event = -1};
  struct event_add_output output;
  enum err_code code = current_policy(forvar, &policy, &err);
  if (code == ERR_OK)
    code = read_id(forvar, 'p', person, &input.person.value, &err);
  if (code == ERR_OK)
    code = read_id(forvar, 't', thing, &input.thing.value, &err);
  if (code == ERR_OK)
    code = read_when(forvar, policy, when, &input.effective_us, &err);
  if (code == ERR_OK) {
    input.event = policy_event(policy, view_of(event));
    struct operation operation = OPERATION(&verb_event_add, &input, &output);
    code = input.event < 0 ? no_such("event", event, &err)
                           : home_perform(forvar->home, &operation, &err);
  }
  return code == ERR_OK ? FORVAR_OK : fail(&err, error);
}

// ── Putting ─────────────────────────────────────────────────────────────────────────────────

static enum err_code put_input(const struct forvar *forvar, const struct forvar_put *put,
                               struct record_value *values, struct record_put_input *input,
                               struct err *err)
{
  const struct policy *policy = NULL;
  if (put->value_count > VALUES_MAX)
    return err_set(err, ERR_LIMIT, "a put has 1 to %d values", VALUES_MAX);
  enum err_code code = current_policy(forvar, &policy, err);
  if (code == ERR_OK)
    code = read_id(forvar, 'p', put->person, &input->person.value, err);
  if (code == ERR_OK && put->thing != NULL)
    code = read_id(forvar, 't', put->thing, &input->thing.value, err);
  if (code == ERR_OK && put->obtained != NULL)
    code = read_when(forvar, policy, put->obtained, &input->obtained_us, err);
  if (code != ERR_OK)
    return code;
  input->point = policy_point(policy, view_of(put->point));
  input->source = policy_source(policy, view_of(put->source));
  for (size_t i = 0; i < put->value_count; i++)
    values[i] = (struct record_value){policy_field(policy, view_of(put->values[i].field)),
                                      view_bytes(put->values[i].bytes, put->values[i].length)};
  input->values = values;
  input->value_count = (int32_t)put->value_count;
  return ERR_OK;
}

// What the operation key is bound to: everything that was asked.
static void digest_put(const struct forvar_put *put, unsigned char ret[OPERATION_KEY_BYTES])
{
  struct view parts[5 + 2 * VALUES_MAX];
  int count = 0;
  const char *texts[] = {put->person, put->point, put->source, put->thing, put->obtained};
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
    parts[count++] =
        view_bytes(texts[i] == NULL ? "" : texts[i], texts[i] == NULL ? 1 : strlen(texts[i]) + 1);
  for (size_t i = 0; i < put->value_count && i < VALUES_MAX; i++) {
    parts[count++] = view_bytes(put->values[i].field, strlen(put->values[i].field) + 1);
    parts[count++] = view_bytes(put->values[i].bytes, put->values[i].length);
  }
  unsigned char hash[32];
  sha256(parts, count, hash);
  memcpy(ret, hash, OPERATION_KEY_BYTES);
}

enum forvar_result forvar_put(struct forvar *forvar, const struct forvar_put *put,
                              struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct record_value values[VALUES_MAX];
  struct record_put_input input = {.point = -1};
  struct record_put_output output;
  enum err_code code = put_input(forvar, put, values, &input, &err);
  if (code != ERR_OK)
    return fail(&err, error);
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  if (put->operation_key != NULL) {
    operation.has_key = true;
    memcpy(operation.key, put->operation_key, sizeof operation.key);
    digest_put(put, operation.digest);
  }
  code = home_perform(forvar->home, &operation, &err);
  return code == ERR_OK ? FORVAR_OK : fail(&err, error);
}

// ── Using ───────────────────────────────────────────────────────────────────────────────────

static struct idle_reader *lend_reader(struct forvar *forvar, struct err *err)
{
  INVARIANT(pthread_mutex_lock(&forvar->mutex) == 0);
  struct idle_reader *lent = forvar->idle;
  if (lent != NULL)
    forvar->idle = lent->next;
  INVARIANT(pthread_mutex_unlock(&forvar->mutex) == 0);
  if (lent != NULL)
    return lent;
  lent = calloc(1, sizeof *lent);
  if (lent == NULL) {
    err_set(err, ERR_MEMORY, "no memory for a reader");
    return NULL;
  }
  if (home_reader(forvar->home, &lent->reader, err) == ERR_OK)
    return lent;
  free(lent);
  return NULL;
}

static void give_back(struct forvar *forvar, struct idle_reader *lent)
{
  INVARIANT(pthread_mutex_lock(&forvar->mutex) == 0);
  lent->next = forvar->idle;
  forvar->idle = lent;
  INVARIANT(pthread_mutex_unlock(&forvar->mutex) == 0);
}

static enum err_code use_request(const struct forvar *forvar, const struct forvar_use *use,
                                 struct use_request *request, struct err *err)
{
  const struct policy *policy = NULL;
  enum err_code code = current_policy(forvar, &policy, err);
  if (code == ERR_OK)
    code = read_id(forvar, 'p', use->person, &request->person.value, err);
  if (code == ERR_OK && use->thing != NULL)
    code = read_id(forvar, 't', use->thing, &request->thing, err);
  if (code != ERR_OK)
    return code;
  request->actor = (struct actor){0, policy_role(policy, view_of(use->role)), -1};
  if (request->actor.role < 0)
    return no_such("role", use->role, err);  // -1 would be the machine itself
  request->purpose = policy_purpose(policy, view_of(use->purpose));
  request->field = policy_field(policy, view_of(use->field));
  request->channel = GATE_NO_CHANNEL;
  request->mode = use->kept != 0 ? LEDGER_KEPT : LEDGER_DURABLE;
  return ERR_OK;
}

enum forvar_result forvar_use(struct forvar *forvar, const struct forvar_use *use,
                              void (*value)(void *context, const void *bytes, size_t length),
                              void *context, struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct use_request request = {.ask_only = value == NULL};
  if (use_request(forvar, use, &request, &err) != ERR_OK)
    return fail(&err, error);
  struct idle_reader *lent = lend_reader(forvar, &err);
  if (lent == NULL)
    return fail(&err, error);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  enum err_code code = home_use(forvar->home, lent->reader, &request, &arena, &answer, &err);
  give_back(forvar, lent);
  if (code != ERR_OK)
    return fail(&err, error);
  for (int32_t i = 0; value != NULL && i < answer.value_count; i++)
    value(context, answer.values[i].value.bytes, answer.values[i].value.length);
  return FORVAR_OK;
}

enum forvar_result forvar_decide(struct forvar *forvar, const struct forvar_use *use,
                                 struct forvar_error *error)
{
  return forvar_use(forvar, use, NULL, NULL, error);
}

// ── Finding and erasing ─────────────────────────────────────────────────────────────────────

// The caller leads: the look-up reads through the writer's connection.
static enum err_code find_persons(const struct forvar *forvar, const char *field, const char *value,
                                  struct person_id *persons, int32_t *ret_count, struct err *err)
{
  struct core *core = home_core(forvar->home);
  const struct policy *policy = NULL;
  enum err_code code = current_policy(forvar, &policy, err);
  if (code != ERR_OK)
    return code;
  int32_t index = policy_field(policy, view_of(field));
  if (index < 0)
    return no_such("field", field, err);
  if (!policy->fields[index].lookup) {
    err_set(err, ERR_INPUT, "field %s has no look-up index", field);
    return err_hint(err, "a field that the policy declares with lookup: yes can be searched");
  }
  int32_t number = names_number_at(core_names(core), NAME_FIELD, index);
  return lookup_find(core, core_store(core), &policy->fields[index], number, view_of(value),
                     persons, FORVAR_FOUND_MAX, ret_count, err);
}

enum forvar_result forvar_find(struct forvar *forvar, const char *field, const char *value,
                               void (*person)(void *context, const char *id), void *context,
                               struct forvar_error *error)
{
  struct err err = ERR_INIT;
  struct person_id persons[FORVAR_FOUND_MAX];
  int32_t count = 0;
  home_lead_begin(forvar->home);
  enum err_code code = find_persons(forvar, field, value, persons, &count, &err);
  home_lead_end(forvar->home);
  if (code != ERR_OK)
    return fail(&err, error);
  for (int32_t i = 0; i < count; i++) {
    char id[FORVAR_ID_BYTES];
    write_id(forvar, 'p', persons[i].value, id);
    person(context, id);
  }
  return FORVAR_OK;
}

static enum err_code write_receipt(const struct forvar *forvar, const struct erase_output *output,
                                   struct str *ret_text, struct err *err)
{
  home_lead_begin(forvar->home);
  enum err_code code = receipt_write(home_core(forvar->home), output->entry_index, output->salt,
                                     view_of(output->body), ret_text, err);
  home_lead_end(forvar->home);
  if (code != ERR_OK)
    (void)err_hint(err, "the person is erased all the same; entry %lld of the log tells of it",
                   (long long)output->entry_index);
  return code;
}

enum forvar_result forvar_erase(struct forvar *forvar, const char *person,
                                void (*receipt)(void *context, const char *text), void *context,
                                struct forvar_error *error)
{
  struct err err = ERR_INIT;
  OWNED(str) struct str text = STR_INIT(RECEIPT_BYTES_MAX);
  struct erase_input input = {.request = 0};
  struct erase_output output;
  enum err_code code = read_id(forvar, 'p', person, &input.person.value, &err);
  if (code == ERR_OK) {
    struct operation operation = OPERATION(&verb_erase, &input, &output);
    code = home_perform(forvar->home, &operation, &err);
  }
  if (code == ERR_OK && receipt != NULL)
    code = write_receipt(forvar, &output, &text, &err);
  if (code == ERR_OK && receipt != NULL)
    receipt(context, str_text(&text));
  explicit_bzero(output.salt, sizeof output.salt);
  return code == ERR_OK ? FORVAR_OK : fail(&err, error);
}
