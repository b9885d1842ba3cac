// The kept ring while nothing goes wrong, and what kept_open makes of files as a crash, a loss of
// power or a stranger may leave them.
#include "ledger/kept.h"

#include "kept_ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { RING_BYTES = RING_HEAD_BYTES + KEPT_SLOTS * RING_SLOT_BYTES, TAKEN_MAX = 4096 };

static unsigned char taken[TAKEN_MAX][LEDGER_ENTRY_BYTES];

static bool add(struct kept *kept, int64_t number)
{
  unsigned char entry[LEDGER_ENTRY_BYTES];
  ring_entry(1, number, entry);
  return kept_add(kept, entry);
}

static void add_all(struct kept *kept, int64_t first, int64_t count)
{
  for (int64_t number = first; number < first + count; number++)
    assert_true(add(kept, number));
}

static void assert_number(const unsigned char entry[LEDGER_ENTRY_BYTES], int64_t expected)
{
  int author = 0;
  int64_t number = 0;
  assert_true(ring_entry_read(entry, &author, &number));
  assert_int_equal(author, 1);
  assert_int_equal(number, expected);
}

// Takes and releases all that is there; the numbers follow each other from `first`.
static int64_t take_all(struct kept *kept, int64_t first)
{
  int64_t number = first;
  int64_t position = 0;
  int count = 0;
  do {
    count = kept_take(kept, taken, TAKEN_MAX, &position);
    for (int i = 0; i < count; i++)
      assert_number(taken[i], number++);
    kept_release(kept, position);
  } while (count > 0);
  return position;
}

// A new ring is empty, private, of its full size on the disk, and leaves no other file behind.
static void kept__is_made_whole_and_empty(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  char leftover[RING_PATH_BYTES + 4];
  struct stat status;
  int64_t position = -1;
  (void)snprintf(leftover, sizeof leftover, "%s.new", place.path);
  assert_int_equal(symlink("/dev/null", leftover), 0);  // as an earlier attempt may leave one
  struct kept *kept = ring_open(&place, 0);
  assert_int_equal(kept_take(kept, taken, TAKEN_MAX, &position), 0);
  assert_int_equal(position, 0);
  assert_int_equal(lstat(place.path, &status), 0);
  assert_true(S_ISREG(status.st_mode));
  assert_int_equal(status.st_mode & 0777, 0600);
  assert_int_equal(status.st_size, RING_BYTES);
  assert_true(status.st_blocks * 512 >= RING_BYTES);
  assert_int_not_equal(lstat(leftover, &status), 0);
  kept_close(kept);
  kept_close(NULL);
  ring_place_remove(&place);
}

// The head and a slot stand in the file as the header says.
static void kept__file_has_every_byte_at_its_place(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  add_all(kept, 0, 3);
  kept_close(kept);
  struct {
    char magic[8];
    uint32_t numbers[3];
  } head;
  ring_file_read(&place, 0, &head, sizeof head);
  assert_memory_equal(head.magic, "forvkept", 8);
  assert_int_equal(head.numbers[0], 1);
  assert_int_equal(head.numbers[1], KEPT_SLOTS);
  assert_int_equal(head.numbers[2], RING_SLOT_BYTES);
  for (int64_t position = 0; position < 4; position++) {
    unsigned char slot[RING_SLOT_BYTES];
    uint64_t sequence = 0;
    ring_file_read(&place, ring_slot_offset(position), slot, sizeof slot);
    memcpy(&sequence, slot, sizeof sequence);
    assert_int_equal(sequence, position < 3 ? position + 1 : 0);
    if (position < 3)
      assert_number(slot + sizeof sequence, position);
  }
  ring_place_remove(&place);
}

// What is taken comes in order, as many as asked for, and comes again until it is released.
static void kept__takes_in_order_until_released(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  int64_t position = 0;
  add_all(kept, 0, 5);
  for (int round = 0; round < 2; round++) {
    assert_int_equal(kept_take(kept, taken, 3, &position), 3);
    assert_int_equal(position, 3);
    for (int i = 0; i < 3; i++)
      assert_number(taken[i], i);
  }
  kept_release(kept, position);
  kept_release(kept, 1);  // changes nothing
  assert_int_equal(kept_take(kept, taken, 0, &position), 0);
  assert_int_equal(position, 3);
  assert_int_equal(kept_take(kept, taken, TAKEN_MAX, &position), 2);
  assert_number(taken[0], 3);
  assert_number(taken[1], 4);
  kept_close(kept);
  ring_place_remove(&place);
}

