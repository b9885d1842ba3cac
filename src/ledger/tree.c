#include "ledger/tree.h"

#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"

_Static_assert((int)LEDGER_HASH_BYTES == (int)SHA256_BYTES, "trees are hashed with SHA-256");

// The byte before what is hashed tells leaves from nodes, so that no node passes for a leaf.
static const unsigned char leaf_mark = 0x00;
static const unsigned char node_mark = 0x01;

void tree_init(struct tree *tree) { memset(tree, 0, sizeof *tree); }

void tree_leaf_hash(const void *leaf, size_t length, unsigned char ret_hash[LEDGER_HASH_BYTES])
{
  const struct view parts[] = {view_bytes(&leaf_mark, 1), view_bytes(leaf, length)};
  sha256(parts, ARRAY_COUNT(parts), ret_hash);
}

void tree_node_hash(const unsigned char left[LEDGER_HASH_BYTES],
                    const unsigned char right[LEDGER_HASH_BYTES],
                    unsigned char ret_hash[LEDGER_HASH_BYTES])
{
  const struct view parts[] = {view_bytes(&node_mark, 1), view_bytes(left, LEDGER_HASH_BYTES),
                               view_bytes(right, LEDGER_HASH_BYTES)};
  sha256(parts, ARRAY_COUNT(parts), ret_hash);
}

void tree_append(struct tree *tree, const void *leaf, size_t length)
{
  unsigned char hash[LEDGER_HASH_BYTES];
  tree_leaf_hash(leaf, length, hash);
  tree_append_hash(tree, hash);
}

// As a binary counter: two full subtrees of one level become one of the next.
void tree_append_hash(struct tree *tree, const unsigned char leaf_hash[LEDGER_HASH_BYTES])
{
  PRE(tree->size < INT64_MAX);
  unsigned char hash[LEDGER_HASH_BYTES];
  memcpy(hash, leaf_hash, sizeof hash);
  int level = 0;
  for (; (tree->size >> level & 1) != 0; level++)
    tree_node_hash(tree->edge[level], hash, hash);
  memcpy(tree->edge[level], hash, sizeof hash);
  tree->size++;
}

void tree_root(const struct tree *tree, unsigned char ret_root[LEDGER_HASH_BYTES])
{
  if (tree->size == 0) {
    sha256(NULL, 0, ret_root);
    return;
  }
  int level = __builtin_ctzll((unsigned long long)tree->size);
  memcpy(ret_root, tree->edge[level], LEDGER_HASH_BYTES);
  for (level++; tree->size >> level != 0; level++)
    if ((tree->size >> level & 1) != 0)
      tree_node_hash(tree->edge[level], ret_root, ret_root);
}

// ── Making proofs ───────────────────────────────────────────────────────────────────────────

// The leaves that one hash of a proof stands for.
struct span {
  int64_t first;
  int64_t count;
};

// The hashes of a proof, found from the root down: the reverse of their order in the proof.
struct plan {
  int count;
  struct span spans[LEDGER_PROOF_HASHES_MAX];
};

static void plan_add(struct plan *plan, int64_t first, int64_t count)
{
  INVARIANT(plan->count < LEDGER_PROOF_HASHES_MAX);
  plan->spans[plan->count++] = (struct span){first, count};
}

// The largest power of two below `count`, which is how many leaves the left subtree has.
static int64_t left_count(int64_t count)
{
  PRE(count > 1);
  return INT64_C(1) << (63 - __builtin_clzll((unsigned long long)count - 1));
}

// Goes from the root down towards the leaf `target`, until `part` is the leaf or, for a proof of
// consistency, ends where the older tree ended; what stands beside the way goes into the plan.
static struct span plan_way(struct plan *plan, int64_t target, int64_t size, bool to_end)
{
  struct span part = {0, size};
  while (to_end ? part.first + part.count != target + 1 : part.count > 1) {
    int64_t left = left_count(part.count);
    if (target < part.first + left) {
      plan_add(plan, part.first + left, part.count - left);
      part.count = left;
    } else {
      plan_add(plan, part.first, left);
      part = (struct span){part.first + left, part.count - left};
    }
  }
  return part;
}

struct leaves {
  tree_leaf_at *at;
  void *context;
};

static bool hash_span(const struct leaves *leaves, struct span span,
                      unsigned char ret_hash[LEDGER_HASH_BYTES])
{
  struct tree tree;
  tree_init(&tree);
  for (int64_t i = 0; i < span.count; i++) {
    unsigned char leaf_hash[LEDGER_HASH_BYTES];
    if (!leaves->at(leaves->context, span.first + i, leaf_hash))
      return false;
    tree_append_hash(&tree, leaf_hash);
  }
  tree_root(&tree, ret_hash);
  return true;
}

// Spans left of `middle` lie in the plan from left to right, the others from right to left.
static bool make_proof(const struct plan *plan, int64_t middle, const struct leaves *leaves,
                       struct proof *ret_proof)
{
  struct proof proof = {.count = plan->count};
  int last = plan->count - 1;
  for (int i = 0; i <= last; i++)
    if (plan->spans[i].first <= middle &&
        !hash_span(leaves, plan->spans[i], proof.hashes[last - i]))
      return false;
  for (int i = last; i >= 0; i--)
    if (plan->spans[i].first > middle && !hash_span(leaves, plan->spans[i], proof.hashes[last - i]))
      return false;
  *ret_proof = proof;
  return true;
}

