#include "mutate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "log_write.h"

struct place batch_place(int64_t first, const char *what)
{
  return entries_place(first, -1, -1, what);
}

struct place entries_place(int64_t first, int64_t entry, int64_t count, const char *what)
{
  return (struct place){.place = "batch",
                        .log = 1,
                        .first = first,
                        .entry = entry,
                        .entry_count = count,
                        .head_size = -1,
                        .whats = {what}};
}

struct place head_place(int64_t size, const char *what)
{
  return (struct place){.place = "head",
                        .log = 1,
                        .first = -1,
                        .entry = -1,
                        .entry_count = -1,
                        .head_size = size,
                        .whats = {what}};
}

static void expect_place(const struct wrong *wrong, const struct place *place)
{
  assert_int_equal(wrong->code, 12);
  assert_string_equal(wrong->place, place->place);
  assert_int_equal(wrong->log, place->log);
  assert_int_equal(wrong->first, place->first);
  assert_int_equal(wrong->entry, place->entry);
  assert_int_equal(wrong->entry_count, place->entry_count);
  assert_int_equal(wrong->head_size, place->head_size);
  for (const char *const *what = place->whats; *what != NULL; what++)
    if (strcmp(*what, wrong->what) == 0)
      return;
  assert_string_equal(wrong->what, place->whats[0]);
}

void expect_home(const struct model *model, const struct folder *folder, const struct place *place,
                 const char *const *more)
{
  write_home(model, folder->path);
  struct wrong wrong = run_wrong(folder->path, more);
  expect_place(&wrong, place);
}

void expect_export(const struct model *model, const struct folder *folder,
                   const struct place *place, const char *const *more)
{
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  write_export(model, file);
  struct wrong wrong = run_wrong(file, more);
  expect_place(&wrong, place);
}

void expect_both(const struct model *model, const struct folder *folder, const struct place *place)
{
  expect_home(model, folder, place, NULL);
  expect_export(model, folder, place, NULL);
}

void expect_holds(const struct model *model, const struct folder *folder, const char *const *more)
{
  char file[RUN_PATH_BYTES];
  path_in_folder(file, folder, "export.jsonl");
  write_home(model, folder->path);
  write_export(model, file);
  assert_int_equal(run_wrong(folder->path, more).code, 0);
  assert_int_equal(run_wrong(file, more).code, 0);
}
