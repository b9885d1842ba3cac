#include "policy_file.h"

#include "base/calendar.h"

#include <sodium.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { TEXT_BYTES_MAX = 2 * POLICY_BYTES_MAX };

// The parts of a small policy that is good as it stands; a test replaces one of them.
enum part { FIELDS, THINGS, SUBJECTS, SOURCES, COLLECT, PURPOSES, ROLES, CONSENTS, PART_COUNT };

static const char *const part_names[PART_COUNT] = {"fields",  "things",   "subjects", "sources",
                                                   "collect", "purposes", "roles",    "consents"};
static const char *const part_bodies[PART_COUNT] = {
    "{c: {f: {type: text}}}",
    "{}",
    "{k: {title: {en: k}}}",
    "{s: {is: self}}",
    "{form: {kinds: [k], fields: [c.f], source: [s], for: [p]}}",
    "{p: {title: {en: P}, about: [k], basis: {k: {consent: t}}, uses: [c], keep: until recorded}}",
    "{r: {for: [p], reads: [c.f]}}",
    "{}",
};

static void write_policy(enum part replaced, const char *body, struct str *ret_text)
{
  str_add(ret_text, view_of("forvar: 1\n"
                            "policy: {id: x, version: 1, effective: 2025-01-01, languages: [en], "
                            "zone: Europe/Stockholm}\n"
                            "controllers: {x: {name: X, email: x@example.com, authority: se.imy}}\n"
                            "limits: {k: 2, log_keep: 1 day}\n"));
  for (int i = 0; i < PART_COUNT; i++)
    str_format(ret_text, "%s: %s\n", part_names[i], i == (int)replaced ? body : part_bodies[i]);
  assert_true(str_ok(ret_text));
}

// A map of `count` numbered entries.
static void write_many(const char *entry, int count, struct str *ret_text)
{
  str_add_char(ret_text, '{');
  for (int i = 0; i < count; i++) {
    str_format(ret_text, "%sn%d: ", i == 0 ? "" : ", ", i);
    str_add(ret_text, view_of(entry));
  }
  str_add_char(ret_text, '}');
}

static bool has_finding(const struct finding_list *findings, const char *id)
{
  for (int32_t i = 0; i < findings->count; i++)
    if (strcmp(findings->items[i].id, id) == 0)
      return true;
  return false;
}

static void assert_reads(struct view text, bool good, const char *finding)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  enum err_code code = policy_read("x.yaml", text, &policy, &findings, &err);
  if (good && code != ERR_OK)
    fail_msg("%s at %s", err.message, err.where);
  if (!good) {
    assert_int_equal(code, ERR_FINDINGS);
    assert_true(has_finding(&findings, finding));
  }
  policy_free(policy);
}

struct limit_row {
  const char *what;
  enum part part;
  const char *before, *entry, *after;
  int most;
};

