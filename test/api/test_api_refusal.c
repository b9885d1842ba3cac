// What a caller is told of a refusal is taken from the error itself.
#include "api/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct row {
  enum err_code code;
  const char *message, *where;
  const char *reason, *policy;
  int64_t version, line, column;
};

static const struct row rows[] = {
    {ERR_REFUSED, "refused: ended", "shop version 12 line 7 column 3", "ended", "shop", 12, 7, 3},
    {ERR_REFUSED, "refused: role", "", "role", "", 0, 0, 0},
    // A place that is none of the policy's.
    {ERR_REFUSED, "refused: role", "/values/contact.email", "role", "", 0, 0, 0},
    {ERR_REFUSED, "refused: role", "shop version x line 7 column 3", "role", "", 0, 0, 0},
    {ERR_REFUSED, "refused: role", "shop version 12 line 7", "role", "", 0, 0, 0},
    // Errors that are no refusals have no reason, whatever they say.
    {ERR_INPUT, "refused: ended", "shop version 12 line 7 column 3", "", "", 0, 0, 0},
    {ERR_REFUSED, "the person said no", "", "", "", 0, 0, 0},
};

// Reason and line are found where they are, and nothing is found where they are not.
static void refusal__is_taken_apart(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct row *row = &rows[i];
    struct err err = ERR_INIT;
    err_set(&err, row->code, "%s", row->message);
    (void)err_where(&err, "%s", row->where);
    struct refusal refusal = refusal_of(&err);
    assert_true(view_is(refusal.reason, row->reason));
    assert_true(view_is(refusal.policy, row->policy));
    if (refusal.policy.length == 0)
      continue;
    assert_int_equal(refusal.version, row->version);
    assert_int_equal(refusal.line, row->line);
    assert_int_equal(refusal.column, row->column);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(refusal__is_taken_apart)};
  return cmocka_run_group_tests_name("api_refusal", tests, NULL, NULL);
}
