// How the last step ended, what was sent, what became of requests, what the log says, receipts and
// findings.
#include <string.h>

#include "notify/outbox.h"
#include "policy/findings.h"
#include "policy/read.h"
#include "retain/receipt.h"
#include "rights/request.h"
#include "trial/args.h"
#include "trial/run.h"
#include "trial/steps_shared.h"
#include "trial/time.h"

static void differ(struct trial_run *run, struct place place, const char *expected, const char *is)
{
  struct trial_difference difference = {.expected = expected, .is = is};
  trial_not_as_expected(run, place, &difference);
}

// ── refused, done ───────────────────────────────────────────────────────────────────────────

static const char *outcome_text(struct trial_run *run)
{
  const struct trial_outcome *last = &run->last;
  if (!last->is_set)
    return "no step with an outcome";
  if (last->code == ERR_OK)
    return "done";
  return trial_refusal(run);
}

static void outcome_differs(struct trial_run *run, struct place place, const char *expected)
{
  struct trial_difference difference = {
      .expected = expected, .is = outcome_text(run), .policy_place = run->last.place};
  trial_not_as_expected(run, place, &difference);
}

static bool check_refusal(struct trial_run *run, const struct trial_line *line)
{
  struct trial_outcome *last = &run->last;
  struct view reason = trial_arg(line, "reason");
  struct view law = trial_arg(line, "law");
  int64_t wanted = 0;
  last->is_pending = false;
  if (trial_has(line, "line") && !trial_arg_number(run, line, "line", &wanted))
    return false;
  const char *expected = NULL;
  if (!last->is_set || last->code == ERR_OK ||
      (reason.length > 0 && !view_is(reason, last->reason)))
    expected = reason.length == 0 ? "refused" : trial_text(run, "refused: %s", quote(reason).text);
  else if (law.length > 0 && !view_is(law, last->err.rule))
    expected = trial_text(run, "refused by %s", quote(law).text);
  else if (wanted != 0 && wanted != last->place.line)
    expected = trial_text(run, "refused by line %lld of the policy", (long long)wanted);
  if (expected != NULL)
    outcome_differs(run, line->place, expected);
  return expected == NULL;
}

void trial_expect_refused(struct trial_run *run, const struct trial_line *line)
{
  if (check_refusal(run, line))
    run->negative++;
}

void trial_expect_done(struct trial_run *run, const struct trial_line *line)
{
  if (run->last.is_set && run->last.code == ERR_OK)
    run->positive++;
  else
    outcome_differs(run, line->place, "done");
}

// ── sent, not_sent ──────────────────────────────────────────────────────────────────────────

static bool is_address_of(const struct trial_run *run, const struct trial_person *person,
                          struct view address)
{
  for (int32_t i = 0; i < run->value_count; i++)
    if (run->values[i].person == trial_person_index(run, person) &&
        view_equal(run->values[i].value, address))
      return true;
  return false;
}

static int64_t count_deliveries(const struct trial_run *run, const struct trial_person *person,
                                struct view message, int32_t channel)
{
  int64_t count = 0;
  for (int32_t i = 0; i < run->home.delivery_count; i++) {
    const struct trial_delivery *delivery = &run->home.deliveries[i];
    if (view_equal(delivery->payload, message) && is_address_of(run, person, delivery->address) &&
        (channel < 0 || channel == delivery->channel))
      count++;
  }
  return count;
}

static struct trial_message *last_message(struct trial_run *run, const struct trial_person *person,
                                          struct view text)
{
  for (int32_t i = run->message_count - 1; i >= 0; i--)
    if (run->messages[i].person == trial_person_index(run, person) &&
        view_equal(run->messages[i].text, text))
      return &run->messages[i];
  return NULL;
}

// Why it was not sent: refused at staging, or at the moment of sending.
static const char *reason_unsent(struct trial_run *run, const struct trial_line *line,
                                 const struct trial_person *person)
{
  const struct trial_message *message = last_message(run, person, trial_arg(line, "message"));
  struct outbox_row row;
  bool found = false;
  struct err err = ERR_INIT;
  if (message == NULL)
    return "no such message";
  if (message->message == 0)
    return message->reason;
  enum err_code code = store_outbox_get(core_store(run->home.core), person->id, message->message,
                                        &row, &found, &err);
  if (!trial_must(run, line->place, code, &err))
    return "";
  if (!found)
    return "erased";
  if (row.state == OUTBOX_STAGED)
    return "staged";
  return row.reason > 0 ? gate_reason_name((enum gate_reason)(row.reason - 1)) : "sent";
}

