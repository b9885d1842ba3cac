// The lint of statements: nothing in the program's own, each rule in a planted one; and the schema.
#include "store/lint.h"

#include "store/connection.h"
#include "store/schema.h"
#include "store/statement_list.h"

#include "row_text.h"
#include "test_stores.h"

#include <stdlib.h>

enum { FINDINGS_BYTES_MAX = 64 * 1024, STATEMENTS_MAX = 200 };

// No statement of the program breaks a rule.
static void lint__finds_nothing_in_the_program(void **state)
{
  (void)state;
  const struct store_statement *statements[STATEMENTS_MAX];
  assert_true(store_lint_registered(NULL) <= STATEMENTS_MAX);
  size_t count = store_lint_registered(statements);
  assert_true(count >= 80);
  struct str findings = STR_INIT(FINDINGS_BYTES_MAX);
  if (store_lint(statements, count, &findings) != 0)
    fail_msg("%s", str_text(&findings));
  str_clear(&findings);
}

static const struct {
  const char *finding;  // all that is found; empty: good
  enum statement_class class;
  const char *params;
  const char *sql;
} planted[] = {
    {"", STATEMENT_ONE_SUBJECT, "i", "SELECT version FROM person WHERE person = $1"},
    {"", STATEMENT_ONE_SUBJECT, "i",
     "SELECT e.what FROM record r JOIN exception e ON e.rid = r.rid"
     " WHERE r.person = $1 AND e.person = $1"},
    {"", STATEMENT_ONE_SUBJECT, "i",
     "SELECT c.point FROM record r JOIN class c ON c.class_id = r.class_id WHERE r.person = $1"},
    {"", STATEMENT_FAN_OUT, "", "SELECT count(*) FROM person"},
    {"x: class: does not constrain each table (person)\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT version FROM person WHERE version = $1"},
    {"x: class: does not constrain each table (person)\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT e.what FROM record r JOIN exception e ON e.rid = r.rid WHERE r.person = $1"},
    {"x: class: does not constrain each table (person)\n", STATEMENT_ONE_SUBJECT, "i",
     "INSERT INTO part (thing, part, holder) VALUES ($1, $1, $1)"},
    {"x: class: does not constrain each table (person)\n", STATEMENT_ONE_SUBJECT, "i",
     "INSERT INTO part (person, thing, part, holder) VALUES (7, $1, $1, $1)"},
    {"x: class: OR may undo what constrains the table\n", STATEMENT_ONE_SUBJECT, "i",
     "DELETE FROM part WHERE person = $1 OR thing = $1"},
    {"x: class: the table is distributed otherwise (lookup)\n"
     "x: class: does not constrain each table (person)\n",
     STATEMENT_ONE_SUBJECT, "b", "DELETE FROM lookup WHERE hash = $1"},
    {"x: class: the table is distributed otherwise (person)\n", STATEMENT_LOOKUP, "i",
     "DELETE FROM person WHERE person = $1"},
    {"x: class: does not constrain each table (hash)\n", STATEMENT_LOOKUP, "i",
     "DELETE FROM lookup WHERE person = $1"},
    {"x: class: names no distributed table\n", STATEMENT_ONE_SUBJECT, "i",
     "DELETE FROM class WHERE class_id = $1"},
    {"x: class: not a reference table (person)\n", STATEMENT_CATALOG, "i",
     "DELETE FROM person WHERE person = $1"},
    {"x: class: statements of control are not registered\n", STATEMENT_CONTROL, "", "COMMIT"},
    {"y: job: only listed jobs go to all shards\n", STATEMENT_FAN_OUT, "", "DELETE FROM person"},
    {"x: moves: rows do not move between shards (person)\n", STATEMENT_ONE_SUBJECT, "ii",
     "UPDATE part SET thing = $2, person = $2 WHERE person = $1"},
    {"x: moves: rows do not move between shards (hash)\n", STATEMENT_LOOKUP, "bi",
     "INSERT INTO lookup (hash, epoch) VALUES ($1, $2) ON CONFLICT (hash, rid) DO UPDATE"
     " SET hash = excluded.hash"},
    {"x: table: not in the schema (persons)\n", STATEMENT_CATALOG, "", "DELETE FROM persons"},
    {"x: limit: LIMIT without ORDER BY\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT part FROM part WHERE person = $1 LIMIT 1"},
    {"x: limit: LIMIT without ORDER BY\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT part FROM part WHERE person = $1 AND thing IN (SELECT 1 LIMIT 1) ORDER BY part"},
    {"x: nulls: say NULLS FIRST or NULLS LAST (max)\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT thing FROM part WHERE person = $1 GROUP BY thing ORDER BY thing DESC, max(part)"},
    {"", STATEMENT_ONE_SUBJECT, "i",
     "SELECT thing FROM part WHERE person = $1 GROUP BY thing ORDER BY max(part) NULLS LAST"},
    {"x: parameters: not one of the declared parameters ($2)\n", STATEMENT_ONE_SUBJECT, "i",
     "DELETE FROM part WHERE person = $1 AND thing = $2"},
    {"x: parameters: a declared parameter is not used\n", STATEMENT_ONE_SUBJECT, "ii",
     "DELETE FROM part WHERE person = $1"},
    {"x: cast: write CAST (x AS t)\n", STATEMENT_ONE_SUBJECT, "i",
     "DELETE FROM part WHERE person = $1 AND thing = 1::bigint"},
    {"x: star: name the columns\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT * FROM part WHERE person = $1 ORDER BY thing"},
    {"x: star: name the columns\n", STATEMENT_ONE_SUBJECT, "i",
     "DELETE FROM part WHERE person = $1 RETURNING *"},
    {"x: literal: bytes are parameters ('00')\n", STATEMENT_ONE_SUBJECT, "i",
     "UPDATE person SET state = x'00' WHERE person = $1"},
    {"x: literal: bytes are parameters ('\\x00')\n", STATEMENT_ONE_SUBJECT, "i",
     "UPDATE person SET state = '\\x00' WHERE person = $1"},
    {"x: literal: double quotes mean different things (\"a\")\n", STATEMENT_ONE_SUBJECT, "i",
     "SELECT \"a\" FROM person WHERE person = $1"},
};

