// Integers as little-endian bytes, for what is sealed, hashed or stored. Private to the vault.
#ifndef FORVAR_VAULT_LITTLE_H
#define FORVAR_VAULT_LITTLE_H

#include <stdint.h>

static inline void little_put_u64(unsigned char ret_bytes[8], uint64_t value)
{
  for (int i = 0; i < 8; i++)
    ret_bytes[i] = (unsigned char)(value >> (8 * i));
}

static inline uint64_t little_get_u64(const unsigned char bytes[8])
{
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--)
    value = value << 8 | bytes[i];
  return value;
}

static inline void little_put_i64(unsigned char ret_bytes[8], int64_t value)
{
  little_put_u64(ret_bytes, (uint64_t)value);
}

static inline int64_t little_get_i64(const unsigned char bytes[8])
{
  return (int64_t)little_get_u64(bytes);
}

#endif
