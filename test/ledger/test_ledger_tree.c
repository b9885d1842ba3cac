// The tree against the published vectors of RFC 6962 implementations and against the recursive
// definitions of RFC 9162, 2.1.
#include "ledger/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { LEAVES_MAX = 40, PAIRS_SIZE_MAX = 18, SHAPE_BYTES = 72, LEAF_BYTES_MAX = 16 };

static const struct {
  const char *leaf;  // hex
  const char *root;  // of the tree up to and with this leaf
} vectors[] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f",
     "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static const char *const inclusion_5_8[] = {
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
};
static const char *const consistency_6_8[] = {
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
};
static const char *const consistency_4_8[] = {
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
};

struct log {
  unsigned char leaf_hashes[LEAVES_MAX][LEDGER_HASH_BYTES];
  unsigned char roots[LEAVES_MAX + 1][LEDGER_HASH_BYTES];
  int64_t asked_last;  // leaves are asked for in ascending order
  int64_t fails_at;
};

static bool leaf_of_log(void *context, int64_t index, unsigned char ret_hash[LEDGER_HASH_BYTES])
{
  struct log *log = context;
  assert_true(index > log->asked_last && index < LEAVES_MAX);
  log->asked_last = index;
  memcpy(ret_hash, log->leaf_hashes[index], LEDGER_HASH_BYTES);
  return index != log->fails_at;
}

// The definition: MTH(D[n]) of RFC 9162, 2.1.1.
static void hash_by_definition(const struct log *log, int64_t first, int64_t count,
                               unsigned char ret_hash[LEDGER_HASH_BYTES])
{
  if (count == 1) {
    memcpy(ret_hash, log->leaf_hashes[first], LEDGER_HASH_BYTES);
    return;
  }
  int64_t left = 1;
  while (left * 2 < count)
    left *= 2;
  unsigned char both[1 + 2 * LEDGER_HASH_BYTES] = {0x01};
  hash_by_definition(log, first, left, both + 1);
  hash_by_definition(log, first + left, count - left, both + 1 + LEDGER_HASH_BYTES);
  sha256(&(struct view){(const char *)both, sizeof both}, 1, ret_hash);
}

static size_t read_hex(const char *hex, unsigned char *ret_bytes)
{
  size_t length = strlen(hex) / 2;
  assert_true(hex_read(view_of(hex), ret_bytes, length));
  return length;
}

static void assert_hash(const unsigned char *hash, const char *hex)
{
  char text[2 * LEDGER_HASH_BYTES + 1];
  hex_write(hash, LEDGER_HASH_BYTES, text);
  assert_string_equal(text, hex);
}

static struct log make_log(void)
{
  struct log log = {.asked_last = -1, .fails_at = -1};
  struct tree tree;
  tree_init(&tree);
  tree_root(&tree, log.roots[0]);
  for (int i = 0; i < LEAVES_MAX; i++) {
    unsigned char leaf[LEAF_BYTES_MAX] = {(unsigned char)i};
    size_t length = (size_t)i < ARRAY_COUNT(vectors) ? read_hex(vectors[i].leaf, leaf) : 2;
    tree_leaf_hash(leaf, length, log.leaf_hashes[i]);
    tree_append(&tree, leaf, length);
    tree_root(&tree, log.roots[i + 1]);
  }
  assert_int_equal(tree.size, LEAVES_MAX);
  return log;
}

static struct proof include(struct log *log, int64_t index, int64_t size)
{
  struct proof proof;
  log->asked_last = -1;
  assert_true(tree_inclusion(index, size, leaf_of_log, log, &proof));
  return proof;
}

static struct proof connect(struct log *log, int64_t old_size, int64_t size)
{
  struct proof proof;
  log->asked_last = -1;
  assert_true(tree_consistency(old_size, size, leaf_of_log, log, &proof));
  return proof;
}

static bool included(const struct log *log, int64_t index, int64_t size, const struct proof *proof,
                     int64_t root_size)
{
  return tree_check_inclusion(log->leaf_hashes[index % LEAVES_MAX], index, size, proof,
                              log->roots[root_size]);
}

// The empty tree is the SHA-256 of nothing; sizes 1 to 8 have the published roots.
static void tree__has_the_published_roots(void **state)
{
  (void)state;
  struct log log = make_log();
  assert_hash(log.roots[0], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (size_t i = 0; i < ARRAY_COUNT(vectors); i++)
    assert_hash(log.roots[i + 1], vectors[i].root);
}

// Every size up to 40 has the root of the recursive definition.
static void tree__equals_the_definition(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= LEAVES_MAX; size++) {
    unsigned char root[LEDGER_HASH_BYTES];
    hash_by_definition(&log, 0, size, root);
    assert_memory_equal(log.roots[size], root, sizeof root);
  }
}

