#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

// Setting an error writes code and message and clears what an older error left.
static void err__set_writes_and_clears(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  assert_int_equal(err_set(&err, ERR_INPUT, "value %d of %s", 7, "field"), ERR_INPUT);
  err_where(&err, "line %d", 3);
  err_hint(&err, "write a number");
  assert_int_equal(err_rule(&err, "GDPR %d", 5), ERR_INPUT);
  assert_string_equal(err.message, "value 7 of field");
  assert_string_equal(err.where, "line 3");
  assert_string_equal(err.hint, "write a number");
  assert_string_equal(err.rule, "GDPR 5");
  assert_int_equal(err_set(&err, ERR_BUSY, "in use"), ERR_BUSY);
  assert_int_equal(err.code, ERR_BUSY);
  assert_string_equal(err.message, "in use");
  assert_string_equal(err.where, "");
  assert_string_equal(err.hint, "");
  assert_string_equal(err.rule, "");
}

// Who wants only the code gives NULL.
static void err__takes_null(void **state)
{
  (void)state;
  assert_int_equal(err_set(NULL, ERR_KEY, "gone"), ERR_KEY);
  assert_int_equal(err_where(NULL, "here"), ERR_SYSTEM);
  assert_int_equal(err_hint(NULL, "do"), ERR_SYSTEM);
  assert_int_equal(err_rule(NULL, "law"), ERR_SYSTEM);
}

// Text at the limit is kept whole, text past it is cut.
static void err__cuts_at_the_limit(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  char text[ERR_MESSAGE_BYTES + 1];
  memset(text, 'x', sizeof text);
  text[ERR_MESSAGE_BYTES - 1] = '\0';
  err_set(&err, ERR_INPUT, "%s", text);
  assert_string_equal(err.message, text);
  text[ERR_MESSAGE_BYTES - 1] = 'y';
  text[ERR_MESSAGE_BYTES] = '\0';
  err_set(&err, ERR_INPUT, "%s", text);
  assert_int_equal(strlen(err.message), ERR_MESSAGE_BYTES - 1);
  assert_int_equal(err.message[ERR_MESSAGE_BYTES - 2], 'x');
}

// The registry: ids are lower case and differ, statuses and exit codes lie in their ranges.
static void err__registry_is_sound(void **state)
{
  (void)state;
  for (int code = ERR_OK + 1; code < ERR_COUNT; code++) {
    const char *id = err_id((enum err_code)code);
    assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz_"), strlen(id));
    assert_true(strlen(err_title((enum err_code)code)) > 0);
    assert_in_range(err_http_status((enum err_code)code), 400, 599);
    assert_in_range(err_exit_code((enum err_code)code), 1, 12);
    for (int other = ERR_OK; other < code; other++)
      assert_string_not_equal(id, err_id((enum err_code)other));
  }
}

struct registry_row {
  enum err_code code;
  const char *id;
  int http_status;
  int exit_code;
  bool may_retry;
};

// Rows that scripts and programs outside rely on.
static void err__known_rows(void **state)
{
  static const struct registry_row rows[] = {
      {ERR_OK, "ok", 200, 0, false},
      {ERR_USAGE, "usage", 400, 2, false},
      {ERR_FINDINGS, "findings", 422, 3, false},
      {ERR_NOT_FOUND, "not_found", 404, 5, false},
      {ERR_REFUSED, "refused", 403, 7, false},
      {ERR_BUSY, "busy", 503, 11, true},
      {ERR_INTEGRITY, "integrity", 500, 12, false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    assert_string_equal(err_id(rows[i].code), rows[i].id);
    assert_int_equal(err_http_status(rows[i].code), rows[i].http_status);
    assert_int_equal(err_exit_code(rows[i].code), rows[i].exit_code);
    assert_int_equal(err_may_retry(rows[i].code), rows[i].may_retry);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(err__set_writes_and_clears),
      cmocka_unit_test(err__takes_null),
      cmocka_unit_test(err__cuts_at_the_limit),
      cmocka_unit_test(err__registry_is_sound),
      cmocka_unit_test(err__known_rows),
  };
  return cmocka_run_group_tests_name("base_err", tests, NULL, NULL);
}
