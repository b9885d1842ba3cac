// Where data comes from [GDPR 13(2)(e), 14(2)(f)].
#include "base/country.h"
#include "render/notice_parts.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

// Article 14(2)(f): also whether everybody can see it.
static void say_source(const struct notice *notice, const struct source *source, struct str *name)
{
  char country[COUNTRY_BYTES];
  notice_list(name, view_of(word_of_source(notice->language, source->is)));
  if (source->country[0] != '\0') {
    country_name(source->country, language_code(notice->language), country);
    notice_list(name, view_of(country));
  }
  if (source->is_public)
    notice_list(name, view_of(notice_say(notice, WORD_SOURCE_PUBLIC)));
}

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
    notice_list_fields(notice, &fields, &list);
    OWNED(str) struct str name = STR_INIT(NOTICE_KEEP_BYTES_MAX);
    say_source(notice, &policy->sources[source], &name);
    page_item(&notice->page, notice_say(notice, WORD_SOURCE), notice_listed(notice, &name),
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
    notice_list_fields(notice, &point->fields, &fields);
    notice_list_fields(notice, &point->needs, &needs);
    const char *name = notice_title(notice, point->title.sv, point->title.en);
    name = name[0] == '\0' ? point->name : name;
    if (needs.length > 0)
      page_item(&notice->page, notice_say(notice, WORD_POINT_NEEDS), name,
                notice_listed(notice, &fields), notice_listed(notice, &needs));
    else
      page_item(&notice->page, notice_say(notice, WORD_POINT), name,
                notice_listed(notice, &fields));
  }
}

#pragma GCC diagnostic pop
