// policy check, activate, show.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/verbs.h"
#include "policy/dump.h"
#include "policy/read.h"
#include "retain/policy_plan.h"
#include "trial/trial.h"

// ── check ───────────────────────────────────────────────────────────────────────────────────

static struct document *finding_document(const struct finding *finding, const char *file)
{
  struct document *document = document_object();
  document_set_text(document, "id", view_of(finding->id));
  document_set_text(document, "severity", view_of(severity_name(finding->severity)));
  document_set_text(document, "file", view_of(file));
  document_set_int(document, "line", finding->place.line);
  document_set_int(document, "column", finding->place.column);
  document_set_text(document, "message", view_of(finding->message));
  document_set_text(document, "article", view_of(finding->article));
  document_set_text(document, "consequence", view_of(finding->consequence));
  document_set_text(document, "fix", view_of(finding->fix));
  document_set_text(document, "at", view_of(finding->path));
  if (finding->ref[0] != '\0')
    document_set_text(document, "ref", view_of(finding->ref));
  if (finding->decided[0] != '\0')
    document_set_text(document, "decided", view_of(finding->decided));
  return document;
}

struct checking {
  struct call *call;
  struct document *findings;  // NULL: text
  int32_t errors, undecided, decided;
};

// Findings are told and counted, with errors among them or not.
static enum err_code read_policy(struct checking *checking, const char *file, struct view text,
                                 struct policy **ret_policy, struct err *err)
{
  OWNED(finding_list) struct finding_list list = FINDING_LIST_INIT;
  enum err_code code = policy_read(file, text, ret_policy, &list, err);
  for (int32_t i = 0; i < list.count; i++) {
    OWNED(str) struct str line = STR_INIT(4096);
    checking->decided += list.items[i].decided[0] != '\0';
    if (checking->findings != NULL) {
      document_add(checking->findings, finding_document(&list.items[i], file));
      continue;
    }
    finding_print(&list.items[i], file, text, &line);
    (void)fputs(str_text(&line), checking->call->streams.out);
  }
  checking->errors += list.errors;
  checking->undecided += list.undecided;
  return code;
}

enum err_code run_policy_check(struct call *call, struct err *err)
{
  OWNED(document) struct document *document = output_document(call, "findings");
  struct checking checking = {call, document == NULL ? NULL : document_array(), 0, 0, 0};
  if (document != NULL)
    document_set(document, "findings", checking.findings);
  enum err_code failure = ERR_OK;
  struct err first = ERR_INIT;
  for (int i = 0; i < call->argument_count; i++) {
    OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
    struct policy *policy = NULL;
    if (call->argument_count > 1 && trial_is_test_file(call->arguments[i]))
      continue;
    enum err_code code = input_read(call, call->arguments[i], &text, err);
    if (code != ERR_OK)
      return code;
    code = read_policy(&checking, call->arguments[i], str_view(&text), &policy,
                       failure == ERR_OK ? &first : err);
    policy_free(policy);
    if (code != ERR_OK && code != ERR_FINDINGS) {
      *err = failure == ERR_OK ? first : *err;
      return code;
    }
    failure = code == ERR_OK ? failure : code;
  }
  say(call, "%d error%s, %d to decide, %d decided", checking.errors,
      checking.errors == 1 ? "" : "s", checking.undecided, checking.decided);
  bool is_good = failure == ERR_OK && checking.undecided == 0;
  call->exit_code = is_good ? EXIT_OK : err_exit_code(ERR_FINDINGS);
  return output_write(call, &document, err);
}

// ── activate ────────────────────────────────────────────────────────────────────────────────

enum { DUMP_BYTES_MAX = 8 * 1024 * 1024 };

struct lines {
  struct view *items;
  size_t count;
};

// The rows of a dump, each with the head of its block before it, so that "keep contact.email"
// of one purpose is not taken for that of another.
static enum err_code split(const struct policy *policy, struct arena *arena, struct lines *ret,
                           struct err *err)
{
  OWNED(str) struct str dump = STR_INIT(DUMP_BYTES_MAX);
  if (policy != NULL)
    policy_dump(policy, &dump);
  size_t count = 0;
  for (size_t i = 0; i < dump.length; i++)
    count += dump.bytes[i] == '\n';
  ret->items = arena_new(arena, (count + 1) * sizeof *ret->items);
  ret->count = 0;
  struct view rest = str_view(&dump);
  struct view head = VIEW_EMPTY;
  while (str_ok(&dump) && ret->items != NULL && rest.length > 0) {
    struct view line = view_cut(&rest, '\n');
    OWNED(str) struct str whole = STR_INIT(DUMP_BYTES_MAX);
    bool is_part = line.length > 0 && line.bytes[0] == ' ';
    head = is_part ? head : line;
    struct view colon = head;
    str_add(&whole, is_part ? view_cut(&colon, ':') : VIEW_EMPTY);
    str_add(&whole, is_part ? VIEW_LITERAL(": ") : VIEW_EMPTY);
    str_add(&whole, view_trim(line));
    const char *copy = arena_text(arena, str_view(&whole));
    if (copy == NULL)
      return err_set(err, ERR_MEMORY, "no memory to compare policies");
    ret->items[ret->count++] = view_bytes(copy, whole.length);
  }
  return str_ok(&dump) && ret->items != NULL
             ? ERR_OK
             : err_set(err, ERR_MEMORY, "no memory to compare policies");
}

