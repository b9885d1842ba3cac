#include "store/schema.h"

enum { HASH_BYTES = 16, DIGEST_BYTES = 32, MAC_BYTES = 16, WRAPPED_KEY_BYTES = 60 };

static const struct schema_column person_columns[] = {{"person", SCHEMA_I64, 0},
                                                      {"version", SCHEMA_I64, 0},
                                                      {"state", SCHEMA_BYTES, 0},
                                                      {"mac", SCHEMA_BYTES, MAC_BYTES}};
static const struct schema_column record_columns[] = {
    {"person", SCHEMA_I64, 0},       {"rid", SCHEMA_I64, 0},          {"version", SCHEMA_I64, 0},
    {"class_id", SCHEMA_I64, 0},     {"key", SCHEMA_I64, 0},          {"thing", SCHEMA_I64, 0},
    {"recorded_us", SCHEMA_TIME, 0}, {"obtained_us", SCHEMA_TIME, 0}, {"value", SCHEMA_BYTES, 0}};
static const struct schema_column person_key_columns[] = {
    {"person", SCHEMA_I64, 0},
    {"key", SCHEMA_I64, 0},
    {"key_group", SCHEMA_I64, 0},
    {"bucket", SCHEMA_I64, 0},
    {"epoch", SCHEMA_I64, 0},
    {"stale", SCHEMA_BOOL, 0},
    {"wrapped", SCHEMA_BYTES, WRAPPED_KEY_BYTES}};
static const struct schema_column alias_columns[] = {
    {"person", SCHEMA_I64, 0}, {"other", SCHEMA_I64, 0}, {"since_us", SCHEMA_TIME, 0}};
static const struct schema_column thing_columns[] = {{"person", SCHEMA_I64, 0},
                                                     {"thing", SCHEMA_I64, 0},
                                                     {"type", SCHEMA_I64, 0},
                                                     {"parent", SCHEMA_I64, 0},
                                                     {"recorded_us", SCHEMA_TIME, 0}};
static const struct schema_column event_columns[] = {
    {"person", SCHEMA_I64, 0},        {"thing", SCHEMA_I64, 0},
    {"event", SCHEMA_I64, 0},         {"type", SCHEMA_I64, 0},
    {"effective_us", SCHEMA_TIME, 0}, {"recorded_us", SCHEMA_TIME, 0},
    {"retracted_us", SCHEMA_TIME, 0}};
static const struct schema_column part_columns[] = {{"person", SCHEMA_I64, 0},
                                                    {"thing", SCHEMA_I64, 0},
                                                    {"part", SCHEMA_I64, 0},
                                                    {"holder", SCHEMA_I64, 0}};
static const struct schema_column choice_columns[] = {
    {"person", SCHEMA_I64, 0},   {"choice", SCHEMA_I64, 0},       {"what", SCHEMA_I64, 0},
    {"argument", SCHEMA_I64, 0}, {"recorded_us", SCHEMA_TIME, 0}, {"ended_us", SCHEMA_TIME, 0}};
static const struct schema_column consent_columns[] = {{"person", SCHEMA_I64, 0},
                                                       {"consent", SCHEMA_I64, 0},
                                                       {"state", SCHEMA_I64, 0},
                                                       {"text", SCHEMA_I64, 0},
                                                       {"policy", SCHEMA_I64, 0},
                                                       {"thing", SCHEMA_I64, 0},
                                                       {"channel", SCHEMA_I64, 0},
                                                       {"method", SCHEMA_I64, 0},
                                                       {"how", SCHEMA_I64, 0},
                                                       {"role", SCHEMA_I64, 0},
                                                       {"service", SCHEMA_I64, 0},
                                                       {"given_us", SCHEMA_TIME, 0},
                                                       {"until_us", SCHEMA_TIME, 0},
                                                       {"recorded_us", SCHEMA_TIME, 0},
                                                       {"wording", SCHEMA_BYTES, DIGEST_BYTES}};
static const struct schema_column exception_columns[] = {{"person", SCHEMA_I64, 0},
                                                         {"rid", SCHEMA_I64, 0},
                                                         {"what", SCHEMA_I64, 0},
                                                         {"purpose", SCHEMA_I64, 0},
                                                         {"since_us", SCHEMA_TIME, 0}};
