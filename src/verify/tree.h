// The Merkle tree of RFC 9162, 2.1: leaf SHA-256(0x00 || data), node SHA-256(0x01 || left ||
// right), empty tree SHA-256(""). Only the roots of the perfect subtrees along the right edge are
// kept, so a log of any length takes the same memory.
#ifndef FORVAR_VERIFY_TREE_H
#define FORVAR_VERIFY_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/format.h"

enum { VERIFY_TREE_HEIGHT_MAX = 64 };

struct verify_hash {
  uint8_t bytes[LEDGER_HASH_BYTES];
};

struct verify_tree {
  int64_t size;  // leaves
  size_t count;  // perfect subtrees, one for each bit that is set in size
  struct verify_hash subtrees[VERIFY_TREE_HEIGHT_MAX];  // the largest and leftmost first
};

// A way from a leaf up to a root: the hashes beside it, lowest first.
struct verify_path {
  int64_t index;  // of the leaf, from 0
  int64_t size;   // of the tree, in leaves
  const struct verify_hash *hashes;
  size_t count;
};

int64_t verify_entry_time_us(const uint8_t *entry);  // an entry of the log, LEDGER_ENTRY_BYTES
bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b);
struct verify_hash verify_hash_leaf(const uint8_t *data, size_t bytes);

void verify_tree_init(struct verify_tree *tree);
void verify_tree_add(struct verify_tree *tree, const uint8_t *data, size_t bytes);
struct verify_hash verify_tree_root(const struct verify_tree *tree);

// RFC 9162, 2.1.3.2. False if the path has too few or too many hashes for the size, or if the index
// is not below the size.
bool verify_path_root(const struct verify_path *path, const struct verify_hash *leaf,
                      struct verify_hash *ret_root);

#endif
