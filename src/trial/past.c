#include "trial/past.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "core/verbs.h"
#include "home/home.h"
#include "retain/sweep.h"
#include "vault/vault.h"

enum {
  COHORT_DAYS = 7,  // people join once a week
  COHORTS = PAST_DAYS / COHORT_DAYS,
  PAID_AFTER_DAYS = 20,
  LEFT_AFTER_DAYS = 400,
  ADDRESS_DAYS = 26,   // of this many last days there were rows in the security log
  ADDRESS_EVERY = 12,  // each person has one on every so many of them
  SWEEP_EVERY_DAYS = 30,
  FORESEEN_DAYS = 4,  // before the end of the past
  ACTS_MAX = 1024,
  ACT_VALUES = 5,
  ACT_TEXT_BYTES = 64,
};

#define PAST_LAG_US (2 * CLOCK_HOUR_US)

// People to show things with, by their number.
enum { WHO_CUSTOMER = 0, WHO_SWEPT = 1, WHO_FORMER = 2, WHO_LEAVING = 3, WHO_LATE = 4 };

struct made {  // a person of the past
  struct person_id person;
  struct thing_id contract, invoice;
};

struct act {  // one operation with all that it borrows
  struct operation operation;
  union {
    struct person_add_input person;
    struct thing_add_input thing;
    struct event_add_input event;
    struct record_put_input put;
  } input;
  union {
    struct person_add_output person;
    struct thing_add_output thing;
    struct event_add_output event;
    struct record_put_output put;
  } output;
  struct record_value values[ACT_VALUES];
  char texts[ACT_VALUES][ACT_TEXT_BYTES];
  int32_t who;
};

struct names_needed {  // indices in the policy
  int32_t contract, invoice;
  int32_t ended, paid;
  int32_t purchase, access_log, invoicing;
  int32_t self, generated;
  int32_t name, email, address, phone, ip, billing_name, voucher;
};

struct making {
  struct home *home;
  struct core *core;
  int64_t now_us, start_us;
  struct names_needed names;
  struct made *made;
  int32_t persons, joined;
  struct act *acts;
  int32_t act_count;
};

// ── The policy ──────────────────────────────────────────────────────────────────────────────

static enum err_code find_names(const struct policy *policy, struct names_needed *names,
                                struct err *err)
{
  const struct {
    int32_t *index;
    int32_t (*find)(const struct policy *policy, struct view name);
    const char *name;
  } rows[] = {
      {&names->contract, policy_thing, "contract"},
      {&names->invoice, policy_thing, "invoice"},
      {&names->ended, policy_event, "contract.ended"},
      {&names->paid, policy_event, "invoice.paid"},
      {&names->purchase, policy_point, "purchase"},
      {&names->access_log, policy_point, "access_log"},
      {&names->invoicing, policy_point, "invoicing"},
      {&names->self, policy_source, "self"},
      {&names->generated, policy_source, "generated"},
      {&names->name, policy_field, "contact.name"},
      {&names->email, policy_field, "contact.email"},
      {&names->address, policy_field, "contact.address"},
      {&names->phone, policy_field, "contact.phone"},
      {&names->ip, policy_field, "traffic.ip"},
      {&names->billing_name, policy_field, "billing.name"},
      {&names->voucher, policy_field, "billing.voucher"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    *rows[i].index = rows[i].find(policy, view_of(rows[i].name));
    if (*rows[i].index < 0)
      return err_set(err, ERR_INPUT, "a made-up past needs %s, which the policy has not",
                     rows[i].name);
  }
  return ERR_OK;
}

static enum err_code activate(struct making *making, const struct past_options *options,
                              struct err *err)
{
  struct policy_activate_input input = {options->policy_name, options->policy};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = core_perform(making->core, &operation, err);
  if (code == ERR_OK)
    code = core_policy_changed(making->core, err);
  return code != ERR_OK ? code : find_names(core_policy(making->core), &making->names, err);
}

// ── Acts ────────────────────────────────────────────────────────────────────────────────────

// Runs what was gathered; the outputs stay until the next act is added.
static enum err_code run_acts(struct making *making, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; i < making->act_count; i++)
    core_submit(making->core, &making->acts[i].operation);
  if (making->act_count > 0)
    code = core_run(making->core, err);
  for (int32_t i = 0; code == ERR_OK && i < making->act_count; i++) {
    code = making->acts[i].operation.code;
    if (code != ERR_OK)
      *err = making->acts[i].operation.err;
  }
  making->act_count = 0;
  return code;
}

