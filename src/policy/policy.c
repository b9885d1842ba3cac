#include "policy/policy.h"

#include "base/assert.h"
#include "base/calendar.h"
#include "policy/law.h"

#include <stdlib.h>
#include <string.h>

static const struct basis_words {
  const char *name;
  const char *article;
} basis_words[BASIS_COUNT] = {
    [BASIS_NONE] = {"none", ""},
    [BASIS_CONSENT] = {"consent", "GDPR 6(1)(a)"},
    [BASIS_CONTRACT] = {"contract", "GDPR 6(1)(b)"},
    [BASIS_PRECONTRACT] = {"precontract", "GDPR 6(1)(b)"},
    [BASIS_LAW] = {"law", "GDPR 6(1)(c)"},
    [BASIS_VITAL] = {"vital", "GDPR 6(1)(d)"},
    [BASIS_TASK] = {"task", "GDPR 6(1)(e)"},
    [BASIS_INTEREST] = {"interest", "GDPR 6(1)(f)"},
};

static const enum normalise_kind normalisers[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = NORMALISE_KIND_COUNT,
    [FIELD_NAME] = NORMALISE_NAME,
    [FIELD_ADDRESS] = NORMALISE_KIND_COUNT,
    [FIELD_EMAIL] = NORMALISE_EMAIL,
    [FIELD_PHONE] = NORMALISE_PHONE,
    [FIELD_KEY] = NORMALISE_NUMBER,
    [FIELD_IP] = NORMALISE_KIND_COUNT,
    [FIELD_NUMBER] = NORMALISE_KIND_COUNT,
    [FIELD_FLAG] = NORMALISE_KIND_COUNT,
    [FIELD_CHOICE] = NORMALISE_KIND_COUNT,
    [FIELD_NOTE] = NORMALISE_KIND_COUNT,
    [FIELD_DOCUMENT] = NORMALISE_KIND_COUNT,
    [FIELD_DATE] = NORMALISE_KIND_COUNT,
    [FIELD_PERSONNUMMER] = NORMALISE_PERSONNUMMER,
    [FIELD_ORGANISATION_NUMBER] = NORMALISE_NUMBER,
    [FIELD_COUNTRY] = NORMALISE_KIND_COUNT,
    [FIELD_POSITION] = NORMALISE_KIND_COUNT,
    [FIELD_PASSWORD] = NORMALISE_KIND_COUNT,
    [FIELD_FILE] = NORMALISE_KIND_COUNT,
    [FIELD_FILM] = NORMALISE_KIND_COUNT,
    [FIELD_RECORDING] = NORMALISE_KIND_COUNT,
};

const char *basis_name(enum basis basis)
{
  PRE(basis < BASIS_COUNT);
  return basis_words[basis].name;
}

const char *basis_article(enum basis basis)
{
  PRE(basis < BASIS_COUNT);
  return basis_words[basis].article;
}

enum normalise_kind policy_normaliser(enum field_type type)
{
  PRE(type < FIELD_TYPE_COUNT);
  return normalisers[type];
}

void policy_free(struct policy *policy)
{
  if (policy == NULL)
    return;
  zone_free((struct zone *)policy->zone);
  arena_clear(&policy->arena);
  free(policy);
}

enum err_code policy_check_decided(const struct policy *policy, struct err *err)
{
  if (policy->undecided == 0)
    return ERR_OK;
  enum err_code code = err_set(err, ERR_FINDINGS, "%d finding%s a decision", policy->undecided,
                               policy->undecided == 1 ? " wants" : "s want");
  (void)err_hint(err, "decide, and say so in the section decisions of the policy");
  return code;
}

// The rows of each table begin with their name.
static int32_t find(const void *rows, int32_t count, size_t stride, struct view name)
{
  for (int32_t i = 0; i < count; i++)
    if (view_is(name, *(const char *const *)((const char *)rows + (size_t)i * stride)))
      return i;
  return -1;
}

#define FIND(rows, count, wanted) find((rows), (count), sizeof *(rows), (wanted))

int32_t policy_field(const struct policy *policy, struct view name)
{
  return FIND(policy->fields, policy->field_count, name);
}

int32_t policy_purpose(const struct policy *policy, struct view name)
{
  return FIND(policy->purposes, policy->purpose_count, name);
}

int32_t policy_role(const struct policy *policy, struct view name)
{
  return FIND(policy->roles, policy->role_count, name);
}

int32_t policy_point(const struct policy *policy, struct view name)
{
  return FIND(policy->points, policy->point_count, name);
}

int32_t policy_source(const struct policy *policy, struct view name)
{
  return FIND(policy->sources, policy->source_count, name);
}

int32_t policy_kind(const struct policy *policy, struct view name)
{
  return FIND(policy->kinds, policy->kind_count, name);
}

int32_t policy_thing(const struct policy *policy, struct view name)
{
  return FIND(policy->things, policy->thing_count, name);
}

int32_t policy_consent(const struct policy *policy, struct view name)
{
  return FIND(policy->consents, policy->consent_count, name);
}

