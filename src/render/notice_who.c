// Who answers, and how they are reached [GDPR 13(1)(a), 13(1)(b), 13(2)(d), 26(2)].
#include <string.h>

#include "policy/law.h"
#include "render/notice_parts.h"

void notice_authority(const struct notice_request *request, struct str *ret_text)
{
  const char *id = request->policy->authority;
  int32_t fact = law_authority(view_of(id), request->day);
  if (fact < 0) {
    str_add(ret_text, view_of(id));
    return;
  }
  const char *name = law_text(fact, request->language == LANGUAGE_SV ? "name.sv" : "name.en");
  const char *also = law_text(fact, "short");
  str_add(ret_text, view_of(name));
  if (strcmp(name, also) != 0)
    str_format(ret_text, " (%s)", also);
  str_format(ret_text, ", %s", law_text(fact, "web"));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

// What the home's settings hold is not in the file, and so not in the notice.
static bool is_said(struct view value)
{
  return value.length > 0 && !organisation_is_setting(value);
}

static void tell_line(struct notice *notice, enum word which, struct view value)
{
  if (is_said(value))
    page_item(&notice->page, notice_say(notice, which), notice_copy(notice, value));
}

static void tell_controller(struct notice *notice, const struct controller *controller)
{
  struct view email = controller->email;
  page_paragraph(&notice->page, notice_say(notice, WORD_CONTROLLER),
                 notice_copy(notice, controller->legal_name),
                 is_said(email) ? notice_copy(notice, email) : notice_address(notice));
  tell_line(notice, WORD_ORGANISATION_NUMBER, controller->number);
  tell_line(notice, WORD_POST, controller->post);
  tell_line(notice, WORD_PHONE, controller->phone);
}

static void tell_officer(struct notice *notice)
{
  const struct officer *officer = &notice->policy->organisation.officer;
  if (officer->place.line == 0)
    return;
  bool both = is_said(officer->name) && is_said(officer->contact);
  page_paragraph(&notice->page, notice_say(notice, WORD_OFFICER),
                 is_said(officer->name) ? notice_copy(notice, officer->name) : "", both ? ", " : "",
                 is_said(officer->contact) ? notice_copy(notice, officer->contact) : "");
}

static const char *say_matters(struct notice *notice, const struct intake *intake, struct str *list)
{
  const uint32_t all = (UINT32_C(1) << POLICY_RIGHT_COUNT) - 1;
  if ((intake->takes & all) == all)
    return notice_say(notice, WORD_ALL_MATTERS);
  for (int right = 0; right < POLICY_RIGHT_COUNT; right++)
    if ((intake->takes >> right & 1) != 0)
      notice_list(list, view_of(notice_say_at(notice, WORD_MATTER_ACCESS, right)));
  return notice_listed(notice, list);
}

static void tell_intake(struct notice *notice, const struct intake *intake)
{
  OWNED(str) struct str address = STR_INIT(NOTICE_LIST_BYTES_MAX);
  OWNED(str) struct str matters = STR_INIT(NOTICE_LIST_BYTES_MAX);
  const char *where = is_said(intake->address) ? notice_copy(notice, intake->address)
                                               : notice_say(notice, WORD_ON_REQUEST);
  if (intake->mark.length > 0)
    str_format(&address, notice_say(notice, WORD_MARKED), where, notice_copy(notice, intake->mark));
  else
    str_add(&address, view_of(where));
  const char *const cells[] = {notice_say_at(notice, WORD_WAY_EMAIL, (int)intake->channel),
                               notice_listed(notice, &address),
                               say_matters(notice, intake, &matters)};
  page_row(&notice->page, "", cells, ARRAY_COUNT(cells));
}

static void tell_intakes(struct notice *notice)
{
  const struct organisation *organisation = &notice->policy->organisation;
  const char *const headings[] = {notice_say(notice, WORD_COL_WAY),
                                  notice_say(notice, WORD_COL_ADDRESS),
                                  notice_say(notice, WORD_COL_MATTER)};
  if (organisation->intake_count == 0)
    return;
  page_table(&notice->page, notice_say(notice, WORD_INTAKE), headings, ARRAY_COUNT(headings));
  for (int32_t i = 0; i < organisation->intake_count; i++)
    tell_intake(notice, &organisation->intakes[i]);
}

void tell_who(struct notice *notice)
{
  const struct organisation *organisation = &notice->policy->organisation;
  OWNED(str) struct str authority = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  bool is_joint = false;
  page_heading(&notice->page, "who", notice_say(notice, WORD_WHO));
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    tell_controller(notice, &organisation->controllers[i]);
    is_joint = is_joint || organisation->controllers[i].role == CONTROLLER_JOINT;
  }
  if (is_joint)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_JOINT));
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    const struct controller *row = &organisation->controllers[i];
    const char *text = notice_title(notice, row->essence.title.sv, row->essence.title.en);
    // Those who share one arrangement give one text.
    bool is_told = i > 0 && row->essence.text[0] != '\0' &&
                   strcmp(row[-1].essence.text, row->essence.text) == 0;
    if (text[0] != '\0' && !is_told)
      page_paragraph(&notice->page, notice_say(notice, WORD_ESSENCE), text);
  }
  tell_officer(notice);
  notice_authority(notice->request, &authority);
  page_paragraph(&notice->page, notice_say(notice, WORD_AUTHORITY),
                 notice_listed(notice, &authority));
  tell_intakes(notice);
}

#pragma GCC diagnostic pop