// A full ring takes nothing more, in this life and the next, until something is released.
static void kept__full_ring_refuses(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  add_all(kept, 0, KEPT_SLOTS);
  assert_false(add(kept, KEPT_SLOTS));
  kept_close(kept);
  kept = ring_open(&place, 0);
  assert_false(add(kept, KEPT_SLOTS));
  int64_t position = 0;
  assert_int_equal(kept_take(kept, taken, 1, &position), 1);
  kept_release(kept, position);
  assert_true(add(kept, KEPT_SLOTS));
  assert_false(add(kept, KEPT_SLOTS + 1));
  assert_int_equal(take_all(kept, 1), KEPT_SLOTS + 1);
  kept_close(kept);
  ring_place_remove(&place);
}

// Over several laps, each reopened, nothing is lost, doubled or out of order.
static void kept__goes_on_over_laps_and_lives(void **state)
{
  (void)state;
  enum { PART = KEPT_SLOTS / 4 * 3 };
  struct ring_place place = ring_place_make();
  for (int64_t life = 0; life < 6; life++) {
    struct kept *kept = ring_open(&place, life * PART);
    add_all(kept, life * PART, PART);
    assert_int_equal(take_all(kept, life * PART), (life + 1) * PART);
    kept_close(kept);
  }
  ring_place_remove(&place);
}

// Positions are of 64 bits: a ring goes on past 2^32 and far beyond, up to where no ring comes.
static void kept__positions_have_64_bits(void **state)
{
  (void)state;
  static const int64_t positions[] = {UINT32_MAX - INT64_C(2), INT64_C(1) << 40,
                                      INT64_MAX / 2 - 10};
  for (size_t i = 0; i < ARRAY_COUNT(positions); i++) {
    struct ring_place place = ring_place_make();
    struct kept *kept = ring_open(&place, positions[i]);
    add_all(kept, 0, 5);
    kept_close(kept);
    kept = ring_open(&place, positions[i] + 2);
    assert_int_equal(take_all(kept, 2), positions[i] + 5);
    kept_close(kept);
    ring_place_remove(&place);
  }
  static const int64_t impossible[] = {-1, INT64_MIN, INT64_MAX / 2 + 1, INT64_MAX};
  for (size_t i = 0; i < ARRAY_COUNT(impossible); i++) {
    struct kept *kept = NULL;
    struct err err = ERR_INIT;
    assert_int_equal(kept_open("absent", impossible[i], &kept, &err), ERR_INTEGRITY);
    assert_null(kept);
  }
}

// A ring whose database knows of more than the ring holds (the file was lost) goes on from there.
static void kept__new_file_goes_on_from_the_database(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  add_all(kept, 0, 10);
  kept_close(kept);
  kept = ring_open(&place, 1000);
  int64_t position = 0;
  assert_int_equal(kept_take(kept, taken, TAKEN_MAX, &position), 0);
  assert_int_equal(position, 1000);
  add_all(kept, 1000, 1);
  assert_int_equal(take_all(kept, 1000), 1001);
  kept_close(kept);
  ring_place_remove(&place);
}

// A database that was put back to an older state gets all that the ring still holds.
static void kept__older_database_gets_what_is_left(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  for (int lap = 0; lap < 3; lap++) {
    add_all(kept, lap * (int64_t)KEPT_SLOTS, KEPT_SLOTS);
    take_all(kept, lap * (int64_t)KEPT_SLOTS);
  }
  kept_close(kept);
  kept = ring_open(&place, 7);
  kept_release(kept, 7);  // as a batch without kept entries does
  assert_int_equal(take_all(kept, 2 * (int64_t)KEPT_SLOTS), 3 * (int64_t)KEPT_SLOTS);
  kept_close(kept);
  ring_place_remove(&place);
}

