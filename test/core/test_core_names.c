// The register of names: a number belongs to its name for ever, an index to one version of the
// policy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/names.h"
#include "policy/policy.h"

static void must(enum err_code code, const struct err *err)
{
  if (code != ERR_OK)
    fail_msg("%s", err->message);
}

static void enter(struct names *names, enum name_kind kind, int64_t number, const char *name)
{
  struct err err = ERR_INIT;
  must(names_enter(names, kind, number, view_of(name), &err), &err);
}

// Only what the register reads of a policy.
static const struct field old_fields[] = {{.name = "contact.name"}, {.name = "contact.email"}};
static const struct field new_fields[] = {
    {.name = "contact.phone"}, {.name = "contact.email"}, {.name = "contact.name"}};
static const struct role old_roles[] = {{.name = "support"}};
static const struct policy old_policy = {
    .fields = old_fields, .field_count = 2, .roles = old_roles, .role_count = 1};
static const struct policy new_policy = {.fields = new_fields, .field_count = 3};

// A name is found by its number and the number by its name, each kind for itself.
static void names__are_kept_by_kind(void **state)
{
  (void)state;
  struct names *names = names_new();
  assert_non_null(names);
  enter(names, NAME_FIELD, 1, "contact.name");
  enter(names, NAME_PURPOSE, 1, "service");
  enter(names, NAME_PURPOSE, NAMES_MAX, "last");
  assert_int_equal(names_number(names, NAME_FIELD, VIEW_LITERAL("contact.name")), 1);
  assert_int_equal(names_number(names, NAME_FIELD, VIEW_LITERAL("service")), 0);
  assert_int_equal(names_number(names, NAME_PURPOSE, VIEW_LITERAL("last")), NAMES_MAX);
  assert_int_equal(names_number(names, NAME_PURPOSE, VIEW_LITERAL("las")), 0);
  assert_string_equal(names_text(names, NAME_PURPOSE, 1), "service");
  assert_null(names_text(names, NAME_PURPOSE, 2));
  assert_null(names_text(names, NAME_PURPOSE, 0));
  assert_null(names_text(names, NAME_PURPOSE, -1));
  assert_null(names_text(names, NAME_PURPOSE, NAMES_MAX + 1));
  names_free(names);
}

// A number out of range or given twice means that the register was changed outside the program.
static void names__refuse_a_number_twice_or_out_of_range(void **state)
{
  (void)state;
  static const int64_t bad[] = {0, -1, NAMES_MAX + 1, INT64_MAX, INT64_MIN, 7};
  struct names *names = names_new();
  enter(names, NAME_FIELD, 7, "contact.name");
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct err err = ERR_INIT;
    assert_int_equal(names_enter(names, NAME_FIELD, bad[i], VIEW_LITERAL("other"), &err),
                     ERR_INTEGRITY);
  }
  assert_string_equal(names_text(names, NAME_FIELD, 7), "contact.name");
  names_free(names);
}

// Each version orders its names as it likes: indices follow, numbers stay.
static void names__follow_the_version_that_is_bound(void **state)
{
  (void)state;
  struct names *names = names_new();
  enter(names, NAME_FIELD, 1, "contact.name");
  enter(names, NAME_FIELD, 2, "contact.email");
  enter(names, NAME_FIELD, 3, "contact.phone");
  enter(names, NAME_ROLE, 1, "support");
  assert_int_equal(names_index(names, NAME_FIELD, 1), NAME_NONE);
  names_bind(names, &old_policy);
  assert_int_equal(names_index(names, NAME_FIELD, 1), 0);
  assert_int_equal(names_index(names, NAME_FIELD, 2), 1);
  assert_int_equal(names_index(names, NAME_FIELD, 3), NAME_NONE);
  assert_int_equal(names_index(names, NAME_ROLE, 1), 0);
  assert_int_equal(names_number_at(names, NAME_FIELD, 1), 2);
  names_bind(names, &new_policy);
  assert_int_equal(names_index(names, NAME_FIELD, 1), 2);
  assert_int_equal(names_index(names, NAME_FIELD, 2), 1);
  assert_int_equal(names_index(names, NAME_FIELD, 3), 0);
  assert_int_equal(names_index(names, NAME_ROLE, 1), NAME_NONE);
  assert_int_equal(names_number_at(names, NAME_FIELD, 0), 3);
  assert_int_equal(names_number_at(names, NAME_FIELD, 2), 1);
  assert_int_equal(names_number_at(names, NAME_FIELD, -1), 0);
  assert_int_equal(names_index(names, NAME_FIELD, 0), NAME_NONE);
  assert_int_equal(names_index(names, NAME_FIELD, NAMES_MAX + 1), NAME_NONE);
  names_bind(names, NULL);
  assert_int_equal(names_index(names, NAME_FIELD, 1), NAME_NONE);
  names_free(names);
}

// What an undone operation gave is forgotten, and its numbers are free again.
static void names__forget_above_a_count(void **state)
{
  (void)state;
  struct names *names = names_new();
  enter(names, NAME_FIELD, 1, "contact.name");
  enter(names, NAME_FIELD, 2, "contact.email");
  enter(names, NAME_FIELD, 3, "contact.phone");
  names_cut(names, NAME_FIELD, 3);
  assert_string_equal(names_text(names, NAME_FIELD, 3), "contact.phone");
  names_cut(names, NAME_FIELD, 1);
  assert_null(names_text(names, NAME_FIELD, 2));
  assert_null(names_text(names, NAME_FIELD, 3));
  assert_int_equal(names_number(names, NAME_FIELD, VIEW_LITERAL("contact.phone")), 0);
  enter(names, NAME_FIELD, 2, "contact.phone");
  assert_int_equal(names_number(names, NAME_FIELD, VIEW_LITERAL("contact.phone")), 2);
  names_free(names);
}

struct collected {
  int count;
  char text[200];
  int fail_at;
};

static enum err_code collect(void *context, enum name_kind kind, const char *name, struct err *err)
{
  struct collected *collected = context;
  if (++collected->count == collected->fail_at)
    return err_set(err, ERR_LIMIT, "full");
  size_t length = strlen(collected->text);
  snprintf(collected->text + length, sizeof collected->text - length, "%d:%s ", (int)kind, name);
  return ERR_OK;
}

// What a new version brings comes by kind and in the order of the file; known names do not come.
static void names__tell_what_a_version_brings(void **state)
{
  (void)state;
  struct names *names = names_new();
  struct err err = ERR_INIT;
  struct collected all = {.fail_at = 0};
  must(names_missing(names, &old_policy, collect, &all, &err), &err);
  assert_string_equal(all.text, "1:contact.name 1:contact.email 7:support ");
  enter(names, NAME_FIELD, 1, "contact.name");
  enter(names, NAME_FIELD, 2, "contact.email");
  struct collected rest = {.fail_at = 0};
  must(names_missing(names, &new_policy, collect, &rest, &err), &err);
  assert_string_equal(rest.text, "1:contact.phone ");
  struct collected failing = {.fail_at = 1};
  assert_int_equal(names_missing(names, &new_policy, collect, &failing, &err), ERR_LIMIT);
  names_free(names);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names__are_kept_by_kind),
      cmocka_unit_test(names__refuse_a_number_twice_or_out_of_range),
      cmocka_unit_test(names__follow_the_version_that_is_bound),
      cmocka_unit_test(names__forget_above_a_count),
      cmocka_unit_test(names__tell_what_a_version_brings),
  };
  return cmocka_run_group_tests_name("core names", tests, NULL, NULL);
}
