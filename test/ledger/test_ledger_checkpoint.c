#include "ledger/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

#define ORIGIN "example.org/forvar/1"

// Made with openssl and coreutils from the seed 00 01 … 1f and the root 40 41 … 5f.
#define GOLDEN_TEXT                  \
  ORIGIN                             \
  "\n123456789\n"                    \
  "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX" \
  "WFlaW1xdXl8=\n"
#define GOLDEN_SIGNATURE \
  "uNqQc49hc2DN+W22gJBCOwZoHyyyUkWzYjNAZh/BqCN+vJE05cQ3AH6Vq5B7MvyUkfHcxs1NkDNZ1NC+kHhcXQVLWQc="
#define GOLDEN_NOTE GOLDEN_TEXT "\n\u2014 " ORIGIN " " GOLDEN_SIGNATURE "\n"

enum { GOLDEN_SIZE = 123456789 };

struct fixture {
  struct signer signer;
  unsigned char root[LEDGER_HASH_BYTES];
};

static struct fixture make_fixture(const char *origin)
{
  struct fixture fixture;
  unsigned char seed[32];
  for (unsigned i = 0; i < sizeof seed; i++) {
    seed[i] = (unsigned char)i;
    fixture.root[i] = (unsigned char)(0x40 + i);
  }
  signer_init(&fixture.signer, origin, seed);
  return fixture;
}

static enum err_code read_note(const struct fixture *fixture, struct view note, struct err *err)
{
  int64_t size = -1;
  unsigned char root[LEDGER_HASH_BYTES];
  enum err_code code =
      checkpoint_read(note, fixture->signer.origin, fixture->signer.public_key, &size, root, err);
  if (code != ERR_OK)
    assert_int_equal(size, -1);
  return code;
}

// Same key, same head: the same note, byte for byte, as other implementations make it.
static void checkpoint__writes_the_golden_note(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  checkpoint_write(&fixture.signer, GOLDEN_SIZE, fixture.root, &note);
  assert_string_equal(str_text(&note), GOLDEN_NOTE);
}

