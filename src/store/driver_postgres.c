// PostgreSQL by libpq, alone, with standbys or with Citus in front: prepared statements with the
// types of all parameters given, binary both ways, one row at a time.
#include "base/assert.h"
#include "store/driver.h"

#include <libpq-fe.h>

#include <stdlib.h>
#include <string.h>

// Numbers of built-in types, fixed by the server's catalog (pg_type.dat).
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

enum { INT8_BYTES = 8 };

struct postgres {
  PGconn *connection;
  bool read_only;
  bool lost;  // nothing works before a reconnection
};

struct postgres_prepared {
  struct postgres *postgres;
  const struct store_statement *statement;
  PGresult *row;  // NULL: none
  int64_t changes;
};

static const struct store_statement begin_read = {
    .name = "begin_read",
    .class = STATEMENT_CONTROL,
    .sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .params = "",
    .columns = ""};
static const struct store_statement begin_write = {
    .name = "begin_write",
    .class = STATEMENT_CONTROL,
    .sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
    .params = "",
    .columns = ""};
static const struct store_statement has_schema = {
    .name = "has_schema",
    .class = STATEMENT_CONTROL,
    .sql = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('migration')",
    .params = "",
    .columns = "i",
    .members = statement_single};

struct sqlstate {
  const char *start;  // a class or a whole state
  enum err_code code;
  bool lost;
  bool shows_message;  // the server's text then speaks of the statement or the machine, not of data
};

static const struct sqlstate sqlstates[] = {
    {"08", ERR_BUSY, true, false},    // connection exceptions
    {"22", ERR_STORE, false, false},  // a value is out of its range
    {"23505", ERR_EXISTS, false, false},
    {"23", ERR_STORE, false, false},    // a check refused a row
    {"25006", ERR_BUSY, true, false},   // the primary became a standby: find the new one
    {"40001", ERR_BUSY, false, false},  // another transaction changed the same rows
    {"40P01", ERR_BUSY, false, false},  // deadlock
    {"53300", ERR_BUSY, false, false},  // too many connections
    {"54", ERR_LIMIT, false, false},
    {"55P03", ERR_BUSY, false, false},  // a lock was not free in time
    {"57014", ERR_BUSY, false, false},  // cancelled
    {"57P01", ERR_BUSY, true, false},   // shut down by the administrator
    {"57P02", ERR_BUSY, true, false},   // another server process crashed
    {"57P03", ERR_BUSY, true, false},   // still starting
    {"XX001", ERR_INTEGRITY, false, false},
    {"XX002", ERR_INTEGRITY, false, false},
    {"", ERR_STORE, false, true},
};

static const struct sqlstate *sqlstate_find(const char *state)
{
  for (size_t i = 0;; i++) {
    if (view_starts(view_of(state), sqlstates[i].start))
      return &sqlstates[i];
  }
}

static enum err_code lost(struct postgres *postgres, struct err *err)
{
  postgres->lost = true;
  err_set(err, ERR_BUSY, "the connection to PostgreSQL is lost");
  return err_hint(err, "reconnect and repeat");
}

// A killed server leaves no SQLSTATE. Texts that may quote a value are not passed on.
static enum err_code failed(struct postgres *postgres, const PGresult *result, struct err *err)
{
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (PQstatus(postgres->connection) == CONNECTION_BAD)
    return lost(postgres, err);
  if (state == NULL)
    return err_set(err, ERR_MEMORY, "libpq could not run the statement");
  const struct sqlstate *row = sqlstate_find(state);
  if (row->lost)
    return lost(postgres, err);
  const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  return err_set(err, row->code, "PostgreSQL: SQLSTATE %s%s%s%s%s", state,
                 constraint != NULL ? ", constraint " : "", constraint != NULL ? constraint : "",
                 row->shows_message ? ", " : "", row->shows_message ? message : "");
}

