// The seam for randomness: keys, nonces, salts and operation ids. The shipped program is wired
// to random_system(); policy tests and the simulator take a seeded stream, so that a run can be
// repeated byte for byte (P9).
#ifndef FORVAR_BASE_RANDOM_H
#define FORVAR_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_source {
  void (*fill)(void *context, void *ret_bytes, size_t length);  // never fails
  void *context;
};

void random_fill(const struct random_source *random, void *ret_bytes, size_t length);
uint64_t random_u64(const struct random_source *random);

// The kernel's generator, stretched through a buffer per thread that is refilled after a fork.
struct random_source random_system(void);

// A deterministic stream (ChaCha20 keyed by the seed): for tests and simulation only.
struct random_seeded {
  unsigned char key[32];
  uint64_t block;
};
void random_seeded_init(struct random_seeded *seeded, uint64_t seed);
struct random_source random_from_seed(struct random_seeded *seeded);  // `seeded` outlives it

#endif
