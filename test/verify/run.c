#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/command.h"

enum { ARGUMENTS_MAX = 16 };

static void keep(char *text, const char *from)
{
  assert_true(strlen(from) < RUN_TEXT_BYTES);
  snprintf(text, RUN_TEXT_BYTES, "%s", from);
}

struct run run_verify(const char *const *arguments)
{
  char name[] = "forvar-verify";
  char *copies[ARGUMENTS_MAX] = {name};
  int count = 1;
  for (; arguments[count - 1] != NULL; count++) {
    assert_true(count + 1 < ARGUMENTS_MAX);
    copies[count] = strdup(arguments[count - 1]);
    assert_non_null(copies[count]);
  }
  char *out = NULL;
  char *err = NULL;
  size_t out_bytes = 0;
  size_t err_bytes = 0;
  FILE *out_stream = open_memstream(&out, &out_bytes);
  FILE *err_stream = open_memstream(&err, &err_bytes);
  assert_non_null(out_stream);
  assert_non_null(err_stream);
  struct run run = {.code = verify_command(count, copies, out_stream, err_stream)};
  fclose(out_stream);
  fclose(err_stream);
  keep(run.out, out);
  keep(run.err, err);
  free(out);
  free(err);
  for (int i = 1; i < count; i++)
    free(copies[i]);
  return run;
}

static int64_t number_of(const json_t *object, const char *name)
{
  const json_t *value = json_object_get(object, name);
  return json_is_integer(value) ? json_integer_value(value) : -1;
}

static void text_of(char *text, size_t bytes, const json_t *object, const char *name)
{
  const char *value = json_string_value(json_object_get(object, name));
  snprintf(text, bytes, "%s", value != NULL ? value : "");
}

struct wrong run_wrong(const char *file, const char *const *more)
{
  const char *arguments[ARGUMENTS_MAX] = {"--json", file};
  for (int i = 0; more != NULL && more[i] != NULL; i++)
    arguments[2 + i] = more[i];
  struct run run = run_verify(arguments);
  json_t *document = json_loads(run.out, 0, NULL);
  assert_non_null(document);
  assert_string_equal(json_string_value(json_object_get(document, "schema")), "forvar.verify/1");
  const json_t *object = json_object_get(document, "wrong");
  struct wrong wrong = {.code = run.code,
                        .log = number_of(object, "log"),
                        .first = number_of(object, "first"),
                        .entry = number_of(object, "entry"),
                        .entry_count = number_of(object, "entry_count"),
                        .head_size = number_of(object, "head_size"),
                        .line = number_of(object, "line"),
                        .note = number_of(object, "note")};
  text_of(wrong.place, sizeof wrong.place, object, "place");
  text_of(wrong.what, sizeof wrong.what, object, "what");
  text_of(wrong.expected, sizeof wrong.expected, object, "expected");
  text_of(wrong.found, sizeof wrong.found, object, "found");
  json_decref(document);
  return wrong;
}

void expect_run(const char *const *arguments, int code, const char *out)
{
  struct run run = run_verify(arguments);
  assert_string_equal(run.err, "");
  assert_string_equal(run.out, out);
  assert_int_equal(run.code, code);
}

struct folder make_folder(void)
{
  struct folder folder;
  const char *base = getenv("TMPDIR");
  snprintf(folder.path, sizeof folder.path, "%s/forvar-verify.XXXXXX",
           base != NULL ? base : "/tmp");
  assert_non_null(mkdtemp(folder.path));
  return folder;
}

void path_in_folder(char *ret_path, const struct folder *folder, const char *name)
{
  snprintf(ret_path, RUN_PATH_BYTES, "%s/%s", folder->path, name);
}

void drop_folder(const struct folder *folder)
{
  DIR *entries = opendir(folder->path);
  assert_non_null(entries);
  for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
    char path[RUN_PATH_BYTES + 256];
    snprintf(path, sizeof path, "%s/%s", folder->path, entry->d_name);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      assert_int_equal(unlink(path), 0);
  }
  closedir(entries);
  assert_int_equal(rmdir(folder->path), 0);
}
