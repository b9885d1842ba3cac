#include "policy/keep_parse.h"
#include "policy/reader.h"

// A rule is judged by running it over yes and no instead of over dates: "may this be absent",
// "may this stay open". The walk is the same; what the leaves say and whether several are joined
// by and or by or differs.
struct judgement {
  const struct policy *policy;
  const struct point *point;  // of the record
  int32_t kind;               // of the person
  bool (*leaf)(const struct judgement *judgement, const struct keep_operation *operation);
  bool later_by_and;
  bool longer_is;   // what `longer while` and `paused while` make of a no
  bool cap_leaves;  // `no later than` leaves a yes alone, even with an anchor that is a no
};

static bool judge(const struct judgement *judgement, const struct keep *keep)
{
  bool stack[KEEP_OPERATIONS_MAX];
  int count = 0;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    enum keep_code code = operation->code;
    bool by_and = code == KEEP_EARLIER || code == KEEP_EARLIER_END || judgement->later_by_and;
    if (code <= KEEP_EVENT)
      stack[count++] = judgement->leaf(judgement, operation);
    else if (code == KEEP_LONGER || operation->paused.scope != SPAN_NONE)
      stack[count - 1] = stack[count - 1] || judgement->longer_is;
    else if (code == KEEP_CAP || code == KEEP_CAP_LAW) {
      count--;
      stack[count - 1] = stack[count - 1] && (stack[count] || judgement->cap_leaves);
    }
    for (int32_t j = 1; j < operation->count; j++) {
      count--;
      stack[count - 1] =
          by_and ? stack[count - 1] && stack[count] : stack[count - 1] || stack[count];
    }
  }
  return stack[0];
}

// The span that a reference comes down to, or -1 for a kind that the collection point sets.
static int32_t span_below(const struct policy *policy, struct span_ref ref)
{
  if (ref.scope != SPAN_KIND)
    return ref.index;
  const struct kind *kind = &policy->kinds[ref.index];
  return kind->past_kind >= 0 ? policy->kinds[kind->past_kind].while_span : kind->while_span;
}

// Whether a record put at the point belongs to this type of thing, or to one within it.
static bool point_lies_in(const struct policy *policy, const struct point *point, int32_t thing)
{
  int32_t at = point->thing;
  for (int32_t steps = 0; at >= 0 && at != thing && steps < policy->thing_count; steps++)
    at = policy->things[at].in;
  return at >= 0 && at == thing;
}

static bool born_begins(const struct policy *policy, int32_t span)
{
  const struct thing_type *thing = &policy->things[policy->spans[span].thing];
  return thing->born >= 0 && (policy->spans[span].from >> (thing->born - thing->first_event) & 1);
}

static bool kind_rests_on(const struct policy *policy, int32_t kind, int32_t span)
{
  return span >= 0 && span_below(policy, (struct span_ref){SPAN_KIND, kind}) == span;
}

// Whether the span has begun by the time a record comes in, whatever the person does.
static bool has_begun(const struct judgement *judgement, struct span_ref ref)
{
  const struct policy *policy = judgement->policy;
  int32_t span = span_below(policy, ref);
  if (span < 0)
    return judgement->kind == ref.index || policy->kinds[judgement->kind].past_kind == ref.index;
  bool of_record = point_lies_in(policy, judgement->point, policy->spans[span].thing) &&
                   born_begins(policy, span);
  if (ref.scope == SPAN_OWN)
    return of_record;
  // `past K` begins only when K is over.
  bool of_past = ref.scope == SPAN_KIND && policy->kinds[ref.index].past_kind >= 0;
  if (of_past)
    return judgement->kind == ref.index || policy->kinds[judgement->kind].past_kind == ref.index;
  return of_record || kind_rests_on(policy, judgement->kind, span);
}

