#include "policy/lint.h"

// What GDPR 13 and 14 want people told. The notice that the program writes tells of the rights, the
// authority and the officer by itself; these rules judge a text that was written without it.

static bool has_entries(const struct reader *reader, const char *section)
{
  int32_t at = 0;
  return lint_next(reader, section, &at) != NULL;
}

static void no_officer(struct reader *reader)
{
  if (lint_only_written(reader) && reader_section(reader, "dpo") == NULL &&
      lint_statement(reader, "protection_officer") == NULL)
    finding_add(reader->findings, FINDING_NT02, lint_place(reader),
                "dpo: {contact: dataskydd@example.com}",
                "the text does not say whether there is a data protection officer");
}

static void no_recipients(struct reader *reader)
{
  if (lint_only_written(reader) && !has_entries(reader, "recipients"))
    finding_add(reader->findings, FINDING_NT06, lint_place(reader), "recipients: {...}",
                "the text names no recipients or categories of recipients");
}

static void no_transfers(struct reader *reader)
{
  int32_t at = 0;
  if (!lint_only_written(reader) || lint_statement(reader, "transfers") != NULL)
    return;
  for (const struct yaml_pair *pair = lint_next(reader, "recipients", &at); pair != NULL;
       pair = lint_next(reader, "recipients", &at))
    if (yaml_get(&pair->value, "places") != NULL)
      return;
  finding_add(reader->findings, FINDING_NT07, lint_place(reader), "recipients.*.places: [eea]",
              "the text does not say whether data leaves the EEA");
}

static void missing_rights(struct reader *reader)
{
  static const char *const all[] = {"access",      "rectification", "erasure",
                                    "restriction", "objection",     "portability"};
  const struct yaml_node *told = reader_section(reader, "rights");
  if (!lint_only_written(reader))
    return;
  OWNED(str) struct str missing = STR_INIT(FINDING_TEXT_BYTES);
  for (size_t i = 0; i < ARRAY_COUNT(all); i++)
    if (yaml_pair(told, all[i]) == NULL)
      str_format(&missing, "%s%s", missing.length == 0 ? "" : ", ", all[i]);
  if (missing.length > 0)
    finding_add(reader->findings, FINDING_NT09, lint_place(reader), NULL,
                "the text does not tell of these rights: %s", str_text(&missing));
}

static bool rests_on_consent(const struct yaml_node *purpose)
{
  const struct yaml_node *basis = yaml_get(purpose, "basis");
  for (int32_t i = 0; basis != NULL && basis->kind == NODE_MAP && i < basis->count; i++)
    if (yaml_get(&basis->pairs[i].value, "consent") != NULL)
      return true;
  return false;
}

static void no_withdrawal(struct reader *reader)
{
  int32_t at = 0;
  if (!lint_only_written(reader) || yaml_pair(reader_section(reader, "rights"), "withdrawal"))
    return;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at))
    if (rests_on_consent(&pair->value)) {
      finding_add(reader->findings, FINDING_NT10, pair->place, "rights: {withdrawal: {}}",
                  "'%s' rests on consent, and the text does not say that it can be withdrawn",
                  quote(pair->key).text);
      return;
    }
}

static void no_duty_told(struct reader *reader)
{
  int32_t at = 0;
  int32_t silent = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at))
    silent += yaml_get(&pair->value, "needs") == NULL ? 1 : 0;
  if (lint_only_written(reader) && silent > 0)
    finding_add(reader->findings, FINDING_NT12, lint_place(reader),
                "purposes.*.needs: {contract: SPAN, without: stop}",
                "of %d purposes the text does not say whether data must be given, and what follows "
                "if it is not",
                silent);
}

static bool asks_bureau(const struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "sources", &at); pair != NULL;
       pair = lint_next(reader, "sources", &at))
    if (view_is(reader_get(&pair->value, "is"), "bureau"))
      return true;
  return false;
}

static void no_automation_told(struct reader *reader)
{
  int32_t at = 0;
  if (!lint_only_written(reader) || !asks_bureau(reader))
    return;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at))
    if (yaml_get(&pair->value, "automated") != NULL)
      return;
  finding_add(reader->findings, FINDING_NT14, lint_place(reader),
              "purposes.*.automated: {review: ROLE}",
              "credit is checked, and the text does not say whether a person decides");
}

static void no_refusal_told(struct reader *reader)
{
  int32_t at = 0;
  if (!lint_only_written(reader) ||
      yaml_pair(reader_section(reader, "rights"), "marketing_objection") != NULL)
    return;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at))
    if (yaml_get(&pair->value, "marketing") != NULL) {
      finding_add(reader->findings, FINDING_NT15, pair->place, "rights: {marketing_objection: {}}",
                  "'%s' is direct marketing, and the text does not say that it can be refused",
                  quote(pair->key).text);
      return;
    }
}

static void half_told_changes(struct reader *reader)
{
  static const char *const all[] = {"purpose", "basis", "recipient", "place", "keep_longer"};
  const struct yaml_node *told = yaml_get(reader_section(reader, "policy"), "material");
  if (told == NULL)
    return;
  OWNED(str) struct str missing = STR_INIT(FINDING_TEXT_BYTES);
  for (size_t i = 0; i < ARRAY_COUNT(all); i++)
    if (!lint_lists(told, all[i]))
      str_format(&missing, "%s%s", missing.length == 0 ? "" : ", ", all[i]);
  if (missing.length > 0)
    finding_add(reader->findings, FINDING_P06, told->place,
                "material: [purpose, basis, recipient, place, keep_longer]",
                "people are not told beforehand of changes of: %s", str_text(&missing));
}

static bool has_digit(struct view text)
{
  for (size_t i = 0; i < text.length; i++)
    if (text.bytes[i] >= '0' && text.bytes[i] <= '9')
      return true;
  return false;
}

static void no_address(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "controllers", &at); pair != NULL;
       pair = lint_next(reader, "controllers", &at)) {
    const struct yaml_node *post = yaml_get(&pair->value, "post");
    if (post != NULL && !view_is(post->text, "setting") && !has_digit(post->text))
      finding_add(reader->findings, FINDING_C11, post->place, "post: Storgatan 1, 111 22 Stad",
                  "'%s' is not a postal address", quote(post->text).text);
  }
}

static const struct lint_rule rules[] = {
    {FINDING_NT02, no_officer},         {FINDING_NT06, no_recipients},
    {FINDING_NT07, no_transfers},       {FINDING_NT09, missing_rights},
    {FINDING_NT10, no_withdrawal},      {FINDING_NT12, no_duty_told},
    {FINDING_NT14, no_automation_told}, {FINDING_NT15, no_refusal_told},
    {FINDING_P06, half_told_changes},   {FINDING_C11, no_address},
};

const struct lint_rules lint_notice = {rules, ARRAY_COUNT(rules)};