static const struct schema_column hold_columns[] = {
    {"person", SCHEMA_I64, 0},        {"hold", SCHEMA_I64, 0},
    {"kind", SCHEMA_I64, 0},          {"field", SCHEMA_I64, 0},
    {"thing", SCHEMA_I64, 0},         {"rid", SCHEMA_I64, 0},
    {"owner", SCHEMA_I64, 0},         {"key_number", SCHEMA_I64, 0},
    {"since_us", SCHEMA_TIME, 0},     {"review_us", SCHEMA_TIME, 0},
    {"alarmed_us", SCHEMA_TIME, 0},   {"proposed_us", SCHEMA_TIME, 0},
    {"proposed_role", SCHEMA_I64, 0}, {"proposed_service", SCHEMA_I64, 0},
    {"released_us", SCHEMA_TIME, 0},  {"matter", SCHEMA_TEXT, 0}};
static const struct schema_column objection_columns[] = {
    {"person", SCHEMA_I64, 0},     {"objection", SCHEMA_I64, 0},   {"purpose", SCHEMA_I64, 0},
    {"request", SCHEMA_I64, 0},    {"since_us", SCHEMA_TIME, 0},   {"named", SCHEMA_I64, 0},
    {"outcome", SCHEMA_I64, 0},    {"decided_us", SCHEMA_TIME, 0}, {"decider", SCHEMA_I64, 0},
    {"key_number", SCHEMA_I64, 0}, {"reasons", SCHEMA_TEXT, 0}};
static const struct schema_column restriction_columns[] = {
    {"person", SCHEMA_I64, 0},     {"restriction", SCHEMA_I64, 0}, {"ground", SCHEMA_I64, 0},
    {"request", SCHEMA_I64, 0},    {"thing", SCHEMA_I64, 0},       {"rid", SCHEMA_I64, 0},
    {"owner", SCHEMA_I64, 0},      {"task", SCHEMA_I64, 0},        {"since_us", SCHEMA_TIME, 0},
    {"review_us", SCHEMA_TIME, 0}, {"told_us", SCHEMA_TIME, 0},    {"lifted_us", SCHEMA_TIME, 0},
    {"key_number", SCHEMA_I64, 0}, {"fields", SCHEMA_TEXT, 0},     {"matter", SCHEMA_TEXT, 0}};
// The word of the right is reserved in PostgreSQL.
static const struct schema_column request_columns[] = {
    {"person", SCHEMA_I64, 0},  {"request", SCHEMA_I64, 0},      {"right_number", SCHEMA_I64, 0},
    {"state", SCHEMA_I64, 0},   {"received_us", SCHEMA_TIME, 0}, {"due_us", SCHEMA_TIME, 0},
    {"outcome", SCHEMA_I64, 0}, {"closed_us", SCHEMA_TIME, 0},   {"overdue_us", SCHEMA_TIME, 0},
    {"answer", SCHEMA_TEXT, 0}};
static const struct schema_column outbox_columns[] = {
    {"person", SCHEMA_I64, 0},  {"message", SCHEMA_I64, 0},   {"kind", SCHEMA_I64, 0},
    {"purpose", SCHEMA_I64, 0}, {"channel", SCHEMA_I64, 0},   {"state", SCHEMA_I64, 0},
    {"due_us", SCHEMA_TIME, 0}, {"lease_us", SCHEMA_TIME, 0}, {"attempt", SCHEMA_I64, 0},
    {"reason", SCHEMA_I64, 0},  {"payload", SCHEMA_BYTES, 0}};
static const struct schema_column task_columns[] = {
    {"person", SCHEMA_I64, 0},        {"task", SCHEMA_I64, 0},        {"kind", SCHEMA_I64, 0},
    {"about", SCHEMA_I64, 0},         {"request", SCHEMA_I64, 0},     {"state", SCHEMA_I64, 0},
    {"needs_answer", SCHEMA_BOOL, 0}, {"attempt", SCHEMA_I64, 0},     {"made_us", SCHEMA_TIME, 0},
    {"due_us", SCHEMA_TIME, 0},       {"overdue_us", SCHEMA_TIME, 0}, {"closed_us", SCHEMA_TIME, 0},
    {"party", SCHEMA_TEXT, 0},        {"history", SCHEMA_TEXT, 0}};
static const struct schema_column operation_columns[] = {{"person", SCHEMA_I64, 0},
                                                         {"key", SCHEMA_BYTES, HASH_BYTES},
                                                         {"digest", SCHEMA_BYTES, HASH_BYTES},
                                                         {"at_us", SCHEMA_TIME, 0},
                                                         {"outcome", SCHEMA_BYTES, 0}};
static const struct schema_column due_columns[] = {
    {"class_id", SCHEMA_I64, 0}, {"day", SCHEMA_I64, 0}, {"person", SCHEMA_I64, 0}};
