// The command line of forvar-verify, and the forms of keys, notes and numbers.
#include "log_write.h"
#include "run.h"
#include "verify/note.h"
#include "verify/report_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE "usage: forvar-verify [--key HEX|FILE] [--head FILE]... [--json] FILE\n"

static const struct {
  const char *arguments[6];
  const char *err;
} wrong_lines[] = {
    {{NULL}, "forvar-verify: no file given\n" USAGE},
    {{"--json", NULL}, "forvar-verify: no file given\n" USAGE},
    {{"--jsn", "x", NULL}, "forvar-verify: unknown option '--jsn'\n" USAGE},
    {{"-", NULL}, "forvar-verify: unknown option '-'\n" USAGE},
    {{"x", "y", NULL}, "forvar-verify: one file at a time, not also 'y'\n" USAGE},
    {{"x", "--key", NULL}, "forvar-verify: no value after '--key'\n" USAGE},
    {{"x", "--head", NULL}, "forvar-verify: no value after '--head'\n" USAGE},
    {{"--key", "a", "--key", "b", "x", NULL}, "forvar-verify: one key only, not also 'b'\n" USAGE},
    {{"--", "--json", "--key", NULL},
     "forvar-verify: one file at a time, not also '--key'\n" USAGE},
};

// Wrong usage is told with the usage, and has its own exit code.
static void command__wrong_usage_is_told(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof wrong_lines / sizeof wrong_lines[0]; i++) {
    struct run run = run_verify(wrong_lines[i].arguments);
    assert_string_equal(run.err, wrong_lines[i].err);
    assert_string_equal(run.out, "");
    assert_int_equal(run.code, 2);
  }
}

// Help and version go to the output and need no file.
static void command__help_and_version_need_no_file(void **state)
{
  (void)state;
  struct run run = run_verify((const char *const[]){"--help", NULL});
  assert_int_equal(run.code, 0);
  assert_int_equal(strncmp(run.out, USAGE, strlen(USAGE)), 0);
  assert_non_null(strstr(run.out, "Exit code: 0 holds; 12 does not hold"));
  run = run_verify((const char *const[]){"--version", NULL});
  assert_int_equal(run.code, 0);
  assert_int_equal(strncmp(run.out, "forvar-verify ", strlen("forvar-verify ")), 0);
  assert_int_equal(run.out[strlen(run.out) - 1], '\n');
}

// A file that cannot be read is told in JSON too, with no verdict.
static void command__json_tells_trouble(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  char expected[3 * RUN_PATH_BYTES];
  path_in_folder(file, folder, "none");
  snprintf(expected, sizeof expected,
           "{\n  \"schema\": \"forvar.verify/1\",\n  \"file\": \"%s\",\n  \"kind\": \"file\",\n"
           "  \"holds\": null,\n  \"error\": \"%s: No such file or directory\"\n}\n",
           file, file);
  expect_run((const char *const[]){"--json", file, NULL}, 1, expected);
}

