#include "twin.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"

enum { SWEEP_HOUR = 23, MONTHS_OF_A_YEAR = 12, WEEKS = 3, MONTHS = 3, YEARS = 10 };

// ── Facts ───────────────────────────────────────────────────────────────────────────────────

struct asked {
  const struct zone *zone;
  const struct twin_question *question;
};

// What ends at an instant that is known beforehand lasts until then.
static bool lasts(const struct asked *asked, struct anchor fact)
{
  int64_t now_us = asked->question->now_us;
  if (fact.state == ANCHOR_INSTANT)
    return now_us < fact.value;
  if (fact.state == ANCHOR_DAY)
    return now_us < zone_day_end(asked->zone, fact.value);
  return fact.state == ANCHOR_OPEN;
}

static struct anchor own_order(const struct twin_question *question)
{
  return question->about == THING_ORDER ? question->own_order : (struct anchor){ANCHOR_ABSENT, 0};
}

static struct anchor own_tasting(const struct twin_question *question)
{
  return question->about == THING_TASTING ? question->own_tasting
                                          : (struct anchor){ANCHOR_ABSENT, 0};
}

static struct anchor consent_on_record(const struct asked *asked,
                                       const struct twin_purpose *purpose)
{
  if (purpose->given == GIVEN_IN_ACCORD)
    return asked->question->accord;
  return purpose->given == GIVEN_IN_TASTING ? own_tasting(asked->question)
                                            : (struct anchor){ANCHOR_ABSENT, 0};
}

// A consent to another text is no consent to this one [GDPR 4(11), 7(1)].
static bool is_to_another_text(const struct asked *asked, const struct twin_purpose *purpose)
{
  return purpose->given == GIVEN_IN_TASTING ? asked->question->own_stale
                                            : asked->question->stale[purpose->consent];
}

static bool agrees(const struct asked *asked, const struct twin_purpose *purpose)
{
  return lasts(asked, consent_on_record(asked, purpose)) && !is_to_another_text(asked, purpose);
}

// ── Ends ────────────────────────────────────────────────────────────────────────────────────

static struct end at_most(const struct asked *asked, int64_t from_day, struct period period)
{
  int64_t last_day = calendar_add_days(from_day, period);
  int64_t evening_us = zone_instant(asked->zone, last_day, SWEEP_HOUR * CLOCK_HOUR_US);
  int64_t midnight_us = zone_day_end(asked->zone, last_day);
  return (struct end){END_AT, midnight_us, evening_us, midnight_us};
}

static struct end exactly(int64_t instant_us)
{
  return (struct end){END_AT, instant_us, instant_us, instant_us + CLOCK_DAY_US};
}

static struct end without_date(struct anchor fact)
{
  return (struct end){.state = fact.state == ANCHOR_OPEN ? END_OPEN : END_ABSENT};
}

static bool has_date(struct anchor fact)
{
  return fact.state == ANCHOR_DAY || fact.state == ANCHOR_INSTANT;
}

static struct end while_lasting(const struct asked *asked, struct anchor fact)
{
  if (!has_date(fact))
    return without_date(fact);
  return exactly(fact.state == ANCHOR_DAY ? zone_day_end(asked->zone, fact.value) : fact.value);
}

static struct end end_in_words(const struct asked *asked, enum twin_keep keep)
{
  const struct zone *zone = asked->zone;
  const struct twin_question *question = asked->question;
  int64_t obtained_day = zone_day(zone, question->obtained_us);
  switch (keep) {
    case KEEP_THREE_WEEKS:
      return exactly(
          calendar_add(zone, question->recorded_us, (struct period){WEEKS, PERIOD_WEEK}));
    case KEEP_THREE_MONTHS:
      return at_most(asked, obtained_day, (struct period){MONTHS, PERIOD_MONTH});
    case KEEP_TEN_YEARS:
      return exactly(
          zone_day_end(zone, calendar_add_days(obtained_day, (struct period){YEARS, PERIOD_YEAR})));
    case KEEP_WHILE_AGREED:
      return while_lasting(asked, own_tasting(question));
    case KEEP_A_YEAR_AFTER_THE_CUSTOMER:
      break;
  }
  struct anchor left = question->kinds[TWIN_CUSTOMER];
  if (!has_date(left))
    return without_date(left);
  return at_most(asked, left.state == ANCHOR_DAY ? left.value : zone_day(zone, left.value),
                 (struct period){MONTHS_OF_A_YEAR, PERIOD_MONTH});
}