// PRE: fewer than ACTS_MAX since the last run.
static struct act *add_act(struct making *making, const struct verb *verb, int32_t who)
{
  struct act *act = &making->acts[making->act_count++];
  *act = (struct act){.who = who};
  act->operation = (struct operation)OPERATION(verb, &act->input, &act->output);
  return act;
}

static void add_value(struct act *act, int32_t field, const char *format, ...) PRINTF_LIKE(3, 4);
static void add_value(struct act *act, int32_t field, const char *format, ...)
{
  int32_t at = act->input.put.value_count++;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(act->texts[at], ACT_TEXT_BYTES, format, arguments);
  va_end(arguments);
  act->values[at] = (struct record_value){field, view_of(act->texts[at])};
}

static struct act *add_put(struct making *making, int32_t who, int32_t point, int32_t source)
{
  struct act *act = add_act(making, &verb_record_put, who);
  act->input.put = (struct record_put_input){
      .person = making->made[who].person, .point = point, .source = source, .values = act->values};
  return act;
}

static void add_event(struct making *making, int32_t who, struct thing_id thing, int32_t event)
{
  struct act *act = add_act(making, &verb_event_add, who);
  act->input.event =
      (struct event_add_input){making->made[who].person, thing, event, making->now_us};
}

static void add_thing(struct making *making, int32_t who, int32_t type, struct thing_id parent)
{
  struct act *act = add_act(making, &verb_thing_add, who);
  act->input.thing =
      (struct thing_add_input){making->made[who].person, type, parent, making->now_us};
}

// ── Joining ─────────────────────────────────────────────────────────────────────────────────

static bool has_invoice(int32_t who) { return who % 4 == WHO_FORMER; }
static bool leaves(int32_t who) { return who % 10 == WHO_FORMER; }

static void add_contact(struct making *making, int32_t who)
{
  static const char *const names[] = {"Anna Testsson", "Bo Påhittad", "Cilla Exempel",
                                      "David Provberg", "Elsa Låtsaslund"};
  enum { PHONE_FIRST = 5, PHONE_COUNT = 95 };
  const struct names_needed *needed = &making->names;
  struct act *act = add_put(making, who, needed->purchase, needed->self);
  add_value(act, needed->name, "%s %05d", names[(size_t)who % ARRAY_COUNT(names)], who);
  add_value(act, needed->email, "person.%05d@example.com", who);
  add_value(act, needed->address, "Exempelgatan %d, 123 45 Exempelstad", 1 + who % 99);
  add_value(act, needed->phone, "+467017406%02d", PHONE_FIRST + who % PHONE_COUNT);
}

static enum err_code add_people(struct making *making, int32_t first, int32_t end, struct err *err)
{
  for (int32_t who = first; who < end; who++)
    (void)add_act(making, &verb_person_add, who);
  int32_t count = making->act_count;
  enum err_code code = run_acts(making, err);
  for (int32_t i = 0; code == ERR_OK && i < count; i++)
    making->made[making->acts[i].who].person = making->acts[i].output.person.person;
  for (int32_t who = first; code == ERR_OK && who < end; who++)
    add_thing(making, who, making->names.contract, (struct thing_id){0});
  count = making->act_count;
  if (code == ERR_OK)
    code = run_acts(making, err);
  for (int32_t i = 0; code == ERR_OK && i < count; i++)
    making->made[making->acts[i].who].contract = making->acts[i].output.thing.thing;
  return code;
}

