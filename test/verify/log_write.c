#include "log_write.h"

#include <sqlite3.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_sql(struct sqlite3 *sqlite, const char *sql)
{
  need(sqlite3_exec(sqlite, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(sqlite));
}

struct sqlite3 *open_home(const char *folder)
{
  char file[300];
  snprintf(file, sizeof file, "%s/data.db", folder);
  sqlite3 *sqlite = NULL;
  need(sqlite3_open(file, &sqlite) == SQLITE_OK, "open");
  return sqlite;
}

static sqlite3_stmt *prepare(sqlite3 *sqlite, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  need(sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg(sqlite));
  return statement;
}

static void step(sqlite3_stmt *statement)
{
  need(sqlite3_step(statement) == SQLITE_DONE, "insert");
  sqlite3_reset(statement);
}

static void insert_meta(sqlite3 *sqlite, const char *name, const void *bytes, size_t count)
{
  sqlite3_stmt *statement = prepare(sqlite, "INSERT INTO meta VALUES (?1, ?2)");
  sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_blob(statement, 2, bytes, (int)count, SQLITE_STATIC);
  step(statement);
  sqlite3_finalize(statement);
}

static void insert_batches(const struct model *model, sqlite3 *sqlite)
{
  sqlite3_stmt *statement = prepare(sqlite, "INSERT INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  for (size_t i = 0; i < model->batch_count; i++) {
    const struct model_batch *batch = &model->batches[i];
    sqlite3_bind_int64(statement, 1, batch->origin);
    sqlite3_bind_int64(statement, 2, batch->first);
    sqlite3_bind_int64(statement, 3, batch->count);
    sqlite3_bind_int64(statement, 4, batch->time_us);
    sqlite3_bind_blob(statement, 5, batch->root, batch->root_bytes, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 6, batch->entries, (int)batch->entries_bytes, SQLITE_STATIC);
    step(statement);
  }
  sqlite3_finalize(statement);
}

static void insert_heads(const struct model *model, sqlite3 *sqlite)
{
  sqlite3_stmt *statement = prepare(sqlite, "INSERT INTO checkpoint VALUES (?1, ?2, ?3)");
  for (size_t i = 0; i < model->head_count; i++) {
    sqlite3_bind_int64(statement, 1, model->heads[i].origin);
    sqlite3_bind_int64(statement, 2, model->heads[i].size);
    sqlite3_bind_text(statement, 3, model->heads[i].note, -1, SQLITE_STATIC);
    step(statement);
  }
  sqlite3_finalize(statement);
}

void write_tables(const struct model *model, struct sqlite3 *sqlite)
{
  run_sql(sqlite,
          "BEGIN;"
          "CREATE TABLE ledger (origin INTEGER, first INTEGER, count INTEGER, time_us INTEGER,"
          " root BLOB, entries BLOB);"
          "CREATE TABLE checkpoint (origin INTEGER, size INTEGER, note TEXT);"
          "CREATE TABLE meta (name TEXT, value BLOB);");
  insert_meta(sqlite, "origin", model->origin, strlen(model->origin));
  insert_meta(sqlite, "public_key", model->public_key, sizeof model->public_key);
  insert_batches(model, sqlite);
  insert_heads(model, sqlite);
  run_sql(sqlite, "COMMIT");
}

// A file that is cut and written again is flushed to the disk by some file systems when it is
// closed.
static FILE *create(const char *file)
{
  (void)remove(file);
  FILE *stream = fopen(file, "wb");
  need(stream != NULL, file);
  return stream;
}

// Made in memory, because tests write thousands; the two bytes say that the file is in WAL mode.
void write_home(const struct model *model, const char *folder)
{
  enum { WRITE_VERSION_AT = 18, READ_VERSION_AT = 19, VERSION_WAL = 2 };
  char file[300];
  snprintf(file, sizeof file, "%s/data.db", folder);
  sqlite3 *sqlite = NULL;
  sqlite3_int64 bytes = 0;
  need(sqlite3_open(":memory:", &sqlite) == SQLITE_OK, "open");
  write_tables(model, sqlite);
  unsigned char *content = sqlite3_serialize(sqlite, "main", &bytes, 0);
  need(content != NULL, "serialize");
  content[WRITE_VERSION_AT] = VERSION_WAL;
  content[READ_VERSION_AT] = VERSION_WAL;
  FILE *stream = create(file);
  need(fwrite(content, 1, (size_t)bytes, stream) == (size_t)bytes, file);
  need(fclose(stream) == 0, file);
  sqlite3_free(content);
  need(sqlite3_close(sqlite) == SQLITE_OK, "close");
}

// JSON text needs nothing else escaped in what the tests write.
static void print_text(FILE *stream, const char *text)
{
  fputc('"', stream);
  for (; *text != 0; text++) {
    if (*text == '\n')
      fputs("\\n", stream);
    else if (*text == '"' || *text == '\\')
      fprintf(stream, "\\%c", *text);
    else if ((uint8_t)*text < ' ')
      fprintf(stream, "\\u%04x", (unsigned)*text);
    else
      fputc(*text, stream);
  }
  fputc('"', stream);
}

void write_export(const struct model *model, const char *file)
{
  static char hex[2 * 5000 * MODEL_ENTRY_BYTES + 1];
  FILE *stream = create(file);
  fputs("{\"schema\":\"forvar.ledger/1\",\"origin\":", stream);
  print_text(stream, model->origin);
  write_hex(hex, model->public_key, sizeof model->public_key);
  fprintf(stream, ",\"number\":1,\"public_key\":\"%s\"}\n", hex);
  for (size_t i = 0; i < model->batch_count; i++) {
    const struct model_batch *batch = &model->batches[i];
    write_hex(hex, batch->root, (size_t)batch->root_bytes);
    fprintf(stream,
            "{\"first\":%" PRId64 ",\"count\":%" PRId64 ",\"time_us\":%" PRId64
            ",\"root\":\"%s\",\"entries\":",
            batch->first, batch->count, batch->time_us, hex);
    write_hex(hex, batch->entries, batch->entries_bytes);
    fprintf(stream, "\"%s\"}\n", hex);
  }
  for (size_t i = 0; i < model->head_count; i++) {
    fputs("{\"checkpoint\":", stream);
    print_text(stream, model->heads[i].note);
    fputs("}\n", stream);
  }
  need(fclose(stream) == 0, file);
}

void write_heads(const struct model *model, const char *file)
{
  FILE *stream = create(file);
  for (size_t i = 0; i < model->head_count; i++)
    fprintf(stream, "%s\n", model->heads[i].note);
  need(fclose(stream) == 0, file);
}

void write_text(const char *file, const char *text)
{
  FILE *stream = create(file);
  fputs(text, stream);
  need(fclose(stream) == 0, file);
}

struct model_receipt make_receipt(struct model *model, uint8_t kind, size_t index, size_t size)
{
  static const char body[] = "{\"what\":\"erasure\",\"records\":3}";
  uint8_t data[16 + sizeof body];
  uint8_t hash[MODEL_HASH_BYTES];
  size_t salt_bytes = kind == 2 ? 16 : 0;
  memset(data, 0xA7, salt_bytes);
  memcpy(data + salt_bytes, body, sizeof body - 1);
  sha256(data, salt_bytes + sizeof body - 1, hash);
  uint8_t *entry = model_entry(model, index);
  entry[0] = kind;
  entry[1] = 9;
  memcpy(entry + 38, hash, 16);
  model_mend_roots(model);

  struct model_receipt receipt = {.index = (int64_t)index, .size = (int64_t)size};
  snprintf(receipt.origin, sizeof receipt.origin, "%s", model->origin);
  snprintf(receipt.body, sizeof receipt.body, "%s", body);
  write_hex(receipt.public_key, model->public_key, 32);
  write_hex(receipt.entry, entry, MODEL_ENTRY_BYTES);
  write_hex(receipt.salt, data, salt_bytes);
  uint8_t hashes[64][MODEL_HASH_BYTES];
  receipt.proof_count = model_path(model, index, size, hashes);
  for (size_t i = 0; i < receipt.proof_count; i++)
    write_hex(receipt.proof[i], hashes[i], MODEL_HASH_BYTES);
  uint8_t root[MODEL_HASH_BYTES];
  model_root(model, size, root);
  model_sign(model, receipt.size, root, receipt.note);
  return receipt;
}

void write_receipt(const struct model_receipt *receipt, const char *file)
{
  FILE *stream = create(file);
  fputs("{\"schema\":\"forvar.receipt/1\",\"origin\":", stream);
  print_text(stream, receipt->origin);
  fprintf(stream,
          ",\"public_key\":\"%s\",\"index\":%" PRId64 ",\"size\":%" PRId64
          ",\n \"entry\":\"%s\",\"salt\":\"%s\",\"body\":",
          receipt->public_key, receipt->index, receipt->size, receipt->entry, receipt->salt);
  print_text(stream, receipt->body);
  fputs(",\n \"proof\":[", stream);
  for (size_t i = 0; i < receipt->proof_count; i++)
    fprintf(stream, "%s\"%s\"", i == 0 ? "" : ",", receipt->proof[i]);
  fputs("],\"checkpoint\":", stream);
  print_text(stream, receipt->note);
  fputs("}\n", stream);
  need(fclose(stream) == 0, file);
}
