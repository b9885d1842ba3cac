// What advertising asks for, channel by channel, as rows of a file (marknadsföringslagen 19-21 §§,
//
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gate_world.h"
#include "policy/schema.h"

#define ROWS FORVAR_SOURCE_ROOT "/test/gate/marketing.tsv"

enum {
  ID,
  KIND,
  PURPOSE,
  ORIGIN,
  WAY_OUT,
  CHANNEL,
  GOODS,
  LIST,
  WASHED,
  OBTAINED,
  NOW,
  OFF,
  REASONS,
  COLUMNS
};

static int word_of(const char *text, const char *const *words, int count)
{
  for (int i = 0; i < count; i++)
    if (strcmp(text, words[i]) == 0)
      return i;
  fail_msg("'%s' is not known", text);
  return -1;
}
#define WORD(text, ...)                             \
  word_of(text, (const char *const[]){__VA_ARGS__}, \
          (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static int64_t day_of(const struct gate_world *world, const char *date)
{
  char text[40];
  (void)snprintf(text, sizeof text, "%s 12:00", strcmp(date, "-") == 0 ? "2026-01-01" : date);
  return gate_world_instant(world, text);
}

static void choose(struct gate_world *world, const char *off)
{
  if (strcmp(off, "off") == 0)
    world->person.marketing_off = UINT32_C(1) << world->request.channel;
  if (strcmp(off, "given") == 0 || strcmp(off, "stale") == 0)
    gate_world_any(world, "accord.in_force", OPEN);
  if (strcmp(off, "stale") == 0)
    world->person.stale_consents = 1;
  if (strncmp(off, "left ", strlen("left ")) == 0)
    gate_world_any(world, "purchase.lasting", gate_world_day(off + strlen("left ")));
}

static void check_row(char *const columns[COLUMNS])
{
  struct gate_world *world = gate_world_new("test/gate/marketing.yaml");
  gate_world_ask(world, "", columns[PURPOSE], "contact.email");
  gate_world_kind(world, columns[KIND], OPEN);
  world->record.origin = (enum gate_origin)WORD(columns[ORIGIN], "-", "person", "other", "list");
  world->record.no_way_out = strcmp(columns[WAY_OUT], "no") == 0;
  world->record.recorded_us = world->record.obtained_us = day_of(world, columns[OBTAINED]);
  world->request.channel = schema_word(schema_channels, view_of(columns[CHANNEL]));
  world->request.goods = (enum gate_goods)WORD(columns[GOODS], "-", "listed", "other");
  world->request.blocked = (enum gate_list)WORD(columns[LIST], "-", "clear", "blocks");
  world->request.washed_us = day_of(world, columns[WASHED]);
  world->request.now_us = day_of(world, columns[NOW]);
  choose(world, columns[OFF]);
  OWNED(str) struct str reasons = STR_INIT(1000);
  struct gate_decision decision = gate_world_decide(world);
  gate_world_reasons(decision.reasons, &reasons);
  const char *expected = strcmp(columns[REASONS], "-") == 0 ? "" : columns[REASONS];
  if (strcmp(str_text(&reasons), expected) != 0)
    fail_msg("%s: \"%s\" instead of \"%s\"", columns[ID], str_text(&reasons), expected);
  assert_int_equal(decision.allowed, expected[0] == '\0');
  gate_world_free(world);
}

// Every row of the file: the vectors T-607 and T-609 to T-619, and the days on each side of a
// limit.
static void marketing__asks_for_what_the_law_asks(void **state)
{
  (void)state;
  char line[512];
  int rows = 0;
  FILE *file = fopen(ROWS, "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file) != NULL) {
    char *columns[COLUMNS];
    char *rest = line;
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#')
      continue;
    for (int i = 0; i < COLUMNS; i++)
      columns[i] = strsep(&rest, "\t");
    if (columns[COLUMNS - 1] == NULL || rest != NULL)
      fail_msg("a row has %d columns: %s", COLUMNS, line);
    check_row(columns);
    rows++;
  }
  assert_int_equal(fclose(file), 0);
  assert_int_equal(rows, 28);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(marketing__asks_for_what_the_law_asks)};
  return cmocka_run_group_tests_name("gate marketing", tests, NULL, NULL);
}
