#include "retain/statistic.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/batch.h"
#include "core/everybody.h"
#include "core/person.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/verbs.h"
#include "retain/groups.h"
#include "store/store.h"

enum { NUMBER_BYTES = 32 };
#define BETWEEN '\x1f'  // the values of a key

enum err_code statistic_find(const struct policy *policy, struct view name, int32_t *ret_statistic,
                             struct err *err)
{
  for (int32_t i = 0; policy != NULL && i < policy->outward.statistic_count; i++)
    if (view_is(name, policy->outward.statistics[i].name)) {
      *ret_statistic = i;
      return ERR_OK;
    }
  return err_set(err, ERR_NOT_FOUND, "the policy in force declares no such figure");
}

// ── Going through the home ──────────────────────────────────────────────────────────────────────

struct figure {
  struct core *core;
  const struct policy *policy;
  const struct statistic *statistic;
  int64_t now_us;
  struct groups groups;
};

struct part {  // a datum that the figure may use
  struct record_row row;
  int32_t field;
  struct part *next;
};

struct person_data {
  struct figure *figure;
  const struct person_state *state;
  struct arena arena;
  struct part *first, **last;
};

static bool is_allowed(const struct figure *figure, const struct person_state *state,
                       const struct class_info *info, const struct record_row *row)
{
  struct gate_person person = state_gate_person(state);
  struct gate_record record = record_for_gate(info, state, row);
  struct gate_request request = {.role = -1,
                                 .purpose = figure->statistic->purpose,
                                 .field = info->field,
                                 .channel = GATE_NO_CHANNEL,
                                 .now_us = figure->now_us};
  return gate_decide(figure->policy, &request, &person, &record).allowed;
}