// The JSON document of a wrong place, whole.
static void command__json_tells_the_wrong_place(void **state)
{
  const struct folder *folder = *state;
  char file[RUN_PATH_BYTES];
  char expected[4 * RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  struct model model = model_make(3, 1);
  model_entry(&model, 2)[0] = 9;
  write_export(&model, file);
  snprintf(expected, sizeof expected,
           "{\n  \"schema\": \"forvar.verify/1\",\n  \"file\": \"%s\",\n  \"kind\": \"export\",\n"
           "  \"holds\": false,\n  \"origin\": \"" MODEL_ORIGIN
           "\",\n  \"wrong\": {\n    \"place\": \"batch\",\n    \"log\": 1,\n    \"first\": 1,\n"
           "    \"entry\": 2,\n    \"entry_count\": 1,\n    \"head_size\": null,\n"
           "    \"line\": 3,\n    \"file\": null,\n    \"note\": null,\n    \"what\": \"kind\",\n"
           "    \"expected\": \"1 to 5\",\n    \"found\": \"9\"\n  }\n}\n",
           file);
  expect_run((const char *const[]){"--json", file, NULL}, 12, expected);
  model_clean(&model);
}

// A key may be digits in either case, a file with digits, or a file with the bytes.
static void command__key_has_several_forms(void **state)
{
  const struct folder *folder = *state;
  char key_file[RUN_PATH_BYTES];
  char digits[65];
  char upper[65];
  path_in_folder(key_file, folder, "key");
  struct model model = model_make(3, 1);
  write_home(&model, folder->path);
  write_hex(digits, model.public_key, 32);
  for (size_t i = 0; i < sizeof digits; i++)
    upper[i] = digits[i] >= 'a' ? (char)(digits[i] - 'a' + 'A') : digits[i];
  const char *const by_file[] = {"--key", key_file, NULL};
  assert_int_equal(run_wrong(folder->path, (const char *const[]){"--key", digits, NULL}).code, 0);
  assert_int_equal(run_wrong(folder->path, (const char *const[]){"--key", upper, NULL}).code, 0);
  write_text(key_file, digits);
  assert_int_equal(run_wrong(folder->path, by_file).code, 0);
  char line[70];
  snprintf(line, sizeof line, "%s\r\n", digits);
  write_text(key_file, line);
  assert_int_equal(run_wrong(folder->path, by_file).code, 0);
  FILE *stream = fopen(key_file, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(model.public_key, 1, 32, stream), 32);
  fclose(stream);
  assert_int_equal(run_wrong(folder->path, by_file).code, 0);

  digits[63] = 0;
  write_text(key_file, digits);
  struct run run = run_verify((const char *const[]){"--key", key_file, folder->path, NULL});
  char expected[RUN_PATH_BYTES + 80];
  snprintf(expected, sizeof expected,
           "forvar-verify: %s: no key in it; 64 hex digits or 32 bytes are needed\n", key_file);
  assert_int_equal(run.code, 1);
  assert_string_equal(run.err, expected);
  model_clean(&model);
}

// A file whose name starts with a dash, after "--"; options may stand behind the file.
static void command__double_dash_ends_the_options(void **state)
{
  (void)state;
  struct run run = run_verify((const char *const[]){"--", "--head", NULL});
  assert_int_equal(run.code, 1);
  assert_string_equal(run.err, "forvar-verify: --head: No such file or directory\n");
}

static const struct {
  const char *name;
  size_t bytes;
  bool is_sound;
} origins[] = {
    {"a", 1, true},
    {"ledger.example.org/forvar", 25, true},
    {"f\xC3\xB6rvar.example", 15, true},
    {"\xF0\x9F\x94\x91", 4, true},
    {"", 0, false},
    {"a b", 3, false},
    {"a+b", 3, false},
    {"a\nb", 3, false},
    {"a\0b", 3, false},
    {"a\x7F", 2, false},
    {"a\x1B[31m", 6, false},
    {"\xC2\x9B", 2, false},
    {"\xC2\xA0", 2, false},
    {"\xC3", 1, false},
    {"\xC3(", 2, false},
    {"\x80", 1, false},
    {"\xC0\xAF", 2, false},
    {"\xE0\x80\xAF", 3, false},
    {"\xED\xA0\x80", 3, false},
    {"\xF4\x90\x80\x80", 4, false},
    {"\xF5\x80\x80\x80", 4, false},
};

// Names that could play with a terminal, or that are no UTF-8, are none; 100 bytes is the limit.
static void origin__is_sound_or_not(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++)
    assert_int_equal(verify_origin_is_sound(origins[i].name, origins[i].bytes),
                     origins[i].is_sound);
  char name[102];
  memset(name, 'a', sizeof name);
  assert_true(verify_origin_is_sound(name, 100));
  assert_false(verify_origin_is_sound(name, 101));
}

// Numbers have commas, times are RFC 3339; both at their boundaries.
static void text__of_numbers_and_times(void **state)
{
  (void)state;
  static const struct {
    int64_t number;
    const char *text;
  } counts[] = {{0, "0"},
                {999, "999"},
                {1000, "1,000"},
                {-1000, "-1,000"},
                {-100, "-100"},
                {1234567, "1,234,567"},
                {INT64_MAX, "9,223,372,036,854,775,807"}};
  static const struct {
    int64_t time_us;
    const char *text;
  } times[] = {
      {0, "1970-01-01T00:00:00.000000Z"},
      {-1, "1969-12-31T23:59:59.999999Z"},
      {INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z"},
      {INT64_C(951868799999999), "2000-02-29T23:59:59.999999Z"},
      {INT64_C(951868800000000), "2000-03-01T00:00:00.000000Z"},
      {INT64_C(253402300799999999), "9999-12-31T23:59:59.999999Z"},
      {INT64_C(253402300800000000), "253402300800000000"},
      {INT64_MIN, "-9223372036854775808"},
  };
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    char text[VERIFY_NUMBER_BYTES];
    verify_format_count(text, counts[i].number);
    assert_string_equal(text, counts[i].text);
  }
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    char text[VERIFY_TIME_BYTES];
    verify_format_time(text, times[i].time_us);
    assert_string_equal(text, times[i].text);
  }
}

static int setup(void **state)
{
  static struct folder folder;
  folder = make_folder();
  *state = &folder;
  return 0;
}

static int teardown(void **state)
{
  drop_folder(*state);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(command__wrong_usage_is_told),
      cmocka_unit_test(command__help_and_version_need_no_file),
      cmocka_unit_test(command__json_tells_trouble),
      cmocka_unit_test(command__json_tells_the_wrong_place),
      cmocka_unit_test(command__key_has_several_forms),
      cmocka_unit_test(command__double_dash_ends_the_options),
      cmocka_unit_test(origin__is_sound_or_not),
      cmocka_unit_test(text__of_numbers_and_times),
  };
  return cmocka_run_group_tests_name("verify command", tests, setup, teardown);
}
