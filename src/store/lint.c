#include "store/lint.h"

#include "store/schema.h"
#include "store/sql_tokens.h"
#include "store/statement_list.h"

#include <string.h>

enum { TABLES_MAX = 4, DEPTH_MAX = 8 };

// What may go to all shards, and why it cannot do otherwise.
static const char *const jobs[] = {
    "person_each",       // deep checks, listings of the console
    "key_older",         // rotation of the epoch key
    "request_overdue",   // deadlines
    "hold_overdue",      // reviews
    "task_open",         // what somebody has to do
    "task_overdue",      // what was to be done and is not
    "outbox_due",        // sending
    "operation_older",   // idempotency past its 72 hours
    "due_upto",          // sweep
    "lookup_each",       // deep look
    "lookup_delete_of",  // erasure: the hashes of a person are not known
    "imported_after",    // going on with an import
    "imported_before",   // undoing an import
    "suppression_each",  // export of the opt-outs
};

static const struct {
  const char *word;
  const char *reason;
} words[] = {
    {"LIKE", "letters' case differs between the engines"},
    {"ILIKE", "not in SQLite"},
    {"GLOB", "not in PostgreSQL"},
    {"lower", "ASCII only in SQLite; normalise before"},
    {"upper", "ASCII only in SQLite; normalise before"},
    {"now", "times are parameters"},
    {"clock_timestamp", "times are parameters"},
    {"CURRENT_TIMESTAMP", "times are parameters"},
    {"CURRENT_DATE", "times are parameters"},
    {"CURRENT_TIME", "times are parameters"},
    {"random", "randomness is a parameter"},
    {"gen_random_uuid", "ids are parameters"},
    {"nextval", "ids are parameters"},
    {"FOR", "rows are not locked; claim them by compare and set"},
    {"SKIP", "rows are not locked; claim them by compare and set"},
    {"MERGE", "not in SQLite; use ON CONFLICT"},
    {"TRUNCATE", "not in SQLite"},
    {"FETCH", "not in SQLite; use LIMIT"},
    {"ANY", "not in SQLite; repeat the parameter"},
    {"ARRAY", "not in SQLite"},
    {"unnest", "not in SQLite"},
    {"string_agg", "not in SQLite"},
    {"group_concat", "not in PostgreSQL"},
    {"greatest", "not in SQLite"},
    {"least", "not in SQLite"},
    {"octet_length", "not in SQLite; use length"},
    {"ifnull", "not in PostgreSQL; use coalesce"},
    {"TRUE", "truth is 1"},
    {"FALSE", "truth is 0"},
    {"LISTEN", "reaches one server only"},
    {"NOTIFY", "reaches one server only"},
};

struct lint {
  const struct store_statement *statement;
  struct sql_tokens tokens;
  struct view tables[TABLES_MAX];
  size_t table_count;
  struct str *findings;
  size_t count;
};

static void finding(struct lint *lint, const char *rule, const char *text, struct view what)
{
  str_format(lint->findings, "%s: %s: %s", lint->statement->name, rule, text);
  if (what.length > 0)
    str_format(lint->findings, " (%.*s)", (int)what.length, what.bytes);
  str_add_char(lint->findings, '\n');
  lint->count++;
}

static bool is_on(const struct lint *lint, size_t at, const char *text)
{
  return sql_token_is(&lint->tokens, at, text);
}

static const struct schema_table *table_at(const struct lint *lint, size_t index)
{
  return schema_table_find(lint->tables[index]);
}

// The names after FROM, JOIN, INTO and UPDATE; "DO UPDATE" names none.
static void check_tables(struct lint *lint)
{
  for (size_t i = 0; i < lint->tokens.count; i++) {
    bool is_update = is_on(lint, i, "UPDATE") && (i == 0 || !is_on(lint, i - 1, "DO"));
    if (!is_update && !is_on(lint, i, "FROM") && !is_on(lint, i, "JOIN") && !is_on(lint, i, "INTO"))
      continue;
    struct view name = sql_token(&lint->tokens, i + 1);
    if (view_is(name, "("))
      continue;
    if (schema_table_find(name) == NULL)
      finding(lint, "table", "not in the schema", name);
    else if (lint->table_count < TABLES_MAX)
      lint->tables[lint->table_count++] = name;
    else
      finding(lint, "table", "too many tables in one statement", name);
  }
}

// How many times `column` is compared with a parameter.
static size_t constraints_count(const struct lint *lint, const char *column)
{
  size_t count = 0;
  for (size_t i = 0; i < lint->tokens.count; i++) {
    if (view_is(sql_token_column(lint->tokens.tokens[i]), column) && is_on(lint, i + 1, "=") &&
        sql_token_is_parameter(sql_token(&lint->tokens, i + 2)))
      count++;
  }
  return count;
}

