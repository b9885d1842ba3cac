// One entry of the ledger, as a struct and as its 54 bytes (format.h).
#ifndef FORVAR_LEDGER_ENTRY_H
#define FORVAR_LEDGER_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "ledger/format.h"

enum { LEDGER_NO_PURPOSE = 0xFFFF, LEDGER_NO_FIELD = 0xFFFF };

struct entry {
  enum ledger_kind kind;
  enum ledger_operation operation;
  uint8_t outcome;
  enum ledger_mode mode;
  int64_t time_us;
  uint16_t actor, purpose, field;
  uint32_t policy;
  uint32_t nonce;
  unsigned char tag[LEDGER_TAG_BYTES];
  unsigned char detail[LEDGER_DETAIL_BYTES];
};

struct ledger_key {  // of one person; derived from the person's first key
  unsigned char bytes[16];
};

void entry_write(const struct entry *entry, unsigned char ret_bytes[LEDGER_ENTRY_BYTES]);
// False if kind, operation or mode is unknown.
bool entry_read(const unsigned char bytes[LEDGER_ENTRY_BYTES], struct entry *ret_entry);

// The time of a batch: the highest of its `count` entries. PRE: at least one.
int64_t entries_time_us(const unsigned char *bytes, int64_t count);

// Sets the entry's tag under `key` (NULL: about no person) and writes it. Below 100 ns.
void entry_seal(struct entry *entry, const struct ledger_key *key,
                unsigned char ret_bytes[LEDGER_ENTRY_BYTES]);
// Is this entry about the person whose key this is?
bool entry_is_about(const unsigned char bytes[LEDGER_ENTRY_BYTES], const struct ledger_key *key);

// The salt of a change's detail: SipHash-2-4-128 of "salt" and the entry's nonce (little-endian)
// under the person's ledger key. A reader who was given salt and body can check the commitment,
// nobody else learns the body.
void entry_salt(const struct ledger_key *key, uint32_t nonce,
                unsigned char ret_salt[LEDGER_SALT_BYTES]);
// First 16 bytes of SHA256(salt || body). `salt` may be NULL (none).
void entry_detail(const unsigned char *salt, struct view body,
                  unsigned char ret_detail[LEDGER_DETAIL_BYTES]);

// PRE: not 0 and not ..._END, as entry_read gives them.
const char *ledger_operation_name(enum ledger_operation operation);  // "record.put"
const char *ledger_kind_name(enum ledger_kind kind);

#endif
