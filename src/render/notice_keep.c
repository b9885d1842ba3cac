// Keep rules in words. The postfix form is walked from its end, as the printer of the policy does.
#include "policy/keep_parse.h"
#include "policy/law.h"
#include "render/notice.h"

struct telling {
  const struct policy *policy;
  const struct keep *keep;
  enum language language;
  struct str *text;
};

static void tell(const struct telling *telling, int at);

static void add(const struct telling *telling, enum word which)
{
  str_add(telling->text, view_of(word(telling->language, which)));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words
static void add_with(const struct telling *telling, enum word which, const char *argument)
{
  str_format(telling->text, word(telling->language, which), argument);
}

static void add_title(const struct telling *telling, enum word which, const struct title *title)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  str_add(&text, telling->language == LANGUAGE_SV ? title->sv : title->en);
  str_format(telling->text, word(telling->language, which), str_text(&text));
}
#pragma GCC diagnostic pop

static void add_period(const struct telling *telling, enum word which, struct period period)
{
  char text[24];
  word_of_period(telling->language, period, text);
  add_with(telling, which, text);
}

static void add_span(const struct telling *telling, struct span_ref span, enum word of_kind,
                     enum word of_span)
{
  const struct policy *policy = telling->policy;
  if (span.scope == SPAN_KIND) {
    const struct kind *kind = &policy->kinds[span.index];
    add_title(telling, of_kind, &(struct title){kind->title_sv, kind->title_en});
    return;
  }
  const struct span *row = &policy->spans[span.index];
  if (row->title.sv.length + row->title.en.length > 0)
    add_title(telling, of_span, &row->title);
  else
    add_with(telling, of_span, row->name);
}

// By its title, which says what has happened, else by its name.
static void add_event(const struct telling *telling, int32_t event, enum word titled,
                      enum word named)
{
  const struct event_type *row = &telling->policy->events[event];
  if (row->title.sv.length + row->title.en.length > 0)
    add_title(telling, titled, &row->title);
  else
    add_with(telling, named, row->full_name);
}

static void add_list(const struct telling *telling, int at, enum word which)
{
  enum { OPERANDS_MAX = KEEP_OPERATIONS_MAX };
  int ends[OPERANDS_MAX];
  int count = telling->keep->operations[at].count;
  int end = at - 1;
  for (int i = count - 1; i >= 0; i--) {
    ends[i] = end;
    end = keep_start_of(telling->keep, end) - 1;
  }
  add(telling, which);
  for (int i = 0; i < count; i++) {
    str_add(telling->text, view_of(i == 0 ? "(" : "; "));
    tell(telling, ends[i]);
  }
  str_add_char(telling->text, ')');
}

static void tell_until(const struct telling *telling, int at)
{
  const struct keep_operation *anchor = &telling->keep->operations[at - 1];
  if (anchor->code == KEEP_SPAN_END) {
    add_span(telling, anchor->span, WORD_WHILE_KIND, WORD_WHILE_SPAN);
    return;
  }
  add(telling, WORD_UNTIL);
  tell(telling, at - 1);
}

static void tell_modifier(const struct telling *telling, int at)
{
  const struct keep_operation *operation = &telling->keep->operations[at];
  if (operation->code == KEEP_CAP_LAW) {
    tell(telling, keep_start_of(telling->keep, at - 1) - 1);
    add_with(telling, WORD_CAP_LAW, law_text(operation->law, "citation"));
    tell(telling, at - 1);
    return;
  }
  if (operation->code == KEEP_CAP) {
    tell(telling, keep_start_of(telling->keep, at - 1) - 1);
    add_period(telling, WORD_CAP, operation->period);
    tell(telling, at - 1);
    return;
  }
  tell(telling, at - 1);
  if (operation->code == KEEP_CUT) {
    add_event(telling, operation->event, WORD_CUT_TIME, WORD_CUT);
    return;
  }
  add(telling, WORD_LONGER);
  add_span(telling, operation->span, WORD_WHILE_KIND, WORD_WHILE_SPAN);
}

static void tell_limit(const struct telling *telling, int at)
{
  const struct keep_operation *operation = &telling->keep->operations[at];
  if (operation->code == KEEP_LAW)
    add_with(telling, WORD_BY_LAW, law_text(operation->law, "citation"));
  else
    add_period(telling, operation->code == KEEP_AT_MOST ? WORD_AT_MOST : WORD_EXACTLY,
               operation->period);
  tell(telling, at - 1);
  if (operation->paused.scope != SPAN_NONE)
    add_span(telling, operation->paused, WORD_PAUSED, WORD_PAUSED);
}

static void tell(const struct telling *telling, int at)
{
  const struct keep_operation *operation = &telling->keep->operations[at];
  switch (operation->code) {
    case KEEP_RECORDED:
      add(telling, WORD_RECORDED);
      break;
    case KEEP_OBTAINED:
      add(telling, WORD_OBTAINED);
      break;
    case KEEP_SPAN_END:
      add_span(telling, operation->span, WORD_NO_LONGER, WORD_OVER);
      break;
    case KEEP_EVENT:
      add_event(telling, operation->event, operation->first ? WORD_FIRST_TIME : WORD_LAST_TIME,
                operation->first ? WORD_FIRST : WORD_LAST);
      break;
    case KEEP_LATER:
    case KEEP_LATER_END:
      add_list(telling, at, WORD_LATER_OF);
      break;
    case KEEP_EARLIER:
    case KEEP_EARLIER_END:
      add_list(telling, at, WORD_EARLIER_OF);
      break;
    case KEEP_AT_MOST:
    case KEEP_EXACTLY:
    case KEEP_LAW:
      tell_limit(telling, at);
      break;
    case KEEP_UNTIL:
      tell_until(telling, at);
      break;
    case KEEP_LONGER:
    case KEEP_CAP:
    case KEEP_CAP_LAW:
    case KEEP_CUT:
      tell_modifier(telling, at);
      break;
    case KEEP_BORROWED:
      add(telling, WORD_BORROWED);
      break;
    case KEEP_CONSENT_ENDS:
    case KEEP_FOLLOW:
    case KEEP_CODE_COUNT:
      break;
  }
}

void notice_keep(const struct policy *policy, enum language language, const struct keep *keep,
                 struct str *ret_text)
{
  const struct telling telling = {policy, keep, language, ret_text};
  if (keep->operation_count == 0)
    return;
  tell(&telling, keep->operation_count - 1);
  if (keep->anonymise)
    add(&telling, WORD_ANONYMISE);
}