bool tree_inclusion(int64_t index, int64_t size, tree_leaf_at *leaf_at, void *context,
                    struct proof *ret_proof)
{
  PRE(index >= 0 && index < size);
  struct plan plan = {.count = 0};
  (void)plan_way(&plan, index, size, false);
  return make_proof(&plan, index, &(struct leaves){leaf_at, context}, ret_proof);
}

bool tree_consistency(int64_t old_size, int64_t size, tree_leaf_at *leaf_at, void *context,
                      struct proof *ret_proof)
{
  PRE(old_size > 0 && old_size <= size);
  struct plan plan = {.count = 0};
  struct span part = plan_way(&plan, old_size - 1, size, true);
  if (part.first != 0)  // else it is the whole older tree, whose root the reader has
    plan_add(&plan, part.first, part.count);
  return make_proof(&plan, old_size - 1, &(struct leaves){leaf_at, context}, ret_proof);
}

// ── Checking proofs ─────────────────────────────────────────────────────────────────────────

// A node on the way up, by its number and that of the rightmost node of the same level.
struct way {
  uint64_t node;
  uint64_t rightmost;
};

static void step_up(struct way *way)
{
  way->node >>= 1;
  way->rightmost >>= 1;
}

// Does the next hash stand on the left? If the way has been on the right edge, the levels where
// nothing stands beside it are skipped.
static bool turns_left(struct way *way)
{
  if ((way->node & 1) == 0 && way->node != way->rightmost)
    return false;
  while ((way->node & 1) == 0 && way->node != 0)
    step_up(way);
  return true;
}

static bool proof_is_sound(const struct proof *proof)
{
  return proof->count >= 0 && proof->count <= LEDGER_PROOF_HASHES_MAX;
}

static bool is_same(const unsigned char a[LEDGER_HASH_BYTES],
                    const unsigned char b[LEDGER_HASH_BYTES])
{
  return memcmp(a, b, LEDGER_HASH_BYTES) == 0;
}

bool tree_check_inclusion(const unsigned char leaf_hash[LEDGER_HASH_BYTES], int64_t index,
                          int64_t size, const struct proof *proof,
                          const unsigned char root[LEDGER_HASH_BYTES])
{
  if (index < 0 || index >= size || !proof_is_sound(proof))
    return false;
  struct way way = {(uint64_t)index, (uint64_t)size - 1};
  unsigned char hash[LEDGER_HASH_BYTES];
  memcpy(hash, leaf_hash, sizeof hash);
  for (int i = 0; i < proof->count; i++) {
    if (way.rightmost == 0)
      return false;
    if (turns_left(&way))
      tree_node_hash(proof->hashes[i], hash, hash);
    else
      tree_node_hash(hash, proof->hashes[i], hash);
    step_up(&way);
  }
  return way.rightmost == 0 && is_same(hash, root);
}

// Both roots, computed on one way up: what stands on the left belongs to both trees, what stands
// on the right to the newer one alone.
static bool climb_both(struct way way, const unsigned char start[LEDGER_HASH_BYTES],
                       const struct proof *proof, int used,
                       unsigned char ret_roots[2][LEDGER_HASH_BYTES])
{
  memcpy(ret_roots[0], start, LEDGER_HASH_BYTES);
  memcpy(ret_roots[1], start, LEDGER_HASH_BYTES);
  for (int i = used; i < proof->count; i++) {
    const unsigned char *hash = proof->hashes[i];
    if (way.rightmost == 0)
      return false;
    if (turns_left(&way)) {
      tree_node_hash(hash, ret_roots[0], ret_roots[0]);
      tree_node_hash(hash, ret_roots[1], ret_roots[1]);
    } else {
      tree_node_hash(ret_roots[1], hash, ret_roots[1]);
    }
    step_up(&way);
  }
  return way.rightmost == 0;
}

bool tree_check_consistency(int64_t old_size, const unsigned char old_root[LEDGER_HASH_BYTES],
                            int64_t size, const unsigned char root[LEDGER_HASH_BYTES],
                            const struct proof *proof)
{
  if (old_size <= 0 || old_size > size || !proof_is_sound(proof))
    return false;
  if (old_size == size)
    return proof->count == 0 && is_same(old_root, root);
  struct way way = {(uint64_t)old_size - 1, (uint64_t)size - 1};
  while ((way.node & 1) != 0)
    step_up(&way);
  // A full older tree is a subtree of the newer one, and its root stands for itself.
  bool starts_at_root = way.node == 0;
  if (!starts_at_root && proof->count == 0)
    return false;
  unsigned char roots[2][LEDGER_HASH_BYTES];
  const unsigned char *start = starts_at_root ? old_root : proof->hashes[0];
  return climb_both(way, start, proof, starts_at_root ? 0 : 1, roots) &&
         is_same(roots[0], old_root) && is_same(roots[1], root);
}
