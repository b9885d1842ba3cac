// The lower half of the reader of keep rules: tokens, what is wrong at one, and names of spans,
// kinds and events. The grammar stands in keep_read.c.
#ifndef FORVAR_POLICY_KEEP_SCAN_H
#define FORVAR_POLICY_KEEP_SCAN_H

#include "base/attr.h"
#include "policy/keep_parse.h"

struct keep_parser {
  const struct policy *policy;
  struct view text;
  size_t at;         // where the next token begins, after spaces
  size_t token_end;  // and ends; equal to `at` at the end of the text
  struct keep *keep;
  struct keep_fault *fault;
};

void keep_scan(struct keep_parser *parser);  // to the next token
struct view keep_token(const struct keep_parser *parser);
bool keep_at_word(const struct keep_parser *parser);

// Each records a fault at the token that the parser stands on, and is false.
bool keep_fail(struct keep_parser *parser, enum finding_id id, const char *fix, const char *format,
               ...) PRINTF_LIKE(4, 5);
bool keep_expected(struct keep_parser *parser, const char *what);

// Whether the token is this word; if so it is passed over; else a fault.
bool keep_is_next(const struct keep_parser *parser, const char *word);
bool keep_take(struct keep_parser *parser, const char *word);
bool keep_need(struct keep_parser *parser, const char *word);

bool keep_emit(struct keep_parser *parser, struct keep_operation operation);

bool keep_scan_period(struct keep_parser *parser, bool days_or_longer, struct period *ret_period);
bool keep_scan_span(struct keep_parser *parser, struct span_ref *ret_span);
bool keep_scan_event(struct keep_parser *parser, int32_t *ret_event);

#endif
