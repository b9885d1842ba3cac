// Ids (K1). Inside they are 64-bit numbers made by the program: six bits of node and a
// counter of 30 bits, so that several servers never make the same one and Citus can distribute
// on them. Outside, a person or a thing is shown as a keyed permutation of its number, so that
// nobody can count customers or guess a neighbour's id.
//
// One-member structs, so that the compiler keeps them apart.
#ifndef FORVAR_BASE_IDS_H
#define FORVAR_BASE_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum {
  ID_COUNTER_BITS = 30,
  ID_COUNTER_MAX = (1 << ID_COUNTER_BITS) - 1,
  ID_NODE_BITS = 6,
  ID_NODE_MAX = (1 << ID_NODE_BITS) - 1,
  RECORD_FIELD_BITS = 13,
  RECORD_ORDINAL_BITS = 14,
  RECORD_ORDINAL_MAX = (1 << RECORD_ORDINAL_BITS) - 1,
  PUBLIC_ID_BYTES = 20,  // letter, underscore, 13 characters, NUL, and room
};

struct person_id {
  int64_t value;  // 1 or more, below 2^36
};

struct thing_id {
  int64_t value;  // unique in the home; 0 means none
};

// A record's key packs person, field number and ordinal into one integer, which is SQLite's
// rowid: person << 27 | field << 14 | ordinal. On PostgreSQL the same number stands beside the
// person as (person, rid).
struct record_id {
  int64_t value;
};

static inline int64_t id_make(int node, uint32_t counter)
{
  return (int64_t)node << ID_COUNTER_BITS | counter;
}

static inline int32_t id_counter(int64_t id) { return (int32_t)(id & ID_COUNTER_MAX); }

static inline struct record_id record_id_make(struct person_id person, int32_t field_number,
                                              int32_t ordinal)
{
  return (struct record_id){person.value << (RECORD_FIELD_BITS + RECORD_ORDINAL_BITS) |
                            (int64_t)field_number << RECORD_ORDINAL_BITS | ordinal};
}

static inline struct person_id record_person(struct record_id record)
{
  return (struct person_id){record.value >> (RECORD_FIELD_BITS + RECORD_ORDINAL_BITS)};
}

static inline int32_t record_field(struct record_id record)
{
  return (int32_t)(record.value >> RECORD_ORDINAL_BITS) & ((1 << RECORD_FIELD_BITS) - 1);
}

static inline int32_t record_ordinal(struct record_id record)
{
  return (int32_t)record.value & RECORD_ORDINAL_MAX;
}

// The outer form: letter ('p' person, 't' thing, 'q' request), '_', 13 characters of Crockford's
// base 32 of the number permuted under `key` (16 bytes; a four-round Feistel network over
// SipHash-2-4). Same number, same key: same text.
void id_write(char letter, int64_t value, const unsigned char key[16],
              char ret_text[PUBLIC_ID_BYTES]);
// False if the text is not such an id with that letter.
bool id_read(char letter, struct view text, const unsigned char key[16], int64_t *ret_value);

#endif
