// Signed heads of the log, in the public tlog-checkpoint form, so that existing witnesses and
// verifiers read them (format.h has the layout).
#ifndef FORVAR_LEDGER_CHECKPOINT_H
#define FORVAR_LEDGER_CHECKPOINT_H

#include "base/err.h"
#include "base/text.h"
#include "ledger/format.h"

struct signer {
  char origin[LEDGER_ORIGIN_BYTES_MAX];
  unsigned char public_key[32];
  unsigned char secret_key[64];
};

// From the vault's 32-byte seed. PRE: origin is UTF-8 of 1 to LEDGER_ORIGIN_BYTES_MAX - 1 bytes and
// has no space, plus or control character.
void signer_init(struct signer *signer, const char *origin, const unsigned char seed[32]);
void signer_wipe(struct signer *signer);

// "ORIGIN+key id (8 hex digits)+base64(0x01 || public key)": the verifier key in the form of C2SP
// signed-note.
void signer_public_text(const struct signer *signer, struct str *ret_text);

// Adds the note. PRE: size >= 0.
void checkpoint_write(const struct signer *signer, int64_t size,
                      const unsigned char root[LEDGER_HASH_BYTES], struct str *ret_note);

// ERR_INTEGRITY if the note is malformed, of another origin, or the signature does not hold. A note
// has one spelling: what is read is byte for byte what checkpoint_write writes, with one signature.
// PRE: origin is as for signer_init.
MUST_CHECK enum err_code checkpoint_read(struct view note, const char *origin,
                                         const unsigned char public_key[32], int64_t *ret_size,
                                         unsigned char ret_root[LEDGER_HASH_BYTES],
                                         struct err *err);
#endif