// The text of the verifier key is that of signed-note.
static void signer__has_the_golden_public_text(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  OWNED(str) struct str text = STR_INIT(300);
  signer_public_text(&fixture.signer, &text);
  assert_string_equal(str_text(&text),
                      ORIGIN "+b8da9073+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
}

// Wiping leaves nothing of the key.
static void signer__is_wiped(void **state)
{
  (void)state;
  static const struct signer nothing;
  struct fixture fixture = make_fixture(ORIGIN);
  signer_wipe(&fixture.signer);
  assert_memory_equal(&fixture.signer, &nothing, sizeof nothing);
}

// A note is read as what was written, at the extremes of size and of the origin's length, and the
// longest note keeps to its limit.
static void checkpoint__reads_what_it_wrote(void **state)
{
  (void)state;
  static const int64_t sizes[] = {0, 1, 9, 10, GOLDEN_SIZE, INT64_MAX};
  char longest[LEDGER_ORIGIN_BYTES_MAX];
  memset(longest, 'o', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  const char *const origins[] = {"o", ORIGIN, "f\u00f6rvar.example.org", longest};
  for (size_t i = 0; i < ARRAY_COUNT(origins); i++)
    for (size_t k = 0; k < ARRAY_COUNT(sizes); k++) {
      struct fixture fixture = make_fixture(origins[i]);
      OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
      struct err err = ERR_INIT;
      int64_t size = -1;
      unsigned char root[LEDGER_HASH_BYTES];
      checkpoint_write(&fixture.signer, sizes[k], fixture.root, &note);
      assert_true(str_ok(&note));
      assert_int_equal(checkpoint_read(str_view(&note), origins[i], fixture.signer.public_key,
                                       &size, root, &err),
                       ERR_OK);
      assert_true(size == sizes[k]);
      assert_memory_equal(root, fixture.root, sizeof root);
    }
}

// A note that has no room is marked as failed and not written in part.
static void checkpoint__fails_without_room(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  OWNED(str) struct str enough = STR_INIT(sizeof GOLDEN_NOTE - 1);
  OWNED(str) struct str short_by_one = STR_INIT(sizeof GOLDEN_NOTE - 2);
  checkpoint_write(&fixture.signer, GOLDEN_SIZE, fixture.root, &enough);
  checkpoint_write(&fixture.signer, GOLDEN_SIZE, fixture.root, &short_by_one);
  assert_true(str_ok(&enough));
  assert_false(str_ok(&short_by_one));
  assert_int_equal(short_by_one.length, 0);
}

// No bit of a note can be turned, no byte taken away or added, at any place.
static void checkpoint__refuses_every_changed_byte(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  char note[sizeof GOLDEN_NOTE] = GOLDEN_NOTE;
  size_t length = sizeof note - 1;
  struct err err = ERR_INIT;
  assert_int_equal(read_note(&fixture, view_bytes(note, length), &err), ERR_OK);
  for (size_t bit = 0; bit < 8 * length; bit++) {
    note[bit / 8] ^= (char)(1 << bit % 8);
    assert_int_equal(read_note(&fixture, view_bytes(note, length), &err), ERR_INTEGRITY);
    note[bit / 8] ^= (char)(1 << bit % 8);
  }
  for (size_t at = 0; at < length; at++) {
    char other[sizeof note + 1];
    assert_int_equal(read_note(&fixture, view_bytes(note, at), &err), ERR_INTEGRITY);
    memcpy(other, note, at);
    memcpy(other + at, note + at + 1, length - at - 1);
    // Of two equal bytes in a row it does not matter which is gone: it is refused all the same.
    assert_int_equal(read_note(&fixture, view_bytes(other, length - 1), &err), ERR_INTEGRITY);
    memcpy(other + at + 1, note + at, length - at);
    other[at] = note[at];
    assert_int_equal(read_note(&fixture, view_bytes(other, length + 1), &err), ERR_INTEGRITY);
  }
}

// Other spellings of the same head, and what is no head at all, are refused with the place.
static void checkpoint__refuses_other_forms(void **state)
{
  (void)state;
  static const struct {
    const char *note;
    const char *where;
  } rows[] = {
      {"", "line 1"},
      {"\n\n\n\n\n", "line 1"},
      {"example.org/forvar/2\n123456789\n", "line 1"},
      {ORIGIN " \n123456789\n", "line 1"},
      {ORIGIN, "line 2"},
      {ORIGIN "\n\n", "line 2"},
      {ORIGIN "\n-1\n", "line 2"},
      {ORIGIN "\n9223372036854775808\n", "line 2"},
      {ORIGIN "\n+1\n", "line 2"},
      {ORIGIN "\n1\n", "line 3"},
      {ORIGIN "\n1\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8\n", "line 3"},
      {ORIGIN "\n1\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9=\n", "line 3"},
      {ORIGIN "\n1\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXg==\n", "line 3"},
      {ORIGIN "\n1\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9g\n", "line 3"},
      {GOLDEN_TEXT, "line 5"},
      {GOLDEN_TEXT "\n\u2014 " ORIGIN "\n", "line 5"},
      {GOLDEN_TEXT "\n\u2014 " ORIGIN " uNqQcw==\n", "line 5"},
      {GOLDEN_TEXT "\n- " ORIGIN " " GOLDEN_SIGNATURE "\n", "its form"},
      {GOLDEN_TEXT "\n\u2014 example.org " GOLDEN_SIGNATURE "\n", "its form"},
      {GOLDEN_TEXT "x\n\u2014 " ORIGIN " " GOLDEN_SIGNATURE "\n", "its form"},
      {GOLDEN_TEXT "\n\u2014 " ORIGIN " " GOLDEN_SIGNATURE, "its form"},
      {GOLDEN_NOTE "\n", "its form"},
      {GOLDEN_NOTE "\u2014 witness " GOLDEN_SIGNATURE "\n", "its form"},
      {ORIGIN "\n0123456789\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n\n\u2014 " ORIGIN
              " " GOLDEN_SIGNATURE "\n",
       "its form"},
  };
  struct fixture fixture = make_fixture(ORIGIN);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct err err = ERR_INIT;
    assert_int_equal(read_note(&fixture, view_of(rows[i].note), &err), ERR_INTEGRITY);
    assert_string_equal(err.where, rows[i].where);
  }
}

// A note as long as the limit is looked at, one byte more is not.
static void checkpoint__refuses_a_note_past_the_limit(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  char note[LEDGER_CHECKPOINT_BYTES_MAX + 1];
  memset(note, 'x', sizeof note);
  struct err err = ERR_INIT;
  assert_int_equal(read_note(&fixture, view_bytes(note, sizeof note - 1), &err), ERR_INTEGRITY);
  assert_string_equal(err.where, "line 1");
  assert_int_equal(read_note(&fixture, view_bytes(note, sizeof note), &err), ERR_INTEGRITY);
  assert_string_equal(err.where, "its length");
}

// A note of another key or of another log does not pass for one of ours.
static void checkpoint__refuses_another_key_and_origin(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  struct err err = ERR_INIT;
  fixture.signer.public_key[31] ^= 1;
  assert_int_equal(read_note(&fixture, view_of(GOLDEN_NOTE), &err), ERR_INTEGRITY);
  assert_string_equal(err.message, "the signed head names another key");
  fixture = make_fixture("example.org/forvar/2");
  assert_int_equal(read_note(&fixture, view_of(GOLDEN_NOTE), &err), ERR_INTEGRITY);
  assert_string_equal(err.message, "the signed head is not one of this log");
}

// Another head under the signature of this one is refused as such.
static void checkpoint__refuses_a_borrowed_signature(void **state)
{
  (void)state;
  struct fixture fixture = make_fixture(ORIGIN);
  struct err err = ERR_INIT;
  static const char note[] =
      ORIGIN "\n123456788\nQEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n\n\u2014 " ORIGIN
             " " GOLDEN_SIGNATURE "\n";
  assert_int_equal(read_note(&fixture, view_of(note), &err), ERR_INTEGRITY);
  assert_string_equal(err.message, "the signature of the head does not hold");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checkpoint__writes_the_golden_note),
      cmocka_unit_test(signer__has_the_golden_public_text),
      cmocka_unit_test(signer__is_wiped),
      cmocka_unit_test(checkpoint__reads_what_it_wrote),
      cmocka_unit_test(checkpoint__fails_without_room),
      cmocka_unit_test(checkpoint__refuses_every_changed_byte),
      cmocka_unit_test(checkpoint__refuses_other_forms),
      cmocka_unit_test(checkpoint__refuses_a_note_past_the_limit),
      cmocka_unit_test(checkpoint__refuses_another_key_and_origin),
      cmocka_unit_test(checkpoint__refuses_a_borrowed_signature),
  };
  return cmocka_run_group_tests_name("ledger_checkpoint", tests, NULL, NULL);
}