static enum err_code take_record(void *context, const struct record_row *row, struct err *err)
{
  struct person_data *data = context;
  const struct figure *figure = data->figure;
  const struct class_info *info = class_get(core_classes(figure->core), row->class_id);
  if (info == NULL || info->field < 0 || !set_has(&figure->statistic->from, info->field) ||
      !is_allowed(figure, data->state, info, row))
    return ERR_OK;
  struct part *part = arena_new(&data->arena, sizeof *part);
  char *value = arena_text(&data->arena, row->value);
  if (part == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a figure");
  *part = (struct part){.row = *row, .field = info->field};
  part->row.value = view_bytes(value, row->value.length);
  *data->last = part;
  data->last = &part->next;
  return ERR_OK;
}

static bool is_same_put(const struct part *a, const struct part *b)
{
  return a->row.recorded_us == b->row.recorded_us && a->row.thing == b->row.thing;
}

static const struct part *find_in_put(const struct person_data *data, const struct part *of,
                                      int32_t field)
{
  for (const struct part *at = data->first; at != NULL; at = at->next)
    if (at->field == field && is_same_put(at, of))
      return at;
  return NULL;
}

static enum err_code open_part(struct person_data *data, const struct part *part,
                               struct view *ret_value, struct err *err)
{
  struct core *core = data->figure->core;
  return record_open(core, core_store(core), &data->arena, &part->row, ret_value, err);
}

// The values of the `by` fields of one put; false if one of them was not put then.
static enum err_code write_key(struct person_data *data, const struct part *of, struct str *key,
                               bool *ret_whole, struct err *err)
{
  const struct set *by = &data->figure->statistic->by;
  *ret_whole = true;
  for (int32_t field = set_next(by, 0); field >= 0; field = set_next(by, field + 1)) {
    const struct part *part = find_in_put(data, of, field);
    struct view value = VIEW_EMPTY;
    *ret_whole = *ret_whole && part != NULL;
    enum err_code code = part == NULL ? ERR_OK : open_part(data, part, &value, err);
    if (code != ERR_OK)
      return code;
    if (key->length > 0)
      str_add_char(key, BETWEEN);
    str_add(key, value);
  }
  return ERR_OK;
}

// The first field that has a number and no group is formed by; -1 if there is none.
static int32_t number_field(const struct figure *figure)
{
  const struct statistic *statistic = figure->statistic;
  for (int32_t i = set_next(&statistic->from, 0); i >= 0; i = set_next(&statistic->from, i + 1))
    if (figure->policy->fields[i].type == FIELD_NUMBER && !set_has(&statistic->by, i))
      return i;
  return -1;
}

static enum err_code read_number(struct person_data *data, const struct part *of,
                                 double *ret_number, struct err *err)
{
  int32_t field = number_field(data->figure);
  const struct part *part = field < 0 ? NULL : find_in_put(data, of, field);
  struct view value;
  *ret_number = NAN;
  if (part == NULL)
    return ERR_OK;
  enum err_code code = open_part(data, part, &value, err);
  if (code == ERR_OK)
    *ret_number = strtod(value.bytes, NULL);  // of its form since it was put; ended by a zero
  return code;
}

static bool is_first_of_put(const struct person_data *data, const struct part *part)
{
  for (const struct part *at = data->first; at != part; at = at->next)
    if (is_same_put(at, part))
      return false;
  return true;
}

static enum err_code add_put(struct person_data *data, const struct part *part, struct err *err)
{
  OWNED(str) struct str key = STR_INIT(VALUE_BYTES_MAX);
  bool is_whole = false;
  double number = NAN;
  enum err_code code = write_key(data, part, &key, &is_whole, err);
  if (code == ERR_OK && is_whole)
    code = read_number(data, part, &number, err);
  if (code == ERR_OK && !str_ok(&key))
    code = err_set(err, ERR_LIMIT, "the values that form a group are longer than a value may be");
  return code != ERR_OK || !is_whole ? code
                                     : groups_add_number(&data->figure->groups, str_view(&key),
                                                         part->row.record, number, err);
}

static bool is_left_out(const struct figure *figure, const struct person_state *state)
{
  enum { WITHOUT_OPTED_OUT = 1 };  // whoever objected or is restricted the gate leaves out
  return (figure->statistic->without >> WITHOUT_OPTED_OUT & 1) != 0 && state->marketing_off != 0;
}

static enum err_code add_person(void *context, struct person_id person, struct err *err)
{
  struct figure *figure = context;
  struct person_state *state = NULL;
  enum err_code code = person_state_now(figure->core, person, &state, err);
  if (code != ERR_OK)
    return code;
  struct person_data data = {.figure = figure, .state = state, .arena = ARENA_INIT};
  data.last = &data.first;
  if (!is_left_out(figure, state))
    code = store_record_each(core_store(figure->core), person, -1, take_record, &data, err);
  for (const struct part *at = data.first; code == ERR_OK && at != NULL; at = at->next)
    if (is_first_of_put(&data, at))
      code = add_put(&data, at, err);
  arena_clear(&data.arena);
  state_drop(state);
  return code;
}

// ── What is worked out over a group ─────────────────────────────────────────────────────────────

static int compare_numbers(const void *a, const void *b)
{
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

// As text, so that no reader rounds it.
static void set_number(struct document *object, const char *member, double number)
{
  char text[NUMBER_BYTES];
  (void)snprintf(text, sizeof text, "%.10g", number);
  document_set_text(object, member, view_of(text));
}

static void set_numbers(struct document *object, const struct figure *figure,
                        const struct group *group)
{
  double *numbers = calloc((size_t)group->records, sizeof *numbers);
  size_t count = 0;
  double sum = 0;
  for (int64_t i = 0; numbers != NULL && i < group->records; i++) {
    double number = figure->groups.rows[group->first_row + i].number;
    if (isnan(number))
      continue;
    numbers[count++] = number;
    sum += number;
  }
  if (count > 0) {
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    double median =
        count % 2 == 1 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
    const double values[] = {0, median, sum / (double)count, sum};
    for (int value = STATISTIC_MEDIAN; value <= STATISTIC_SUM; value++)
      if ((figure->statistic->values >> value & 1) != 0)
        set_number(object, statistic_value_names[value], values[value]);
  }
  free(numbers);
}

static struct document *group_document(const struct figure *figure, const struct group *group)
{
  struct document *object = document_object();
  struct document *values = document_array();
  struct view rest = group->key;
  while (rest.length > 0)
    document_add_text(values, view_cut(&rest, BETWEEN));
  document_set(object, "values", values);
  document_set_int(object, "persons", group->persons);
  document_set_int(object, "records", group->records);
  set_numbers(object, figure, group);
  return object;
}

static struct document *figure_document(const struct figure *figure, int32_t *ret_shown)
{
  char at[CALENDAR_TEXT_BYTES];
  const struct set *by = &figure->statistic->by;
  struct document *document = document_object();
  calendar_write_time(figure->policy->zone, figure->now_us, at);
  document_set_text(document, "statistic", view_of(figure->statistic->name));
  document_set_text(document, "at", view_of(at));
  struct document *names = document_array();
  for (int32_t i = set_next(by, 0); i >= 0; i = set_next(by, i + 1))
    document_add_text(names, view_of(figure->policy->fields[i].name));
  document_set(document, "by", names);
  struct document *groups = document_array();
  *ret_shown = 0;
  for (int32_t i = 0; i < figure->groups.group_count; i++)
    if (figure->groups.groups[i].is_shown) {
      document_add(groups, group_document(figure, &figure->groups.groups[i]));
      ++*ret_shown;
    }
  document_set(document, "groups", groups);
  document_set_int(document, "hidden", figure->groups.group_count - *ret_shown);
  return document;
}

// ── The entry ───────────────────────────────────────────────────────────────────────────────────

struct log_input {
  const struct statistic *statistic;
  int32_t shown, hidden;
  enum gate_reason reason;  // GATE_REASON_COUNT: it was made
};

static enum err_code apply_log(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct log_input *input = operation->input;
  const struct statistic *statistic = input->statistic;
  if (input->reason != GATE_REASON_COUNT) {
    const struct gate_decision decision = {.first = input->reason,
                                           .reasons = gate_reason_bit(input->reason),
                                           .place = statistic->place,
                                           .kind = -1,
                                           .basis_row = -1};
    return batch_refuse(batch, operation, NULL, statistic->purpose, -1, &decision, err);
  }
  OWNED(str) struct str body = STR_INIT(300);
  str_format(&body, "{\"what\":\"statistic\",\"name\":\"%s\",\"groups\":%d,\"hidden\":%d}",
             statistic->name, input->shown, input->hidden);
  const char *purpose = batch_policy(batch)->purposes[statistic->purpose].name;
  return batch_log(batch, operation, NULL,
                   names_number(core_names(batch_core(batch)), NAME_PURPOSE, view_of(purpose)),
                   LEDGER_NO_FIELD, str_view(&body), NULL, err);
}

static const struct verb verb_statistic = {
    .name = "statistic.make", .ledger = LEDGER_OP_STATISTIC, .apply = apply_log};

static enum err_code log_figure(struct core *core, const struct statistic_request *request,
                                const struct log_input *input, struct err *err)
{
  struct operation operation = OPERATION(&verb_statistic, input, NULL);
  operation.actor = request->actor;
  return core_perform(core, &operation, err);
}

static enum err_code make(struct figure *figure, const struct statistic_request *request,
                          struct document **ret_figure, struct err *err)
{
  struct log_input input = {.statistic = figure->statistic, .reason = GATE_REASON_COUNT};
  enum err_code code = everybody_each(core_store(figure->core), add_person, figure, err);
  if (code == ERR_OK)
    code = groups_close(&figure->groups, figure->statistic->least, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = figure_document(figure, &input.shown);
  input.hidden = figure->groups.group_count - input.shown;
  if (input.shown == 0 && input.hidden > 0)
    input.reason = GATE_GROUP_TOO_SMALL;
  code = log_figure(figure->core, request, &input, err);
  if (code == ERR_OK)
    *ret_figure = TAKE(document);
  return code;
}

enum err_code statistic_make(struct core *core, const struct statistic_request *request,
                             struct document **ret_figure, struct err *err)
{
  const struct policy *policy = core_policy(core);
  const struct statistic *statistic = &policy->outward.statistics[request->statistic];
  struct figure figure = {.core = core,
                          .policy = policy,
                          .statistic = statistic,
                          .now_us = core_now_us(core),
                          .groups = {.arena = ARENA_INIT}};
  int32_t role = request->actor.role;
  if (role >= 0 && !set_has(&policy->roles[role].purposes, statistic->purpose)) {
    const struct log_input input = {.statistic = statistic, .reason = GATE_ROLE};
    return log_figure(core, request, &input, err);
  }
  enum err_code code = make(&figure, request, ret_figure, err);
  groups_clear(&figure.groups);
  return code;
}

// ── What sweeps left ────────────────────────────────────────────────────────────────────────────

struct leaving {
  struct core *core;
  struct document *fields;
};

static enum err_code add_left(void *context, const struct tally_row *row, struct err *err)
{
  (void)err;
  const struct leaving *leaving = context;
  char day[CALENDAR_TEXT_BYTES];
  // A run that a crash broke off may have left a count of fewer people than its group had.
  if (row->persons < core_policy(leaving->core)->group_least)
    return ERR_OK;
  struct document *object = document_object();
  calendar_write_date(row->day, day);
  document_set_text(
      object, "field",
      view_of(names_text(core_names(leaving->core), NAME_FIELD, (int32_t)row->field)));
  document_set_text(object, "day", view_of(day));
  if (view_is(row->value, "*"))
    document_set_null(object, "value");
  else
    document_set_text(object, "value", row->value);
  document_set_int(object, "records", row->records);
  document_set_int(object, "persons", row->persons);
  document_add(leaving->fields, object);
  return ERR_OK;
}

enum err_code statistic_left(struct core *core, struct document **ret_figure, struct err *err)
{
  OWNED(document) struct document *document = document_object();
  struct leaving leaving = {core, document_array()};
  enum err_code code = core_policy(core) == NULL
                           ? ERR_OK
                           : store_tally_each(core_store(core), add_left, &leaving, err);
  document_set(document, "fields", leaving.fields);
  if (code == ERR_OK)
    *ret_figure = TAKE(document);
  return code;
}
