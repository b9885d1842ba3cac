#define _GNU_SOURCE  // mkdtemp
#include "governed.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/verbs.h"
#include "retain/erase.h"
#include "store/store.h"

_Noreturn void bench_fail(const char *what, const char *why)
{
  (void)fprintf(stderr, "bench: %s: %s\n", what, why);
  exit(1);
}

static void must(enum err_code code, const char *what, const struct err *err)
{
  if (code != ERR_OK)
    bench_fail(what, err->message);
}

int64_t bench_now_us(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
    bench_fail("clock", "no monotonic clock");
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

uint64_t bench_random(uint64_t *state)
{
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t mixed = *state;
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
  return mixed ^ mixed >> 31;
}

void bench_value(int64_t record, uint64_t salt, char ret_value[BENCH_VALUE_BYTES])
{
  memset(ret_value, 'x', BENCH_VALUE_BYTES);
  for (size_t i = 0; i < sizeof record; i++)  // text: no byte is zero
    ret_value[i] = (char)('0' + ((record >> 8 * i) & 63));
  for (size_t i = 0; i < sizeof salt; i++)
    ret_value[BENCH_VALUE_BYTES - 1 - i] = (char)('0' + ((salt >> 6 * i) & 63));
}

// ── The home ────────────────────────────────────────────────────────────────────────────────

static void activate(struct governed *governed)
{
  static char text[16 * 1024];
  struct err err = ERR_INIT;
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/bench/policy.yaml", "rb");
  if (file == NULL)
    bench_fail("policy", "cannot open bench/policy.yaml");
  size_t length = fread(text, 1, sizeof text, file);
  (void)fclose(file);
  struct policy_activate_input input = {"bench/policy.yaml", view_bytes(text, length)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  must(home_perform(governed->home, &operation, &err), "activate", &err);
  must(core_policy_changed(home_core(governed->home), &err), "activate", &err);
}

static void find_names(struct governed *governed)
{
  const struct policy *policy = core_policy(home_core(governed->home));
  for (int i = 0; i < BENCH_FIELDS; i++) {
    char name[] = "datum.a";
    name[6] = (char)('a' + i);
    governed->fields[i] = policy_field(policy, view_of(name));
  }
  governed->role = policy_role(policy, VIEW_LITERAL("clerk"));
  governed->purpose = policy_purpose(policy, VIEW_LITERAL("service"));
  governed->point = policy_point(policy, VIEW_LITERAL("form"));
  governed->source = policy_source(policy, VIEW_LITERAL("self"));
}

enum { LOAD_BATCH = 64 };

// The salt of a value that was loaded.
enum { LOADED = 0 };

static struct record_id record_of(const struct governed *governed, struct person_id person,
                                  int field)
{
  int32_t number =
      names_number_at(core_names(home_core(governed->home)), NAME_FIELD, governed->fields[field]);
  return record_id_make(person, number, 0);
}

struct load {
  struct person_add_output person;
  struct thing_add_input contract_input;
  struct thing_add_output contract;
  char bytes[BENCH_FIELDS][BENCH_VALUE_BYTES];
  struct record_value values[BENCH_FIELDS];
  struct record_put_input put_input;
  struct record_put_output put;
  struct operation operation;
};

static void run_all(struct core *core, struct load *loads, int count)
{
  struct err err = ERR_INIT;
  for (int i = 0; i < count; i++)
    core_submit(core, &loads[i].operation);
  must(core_run(core, &err), "load", &err);
  for (int i = 0; i < count; i++)
    must(loads[i].operation.code, "load", &loads[i].operation.err);
}

static void load_some(struct governed *governed, struct load *loads, int count)
{
  static struct person_add_input nobody_special;
  struct core *core = home_core(governed->home);
  int32_t contract = policy_thing(core_policy(core), VIEW_LITERAL("contract"));
  for (int i = 0; i < count; i++)
    loads[i].operation =
        (struct operation)OPERATION(&verb_person_add, &nobody_special, &loads[i].person);
  run_all(core, loads, count);
  for (int i = 0; i < count; i++) {
    loads[i].contract_input =
        (struct thing_add_input){loads[i].person.person, contract, {0}, core_now_us(core)};
    loads[i].operation =
        (struct operation)OPERATION(&verb_thing_add, &loads[i].contract_input, &loads[i].contract);
  }
  run_all(core, loads, count);
  for (int i = 0; i < count; i++) {
    struct load *load = &loads[i];
    for (int k = 0; k < BENCH_FIELDS; k++) {
      bench_value(record_of(governed, load->person.person, k).value, LOADED, load->bytes[k]);
      load->values[k] =
          (struct record_value){governed->fields[k], view_bytes(load->bytes[k], BENCH_VALUE_BYTES)};
    }
    load->put_input = (struct record_put_input){.person = load->person.person,
                                                .point = governed->point,
                                                .source = governed->source,
                                                .values = load->values,
                                                .value_count = BENCH_FIELDS};
    load->operation = (struct operation)OPERATION(&verb_record_put, &load->put_input, &load->put);
  }
  run_all(core, loads, count);
}

void governed_make(struct governed *governed, int64_t persons)
{
  struct err err = ERR_INIT;
  *governed = (struct governed){.person_count = persons};
  (void)snprintf(governed->folder, sizeof governed->folder, "/var/tmp/forvar-bench-XXXXXX");
  if (mkdtemp(governed->folder) == NULL)
    bench_fail("folder", "cannot be made");
  struct home_make_options options = {
      .folder = governed->folder, .origin = "bench.example/forvar", .node = 1};
  must(home_make(&options, &err), "home", &err);
  must(home_open(governed->folder, &governed->home, &err), "home", &err);
  activate(governed);
  find_names(governed);
  governed->persons = calloc((size_t)persons, sizeof *governed->persons);
  struct load *loads = calloc(LOAD_BATCH, sizeof *loads);
  if (governed->persons == NULL || loads == NULL)
    bench_fail("memory", "none left");
  for (int64_t done = 0; done < persons; done += LOAD_BATCH) {
    int count = persons - done < LOAD_BATCH ? (int)(persons - done) : LOAD_BATCH;
    load_some(governed, loads, count);
    for (int i = 0; i < count; i++)
      governed->persons[done + i] = loads[i].person.person;
  }
  free(loads);
  must(store_checkpoint(core_store(home_core(governed->home)), true, &err), "checkpoint", &err);
  must(home_reader(governed->home, &governed->reader, &err), "reader", &err);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
  (void)stat;
  (void)type;
  (void)walk;
  return remove(path);
}

void governed_remove(struct governed *governed)
{
  reader_close(governed->reader);
  home_close(governed->home);
  (void)nftw(governed->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(governed->persons);
}

void governed_put(struct governed *governed, struct person_id person, int32_t field, uint64_t salt)
{
  struct err err = ERR_INIT;
  char bytes[BENCH_VALUE_BYTES];
  bench_value(record_of(governed, person, field).value, salt, bytes);
  struct record_value value = {governed->fields[field], view_bytes(bytes, sizeof bytes)};
  struct record_put_input input = {.person = person,
                                   .point = governed->point,
                                   .source = governed->source,
                                   .values = &value,
                                   .value_count = 1};
  struct record_put_output output;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  must(home_perform(governed->home, &operation, &err), "put", &err);
}

void governed_read(struct governed *governed, struct reader *reader, struct arena *arena,
                   struct person_id person, int32_t field, enum ledger_mode mode)
{
  struct err err = ERR_INIT;
  struct use_request request = {.actor = {1, governed->role, -1},
                                .person = person,
                                .purpose = governed->purpose,
                                .field = governed->fields[field],
                                .channel = GATE_NO_CHANNEL,
                                .mode = mode};
  struct use_answer answer;
  must(home_use(governed->home, reader, &request, arena, &answer, &err), "use", &err);
  char expected[BENCH_VALUE_BYTES];
  bench_value(record_of(governed, person, field).value, LOADED, expected);
  if (answer.value_count != 1 || answer.values[0].value.length != BENCH_VALUE_BYTES ||
      memcmp(answer.values[0].value.bytes, expected, 80) != 0)
    bench_fail("use", "not the value that was put");
  arena_rewind(arena);
}

void governed_erase(struct governed *governed, struct person_id person)
{
  struct err err = ERR_INIT;
  static struct erase_output output;
  struct erase_input input = {.person = person};
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  must(home_perform(governed->home, &operation, &err), "erase", &err);
}

// ── Bare SQLite ─────────────────────────────────────────────────────────────────────────────

static void bare_must(struct bare *bare, int result, int expected)
{
  if (result != expected)
    bench_fail("sqlite", sqlite3_errmsg(bare->database));
}

static void bare_run(struct bare *bare, const char *sql)
{
  bare_must(bare, sqlite3_exec(bare->database, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void bare_prepare(struct bare *bare, const char *sql, sqlite3_stmt **ret_statement)
{
  bare_must(
      bare,
      sqlite3_prepare_v3(bare->database, sql, -1, SQLITE_PREPARE_PERSISTENT, ret_statement, NULL),
      SQLITE_OK);
}

static void bare_bind_put(struct bare *bare, int64_t record, uint64_t salt)
{
  char bytes[BENCH_VALUE_BYTES];
  bench_value(record, salt, bytes);
  bare_must(bare, sqlite3_bind_int64(bare->put, 1, record), SQLITE_OK);
  bare_must(bare, sqlite3_bind_blob(bare->put, 2, bytes, sizeof bytes, SQLITE_TRANSIENT),
            SQLITE_OK);
  bare_must(bare, sqlite3_step(bare->put), SQLITE_DONE);
  bare_must(bare, sqlite3_reset(bare->put), SQLITE_OK);
}

void bare_make(struct bare *bare, const struct governed *governed)
{
  (void)snprintf(bare->path, sizeof bare->path, "%s.bare", governed->folder);
  if (sqlite3_open(bare->path, &bare->database) != SQLITE_OK)
    bench_fail("sqlite", "cannot open");
  bare_run(bare,
           "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=2147483648;"
           "PRAGMA wal_autocheckpoint=16000; PRAGMA secure_delete=ON;"
           "CREATE TABLE bare (record INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT");
  bare_prepare(bare, "SELECT value FROM bare WHERE record = ?1", &bare->get);
  bare_prepare(bare,
               "INSERT INTO bare VALUES (?1, ?2)"
               " ON CONFLICT (record) DO UPDATE SET value = excluded.value",
               &bare->put);
  bare_prepare(bare, "DELETE FROM bare WHERE record BETWEEN ?1 AND ?2", &bare->erase);
  bare_run(bare, "BEGIN");
  for (int64_t i = 0; i < governed->person_count; i++)
    for (int k = 0; k < BENCH_FIELDS; k++)
      bare_bind_put(bare, record_of(governed, governed->persons[i], k).value, LOADED);
  bare_run(bare, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN");
}

void bare_remove(struct bare *bare)
{
  char side[100];
  (void)sqlite3_finalize(bare->get);
  (void)sqlite3_finalize(bare->put);
  (void)sqlite3_finalize(bare->erase);
  (void)sqlite3_close(bare->database);
  (void)unlink(bare->path);
  (void)snprintf(side, sizeof side, "%s-wal", bare->path);
  (void)unlink(side);
  (void)snprintf(side, sizeof side, "%s-shm", bare->path);
  (void)unlink(side);
}

void bare_read(struct bare *bare, int64_t record)
{
  bare_must(bare, sqlite3_bind_int64(bare->get, 1, record), SQLITE_OK);
  bare_must(bare, sqlite3_step(bare->get), SQLITE_ROW);
  char expected[BENCH_VALUE_BYTES];
  bench_value(record, LOADED, expected);
  if (sqlite3_column_bytes(bare->get, 0) != BENCH_VALUE_BYTES ||
      memcmp(sqlite3_column_blob(bare->get, 0), expected, 80) != 0)
    bench_fail("sqlite", "not the value that was put");
  bare_must(bare, sqlite3_reset(bare->get), SQLITE_OK);
}

void bare_put(struct bare *bare, int64_t record, uint64_t salt)
{
  bare_run(bare, "COMMIT; BEGIN IMMEDIATE");
  bare_bind_put(bare, record, salt);
  bare_run(bare, "COMMIT; BEGIN");
}

void bare_erase(struct bare *bare, int64_t first, int64_t last)
{
  bare_run(bare, "COMMIT; BEGIN IMMEDIATE");
  bare_must(bare, sqlite3_bind_int64(bare->erase, 1, first), SQLITE_OK);
  bare_must(bare, sqlite3_bind_int64(bare->erase, 2, last), SQLITE_OK);
  bare_must(bare, sqlite3_step(bare->erase), SQLITE_DONE);
  bare_must(bare, sqlite3_reset(bare->erase), SQLITE_OK);
  bare_run(bare, "COMMIT; BEGIN");
}