// Each planted statement gives its finding and nothing else.
static void lint__finds_each_planted_violation(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(planted); i++) {
    bool is_job = planted[i].class == STATEMENT_FAN_OUT && planted[i].finding[0] == '\0';
    const struct store_statement statement = {
        .name = is_job ? "person_each" : (planted[i].finding[0] == 'y' ? "y" : "x"),
        .class = planted[i].class,
        .sql = planted[i].sql,
        .params = planted[i].params,
        .columns = ""};
    const struct store_statement *const all[] = {&statement};
    struct str findings = STR_INIT(FINDINGS_BYTES_MAX);
    size_t count = store_lint(all, 1, &findings);
    if (strcmp(str_text(&findings), planted[i].finding) != 0)
      fail_msg("%s: %s", planted[i].sql, str_text(&findings));
    assert_int_equal(count > 0, planted[i].finding[0] != '\0');
    str_clear(&findings);
  }
}

// Each forbidden word is found, in either case of letters.
static void lint__finds_each_forbidden_word(void **state)
{
  static const char *const words[] = {"LIKE",
                                      "like",
                                      "ILIKE",
                                      "GLOB",
                                      "lower",
                                      "UPPER",
                                      "now",
                                      "random",
                                      "clock_timestamp",
                                      "CURRENT_DATE",
                                      "CURRENT_TIME",
                                      "CURRENT_TIMESTAMP",
                                      "gen_random_uuid",
                                      "nextval",
                                      "FOR",
                                      "SKIP",
                                      "MERGE",
                                      "TRUNCATE",
                                      "FETCH",
                                      "ANY",
                                      "ARRAY",
                                      "unnest",
                                      "string_agg",
                                      "group_concat",
                                      "greatest",
                                      "least",
                                      "octet_length",
                                      "ifnull",
                                      "true",
                                      "FALSE",
                                      "LISTEN",
                                      "NOTIFY"};
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
    struct str sql = STR_INIT(FINDINGS_BYTES_MAX);
    struct str findings = STR_INIT(FINDINGS_BYTES_MAX);
    str_format(&sql, "DELETE FROM part WHERE person = $1 AND %s", words[i]);
    const struct store_statement statement = {.name = "x",
                                              .class = STATEMENT_ONE_SUBJECT,
                                              .sql = str_text(&sql),
                                              .params = "i",
                                              .columns = ""};
    const struct store_statement *const all[] = {&statement};
    if (store_lint(all, 1, &findings) != 1 || strstr(str_text(&findings), "x: word: ") == NULL)
      fail_msg("%s: %s", words[i], str_text(&findings));
    str_clear(&findings);
    str_clear(&sql);
  }
}

