#include "ledger/entry.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/sha256.h"

_Static_assert(sizeof(struct ledger_key) == crypto_shorthash_siphashx24_KEYBYTES, "SipHash's key");
_Static_assert(LEDGER_SALT_BYTES == crypto_shorthash_siphashx24_BYTES, "SipHash's output");
_Static_assert(LEDGER_AT_DETAIL + LEDGER_DETAIL_BYTES == LEDGER_ENTRY_BYTES, "the last member");

enum { TAGGED_BYTES = LEDGER_AT_TAG };  // what the tag is taken over

// Begins the message that a salt is made of, so that it is never what a tag is taken over, which
// begins with a kind.
static const unsigned char salt_label[4] = {'s', 'a', 'l', 't'};

static const char *const kind_names[] = {
    [LEDGER_USE] = "use",       [LEDGER_CHANGE] = "change", [LEDGER_STATE] = "state",
    [LEDGER_POLICY] = "policy", [LEDGER_SYSTEM] = "system",
};

static const char *const operation_names[] = {
    [LEDGER_OP_READ] = "read",
    [LEDGER_OP_DECIDE] = "decide",
    [LEDGER_OP_PERSON_ADD] = "person.add",
    [LEDGER_OP_THING_ADD] = "thing.add",
    [LEDGER_OP_EVENT_ADD] = "event.add",
    [LEDGER_OP_RECORD_PUT] = "record.put",
    [LEDGER_OP_OPT_OUT] = "opt_out",
    [LEDGER_OP_SWEEP] = "sweep",
    [LEDGER_OP_ERASE] = "erase",
    [LEDGER_OP_REQUEST] = "request",
    [LEDGER_OP_REQUEST_CLOSE] = "request.close",
    [LEDGER_OP_STAGE] = "stage",
    [LEDGER_OP_SEND] = "send",
    [LEDGER_OP_POLICY] = "policy",
    [LEDGER_OP_EPOCH_BEGIN] = "epoch.begin",
    [LEDGER_OP_EPOCH_FINISH] = "epoch.finish",
    [LEDGER_OP_CLOCK] = "clock",
    [LEDGER_OP_SERVICE_ADD] = "service.add",
    [LEDGER_OP_STATE] = "state",
    [LEDGER_OP_SWEEP_RUN] = "sweep.run",
    [LEDGER_OP_OVERDUE] = "overdue",
    [LEDGER_OP_EVENT_RETRACT] = "event.retract",
    [LEDGER_OP_HOME] = "home",
    [LEDGER_OP_HOLD] = "hold",
    [LEDGER_OP_HOLD_RELEASE] = "hold.release",
    [LEDGER_OP_ERASE_PART] = "erase.part",
    [LEDGER_OP_POLICY_APPROVE] = "policy.approve",
    [LEDGER_OP_READ_MASK] = "read.mask",
    [LEDGER_OP_TASK] = "task",
    [LEDGER_OP_SWEEP_STOP] = "sweep.stop",
    [LEDGER_OP_CONSENT] = "consent",
    [LEDGER_OP_STATISTIC] = "statistic",
    [LEDGER_OP_MARK] = "mark",
    [LEDGER_OP_ALLOW] = "allow",
    [LEDGER_OP_BREAK_GLASS] = "break_glass",
    [LEDGER_OP_OBJECTION] = "objection",
    [LEDGER_OP_RESTRICTION] = "restriction",
    [LEDGER_OP_LINK] = "link",
};

_Static_assert(ARRAY_COUNT(kind_names) == LEDGER_KIND_END, "a kind without a name");
_Static_assert(ARRAY_COUNT(operation_names) == LEDGER_OP_END, "an operation without a name");

