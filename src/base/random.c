#include "base/random.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/assert.h"

enum { RANDOM_BUFFER_BYTES = 4096 };

// One buffer per thread: a system call for each 12-byte nonce costs more than the sealing.
struct random_buffer {
  unsigned char bytes[RANDOM_BUFFER_BYTES];
  size_t used;
};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): one thread sees it, no other
static _Thread_local struct random_buffer buffer = {.used = RANDOM_BUFFER_BYTES};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): pthread_once needs one
static pthread_once_t started = PTHREAD_ONCE_INIT;

// A child would otherwise hand out the bytes that its parent hands out too. The thread that forked
// is the only one that lives on in the child, so its buffer is the only one in question. (Asking
// for the process id at each call instead costs more than the sealing.)
static void forget_in_child(void)
{
  sodium_memzero(buffer.bytes, sizeof buffer.bytes);
  buffer.used = RANDOM_BUFFER_BYTES;
}

static void start(void)
{
  INVARIANT(sodium_init() >= 0);
  INVARIANT(pthread_atfork(NULL, NULL, forget_in_child) == 0);
}

// A fresh seed of the kernel's for each buffer, stretched by ChaCha20: four kibibytes from the
// kernel itself take several times as long.
static void refill(void)
{
  unsigned char seed[randombytes_SEEDBYTES];
  randombytes_buf(seed, sizeof seed);
  randombytes_buf_deterministic(buffer.bytes, sizeof buffer.bytes, seed);
  sodium_memzero(seed, sizeof seed);
  buffer.used = 0;
}

static void system_fill(void *context, void *ret_bytes, size_t length)
{
  (void)context;
  if (length > RANDOM_BUFFER_BYTES / 4) {
    randombytes_buf(ret_bytes, length);
    return;
  }
  if (RANDOM_BUFFER_BYTES - buffer.used < length)
    refill();
  memcpy(ret_bytes, buffer.bytes + buffer.used, length);
  sodium_memzero(buffer.bytes + buffer.used, length);  // what was handed out is not kept
  buffer.used += length;
}

void random_fill(const struct random_source *random, void *ret_bytes, size_t length)
{
  random->fill(random->context, ret_bytes, length);
}

uint64_t random_u64(const struct random_source *random)
{
  uint64_t value;
  random_fill(random, &value, sizeof value);
  return value;
}

struct random_source random_system(void)
{
  INVARIANT(pthread_once(&started, start) == 0);
  return (struct random_source){system_fill, NULL};
}

static void seeded_fill(void *context, void *ret_bytes, size_t length)
{
  struct random_seeded *seeded = context;
  unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];
  memcpy(nonce, &seeded->block, sizeof nonce);
  seeded->block++;
  INVARIANT(crypto_stream_chacha20(ret_bytes, length, nonce, seeded->key) == 0);
}

void random_seeded_init(struct random_seeded *seeded, uint64_t seed)
{
  INVARIANT(sodium_init() >= 0);
  *seeded = (struct random_seeded){.block = 0};
  memcpy(seeded->key, &seed, sizeof seed);
}

struct random_source random_from_seed(struct random_seeded *seeded)
{
  return (struct random_source){seeded_fill, seeded};
}
