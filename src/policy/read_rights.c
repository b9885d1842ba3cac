#include "policy/reader.h"

#include <stddef.h>

// ── Holds ───────────────────────────────────────────────────────────────────────────────────

static void read_hold(struct reader *reader, const struct yaml_pair *pair, struct hold_rule *hold)
{
  const struct yaml_node *map = &pair->value;
  *hold = (struct hold_rule){
      .name = reader_text(reader, pair->key),
      .while_span = reader_span(reader, yaml_get(map, "while"), SPANS_OF_THINGS | SPANS_OF_KINDS),
      .covers_all = view_is(reader_get(map, "covers"), "all"),
      .purpose = reader_purpose(reader, yaml_get(map, "for")),
      .review = reader_period(map, "review"),
      .release = view_is(reader_get(map, "release"), "two") ? 2 : 1,
      .place = pair->place,
  };
  reader_promises(reader, map, "holds", pair->key);
}

static void read_holds(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "holds");
  struct hold_rule *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_hold(reader, &map->pairs[i], &rows[i]);
  reader->policy->conduct.holds = rows;
  reader->policy->conduct.hold_count = rows == NULL ? 0 : map->count;
}

// ── Rights ──────────────────────────────────────────────────────────────────────────────────

// Keys that are set to one word or not at all.
static const struct mark {
  const char *key, *word;
  size_t offset;
} marks[] = {
    {"fee", "cost", offsetof(struct right_rule, fee)},
    {"scope", "all", offsetof(struct right_rule, scope_all)},
    {"filter", "category", offsetof(struct right_rule, by_filter)},
    {"certain_only", "yes", offsetof(struct right_rule, certain_only)},
    {"summary", "by_purpose", offsetof(struct right_rule, by_purpose)},
    {"deliver", "registered_address", offsetof(struct right_rule, to_registered)},
    {"named_recipients", "yes", offsetof(struct right_rule, named_recipients)},
    {"copies", "agreements", offsetof(struct right_rule, copies)},
    {"pause", "offered", offsetof(struct right_rule, pause_offered)},
    {"add", "relevant_only", offsetof(struct right_rule, relevant_only)},
    {"partial", "per_binding", offsetof(struct right_rule, partial)},
    {"undecided", "upheld", offsetof(struct right_rule, undecided_upheld)},
    {"unnamed", "clarify", offsetof(struct right_rule, unnamed_clarify)},
    {"until_decided", "in_effect", offsetof(struct right_rule, in_effect)},
};

static void read_identity(struct reader *reader, const struct yaml_node *map,
                          struct right_rule *rule)
{
  const struct yaml_node *node = yaml_get(map, "identity");
  rule->identity = (int32_t)reader_number(map, "identity", -1);
  rule->identity_how = reader_words(map, "identity_how", right_identity_names);
  if (node != NULL && rule->identity > RIGHT_IDENTITY_MAX)
    finding_add(reader->findings, FINDING_Y05, node->place, "identity: 2",
                "'%s' is not a level of identity from 0 to %d", quote(node->text).text,
                RIGHT_IDENTITY_MAX);
}

static void read_right(struct reader *reader, const struct yaml_pair *pair, int right,
                       struct right_rule *rule)
{
  const struct conduct *conduct = &reader->policy->conduct;
  const struct yaml_node *map = &pair->value;
  *rule = (struct right_rule){
      .right = (enum policy_right)right,
      .form = (enum right_form)reader_word(map, "form", right_form_names, RIGHT_ANY_FORM),
      .effect = view_is(reader_get(map, "effect"), "at_once") ? RIGHT_AT_ONCE : RIGHT_ON_DECISION,
      .since_day = reader_date(map, "since", INT64_MIN),
      .hold = reader_find(reader, yaml_get(map, "hold"), "hold", conduct->holds,
                          conduct->hold_count, sizeof *conduct->holds),
      .self_service = reader_fields(reader, yaml_get(map, "self_service")),
      .place = pair->place,
  };
  read_identity(reader, map, rule);
  for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
    *(bool *)((char *)rule + marks[i].offset) =
        view_is(reader_get(map, marks[i].key), marks[i].word);
  reader_promises(reader, map, "rights", pair->key);
}

void read_rights(struct reader *reader)
{
  read_holds(reader);
  const struct yaml_node *map = reader_section(reader, "rights");
  struct conduct *conduct = &reader->policy->conduct;
  struct right_rule *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  conduct->rights = rows;
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    int right = schema_word(policy_right_names, pair->key);
    if (right >= 0)
      read_right(reader, pair, right, &rows[conduct->right_count++]);
    else
      finding_add(reader->findings, FINDING_Y09, pair->place, "access: {identity: 2}",
                  "'%s' is not a right", quote(pair->key).text);
  }
}