// A tree goes on from its size and edge alone, as it is read back from a pinned head.
static void tree__goes_on_from_its_edge(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t cut = 0; cut < LEAVES_MAX; cut++) {
    struct tree first;
    struct tree second;
    unsigned char root[LEDGER_HASH_BYTES];
    tree_init(&first);
    for (int64_t i = 0; i < cut; i++)
      tree_append_hash(&first, log.leaf_hashes[i]);
    memset(&second, 0xA5, sizeof second);
    second.size = first.size;
    for (int level = 0; level < 64; level++)
      if ((first.size >> level & 1) != 0)
        memcpy(second.edge[level], first.edge[level], LEDGER_HASH_BYTES);
    for (int64_t i = cut; i < LEAVES_MAX; i++)
      tree_append_hash(&second, log.leaf_hashes[i]);
    tree_root(&second, root);
    assert_memory_equal(root, log.roots[LEAVES_MAX], sizeof root);
  }
}

static void assert_proof(const struct proof *proof, const char *const *hex, int count)
{
  assert_int_equal(proof->count, count);
  for (int i = 0; i < count; i++)
    assert_hash(proof->hashes[i], hex[i]);
}

// The published proofs: inclusion of leaf 5 in 8, consistency of 6 and of 4 with 8.
static void proof__is_the_published_one(void **state)
{
  (void)state;
  struct log log = make_log();
  struct proof proof = include(&log, 5, 8);
  assert_proof(&proof, inclusion_5_8, ARRAY_COUNT(inclusion_5_8));
  assert_true(included(&log, 5, 8, &proof, 8));
  proof = connect(&log, 6, 8);
  assert_proof(&proof, consistency_6_8, ARRAY_COUNT(consistency_6_8));
  assert_true(tree_check_consistency(6, log.roots[6], 8, log.roots[8], &proof));
  proof = connect(&log, 4, 8);
  assert_proof(&proof, consistency_4_8, ARRAY_COUNT(consistency_4_8));
  assert_true(tree_check_consistency(4, log.roots[4], 8, log.roots[8], &proof));
}

// The turns of the way from leaf `index` up to the root, lowest first: where the sibling stands.
// Two pairs of index and size with the same turns cannot be told apart by a proof; a size is bound
// by the signed root alone.
static void inclusion_shape(int64_t index, int64_t size, char ret_shape[SHAPE_BYTES])
{
  char down[SHAPE_BYTES];
  size_t length = 0;
  while (size > 1) {
    int64_t left = 1;
    while (left < size - left)
      left *= 2;
    bool is_left = index < left;
    down[length++] = is_left ? 'R' : 'L';
    index -= is_left ? 0 : left;
    size = is_left ? left : size - left;
  }
  for (size_t i = 0; i < length; i++)
    ret_shape[i] = down[length - 1 - i];
  ret_shape[length] = '\0';
}

// The same for SUBPROOF of RFC 9162, 2.1.4.1, ending in 'O' for the older tree's own part, or 'E'
// if that is the whole older tree.
static void consistency_shape(int64_t old_size, int64_t size, char ret_shape[SHAPE_BYTES])
{
  size_t length = 0;
  bool is_whole = true;
  while (old_size != size) {
    int64_t left = 1;
    while (left < size - left)
      left *= 2;
    bool is_left = old_size <= left;
    ret_shape[length++] = is_left ? 'R' : 'L';
    is_whole = is_whole && is_left;
    old_size -= is_left ? 0 : left;
    size = is_left ? left : size - left;
  }
  ret_shape[length++] = is_whole ? 'E' : 'O';
  ret_shape[length] = '\0';
}

// Every proof of inclusion up to size 40 holds; none with a bit of any hash turned, a hash more or
// a hash less does.
static void inclusion__holds_and_refuses_changed_hashes(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= LEAVES_MAX; size++)
    for (int64_t index = 0; index < size; index++) {
      struct proof proof = include(&log, index, size);
      char shape[SHAPE_BYTES];
      inclusion_shape(index, size, shape);
      assert_int_equal(proof.count, strlen(shape));
      assert_true(included(&log, index, size, &proof, size));
      for (int i = 0; i < proof.count; i++) {
        unsigned char *byte = &proof.hashes[i][(index * 7 + size) % LEDGER_HASH_BYTES];
        *byte ^= (unsigned char)(1 << (i & 7));
        assert_false(included(&log, index, size, &proof, size));
        *byte ^= (unsigned char)(1 << (i & 7));
      }
      assert_false(included(&log, index, size, &proof, size - 1));  // another root
      proof.count++;
      memset(proof.hashes[proof.count - 1], 0, LEDGER_HASH_BYTES);
      assert_false(included(&log, index, size, &proof, size));
      proof.count -= 2;
      assert_false(included(&log, index, size, &proof, size));
    }
}

