#include "verify/tree.h"

#include <sodium.h>

#include <string.h>

static const uint8_t leaf_mark = 0x00;
static const uint8_t node_mark = 0x01;

int64_t verify_entry_time_us(const uint8_t *entry)
{
  uint64_t time_us = 0;
  for (int i = 7; i >= 0; i--)  // little-endian
    time_us = time_us << 8 | entry[LEDGER_AT_TIME + i];
  return (int64_t)time_us;
}

bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b)
{
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct verify_hash verify_hash_leaf(const uint8_t *data, size_t bytes)
{
  struct verify_hash hash;
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, &leaf_mark, sizeof leaf_mark);
  crypto_hash_sha256_update(&state, data, bytes);
  crypto_hash_sha256_final(&state, hash.bytes);
  return hash;
}

static struct verify_hash hash_node(const struct verify_hash *left, const struct verify_hash *right)
{
  uint8_t data[1 + 2 * LEDGER_HASH_BYTES];
  data[0] = node_mark;
  memcpy(data + 1, left->bytes, LEDGER_HASH_BYTES);
  memcpy(data + 1 + LEDGER_HASH_BYTES, right->bytes, LEDGER_HASH_BYTES);
  struct verify_hash hash;
  crypto_hash_sha256(hash.bytes, data, sizeof data);
  return hash;
}

void verify_tree_init(struct verify_tree *tree)
{
  tree->size = 0;
  tree->count = 0;
}

void verify_tree_add(struct verify_tree *tree, const uint8_t *data, size_t bytes)
{
  struct verify_hash hash = verify_hash_leaf(data, bytes);
  // Each bit that carries when one is added to the size joins two subtrees of the same height.
  for (int64_t carry = tree->size; (carry & 1) != 0; carry >>= 1) {
    tree->count--;
    hash = hash_node(&tree->subtrees[tree->count], &hash);
  }
  tree->subtrees[tree->count] = hash;
  tree->count++;
  tree->size++;
}

struct verify_hash verify_tree_root(const struct verify_tree *tree)
{
  struct verify_hash root;
  if (tree->count == 0) {
    crypto_hash_sha256(root.bytes, (const unsigned char *)"", 0);
    return root;
  }
  root = tree->subtrees[tree->count - 1];
  for (size_t i = tree->count - 1; i > 0; i--)
    root = hash_node(&tree->subtrees[i - 1], &root);
  return root;
}

bool verify_path_root(const struct verify_path *path, const struct verify_hash *leaf,
                      struct verify_hash *ret_root)
{
  if (path->index < 0 || path->index >= path->size)
    return false;
  int64_t node = path->index;
  int64_t last = path->size - 1;
  struct verify_hash hash = *leaf;
  for (size_t i = 0; i < path->count; i++) {
    if (last == 0)
      return false;
    if ((node & 1) == 0 && node != last) {
      hash = hash_node(&hash, &path->hashes[i]);
    } else {
      hash = hash_node(&path->hashes[i], &hash);
      // A last node without a right sibling goes up unchanged to where it has a left one.
      for (; (node & 1) == 0 && node != 0; node >>= 1)
        last >>= 1;
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0)
    return false;
  *ret_root = hash;
  return true;
}
