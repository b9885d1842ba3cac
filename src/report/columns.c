#include "report/columns.h"

#include <string.h>

#include "base/country.h"
#include "policy/law.h"
#include "render/notice.h"
#include "report/dpv.h"

void cell_cleanup(struct cell *cell)
{
  str_clear(&cell->words);
  str_clear(&cell->terms);
}

static struct view in_language(const struct cell *cell, struct view sv, struct view en)
{
  return cell->request->language == LANGUAGE_SV ? sv : en;
}

static const char *say(const struct cell *cell, enum word which)
{
  return word(cell->request->language, which);
}

static void add(struct str *list, struct view part)
{
  if (part.length == 0)
    return;
  if (list->length > 0)
    str_add(list, VIEW_LITERAL("; "));
  str_add(list, part);
}

// Each term once.
static void add_term(struct cell *cell, enum dpv_term term)
{
  if (term == DPV_COUNT)
    return;
  struct view name = view_of(dpv_name(term));
  struct view rest = str_view(&cell->terms);
  while (rest.length > 0)
    if (view_equal(view_trim(view_cut(&rest, ';')), name))
      return;
  add(&cell->terms, name);
}

static void add_said(struct str *list, struct view value)
{
  if (!organisation_is_setting(value))
    add(list, value);
}

static const struct purpose *purpose_of(const struct cell *cell)
{
  return &cell->request->policy->purposes[cell->index];
}

static const struct recipient *recipient_of(const struct cell *cell)
{
  return &cell->request->policy->outward.recipients[cell->index];
}

// ── Who ─────────────────────────────────────────────────────────────────────────────────────

static void fill_controller(struct cell *cell)
{
  const struct organisation *organisation = &cell->request->policy->organisation;
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    const struct controller *row = &organisation->controllers[i];
    add(&cell->words, row->legal_name);
    add_said(&cell->words, row->number);
    add_said(&cell->words, row->post);
    add_said(&cell->words, row->email);
    add_said(&cell->words, row->phone);
    add_term(cell, row->role == CONTROLLER_JOINT ? DPV_JOINT_CONTROLLERS : DPV_CONTROLLER);
  }
}

static void fill_officer(struct cell *cell)
{
  const struct officer *officer = &cell->request->policy->organisation.officer;
  if (officer->place.line == 0)
    return;
  add_said(&cell->words, officer->name);
  add_said(&cell->words, officer->contact);
  add_term(cell, DPV_OFFICER);
}

static void fill_processor(struct cell *cell)
{
  const struct recipient *row = recipient_of(cell);
  const struct outward *outward = &cell->request->policy->outward;
  add(&cell->words, in_language(cell, row->title.sv, row->title.en));
  for (int32_t i = 0; i < outward->party_count; i++)
    if (outward->parties[i].recipient == cell->index && outward->parties[i].allowed)
      add(&cell->words, outward->parties[i].legal_name);
  add_term(cell, dpv_of_recipient(row->is));
}

// ── What for, and about whom ────────────────────────────────────────────────────────────────

static void add_purpose(struct cell *cell, int32_t index)
{
  const struct purpose *row = &cell->request->policy->purposes[index];
  add(&cell->words, in_language(cell, row->title_sv, row->title_en));
  add_term(cell, dpv_of_purpose(cell->request->policy, index));
}

static void fill_purpose(struct cell *cell) { add_purpose(cell, cell->index); }

static void fill_processing(struct cell *cell)
{
  const struct set *purposes = &recipient_of(cell)->purposes;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    add_purpose(cell, i);
  for (int32_t i = 0; i < recipient_of(cell)->operation_count; i++)
    add(&cell->words, view_of(recipient_of(cell)->operations[i]));
}

static void fill_basis(struct cell *cell)
{
  const struct policy *policy = cell->request->policy;
  const struct purpose *purpose = purpose_of(cell);
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &policy->basis_rows[purpose->first_basis + i];
    const struct kind *kind = &policy->kinds[row->kind];
    OWNED(str) struct str words = STR_INIT(COLUMN_BYTES_MAX);
    str_add(&words, in_language(cell, kind->title_sv, kind->title_en));
    str_format(&words, ": %s", word_of_basis(cell->request->language, row->basis));
    if (row->basis == BASIS_INTEREST) {
      str_add(&words, VIEW_LITERAL(", "));
      str_add(&words, in_language(cell, row->interest_sv, row->interest_en));
    }
    add(&cell->words, str_view(&words));
    add_term(cell, dpv_of_basis(row->basis));
  }
}

static void fill_subjects(struct cell *cell)
{
  const struct policy *policy = cell->request->policy;
  for (int32_t i = 0; i < policy->kind_count; i++) {
    if ((purpose_of(cell)->kinds >> i & 1) == 0)
      continue;
    add(&cell->words, in_language(cell, policy->kinds[i].title_sv, policy->kinds[i].title_en));
    add_term(cell, dpv_of_kind(&policy->kinds[i]));
  }
}

static void add_fields(struct cell *cell, const struct set *fields)
{
  const struct policy *policy = cell->request->policy;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct field *row = &policy->fields[i];
    OWNED(str) struct str words = STR_INIT(COLUMN_BYTES_MAX);
    notice_field(policy, cell->request->language, i, &words);
    add(&cell->words, str_view(&words));
    add_term(cell, dpv_of_field(row->type));
  }
}

