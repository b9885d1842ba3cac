// A set of small numbers as bits: purposes or fields of a policy. What is done with one costs by
// the words that it has come to use, so that a small policy does not pay for the room of a large.
#ifndef FORVAR_POLICY_SET_H
#define FORVAR_POLICY_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { SET_BITS = 8192, SET_WORD_BITS = 64, SET_WORDS = SET_BITS / SET_WORD_BITS };

struct set {
  int32_t end;  // every word from here on is 0
  uint64_t words[SET_WORDS];
};

#define SET_EMPTY ((struct set){.end = 0})

static inline bool set_has(const struct set *set, int32_t member)
{
  return (set->words[member / SET_WORD_BITS] >> (member % SET_WORD_BITS) & 1) != 0;
}

static inline void set_add(struct set *set, int32_t member)
{
  int32_t word = member / SET_WORD_BITS;
  set->words[word] |= UINT64_C(1) << (member % SET_WORD_BITS);
  set->end = set->end > word ? set->end : word + 1;
}

static inline void set_remove(struct set *set, int32_t member)
{
  set->words[member / SET_WORD_BITS] &= ~(UINT64_C(1) << (member % SET_WORD_BITS));
}

static inline struct set set_and(const struct set *a, const struct set *b)
{
  struct set both = SET_EMPTY;
  both.end = a->end < b->end ? a->end : b->end;
  for (int32_t i = 0; i < both.end; i++)
    both.words[i] = a->words[i] & b->words[i];
  return both;
}

static inline struct set set_or(const struct set *a, const struct set *b)
{
  struct set either = SET_EMPTY;
  either.end = a->end > b->end ? a->end : b->end;
  for (int32_t i = 0; i < either.end; i++)
    either.words[i] = a->words[i] | b->words[i];
  return either;
}

static inline bool set_is_empty(const struct set *set)
{
  for (int32_t i = 0; i < set->end; i++)
    if (set->words[i] != 0)
      return false;
  return true;
}

static inline bool set_within(const struct set *inner, const struct set *outer)
{
  for (int32_t i = 0; i < inner->end; i++)
    if ((inner->words[i] & ~outer->words[i]) != 0)
      return false;
  return true;
}

// Whether they share a member.
static inline bool set_meets(const struct set *a, const struct set *b)
{
  for (int32_t i = 0; i < a->end && i < b->end; i++)
    if ((a->words[i] & b->words[i]) != 0)
      return true;
  return false;
}

// One more than the largest member; 0 if there is none.
static inline int32_t set_end(const struct set *set)
{
  for (int32_t i = set->end - 1; i >= 0; i--)
    if (set->words[i] != 0)
      return (i + 1) * SET_WORD_BITS - __builtin_clzll(set->words[i]);
  return 0;
}

// The smallest member that is `from` or more, or -1.
static inline int32_t set_next(const struct set *set, int32_t from)
{
  for (int32_t member = from; member < set->end * SET_WORD_BITS; member++) {
    uint64_t word = set->words[member / SET_WORD_BITS] >> (member % SET_WORD_BITS);
    if (word != 0)
      return member + __builtin_ctzll(word);
    member |= SET_WORD_BITS - 1;
  }
  return -1;
}

#endif
