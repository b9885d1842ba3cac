// The thread through the public library, on a home in a folder: put, use, the same use refused for
// another purpose, several threads at once, opening again.
#define _GNU_SOURCE  // mkdtemp
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../base/temporary.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/verbs.h"
#include "forvar.h"
#include "home/home.h"

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
  (void)stat;
  (void)type;
  (void)walk;
  return remove(path);
}

struct test_home {
  char root[64];
  char folder[80];
};

static void activate(const char *folder)
{
  static char text[64 * 1024];
  struct err err = ERR_INIT;
  struct home *home = NULL;
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", "rb");
  assert_non_null(file);
  size_t length = fread(text, 1, sizeof text, file);
  fclose(file);
  assert_int_equal(home_open(folder, &home, &err), ERR_OK);
  struct policy_activate_input input = {"framsteget.yaml", view_bytes(text, length)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  assert_int_equal(home_perform(home, &operation, &err), ERR_OK);
  assert_int_equal(core_policy_changed(home_core(home), &err), ERR_OK);
  home_close(home);
}

static int begin(void **state)
{
  struct test_home *test = calloc(1, sizeof *test);
  if (!temporary_folder("home", test->root))
    return -1;
  snprintf(test->folder, sizeof test->folder, "%s/home", test->root);
  struct err err = ERR_INIT;
  struct home_make_options options = {
      .folder = test->folder, .origin = "test.example/library", .node = 1};
  if (home_make(&options, &err) != ERR_OK) {
    print_error("%s (%s)\n", err.message, err.where);
    return -1;
  }
  activate(test->folder);
  *state = test;
  return 0;
}

static int end(void **state)
{
  struct test_home *test = *state;
  nftw(test->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(test);
  return 0;
}

static void collect(void *context, const void *bytes, size_t length)
{
  char *text = context;
  size_t at = strlen(text);
  memcpy(text + at, bytes, length);
  text[at + length] = '\0';
}

static struct forvar *open_home(void **state)
{
  struct test_home *test = *state;
  struct forvar *forvar = NULL;
  struct forvar_error error = {.id = ""};
  enum forvar_result result = forvar_open(test->folder, &forvar, &error);
  if (result != FORVAR_OK)
    print_error("%s (%s) %s\n", error.message, error.where, error.hint);
  assert_int_equal(result, FORVAR_OK);
  return forvar;
}

static void add_customer(struct forvar *forvar, char *ret_person)
{
  char contract[FORVAR_ID_BYTES];
  struct forvar_error error;
  assert_int_equal(forvar_person_add(forvar, ret_person, &error), FORVAR_OK);
  assert_int_equal(
      forvar_thing_add(forvar, ret_person, "contract", NULL, "2025-02-01", contract, &error),
      FORVAR_OK);
}

static enum forvar_result put_ip(struct forvar *forvar, const char *person, const char *ip,
                                 const unsigned char *key, struct forvar_error *error)
{
  struct forvar_value value = {"traffic.ip", ip, strlen(ip)};
  struct forvar_put put = {.person = person,
                           .point = "access_log",
                           .source = "generated",
                           .values = &value,
                           .value_count = 1,
                           .operation_key = key};
  return forvar_put(forvar, &put, error);
}

// What is put can be used for its purpose, and the same use for another purpose is refused with
// the reason, the line of the policy and the article. [FR-49] [GDPR 5(1)(b)]
static void use__is_allowed_for_its_purpose_and_refused_for_another(void **state)
{
  struct forvar *forvar = open_home(state);
  char person[FORVAR_ID_BYTES];
  struct forvar_error error;
  add_customer(forvar, person);
  assert_int_equal(put_ip(forvar, person, "192.0.2.7", NULL, &error), FORVAR_OK);
  char values[200] = "";
  struct forvar_use use = {
      .person = person, .role = "security", .purpose = "security", .field = "traffic.ip"};
  assert_int_equal(forvar_use(forvar, &use, collect, values, &error), FORVAR_OK);
  assert_string_equal(values, "192.0.2.7");
  use.kept = 1;
  values[0] = '\0';
  assert_int_equal(forvar_use(forvar, &use, collect, values, &error), FORVAR_OK);
  assert_string_equal(values, "192.0.2.7");
  use.role = "seller";
  use.purpose = "direct_marketing";
  assert_int_equal(forvar_use(forvar, &use, collect, values, &error), FORVAR_REFUSED);
  assert_string_equal(error.reason, "no_purpose");
  assert_string_equal(error.rule, "GDPR 5(1)(b)");
  assert_non_null(strstr(error.where, "framsteget version 1 line "));
  forvar_close(forvar);
}

// The same operation key writes once, however often it is repeated, also after opening again; the
// same key for another request is refused.
static void put__with_a_key_is_done_once(void **state)
{
  static const unsigned char key[FORVAR_OPERATION_KEY_BYTES] = "one operation..";
  struct forvar *forvar = open_home(state);
  char person[FORVAR_ID_BYTES];
  struct forvar_error error;
  add_customer(forvar, person);
  assert_int_equal(put_ip(forvar, person, "192.0.2.7", key, &error), FORVAR_OK);
  assert_int_equal(put_ip(forvar, person, "192.0.2.7", key, &error), FORVAR_OK);
  forvar_close(forvar);
  forvar = open_home(state);
  assert_int_equal(put_ip(forvar, person, "192.0.2.7", key, &error), FORVAR_OK);
  assert_int_equal(put_ip(forvar, person, "192.0.2.8", key, &error), FORVAR_CONFLICT);
  char values[200] = "";
  struct forvar_use use = {
      .person = person, .role = "security", .purpose = "security", .field = "traffic.ip"};
  assert_int_equal(forvar_use(forvar, &use, collect, values, &error), FORVAR_OK);
  assert_string_equal(values, "192.0.2.7");
  forvar_close(forvar);
}

// One process owns a home.
static void home__is_taken_by_whoever_opened_it(void **state)
{
  struct test_home *test = *state;
  struct forvar *forvar = open_home(state);
  struct forvar *second = NULL;
  struct forvar_error error;
  assert_int_equal(forvar_open(test->folder, &second, &error), FORVAR_BUSY);
  char expected[80];
  snprintf(expected, sizeof expected, "the home is in use by process %ld", (long)getpid());
  assert_string_equal(error.message, expected);
  forvar_close(forvar);
}

enum { THREADS = 8, PUTS = 20 };

struct writer {
  struct forvar *forvar;
  char person[FORVAR_ID_BYTES];
  int number;
  int failures;
};

static void *write_and_read(void *context)
{
  struct writer *writer = context;
  struct forvar_error error;
  for (int i = 0; i < PUTS; i++) {
    char ip[32];
    char values[1000] = "";
    snprintf(ip, sizeof ip, "192.0.2.%d", writer->number * PUTS + i);
    writer->failures += put_ip(writer->forvar, writer->person, ip, NULL, &error) != FORVAR_OK;
    struct forvar_use use = {
        .person = writer->person, .role = "security", .purpose = "security", .field = "traffic.ip"};
    writer->failures += forvar_use(writer->forvar, &use, collect, values, &error) != FORVAR_OK;
    writer->failures += strstr(values, ip) == NULL;  // what was acknowledged is there
  }
  return NULL;
}

// Many threads put and read at once: each reads what it wrote as soon as it is acknowledged.
static void threads__read_what_they_wrote(void **state)
{
  struct forvar *forvar = open_home(state);
  struct writer writers[THREADS];
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    writers[i] = (struct writer){.forvar = forvar, .number = i};
    add_customer(forvar, writers[i].person);
  }
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, write_and_read, &writers[i]), 0);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failures, 0);
  }
  forvar_close(forvar);
}

