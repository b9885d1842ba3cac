// What must be there, what must be gone, and when it goes.
#include <string.h>

#include "policy/findings.h"
#include "trial/args.h"
#include "trial/facts.h"
#include "trial/run.h"
#include "trial/time.h"

struct looking {  // at one person's rows
  struct trial_run *run;
  const struct trial_line *line;
  struct trial_person *person;
  struct trial_thing *thing;  // NULL: records of any, or of none
  struct set fields;          // indices in the policy
  struct trial_rows rows;
  struct trial_facts facts;
};

static bool look(struct trial_run *run, const struct trial_line *line, const char *key,
                 struct looking *ret)
{
  *ret = (struct looking){.run = run, .line = line};
  if (!trial_arg_person(run, line, "of", &ret->person) ||
      !trial_arg_thing(run, line, "thing", &ret->thing) ||
      !trial_arg_fields(run, line, key, &ret->fields))
    return false;
  struct err err = ERR_INIT;
  enum err_code code =
      trial_rows_read(core_store(run->home.core), ret->person->id, &run->arena, &ret->rows, &err);
  if (code == ERR_OK && ret->rows.has_person)
    code = trial_facts_make(run, &ret->rows, run->home.now_us, &ret->facts, &err);
  return trial_must(run, line->place, code, &err);
}

static int32_t field_of(const struct looking *looking, const struct record_row *row)
{
  return names_index(core_names(looking->run->home.core), NAME_FIELD, record_field(row->record));
}

static bool is_looked_at(const struct looking *looking, const struct record_row *row)
{
  return looking->thing == NULL || row->thing == looking->thing->id.value;
}

// The newest record of a field, or NULL.
static const struct record_row *record_of(const struct looking *looking, int32_t field)
{
  const struct record_row *found = NULL;
  for (int32_t i = 0; i < looking->rows.records_count; i++) {
    const struct record_row *row = &looking->rows.records[i];
    if (field_of(looking, row) == field && is_looked_at(looking, row) &&
        (found == NULL || row->recorded_us >= found->recorded_us))
      found = row;
  }
  return found;
}

// ── Why ─────────────────────────────────────────────────────────────────────────────────────

static const char *anchor_text(struct trial_run *run, struct anchor anchor)
{
  switch (anchor.state) {
    case ANCHOR_ABSENT:
      return "absent";
    case ANCHOR_OPEN:
      return "open";
    case ANCHOR_INSTANT:
      return trial_when(run, anchor.value);
    case ANCHOR_DAY: {
      char day[CALENDAR_TEXT_BYTES];
      calendar_write_date(anchor.value, day);
      return trial_text(run, "%s", day);
    }
  }
  return "";
}

static const char *span_name(const struct policy *policy, struct span_ref span)
{
  return span.scope == SPAN_KIND ? policy->kinds[span.index].name : policy->spans[span.index].name;
}

// What a rule counts from: the first anchor in it.
static const char *rule_anchor(const struct looking *looking, const struct keep *keep,
                               const struct record_row *record)
{
  struct trial_run *run = looking->run;
  const struct trial_facts *facts = &looking->facts;
  struct keep_facts of_keep = trial_keep_facts(facts, record);
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    if (operation->code == KEEP_RECORDED)
      return trial_text(run, "recorded = %s", trial_when(run, record->recorded_us));
    if (operation->code == KEEP_OBTAINED)
      return trial_text(run, "obtained = %s", trial_when(run, record->obtained_us));
    if (operation->code == KEEP_SPAN_END)
      return trial_text(run, "%s ends = %s", span_name(facts->policy, operation->span),
                        anchor_text(run, keep_span_fact(&of_keep, operation->span)));
    if (operation->code == KEEP_EVENT)
      return trial_text(run, "%s = %s", facts->policy->events[operation->event].name,
                        anchor_text(run, operation->first ? facts->first_events[operation->event]
                                                          : facts->last_events[operation->event]));
  }
  return NULL;
}

static void explain(const struct looking *looking, const struct record_row *record, int32_t purpose,
                    struct trial_difference *difference)
{
  const struct policy *policy = looking->facts.policy;
  const struct keep *keep = policy_keep(policy, purpose, field_of(looking, record));
  if (keep == NULL)
    return;
  difference->policy_place = (struct place){keep->line, keep->column};
  difference->rule = keep->text;
  difference->anchor = rule_anchor(looking, keep, record);
}