struct view policy_consent_text(const struct policy *policy, int32_t consent, bool in_swedish)
{
  const struct organisation *organisation = &policy->organisation;
  struct view name = view_of(policy->consents[consent].text);
  int32_t text = FIND(organisation->texts, organisation->text_count, name);
  if (text < 0)
    return VIEW_EMPTY;
  const struct title *title = &organisation->texts[text].title;
  return in_swedish ? title->sv : title->en;
}

static bool wants_express(const struct policy *policy, const struct purpose *purpose)
{
  if (purpose->terms.reviewer[0] != '\0')
    return true;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1))
    if (policy->fields[i].sensitive == SENSITIVE_HEALTH)
      return true;
  return false;
}

bool policy_consent_is_express(const struct policy *policy, int32_t consent)
{
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t j = 0; j < purpose->basis_count; j++)
      if (policy->basis_rows[purpose->first_basis + j].consent == consent &&
          wants_express(policy, purpose))
        return true;
  }
  return false;
}

int32_t policy_recipient(const struct policy *policy, struct view name)
{
  return FIND(policy->outward.recipients, policy->outward.recipient_count, name);
}

int32_t policy_party(const struct policy *policy, struct view name)
{
  return FIND(policy->outward.parties, policy->outward.party_count, name);
}

int32_t policy_span(const struct policy *policy, struct view name)
{
  return FIND(policy->spans, policy->span_count, name);
}

int32_t policy_event(const struct policy *policy, struct view name)
{
  struct view event = name;
  int32_t thing = policy_thing(policy, view_cut(&event, '.'));
  if (thing < 0 || event.length == 0)
    return -1;
  const struct thing_type *type = &policy->things[thing];
  int32_t found = FIND(policy->events + type->first_event, type->event_count, event);
  return found < 0 ? -1 : type->first_event + found;
}

bool policy_fields(const struct policy *policy, struct view name, struct set *ret_fields)
{
  struct set fields = SET_EMPTY;
  bool found = false;
  for (int32_t i = 0; i < policy->field_count; i++) {
    if (!view_is(name, policy->fields[i].name) && !view_is(name, policy->fields[i].category))
      continue;
    set_add(&fields, i);
    found = true;
  }
  if (found)
    *ret_fields = fields;
  return found;
}

int32_t policy_keep_cell(const struct policy *policy, int32_t purpose, int32_t field)
{
  PRE(purpose >= 0 && purpose < policy->purpose_count);
  PRE(field >= 0 && field < policy->field_count);
  const struct purpose *of = &policy->purposes[purpose];
  bool has_room = field >= of->first_field && field < of->end_field;
  return has_room ? of->first_keep + field - of->first_field : -1;
}

const struct keep *policy_keep(const struct policy *policy, int32_t purpose, int32_t field)
{
  int32_t cell = policy_keep_cell(policy, purpose, field);
  int32_t keep = cell < 0 ? -1 : policy->keep_of[cell];
  return keep < 0 ? NULL : &policy->keeps[keep];
}

static bool uses(const struct purpose *purpose, int32_t field, int32_t thing)
{
  return set_has(&purpose->fields, field) &&
         (!set_has(&purpose->thing_fields, field) || thing == purpose->of_thing);
}

struct set policy_purposes_of(const struct policy *policy, int32_t point, int32_t field,
                              int32_t thing)
{
  const struct set *at_point = &policy->points[point].purposes;
  struct set purposes = SET_EMPTY;
  for (int32_t i = set_next(at_point, 0); i >= 0; i = set_next(at_point, i + 1)) {
    if (uses(&policy->purposes[i], field, thing))
      set_add(&purposes, i);
  }
  return purposes;
}

int64_t policy_law_day(const struct policy *policy)
{
  bool is_said = policy->zone != NULL && policy->effective_us != 0;
  return is_said ? zone_day(policy->zone, policy->effective_us) : LAW_NO_END;
}

bool policy_kind_is_derived(const struct kind *kind)
{
  return kind->while_span >= 0 || kind->past_kind >= 0 || kind->within != NULL;
}

static bool takes_from(const struct purpose *purpose, int32_t source)
{
  return source < 0 || purpose->terms.sources == 0 || (purpose->terms.sources >> source & 1) != 0;
}

static bool is_compatible(const struct policy *policy, const struct purpose *purpose,
                          const struct set *with)
{
  for (int32_t i = 0; i < purpose->terms.compatible_count; i++)
    if (set_has(with, policy->compatibles[purpose->terms.first_compatible + i].purpose))
      return true;
  return false;
}

struct set policy_served(const struct policy *policy, const struct set *purposes, int32_t field,
                         int32_t thing, int32_t source)
{
  struct set served = SET_EMPTY;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    if (takes_from(&policy->purposes[i], source))
      set_add(&served, i);
  for (int32_t i = 0; i < policy->purpose_count && policy->compatible_count > 0; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    if (takes_from(purpose, source) && uses(purpose, field, thing) &&
        is_compatible(policy, purpose, purposes))
      set_add(&served, i);
  }
  return served;
}