static bool uses(const struct twin_question *question, const struct twin_purpose *purpose)
{
  return twin_lists(question->field, purpose->fields) &&
         (purpose->only_of == THING_NONE || question->about == purpose->only_of);
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static struct end later(struct end a, struct end b)
{
  if (a.state == END_OPEN || b.state == END_ABSENT)
    return a;
  if (b.state == END_OPEN || a.state == END_ABSENT)
    return b;
  return (struct end){END_AT, larger(a.use_us, b.use_us), larger(a.erase_us, b.erase_us),
                      larger(a.gone_us, b.gone_us)};
}

static bool rests_on(const struct twin_purpose *purpose, enum twin_rest rest)
{
  for (int i = 0; i < TWIN_KINDS; i++)
    if (purpose->rests[i] == rest)
      return true;
  return false;
}

static bool rests_on_interest_alone(const struct twin_purpose *purpose)
{
  for (int i = 0; i < TWIN_KINDS; i++)
    if (purpose->rests[i] != REST_NOT && purpose->rests[i] != REST_INTEREST)
      return false;
  return true;
}

// What was kept for an interest alone goes when the objection is upheld [GDPR 17(1)(c)].
static struct end after_objection(struct end end, int64_t since_us)
{
  if (end.state == END_ABSENT)
    return end;
  struct end cut = exactly(since_us);
  if (end.state == END_OPEN)
    return cut;
  return (struct end){END_AT, smaller(end.use_us, cut.use_us), smaller(end.erase_us, cut.erase_us),
                      smaller(end.gone_us, cut.gone_us)};
}

static struct end last_end_in_words(const struct asked *asked)
{
  const struct twin_question *question = asked->question;
  struct end last = {.state = END_ABSENT};
  for (int i = 0; i < TWIN_PURPOSES; i++) {
    const struct twin_purpose *purpose = &twin_purposes[i];
    if (!question->told[i] || !uses(question, purpose))
      continue;
    struct end end = end_in_words(asked, purpose->keep);
    if (question->objections[i] == OBJECTION_UPHELD && rests_on_interest_alone(purpose))
      end = after_objection(end, question->objected_us[i]);
    last = later(last, end);
  }
  return last;
}

// ── The judgement ───────────────────────────────────────────────────────────────────────────

static void add_reason(struct twin_answer *answer, bool holds, enum gate_reason reason)
{
  if (holds)
    answer->reasons |= gate_reason_bit(reason);
}

// What is behind glass is not the role's until somebody opens it for a while.
static bool is_behind_glass(const struct twin_role *role, const struct twin_question *question)
{
  return role->behind_glass != NULL && strcmp(role->behind_glass, question->field) == 0;
}

static void judge_role(const struct twin_question *question, struct twin_answer *answer)
{
  for (int i = 0; i < TWIN_ROLES; i++) {
    const struct twin_role *role = &twin_roles[i];
    if (strcmp(role->name, question->role) != 0)
      continue;
    bool behind_glass = is_behind_glass(role, question);
    bool is_open = question->opened_by == i && question->now_us < question->opened_until_us;
    add_reason(answer,
               !twin_lists(question->purpose, role->works_for) ||
                   !(twin_lists(question->field, role->reads) || behind_glass),
               GATE_ROLE);
    add_reason(answer, role->needs_case && !question->has_case, GATE_NEED_CASE);
    add_reason(answer, behind_glass && !is_open, GATE_NEED_REASON);
    answer->masked = twin_lists(question->field, role->masked) &&
                     !(role->reveals && question->has_case && question->has_reason);
  }
}

// ── Whom it goes to ─────────────────────────────────────────────────────────────────────────

static int64_t day_of(const char *date)
{
  int64_t day = 0;
  (void)calendar_read_date(view_of(date), &day);
  return day;
}

static void judge_agreement(const struct asked *asked, const struct twin_recipient *to,
                            struct twin_answer *answer)
{
  int64_t today = zone_day(asked->zone, asked->question->now_us);
  add_reason(answer, to->is_processor && !to->has_agreement, GATE_NO_AGREEMENT);
  add_reason(answer,
             to->has_agreement && (today < day_of(to->first_day) ||
                                   (to->last_day != NULL && today > day_of(to->last_day))),
             GATE_AGREEMENT_OVER);
}

static void judge_recipient(const struct asked *asked, struct twin_answer *answer)
{
  const struct twin_question *question = asked->question;
  if (question->to[0] == '\0')
    return;
  add_reason(answer, question->protected, GATE_PROTECTED);
  const struct twin_recipient *to = NULL;
  for (int i = 0; i < TWIN_RECIPIENTS; i++)
    if (strcmp(twin_recipients[i].name, question->to) == 0)
      to = &twin_recipients[i];
  add_reason(answer,
             to == NULL || !twin_lists(question->purpose, to->serves) ||
                 !twin_lists(question->field, to->gets),
             GATE_NO_RECIPIENT);
  if (to == NULL)
    return;
  judge_agreement(asked, to, answer);
  add_reason(answer, to->is_out_of_place, GATE_PLACE);
  add_reason(answer, to->is_unsafe, GATE_NO_SAFEGUARD);
  bool is_granted = !to->is_category && question->has_grant && lasts(asked, question->accord);
  add_reason(answer, to->wants_grant && !is_granted, GATE_NOT_GRANTED);
}

// ── What it is, and of whom ─────────────────────────────────────────────────────────────────

static bool is_field(const struct asked *asked, const char *name)
{
  return strcmp(asked->question->field, name) == 0;
}

static bool carries(const struct asked *asked, const struct twin_purpose *purpose,
                    enum twin_rest rest);

// Explicit consent counts where the use rests on it: on the first basis of the file that holds and
// that nobody objected to.
static bool rests_on_consent(const struct asked *asked, const struct twin_purpose *purpose)
{
  bool is_objected = asked->question->objections[purpose - twin_purposes] != OBJECTION_NONE;
  for (int i = 0; i < TWIN_KINDS; i++) {
    enum twin_rest rest = purpose->rests[i];
    if (lasts(asked, asked->question->kinds[i]) && carries(asked, purpose, rest) &&
        !(rest == REST_INTEREST && is_objected))
      return rest == REST_CONSENT;
  }
  return false;
}

// [GDPR 9(2), 10]
static bool has_special_ground(const struct asked *asked, const struct twin_purpose *purpose)
{
  if (purpose->special == NULL)
    return false;
  if (strcmp(purpose->special, "consent") == 0)
    return !is_field(asked, "crime.report") && rests_on_consent(asked, purpose);
  return strcmp(purpose->special, is_field(asked, "crime.report") ? "offence" : "health") == 0;
}

static void judge_data(const struct asked *asked, const struct twin_purpose *purpose,
                       struct twin_answer *answer)
{
  bool is_special = is_field(asked, "health.note") || is_field(asked, "tasting.note") ||
                    is_field(asked, "crime.report");
  add_reason(answer, purpose != NULL && is_special && !has_special_ground(asked, purpose),
             GATE_SENSITIVE_GROUND);
  bool is_agreed = purpose != NULL && rests_on_consent(asked, purpose);
  add_reason(answer,
             is_field(asked, "number.bare") || (is_field(asked, "number.agreed") && !is_agreed),
             GATE_PNR_GROUND);
  add_reason(answer, purpose != NULL && purpose->advertises && asked->question->deceased,
             GATE_DECEASED);
}

static bool carries(const struct asked *asked, const struct twin_purpose *purpose,
                    enum twin_rest rest)
{
  switch (rest) {
    case REST_NOT:
      return false;
    case REST_INTEREST:
    case REST_LAW:
      return true;
    case REST_CONTRACT:
      return lasts(asked, asked->question->contract);
    case REST_ORDER:
      return lasts(asked, own_order(asked->question));
    case REST_CONSENT:
      return agrees(asked, purpose);
  }
  return false;
}

static void judge_consent(const struct asked *asked, const struct twin_purpose *purpose,
                          struct twin_answer *answer)
{
  struct anchor given = consent_on_record(asked, purpose);
  bool is_over = given.state != ANCHOR_ABSENT && !lasts(asked, given);
  add_reason(answer, given.state == ANCHOR_ABSENT, GATE_CONSENT_NONE);
  add_reason(answer, is_over, GATE_CONSENT_OVER);
  add_reason(answer, lasts(asked, given) && is_to_another_text(asked, purpose), GATE_TEXT_CHANGED);
}

// An objection stops what rests on the interest, from its arrival [GDPR 21(1)]; what another basis
// carries goes on under that.
static void judge_objection(const struct twin_question *question, bool has_other, bool may_object,
                            struct twin_answer *answer)
{
  if (has_other || !may_object)
    return;
  for (int i = 0; i < TWIN_PURPOSES; i++) {
    if (strcmp(twin_purposes[i].name, question->purpose) != 0)
      continue;
    add_reason(answer, question->objections[i] == OBJECTION_OPEN, GATE_PAUSED_OBJECTION);
    add_reason(answer, question->objections[i] == OBJECTION_UPHELD, GATE_OBJECTED);
  }
}

static void judge_basis(const struct asked *asked, const struct twin_purpose *purpose,
                        struct twin_answer *answer)
{
  bool has_any = false;
  bool has_other = false;
  bool contract_over = false;
  for (int i = 0; i < TWIN_KINDS; i++) {
    enum twin_rest rest = purpose->rests[i];
    bool holds = lasts(asked, asked->question->kinds[i]) && carries(asked, purpose, rest);
    answer->kinds[i] = holds;
    has_any = has_any || holds;
    has_other = has_other || (holds && rest != REST_INTEREST);
    bool is_contract = rest == REST_CONTRACT || rest == REST_ORDER;
    contract_over = contract_over || (is_contract && !carries(asked, purpose, rest));
  }
  add_reason(answer, !has_any, GATE_NO_BASIS);
  add_reason(answer, !has_any && contract_over, GATE_CONTRACT_OVER);
  if (!has_any && rests_on(purpose, REST_CONSENT))
    judge_consent(asked, purpose, answer);
  judge_objection(asked->question, has_other, rests_on(purpose, REST_INTEREST), answer);
  add_reason(answer, purpose->needs_open_order && !lasts(asked, asked->question->order),
             GATE_NOT_ACTIVE);
}

// A message is refused by the way in which its channel was closed; a use that names no channel when
// none of them is left open, by every way that closed one of them [GDPR 21(3)].
static void judge_marketing(const struct twin_question *question,
                            const struct twin_purpose *purpose, struct twin_answer *answer)
{
  const uint32_t both = 1U << CHANNEL_EMAIL | 1U << CHANNEL_SMS;
  uint32_t asked = question->channel < 0 ? both : 1U << question->channel;
  bool is_open =
      question->channel < 0 && (both & ~question->opted_out & ~question->suppressed) != 0;
  bool heard = purpose->advertises && !is_open;
  add_reason(answer, heard && (question->opted_out & asked) != 0, GATE_OPTED_OUT);
  add_reason(answer, heard && (question->suppressed & asked) != 0, GATE_SUPPRESSED);
  bool has_channel = purpose->advertises && (both & asked) != 0;
  add_reason(answer, question->channel >= 0 && !has_channel, GATE_CHANNEL_RULE);
}

// Stored, and used on a ground of Article 18(2) alone.
static void judge_restriction(const struct asked *asked, const struct twin_purpose *purpose,
                              struct twin_answer *answer)
{
  if (!asked->question->restricted)
    return;
  answer->despite = purpose == NULL ? RESTRICTED_NEVER : purpose->despite;
  if (answer->despite == RESTRICTED_CONSENT &&
      !(lasts(asked, asked->question->kinds[TWIN_VISITOR]) && agrees(asked, purpose)))
    answer->despite = RESTRICTED_NEVER;
  add_reason(answer, answer->despite == RESTRICTED_NEVER, GATE_RESTRICTED);
}

static const struct twin_purpose *purpose_of(const struct twin_question *question)
{
  for (int i = 0; i < TWIN_PURPOSES; i++)
    if (strcmp(twin_purposes[i].name, question->purpose) == 0)
      return &twin_purposes[i];
  return NULL;
}

static void judge_purpose(const struct asked *asked, const struct twin_purpose *purpose,
                          struct twin_answer *answer)
{
  const struct twin_question *question = asked->question;
  add_reason(answer, purpose == NULL || !uses(question, purpose), GATE_NO_PURPOSE);
  if (purpose != NULL && twin_lists(question->field, purpose->fields))
    answer->end = end_in_words(asked, purpose->keep);
  add_reason(answer,
             answer->end.state == END_ABSENT ||
                 (answer->end.state == END_AT && question->now_us >= answer->end.use_us),
             GATE_ENDED);
  add_reason(answer, purpose == NULL || !question->told[purpose - twin_purposes],
             GATE_NOT_COLLECTED_FOR);
  add_reason(answer, purpose == NULL, GATE_NO_BASIS);
}

struct twin_answer twin_decide(const struct zone *zone, const struct twin_question *question)
{
  struct asked asked = {zone, question};
  struct twin_answer answer = {.end = {.state = END_ABSENT}};
  const struct twin_purpose *purpose = purpose_of(question);
  add_reason(&answer, question->field[0] == '?', GATE_UNDECLARED_FIELD);
  judge_role(question, &answer);
  judge_purpose(&asked, purpose, &answer);
  judge_restriction(&asked, purpose, &answer);
  judge_recipient(&asked, &answer);
  judge_data(&asked, purpose, &answer);
  if (purpose != NULL) {
    judge_basis(&asked, purpose, &answer);
    judge_marketing(question, purpose, &answer);
  }
  answer.last_end = last_end_in_words(&asked);
  answer.masked = answer.masked && answer.reasons == 0;
  return answer;
}
