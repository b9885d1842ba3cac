#include "cli/chosen.h"

#include "base/calendar.h"
#include "cli/output.h"
#include "policy/read.h"

static enum err_code of_file(const struct call *call, struct chosen *chosen, struct err *err)
{
  struct clock_source clock = clock_system();
  enum err_code code = input_policy(call, call->arguments[0], &chosen->read, err);
  if (code != ERR_OK)
    return code;
  const struct policy *policy = chosen->read;
  int64_t now_us = clock_now_us(&clock);
  chosen->found.policy = policy;
  chosen->found.day =
      zone_day(policy->zone, now_us > policy->effective_us ? now_us : policy->effective_us);
  return ERR_OK;
}

enum err_code chosen_read(struct call *call, struct chosen *chosen, struct err *err)
{
  const char *language = call_option(call, "--lang");
  const struct versions_wanted wanted = {view_of(call_option(call, "--at")),
                                         view_of(call_option(call, "--hash"))};
  if (language != NULL && !language_find(view_of(language), &chosen->language))
    return err_set(err, ERR_USAGE, "the language is sv or en");
  if (call->argument_count == 0) {
    enum err_code code = call_home(call, err);
    return code != ERR_OK
               ? code
               : versions_find(call_core(call), &wanted, &chosen->arena, &chosen->found, err);
  }
  if (wanted.at.length > 0 || wanted.hash.length > 0)
    return err_set(err, ERR_USAGE, "--at and --hash are for the versions of a home");
  return of_file(call, chosen, err);
}

void chosen_cleanup(struct chosen *chosen)
{
  policy_free(chosen->read);
  arena_clear(&chosen->arena);
  *chosen = (struct chosen)CHOSEN_INIT;
}

enum err_code chosen_write(const struct call *call, struct view text, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  const char *path = call_option(call, "-o");
  enum err_code code =
      output_open(call, path == NULL ? "-" : path, call_has(call, "--force"), &file, err);
  return code != ERR_OK ? code : output_finish(&file, text, err);
}
