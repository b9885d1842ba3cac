// The tree against the published vectors of RFC 6962 and RFC 9162 implementations, and against the
// recursive definition.
#include "verify/tree.h"

#include "log_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>

#include <string.h>

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

static size_t read_hex(const char *hex, uint8_t *bytes, size_t capacity)
{
  size_t count = 0;
  assert_int_equal(sodium_hex2bin(bytes, capacity, hex, strlen(hex), NULL, &count, NULL), 0);
  return count;
}

static void assert_hash(const struct verify_hash *hash, const char *hex)
{
  char text[65];
  sodium_bin2hex(text, sizeof text, hash->bytes, sizeof hash->bytes);
  assert_string_equal(text, hex);
}

// The empty tree is the SHA-256 of nothing.
static void tree__of_nothing_is_the_hash_of_nothing(void **state)
{
  (void)state;
  struct verify_tree tree;
  verify_tree_init(&tree);
  struct verify_hash root = verify_tree_root(&tree);
  assert_hash(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// Every size from 1 to 8 gives the published root.
static void tree__has_the_published_roots(void **state)
{
  (void)state;
  struct verify_tree tree;
  verify_tree_init(&tree);
  for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
    uint8_t leaf[16];
    size_t bytes = read_hex(vectors[i].leaf, leaf, sizeof leaf);
    verify_tree_add(&tree, leaf, bytes);
    struct verify_hash root = verify_tree_root(&tree);
    assert_hash(&root, vectors[i].root);
    assert_int_equal(tree.size, i + 1);
  }
}

// The published way from leaf 5 up to the root of size 8 holds, and no other index or length of it.
static void path__published_for_leaf_5_of_8_holds(void **state)
{
  (void)state;
  static const char *const hex[] = {
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  };
  struct verify_hash hashes[4] = {{{0}}};
  for (size_t i = 0; i < 3; i++)
    read_hex(hex[i], hashes[i].bytes, sizeof hashes[i].bytes);
  uint8_t data[16];
  size_t bytes = read_hex(vectors[5].leaf, data, sizeof data);
  struct verify_hash leaf = verify_hash_leaf(data, bytes);
  struct verify_path path = {.index = 5, .size = 8, .hashes = hashes, .count = 3};
  struct verify_hash root;
  assert_true(verify_path_root(&path, &leaf, &root));
  assert_hash(&root, vectors[7].root);

  path.index = 4;
  assert_true(verify_path_root(&path, &leaf, &root));
  struct verify_hash right;
  read_hex(vectors[7].root, right.bytes, sizeof right.bytes);
  assert_false(verify_hash_equal(&root, &right));

  path.index = 5;
  path.count = 2;
  assert_false(verify_path_root(&path, &leaf, &root));
  path.count = 4;
  assert_false(verify_path_root(&path, &leaf, &root));
  path.count = 3;
  path.index = 8;
  assert_false(verify_path_root(&path, &leaf, &root));
  path.index = -1;
  assert_false(verify_path_root(&path, &leaf, &root));
}

// Roots and ways of all sizes up to 70 equal those of the recursive definition.
static void tree__equals_the_definition(void **state)
{
  (void)state;
  struct model model = model_make(70, 1);
  struct verify_tree tree;
  verify_tree_init(&tree);
  for (size_t size = 1; size <= 70; size++) {
    verify_tree_add(&tree, model_entry(&model, size - 1), MODEL_ENTRY_BYTES);
    uint8_t expected[32];
    model_root(&model, size, expected);
    struct verify_hash root = verify_tree_root(&tree);
    assert_memory_equal(root.bytes, expected, 32);
    for (size_t index = 0; index < size; index++) {
      uint8_t raw[64][32];
      struct verify_path path = {.index = (int64_t)index, .size = (int64_t)size};
      path.count = model_path(&model, index, size, raw);
      path.hashes = (const struct verify_hash *)raw;
      struct verify_hash leaf = verify_hash_leaf(model_entry(&model, index), MODEL_ENTRY_BYTES);
      assert_true(verify_path_root(&path, &leaf, &root));
      assert_memory_equal(root.bytes, expected, 32);
    }
  }
  model_clean(&model);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tree__of_nothing_is_the_hash_of_nothing),
      cmocka_unit_test(tree__has_the_published_roots),
      cmocka_unit_test(path__published_for_leaf_5_of_8_holds),
      cmocka_unit_test(tree__equals_the_definition),
  };
  return cmocka_run_group_tests_name("verify tree", tests, NULL, NULL);
}
