#include "policy/law.h"
#include "policy/reader.h"
#include "policy/suggest.h"

static void tell_unknown(struct reader *reader, const struct basis_row *row)
{
  struct suggest suggest;
  suggest_begin(&suggest, view_of(row->argument));
  for (int32_t i = 0; i < law_fact_count(); i++)
    if (law_fact(i)->section == LAW_OBLIGATIONS)
      suggest_offer(&suggest, law_fact(i)->name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  finding_add(reader->findings, FINDING_Y07, row->place, NULL, "no law is called '%s'%s",
              row->argument, nearest);
}

static void check_obligation(struct reader *reader, const struct basis_row *row, int64_t day)
{
  struct view name = view_of(row->argument);
  if (row->basis != BASIS_LAW || name.length == 0 || law_obligation_find(name, day) >= 0)
    return;
  int32_t known = law_known(LAW_OBLIGATIONS, name);
  if (known < 0) {
    tell_unknown(reader, row);
    return;
  }
  char from[CALENDAR_TEXT_BYTES];
  calendar_write_date(law_fact(known)->from_day, from);
  finding_add(reader->findings, FINDING_W01, row->place, NULL,
              "'%s' is in force from %s, not on the day that the policy takes effect",
              row->argument, from);
}

void read_law_packs(struct reader *reader)
{
  const struct yaml_node *packs = yaml_get(reader_section(reader, "policy"), "law");
  for (int32_t i = 0; packs != NULL && i < packs->count; i++) {
    int32_t pack = law_pack_find(packs->items[i].text);
    if (pack >= 0)
      reader->policy->law_packs |= UINT32_C(1) << pack;
    else if (!packs->items[i].refused)
      finding_add(reader->findings, FINDING_W01, packs->items[i].place, "law: [eu, se]",
                  "no pack of law is called '%s'", quote(packs->items[i].text).text);
  }
}

static void check_authority(struct reader *reader, const struct yaml_node *node, int64_t day)
{
  if (node == NULL || node->kind != NODE_TEXT || law_authority(node->text, day) >= 0)
    return;
  if (law_known(LAW_AUTHORITIES, node->text) < 0)
    finding_add(reader->findings, FINDING_C04, node->place, "authority: se.imy",
                "no authority is called '%s'", quote(node->text).text);
  else
    finding_add(reader->findings, FINDING_C04, node->place, "authority: se.imy",
                "'%s' is no authority on the day that the policy takes effect",
                quote(node->text).text);
}

void check_law(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *controllers = reader_section(reader, "controllers");
  int64_t day = policy_law_day(policy);
  for (int32_t i = 0; controllers != NULL && i < controllers->count; i++)
    check_authority(reader, yaml_get(&controllers->pairs[i].value, "authority"), day);
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t k = 0; k < purpose->basis_count; k++) {
      const struct basis_row *row = &policy->basis_rows[purpose->first_basis + k];
      bool is_said_before = k > 0 && row->place.line == row[-1].place.line &&
                            row->place.column == row[-1].place.column;
      if (!is_said_before)
        check_obligation(reader, row, day);
    }
  }
}
