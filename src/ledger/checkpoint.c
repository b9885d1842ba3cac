#include "ledger/checkpoint.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"

enum {
  ALGORITHM_ED25519 = 0x01,
  PUBLIC_KEY_BYTES = 32,
  KEY_ID_BYTES = 4,
  SIGNATURE_BYTES = 64,
  SIGNED_BYTES = KEY_ID_BYTES + SIGNATURE_BYTES,
  BASE64_BYTES_MAX = 4 * ((SIGNED_BYTES + 2) / 3) + 1,
};

_Static_assert(sizeof(((struct signer *)0)->secret_key) == crypto_sign_SECRETKEYBYTES, "Ed25519");
_Static_assert(PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");

struct note {
  int64_t size;
  unsigned char root[LEDGER_HASH_BYTES];
  unsigned char signed_bytes[SIGNED_BYTES];  // key id, signature
};

static bool origin_is_sound(const char *origin)
{
  size_t length = strlen(origin);
  if (length == 0 || length >= LEDGER_ORIGIN_BYTES_MAX || !view_is_utf8(view_of(origin)))
    return false;
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)origin[i];
    if (byte <= ' ' || byte == 0x7F || byte == '+')
      return false;
  }
  return true;
}

void signer_init(struct signer *signer, const char *origin, const unsigned char seed[32])
{
  PRE(origin_is_sound(origin));
  INVARIANT(sodium_init() >= 0);
  memset(signer->origin, 0, sizeof signer->origin);
  memcpy(signer->origin, origin, strlen(origin));
  INVARIANT(crypto_sign_seed_keypair(signer->public_key, signer->secret_key, seed) == 0);
}

void signer_wipe(struct signer *signer) { sodium_memzero(signer, sizeof *signer); }

static void make_key_id(const char *origin, const unsigned char *public_key,
                        unsigned char ret_id[KEY_ID_BYTES])
{
  static const unsigned char between[] = {'\n', ALGORITHM_ED25519};
  const struct view parts[] = {view_of(origin), view_bytes(between, sizeof between),
                               view_bytes(public_key, PUBLIC_KEY_BYTES)};
  unsigned char hash[SHA256_BYTES];
  sha256(parts, ARRAY_COUNT(parts), hash);
  memcpy(ret_id, hash, KEY_ID_BYTES);
}

static void add_base64(struct str *text, const unsigned char *bytes, size_t length)
{
  char encoded[BASE64_BYTES_MAX];
  (void)sodium_bin2base64(encoded, sizeof encoded, bytes, length, sodium_base64_VARIANT_ORIGINAL);
  str_add(text, view_of(encoded));
}

void signer_public_text(const struct signer *signer, struct str *ret_text)
{
  unsigned char id[KEY_ID_BYTES];
  char id_text[2 * KEY_ID_BYTES + 1];
  unsigned char key[1 + PUBLIC_KEY_BYTES] = {ALGORITHM_ED25519};
  make_key_id(signer->origin, signer->public_key, id);
  hex_write(id, sizeof id, id_text);
  memcpy(key + 1, signer->public_key, PUBLIC_KEY_BYTES);
  str_format(ret_text, "%s+%s+", signer->origin, id_text);
  add_base64(ret_text, key, sizeof key);
}

// What the signature is over.
static void add_text(struct str *text, const char *origin, const struct note *note)
{
  str_format(text, "%s\n%" PRId64 "\n", origin, note->size);
  add_base64(text, note->root, sizeof note->root);
  str_add_char(text, '\n');
}

static void add_signature(struct str *text, const char *origin, const struct note *note)
{
  str_format(text, "\n\u2014 %s ", origin);
  add_base64(text, note->signed_bytes, sizeof note->signed_bytes);
  str_add_char(text, '\n');
}

