// The format of the ledger: the only file that the server and forvar-verify share. Byte orders
// are little-endian; hashes are SHA-256; trees are those of RFC 9162 (RFC 6962): leaf hash
// SHA256(0x00 || entry), node hash SHA256(0x01 || left || right), empty tree SHA256("").
// doc/ledger-format.md tells the same in prose, with the tables and files where entries stand.
#ifndef FORVAR_LEDGER_FORMAT_H
#define FORVAR_LEDGER_FORMAT_H

#include <stdint.h>

enum {
  LEDGER_ENTRY_BYTES = 54,  // with the 0x00 before it one SHA-256 block
  LEDGER_TAG_BYTES = 12,
  LEDGER_DETAIL_BYTES = 16,
  LEDGER_HASH_BYTES = 32,
  LEDGER_SALT_BYTES = 16,
  LEDGER_BATCH_ENTRIES_MAX = 4096,
  LEDGER_PROOF_HASHES_MAX = 64,
};

// Offsets in an entry.
enum {
  LEDGER_AT_KIND = 0,       // enum ledger_kind
  LEDGER_AT_OPERATION = 1,  // enum ledger_operation
  LEDGER_AT_OUTCOME = 2,    // 0 allowed or done; else 1 + the gate's reason
  LEDGER_AT_MODE = 3,       // enum ledger_mode
  LEDGER_AT_TIME = 4,       // int64, microseconds since 1970 UTC
  LEDGER_AT_ACTOR = 12,     // uint16, number of the service or role; 0 is the machine itself
  LEDGER_AT_PURPOSE = 14,   // uint16, purpose index in the named policy version; 0xFFFF none
  LEDGER_AT_FIELD = 16,     // uint16, field number; 0xFFFF none or several
  LEDGER_AT_POLICY = 18,    // uint32, policy version
  LEDGER_AT_NONCE = 22,     // uint32, random
  LEDGER_AT_TAG = 26,       // 12 bytes: leads from a person to the entry while its key lives
  LEDGER_AT_DETAIL = 38,    // 16 bytes: commitment to what the entry is about
};

// The tag is the first 12 bytes of SipHash-2-4-128 over bytes 0 to 25 of the entry under the
// person's ledger key, or 12 zero bytes for an entry that is about no person. Without the key,
// which dies with the person, tags of one person have nothing in common.
//
// The detail is, by kind:
//   CHANGE  first 16 bytes of SHA256(salt || body); the body is a JSON text; the salt is derived
//           from the person's ledger key and the nonce, or given in the receipt
//   USE     zero bytes; in spite of a restriction the first is the ground of Article 18(2):
//           1 consent, 2 legal claims, 3 rights of others, 4 important public interest
//   STATE   the 16-byte digest of all rows after this batch (K8)
//   POLICY  first 16 bytes of the policy's SHA-256
//   SYSTEM  first 16 bytes of SHA256(body), a JSON text without personal data
enum ledger_kind {
  LEDGER_USE = 1,
  LEDGER_CHANGE = 2,
  LEDGER_STATE = 3,
  LEDGER_POLICY = 4,
  LEDGER_SYSTEM = 5,
  LEDGER_KIND_END
};

enum ledger_mode { LEDGER_DURABLE = 0, LEDGER_KEPT = 1 };

// Numbers are for ever; new ones go at the end.
enum ledger_operation {
  LEDGER_OP_READ = 1,
  LEDGER_OP_DECIDE = 2,
  LEDGER_OP_PERSON_ADD = 3,
  LEDGER_OP_THING_ADD = 4,
  LEDGER_OP_EVENT_ADD = 5,
  LEDGER_OP_RECORD_PUT = 6,
  LEDGER_OP_OPT_OUT = 7,
  LEDGER_OP_SWEEP = 8,     // one person's records that were due
  LEDGER_OP_ERASE = 9,     // a person
  LEDGER_OP_REQUEST = 10,  // a right exercised: received
  LEDGER_OP_REQUEST_CLOSE = 11,
  LEDGER_OP_STAGE = 12,   // a message staged
  LEDGER_OP_SEND = 13,    // a message sent or not
  LEDGER_OP_POLICY = 14,  // a version activated
  LEDGER_OP_EPOCH_BEGIN = 15,
  LEDGER_OP_EPOCH_FINISH = 16,
  LEDGER_OP_CLOCK = 17,  // the clock guard stopped or was released
  LEDGER_OP_SERVICE_ADD = 18,
  LEDGER_OP_STATE = 19,
  LEDGER_OP_SWEEP_RUN = 20,  // a whole sweep, with its counts
  LEDGER_OP_OVERDUE = 21,    // a deadline passed, seen
  LEDGER_OP_EVENT_RETRACT = 22,
  LEDGER_OP_HOME = 23,            // the home was made
  LEDGER_OP_HOLD = 24,            // a hold on erasing was made or reviewed
  LEDGER_OP_HOLD_RELEASE = 25,    // proposed, or approved
  LEDGER_OP_ERASE_PART = 26,      // of a person: what no law wants kept and no hold covers
  LEDGER_OP_POLICY_APPROVE = 27,  // of a version that is not yet in force
  LEDGER_OP_READ_MASK = 28,       // of a datum of which only the mask was shown
  LEDGER_OP_TASK = 29,            // made for somebody, told, confirmed, excused or failed
  LEDGER_OP_SWEEP_STOP = 30,      // a sweep waits for a person, is let go on, or broke off
  LEDGER_OP_CONSENT = 31,         // asked for, given, refused, withdrawn …
  LEDGER_OP_STATISTIC = 32,       // a figure of groups of people, made or refused
  LEDGER_OP_MARK = 33,            // a person is dead, or has a protected identity; or not
  LEDGER_OP_ALLOW = 34,           // the person agreed that a party gets data, or no longer does
  LEDGER_OP_BREAK_GLASS = 35,     // a category was opened to a role in an emergency
  LEDGER_OP_OBJECTION = 36,       // to a purpose: received, decided, or taken back
  LEDGER_OP_RESTRICTION = 37,     // made, told that it is to be lifted, lifted
  LEDGER_OP_LINK = 38,            // two persons merged into one, or parted again
  LEDGER_OP_END
};

// A checkpoint is a signed note in the form of C2SP tlog-checkpoint: the text
//   ORIGIN \n SIZE (decimal) \n base64(root) \n
// then an empty line, then "— NAME base64(key id (4) || Ed25519 signature (64))\n" where NAME is
// the origin and key id is the first four bytes of SHA256(NAME || "\n" || 0x01 || public key).
// The signature is over the text including its last line end.
enum { LEDGER_CHECKPOINT_BYTES_MAX = 512, LEDGER_ORIGIN_BYTES_MAX = 100 };

#endif