// The same if the ring has gone on far beyond: it is not searched through what it cannot hold.
static void kept__older_database_may_be_much_older(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  const int64_t far = INT64_C(1) << 50;
  struct kept *kept = ring_open(&place, far);
  add_all(kept, 0, 3);
  kept_close(kept);
  kept = ring_open(&place, 0);
  add_all(kept, 3, 1);
  assert_int_equal(take_all(kept, 0), far + 4);
  kept_close(kept);
  ring_place_remove(&place);
}

// Threads that had claimed a place and never filled it leave holes, which are skipped; what was
// added behind them is there, and the places are used again.
static void kept__skips_holes(void **state)
{
  static const unsigned char nothing[RING_SLOT_BYTES];
  static const int64_t holes[] = {0, 3, 4, 8, 9};  // 8 and 9 at the end are no holes but the end
  static const int64_t left[] = {1, 2, 5, 6, 7};
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  add_all(kept, 0, 10);
  kept_close(kept);
  for (size_t i = 0; i < ARRAY_COUNT(holes); i++)
    ring_file_write(&place, ring_slot_offset(holes[i]), nothing, sizeof nothing);
  kept = ring_open(&place, 0);
  add_all(kept, 8, 2);
  int64_t position = 0;
  assert_int_equal(kept_take(kept, taken, 3, &position), 3);
  assert_int_equal(position, 6);
  assert_int_equal(kept_take(kept, taken, TAKEN_MAX, &position), 7);
  assert_int_equal(position, 10);
  for (size_t i = 0; i < ARRAY_COUNT(left); i++)
    assert_number(taken[i], left[i]);
  assert_number(taken[5], 8);
  assert_number(taken[6], 9);
  kept_close(kept);
  ring_place_remove(&place);
}

// A slot of which the disk holds half after a loss of power is skipped, whichever bit differs.
static void kept__skips_torn_slots(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  unsigned char good[RING_SLOT_BYTES];
  add_all(kept, 0, 3);
  kept_close(kept);
  ring_file_read(&place, ring_slot_offset(1), good, sizeof good);
  for (int bit = 0; bit < 8 * RING_SLOT_BYTES; bit++) {
    unsigned char torn[RING_SLOT_BYTES];
    memcpy(torn, good, sizeof torn);
    torn[bit / 8] ^= (unsigned char)(1 << bit % 8);
    ring_file_write(&place, ring_slot_offset(1), torn, sizeof torn);
    kept = ring_open(&place, 0);
    int64_t position = 0;
    assert_int_equal(kept_take(kept, taken, TAKEN_MAX, &position), 2);
    assert_int_equal(position, 3);
    assert_number(taken[0], 0);
    assert_number(taken[1], 2);
    kept_close(kept);
  }
  ring_place_remove(&place);
}

static enum err_code try_open(const char *path)
{
  struct kept *kept = NULL;
  struct err err = ERR_INIT;
  enum err_code code = kept_open(path, 0, &kept, &err);
  if (code != ERR_OK)
    assert_null(kept);
  kept_close(kept);
  return code;
}

// A file of another length, or with another byte in its head, is no ring and is left as it is.
static void kept__refuses_what_is_no_ring(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  ring_file_write(&place, 0, "", 0);
  assert_int_equal(try_open(place.path), ERR_INTEGRITY);
  assert_int_equal(unlink(place.path), 0);
  assert_int_equal(try_open(place.path), ERR_OK);
  for (int64_t at = 0; at < 20; at++) {
    unsigned char byte;
    ring_file_read(&place, at, &byte, 1);
    byte ^= 1;
    ring_file_write(&place, at, &byte, 1);
    assert_int_equal(try_open(place.path), ERR_INTEGRITY);
    byte ^= 1;
    ring_file_write(&place, at, &byte, 1);
  }
  assert_int_equal(try_open(place.path), ERR_OK);
  assert_int_equal(truncate(place.path, RING_BYTES - 1), 0);
  assert_int_equal(try_open(place.path), ERR_INTEGRITY);
  assert_int_equal(truncate(place.path, RING_BYTES + 1), 0);
  assert_int_equal(try_open(place.path), ERR_INTEGRITY);
  ring_place_remove(&place);
}

