// SHA-256 (FIPS 180-4) by OpenSSL, which uses the processor's instructions for it: some 90 ns for
// a block. The digest is looked up once and each thread reuses one context, since looking up and
// allocating for every hash costs four times the hash itself.
//
//   sha256((const struct view[]){salt, body}, 2, hash);   the hash of salt || body
#ifndef FORVAR_BASE_SHA256_H
#define FORVAR_BASE_SHA256_H

#include "base/text.h"

enum { SHA256_BYTES = 32 };

// The hash of all parts, one after the other; of nothing if `part_count` is 0. `ret_hash` may lie
// in a part. Never fails: a process that has no memory for its first context stops.
void sha256(const struct view *parts, int part_count, unsigned char ret_hash[SHA256_BYTES]);

#endif