static const char *times_text(struct trial_run *run, const char *what, int64_t count)
{
  return trial_text(run, "%s %lld time%s", what, (long long)count, count == 1 ? "" : "s");
}

void trial_expect_sent(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  int32_t channel = GATE_NO_CHANNEL;
  int64_t wanted = 0;
  if (!trial_arg_person(run, line, "to", &person) ||
      !trial_arg_channel(run, line, "channel", &channel) ||
      (trial_has(line, "count") && !trial_arg_number(run, line, "count", &wanted)))
    return;
  int64_t count = count_deliveries(run, person, trial_arg(line, "message"), channel);
  if (trial_has(line, "count") ? count == wanted : count > 0) {
    run->positive++;
    return;
  }
  const char *reason = reason_unsent(run, line, person);
  differ(run, line->place, trial_has(line, "count") ? times_text(run, "sent", wanted) : "sent",
         count > 0 ? times_text(run, "sent", count) : trial_text(run, "not sent: %s", reason));
}

void trial_expect_not_sent(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct view because = trial_arg(line, "because");
  if (!trial_arg_person(run, line, "to", &person))
    return;
  run->last.is_pending = false;
  const char *expected =
      because.length == 0 ? "not sent" : trial_text(run, "not sent: %s", quote(because).text);
  int64_t count = count_deliveries(run, person, trial_arg(line, "message"), GATE_NO_CHANNEL);
  const char *reason = reason_unsent(run, line, person);
  if (count > 0)
    differ(run, line->place, expected, times_text(run, "sent", count));
  else if (because.length > 0 && !view_is(because, reason))
    differ(run, line->place, expected, trial_text(run, "not sent: %s", reason));
  else
    run->negative++;
}

// ── due, state ──────────────────────────────────────────────────────────────────────────────

void trial_expect_due(struct trial_run *run, const struct trial_line *line)
{
  struct trial_request *request = NULL;
  struct trial_time time;
  if (!trial_arg_request(run, line, "request", &request))
    return;
  const struct zone *zone = run->base->zone;
  if (!trial_time_read(zone, trial_arg(line, "strict"), run->home.now_us, &time)) {
    trial_error(run, trial_arg_place(line, "strict"), "'%s' is not a time",
                quote(trial_arg(line, "strict")).text);
    return;
  }
  int64_t wanted_us =
      time.is_day ? zone_day_end(zone, zone_day(zone, time.instant_us)) : time.instant_us;
  if (wanted_us == request->due_us)
    run->positive++;
  else
    differ(run, line->place, trial_text(run, "due by %s", trial_when_end(run, wanted_us)),
           trial_when_end(run, request->due_us));
}

static const char *request_state(struct trial_run *run, const struct trial_line *line,
                                 const struct trial_request *request)
{
  struct request_row row;
  bool found = false;
  struct err err = ERR_INIT;
  enum err_code code =
      store_request_get(core_store(run->home.core), run->persons[request->person].id,
                        request->request, &row, &found, &err);
  if (!trial_must(run, line->place, code, &err))
    return "";
  if (!found)
    return request->fulfilled_by_erasure ? "fulfilled" : "erased";
  const char *objection =
      row.right == RIGHT_OBJECTION ? trial_objection_state(run, line, request) : NULL;
  if (objection != NULL)
    return objection;
  if (row.closed_us != 0)
    return row.outcome == REQUEST_REFUSED ? "refused" : "fulfilled";
  if (row.state == REQUEST_AWAITING)
    return "awaiting";
  return row.overdue_us != 0 ? "overdue" : "received";
}

void trial_expect_state(struct trial_run *run, const struct trial_line *line)
{
  struct trial_request *request = NULL;
  if (trial_has(line, "consent")) {
    trial_expect_consent(run, line);
    return;
  }
  if (!trial_has(line, "request"))
    trial_error(run, line->place, "'state' is that of a 'request' or a 'consent'");
  if (run->is_broken || !trial_arg_request(run, line, "request", &request))
    return;
  const char *state = request_state(run, line, request);
  if (run->is_broken)
    return;
  if (!view_is(trial_arg(line, "is"), state))
    differ(run, line->place, trial_text(run, "%s", quote(trial_arg(line, "is")).text), state);
  else if (strcmp(state, "refused") == 0 || strcmp(state, "overdue") == 0 ||
           strcmp(state, "upheld") == 0)
    run->negative++;
  else
    run->positive++;
}

// ── log ─────────────────────────────────────────────────────────────────────────────────────

