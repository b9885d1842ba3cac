#include "policy/lint.h"

// Sentences of a written text. Each rule takes one topic and holds the sentence against the law and
// against the rest of the file.

static bool has_source_other(const struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "sources", &at); pair != NULL;
       pair = lint_next(reader, "sources", &at))
    if (view_is(reader_get(&pair->value, "is"), "other"))
      return true;
  return false;
}

static void giver_consents(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "giver_consents");
  if (pair != NULL)
    finding_add(reader->findings, FINDING_ST01, pair->place,
                "collect.*.notice: sent, and a message with notice: 14",
                "'%s' rests on a consent that somebody else is presumed to have",
                quote(pair->key).text);
}

static void giver_informs(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "statements", &at); pair != NULL;
       pair = lint_next(reader, "statements", &at))
    if (view_is(reader_get(&pair->value, "on"), "giver_informs") && has_source_other(reader))
      finding_add(reader->findings, FINDING_ST04, pair->place,
                  "collect.*.notice: sent, and a message with notice: 14",
                  "'%s' leaves it to somebody else to inform the person", quote(pair->key).text);
}

static void kept_for_other_purpose(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "kept_for_other_purpose");
  if (pair != NULL)
    finding_add(reader->findings, FINDING_ST02, pair->place,
                "name the purpose; it needs a basis and an end of its own",
                "'%s' keeps data after a withdrawal for a purpose that it does not name",
                quote(pair->key).text);
}

// A type that leads to a person by itself or with what others hold (GDPR 4(1), recital 30).
static bool leads_to_person(const struct field *field)
{
  return field->type == FIELD_IP || field->type == FIELD_EMAIL || field->type == FIELD_PHONE ||
         field->type == FIELD_KEY || field->type == FIELD_PERSONNUMMER || field->type == FIELD_NAME;
}

static void not_personal(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "not_personal");
  if (pair == NULL)
    return;
  struct set fields = reader_fields(reader, yaml_get(&pair->value, "about"));
  for (int32_t i = set_next(&fields, 0); i >= 0; i = set_next(&fields, i + 1))
    if (leads_to_person(&reader->policy->fields[i]))
      finding_add(reader->findings, FINDING_ST03, pair->place, NULL,
                  "'%s' says that '%s' is no personal data", quote(pair->key).text,
                  reader->policy->fields[i].name);
}

static void ambiguous_period(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "ambiguous_period");
  if (pair != NULL)
    finding_add(reader->findings, FINDING_ST05, pair->place,
                "later of (A, B), or earlier of (A, B)",
                "'%s' begins a period at one event or another, and does not say which counts",
                quote(pair->key).text);
}

static void several_periods(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "several_periods");
  if (pair != NULL)
    finding_add(reader->findings, FINDING_ST06, pair->place, "keep: {each: RULE, CATEGORY: RULE}",
                "'%s' gives several periods, and does not say which data each is for",
                quote(pair->key).text);
}

static void erased_on_withdrawal(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "erased_on_withdrawal");
  if (pair != NULL)
    finding_add(reader->findings, FINDING_ST07, pair->place, NULL,
                "'%s' promises to erase what another purpose may have to keep",
                quote(pair->key).text);
}

static void officer_without_contact(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "protection_officer");
  if (pair != NULL && reader_section(reader, "dpo") == NULL)
    finding_add(
        reader->findings, FINDING_ST08, pair->place, "dpo: {contact: dataskydd@example.com}",
        "'%s' speaks of a data protection officer, and no contact is given", quote(pair->key).text);
}

static bool is_known(const struct reader *reader, const char *section, struct view name)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, section, &at); pair != NULL;
       pair = lint_next(reader, section, &at))
    if (view_equal(reader_get(&pair->value, "name"), name))
      return true;
  return false;
}

static void stranger_as_contact(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "contact");
  const struct yaml_node *names = pair == NULL ? NULL : yaml_get(&pair->value, "names");
  for (int32_t i = 0; names != NULL && i < names->count; i++) {
    struct view name = names->items[i].text;
    if (!is_known(reader, "controllers", name) && !is_known(reader, "parties", name))
      finding_add(reader->findings, FINDING_ST09, names->items[i].place,
                  "name the controller as it is registered",
                  "'%s' is the contact, and neither a controller nor a party", quote(name).text);
  }
}

static void unlisted_cookies(struct reader *reader)
{
  const struct yaml_pair *pair = lint_statement(reader, "cookies");
  if (pair != NULL && reader_section(reader, "cookies") == NULL)
    finding_add(reader->findings, FINDING_ST10, pair->place, "cookies: {table: {...}}",
                "'%s' speaks of cookies, and none is listed", quote(pair->key).text);
}

static const struct lint_rule rules[] = {
    {FINDING_ST01, giver_consents},       {FINDING_ST02, kept_for_other_purpose},
    {FINDING_ST03, not_personal},         {FINDING_ST04, giver_informs},
    {FINDING_ST05, ambiguous_period},     {FINDING_ST06, several_periods},
    {FINDING_ST07, erased_on_withdrawal}, {FINDING_ST08, officer_without_contact},
    {FINDING_ST09, stranger_as_contact},  {FINDING_ST10, unlisted_cookies},
};

const struct lint_rules lint_statements = {rules, ARRAY_COUNT(rules)};
