// Service keys (K17): 256 random bits, shown once, stored as their hash. Hashing takes the same
// time for every token, and all rows are looked at, so that an answer's time tells nothing.
#include <sodium.h>
#include <string.h>

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
  if (code == ERR_OK)
    memcpy(ret_token, token, sizeof token);
  sodium_memzero(raw, sizeof raw);
  sodium_memzero(token, sizeof token);
  return code;
}

struct service_search {
  unsigned char hash[32];
  int64_t service, role, purpose;
  bool found;
};

static enum err_code compare(void *context, const struct service_row *row, struct err *err)
{
  (void)err;
  struct service_search *search = context;
  bool same = row->token.length == sizeof search->hash &&
              sodium_memcmp(row->token.bytes, search->hash, sizeof search->hash) == 0;
  if (same && row->ended_us == 0) {
    search->service = row->service;
    search->role = row->role;
    search->purpose = row->purpose;
    search->found = true;
  }
  return ERR_OK;
}

enum err_code home_service_find(struct home *home, struct view token, struct actor *ret_actor,
                                struct err *err)
{
  struct service_search search = {.found = false};
  hash_token(token, search.hash);
  lead_begin(home);  // the writer's connection is the leader's
  enum err_code code = store_service_each(core_store(home->core), compare, &search, err);
  lead_end(home);
  if (code != ERR_OK)
    return code;
  const struct names *names = core_names(home->core);
  int32_t role = names_index(names, NAME_ROLE, search.role);
  if (!search.found || role < 0) {
    code = err_set(err, ERR_UNAUTHENTICATED, "the service key is not one that is in force");
    err_hint(err, "make one with: forvar service add NAME --role ROLE --purpose PURPOSE");
    return code;
  }
  *ret_actor = (struct actor){
      .service = (int32_t)search.service,
      .role = role,
      .purpose = search.purpose < 0 ? -1 : names_index(names, NAME_PURPOSE, search.purpose),
  };
  return ERR_OK;
}
