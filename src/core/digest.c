#include "core/digest.h"

#include "base/sha256.h"
#include "core/bytes.h"

enum row_tag {  // first byte of every term: for ever
  TAG_PERSON = 1,
  TAG_RECORD,
  TAG_KEY,
  TAG_THING,
  TAG_EVENT,
  TAG_CHOICE,
  TAG_REQUEST,
  TAG_OUTBOX,
  TAG_LOOKUP,
  TAG_OPERATION,
  TAG_POLICY,
  TAG_NAME,
  TAG_CLASS,
  TAG_SERVICE,
  TAG_SUPPRESSION,
  TAG_META,
  TAG_HOLD,
  TAG_IMPORT,
  TAG_IMPORTED,
  TAG_TASK,
  TAG_OBJECTION,
  TAG_RESTRICTION,
  TAG_ALIAS,
  TAG_CONSENT,
  TAG_TALLY
};

enum { ROW_BYTES_MAX = 256, BLOB_BYTES_WHOLE = 64 };

struct row_writer {
  unsigned char memory[ROW_BYTES_MAX];
  struct bytes bytes;
};

static void begin(struct row_writer *row, enum row_tag tag)
{
  row->bytes = bytes_over(row->memory, sizeof row->memory);
  bytes_u32(&row->bytes, (uint32_t)tag);
}

static void number(struct row_writer *row, int64_t value) { bytes_i64(&row->bytes, value); }

// Long blobs enter as their hash, so that every term fits in one small buffer.
static void blob(struct row_writer *row, struct view value)
{
  number(row, (int64_t)value.length);
  if (value.length <= BLOB_BYTES_WHOLE) {
    bytes_add(&row->bytes, value.bytes, value.length);
    return;
  }
  unsigned char hash[32];
  sha256(&value, 1, hash);
  bytes_add(&row->bytes, hash, sizeof hash);
}

static struct term finish(const struct vault *vault, const struct row_writer *row)
{
  struct term term;
  vault_row_digest(vault, bytes_view(&row->bytes), term.bytes);
  return term;
}

struct term digest_person(const struct vault *vault, const struct person_row *person)
{
  struct row_writer row;
  begin(&row, TAG_PERSON);
  number(&row, person->person.value);
  number(&row, person->version);
  bytes_add(&row.bytes, person->state.bytes, person->state.length);
  return finish(vault, &row);
}

// Of a sealed value format, nonce and tag are enough: the tag authenticates the rest.
struct term digest_record(const struct vault *vault, const struct record_row *record)
{
  struct row_writer row;
  begin(&row, TAG_RECORD);
  number(&row, record->record.value);
  number(&row, record->version);
  number(&row, record->class_id);
  number(&row, record->key);
  number(&row, record->thing);
  number(&row, record->recorded_us);
  number(&row, record->obtained_us);
  number(&row, (int64_t)record->value.length);
  size_t head = 1 + VAULT_NONCE_BYTES;
  if (record->value.length >= head + VAULT_TAG_BYTES) {
    bytes_add(&row.bytes, record->value.bytes, head);
    bytes_add(&row.bytes, record->value.bytes + record->value.length - VAULT_TAG_BYTES,
              VAULT_TAG_BYTES);
  }
  return finish(vault, &row);
}

struct term digest_key(const struct vault *vault, const struct person_key_row *key)
{
  struct row_writer row;
  begin(&row, TAG_KEY);
  number(&row, key->person.value);
  number(&row, key->key);
  number(&row, key->key_group);
  number(&row, key->bucket);
  number(&row, key->epoch);
  number(&row, key->stale ? 1 : 0);
  blob(&row, key->wrapped);
  return finish(vault, &row);
}

struct term digest_thing(const struct vault *vault, const struct thing_row *thing)
{
  struct row_writer row;
  begin(&row, TAG_THING);
  number(&row, thing->person.value);
  number(&row, thing->thing);
  number(&row, thing->type);
  number(&row, thing->parent);
  number(&row, thing->recorded_us);
  return finish(vault, &row);
}

struct term digest_event(const struct vault *vault, const struct event_row *event)
{
  struct row_writer row;
  begin(&row, TAG_EVENT);
  number(&row, event->person.value);
  number(&row, event->thing);
  number(&row, event->event);
  number(&row, event->type);
  number(&row, event->effective_us);
  number(&row, event->recorded_us);
  number(&row, event->retracted_us);
  return finish(vault, &row);
}

