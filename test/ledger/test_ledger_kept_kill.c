// The kept ring when the process dies: killed by the kernel at seeded moments with several threads
// at work, and stopped after every single instruction of an add. P6: no acknowledged write is lost.
#include "ledger/kept.h"

#include "kept_ring.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum {
  AUTHORS = 3,
  LIVES = 60,
  LIFE_ENTRIES_MAX = 3000,
  LOG_ENTRIES_MAX = LIVES * (LIFE_ENTRIES_MAX + AUTHORS),
  TAKEN_MAX = 512,
  STATES_MAX = 80,
  STEPS_MAX = 200000,
};

// What lies outside the process that is killed: the part of the database, whose commits are whole,
// and what each author was told.
struct outside {
  _Atomic int64_t commits;
  struct {
    int64_t entry_count;
    int64_t position;
  } head[2];  // of the last commit and of the next, by the parity of `commits`
  unsigned char log[LOG_ENTRIES_MAX][LEDGER_ENTRY_BYTES];
  _Atomic int64_t acknowledged[AUTHORS];
  _Atomic int64_t acknowledged_in_life;
  _Atomic bool adding;
};

static struct outside *make_outside(void)
{
  void *memory =
      mmap(NULL, sizeof(struct outside), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(memory, MAP_FAILED);
  return memory;
}

// ── The life that ends by kill -9 ───────────────────────────────────────────────────────────

struct life {
  struct kept *kept;
  struct outside *outside;
  int64_t ends_after;  // adds
  bool takes;          // else the ring only fills
};

struct author {
  struct life *life;
  int number;
  int64_t next;
};

// The author whose entry is the last of this life kills all, so that the others die wherever they
// are.
static void *add_for_ever(void *context)
{
  struct author *author = context;
  struct outside *outside = author->life->outside;
  int64_t adds = 0;
  while (adds < author->life->ends_after) {
    unsigned char entry[LEDGER_ENTRY_BYTES];
    ring_entry(author->number, author->next, entry);
    if (!kept_add(author->life->kept, entry))
      break;
    author->next++;
    atomic_store(&outside->acknowledged[author->number], author->next);
    adds = atomic_fetch_add(&outside->acknowledged_in_life, 1) + 1;
  }
  (void)kill(getpid(), SIGKILL);
  return NULL;
}

static void *take_for_ever(void *context)
{
  struct life *life = context;
  struct outside *outside = life->outside;
  for (;;) {
    int64_t commits = atomic_load(&outside->commits);
    int64_t count = outside->head[commits & 1].entry_count;
    int room = LOG_ENTRIES_MAX - count > TAKEN_MAX ? TAKEN_MAX : 0;
    int64_t position = 0;
    int taken = kept_take(life->kept, outside->log + count, room, &position);
    outside->head[(commits + 1) & 1].entry_count = count + taken;
    outside->head[(commits + 1) & 1].position = position;
    atomic_store(&outside->commits, commits + 1);
    kept_release(life->kept, position);
  }
  return NULL;
}

// Runs in the child.
static void live(struct life *life, const int64_t next[AUTHORS])
{
  struct author authors[AUTHORS];
  pthread_t thread;
  bool started = !life->takes || pthread_create(&thread, NULL, take_for_ever, life) == 0;
  for (int i = 0; started && i < AUTHORS; i++) {
    authors[i] = (struct author){life, i, next[i]};
    started = pthread_create(&thread, NULL, add_for_ever, &authors[i]) == 0;
  }
  if (started)
    (void)pthread_join(thread, NULL);
  _exit(1);
}

static void run_life(const struct ring_place *place, struct outside *outside,
                     const int64_t next[AUTHORS], struct life *life)
{
  int64_t commits = atomic_load(&outside->commits);
  atomic_store(&outside->acknowledged_in_life, 0);
  // What the life before added and could not acknowledge any more is known to be there.
  for (int k = 0; k < AUTHORS; k++)
    atomic_store(&outside->acknowledged[k], next[k]);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    struct err err = ERR_INIT;
    int64_t position = outside->head[commits & 1].position;
    if (kept_open(place->path, position, &life->kept, &err) != ERR_OK)
      _exit(1);
    live(life, next);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void count_entry(const unsigned char entry[LEDGER_ENTRY_BYTES], int64_t next[AUTHORS])
{
  int author = 0;
  int64_t number = 0;
  assert_true(ring_entry_read(entry, &author, &number));
  assert_in_range(author, 0, AUTHORS - 1);
  assert_int_equal(number, next[author]++);
}

// What was committed and what a reopened ring gives are together, for each author, all entries from
// the first on, whole, once and in order; next[] is how many.
static void count_all(const struct ring_place *place, const struct outside *outside,
                      int64_t next[AUTHORS])
{
  static unsigned char taken[KEPT_SLOTS][LEDGER_ENTRY_BYTES];
  int64_t commits = atomic_load(&outside->commits);
  int64_t position = outside->head[commits & 1].position;
  memset(next, 0, AUTHORS * sizeof *next);
  for (int64_t i = 0; i < outside->head[commits & 1].entry_count; i++)
    count_entry(outside->log[i], next);
  struct kept *kept = ring_open(place, position);
  int count = kept_take(kept, taken, KEPT_SLOTS, &position);
  for (int i = 0; i < count; i++)
    count_entry(taken[i], next);
  kept_close(kept);
}

// Life after life on one ring, each ended by kill -9 at a seeded moment: each acknowledged entry is
// there, and at most the one that an author was adding besides.
static void kept__loses_nothing_acknowledged_to_kill_9(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct outside *outside = make_outside();
  struct random_seeded seeded;
  random_seeded_init(&seeded, 4);
  struct random_source random = random_from_seed(&seeded);
  int64_t next[AUTHORS] = {0};
  for (int i = 0; i < LIVES; i++) {
    struct life life = {.outside = outside, .takes = i % 4 != 0};
    life.ends_after = 1 + (int64_t)(random_u64(&random) % LIFE_ENTRIES_MAX);
    run_life(&place, outside, next, &life);
    count_all(&place, outside, next);
    for (int k = 0; k < AUTHORS; k++) {
      int64_t acknowledged = atomic_load(&outside->acknowledged[k]);
      assert_in_range(next[k], acknowledged, acknowledged + 1);
    }
  }
  assert_int_equal(munmap(outside, sizeof *outside), 0);
  ring_place_remove(&place);
}

// ── Every instruction of an add ─────────────────────────────────────────────────────────────

struct states {
  int count;
  unsigned char slots[STATES_MAX][RING_SLOT_BYTES];
};

static void note_state(struct states *states, const volatile unsigned char *slot)
{
  unsigned char now[RING_SLOT_BYTES];
  for (int i = 0; i < RING_SLOT_BYTES; i++)
    now[i] = slot[i];
  if (states->count > 0 && memcmp(states->slots[states->count - 1], now, sizeof now) == 0)
    return;
  assert_true(states->count < STATES_MAX);
  memcpy(states->slots[states->count++], now, sizeof now);
}

// Runs in the child, which is stopped before and, step by step, while it adds.
static void add_traced(const struct ring_place *place, struct outside *outside, int64_t position)
{
  struct kept *kept = NULL;
  struct err err = ERR_INIT;
  unsigned char entry[LEDGER_ENTRY_BYTES];
  ring_entry(2, position, entry);
  if (kept_open(place->path, position, &kept, &err) != ERR_OK ||
      ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
    _exit(77);
  (void)raise(SIGSTOP);
  atomic_store(&outside->adding, true);
  bool added = kept_add(kept, entry);
  atomic_store(&outside->adding, false);
  atomic_store(&outside->acknowledged[0], added ? 1 : 0);
  _exit(0);
}

// Steps the child to its end. False if this system lets nobody trace.
static bool step_through(pid_t child, const struct outside *outside,
                         const volatile unsigned char *slot, struct states *ret_states)
{
  int status = 0;
  bool has_begun = false;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    return false;
  for (int step = 0; step < STEPS_MAX && !WIFEXITED(status); step++) {
    assert_true(WIFSTOPPED(status));
    bool is_adding = atomic_load(&outside->adding);
    has_begun = has_begun || is_adding;
    if (is_adding || !has_begun)
      note_state(ret_states, slot);
    enum __ptrace_request how = has_begun && !is_adding ? PTRACE_CONT : PTRACE_SINGLESTEP;
    assert_int_equal(ptrace(how, child, NULL, NULL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
  }
  note_state(ret_states, slot);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assert_int_equal(atomic_load(&outside->acknowledged[0]), 1);
  return true;
}

static const unsigned char *map_slot(const struct ring_place *place)
{
  int file = open(place->path, O_RDONLY | O_CLOEXEC);
  assert_true(file >= 0);
  const unsigned char *mapping =
      mmap(NULL, RING_HEAD_BYTES + RING_SLOT_BYTES, PROT_READ, MAP_SHARED, file, 0);
  assert_ptr_not_equal(mapping, MAP_FAILED);
  assert_int_equal(close(file), 0);
  return mapping + RING_HEAD_BYTES;
}

// A ring of which every slot has held an entry, all released.
static void fill_one_lap(const struct ring_place *place)
{
  struct kept *kept = ring_open(place, 0);
  for (int64_t i = 0; i < KEPT_SLOTS; i++) {
    unsigned char entry[LEDGER_ENTRY_BYTES];
    ring_entry(1, i, entry);
    assert_true(kept_add(kept, entry));
  }
  kept_close(kept);
}

// A thread that takes while another adds goes by the number alone, which therefore comes last.
static void assert_number_comes_last(const struct states *states, uint64_t sequence)
{
  for (int i = 0; i < states->count; i++) {
    uint64_t seen = 0;
    memcpy(&seen, states->slots[i], sizeof seen);
    assert_int_equal(seen == sequence, i == states->count - 1);
  }
}

// After whichever instruction of an add the process ends, the entry is there as a whole or not at
// all, and never the one that stood in its slot before; when the add has returned, it is there.
static void kept__has_no_instant_with_half_an_entry(void **state)
{
  (void)state;
  struct ring_place place = ring_place_make();
  struct outside *outside = make_outside();
  struct states states = {.count = 0};
  fill_one_lap(&place);
  const unsigned char *slot = map_slot(&place);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    add_traced(&place, outside, KEPT_SLOTS);
  bool was_traced = step_through(child, outside, slot, &states);
  assert_number_comes_last(&states, (uint64_t)KEPT_SLOTS + 1);
  for (int i = 0; i < states.count; i++) {
    ring_file_write(&place, RING_HEAD_BYTES, states.slots[i], RING_SLOT_BYTES);
    struct kept *kept = ring_open(&place, KEPT_SLOTS);
    unsigned char taken[2][LEDGER_ENTRY_BYTES];
    int64_t position = 0;
    int count = kept_take(kept, taken, 2, &position);
    kept_close(kept);
    assert_int_equal(count, i == states.count - 1);
    int author = 0;
    int64_t number = 0;
    if (count == 1)
      assert_true(ring_entry_read(taken[0], &author, &number) && author == 2);
  }
  assert_int_equal(
      munmap((void *)(uintptr_t)(slot - RING_HEAD_BYTES), RING_HEAD_BYTES + RING_SLOT_BYTES), 0);
  assert_int_equal(munmap(outside, sizeof *outside), 0);
  ring_place_remove(&place);
  if (!was_traced)
    skip();
  assert_true(states.count > 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kept__loses_nothing_acknowledged_to_kill_9),
      cmocka_unit_test(kept__has_no_instant_with_half_an_entry),
  };
  return cmocka_run_group_tests_name("ledger_kept_kill", tests, NULL, NULL);
}
