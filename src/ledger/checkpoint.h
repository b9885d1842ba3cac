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

// From the vault's 32-byte seed. PRE: origin is not empty and has no space, plus or line end.
void signer_init(struct signer *signer, const char *origin, const unsigned char seed[32]);
void signer_wipe(struct signer *signer);

// "ORIGIN+hash+base64": the verifier key in the form of C2SP signed-note.
void signer_public_text(const struct signer *signer, struct str *ret_text);

void checkpoint_write(const struct signer *signer, int64_t size,
                      const unsigned char root[LEDGER_HASH_BYTES], struct str *ret_note);

// ERR_INTEGRITY if the note is malformed, of another origin, or the signature does not hold.
MUST_CHECK enum err_code checkpoint_read(struct view note, const char *origin,
                                         const unsigned char public_key[32], int64_t *ret_size,
                                         unsigned char ret_root[LEDGER_HASH_BYTES],
                                         struct err *err);
#endif
