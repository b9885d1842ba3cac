// By the command line, carried out in this process as a server carries them out (cli/remote.h).
#define _GNU_SOURCE  // fmemopen, open_memstream
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/words.h"
#include "cli/command.h"
#include "core/names.h"
#include "ways.h"

enum { WORDS_MAX = 24 };

struct commands {
  struct core *core;
  struct home *home;
};

static struct commands the_commands;

static enum err_code begin(void *context, struct core *core, const char *store_uri, struct err *err)
{
  struct commands *commands = context;
  *commands = (struct commands){.core = core};
  return home_around(core, store_uri, &commands->home, err);
}

static void end(void *context)
{
  struct commands *commands = context;
  home_around_end(commands->home);
}

struct words {
  char *words[WORDS_MAX];
  int count;
};

static void say(struct words *words, const char *word)
{
  words->words[words->count++] = (char *)(uintptr_t)word;  // as main has it, and never written
}

static void say_option(struct words *words, const char *option, const char *value)
{
  say(words, option);
  say(words, value);
}

// ERR_OK with what the command wrote; else the error that it told. *ret_document is what stands on
// the output or, of a failure, among the errors.
static enum err_code run(const struct commands *commands, const struct words *words,
                         struct view input, struct document **ret_document, struct err *err)
{
  char *texts[2] = {NULL, NULL};
  size_t lengths[2] = {0, 0};
  char nothing[] = "";
  struct streams streams = {
      input.length > 0 ? fmemopen((void *)(uintptr_t)input.bytes, input.length, "r")
                       : fmemopen(nothing, 1, "r"),
      open_memstream(&texts[0], &lengths[0]), open_memstream(&texts[1], &lengths[1])};
  int exit_code =
      command_run_served(commands->home, AT_FDCWD, words->count, words->words, &streams);
  fclose(streams.in);
  fclose(streams.out);
  fclose(streams.errors);
  int place = exit_code == 0 ? 0 : 1;
  enum err_code code = document_read(view_bytes(texts[place], lengths[place]), ret_document, err);
  if (code == ERR_OK && exit_code != 0)
    code = way_error(*ret_document, err);
  free(texts[0]);
  free(texts[1]);
  return code;
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────

static enum err_code add_thing(const struct commands *commands, const struct thing_add_input *input,
                               struct thing_add_output *output, bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(commands->core);
  char when[WAY_WHEN_BYTES];
  char person[PUBLIC_ID_BYTES];
  char parent[PUBLIC_ID_BYTES];
  struct words words = {{"forvar", "--json", "thing", "add"}, 4};
  *ret_taken = input->type >= 0 && way_when(policy, input->effective_us, when);
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *told = NULL;
  struct view id;
  words_person_write(commands->core, input->person, person);
  say_option(&words, person, names_of_policy(policy, NAME_THING, input->type));
  say_option(&words, "--time", when);
  if (input->parent.value != 0) {
    words_thing_write(commands->core, input->parent, parent);
    say_option(&words, "--in", parent);
  }
  enum err_code code = run(commands, &words, VIEW_EMPTY, &told, err);
  if (code == ERR_OK)
    code = document_get_text(told, "id", &id, err);
  return code != ERR_OK ? code : words_thing(commands->core, id, &output->thing, err);
}

static enum err_code add_event(const struct commands *commands, const struct event_add_input *input,
                               bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(commands->core);
  char when[WAY_WHEN_BYTES];
  char person[PUBLIC_ID_BYTES];
  char thing[PUBLIC_ID_BYTES];
  struct words words = {{"forvar", "--json", "event", "add"}, 4};
  *ret_taken = way_when(policy, input->effective_us, when);
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *told = NULL;
  words_person_write(commands->core, input->person, person);
  words_thing_write(commands->core, input->thing, thing);
  say_option(&words, person, thing);
  say(&words, names_of_policy(policy, NAME_EVENT, input->event));
  say_option(&words, "--time", when);
  return run(commands, &words, VIEW_EMPTY, &told, err);
}

static enum err_code put(const struct commands *commands, const struct record_put_input *input,
                         bool *ret_taken, struct err *err)
{
  const struct policy *policy = core_policy(commands->core);
  char when[WAY_WHEN_BYTES];
  char person[PUBLIC_ID_BYTES];
  char thing[PUBLIC_ID_BYTES];
  struct words words = {{"forvar", "--json", "record", "put"}, 4};
  *ret_taken = input->point >= 0 && input->source >= 0 &&
               (input->obtained_us == 0 || way_when(policy, input->obtained_us, when));
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *told = NULL;
  OWNED(document) struct document *values = way_values(policy, input);
  OWNED(str) struct str text = STR_INIT(WAY_TEXT_BYTES_MAX);
  words_person_write(commands->core, input->person, person);
  say(&words, person);
  say_option(&words, "--point", names_of_policy(policy, NAME_POINT, input->point));
  say_option(&words, "--source", names_of_policy(policy, NAME_SOURCE, input->source));
  if (input->thing.value != 0) {
    words_thing_write(commands->core, input->thing, thing);
    say_option(&words, "--thing", thing);
  }
  if (input->obtained_us != 0)
    say_option(&words, "--obtained", when);
  enum err_code code = document_write(values, DOCUMENT_LINE, &text, err);
  return code != ERR_OK ? code : run(commands, &words, str_view(&text), &told, err);
}

static enum err_code perform(void *context, struct operation *operation, bool *ret_taken,
                             struct err *err)
{
  const struct commands *commands = context;
  if (operation->verb == &verb_thing_add)
    return add_thing(commands, operation->input, operation->output, ret_taken, err);
  if (operation->verb == &verb_event_add)
    return add_event(commands, operation->input, ret_taken, err);
  if (operation->verb == &verb_record_put)
    return put(commands, operation->input, ret_taken, err);
  return ERR_OK;
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

static enum err_code use(void *context, const struct use_request *request,
                         const struct use_answer *expected, bool *ret_taken, struct err *err)
{
  const struct commands *commands = context;
  const struct policy *policy = core_policy(commands->core);
  char person[PUBLIC_ID_BYTES];
  char thing[PUBLIC_ID_BYTES];
  char of[PUBLIC_ID_BYTES];
  struct words words = {{"forvar", "--json"}, 2};
  *ret_taken = request->actor.role >= 0 && request->purpose >= 0 && request->field >= 0 &&
               request->channel == GATE_NO_CHANNEL;
  if (!*ret_taken)
    return ERR_OK;
  OWNED(document) struct document *told = NULL;
  words_person_write(commands->core, request->person, person);
  say_option(&words, request->ask_only ? "explain" : "record", request->ask_only ? "use" : "get");
  say_option(&words, person, policy->fields[request->field].name);
  say_option(&words, "--role", policy->roles[request->actor.role].name);
  say_option(&words, "--purpose", policy->purposes[request->purpose].name);
  if (request->thing != 0) {
    words_thing_write(commands->core, (struct thing_id){request->thing}, thing);
    say_option(&words, "--thing", thing);
  }
  if (request->to.named)
    say_option(&words, "--to", way_leaving(policy, request->to));
  if (request->case_thing != 0) {
    words_thing_write(commands->core, (struct thing_id){request->case_thing}, of);
    say_option(&words, "--case", of);
  }
  if (request->has_reason)
    say_option(&words, "--reason", "asked for");
  struct way_told way_told = {.is_allowed = false};
  enum err_code code = run(commands, &words, VIEW_EMPTY, &told, err);
  if (code != ERR_OK && code != ERR_REFUSED)
    return code;
  if (code == ERR_REFUSED)
    (void)!document_get_text(told, "reason", &way_told.reason, err);
  else if (request->ask_only)
    way_read_decision(told, &way_told);
  else
    way_read_values(told, &way_told);
  return way_compare(&way_told, request, expected, err);
}

const struct trial_way way_commands = {&the_commands, begin, end, perform, use};
