// A home for measuring, beside a bare SQLite table with the same ids, values and transaction
// style. Everything that fails ends the program: a figure from a broken run says nothing.
#ifndef FORVAR_BENCH_GOVERNED_H
#define FORVAR_BENCH_GOVERNED_H

#include <sqlite3.h>
#include <stdint.h>

#include "core/use.h"
#include "home/home.h"

enum { BENCH_FIELDS = 10, BENCH_VALUE_BYTES = 100 };

struct governed {
  char folder[64];
  struct home *home;
  struct reader *reader;
  struct person_id *persons;
  int64_t person_count;
  int32_t fields[BENCH_FIELDS];
  int32_t role, purpose, point, source;
};

// Makes the home and loads `persons` people with ten values each.
void governed_make(struct governed *governed, int64_t persons);
void governed_remove(struct governed *governed);
void governed_put(struct governed *governed, struct person_id person, int32_t field, uint64_t salt);
// Uses one value; the program ends if it is not the right one.
void governed_read(struct governed *governed, struct reader *reader, struct arena *arena,
                   struct person_id person, int32_t field, enum ledger_mode mode);
void governed_erase(struct governed *governed, struct person_id person);
// The value that belongs to a record.
void bench_value(int64_t record, uint64_t salt, char ret_value[BENCH_VALUE_BYTES]);

struct bare {
  char path[80];
  sqlite3 *database;
  sqlite3_stmt *get, *put, *erase;
};
// The same records under the same packed keys, without any policy.
void bare_make(struct bare *bare, const struct governed *governed);
void bare_remove(struct bare *bare);
void bare_read(struct bare *bare, int64_t record);
void bare_put(struct bare *bare, int64_t record, uint64_t salt);  // one commit, FULL
void bare_erase(struct bare *bare, int64_t first, int64_t last);  // one commit, FULL

int64_t bench_now_us(void);  // monotonic
// The next number of a cheap generator (SplitMix64): a better one would be a tenth of a read.
uint64_t bench_random(uint64_t *state);
_Noreturn void bench_fail(const char *what, const char *why);

#endif
