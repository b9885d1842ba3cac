#include "core/sealed_text.h"

#include <sodium.h>

#include "core/internal.h"
#include "store/store.h"

enum { SEALED_KEY_GROUP = 0, BASE64 = sodium_base64_VARIANT_ORIGINAL };

static int64_t bucket_of(const struct sealed_text *what)
{
  return -((int64_t)what->kind << 32) - what->number;
}

static struct vault_place place_of(const struct sealed_text *what)
{
  return (struct vault_place){
      .record = record_id_make(what->person, 0, 0), .version = bucket_of(what), .class_id = -1};
}

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for a sealed text");
}

enum err_code sealed_text_seal(struct batch *batch, struct person_state *state,
                               const struct sealed_text *what, struct view plain, int64_t *ret_key,
                               struct view *ret_text, struct err *err)
{
  struct vault_key key;
  int64_t number = 0;
  enum err_code code =
      batch_key(batch, state, SEALED_KEY_GROUP, bucket_of(what), &number, &key, err);
  if (code != ERR_OK)
    return code;
  size_t length = plain.length + VAULT_SEALED_EXTRA_BYTES;
  size_t text_length = sodium_base64_encoded_len(length, BASE64);
  unsigned char *sealed = arena_new(&batch->arena, length);
  char *text = arena_new(&batch->arena, text_length);
  struct vault_place place = place_of(what);
  if (sealed != NULL && text != NULL) {
    vault_seal(batch->core->vault, &key, &place, plain, sealed);
    (void)sodium_bin2base64(text, text_length, sealed, length, BASE64);
    *ret_key = number;
    *ret_text = view_of(text);
  }
  vault_key_wipe(&key);
  return sealed != NULL && text != NULL ? ERR_OK : no_memory(err);
}

static enum err_code decode(struct view text, struct arena *arena, struct view *ret_sealed,
                            struct err *err)
{
  size_t length = 0;
  unsigned char *sealed = arena_new(arena, text.length + 1);
  if (sealed == NULL)
    return no_memory(err);
  if (sodium_base642bin(sealed, text.length, text.bytes, text.length, NULL, &length, NULL,
                        BASE64) != 0 ||
      length < VAULT_SEALED_EXTRA_BYTES)
    return err_set(err, ERR_INTEGRITY, "a sealed text is damaged");
  *ret_sealed = view_bytes(sealed, length);
  return ERR_OK;
}

enum err_code sealed_text_open(struct core *core, const struct sealed_text *what, int64_t key,
                               struct view text, struct arena *arena, struct view *ret_plain,
                               struct err *err)
{
  struct view sealed;
  struct vault_key opened;
  if (text.length == 0) {
    *ret_plain = VIEW_EMPTY;
    return ERR_OK;
  }
  enum err_code code = decode(text, arena, &sealed, err);
  if (code == ERR_OK)
    code = keyring_open(core, core->store, what->person, key, &opened, err);
  if (code != ERR_OK)
    return code;
  size_t length = sealed.length - VAULT_SEALED_EXTRA_BYTES;
  unsigned char *plain = arena_new(arena, length + 1);
  struct vault_place place = place_of(what);
  code = plain == NULL ? no_memory(err) : vault_unseal(&opened, &place, sealed, plain, err);
  vault_key_wipe(&opened);
  if (code == ERR_OK)
    *ret_plain = view_bytes(plain, length);
  return code;
}
