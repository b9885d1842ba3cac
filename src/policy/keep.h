// Keep rules: how long a datum lives for one purpose. A small language with one grammar, one
// printer and one evaluator:
//
//   keep     = rule , { "," , modifier } , [ "," , "then" , action ] | "borrowed" ;
//   rule     = "rule" , name  (a named rule, put in here as it stands)
//            | "as long as" , purpose  (that purpose's rule for the field, put in here)
//            | ("at most" | "exactly") , period , "after" , anchor
//            | "as" , law , "after" , anchor
//            | "while" , span | "until" , anchor
//            | ("later of" | "earlier of") , "(" , rule , "," , rule , { "," , rule } , ")" ;
//   anchor   = "recorded" | "obtained" | "consent ends" | span , "ends"
//            | ("first" | "last") , event
//            | ("later of" | "earlier of") , "(" , anchor , "," , anchor , { "," , anchor } , ")" ;
//   span     = kind | "past" , kind | [ "any" ] , thing , "." , name ;
//   modifier = "longer while" , span | "paused while" , span
//            | "no later than" , ( period | law ) , "after" , anchor | "cut at" , event ;
//   action   = "erase" | "anonymise" ;
//   event    = thing , "." , name ;
//
// Periods of `at most` and `no later than` are days or longer. An event says first or last, over
// all things of the person; `cut at` takes the first. Lower-case words, any spacing.
//
// `as long as` and `consent ends` are links: they stand for what another purpose, or the basis of
// this one, says. When the whole policy is read they are replaced by it (read_keep_links), so that
// a compiled policy has none and the printed rule says what holds.
//
// An end is three instants. Use is allowed before `use_us`. A sweep may erase from `erase_us`.
// The bytes must be gone by `gone_us`.
//
//   exactly P after a   use = erase = a + P on the wall clock (a day: from 24:00 of it);
//                       gone = use + 24 h
//   at most P after a   D = date(a) + P, months clamped, never rolled for a weekend;
//                       use = gone = 24:00 of D; erase = the sweep of D, 23:00 of D local
//   as law after a      D = the last day that the law wants it kept, by the financial year that
//                       date(a) lies in; use = erase = 24:00 of D; gone = use + 24 h
//   while s, until a    use = erase = the instant (a day: 24:00 of it); gone = use + 24 h
//   borrowed            keeps nothing: always absent. The use lasts as long as what the record's
//                       other purposes keep, which the gate knows
//
// `paused while s` moves the ends of `exactly` and `at most` (not those of `no later than`): time
// in s is not counted. `exactly` ends at the first instant that has P outside s behind it since
// the anchor; `at most` on the first day that has P of days behind it that do not lie wholly in s.
// Both are monotone in the anchor but for the clamping of months, which can give up to 3 days back.
//
// `later of` over rules takes the later use, erase and gone, each by itself (taking all three
// from one rule would not be monotone: an `exactly` of the same day would cut short what an
// `at most` still allows); an absent anchor is ignored, an open one wins. `earlier of`, `no later
// than` and `cut at` take the earlier of each; absent and open are ignored; all open gives open.
// All absent gives absent: a datum whose last end is absent is refused at the door (P1). A
// modifier changes an end that exists: an absent end stays absent.
#ifndef FORVAR_POLICY_KEEP_H
#define FORVAR_POLICY_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/text.h"

enum { KEEP_OPERATIONS_MAX = 32, KEEP_TEXT_BYTES_MAX = 400, KEEP_SWEEP_HOUR = 23 };

enum span_scope {
  SPAN_NONE,
  SPAN_OWN,   // of the record's own thing, then outward by `in`
  SPAN_ANY,   // of any thing of that type of the person
  SPAN_KIND,  // the person is of this kind (index is a kind)
};
struct span_ref {
  enum span_scope scope;
  int32_t index;  // into policy.spans, or policy.kinds for SPAN_KIND
};

