#include "base/ids.h"

#include <sodium.h>
#include <string.h>

enum { FEISTEL_ROUNDS = 4, ID_DIGITS = 13 };

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

static uint32_t round_value(uint32_t half, int round, char letter, const unsigned char key[16])
{
  unsigned char input[6] = {(unsigned char)round, (unsigned char)letter};
  unsigned char output[crypto_shorthash_siphash24_BYTES];
  memcpy(input + 2, &half, sizeof half);
  (void)crypto_shorthash_siphash24(output, input, sizeof input, key);  // documented to return 0
  uint32_t value;
  memcpy(&value, output, sizeof value);
  return value;
}

static uint64_t permute(uint64_t value, char letter, const unsigned char key[16], bool inverse)
{
  uint32_t left = (uint32_t)(value >> 32);
  uint32_t right = (uint32_t)value;
  for (int i = 0; i < FEISTEL_ROUNDS; i++) {
    int round = inverse ? FEISTEL_ROUNDS - 1 - i : i;
    uint32_t kept = inverse ? left : right;
    uint32_t mixed = (inverse ? right : left) ^ round_value(kept, round, letter, key);
    left = inverse ? mixed : kept;
    right = inverse ? kept : mixed;
  }
  return (uint64_t)left << 32 | right;
}

void id_write(char letter, int64_t value, const unsigned char key[16],
              char ret_text[PUBLIC_ID_BYTES])
{
  uint64_t rest = permute((uint64_t)value, letter, key, false);
  ret_text[0] = letter;
  ret_text[1] = '_';
  for (int i = ID_DIGITS - 1; i >= 0; i--) {
    ret_text[2 + i] = digits[rest & 31];
    rest >>= 5;
  }
  ret_text[2 + ID_DIGITS] = '\0';
}

bool id_read(char letter, struct view text, const unsigned char key[16], int64_t *ret_value)
{
  if (text.length != 2 + ID_DIGITS || text.bytes[0] != letter || text.bytes[1] != '_')
    return false;
  uint64_t number = 0;
  for (int i = 0; i < ID_DIGITS; i++) {
    char c = text.bytes[2 + i];
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    if (found == NULL || (i == 0 && found - digits > 15))
      return false;  // 13 digits hold 65 bits: the first has four
    number = number << 5 | (uint64_t)(found - digits);
  }
  *ret_value = (int64_t)permute(number, letter, key, true);
  return *ret_value > 0;
}