// Each table takes its limit and not one more.
static void read__limits_of_tables(void **state)
{
  static const struct limit_row rows[] = {
      {"kinds", SUBJECTS, "", "{title: {en: k}}", "", POLICY_KINDS_MAX},
      {"sources", SOURCES, "", "{is: self}", "", 64},
      {"roles", ROLES, "", "{for: [p], reads: [c.f]}", "", POLICY_ROLES_MAX},
      {"consents", CONSENTS, "", "{text: t, for: p, lasts: 1 day}", "", POLICY_CONSENTS_MAX},
      {"purposes", PURPOSES, "",
       "{title: {en: Do it}, about: [k], basis: {k: {consent: t}}, uses: [c.f], keep: at most 1 "
       "day after recorded}",
       "", POLICY_PURPOSES_MAX},
      {"spans", THINGS,
       "{t: {events: {a: {at: day, by: person}, b: {at: day, by: person}}, spans: ",
       "{from: [a], to: [b]}", "}}", POLICY_SPANS_MAX},
      {"events", THINGS, "{t: {events: ", "{at: day, by: person}", "}}", 64},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    for (int over = 0; over < 2; over++) {
      OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
      OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
      OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
      struct policy *policy = NULL;
      struct err err = ERR_INIT;
      str_add(&body, view_of(rows[i].before));
      write_many(rows[i].entry, rows[i].most + over, &body);
      str_add(&body, view_of(rows[i].after));
      write_policy(rows[i].part, str_text(&body), &text);
      enum err_code code = policy_read("x.yaml", str_view(&text), &policy, &findings, &err);
      if (has_finding(&findings, "Y08") != (over == 1) || (code != ERR_OK && code != ERR_FINDINGS))
        fail_msg("%d %s", rows[i].most + over, rows[i].what);
      policy_free(policy);
    }
}

// Fields take their limit and not one more, although a category takes fewer.
static void read__limit_of_fields(void **state)
{
  (void)state;
  for (int over = 0; over < 2; over++) {
    OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    str_add(&body, view_of("{c: {f: {type: text}}, d: "));
    write_many("{type: text}", POLICY_LIST_MAX, &body);
    str_add(&body, view_of(", e: "));
    write_many("{type: text}", POLICY_FIELDS_MAX - POLICY_LIST_MAX - 1 + over, &body);
    str_add_char(&body, '}');
    write_policy(FIELDS, str_text(&body), &text);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    struct policy *policy = NULL;
    struct err err = ERR_INIT;
    enum err_code code = policy_read("x.yaml", str_view(&text), &policy, &findings, &err);
    assert_int_equal(code, over == 1 ? ERR_FINDINGS : ERR_OK);
    assert_int_equal(has_finding(&findings, "Y08"), over == 1);
    policy_free(policy);
  }
}

enum { LARGE_PURPOSES = 2000, LARGE_CATEGORIES = 500, LARGE_RECIPIENTS = 500, LARGE_POINTS = 50 };

// "p0, p50, p100" or "c0, c50": what a collection point names.
static void write_every(const char *letter, int from, int step, int below, struct str *ret_text)
{
  for (int i = from; i < below; i += step)
    str_format(ret_text, "%s%s%d", i == from ? "" : ", ", letter, i);
}

// The policy of a large group: 2,000 purposes, 5,000 fields, 500 recipients, 50 forms.
static void write_large(struct str *ret_text)
{
  str_add(ret_text,
          view_of("forvar: 1\n"
                  "policy: {id: group, version: 1, effective: 2025-01-01, languages: "
                  "[en], zone: Europe/Stockholm}\n"
                  "controllers: {x: {name: X, email: x@example.com, authority: se.imy}}\n"
                  "limits: {k: 2, log_keep: 1 day}\n"
                  "subjects: {k: {title: {en: k}}}\nsources: {s: {is: self}}\nfields:\n"));
  for (int i = 0; i < LARGE_CATEGORIES; i++) {
    str_format(ret_text, "  c%d: ", i);
    write_many("{type: text}", 10, ret_text);
    str_add_char(ret_text, '\n');
  }
  str_add(ret_text, view_of("collect:\n"));
  for (int i = 0; i < LARGE_POINTS; i++) {
    str_format(ret_text, "  form%d: {kinds: [k], source: [s], fields: [", i);
    write_every("c", i, LARGE_POINTS, LARGE_CATEGORIES, ret_text);
    str_add(ret_text, view_of("], for: ["));
    write_every("p", i, LARGE_POINTS, LARGE_PURPOSES, ret_text);
    str_add(ret_text, view_of("]}\n"));
  }
  str_add(ret_text, view_of("purposes:\n"));
  for (int i = 0; i < LARGE_PURPOSES; i++)
    str_format(ret_text,
               "  p%d: {title: {en: Purpose %d}, about: [k], basis: {k: {consent: t%d}}, uses: "
               "[c%d], keep: at most %d months after recorded}\n",
               i, i, i, i % LARGE_CATEGORIES, i % 24 + 1);
  str_add(ret_text, view_of("recipients:\n"));
  for (int i = 0; i < LARGE_RECIPIENTS; i++)
    str_format(ret_text,
               "  r%d: {title: {en: Recipient %d}, is: authority, places: [eea], for: [p%d], gets: "
               "[c%d]}\n",
               i, i, i, i);
  str_add(ret_text, view_of("roles: {r: {for: [p0], reads: [c0]}}\n"));
  assert_true(str_ok(ret_text));
}

// A policy far larger than any of a single company is read whole, in memory that grows with what it
// says and not with purposes times fields.
static void read__a_large_group(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  write_large(&text);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  if (policy_read("x.yaml", str_view(&text), &policy, &findings, &err) != ERR_OK)
    fail_msg("%s at %s", err.message, err.where);
  assert_int_equal(policy->purpose_count, LARGE_PURPOSES);
  assert_int_equal(policy->field_count, 10 * LARGE_CATEGORIES);
  assert_int_equal(policy->outward.recipient_count, LARGE_RECIPIENTS);
  assert_int_equal(policy->cell_count, 10 * LARGE_PURPOSES);
  int32_t field = policy_field(policy, VIEW_LITERAL("c499.n9"));
  assert_int_equal(field, 4999);
  assert_string_equal(policy_keep(policy, 1999, field)->text, "at most 8 months after recorded");
  assert_null(policy_keep(policy, 1998, field));
  struct set served = policy_purposes_of(policy, 49, field, -1);
  assert_int_equal(set_next(&served, 0), 499);
  assert_int_equal(set_end(&served), 2000);
  assert_in_range(policy->arena.used_bytes, 1, 32 * 1024 * 1024);
  policy_free(policy);
}

// A list and a map take 4096 entries and not one more.
static void read__limit_of_entries(void **state)
{
  (void)state;
  for (int over = 0; over < 2; over++) {
    OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    struct policy *policy = NULL;
    struct err err = ERR_INIT;
    str_add(&body, view_of("{r: {for: [p], reads: ["));
    for (int i = 0; i < POLICY_LIST_MAX + over; i++)
      str_format(&body, "%sf%d", i == 0 ? "" : ",", i);
    str_add(&body, view_of("]}}"));
    write_policy(ROLES, str_text(&body), &text);
    assert_int_equal(policy_read("x.yaml", str_view(&text), &policy, &findings, &err),
                     ERR_FINDINGS);
    assert_int_equal(has_finding(&findings, "Y08"), over == 1);
    assert_int_equal(findings.count, over == 1 ? 1 : FINDINGS_MAX);
    assert_int_equal(findings.errors, over == 1 ? 1 : POLICY_LIST_MAX);
  }
}

// Warnings do not crowd out an error: 300 numbers of persons, and then a rule that is unknown.
static void read__errors_before_warnings(void **state)
{
  (void)state;
  OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  str_add(&body, view_of("{c: {f: {type: text}}, d: "));
  write_many("{type: personnummer}", 300, &body);
  str_add_char(&body, '}');
  write_policy(FIELDS, str_text(&body), &text);
  str_add(&text, view_of("rules: {r: rule none}\n"));
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(policy_read("x.yaml", str_view(&text), &policy, &findings, &err), ERR_FINDINGS);
  assert_int_equal(findings.count, FINDINGS_MAX);
  assert_int_equal(findings.errors, 1);
  assert_true(has_finding(&findings, "F02") && has_finding(&findings, "KR09"));
}

// 1 MiB is read; one byte more is not even looked at.
static void read__limit_of_bytes(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  write_policy(PART_COUNT, "", &text);
  while (text.length < POLICY_BYTES_MAX - 1)
    str_add_char(&text, '#');
  str_add_char(&text, '\n');
  assert_reads(str_view(&text), true, "");
  str_add_char(&text, '\n');
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(policy_read("x.yaml", str_view(&text), &policy, &findings, &err), ERR_LIMIT);
  assert_int_equal(findings.count, 0);
  assert_null(policy);
}

// A name takes 40 bytes and not one more; eight levels are read and the ninth is not.
static void read__limits_of_names_and_depth(void **state)
{
  (void)state;
  for (int length = POLICY_KEY_BYTES_MAX; length <= POLICY_KEY_BYTES_MAX + 1; length++) {
    OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    str_add(&body, view_of("{c: {f: {type: text}, "));
    for (int i = 0; i < length; i++)
      str_add_char(&body, 'n');
    str_add(&body, view_of(": {type: text}}}"));
    write_policy(FIELDS, str_text(&body), &text);
    assert_reads(str_view(&text), length <= POLICY_KEY_BYTES_MAX, "Y08");
  }
  for (int depth = POLICY_DEPTH_MAX; depth <= POLICY_DEPTH_MAX + 1; depth++) {
    OWNED(str) struct str body = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    for (int i = 1; i < depth; i++)
      str_add(&body, view_of("{a: "));
    str_add(&body, view_of("b"));
    for (int i = 1; i < depth; i++)
      str_add_char(&body, '}');
    write_policy(FIELDS, str_text(&body), &text);
    assert_reads(str_view(&text), false, depth <= POLICY_DEPTH_MAX ? "Y04" : "Y08");
  }
}

// A text cut short is a finding, not a crash, wherever it is cut; the empty text as well.
static void read__beginnings_of_a_policy(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", &text);
  for (size_t length = 0; length + 1 < text.length; length += 7) {
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    struct policy *policy = NULL;
    struct err err = ERR_INIT;
    enum err_code code =
        policy_read("x.yaml", view_bytes(text.bytes, length), &policy, &findings, &err);
    assert_true(code == ERR_OK || (code == ERR_FINDINGS && findings.errors > 0));
    policy_free(policy);
  }
}

// The error holds the first finding, its place and its fix.
static void read__error_is_the_first_finding(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  write_policy(SOURCES, "{s: {is: selv}}", &text);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(policy_read("x.yaml", str_view(&text), &policy, &findings, &err), ERR_FINDINGS);
  assert_string_equal(err.message, "Y09: 'sources.s.is' cannot be 'selv'; did you mean 'self'?");
  assert_string_equal(err.where, "x.yaml:8:19");
  assert_string_equal(err.hint,
                      "one of: self, other, observed, generated, register, bureau, partner, list");
}

struct name_row {
  int32_t (*find)(const struct policy *policy, struct view name);
  const char *name;
  int32_t index;
};

// Names lead to indices in the order of the file, and what is not there to -1.
static void policy__finds_by_name(void **state)
{
  static const struct name_row rows[] = {
      {policy_field, "contact.name", 0},
      {policy_field, "credit.decision", 4},
      {policy_field, "contact", -1},
      {policy_purpose, "services", 0},
      {policy_purpose, "credit_outcome", 4},
      {policy_purpose, "", -1},
      {policy_role, "security", 3},
      {policy_role, "nobody", -1},
      {policy_point, "access_log", 1},
      {policy_point, "access", -1},
      {policy_source, "bureau", 2},
      {policy_source, "bureaux", -1},
      {policy_kind, "former_customer", 1},
      {policy_kind, "past customer", -1},
      {policy_thing, "order", 1},
      {policy_thing, "order.open", -1},
      {policy_event, "contract.ended", 1},
      {policy_event, "order.placed", 2},
      {policy_event, "contract.placed", -1},
      {policy_event, "contract", -1},
      {policy_event, "contract.", -1},
      {policy_event, ".ended", -1},
      {policy_span, "contract.running", 0},
      {policy_span, "order.open", 1},
      {policy_span, "open", -1},
  };
  const struct policy *policy = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    if (rows[i].find(policy, view_of(rows[i].name)) != rows[i].index)
      fail_msg("'%s' is not %d", rows[i].name, rows[i].index);
  struct set fields = SET_EMPTY;
  assert_true(policy_fields(policy, view_of("credit"), &fields));
  assert_int_equal(fields.words[0], 0x18);
  assert_true(policy_fields(policy, view_of("traffic.ip"), &fields));
  assert_int_equal(fields.words[0], 0x4);
  assert_false(policy_fields(policy, view_of("credits"), &fields));
}

struct class_row {
  const char *point, *field, *thing;
  uint64_t purposes;
};

// A record has those purposes of its point that use its field, on the right thing [FR-16].
static void policy__purposes_of_a_record(void **state)
{
  static const struct class_row rows[] = {
      {"purchase", "contact.email", "", 0x3},
      {"purchase", "traffic.ip", "", 0},
      {"access_log", "traffic.ip", "", 0x4},
      {"access_log", "traffic.ip", "contract", 0x4},
      {"credit_check", "credit.report", "order", 0x8},
      {"credit_check", "credit.decision", "order", 0x10},
      {"credit_check", "credit.report", "contract", 0},
      {"credit_check", "credit.report", "", 0},
  };
  const struct policy *policy = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct set purposes = policy_purposes_of(policy, policy_point(policy, view_of(rows[i].point)),
                                             policy_field(policy, view_of(rows[i].field)),
                                             policy_thing(policy, view_of(rows[i].thing)));
    assert_int_equal(purposes.words[0], rows[i].purposes);
  }
}

