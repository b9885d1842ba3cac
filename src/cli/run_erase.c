// Erasing by hand: a plan in three lists, and exactly that plan done.
#include <sodium.h>
#include <string.h>

#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/verbs.h"
#include "retain/erase.h"
#include "retain/receipt.h"

#define ERASE_PLAN_SCHEMA "forvar.erase.plan/1"

static const char *const scope_words[] = {[ERASE_PERSON] = "person",
                                          [ERASE_CATEGORY] = "category",
                                          [ERASE_PURPOSE] = "purpose",
                                          [ERASE_THING] = "thing"};

// ── What is asked for ───────────────────────────────────────────────────────────────────────

static enum err_code read_scope(const struct core *core, const char *kind, struct view name,
                                struct erase_scope *ret_scope, struct err *err)
{
  const struct policy *policy = NULL;
  *ret_scope = (struct erase_scope){.kind = ERASE_PERSON};
  if (strcmp(kind, scope_words[ERASE_PERSON]) == 0)
    return ERR_OK;
  enum err_code code = words_policy(core, &policy, err);
  if (code != ERR_OK)
    return code;
  if (strcmp(kind, scope_words[ERASE_CATEGORY]) == 0) {
    ret_scope->kind = ERASE_CATEGORY;
    if (policy_fields(policy, name, &ret_scope->fields))
      return ERR_OK;
    return err_set(err, ERR_INPUT, "the policy has no category or field of that name");
  }
  if (strcmp(kind, scope_words[ERASE_PURPOSE]) == 0) {
    ret_scope->kind = ERASE_PURPOSE;
    return words_index(policy, NAME_PURPOSE, name, &ret_scope->purpose, err);
  }
  if (strcmp(kind, scope_words[ERASE_THING]) != 0)
    return err_set(err, ERR_INPUT, "the plan is about a person, category, purpose or thing");
  ret_scope->kind = ERASE_THING;
  return words_thing(core, name, &ret_scope->thing, err);
}

struct asked {
  const char *kind, *name;
};

static enum err_code read_options(const struct call *call, struct asked *ret_asked, struct err *err)
{
  static const struct {
    const char *option;
    enum erase_scope_kind kind;
  } options[] = {
      {"--category", ERASE_CATEGORY}, {"--purpose", ERASE_PURPOSE}, {"--thing", ERASE_THING}};
  int count = 0;
  *ret_asked = (struct asked){scope_words[ERASE_PERSON], ""};
  for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
    const char *name = call_option(call, options[i].option);
    if (name == NULL)
      continue;
    *ret_asked = (struct asked){scope_words[options[i].kind], name};
    count++;
  }
  return count <= 1
             ? ERR_OK
             : err_set(err, ERR_USAGE, "--category, --purpose and --thing exclude each other");
}

// ── The plan, written ───────────────────────────────────────────────────────────────────────

static void write_until(const struct call *call, const struct end *end,
                        char ret_text[CALENDAR_TEXT_BYTES])
{
  if (end->state == END_AT)
    output_time(call, end->gone_us, ret_text);
  else
    (void)snprintf(ret_text, CALENDAR_TEXT_BYTES, "%s", end->state == END_OPEN ? "open" : "absent");
}

static struct document *goes_document(const struct erase_plan *plan)
{
  struct document *list = document_array();
  for (int32_t i = 0; i < plan->goes_count; i++) {
    struct document *line = document_object();
    document_set_text(line, "field", view_of(plan->goes[i].field));
    document_set_int(line, "records", plan->goes[i].count);
    document_add(list, line);
  }
  return list;
}

static struct document *stays_document(const struct call *call, const struct erase_plan *plan)
{
  struct document *list = document_array();
  for (int32_t i = 0; i < plan->stays_count; i++) {
    const struct erase_stay *stay = &plan->stays[i];
    char until[CALENDAR_TEXT_BYTES];
    struct document *line = document_object();
    write_until(call, &stay->end, until);
    document_set_text(line, "field", view_of(stay->field));
    document_set_int(line, "records", stay->count);
    document_set_text(line, "why", view_of(erase_reason_names[stay->why]));
    document_set_text(line, "for", view_of(stay->name));
    document_set_text(line, "law", view_of(stay->law));
    document_set_text(line, "until", view_of(until));
    document_add(list, line);
  }
  return list;
}

