#include "policy/keep.h"

#include "base/assert.h"
#include "base/clock.h"
#include "policy/keep_explain.h"
#include "policy/keep_pause.h"
#include "policy/law.h"

// The two stacks of one evaluation. The reader has checked that no rule needs more.
struct machine {
  const struct keep_facts *facts;
  int anchor_count, end_count;
  struct anchor anchors[KEEP_OPERATIONS_MAX];
  struct end ends[KEEP_OPERATIONS_MAX];
};

static const struct anchor absent_anchor = {ANCHOR_ABSENT, 0};
static const struct end absent_end = {END_ABSENT, 0, 0, 0};
static const struct end open_end = {END_OPEN, 0, 0, 0};

struct anchor keep_span_fact(const struct keep_facts *facts, struct span_ref span)
{
  switch (span.scope) {
    case SPAN_NONE:
      return absent_anchor;
    case SPAN_OWN:
      return facts->own_spans == NULL ? absent_anchor : facts->own_spans[span.index];
    case SPAN_ANY:
      PRE(facts->any_spans != NULL);
      return facts->any_spans[span.index];
    case SPAN_KIND:
      PRE(facts->kinds != NULL);
      return facts->kinds[span.index];
  }
  return absent_anchor;
}

// The instant at which an anchor ends something: a day counts to its midnight.
static int64_t anchor_us(const struct zone *zone, struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY ? zone_day_end(zone, anchor.value) : anchor.value;
}

static bool anchor_is_known(struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY || anchor.state == ANCHOR_INSTANT;
}

// 24:00 of a day and 00:00 of the next are one instant, but the instant has the later date.
static bool anchor_is_later(const struct zone *zone, struct anchor a, struct anchor b)
{
  int64_t a_us = anchor_us(zone, a);
  int64_t b_us = anchor_us(zone, b);
  return a_us > b_us || (a_us == b_us && a.state == ANCHOR_INSTANT && b.state == ANCHOR_DAY);
}

static struct anchor later_anchor(const struct zone *zone, struct anchor a, struct anchor b)
{
  if (a.state == ANCHOR_OPEN || b.state == ANCHOR_ABSENT)
    return a;
  if (b.state == ANCHOR_OPEN || a.state == ANCHOR_ABSENT)
    return b;
  return anchor_is_later(zone, b, a) ? b : a;
}