struct promise_row {
  const char *purpose, *field, *rule, *from, *use, *gone;
};

// The two promises of the first policy: IP addresses for exactly three weeks [FR-49], credit
// reports for at most three months [FR-46, T-205].
static void policy__keeps_what_framsteget_promises(void **state)
{
  static const struct promise_row rows[] = {
      {"security", "traffic.ip", "exactly 3 weeks after recorded", "2026-03-15 12:00",
       "2026-04-05T12:00:00+02:00", "2026-04-06T12:00:00+02:00"},
      {"credit", "credit.report", "at most 3 months after obtained", "2025-11-30 14:00",
       "2026-03-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00"},
  };
  const struct policy *policy = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct keep *keep = policy_keep(policy, policy_purpose(policy, view_of(rows[i].purpose)),
                                          policy_field(policy, view_of(rows[i].field)));
    char use[CALENDAR_TEXT_BYTES];
    char gone[CALENDAR_TEXT_BYTES];
    struct keep_facts facts = {.zone = policy->zone};
    assert_string_equal(keep->text, rows[i].rule);
    assert_true(calendar_read_time(policy->zone, view_of(rows[i].from), &facts.recorded_us));
    facts.obtained_us = facts.recorded_us;
    struct end end = keep_end(keep, &facts);
    calendar_write_time(policy->zone, end.use_us, use);
    calendar_write_time(policy->zone, end.gone_us, gone);
    assert_string_equal(use, rows[i].use);
    assert_string_equal(gone, rows[i].gone);
  }
  assert_null(policy_keep(policy, 0, policy_field(policy, view_of("traffic.ip"))));
}

