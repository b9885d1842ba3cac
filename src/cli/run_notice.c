// notice render: what people are told, of a file or of any version of the home's policy.
#include "api/versions.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "policy/read.h"
#include "render/notice.h"

struct rendering {
  struct arena arena;
  struct policy *read;  // of a file; NULL: of the home
  struct notice_request request;
  enum notice_form form;
};

static enum err_code read_options(const struct call *call, struct rendering *rendering,
                                  struct err *err)
{
  const char *language = call_option(call, "--lang");
  const char *form = call_option(call, "--format");
  rendering->request.language = LANGUAGE_SV;
  rendering->form = call->json ? NOTICE_JSON : NOTICE_MARKDOWN;
  if (language != NULL && !language_find(view_of(language), &rendering->request.language))
    return err_set(err, ERR_USAGE, "a notice is in sv or en");
  if (form != NULL && !notice_form_find(view_of(form), &rendering->form))
    return err_set(err, ERR_USAGE, "a notice is html, md, pdf or json");
  if (call->json && rendering->form != NOTICE_JSON)
    return err_set(err, ERR_USAGE, "--json is --format json");
  bool has_version = call_has(call, "--at") || call_has(call, "--hash");
  if (call->argument_count > 0 && has_version)
    return err_set(err, ERR_USAGE, "--at and --hash are for the versions of a home");
  return ERR_OK;
}

static enum err_code of_file(const struct call *call, struct rendering *rendering, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  const char *path = call->arguments[0];
  struct clock_source clock = clock_system();
  enum err_code code = input_read(call, path, &text, err);
  if (code == ERR_OK)
    code = policy_read(path, str_view(&text), &rendering->read, &findings, err);
  if (code != ERR_OK)
    return code;
  const struct policy *policy = rendering->read;
  int64_t now_us = clock_now_us(&clock);
  rendering->request.policy = policy;
  rendering->request.day =
      zone_day(policy->zone, now_us > policy->effective_us ? now_us : policy->effective_us);
  return ERR_OK;
}

static enum err_code of_home(struct call *call, struct rendering *rendering, struct err *err)
{
  const struct versions_wanted wanted = {view_of(call_option(call, "--at")),
                                         view_of(call_option(call, "--hash"))};
  struct versions_found found;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = versions_find(call_core(call), &wanted, &rendering->arena, &found, err);
  if (code != ERR_OK)
    return code;
  rendering->request.policy = found.policy;
  rendering->request.day = found.day;
  rendering->request.earlier = found.earlier;
  rendering->request.earlier_count = found.earlier_count;
  return ERR_OK;
}

static enum err_code write_out(const struct call *call, const struct rendering *rendering,
                               struct err *err)
{
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  const char *path = call_option(call, "-o");
  enum err_code code =
      output_open(call, path == NULL ? "-" : path, call_has(call, "--force"), &file, err);
  if (code == ERR_OK)
    code = notice_render(&rendering->request, rendering->form, &text, err);
  return code != ERR_OK ? code : output_finish(&file, str_view(&text), err);
}

enum err_code run_notice_render(struct call *call, struct err *err)
{
  struct rendering rendering = {.arena = ARENA_INIT};
  enum err_code code = read_options(call, &rendering, err);
  if (code == ERR_OK)
    code =
        call->argument_count > 0 ? of_file(call, &rendering, err) : of_home(call, &rendering, err);
  if (code == ERR_OK)
    code = write_out(call, &rendering, err);
  policy_free(rendering.read);
  arena_clear(&rendering.arena);
  return code;
}