// INSERT INTO t (a, column, …) VALUES ($1, $n, …): whether that place holds a parameter.
static bool is_inserted(const struct lint *lint, const char *column)
{
  if (!is_on(lint, 0, "INSERT") || !is_on(lint, 3, "("))
    return false;
  size_t at = 4;
  while (at < lint->tokens.count && !view_is(lint->tokens.tokens[at], column) &&
         !is_on(lint, at, ")"))
    at++;
  size_t values = at;
  while (values < lint->tokens.count && !is_on(lint, values, "VALUES"))
    values++;
  return view_is(sql_token(&lint->tokens, at), column) && is_on(lint, values + 1, "(") &&
         sql_token_is_parameter(sql_token(&lint->tokens, values + 2 + (at - 4)));
}

static void check_distribution(struct lint *lint)
{
  bool is_subject = lint->statement->class == STATEMENT_ONE_SUBJECT;
  size_t needed = 0;
  const char *column = is_subject ? "person" : NULL;
  for (size_t i = 0; i < lint->table_count; i++) {
    const struct schema_table *table = table_at(lint, i);
    if (table->distributed_by == NULL)
      continue;
    if (column == NULL && strcmp(table->distributed_by, "person") != 0)
      column = table->distributed_by;
    if (column == NULL || strcmp(table->distributed_by, column) != 0)
      finding(lint, "class", "the table is distributed otherwise", lint->tables[i]);
    needed++;
  }
  if (needed == 0)
    finding(lint, "class", "names no distributed table", VIEW_EMPTY);
  else if (column != NULL &&
           constraints_count(lint, column) + (is_inserted(lint, column) ? 1 : 0) < needed)
    finding(lint, "class", "does not constrain each table", view_of(column));
  for (size_t i = 0; i < lint->tokens.count; i++) {
    if (is_on(lint, i, "OR"))
      finding(lint, "class", "OR may undo what constrains the table", VIEW_EMPTY);
  }
}

static void check_catalog(struct lint *lint)
{
  for (size_t i = 0; i < lint->table_count; i++) {
    if (table_at(lint, i)->distributed_by != NULL)
      finding(lint, "class", "not a reference table", lint->tables[i]);
  }
}

static void check_job(struct lint *lint)
{
  for (size_t i = 0; i < ARRAY_COUNT(jobs); i++) {
    if (strcmp(lint->statement->name, jobs[i]) == 0)
      return;
  }
  finding(lint, "job", "only listed jobs go to all shards", VIEW_EMPTY);
}

static void check_class(struct lint *lint)
{
  switch (lint->statement->class) {
    case STATEMENT_ONE_SUBJECT:
    case STATEMENT_LOOKUP:
      check_distribution(lint);
      return;
    case STATEMENT_CATALOG:
      check_catalog(lint);
      return;
    case STATEMENT_FAN_OUT:
      check_job(lint);
      return;
    case STATEMENT_CONTROL:
      finding(lint, "class", "statements of control are not registered", VIEW_EMPTY);
      return;
  }
}

// The assignments after SET, up to what follows them.
static void check_moves(struct lint *lint)
{
  bool in_set = false;
  for (size_t i = 0; i < lint->tokens.count; i++) {
    if (is_on(lint, i, "WHERE") || is_on(lint, i, "FROM") || is_on(lint, i, "RETURNING"))
      in_set = false;
    bool starts = is_on(lint, i, "SET") || (in_set && is_on(lint, i, ","));
    in_set = in_set || is_on(lint, i, "SET");
    if (!starts || lint->table_count == 0)
      continue;
    const char *column = table_at(lint, 0)->distributed_by;
    if (column != NULL && is_on(lint, i + 1, column))
      finding(lint, "moves", "rows do not move between shards", view_of(column));
  }
}

static void check_limit(struct lint *lint)
{
  bool ordered[DEPTH_MAX] = {false};
  size_t depth = 0;
  for (size_t i = 0; i < lint->tokens.count; i++) {
    if (is_on(lint, i, "(") && depth + 1 < DEPTH_MAX)
      ordered[++depth] = false;
    else if (is_on(lint, i, ")") && depth > 0)
      depth--;
    else if (is_on(lint, i, "ORDER"))
      ordered[depth] = true;
    else if (is_on(lint, i, "LIMIT") && !ordered[depth])
      finding(lint, "limit", "LIMIT without ORDER BY", VIEW_EMPTY);
  }
}

static bool is_column(const struct lint *lint, struct view name)
{
  for (size_t i = 0; i < lint->table_count; i++) {
    if (schema_column_find(table_at(lint, i), sql_token_column(name)) != NULL)
      return true;
  }
  return false;
}