static const struct schema_column lookup_columns[] = {{"hash", SCHEMA_BYTES, HASH_BYTES},
                                                      {"epoch", SCHEMA_I64, 0},
                                                      {"version", SCHEMA_I64, 0},
                                                      {"person", SCHEMA_I64, 0},
                                                      {"rid", SCHEMA_I64, 0}};
static const struct schema_column suppression_columns[] = {{"hash", SCHEMA_BYTES, HASH_BYTES},
                                                           {"channel", SCHEMA_I64, 0},
                                                           {"version", SCHEMA_I64, 0},
                                                           {"since_us", SCHEMA_TIME, 0}};
static const struct schema_column policy_columns[] = {{"version", SCHEMA_I64, 0},
                                                      {"hash", SCHEMA_BYTES, DIGEST_BYTES},
                                                      {"activated_us", SCHEMA_TIME, 0},
                                                      {"text", SCHEMA_TEXT, 0},
                                                      {"law", SCHEMA_TEXT, 0}};
static const struct schema_column name_columns[] = {
    {"kind", SCHEMA_I64, 0}, {"number", SCHEMA_I64, 0}, {"name", SCHEMA_TEXT, 0}};
static const struct schema_column class_columns[] = {
    {"class_id", SCHEMA_I64, 0}, {"policy_version", SCHEMA_I64, 0}, {"point", SCHEMA_I64, 0},
    {"source", SCHEMA_I64, 0},   {"field", SCHEMA_I64, 0},          {"thing_type", SCHEMA_I64, 0},
    {"key_group", SCHEMA_I64, 0}};
static const struct schema_column service_columns[] = {
    {"service", SCHEMA_I64, 0},  {"name", SCHEMA_TEXT, 0},   {"token", SCHEMA_BYTES, DIGEST_BYTES},
    {"role", SCHEMA_I64, 0},     {"purpose", SCHEMA_I64, 0}, {"added_us", SCHEMA_TIME, 0},
    {"ended_us", SCHEMA_TIME, 0}};
static const struct schema_column import_columns[] = {{"import", SCHEMA_I64, 0},
                                                      {"since_us", SCHEMA_TIME, 0},
                                                      {"state", SCHEMA_I64, 0},
                                                      {"digest", SCHEMA_BYTES, 0}};
static const struct schema_column imported_columns[] = {
    {"person", SCHEMA_I64, 0}, {"import", SCHEMA_I64, 0}, {"line", SCHEMA_I64, 0},
    {"thing", SCHEMA_I64, 0},  {"events", SCHEMA_I64, 0}, {"made", SCHEMA_BOOL, 0},
    {"rids", SCHEMA_BYTES, 0}};
static const struct schema_column tally_columns[] = {{"field", SCHEMA_I64, 0},
                                                     {"day", SCHEMA_I64, 0},
                                                     {"value", SCHEMA_TEXT, 0},
                                                     {"records", SCHEMA_I64, 0},
                                                     {"persons", SCHEMA_I64, 0}};
static const struct schema_column meta_columns[] = {{"name", SCHEMA_TEXT, 0},
                                                    {"value", SCHEMA_BYTES, 0}};
static const struct schema_column ledger_columns[] = {{"origin", SCHEMA_I64, 0},
                                                      {"first", SCHEMA_I64, 0},
                                                      {"count", SCHEMA_I64, 0},
                                                      {"time_us", SCHEMA_TIME, 0},
                                                      {"root", SCHEMA_BYTES, DIGEST_BYTES},
                                                      {"entries", SCHEMA_BYTES, 0}};
static const struct schema_column checkpoint_columns[] = {
    {"origin", SCHEMA_I64, 0}, {"size", SCHEMA_I64, 0}, {"note", SCHEMA_TEXT, 0}};

#define COLUMNS(noun) noun##_columns, ARRAY_COUNT(noun##_columns)
#define NO_INDEX             \
  {                          \
    {                        \
      NULL, NULL, NULL, NULL \
    }                        \
  }