// Takes the result; answers of one command only.
static enum err_code result_check(struct postgres *postgres, PGresult *result, struct err *err)
{
  ExecStatusType status = PQresultStatus(result);
  enum err_code code = ERR_OK;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    code = failed(postgres, result, err);
  PQclear(result);
  return code;
}

static enum err_code postgres_script(void *opaque, const char *sql, struct err *err)
{
  struct postgres *postgres = opaque;
  if (postgres->lost)
    return lost(postgres, err);
  return result_check(postgres, PQexec(postgres->connection, sql), err);
}

static void notice_drop(void *context, const PGresult *result)
{
  (void)context;
  (void)result;
}

static enum err_code set_up(struct postgres *postgres, struct err *err)
{
  PQsetNoticeReceiver(postgres->connection, notice_drop, NULL);
  const char *encoding = PQparameterStatus(postgres->connection, "server_encoding");
  if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
    err_set(err, ERR_STORE, "the PostgreSQL database is not encoded in UTF8");
    return err_hint(err, "make it with ENCODING 'UTF8'");
  }
  // One writer per person waits for nobody; a second one is told soon to try again.
  enum err_code code = postgres_script(postgres, "SET lock_timeout = '1s'", err);
  if (code == ERR_OK && postgres->read_only)
    code = postgres_script(postgres, "SET default_transaction_read_only = on", err);
  return code;
}

// The first line of libpq's text, unless the password is in it.
static struct view reason_of(const PGconn *connection)
{
  struct view text = view_of(PQerrorMessage(connection));
  struct view line = view_trim(view_cut(&text, '\n'));
  const char *password = PQpass(connection);
  bool is_secret = password != NULL && password[0] != '\0' &&
                   strstr(PQerrorMessage(connection), password) != NULL;
  return is_secret || line.length == 0 ? view_of("no reason that may be shown") : line;
}

static enum err_code connection_failed(const struct postgres *postgres, bool is_refused,
                                       struct err *err)
{
  struct view reason = reason_of(postgres->connection);
  int length = (int)reason.length;
  if (is_refused)
    return err_set(err, ERR_STORE, "PostgreSQL refused the connection: %.*s", length, reason.bytes);
  return err_set(err, ERR_BUSY, "PostgreSQL is away: %.*s", length, reason.bytes);
}

// Those in the URI are expanded later and win. A dead host is given up after seconds, not minutes.
enum { SETTINGS_COUNT = 8 };
struct settings {
  const char *names[SETTINGS_COUNT];
  const char *values[SETTINGS_COUNT];
};

static struct settings settings_for(const struct store_options *options)
{
  return (struct settings){
      {"connect_timeout", "tcp_user_timeout", "keepalives_idle", "application_name",
       "target_session_attrs", "dbname", "client_encoding", NULL},
      {"3", "5000", "10", "forvar", options->read_only ? "any" : "read-write", options->uri, "UTF8",
       NULL},
  };
}

// libpq's own texts on a URI quote parts of it, perhaps the password.
static bool uri_is_well_formed(const char *uri)
{
  char *message = NULL;
  PQconninfoOption *parts = PQconninfoParse(uri, &message);
  bool is_well_formed = parts != NULL;
  PQconninfoFree(parts);
  PQfreemem(message);
  return is_well_formed;
}

static void postgres_close(void *opaque)
{
  struct postgres *postgres = opaque;
  PQfinish(postgres->connection);
  free(postgres);
}

static enum err_code connect_to(struct postgres *postgres, const struct store_options *options,
                                struct err *err)
{
  struct settings settings = settings_for(options);
  postgres->connection = PQconnectdbParams(settings.names, settings.values, 1);
  if (PQstatus(postgres->connection) == CONNECTION_OK)
    return set_up(postgres, err);
  // A server that answers has refused us; that does not change by waiting.
  PGPing ping = PQpingParams(settings.names, settings.values, 1);
  return connection_failed(postgres, ping == PQPING_OK, err);
}

