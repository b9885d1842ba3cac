// A set of small numbers as bits: purposes (256) and fields of a policy (1,024).
#ifndef FORVAR_POLICY_SET_H
#define FORVAR_POLICY_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { SET_BITS = 1024, SET_WORDS = SET_BITS / 64 };

struct set {
  uint64_t words[SET_WORDS];
};

#define SET_EMPTY ((struct set){{0}})

static inline bool set_has(const struct set *set, int32_t member)
{
  return (set->words[member / 64] >> (member % 64) & 1) != 0;
}

static inline void set_add(struct set *set, int32_t member)
{
  set->words[member / 64] |= UINT64_C(1) << (member % 64);
}

static inline void set_remove(struct set *set, int32_t member)
{
  set->words[member / 64] &= ~(UINT64_C(1) << (member % 64));
}

static inline struct set set_and(const struct set *a, const struct set *b)
{
  struct set both = SET_EMPTY;
  for (int i = 0; i < SET_WORDS; i++)
    both.words[i] = a->words[i] & b->words[i];
  return both;
}

static inline struct set set_or(const struct set *a, const struct set *b)
{
  struct set either = SET_EMPTY;
  for (int i = 0; i < SET_WORDS; i++)
    either.words[i] = a->words[i] | b->words[i];
  return either;
}

static inline bool set_is_empty(const struct set *set)
{
  for (int i = 0; i < SET_WORDS; i++)
    if (set->words[i] != 0)
      return false;
  return true;
}

static inline bool set_within(const struct set *inner, const struct set *outer)
{
  for (int i = 0; i < SET_WORDS; i++)
    if ((inner->words[i] & ~outer->words[i]) != 0)
      return false;
  return true;
}

// The smallest member that is `from` or more, or -1.
static inline int32_t set_next(const struct set *set, int32_t from)
{
  for (int32_t member = from; member < SET_BITS; member++) {
    uint64_t word = set->words[member / 64] >> (member % 64);
    if (word != 0)
      return member + __builtin_ctzll(word);
    member |= 63;
  }
  return -1;
}

#endif
