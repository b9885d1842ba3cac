#include "policy/keep_scan.h"

#include "policy/law.h"
#include "policy/suggest.h"

#include <stdio.h>
#include <string.h>

static bool read_anchor(struct keep_parser *parser);
static bool read_rule(struct keep_parser *parser);

// "later of (x, y, ...)": of anchors or of rules; `later` or `earlier` has been taken.
static bool read_pick(struct keep_parser *parser, bool (*read_one)(struct keep_parser *),
                      enum keep_code code)
{
  if (!keep_need(parser, "of") || !keep_need(parser, "("))
    return false;
  int32_t count = 0;
  do {
    if (!read_one(parser))
      return false;
    count++;
  } while (keep_take(parser, ","));
  if (count < 2)
    return keep_expected(parser, "',' and a second choice");
  return keep_need(parser, ")") &&
         keep_emit(parser, (struct keep_operation){.code = code, .count = count});
}

static bool read_span_end(struct keep_parser *parser)
{
  size_t start = parser->at;
  size_t end = parser->token_end;
  if (policy_event(parser->policy, keep_token(parser)) >= 0 &&
      policy_span(parser->policy, keep_token(parser)) < 0) {
    char fix[FINDING_TEXT_BYTES];
    (void)snprintf(fix, sizeof fix, "last %s", quote(keep_token(parser)).text);
    return keep_fail(parser, FINDING_KR04, fix, "the event '%s' needs 'first' or 'last' before it",
                     quote(keep_token(parser)).text);
  }
  struct span_ref span;
  if (!keep_scan_span(parser, &span))
    return false;
  if (keep_take(parser, "ends"))
    return keep_emit(parser, (struct keep_operation){.code = KEEP_SPAN_END, .span = span});
  if (parser->at < parser->text.length)
    return keep_expected(parser, "'ends'");
  parser->at = start;
  parser->token_end = end;
  return keep_fail(parser, FINDING_Y10, "",
                   "the keep rule breaks off; a span is followed by 'ends'");
}

static bool read_anchor(struct keep_parser *parser)
{
  if (keep_take(parser, "recorded"))
    return keep_emit(parser, (struct keep_operation){.code = KEEP_RECORDED});
  if (keep_take(parser, "obtained"))
    return keep_emit(parser, (struct keep_operation){.code = KEEP_OBTAINED});
  if (keep_take(parser, "later"))
    return read_pick(parser, read_anchor, KEEP_LATER);
  if (keep_take(parser, "earlier"))
    return read_pick(parser, read_anchor, KEEP_EARLIER);
  if (keep_take(parser, "consent"))
    return keep_need(parser, "ends") &&
           keep_emit(parser, (struct keep_operation){.code = KEEP_CONSENT_ENDS});
  bool first = keep_is_next(parser, "first");
  if (!first && !keep_is_next(parser, "last"))
    return read_span_end(parser);
  keep_scan(parser);
  struct keep_operation operation = {.code = KEEP_EVENT, .first = first};
  return keep_scan_event(parser, &operation.event) && keep_emit(parser, operation);
}

static bool read_limit(struct keep_parser *parser, enum keep_code code)
{
  struct keep_operation operation = {.code = code};
  size_t period_at = parser->at;
  if (!keep_scan_period(parser, code == KEEP_AT_MOST, &operation.period))
    return false;
  if (code == KEEP_EXACTLY && operation.period.unit == PERIOD_YEAR) {
    parser->at = period_at;
    char fix[FINDING_TEXT_BYTES];
    (void)snprintf(fix, sizeof fix, "exactly %d months", operation.period.number * 12);
    return keep_fail(parser, FINDING_KR08, fix, "'exactly' does not take years");
  }
  return keep_need(parser, "after") && read_anchor(parser) && keep_emit(parser, operation);
}

static const struct keep_rule *find_rule(const struct policy *policy, struct view name)
{
  for (int32_t i = 0; i < policy->rule_count; i++)
    if (view_is(name, policy->rules[i].name))
      return &policy->rules[i];
  return NULL;
}

