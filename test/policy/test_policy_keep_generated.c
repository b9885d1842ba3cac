#include "keep_world.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { RULES = 10000, SEED = 20261125, NESTING = 2, TEXT_BYTES_MAX = 4000, BROKEN_ROUNDS = 20000 };

struct writer {
  struct random_source random;
  struct str *text;
};

static size_t choose(struct writer *writer, size_t count)
{
  return (size_t)(random_u64(&writer->random) % count);
}

static void add(struct writer *writer, const char *text) { str_add(writer->text, view_of(text)); }

static void one_of(struct writer *writer, const char *const *texts, size_t count)
{
  add(writer, texts[choose(writer, count)]);
}
#define ONE_OF(writer, texts) one_of(writer, texts, ARRAY_COUNT(texts))

static const char *const spans[] = {"contract.running", "any contract.running", "any chat.open",
                                    "customer",         "past customer",        "former"};
static const char *const events[] = {"contract.signed", "contract.ended", "chat.said",
                                     "chat.refused"};
static const char *const laws[] = {"se.bookkeeping", "se.claim", "se.consumer_claim"};
static const char *const pause_spans[] = {"contract.running", "any chat.open", "customer"};

static void write_period(struct writer *writer, const char *const *units, size_t count)
{
  size_t number = 1 + choose(writer, 9999);
  str_format(writer->text, "%zu %s%s", number, units[choose(writer, count)],
             choose(writer, 2) == 0 ? "" : "s");
}

static void write_anchor(struct writer *writer, int depth);

static void write_anchors(struct writer *writer, int depth)
{
  add(writer, choose(writer, 2) == 0 ? "later of (" : "earlier of (");
  size_t count = 2 + choose(writer, 2);
  for (size_t i = 0; i < count; i++) {
    add(writer, i == 0 ? "" : ", ");
    write_anchor(writer, depth + 1);
  }
  add(writer, ")");
}

static void write_anchor(struct writer *writer, int depth)
{
  switch (choose(writer, depth < NESTING ? 6 : 5)) {
    case 0:
      add(writer, "recorded");
      return;
    case 1:
      add(writer, "obtained");
      return;
    case 2:
      ONE_OF(writer, spans);
      add(writer, " ends");
      return;
    case 3:
      add(writer, choose(writer, 2) == 0 ? "first " : "last ");
      ONE_OF(writer, events);
      return;
    case 4:
      add(writer, "consent ends");
      return;
    default:
      write_anchors(writer, depth);
  }
}

static void write_limit(struct writer *writer)
{
  static const char *const at_most[] = {"day", "week", "month", "year"};
  static const char *const exactly[] = {"minute", "hour", "day", "week", "month"};
  bool is_at_most = choose(writer, 2) == 0;
  add(writer, is_at_most ? "at most " : "exactly ");
  if (is_at_most)
    write_period(writer, at_most, ARRAY_COUNT(at_most));
  else
    write_period(writer, exactly, ARRAY_COUNT(exactly));
  add(writer, " after ");
  write_anchor(writer, 0);
}

static void write_rule(struct writer *writer, int depth);

static void write_rules(struct writer *writer, int depth)
{
  add(writer, choose(writer, 2) == 0 ? "later of (" : "earlier of (");
  for (int i = 0; i < 2; i++) {
    add(writer, i == 0 ? "" : ", ");
    write_rule(writer, depth + 1);
  }
  add(writer, ")");
}

static void write_rule(struct writer *writer, int depth)
{
  switch (choose(writer, depth < NESTING ? 7 : 6)) {
    case 0:
      add(writer, "while ");
      ONE_OF(writer, spans);
      return;
    case 1:
      add(writer, "until ");
      write_anchor(writer, 0);
      return;
    case 2:
      add(writer, "as ");
      ONE_OF(writer, laws);
      add(writer, " after ");
      write_anchor(writer, 0);
      return;
    case 3:
      add(writer, choose(writer, 2) == 0 ? "as long as service" : "rule short");
      return;
    case 6:
      write_rules(writer, depth);
      return;
    default:
      write_limit(writer);
  }
}

static void write_modifier(struct writer *writer)
{
  static const char *const units[] = {"day", "week", "month", "year"};
  switch (choose(writer, 4)) {
    case 0:
      add(writer, ", longer while ");
      ONE_OF(writer, spans);
      return;
    case 1:
      add(writer, ", cut at ");
      ONE_OF(writer, events);
      return;
    case 2:
      add(writer, ", no later than ");
      write_period(writer, units, ARRAY_COUNT(units));
      break;
    default:
      add(writer, ", no later than ");
      ONE_OF(writer, laws);
  }
  add(writer, " after ");
  write_anchor(writer, 0);
}