static bool has_happened(const struct judgement *judgement, int32_t event)
{
  const struct policy *policy = judgement->policy;
  int32_t thing = policy->events[event].thing;
  if (point_lies_in(policy, judgement->point, thing) && policy->things[thing].born == event)
    return true;
  int32_t span = span_below(policy, (struct span_ref){SPAN_KIND, judgement->kind});
  return span >= 0 && policy->spans[span].thing == thing &&
         (policy->things[thing].born == event ||
          policy->spans[span].from == UINT64_C(1) << (event - policy->things[thing].first_event));
}

static bool may_be_absent(const struct judgement *judgement, const struct keep_operation *operation)
{
  if (operation->code == KEEP_SPAN_END)
    return !has_begun(judgement, operation->span);
  return operation->code == KEEP_EVENT && !has_happened(judgement, operation->event);
}

static bool ends_a_span(const struct policy *policy, int32_t event)
{
  const struct thing_type *thing = &policy->things[policy->events[event].thing];
  for (int32_t i = 0; i < thing->span_count; i++)
    if (policy->spans[thing->first_span + i].to >> (event - thing->first_event) & 1)
      return true;
  return false;
}

// The rule by which somebody is of a kind for a time, or was; NULL for other kinds.
static const struct keep *within_of(const struct policy *policy, struct span_ref ref)
{
  if (ref.scope != SPAN_KIND)
    return NULL;
  const struct kind *kind = &policy->kinds[ref.index];
  return kind->past_kind >= 0 ? policy->kinds[kind->past_kind].within : kind->within;
}

static bool may_stay_open(const struct judgement *judgement, const struct keep_operation *operation)
{
  const struct keep *within = within_of(judgement->policy, operation->span);
  if (operation->code == KEEP_SPAN_END && within != NULL)
    return judge(judgement, within);
  if (operation->code == KEEP_EVENT)
    return !operation->first && ends_a_span(judgement->policy, operation->event);
  return operation->code == KEEP_SPAN_END;
}

static struct place place_of(const struct keep *keep)
{
  return (struct place){keep->line, keep->column};
}

static void check_open(struct reader *reader, const struct keep *keep)
{
  struct judgement judgement = {
      .policy = reader->policy, .leaf = may_stay_open, .later_by_and = false, .longer_is = true};
  if (reader->policy->review_open.number == 0 && judge(&judgement, keep))
    finding_add(reader->findings, FINDING_KR03, place_of(keep), "review_open: 24 months",
                "'%s' can stay open and limits.review_open is not given", keep->text);
}

// A kind that the collection point sets is set for the record's life: waiting for its end is
// waiting for ever.
static void check_endless(struct reader *reader, const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    if ((operation->code == KEEP_SPAN_END || operation->code == KEEP_LONGER) &&
        span_below(reader->policy, operation->span) < 0 &&
        within_of(reader->policy, operation->span) == NULL)
      finding_add(reader->findings, FINDING_KR03, place_of(keep), NULL,
                  "'%s' has no 'while' in subjects, so it never ends",
                  reader->policy->kinds[operation->span.index].name);
  }
}

// The first event by which the company could begin the span again, or -1. Within one thing the
// event that makes it happens once; over all things of a person each new thing brings it.
static int32_t company_reopens(const struct policy *policy, struct span_ref ref)
{
  int32_t index = span_below(policy, ref);
  if (index < 0)
    return -1;
  const struct span *span = &policy->spans[index];
  const struct thing_type *thing = &policy->things[span->thing];
  for (int32_t i = 0; i < thing->event_count; i++) {
    int32_t event = thing->first_event + i;
    bool once = ref.scope == SPAN_OWN && event == thing->born;
    if ((span->from >> i & 1) != 0 && policy->events[event].by == EVENT_BY_COMPANY && !once)
      return event;
  }
  return -1;
}

// The span that an operation waits for or is paused by; SPAN_NONE if it names none.
static struct span_ref span_of(const struct keep_operation *operation)
{
  bool names_span = operation->code == KEEP_SPAN_END || operation->code == KEEP_LONGER;
  return names_span ? operation->span : operation->paused;
}