static struct anchor earlier_anchor(const struct zone *zone, struct anchor a, struct anchor b)
{
  if (anchor_is_known(a) && anchor_is_known(b))
    return anchor_is_later(zone, a, b) ? b : a;
  if (anchor_is_known(a) || (a.state == ANCHOR_OPEN && !anchor_is_known(b)))
    return a;
  return b;
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

struct end end_later(struct end a, struct end b)
{
  if (a.state == END_OPEN || b.state == END_ABSENT)
    return a;
  if (b.state == END_OPEN || a.state == END_ABSENT)
    return b;
  return (struct end){END_AT, larger(a.use_us, b.use_us), larger(a.erase_us, b.erase_us),
                      larger(a.gone_us, b.gone_us)};
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static struct end end_earlier(struct end a, struct end b)
{
  if (a.state == END_AT && b.state == END_AT)
    return (struct end){END_AT, smaller(a.use_us, b.use_us), smaller(a.erase_us, b.erase_us),
                        smaller(a.gone_us, b.gone_us)};
  if (a.state == END_AT || (a.state == END_OPEN && b.state != END_AT))
    return a;
  return b;
}

// What limits an end leaves it alone where it knows nothing, and never makes one.
static struct end end_limited(struct end end, struct end limit)
{
  return end.state == END_ABSENT || limit.state != END_AT ? end : end_earlier(end, limit);
}

static struct end without_date(struct anchor anchor)
{
  return anchor.state == ANCHOR_OPEN ? open_end : absent_end;
}

static struct end until(const struct zone *zone, struct anchor anchor)
{
  if (!anchor_is_known(anchor))
    return without_date(anchor);
  int64_t at_us = anchor_us(zone, anchor);
  return (struct end){END_AT, at_us, at_us, at_us + CLOCK_DAY_US};
}

static struct end exactly(const struct keep_facts *facts, struct anchor anchor,
                          const struct keep_operation *operation)
{
  if (!anchor_is_known(anchor))
    return without_date(anchor);
  int64_t from_us = anchor_us(facts->zone, anchor);
  int64_t at_us = calendar_add(facts->zone, from_us, operation->period);
  if (!keep_pause_instant(facts, operation->paused, from_us, &at_us))
    return open_end;
  return (struct end){END_AT, at_us, at_us, at_us + CLOCK_DAY_US};
}

static struct end at_most(const struct keep_facts *facts, struct anchor anchor,
                          const struct keep_operation *operation)
{
  if (!anchor_is_known(anchor))
    return without_date(anchor);
  const struct zone *zone = facts->zone;
  int64_t from = anchor.state == ANCHOR_DAY ? anchor.value : zone_day(zone, anchor.value);
  int64_t last = calendar_add_days(from, operation->period);
  if (!keep_pause_day(facts, operation->paused, from, &last))
    return open_end;
  int64_t over_us = zone_day_end(zone, last);
  int64_t sweep_us = zone_instant(zone, last, KEEP_SWEEP_HOUR * CLOCK_HOUR_US);
  return (struct end){END_AT, over_us, sweep_us, over_us};
}

static struct end as_law(const struct zone *zone, struct anchor anchor,
                         const struct keep_operation *operation)
{
  if (!anchor_is_known(anchor))
    return without_date(anchor);
  int64_t from = anchor.state == ANCHOR_DAY ? anchor.value : zone_day(zone, anchor.value);
  const struct law_term term = {operation->period, operation->by_financial_year};
  const struct anchor last = {ANCHOR_DAY, law_term_through(&term, from, operation->year_end_month,
                                                           operation->year_end_day)};
  return until(zone, last);
}

static struct anchor event_fact(const struct keep_facts *facts, const struct keep_operation *from)
{
  const struct anchor *events = from->first ? facts->first_events : facts->last_events;
  PRE(events != NULL);
  return events[from->event];
}

static void pick_anchor(struct machine *machine, const struct keep_operation *operation)
{
  machine->anchor_count -= operation->count;
  struct anchor *picked = &machine->anchors[machine->anchor_count++];
  const struct zone *zone = machine->facts->zone;
  for (int i = 1; i < operation->count; i++)
    *picked = operation->code == KEEP_LATER ? later_anchor(zone, *picked, picked[i])
                                            : earlier_anchor(zone, *picked, picked[i]);
}

static void pick_end(struct machine *machine, const struct keep_operation *operation)
{
  machine->end_count -= operation->count;
  struct end *picked = &machine->ends[machine->end_count++];
  for (int i = 1; i < operation->count; i++)
    *picked = operation->code == KEEP_LATER_END ? end_later(*picked, picked[i])
                                                : end_earlier(*picked, picked[i]);
}

static void push_anchor(struct machine *machine, struct anchor anchor)
{
  machine->anchors[machine->anchor_count++] = anchor;
}

static void push_end(struct machine *machine, struct end end)
{
  machine->ends[machine->end_count++] = end;
}

static struct anchor pop_anchor(struct machine *machine)
{
  return machine->anchors[--machine->anchor_count];
}

static struct end longer(const struct keep_facts *facts, struct end end, struct span_ref span)
{
  if (end.state == END_ABSENT)
    return end;
  return end_later(end, until(facts->zone, keep_span_fact(facts, span)));
}

static void modify(struct machine *machine, const struct keep_operation *operation)
{
  const struct keep_facts *facts = machine->facts;
  struct end limit = absent_end;
  if (operation->code == KEEP_CAP)
    limit = at_most(facts, pop_anchor(machine), operation);
  else if (operation->code == KEEP_CAP_LAW)
    limit = as_law(facts->zone, pop_anchor(machine), operation);
  else if (operation->code == KEEP_CUT) {
    PRE(facts->first_events != NULL);
    limit = until(facts->zone, facts->first_events[operation->event]);
  }
  struct end *end = &machine->ends[machine->end_count - 1];
  *end = operation->code == KEEP_LONGER ? longer(facts, *end, operation->span)
                                        : end_limited(*end, limit);
}

static void step(struct machine *machine, const struct keep_operation *operation)
{
  const struct keep_facts *facts = machine->facts;
  switch (operation->code) {
    case KEEP_RECORDED:
      push_anchor(machine, (struct anchor){ANCHOR_INSTANT, facts->recorded_us});
      break;
    case KEEP_OBTAINED:
      push_anchor(machine, (struct anchor){ANCHOR_INSTANT, facts->obtained_us});
      break;
    case KEEP_SPAN_END:
      push_anchor(machine, keep_span_fact(facts, operation->span));
      break;
    case KEEP_EVENT:
      push_anchor(machine, event_fact(facts, operation));
      break;
    case KEEP_LATER:
    case KEEP_EARLIER:
      pick_anchor(machine, operation);
      break;
    case KEEP_AT_MOST:
      push_end(machine, at_most(facts, pop_anchor(machine), operation));
      break;
    case KEEP_EXACTLY:
      push_end(machine, exactly(facts, pop_anchor(machine), operation));
      break;
    case KEEP_LAW:
      push_end(machine, as_law(facts->zone, pop_anchor(machine), operation));
      break;
    case KEEP_UNTIL:
      push_end(machine, until(facts->zone, pop_anchor(machine)));
      break;
    case KEEP_LATER_END:
    case KEEP_EARLIER_END:
      pick_end(machine, operation);
      break;
    case KEEP_LONGER:
    case KEEP_CAP:
    case KEEP_CAP_LAW:
    case KEEP_CUT:
      modify(machine, operation);
      break;
    case KEEP_CONSENT_ENDS:
      push_anchor(machine, absent_anchor);
      break;
    case KEEP_BORROWED:
    case KEEP_FOLLOW:
      push_end(machine, absent_end);
      break;
    case KEEP_CODE_COUNT:
      break;
  }
}

bool keep_is_borrowed(const struct keep *keep)
{
  return keep->operation_count == 1 && keep->operations[0].code == KEEP_BORROWED;
}

struct end keep_end(const struct keep *keep, const struct keep_facts *facts)
{
  PRE(keep->operation_count > 0);
  struct machine machine;
  machine.facts = facts;
  machine.anchor_count = 0;
  machine.end_count = 0;
  for (int32_t i = 0; i < keep->operation_count; i++)
    step(&machine, &keep->operations[i]);
  POST(machine.anchor_count == 0 && machine.end_count == 1);
  return machine.ends[0];
}

void keep_trace(const struct keep *keep, const struct keep_facts *facts,
                struct keep_value ret_values[KEEP_OPERATIONS_MAX])
{
  struct machine machine;
  machine.facts = facts;
  machine.anchor_count = 0;
  machine.end_count = 0;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    int anchors = machine.anchor_count;
    int ends = machine.end_count;
    enum keep_code code = keep->operations[i].code;
    step(&machine, &keep->operations[i]);
    bool is_anchor = code == KEEP_LATER || code == KEEP_EARLIER ||
                     (machine.anchor_count > anchors && machine.end_count == ends);
    ret_values[i] = (struct keep_value){.is_anchor = is_anchor};
    if (is_anchor)
      ret_values[i].anchor = machine.anchors[machine.anchor_count - 1];
    else
      ret_values[i].end = machine.ends[machine.end_count - 1];
  }
}

static bool may_be_due(const struct keep *keep, const struct zone *zone, int64_t day,
                       int64_t now_us)
{
  int64_t start_us = zone_day_start(zone, day);
  struct keep_facts facts = {.zone = zone, .recorded_us = start_us, .obtained_us = start_us};
  struct end end = keep_end(keep, &facts);
  return end.state == END_AT && end.erase_us <= now_us + CLOCK_HOUR_US;
}

int64_t keep_due_day(const struct keep *keep, const struct zone *zone, int64_t now_us)
{
  PRE(keep->anchor != KEEP_BY_DERIVED_END);
  // Nothing was recorded on `due` or earlier until the search moves it; no end comes before its
  // anchor, so `not_due` is safe as well.
  int64_t due = calendar_days(1600, 1, 1);
  int64_t not_due = zone_day(zone, now_us) + 2;
  while (not_due - due > 1) {
    int64_t middle = due + (not_due - due) / 2;
    if (may_be_due(keep, zone, middle, now_us))
      due = middle;
    else
      not_due = middle;
  }
  return due;
}
