#include "verify/note.h"

#include <sodium.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// The em dash and the space that a signature line starts with.
static const char signature_start[] = "\xE2\x80\x94 ";

enum {
  ROOT_DIGITS = 44,  // base64 of 32 bytes
  SIZE_DIGITS_MAX = 19,
  ALGORITHM_ED25519 = 0x01,
  SIGNED_BYTES = VERIFY_KEY_ID_BYTES + VERIFY_SIGNATURE_BYTES,
};

struct cursor {
  const char *at;
  const char *end;
};

struct span {
  const char *at;
  size_t bytes;
};

// False if no line end is left.
static bool next_line(struct cursor *cursor, struct span *ret_line)
{
  size_t left = (size_t)(cursor->end - cursor->at);
  const char *line_end = memchr(cursor->at, '\n', left);
  if (line_end == NULL)
    return false;
  ret_line->at = cursor->at;
  ret_line->bytes = (size_t)(line_end - cursor->at);
  cursor->at = line_end + 1;
  return true;
}

// How many bytes follow the first byte of a character, or -1 if no character starts so.
static int utf8_tail_bytes(uint8_t first)
{
  if (first < 0x80)
    return 0;
  if (first >= 0xC2 && first <= 0xDF)
    return 1;
  if (first >= 0xE0 && first <= 0xEF)
    return 2;
  return first >= 0xF0 && first <= 0xF4 ? 3 : -1;
}

// Overlong forms, surrogates and what lies past U+10FFFF show in the second byte; so do the control
// characters U+0080 to U+009F and the space U+00A0.
static bool utf8_second_is_sound(uint8_t first, uint8_t second)
{
  static const struct {
    uint8_t first, least, most;
  } rows[] = {{0xC2, 0xA1, 0xBF},
              {0xE0, 0xA0, 0xBF},
              {0xED, 0x80, 0x9F},
              {0xF0, 0x90, 0xBF},
              {0xF4, 0x80, 0x8F}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].first == first)
      return second >= rows[i].least && second <= rows[i].most;
  return true;
}

bool verify_origin_is_sound(const char *bytes, size_t count)
{
  if (count == 0 || count > LEDGER_ORIGIN_BYTES_MAX)
    return false;
  for (size_t i = 0; i < count; i++) {
    uint8_t first = (uint8_t)bytes[i];
    int tail = utf8_tail_bytes(first);
    if (first <= ' ' || first == 0x7F || first == '+' || tail < 0 || (size_t)tail >= count - i)
      return false;
    if (tail > 0 && !utf8_second_is_sound(first, (uint8_t)bytes[i + 1]))
      return false;
    for (; tail > 0; tail--) {
      i++;
      if (((uint8_t)bytes[i] & 0xC0) != 0x80)
        return false;
    }
  }
  return true;
}

static bool parse_size(struct span line, int64_t *ret_size)
{
  if (line.bytes == 0 || line.bytes > SIZE_DIGITS_MAX || (line.bytes > 1 && line.at[0] == '0'))
    return false;
  uint64_t size = 0;
  for (size_t i = 0; i < line.bytes; i++) {
    if (line.at[i] < '0' || line.at[i] > '9')
      return false;
    size = size * 10 + (uint64_t)(line.at[i] - '0');
  }
  if (size > INT64_MAX)
    return false;
  *ret_size = (int64_t)size;
  return true;
}

static bool parse_base64(struct span text, uint8_t *ret_bytes, size_t bytes)
{
  size_t count = 0;
  return sodium_base642bin(ret_bytes, bytes, text.at, text.bytes, NULL, &count, NULL,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         count == bytes;
}

static bool parse_signature(struct span line, struct verify_note *note)
{
  size_t start_bytes = sizeof signature_start - 1;
  if (line.bytes <= start_bytes || memcmp(line.at, signature_start, start_bytes) != 0)
    return false;
  struct span rest = {line.at + start_bytes, line.bytes - start_bytes};
  const char *space = memchr(rest.at, ' ', rest.bytes);
  if (space == NULL || !verify_origin_is_sound(rest.at, (size_t)(space - rest.at)))
    return false;
  memcpy(note->signer, rest.at, (size_t)(space - rest.at));
  uint8_t signed_bytes[SIGNED_BYTES];
  struct span base64 = {space + 1, (size_t)(line.at + line.bytes - space) - 1};
  if (!parse_base64(base64, signed_bytes, sizeof signed_bytes))
    return false;
  memcpy(note->key_id, signed_bytes, VERIFY_KEY_ID_BYTES);
  memcpy(note->signature, signed_bytes + VERIFY_KEY_ID_BYTES, VERIFY_SIGNATURE_BYTES);
  return true;
}

const char *verify_note_parse(const char *text, size_t bytes, struct verify_note *ret_note)
{
  struct cursor cursor = {text, text + bytes};
  struct verify_note note = {0};
  struct span line;
  if (!next_line(&cursor, &line) || !verify_origin_is_sound(line.at, line.bytes))
    return "origin line";
  memcpy(note.origin, line.at, line.bytes);
  if (!next_line(&cursor, &line) || !parse_size(line, &note.size))
    return "size line";
  if (!next_line(&cursor, &line) || line.bytes != ROOT_DIGITS ||
      !parse_base64(line, note.root.bytes, sizeof note.root.bytes))
    return "root line";
  if (!next_line(&cursor, &line) || line.bytes != 0)
    return "empty line";
  if (!next_line(&cursor, &line) || !parse_signature(line, &note))
    return "signature line";
  if (cursor.at != cursor.end)
    return "end";
  *ret_note = note;
  return NULL;
}

static void compute_key_id(const char *origin, const uint8_t *key, uint8_t *ret_id)
{
  static const uint8_t between[] = {'\n', ALGORITHM_ED25519};
  uint8_t hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, (const uint8_t *)origin, strlen(origin));
  crypto_hash_sha256_update(&state, between, sizeof between);
  crypto_hash_sha256_update(&state, key, VERIFY_KEY_BYTES);
  crypto_hash_sha256_final(&state, hash);
  memcpy(ret_id, hash, VERIFY_KEY_ID_BYTES);
}

const char *verify_note_check(const struct verify_note *note, const uint8_t key[VERIFY_KEY_BYTES])
{
  if (strcmp(note->signer, note->origin) != 0)
    return "signer";
  uint8_t key_id[VERIFY_KEY_ID_BYTES];
  compute_key_id(note->origin, key, key_id);
  if (memcmp(key_id, note->key_id, sizeof key_id) != 0)
    return "key id";
  char root[ROOT_DIGITS + 1];
  sodium_bin2base64(root, sizeof root, note->root.bytes, sizeof note->root.bytes,
                    sodium_base64_VARIANT_ORIGINAL);
  // The form has one spelling, so the signed text can be written again from its parts.
  char text[LEDGER_CHECKPOINT_BYTES_MAX];
  int bytes = snprintf(text, sizeof text, "%s\n%" PRId64 "\n%s\n", note->origin, note->size, root);
  if (crypto_sign_verify_detached(note->signature, (const uint8_t *)text, (unsigned long long)bytes,
                                  key) != 0)
    return "signature";
  return NULL;
}
