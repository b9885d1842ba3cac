#include "verify/receipt.h"

#include <sodium.h>

#include <inttypes.h>
#include <string.h>

#include "verify/members.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct verify_at receipt_at = {.place = VERIFY_AT_RECEIPT};

static const struct verify_member members[] = {
    {"schema", VERIFY_MEMBER_TEXT, -1},
    {"origin", VERIFY_MEMBER_TEXT, -1},
    {"public_key", VERIFY_MEMBER_HEX, VERIFY_KEY_BYTES},
    {"index", VERIFY_MEMBER_NUMBER, -1},
    {"size", VERIFY_MEMBER_NUMBER, -1},
    {"entry", VERIFY_MEMBER_HEX, LEDGER_ENTRY_BYTES},
    {"salt", VERIFY_MEMBER_HEX, -1},
    {"body", VERIFY_MEMBER_TEXT, -1},
    {"proof", VERIFY_MEMBER_LIST, -1},
    {"checkpoint", VERIFY_MEMBER_TEXT, -1},
};

static enum verify_outcome read_names(struct verify_report *report, const json_t *document)
{
  size_t bytes = 0;
  const char *origin = verify_member_text(document, "origin", &bytes);
  uint8_t key[VERIFY_KEY_BYTES];
  (void)verify_member_hex(document, "public_key", key, sizeof key);
  enum verify_outcome outcome = verify_report_origin(report, &receipt_at, origin, bytes);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  return verify_report_key(report, &receipt_at, key);
}

// Only entries of these kinds commit to a body.
static enum verify_outcome check_kind(struct verify_report *report, const json_t *document,
                                      uint8_t kind)
{
  char found[8];
  snprintf(found, sizeof found, "%u", kind);
  if (kind != LEDGER_CHANGE && kind != LEDGER_SYSTEM)
    return verify_wrong(&report->finding, &receipt_at, "kind", "2 or 5", found);
  int64_t wanted = kind == LEDGER_CHANGE ? LEDGER_SALT_BYTES : 0;
  size_t digits = 0;
  (void)verify_member_text(document, "salt", &digits);
  if ((int64_t)digits != 2 * wanted)
    return verify_wrong_number(&report->finding, &receipt_at, "bytes of salt", wanted,
                               (int64_t)digits / 2);
  return VERIFY_HOLDS;
}

static enum verify_outcome check_detail(struct verify_report *report, const json_t *document,
                                        const uint8_t *entry)
{
  uint8_t salt[LEDGER_SALT_BYTES];
  uint8_t hash[crypto_hash_sha256_BYTES];
  size_t salt_bytes = verify_member_hex(document, "salt", salt, sizeof salt);
  size_t body_bytes = 0;
  const char *body = verify_member_text(document, "body", &body_bytes);
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, salt, salt_bytes);
  crypto_hash_sha256_update(&state, (const uint8_t *)body, body_bytes);
  crypto_hash_sha256_final(&state, hash);
  const uint8_t *detail = entry + LEDGER_AT_DETAIL;
  if (memcmp(detail, hash, LEDGER_DETAIL_BYTES) == 0)
    return VERIFY_HOLDS;
  char expected[2 * LEDGER_DETAIL_BYTES + 1];
  char found[2 * LEDGER_DETAIL_BYTES + 1];
  sodium_bin2hex(expected, sizeof expected, hash, LEDGER_DETAIL_BYTES);
  sodium_bin2hex(found, sizeof found, detail, LEDGER_DETAIL_BYTES);
  return verify_wrong(&report->finding, &receipt_at, "detail", expected, found);
}

static enum verify_outcome check_note(struct verify_report *report, const json_t *document,
                                      struct verify_note *ret_note)
{
  size_t bytes = 0;
  const char *text = verify_member_text(document, "checkpoint", &bytes);
  const char *flaw = verify_note_parse(text, bytes, ret_note);
  if (flaw != NULL)
    return verify_wrong(&report->finding, &receipt_at, flaw, "a checkpoint note", "another form");
  int64_t size = verify_member_number(document, "size");
  if (size != ret_note->size)
    return verify_wrong_number(&report->finding, &receipt_at, "size", ret_note->size, size);
  struct verify_signer signer = verify_report_signer(report);
  return verify_signer_check(&signer, ret_note, &receipt_at, &report->finding);
}