static void put(unsigned char *ret_bytes, uint64_t value, int byte_count)
{
  for (int i = 0; i < byte_count; i++)
    ret_bytes[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *bytes, int byte_count)
{
  uint64_t value = 0;
  for (int i = byte_count - 1; i >= 0; i--)
    value = value << 8 | bytes[i];
  return value;
}

int64_t entries_time_us(const unsigned char *bytes, int64_t count)
{
  PRE(count > 0);
  int64_t highest_us = INT64_MIN;
  for (int64_t i = 0; i < count; i++) {
    int64_t time_us = (int64_t)get(bytes + i * LEDGER_ENTRY_BYTES + LEDGER_AT_TIME, 8);
    highest_us = time_us > highest_us ? time_us : highest_us;
  }
  return highest_us;
}

void entry_write(const struct entry *entry, unsigned char ret_bytes[LEDGER_ENTRY_BYTES])
{
  put(ret_bytes + LEDGER_AT_KIND, (uint64_t)entry->kind, 1);
  put(ret_bytes + LEDGER_AT_OPERATION, (uint64_t)entry->operation, 1);
  put(ret_bytes + LEDGER_AT_OUTCOME, entry->outcome, 1);
  put(ret_bytes + LEDGER_AT_MODE, (uint64_t)entry->mode, 1);
  put(ret_bytes + LEDGER_AT_TIME, (uint64_t)entry->time_us, 8);
  put(ret_bytes + LEDGER_AT_ACTOR, entry->actor, 2);
  put(ret_bytes + LEDGER_AT_PURPOSE, entry->purpose, 2);
  put(ret_bytes + LEDGER_AT_FIELD, entry->field, 2);
  put(ret_bytes + LEDGER_AT_POLICY, entry->policy, 4);
  put(ret_bytes + LEDGER_AT_NONCE, entry->nonce, 4);
  memcpy(ret_bytes + LEDGER_AT_TAG, entry->tag, LEDGER_TAG_BYTES);
  memcpy(ret_bytes + LEDGER_AT_DETAIL, entry->detail, LEDGER_DETAIL_BYTES);
}

bool entry_read(const unsigned char bytes[LEDGER_ENTRY_BYTES], struct entry *ret_entry)
{
  unsigned kind = bytes[LEDGER_AT_KIND];
  unsigned operation = bytes[LEDGER_AT_OPERATION];
  unsigned mode = bytes[LEDGER_AT_MODE];
  if (kind == 0 || kind >= LEDGER_KIND_END || operation == 0 || operation >= LEDGER_OP_END ||
      mode > LEDGER_KEPT)
    return false;
  *ret_entry = (struct entry){
      .kind = (enum ledger_kind)kind,
      .operation = (enum ledger_operation)operation,
      .outcome = bytes[LEDGER_AT_OUTCOME],
      .mode = (enum ledger_mode)mode,
      .time_us = (int64_t)get(bytes + LEDGER_AT_TIME, 8),
      .actor = (uint16_t)get(bytes + LEDGER_AT_ACTOR, 2),
      .purpose = (uint16_t)get(bytes + LEDGER_AT_PURPOSE, 2),
      .field = (uint16_t)get(bytes + LEDGER_AT_FIELD, 2),
      .policy = (uint32_t)get(bytes + LEDGER_AT_POLICY, 4),
      .nonce = (uint32_t)get(bytes + LEDGER_AT_NONCE, 4),
  };
  memcpy(ret_entry->tag, bytes + LEDGER_AT_TAG, LEDGER_TAG_BYTES);
  memcpy(ret_entry->detail, bytes + LEDGER_AT_DETAIL, LEDGER_DETAIL_BYTES);
  return true;
}

static void make_tag(const unsigned char bytes[LEDGER_ENTRY_BYTES], const struct ledger_key *key,
                     unsigned char ret_tag[LEDGER_TAG_BYTES])
{
  unsigned char whole[crypto_shorthash_siphashx24_BYTES];
  // Documented to return 0.
  (void)crypto_shorthash_siphashx24(whole, bytes, TAGGED_BYTES, key->bytes);
  memcpy(ret_tag, whole, LEDGER_TAG_BYTES);
}

void entry_seal(struct entry *entry, const struct ledger_key *key,
                unsigned char ret_bytes[LEDGER_ENTRY_BYTES])
{
  entry_write(entry, ret_bytes);
  if (key == NULL)
    memset(entry->tag, 0, LEDGER_TAG_BYTES);
  else
    make_tag(ret_bytes, key, entry->tag);
  memcpy(ret_bytes + LEDGER_AT_TAG, entry->tag, LEDGER_TAG_BYTES);
}

bool entry_is_about(const unsigned char bytes[LEDGER_ENTRY_BYTES], const struct ledger_key *key)
{
  unsigned char tag[LEDGER_TAG_BYTES];
  make_tag(bytes, key, tag);
  return sodium_memcmp(tag, bytes + LEDGER_AT_TAG, LEDGER_TAG_BYTES) == 0;
}

void entry_salt(const struct ledger_key *key, uint32_t nonce,
                unsigned char ret_salt[LEDGER_SALT_BYTES])
{
  unsigned char message[sizeof salt_label + sizeof nonce];
  memcpy(message, salt_label, sizeof salt_label);
  put(message + sizeof salt_label, nonce, sizeof nonce);
  // Documented to return 0.
  (void)crypto_shorthash_siphashx24(ret_salt, message, sizeof message, key->bytes);
}

void entry_detail(const unsigned char *salt, struct view body,
                  unsigned char ret_detail[LEDGER_DETAIL_BYTES])
{
  unsigned char hash[SHA256_BYTES];
  const struct view parts[] = {view_bytes(salt, salt == NULL ? 0 : LEDGER_SALT_BYTES), body};
  sha256(parts, ARRAY_COUNT(parts), hash);
  memcpy(ret_detail, hash, LEDGER_DETAIL_BYTES);
}

const char *ledger_operation_name(enum ledger_operation operation)
{
  PRE(operation > 0 && operation < LEDGER_OP_END);
  return operation_names[operation];
}

const char *ledger_kind_name(enum ledger_kind kind)
{
  PRE(kind > 0 && kind < LEDGER_KIND_END);
  return kind_names[kind];
}
