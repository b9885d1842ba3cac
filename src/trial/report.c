// What people and machines are told: plain lines, TAP 13, JUnit's XML, JSON.
#include <string.h>

#include "base/document.h"
#include "trial/set.h"

enum { NAME_BYTES_MAX = 2048, JSON_BYTES_MAX = 16 * 1024 * 1024 };

static void name_item(const struct trial_item *item, struct str *ret_name)
{
  str_add(ret_name, item->about->name);
  if (item->result.row != NULL && item->result.row[0] != '\0')
    str_format(ret_name, " / row %s", item->result.row);
}

// ── Plain ───────────────────────────────────────────────────────────────────────────────────

static void plain_begin(const struct trial_set *set, FILE *out)
{
  (void)set;
  (void)out;
}

static void plain_item(const struct trial_set *set, int32_t item, FILE *out)
{
  OWNED(str) struct str name = STR_INIT(NAME_BYTES_MAX);
  const struct trial_item *one = &set->items[item];
  name_item(one, &name);
  (void)fprintf(out, "%s %s\n", trial_item_passed(one) ? "ok    " : "not ok", str_text(&name));
  for (int32_t i = 0; i < one->result.failure_count; i++)
    (void)fprintf(out, "  %s\n", one->result.failures[i]);
}

static void plain_mutants(const struct trial_set *set, FILE *out)
{
  for (int32_t i = 0; i < set->mutant_count; i++) {
    const struct trial_mutant *row = &set->mutants[i];
    const struct mutant *mutant = &row->mutant;
    OWNED(str) struct str name = STR_INIT(NAME_BYTES_MAX);
    if (row->noticed_by >= 0)
      name_item(&set->items[row->noticed_by], &name);
    if (row->noticed_by < 0)
      (void)fprintf(out, "SURVIVED %s %s: %s | policy %s:%d\n", mutant->promise, mutant->construct,
                    mutant->change, trial_base_name(set->policy_path), mutant->place.line);
    else
      (void)fprintf(out, "caught   %s %s: %s | by %s\n", mutant->promise, mutant->construct,
                    mutant->change, str_text(&name));
  }
}

static void plain_promises(const struct trial_set *set, FILE *out)
{
  int32_t counts[TRIAL_STATUS_COUNT] = {0};
  for (int32_t i = 0; i < set->policy->promise_count; i++) {
    enum trial_status status = trial_promise_status(set, i);
    if (status == TRIAL_STATUS_COUNT)
      continue;
    counts[status]++;
    (void)fprintf(out, "%-6s %s\n", trial_status_name(status), set->policy->promises[i].id);
  }
  (void)fprintf(out, "promises: %d proven, %d rule, %d task, %d open\n", counts[TRIAL_PROVEN],
                counts[TRIAL_RULE], counts[TRIAL_TASK], counts[TRIAL_OPEN]);
}

static void plain_end(const struct trial_set *set, const struct trial_summary *summary, FILE *out)
{
  if (set->options->mutate) {
    plain_mutants(set, out);
    (void)fprintf(out, "mutants: %lld caught, %lld survived\n", (long long)summary->mutants_caught,
                  (long long)summary->mutants_survived);
  }
  if (set->options->promises)
    plain_promises(set, out);
  (void)fprintf(out, "%lld passed, %lld failed\n", (long long)summary->passed,
                (long long)summary->failed);
}

// ── TAP ─────────────────────────────────────────────────────────────────────────────────────

static void tap_begin(const struct trial_set *set, FILE *out)
{
  (void)fprintf(out, "TAP version 13\n1..%d\n", set->item_count);
}

// A text between quotes of YAML.
static void write_quoted(FILE *out, const char *text)
{
  (void)fputc('"', out);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      (void)fputc('\\', out);
    (void)fputc(*text == '\n' ? ' ' : *text, out);
  }
  (void)fputc('"', out);
}

// In a name of TAP '#' would begin a directive.
static void write_tap_name(FILE *out, const char *text)
{
  for (; *text != '\0'; text++) {
    if (*text == '#' || *text == '\\')
      (void)fputc('\\', out);
    (void)fputc(*text == '\n' ? ' ' : *text, out);
  }
}

