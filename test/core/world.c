#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/kept.h"
#include "store/store.h"
#include "vault/key_source.h"

// ── Small files in memory ───────────────────────────────────────────────────────────────────

static struct world_file *find_file(struct world *world, const char *name)
{
  for (int i = 0; i < world->file_count; i++)
    if (strcmp(world->files[i].name, name) == 0)
      return &world->files[i];
  return NULL;
}

static struct world_file *make_file(struct world *world, const char *name)
{
  struct world_file *file = find_file(world, name);
  if (file != NULL)
    return file;
  assert_true(world->file_count < WORLD_FILES_MAX);
  file = &world->files[world->file_count++];
  snprintf(file->name, sizeof file->name, "%s", name);
  return file;
}

static enum err_code read_file(void *context, const char *name, size_t bytes_max,
                               struct str *ret_bytes, struct err *err)
{
  const struct world_file *file = find_file(context, name);
  if (file == NULL)
    return err_set(err, ERR_NOT_FOUND, "there is no such file");
  assert_true(file->length <= bytes_max);
  str_add(ret_bytes, view_bytes(file->bytes, file->length));
  return ERR_OK;
}

static enum err_code append_file(void *context, const char *name, struct view bytes,
                                 struct err *err)
{
  (void)err;
  struct world_file *file = make_file(context, name);
  assert_true(file->length + bytes.length <= WORLD_FILE_BYTES_MAX);
  memcpy(file->bytes + file->length, bytes.bytes, bytes.length);
  file->length += bytes.length;
  return ERR_OK;
}

static enum err_code replace_file(void *context, const char *name, struct view bytes,
                                  struct err *err)
{
  make_file(context, name)->length = 0;
  return append_file(context, name, bytes, err);
}

static struct disk world_disk(struct world *world)
{
  return (struct disk){read_file, replace_file, append_file, world};
}

// ── The network ─────────────────────────────────────────────────────────────────────────────

static enum err_code deliver(void *context, int channel, const char *key, struct view address,
                             struct view payload, struct err *err)
{
  (void)err;
  struct world *world = context;
  assert_true(world->sent_count < WORLD_SENT_MAX);
  struct world_message *sent = &world->sent[world->sent_count++];
  sent->channel = channel;
  snprintf(sent->key, sizeof sent->key, "%s", key);
  snprintf(sent->address, sizeof sent->address, "%.*s", (int)address.length, address.bytes);
  snprintf(sent->payload, sizeof sent->payload, "%.*s", (int)payload.length, payload.bytes);
  return ERR_OK;
}

// ── Beginning and ending ────────────────────────────────────────────────────────────────────

static void must(enum err_code code, const struct err *err)
{
  if (code != ERR_OK)
    print_error("unexpected %s: %s (%s) %s\n", err_id(code), err->message, err->where, err->hint);
  assert_int_equal(code, ERR_OK);
}

struct core_options world_options(struct world *world)
{
  struct core_options options = {
      .store = world->test->store,
      .clock = clock_virtual(&world->now_us),
      .random = random_from_seed(&world->seeded),
      .disk = world_disk(world),
      .node = 1,
      .cache_persons_max = 10000,
  };
  struct key_source source = key_source_memory(world->company_key);
  struct disk disk = world_disk(world);
  struct random_source random = random_from_seed(&world->seeded);
  must(vault_open(&source, &disk, &random, &options.vault, &world->err), &world->err);
  return options;
}

static void open_core(struct world *world)
{
  struct core_options options = world_options(world);
  must(core_open(&options, &world->core, &world->err), &world->err);
  world->test->store = NULL;  // the core's from now on
  must(reader_open(world->core, NULL, &world->reader, &world->err), &world->err);
}

struct world *world_begin(struct test_store *test)
{
  struct world *world = calloc(1, sizeof *world);
  assert_non_null(world);
  world->test = test;
  random_seeded_init(&world->seeded, 1);
  memset(world->company_key, 7, sizeof world->company_key);
  world->now_us = INT64_C(1764576000000000);  // 2025-12-01 09:00 in Stockholm
  world->network = (struct network){deliver, world};
  struct key_source source = key_source_memory(world->company_key);
  struct disk disk = world_disk(world);
  struct random_source random = random_from_seed(&world->seeded);
  must(vault_create(&source, &disk, &random, world->now_us, &world->err), &world->err);
  struct core_options options = world_options(world);
  must(core_create(&options, "test.example/forvar", &world->err), &world->err);
  vault_close(options.vault);
  open_core(world);
  world_activate(world, "test/thread/framsteget.yaml");
  return world;
}

void world_end(struct world *world)
{
  reader_close(world->reader);
  core_close(world->core);
  free(world);
}

void world_reopen(struct world *world)
{
  reader_close(world->reader);
  core_close(world->core);
  struct store_options options = {.uri = world->test->uri};
  must(store_open(&options, &world->test->store, &world->err), &world->err);
  open_core(world);
}

// ── Time and policy ─────────────────────────────────────────────────────────────────────────

const struct policy *world_policy(const struct world *world) { return core_policy(world->core); }

