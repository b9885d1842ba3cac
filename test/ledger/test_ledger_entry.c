#include "ledger/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/random.h"
#include "base/sha256.h"
// cmocka.h needs the headers before it.
#include <cmocka.h>

static const struct ledger_key asa = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
static const struct ledger_key bo = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16}};

static const struct entry example = {
    .kind = LEDGER_CHANGE,
    .operation = LEDGER_OP_RECORD_PUT,
    .outcome = 0x11,
    .mode = LEDGER_KEPT,
    .time_us = 0x0706050403020100,
    .actor = 0x2322,
    .purpose = 0x3332,
    .field = 0x4342,
    .policy = 0x53525150,
    .nonce = 0x63626160,
    .tag = {0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B},
    .detail = {0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D,
               0x8E, 0x8F},
};

static void assert_hex(const unsigned char *bytes, size_t length, const char *hex)
{
  char text[2 * LEDGER_ENTRY_BYTES + 1];
  assert_true(length <= LEDGER_ENTRY_BYTES);
  hex_write(bytes, length, text);
  assert_string_equal(text, hex);
}

// Each member stands at its place, little-endian: the format is for ever.
static void entry__has_every_byte_at_its_place(void **state)
{
  (void)state;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_write(&example, bytes);
  assert_hex(bytes, sizeof bytes,
             "02061101"
             "0001020304050607"
             "2223"
             "3233"
             "4243"
             "50515253"
             "60616263"
             "707172737475767778797a7b"
             "808182838485868788898a8b8c8d8e8f");
}

static void assert_same(const struct entry *a, const struct entry *b)
{
  assert_int_equal(a->kind, b->kind);
  assert_int_equal(a->operation, b->operation);
  assert_int_equal(a->outcome, b->outcome);
  assert_int_equal(a->mode, b->mode);
  assert_true(a->time_us == b->time_us);
  assert_int_equal(a->actor, b->actor);
  assert_int_equal(a->purpose, b->purpose);
  assert_int_equal(a->field, b->field);
  assert_int_equal(a->policy, b->policy);
  assert_int_equal(a->nonce, b->nonce);
  assert_memory_equal(a->tag, b->tag, sizeof a->tag);
  assert_memory_equal(a->detail, b->detail, sizeof a->detail);
}

// What was written is read as the same, at the extremes too.
static void entry__reads_what_it_wrote(void **state)
{
  (void)state;
  struct entry entries[] = {example, example, {.kind = LEDGER_USE, .operation = LEDGER_OP_READ}};
  entries[0].time_us = INT64_MIN;
  entries[1] = (struct entry){
      LEDGER_SYSTEM,     LEDGER_OP_HOME,  0xFF,       LEDGER_DURABLE, INT64_MAX, 0xFFFF,
      LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, UINT32_MAX, UINT32_MAX,     {0},       {0}};
  for (size_t i = 0; i < ARRAY_COUNT(entries); i++) {
    unsigned char bytes[LEDGER_ENTRY_BYTES];
    struct entry read;
    entry_write(&entries[i], bytes);
    assert_true(entry_read(bytes, &read));
    assert_same(&read, &entries[i]);
  }
}

// Of all kinds, operations and modes that a byte can name, those of the format are read and no
// others.
static void entry__refuses_unknown_numbers(void **state)
{
  (void)state;
  for (int value = 0; value < 256; value++) {
    unsigned char bytes[LEDGER_ENTRY_BYTES];
    struct entry read;
    entry_write(&example, bytes);
    bytes[LEDGER_AT_KIND] = (unsigned char)value;
    assert_int_equal(entry_read(bytes, &read), value >= LEDGER_USE && value <= LEDGER_SYSTEM);
    entry_write(&example, bytes);
    bytes[LEDGER_AT_OPERATION] = (unsigned char)value;
    assert_int_equal(entry_read(bytes, &read), value >= LEDGER_OP_READ && value < LEDGER_OP_END);
    entry_write(&example, bytes);
    bytes[LEDGER_AT_MODE] = (unsigned char)value;
    assert_int_equal(entry_read(bytes, &read), value <= LEDGER_KEPT);
  }
}

// The tag is SipHash-2-4-128 of the 26 bytes before it; the value was computed with the reference
// vectors' key by an implementation in another language.
static void tag__is_fixed(void **state)
{
  (void)state;
  struct entry entry = example;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_seal(&entry, &asa, bytes);
  assert_hex(bytes + LEDGER_AT_TAG, LEDGER_TAG_BYTES, "dc3893a5cef92a24c433466c");
  assert_memory_equal(entry.tag, bytes + LEDGER_AT_TAG, LEDGER_TAG_BYTES);
  struct entry read;
  assert_true(entry_read(bytes, &read));
  assert_same(&read, &entry);
}

// With the key of the person the person's entries are found, with another person's they are not.
static void tag__leads_from_its_person_only(void **state)
{
  (void)state;
  struct random_seeded seeded;
  random_seeded_init(&seeded, 7);
  struct random_source random = random_from_seed(&seeded);
  for (int i = 0; i < 1000; i++) {
    struct entry entry = example;
    unsigned char bytes[LEDGER_ENTRY_BYTES];
    entry.nonce = (uint32_t)random_u64(&random);
    entry_seal(&entry, &asa, bytes);
    assert_true(entry_is_about(bytes, &asa));
    assert_false(entry_is_about(bytes, &bo));
  }
}