// Two statements of one name would share what PostgreSQL has prepared.
static void lint__finds_a_name_twice(void **state)
{
  (void)state;
  const struct store_statement statement = {.name = "x",
                                            .class = STATEMENT_ONE_SUBJECT,
                                            .sql = "DELETE FROM part WHERE person = $1",
                                            .params = "i",
                                            .columns = ""};
  const struct store_statement *const all[] = {&statement, &statement};
  struct str findings = STR_INIT(FINDINGS_BYTES_MAX);
  assert_int_equal(store_lint(all, 2, &findings), 1);
  assert_string_equal(str_text(&findings), "x: name: the name is taken\n");
  str_clear(&findings);
}

// Each registered statement is prepared with its parameters and columns on both engines.
static void statement__is_prepared(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct store_statement *statements[STATEMENTS_MAX];
  size_t count = store_lint_registered(statements);
  for (size_t i = 0; i < count; i++) {
    void *prepared = NULL;
    ok(store->driver->prepare(store->connection, statements[i], &prepared, err));
    store->driver->discard(prepared);
  }
}

// A statement whose letters are not those of its text is refused when it is prepared.
static void statement__is_refused_with_other_columns(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct store_statement wrong[] = {
      {.name = "few", .sql = "SELECT person, version FROM person", .params = "", .columns = "i"},
      {.name = "many", .sql = "SELECT person FROM person", .params = "", .columns = "ii"},
      {.name = "typo", .sql = "SELECT persson FROM person", .params = "", .columns = "i"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
    void *prepared = NULL;
    fails(ERR_STORE, store->driver->prepare(store->connection, &wrong[i], &prepared, err));
    assert_null(prepared);
  }
}

// The tables as each engine gets them.
static void schema__is_written_from_tokens(void **state)
{
  static const char sqlite[] =
      "CREATE TABLE outbox ( /* messages to send, got by number, listed by person */\n"
      "  person INTEGER NOT NULL,\n";
  static const char sqlite_end[] =
      "  payload BLOB NOT NULL,\n"
      "  PRIMARY KEY (person, message)\n"
      ") STRICT, WITHOUT ROWID;\n"
      "CREATE INDEX outbox_due ON outbox (due_us, person, message)"
      " /* staged messages in the order in which they are due (outbox_due) */ WHERE state = 0;\n";
  static const char postgres_end[] =
      "  payload bytea NOT NULL,\n"
      "  PRIMARY KEY (person, message)\n"
      ");\n"
      "COMMENT ON TABLE outbox IS 'messages to send, got by number, listed by person';\n"
      "CREATE INDEX outbox_due ON outbox (due_us, person, message) WHERE state = 0;\n"
      "COMMENT ON INDEX outbox_due IS"
      " 'staged messages in the order in which they are due (outbox_due)';\n";
  (void)state;
  const struct schema_table *table = schema_table_find(view_of("outbox"));
  assert_non_null(table);
  struct str ddl = STR_INIT(FINDINGS_BYTES_MAX);
  schema_table_ddl(table, STORE_SQLITE, &ddl);
  assert_true(view_starts(str_view(&ddl), sqlite));
  assert_string_equal(str_text(&ddl) + ddl.length - strlen(sqlite_end), sqlite_end);
  str_clear(&ddl);
  schema_table_ddl(table, STORE_POSTGRES, &ddl);
  assert_string_equal(str_text(&ddl) + ddl.length - strlen(postgres_end), postgres_end);
  str_clear(&ddl);
}

static bool key_holds(const struct schema_table *table, const char *column)
{
  struct view rest = view_of(table->key);
  while (rest.length > 0) {
    if (view_is(view_trim(view_cut(&rest, ',')), column))
      return true;
  }
  return false;
}

// Citus needs the distributing column in each primary key, and each table has a comment.
static void schema__has_the_distribution_in_each_key(void **state)
{
  (void)state;
  for (size_t i = 0; i < schema_tables_count; i++) {
    const struct schema_table *table = &schema_tables[i];
    assert_true(table->distributed_by == NULL || key_holds(table, table->distributed_by));
    assert_true(table->comment[0] != '\0');
    assert_true(schema_table_find(view_of(table->name)) == table);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lint__finds_nothing_in_the_program),
      cmocka_unit_test(lint__finds_each_planted_violation),
      cmocka_unit_test(lint__finds_each_forbidden_word),
      cmocka_unit_test(lint__finds_a_name_twice),
      TEST_STORES(statement__is_prepared),
      TEST_STORES(statement__is_refused_with_other_columns),
      cmocka_unit_test(schema__is_written_from_tokens),
      cmocka_unit_test(schema__has_the_distribution_in_each_key),
  };
  return cmocka_run_group_tests_name("store lint", tests, test_stores_begin, test_stores_end);
}