// No proof of inclusion holds with another bit in index or size, unless both name the same way.
static void inclusion__refuses_changed_index_and_size(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= LEAVES_MAX; size++)
    for (int64_t index = 0; index < size; index++) {
      struct proof proof = include(&log, index, size);
      char shape[SHAPE_BYTES];
      inclusion_shape(index, size, shape);
      const unsigned char *leaf = log.leaf_hashes[index];
      for (int bit = 0; bit < 64; bit++) {
        uint64_t turned = UINT64_C(1) << bit;
        char other[SHAPE_BYTES];
        int64_t other_index = (int64_t)((uint64_t)index ^ turned);
        assert_false(tree_check_inclusion(leaf, other_index, size, &proof, log.roots[size]));
        int64_t other_size = (int64_t)((uint64_t)size ^ turned);
        bool same = other_size > index;
        if (same)
          inclusion_shape(index, other_size, other);
        same = same && strcmp(shape, other) == 0;
        assert_int_equal(tree_check_inclusion(leaf, index, other_size, &proof, log.roots[size]),
                         same);
      }
    }
}

// Every proof of consistency up to size 40 holds; none with a bit of any hash or root turned, a
// hash more or a hash less does.
static void consistency__holds_and_refuses_changed_hashes(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= LEAVES_MAX; size++)
    for (int64_t old_size = 1; old_size <= size; old_size++) {
      const unsigned char *old_root = log.roots[old_size];
      const unsigned char *root = log.roots[size];
      struct proof proof = connect(&log, old_size, size);
      assert_true(tree_check_consistency(old_size, old_root, size, root, &proof));
      for (int i = 0; i < proof.count; i++) {
        unsigned char *byte = &proof.hashes[i][(old_size * 7 + size) % LEDGER_HASH_BYTES];
        *byte ^= (unsigned char)(1 << (i & 7));
        assert_false(tree_check_consistency(old_size, old_root, size, root, &proof));
        *byte ^= (unsigned char)(1 << (i & 7));
      }
      assert_false(tree_check_consistency(old_size, log.roots[old_size - 1], size, root, &proof));
      assert_false(tree_check_consistency(old_size, old_root, size, log.roots[size - 1], &proof));
      proof.count++;
      memset(proof.hashes[proof.count - 1], 0, LEDGER_HASH_BYTES);
      assert_false(tree_check_consistency(old_size, old_root, size, root, &proof));
      proof.count -= 2;
      assert_false(tree_check_consistency(old_size, old_root, size, root, &proof));
    }
}

static bool consistency_shapes_are_same(int64_t old_size, int64_t size, int64_t other_old_size,
                                        int64_t other_size)
{
  char shape[SHAPE_BYTES];
  char other[SHAPE_BYTES];
  if (other_old_size <= 0 || other_old_size > other_size)
    return false;
  consistency_shape(old_size, size, shape);
  consistency_shape(other_old_size, other_size, other);
  return strcmp(shape, other) == 0;
}

// No proof of consistency holds with another bit in either size, unless both name the same way.
static void consistency__refuses_changed_sizes(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= LEAVES_MAX; size++)
    for (int64_t old_size = 1; old_size <= size; old_size++) {
      struct proof proof = connect(&log, old_size, size);
      for (int bit = 0; bit < 64; bit++) {
        uint64_t turned = UINT64_C(1) << bit;
        int64_t other_old = (int64_t)((uint64_t)old_size ^ turned);
        int64_t other = (int64_t)((uint64_t)size ^ turned);
        assert_int_equal(
            tree_check_consistency(other_old, log.roots[old_size], size, log.roots[size], &proof),
            consistency_shapes_are_same(old_size, size, other_old, size));
        assert_int_equal(
            tree_check_consistency(old_size, log.roots[old_size], other, log.roots[size], &proof),
            consistency_shapes_are_same(old_size, size, old_size, other));
      }
    }
}

