// Classes (K9): what was told at collection, and what it means under the version in force. A later
// version opens nothing backwards [GDPR 5(1)(b)].
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "core/class.h"
#include "policy/read.h"

// Two versions of a shop: the second gives the point a further purpose, takes the phone from the
// service, renames a purpose, drops a field and orders everything otherwise.
static const char head[] =
    "forvar: 1\n"
    "controllers: {shop: {name: Shop AB, email: info@example.com, authority: se.imy}}\n"
    "subjects: {reader: {title: {en: reader}}}\n"
    "sources: {self: {is: self}}\n"
    "roles: {editor: {for: [letters], reads: [contact.email]}}\n"
    "limits: {k: 5, log_keep: 10 years}\n";

#define PURPOSE(name, uses, keep)                            \
  "  " name ": {title: {en: " name                           \
  "}, about: [reader], basis: {reader: {interest: {en: x}, " \
  "assessment: a}}, uses: [" uses "], keep: " keep "}\n"
#define POLICY(version)                  \
  "policy: {id: shop, version: " version \
  ", effective: 2025-01-01, languages: [en], zone: Europe/Stockholm}\n"

static const char first_version[] = POLICY("1")
    "fields: {contact: {name: {type: name}, email: {type: email}, phone: {type: phone}, "
    "note: {type: note}}}\n"
    "collect: {form: {kinds: [reader], fields: [contact], source: [self], "
    "for: [service, letters, calls]}}\n"
    "purposes:\n"
    PURPOSE("service", "contact.name, contact.email, contact.phone, contact.note",
            "at most 12 months after recorded")
    PURPOSE("letters", "contact.name, contact.email", "exactly 30 days after recorded")
    PURPOSE("calls", "contact.phone", "at most 12 months after obtained");

static const char second_version[] = POLICY("2")
    "fields: {contact: {phone: {type: phone}, email: {type: email}, name: {type: name}}}\n"
    "collect: {form: {kinds: [reader], fields: [contact], source: [self], "
    "for: [analysis, letters, service, phoning]}}\n"
    "purposes:\n"
    PURPOSE("phoning", "contact.phone", "at most 12 months after obtained")
    PURPOSE("analysis", "contact", "at most 5 years after recorded")
    PURPOSE("letters", "contact.name, contact.email, contact.phone",
            "exactly 30 days after recorded")
    PURPOSE("service", "contact.name, contact.email", "at most 6 months after recorded");

static struct policy *compile(const char *text)
{
  OWNED(str) struct str whole = STR_INIT(POLICY_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  str_add(&whole, view_of(head));
  str_add(&whole, view_of(text));
  if (policy_read("shop.yaml", str_view(&whole), &policy, &findings, &err) != ERR_OK)
    fail_msg("%s (%s)", err.message, err.where);
  return policy;
}

static enum err_code add_name(void *context, enum name_kind kind, const char *name, struct err *err)
{
  struct names *names = context;
  return names_enter(names, kind, names->tables[kind].count + 1, view_of(name), err);
}

struct versions {
  struct policy *first, *second;
  struct names *names;
};

static struct versions versions_begin(void)
{
  struct err err = ERR_INIT;
  struct versions versions = {compile(first_version), compile(second_version), names_new()};
  assert_int_equal(names_missing(versions.names, versions.first, add_name, versions.names, &err),
                   ERR_OK);
  assert_int_equal(names_missing(versions.names, versions.second, add_name, versions.names, &err),
                   ERR_OK);
  return versions;
}

static void versions_end(struct versions *versions)
{
  policy_free(versions->first);
  policy_free(versions->second);
  names_free(versions->names);
}

static struct class_info class_of(const struct versions *versions, const char *field)
{
  const struct names *names = versions->names;
  return (struct class_info){
      .row = {.class_id = 1,
              .policy_version = 1,
              .point = names_number(names, NAME_POINT, VIEW_LITERAL("form")),
              .source = names_number(names, NAME_SOURCE, VIEW_LITERAL("self")),
              .field = names_number(names, NAME_FIELD, view_of(field))}};
}

// The purposes of a class by name, in the order of the version.
static void purposes_text(const struct policy *policy, const struct set *purposes,
                          struct str *ret_text)
{
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    str_format(ret_text, "%s ", policy->purposes[i].name);
}

struct binding {
  const char *field;
  const char *first;   // purposes under the version that it was collected under
  const char *second;  // and under the next one
  enum keep_anchor first_anchor, second_anchor;
};

static const struct binding bindings[] = {
    // analysis was not told; letters and service were.
    {"contact.name", "service letters ", "letters service ", KEEP_BY_RECORDED, KEEP_BY_RECORDED},
    // service has given the phone up, letters took it but was not told for it, phoning is new.
    {"contact.phone", "service calls ", "", KEEP_BY_DERIVED_END, KEEP_BY_DERIVED_END},
    // The field is gone: nothing serves it.
    {"contact.note", "service ", "", KEEP_BY_RECORDED, KEEP_BY_DERIVED_END},
};

// What was collected for some purposes serves those of them that still use the field, and none that
// came later, whatever the new version lists.
static void class__is_bound_to_what_was_told(void **state)
{
  (void)state;
  struct versions versions = versions_begin();
  for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++) {
    const struct binding *row = &bindings[i];
    struct class_info info = class_of(&versions, row->field);
    OWNED(str) struct str first = STR_INIT(500);
    OWNED(str) struct str second = STR_INIT(500);
    names_bind(versions.names, versions.first);
    class_bind(&info, versions.names, versions.first, versions.first);
    purposes_text(versions.first, &info.purposes, &first);
    assert_string_equal(str_text(&first), row->first);
    assert_int_equal(info.anchor, row->first_anchor);
    assert_int_equal(info.field, policy_field(versions.first, view_of(row->field)));
    names_bind(versions.names, versions.second);
    class_bind(&info, versions.names, versions.first, versions.second);
    purposes_text(versions.second, &info.purposes, &second);
    assert_string_equal(str_text(&second), row->second);
    assert_int_equal(info.anchor, row->second_anchor);
    assert_int_equal(info.field, policy_field(versions.second, view_of(row->field)));
    assert_int_equal(info.thing_type, -1);
  }
  versions_end(&versions);
}

