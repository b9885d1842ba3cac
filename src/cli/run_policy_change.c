// policy diff, plan, approve, history.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/approval.h"
#include "policy/diff.h"
#include "policy/read.h"
#include "retain/policy_plan.h"
#include "store/rows.h"

// ── diff ────────────────────────────────────────────────────────────────────────────────────

static struct document *place_document(const char *file, struct place place)
{
  struct document *document = document_object();
  document_set_text(document, "file", view_of(file));
  document_set_int(document, "line", place.line);
  document_set_int(document, "column", place.column);
  return document;
}

static struct document *difference_document(const struct difference *item,
                                            const struct policy *before, const struct policy *after)
{
  struct document *document = document_object();
  document_set_text(document, "change", view_of(difference_change_name(item->change)));
  document_set_text(document, "effect", view_of(difference_effect_name(item->effect)));
  document_set_text(document, "what", view_of(item->what));
  document_set_text(document, "name", view_of(item->owner));
  document_set_text(document, "part", view_of(item->part));
  if (item->before_place.line > 0) {
    document_set_text(document, "before", view_of(item->before));
    document_set(document, "before_at", place_document(before->file, item->before_place));
  }
  if (item->after_place.line > 0) {
    document_set_text(document, "after", view_of(item->after));
    document_set(document, "after_at", place_document(after->file, item->after_place));
  }
  document_set_text(document, "old_data", view_of(item->meaning));
  document_set_text(document, "article", view_of(item->article));
  return document;
}

static void tell_side(const struct call *call, char sign, const char *file, struct place place,
                      const char *text)
{
  if (place.line > 0)
    print(call, "  %c %s:%d:%d%s%s", sign, file, (int)place.line, (int)place.column,
          text[0] == '\0' ? "" : ": ", text);
}

static void tell_difference(const struct call *call, const struct difference *item,
                            const struct policy *before, const struct policy *after)
{
  print(call, "%s %s: %s %s%s%s", difference_effect_name(item->effect),
        difference_change_name(item->change), item->what, item->owner,
        item->part[0] == '\0' ? "" : ", ", item->part);
  tell_side(call, '-', before->file, item->before_place, item->before);
  tell_side(call, '+', after->file, item->after_place, item->after);
  print(call, "  old data: %s%s%s%s", item->meaning, item->article[0] == '\0' ? "" : " (",
        item->article, item->article[0] == '\0' ? "" : ")");
}

static enum err_code tell_diff(struct call *call, const struct policy_diff *diff,
                               const struct policy *before, const struct policy *after,
                               struct err *err)
{
  OWNED(document) struct document *document = output_document(call, "policy_diff");
  struct document *items = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < diff->count; i++) {
    if (items != NULL)
      document_add(items, difference_document(&diff->items[i], before, after));
    tell_difference(call, &diff->items[i], before, after);
  }
  if (document != NULL) {
    document_set_bool(document, "equal", diff->count == 0);
    for (int effect = 0; effect < EFFECT_COUNT; effect++)
      document_set_int(document, difference_effect_name((enum difference_effect)effect),
                       diff->counts[effect]);
    document_set(document, "differences", items);
  }
  if (diff->count == 0)
    say(call, "equal in meaning");
  else
    say(call, "%d loosen, %d tighten, %d editorial", diff->counts[EFFECT_LOOSENS],
        diff->counts[EFFECT_TIGHTENS], diff->counts[EFFECT_EDITORIAL]);
  call->exit_code = diff->count == 0 ? EXIT_OK : EXIT_NOT_GOOD;
  return output_write(call, &document, err);
}

enum err_code run_policy_diff(struct call *call, struct err *err)
{
  struct policy *before = NULL, *after = NULL;
  OWNED(policy_diff) struct policy_diff diff = {0};
  enum err_code code = input_policy(call, call->arguments[0], &before, err);
  if (code == ERR_OK)
    code = input_policy(call, call->arguments[1], &after, err);
  if (code == ERR_OK)
    code = policy_diff_make(before, after, &diff, err);
  if (code == ERR_OK)
    code = tell_diff(call, &diff, before, after, err);
  policy_free(before);
  policy_free(after);
  return code;
}

// ── plan ────────────────────────────────────────────────────────────────────────────────────

static void tell_plan(const struct call *call, const struct policy_plan *plan)
{
  const struct {
    int64_t count;
    const char *what;
  } lines[] = {
      {plan->longer, "records get a later end"},
      {plan->shorter, "records get an earlier end"},
      {plan->unserved, "records serve no purpose any more"},
      {plan->due_then - plan->due_now, "records more than now are for the next sweep"},
      {plan->persons_moved, "persons have data whose end moves"},
      {plan->persons_to_tell, "persons are to be told (GDPR 13(3), 14(4))"},
      {plan->persons_lapsed, "persons have agreed to a text that is asked for no more"},
      {plan->services_refused, "services lose their role or purpose"},
  };
  say(call, "version %lld becomes version %lld; %lld records of %lld persons",
      (long long)plan->from_version, (long long)plan->to_version, (long long)plan->records,
      (long long)plan->persons);
  for (size_t i = 0; i < ARRAY_COUNT(lines); i++)
    say(call, "  %6lld  %s", (long long)lines[i].count, lines[i].what);
  say(call, "nothing is done");
}

