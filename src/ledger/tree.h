// Merkle tree of RFC 9162, append only, with the right edge in memory and the hashes of all full
// subtrees kept by the caller's storage when proofs are wanted.
//
//   struct tree tree;
//   tree_init(&tree);
//   tree_append(&tree, entry, LEDGER_ENTRY_BYTES);
//   tree_root(&tree, root);
#ifndef FORVAR_LEDGER_TREE_H
#define FORVAR_LEDGER_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/format.h"

struct tree {
  int64_t size;                               // leaves
  unsigned char edge[64][LEDGER_HASH_BYTES];  // roots of the full subtrees on the right edge,
                                              // edge[level] valid where bit `level` of size is 1
};

void tree_init(struct tree *tree);
void tree_leaf_hash(const void *leaf, size_t length, unsigned char ret_hash[LEDGER_HASH_BYTES]);
void tree_node_hash(const unsigned char left[LEDGER_HASH_BYTES],
                    const unsigned char right[LEDGER_HASH_BYTES],
                    unsigned char ret_hash[LEDGER_HASH_BYTES]);
void tree_append(struct tree *tree, const void *leaf, size_t length);
void tree_append_hash(struct tree *tree, const unsigned char leaf_hash[LEDGER_HASH_BYTES]);
void tree_root(const struct tree *tree, unsigned char ret_root[LEDGER_HASH_BYTES]);

struct proof {
  int count;
  unsigned char hashes[LEDGER_PROOF_HASHES_MAX][LEDGER_HASH_BYTES];
};

// Proofs are computed from leaf hashes given by `leaf_at`, which is asked for each leaf at most
// once and in ascending order, so that it can stream: cost is linear in the tree, memory constant.
// False if it returned false. PRE: 0 <= index < size; 0 < old_size <= size.
typedef bool tree_leaf_at(void *context, int64_t index,
                          unsigned char ret_leaf_hash[LEDGER_HASH_BYTES]);
bool tree_inclusion(int64_t index, int64_t size, tree_leaf_at *leaf_at, void *context,
                    struct proof *ret_proof);
bool tree_consistency(int64_t old_size, int64_t size, tree_leaf_at *leaf_at, void *context,
                      struct proof *ret_proof);

// RFC 9162 2.1.3.2 and 2.1.4.2. Any number may come from outside. A proof binds its index to the
// size, and the size only through a root that was signed together with it. Trees of one size are
// consistent if their roots are equal and the proof is empty.
bool tree_check_inclusion(const unsigned char leaf_hash[LEDGER_HASH_BYTES], int64_t index,
                          int64_t size, const struct proof *proof,
                          const unsigned char root[LEDGER_HASH_BYTES]);
bool tree_check_consistency(int64_t old_size, const unsigned char old_root[LEDGER_HASH_BYTES],
                            int64_t size, const unsigned char root[LEDGER_HASH_BYTES],
                            const struct proof *proof);

#endif