static void tap_item(const struct trial_set *set, int32_t item, FILE *out)
{
  OWNED(str) struct str name = STR_INIT(NAME_BYTES_MAX);
  const struct trial_item *one = &set->items[item];
  name_item(one, &name);
  (void)fprintf(out, "%sok %d - ", trial_item_passed(one) ? "" : "not ", item + 1);
  write_tap_name(out, str_text(&name));
  (void)fputc('\n', out);
  if (trial_item_passed(one))
    return;
  (void)fprintf(out, "  ---\n  failures:\n");
  for (int32_t i = 0; i < one->result.failure_count; i++) {
    (void)fprintf(out, "    - ");
    write_quoted(out, one->result.failures[i]);
    (void)fputc('\n', out);
  }
  (void)fprintf(out, "  ...\n");
}

// Mutants and promises are told as comments, which every reader of TAP passes over.
static void tap_end(const struct trial_set *set, const struct trial_summary *summary, FILE *out)
{
  if (set->mutant_count > 0)
    (void)fprintf(out, "# mutants: %lld caught, %lld survived\n",
                  (long long)summary->mutants_caught, (long long)summary->mutants_survived);
  (void)fprintf(out, "# %lld passed, %lld failed\n", (long long)summary->passed,
                (long long)summary->failed);
}

// ── JUnit ───────────────────────────────────────────────────────────────────────────────────

static void junit_begin(const struct trial_set *set, FILE *out)
{
  (void)set;
  (void)out;
}

static void junit_item(const struct trial_set *set, int32_t item, FILE *out)
{
  (void)set;
  (void)item;
  (void)out;  // a suite begins with its counts, which are known at the end
}

static const char *xml_entity(char c)
{
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return NULL;
  }
}

static void write_xml(FILE *out, const char *text)
{
  for (; *text != '\0'; text++) {
    const char *entity = xml_entity(*text);
    if (entity != NULL)
      (void)fputs(entity, out);
    else
      (void)fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
  }
}

static void junit_case(const struct trial_item *item, FILE *out)
{
  OWNED(str) struct str name = STR_INIT(NAME_BYTES_MAX);
  name_item(item, &name);
  (void)fputs("    <testcase classname=\"", out);
  write_xml(out, item->file->path);
  (void)fputs("\" name=\"", out);
  write_xml(out, str_text(&name));
  (void)fprintf(out, "\" line=\"%d\"%s>\n", item->about->place.line,
                trial_item_passed(item) ? "/" : "");
  for (int32_t i = 0; i < item->result.failure_count; i++) {
    (void)fputs("      <failure message=\"", out);
    write_xml(out, item->result.failures[i]);
    (void)fputs("\"/>\n", out);
  }
  if (!trial_item_passed(item))
    (void)fputs("    </testcase>\n", out);
}

static void junit_file(const struct trial_set *set, const struct trial_file *file, FILE *out)
{
  int tests = 0;
  int failures = 0;
  for (int32_t i = 0; i < set->item_count; i++) {
    tests += set->items[i].file == file ? 1 : 0;
    failures += set->items[i].file == file && !trial_item_passed(&set->items[i]) ? 1 : 0;
  }
  (void)fputs("  <testsuite name=\"", out);
  write_xml(out, file->path);
  (void)fprintf(out, "\" tests=\"%d\" failures=\"%d\">\n", tests, failures);
  for (int32_t i = 0; i < set->item_count; i++)
    if (set->items[i].file == file)
      junit_case(&set->items[i], out);
  (void)fputs("  </testsuite>\n", out);
}

static void junit_end(const struct trial_set *set, const struct trial_summary *summary, FILE *out)
{
  (void)fprintf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuites tests=\"%lld\" failures=\"%lld\">\n",
                (long long)(summary->passed + summary->failed), (long long)summary->failed);
  for (int32_t i = 0; i < set->file_count; i++)
    junit_file(set, &set->files[i], out);
  (void)fputs("</testsuites>\n", out);
}

// ── JSON ────────────────────────────────────────────────────────────────────────────────────

static struct document *tests_of(const struct trial_set *set, const char *promise)
{
  struct document *tests = document_array();
  const struct trial_case *last = NULL;
  for (int32_t i = 0; i < set->item_count; i++) {
    const struct trial_item *item = &set->items[i];
    if (item->about == last || !trial_item_proves(item, promise))
      continue;
    last = item->about;
    document_add_text(tests, item->about->name);
  }
  return tests;
}

static struct document *promises_of(const struct trial_set *set)
{
  struct document *promises = document_array();
  for (int32_t i = 0; i < set->policy->promise_count; i++) {
    enum trial_status status = trial_promise_status(set, i);
    if (status == TRIAL_STATUS_COUNT)
      continue;
    struct document *promise = document_object();
    document_set_text(promise, "id", view_of(set->policy->promises[i].id));
    document_set_text(promise, "status", view_of(trial_status_name(status)));
    document_set(promise, "tests", tests_of(set, set->policy->promises[i].id));
    document_add(promises, promise);
  }
  return promises;
}