const struct schema_table schema_tables[] = {
    {"person", SCHEMA_CLUSTERED, "person", "person", COLUMNS(person),
     "state of a person in one row, got with every use", NO_INDEX},
    {"record", SCHEMA_PACKED, "person", "person, rid", COLUMNS(record),
     "one datum about one person, got by person and rid, swept by person", NO_INDEX},
    {"person_key", SCHEMA_CLUSTERED, "person", "person, key", COLUMNS(person_key),
     "wrapped keys of a person, got by number and by group and bucket", NO_INDEX},
    {"alias", SCHEMA_CLUSTERED, "person", "person, other", COLUMNS(alias),
     "links of merged persons, listed by person", NO_INDEX},
    {"thing", SCHEMA_CLUSTERED, "person", "person, thing", COLUMNS(thing),
     "what a person has in several copies, listed by person", NO_INDEX},
    {"event", SCHEMA_CLUSTERED, "person", "person, thing, event", COLUMNS(event),
     "events of things, append-only, listed by person", NO_INDEX},
    {"part", SCHEMA_CLUSTERED, "person", "person, thing, part", COLUMNS(part),
     "parts of a person in things of others, listed by person", NO_INDEX},
    {"choice", SCHEMA_CLUSTERED, "person", "person, choice", COLUMNS(choice),
     "what a person chose, append-only, listed by person", NO_INDEX},
    {"consent", SCHEMA_CLUSTERED, "person", "person, consent", COLUMNS(consent),
     "what a person was asked to agree to and said, append-only, listed by person", NO_INDEX},
    {"exception", SCHEMA_CLUSTERED, "person", "person, rid, what, purpose", COLUMNS(exception),
     "what deviates from the class for one record, listed by person", NO_INDEX},
    {"hold",
     SCHEMA_CLUSTERED,
     "person",
     "person, hold",
     COLUMNS(hold),
     "what stops erasure until it is released, listed by person",
     {{"hold_overdue", "review_us, person, hold", "released_us = 0",
       "holds past their review, in the order of it (hold_overdue)"}}},
    {"objection", SCHEMA_CLUSTERED, "person", "person, objection", COLUMNS(objection),
     "purposes that a person objects to, with the decision, listed by person", NO_INDEX},
    {"restriction", SCHEMA_CLUSTERED, "person", "person, restriction", COLUMNS(restriction),
     "data that may only be stored until it is lifted, listed by person", NO_INDEX},
    {"request",
     SCHEMA_CLUSTERED,
     "person",
     "person, request",
     COLUMNS(request),
     "rights exercised, got by number, listed by person",
     {{"request_overdue", "due_us, person, request", "closed_us = 0 AND overdue_us = 0",
       "open requests past their deadline, in the order of it (request_overdue)"}}},
    {"task",
     SCHEMA_CLUSTERED,
     "person",
     "person, task",
     COLUMNS(task),
     "what somebody has to do or to confirm, got by number, listed by person",
     {{"task_due", "due_us, person, task", "closed_us = 0",
       "open tasks in the order in which they are due (task_open, task_overdue)"}}},
    {"outbox",
     SCHEMA_CLUSTERED,
     "person",
     "person, message",
     COLUMNS(outbox),
     "messages to send, got by number, listed by person",
     {{"outbox_due", "due_us, person, message", "state = 0",
       "staged messages in the order in which they are due (outbox_due)"}}},
    {"operation",
     SCHEMA_CLUSTERED,
     "person",
     "person, key",
     COLUMNS(operation),
     "answers given, got by the key of the caller",
     {{"operation_at", "at_us", NULL, "operations past their 72 hours (operation_older)"}}},
    {"due",
     SCHEMA_CLUSTERED,
     "person",
     "class_id, day, person",
     COLUMNS(due),
     "hints for the sweep: all of a class up to a day (due_upto)",
     {{"due_person", "person", NULL, "hints of one person (due_each)"}}},
    {"lookup",
     SCHEMA_CLUSTERED,
     "hash",
     "hash, rid",
     COLUMNS(lookup),
     "blind index: records by keyed hash",
     {{"lookup_person", "person", NULL, "erasure of one person (lookup_each, lookup_delete_of)"}}},
    {"suppression", SCHEMA_CLUSTERED, "hash", "hash", COLUMNS(suppression),
     "opt-outs that outlive erasure, by keyed hash", NO_INDEX},
    {"policy", SCHEMA_ROWS, NULL, "version", COLUMNS(policy), "policies, all versions", NO_INDEX},
    {"name", SCHEMA_CLUSTERED, NULL, "kind, number", COLUMNS(name),
     "register of names and the numbers that they keep", NO_INDEX},
    {"class", SCHEMA_CLUSTERED, NULL, "class_id", COLUMNS(class),
     "what was told at collection, interned", NO_INDEX},
    {"service", SCHEMA_CLUSTERED, NULL, "service", COLUMNS(service), "who calls, all in a cache",
     NO_INDEX},
    {"import", SCHEMA_CLUSTERED, NULL, "import", COLUMNS(import), "batches that can be undone",
     NO_INDEX},
    {"imported",
     SCHEMA_CLUSTERED,
     "person",
     "person, import, line",
     COLUMNS(imported),
     "what each row of an import became; person 0: was erased since",
     {{"imported_line", "import, line", NULL,
       "rows of an import in their order (imported_after, imported_before)"}}},
    {"tally", SCHEMA_CLUSTERED, NULL, "field, day, value", COLUMNS(tally),
     "counts that anonymised data left, about nobody", NO_INDEX},
    {"meta", SCHEMA_CLUSTERED, NULL, "name", COLUMNS(meta), "small named values", NO_INDEX},
    {"ledger", SCHEMA_ROWS, "origin", "origin, first", COLUMNS(ledger),
     "batches of entries, read in the order of an origin", NO_INDEX},
    {"checkpoint", SCHEMA_ROWS, "origin", "origin, size", COLUMNS(checkpoint),
     "signed heads of an origin", NO_INDEX},
};
const size_t schema_tables_count = ARRAY_COUNT(schema_tables);