static enum err_code write_plan(struct call *call, struct view text, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  const char *path = call_option(call, "-o");
  if (path == NULL && !call->json)
    return ERR_OK;
  enum err_code code =
      output_open(call, path == NULL ? "-" : path, call_has(call, "--force"), &file, err);
  return code != ERR_OK ? code : output_finish(&file, text, err);
}

enum err_code run_policy_plan(struct call *call, struct err *err)
{
  struct policy *next = NULL;
  struct policy_plan plan;
  OWNED(str) struct str text = STR_INIT(POLICY_PLAN_BYTES_MAX);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = input_policy(call, call->arguments[0], &next, err);
  if (code == ERR_OK)
    code = policy_plan_make(call_core(call), next, core_now_us(call_core(call)), &plan, err);
  if (code == ERR_OK)
    code = policy_plan_write(&plan, next, &text, err);
  policy_free(next);
  if (code == ERR_OK)
    code = write_plan(call, str_view(&text), err);
  const char *path = call_option(call, "-o");
  if (code == ERR_OK && (path == NULL || strcmp(path, "-") != 0))
    tell_plan(call, &plan);
  if (code == ERR_OK && path != NULL && strcmp(path, "-") != 0)
    say(call, "to do exactly this: forvar policy activate %s --plan %s", call->arguments[0], path);
  return code;
}

// ── approve ─────────────────────────────────────────────────────────────────────────────────

enum err_code run_policy_approve(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  struct policy_approve_input input = {.file_name = call->arguments[0]};
  struct policy_approve_output output;
  struct operation operation = OPERATION(&verb_policy_approve, &input, &output);
  if (!call_has(call, "--by"))
    return err_set(err, ERR_USAGE, "who approves? add --by NAME");
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &text, err);
  input.text = str_view(&text);
  input.approver = view_of(call_option(call, "--by"));
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "policy.approve");
  if (document != NULL) {
    document_set_int(document, "version", output.version);
    document_set_int(document, "approvals", output.approvals);
    document_set_int(document, "needed", output.needed);
  }
  say(call, "version %lld has %d of %d approvals", (long long)output.version, (int)output.approvals,
      (int)output.needed);
  return output_write(call, &document, err);
}

// ── history ─────────────────────────────────────────────────────────────────────────────────

struct history {
  const struct call *call;
  struct document *versions;  // NULL: text
};

static const char *state_of(const struct core *core, const struct policy *policy)
{
  const struct policy *current = core_policy(core);
  int64_t in_force = current == NULL ? 0 : current->version;
  if (policy->version == in_force)
    return "in force";
  return policy->version > in_force ? "waits for its day" : "replaced";
}

static enum err_code tell_version(void *context, const struct policy_row *row, struct err *err)
{
  struct history *history = context;
  struct core *core = call_core(history->call);
  const struct policy *policy = core_policy_version(core, row->version);
  char hash[2 * POLICY_HASH_BYTES + 1], effective[CALENDAR_TEXT_BYTES],
      activated[CALENDAR_TEXT_BYTES];
  if (policy == NULL)
    return err_set(err, ERR_INTEGRITY, "version %lld is stored and not known",
                   (long long)row->version);
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_time(policy->zone, policy->effective_us, effective);
  calendar_write_time(policy->zone, row->activated_us, activated);
  print(history->call, "%lld  %s  effective %s  activated %s by the owner at the console  %s",
        (long long)row->version, hash, effective, activated, state_of(core, policy));
  print(history->call, "   judged by the law %.*s", (int)row->law.length, row->law.bytes);
  if (history->versions == NULL)
    return ERR_OK;
  struct document *version = document_object();
  document_set_int(version, "version", row->version);
  document_set_text(version, "sha256", view_of(hash));
  document_set_text(version, "effective", view_of(effective));
  document_set_text(version, "activated", view_of(activated));
  document_set_text(version, "by", VIEW_LITERAL("console"));
  document_set_text(version, "law", row->law);
  document_set_text(version, "state", view_of(state_of(core, policy)));
  document_add(history->versions, version);
  return ERR_OK;
}

enum err_code run_policy_history(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "policy_history");
  struct history history = {call, document == NULL ? NULL : document_array()};
  code = store_policy_each(core_store(call_core(call)), tell_version, &history, err);
  if (document != NULL)
    document_set(document, "versions", history.versions);
  return code != ERR_OK ? code : output_write(call, &document, err);
}