// The policy keeps its text and the SHA-256 of it.
static void policy__keeps_its_source(void **state)
{
  const struct policy *policy = *state;
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", &text);
  assert_true(view_equal(policy->text, str_view(&text)));
  assert_string_equal(policy->file, "framsteget.yaml");
  assert_int_equal(policy->log_keep_days, 3652);
  assert_int_equal(policy->review_open.number, 24);
  assert_int_equal(policy->group_least, 5);

  unsigned char hash[POLICY_HASH_BYTES];
  crypto_hash_sha256(hash, (const unsigned char *)text.bytes, text.length);
  assert_memory_equal(policy->hash, hash, sizeof hash);
}

// Bases name their articles; types name their normalisers.
static void policy__words(void **state)
{
  (void)state;
  assert_string_equal(basis_name(BASIS_INTEREST), "interest");
  assert_string_equal(basis_article(BASIS_CONSENT), "GDPR 6(1)(a)");
  assert_string_equal(basis_article(BASIS_INTEREST), "GDPR 6(1)(f)");
  assert_int_equal(policy_normaliser(FIELD_EMAIL), NORMALISE_EMAIL);
  assert_int_equal(policy_normaliser(FIELD_PERSONNUMMER), NORMALISE_PERSONNUMMER);
  assert_int_equal(policy_normaliser(FIELD_NOTE), NORMALISE_KIND_COUNT);
}

static int open_framsteget(void **state)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  *state = policy_file_read(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", &findings);
  return *state == NULL ? -1 : 0;
}

static int close_policy(void **state)
{
  policy_free(*state);
  return 0;
}

int main(void)
{
#define POLICY_TEST(test) cmocka_unit_test_setup_teardown(test, open_framsteget, close_policy)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(read__limits_of_tables),
      cmocka_unit_test(read__limit_of_fields),
      cmocka_unit_test(read__a_large_group),
      cmocka_unit_test(read__limit_of_entries),
      cmocka_unit_test(read__errors_before_warnings),
      cmocka_unit_test(read__limit_of_bytes),
      cmocka_unit_test(read__limits_of_names_and_depth),
      cmocka_unit_test(read__beginnings_of_a_policy),
      cmocka_unit_test(read__error_is_the_first_finding),
      POLICY_TEST(policy__finds_by_name),
      POLICY_TEST(policy__purposes_of_a_record),
      POLICY_TEST(policy__keeps_what_framsteget_promises),
      POLICY_TEST(policy__keeps_its_source),
      cmocka_unit_test(policy__words),
  };
  return cmocka_run_group_tests_name("policy_read", tests, NULL, NULL);
}
