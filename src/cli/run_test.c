#include <string.h>

#include "cli/commands.h"
#include "trial/trial.h"

static enum err_code read_format(const char *name, enum trial_format *ret_format, struct err *err)
{
  static const char *const names[] = {"people", "tap", "junit"};
  for (size_t i = 0; i < ARRAY_COUNT(names); i++)
    if (strcmp(name, names[i]) == 0) {
      *ret_format = (enum trial_format)i;
      return ERR_OK;
    }
  return err_set(err, ERR_USAGE, "a format is people, tap or junit");
}

enum err_code run_test(struct call *call, struct err *err)
{
  const char *format = call_option(call, "--format");
  bool has_policy = !trial_is_test_file(call->arguments[0]);
  struct trial_options options = {
      .policy_path = has_policy ? call->arguments[0] : NULL,
      .test_paths = call->arguments + (has_policy ? 1 : 0),
      .test_count = call->argument_count - (has_policy ? 1 : 0),
      .format = TRIAL_PLAIN,
      .store_uri = call_option(call, "--store"),
      .filter = call_option(call, "--filter"),
      .mutate = call_has(call, "--mutate"),
      .promises = call_has(call, "--promises"),
      .json = call->json,
  };
  struct trial_summary summary;
  enum err_code code = format == NULL ? ERR_OK : read_format(format, &options.format, err);
  if (code == ERR_OK && options.test_count == 0)
    code = err_set(err, ERR_USAGE, "no test file is named; their names end in .test.yaml");
  if (code == ERR_OK)
    code = trial_run(&options, call->streams.out, &summary, err);
  if (code == ERR_OK)
    call->exit_code = trial_is_good(&summary) ? EXIT_OK : EXIT_NOT_GOOD;
  return code;
}
