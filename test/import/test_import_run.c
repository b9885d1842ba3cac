// Whole imports on both engines: what goes in, once; what stops them; what undoing leaves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "core/audit.h"
#include "import/run.h"

enum { FILE_BYTES_MAX = 64 * 1024 };

static const char mapping_text[] =
    "import: 1\nencoding: utf-8\ndelimiter: \";\"\nheader: yes\npoint: purchase\nsource: self\n"
    "obtained: {column: Got}\nthing: contract\nbegins: Start\nfind: contact.email\n"
    "fields: {Name: contact.name, Email: contact.email}\n";

struct importing {
  struct world *world;
  struct arena arena;
  struct mapping mapping;
  FILE *file;
  unsigned char digest[IMPORT_DIGEST_BYTES];
  struct import_run run;
  struct import_counts counts;
  int64_t wrong_line;  // the last one
  enum err_code wrong_code;
  int32_t rests;
};

static enum err_code note_wrong(void *context, int64_t line, int32_t column, const struct err *why,
                                struct err *err)
{
  (void)column;
  (void)err;
  struct importing *importing = context;
  importing->wrong_line = line;
  importing->wrong_code = why->code;
  return ERR_OK;
}

static void importing_begin(struct importing *importing, struct world *world, const char *csv)
{
  struct err err = ERR_INIT;
  *importing = (struct importing){.world = world, .arena = ARENA_INIT, .file = tmpfile()};
  assert_non_null(importing->file);
  assert_int_equal(fwrite(csv, 1, strlen(csv), importing->file), strlen(csv));
  assert_int_equal(mapping_read(world_policy(world), "m.yaml", view_of(mapping_text),
                                &importing->arena, &importing->mapping, &err),
                   ERR_OK);
  importing->run = (struct import_run){.core = world->core,
                                       .actor = ACTOR_MACHINE,
                                       .mapping = &importing->mapping,
                                       .file = importing->file,
                                       .digest = importing->digest,
                                       .wrong = note_wrong,
                                       .context = importing};
}

static void importing_end(struct importing *importing)
{
  (void)fclose(importing->file);
  arena_clear(&importing->arena);
}

static enum err_code run(struct importing *importing)
{
  struct err err = ERR_INIT;
  assert_int_equal(import_digest(importing->world->core, importing->file, view_of(mapping_text),
                                 importing->digest, &err),
                   ERR_OK);
  return import_run(&importing->run, &importing->counts, &importing->world->err);
}

static void undo(struct importing *importing, struct import_undo_result *ret_undone)
{
  struct err err = ERR_INIT;
  const struct import_undo undo = {
      .core = importing->world->core, .actor = ACTOR_MACHINE, .import = importing->run.import};
  assert_int_equal(import_undo(&undo, ret_undone, &err), ERR_OK);
}

static const char two_rows[] =
    "Name;Email;Start;Got\n"
    "A;a@example.com;2025-01-01;2025-03-01\n"
    "B;b@example.com;2025-01-01;2025-03-01\n";

// `count` rows, each about somebody of their own; the one at `bad`, if any, was obtained in a time
// to come, which only the core sees.
static char *rows_of(int count, int bad)
{
  char *text = calloc(1, FILE_BYTES_MAX);
  assert_non_null(text);
  size_t at = (size_t)snprintf(text, FILE_BYTES_MAX, "Name;Email;Start;Got\n");
  for (int i = 1; i <= count; i++)
    at += (size_t)snprintf(text + at, FILE_BYTES_MAX - at, "N %d;n%d@example.com;2025-01-01;%s\n",
                           i, i, i == bad ? "2035-01-01" : "2025-03-01");
  assert_true(at < FILE_BYTES_MAX);
  return text;
}

// Rows go in once, whatever is wrong with others; undoing leaves nothing of them [GDPR 17(1)(d)].
static void import__takes_rows_once_and_out_again(void **state)
{
  struct world *world = world_begin(*state);
  struct importing importing;
  struct import_undo_result undone;
  importing_begin(&importing, world,
                  "Name;Email;Start;Got\nA;a@example.com;2025-01-01;2025-03-01\n"
                  "B;nowhere;2025-01-01;2025-03-01\nC;c@example.com;2025-01-01;2025-03-01\n");
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.rows, 3);
  assert_int_equal(importing.counts.in, 2);
  assert_int_equal(importing.counts.persons, 2);
  assert_int_equal(importing.counts.wrong, 1);
  assert_int_equal(importing.wrong_line, 2);
  act_audit(world);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.in, 0);
  assert_int_equal(importing.counts.before, 2);
  undo(&importing, &undone);
  assert_int_equal(undone.counts[UNDONE_PERSON], 2);
  assert_int_equal(act_find(world, "contact.email", "c@example.com", NULL), 0);
  act_audit(world);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.in, 2);
  importing_end(&importing);
  world_end(world);
}

