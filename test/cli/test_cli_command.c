// The table of commands: how words become a call, and that what is printed from the table is what
// stands in the tree.
#include "cli/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/help.h"

enum { WORDS_MAX = 12, TEXT_BYTES = 256 * 1024 };

struct said {
  int code;
  char *out, *errors;
};

// Runs the program with words that are separated by single spaces; "~" stands for an empty word.
static struct said run(const char *line)
{
  char copy[1000];
  char *words[WORDS_MAX + 1] = {NULL};
  int count = 0;
  snprintf(copy, sizeof copy, "forvar %s", line);
  for (char *at = copy; at != NULL && *at != '\0';) {
    char *space = strchr(at, ' ');
    assert_true(count < WORDS_MAX);
    words[count++] = strcmp(at, "~") == 0 ? (char[]){""} : at;
    if (space != NULL)
      *space++ = '\0';
    at = space;
  }
  struct said said = {0};
  size_t out_length, errors_length;
  struct streams streams = {fopen("/dev/null", "r"), open_memstream(&said.out, &out_length),
                            open_memstream(&said.errors, &errors_length)};
  said.code = command_run(count, words, &streams);
  fclose(streams.in);
  fclose(streams.out);
  fclose(streams.errors);
  return said;
}

static void forget(struct said *said)
{
  free(said->out);
  free(said->errors);
}

// What is wrong with a call is said in one line, with what to do in another, and ends with 2.
static void usage__is_told_exactly(void **state)
{
  (void)state;
  static const struct {
    const char *line, *errors;
  } rows[] = {
      {"polcy",
       "forvar: error[usage]: there is no command 'polcy'; did you mean 'policy'?\n"
       "  = help: forvar help lists all commands\n"},
      {"policy chekc x",
       "forvar: error[usage]: there is no command 'policy chekc'; did you mean 'check'?\n"
       "  = help: forvar help lists all commands\n"},
      {"policy",
       "forvar: error[usage]: forvar policy needs a verb\n"
       "  = help: forvar help policy lists them\n"},
      {"--json",
       "{\"type\":\"error\",\"code\":\"usage\",\"exit\":2,"
       "\"title\":\"the call is not of the form that this command takes\","
       "\"detail\":\"no command is named\"}\n"},
      {"record get p",
       "forvar: error[usage]: forvar record get takes ID FIELD\n"
       "  = help: forvar record get --help\n"},
      {"record get p f --role r",
       "forvar: error[usage]: --purpose PURPOSE is missing\n"
       "  = help: forvar record get --help\n"},
      {"record get p f --rol r",
       "forvar: error[usage]: there is no option --rol; did you mean '--role'?\n"},
      {"record get p f --secret=x", "forvar: error[usage]: there is no option --secret\n"},
      {"record get p f --role", "forvar: error[usage]: --role needs a ROLE\n"},
      {"record get p f --role a --role b", "forvar: error[usage]: --role is given twice\n"},
      {"version --quiet=yes", "forvar: error[usage]: --quiet takes no value\n"},
      {"version x",
       "forvar: error[usage]: forvar version takes no arguments\n"
       "  = help: forvar version --help\n"},
      {"help nothing",
       "forvar: error[usage]: there is no help on 'nothing'\n"
       "  = help: forvar help lists commands and topics\n"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct said said = run(rows[i].line);
    assert_string_equal(said.errors, rows[i].errors);
    assert_string_equal(said.out, "");
    assert_int_equal(said.code, 2);
    forget(&said);
  }
}

// Options stand anywhere, as one word or two, and "--" ends them.
static void options__stand_anywhere(void **state)
{
  (void)state;
  static const char *const lines[] = {
      "--home /nowhere/at/all --quiet subject add",
      "subject --home=/nowhere/at/all add",
      "subject add --home /nowhere/at/all",
      "--home=/nowhere/at/all subject add --",
  };
  for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
    struct said said = run(lines[i]);
    if (i == 1) {  // the verb follows the noun at once
      assert_int_equal(said.code, 2);
    } else {
      assert_string_equal(said.errors,
                          "forvar: error[not_found]: there is no home in /nowhere/at/all\n"
                          "  = help: make one with: forvar init; or name another with --home\n");
      assert_int_equal(said.code, 5);
    }
    forget(&said);
  }
  struct said said = run("version -- --quiet");
  assert_int_equal(said.code, 2);  // an argument behind "--", and version takes none
  forget(&said);
}