int64_t world_instant(const struct world *world, const char *local_time)
{
  int64_t instant_us = 0;
  assert_true(calendar_read_time(world_policy(world)->zone, view_of(local_time), &instant_us));
  return instant_us;
}

void world_at(struct world *world, const char *local_time)
{
  world->now_us = world_instant(world, local_time);
}

void world_activate(struct world *world, const char *file_name)
{
  char path[500];
  static char text[POLICY_BYTES_MAX];
  snprintf(path, sizeof path, "%s/%s", FORVAR_SOURCE_ROOT, file_name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  size_t length = fread(text, 1, sizeof text, file);
  fclose(file);
  struct policy_activate_input input = {file_name, view_bytes(text, length)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  must(core_perform(world->core, &operation, &world->err), &world->err);
  must(core_policy_changed(world->core, &world->err), &world->err);
}

// ── What happens ────────────────────────────────────────────────────────────────────────────

struct person_id world_person(struct world *world)
{
  struct person_add_input input = {0};
  struct person_add_output output;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  must(core_perform(world->core, &operation, &world->err), &world->err);
  return output.person;
}

int64_t world_thing(struct world *world, struct person_id person, const char *type, int64_t parent,
                    const char *local_time)
{
  struct thing_add_input input = {person,
                                  policy_thing(world_policy(world), view_of(type)),
                                  {parent},
                                  world_instant(world, local_time)};
  struct thing_add_output output;
  struct operation operation = OPERATION(&verb_thing_add, &input, &output);
  must(core_perform(world->core, &operation, &world->err), &world->err);
  return output.thing.value;
}

struct person_id world_customer(struct world *world)
{
  struct person_id person = world_person(world);
  world_thing(world, person, "contract", 0, "2025-01-01 00:00");
  return person;
}

void world_happens(struct world *world, struct person_id person, int64_t thing, const char *event,
                   const char *local_time)
{
  struct event_add_input input = {person,
                                  {thing},
                                  policy_event(world_policy(world), view_of(event)),
                                  world_instant(world, local_time)};
  struct event_add_output output;
  struct operation operation = OPERATION(&verb_event_add, &input, &output);
  must(core_perform(world->core, &operation, &world->err), &world->err);
}

static enum err_code put(struct world *world, struct person_id person, const char *point,
                         const char *source, int64_t thing, const struct record_value *values,
                         int32_t count)
{
  const struct policy *policy = world_policy(world);
  struct record_put_input input = {
      .person = person,
      .point = policy_point(policy, view_of(point)),
      .source = policy_source(policy, view_of(source)),
      .thing = {thing},
      .values = values,
      .value_count = count,
  };
  struct record_put_output output;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  return core_perform(world->core, &operation, &world->err);
}

enum err_code world_put(struct world *world, struct person_id person, const char *point,
                        const char *source, int64_t thing, const char *field, const char *value)
{
  struct record_value one = {policy_field(world_policy(world), view_of(field)), view_of(value)};
  return put(world, person, point, source, thing, &one, 1);
}

enum err_code world_put_contact(struct world *world, struct person_id person, const char *name,
                                const char *email)
{
  const struct policy *policy = world_policy(world);
  struct record_value two[] = {
      {policy_field(policy, VIEW_LITERAL("contact.name")), view_of(name)},
      {policy_field(policy, VIEW_LITERAL("contact.email")), view_of(email)}};
  return put(world, person, "purchase", "self", 0, two, 2);
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

static enum err_code use(struct world *world, const char *role, const char *purpose,
                         struct person_id person, const char *field, struct str *ret_values,
                         enum gate_reason *ret_reason)
{
  const struct policy *policy = world_policy(world);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_request request = {
      .actor = {0, policy_role(policy, view_of(role)), -1},
      .person = person,
      .purpose = policy_purpose(policy, view_of(purpose)),
      .field = policy_field(policy, view_of(field)),
      .channel = GATE_NO_CHANNEL,
      .mode = LEDGER_DURABLE,
  };
  struct use_answer answer;
  enum err_code code = use_perform(world->reader, &request, &arena, &answer, &world->err);
  if (code == ERR_OK || code == ERR_REFUSED)
    *ret_reason = answer.decision.first;
  for (int32_t i = 0; code == ERR_OK && i < answer.value_count; i++) {
    str_add(ret_values, view_of(i == 0 ? "" : "|"));
    str_add(ret_values, answer.values[i].value);
  }
  return code;
}

const char *world_use(struct world *world, const char *role, const char *purpose,
                      struct person_id person, const char *field)
{
  static char values[1000];
  OWNED(str) struct str text = STR_INIT(sizeof values - 1);
  enum gate_reason reason;
  (void)(use(world, role, purpose, person, field, &text, &reason) != ERR_OK);
  snprintf(values, sizeof values, "%s", str_text(&text));
  return values;
}

const char *world_reason(struct world *world, const char *role, const char *purpose,
                         struct person_id person, const char *field)
{
  OWNED(str) struct str text = STR_INIT(1000);
  enum gate_reason reason = GATE_REASON_COUNT;
  enum err_code code = use(world, role, purpose, person, field, &text, &reason);
  if (code == ERR_OK)
    return "allowed";
  return code == ERR_REFUSED ? gate_reason_name(reason) : err_id(code);
}