static const char *const operation_names[LEDGER_OP_END] = {
    [LEDGER_OP_READ] = "read",
    [LEDGER_OP_DECIDE] = "decide",
    [LEDGER_OP_PERSON_ADD] = "person_add",
    [LEDGER_OP_THING_ADD] = "thing_add",
    [LEDGER_OP_EVENT_ADD] = "event_add",
    [LEDGER_OP_RECORD_PUT] = "record_put",
    [LEDGER_OP_OPT_OUT] = "opt_out",
    [LEDGER_OP_SWEEP] = "sweep",
    [LEDGER_OP_ERASE] = "erase",
    [LEDGER_OP_REQUEST] = "request",
    [LEDGER_OP_REQUEST_CLOSE] = "request_close",
    [LEDGER_OP_STAGE] = "stage",
    [LEDGER_OP_SEND] = "send",
    [LEDGER_OP_POLICY] = "policy",
    [LEDGER_OP_EPOCH_BEGIN] = "epoch_begin",
    [LEDGER_OP_EPOCH_FINISH] = "epoch_finish",
    [LEDGER_OP_CLOCK] = "clock",
    [LEDGER_OP_SERVICE_ADD] = "service_add",
    [LEDGER_OP_STATE] = "state",
    [LEDGER_OP_SWEEP_RUN] = "sweep_run",
    [LEDGER_OP_OVERDUE] = "overdue",
    [LEDGER_OP_EVENT_RETRACT] = "event_retract",
    [LEDGER_OP_HOME] = "home",
    [LEDGER_OP_HOLD] = "hold",
    [LEDGER_OP_HOLD_RELEASE] = "hold_release",
    [LEDGER_OP_ERASE_PART] = "erase_part",
    [LEDGER_OP_POLICY_APPROVE] = "policy_approve",
    [LEDGER_OP_READ_MASK] = "read_mask",
    [LEDGER_OP_TASK] = "task",
    [LEDGER_OP_SWEEP_STOP] = "sweep_stop",
    [LEDGER_OP_CONSENT] = "consent",
    [LEDGER_OP_STATISTIC] = "statistic",
    [LEDGER_OP_MARK] = "mark",
    [LEDGER_OP_ALLOW] = "allow",
    [LEDGER_OP_BREAK_GLASS] = "break_glass",
    [LEDGER_OP_OBJECTION] = "objection",
    [LEDGER_OP_RESTRICTION] = "restriction",
    [LEDGER_OP_LINK] = "link",
};

static int operation_of(struct view name)
{
  for (int i = 0; i < LEDGER_OP_END; i++)
    if (operation_names[i] != NULL && view_is(name, operation_names[i]))
      return i;
  return -1;
}

static int reason_of(struct view name)
{
  for (int i = 0; i < GATE_REASON_COUNT; i++)
    if (view_is(name, gate_reason_name((enum gate_reason)i)))
      return i;
  return -1;
}

static void count_entries(struct trial_run *run, const struct trial_line *line)
{
  int64_t wanted = 0;
  int operation = operation_of(trial_arg(line, "op"));
  int reason = reason_of(trial_arg(line, "reason"));
  if (operation < 0) {
    trial_error(run, trial_arg_place(line, "op"), "the log knows no operation '%s'",
                quote(trial_arg(line, "op")).text);
    return;
  }
  if (trial_has(line, "reason") && reason < 0) {
    trial_error(run, trial_arg_place(line, "reason"), "'%s' is no reason of the gate",
                quote(trial_arg(line, "reason")).text);
    return;
  }
  if (!trial_arg_number(run, line, "count", &wanted))
    return;
  int64_t count = 0;
  trial_watch_line(run, line->place);
  for (int32_t i = 0; i < run->watch.entry_count; i++) {
    const struct entry *entry = &run->watch.entries[i].entry;
    if ((int)entry->operation == operation && (reason < 0 || entry->outcome == 1 + reason))
      count++;
  }
  if (count != wanted)
    differ(run, line->place,
           trial_text(run, "%lld entries of %s", (long long)wanted, operation_names[operation]),
           trial_text(run, "%lld", (long long)count));
  else if (reason >= 0)
    run->negative++;
  else
    run->positive++;
}

void trial_expect_log(struct trial_run *run, const struct trial_line *line)
{
  int32_t failures = run->failure_count;
  if (line->args->kind == NODE_MAP) {
    count_entries(run, line);
    return;
  }
  if (!view_is(line->args->text, "valid")) {
    trial_error(run, line->args->place, "the log is 'valid', or has entries of an 'op'");
    return;
  }
  trial_watch_line(run, line->place);
  trial_watch_end(run, line->place);
  if (run->failure_count == failures)
    run->positive++;
}

