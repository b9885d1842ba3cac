// Fixed little-endian layouts in caller's memory: states, digests, outcomes.
#ifndef FORVAR_CORE_BYTES_H
#define FORVAR_CORE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

struct bytes {
  unsigned char *at;
  size_t length;
  size_t capacity;
};

static inline struct bytes bytes_over(unsigned char *memory, size_t capacity)
{
  return (struct bytes){memory, 0, capacity};
}

static inline void bytes_add(struct bytes *bytes, const void *from, size_t length)
{
  PRE(length <= bytes->capacity - bytes->length);
  if (length > 0)
    memcpy(bytes->at + bytes->length, from, length);
  bytes->length += length;
}

static inline void bytes_u32(struct bytes *bytes, uint32_t value)
{
  unsigned char raw[4] = {(unsigned char)value, (unsigned char)(value >> 8),
                          (unsigned char)(value >> 16), (unsigned char)(value >> 24)};
  bytes_add(bytes, raw, sizeof raw);
}

static inline void bytes_u64(struct bytes *bytes, uint64_t value)
{
  bytes_u32(bytes, (uint32_t)value);
  bytes_u32(bytes, (uint32_t)(value >> 32));
}

static inline void bytes_i64(struct bytes *bytes, int64_t value)
{
  bytes_u64(bytes, (uint64_t)value);
}

static inline uint32_t bytes_get_u32(const unsigned char *at)
{
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t bytes_get_u64(const unsigned char *at)
{
  return bytes_get_u32(at) | (uint64_t)bytes_get_u32(at + 4) << 32;
}

static inline int64_t bytes_get_i64(const unsigned char *at) { return (int64_t)bytes_get_u64(at); }

static inline struct view bytes_view(const struct bytes *bytes)
{
  return view_bytes(bytes->at, bytes->length);
}

#endif