enum { LOG_HEAD_BYTES = 32, LOG_COMMITS_MAX = 6000 };

// The head of SQLite's write-ahead log changes whenever the log is begun anew.
static void read_log_head(const struct test_home *test, unsigned char ret_head[LOG_HEAD_BYTES])
{
  char path[100];
  snprintf(path, sizeof path, "%s/data.db-wal", test->folder);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fread(ret_head, 1, LOG_HEAD_BYTES, file), LOG_HEAD_BYTES);
  fclose(file);
}

// A reader keeps its snapshot between uses. One that nobody uses must not keep the log from being
// begun anew: it would grow without end, and each commit would be slower than the one before.
static void log__is_begun_anew_beside_an_idle_reader(void **state)
{
  struct forvar *forvar = open_home(state);
  char person[FORVAR_ID_BYTES];
  struct forvar_error error;
  add_customer(forvar, person);
  assert_int_equal(put_ip(forvar, person, "192.0.2.7", NULL, &error), FORVAR_OK);
  char values[200] = "";
  struct forvar_use use = {
      .person = person, .role = "security", .purpose = "security", .field = "traffic.ip"};
  assert_int_equal(forvar_use(forvar, &use, collect, values, &error), FORVAR_OK);
  unsigned char first[LOG_HEAD_BYTES];
  unsigned char head[LOG_HEAD_BYTES];
  read_log_head(*state, first);
  int commits = 0;
  do {
    char other[FORVAR_ID_BYTES];
    assert_int_equal(forvar_person_add(forvar, other, &error), FORVAR_OK);
    read_log_head(*state, head);
    commits++;
  } while (commits < LOG_COMMITS_MAX && memcmp(head, first, LOG_HEAD_BYTES) == 0);
  assert_in_range(commits, 1, LOG_COMMITS_MAX - 1);
  forvar_close(forvar);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(use__is_allowed_for_its_purpose_and_refused_for_another,
                                      begin, end),
      cmocka_unit_test_setup_teardown(put__with_a_key_is_done_once, begin, end),
      cmocka_unit_test_setup_teardown(home__is_taken_by_whoever_opened_it, begin, end),
      cmocka_unit_test_setup_teardown(threads__read_what_they_wrote, begin, end),
      cmocka_unit_test_setup_teardown(log__is_begun_anew_beside_an_idle_reader, begin, end),
  };
  return cmocka_run_group_tests_name("home library", tests, NULL, NULL);
}