static enum verify_outcome read_proof(struct verify_report *report, const json_t *list,
                                      struct verify_hash hashes[LEDGER_PROOF_HASHES_MAX])
{
  if (json_array_size(list) > LEDGER_PROOF_HASHES_MAX)
    return verify_wrong_number(&report->finding, &receipt_at, "hashes of proof",
                               LEDGER_PROOF_HASHES_MAX, (int64_t)json_array_size(list));
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *hash = json_array_get(list, i);
    if (!verify_json_is_hex(hash, LEDGER_HASH_BYTES))
      return verify_wrong(&report->finding, &receipt_at, "proof", "64 hex digits each",
                          "another value");
    (void)sodium_hex2bin(hashes[i].bytes, sizeof hashes[i].bytes, json_string_value(hash),
                         json_string_length(hash), NULL, NULL, NULL);
  }
  return VERIFY_HOLDS;
}

static enum verify_outcome check_proof(struct verify_report *report, const json_t *document,
                                       const uint8_t *entry, const struct verify_note *note)
{
  struct verify_hash hashes[LEDGER_PROOF_HASHES_MAX];
  const json_t *list = json_object_get(document, "proof");
  enum verify_outcome outcome = read_proof(report, list, hashes);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  struct verify_path path = {.index = verify_member_number(document, "index"),
                             .size = note->size,
                             .hashes = hashes,
                             .count = json_array_size(list)};
  if (path.index < 0 || path.index >= path.size) {
    char expected[40];
    char found[24];
    snprintf(expected, sizeof expected, "below %" PRId64, path.size);
    snprintf(found, sizeof found, "%" PRId64, path.index);
    return verify_wrong(&report->finding, &receipt_at, "index", expected, found);
  }
  struct verify_hash leaf = verify_hash_leaf(entry, LEDGER_ENTRY_BYTES);
  struct verify_hash root;
  if (!verify_path_root(&path, &leaf, &root))
    return verify_wrong(&report->finding, &receipt_at, "proof",
                        "as many hashes as the tree is high", "another number of hashes");
  if (!verify_hash_equal(&root, &note->root))
    return verify_wrong_hash(&report->finding, &receipt_at, "proof", note->root.bytes, root.bytes);
  report->receipt = (struct verify_receipt){.index = path.index,
                                            .size = path.size,
                                            .time_us = verify_entry_time_us(entry),
                                            .kind = entry[LEDGER_AT_KIND],
                                            .operation = entry[LEDGER_AT_OPERATION]};
  return VERIFY_HOLDS;
}

// A head of another size would need a proof of consistency, which a receipt does not carry.
static enum verify_outcome check_kept(struct verify_report *report, const struct verify_note *note)
{
  struct verify_signer signer = verify_report_signer(report);
  bool is_among = false;
  for (size_t i = 0; i < report->kept.count; i++) {
    const struct verify_kept_head *head = &report->kept.heads[i];
    struct verify_at at = verify_kept_at(head);
    if (head->flaw != NULL)
      return verify_wrong(&report->finding, &at, head->flaw, "a checkpoint note", "another form");
    enum verify_outcome outcome = verify_signer_check(&signer, &head->note, &at, &report->finding);
    if (outcome != VERIFY_HOLDS)
      return outcome;
    if (head->note.size != note->size)
      continue;
    if (!verify_hash_equal(&head->note.root, &note->root))
      return verify_wrong_hash(&report->finding, &at, "root", note->root.bytes,
                               head->note.root.bytes);
    is_among = true;
  }
  if (report->kept.count > 0 && !is_among)
    return verify_trouble(&report->finding,
                          "%s: no kept head has its size %" PRId64 ", so none can be compared",
                          report->path, note->size);
  return VERIFY_HOLDS;
}

enum verify_outcome verify_receipt(struct verify_report *report, const json_t *document)
{
  report->kind = VERIFY_RECEIPT;
  enum verify_outcome outcome =
      verify_members_check(document, members, COUNT_OF(members), &receipt_at, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  uint8_t entry[LEDGER_ENTRY_BYTES];
  (void)verify_member_hex(document, "entry", entry, sizeof entry);
  struct verify_note note;
  outcome = read_names(report, document);
  if (outcome == VERIFY_HOLDS)
    outcome = check_kind(report, document, entry[LEDGER_AT_KIND]);
  if (outcome == VERIFY_HOLDS)
    outcome = check_detail(report, document, entry);
  if (outcome == VERIFY_HOLDS)
    outcome = check_note(report, document, &note);
  if (outcome == VERIFY_HOLDS)
    outcome = check_proof(report, document, entry, &note);
  if (outcome == VERIFY_HOLDS)
    outcome = check_kept(report, &note);
  return outcome;
}
