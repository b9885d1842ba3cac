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

enum err_code notice_check(const struct policy *policy, enum language language, struct err *err)
{
  const struct checking checking = {policy, language, err};
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < policy->kind_count; i++) {
    const struct kind *kind = &policy->kinds[i];
    code = want(&checking, &(struct text_wanted){"subjects", kind->name, "title", kind->title_sv,
                                                 kind->title_en, kind->place});
  }
  for (int32_t i = 0; code == ERR_OK && i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    code =
        want(&checking, &(struct text_wanted){"purposes", purpose->name, "title", purpose->title_sv,
                                              purpose->title_en, purpose->place});
    if (code == ERR_OK)
      code = want_interests(&checking, purpose);
  }
  return code;
}
