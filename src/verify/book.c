#include "verify/book.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void verify_book_clean(struct verify_book *book)
{
  free(book->logs);
  free(book->roots);
  *book = (struct verify_book){0};
}

static struct verify_log *find_log(const struct verify_book *book, int64_t number)
{
  for (size_t i = 0; i < book->log_count; i++)
    if (book->logs[i].number == number)
      return &book->logs[i];
  return NULL;
}

struct verify_log *verify_book_log(struct verify_book *book, int64_t number)
{
  struct verify_log *log = find_log(book, number);
  if (log != NULL)
    return log;
  struct verify_log *logs = realloc(book->logs, (book->log_count + 1) * sizeof *logs);
  if (logs == NULL)
    return NULL;
  book->logs = logs;
  log = &logs[book->log_count];
  book->log_count++;
  *log = (struct verify_log){.number = number};
  return log;
}

enum verify_outcome verify_book_want(struct verify_book *book, int64_t log, int64_t size,
                                     struct verify_finding *finding)
{
  if (book->root_count == book->root_capacity) {
    size_t capacity = book->root_capacity == 0 ? 64 : book->root_capacity * 2;
    struct verify_root *roots = realloc(book->roots, capacity * sizeof *roots);
    if (roots == NULL)
      return verify_trouble(finding, "out of memory");
    book->roots = roots;
    book->root_capacity = capacity;
  }
  book->roots[book->root_count] = (struct verify_root){.log = log, .size = size};
  book->root_count++;
  return VERIFY_HOLDS;
}

static int compare_roots(const void *left, const void *right)
{
  const struct verify_root *a = left;
  const struct verify_root *b = right;
  if (a->log != b->log)
    return a->log < b->log ? -1 : 1;
  if (a->size != b->size)
    return a->size < b->size ? -1 : 1;
  return 0;
}

static void begin_log(struct verify_book *book, int64_t number)
{
  if (!book->is_walking && book->root_count > 0)
    qsort(book->roots, book->root_count, sizeof *book->roots, compare_roots);
  if (book->is_walking && book->walked_log == number)
    return;
  book->is_walking = true;
  book->walked_log = number;
  verify_tree_init(&book->tree);
  // The size 0 needs no batch: compute_root knows it.
  for (book->next_root = 0; book->next_root < book->root_count; book->next_root++) {
    const struct verify_root *root = &book->roots[book->next_root];
    if (root->log > number || (root->log == number && root->size > 0))
      return;
  }
}

// Several heads may have the same size.
static void keep_roots(struct verify_book *book)
{
  for (; book->next_root < book->root_count; book->next_root++) {
    struct verify_root *root = &book->roots[book->next_root];
    if (root->log != book->walked_log || root->size != book->tree.size)
      return;
    root->hash = verify_tree_root(&book->tree);
  }
}

// The root of a size that was asked for and that the log has reached.
static struct verify_hash compute_root(const struct verify_book *book, const struct verify_log *log,
                                       int64_t size)
{
  struct verify_tree empty;
  verify_tree_init(&empty);
  if (size == 0)
    return verify_tree_root(&empty);
  struct verify_root key = {.log = log->number, .size = size};
  const struct verify_root *root =
      bsearch(&key, book->roots, book->root_count, sizeof key, compare_roots);
  // Every head was announced, so the fallback only keeps a mistake of this program from passing.
  return root != NULL ? root->hash : (struct verify_hash){{0}};
}

static enum verify_outcome check_shape(const struct verify_log *log,
                                       const struct verify_batch *batch, const struct verify_at *at,
                                       struct verify_finding *finding)
{
  if (batch->first != log->entries)
    return verify_wrong_number(finding, at, "first", log->entries, batch->first);
  if (batch->count < 1 || batch->count > LEDGER_BATCH_ENTRIES_MAX) {
    char found[24];
    snprintf(found, sizeof found, "%" PRId64, batch->count);
    return verify_wrong(finding, at, "count", "1 to 4096", found);
  }
  int64_t bytes = batch->count * LEDGER_ENTRY_BYTES;
  if (batch->entries_bytes != (size_t)bytes)
    return verify_wrong_number(finding, at, "bytes of entries", bytes,
                               (int64_t)batch->entries_bytes);
  if (batch->root_bytes != LEDGER_HASH_BYTES)
    return verify_wrong_number(finding, at, "bytes of root", LEDGER_HASH_BYTES,
                               (int64_t)batch->root_bytes);
  return VERIFY_HOLDS;
}

// The time of a batch is the highest of its entries' times.
static enum verify_outcome check_time(const struct verify_batch *batch, const struct verify_at *at,
                                      struct verify_finding *finding)
{
  int64_t highest_us = INT64_MIN;
  for (int64_t i = 0; i < batch->count; i++) {
    int64_t time_us = verify_entry_time_us(batch->entries + i * LEDGER_ENTRY_BYTES);
    highest_us = time_us > highest_us ? time_us : highest_us;
  }
  return batch->time_us == highest_us
             ? VERIFY_HOLDS
             : verify_wrong_number(finding, at, "time_us", highest_us, batch->time_us);
}

// A kind or a mode that the format does not have names the very entry, which the root cannot.
static enum verify_outcome check_entry(const uint8_t *entry, const struct verify_at *at,
                                       struct verify_finding *finding)
{
  char found[8];
  uint8_t kind = entry[LEDGER_AT_KIND];
  uint8_t mode = entry[LEDGER_AT_MODE];
  if (kind < LEDGER_USE || kind >= LEDGER_KIND_END) {
    snprintf(found, sizeof found, "%u", kind);
    return verify_wrong(finding, at, "kind", "1 to 5", found);
  }
  if (mode != LEDGER_DURABLE && mode != LEDGER_KEPT) {
    snprintf(found, sizeof found, "%u", mode);
    return verify_wrong(finding, at, "mode", "0 or 1", found);
  }
  return VERIFY_HOLDS;
}

