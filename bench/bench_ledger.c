// What the ledger adds to a decision: sealing an entry, keeping it, and appending it to the tree.
// Each row is the best of several rounds, since whatever else the machine does can only make a
// round slower. The ring lies in the folder for temporary files.
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/kept.h"
#include "ledger/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 7, CALLS = KEPT_SLOTS - 1 };

struct bench {
  struct kept *kept;
  struct tree tree;
  struct signer signer;
  unsigned char entry[LEDGER_ENTRY_BYTES];
};

static const struct ledger_key key = {{1, 2, 3}};

static void seal(struct bench *bench, uint32_t i)
{
  struct entry entry = {.kind = LEDGER_USE, .operation = LEDGER_OP_READ, .time_us = i, .nonce = i};
  entry_seal(&entry, &key, bench->entry);
}

static void is_about(struct bench *bench, uint32_t i)
{
  bench->entry[0] ^= (unsigned char)(i + entry_is_about(bench->entry, &key));
}

static void detail(struct bench *bench, uint32_t i)
{
  unsigned char salt[LEDGER_SALT_BYTES];
  entry_salt(&key, i, salt);
  entry_detail(salt, VIEW_LITERAL("{\"what\":\"record.put\",\"record\":4711,\"version\":1}"),
               bench->entry + LEDGER_AT_DETAIL);
}

static void leaf_hash(struct bench *bench, uint32_t i)
{
  (void)i;
  unsigned char hash[LEDGER_HASH_BYTES];
  tree_leaf_hash(bench->entry, LEDGER_ENTRY_BYTES, hash);
  memcpy(bench->entry, hash, sizeof hash);
}

static void append(struct bench *bench, uint32_t i)
{
  memcpy(bench->entry, &i, sizeof i);
  tree_append(&bench->tree, bench->entry, LEDGER_ENTRY_BYTES);
}

static void keep(struct bench *bench, uint32_t i)
{
  (void)i;
  if (!kept_add(bench->kept, bench->entry))
    abort();
}

static void keep_and_take(struct bench *bench, uint32_t i)
{
  unsigned char taken[1][LEDGER_ENTRY_BYTES];
  int64_t position = 0;
  keep(bench, i);
  if (kept_take(bench->kept, taken, 1, &position) != 1)
    abort();
  kept_release(bench->kept, position);
}

// Empties the ring between rounds.
static void release_all(struct bench *bench)
{
  static unsigned char taken[KEPT_SLOTS][LEDGER_ENTRY_BYTES];
  int64_t position = 0;
  (void)kept_take(bench->kept, taken, KEPT_SLOTS, &position);
  kept_release(bench->kept, position);
}

static void sign(struct bench *bench, uint32_t i)
{
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  unsigned char root[LEDGER_HASH_BYTES] = {(unsigned char)i};
  checkpoint_write(&bench->signer, i, root, &note);
  bench->entry[0] ^= (unsigned char)note.bytes[0];
}

struct row {
  const char *name;
  void (*call)(struct bench *bench, uint32_t i);
  uint32_t calls;
};

static const struct row rows[] = {
    {"entry_seal", seal, CALLS},
    {"entry_is_about", is_about, CALLS},
    {"entry_salt + entry_detail", detail, CALLS},
    {"tree_leaf_hash", leaf_hash, CALLS},
    {"tree_append", append, CALLS},
    {"kept_add", keep, CALLS},
    {"kept_add, take, release", keep_and_take, CALLS},
    {"checkpoint_write", sign, 500},
};

static double round_ns(struct bench *bench, const struct row *row)
{
  struct timespec begin;
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (uint32_t i = 0; i < row->calls; i++)
    row->call(bench, i);
  clock_gettime(CLOCK_MONOTONIC, &end);
  release_all(bench);
  double elapsed_ns = (double)(end.tv_sec - begin.tv_sec) * 1e9;
  return (elapsed_ns + (double)(end.tv_nsec - begin.tv_nsec)) / row->calls;
}

static void print_rows(struct bench *bench)
{
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    double best_ns = round_ns(bench, &rows[i]);
    for (int round = 1; round < ROUNDS; round++) {
      double ns = round_ns(bench, &rows[i]);
      best_ns = ns < best_ns ? ns : best_ns;
    }
    printf("%-28s %8.1f ns\n", rows[i].name, best_ns);
  }
}

int main(void)
{
  char folder[] = "/tmp/forvar-bench-XXXXXX";
  char path[sizeof folder + 10];
  struct err err = ERR_INIT;
  struct bench bench = {.kept = NULL};
  static const unsigned char seed[32];
  if (mkdtemp(folder) == NULL)
    return EXIT_FAILURE;
  (void)snprintf(path, sizeof path, "%s/ring", folder);
  if (kept_open(path, 0, &bench.kept, &err) != ERR_OK) {
    fprintf(stderr, "bench_ledger: %s\n", err.message);
    return EXIT_FAILURE;
  }
  signer_init(&bench.signer, "example.org/bench", seed);
  tree_init(&bench.tree);
  print_rows(&bench);
  kept_close(bench.kept);
  (void)unlink(path);
  (void)rmdir(folder);
  return EXIT_SUCCESS;
}
