#include "policy/lint.h"

// Groups whose parent is outside the EEA: that the data is stored within it does not keep the
// parent from reaching it.
static const char *const foreign_groups[] = {"adobe",      "amazon",    "apple",  "facebook",
                                             "google",     "mailchimp", "meta",   "microsoft",
                                             "salesforce", "tiktok",    "twilio", NULL};

static const char *foreign_group(struct view text)
{
  for (int i = 0; foreign_groups[i] != NULL; i++)
    if (lint_says(text, foreign_groups[i], true))
      return foreign_groups[i];
  return NULL;
}

static const char *foreign_group_of(const struct reader *reader, const struct yaml_pair *recipient)
{
  const struct yaml_node *title = yaml_get(&recipient->value, "title");
  for (int32_t i = 0; title != NULL && title->kind == NODE_MAP && i < title->count; i++) {
    const char *group = foreign_group(title->pairs[i].value.text);
    if (group != NULL)
      return group;
  }
  int32_t at = 0;
  for (const struct yaml_pair *party = lint_next(reader, "parties", &at); party != NULL;
       party = lint_next(reader, "parties", &at))
    if (view_equal(reader_get(&party->value, "in"), recipient->key) &&
        foreign_group(reader_get(&party->value, "name")) != NULL)
      return foreign_group(reader_get(&party->value, "name"));
  return NULL;
}

static void unproven_place(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "recipients", &at); pair != NULL;
       pair = lint_next(reader, "recipients", &at)) {
    const struct yaml_node *map = &pair->value;
    const char *group = foreign_group_of(reader, pair);
    bool answered =
        lint_lists(yaml_get(map, "proof"), "country") || yaml_get(map, "safeguard") != NULL;
    if (group != NULL && lint_lists(yaml_get(map, "places"), "eea") && !answered)
      finding_add(reader->findings, FINDING_X09, yaml_get(map, "places")->place,
                  "proof: [country], or safeguard: clauses",
                  "'%s' is said to keep data within the EEA; the group of '%s' is outside it",
                  quote(pair->key).text, group);
  }
}

static bool has_joint(const struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "controllers", &at); pair != NULL;
       pair = lint_next(reader, "controllers", &at))
    if (view_is(reader_get(&pair->value, "role"), "joint"))
      return true;
  return false;
}

static void shared_store(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "recipients", &at); pair != NULL;
       pair = lint_next(reader, "recipients", &at))
    if (view_is(reader_get(&pair->value, "is"), "group") &&
        view_is(reader_get(&pair->value, "store"), "shared") && !has_joint(reader))
      finding_add(
          reader->findings, FINDING_X10, pair->place, "controllers.*.role: joint",
          "'%s' works in the company's own store: joint control or processing on its behalf",
          quote(pair->key).text);
}

// ── Credit agencies ─────────────────────────────────────────────────────────────────────────

static bool is_bureau(const struct reader *reader, struct view source)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "sources", &at); pair != NULL;
       pair = lint_next(reader, "sources", &at))
    if (view_equal(pair->key, source))
      return view_is(reader_get(&pair->value, "is"), "bureau");
  return false;
}

static bool comes_from_bureau(const struct reader *reader, const struct yaml_node *sources)
{
  for (int32_t i = 0; sources != NULL && sources->kind == NODE_LIST && i < sources->count; i++)
    if (is_bureau(reader, sources->items[i].text))
      return true;
  return false;
}

static bool receives_for(const struct reader *reader, const struct yaml_node *purposes)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "recipients", &at); pair != NULL;
       pair = lint_next(reader, "recipients", &at))
    for (int32_t i = 0; purposes != NULL && i < purposes->count; i++)
      if (purposes->items[i].kind == NODE_TEXT &&
          lint_lists(yaml_get(&pair->value, "for"), purposes->items[i].text.bytes))
        return true;
  return false;
}

static void unnamed_bureau(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "collect", &at); pair != NULL;
       pair = lint_next(reader, "collect", &at))
    if (comes_from_bureau(reader, yaml_get(&pair->value, "source")) &&
        !receives_for(reader, yaml_get(&pair->value, "for")))
      finding_add(reader->findings, FINDING_X11, pair->place,
                  "recipients: {credit_agency: {is: controller, ...}}",
                  "'%s' asks a credit agency, which is not among the recipients",
                  quote(pair->key).text);
}

// ── People who did not give their data themselves ───────────────────────────────────────────

static bool comes_from_other(const struct policy *policy, int32_t kind)
{
  for (int32_t i = 0; i < policy->point_count; i++) {
    const struct point *point = &policy->points[i];
    if ((point->kinds >> kind & 1) == 0)
      continue;
    for (int32_t j = 0; j < policy->source_count; j++)
      if ((point->sources >> j & 1) != 0 && policy->sources[j].is == SOURCE_OTHER)
        return true;
  }
  return false;
}

static bool is_told(const struct reader *reader, const char *kind)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "messages", &at); pair != NULL;
       pair = lint_next(reader, "messages", &at))
    if (lint_lists(yaml_get(&pair->value, "about"), kind) &&
        view_is(reader_get(&pair->value, "notice"), "14"))
      return true;
  return false;
}

static void silent_first_message(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "messages", &at); pair != NULL;
       pair = lint_next(reader, "messages", &at))
    for (int32_t i = 0; i < policy->kind_count; i++)
      if (lint_lists(yaml_get(&pair->value, "about"), policy->kinds[i].name) &&
          comes_from_other(policy, i) && !is_told(reader, policy->kinds[i].name))
        finding_add(reader->findings, FINDING_M07, pair->place, "notice: 14",
                    "'%s' goes to '%s', whose data others gave, and no message tells them of it",
                    quote(pair->key).text, policy->kinds[i].name);
}

static void order_of_court(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "disclosures", &at); pair != NULL;
       pair = lint_next(reader, "disclosures", &at))
    if (yaml_get(yaml_get(&pair->value, "evidence"), "court") != NULL &&
        yaml_get(&pair->value, "tell_person") == NULL)
      finding_add(reader->findings, FINDING_DI01, pair->place,
                  "tell_person: {message: NAME, from: 1 month, to: 3 months}",
                  "'%s' hands out by order of a court; the person is told of it afterwards",
                  quote(pair->key).text);
}

static const struct lint_rule rules[] = {
    {FINDING_X09, unproven_place},  {FINDING_X10, shared_store},
    {FINDING_X11, unnamed_bureau},  {FINDING_M07, silent_first_message},
    {FINDING_DI01, order_of_court},
};

const struct lint_rules lint_outward = {rules, ARRAY_COUNT(rules)};
