// Where data comes from [GDPR 13(2)(e), 14(2)(f)].
#include "render/notice_parts.h"

static void list_fields(const struct policy *policy, const struct set *fields, struct str *list)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    notice_list(list, view_of(policy->fields[i].name));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

void tell_sources(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  page_heading(&notice->page, "sources", notice_say(notice, WORD_FROM));
  for (int32_t source = 0; source < policy->source_count; source++) {
    OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
    struct set fields = SET_EMPTY;
    for (int32_t i = 0; i < policy->point_count; i++)
      if ((policy->points[i].sources >> source & 1) != 0)
        fields = set_or(&fields, &policy->points[i].fields);
    list_fields(policy, &fields, &list);
    page_item(&notice->page, notice_say(notice, WORD_SOURCE),
              word_of_source(notice->language, policy->sources[source].is),
              list.length > 0 ? notice_listed(notice, &list) : "-");
  }
}

// Article 13(2)(e): what must be given.
void tell_points(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  page_heading(&notice->page, "where", notice_say(notice, WORD_WHERE));
  for (int32_t i = 0; i < policy->point_count; i++) {
    const struct point *point = &policy->points[i];
    OWNED(str) struct str fields = STR_INIT(NOTICE_LIST_BYTES_MAX);
    OWNED(str) struct str needs = STR_INIT(NOTICE_LIST_BYTES_MAX);
    list_fields(policy, &point->fields, &fields);
    list_fields(policy, &point->needs, &needs);
    if (needs.length > 0)
      page_item(&notice->page, notice_say(notice, WORD_POINT_NEEDS), point->name,
                notice_listed(notice, &fields), notice_listed(notice, &needs));
    else
      page_item(&notice->page, notice_say(notice, WORD_POINT), point->name,
                notice_listed(notice, &fields));
  }
}

#pragma GCC diagnostic pop