struct term digest_hold(const struct vault *vault, const struct hold_row *hold)
{
  struct row_writer row;
  begin(&row, TAG_HOLD);
  number(&row, hold->person.value);
  number(&row, hold->hold);
  number(&row, hold->kind);
  number(&row, hold->field);
  number(&row, hold->thing);
  number(&row, hold->record);
  number(&row, hold->owner);
  number(&row, hold->key);
  number(&row, hold->since_us);
  number(&row, hold->review_us);
  number(&row, hold->alarmed_us);
  number(&row, hold->proposed_us);
  number(&row, hold->proposed_role);
  number(&row, hold->proposed_service);
  number(&row, hold->released_us);
  blob(&row, hold->matter);
  return finish(vault, &row);
}

struct term digest_choice(const struct vault *vault, const struct choice_row *choice)
{
  struct row_writer row;
  begin(&row, TAG_CHOICE);
  number(&row, choice->person.value);
  number(&row, choice->choice);
  number(&row, choice->what);
  number(&row, choice->argument);
  number(&row, choice->recorded_us);
  number(&row, choice->ended_us);
  return finish(vault, &row);
}

struct term digest_consent(const struct vault *vault, const struct consent_row *consent)
{
  struct row_writer row;
  begin(&row, TAG_CONSENT);
  number(&row, consent->person.value);
  number(&row, consent->consent);
  number(&row, consent->state);
  number(&row, consent->text);
  number(&row, consent->policy);
  number(&row, consent->thing);
  number(&row, consent->channel);
  number(&row, consent->method);
  number(&row, consent->how);
  number(&row, consent->role);
  number(&row, consent->service);
  number(&row, consent->given_us);
  number(&row, consent->until_us);
  number(&row, consent->recorded_us);
  blob(&row, consent->wording);
  return finish(vault, &row);
}

struct term digest_request(const struct vault *vault, const struct request_row *request)
{
  struct row_writer row;
  begin(&row, TAG_REQUEST);
  number(&row, request->person.value);
  number(&row, request->request);
  number(&row, request->right);
  number(&row, request->state);
  number(&row, request->received_us);
  number(&row, request->due_us);
  number(&row, request->outcome);
  number(&row, request->closed_us);
  number(&row, request->overdue_us);
  blob(&row, request->answer);
  return finish(vault, &row);
}

struct term digest_task(const struct vault *vault, const struct task_row *task)
{
  struct row_writer row;
  begin(&row, TAG_TASK);
  number(&row, task->person.value);
  number(&row, task->task);
  number(&row, task->kind);
  number(&row, task->about);
  number(&row, task->request);
  number(&row, task->state);
  number(&row, task->needs_answer ? 1 : 0);
  number(&row, task->attempt);
  number(&row, task->made_us);
  number(&row, task->due_us);
  number(&row, task->overdue_us);
  number(&row, task->closed_us);
  blob(&row, task->party);
  blob(&row, task->history);
  return finish(vault, &row);
}

struct term digest_outbox(const struct vault *vault, const struct outbox_row *outbox)
{
  struct row_writer row;
  begin(&row, TAG_OUTBOX);
  number(&row, outbox->person.value);
  number(&row, outbox->message);
  number(&row, outbox->kind);
  number(&row, outbox->purpose);
  number(&row, outbox->channel);
  number(&row, outbox->state);
  number(&row, outbox->due_us);
  number(&row, outbox->lease_us);
  number(&row, outbox->attempt);
  number(&row, outbox->reason);
  blob(&row, outbox->payload);
  return finish(vault, &row);
}

struct term digest_lookup(const struct vault *vault, const struct lookup_row *lookup)
{
  struct row_writer row;
  begin(&row, TAG_LOOKUP);
  blob(&row, lookup->hash);
  number(&row, lookup->epoch);
  number(&row, lookup->version);
  number(&row, lookup->person.value);
  number(&row, lookup->record.value);
  return finish(vault, &row);
}

struct term digest_operation(const struct vault *vault, const struct operation_row *operation)
{
  struct row_writer row;
  begin(&row, TAG_OPERATION);
  number(&row, operation->person.value);
  blob(&row, operation->key);
  blob(&row, operation->digest);
  number(&row, operation->at_us);
  blob(&row, operation->outcome);
  return finish(vault, &row);
}

struct term digest_policy(const struct vault *vault, const struct policy_row *policy)
{
  struct row_writer row;
  begin(&row, TAG_POLICY);
  number(&row, policy->version);
  blob(&row, policy->hash);
  number(&row, policy->activated_us);
  blob(&row, policy->text);
  blob(&row, policy->law);
  return finish(vault, &row);
}

