#include "policy/law.h"

#include <string.h>

#include "base/assert.h"
#include "policy/law_source.h"

int32_t law_fact_count(void) { return law_facts_count; }

const struct law_fact *law_fact(int32_t fact)
{
  PRE(fact >= 0 && fact < law_facts_count);
  return &law_facts[fact];
}

int32_t law_pack_count(void) { return law_packs_count; }

const struct law_pack *law_pack(int32_t pack)
{
  PRE(pack >= 0 && pack < law_packs_count);
  return &law_packs[pack];
}

void law_version_write(struct str *ret_text)
{
  for (int32_t i = 0; i < law_packs_count; i++)
    str_format(ret_text, "%s%s of %s (%s)", i == 0 ? "" : ", ", law_packs[i].id, law_packs[i].dated,
               law_packs[i].hash);
}

int32_t law_pack_find(struct view id)
{
  for (int32_t i = 0; i < law_packs_count; i++)
    if (view_is(id, law_packs[i].id))
      return i;
  return -1;
}

static bool holds_on(const struct law_fact *fact, int64_t day)
{
  return day >= fact->from_day && day <= fact->to_day;
}

int32_t law_find(enum law_section section, struct view name, int64_t day)
{
  for (int32_t i = 0; i < law_facts_count; i++)
    if (law_facts[i].section == section && holds_on(&law_facts[i], day) &&
        view_is(name, law_facts[i].name))
      return i;
  return -1;
}

int32_t law_known(enum law_section section, struct view name)
{
  for (int32_t i = 0; i < law_facts_count; i++)
    if (law_facts[i].section == section && view_is(name, law_facts[i].name))
      return i;
  return -1;
}

const char *law_text(int32_t fact, const char *key)
{
  const struct law_fact *of = law_fact(fact);
  for (int32_t i = 0; i < of->value_count; i++)
    if (strcmp(of->values[i].key, key) == 0)
      return of->values[i].text;
  return "";
}

bool law_has_word(int32_t fact, const char *key, struct view word)
{
  struct view rest = view_of(law_text(fact, key));
  while (rest.length > 0)
    if (view_equal(view_cut(&rest, ' '), word))
      return true;
  return false;
}

int32_t law_obligation_find(struct view name, int64_t day)
{
  return law_find(LAW_OBLIGATIONS, name, day);
}

int32_t law_authority(struct view name, int64_t day)
{
  return law_find(LAW_AUTHORITIES, name, day);
}

// ── Terms ───────────────────────────────────────────────────────────────────────────────────

int32_t law_term_find(struct view name, int64_t day, struct law_term *ret_term)
{
  int32_t fact = law_find(LAW_OBLIGATIONS, name, day);
  if (fact < 0)
    fact = law_find(LAW_PERIODS, name, day);
  struct law_term term = {.by_financial_year = false};
  if (fact < 0 || !period_read(view_of(law_text(fact, "period")), &term.period))
    return -1;
  term.by_financial_year = strcmp(law_text(fact, "counts"), "financial_year") == 0;
  *ret_term = term;
  return fact;
}

static int64_t year_end(int32_t year, int32_t month, int32_t day)
{
  const struct period months = {month - 1, PERIOD_MONTH};
  int64_t first =
      month == 1 ? calendar_days(year, 1, 1) : calendar_add_days(calendar_days(year, 1, 1), months);
  const struct period one = {1, PERIOD_MONTH};
  int64_t last = calendar_add_days(first, one) - 1;
  return first + day - 1 < last ? first + day - 1 : last;
}

int64_t law_financial_year_end(int64_t days, int32_t month, int32_t day)
{
  int32_t year;
  int32_t of_month;
  int32_t of_day;
  calendar_civil(days, &year, &of_month, &of_day);
  int64_t end = year_end(year, month, day);
  return end >= days ? end : year_end(year + 1, month, day);
}

int64_t law_term_through(const struct law_term *term, int64_t day, int32_t month,
                         int32_t day_of_month)
{
  if (!term->by_financial_year)
    return calendar_add_days(day, term->period);
  return calendar_years_through(law_financial_year_end(day, month, day_of_month),
                                term->period.number);
}

// ── Countries ───────────────────────────────────────────────────────────────────────────────

// The facts of a country stand in whichever pack knows it.
static int32_t find_country(enum law_section section, struct view country, int64_t day)
{
  for (int32_t i = 0; i < law_facts_count; i++) {
    struct view name = view_of(law_facts[i].name);
    (void)view_cut(&name, '.');
    if (law_facts[i].section == section && holds_on(&law_facts[i], day) &&
        view_equal(name, country))
      return i;
  }
  return -1;
}

bool law_is_member(struct view country, int64_t day)
{
  return view_is(country, "EU") || view_is(country, "EEA") ||
         find_country(LAW_MEMBERS, country, day) >= 0;
}

int32_t law_adequacy(struct view country, int64_t day, struct view scope)
{
  int32_t fact = find_country(LAW_ADEQUACY, country, day);
  if (fact < 0 || law_has_word(fact, "except", scope))
    return -1;
  bool covers =
      law_has_word(fact, "covers", VIEW_LITERAL("all")) || law_has_word(fact, "covers", scope);
  return covers ? fact : -1;
}

int32_t law_age_of_consent(struct view country, int64_t day)
{
  int32_t fact = find_country(LAW_AGES, country, day);
  if (fact < 0)
    fact = find_country(LAW_AGES, VIEW_LITERAL("default"), day);
  int64_t age = 0;
  if (fact < 0 || !view_int64(view_of(law_text(fact, "age")), &age))
    return 0;
  return (int32_t)age;
}