// ── receipt ─────────────────────────────────────────────────────────────────────────────────

// Of a person, or of the request that the erasure fulfilled.
static const struct erase_output *erasure_of(struct trial_run *run, const struct trial_line *line)
{
  struct view name = trial_arg(line, "of");
  for (int32_t i = 0; i < run->request_count; i++)
    if (view_equal(run->requests[i].name, name) && run->requests[i].fulfilled_by_erasure)
      return run->persons[run->requests[i].person].erasure;
  for (int32_t i = run->person_count - 1; i >= 0; i--)
    if (view_equal(run->persons[i].name, name))
      return run->persons[i].erasure;
  return NULL;
}

static bool has_text(struct view whole, struct view part)
{
  for (size_t i = 0; i + part.length <= whole.length; i++)
    if (view_equal(view_bytes(whole.bytes + i, part.length), part))
      return true;
  return false;
}

static bool check_texts(struct trial_run *run, const struct trial_line *line, struct view receipt,
                        const char *key, bool wanted)
{
  for (int32_t i = 0; i < trial_arg_count(line, key); i++) {
    struct view part = trial_arg_at(line, key, i);
    if (has_text(receipt, part) == wanted)
      continue;
    differ(run, trial_arg_place(line, key),
           trial_text(run, "a receipt with%s '%s'", wanted ? "" : "out", quote(part).text),
           wanted ? "a receipt without it" : "a receipt with it");
    return false;
  }
  return true;
}

void trial_expect_receipt(struct trial_run *run, const struct trial_line *line)
{
  const struct erase_output *erasure = erasure_of(run, line);
  if (erasure == NULL) {
    differ(run, line->place, "a receipt", "nobody of that name was erased");
    return;
  }
  OWNED(str) struct str text = STR_INIT(RECEIPT_BYTES_MAX);
  struct err err = ERR_INIT;
  enum err_code code = receipt_write(run->home.core, erasure->entry_index, erasure->salt,
                                     view_of(erasure->body), &text, &err);
  if (!trial_must(run, line->place, code, &err))
    return;
  if (check_texts(run, line, str_view(&text), "contains", true) &&
      check_texts(run, line, str_view(&text), "not", false))
    run->positive++;
}

// ── finding ─────────────────────────────────────────────────────────────────────────────────

struct checked {  // the policy that is asked about
  const char *name;
  struct view text;
};

static bool find_policy(struct trial_run *run, const struct trial_line *line,
                        struct checked *ret_checked)
{
  *ret_checked = (struct checked){trial_base_name(run->policy_path), run->base->text};
  if (!trial_has(line, "of"))
    return true;
  for (int32_t i = 0; i < run->file->later_count; i++)
    if (view_equal(run->file->laters[i].name, trial_arg(line, "of"))) {
      *ret_checked =
          (struct checked){trial_base_name(run->file->laters[i].path), run->file->laters[i].text};
      return true;
    }
  trial_error(run, trial_arg_place(line, "of"), "'%s' is no policy of 'later'",
              quote(trial_arg(line, "of")).text);
  return false;
}

static int64_t count_findings(const struct finding_list *list, struct view id, int64_t at_line)
{
  int64_t count = 0;
  for (int32_t i = 0; i < list->count; i++)
    if (view_is(id, list->items[i].id) && (at_line == 0 || list->items[i].place.line == at_line))
      count++;
  return count;
}

void trial_expect_finding(struct trial_run *run, const struct trial_line *line)
{
  struct checked checked;
  int64_t wanted = 1;
  int64_t at_line = 0;
  if (!find_policy(run, line, &checked) ||
      (trial_has(line, "count") && !trial_arg_number(run, line, "count", &wanted)) ||
      (trial_has(line, "at") && !trial_arg_number(run, line, "at", &at_line)))
    return;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  enum err_code code = policy_read(checked.name, checked.text, &policy, &findings, &err);
  policy_free(policy);
  if (code != ERR_OK && code != ERR_FINDINGS && !trial_must(run, line->place, code, &err))
    return;
  struct view id = trial_arg(line, "id");
  int64_t count = count_findings(&findings, id, at_line);
  bool is_met = trial_has(line, "count") ? count == wanted : count > 0;
  if (!is_met)
    differ(run, line->place,
           trial_text(run, "%s in %s",
                      times_text(run, trial_text(run, "finding %s", quote(id).text), wanted),
                      checked.name),
           trial_text(run, "%lld", (long long)count));
  else if (count > 0)
    run->negative++;
  else
    run->positive++;
}