static enum err_code add_invoices(struct making *making, int32_t first, int32_t end,
                                  struct err *err)
{
  const struct names_needed *names = &making->names;
  for (int32_t who = first; who < end; who++)
    if (has_invoice(who))
      add_thing(making, who, names->invoice, making->made[who].contract);
  int32_t count = making->act_count;
  enum err_code code = run_acts(making, err);
  for (int32_t i = 0; code == ERR_OK && i < count; i++)
    making->made[making->acts[i].who].invoice = making->acts[i].output.thing.thing;
  for (int32_t who = first; code == ERR_OK && who < end; who++) {
    if (!has_invoice(who))
      continue;
    struct act *act = add_put(making, who, names->invoicing, names->generated);
    act->input.put.thing = making->made[who].invoice;
    add_value(act, names->billing_name, "Testkund %05d", who);
    add_value(act, names->voucher, "Faktura %05d: bredband, 299 kr", who);
  }
  return code;
}

static enum err_code join(struct making *making, int32_t count, struct err *err)
{
  int32_t first = making->joined;
  int32_t end = first + count > making->persons ? making->persons : first + count;
  making->joined = end;
  enum err_code code = add_people(making, first, end, err);
  if (code == ERR_OK)
    code = add_invoices(making, first, end, err);
  for (int32_t who = first; code == ERR_OK && who < end; who++)
    add_contact(making, who);
  return code == ERR_OK ? run_acts(making, err) : code;
}

// ── Days ────────────────────────────────────────────────────────────────────────────────────

// The people who joined in a week, by its number.
struct cohort {
  int32_t first, end;
};

static int32_t cohort_size(const struct making *making)
{
  return (making->persons + COHORTS - 1) / COHORTS;
}

static struct cohort cohort_of(const struct making *making, int32_t day)
{
  int32_t size = cohort_size(making);
  if (day < 0 || day % COHORT_DAYS != 0)
    return (struct cohort){0, 0};
  int32_t first = day / COHORT_DAYS * size;
  int32_t end = first + size;
  return (struct cohort){first, end < making->joined ? end : making->joined};
}

static enum err_code pay_and_leave(struct making *making, int32_t day, struct err *err)
{
  struct cohort paying = cohort_of(making, day - PAID_AFTER_DAYS);
  for (int32_t who = paying.first; who < paying.end; who++)
    if (has_invoice(who))
      add_event(making, who, making->made[who].invoice, making->names.paid);
  struct cohort leaving = cohort_of(making, day - LEFT_AFTER_DAYS);
  for (int32_t who = leaving.first; who < leaving.end; who++)
    if (leaves(who))
      add_event(making, who, making->made[who].contract, making->names.ended);
  return run_acts(making, err);
}

static bool has_left(int32_t who, int32_t day, int32_t size)
{
  return leaves(who) && who / size * COHORT_DAYS + LEFT_AFTER_DAYS <= day;
}

// One person has a single address, three weeks old today; the others have one now and then.
static bool used_service(int32_t who, int32_t days_left)
{
  enum { THREE_WEEKS_DAYS = 21 };
  if (who == WHO_SWEPT)
    return days_left == THREE_WEEKS_DAYS;
  return (who + days_left) % ADDRESS_EVERY == 0;
}

static enum err_code log_addresses(struct making *making, int32_t day, struct err *err)
{
  static const char *const nets[] = {"192.0.2", "198.51.100", "203.0.113"};
  enum { HOSTS = 254 };
  int32_t size = cohort_size(making);
  enum err_code code = ERR_OK;
  for (int32_t who = 0; code == ERR_OK && who < making->joined; who++) {
    if (has_left(who, day, size) || !used_service(who, PAST_DAYS - day))
      continue;
    struct act *act = add_put(making, who, making->names.access_log, making->names.generated);
    add_value(act, making->names.ip, "%s.%d", nets[(size_t)who % ARRAY_COUNT(nets)],
              1 + (who + day) % HOSTS);
    if (making->act_count == ACTS_MAX)
      code = run_acts(making, err);
  }
  return code == ERR_OK ? run_acts(making, err) : code;
}