static bool has_line(const struct lines *lines, struct view line)
{
  for (size_t i = 0; i < lines->count; i++)
    if (view_equal(lines->items[i], line))
      return true;
  return false;
}

static void tell_missing(const struct call *call, const char *sign, const struct lines *of,
                         const struct lines *in)
{
  for (size_t i = 0; i < of->count; i++)
    if (!has_line(in, of->items[i]))
      say(call, "  %s %.*s", sign, (int)of->items[i].length, of->items[i].bytes);
}

static enum err_code tell_changes(const struct call *call, const struct policy *next,
                                  struct err *err)
{
  PRE(next != NULL);
  OWNED(arena) struct arena arena = ARENA_INIT;
  const struct policy *current = core_policy(call_core(call));
  struct lines before, after;
  if (current == NULL) {
    say(call, "%s version %lld is the first policy of this home: %d purposes, %d fields", next->id,
        (long long)next->version, next->purpose_count, next->field_count);
    return ERR_OK;
  }
  enum err_code code = split(current, &arena, &before, err);
  if (code == ERR_OK)
    code = split(next, &arena, &after, err);
  if (code != ERR_OK)
    return code;
  say(call, "%s version %lld becomes version %lld:", next->id, (long long)current->version,
      (long long)next->version);
  tell_missing(call, "-", &before, &after);
  tell_missing(call, "+", &after, &before);
  return ERR_OK;
}

static enum err_code ask(const struct call *call, struct err *err)
{
  char answer[8] = "";
  if (call_has(call, "--yes") || call_has(call, "--plan"))
    return ERR_OK;
  if (isatty(fileno(call->streams.in))) {
    (void)fputs("activate? [y/N] ", call->streams.errors);
    (void)fflush(call->streams.errors);
    if (fgets(answer, sizeof answer, call->streams.in) != NULL && answer[0] == 'y')
      return ERR_OK;
    return err_set(err, ERR_USAGE, "nothing is done");
  }
  err_set(err, ERR_USAGE, "nothing is done: activating wants to be meant");
  return err_hint(err, "add --yes");
}

// What was shown is what is done.
static enum err_code check_plan(const struct call *call, const struct policy *next, struct err *err)
{
  const char *path = call_option(call, "--plan");
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  if (path == NULL)
    return ERR_OK;
  enum err_code code = input_read(call, path, &text, err);
  return code != ERR_OK ? code : policy_plan_check(call_core(call), next, str_view(&text), err);
}

static enum err_code activate(struct call *call, struct view text, struct err *err)
{
  struct policy_activate_input input = {call->arguments[0], text};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = call_perform(call, &operation, err);
  if (code == ERR_OK)
    code = core_policy_changed(call_core(call), err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "policy.activate");
  if (document != NULL)
    document_set_int(document, "version", output.version);
  const struct policy *policy = core_policy(call_core(call));
  bool is_in_force = policy != NULL && policy->version == output.version;
  if (document != NULL)
    document_set_bool(document, "in_force", is_in_force);
  say(call, "version %lld %s", (long long)output.version,
      is_in_force ? "is in force" : "waits for its day");
  return output_write(call, &document, err);
}

enum err_code run_policy_activate(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  struct policy *policy = NULL;
  struct call to_errors = *call;  // findings are no result of this command
  to_errors.streams.out = call->streams.errors;
  struct checking checking = {&to_errors, NULL, 0, 0, 0};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &text, err);
  if (code != ERR_OK)
    return code;
  if (call->json)
    checking.findings = document_array();
  code = read_policy(&checking, call->arguments[0], str_view(&text), &policy, err);
  document_free(checking.findings);
  if (code == ERR_OK)
    code = policy_check_decided(policy, err);  // before a person is asked
  if (code == ERR_OK)
    code = tell_changes(call, policy, err);
  if (code == ERR_OK)
    code = check_plan(call, policy, err);
  if (code == ERR_OK)
    code = ask(call, err);
  policy_free(policy);
  return code != ERR_OK ? code : activate(call, str_view(&text), err);
}

// ── show ────────────────────────────────────────────────────────────────────────────────────

enum err_code run_policy_show(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  const struct policy *policy = code == ERR_OK ? core_policy(call_core(call)) : NULL;
  if (code == ERR_OK && policy == NULL) {
    err_set(err, ERR_NOT_FOUND, "no policy is in force");
    return err_hint(err, "activate one with: forvar policy activate FILE");
  }
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str dump = STR_INIT(DUMP_BYTES_MAX);
  if (call_has(call, "--dump"))
    policy_dump(policy, &dump);
  struct view text = call_has(call, "--dump") ? str_view(&dump) : policy->text;
  if (!str_ok(&dump))
    return err_set(err, ERR_MEMORY, "no memory for the policy");
  OWNED(document) struct document *document = output_document(call, "policy");
  if (document == NULL) {
    (void)fwrite(text.bytes, 1, text.length, call->streams.out);
    return ERR_OK;
  }
  char hash[2 * POLICY_HASH_BYTES + 1];
  hex_write(policy->hash, sizeof policy->hash, hash);
  document_set_text(document, "id", view_of(policy->id));
  document_set_int(document, "version", policy->version);
  document_set_text(document, "sha256", view_of(hash));
  document_set_text(document, "text", text);
  return output_write(call, &document, err);
}
