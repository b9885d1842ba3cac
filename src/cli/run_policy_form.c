// policy print, policy schema, policy promises.
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "policy/json_schema.h"
#include "policy/print.h"
#include "policy/read.h"

// ── print ───────────────────────────────────────────────────────────────────────────────────

enum err_code run_policy_print(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(str) struct str printed = STR_INIT(POLICY_PRINT_BYTES_MAX);
  enum err_code code = input_read(call, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = policy_print(str_view(&text), &printed, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "policy.print");
  if (document == NULL) {
    (void)fwrite(printed.bytes, 1, printed.length, call->streams.out);
    return ERR_OK;
  }
  const struct view form = str_view(&printed);
  unsigned char hash[SHA256_BYTES];
  char hex[2 * SHA256_BYTES + 1];
  sha256(&form, 1, hash);
  hex_write(hash, sizeof hash, hex);
  document_set_text(document, "sha256", view_of(hex));
  document_set_text(document, "text", form);
  return output_write(call, &document, err);
}

// ── schema ──────────────────────────────────────────────────────────────────────────────────

// The same with --json: it is JSON.
enum err_code run_policy_schema(struct call *call, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(POLICY_SCHEMA_BYTES_MAX);
  enum err_code code = policy_json_schema(&text, err);
  if (code == ERR_OK)
    (void)fwrite(text.bytes, 1, text.length, call->streams.out);
  return code;
}

// ── promises ────────────────────────────────────────────────────────────────────────────────

// Where a promise stands in a policy; `missing` is one of the written policy that stands nowhere.
enum status { STATUS_RULE, STATUS_ENGINE, STATUS_TASK, STATUS_OPEN, STATUS_MISSING, STATUS_COUNT };
static const char *const status_names[STATUS_COUNT] = {"rule", "engine", "task", "open", "missing"};
static const enum status status_of[] = {
    [PROMISE_RULE] = STATUS_RULE,
    [PROMISE_ENGINE] = STATUS_ENGINE,
    [PROMISE_TASK] = STATUS_TASK,
    [PROMISE_OPEN] = STATUS_OPEN,
};

struct telling {
  const struct call *call;
  struct document *items;  // NULL: text
  int counts[STATUS_COUNT];
};

static bool has_promise(const struct policy *policy, int32_t count, const char *id)
{
  for (int32_t i = 0; i < count; i++)
    if (strcmp(policy->promises[i].id, id) == 0)
      return true;
  return false;
}

static void tell(struct telling *telling, const struct policy *policy,
                 const struct promise *promise, enum status status)
{
  const char *by = status == STATUS_MISSING ? "" : promise->construct;
  print(telling->call, "%-8s %-7s %s:%d %s", promise->id, status_names[status], policy->file,
        (int)promise->place.line, by);
  if (telling->items == NULL)
    return;
  struct document *item = document_object();
  document_set_text(item, "id", view_of(promise->id));
  document_set_text(item, "status", view_of(status_names[status]));
  document_set_text(item, "by", view_of(by));
  document_set_text(item, "file", view_of(policy->file));
  document_set_int(item, "line", promise->place.line);
  document_add(telling->items, item);
}

// Each place that keeps a promise is a line; a promise counts once, by its first.
static void tell_all(struct telling *telling, const struct policy *policy,
                     const struct policy *written)
{
  for (int32_t i = 0; i < policy->promise_count; i++) {
    const struct promise *promise = &policy->promises[i];
    tell(telling, policy, promise, status_of[promise->where]);
    if (!has_promise(policy, i, promise->id))
      telling->counts[status_of[promise->where]]++;
  }
  for (int32_t i = 0; written != NULL && i < written->promise_count; i++) {
    const struct promise *promise = &written->promises[i];
    if (has_promise(policy, policy->promise_count, promise->id) ||
        has_promise(written, i, promise->id))
      continue;
    tell(telling, written, promise, STATUS_MISSING);
    telling->counts[STATUS_MISSING]++;
  }
}

static enum err_code tell_promises(struct call *call, const struct policy *policy,
                                   const struct policy *written, struct err *err)
{
  OWNED(document) struct document *document = output_document(call, "policy.promises");
  struct telling telling = {call, document == NULL ? NULL : document_array(), {0}};
  tell_all(&telling, policy, written);
  if (document != NULL)
    document_set(document, "promises", telling.items);
  int promises = 0;
  for (int i = 0; i < STATUS_COUNT; i++) {
    promises += telling.counts[i];
    if (document != NULL)
      document_set_int(document, status_names[i], telling.counts[i]);
  }
  say(call, "%d promises: %d rule, %d engine, %d task, %d open, %d missing", promises,
      telling.counts[STATUS_RULE], telling.counts[STATUS_ENGINE], telling.counts[STATUS_TASK],
      telling.counts[STATUS_OPEN], telling.counts[STATUS_MISSING]);
  call->exit_code = telling.counts[STATUS_MISSING] == 0 ? EXIT_OK : EXIT_NOT_GOOD;
  return output_write(call, &document, err);
}

enum err_code run_policy_promises(struct call *call, struct err *err)
{
  struct policy *policy = NULL, *written = NULL;
  const char *path = call_option(call, "--written");
  enum err_code code = input_policy(call, call->arguments[0], &policy, err);
  if (code == ERR_OK && path != NULL)
    code = input_policy(call, path, &written, err);
  if (code == ERR_OK)
    code = tell_promises(call, policy, written, err);
  policy_free(policy);
  policy_free(written);
  return code;
}
