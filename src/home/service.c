// Service keys (K17): 256 random bits, shown once, stored as their hash. Hashing takes the same
// time for every token, and all rows are looked at, so that an answer's time tells nothing.
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"
#include "core/verbs.h"
#include "home/internal.h"
#include "store/rows.h"
#include "store/store.h"

#define TOKEN_PREFIX "fvk_"

enum { TOKEN_RANDOM_BYTES = 32 };

static void hash_token(struct view token, unsigned char ret_hash[32])
{
  sha256(&token, 1, ret_hash);
}

enum err_code home_service_add(struct home *home, const char *name, int32_t role, int32_t purpose,
                               char ret_token[SERVICE_TOKEN_BYTES], struct err *err)
{
  size_t length = strlen(name);
  if (length == 0 || length > SERVICE_NAME_BYTES_MAX || !view_is_utf8(view_of(name)))
    return err_set(err, ERR_INPUT, "the name of a service has 1 to %d bytes of text",
                   SERVICE_NAME_BYTES_MAX);
  unsigned char raw[TOKEN_RANDOM_BYTES];
  unsigned char hash[32];
  char token[SERVICE_TOKEN_BYTES] = TOKEN_PREFIX;
  random_fill(core_random(home->core), raw, sizeof raw);
  hex_write(raw, sizeof raw, token + sizeof TOKEN_PREFIX - 1);
  hash_token(view_of(token), hash);
  struct service_add_input input = {view_of(name), hash, role, purpose};
  struct service_add_output output;
  struct operation operation = OPERATION(&verb_service_add, &input, &output);
  enum err_code code = home_perform(home, &operation, err);
  if (code == ERR_OK) {
    home_lead_begin(home);
    code = service_load(home, err);
    home_lead_end(home);
  }
  if (code == ERR_OK)
    memcpy(ret_token, token, sizeof token);
  sodium_memzero(raw, sizeof raw);
  sodium_memzero(token, sizeof token);
  return code;
}

// ── The table of keys in force, so that asking needs no database ────────────────────────────────

static enum err_code add_service(void *context, const struct service_row *row, struct err *err)
{
  struct home *home = context;
  if (row->ended_us != 0 || row->token.length != sizeof home->services[0].hash)
    return ERR_OK;
  if (home->service_count == home->service_capacity) {
    int32_t capacity = home->service_capacity == 0 ? 16 : home->service_capacity * 2;
    struct service *larger = realloc(home->services, (size_t)capacity * sizeof *larger);
    if (larger == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the services");
    home->services = larger;
    home->service_capacity = capacity;
  }
  struct service *service = &home->services[home->service_count++];
  memcpy(service->hash, row->token.bytes, sizeof service->hash);
  service->number = row->service;
  service->role = row->role;
  service->purpose = row->purpose;
  return ERR_OK;
}

enum err_code service_load(struct home *home, struct err *err)
{
  INVARIANT(pthread_mutex_lock(&home->mutex) == 0);
  home->service_count = 0;
  enum err_code code = store_service_each(core_store(home->core), add_service, home, err);
  INVARIANT(pthread_mutex_unlock(&home->mutex) == 0);
  return code;
}

// Every row is looked at, whichever fits.
static bool find(struct home *home, const unsigned char hash[32], struct service *ret_service)
{
  bool found = false;
  INVARIANT(pthread_mutex_lock(&home->mutex) == 0);
  for (int32_t i = 0; i < home->service_count; i++) {
    if (sodium_memcmp(home->services[i].hash, hash, sizeof home->services[i].hash) != 0)
      continue;
    *ret_service = home->services[i];
    found = true;
  }
  INVARIANT(pthread_mutex_unlock(&home->mutex) == 0);
  return found;
}

enum err_code home_service_find(struct home *home, struct view token, struct actor *ret_actor,
                                struct err *err)
{
  unsigned char hash[32];
  struct service service;
  hash_token(token, hash);
  const struct names *names = core_names(home->core);
  bool found = find(home, hash, &service);
  int32_t role = found ? names_index(names, NAME_ROLE, service.role) : -1;
  bool is_bound = found && service.purpose >= 0;
  int32_t purpose = is_bound ? names_index(names, NAME_PURPOSE, service.purpose) : -1;
  // A key of one purpose that the policy no longer has must not become a key of any purpose.
  if (role < 0 || (is_bound && purpose < 0)) {
    enum err_code code =
        err_set(err, ERR_UNAUTHENTICATED, "the service key is not one that is in force");
    err_hint(err, "make one with: forvar service add NAME --role ROLE --purpose PURPOSE");
    return code;
  }
  *ret_actor = (struct actor){
      .service = (int32_t)service.number,
      .role = role,
      .purpose = purpose,
  };
  return ERR_OK;
}