// ── Key groups ──────────────────────────────────────────────────────────────────────────────

static void group_text(const struct policy *policy, const char *field, struct str *ret_text)
{
  int32_t index = policy_field(policy, view_of(field));
  struct set purposes =
      policy_purposes_of(policy, policy_point(policy, VIEW_LITERAL("form")), index, -1);
  class_key_group_text(policy, &purposes, index, ret_text);
}

// What ends by the same rules shares a key (K4): the rules of all purposes, sorted, each once.
static void class__shares_a_key_group_with_what_ends_alike(void **state)
{
  (void)state;
  struct versions versions = versions_begin();
  OWNED(str) struct str name = STR_INIT(1000);
  OWNED(str) struct str email = STR_INIT(1000);
  OWNED(str) struct str phone = STR_INIT(1000);
  OWNED(str) struct str note = STR_INIT(1000);
  group_text(versions.first, "contact.name", &name);
  group_text(versions.first, "contact.email", &email);
  group_text(versions.first, "contact.phone", &phone);
  group_text(versions.first, "contact.note", &note);
  assert_string_equal(str_text(&name),
                      "at most 12 months after recorded | exactly 30 days after recorded");
  assert_string_equal(str_text(&email), str_text(&name));
  assert_string_equal(str_text(&phone),
                      "at most 12 months after obtained | at most 12 months after recorded");
  assert_string_equal(str_text(&note), "at most 12 months after recorded");
  OWNED(str) struct str none = STR_INIT(1000);
  struct set empty = SET_EMPTY;
  class_key_group_text(versions.first, &empty, 0, &none);
  assert_string_equal(str_text(&none), "");
  versions_end(&versions);
}

// Purposes with the same rule count once, in whichever order they come.
static void class__names_a_rule_of_two_purposes_once(void **state)
{
  (void)state;
  struct policy *policy = compile(POLICY(
      "1") "fields: {contact: {email: {type: email}}}\n"
           "collect: {form: {kinds: [reader], fields: [contact], source: [self], "
           "for: [letters, b, c]}}\n"
           "purposes:\n" PURPOSE("letters", "contact", "exactly 30 days after recorded") PURPOSE(
               "b", "contact", "at most 3 months after recorded")
                                      PURPOSE("c", "contact", "exactly 30 days after recorded"));
  OWNED(str) struct str text = STR_INIT(1000);
  group_text(policy, "contact.email", &text);
  assert_string_equal(str_text(&text),
                      "at most 3 months after recorded | exactly 30 days after recorded");
  policy_free(policy);
}

// ── What the sweep walks to ─────────────────────────────────────────────────────────────────

struct due {
  const char *field;
  const char *now;
  const char *first, *last;  // day of the anchor: what is due by now, and within 25 hours
};

static const struct due dues[] = {
    // The longer rule decides: twelve months, erased from 23:00 of the last day.
    {"contact.name", "2026-03-01 22:59:59.999999", "2025-02-28", "2025-03-01"},
    {"contact.name", "2026-03-01 23:00", "2025-03-01", "2025-03-02"},
    {"contact.note", "2026-03-01 23:00", "2025-03-01", "2025-03-02"},
    // One rule by recording, one by obtaining: the derived end is indexed, by today.
    {"contact.phone", "2026-03-01 12:00", "2026-03-01", "2026-03-01"},
};

static int64_t day_of(const char *date)
{
  int64_t day = 0;
  assert_true(calendar_read_date(view_of(date), &day));
  return day;
}