// Whether the operation stands within a `later of`.
static bool in_later(const struct keep *keep, int32_t at)
{
  for (int32_t i = at + 1; i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_LATER && keep_start_of(keep, i) <= at)
      return true;
  return false;
}

static void check_company(struct reader *reader, const struct keep *keep)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    int32_t event = -1;
    if (span_of(operation).scope != SPAN_NONE)
      event = company_reopens(policy, span_of(operation));
    else if (operation->code == KEEP_EVENT && (!operation->first || in_later(keep, i)) &&
             policy->events[operation->event].by == EVENT_BY_COMPANY)
      event = operation->event;
    if (event >= 0)
      finding_add(reader->findings, FINDING_KR05, place_of(keep), NULL,
                  "'%s' can be moved by '%s.%s', an event by the company", keep->text,
                  policy->things[policy->events[event].thing].name, policy->events[event].name);
  }
}

// Once for each rule, noted in `judged`: the first field that it reaches and that says no way to be
// anonymous.
static void check_anonymise(struct reader *reader, int32_t purpose, int32_t *judged)
{
  const struct policy *policy = reader->policy;
  const struct set *fields = &policy->purposes[purpose].fields;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct field *field = &policy->fields[i];
    const struct keep *keep = policy_keep(policy, purpose, i);
    if (keep == NULL || judged[keep - policy->keeps] < 0 || !keep->anonymise ||
        keep_is_borrowed(keep) || keep_has_links(keep) || field->anonymiser.how != ANONYMISE_NONE)
      continue;
    finding_add(reader->findings, FINDING_KR07, place_of(keep), "then erase",
                "'then anonymise' reaches '%s', which has no anonymiser", field->name);
    judged[keep - policy->keeps] = -1;
  }
}

// The span of a thing that a record put at this point does not have, or -1.
static int32_t foreign_span(const struct policy *policy, const struct point *point,
                            const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    struct span_ref span = span_of(operation);
    if (span.scope == SPAN_OWN && !point_lies_in(policy, point, policy->spans[span.index].thing))
      return span.index;
  }
  return -1;
}

static void check_at_point(struct reader *reader, const struct point *point, uint64_t kinds,
                           const struct keep *keep)
{
  const struct policy *policy = reader->policy;
  int32_t foreign = foreign_span(policy, point, keep);
  if (foreign >= 0) {
    finding_add(reader->findings, FINDING_KR04, place_of(keep), NULL,
                "'%s' is of the record's own thing, and '%s' names no such thing",
                policy->spans[foreign].name, point->name);
    return;
  }
  for (int32_t kind = 0; kind < policy->kind_count; kind++) {
    struct judgement judgement = {.policy = policy,
                                  .point = point,
                                  .kind = kind,
                                  .leaf = may_be_absent,
                                  .later_by_and = true,
                                  .longer_is = false,
                                  .cap_leaves = true};
    if ((kinds >> kind & 1) == 0 || !judge(&judgement, keep))
      continue;
    finding_add(reader->findings, FINDING_KR02, place_of(keep), NULL,
                "'%s' may never start for what '%s' collects about '%s'", keep->text, point->name,
                policy->kinds[kind].name);
    return;
  }
}

// What is borrowed keeps nothing: somebody must lend.
static void check_lender(struct reader *reader, const struct point *point, int32_t field,
                         const struct set *purposes)
{
  const struct policy *policy = reader->policy;
  int32_t borrower = -1;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, field);
    if (keep == NULL || !keep_is_borrowed(keep))
      return;
    borrower = borrower < 0 ? i : borrower;
  }
  if (borrower >= 0)
    finding_add(reader->findings, FINDING_KR02, place_of(policy_keep(policy, borrower, field)),
                NULL, "'%s' borrows '%s', which '%s' collects for no purpose that keeps it",
                policy->purposes[borrower].name, policy->fields[field].name, point->name);
}

static bool has_term_of_law(const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_LAW)
      return true;
  return false;
}