// The purpose whose rule keeps the record longest.
static int32_t keeper(const struct looking *looking, const struct record_row *record)
{
  int32_t found = -1;
  struct end last = {.state = END_ABSENT};
  for (int32_t i = 0; i < looking->facts.policy->purpose_count; i++) {
    struct end end = trial_binding_end(looking->run, &looking->facts, record, i);
    bool is_later = end.state == END_OPEN ||
                    (end.state == END_AT && (last.state == END_ABSENT ||
                                             (last.state == END_AT && end.gone_us > last.gone_us)));
    if (!is_later || last.state == END_OPEN)
      continue;
    last = end;
    found = i;
  }
  return found;
}

static const char *end_text(struct trial_run *run, const struct end *end)
{
  switch (end->state) {
    case END_ABSENT:
      return "no end";
    case END_OPEN:
      return "open";
    case END_AT:
      return trial_when_end(run, end->gone_us);
  }
  return "";
}

static void tell_record(const struct looking *looking, const char *expected,
                        const struct record_row *record)
{
  struct trial_run *run = looking->run;
  struct end end = trial_record_end(run, &looking->facts, record);
  const char *field =
      names_text(core_names(run->home.core), NAME_FIELD, record_field(record->record));
  struct trial_difference difference = {
      .expected = expected,
      .is = trial_text(run, "%s is there, %s%s", field, end.state == END_AT ? "gone by " : "",
                       end_text(run, &end))};
  explain(looking, record, keeper(looking, record), &difference);
  trial_not_as_expected(run, looking->line->place, &difference);
}

// ── has, has_not, only ──────────────────────────────────────────────────────────────────────

// The records of a text of `fields` (a field or a category): one of them, or NULL.
static const struct record_row *record_named(const struct looking *looking, struct view name)
{
  struct set fields = SET_EMPTY;
  if (!policy_fields(trial_policy(looking->run), name, &fields))
    return NULL;
  for (int32_t i = set_next(&fields, 0); i >= 0; i = set_next(&fields, i + 1)) {
    const struct record_row *record = record_of(looking, i);
    if (record != NULL)
      return record;
  }
  return NULL;
}

static bool check_has(const struct looking *looking)
{
  bool is_met = true;
  for (int32_t i = 0; i < trial_arg_count(looking->line, "fields"); i++) {
    struct view name = trial_arg_at(looking->line, "fields", i);
    if (record_named(looking, name) != NULL)
      continue;
    struct trial_difference difference = {
        .expected = trial_text(looking->run, "%s is there", quote(name).text),
        .is = "nothing of it is there"};
    trial_not_as_expected(looking->run, trial_arg_place(looking->line, "fields"), &difference);
    is_met = false;
  }
  return is_met;
}

void trial_expect_has(struct trial_run *run, const struct trial_line *line)
{
  struct looking looking;
  if (look(run, line, "fields", &looking) && check_has(&looking))
    run->positive++;
}

// Every value that was ever put in these fields must be in no file in clear.
static bool check_bytes(const struct looking *looking)
{
  struct trial_run *run = looking->run;
  for (int32_t i = 0; i < run->value_count; i++) {
    const struct trial_value *value = &run->values[i];
    int32_t field = policy_field(trial_policy(run), view_of(value->field));
    bool found = false;
    const char *where = "";
    struct err err = ERR_INIT;
    if (value->person != trial_person_index(run, looking->person) || field < 0 ||
        !set_has(&looking->fields, field))
      continue;
    if (!trial_must(run, looking->line->place,
                    trial_home_search(&run->home, value->value, &found, &where, &err), &err))
      return false;
    if (!found)
      continue;
    struct trial_difference difference = {
        .expected = trial_text(run, "the bytes of %s in no file", value->field),
        .is = trial_text(run, "found in %s", where)};
    trial_not_as_expected(run, trial_arg_place(looking->line, "bytes"), &difference);
    return false;
  }
  return true;
}