static enum err_code postgres_open(const struct store_options *options, void **ret_connection,
                                   struct err *err)
{
  if (!uri_is_well_formed(options->uri)) {
    err_set(err, ERR_INPUT, "the store's address is not a PostgreSQL URI");
    return err_hint(err,
                    "write postgresql://USER@HOST/DATABASE or postgresql:///DATABASE?host=FOLDER");
  }
  struct postgres *postgres = calloc(1, sizeof *postgres);
  if (postgres == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a connection");
  postgres->read_only = options->read_only;
  enum err_code code = connect_to(postgres, options, err);
  if (code != ERR_OK) {
    postgres_close(postgres);
    return code;
  }
  *ret_connection = postgres;
  return ERR_OK;
}

static Oid oid_of(char kind)
{
  switch (kind) {
    case 'b':
      return OID_BYTEA;
    case 't':
      return OID_TEXT;
    default:
      return OID_INT8;
  }
}

static enum err_code columns_check(struct postgres *postgres,
                                   const struct store_statement *statement, struct err *err)
{
  PGresult *described = PQdescribePrepared(postgres->connection, statement->name);
  bool matches = PQnfields(described) == (int)strlen(statement->columns);
  for (int i = 0; matches && statement->columns[i] != '\0'; i++)
    matches = PQftype(described, i) == oid_of(statement->columns[i]);
  enum err_code code = result_check(postgres, described, err);
  if (code == ERR_OK && !matches)
    return err_set(err, ERR_STORE, "statement %s: columns are not those that it declares",
                   statement->name);
  return code;
}

static enum err_code postgres_prepare(void *connection, const struct store_statement *statement,
                                      void **ret_prepared, struct err *err)
{
  struct postgres *postgres = connection;
  if (postgres->lost)
    return lost(postgres, err);
  Oid types[STATEMENT_PARAMS_MAX];
  int count = (int)strlen(statement->params);
  PRE(count <= STATEMENT_PARAMS_MAX);
  for (int i = 0; i < count; i++)
    types[i] = oid_of(statement->params[i]);
  PGresult *result = PQprepare(postgres->connection, statement->name, statement->sql, count, types);
  enum err_code code = result_check(postgres, result, err);
  if (code == ERR_OK)
    code = columns_check(postgres, statement, err);
  if (code != ERR_OK)
    return code;
  struct postgres_prepared *prepared = calloc(1, sizeof *prepared);
  if (prepared == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a statement");
  prepared->postgres = postgres;
  prepared->statement = statement;
  *ret_prepared = prepared;
  return ERR_OK;
}

// The server forgets its side with the connection.
static void postgres_discard(void *opaque)
{
  struct postgres_prepared *prepared = opaque;
  PQclear(prepared->row);
  free(prepared);
}

static void number_write(int64_t number, char ret_bytes[INT8_BYTES])
{
  for (int i = 0; i < INT8_BYTES; i++)
    ret_bytes[i] = (char)((uint64_t)number >> (8 * (INT8_BYTES - 1 - i)));
}

static enum err_code postgres_start(void *opaque, const struct store_value *values, struct err *err)
{
  struct postgres_prepared *prepared = opaque;
  struct postgres *postgres = prepared->postgres;
  if (postgres->lost)
    return lost(postgres, err);
  char numbers[STATEMENT_PARAMS_MAX][INT8_BYTES];
  const char *params[STATEMENT_PARAMS_MAX];
  int lengths[STATEMENT_PARAMS_MAX];
  int formats[STATEMENT_PARAMS_MAX];
  int count = 0;
  for (const char *kind = prepared->statement->params; *kind != '\0'; kind++, count++) {
    bool is_number = *kind == 'i' || *kind == 'o';
    struct view bytes = is_number ? view_bytes(numbers[count], INT8_BYTES) : values[count].bytes;
    if (is_number)
      number_write(values[count].number, numbers[count]);
    if (bytes.length > INT32_MAX)
      return err_set(err, ERR_LIMIT, "a value is longer than PostgreSQL takes");
    params[count] = bytes.length > 0 ? bytes.bytes : "";  // NULL would be SQL's NULL
    lengths[count] = (int)bytes.length;
    formats[count] = 1;
  }
  prepared->changes = 0;
  if (PQsendQueryPrepared(postgres->connection, prepared->statement->name, count, params, lengths,
                          formats, 1) == 0)
    return lost(postgres, err);
  PQsetSingleRowMode(postgres->connection);
  return ERR_OK;
}

static void results_drop(struct postgres *postgres)
{
  PGresult *result = PQgetResult(postgres->connection);
  while (result != NULL) {
    PQclear(result);
    result = PQgetResult(postgres->connection);
  }
}

static enum err_code postgres_next(void *opaque, bool *ret_row, struct err *err)
{
  struct postgres_prepared *prepared = opaque;
  PQclear(prepared->row);
  prepared->row = NULL;
  PGresult *result = PQgetResult(prepared->postgres->connection);
  ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_SINGLE_TUPLE) {
    prepared->row = result;
    *ret_row = true;
    return ERR_OK;
  }
  if (status == PGRES_COMMAND_OK)
    view_int64(view_of(PQcmdTuples(result)), &prepared->changes);
  enum err_code code = result_check(prepared->postgres, result, err);
  results_drop(prepared->postgres);
  if (code == ERR_OK)
    *ret_row = false;
  return code;
}

static int64_t postgres_number(const void *opaque, int column)
{
  const struct postgres_prepared *prepared = opaque;
  INVARIANT(PQgetlength(prepared->row, 0, column) == INT8_BYTES);
  const char *bytes = PQgetvalue(prepared->row, 0, column);
  uint64_t number = 0;
  for (int i = 0; i < INT8_BYTES; i++)
    number = number << 8 | (unsigned char)bytes[i];
  return (int64_t)number;
}

static struct view postgres_bytes(const void *opaque, int column)
{
  const struct postgres_prepared *prepared = opaque;
  return view_bytes(PQgetvalue(prepared->row, 0, column),
                    (size_t)PQgetlength(prepared->row, 0, column));
}

static int64_t postgres_finish(void *opaque)
{
  struct postgres_prepared *prepared = opaque;
  PQclear(prepared->row);
  prepared->row = NULL;
  results_drop(prepared->postgres);
  return prepared->changes;
}

static bool postgres_lost(const void *opaque)
{
  const struct postgres *postgres = opaque;
  return postgres->lost;
}

static bool postgres_in_transaction(const void *opaque)
{
  const struct postgres *postgres = opaque;
  PGTransactionStatusType status = PQtransactionStatus(postgres->connection);
  return !postgres->lost && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR);
}

static enum err_code postgres_reconnect(void *opaque, struct err *err)
{
  struct postgres *postgres = opaque;
  PQreset(postgres->connection);
  if (PQstatus(postgres->connection) != CONNECTION_OK)
    return connection_failed(postgres, false, err);
  postgres->lost = false;
  enum err_code code = set_up(postgres, err);
  if (code != ERR_OK)
    postgres->lost = true;
  return code;
}

const struct store_driver driver_postgres = {
    .engine = STORE_POSTGRES,
    .begin_read = &begin_read,
    .begin_write = &begin_write,
    .has_schema = &has_schema,
    // The number of this lock is ours alone in a database that is ours alone.
    .begin_migration = "BEGIN; SELECT pg_advisory_xact_lock(1)",
    .open = postgres_open,
    .close = postgres_close,
    .script = postgres_script,
    .prepare = postgres_prepare,
    .discard = postgres_discard,
    .start = postgres_start,
    .next = postgres_next,
    .number = postgres_number,
    .bytes = postgres_bytes,
    .finish = postgres_finish,
    .lost = postgres_lost,
    .in_transaction = postgres_in_transaction,
    .reconnect = postgres_reconnect,
};