const struct schema_table *schema_table_find(struct view name)
{
  for (size_t i = 0; i < schema_tables_count; i++) {
    if (view_is(name, schema_tables[i].name))
      return &schema_tables[i];
  }
  return NULL;
}

const struct schema_column *schema_column_find(const struct schema_table *table, struct view name)
{
  for (size_t i = 0; i < table->column_count; i++) {
    if (view_is(name, table->columns[i].name))
      return &table->columns[i];
  }
  return NULL;
}

static void column_ddl(const struct schema_column *column, enum store_engine engine,
                       struct str *ddl)
{
  static const char *const types[][2] = {
      [SCHEMA_I64] = {"INTEGER", "bigint"},  [SCHEMA_TIME] = {"INTEGER", "bigint"},
      [SCHEMA_BOOL] = {"INTEGER", "bigint"}, [SCHEMA_TEXT] = {"TEXT", "text COLLATE \"C\""},
      [SCHEMA_BYTES] = {"BLOB", "bytea"},
  };
  const char *type = types[column->token][engine == STORE_POSTGRES];
  str_format(ddl, "  %s %s NOT NULL", column->name, type);
  if (column->token == SCHEMA_BOOL)
    str_format(ddl, " CHECK (%s IN (0, 1))", column->name);
  if (column->bytes > 0)
    str_format(ddl, " CHECK (length(%s) = %d)", column->name, column->bytes);
  str_add(ddl, view_of(",\n"));
}

static void index_ddl(const struct schema_table *table, const struct schema_index *index,
                      enum store_engine engine, struct str *ddl)
{
  const char *remark = engine == STORE_SQLITE ? index->comment : NULL;
  str_format(ddl, "CREATE INDEX %s ON %s (%s)", index->name, table->name, index->columns);
  if (remark != NULL)
    str_format(ddl, " /* %s */", remark);
  if (index->where != NULL)
    str_format(ddl, " WHERE %s", index->where);
  str_add(ddl, view_of(";\n"));
  if (remark == NULL)
    str_format(ddl, "COMMENT ON INDEX %s IS '%s';\n", index->name, index->comment);
}

// SQLite has no COMMENT ON, but keeps the text of a statement with the comments inside it.
void schema_table_ddl(const struct schema_table *table, enum store_engine engine, struct str *ddl)
{
  bool is_sqlite = engine == STORE_SQLITE;
  str_format(ddl, "CREATE TABLE %s (", table->name);
  if (is_sqlite)
    str_format(ddl, " /* %s */", table->comment);
  str_add(ddl, view_of("\n"));
  for (size_t i = 0; i < table->column_count; i++)
    column_ddl(&table->columns[i], engine, ddl);
  bool is_packed = is_sqlite && table->layout == SCHEMA_PACKED;
  str_format(ddl, "  PRIMARY KEY (%s)\n)", is_packed ? "rid" : table->key);
  if (is_sqlite)
    str_add(ddl, view_of(table->layout == SCHEMA_CLUSTERED ? " STRICT, WITHOUT ROWID" : " STRICT"));
  str_add(ddl, view_of(";\n"));
  if (!is_sqlite)
    str_format(ddl, "COMMENT ON TABLE %s IS '%s';\n", table->name, table->comment);
  for (size_t i = 0; i < SCHEMA_INDEXES_MAX && table->indexes[i].name != NULL; i++)
    index_ddl(table, &table->indexes[i], engine, ddl);
}