static struct document *follows_document(const struct erase_plan *plan)
{
  struct document *follows = document_object();
  struct document *list = document_array();
  for (int32_t i = 0; i < plan->others.count; i++) {
    struct document *line = document_object();
    document_set_text(line, "kind", view_of(task_kind_name(plan->others.items[i].kind)));
    document_set_text(line, "party", plan->others.items[i].party);
    document_set_bool(line, "answer", plan->others.items[i].needs_answer);
    document_add(list, line);
  }
  document_set_int(follows, "keys", plan->keys);
  document_set_int(follows, "things", plan->things);
  document_set_int(follows, "messages", plan->messages);
  document_set(follows, "tasks", list);
  return follows;
}

static enum err_code write_plan(const struct call *call, const struct erase_plan *plan,
                                const struct asked *asked, struct str *ret_text, struct err *err)
{
  char digest[2 * SHA256_BYTES + 1];
  OWNED(document) struct document *document = document_object();
  hex_write(plan->digest, sizeof plan->digest, digest);
  document_set_text(document, "schema", VIEW_LITERAL(ERASE_PLAN_SCHEMA));
  document_set_text(document, "person", view_of(call->arguments[0]));
  document_set_int(document, "person_version", plan->person_version);
  document_set_text(document, "scope", view_of(asked->kind));
  document_set_text(document, "name", view_of(asked->name));
  document_set_text(document, "digest", view_of(digest));
  document_set_bool(document, "whole", plan->is_whole);
  document_set_int(document, "records", plan->records);
  document_set_int(document, "kept", plan->kept);
  document_set(document, "goes", goes_document(plan));
  document_set(document, "stays", stays_document(call, plan));
  document_set(document, "follows", follows_document(plan));
  return document_write(document, DOCUMENT_PRETTY, ret_text, err);
}

static void tell_plan(const struct call *call, const struct erase_plan *plan)
{
  say(call, "goes: %lld record%s", (long long)plan->records, plan->records == 1 ? "" : "s");
  for (int32_t i = 0; i < plan->goes_count; i++)
    say(call, "  - %6lld  %s", (long long)plan->goes[i].count, plan->goes[i].field);
  say(call, "stays: %lld record%s", (long long)plan->kept, plan->kept == 1 ? "" : "s");
  for (int32_t i = 0; i < plan->stays_count; i++) {
    const struct erase_stay *stay = &plan->stays[i];
    char until[CALENDAR_TEXT_BYTES];
    write_until(call, &stay->end, until);
    say(call, "    %6lld  %s  %s: %s (%s), %s %s", (long long)stay->count, stay->field,
        erase_reason_names[stay->why], stay->name, stay->law,
        stay->why == ERASE_STAYS_HELD ? "to be reviewed by" : "until", until);
  }
  say(call, "follows:");
  if (plan->is_whole)
    say(call,
        "    %lld key%s destroyed, %lld thing%s and %lld waiting message%s gone; what said no to "
        "advertising stays on the list",
        (long long)plan->keys, plan->keys == 1 ? "" : "s", (long long)plan->things,
        plan->things == 1 ? "" : "s", (long long)plan->messages, plan->messages == 1 ? "" : "s");
  for (int32_t i = 0; i < plan->others.count; i++)
    say(call, "    task: %s %.*s (%s)%s", task_kind_name(plan->others.items[i].kind),
        (int)plan->others.items[i].party.length, plan->others.items[i].party.bytes,
        task_kind_law(plan->others.items[i].kind),
        plan->others.items[i].needs_answer ? ", to confirm" : "");
  say(call, "nothing is done; to do exactly this: forvar erase apply %s", call_option(call, "-o"));
}

enum err_code run_erase_plan(struct call *call, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  OWNED(str) struct str text = STR_INIT(OUTPUT_BYTES_MAX);
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  struct person_id person;
  struct asked asked;
  struct erase_scope scope;
  enum err_code code = read_options(call, &asked, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code == ERR_OK)
    code = read_scope(call_core(call), asked.kind, view_of(asked.name), &scope, err);
  if (code == ERR_OK)
    code = erase_plan_make(call_core(call), person, &scope, &plan, err);
  if (code == ERR_OK)
    code = write_plan(call, &plan, &asked, &text, err);
  if (code == ERR_OK)
    code = output_open(call, call_option(call, "-o"), call_has(call, "--force"), &file, err);
  bool to_stream = file.is_stream;
  if (code == ERR_OK)
    code = output_finish(&file, str_view(&text), err);
  if (code == ERR_OK && !to_stream)
    tell_plan(call, &plan);
  return code;
}

// ── The plan, done ──────────────────────────────────────────────────────────────────────────

struct read_back {  // a plan as it was written; its lists are for whoever reads it
  struct erase_input input;
  unsigned char digest[SHA256_BYTES];
};