static bool check_has_not(const struct looking *looking)
{
  bool is_met = true;
  for (int32_t i = set_next(&looking->fields, 0); i >= 0; i = set_next(&looking->fields, i + 1)) {
    const struct record_row *record = record_of(looking, i);
    if (record == NULL)
      continue;
    tell_record(looking,
                trial_text(looking->run, "%s is gone", trial_policy(looking->run)->fields[i].name),
                record);
    is_met = false;
  }
  return is_met;
}

void trial_expect_has_not(struct trial_run *run, const struct trial_line *line)
{
  struct looking looking;
  if (trial_has(line, "bytes") && !view_is(trial_arg(line, "bytes"), "none")) {
    trial_error(run, trial_arg_place(line, "bytes"), "'bytes' can only be none");
    return;
  }
  if (look(run, line, "fields", &looking) && check_has_not(&looking) &&
      (!trial_has(line, "bytes") || check_bytes(&looking)))
    run->negative++;
}

static bool check_nothing_else(const struct looking *looking)
{
  for (int32_t i = 0; i < looking->rows.records_count; i++) {
    const struct record_row *row = &looking->rows.records[i];
    int32_t field = field_of(looking, row);
    if (is_looked_at(looking, row) && (field < 0 || !set_has(&looking->fields, field))) {
      tell_record(looking, "nothing else is there", row);
      return false;
    }
  }
  return true;
}

void trial_expect_only(struct trial_run *run, const struct trial_line *line)
{
  struct looking looking;
  if (!look(run, line, "fields", &looking) || !check_has(&looking) || !check_nothing_else(&looking))
    return;
  run->positive++;
  run->negative++;
}

// ── ends ────────────────────────────────────────────────────────────────────────────────────

static void differ(const struct looking *looking, const char *key, const char *expected,
                   const char *is, const struct record_row *record, int32_t purpose)
{
  struct trial_difference difference = {.expected = expected, .is = is};
  if (record != NULL)
    explain(looking, record, purpose, &difference);
  trial_not_as_expected(looking->run, trial_arg_place(looking->line, key), &difference);
}

// An instant of the line beside that of the decision; absent keys are not compared.
static bool check_instant(const struct looking *looking, const char *key, const char *words,
                          const struct end *end, int64_t is_us)
{
  struct trial_run *run = looking->run;
  int64_t wanted_us = 0;
  if (!trial_has(looking->line, key))
    return true;
  if (!trial_arg_time(run, looking->line, key, &wanted_us))
    return false;
  if (end->state == END_AT && wanted_us == is_us)
    return true;
  int32_t purpose = trial_arg_purpose(run, looking->line, "for");
  differ(looking, key, trial_text(run, "%s %s", words, trial_when_end(run, wanted_us)),
         end->state == END_AT ? trial_when_end(run, is_us) : end_text(run, end),
         record_of(looking, set_next(&looking->fields, 0)), purpose);
  return false;
}

static bool check_open(const struct looking *looking, const struct end *end)
{
  struct trial_run *run = looking->run;
  struct view wanted = trial_arg(looking->line, "is");
  if (!trial_has(looking->line, "is"))
    return true;
  bool is_open = view_is(wanted, "open");
  if (!is_open && !view_is(wanted, "absent")) {
    trial_error(run, trial_arg_place(looking->line, "is"),
                "an end is open or absent, or has "
                "'use' and 'gone'");
    return false;
  }
  if (end->state == (is_open ? END_OPEN : END_ABSENT))
    return true;
  differ(looking, "is", is_open ? "open" : "no end", end_text(run, end),
         record_of(looking, set_next(&looking->fields, 0)),
         trial_arg_purpose(run, looking->line, "for"));
  return false;
}

void trial_expect_ends(struct trial_run *run, const struct trial_line *line)
{
  struct looking looking;
  if (!look(run, line, "what", &looking))
    return;
  int32_t field = set_next(&looking.fields, 0);
  struct trial_question question = {
      .person = looking.person,
      .role = -1,
      .purpose = trial_arg_purpose(run, line, "for"),
      .field = field,
      .channel = GATE_NO_CHANNEL,
      .thing = looking.thing == NULL ? 0 : looking.thing->id.value,
      .ask_only = true,
  };
  if (question.purpose < 0 || field < 0 || set_next(&looking.fields, field + 1) >= 0) {
    trial_error(run, line->place, "'ends' needs one field and a purpose of the policy");
    return;
  }
  if (record_of(&looking, field) == NULL) {
    differ(&looking, "what", "a record with an end", "nothing of it is there", NULL, -1);
    return;
  }
  struct use_answer answer;
  if (!trial_decide(run, line->place, &question, &answer))
    return;
  const struct end *end = &answer.decision.end;
  if (check_instant(&looking, "use", "usable until", end, end->use_us) &&
      check_instant(&looking, "gone", "gone by", end, end->gone_us) && check_open(&looking, end))
    run->positive++;
}

