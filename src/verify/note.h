// Signed heads in the form of C2SP tlog-checkpoint, as doc/ledger-format.md has them: three lines
// of text (origin, size, root in base64), an empty line, one signature line. The form is read
// strictly, so that a note has one spelling only and is wholly told by struct verify_note.
#ifndef FORVAR_VERIFY_NOTE_H
#define FORVAR_VERIFY_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/tree.h"

enum { VERIFY_KEY_BYTES = 32, VERIFY_KEY_ID_BYTES = 4, VERIFY_SIGNATURE_BYTES = 64 };

struct verify_note {
  char origin[LEDGER_ORIGIN_BYTES_MAX + 1];
  int64_t size;
  struct verify_hash root;
  char signer[LEDGER_ORIGIN_BYTES_MAX + 1];  // the name in the signature line
  uint8_t key_id[VERIFY_KEY_ID_BYTES];
  uint8_t signature[VERIFY_SIGNATURE_BYTES];
};

// Whether the bytes can be the name of a log: 1 to 100 bytes of UTF-8 without control characters,
// spaces and plus signs. A name that passes is safe to print.
bool verify_origin_is_sound(const char *bytes, size_t count);

// Returns NULL, or the part of the note that is not in the form: "origin line", "size line",
// "root line", "empty line", "signature line" or "end".
const char *verify_note_parse(const char *text, size_t bytes, struct verify_note *ret_note);

// Returns NULL, or what does not hold under the key: "signer" (it is not the origin), "key id" or
// "signature".
const char *verify_note_check(const struct verify_note *note, const uint8_t key[VERIFY_KEY_BYTES]);

#endif