enum keep_code {
  KEEP_RECORDED,   // pushes an anchor
  KEEP_OBTAINED,   // pushes an anchor
  KEEP_SPAN_END,   // pushes an anchor: argument span
  KEEP_EVENT,      // pushes an anchor: event, first or last
  KEEP_LATER,      // pops count anchors, pushes one
  KEEP_EARLIER,    // pops count anchors, pushes one
  KEEP_AT_MOST,    // pops an anchor, pushes an end: period
  KEEP_EXACTLY,    // pops an anchor, pushes an end: period
  KEEP_LAW,        // pops an anchor, pushes an end: law, year_end_month and _day
  KEEP_UNTIL,      // pops an anchor, pushes an end (also `while s`, as until s ends)
  KEEP_LATER_END,  // pops count ends, pushes one
  KEEP_EARLIER_END,
  KEEP_LONGER,        // pops an end, pushes it or later: span
  KEEP_CAP,           // pops an anchor and an end: period
  KEEP_CAP_LAW,       // pops an anchor and an end: law, year_end_month and _day
  KEEP_CUT,           // pops an end: event
  KEEP_BORROWED,      // pushes an end, absent; stands alone
  KEEP_CONSENT_ENDS,  // a link that pushes an anchor
  KEEP_FOLLOW,        // a link that pushes an end: purpose
  KEEP_CODE_COUNT
};

struct keep_operation {
  enum keep_code code;
  struct span_ref span;
  int32_t event;  // index into policy.events
  bool first;     // else last
  int32_t count;
  struct period period;
  struct span_ref paused;  // of KEEP_AT_MOST and KEEP_EXACTLY: `paused while`, SPAN_OWN or _ANY
  int32_t law;             // a fact of law.h, whose term is `period`
  bool by_financial_year;
  int32_t year_end_month, year_end_day;
  int32_t purpose;
};

enum keep_anchor {  // what the sweep can index this rule by
  KEEP_BY_RECORDED,
  KEEP_BY_OBTAINED,
  KEEP_BY_DERIVED_END,  // anything else: the derived end is indexed
};

struct keep {
  struct keep_operation operations[KEEP_OPERATIONS_MAX];
  int32_t operation_count;
  enum keep_anchor anchor;
  bool anonymise;        // then anonymise; else erase
  const char *text;      // canonical print, in the policy's arena
  bool set_by_operator;  // the written policy is silent here
  const char *why;       // the operator's reason then; "" otherwise
  int32_t line, column;
};

enum anchor_state { ANCHOR_ABSENT, ANCHOR_OPEN, ANCHOR_DAY, ANCHOR_INSTANT };
struct anchor {
  enum anchor_state state;
  int64_t value;  // days for ANCHOR_DAY, microseconds for ANCHOR_INSTANT
};

enum end_state { END_ABSENT, END_OPEN, END_AT };
struct end {
  enum end_state state;
  int64_t use_us;
  int64_t erase_us;
  int64_t gone_us;
};

// One time that a span was active, of one thing. `end_us` is INT64_MAX while it is.
struct span_run {
  int32_t span;
  int64_t thing;  // an id that tells things apart
  int64_t begin_us, end_us;
};

// What a rule is evaluated on. Borrowed arrays of the policy's span, kind and event counts.
// A fact about a span: OPEN while active, else the end of its last run, else absent.
struct keep_facts {
  const struct zone *zone;
  int64_t recorded_us;
  int64_t obtained_us;
  const struct anchor *any_spans;     // SPAN_ANY, by span index
  const struct anchor *own_spans;     // SPAN_OWN, by span index; NULL if the record has no thing
  const struct anchor *kinds;         // SPAN_KIND, by kind index
  const struct anchor *first_events;  // by event index over all things of the person
  const struct anchor *last_events;
  // Runs of the spans that some rule is paused by, in order of span, then begin.
  const struct span_run *runs;
  int32_t run_count;
  // Which of them are of the record's own thing or of one that it lies in; ids as in span_run.
  const int64_t *own_things;
  int32_t own_thing_count;
};

// The fact that a span reference speaks of; absent for SPAN_NONE.
struct anchor keep_span_fact(const struct keep_facts *facts, struct span_ref span);

// Whether the rule keeps nothing by itself.
bool keep_is_borrowed(const struct keep *keep);

// Pure and total: no allocation, no clock. Cost: one or two zone look-ups for the usual rule.
struct end keep_end(const struct keep *keep, const struct keep_facts *facts);

// The later of two ends as P3 counts it (open is later than any; absent is earlier than any).
struct end end_later(struct end a, struct end b);

// For the index of the sweep: the latest local day of the anchor (recorded or obtained) whose
// end may have come by `now_us`. Nothing of a later day is due. What is of that day or an earlier
// one is due or will be within 25 hours, so the sweep derives each end again: `exactly` is not
// monotone on the two nights of clock change (an hour) nor where months are clamped (from 29
// January 18:00 and from 31 January 12:00 one month leads to 28 February 18:00 and 12:00).
// PRE: keep->anchor is not KEEP_BY_DERIVED_END.
int64_t keep_due_day(const struct keep *keep, const struct zone *zone, int64_t now_us);

#endif
