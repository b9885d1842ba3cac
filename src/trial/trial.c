#include "trial/trial.h"

#include <string.h>

#include "policy/findings.h"
#include "policy/suggest.h"
#include "trial/set.h"

enum { TRIAL_SEED = 1 };

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

static enum err_code read_files(struct trial_set *set, struct err *err)
{
  const struct trial_options *options = set->options;
  if (options->test_count < 1 || options->test_count > TRIAL_FILES_MAX)
    return err_set(err, ERR_USAGE, "give 1 to %d test files", TRIAL_FILES_MAX);
  for (int32_t i = 0; i < options->test_count; i++) {
    struct trial_file *file = &set->files[set->file_count++];
    enum err_code code = trial_file_read(options->test_paths[i], file, err);
    if (code != ERR_OK)
      return code;
    if (set->policy_path == NULL)
      set->policy_path = file->policy_path;
    if (strcmp(trial_base_name(file->policy_path), trial_base_name(set->policy_path)) != 0)
      return trial_finding(err, file->path, file->policy_place,
                           "these tests are of another policy than %s",
                           trial_base_name(set->policy_path));
  }
  return ERR_OK;
}

static enum err_code read_policy(struct trial_set *set, struct err *err)
{
  struct view text;
  enum err_code code = trial_text_read(set->policy_path, &set->arena, &text, err);
  if (code != ERR_OK)
    return code;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  code = policy_read(set->policy_path, text, &set->policy, &findings, err);
  for (int32_t i = 0; code == ERR_FINDINGS && i < findings.count; i++)
    if (findings.items[i].severity == SEVERITY_ERROR)
      return trial_finding(err, set->policy_path, findings.items[i].place, "[%s] %s",
                           findings.items[i].id, findings.items[i].message);
  return code;
}

// "FR-49" and "T-222" may both be named; what begins like a promise of the policy must be one.
static bool is_like_promise(struct view id, const char *promise)
{
  size_t prefix = strcspn(promise, "-") + 1;
  return id.length > prefix && memcmp(id.bytes, promise, prefix) == 0;
}

static enum err_code check_proof(const struct trial_set *set, const struct trial_file *file,
                                 const struct yaml_node *id, struct err *err)
{
  const struct policy *policy = set->policy;
  bool is_like = false;
  struct suggest suggest;
  char nearest[SUGGEST_BYTES];
  suggest_begin(&suggest, id->text);
  for (int32_t i = 0; i < policy->promise_count; i++) {
    if (view_is(id->text, policy->promises[i].id))
      return ERR_OK;
    is_like = is_like || is_like_promise(id->text, policy->promises[i].id);
    suggest_offer(&suggest, policy->promises[i].id);
  }
  if (!is_like)
    return ERR_OK;
  suggest_write(&suggest, nearest);
  return trial_finding(err, file->path, id->place, "'%s' is no promise of the policy%s",
                       quote(id->text).text, nearest);
}

static enum err_code check_proofs(const struct trial_set *set, struct err *err)
{
  for (int32_t i = 0; i < set->file_count; i++)
    for (int32_t k = 0; k < set->files[i].case_count; k++) {
      const struct yaml_node *proves = set->files[i].cases[k].proves;
      for (int32_t j = 0; proves != NULL && j < proves->count; j++) {
        enum err_code code = check_proof(set, &set->files[i], &proves->items[j], err);
        if (code != ERR_OK)
          return code;
      }
    }
  return ERR_OK;
}

// ── Choosing ────────────────────────────────────────────────────────────────────────────────

static bool contains(struct view whole, struct view part)
{
  for (size_t i = 0; i + part.length <= whole.length; i++)
    if (view_equal(view_bytes(whole.bytes + i, part.length), part))
      return true;
  return false;
}

static bool is_chosen(const struct trial_set *set, const struct trial_case *about)
{
  if (set->options->filter == NULL)
    return true;
  struct view filter = view_of(set->options->filter);
  bool is_named = contains(about->name, filter);
  for (int32_t i = 0; about->proves != NULL && i < about->proves->count; i++)
    is_named = is_named || contains(about->proves->items[i].text, filter);
  return is_named;
}

static int32_t rows_of(const struct trial_case *about)
{
  return about->rows == NULL ? 1 : about->rows->count;
}