// A proof shown for any other leaf of any other tree holds only if both name the same way.
static void inclusion__holds_for_no_other_way(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= PAIRS_SIZE_MAX; size++)
    for (int64_t index = 0; index < size; index++) {
      struct proof proof = include(&log, index, size);
      char shape[SHAPE_BYTES];
      inclusion_shape(index, size, shape);
      for (int64_t pair = 0; pair < PAIRS_SIZE_MAX * PAIRS_SIZE_MAX; pair++) {
        int64_t other_index = pair % PAIRS_SIZE_MAX;
        int64_t other_size = 1 + pair / PAIRS_SIZE_MAX;
        char other[SHAPE_BYTES] = "none";
        if (other_index < other_size)
          inclusion_shape(other_index, other_size, other);
        assert_int_equal(tree_check_inclusion(log.leaf_hashes[index], other_index, other_size,
                                              &proof, log.roots[size]),
                         strcmp(shape, other) == 0);
      }
    }
}

// The same for consistency.
static void consistency__holds_for_no_other_way(void **state)
{
  (void)state;
  struct log log = make_log();
  for (int64_t size = 1; size <= PAIRS_SIZE_MAX; size++)
    for (int64_t old_size = 1; old_size <= size; old_size++) {
      struct proof proof = connect(&log, old_size, size);
      for (int64_t pair = 0; pair < PAIRS_SIZE_MAX * PAIRS_SIZE_MAX; pair++) {
        int64_t other_old = pair % PAIRS_SIZE_MAX;
        int64_t other = 1 + pair / PAIRS_SIZE_MAX;
        assert_int_equal(
            tree_check_consistency(other_old, log.roots[old_size], other, log.roots[size], &proof),
            consistency_shapes_are_same(old_size, size, other_old, other));
      }
    }
}

// Numbers from outside that are no numbers of a proof are refused: negative ones, a count past
// the limit, the longest tree there is.
static void proof__refuses_impossible_numbers(void **state)
{
  (void)state;
  struct log log = make_log();
  static struct proof proof;
  static const int counts[] = {-1, LEDGER_PROOF_HASHES_MAX, LEDGER_PROOF_HASHES_MAX + 1, INT32_MAX};
  const unsigned char *root = log.roots[LEAVES_MAX];
  for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
    proof.count = counts[i];
    assert_false(tree_check_inclusion(root, INT64_MAX - 1, INT64_MAX, &proof, root));
    assert_false(tree_check_consistency(INT64_MAX - 1, root, INT64_MAX, root, &proof));
    assert_false(tree_check_consistency(INT64_MAX, root, INT64_MAX, root, &proof));
  }
  proof.count = 0;
  assert_false(tree_check_inclusion(root, -1, 1, &proof, root));
  assert_false(tree_check_inclusion(root, 0, 0, &proof, root));
  assert_false(tree_check_inclusion(root, 0, INT64_MIN, &proof, root));
  assert_false(tree_check_consistency(0, root, 1, root, &proof));
  assert_false(tree_check_consistency(-1, root, 1, root, &proof));
  assert_false(tree_check_consistency(2, root, 1, root, &proof));
}

// A leaf that cannot be read makes no proof, and what was in the result stays.
static void proof__is_not_made_without_all_leaves(void **state)
{
  (void)state;
  struct log log = make_log();
  struct proof proof = {.count = 17};
  for (log.fails_at = 0; log.fails_at < LEAVES_MAX; log.fails_at++) {
    log.asked_last = -1;
    bool needs = log.fails_at != 5;
    assert_int_equal(tree_inclusion(5, LEAVES_MAX, leaf_of_log, &log, &proof), !needs);
    if (needs)
      assert_int_equal(proof.count, 17);
    proof.count = 17;
  }
  log.fails_at = LEAVES_MAX - 1;
  log.asked_last = -1;
  assert_false(tree_consistency(7, LEAVES_MAX, leaf_of_log, &log, &proof));
  assert_int_equal(proof.count, 17);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tree__has_the_published_roots),
      cmocka_unit_test(tree__equals_the_definition),
      cmocka_unit_test(tree__goes_on_from_its_edge),
      cmocka_unit_test(proof__is_the_published_one),
      cmocka_unit_test(inclusion__holds_and_refuses_changed_hashes),
      cmocka_unit_test(inclusion__refuses_changed_index_and_size),
      cmocka_unit_test(consistency__holds_and_refuses_changed_hashes),
      cmocka_unit_test(consistency__refuses_changed_sizes),
      cmocka_unit_test(inclusion__holds_for_no_other_way),
      cmocka_unit_test(consistency__holds_for_no_other_way),
      cmocka_unit_test(proof__refuses_impossible_numbers),
      cmocka_unit_test(proof__is_not_made_without_all_leaves),
  };
  return cmocka_run_group_tests_name("ledger_tree", tests, NULL, NULL);
}