// The nights of the last weeks one by one, the older ones a month at a time: what is gone is gone.
// The last day has no sweep: it is for whoever looks.
static enum err_code sweep(struct making *making, int32_t days_left, struct err *err)
{
  struct sweep_result result;
  bool swept = days_left > 0 && (days_left < ADDRESS_DAYS || days_left % SWEEP_EVERY_DAYS == 0);
  if (!swept)
    return core_step(making->core, err);
  // The server that goes on from here knows what to expect.
  return days_left < FORESEEN_DAYS ? sweep_run_foreseeing(making->core, &result, err)
                                   : sweep_run(making->core, &result, err);
}

static enum err_code live(struct making *making, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t day = 0; code == ERR_OK && day < PAST_DAYS; day++) {
    making->now_us = making->start_us + day * CLOCK_DAY_US;
    if (day % COHORT_DAYS == 0)
      code = join(making, cohort_size(making), err);
    if (code == ERR_OK)
      code = pay_and_leave(making, day, err);
    if (code == ERR_OK && PAST_DAYS - day <= ADDRESS_DAYS)
      code = log_addresses(making, day, err);
    if (code == ERR_OK)
      code = sweep(making, PAST_DAYS - day - 1, err);
  }
  making->now_us = making->start_us + PAST_DAYS * CLOCK_DAY_US;
  return code == ERR_OK ? core_step(making->core, err) : code;
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────

static enum err_code tell(const struct making *making, struct past *ret_past, struct err *err)
{
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  const struct core *core = making->core;
  enum err_code code = sweep_plan_make(making->core, making->now_us, &plan, err);
  if (code != ERR_OK)
    return code;
  const unsigned char *key = vault_public_id_key(core_vault(core));
  id_write('p', making->made[WHO_CUSTOMER].person.value, key, ret_past->customer);
  id_write('p', making->made[WHO_SWEPT].person.value, key, ret_past->swept);
  id_write('p', making->made[WHO_FORMER].person.value, key, ret_past->former);
  id_write('p', making->made[WHO_LEAVING].person.value, key, ret_past->leaving);
  id_write('p', making->made[WHO_LATE].person.value, key, ret_past->late);
  id_write('t', making->made[WHO_LATE].contract.value, key, ret_past->late_contract);
  int64_t today = zone_day(core_policy(core)->zone, making->now_us);
  calendar_write_date(today - LEFT_AFTER_DAYS, ret_past->late_day);
  ret_past->due = plan.item_count;
  ret_past->log_size = core_log_size(core);
  return ERR_OK;
}

static enum err_code fill(struct making *making, const struct past_options *options,
                          struct past *ret_past, struct err *err)
{
  making->core = home_core(making->home);
  making->made = calloc((size_t)making->persons, sizeof *making->made);
  making->acts = calloc(ACTS_MAX, sizeof *making->acts);
  if (making->made == NULL || making->acts == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a past");
  enum err_code code = activate(making, options, err);
  if (code == ERR_OK)
    code = live(making, err);
  return code == ERR_OK ? tell(making, ret_past, err) : code;
}

enum err_code past_make(const struct past_options *options, struct past *ret_past, struct err *err)
{
  struct clock_source machine = clock_system();
  struct making making = {.persons = options->persons};
  // What was recorded three weeks ago to the hour has ended, also across a change of the clocks.
  making.start_us = clock_now_us(&machine) - PAST_DAYS * CLOCK_DAY_US - PAST_LAG_US;
  making.now_us = making.start_us;
  struct clock_source clock = clock_virtual(&making.now_us);
  struct home_make_options make = {
      .folder = options->folder, .origin = "demo.example/forvar", .node = 1, .clock = &clock};
  enum err_code code = home_make(&make, err);
  if (code == ERR_OK)
    code = home_open_on(options->folder, &clock, &making.home, err);
  if (code != ERR_OK)
    return code;
  home_lead_begin(making.home);
  code = fill(&making, options, ret_past, err);
  home_lead_end(making.home);
  home_close(making.home);
  free(making.made);
  free(making.acts);
  return code;
}
