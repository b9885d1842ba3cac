// A home's keys in memory for the tests of the vault: a disk that can fail at any call, a seeded
// stream of randomness and an open vault.
#ifndef FORVAR_TEST_VAULT_FIXTURE_H
#define FORVAR_TEST_VAULT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/disk.h"
#include "base/random.h"
#include "vault/key_source.h"
#include "vault/vault.h"

enum { MEMORY_FILE_BYTES_MAX = 512 };

// One file, whatever its name.
struct memory_disk {
  unsigned char bytes[MEMORY_FILE_BYTES_MAX];
  size_t length;
  bool exists;
  int calls;
  int fail_at;         // the number of the call that fails, from 1; 0 for none
  bool fails_written;  // the failing call has done its work before it fails
};

struct fixture {
  struct memory_disk memory;
  struct disk disk;
  struct random_seeded seeded;
  struct random_source random;
  unsigned char company_key[VAULT_KEY_BYTES];
  struct key_source source;
  struct vault *vault;
};

enum { FIXTURE_MADE_US = 1700000000 };

struct disk memory_disk(struct memory_disk *memory);

// cmocka's set-up and tear-down: *state is a fixture with an open vault of seed 1.
int fixture_setup(void **state);
int fixture_teardown(void **state);

// Closes the vault and opens it again from the disk.
enum err_code fixture_reopen(struct fixture *fixture, struct err *err);

// The test fails unless the bytes are the lower-case hexadecimal digits.
void expect_hex(const void *bytes, size_t length, const char *hex);

#endif
