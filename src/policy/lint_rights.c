#include "policy/lint.h"

static void paper_only(struct reader *reader)
{
  const struct yaml_node *access = yaml_get(reader_section(reader, "rights"), "access");
  const struct yaml_node *how = yaml_get(access, "identity_how");
  if (view_is(reader_get(access, "form"), "preferred") && how != NULL && !lint_lists(how, "e_id"))
    finding_add(reader->findings, FINDING_RI01, how->place, "identity_how: [signed_letter, e_id]",
                "access is to be asked for on paper; a request counts in whatever way it comes");
}

static void wide_portability(struct reader *reader)
{
  const struct yaml_node *portability = yaml_get(reader_section(reader, "rights"), "portability");
  const struct yaml_node *scope = yaml_get(portability, "scope");
  if (scope != NULL && view_is(scope->text, "all"))
    finding_add(reader->findings, FINDING_RI02, scope->place, NULL,
                "portability is promised without the conditions of the law");
}

static void copies_promised(struct reader *reader)
{
  const struct yaml_node *right =
      yaml_get(reader_section(reader, "rights"), "transfer_information");
  const struct yaml_node *copies = yaml_get(right, "copies");
  if (copies != NULL)
    finding_add(reader->findings, FINDING_RI03, copies->place, NULL,
                "copies of the agreements on transfers are handed out to who asks");
}

static void late_right(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "rights", &at); pair != NULL;
       pair = lint_next(reader, "rights", &at)) {
    const struct yaml_node *since = yaml_get(&pair->value, "since");
    if (since != NULL)
      finding_add(reader->findings, FINDING_RI04, since->place, "leave `since` out",
                  "'%s' is told as a right that begins on a day", quote(pair->key).text);
  }
}

static const struct lint_rule rules[] = {
    {FINDING_RI01, paper_only},
    {FINDING_RI02, wide_portability},
    {FINDING_RI03, copies_promised},
    {FINDING_RI04, late_right},
};

const struct lint_rules lint_rights = {rules, ARRAY_COUNT(rules)};