// A sound slot at a place that is not its own was put there by somebody.
static void kept__refuses_a_misplaced_slot(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  unsigned char slot[RING_SLOT_BYTES];
  add_all(kept, 0, 1);
  kept_close(kept);
  ring_file_read(&place, ring_slot_offset(0), slot, sizeof slot);
  ring_file_write(&place, ring_slot_offset(1), slot, sizeof slot);
  assert_int_equal(try_open(place.path), ERR_INTEGRITY);
  ring_place_remove(&place);
}

// Links, folders and absent folders are the system's to refuse.
static void kept__refuses_what_is_no_file(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  char beyond[RING_PATH_BYTES + 4];
  assert_int_equal(try_open(place.folder), ERR_SYSTEM);
  (void)snprintf(beyond, sizeof beyond, "%s/x", place.path);
  assert_int_equal(try_open(beyond), ERR_SYSTEM);
  assert_int_equal(symlink("elsewhere", place.path), 0);
  assert_int_equal(try_open(place.path), ERR_SYSTEM);
  ring_place_remove(&place);
}

// Two who open the same ring would overwrite each other: the second is refused until the first is
// done.
static void kept__is_open_once(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  assert_int_equal(try_open(place.path), ERR_BUSY);
  kept_close(kept);
  assert_int_equal(try_open(place.path), ERR_OK);
  ring_place_remove(&place);
}

enum { AUTHORS = 4, ENTRIES_EACH = 60000 };

struct author {
  struct kept *kept;
  int number;
  pthread_t thread;
};

static void *write_entries(void *context)
{
  struct author *author = context;
  for (int64_t i = 0; i < ENTRIES_EACH; i++) {
    unsigned char entry[LEDGER_ENTRY_BYTES];
    ring_entry(author->number, i, entry);
    while (!kept_add(author->kept, entry))
      sched_yield();
  }
  return NULL;
}

// Several threads add over several laps while one takes: each thread's entries come whole, once and
// in its order.
static void kept__many_threads_add_while_one_takes(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct kept *kept = ring_open(&place, 0);
  struct author authors[AUTHORS];
  int64_t next[AUTHORS] = {0};
  int64_t position = 0;
  for (int i = 0; i < AUTHORS; i++) {
    authors[i] = (struct author){.kept = kept, .number = i};
    assert_int_equal(pthread_create(&authors[i].thread, NULL, write_entries, &authors[i]), 0);
  }
  while (position < (int64_t)AUTHORS * ENTRIES_EACH) {
    int count = kept_take(kept, taken, TAKEN_MAX, &position);
    for (int i = 0; i < count; i++) {
      int author = 0;
      int64_t number = 0;
      assert_true(ring_entry_read(taken[i], &author, &number));
      assert_in_range(author, 0, AUTHORS - 1);
      assert_int_equal(number, next[author]++);
    }
    kept_release(kept, position);
    if (count == 0)
      sched_yield();
  }
  for (int i = 0; i < AUTHORS; i++) {
    assert_int_equal(pthread_join(authors[i].thread, NULL), 0);
    assert_int_equal(next[i], ENTRIES_EACH);
  }
  kept_close(kept);
  ring_place_remove(&place);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kept__is_made_whole_and_empty),
      cmocka_unit_test(kept__file_has_every_byte_at_its_place),
      cmocka_unit_test(kept__takes_in_order_until_released),
      cmocka_unit_test(kept__full_ring_refuses),
      cmocka_unit_test(kept__goes_on_over_laps_and_lives),
      cmocka_unit_test(kept__positions_have_64_bits),
      cmocka_unit_test(kept__new_file_goes_on_from_the_database),
      cmocka_unit_test(kept__older_database_gets_what_is_left),
      cmocka_unit_test(kept__older_database_may_be_much_older),
      cmocka_unit_test(kept__skips_holes),
      cmocka_unit_test(kept__skips_torn_slots),
      cmocka_unit_test(kept__refuses_what_is_no_ring),
      cmocka_unit_test(kept__refuses_a_misplaced_slot),
      cmocka_unit_test(kept__refuses_what_is_no_file),
      cmocka_unit_test(kept__is_open_once),
      cmocka_unit_test(kept__many_threads_add_while_one_takes),
  };
  return cmocka_run_group_tests_name("ledger_kept", tests, NULL, NULL);
}