static enum err_code choose_items(struct trial_set *set, struct err *err)
{
  size_t most = 0;
  for (int32_t i = 0; i < set->file_count; i++)
    for (int32_t k = 0; k < set->files[i].case_count; k++)
      most += (size_t)rows_of(&set->files[i].cases[k]);
  set->items = arena_new(&set->arena, most * sizeof *set->items + 1);
  if (set->items == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the cases");
  for (int32_t i = 0; i < set->file_count; i++)
    for (int32_t k = 0; k < set->files[i].case_count; k++) {
      const struct trial_case *about = &set->files[i].cases[k];
      for (int32_t row = 0; is_chosen(set, about) && row < rows_of(about); row++)
        set->items[set->item_count++] =
            (struct trial_item){.file = &set->files[i],
                                .about = about,
                                .row = about->rows == NULL ? NULL : &about->rows->items[row]};
    }
  return ERR_OK;
}

bool trial_item_proves(const struct trial_item *item, const char *promise)
{
  const struct yaml_node *proves = item->about->proves;
  for (int32_t i = 0; proves != NULL && i < proves->count; i++)
    if (view_is(proves->items[i].text, promise))
      return true;
  return false;
}

// ── Running ─────────────────────────────────────────────────────────────────────────────────

enum err_code trial_item_run(struct trial_set *set, const struct trial_item *item,
                             const struct policy_compiler *compiler,
                             struct trial_result *ret_result, struct err *err)
{
  struct trial_case_input input = {
      .file = item->file,
      .about = item->about,
      .row = item->row,
      .base = set->policy,
      .policy_path = set->policy_path,
      .ground = &set->ground,
      .way = set->options->way,
      .compiler = *compiler,
      .seed = TRIAL_SEED,
      .first_failure_ends = compiler->compile != NULL,
  };
  return trial_case_run(&input, &set->arena, ret_result, err);
}

// P9: the same history under the same clock and seed gives the same log, byte for byte.
static enum err_code run_again(struct trial_set *set, struct trial_item *item, struct err *err)
{
  static const struct policy_compiler as_written = {NULL, NULL};
  struct trial_result second;
  enum err_code code = trial_item_run(set, item, &as_written, &second, err);
  if (code != ERR_OK || memcmp(second.root, item->result.root, sizeof second.root) == 0)
    return code;
  OWNED(str) struct str text = STR_INIT(1024);
  str_format(&text, "%s:%d:%d not as expected: ", item->file->path, item->about->place.line,
             item->about->place.column);
  str_add(&text, item->about->name);
  str_add(&text, VIEW_LITERAL(" | expected P9: the same history gives the same log"
                              " | is another log in the second run"));
  const char **failures = arena_new(&set->arena, sizeof *failures);
  const char *copy = arena_text(&set->arena, str_view(&text));
  if (failures == NULL || copy == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the result of a case");
  failures[0] = copy;
  item->result.failures = failures;
  item->result.failure_count = 1;
  return ERR_OK;
}

static enum err_code run_items(struct trial_set *set, FILE *out, struct trial_summary *summary,
                               struct err *err)
{
  static const struct policy_compiler as_written = {NULL, NULL};
  for (int32_t i = 0; i < set->item_count; i++) {
    struct trial_item *item = &set->items[i];
    enum err_code code = trial_item_run(set, item, &as_written, &item->result, err);
    if (code == ERR_OK && trial_item_passed(item) && set->options->way == NULL)
      code = run_again(set, item, err);
    if (code != ERR_OK)
      return code;
    summary->passed += trial_item_passed(item) ? 1 : 0;
    summary->failed += trial_item_passed(item) ? 0 : 1;
    trial_report_item(set, i, out);
  }
  return ERR_OK;
}

static enum err_code run_all(struct trial_set *set, FILE *out, struct trial_summary *summary,
                             struct err *err)
{
  trial_report_begin(set, out);
  enum err_code code = run_items(set, out, summary, err);
  if (code == ERR_OK && (set->options->mutate || set->options->promises))
    code = trial_mutants_run(set, err);
  for (int32_t i = 0; i < set->mutant_count; i++) {
    summary->mutants_caught += set->mutants[i].noticed_by >= 0 ? 1 : 0;
    summary->mutants_survived += set->mutants[i].noticed_by >= 0 ? 0 : 1;
  }
  return code != ERR_OK ? code : trial_report_end(set, summary, out, err);
}

static enum err_code prepare(struct trial_set *set, struct err *err)
{
  enum err_code code = read_files(set, err);
  if (code == ERR_OK)
    code = read_policy(set, err);
  if (code == ERR_OK)
    code = check_proofs(set, err);
  if (code == ERR_OK)
    code = choose_items(set, err);
  return code != ERR_OK ? code : trial_ground_make(set->options->store_uri, &set->ground, err);
}

static void set_clear(struct trial_set *set)
{
  trial_ground_clear(&set->ground);
  policy_free(set->policy);
  for (int32_t i = 0; i < set->file_count; i++)
    trial_file_clear(&set->files[i]);
  arena_clear(&set->arena);
}

enum err_code trial_run(const struct trial_options *options, FILE *out,
                        struct trial_summary *ret_summary, struct err *err)
{
  struct trial_set set = {
      .options = options, .arena = ARENA_INIT, .policy_path = options->policy_path};
  struct trial_summary summary = {0};
  enum err_code code = prepare(&set, err);
  if (code == ERR_OK)
    code = run_all(&set, out, &summary, err);
  set_clear(&set);
  if (code == ERR_OK)
    *ret_summary = summary;
  return code;
}

bool trial_is_good(const struct trial_summary *summary)
{
  return summary->failed == 0 && summary->mutants_survived == 0;
}

bool trial_is_test_file(const char *path)
{
  static const char end[] = ".test.yaml";
  size_t length = strlen(path);
  return length >= sizeof end - 1 && strcmp(path + length - (sizeof end - 1), end) == 0;
}
