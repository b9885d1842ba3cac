#include "import/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "core/cache.h"
#include "import/row.h"
#include "store/rows.h"
#include "store/store.h"
#include "vault/vault.h"

enum {
  DIGEST_PIECE_BYTES = 64 * 1024,
  KNOWN_LINES = 1024,
  BATCH_ENTRIES = LEDGER_BATCH_ENTRIES_MAX - 128,  // the rest is room for what others submit
  ENTRIES_BESIDE_COLUMNS = 3,
  PUBLIC_KEY_BYTES = 16,
};

enum err_code import_digest(struct core *core, FILE *file, struct view mapping_text,
                            unsigned char ret_digest[IMPORT_DIGEST_BYTES], struct err *err)
{
  char piece[DIGEST_PIECE_BYTES];
  struct view key = view_bytes(vault_public_id_key(core_vault(core)), PUBLIC_KEY_BYTES);
  sha256((const struct view[]){key, mapping_text}, 2, ret_digest);
  rewind(file);
  size_t length = fread(piece, 1, sizeof piece, file);
  while (length > 0) {
    struct view parts[] = {view_bytes(ret_digest, SHA256_BYTES), view_bytes(piece, length)};
    sha256(parts, 2, ret_digest);
    length = fread(piece, 1, sizeof piece, file);
  }
  if (ferror(file) != 0)
    return err_set(err, ERR_SYSTEM, "the data cannot be read");
  rewind(file);
  return ERR_OK;
}

// ── Lines that are in ───────────────────────────────────────────────────────────────────────

struct slot {
  struct operation operation;
  struct import_row_input input;
  struct import_row_output output;
  struct arena arena;
  int64_t line;
};

struct running {
  struct import_run *run;
  struct import_counts counts;
  const struct policy *policy;
  struct row_columns columns;
  bool bound;
  struct slot *slots;
  int32_t slot_count, slots_max;
  int64_t lines[KNOWN_LINES];  // that are in, a page of them
  bool gone[KNOWN_LINES];      // and whose person is erased
  int32_t line_count, line_at;
  bool last_page;
};

static enum err_code know_line(void *context, const struct imported_row *row, struct err *err)
{
  (void)err;
  struct running *running = context;
  running->gone[running->line_count] = row->person.value == 0;
  running->lines[running->line_count++] = row->line;
  return ERR_OK;
}

static enum err_code next_page(struct running *running, int64_t line, struct err *err)
{
  running->line_count = running->line_at = 0;
  enum err_code code = store_imported_after(core_store(running->run->core), running->run->import,
                                            line - 1, KNOWN_LINES, know_line, running, err);
  running->last_page = running->line_count < KNOWN_LINES;
  return code;
}

// Lines are asked for in order.
static enum err_code is_in(struct running *running, int64_t line, bool *ret_in, struct err *err)
{
  *ret_in = false;
  if (running->line_at == running->line_count && !running->last_page) {
    enum err_code code = next_page(running, line, err);
    if (code != ERR_OK)
      return code;
  }
  if (running->line_at < running->line_count && running->lines[running->line_at] == line) {
    running->counts.erased += running->gone[running->line_at++];
    *ret_in = true;
  }
  return ERR_OK;
}

// ── Batches ─────────────────────────────────────────────────────────────────────────────────

static bool is_of_row(enum err_code code)
{
  return code == ERR_INPUT || code == ERR_LIMIT || code == ERR_NOT_FOUND || code == ERR_EXISTS ||
         code == ERR_CONFLICT || code == ERR_REFUSED;
}

static enum err_code tell_wrong(struct running *running, int64_t line, int32_t column,
                                const struct err *why, struct err *err)
{
  running->counts.wrong++;
  if (running->run->wrong == NULL)
    return ERR_OK;
  return running->run->wrong(running->run->context, line, column, why, err);
}

static enum err_code settle(struct running *running, struct slot *slot, struct err *err)
{
  enum err_code code = slot->operation.code;
  if (code == ERR_OK || slot->output.would_do) {
    running->counts.in++;
    running->counts.persons += slot->output.made;
    // Nobody asks for them soon: a million of them would fill the cache.
    cache_publish(core_cache(running->run->core), slot->output.person, NULL);
    return ERR_OK;
  }
  if (is_of_row(code))
    return tell_wrong(running, slot->line, 0, &slot->operation.err, err);
  *err = slot->operation.err;
  return code;
}

// The mapping names fields of the policy by their place in it.
static enum err_code take_rest(const struct running *running, struct err *err)
{
  if (running->run->rest == NULL)
    return ERR_OK;
  running->run->rest(running->run->context);
  if (core_policy(running->run->core) == running->policy)
    return ERR_OK;
  err_set(err, ERR_CONFLICT, "the policy was changed while the import ran");
  return err_hint(err, "begin again: what is in stays in");
}

