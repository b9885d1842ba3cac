#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

static bool fails_now(struct memory_disk *memory) { return ++memory->calls == memory->fail_at; }

static enum err_code crashed(struct err *err) { return err_set(err, ERR_CRASHED, "crashed"); }

static enum err_code memory_read(void *context, const char *name, size_t bytes_max,
                                 struct str *ret_bytes, struct err *err)
{
  (void)name;
  struct memory_disk *memory = context;
  if (fails_now(memory))
    return crashed(err);
  if (!memory->exists)
    return err_set(err, ERR_NOT_FOUND, "absent");
  if (memory->length > bytes_max)
    return err_set(err, ERR_LIMIT, "too long");
  str_clear(ret_bytes);
  str_add(ret_bytes, view_bytes(memory->bytes, memory->length));
  return ERR_OK;
}

static enum err_code memory_replace(void *context, const char *name, struct view bytes,
                                    struct err *err)
{
  (void)name;
  struct memory_disk *memory = context;
  bool fails = fails_now(memory);
  if (fails && !memory->fails_written)
    return crashed(err);
  assert_true(bytes.length <= sizeof memory->bytes);
  memcpy(memory->bytes, bytes.bytes, bytes.length);
  memory->length = bytes.length;
  memory->exists = true;
  return fails ? crashed(err) : ERR_OK;
}

static enum err_code memory_append(void *context, const char *name, struct view bytes,
                                   struct err *err)
{
  (void)context;
  (void)name;
  (void)bytes;
  return err_set(err, ERR_SYSTEM, "the vault never appends");
}

struct disk memory_disk(struct memory_disk *memory)
{
  return (struct disk){memory_read, memory_replace, memory_append, memory};
}

int fixture_setup(void **state)
{
  struct err err = ERR_INIT;
  struct fixture *fixture = calloc(1, sizeof *fixture);
  if (fixture == NULL)
    return -1;
  fixture->disk = memory_disk(&fixture->memory);
  random_seeded_init(&fixture->seeded, 1);
  fixture->random = random_from_seed(&fixture->seeded);
  memset(fixture->company_key, 0xC0, sizeof fixture->company_key);
  fixture->source = key_source_memory(fixture->company_key);
  *state = fixture;
  if (vault_create(&fixture->source, &fixture->disk, &fixture->random, FIXTURE_MADE_US, &err) !=
      ERR_OK)
    return -1;
  return fixture_reopen(fixture, &err) == ERR_OK ? 0 : -1;
}

int fixture_teardown(void **state)
{
  struct fixture *fixture = *state;
  vault_close(fixture->vault);
  free(fixture);
  return 0;
}

enum err_code fixture_reopen(struct fixture *fixture, struct err *err)
{
  vault_close(fixture->vault);
  fixture->vault = NULL;
  return vault_open(&fixture->source, &fixture->disk, &fixture->random, &fixture->vault, err);
}

void expect_hex(const void *bytes, size_t length, const char *hex)
{
  char text[2 * MEMORY_FILE_BYTES_MAX + 1];
  assert_true(length <= MEMORY_FILE_BYTES_MAX);
  hex_write(bytes, length, text);
  assert_string_equal(text, hex);
}