static void write_keep(struct writer *writer)
{
  if (choose(writer, 50) == 0) {
    add(writer, "borrowed");
    return;
  }
  write_rule(writer, 0);
  bool has_period = strstr(str_text(writer->text), "at most") != NULL ||
                    strstr(str_text(writer->text), "exactly") != NULL;
  if (has_period && choose(writer, 3) == 0) {
    add(writer, ", paused while ");
    ONE_OF(writer, pause_spans);
  }
  for (size_t i = choose(writer, 3); i > 0; i--)
    write_modifier(writer);
  if (choose(writer, 4) == 0)
    add(writer, choose(writer, 2) == 0 ? ", then erase" : ", then anonymise");
}

static void assert_same_program(const struct keep *is, const struct keep *expected)
{
  assert_int_equal(is->operation_count, expected->operation_count);
  assert_int_equal(is->anchor, expected->anchor);
  assert_int_equal(is->anonymise, expected->anonymise);
  for (int32_t i = 0; i < is->operation_count; i++) {
    const struct keep_operation *a = &is->operations[i];
    const struct keep_operation *b = &expected->operations[i];
    bool same = a->code == b->code && a->span.scope == b->span.scope &&
                a->span.index == b->span.index && a->event == b->event && a->first == b->first &&
                a->count == b->count && a->period.number == b->period.number &&
                a->period.unit == b->period.unit && a->paused.scope == b->paused.scope &&
                a->paused.index == b->paused.index && a->law == b->law &&
                a->by_financial_year == b->by_financial_year && a->purpose == b->purpose;
    assert_true(same);
  }
}

static bool read_rule(const struct keep_world *world, struct view text, struct keep *ret_keep)
{
  struct err err = ERR_INIT;
  size_t at = 0;
  enum err_code code = keep_read(world->policy, text, ret_keep, &at, &err);
  if (code != ERR_OK)
    assert_true(at <= text.length);
  return code == ERR_OK;
}

// Ten thousand rules of the grammar, by chance: what is printed reads back to the same program and
// prints as itself. Only those beyond the limits of size are refused.
static void keep__reads_what_it_prints(void **state)
{
  struct keep_world *world = *state;
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED);
  int too_large = 0;
  for (int round = 0; round < RULES; round++) {
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str printed = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str again = STR_INIT(TEXT_BYTES_MAX);
    struct writer writer = {random_from_seed(&seeded), &text};
    struct keep keep = {.text = ""};
    struct keep reread = {.text = ""};
    write_keep(&writer);
    if (!read_rule(world, str_view(&text), &keep)) {
      too_large++;
      continue;
    }
    keep_print(world->policy, &keep, &printed);
    if (printed.length > KEEP_TEXT_BYTES_MAX)
      continue;
    if (!read_rule(world, str_view(&printed), &reread))
      fail_msg("'%s' prints as '%s', which cannot be read", str_text(&text), str_text(&printed));
    assert_same_program(&reread, &keep);
    keep_print(world->policy, &reread, &again);
    assert_string_equal(str_text(&again), str_text(&printed));
  }
  assert_true(too_large < RULES / 4);
}

// A rule with one byte changed is read or refused at a place within it; nothing else happens.
static void keep__survives_a_changed_byte(void **state)
{
  struct keep_world *world = *state;
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED + 1);
  for (int round = 0; round < BROKEN_ROUNDS; round++) {
    OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
    struct writer writer = {random_from_seed(&seeded), &text};
    struct keep keep = {.text = ""};
    write_keep(&writer);
    text.bytes[choose(&writer, text.length)] = (char)(1 + choose(&writer, 255));
    (void)read_rule(world, str_view(&text), &keep);
  }
}

int main(void)
{
#define KEEP_TEST(test) cmocka_unit_test_setup_teardown(test, keep_world_open, keep_world_close)
  const struct CMUnitTest tests[] = {
      KEEP_TEST(keep__reads_what_it_prints),
      KEEP_TEST(keep__survives_a_changed_byte),
  };
  return cmocka_run_group_tests_name("policy_keep_generated", tests, NULL, NULL);
}