struct term digest_name(const struct vault *vault, const struct name_row *name)
{
  struct row_writer row;
  begin(&row, TAG_NAME);
  number(&row, name->kind);
  number(&row, name->number);
  blob(&row, name->name);
  return finish(vault, &row);
}

struct term digest_class(const struct vault *vault, const struct class_row *class_row)
{
  struct row_writer row;
  begin(&row, TAG_CLASS);
  number(&row, class_row->class_id);
  number(&row, class_row->policy_version);
  number(&row, class_row->point);
  number(&row, class_row->source);
  number(&row, class_row->field);
  number(&row, class_row->thing_type);
  number(&row, class_row->key_group);
  return finish(vault, &row);
}

struct term digest_service(const struct vault *vault, const struct service_row *service)
{
  struct row_writer row;
  begin(&row, TAG_SERVICE);
  number(&row, service->service);
  blob(&row, service->name);
  blob(&row, service->token);
  number(&row, service->role);
  number(&row, service->purpose);
  number(&row, service->added_us);
  number(&row, service->ended_us);
  return finish(vault, &row);
}

struct term digest_suppression(const struct vault *vault, const struct suppression_row *suppression)
{
  struct row_writer row;
  begin(&row, TAG_SUPPRESSION);
  blob(&row, suppression->hash);
  number(&row, suppression->channel);
  number(&row, suppression->version);
  number(&row, suppression->since_us);
  return finish(vault, &row);
}

struct term digest_meta(const struct vault *vault, const char *name, struct view value)
{
  struct row_writer row;
  begin(&row, TAG_META);
  blob(&row, view_of(name));
  blob(&row, value);
  return finish(vault, &row);
}

struct term digest_import(const struct vault *vault, const struct import_row *import)
{
  struct row_writer row;
  begin(&row, TAG_IMPORT);
  number(&row, import->import);
  number(&row, import->since_us);
  number(&row, import->state);
  blob(&row, import->digest);
  return finish(vault, &row);
}

struct term digest_imported(const struct vault *vault, const struct imported_row *imported)
{
  struct row_writer row;
  begin(&row, TAG_IMPORTED);
  number(&row, imported->person.value);
  number(&row, imported->import);
  number(&row, imported->line);
  number(&row, imported->thing);
  number(&row, imported->events);
  number(&row, imported->made ? 1 : 0);
  blob(&row, imported->rids);
  return finish(vault, &row);
}

struct term digest_objection(const struct vault *vault, const struct objection_row *objection)
{
  struct row_writer row;
  begin(&row, TAG_OBJECTION);
  number(&row, objection->person.value);
  number(&row, objection->objection);
  number(&row, objection->purpose);
  number(&row, objection->request);
  number(&row, objection->since_us);
  number(&row, objection->named);
  number(&row, objection->outcome);
  number(&row, objection->decided_us);
  number(&row, objection->decider);
  number(&row, objection->key);
  blob(&row, objection->reasons);
  return finish(vault, &row);
}

struct term digest_restriction(const struct vault *vault, const struct restriction_row *restriction)
{
  struct row_writer row;
  begin(&row, TAG_RESTRICTION);
  number(&row, restriction->person.value);
  number(&row, restriction->restriction);
  number(&row, restriction->ground);
  number(&row, restriction->request);
  number(&row, restriction->thing);
  number(&row, restriction->record);
  number(&row, restriction->owner);
  number(&row, restriction->task);
  number(&row, restriction->since_us);
  number(&row, restriction->review_us);
  number(&row, restriction->told_us);
  number(&row, restriction->lifted_us);
  number(&row, restriction->key);
  blob(&row, restriction->fields);
  blob(&row, restriction->matter);
  return finish(vault, &row);
}

struct term digest_alias(const struct vault *vault, const struct alias_row *alias)
{
  struct row_writer row;
  begin(&row, TAG_ALIAS);
  number(&row, alias->person.value);
  number(&row, alias->other.value);
  number(&row, alias->since_us);
  return finish(vault, &row);
}

struct term digest_tally(const struct vault *vault, const struct tally_row *tally)
{
  struct row_writer row;
  begin(&row, TAG_TALLY);
  number(&row, tally->field);
  number(&row, tally->day);
  number(&row, tally->records);
  number(&row, tally->persons);
  blob(&row, tally->value);
  return finish(vault, &row);
}