// What can only stand at the end of a rule, or as the whole of one.
bool keep_is_modified(const struct keep *keep)
{
  enum keep_code last = keep->operations[keep->operation_count - 1].code;
  bool is_paused = false;
  for (int32_t i = 0; i < keep->operation_count; i++)
    is_paused = is_paused || keep->operations[i].paused.scope != SPAN_NONE;
  return keep->anonymise || is_paused || last == KEEP_LONGER || last == KEEP_CAP ||
         last == KEEP_CAP_LAW || last == KEEP_CUT || last == KEEP_BORROWED;
}

static bool unknown_rule(struct keep_parser *parser)
{
  struct suggest suggest;
  suggest_begin(&suggest, keep_token(parser));
  for (int32_t i = 0; i < parser->policy->rule_count; i++)
    suggest_offer(&suggest, parser->policy->rules[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return keep_fail(parser, FINDING_KR09, "declare it under rules, above the rules that name it",
                   "no keep rule above this one is called '%s'%s", quote(keep_token(parser)).text,
                   nearest);
}

// A named rule is put in as it stands. `nested` is true within parentheses, where the grammar has
// no modifiers.
static bool read_named(struct keep_parser *parser, bool nested)
{
  if (!keep_at_word(parser))
    return keep_expected(parser, "the name of a rule");
  const struct keep_rule *rule = find_rule(parser->policy, keep_token(parser));
  if (rule == NULL)
    return unknown_rule(parser);
  if (nested && keep_is_modified(&rule->keep))
    return keep_fail(parser, FINDING_Y10, "",
                     "the rule '%s' has modifiers and cannot be one of several", rule->name);
  for (int32_t i = 0; i < rule->keep.operation_count; i++)
    if (!keep_emit(parser, rule->keep.operations[i]))
      return false;
  parser->keep->anonymise = rule->keep.anonymise;
  keep_scan(parser);
  return true;
}

static bool no_law_of_name(struct keep_parser *parser, int64_t day)
{
  struct suggest suggest;
  suggest_begin(&suggest, keep_token(parser));
  for (int32_t i = 0; i < law_fact_count(); i++) {
    struct law_term term;
    struct view name = view_of(law_fact(i)->name);
    if (law_term_find(name, day, &term) == i)
      suggest_offer(&suggest, law_fact(i)->name);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return keep_fail(parser, FINDING_Y07, "", "no law with a period is called '%s'%s",
                   quote(keep_token(parser)).text, nearest);
}

static bool no_law(struct keep_parser *parser, int64_t day)
{
  struct view name = keep_token(parser);
  if (law_obligation_find(name, day) >= 0)
    return keep_fail(parser, FINDING_KR06, "at most 10 years after recorded",
                     "'%s' says no period that a keep rule could take over", quote(name).text);
  bool is_known = law_known(LAW_OBLIGATIONS, name) >= 0 || law_known(LAW_PERIODS, name) >= 0;
  if (!is_known)
    return no_law_of_name(parser, day);
  return keep_fail(parser, FINDING_W01, "", "'%s' is not in force when the policy takes effect",
                   quote(name).text);
}

// The term of a law, "after" and an anchor.
static bool read_term(struct keep_parser *parser, enum keep_code code)
{
  const struct policy *policy = parser->policy;
  struct keep_operation operation = {
      .code = code, .year_end_month = policy->year_end_month, .year_end_day = policy->year_end_day};
  if (!keep_at_word(parser))
    return keep_expected(parser, "a law such as 'se.bookkeeping'");
  int64_t day = policy_law_day(policy);
  struct law_term term;
  operation.law = law_term_find(keep_token(parser), day, &term);
  if (operation.law < 0)
    return no_law(parser, day);
  operation.period = term.period;
  operation.by_financial_year = term.by_financial_year;
  if (term.by_financial_year && policy->year_end_month == 0)
    return keep_fail(
        parser, FINDING_KR10, "financial_year_ends: 12-31",
        "'%s' counts from the end of a financial year, which the controller does not give",
        law_fact(operation.law)->name);
  keep_scan(parser);
  return keep_need(parser, "after") && read_anchor(parser) && keep_emit(parser, operation);
}

static bool unknown_purpose(struct keep_parser *parser)
{
  struct suggest suggest;
  suggest_begin(&suggest, keep_token(parser));
  for (int32_t i = 0; i < parser->policy->purpose_count; i++)
    suggest_offer(&suggest, parser->policy->purposes[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return keep_fail(parser, FINDING_Y07, "", "no purpose is called '%s'%s",
                   quote(keep_token(parser)).text, nearest);
}

// "as" has been taken: a law, or "long as" a purpose.
static bool read_as(struct keep_parser *parser)
{
  struct keep_operation operation = {.code = KEEP_FOLLOW};
  if (!keep_take(parser, "long"))
    return read_term(parser, KEEP_LAW);
  if (!keep_need(parser, "as"))
    return false;
  if (!keep_at_word(parser))
    return keep_expected(parser, "a purpose");
  operation.purpose = policy_purpose(parser->policy, keep_token(parser));
  if (operation.purpose < 0)
    return unknown_purpose(parser);
  keep_scan(parser);
  return keep_emit(parser, operation);
}

static bool read_borrowed(struct keep_parser *parser, bool nested)
{
  if (nested)
    return keep_fail(parser, FINDING_Y10, "keep: borrowed", "'borrowed' stands alone");
  keep_scan(parser);
  return keep_emit(parser, (struct keep_operation){.code = KEEP_BORROWED});
}

static bool read_until(struct keep_parser *parser)
{
  return read_anchor(parser) && keep_emit(parser, (struct keep_operation){.code = KEEP_UNTIL});
}

static bool read_while(struct keep_parser *parser)
{
  struct keep_operation operation = {.code = KEEP_SPAN_END};
  return keep_scan_span(parser, &operation.span) && keep_emit(parser, operation) &&
         keep_emit(parser, (struct keep_operation){.code = KEEP_UNTIL});
}

static bool read_bare_rule(struct keep_parser *parser, bool nested)
{
  if (keep_take(parser, "at"))
    return keep_need(parser, "most") && read_limit(parser, KEEP_AT_MOST);
  if (keep_take(parser, "exactly"))
    return read_limit(parser, KEEP_EXACTLY);
  if (keep_take(parser, "as"))
    return read_as(parser);
  if (keep_take(parser, "while"))
    return read_while(parser);
  if (keep_take(parser, "until"))
    return read_until(parser);
  if (keep_take(parser, "later"))
    return read_pick(parser, read_rule, KEEP_LATER_END);
  if (keep_take(parser, "earlier"))
    return read_pick(parser, read_rule, KEEP_EARLIER_END);
  if (keep_take(parser, "rule"))
    return read_named(parser, nested);
  if (keep_is_next(parser, "borrowed"))
    return read_borrowed(parser, nested);
  return keep_expected(parser,
                       "'at most', 'exactly', 'as', 'while', 'until', 'later of', 'earlier of', "
                       "'rule' or 'borrowed'");
}

static bool read_rule(struct keep_parser *parser) { return read_bare_rule(parser, true); }

static bool read_longer(struct keep_parser *parser)
{
  struct keep_operation operation = {.code = KEEP_LONGER};
  return keep_need(parser, "while") && keep_scan_span(parser, &operation.span) &&
         keep_emit(parser, operation);
}

static bool read_cap(struct keep_parser *parser)
{
  struct keep_operation operation = {.code = KEEP_CAP};
  if (!keep_need(parser, "later") || !keep_need(parser, "than"))
    return false;
  bool is_number = keep_at_word(parser) && keep_token(parser).bytes[0] <= '9';
  if (keep_at_word(parser) && !is_number)
    return read_term(parser, KEEP_CAP_LAW);
  return keep_scan_period(parser, true, &operation.period) && keep_need(parser, "after") &&
         read_anchor(parser) && keep_emit(parser, operation);
}

// The span by whose runs time is not counted: one of things, since only they have runs.
static bool read_pause_span(struct keep_parser *parser, struct span_ref *ret_span)
{
  struct keep_parser before = *parser;
  if (!keep_scan_span(parser, ret_span))
    return false;
  if (ret_span->scope != SPAN_KIND)
    return true;
  int32_t span = parser->policy->kinds[ret_span->index].while_span;
  *ret_span = (struct span_ref){SPAN_ANY, span};
  if (span >= 0)
    return true;
  *parser = before;
  return keep_fail(parser, FINDING_Y10, "", "a rule is paused while a span or a kind with 'while'");
}

static bool read_paused(struct keep_parser *parser)
{
  struct keep *keep = parser->keep;
  struct span_ref span;
  struct keep_parser before = *parser;
  if (!keep_need(parser, "while") || !read_pause_span(parser, &span))
    return false;
  bool moves = false;
  bool is_paused = false;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    struct keep_operation *operation = &keep->operations[i];
    if (operation->code != KEEP_AT_MOST && operation->code != KEEP_EXACTLY)
      continue;
    is_paused = is_paused || operation->paused.scope != SPAN_NONE;
    operation->paused = span;
    moves = true;
  }
  if (moves && !is_paused)
    return true;
  *parser = before;
  return keep_fail(parser, FINDING_Y10, "",
                   is_paused ? "a rule is paused by one span"
                             : "'paused while' needs a period that it could move");
}

static bool read_cut(struct keep_parser *parser)
{
  struct keep_operation operation = {.code = KEEP_CUT, .first = true};
  return keep_need(parser, "at") && keep_scan_event(parser, &operation.event) &&
         keep_emit(parser, operation);
}

static bool read_action(struct keep_parser *parser)
{
  parser->keep->anonymise = keep_is_next(parser, "anonymise");
  return keep_take(parser, "anonymise") || keep_need(parser, "erase");
}

static bool read_modifier(struct keep_parser *parser)
{
  if (keep_take(parser, "longer"))
    return read_longer(parser);
  if (keep_take(parser, "paused"))
    return read_paused(parser);
  if (keep_take(parser, "no"))
    return read_cap(parser);
  if (keep_take(parser, "cut"))
    return read_cut(parser);
  return keep_expected(parser,
                       "'longer while', 'paused while', 'no later than', 'cut at' or 'then'");
}

static bool read_keep(struct keep_parser *parser)
{
  if (!read_bare_rule(parser, false))
    return false;
  while (keep_is_next(parser, ",")) {
    if (keep_is_borrowed(parser->keep))
      return keep_fail(parser, FINDING_Y10, "keep: borrowed", "'borrowed' stands alone");
    keep_scan(parser);
    if (keep_take(parser, "then"))
      return read_action(parser) && (parser->at == parser->text.length ||
                                     keep_expected(parser, "the end of the rule after its action"));
    if (!read_modifier(parser))
      return false;
  }
  return parser->at == parser->text.length || keep_expected(parser, "',' or the end of the rule");
}

bool keep_parse_within(const struct policy *policy, struct view text, struct keep *ret_keep,
                       struct keep_fault *ret_fault)
{
  struct keep keep = {.text = "", .why = ""};
  *ret_fault = (struct keep_fault){.at = 0};
  struct keep_parser parser = {policy, text, 0, 0, &keep, ret_fault};
  keep_scan(&parser);
  if (text.length > KEEP_TEXT_BYTES_MAX)
    return keep_fail(&parser, FINDING_Y08, "", "the rule is longer than %d bytes",
                     KEEP_TEXT_BYTES_MAX);
  if (!keep_need(&parser, "within") || !read_limit(&parser, KEEP_AT_MOST))
    return false;
  if (parser.at < text.length)
    return keep_expected(&parser, "the end of the rule");
  keep.anchor = keep_anchor_of(&keep);
  *ret_keep = keep;
  return true;
}

enum keep_anchor keep_anchor_of(const struct keep *keep)
{
  bool recorded = false;
  bool obtained = false;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    enum keep_code code = keep->operations[i].code;
    bool moves = code == KEEP_SPAN_END || code == KEEP_EVENT || code == KEEP_LONGER ||
                 code == KEEP_CUT || code >= KEEP_BORROWED;
    if (moves || keep->operations[i].paused.scope != SPAN_NONE)
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
  struct keep_parser parser = {policy, text, 0, 0, &keep, ret_fault};
  keep_scan(&parser);
  if (text.length > KEEP_TEXT_BYTES_MAX)
    return keep_fail(&parser, FINDING_Y08, "", "the keep rule is longer than %d bytes",
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