// Told once for each purpose whose data a law keeps beside it.
static void check_beside_law(struct reader *reader, int32_t field, const struct set *purposes,
                             struct set *told)
{
  const struct policy *policy = reader->policy;
  int32_t by_law = -1;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, field);
    if (keep != NULL && has_term_of_law(keep))
      by_law = i;
  }
  for (int32_t i = set_next(purposes, 0); by_law >= 0 && i >= 0; i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, field);
    if (keep == NULL || has_term_of_law(keep) || keep_is_borrowed(keep) || set_has(told, i))
      continue;
    set_add(told, i);
    finding_add(reader->findings, FINDING_KR11, place_of(keep), NULL,
                "'%s' of '%s' stays for '%s' as long as a law wants it", policy->fields[field].name,
                policy->purposes[i].name, policy->purposes[by_law].name);
  }
}

static bool is_period_of(const struct keep_operation *operation)
{
  return operation->code == KEEP_AT_MOST || operation->code == KEEP_EXACTLY;
}

// Whether two limits of the rule differ in what they count.
static bool has_several_periods(const struct keep *keep)
{
  const struct keep_operation *first = NULL;
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    if (!is_period_of(operation))
      continue;
    if (first != NULL && (first->period.number != operation->period.number ||
                          first->period.unit != operation->period.unit))
      return true;
    first = first == NULL ? operation : first;
  }
  return false;
}

static void check_single_anchor(struct reader *reader, const struct keep *keep)
{
  if (keep->anchor == KEEP_BY_DERIVED_END && has_several_periods(keep))
    finding_add(reader->findings, FINDING_KR12, place_of(keep), NULL,
                "'%s' counts several periods from several things", keep->text);
}

// Each rule that a point's records can have is judged once for each point.
static void check_point(struct reader *reader, int32_t index, int32_t *judged, struct set *told)
{
  const struct policy *policy = reader->policy;
  const struct point *point = &policy->points[index];
  for (int32_t field = set_next(&point->fields, 0); field >= 0;
       field = set_next(&point->fields, field + 1)) {
    struct set own = policy_purposes_of(policy, index, field, point->thing);
    struct set purposes = policy_served(policy, &own, field, point->thing, -1);
    check_lender(reader, point, field, &purposes);
    check_beside_law(reader, field, &purposes, told);
    for (int32_t i = set_next(&purposes, 0); i >= 0; i = set_next(&purposes, i + 1)) {
      const struct keep *keep = policy_keep(policy, i, field);
      if (keep == NULL || keep_is_borrowed(keep) || judged[keep - policy->keeps] == index + 1)
        continue;
      judged[keep - policy->keeps] = index + 1;
      check_at_point(reader, point, point->kinds & policy->purposes[i].kinds, keep);
    }
  }
}

// Who is of a kind for a time cannot be so by an act of the company, nor by being of such a kind.
static void check_within(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->kind_count; i++) {
    const struct keep *within = policy->kinds[i].within;
    for (int32_t k = 0; within != NULL && k < within->operation_count; k++)
      if (within_of(policy, within->operations[k].span) != NULL)
        finding_add(reader->findings, FINDING_KR09, place_of(within), NULL,
                    "'%s' counts from a kind that itself is 'within' a time",
                    policy->kinds[i].name);
    if (within != NULL)
      check_company(reader, within);
  }
}

void check_keeps(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  check_within(reader);
  for (int32_t i = 0; i < policy->keep_count; i++) {
    if (keep_has_links(&policy->keeps[i]) || keep_is_borrowed(&policy->keeps[i]))
      continue;
    check_open(reader, &policy->keeps[i]);
    check_endless(reader, &policy->keeps[i]);
    check_company(reader, &policy->keeps[i]);
    check_single_anchor(reader, &policy->keeps[i]);
  }
  struct set told = SET_EMPTY;
  int32_t *judged = reader_new(reader, policy->keep_count, sizeof *judged);
  for (int32_t i = 0; judged != NULL && i < policy->purpose_count; i++)
    check_anonymise(reader, i, judged);
  for (int32_t i = 0; judged != NULL && i < policy->point_count; i++)
    check_point(reader, i, judged, &told);
}
