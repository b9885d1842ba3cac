#include "vault/vault.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { OTHER_USER = 65534 };

static const struct person_id person = {41};

static enum err_code unwrap(const struct fixture *fixture, struct view wrapped, struct err *err)
{
  struct vault_key key;
  return vault_key_unwrap(fixture->vault, 1, wrapped, person, 3, &key, err);
}

// A wrapped key comes back as it was, and two new keys differ.
static void key__comes_back(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_key key;
  struct vault_key other;
  struct vault_key back;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  vault_key_new(fixture->vault, &key);
  vault_key_new(fixture->vault, &other);
  assert_memory_not_equal(key.bytes, other.bytes, VAULT_KEY_BYTES);
  vault_key_wrap(fixture->vault, &key, person, 3, wrapped);
  assert_int_equal(vault_key_unwrap(fixture->vault, 1, view_bytes(wrapped, sizeof wrapped), person,
                                    3, &back, &err),
                   ERR_OK);
  assert_memory_equal(back.bytes, key.bytes, VAULT_KEY_BYTES);
}

// A wrapped key opens for its person and number only, and what fails writes no key.
static void key__is_bound_to_person_and_number(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_key key;
  unsigned char bytes[VAULT_WRAPPED_KEY_BYTES];
  vault_key_new(fixture->vault, &key);
  vault_key_wrap(fixture->vault, &key, person, 3, bytes);
  struct view wrapped = view_bytes(bytes, sizeof bytes);
  struct vault_key back = {{0xEE}};
  assert_int_equal(
      vault_key_unwrap(fixture->vault, 1, wrapped, (struct person_id){42}, 3, &back, &err),
      ERR_INTEGRITY);
  assert_int_equal(vault_key_unwrap(fixture->vault, 1, wrapped, person, 4, &back, &err),
                   ERR_INTEGRITY);
  assert_int_equal(
      vault_key_unwrap(fixture->vault, 1, wrapped, (struct person_id){3}, 41, &back, &err),
      ERR_INTEGRITY);
  assert_int_equal(vault_key_unwrap(fixture->vault, 2, wrapped, person, 3, &back, &err), ERR_KEY);
  assert_int_equal(back.bytes[0], 0xEE);
}

// Every flipped bit and every wrong length is noticed.
static void key__every_bit_counts(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_key key;
  unsigned char bytes[VAULT_WRAPPED_KEY_BYTES + 1] = {0};
  vault_key_new(fixture->vault, &key);
  vault_key_wrap(fixture->vault, &key, person, 3, bytes);
  for (int bit = 0; bit < 8 * VAULT_WRAPPED_KEY_BYTES; bit++) {
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_int_equal(unwrap(fixture, view_bytes(bytes, VAULT_WRAPPED_KEY_BYTES), &err),
                     ERR_INTEGRITY);
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  for (size_t length = 0; length <= sizeof bytes; length++)
    assert_int_equal(unwrap(fixture, view_bytes(bytes, length), &err),
                     length == VAULT_WRAPPED_KEY_BYTES ? ERR_OK : ERR_INTEGRITY);
}

// A wiped key is zeros.
static void key__is_wiped(void **state)
{
  (void)state;
  static const struct vault_key zeros;
  struct vault_key key = {{1, 2, 3}};
  vault_key_wipe(&key);
  assert_memory_equal(&key, &zeros, sizeof key);
}

enum { LOCK_REFUSED_AND_TOLD, LOCK_WRONG, LOCK_CANNOT_BE_REFUSED };

// Opens the vault as a user who may lock no memory.
static int open_unlocked(struct fixture *fixture)
{
  struct err err = ERR_INIT;
  const struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(OTHER_USER) != 0) ||
      mlock(&err, sizeof err) == 0)
    return LOCK_CANNOT_BE_REFUSED;
  bool told = fixture_reopen(fixture, &err) == ERR_OK && !vault_is_locked(fixture->vault);
  return told ? LOCK_REFUSED_AND_TOLD : LOCK_WRONG;
}

// Where the system refuses to lock memory, the vault works and says so. In a process of its own,
// because a limit cannot be raised again.
static void key__refused_lock_is_told(void **state)
{
  int status = -1;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    _exit(open_unlocked(*state));
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == LOCK_CANNOT_BE_REFUSED)
    skip();  // the address sanitizer replaces mlock by nothing
  assert_int_equal(WEXITSTATUS(status), LOCK_REFUSED_AND_TOLD);
}

// Where the system lets memory be locked, it is.
static void key__memory_is_locked(void **state)
{
  struct fixture *fixture = *state;
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
  if (geteuid() != 0 && limit.rlim_cur < 1 << 20)
    skip();
  assert_true(vault_is_locked(fixture->vault));
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WITH_VAULT(key__comes_back),       WITH_VAULT(key__is_bound_to_person_and_number),
      WITH_VAULT(key__every_bit_counts), cmocka_unit_test(key__is_wiped),
      WITH_VAULT(key__memory_is_locked), WITH_VAULT(key__refused_lock_is_told),
  };
  return cmocka_run_group_tests_name("vault_key", tests, NULL, NULL);
}
