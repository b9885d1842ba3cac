#include "policy/keep_scan.h"

#include "policy/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_word_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

void keep_scan(struct keep_parser *parser)
{
  struct view text = parser->text;
  size_t at = parser->token_end;
  while (at < text.length && text.bytes[at] == ' ')
    at++;
  size_t end = at;
  while (end < text.length && is_word_char(text.bytes[end]))
    end++;
  parser->at = at;
  if (end == at && at < text.length)
    end++;
  while (end < text.length && ((unsigned char)text.bytes[end] & 0xc0) == 0x80)
    end++;
  parser->token_end = end;
}

struct view keep_token(const struct keep_parser *parser)
{
  return view_bytes(parser->text.bytes + parser->at, parser->token_end - parser->at);
}

// Records the fault at the token that the parser stands on; the first fault wins.
bool PRINTF_LIKE(4, 5) keep_fail(struct keep_parser *parser, enum finding_id id, const char *fix,
                                 const char *format, ...)
{
  struct keep_fault *fault = parser->fault;
  fault->id = id;
  fault->at = parser->at;
  (void)snprintf(fault->fix, sizeof fault->fix, "%s", fix);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(fault->message, sizeof fault->message, format, arguments);
  va_end(arguments);
  return false;
}

bool keep_expected(struct keep_parser *parser, const char *what)
{
  if (parser->at == parser->text.length)
    return keep_fail(parser, FINDING_Y10, "", "the keep rule breaks off; expected %s", what);
  return keep_fail(parser, FINDING_Y10, "", "expected %s in the keep rule, not '%s'", what,
                   quote(keep_token(parser)).text);
}

bool keep_is_next(const struct keep_parser *parser, const char *word)
{
  return view_is(keep_token(parser), word);
}

bool keep_take(struct keep_parser *parser, const char *word)
{
  if (!keep_is_next(parser, word))
    return false;
  keep_scan(parser);
  return true;
}

bool keep_need(struct keep_parser *parser, const char *word)
{
  char what[32];
  (void)snprintf(what, sizeof what, "'%s'", word);
  return keep_take(parser, word) || keep_expected(parser, what);
}

bool keep_emit(struct keep_parser *parser, struct keep_operation operation)
{
  struct keep *keep = parser->keep;
  if (keep->operation_count == KEEP_OPERATIONS_MAX)
    return keep_fail(parser, FINDING_Y08, "", "the keep rule has more than %d parts",
                     KEEP_OPERATIONS_MAX);
  keep->operations[keep->operation_count++] = operation;
  return true;
}

bool keep_scan_period(struct keep_parser *parser, bool days_or_longer, struct period *ret_period)
{
  size_t start = parser->at;
  struct view number = keep_token(parser);
  keep_scan(parser);
  struct view unit = keep_token(parser);
  char joined[48];
  (void)snprintf(joined, sizeof joined, "%.*s %.*s", (int)(number.length > 20 ? 20 : number.length),
                 number.bytes, (int)(unit.length > 20 ? 20 : unit.length), unit.bytes);
  bool is_period =
      number.length <= 20 && unit.length <= 20 && period_read(view_of(joined), ret_period);
  if (is_period && (!days_or_longer || ret_period->unit >= PERIOD_DAY)) {
    keep_scan(parser);
    return true;
  }
  parser->at = start;
  parser->token_end = start + number.length;
  if (is_period)
    return keep_fail(parser, FINDING_Y10, "exactly 12 hours after recorded",
                     "this kind of end counts in days or longer, not in minutes or hours");
  return keep_expected(parser, "a period such as '3 weeks'");
}

static bool unknown_span(struct keep_parser *parser)
{
  struct view name = keep_token(parser);
  struct suggest suggest;
  suggest_begin(&suggest, name);
  for (int32_t i = 0; i < parser->policy->span_count; i++)
    suggest_offer(&suggest, parser->policy->spans[i].name);
  for (int32_t i = 0; i < parser->policy->kind_count; i++)
    suggest_offer(&suggest, parser->policy->kinds[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return keep_fail(parser, FINDING_Y07, "", "no span or kind is called '%s'%s", quote(name).text,
                   nearest);
}

bool keep_at_word(const struct keep_parser *parser)
{
  return parser->at < parser->text.length && is_word_char(parser->text.bytes[parser->at]);
}

static bool read_past(struct keep_parser *parser, struct span_ref *ret_span)
{
  const struct policy *policy = parser->policy;
  int32_t kind = policy_kind(policy, keep_token(parser));
  if (kind < 0)
    return keep_at_word(parser) ? unknown_span(parser) : keep_expected(parser, "a kind");
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (policy->kinds[i].past_kind == kind) {
      *ret_span = (struct span_ref){SPAN_KIND, i};
      keep_scan(parser);
      return true;
    }
  return keep_fail(parser, FINDING_Y07, "", "no kind is declared with 'while: past %s'",
                   policy->kinds[kind].name);
}

bool keep_scan_span(struct keep_parser *parser, struct span_ref *ret_span)
{
  if (keep_take(parser, "past"))
    return read_past(parser, ret_span);
  bool any = keep_take(parser, "any");
  if (!keep_at_word(parser))
    return keep_expected(parser, "a span or kind");
  int32_t span = policy_span(parser->policy, keep_token(parser));
  int32_t kind = any ? -1 : policy_kind(parser->policy, keep_token(parser));
  if (span < 0 && kind < 0)
    return unknown_span(parser);
  *ret_span = span >= 0 ? (struct span_ref){any ? SPAN_ANY : SPAN_OWN, span}
                        : (struct span_ref){SPAN_KIND, kind};
  keep_scan(parser);
  return true;
}

static bool unknown_event(struct keep_parser *parser)
{
  const struct policy *policy = parser->policy;
  struct suggest suggest;
  suggest_begin(&suggest, keep_token(parser));
  for (int32_t i = 0; i < policy->event_count; i++) {
    char name[SUGGEST_WORD_BYTES_MAX + 1];
    (void)snprintf(name, sizeof name, "%s.%s", policy->things[policy->events[i].thing].name,
                   policy->events[i].name);
    suggest_offer(&suggest, name);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return keep_fail(parser, FINDING_Y07, "", "no event is called '%s'%s",
                   quote(keep_token(parser)).text, nearest);
}

bool keep_scan_event(struct keep_parser *parser, int32_t *ret_event)
{
  if (!keep_at_word(parser))
    return keep_expected(parser, "an event such as 'order.placed'");
  int32_t event = policy_event(parser->policy, keep_token(parser));
  if (event < 0)
    return unknown_event(parser);
  *ret_event = event;
  keep_scan(parser);
  return true;
}
