#include "policy/keep_parse.h"

#include "base/assert.h"
#include "policy/law.h"

// The text is made from the postfix form by walking each operation's operands. Rules are short,
// so an operand's start is found anew wherever it is needed.
struct printer {
  const struct policy *policy;
  const struct keep *keep;
  struct str *text;
};

static int operand_count(const struct keep_operation *operation)
{
  switch (operation->code) {
    case KEEP_RECORDED:
    case KEEP_OBTAINED:
    case KEEP_SPAN_END:
    case KEEP_EVENT:
    case KEEP_BORROWED:
    case KEEP_CONSENT_ENDS:
    case KEEP_FOLLOW:
      return 0;
    case KEEP_AT_MOST:
    case KEEP_EXACTLY:
    case KEEP_LAW:
    case KEEP_UNTIL:
    case KEEP_LONGER:
    case KEEP_CUT:
      return 1;
    case KEEP_CAP:
    case KEEP_CAP_LAW:
      return 2;
    case KEEP_LATER:
    case KEEP_EARLIER:
    case KEEP_LATER_END:
    case KEEP_EARLIER_END:
      return operation->count;
    case KEEP_CODE_COUNT:
      break;
  }
  return 0;
}

int32_t keep_start_of(const struct keep *keep, int32_t at)
{
  int32_t start = at;
  for (int left = operand_count(&keep->operations[at]); left > 0; left--)
    start = keep_start_of(keep, start - 1);
  return start;
}

// Where the operand `number` of the operation `at` stands (its last operation).
static int operand(const struct keep *keep, int at, int number)
{
  int end = at - 1;
  for (int i = operand_count(&keep->operations[at]) - 1; i > number; i--)
    end = keep_start_of(keep, end) - 1;
  return end;
}

static void print(const struct printer *printer, int at);

static void print_span(const struct printer *printer, struct span_ref span)
{
  if (span.scope == SPAN_KIND) {
    str_add(printer->text, view_of(printer->policy->kinds[span.index].name));
    return;
  }
  if (span.scope == SPAN_ANY)
    str_add(printer->text, view_of("any "));
  str_add(printer->text, view_of(printer->policy->spans[span.index].name));
}

static void print_event(const struct printer *printer, int32_t index)
{
  const struct event_type *event = &printer->policy->events[index];
  str_format(printer->text, "%s.%s", printer->policy->things[event->thing].name, event->name);
}

static void print_pick(const struct printer *printer, int at, const char *word)
{
  str_format(printer->text, "%s of (", word);
  for (int i = 0; i < printer->keep->operations[at].count; i++) {
    if (i > 0)
      str_add(printer->text, view_of(", "));
    print(printer, operand(printer->keep, at, i));
  }
  str_add_char(printer->text, ')');
}

static void print_limit(const struct printer *printer, int at, const char *word)
{
  char period[24];
  period_write(printer->keep->operations[at].period, period);
  str_format(printer->text, "%s %s after ", word, period);
  print(printer, at - 1);
}

static void print_until(const struct printer *printer, int at)
{
  const struct keep_operation *anchor = &printer->keep->operations[at - 1];
  if (anchor->code == KEEP_SPAN_END) {
    str_add(printer->text, view_of("while "));
    print_span(printer, anchor->span);
    return;
  }
  str_add(printer->text, view_of("until "));
  print(printer, at - 1);
}

static bool is_modifier(enum keep_code code)
{
  return code == KEEP_LONGER || code == KEEP_CAP || code == KEEP_CAP_LAW || code == KEEP_CUT;
}

// What pauses the rule stands before the other modifiers.
static void print_pause(const struct printer *printer, int at)
{
  if (is_modifier(printer->keep->operations[at].code))
    return;
  for (int i = 0; i <= at; i++)
    if (printer->keep->operations[i].paused.scope != SPAN_NONE) {
      str_add(printer->text, view_of(", paused while "));
      print_span(printer, printer->keep->operations[i].paused);
      return;
    }
}

