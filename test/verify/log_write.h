// Writes a ledger of log_model.h as the files of doc/ledger-format.md. A failed call ends the
// program.
#ifndef FORVAR_TEST_VERIFY_LOG_WRITE_H
#define FORVAR_TEST_VERIFY_LOG_WRITE_H

#include "log_model.h"

struct sqlite3;

// Makes FOLDER/data.db, in WAL mode and at rest. The tables have no keys, so that a test can make
// rows that the server could not.
void write_home(const struct model *model, const char *folder);
// The same for a database that is open.
void write_tables(const struct model *model, struct sqlite3 *sqlite);
struct sqlite3 *open_home(const char *folder);
void run_sql(struct sqlite3 *sqlite, const char *sql);

void write_export(const struct model *model, const char *file);
// All heads, each ended by an empty line.
void write_heads(const struct model *model, const char *file);
void write_text(const char *file, const char *text);

struct model_receipt {
  char origin[64];
  char public_key[80];
  int64_t index;
  int64_t size;
  char entry[2 * MODEL_ENTRY_BYTES + 8];
  char salt[48];
  char body[128];  // JSON text without line ends
  char proof[64][72];
  size_t proof_count;
  char note[MODEL_NOTE_BYTES];
};

// Makes the entry at the index one that commits to a body (kind 2 CHANGE or 5 SYSTEM), mends the
// roots, and gives the receipt under a head of the size.
struct model_receipt make_receipt(struct model *model, uint8_t kind, size_t index, size_t size);
void write_receipt(const struct model_receipt *receipt, const char *file);

#endif
