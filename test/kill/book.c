#define _GNU_SOURCE  // MAP_ANONYMOUS
#include "book.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct book *book_new(void)
{
  void *memory = mmap(NULL, sizeof(struct book), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

struct deed *book_ask(struct book *book, int hand, const struct deed *like)
{
  struct hand *of = &book->hands[hand];
  int number = atomic_load(&of->count);
  if (number == DEEDS_MAX)
    return NULL;
  struct deed *deed = &of->deeds[number];
  deed->kind = like->kind;
  deed->hand = hand;
  deed->number = number;
  deed->person = like->person;
  deed->thing = like->thing;
  deed->parent = like->parent;
  deed_set(deed, DEED_ASKED);
  atomic_store(&of->count, number + 1);
  return deed;
}

void deed_set(struct deed *deed, enum deed_state state) { atomic_store(&deed->state, (int)state); }

enum deed_state deed_state(const struct deed *deed)
{
  return (enum deed_state)atomic_load(&deed->state);
}

const struct deed *book_pick(const struct book *book, int hand, enum deed_kind kind, uint64_t nth)
{
  const struct hand *of = &book->hands[hand];
  int count = atomic_load(&of->count);
  uint64_t fitting = 0;
  for (int i = 0; i < count; i++)
    if (of->deeds[i].kind == kind && deed_state(&of->deeds[i]) == DEED_DONE)
      fitting++;
  if (fitting == 0)
    return NULL;
  // Deeds are only ever added, so at least as many are found again.
  nth %= fitting;
  for (int i = 0; i < count; i++)
    if (of->deeds[i].kind == kind && deed_state(&of->deeds[i]) == DEED_DONE && nth-- == 0)
      return &of->deeds[i];
  return NULL;
}

bool book_was_asked(const struct book *book, enum deed_kind kind, int64_t person)
{
  for (int hand = HAND_PEOPLE; hand <= HAND_MAIL; hand++) {
    const struct hand *of = &book->hands[hand];
    int count = atomic_load(&of->count);
    for (int i = 0; i < count; i++)
      if (of->deeds[i].kind == kind && of->deeds[i].person == person)
        return true;
  }
  return false;
}

bool book_is_customer(const struct deed *deed) { return deed->number < CUSTOMERS * CUSTOMER_DEEDS; }

int64_t book_count(const struct book *book, enum deed_kind kind, enum deed_state state)
{
  int64_t found = 0;
  for (int hand = 0; hand < HANDS; hand++) {
    int count = atomic_load(&book->hands[hand].count);
    for (int i = 0; i < count; i++) {
      const struct deed *deed = &book->hands[hand].deeds[i];
      found += deed->kind == kind && deed_state(deed) == state;
    }
  }
  return found;
}

// ── What a deed writes ──────────────────────────────────────────────────────────────────────

void deed_key(const struct deed *deed, unsigned char ret_key[DEED_KEY_BYTES])
{
  char text[DEED_KEY_BYTES + 1];
  (void)snprintf(text, sizeof text, "%08x%08x", (unsigned)deed->hand, (unsigned)deed->number);
  memcpy(ret_key, text, DEED_KEY_BYTES);
}

void deed_address(const struct deed *deed, char *ret_text)
{
  (void)snprintf(ret_text, DEED_TEXT_BYTES, "person-%d-%d@example.com", deed->hand, deed->number);
}

void deed_ip(const struct deed *deed, char *ret_text)
{
  (void)snprintf(ret_text, DEED_TEXT_BYTES, "2001:db8:%x:%x::1", (unsigned)deed->hand + 1,
                 (unsigned)deed->number);
}

void deed_payload(const struct deed *deed, char *ret_text)
{
  (void)snprintf(ret_text, DEED_TEXT_BYTES, "message %d %d", deed->hand, deed->number);
}

static struct deed *deed_of(struct book *book, long hand, long number)
{
  bool fits =
      hand >= 0 && hand < HANDS && number >= 0 && number < atomic_load(&book->hands[hand].count);
  return fits ? &book->hands[hand].deeds[number] : NULL;
}

struct deed *book_of_ip(struct book *book, const char *text)
{
  struct in6_addr address;
  char expected[DEED_TEXT_BYTES];
  if (inet_pton(AF_INET6, text, &address) != 1)
    return NULL;
  const unsigned char *at = address.s6_addr;
  struct deed *deed = deed_of(book, (at[4] << 8 | at[5]) - 1, at[6] << 8 | at[7]);
  if (deed == NULL)
    return NULL;
  deed_ip(deed, expected);
  return strcmp(expected, text) == 0 ? deed : NULL;
}

struct deed *book_of_payload(struct book *book, const char *text)
{
  static const char start[] = "message ";
  char expected[DEED_TEXT_BYTES];
  char *rest = NULL;
  if (strncmp(text, start, sizeof start - 1) != 0)
    return NULL;
  long hand = strtol(text + sizeof start - 1, &rest, 10);
  struct deed *deed = deed_of(book, hand, strtol(rest, NULL, 10));
  if (deed == NULL)
    return NULL;
  deed_payload(deed, expected);
  return strcmp(expected, text) == 0 ? deed : NULL;
}

// ── Chance ──────────────────────────────────────────────────────────────────────────────────

// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
uint64_t book_random(uint64_t *state)
{
  uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
  return mixed ^ mixed >> 31;
}