static enum verify_outcome check_entries(struct verify_book *book, const struct verify_batch *batch,
                                         const struct verify_at *at, struct verify_finding *finding)
{
  for (int64_t i = 0; i < batch->count; i++) {
    const uint8_t *entry = batch->entries + i * LEDGER_ENTRY_BYTES;
    struct verify_at entry_at = *at;
    entry_at.entry = batch->first + i;
    entry_at.entry_count = 1;
    enum verify_outcome outcome = check_entry(entry, &entry_at, finding);
    if (outcome != VERIFY_HOLDS)
      return outcome;
    verify_tree_add(&book->tree, entry, LEDGER_ENTRY_BYTES);
    keep_roots(book);
  }
  struct verify_hash root = verify_tree_root(&book->tree);
  struct verify_at all_at = *at;
  all_at.entry = batch->first;
  all_at.entry_count = batch->count;
  if (memcmp(root.bytes, batch->root, sizeof root.bytes) != 0)
    return verify_wrong_hash(finding, &all_at, "root", root.bytes, batch->root);
  return VERIFY_HOLDS;
}

enum verify_outcome verify_book_add(struct verify_book *book, const struct verify_batch *batch,
                                    const struct verify_at *at, struct verify_finding *finding)
{
  struct verify_log *log = verify_book_log(book, batch->log);
  if (log == NULL)
    return verify_trouble(finding, "out of memory");
  begin_log(book, batch->log);
  enum verify_outcome outcome = check_shape(log, batch, at, finding);
  if (outcome == VERIFY_HOLDS)
    outcome = check_entries(book, batch, at, finding);
  if (outcome == VERIFY_HOLDS)
    outcome = check_time(batch, at, finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  log->entries += batch->count;
  log->batches++;
  return VERIFY_HOLDS;
}

enum verify_outcome verify_signer_check(const struct verify_signer *signer,
                                        const struct verify_note *note, const struct verify_at *at,
                                        struct verify_finding *finding)
{
  if (strcmp(note->origin, signer->origin) != 0)
    return verify_wrong(finding, at, "origin", signer->origin, note->origin);
  const char *flaw = verify_note_check(note, signer->key);
  if (flaw != NULL)
    return verify_wrong(finding, at, flaw, "one made with the key", "one not made with it");
  return VERIFY_HOLDS;
}

static enum verify_outcome too_large(int64_t entries, int64_t size, const struct verify_at *at,
                                     struct verify_finding *finding)
{
  char expected[40];
  char found[24];
  snprintf(expected, sizeof expected, "at most %" PRId64, entries);
  snprintf(found, sizeof found, "%" PRId64, size);
  return verify_wrong(finding, at, "size", expected, found);
}

enum verify_outcome verify_book_head(struct verify_book *book, const struct verify_note *note,
                                     const struct verify_signer *signer, const struct verify_at *at,
                                     struct verify_finding *finding)
{
  enum verify_outcome outcome = verify_signer_check(signer, note, at, finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  struct verify_log *log = verify_book_log(book, at->log);
  if (log == NULL)
    return verify_trouble(finding, "out of memory");
  if (note->size > log->entries)
    return too_large(log->entries, note->size, at, finding);
  struct verify_hash root = compute_root(book, log, note->size);
  if (!verify_hash_equal(&root, &note->root))
    return verify_wrong_hash(finding, at, "root", root.bytes, note->root.bytes);
  log->heads++;
  log->head_size = note->size > log->head_size ? note->size : log->head_size;
  return VERIFY_HOLDS;
}

// Holds if one of the logs has this head. A file without any row has one log, which is empty.
static enum verify_outcome check_kept(struct verify_book *book, const struct verify_note *note,
                                      const struct verify_at *at, struct verify_finding *finding)
{
  static const struct verify_log empty = {0};
  size_t count = book->log_count > 0 ? book->log_count : 1;
  int64_t most_entries = 0;
  const struct verify_log *long_enough = NULL;
  struct verify_hash root = {{0}};
  for (size_t i = 0; i < count; i++) {
    const struct verify_log *log = book->log_count > 0 ? &book->logs[i] : &empty;
    most_entries = log->entries > most_entries ? log->entries : most_entries;
    if (note->size > log->entries)
      continue;
    root = compute_root(book, log, note->size);
    if (verify_hash_equal(&root, &note->root))
      return VERIFY_HOLDS;
    long_enough = log;
  }
  if (long_enough == NULL)
    return too_large(most_entries, note->size, at, finding);
  return verify_wrong_hash(finding, at, "root", root.bytes, note->root.bytes);
}

enum verify_outcome verify_book_kept(struct verify_book *book, const struct verify_kept *kept,
                                     const struct verify_signer *signer,
                                     struct verify_finding *finding)
{
  for (size_t i = 0; i < kept->count; i++) {
    const struct verify_kept_head *head = &kept->heads[i];
    struct verify_at at = verify_kept_at(head);
    if (head->flaw != NULL)
      return verify_wrong(finding, &at, head->flaw, "a checkpoint note", "another form");
    enum verify_outcome outcome = verify_signer_check(signer, &head->note, &at, finding);
    if (outcome == VERIFY_HOLDS)
      outcome = check_kept(book, &head->note, &at, finding);
    if (outcome != VERIFY_HOLDS)
      return outcome;
  }
  return VERIFY_HOLDS;
}
