// A text that is missing in the language of the notice: an error of the build, never an empty line.
#include "render/notice.h"

struct text_wanted {
  const char *section, *name, *member;
  struct view sv, en;
  struct place place;
};

struct checking {
  const struct policy *policy;
  enum language language;
  struct err *err;
};

static enum err_code want(const struct checking *checking, const struct text_wanted *text)
{
  struct err *err = checking->err;
  const char *language = language_code(checking->language);
  if ((checking->language == LANGUAGE_SV ? text->sv : text->en).length > 0)
    return ERR_OK;
  err_set(err, ERR_FINDINGS, "T01: %s.%s has no %s in %s", text->section, text->name, text->member,
          language);
  err_where(err, "%s:%d:%d", checking->policy->file, (int)text->place.line,
            (int)text->place.column);
  err_rule(err, "GDPR 12(1)");
  return err_hint(err, "write the text in %s, and add %s to policy.languages", language, language);
}

static enum err_code want_interests(const struct checking *checking, const struct purpose *purpose)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < purpose->basis_count; i++) {
    const struct basis_row *row = &checking->policy->basis_rows[purpose->first_basis + i];
    if (row->basis == BASIS_INTEREST)
      code = want(checking, &(struct text_wanted){"purposes", purpose->name, "interest",
                                                  row->interest_sv, row->interest_en, row->place});
  }
  return code;
}

// A text that need not be there at all, but not in one language alone.
static enum err_code want_both(const struct checking *checking, const struct text_wanted *text)
{
  return text->sv.length == 0 && text->en.length == 0 ? ERR_OK : want(checking, text);
}

static enum err_code want_labels(const struct checking *checking)
{
  const struct policy *policy = checking->policy;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < policy->field_count; i++) {
    const struct field *row = &policy->fields[i];
    code = want_both(checking, &(struct text_wanted){"fields", row->name, "title", row->title.sv,
                                                     row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->point_count; i++) {
    const struct point *row = &policy->points[i];
    code = want_both(checking, &(struct text_wanted){"collect", row->name, "title", row->title.sv,
                                                     row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->event_count; i++) {
    const struct event_type *row = &policy->events[i];
    code = want_both(checking, &(struct text_wanted){"events", row->full_name, "title",
                                                     row->title.sv, row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->span_count; i++) {
    const struct span *row = &policy->spans[i];
    code = want_both(checking, &(struct text_wanted){"spans", row->name, "title", row->title.sv,
                                                     row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->role_count; i++) {
    const struct role *row = &policy->roles[i];
    code =
        want_both(checking, &(struct text_wanted){"roles", row->name, "title", row->terms.title.sv,
                                                  row->terms.title.en, row->place});
  }
  return code;
}

static enum err_code want_inside(const struct checking *checking)
{
  const struct policy *policy = checking->policy;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < policy->kind_count; i++) {
    const struct kind *kind = &policy->kinds[i];
    code = want(checking, &(struct text_wanted){"subjects", kind->name, "title", kind->title_sv,
                                                kind->title_en, kind->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    code =
        want(checking, &(struct text_wanted){"purposes", purpose->name, "title", purpose->title_sv,
                                             purpose->title_en, purpose->place});
    if (code == ERR_OK)
      code = want_interests(checking, purpose);
  }
  return code;
}

static enum err_code want_outward(const struct checking *checking)
{
  const struct outward *outward = &checking->policy->outward;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < outward->recipient_count; i++) {
    const struct recipient *row = &outward->recipients[i];
    code = want(checking, &(struct text_wanted){"recipients", row->name, "title", row->title.sv,
                                                row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < outward->disclosure_count; i++) {
    const struct disclosure *row = &outward->disclosures[i];
    code = want(checking, &(struct text_wanted){"disclosures", row->name, "title", row->title.sv,
                                                row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < outward->system_count; i++) {
    const struct data_system *row = &outward->systems[i];
    code = want(checking, &(struct text_wanted){"systems", row->name, "title", row->title.sv,
                                                row->title.en, row->place});
  }
  return code;
}

static enum err_code want_conduct(const struct checking *checking)
{
  const struct conduct *conduct = &checking->policy->conduct;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < conduct->switch_count; i++) {
    const struct personal_switch *row = &conduct->switches[i];
    code = want(checking, &(struct text_wanted){"switches", row->name, "title", row->title.sv,
                                                row->title.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < conduct->cookie_count; i++) {
    const struct cookie *row = &conduct->cookies[i];
    code = want_both(checking, &(struct text_wanted){"cookies.table", row->name, "why", row->why.sv,
                                                     row->why.en, row->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < conduct->service_count; i++) {
    const struct web_service *row = &conduct->services[i];
    code = want(checking, &(struct text_wanted){"cookies.services", row->name, "title",
                                                row->title.sv, row->title.en, row->place});
  }
  return code;
}

static enum err_code want_essences(const struct checking *checking)
{
  const struct organisation *organisation = &checking->policy->organisation;
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < organisation->controller_count; i++) {
    const struct controller *row = &organisation->controllers[i];
    code = want_both(
        checking, &(struct text_wanted){"controllers", row->name, "essence", row->essence.title.sv,
                                        row->essence.title.en, row->place});
  }
  return code;
}

enum err_code notice_check(const struct policy *policy, enum language language, struct err *err)
{
  const struct checking checking = {policy, language, err};
  enum err_code code = want_inside(&checking);
  if (code == ERR_OK)
    code = want_labels(&checking);
  if (code == ERR_OK)
    code = want_essences(&checking);
  if (code == ERR_OK)
    code = want_outward(&checking);
  return code != ERR_OK ? code : want_conduct(&checking);
}