static enum err_code run_batch(struct running *running, struct err *err)
{
  struct core *core = running->run->core;
  for (int32_t i = 0; i < running->slot_count; i++)
    core_submit(core, &running->slots[i].operation);
  enum err_code code = core_run(core, err);
  for (int32_t i = 0; code == ERR_OK && i < running->slot_count; i++)
    code = settle(running, &running->slots[i], err);
  running->slot_count = 0;
  if (code == ERR_OK && running->run->progress != NULL)
    running->run->progress(running->run->context, &running->counts);
  return code == ERR_OK ? take_rest(running, err) : code;
}

static enum err_code queue_row(struct running *running, const struct csv_row *row, int64_t line,
                               struct err *err)
{
  struct slot *slot = &running->slots[running->slot_count];
  struct err why = ERR_INIT;
  arena_rewind(&slot->arena);
  enum err_code code = row_read(running->policy, running->run->mapping, &running->columns, row,
                                &slot->arena, &slot->input, &why);
  if (code != ERR_OK && is_of_row(code))
    return tell_wrong(running, line, slot->input.column, &why, err);
  if (code != ERR_OK) {
    *err = why;
    return code;
  }
  slot->line = line;
  slot->input.import = running->run->import;
  slot->input.line = line;
  slot->input.dry = running->run->dry;
  slot->output = (struct import_row_output){.made = false};
  slot->operation = (struct operation)OPERATION(&verb_import_row, &slot->input, &slot->output);
  slot->operation.actor = running->run->actor;
  running->slot_count++;
  return running->slot_count == running->slots_max ? run_batch(running, err) : ERR_OK;
}

static enum err_code take_row(void *context, const struct csv_row *row, struct err *err)
{
  struct running *running = context;
  bool header = running->run->mapping->header;
  if (!running->bound) {
    enum err_code code = row_columns_bind(running->run->mapping, row, &running->columns, err);
    running->bound = code == ERR_OK;
    if (code != ERR_OK || header)
      return code;
  }
  bool in = false;
  int64_t line = row->number - header;
  enum err_code code = is_in(running, line, &in, err);
  running->counts.rows++;
  running->counts.before += in;
  return code != ERR_OK || in ? code : queue_row(running, row, line, err);
}

// ── The whole ───────────────────────────────────────────────────────────────────────────────

struct same {
  const unsigned char *digest;
  int64_t import;
};

static enum err_code find_same(void *context, const struct import_row *row, struct err *err)
{
  (void)err;
  struct same *same = context;
  if (row->digest.length == IMPORT_DIGEST_BYTES &&
      memcmp(row->digest.bytes, same->digest, IMPORT_DIGEST_BYTES) == 0)
    same->import = row->import;
  return ERR_OK;
}

static enum err_code begin(struct import_run *run, struct err *err)
{
  if (run->dry) {
    struct same same = {run->digest, 0};
    enum err_code code = store_import_each(core_store(run->core), find_same, &same, err);
    run->import = same.import;
    return code;
  }
  struct import_open_input input;
  struct import_open_output output;
  memcpy(input.digest, run->digest, sizeof input.digest);
  struct operation operation = OPERATION(&verb_import_open, &input, &output);
  operation.actor = run->actor;
  enum err_code code = core_perform(run->core, &operation, err);
  if (code == ERR_OK)
    run->import = output.import;
  return code;
}

static void running_clear(struct running *running)
{
  for (int32_t i = 0; running->slots != NULL && i < running->slots_max; i++)
    arena_clear(&running->slots[i].arena);
  free(running->slots);
}

static enum err_code run_rows(struct running *running, struct err *err)
{
  int32_t entries = running->run->mapping->column_count + ENTRIES_BESIDE_COLUMNS;
  int32_t fit = BATCH_ENTRIES / entries;
  running->slots_max = fit < IMPORT_BATCH_ROWS_MAX ? fit : IMPORT_BATCH_ROWS_MAX;
  running->slots = calloc((size_t)running->slots_max, sizeof *running->slots);
  if (running->slots == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a batch of rows");
  enum err_code code = csv_read(running->run->file, running->run->mapping, take_row, running, err);
  if (code == ERR_OK && !running->bound && running->run->mapping->header)
    code = err_set(err, ERR_INPUT, "the file is empty: it has no header");
  struct err later = ERR_INIT;
  enum err_code of_rest = running->slot_count > 0 ? run_batch(running, &later) : ERR_OK;
  if (code != ERR_OK || of_rest == ERR_OK)
    return code;
  *err = later;
  return of_rest;
}

enum err_code import_run(struct import_run *run, struct import_counts *ret_counts, struct err *err)
{
  const struct policy *policy = core_policy(run->core);
  if (policy == NULL) {
    err_set(err, ERR_CONFLICT, "no policy is in force");
    return err_hint(err, "activate one with: forvar policy activate FILE");
  }
  struct running *running = calloc(1, sizeof *running);
  if (running == NULL)
    return err_set(err, ERR_MEMORY, "no memory for an import");
  running->run = run;
  running->policy = policy;
  enum err_code code = begin(run, err);
  if (code == ERR_OK)
    code = run_rows(running, err);
  *ret_counts = running->counts;
  running_clear(running);
  free(running);
  return code;
}
