// For scenario scripts: prints signed heads as the server writes them outward, one after the other,
// each ended by an empty line. The root of size N is that of the leaves "0", "1", … "N-1".
//
//   ledger_note ORIGIN SEED SIZE...        the seed as 64 hex digits
//   ledger_note ORIGIN SEED key            the verifier key instead
#include "base/text.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

#include <stdio.h>
#include <string.h>

static void root_of(int64_t size, unsigned char ret_root[LEDGER_HASH_BYTES])
{
  struct tree tree;
  tree_init(&tree);
  for (int64_t i = 0; i < size; i++) {
    char leaf[24];
    int length = snprintf(leaf, sizeof leaf, "%lld", (long long)i);
    tree_append(&tree, leaf, (size_t)length);
  }
  tree_root(&tree, ret_root);
}

static bool print_one(const struct signer *signer, const char *what)
{
  OWNED(str) struct str text = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  int64_t size = 0;
  if (strcmp(what, "key") == 0) {
    signer_public_text(signer, &text);
  } else if (view_int64(view_of(what), &size) && size >= 0) {
    unsigned char root[LEDGER_HASH_BYTES];
    root_of(size, root);
    checkpoint_write(signer, size, root, &text);
  } else {
    return false;
  }
  return str_ok(&text) && puts(str_text(&text)) >= 0;
}

int main(int argc, char **argv)
{
  unsigned char seed[32];
  struct signer signer;
  if (argc < 4 || !hex_read(view_of(argv[2]), seed, sizeof seed))
    return 2;
  signer_init(&signer, argv[1], seed);
  for (int i = 3; i < argc; i++)
    if (!print_one(&signer, argv[i]))
      return 1;
  return 0;
}