// An entry about nobody has twelve zero bytes for a tag, whatever stood there, and no key finds it.
static void tag__is_zero_for_nobody(void **state)
{
  (void)state;
  static const unsigned char zero[LEDGER_TAG_BYTES];
  struct entry entry = example;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_seal(&entry, NULL, bytes);
  assert_memory_equal(entry.tag, zero, sizeof zero);
  assert_memory_equal(bytes + LEDGER_AT_TAG, zero, sizeof zero);
  assert_false(entry_is_about(bytes, &asa));
  assert_false(entry_is_about(bytes, &bo));
}

// Every bit before the tag and every bit of it is bound; the detail is not, since the tree binds
// it.
static void tag__binds_all_that_stands_before_it(void **state)
{
  (void)state;
  struct entry entry = example;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_seal(&entry, &asa, bytes);
  for (int bit = 0; bit < 8 * LEDGER_ENTRY_BYTES; bit++) {
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_int_equal(entry_is_about(bytes, &asa), bit >= 8 * LEDGER_AT_DETAIL);
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
}

// Two entries of one person that differ in the nonce alone have nothing in common that shows it:
// no byte of the tags agrees more often than chance has it. [P7]
static void tag__shows_no_likeness_without_the_key(void **state)
{
  (void)state;
  enum { ENTRIES = 2000 };
  static unsigned char tags[ENTRIES][LEDGER_TAG_BYTES];
  int agreeing = 0;
  for (uint32_t i = 0; i < ENTRIES; i++) {
    struct entry entry = example;
    unsigned char bytes[LEDGER_ENTRY_BYTES];
    entry.nonce = i;
    entry_seal(&entry, &asa, bytes);
    memcpy(tags[i], entry.tag, LEDGER_TAG_BYTES);
  }
  for (int i = 1; i < ENTRIES; i++)
    for (int k = 0; k < LEDGER_TAG_BYTES; k++)
      agreeing += tags[i][k] == tags[i - 1][k];
  // 1,999 * 12 / 256 is 94; the bounds are seven standard deviations away.
  assert_in_range(agreeing, 26, 162);
}

// The salt is fixed, differs with nonce and person, and shares nothing with the tag.
static void salt__is_of_person_and_nonce(void **state)
{
  (void)state;
  unsigned char salt[LEDGER_SALT_BYTES];
  unsigned char other[LEDGER_SALT_BYTES];
  entry_salt(&asa, 0x63626160, salt);
  assert_hex(salt, sizeof salt, "a6bf9fb5639dbe88b61f89d7dc3b74e7");
  entry_salt(&asa, 0x63626161, other);
  assert_memory_not_equal(salt, other, sizeof salt);
  entry_salt(&bo, 0x63626160, other);
  assert_memory_not_equal(salt, other, sizeof salt);
}

// The detail is the beginning of SHA256(salt || body): whoever has both can check it, and another
// salt or body gives another. Without a salt it is that of the body.
static void detail__commits_to_salt_and_body(void **state)
{
  (void)state;
  static const char body[] = "{\"what\":\"erasure\",\"records\":3}";
  unsigned char salt[LEDGER_SALT_BYTES];
  unsigned char detail[LEDGER_DETAIL_BYTES];
  unsigned char other[LEDGER_DETAIL_BYTES];
  entry_salt(&asa, 1, salt);
  entry_detail(salt, view_of(body), detail);
  unsigned char joined[LEDGER_SALT_BYTES + sizeof body - 1];
  unsigned char hash[SHA256_BYTES];
  memcpy(joined, salt, sizeof salt);
  memcpy(joined + sizeof salt, body, sizeof body - 1);
  sha256(&(struct view){(const char *)joined, sizeof joined}, 1, hash);
  assert_memory_equal(detail, hash, sizeof detail);

  entry_detail(salt, view_of("{\"what\":\"erasure\",\"records\":4}"), other);
  assert_memory_not_equal(detail, other, sizeof detail);
  salt[0] ^= 1;
  entry_detail(salt, view_of(body), other);
  assert_memory_not_equal(detail, other, sizeof detail);

  entry_detail(NULL, view_of("abc"), detail);
  assert_hex(detail, sizeof detail, "ba7816bf8f01cfea414140de5dae2223");
  entry_detail(NULL, VIEW_EMPTY, detail);
  assert_hex(detail, sizeof detail, "e3b0c44298fc1c149afbf4c8996fb924");
}

// Every kind and operation has a name of its own.
static void names__are_distinct(void **state)
{
  (void)state;
  for (int i = 1; i < LEDGER_OP_END; i++)
    for (int k = 1; k < i; k++)
      assert_string_not_equal(ledger_operation_name((enum ledger_operation)i),
                              ledger_operation_name((enum ledger_operation)k));
  for (int i = 1; i < LEDGER_KIND_END; i++)
    for (int k = 1; k < i; k++)
      assert_string_not_equal(ledger_kind_name((enum ledger_kind)i),
                              ledger_kind_name((enum ledger_kind)k));
  assert_string_equal(ledger_operation_name(LEDGER_OP_RECORD_PUT), "record.put");
  assert_string_equal(ledger_kind_name(LEDGER_CHANGE), "change");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entry__has_every_byte_at_its_place),
      cmocka_unit_test(entry__reads_what_it_wrote),
      cmocka_unit_test(entry__refuses_unknown_numbers),
      cmocka_unit_test(tag__is_fixed),
      cmocka_unit_test(tag__leads_from_its_person_only),
      cmocka_unit_test(tag__is_zero_for_nobody),
      cmocka_unit_test(tag__binds_all_that_stands_before_it),
      cmocka_unit_test(tag__shows_no_likeness_without_the_key),
      cmocka_unit_test(salt__is_of_person_and_nonce),
      cmocka_unit_test(detail__commits_to_salt_and_body),
      cmocka_unit_test(names__are_distinct),
  };
  return cmocka_run_group_tests_name("ledger_entry", tests, NULL, NULL);
}
