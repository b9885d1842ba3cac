#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static bool is_zero(const unsigned char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (bytes[i] != 0)
      return false;
  return true;
}

// What an arena gives is zeroed, aligned for any object and apart from all else it gave.
static void arena__gives_zeroed_aligned_memory(void **state)
{
  static const size_t sizes[] = {1, 7, 8, 16, 17, 4096, 16384, 16385, 100000};
  (void)state;
  OWNED(arena) struct arena arena = ARENA_INIT;
  for (size_t round = 0; round < 20; round++)
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
      unsigned char *memory = arena_new(&arena, sizes[i]);
      assert_non_null(memory);
      assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
      assert_true(is_zero(memory, sizes[i]));
      memset(memory, 0xAA, sizes[i]);
    }
}

// Nothing at all can be asked for, and is not NULL.
static void arena__gives_a_place_for_no_bytes(void **state)
{
  (void)state;
  OWNED(arena) struct arena arena = ARENA_INIT;
  assert_non_null(arena_new(&arena, 0));
}

// A size that cannot be rounded up, or that no machine has, gives NULL and harms nothing.
static void arena__refuses_what_overflows(void **state)
{
  (void)state;
  OWNED(arena) struct arena arena = ARENA_INIT;
  assert_null(arena_new(&arena, SIZE_MAX));
  assert_null(arena_new(&arena, SIZE_MAX - alignof(max_align_t)));
  assert_int_equal(arena.used_bytes, 0);
  assert_non_null(arena_new(&arena, 16));
}

// The count of bytes in use is rounded to the alignment, and zero after a clear.
static void arena__counts_its_bytes(void **state)
{
  (void)state;
  OWNED(arena) struct arena arena = ARENA_INIT;
  assert_non_null(arena_new(&arena, 1));
  assert_int_equal(arena.used_bytes, alignof(max_align_t));
  assert_non_null(arena_new(&arena, alignof(max_align_t)));
  assert_int_equal(arena.used_bytes, 2 * alignof(max_align_t));
  arena_clear(&arena);
  assert_int_equal(arena.used_bytes, 0);
  assert_non_null(arena_new(&arena, 1));
}

// A copy of text ends in a NUL that the view did not have.
static void arena__copies_text(void **state)
{
  (void)state;
  OWNED(arena) struct arena arena = ARENA_INIT;
  assert_string_equal(arena_text(&arena, view_bytes("abcdef", 3)), "abc");
  assert_string_equal(arena_text(&arena, VIEW_EMPTY), "");
}

// After a rewind the memory is handed out again, zeroed, however much had been taken.
static void arena__is_zeroed_when_it_is_rewound(void **state)
{
  (void)state;
  struct arena arena = ARENA_INIT;
  arena_rewind(&arena);  // nothing was taken yet
  for (int round = 0; round < 3; round++) {
    unsigned char *small = arena_new(&arena, 100);
    unsigned char *large = arena_new(&arena, 100000);
    assert_non_null(small);
    assert_non_null(large);
    for (int i = 0; i < 100000; i++)
      assert_int_equal(large[i], 0);
    for (int i = 0; i < 100; i++)
      assert_int_equal(small[i], 0);
    memset(small, 1, 100);
    memset(large, 1, 100000);
    arena_rewind(&arena);
    assert_int_equal(arena.used_bytes, 0);
  }
  arena_clear(&arena);
}

// A list that grows by one keeps what is in it, and is moved only when it is full.
static void room__keeps_what_is_there(void **state)
{
  (void)state;
  struct arena arena = ARENA_INIT;
  int64_t *items = NULL;
  int32_t capacity = 0;
  int moves = 0;
  for (int32_t i = 0; i < 100; i++) {
    int64_t *room = arena_room(&arena, items, i, &capacity, sizeof *items);
    assert_non_null(room);
    moves += room != items;
    items = room;
    items[i] = i;
  }
  for (int32_t i = 0; i < 100; i++)
    assert_int_equal(items[i], i);
  assert_int_equal(capacity, 128);
  assert_int_equal(moves, 5);
  arena_clear(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arena__is_zeroed_when_it_is_rewound),
      cmocka_unit_test(arena__gives_zeroed_aligned_memory),
      cmocka_unit_test(arena__gives_a_place_for_no_bytes),
      cmocka_unit_test(arena__refuses_what_overflows),
      cmocka_unit_test(arena__counts_its_bytes),
      cmocka_unit_test(arena__copies_text),
      cmocka_unit_test(room__keeps_what_is_there),
  };
  return cmocka_run_group_tests_name("base_arena", tests, NULL, NULL);
}