static enum err_code read_members(const struct core *core, const struct document *document,
                                  struct read_back *back, struct err *err)
{
  struct view id, kind, name, digest;
  enum err_code code = document_get_text(document, "person", &id, err);
  if (code == ERR_OK)
    code = document_get_int(document, "person_version", &back->input.person_version, err);
  if (code == ERR_OK)
    code = document_get_text(document, "scope", &kind, err);
  if (code == ERR_OK)
    code = document_get_text(document, "name", &name, err);
  if (code == ERR_OK)
    code = document_get_text(document, "digest", &digest, err);
  if (code != ERR_OK)
    return code;
  if (back->input.person_version <= 0 || !hex_read(digest, back->digest, sizeof back->digest))
    return err_set(err, ERR_INPUT, "the plan names no version of the person, or has no digest");
  char word[16];
  (void)snprintf(word, sizeof word, "%.*s", (int)kind.length, kind.bytes);
  back->input.digest = back->digest;
  code = read_scope(core, word, name, &back->input.scope, err);
  return code != ERR_OK ? code : words_person(core, id, &back->input.person, err);
}

static enum err_code read_plan(const struct call *call, struct read_back *back, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(document) struct document *document = NULL;
  struct view schema;
  enum err_code code = input_read(call, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = document_read(str_view(&text), &document, err);
  if (code == ERR_OK)
    code = document_get_text(document, "schema", &schema, err);
  if (code == ERR_OK && !view_is(schema, ERASE_PLAN_SCHEMA))
    code = err_set(err, ERR_INPUT, "the file is not a plan of erasing");
  return code != ERR_OK ? code : read_members(call_core(call), document, back, err);
}

static void tell_tasks(const struct call *call, const struct erase_output *output,
                       struct document *document)
{
  char id[PUBLIC_ID_BYTES];
  if (output->tasks == 0)
    return;
  words_person_write(call_core(call), output->file, id);
  say(call, "%lld task%s before it is done everywhere: forvar task list %s",
      (long long)output->tasks, output->tasks == 1 ? "" : "s", id);
  if (document == NULL)
    return;
  document_set_int(document, "tasks", output->tasks);
  document_set_text(document, "case", view_of(id));
}

static enum err_code tell_erased(struct call *call, const struct erase_output *output,
                                 struct output_file *file, struct err *err)
{
  OWNED(str) struct str receipt = STR_INIT(RECEIPT_BYTES_MAX);
  if (file->file != NULL) {
    enum err_code code = receipt_write(call_core(call), output->entry_index, output->salt,
                                       view_of(output->body), &receipt, err);
    if (code == ERR_OK)
      code = output_finish(file, str_view(&receipt), err);
    if (code != ERR_OK) {
      (void)err_hint(err, "it is erased all the same; entry %lld of the log tells of it",
                     (long long)output->entry_index);
      return code;
    }
  }
  OWNED(document) struct document *document = output_document(call, "erase");
  if (document != NULL) {
    document_set_int(document, "records", output->records);
    document_set_int(document, "keys", output->keys);
    document_set_int(document, "kept", output->kept);
    document_set_int(document, "entry", output->entry_index);
  }
  say(call, "erased %lld records and %lld keys; entry %lld of the log", (long long)output->records,
      (long long)output->keys, (long long)output->entry_index);
  if (output->kept > 0)
    say(call,
        "%lld records stay, with reasons that the plan names; a request is still to be closed",
        (long long)output->kept);
  tell_tasks(call, output, document);
  return output_write(call, &document, err);
}

static enum err_code apply(struct call *call, const struct erase_input *input,
                           struct erase_output *output, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  const char *receipt = call_option(call, "--receipt");
  struct operation operation = OPERATION(&verb_erase, input, output);
  enum err_code code = ERR_OK;
  if (receipt != NULL)
    code = output_open(call, receipt, call_has(call, "--force"), &file, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code : tell_erased(call, output, &file, err);
}

enum err_code run_erase_apply(struct call *call, struct err *err)
{
  const char *request = call_option(call, "--request");
  struct read_back back = {.input = {.request = 0}};
  if (request != NULL &&
      (!view_int64(view_of(request), &back.input.request) || back.input.request <= 0))
    return err_set(err, ERR_USAGE, "a request is named by its number");
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = read_plan(call, &back, err);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct erase_output *output = arena_new(&arena, sizeof *output);
  if (code == ERR_OK && output == NULL)
    code = err_set(err, ERR_MEMORY, "no memory for an erasure");
  if (code != ERR_OK)
    return code;
  code = apply(call, &back.input, output, err);
  sodium_memzero(output->salt, sizeof output->salt);
  return code;
}