void checkpoint_write(const struct signer *signer, int64_t size,
                      const unsigned char root[LEDGER_HASH_BYTES], struct str *ret_note)
{
  PRE(size >= 0);
  OWNED(str) struct str text = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  struct note note = {.size = size};
  memcpy(note.root, root, sizeof note.root);
  add_text(&text, signer->origin, &note);
  make_key_id(signer->origin, signer->public_key, note.signed_bytes);
  const unsigned char *bytes = (const unsigned char *)str_text(&text);
  INVARIANT(crypto_sign_detached(note.signed_bytes + KEY_ID_BYTES, NULL, bytes, text.length,
                                 signer->secret_key) == 0);
  add_signature(&text, signer->origin, &note);
  ret_note->failed = ret_note->failed || !str_ok(&text);
  str_add(ret_note, str_view(&text));
}

static bool read_base64(struct view text, unsigned char *ret_bytes, size_t length)
{
  size_t read = 0;
  return text.length > 0 &&
         sodium_base642bin(ret_bytes, length, text.bytes, text.length, NULL, &read, NULL,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         read == length;
}

// The last word of the signature line; that the rest of the line is right shows when the note is
// written anew.
static bool read_signature(struct view line, struct note *note)
{
  (void)view_cut(&line, ' ');
  (void)view_cut(&line, ' ');
  return read_base64(line, note->signed_bytes, sizeof note->signed_bytes);
}

static enum err_code malformed(const char *part, struct err *err)
{
  enum err_code code = err_set(err, ERR_INTEGRITY, "the signed head of the log is malformed");
  err_where(err, "%s", part);
  return code;
}

static enum err_code read_parts(struct view note, const char *origin, struct note *ret_note,
                                struct err *err)
{
  if (note.length > LEDGER_CHECKPOINT_BYTES_MAX)
    return malformed("its length", err);
  struct view rest = note;
  struct view name = view_cut(&rest, '\n');
  struct view size = view_cut(&rest, '\n');
  struct view root = view_cut(&rest, '\n');
  (void)view_cut(&rest, '\n');
  struct view signature = view_cut(&rest, '\n');
  if (!view_is(name, origin)) {
    enum err_code code = err_set(err, ERR_INTEGRITY, "the signed head is not one of this log");
    err_where(err, "line 1");
    return code;
  }
  if (!view_int64(size, &ret_note->size) || ret_note->size < 0)
    return malformed("line 2", err);
  if (!read_base64(root, ret_note->root, sizeof ret_note->root))
    return malformed("line 3", err);
  return read_signature(signature, ret_note) ? ERR_OK : malformed("line 5", err);
}

static enum err_code check_signature(const struct note *note, const char *origin,
                                     struct view signed_text, const unsigned char public_key[32],
                                     struct err *err)
{
  unsigned char id[KEY_ID_BYTES];
  make_key_id(origin, public_key, id);
  if (memcmp(id, note->signed_bytes, sizeof id) != 0)
    return err_set(err, ERR_INTEGRITY, "the signed head names another key");
  const unsigned char *bytes = (const unsigned char *)signed_text.bytes;
  if (crypto_sign_verify_detached(note->signed_bytes + KEY_ID_BYTES, bytes, signed_text.length,
                                  public_key) != 0)
    return err_set(err, ERR_INTEGRITY, "the signature of the head does not hold");
  return ERR_OK;
}

enum err_code checkpoint_read(struct view note, const char *origin,
                              const unsigned char public_key[32], int64_t *ret_size,
                              unsigned char ret_root[LEDGER_HASH_BYTES], struct err *err)
{
  PRE(origin_is_sound(origin));
  struct note parts;
  enum err_code code = read_parts(note, origin, &parts, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str again = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  add_text(&again, origin, &parts);
  size_t signed_length = again.length;
  add_signature(&again, origin, &parts);
  if (!str_ok(&again))
    return err_set(err, ERR_MEMORY, "no memory for the signed head");
  if (!view_equal(str_view(&again), note))
    return malformed("its form", err);
  code = check_signature(&parts, origin, view_bytes(again.bytes, signed_length), public_key, err);
  if (code != ERR_OK)
    return code;
  *ret_size = parts.size;
  memcpy(ret_root, parts.root, sizeof parts.root);
  return ERR_OK;
}
