#include "policy/keep_parse.h"
#include "policy/law.h"
#include "policy/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct parser {
  const struct policy *policy;
  struct view text;
  size_t at;         // where the next token begins, after spaces
  size_t token_end;  // and ends; equal to `at` at the end of the text
  struct keep *keep;
  struct keep_fault *fault;
};

static bool is_word_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

static void scan(struct parser *parser)
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

static struct view token(const struct parser *parser)
{
  return view_bytes(parser->text.bytes + parser->at, parser->token_end - parser->at);
}

// Records the fault at the token that the parser stands on; the first fault wins.
static bool PRINTF_LIKE(4, 5)
    fail(struct parser *parser, enum finding_id id, const char *fix, const char *format, ...)
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

static bool expected(struct parser *parser, const char *what)
{
  if (parser->at == parser->text.length)
    return fail(parser, FINDING_Y10, "", "the keep rule breaks off; expected %s", what);
  return fail(parser, FINDING_Y10, "", "expected %s in the keep rule, not '%s'", what,
              quote(token(parser)).text);
}

static bool is_next(const struct parser *parser, const char *word)
{
  return view_is(token(parser), word);
}

static bool take(struct parser *parser, const char *word)
{
  if (!is_next(parser, word))
    return false;
  scan(parser);
  return true;
}

static bool need(struct parser *parser, const char *word)
{
  char what[32];
  (void)snprintf(what, sizeof what, "'%s'", word);
  return take(parser, word) || expected(parser, what);
}

static bool emit(struct parser *parser, struct keep_operation operation)
{
  struct keep *keep = parser->keep;
  if (keep->operation_count == KEEP_OPERATIONS_MAX)
    return fail(parser, FINDING_Y08, "", "the keep rule has more than %d parts",
                KEEP_OPERATIONS_MAX);
  keep->operations[keep->operation_count++] = operation;
  return true;
}

static bool read_period(struct parser *parser, bool days_or_longer, struct period *ret_period)
{
  size_t start = parser->at;
  struct view number = token(parser);
  scan(parser);
  struct view unit = token(parser);
  char joined[48];
  (void)snprintf(joined, sizeof joined, "%.*s %.*s", (int)(number.length > 20 ? 20 : number.length),
                 number.bytes, (int)(unit.length > 20 ? 20 : unit.length), unit.bytes);
  bool is_period =
      number.length <= 20 && unit.length <= 20 && period_read(view_of(joined), ret_period);
  if (is_period && (!days_or_longer || ret_period->unit >= PERIOD_DAY)) {
    scan(parser);
    return true;
  }
  parser->at = start;
  parser->token_end = start + number.length;
  if (is_period)
    return fail(parser, FINDING_Y10, "exactly 12 hours after recorded",
                "this kind of end counts in days or longer, not in minutes or hours");
  return expected(parser, "a period such as '3 weeks'");
}