// One term of an ORDER BY from `at` on; returns where it ends. A bare column cannot be NULL.
static size_t check_term(struct lint *lint, size_t at)
{
  bool has_nulls = false;
  size_t end = at;
  size_t depth = 0;
  for (; end < lint->tokens.count; end++) {
    if (depth == 0 && (is_on(lint, end, ",") || is_on(lint, end, "LIMIT") || is_on(lint, end, ")")))
      break;
    depth += is_on(lint, end, "(") ? 1 : 0;
    depth -= is_on(lint, end, ")") ? 1 : 0;
    has_nulls = has_nulls || is_on(lint, end, "NULLS");
  }
  size_t last =
      end > at && (is_on(lint, end - 1, "DESC") || is_on(lint, end - 1, "ASC")) ? end - 1 : end;
  bool is_bare = last == at + 1 && is_column(lint, sql_token(&lint->tokens, at));
  if (!is_bare && !has_nulls)
    finding(lint, "nulls", "say NULLS FIRST or NULLS LAST", sql_token(&lint->tokens, at));
  return end;
}

static void check_nulls(struct lint *lint)
{
  for (size_t i = 0; i < lint->tokens.count; i++) {
    if (!is_on(lint, i, "ORDER") || !is_on(lint, i + 1, "BY"))
      continue;
    size_t end = check_term(lint, i + 2);
    while (is_on(lint, end, ","))
      end = check_term(lint, end + 1);
  }
}

static void check_parameters(struct lint *lint)
{
  bool seen[STATEMENT_PARAMS_MAX] = {false};
  size_t count = strlen(lint->statement->params);
  for (size_t i = 0; i < lint->tokens.count; i++) {
    struct view token = lint->tokens.tokens[i];
    int64_t number = 0;
    if (!sql_token_is_parameter(token))
      continue;
    if (view_int64(view_bytes(token.bytes + 1, token.length - 1), &number) && number >= 1 &&
        number <= (int64_t)count)
      seen[number - 1] = true;
    else
      finding(lint, "parameters", "not one of the declared parameters", token);
  }
  for (size_t i = 0; i < count; i++) {
    if (!seen[i])
      finding(lint, "parameters", "a declared parameter is not used", VIEW_EMPTY);
  }
}

static void check_words(struct lint *lint)
{
  for (size_t i = 0; i < lint->tokens.count; i++) {
    for (size_t j = 0; j < ARRAY_COUNT(words); j++) {
      if (is_on(lint, i, words[j].word))
        finding(lint, "word", words[j].reason, lint->tokens.tokens[i]);
    }
  }
}

static void check_signs(struct lint *lint)
{
  for (size_t i = 0; i < lint->tokens.count; i++) {
    struct view token = lint->tokens.tokens[i];
    bool is_count = i >= 2 && is_on(lint, i - 2, "count") && is_on(lint, i - 1, "(");
    bool is_hex = token.bytes[0] == '\'' && i > 0 && is_on(lint, i - 1, "x");
    if (view_is(token, "::"))
      finding(lint, "cast", "write CAST (x AS t)", VIEW_EMPTY);
    if (view_is(token, "*") && !is_count)
      finding(lint, "star", "name the columns", VIEW_EMPTY);
    if (is_hex || view_starts(token, "'\\x"))
      finding(lint, "literal", "bytes are parameters", token);
    if (token.bytes[0] == '"')
      finding(lint, "literal", "double quotes mean different things", token);
  }
}

static void check_name(struct lint *lint, const struct store_statement *const *before, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (strcmp(before[i]->name, lint->statement->name) == 0)
      finding(lint, "name", "the name is taken", VIEW_EMPTY);
  }
}

size_t store_lint(const struct store_statement *const *statements, size_t count,
                  struct str *ret_findings)
{
  static void (*const checks[])(struct lint *) = {
      check_tables, check_class,      check_moves, check_limit,
      check_nulls,  check_parameters, check_words, check_signs,
  };
  size_t findings = 0;
  for (size_t i = 0; i < count; i++) {
    struct lint lint = {.statement = statements[i], .findings = ret_findings};
    sql_tokens_read(statements[i]->sql, &lint.tokens);
    for (size_t j = 0; j < ARRAY_COUNT(checks); j++)
      checks[j](&lint);
    check_name(&lint, statements, i);
    findings += lint.count;
  }
  return findings;
}

size_t store_lint_registered(const struct store_statement **ret_statements)
{
  size_t count = 0;
  for (size_t i = 0; i < statement_tables_count; i++) {
    for (size_t j = 0; j < statement_tables[i]->count; j++, count++) {
      if (ret_statements != NULL)
        ret_statements[count] = &statement_tables[i]->rows[j];
    }
  }
  return count;
}