static void print_law(const struct printer *printer, int at, const char *word)
{
  str_format(printer->text, "%s %s after ", word,
             law_fact(printer->keep->operations[at].law)->name);
  print(printer, at - 1);
}

static void print_modifier(const struct printer *printer, int at)
{
  const struct keep_operation *operation = &printer->keep->operations[at];
  print(printer, operand(printer->keep, at, 0));
  print_pause(printer, operand(printer->keep, at, 0));
  if (operation->code == KEEP_LONGER) {
    str_add(printer->text, view_of(", longer while "));
    print_span(printer, operation->span);
    return;
  }
  if (operation->code == KEEP_CUT) {
    str_add(printer->text, view_of(", cut at "));
    print_event(printer, operation->event);
    return;
  }
  if (operation->code == KEEP_CAP_LAW)
    print_law(printer, at, ", no later than");
  else
    print_limit(printer, at, ", no later than");
}

static void print_leaf(const struct printer *printer, const struct keep_operation *operation)
{
  if (operation->code == KEEP_EVENT) {
    str_add(printer->text, view_of(operation->first ? "first " : "last "));
    print_event(printer, operation->event);
    return;
  }
  if (operation->code == KEEP_FOLLOW) {
    str_format(printer->text, "as long as %s", printer->policy->purposes[operation->purpose].name);
    return;
  }
  if (operation->code != KEEP_SPAN_END) {
    str_add(printer->text, view_of(operation->code == KEEP_BORROWED ? "borrowed" : "consent ends"));
    return;
  }
  print_span(printer, operation->span);
  str_add(printer->text, view_of(" ends"));
}

static void print(const struct printer *printer, int at)
{
  const struct keep_operation *operation = &printer->keep->operations[at];
  switch (operation->code) {
    case KEEP_RECORDED:
      str_add(printer->text, view_of("recorded"));
      break;
    case KEEP_OBTAINED:
      str_add(printer->text, view_of("obtained"));
      break;
    case KEEP_SPAN_END:
    case KEEP_EVENT:
      print_leaf(printer, operation);
      break;
    case KEEP_LATER:
    case KEEP_LATER_END:
      print_pick(printer, at, "later");
      break;
    case KEEP_EARLIER:
    case KEEP_EARLIER_END:
      print_pick(printer, at, "earlier");
      break;
    case KEEP_AT_MOST:
      print_limit(printer, at, "at most");
      break;
    case KEEP_EXACTLY:
      print_limit(printer, at, "exactly");
      break;
    case KEEP_LAW:
      print_law(printer, at, "as");
      break;
    case KEEP_UNTIL:
      print_until(printer, at);
      break;
    case KEEP_LONGER:
    case KEEP_CAP:
    case KEEP_CAP_LAW:
    case KEEP_CUT:
      print_modifier(printer, at);
      break;
    case KEEP_BORROWED:
    case KEEP_CONSENT_ENDS:
    case KEEP_FOLLOW:
      print_leaf(printer, operation);
      break;
    case KEEP_CODE_COUNT:
      break;
  }
}

void keep_print_within(const struct policy *policy, const struct keep *keep, struct str *ret_text)
{
  PRE(keep->operation_count > 1);
  struct printer printer = {policy, keep, ret_text};
  print_limit(&printer, keep->operation_count - 1, "within");
}

void keep_print_part(const struct policy *policy, const struct keep *keep, int32_t at,
                     struct str *ret_text)
{
  print(&(struct printer){policy, keep, ret_text}, at);
}

void keep_print(const struct policy *policy, const struct keep *keep, struct str *ret_text)
{
  PRE(keep->operation_count > 0);
  struct printer printer = {policy, keep, ret_text};
  print(&printer, keep->operation_count - 1);
  print_pause(&printer, keep->operation_count - 1);
  if (keep->anonymise)
    str_add(ret_text, view_of(", then anonymise"));
}
