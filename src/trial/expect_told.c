// What people and the authority are told: the notice, and the register of processing.
#include "policy/findings.h"
#include "render/notice.h"
#include "report/register.h"
#include "trial/args.h"
#include "trial/run.h"

struct asked {
  enum language language;
  struct core_version version;
  int64_t day;
};

static bool find_asked(struct trial_run *run, const struct trial_line *line,
                       struct asked *ret_asked)
{
  int64_t at_us = core_now_us(run->home.core);
  struct asked asked = {.language = LANGUAGE_SV};
  if (trial_has(line, "lang") && !language_find(trial_arg(line, "lang"), &asked.language)) {
    trial_error(run, trial_arg_place(line, "lang"), "the language is sv or en");
    return false;
  }
  if (trial_has(line, "at") && !trial_arg_time(run, line, "at", &at_us))
    return false;
  if (!core_version_in_force(run->home.core, at_us, &asked.version)) {
    trial_not_as_expected(
        run, line->place,
        &(struct trial_difference){.expected = "a policy in force", .is = "none"});
    return false;
  }
  asked.day = zone_day(asked.version.policy->zone, at_us);
  *ret_asked = asked;
  return true;
}

static bool has_text(struct view whole, struct view part)
{
  for (size_t i = 0; i + part.length <= whole.length; i++)
    if (view_equal(view_bytes(whole.bytes + i, part.length), part))
      return true;
  return false;
}

static bool check_texts(struct trial_run *run, const struct trial_line *line, struct view text,
                        const char *key, bool wanted)
{
  for (int32_t i = 0; i < trial_arg_count(line, key); i++) {
    struct view part = trial_arg_at(line, key, i);
    if (has_text(text, part) == wanted)
      continue;
    struct trial_difference difference = {
        .expected =
            trial_text(run, "it %s '%s'", wanted ? "tells" : "does not tell", quote(part).text),
        .is = wanted ? "it does not" : "it does"};
    trial_not_as_expected(run, trial_arg_place(line, key), &difference);
    return false;
  }
  return true;
}

static void check_told(struct trial_run *run, const struct trial_line *line,
                       const struct asked *asked, struct view text)
{
  int64_t version = 0;
  if (trial_has(line, "version") && !trial_arg_number(run, line, "version", &version))
    return;
  if (version != 0 && version != asked->version.policy->version) {
    struct trial_difference difference = {
        .expected = trial_text(run, "version %lld", (long long)version),
        .is = trial_text(run, "version %lld", (long long)asked->version.policy->version)};
    trial_not_as_expected(run, line->place, &difference);
    return;
  }
  if (!check_texts(run, line, text, "tells", true) || !check_texts(run, line, text, "not", false))
    return;
  run->positive += trial_has(line, "tells") || version != 0;
  run->negative += trial_has(line, "not");
}

// Plain words: what stands behind a backslash in Markdown stands for itself.
static void unescape(struct view markdown, struct str *ret_text)
{
  for (size_t i = 0; i < markdown.length; i++)
    if (markdown.bytes[i] != '\\')
      str_add_char(ret_text, markdown.bytes[i]);
}

static enum err_code render_notice(const struct trial_run *run, const struct asked *asked,
                                   struct str *ret_text, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  OWNED(str) struct str markdown = STR_INIT(NOTICE_BYTES_MAX);
  struct notice_request request = {
      .policy = asked->version.policy, .language = asked->language, .day = asked->day};
  enum err_code code = core_versions_before(run->home.core, &asked->version, &arena,
                                            &request.earlier, &request.earlier_count, err);
  if (code == ERR_OK)
    code = notice_render(&request, NOTICE_MARKDOWN, &markdown, err);
  if (code == ERR_OK)
    unescape(str_view(&markdown), ret_text);
  return code;
}

void trial_expect_notice(struct trial_run *run, const struct trial_line *line)
{
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  struct asked asked;
  struct err err = ERR_INIT;
  if (find_asked(run, line, &asked) &&
      trial_must(run, line->place, render_notice(run, &asked, &text, &err), &err))
    check_told(run, line, &asked, str_view(&text));
}

void trial_expect_register(struct trial_run *run, const struct trial_line *line)
{
  OWNED(str) struct str text = STR_INIT(REGISTER_BYTES_MAX);
  struct asked asked;
  struct err err = ERR_INIT;
  if (!find_asked(run, line, &asked))
    return;
  const struct register_request request = {
      asked.version.policy, asked.language, asked.day,
      view_is(trial_arg(line, "as"), "processor") ? REGISTER_PROCESSOR : REGISTER_CONTROLLER};
  if (trial_must(run, line->place, register_render(&request, REGISTER_CSV, &text, &err), &err))
    check_told(run, line, &asked, str_view(&text));
}