static bool unknown_span(struct parser *parser)
{
  struct view name = token(parser);
  struct suggest suggest;
  suggest_begin(&suggest, name);
  for (int32_t i = 0; i < parser->policy->span_count; i++)
    suggest_offer(&suggest, parser->policy->spans[i].name);
  for (int32_t i = 0; i < parser->policy->kind_count; i++)
    suggest_offer(&suggest, parser->policy->kinds[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return fail(parser, FINDING_Y07, "", "no span or kind is called '%s'%s", quote(name).text,
              nearest);
}

static bool at_word(const struct parser *parser)
{
  return parser->at < parser->text.length && is_word_char(parser->text.bytes[parser->at]);
}

static bool read_past(struct parser *parser, struct span_ref *ret_span)
{
  const struct policy *policy = parser->policy;
  int32_t kind = policy_kind(policy, token(parser));
  if (kind < 0)
    return at_word(parser) ? unknown_span(parser) : expected(parser, "a kind");
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (policy->kinds[i].past_kind == kind) {
      *ret_span = (struct span_ref){SPAN_KIND, i};
      scan(parser);
      return true;
    }
  return fail(parser, FINDING_Y07, "", "no kind is declared with 'while: past %s'",
              policy->kinds[kind].name);
}

static bool read_span(struct parser *parser, struct span_ref *ret_span)
{
  if (take(parser, "past"))
    return read_past(parser, ret_span);
  bool any = take(parser, "any");
  if (!at_word(parser))
    return expected(parser, "a span or kind");
  int32_t span = policy_span(parser->policy, token(parser));
  int32_t kind = any ? -1 : policy_kind(parser->policy, token(parser));
  if (span < 0 && kind < 0)
    return unknown_span(parser);
  *ret_span = span >= 0 ? (struct span_ref){any ? SPAN_ANY : SPAN_OWN, span}
                        : (struct span_ref){SPAN_KIND, kind};
  scan(parser);
  return true;
}

static bool unknown_event(struct parser *parser)
{
  const struct policy *policy = parser->policy;
  struct suggest suggest;
  suggest_begin(&suggest, token(parser));
  for (int32_t i = 0; i < policy->event_count; i++) {
    char name[SUGGEST_WORD_BYTES_MAX + 1];
    (void)snprintf(name, sizeof name, "%s.%s", policy->things[policy->events[i].thing].name,
                   policy->events[i].name);
    suggest_offer(&suggest, name);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return fail(parser, FINDING_Y07, "", "no event is called '%s'%s", quote(token(parser)).text,
              nearest);
}

static bool read_event(struct parser *parser, int32_t *ret_event)
{
  if (!at_word(parser))
    return expected(parser, "an event such as 'order.placed'");
  int32_t event = policy_event(parser->policy, token(parser));
  if (event < 0)
    return unknown_event(parser);
  *ret_event = event;
  scan(parser);
  return true;
}

static bool read_anchor(struct parser *parser);
static bool read_rule(struct parser *parser);

// "later of (x, y, ...)": of anchors or of rules; `later` or `earlier` has been taken.
static bool read_pick(struct parser *parser, bool (*read_one)(struct parser *), enum keep_code code)
{
  if (!need(parser, "of") || !need(parser, "("))
    return false;
  int32_t count = 0;
  do {
    if (!read_one(parser))
      return false;
    count++;
  } while (take(parser, ","));
  if (count < 2)
    return expected(parser, "',' and a second choice");
  return need(parser, ")") && emit(parser, (struct keep_operation){.code = code, .count = count});
}

static bool read_span_end(struct parser *parser)
{
  size_t start = parser->at;
  size_t end = parser->token_end;
  if (policy_event(parser->policy, token(parser)) >= 0 &&
      policy_span(parser->policy, token(parser)) < 0) {
    char fix[FINDING_TEXT_BYTES];
    (void)snprintf(fix, sizeof fix, "last %s", quote(token(parser)).text);
    return fail(parser, FINDING_KR04, fix, "the event '%s' needs 'first' or 'last' before it",
                quote(token(parser)).text);
  }
  struct span_ref span;
  if (!read_span(parser, &span))
    return false;
  if (take(parser, "ends"))
    return emit(parser, (struct keep_operation){.code = KEEP_SPAN_END, .span = span});
  if (parser->at < parser->text.length)
    return expected(parser, "'ends'");
  parser->at = start;
  parser->token_end = end;
  return fail(parser, FINDING_Y10, "", "the keep rule breaks off; a span is followed by 'ends'");
}

static bool read_anchor(struct parser *parser)
{
  if (take(parser, "recorded"))
    return emit(parser, (struct keep_operation){.code = KEEP_RECORDED});
  if (take(parser, "obtained"))
    return emit(parser, (struct keep_operation){.code = KEEP_OBTAINED});
  if (take(parser, "later"))
    return read_pick(parser, read_anchor, KEEP_LATER);
  if (take(parser, "earlier"))
    return read_pick(parser, read_anchor, KEEP_EARLIER);
  bool first = is_next(parser, "first");
  if (!first && !is_next(parser, "last"))
    return read_span_end(parser);
  scan(parser);
  struct keep_operation operation = {.code = KEEP_EVENT, .first = first};
  return read_event(parser, &operation.event) && emit(parser, operation);
}

static bool read_limit(struct parser *parser, enum keep_code code)
{
  struct keep_operation operation = {.code = code};
  size_t period_at = parser->at;
  if (!read_period(parser, code == KEEP_AT_MOST, &operation.period))
    return false;
  if (code == KEEP_EXACTLY && operation.period.unit == PERIOD_YEAR) {
    parser->at = period_at;
    char fix[FINDING_TEXT_BYTES];
    (void)snprintf(fix, sizeof fix, "exactly %d months", operation.period.number * 12);
    return fail(parser, FINDING_KR08, fix, "'exactly' does not take years");
  }
  return need(parser, "after") && read_anchor(parser) && emit(parser, operation);
}

static const struct keep_rule *find_rule(const struct policy *policy, struct view name)
{
  for (int32_t i = 0; i < policy->rule_count; i++)
    if (view_is(name, policy->rules[i].name))
      return &policy->rules[i];
  return NULL;
}

static bool has_modifier(const struct keep *keep)
{
  enum keep_code last = keep->operations[keep->operation_count - 1].code;
  return keep->anonymise || last == KEEP_LONGER || last == KEEP_CAP || last == KEEP_CUT;
}

static bool unknown_rule(struct parser *parser)
{
  struct suggest suggest;
  suggest_begin(&suggest, token(parser));
  for (int32_t i = 0; i < parser->policy->rule_count; i++)
    suggest_offer(&suggest, parser->policy->rules[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return fail(parser, FINDING_KR09, "declare it under rules, above the rules that name it",
              "no keep rule above this one is called '%s'%s", quote(token(parser)).text, nearest);
}

// A named rule is put in as it stands. `nested` is true within parentheses, where the grammar has
// no modifiers.
static bool read_named(struct parser *parser, bool nested)
{
  if (!at_word(parser))
    return expected(parser, "the name of a rule");
  const struct keep_rule *rule = find_rule(parser->policy, token(parser));
  if (rule == NULL)
    return unknown_rule(parser);
  if (nested && has_modifier(&rule->keep))
    return fail(parser, FINDING_Y10, "", "the rule '%s' has modifiers and cannot be one of several",
                rule->name);
  for (int32_t i = 0; i < rule->keep.operation_count; i++)
    if (!emit(parser, rule->keep.operations[i]))
      return false;
  parser->keep->anonymise = rule->keep.anonymise;
  scan(parser);
  return true;
}

static bool unknown_law(struct parser *parser)
{
  struct suggest suggest;
  suggest_begin(&suggest, token(parser));
  for (int32_t i = 0; i < LAW_PERIODS; i++)
    suggest_offer(&suggest, law_periods[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return fail(parser, FINDING_Y07, "", "no law with a period is called '%s'%s",
              quote(token(parser)).text, nearest);
}

static bool read_law(struct parser *parser)
{
  const struct policy *policy = parser->policy;
  struct keep_operation operation = {.code = KEEP_LAW,
                                     .year_end_month = policy->year_end_month,
                                     .year_end_day = policy->year_end_day};
  if (!at_word(parser))
    return expected(parser, "a law such as 'se.bookkeeping'");
  operation.law = law_period_find(token(parser));
  if (operation.law < 0)
    return unknown_law(parser);
  if (policy->year_end_month == 0)
    return fail(parser, FINDING_KR10, "financial_year_ends: 12-31",
                "'%s' counts from the end of a financial year, which the controller does not give",
                law_periods[operation.law].name);
  scan(parser);
  return need(parser, "after") && read_anchor(parser) && emit(parser, operation);
}

static bool read_until(struct parser *parser)
{
  return read_anchor(parser) && emit(parser, (struct keep_operation){.code = KEEP_UNTIL});
}

static bool read_while(struct parser *parser)
{
  struct keep_operation operation = {.code = KEEP_SPAN_END};
  return read_span(parser, &operation.span) && emit(parser, operation) &&
         emit(parser, (struct keep_operation){.code = KEEP_UNTIL});
}

static bool read_bare_rule(struct parser *parser, bool nested)
{
  if (take(parser, "at"))
    return need(parser, "most") && read_limit(parser, KEEP_AT_MOST);
  if (take(parser, "exactly"))
    return read_limit(parser, KEEP_EXACTLY);
  if (take(parser, "as"))
    return read_law(parser);
  if (take(parser, "while"))
    return read_while(parser);
  if (take(parser, "until"))
    return read_until(parser);
  if (take(parser, "later"))
    return read_pick(parser, read_rule, KEEP_LATER_END);
  if (take(parser, "earlier"))
    return read_pick(parser, read_rule, KEEP_EARLIER_END);
  if (take(parser, "rule"))
    return read_named(parser, nested);
  return expected(parser,
                  "'at most', 'exactly', 'as', 'while', 'until', 'later of', 'earlier of' "
                  "or 'rule'");
}

static bool read_rule(struct parser *parser) { return read_bare_rule(parser, true); }

static bool read_longer(struct parser *parser)
{
  struct keep_operation operation = {.code = KEEP_LONGER};
  return need(parser, "while") && read_span(parser, &operation.span) && emit(parser, operation);
}

static bool read_cap(struct parser *parser)
{
  struct keep_operation operation = {.code = KEEP_CAP};
  return need(parser, "later") && need(parser, "than") &&
         read_period(parser, true, &operation.period) && need(parser, "after") &&
         read_anchor(parser) && emit(parser, operation);
}

static bool read_cut(struct parser *parser)
{
  struct keep_operation operation = {.code = KEEP_CUT, .first = true};
  return need(parser, "at") && read_event(parser, &operation.event) && emit(parser, operation);
}

static bool read_action(struct parser *parser)
{
  parser->keep->anonymise = is_next(parser, "anonymise");
  return take(parser, "anonymise") || need(parser, "erase");
}

static bool read_keep(struct parser *parser)
{
  if (!read_bare_rule(parser, false))
    return false;
  while (take(parser, ",")) {
    bool read;
    if (take(parser, "longer"))
      read = read_longer(parser);
    else if (take(parser, "no"))
      read = read_cap(parser);
    else if (take(parser, "cut"))
      read = read_cut(parser);
    else if (take(parser, "then"))
      return read_action(parser) && (parser->at == parser->text.length ||
                                     expected(parser, "the end of the rule after its action"));
    else
      return expected(parser, "'longer while', 'no later than', 'cut at' or 'then'");
    if (!read)
      return false;
  }
  return parser->at == parser->text.length || expected(parser, "',' or the end of the rule");
}

enum keep_anchor keep_anchor_of(const struct keep *keep)
{
  bool recorded = false;
  bool obtained = false;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    enum keep_code code = keep->operations[i].code;
    if (code == KEEP_SPAN_END || code == KEEP_EVENT || code == KEEP_LONGER || code == KEEP_CUT)
      return KEEP_BY_DERIVED_END;
    recorded = recorded || code == KEEP_RECORDED;
    obtained = obtained || code == KEEP_OBTAINED;
  }
  if (recorded && obtained)
    return KEEP_BY_DERIVED_END;
  return recorded ? KEEP_BY_RECORDED : KEEP_BY_OBTAINED;
}

bool keep_parse(const struct policy *policy, struct view text, struct keep *ret_keep,
                struct keep_fault *ret_fault)
{
  struct keep keep = {.text = "", .why = ""};
  *ret_fault = (struct keep_fault){.at = 0};
  struct parser parser = {policy, text, 0, 0, &keep, ret_fault};
  scan(&parser);
  if (text.length > KEEP_TEXT_BYTES_MAX)
    return fail(&parser, FINDING_Y08, "", "the keep rule is longer than %d bytes",
                KEEP_TEXT_BYTES_MAX);
  if (!read_keep(&parser))
    return false;
  keep.anchor = keep_anchor_of(&keep);
  *ret_keep = keep;
  return true;
}

enum err_code keep_read(const struct policy *policy, struct view text, struct keep *ret,
                        size_t *ret_at, struct err *err)
{
  struct keep_fault fault;
  if (keep_parse(policy, text, ret, &fault))
    return ERR_OK;
  *ret_at = fault.at;
  enum err_code code =
      err_set(err, ERR_FINDINGS, "%s: %s", finding_row(fault.id)->id, fault.message);
  if (fault.fix[0] != '\0')
    (void)err_hint(err, "%s", fault.fix);
  return code;
}