// A row that fails in the middle of a batch takes no other with it, and leaves no entry (P6).
static void import__begins_a_batch_again_where_a_row_fails(void **state)
{
  struct world *world = world_begin(*state);
  struct importing importing;
  char *rows = rows_of(IMPORT_BATCH_ROWS_MAX + 44, 200);
  importing_begin(&importing, world, rows);
  free(rows);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.in, IMPORT_BATCH_ROWS_MAX + 43);
  assert_int_equal(importing.wrong_line, 200);
  assert_int_equal(importing.wrong_code, ERR_INPUT);
  assert_int_equal(act_log_count(world, LEDGER_OP_PERSON_ADD, 0), IMPORT_BATCH_ROWS_MAX + 43);
  assert_int_equal(act_log_count(world, LEDGER_OP_RECORD_PUT, -1),
                   2 * (IMPORT_BATCH_ROWS_MAX + 43));
  act_audit(world);
  importing_end(&importing);
  world_end(world);
}

static void change_policy(void *context)
{
  struct importing *importing = context;
  const struct act_edit edit = {"version: 1", "version: 2"};
  if (importing->rests++ == 0)
    act_change_policy(importing->world, &edit, 1);
}

// A mapping is of one version of the policy: the import stops, and goes on when it is read anew.
static void import__stops_when_the_policy_changes(void **state)
{
  struct world *world = world_begin(*state);
  struct importing importing;
  char *rows = rows_of(IMPORT_BATCH_ROWS_MAX + 10, 0);
  importing_begin(&importing, world, rows);
  importing.run.rest = change_policy;
  assert_int_equal(run(&importing), ERR_CONFLICT);
  assert_int_equal(importing.counts.in, IMPORT_BATCH_ROWS_MAX);
  importing_end(&importing);
  importing_begin(&importing, world, rows);
  free(rows);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.before, IMPORT_BATCH_ROWS_MAX);
  assert_int_equal(importing.counts.in, 10);
  importing_end(&importing);
  world_end(world);
}

// What an erased person leaves of an import is a mark that leads to nobody, and is under the
// digest (K8) [GDPR 17(1)].
static void import__of_an_erased_person_leaves_a_mark(void **state)
{
  struct world *world = world_begin(*state);
  struct importing importing;
  struct person_id person;
  importing_begin(&importing, world, two_rows);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(act_find(world, "contact.email", "a@example.com", &person), 1);
  assert_int_equal(act_erase(world, person), ERR_OK);
  act_audit(world);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(importing.counts.in, 0);
  assert_int_equal(importing.counts.before, 2);
  assert_int_equal(importing.counts.erased, 1);
  importing_end(&importing);
  world_end(world);
}

static void look_after(struct test_store *test, const char *sql)
{
  struct world *world = world_begin(test);
  struct importing importing;
  struct person_id person;
  struct audit_result result;
  importing_begin(&importing, world, two_rows);
  assert_int_equal(run(&importing), ERR_OK);
  assert_int_equal(act_find(world, "contact.email", "a@example.com", &person), 1);
  assert_int_equal(act_erase(world, person), ERR_OK);
  act_audit(world);
  test_store_sql(test, sql);
  assert_int_equal(core_audit(world->core, NULL, NULL, &result, &world->err), ERR_INTEGRITY);
  importing_end(&importing);
  world_end(world);
}

// Whoever edits what a row became is seen (K8).
static void import__edited_row_is_seen(void **state)
{
  look_after(*state, "UPDATE imported SET line = 7 WHERE person <> 0");
}

// Whoever takes the mark of an erased person away, so that the row comes again, is seen (K8, P5).
static void import__removed_mark_is_seen(void **state)
{
  look_after(*state, "DELETE FROM imported WHERE person = 0");
}

// Whoever edits an import itself is seen (K8).
static void import__edited_import_is_seen(void **state)
{
  look_after(*state, "UPDATE import SET since_us = 1");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(import__takes_rows_once_and_out_again),
      TEST_STORES(import__begins_a_batch_again_where_a_row_fails),
      TEST_STORES(import__stops_when_the_policy_changes),
      TEST_STORES(import__of_an_erased_person_leaves_a_mark),
      TEST_STORE_SQLITE(import__edited_row_is_seen),
      TEST_STORE_SQLITE(import__removed_mark_is_seen),
      TEST_STORE_SQLITE(import__edited_import_is_seen),
  };
  return cmocka_run_group_tests_name("import run", tests, test_stores_begin, test_stores_end);
}