static struct document *mutants_of(const struct trial_set *set)
{
  struct document *mutants = document_array();
  for (int32_t i = 0; i < set->mutant_count; i++) {
    const struct trial_mutant *row = &set->mutants[i];
    struct document *mutant = document_object();
    document_set_text(mutant, "promise", view_of(row->mutant.promise));
    document_set_text(mutant, "construct", view_of(row->mutant.construct));
    document_set_text(mutant, "change", view_of(row->mutant.change));
    document_set_int(mutant, "line", row->mutant.place.line);
    if (row->noticed_by < 0)
      document_set_null(mutant, "caught_by");
    else
      document_set_text(mutant, "caught_by", set->items[row->noticed_by].about->name);
    document_add(mutants, mutant);
  }
  return mutants;
}

static struct document *failures_of(const struct trial_set *set)
{
  struct document *failures = document_array();
  for (int32_t i = 0; i < set->item_count; i++)
    for (int32_t k = 0; k < set->items[i].result.failure_count; k++)
      document_add_text(failures, view_of(set->items[i].result.failures[k]));
  return failures;
}

static struct document *cases_of(const struct trial_set *set)
{
  struct document *cases = document_array();
  for (int32_t i = 0; i < set->item_count; i++) {
    const struct trial_item *item = &set->items[i];
    struct document *one = document_object();
    document_set_text(one, "file", view_of(item->file->path));
    document_set_int(one, "line", item->about->place.line);
    document_set_text(one, "name", item->about->name);
    document_set_text(one, "row", view_of(item->result.row));
    document_set_bool(one, "passed", trial_item_passed(item));
    document_add(cases, one);
  }
  return cases;
}

static const char *schema_of(const struct trial_options *options)
{
  if (options->promises)
    return "forvar.promises/1";
  return options->mutate ? "forvar.mutants/1" : "forvar.test/1";
}

static enum err_code json_end(const struct trial_set *set, const struct trial_summary *summary,
                              FILE *out, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(JSON_BYTES_MAX);
  OWNED(document) struct document *root = document_object();
  const struct trial_options *options = set->options;
  document_set_text(root, "schema", view_of(schema_of(options)));
  if (options->promises)
    document_set(root, "promises", promises_of(set));
  if (options->mutate)
    document_set(root, "mutants", mutants_of(set));
  if (!options->promises && !options->mutate)
    document_set(root, "cases", cases_of(set));
  document_set(root, "failures", failures_of(set));
  document_set_int(root, "passed", summary->passed);
  document_set_int(root, "failed", summary->failed);
  enum err_code code = document_write(root, DOCUMENT_PRETTY, &text, err);
  if (code != ERR_OK)
    return code;
  (void)fprintf(out, "%s\n", str_text(&text));
  return ERR_OK;
}

// ── By format ───────────────────────────────────────────────────────────────────────────────

static const struct format_row {
  void (*begin)(const struct trial_set *set, FILE *out);
  void (*item)(const struct trial_set *set, int32_t item, FILE *out);
  void (*end)(const struct trial_set *set, const struct trial_summary *summary, FILE *out);
} format_rows[] = {
    [TRIAL_PLAIN] = {plain_begin, plain_item, plain_end},
    [TRIAL_TAP] = {tap_begin, tap_item, tap_end},
    [TRIAL_JUNIT] = {junit_begin, junit_item, junit_end},
};

void trial_report_begin(const struct trial_set *set, FILE *out)
{
  if (!set->options->json)
    format_rows[set->options->format].begin(set, out);
}

void trial_report_item(const struct trial_set *set, int32_t item, FILE *out)
{
  if (!set->options->json)
    format_rows[set->options->format].item(set, item, out);
}

enum err_code trial_report_end(const struct trial_set *set, const struct trial_summary *summary,
                               FILE *out, struct err *err)
{
  if (set->options->json) {
    enum err_code code = json_end(set, summary, out, err);
    if (code != ERR_OK)
      return code;
  } else {
    format_rows[set->options->format].end(set, summary, out);
  }
  if (fflush(out) != 0 || ferror(out) != 0)
    return err_set(err, ERR_SYSTEM, "the report cannot be written");
  return ERR_OK;
}