// The program alone says in twelve lines what it is.
static void overview__has_twelve_lines(void **state)
{
  (void)state;
  struct said said = run("");
  int lines = 0;
  for (const char *at = said.out; *at != '\0'; at++)
    lines += *at == '\n';
  assert_int_equal(lines, 11);
  assert_int_equal(said.code, 0);
  forget(&said);
}

// Whoever asks a command for help gets it, whatever else is missing, and nothing is done.
static void help__needs_nothing_else(void **state)
{
  (void)state;
  for (const struct command *row = command_table; row->noun != NULL; row++) {
    char line[100];
    snprintf(line, sizeof line, "%s%s%s --help", row->noun, row->verb[0] == '\0' ? "" : " ",
             row->verb);
    struct said said = run(line);
    assert_int_equal(said.code, 0);
    assert_string_equal(said.errors, "");
    assert_non_null(strstr(said.out, row->summary));
    assert_non_null(strstr(said.out, row->example));
    forget(&said);
  }
}

// Every row of the table is whole: summary without a full stop, an example, a help text for each
// option, and no option of the same name as a global one.
static void table__is_whole(void **state)
{
  (void)state;
  for (const struct command *row = command_table; row->noun != NULL; row++) {
    assert_true(strlen(row->summary) > 0 && strlen(row->summary) <= 80);
    assert_true(row->summary[strlen(row->summary) - 1] != '.');
    assert_true(strncmp(row->example, "forvar ", 7) == 0);
    assert_non_null(strstr(row->example, row->noun));
    assert_non_null(row->run);
    assert_true(row->arguments_max < COMMAND_ARGUMENTS_MAX);
    int count = 0;
    for (; row->options[count].name != NULL; count++) {
      assert_non_null(row->options[count].help);
      for (int i = 0; global_options[i].name != NULL; i++)
        assert_string_not_equal(row->options[count].name, global_options[i].name);
    }
    assert_true(count < COMMAND_OPTIONS_MAX);
  }
}

static char *read_golden(const char *path)
{
  char *text = malloc(TEXT_BYTES);
  char whole[500];
  snprintf(whole, sizeof whole, "%s/%s", FORVAR_SOURCE_ROOT, path);
  FILE *file = fopen(whole, "rb");
  assert_non_null(file);
  assert_non_null(text);
  text[fread(text, 1, TEXT_BYTES - 1, file)] = '\0';
  fclose(file);
  return text;
}

// What is printed from the tables is what the tree holds.
static void pages__are_those_in_the_tree(void **state)
{
  (void)state;
  static const struct {
    const char *line, *path;
  } rows[] = {
      {"help", "test/cli/help.txt"},
      {"help exit-codes", "test/cli/exit-codes.txt"},
      {"record get --help", "test/cli/record-get.txt"},
      {"__page cli", "doc/cli.md"},
      {"__page api", "doc/api.md"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct said said = run(rows[i].line);
    char *golden = read_golden(rows[i].path);
    assert_string_equal(said.out, golden);
    free(golden);
    forget(&said);
  }
}

// Every exit code of the registry of errors is told in the help, and no other.
static void exit_codes__are_those_of_errors(void **state)
{
  (void)state;
  struct said said = run("help exit-codes");
  for (int code = 1; code < ERR_COUNT; code++) {
    char line[16];
    snprintf(line, sizeof line, "\n%d ", err_exit_code((enum err_code)code));
    assert_non_null(strstr(said.out, line));
  }
  forget(&said);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(usage__is_told_exactly),
      cmocka_unit_test(options__stand_anywhere),
      cmocka_unit_test(overview__has_twelve_lines),
      cmocka_unit_test(help__needs_nothing_else),
      cmocka_unit_test(table__is_whole),
      cmocka_unit_test(pages__are_those_in_the_tree),
      cmocka_unit_test(exit_codes__are_those_of_errors),
  };
  return cmocka_run_group_tests_name("cli_command", tests, NULL, NULL);
}
