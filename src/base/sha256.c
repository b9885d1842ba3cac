#include "base/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>

#include "base/assert.h"

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): pthread_once needs one
static pthread_once_t started = PTHREAD_ONCE_INIT;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): written once, by start()
static EVP_MD *digest;

// Only its destructor is used, to free the context with its thread.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): written once, by start()
static pthread_key_t context_key;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): one thread sees it, no other
static _Thread_local EVP_MD_CTX *context;

static void free_context(void *of_thread)
{
  EVP_MD_CTX_free(of_thread);
  context = NULL;  // another destructor of this thread may still hash
}

static void start(void)
{
  digest = EVP_MD_fetch(NULL, "SHA256", NULL);
  INVARIANT(digest != NULL);
  INVARIANT(pthread_key_create(&context_key, free_context) == 0);
}

static EVP_MD_CTX *new_context(void)
{
  INVARIANT(pthread_once(&started, start) == 0);
  EVP_MD_CTX *made = EVP_MD_CTX_new();
  INVARIANT(made != NULL);
  INVARIANT(pthread_setspecific(context_key, made) == 0);
  return made;
}

void sha256(const struct view *parts, int part_count, unsigned char ret_hash[SHA256_BYTES])
{
  if (context == NULL)
    context = new_context();
  INVARIANT(EVP_DigestInit_ex2(context, digest, NULL) == 1);
  for (int i = 0; i < part_count; i++)
    INVARIANT(EVP_DigestUpdate(context, parts[i].bytes, parts[i].length) == 1);
  INVARIANT(EVP_DigestFinal_ex(context, ret_hash, NULL) == 1);
}
