// Figures of groups of people: what they show, and that they are refused where groups are too
// small.
#include "policy/findings.h"
#include "retain/statistic.h"
#include "trial/args.h"
#include "trial/run.h"

enum { FIGURE_BYTES_MAX = 64 * 1024, LINE_TEXT_BYTES = 400 };

// ── As lines ────────────────────────────────────────────────────────────────────────────────────

static void add_text_of(const struct document *object, const char *member, struct str *text)
{
  struct view value = VIEW_EMPTY;
  struct err ignored = ERR_INIT;
  if (document_get_text(object, member, &value, &ignored) == ERR_OK)
    str_add(text, value);
  else
    str_add(text, VIEW_LITERAL("others"));
}

static void add_persons(const struct document *object, struct str *text)
{
  int64_t persons = 0;
  struct err ignored = ERR_INIT;
  if (document_get_int(object, "persons", &persons, &ignored) == ERR_OK)
    str_format(text, ": %lld\n", (long long)persons);
}

// "start, se: 6" and a line end.
static void add_group(const struct document *group, struct str *text)
{
  const struct document *values = NULL;
  struct err ignored = ERR_INIT;
  size_t count = 0;
  if (document_get_array(group, "values", &values, &count, &ignored) != ERR_OK)
    return;
  for (size_t i = 0; i < count; i++) {
    struct view value = VIEW_EMPTY;
    (void)document_as_text(document_at(values, i), &value);
    str_add(text, i == 0 ? VIEW_EMPTY : VIEW_LITERAL(", "));
    str_add(text, value);
  }
  add_persons(group, text);
}

// "usage.used 2026-02-28 yes: 6" and a line end.
static void add_left(const struct document *row, struct str *text)
{
  add_text_of(row, "field", text);
  str_add_char(text, ' ');
  add_text_of(row, "day", text);
  str_add_char(text, ' ');
  add_text_of(row, "value", text);
  add_persons(row, text);
}

static void write_lines(const struct document *figure, const char *member,
                        void (*add)(const struct document *, struct str *), struct str *text)
{
  const struct document *rows = NULL;
  struct err ignored = ERR_INIT;
  size_t count = 0;
  if (document_get_array(figure, member, &rows, &count, &ignored) != ERR_OK)
    return;
  for (size_t i = 0; i < count; i++)
    add(document_at(rows, i), text);
}

// ── What is expected ────────────────────────────────────────────────────────────────────────────

static bool has_line(struct view lines, struct view wanted)
{
  while (lines.length > 0)
    if (view_equal(view_cut(&lines, '\n'), wanted))
      return true;
  return false;
}

static bool has_text(struct view whole, struct view part)
{
  for (size_t i = 0; i + part.length <= whole.length; i++)
    if (view_equal(view_bytes(whole.bytes + i, part.length), part))
      return true;
  return false;
}

static void differ(struct trial_run *run, struct place place, const char *expected, const char *is)
{
  struct trial_difference difference = {.expected = expected, .is = is};
  trial_not_as_expected(run, place, &difference);
}

static bool check_lines(struct trial_run *run, const struct trial_line *line, struct view lines,
                        const char *key, bool wanted)
{
  for (int32_t i = 0; i < trial_arg_count(line, key); i++) {
    struct view one = trial_arg_at(line, key, i);
    bool has = wanted ? has_line(lines, one) : has_text(lines, one);
    if (has == wanted)
      continue;
    differ(run, trial_arg_place(line, key),
           trial_text(run, "it %s '%s'", wanted ? "shows" : "does not show", quote(one).text),
           trial_text(run, "%.*s",
                      (int)(lines.length < LINE_TEXT_BYTES ? lines.length : LINE_TEXT_BYTES),
                      lines.bytes));
    return false;
  }
  return true;
}

static enum err_code make(struct trial_run *run, const struct trial_line *line,
                          struct document **ret_figure, struct err *err)
{
  struct statistic_request request = {.actor = ACTOR_MACHINE};
  struct core *core = run->home.core;
  if (!trial_has(line, "name"))
    return statistic_left(core, ret_figure, err);
  enum err_code code =
      statistic_find(core_policy(core), trial_arg(line, "name"), &request.statistic, err);
  if (code == ERR_OK && trial_has(line, "as") && !trial_arg_role(run, line, &request.actor.role))
    return err_set(err, ERR_INPUT, "the role is not known");
  return code != ERR_OK ? code : statistic_make(core, &request, ret_figure, err);
}

// The message of a refusal ends with its reason.
static bool is_because(const struct err *err, struct view because)
{
  struct view message = view_of(err->message);
  return err->code == ERR_REFUSED && message.length >= because.length &&
         view_equal(view_bytes(message.bytes + message.length - because.length, because.length),
                    because);
}

static void check_refusal(struct trial_run *run, const struct trial_line *line, enum err_code code,
                          const struct err *err)
{
  struct view because = trial_arg(line, "because");
  if (code == ERR_OK) {
    differ(run, line->place, "a figure that is refused", "it was made");
    return;
  }
  if (!is_because(err, because)) {
    differ(run, trial_arg_place(line, "because"), trial_text(run, "%s", quote(because).text),
           trial_text(run, "%s", err->message));
    return;
  }
  run->negative++;
}

void trial_expect_figure(struct trial_run *run, const struct trial_line *line)
{
  OWNED(document) struct document *figure = NULL;
  OWNED(str) struct str lines = STR_INIT(FIGURE_BYTES_MAX);
  struct err err = ERR_INIT;
  enum err_code code = make(run, line, &figure, &err);
  if (trial_has(line, "because")) {
    check_refusal(run, line, code, &err);
    return;
  }
  if (!trial_must(run, line->place, code, &err))
    return;
  write_lines(figure, "groups", add_group, &lines);
  write_lines(figure, "fields", add_left, &lines);
  if (!check_lines(run, line, str_view(&lines), "shows", true) ||
      !check_lines(run, line, str_view(&lines), "not", false))
    return;
  run->positive += trial_has(line, "shows");
  run->negative += trial_has(line, "not");
}