static void fill_data(struct cell *cell) { add_fields(cell, &purpose_of(cell)->fields); }

static void fill_processor_data(struct cell *cell)
{
  add_fields(cell, &recipient_of(cell)->gets.fields);
}

// ── Who receives, and where ─────────────────────────────────────────────────────────────────

static void fill_recipients(struct cell *cell)
{
  const struct outward *outward = &cell->request->policy->outward;
  add(&cell->words, view_of(say(cell, WORD_OUR_STAFF)));
  for (int32_t i = 0; i < outward->recipient_count; i++) {
    const struct recipient *row = &outward->recipients[i];
    if (!set_has(&row->purposes, cell->index))
      continue;
    add(&cell->words, in_language(cell, row->title.sv, row->title.en));
    add_term(cell, dpv_of_recipient(row->is));
  }
}

static void add_country(struct cell *cell, const char *code)
{
  char name[COUNTRY_BYTES];
  if (law_is_member(view_of(code), cell->request->day))
    return;
  country_name(code, language_code(cell->request->language), name);
  add(&cell->words, view_of(name));
}

static void add_transfer(struct cell *cell, const struct recipient *row)
{
  size_t before = cell->words.length;
  if (row->places.adequate)
    add(&cell->words, view_of(say(cell, WORD_PLACE_ADEQUATE)));
  for (int32_t i = 0; i < row->places.country_count; i++)
    add_country(cell, row->places.countries[i]);
  if (cell->words.length == before)
    return;
  add(&cell->words,
      view_of(say(cell, (enum word)((int)WORD_SAFEGUARD_NONE + (int)row->safeguard))));
  add_term(cell, dpv_of_safeguard(row->safeguard));
}

static void say_if_none(struct cell *cell)
{
  if (cell->words.length == 0)
    add(&cell->words, view_of(say(cell, WORD_NO_TRANSFER)));
}

static void fill_transfers(struct cell *cell)
{
  const struct outward *outward = &cell->request->policy->outward;
  for (int32_t i = 0; i < outward->recipient_count; i++)
    if (set_has(&outward->recipients[i].purposes, cell->index))
      add_transfer(cell, &outward->recipients[i]);
  say_if_none(cell);
}

static void fill_processor_transfers(struct cell *cell)
{
  add_transfer(cell, recipient_of(cell));
  say_if_none(cell);
}

// ── How long, and how it is secured ─────────────────────────────────────────────────────────

static void fill_erasure(struct cell *cell)
{
  enum { DURATION_BYTES = 16 };
  const struct policy *policy = cell->request->policy;
  const struct set *fields = &purpose_of(cell)->fields;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct keep *keep = policy_keep(policy, cell->index, i);
    OWNED(str) struct str words = STR_INIT(COLUMN_BYTES_MAX);
    char duration[DURATION_BYTES];
    if (keep == NULL)
      continue;
    str_format(&words, "%s: ", policy->fields[i].name);
    notice_keep(policy, cell->request->language, keep, &words);
    dpv_duration(keep, duration);
    if (duration[0] != '\0')
      str_format(&words, " (%s)", duration);
    add(&cell->words, str_view(&words));
    add_term(cell, dpv_of_keep(keep));
  }
}

static void fill_measures(struct cell *cell)
{
  const struct organisation *organisation = &cell->request->policy->organisation;
  add(&cell->words, view_of(say(cell, WORD_MEASURES)));
  for (int32_t i = 0; i < organisation->control_count; i++)
    add(&cell->words,
        in_language(cell, organisation->controls[i].title.sv, organisation->controls[i].title.en));
}

const struct column controller_columns[] = {
    {"purpose", WORD_COL_WHY, "30(1)(b)", fill_purpose},
    {"controller", WORD_REGISTER_CONTROLLER, "30(1)(a)", fill_controller},
    {"officer", WORD_REGISTER_OFFICER, "30(1)(a)", fill_officer},
    {"data_subjects", WORD_REGISTER_SUBJECTS, "30(1)(c)", fill_subjects},
    {"data", WORD_COL_DATA, "30(1)(c)", fill_data},
    {"basis", WORD_COL_BASIS, "6(1)", fill_basis},
    {"recipients", WORD_REGISTER_RECIPIENTS, "30(1)(d)", fill_recipients},
    {"transfers", WORD_REGISTER_TRANSFERS, "30(1)(e)", fill_transfers},
    {"erasure", WORD_REGISTER_ERASURE, "30(1)(f)", fill_erasure},
    {"measures", WORD_REGISTER_MEASURES, "30(1)(g)", fill_measures},
    {NULL},
};

const struct column processor_columns[] = {
    {"processor", WORD_REGISTER_PROCESSOR, "30(2)(a)", fill_processor},
    {"controller", WORD_REGISTER_CONTROLLER, "30(2)(a)", fill_controller},
    {"officer", WORD_REGISTER_OFFICER, "30(2)(a)", fill_officer},
    {"processing", WORD_REGISTER_PROCESSING, "30(2)(b)", fill_processing},
    {"data", WORD_COL_DATA, "28(3)", fill_processor_data},
    {"transfers", WORD_REGISTER_TRANSFERS, "30(2)(c)", fill_processor_transfers},
    {"measures", WORD_REGISTER_MEASURES, "30(2)(d)", fill_measures},
    {NULL},
};
