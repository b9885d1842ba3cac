// Signed heads from outside: whatever the bytes are, they are read or refused; what is read is the
// only way to write what it says; and a note of ours that differs in a byte is refused.
#include "base/assert.h"
#include "ledger/checkpoint.h"

#include <stdint.h>
#include <string.h>

#define ORIGIN "example.org/forvar/1"

enum { SEED_BYTES = 32, SIZE_BYTES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static enum err_code read_note(const struct signer *signer, struct view note, int64_t *ret_size,
                               unsigned char ret_root[LEDGER_HASH_BYTES])
{
  struct err err = ERR_INIT;
  enum err_code code =
      checkpoint_read(note, signer->origin, signer->public_key, ret_size, ret_root, &err);
  INVARIANT(code == ERR_OK || code == ERR_INTEGRITY);
  return code;
}

// The input as a note. The corpus has one with a sound signature, which no fuzzer guesses.
static void as_note(const struct signer *signer, struct view input)
{
  int64_t size = 0;
  unsigned char root[LEDGER_HASH_BYTES];
  if (read_note(signer, input, &size, root) != ERR_OK)
    return;
  OWNED(str) struct str again = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  checkpoint_write(signer, size, root, &again);
  INVARIANT(view_equal(str_view(&again), input));
}

// The input as size, root, and what to change where in the note of both.
static void as_head(const struct signer *signer, const uint8_t *bytes, size_t length)
{
  if (length < SIZE_BYTES + LEDGER_HASH_BYTES + 2)
    return;
  int64_t size = 0;
  memcpy(&size, bytes, sizeof size);
  size &= INT64_MAX;
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  checkpoint_write(signer, size, bytes + SIZE_BYTES, &note);
  int64_t size_read = 0;
  unsigned char root[LEDGER_HASH_BYTES];
  INVARIANT(read_note(signer, str_view(&note), &size_read, root) == ERR_OK);
  INVARIANT(size_read == size && memcmp(root, bytes + SIZE_BYTES, sizeof root) == 0);
  const uint8_t *rest = bytes + SIZE_BYTES + LEDGER_HASH_BYTES;
  char change = (char)rest[1];
  note.bytes[rest[0] % note.length] ^= change;
  INVARIANT(change == 0 || read_note(signer, str_view(&note), &size_read, root) == ERR_INTEGRITY);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  static const unsigned char seed[SEED_BYTES] = {7};
  struct signer signer;
  signer_init(&signer, ORIGIN, seed);
  as_note(&signer, view_bytes(bytes, length));
  as_head(&signer, bytes, length);
  return 0;
}