// Every rule of the class must have come, so the walk goes to the earliest of their days: to all
// that is due, and to little more.
static void class__is_due_when_its_last_rule_is(void **state)
{
  (void)state;
  struct versions versions = versions_begin();
  names_bind(versions.names, versions.first);
  for (size_t i = 0; i < sizeof dues / sizeof dues[0]; i++) {
    struct class_info info = class_of(&versions, dues[i].field);
    class_bind(&info, versions.names, versions.first, versions.first);
    int64_t now_us = 0;
    assert_true(calendar_read_time(versions.first->zone, view_of(dues[i].now), &now_us));
    assert_in_range(class_due_day(&info, versions.first, now_us), day_of(dues[i].first),
                    day_of(dues[i].last));
  }
  versions_end(&versions);
}

// ── The table ───────────────────────────────────────────────────────────────────────────────

static struct class_row row_of(int64_t id)
{
  return (struct class_row){.class_id = id,
                            .policy_version = 1 + id / 100,
                            .point = 1,
                            .source = 2,
                            .field = 1 + id % 100,
                            .thing_type = 0,
                            .key_group = 3};
}

static void fill(struct class_table *table, int64_t from, int64_t to)
{
  struct err err = ERR_INIT;
  for (int64_t id = from; id <= to; id++) {
    struct class_row row = row_of(id);
    assert_int_equal(class_enter(table, &row, &err), ERR_OK);
  }
}

// Classes are found by what they are and by their id, over the border of a chunk; ids that were
// never given are not found, and none may be left out or come twice.
static void table__finds_what_was_entered(void **state)
{
  (void)state;
  static struct class_table table;
  static const int64_t never[] = {0, -1, 601, INT64_MAX, INT64_MIN};
  struct err err = ERR_INIT;
  fill(&table, 1, 2 * CLASS_CHUNK + 88);
  for (int64_t id = 1; id <= 600; id++) {
    struct class_row row = row_of(id);
    assert_ptr_equal(class_find(&table, &row), class_get(&table, id));
    assert_int_equal(class_get(&table, id)->row.class_id, id);
    assert_int_equal(class_get(&table, id)->field, -1);
  }
  for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
    assert_null(class_get(&table, never[i]));
  for (int64_t id = 599; id <= 602; id++) {
    struct class_row row = row_of(id);
    if (id != 601)
      assert_int_equal(class_enter(&table, &row, &err), ERR_INTEGRITY);
  }
  class_table_clear(&table);
  assert_null(class_get(&table, 1));
}

// A class is the same only if version, point, source, field and thing are.
static void table__tells_classes_apart_by_each_part(void **state)
{
  (void)state;
  static struct class_table table;
  fill(&table, 1, 1);
  struct class_row same = row_of(1);
  same.class_id = 77;  // given by the table, no part of what it is
  same.key_group = 99;
  assert_non_null(class_find(&table, &same));
  struct class_row others[5];
  for (int i = 0; i < 5; i++)
    others[i] = row_of(1);
  others[0].policy_version++;
  others[1].point++;
  others[2].source++;
  others[3].field++;
  others[4].thing_type++;
  for (int i = 0; i < 5; i++)
    assert_null(class_find(&table, &others[i]));
  class_table_clear(&table);
}

// What an undone operation made is not found any more, and its id is given again.
static void table__forgets_above_a_count(void **state)
{
  (void)state;
  static struct class_table table;
  fill(&table, 1, 300);
  class_table_cut(&table, 299);
  struct class_row row = row_of(300);
  assert_null(class_get(&table, 300));
  assert_null(class_find(&table, &row));
  assert_non_null(class_get(&table, 299));
  fill(&table, 300, 300);
  assert_non_null(class_find(&table, &row));
  class_table_clear(&table);
}

// The table takes CLASSES_MAX classes and not one more.
static void table__ends_at_its_limit(void **state)
{
  (void)state;
  static struct class_table table;
  struct err err = ERR_INIT;
  for (int64_t id = 1; id <= CLASSES_MAX; id++) {
    struct class_row row = {.class_id = id};
    assert_int_equal(class_enter(&table, &row, &err), ERR_OK);
  }
  assert_non_null(class_get(&table, CLASSES_MAX));
  struct class_row over = {.class_id = CLASSES_MAX + 1};
  assert_int_equal(class_enter(&table, &over, &err), ERR_INTEGRITY);
  class_table_clear(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(class__is_bound_to_what_was_told),
      cmocka_unit_test(class__shares_a_key_group_with_what_ends_alike),
      cmocka_unit_test(class__names_a_rule_of_two_purposes_once),
      cmocka_unit_test(class__is_due_when_its_last_rule_is),
      cmocka_unit_test(table__finds_what_was_entered),
      cmocka_unit_test(table__tells_classes_apart_by_each_part),
      cmocka_unit_test(table__forgets_above_a_count),
      cmocka_unit_test(table__ends_at_its_limit),
  };
  return cmocka_run_group_tests_name("core class", tests, NULL, NULL);
}