// ── count ───────────────────────────────────────────────────────────────────────────────────

enum noun {
  NOUN_PERSONS,
  NOUN_RECORDS,
  NOUN_KEYS,
  NOUN_THINGS,
  NOUN_EVENTS,
  NOUN_CHOICES,
  NOUN_CONSENTS,
  NOUN_REQUESTS,
  NOUN_MESSAGES,
  NOUN_DELIVERIES,
  NOUN_TASKS,
  NOUN_COUNT
};

static const char *const nouns[NOUN_COUNT] = {
    [NOUN_PERSONS] = "persons",       [NOUN_RECORDS] = "records",   [NOUN_KEYS] = "keys",
    [NOUN_THINGS] = "things",         [NOUN_EVENTS] = "events",     [NOUN_CHOICES] = "choices",
    [NOUN_CONSENTS] = "consents",     [NOUN_REQUESTS] = "requests", [NOUN_MESSAGES] = "messages",
    [NOUN_DELIVERIES] = "deliveries", [NOUN_TASKS] = "tasks"};

static int64_t count_of(enum noun noun, const struct trial_rows *rows)
{
  switch (noun) {
    case NOUN_PERSONS:
      return rows->has_person ? 1 : 0;
    case NOUN_RECORDS:
      return rows->records_count;
    case NOUN_KEYS:
      return rows->keys_count;
    case NOUN_THINGS:
      return rows->things_count;
    case NOUN_EVENTS:
      return rows->events_count;
    case NOUN_CHOICES:
      return rows->choices_count;
    case NOUN_CONSENTS:
      return rows->consents_count;
    case NOUN_REQUESTS:
      return rows->requests_count;
    case NOUN_MESSAGES:
      return rows->messages_count;
    case NOUN_TASKS:
      return rows->tasks_count;
    case NOUN_DELIVERIES:
    case NOUN_COUNT:
      return 0;
  }
  return 0;
}

// Of one person, or of all that the case has made.
static bool count_rows(struct trial_run *run, const struct trial_line *line, enum noun noun,
                       int64_t *ret_count)
{
  struct trial_person *only = NULL;
  if (trial_has(line, "of") && !trial_arg_person(run, line, "of", &only))
    return false;
  *ret_count = noun == NOUN_DELIVERIES ? run->home.delivery_count : 0;
  for (int32_t i = 0; i < run->person_count; i++) {
    struct trial_rows rows;
    struct err err = ERR_INIT;
    if (only != NULL && only != &run->persons[i])
      continue;
    if (!trial_must(run, line->place,
                    trial_rows_read(core_store(run->home.core), run->persons[i].id, &run->arena,
                                    &rows, &err),
                    &err))
      return false;
    *ret_count += count_of(noun, &rows);
  }
  return true;
}

void trial_expect_count(struct trial_run *run, const struct trial_line *line)
{
  int64_t wanted = 0;
  int64_t count = 0;
  int noun = 0;
  while (noun < NOUN_COUNT && !view_is(trial_arg(line, "what"), nouns[noun]))
    noun++;
  if (noun == NOUN_COUNT) {
    trial_error(run, trial_arg_place(line, "what"), "'%s' cannot be counted",
                quote(trial_arg(line, "what")).text);
    return;
  }
  if (!trial_arg_number(run, line, "is", &wanted) ||
      !count_rows(run, line, (enum noun)noun, &count))
    return;
  if (count == wanted) {
    run->positive++;
    return;
  }
  struct trial_difference difference = {
      .expected = trial_text(run, "%lld %s", (long long)wanted, nouns[noun]),
      .is = trial_text(run, "%lld", (long long)count)};
  trial_not_as_expected(run, line->place, &difference);
}
