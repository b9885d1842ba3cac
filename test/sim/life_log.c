// The log as it is stored: rows without a gap, roots that their entries give, nothing changed
// behind what was seen before, and to whom an entry leads. Now and then the verifier, which shares
// no code with the home, judges a copy of the files.
#include "life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/tree.h"
#include "store/rows.h"
#include "verify/command.h"

enum { PATH_BYTES = 400 };

struct reading {
  struct life *life;
  struct tree tree;
  int64_t count;
  bool holds;
};

static void remember(struct life_log *log, const unsigned char *entry)
{
  if (log->count == log->capacity) {
    log->capacity = log->capacity == 0 ? 1024 : 2 * log->capacity;
    log->entries = realloc(log->entries, (size_t)log->capacity * sizeof *log->entries);
    log->persons = realloc(log->persons, (size_t)log->capacity * sizeof *log->persons);
    if (log->entries == NULL || log->persons == NULL)
      abort();
  }
  memcpy(log->entries[log->count], entry, LEDGER_ENTRY_BYTES);
  log->persons[log->count++] = -1;
}

static enum err_code read_row(void *context, const struct ledger_row *row, struct err *err)
{
  struct reading *reading = context;
  struct life_log *log = &reading->life->log;
  if (row->first != reading->count ||
      row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES)
    return err_set(err, ERR_INTEGRITY, "the log has a gap");
  const unsigned char *entries = (const unsigned char *)row->entries.bytes;
  for (int64_t i = 0; i < row->count; i++) {
    const unsigned char *entry = entries + i * LEDGER_ENTRY_BYTES;
    tree_append(&reading->tree, entry, LEDGER_ENTRY_BYTES);
    if (reading->count == log->count)
      remember(log, entry);
    else if (memcmp(log->entries[reading->count], entry, LEDGER_ENTRY_BYTES) != 0)
      reading->holds = false;
    reading->count++;
  }
  unsigned char root[LEDGER_HASH_BYTES];
  tree_root(&reading->tree, root);
  if (row->root.length != sizeof root || memcmp(row->root.bytes, root, sizeof root) != 0)
    reading->holds = false;
  return ERR_OK;
}

// An entry leads to a person as long as the person's key is there.
static void find_persons(struct life *life)
{
  struct life_log *log = &life->log;
  for (int64_t i = 0; i < log->count; i++)
    if (log->persons[i] >= 0 && !life->persons[log->persons[i]].has_key)
      log->persons[i] = -1;
  for (int i = 0; i < life->person_count; i++) {
    struct life_person *person = &life->persons[i];
    for (; person->has_key && person->tried < log->count; person->tried++)
      if (entry_is_about(log->entries[person->tried], &person->key))
        log->persons[person->tried] = i;
  }
}

bool life_read_log(struct life *life, bool is_deep)
{
  struct reading reading = {.life = life, .holds = true};
  struct err err = ERR_INIT;
  tree_init(&reading.tree);
  enum err_code code =
      store_ledger_each(core_store(life->core), LIFE_NODE, 0, read_row, &reading, &err);
  find_persons(life);
  (void)is_deep;
  return code == ERR_OK && reading.holds && reading.count >= life->log.count &&
         reading.count == core_log_size(life->core);
}

// ── The verifier ────────────────────────────────────────────────────────────────────────────

static bool write_file(const char *path, const void *bytes, size_t length)
{
  FILE *file = fopen(path, "wb");
  if (file == NULL)
    return false;
  bool written = fwrite(bytes, 1, length, file) == length;
  return fclose(file) == 0 && written;
}

static void path_in(char ret_path[PATH_BYTES], const char *folder, const char *name)
{
  (void)snprintf(ret_path, PATH_BYTES, "%s/%s", folder, name);
}

static bool copy_out(struct life *life, const char *folder, const char *name)
{
  char path[PATH_BYTES];
  const unsigned char *bytes = NULL;
  size_t length = 0;
  path_in(path, folder, name);
  if (crash_vfs_file_read(life->vfs, name, &bytes, &length) != 0)
    return true;  // without a write-ahead log the home is at rest
  return write_file(path, bytes, length);
}

static bool run_verifier(const struct life *life, const char *folder, const char *heads)
{
  char *arguments[] = {"forvar-verify", "--head", (char *)(uintptr_t)heads,
                       (char *)(uintptr_t)folder, NULL};
  char *without_heads[] = {"forvar-verify", (char *)(uintptr_t)folder, NULL};
  char *said = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&said, &size);
  if (out == NULL)
    abort();
  int code = life->heads.length > 0 ? verify_command(4, arguments, out, out)
                                    : verify_command(2, without_heads, out, out);
  (void)fclose(out);
  if (code != 0)
    (void)fprintf(stderr, "%s", said);
  free(said);
  return code == 0;
}

bool life_verify(struct life *life)
{
  static const char *const names[] = {"data.db", "data.db-wal", "heads.log"};
  const char *temporary = getenv("TMPDIR");
  char folder[PATH_BYTES - 100];
  char heads[PATH_BYTES];
  (void)snprintf(folder, sizeof folder, "%s/forvar-sim.XXXXXX",
                 temporary == NULL ? "/tmp" : temporary);
  if (mkdtemp(folder) == NULL)
    abort();
  path_in(heads, folder, "heads.log");
  bool copied = copy_out(life, folder, "data.db") && copy_out(life, folder, "data.db-wal") &&
                write_file(heads, str_text(&life->heads), life->heads.length);
  bool holds = copied && run_verifier(life, folder, heads);
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    char path[PATH_BYTES];
    path_in(path, folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  life->counts.verified += holds ? 1 : 0;
  return holds;
}
