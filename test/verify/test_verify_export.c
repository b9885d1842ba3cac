// The lines of an export: whatever is not in the form is named by its line.
#include "log_write.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 6, TEXT_BYTES = 8192 };

struct text {
  char bytes[TEXT_BYTES];
};

// Three batches and two heads: six lines.
static struct text good_export(const struct folder *folder)
{
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "good.jsonl");
  struct model model = model_make(7, 1);
  model_add_head(&model, 3);
  model_add_head(&model, 7);
  write_export(&model, file);
  model_clean(&model);
  struct text text = {{0}};
  FILE *stream = fopen(file, "rb");
  assert_non_null(stream);
  size_t bytes = fread(text.bytes, 1, TEXT_BYTES, stream);
  fclose(stream);
  assert_true(bytes > 0 && bytes < TEXT_BYTES);
  return text;
}

static char *line_start(struct text *text, int line)
{
  char *at = text->bytes;
  for (; line > 1; line--)
    at = strchr(at, '\n') + 1;
  return at;
}

static struct wrong run_text(const struct folder *folder, const char *text)
{
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  write_text(file, text);
  return run_wrong(file, NULL);
}

static void expect_line(const struct wrong *wrong, int line, const char *what)
{
  assert_int_equal(wrong->code, 12);
  assert_int_equal(wrong->line, line);
  assert_string_equal(wrong->what, what);
}

// Old text, new text, the line that is named and why. Only the first place is replaced.
static const struct {
  const char *old;
  const char *new;
  int line;
  const char *what;
} changes[] = {
    {"\"origin\":", "\"origins\":", 1, "origin"},
    {"\"ledger.example", "\"ledger example", 1, "origin"},
    {"\"number\":1", "\"number\":\"1\"", 1, "number"},
    {"\"number\":1", "\"number\":1,\"made\":2", 1, "document"},
    {"\"public_key\":\"", "\"public_key\":\"0", 1, "public_key"},
    {"\"first\":0", "\"first\":\"0\"", 2, "first"},
    {"\"first\":1", "\"first\":1.0", 3, "first"},
    {"\"first\":3", "\"first\":99999999999999999999", 4, "document"},
    {"\"count\":2", "\"counts\":2", 3, "count"},
    {"\"count\":4", "\"count\":4,\"count\":4", 4, "document"},
    {"\"time_us\":", "\"time_us\":null,\"x\":", 2, "time_us"},
    {"\"root\":\"", "\"root\":\"00", 2, "root"},
    {"\"root\":\"", "\"root\":\"z", 2, "root"},
    {"\"entries\":\"0", "\"entries\":\"", 2, "entries"},
    {"\"entries\":\"", "\"entries\":\"00", 2, "bytes of entries"},
    {"{\"checkpoint\":\"", "{\"checkpoint\":1,\"x\":\"", 5, "checkpoint"},
    {"{\"checkpoint\":", "{\"x\":1,\"checkpoint\":", 5, "document"},
    {"{\"checkpoint\":", "{\"head\":", 5, "first"},
    {"}\n{\"first\":1", "}\n\n{\"first\":1", 3, "document"},
    {"}\n{\"first\":1", "}{\"first\":1", 2, "document"},
    {"{\"first\":3", "[{\"first\":3", 4, "document"},
};

// Each change of a word of the form.
static void line__out_of_form_is_named(void **state)
{
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    struct text good = good_export(*state);
    char *at = strstr(good.bytes, changes[i].old);
    assert_non_null(at);
    char text[TEXT_BYTES + 64];
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good.bytes), good.bytes, changes[i].new,
             at + strlen(changes[i].old));
    struct wrong wrong = run_text(*state, text);
    expect_line(&wrong, changes[i].line, changes[i].what);
  }
}

// Cut in the middle of each line: that line is named. The first line cut leaves no export.
static void line__cut_short_is_named(void **state)
{
  for (int line = 1; line <= LINES; line++) {
    struct text text = good_export(*state);
    line_start(&text, line)[10] = 0;
    struct wrong wrong = run_text(*state, text.bytes);
    if (line == 1)
      assert_int_equal(wrong.code, 1);
    else
      expect_line(&wrong, line, "document");
  }
}

// The last line end may be missing, as nothing else is then.
static void line__end_of_the_last_may_be_missing(void **state)
{
  struct text text = good_export(*state);
  text.bytes[strlen(text.bytes) - 1] = 0;
  assert_int_equal(run_text(*state, text.bytes).code, 0);
}

// A batch after a head, and a second header.
static void line__out_of_order_is_named(void **state)
{
  struct text good = good_export(*state);
  char text[3 * TEXT_BYTES];
  char *batch = line_start(&good, 4);
  char *head = line_start(&good, 5);
  char *last = line_start(&good, 6);
  snprintf(text, sizeof text, "%.*s%.*s%.*s%s", (int)(batch - good.bytes), good.bytes,
           (int)(last - head), head, (int)(head - batch), batch, last);
  struct wrong wrong = run_text(*state, text);
  expect_line(&wrong, 5, "order");

  char *second = line_start(&good, 2);
  snprintf(text, sizeof text, "%.*s%s", (int)(second - good.bytes), good.bytes, good.bytes);
  wrong = run_text(*state, text);
  expect_line(&wrong, 2, "first");
}

// A line that is longer than any batch can be is not read to its end.
static void line__too_long_is_named(void **state)
{
  enum { LONG_BYTES = 700 * 1024 };
  struct text good = good_export(*state);
  char *text = malloc(LONG_BYTES + TEXT_BYTES);
  assert_non_null(text);
  size_t bytes = (size_t)(line_start(&good, 3) - good.bytes);
  memcpy(text, good.bytes, bytes);
  memset(text + bytes, ' ', LONG_BYTES);
  snprintf(text + bytes + LONG_BYTES, TEXT_BYTES - bytes, "%s", line_start(&good, 3));
  struct wrong wrong = run_text(*state, text);
  expect_line(&wrong, 3, "length");
  free(text);
}

// Each byte of the whole export replaced is found; a first line that is no header any more leaves a
// file that cannot be read.
static void line__each_byte_replaced_is_found(void **state)
{
  struct text good = good_export(*state);
  size_t header_bytes = (size_t)(line_start(&good, 2) - good.bytes);
  for (size_t at = 0; good.bytes[at] != 0; at++) {
    struct text text = good;
    text.bytes[at] = text.bytes[at] == '~' ? '}' : '~';
    int code = run_text(*state, text.bytes).code;
    assert_true(code == 12 || (code == 1 && at < header_bytes));
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
      cmocka_unit_test(line__out_of_form_is_named),
      cmocka_unit_test(line__cut_short_is_named),
      cmocka_unit_test(line__end_of_the_last_may_be_missing),
      cmocka_unit_test(line__out_of_order_is_named),
      cmocka_unit_test(line__too_long_is_named),
      cmocka_unit_test(line__each_byte_replaced_is_found),
  };
  return cmocka_run_group_tests_name("verify export", tests, setup, teardown);
}
