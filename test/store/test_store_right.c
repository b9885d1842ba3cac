// Choices, exceptions, holds, requests and tasks, on both engines (K9, P3, P8).
#include "store/rows_right.h"
#include "store/rows_task.h"

#include "row_text.h"
#include "test_stores.h"

#include <inttypes.h>

static enum err_code choice_add(void *text, const struct choice_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             row->person.value, row->choice, row->what, row->argument, row->recorded_us,
             row->ended_us);
  return ERR_OK;
}

static enum err_code exception_add(void *text, const struct exception_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ".%d,%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             record_person(row->record).value, record_field(row->record), row->what, row->purpose,
             row->since_us);
  return ERR_OK;
}

static enum err_code hold_add(void *text, const struct hold_row *row, struct err *err)
{
  (void)err;
  const int64_t numbers[] = {row->person.value,  row->hold,
                             row->kind,          row->field,
                             row->thing,         row->record,
                             row->owner,         row->key,
                             row->since_us,      row->review_us,
                             row->alarmed_us,    row->proposed_us,
                             row->proposed_role, row->proposed_service,
                             row->released_us};
  for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
    str_format(text, "%" PRId64 ",", numbers[i]);
  str_format(text, "%.*s;", (int)row->matter.length, row->matter.bytes);
  return ERR_OK;
}

static enum err_code request_add(void *text, const struct request_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64,
             row->person.value, row->request, row->right, row->state, row->received_us,
             row->due_us);
  str_format(text, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%.*s;", row->outcome, row->closed_us,
             row->overdue_us, (int)row->answer.length, row->answer.bytes);
  return ERR_OK;
}

// Choices are appended, listed in their order and deleted with the person.
static void choice__is_append_only(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct choice_row rows[] = {
      {{7}, 2, 1, -1, 20, 0}, {{7}, 1, 3, 4, 10, 15}, {{8}, 1, 3, 4, 10, 0}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_choice_add(store, &rows[i], err));
  fails(ERR_EXISTS, store_choice_add(store, &rows[0], err));
  assert_rows(choice, "7,1,3,4,10,15;7,2,1,-1,20,0;", store_choice_each, store, PERSON(7));
  ok(store_choice_delete_of(store, PERSON(7), err));
  assert_rows(choice, "", store_choice_each, store, PERSON(7));
  assert_rows(choice, "8,1,3,4,10,0;", store_choice_each, store, PERSON(8));
}

// Exceptions are keyed by record, kind and purpose, listed by person and deleted by record.
static void exception__is_listed_by_person_and_deleted_by_record(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct record_id first = record_id_make(PERSON(7), 1, 0);
  const struct exception_row rows[] = {{record_id_make(PERSON(7), 2, 0), 1, -1, 5},
                                       {first, 2, 3, 5},
                                       {first, 1, 3, 5},
                                       {first, 1, -1, 5},
                                       {first, 1, 3, 6},
                                       {record_id_make(PERSON(8), 1, 0), 1, 3, 5}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_exception_put(store, &rows[i], err));
  assert_rows(exception, "7.1,1,-1,5;7.1,1,3,6;7.1,2,3,5;7.2,1,-1,5;", store_exception_each, store,
              PERSON(7));
  ok(store_exception_delete_of(store, first, err));
  assert_rows(exception, "7.2,1,-1,5;", store_exception_each, store, PERSON(7));
  assert_rows(exception, "8.1,1,3,5;", store_exception_each, store, PERSON(8));
}

// Holds are replaced by their number, listed by person, and released one by one.
static void hold__is_replaced_and_released(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  const struct hold_row rows[] = {
      {.person = PERSON(7),
       .hold = 2,
       .field = -1,
       .since_us = 5,
       .review_us = 9,
       .matter = VIEW_LITERAL("T 1-26")},
      {.person = PERSON(7), .hold = 1, .field = 3, .since_us = 5},
      {PERSON(7), 1, 2, 4, 11, 12, 13, 14, 6, 10, 15, 16, 17, 18, 19, VIEW_LITERAL("mål åäö")}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_hold_put(store, &rows[i], err));
  assert_rows(hold,
              "7,1,2,4,11,12,13,14,6,10,15,16,17,18,19,mål åäö;"
              "7,2,0,-1,0,0,0,0,5,9,0,0,0,0,0,T 1-26;",
              store_hold_each, store, PERSON(7));
  ok(store_hold_delete(store, PERSON(7), 2, err));
  assert_rows(hold, "7,1,2,4,11,12,13,14,6,10,15,16,17,18,19,mål åäö;", store_hold_each, store,
              PERSON(7));
}

static void hold_add_number(struct store *store, int64_t person, int64_t review_us,
                            int64_t released_us)
{
  const struct hold_row row = {
      .person = PERSON(person), .hold = 1, .review_us = review_us, .released_us = released_us};
  ok(store_hold_put(store, &row, err));
}

static enum err_code person_add(void *text, const struct hold_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ";", row->person.value);
  return ERR_OK;
}

// What lasts and was to be reviewed by now is overdue, the oldest review first; what was released
// is not (P3).
static void hold__is_overdue_at_its_review(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  OWNED(str) struct str text = STR_INIT(100);
  hold_add_number(store, 7, 501, 0);
  hold_add_number(store, 8, 500, 0);
  hold_add_number(store, 9, 499, 0);
  hold_add_number(store, 10, 400, 450);
  ok(store_hold_overdue(store, 500, 10, person_add, &text, err));
  assert_string_equal(str_text(&text), "9;8;");
  ok(store_hold_overdue(store, 500, 1, person_add, &text, err));
  assert_string_equal(str_text(&text), "9;8;9;");
}

static void request_put(struct store *store, int64_t person, int64_t request, int64_t due_us,
                        int64_t closed_us, int64_t overdue_us)
{
  const struct request_row row = {
      PERSON(person), request, 3, 1, 100, due_us, 2, closed_us, overdue_us, VIEW_LITERAL("{}")};
  ok(store_request_put(store, &row, err));
}

// Requests are replaced by their number, got, listed and deleted with the person.
static void request__is_replaced_got_and_listed(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  request_put(store, 7, 2, 500, 0, 0);
  request_put(store, 7, 1, 500, 0, 0);
  request_put(store, 7, 1, 600, 550, 0);
  request_put(store, 8, 1, 500, 0, 0);
  assert_rows(request, "7,1,3,1,100,600,2,550,0,{};7,2,3,1,100,500,2,0,0,{};", store_request_each,
              store, PERSON(7));
  struct request_row row;
  bool found = false;
  ok(store_request_get(store, PERSON(7), 1, &row, &found, err));
  assert_true(found);
  assert_int_equal(row.due_us, 600);
  ok(store_request_get(store, PERSON(7), 3, &row, &found, err));
  assert_false(found);
  ok(store_request_delete_of(store, PERSON(7), err));
  assert_rows(request, "", store_request_each, store, PERSON(7));
  assert_rows(request, "8,1,3,1,100,500,2,0,0,{};", store_request_each, store, PERSON(8));
}

// What was due by now, is open and was not yet seen is overdue, the longest overdue first (P8).
static void request__is_overdue_at_its_deadline(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  request_put(store, 7, 1, 500, 0, 0);
  request_put(store, 9, 1, 400, 0, 0);
  request_put(store, 7, 2, 501, 0, 0);
  request_put(store, 7, 3, 400, 450, 0);
  request_put(store, 7, 4, 400, 0, 450);
  assert_rows(request, "9,1,3,1,100,400,2,0,0,{};7,1,3,1,100,500,2,0,0,{};", store_request_overdue,
              store, 500, 10);
  assert_rows(request, "9,1,3,1,100,400,2,0,0,{};", store_request_overdue, store, 500, 1);
  assert_rows(request, "", store_request_overdue, store, 399, 10);
}

static enum err_code task_add(void *text, const struct task_row *row, struct err *err)
{
  (void)err;
  const int64_t numbers[] = {row->person.value, row->task,   row->kind,         row->about,
                             row->request,      row->state,  row->needs_answer, row->attempt,
                             row->made_us,      row->due_us, row->overdue_us,   row->closed_us};
  for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
    str_format(text, "%" PRId64 ",", numbers[i]);
  str_format(text, "%.*s,%.*s;", (int)row->party.length, row->party.bytes, (int)row->history.length,
             row->history.bytes);
  return ERR_OK;
}

static void task_put(struct store *store, int64_t person, int64_t task, int64_t due_us,
                     int64_t overdue_us, int64_t closed_us)
{
  const struct task_row row = {PERSON(person),
                               task,
                               2,
                               3,
                               4,
                               5,
                               true,
                               6,
                               100,
                               due_us,
                               overdue_us,
                               closed_us,
                               VIEW_LITERAL("tryck"),
                               VIEW_LITERAL("[]")};
  ok(store_task_put(store, &row, err));
}

// Tasks are replaced by their number, got, listed and deleted with the person.
static void task__is_replaced_got_and_listed(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  struct task_row row;
  bool found = false;
  task_put(store, 7, 2, 500, 0, 0);
  task_put(store, 7, 1, 500, 0, 0);
  task_put(store, 7, 1, 600, 7, 550);
  task_put(store, 8, 1, 500, 0, 0);
  assert_rows(task, "7,1,2,3,4,5,1,6,100,600,7,550,tryck,[];7,2,2,3,4,5,1,6,100,500,0,0,tryck,[];",
              store_task_each, store, PERSON(7));
  ok(store_task_get(store, PERSON(7), 1, &row, &found, err));
  assert_true(found);
  assert_int_equal(row.closed_us, 550);
  ok(store_task_get(store, PERSON(7), 3, &row, &found, err));
  assert_false(found);
  ok(store_task_delete_of(store, PERSON(7), err));
  assert_rows(task, "", store_task_each, store, PERSON(7));
  assert_rows(task, "8,1,2,3,4,5,1,6,100,500,0,0,tryck,[];", store_task_each, store, PERSON(8));
}

// Open ones of everybody, those due first first; overdue is what was due by now and not yet seen.
static void task__is_overdue_at_its_deadline(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  task_put(store, 7, 1, 501, 0, 0);
  task_put(store, 8, 1, 500, 0, 0);
  task_put(store, 9, 1, 400, 450, 0);
  task_put(store, 9, 2, 400, 0, 450);
  assert_rows(task, "9,1,2,3,4,5,1,6,100,400,450,0,tryck,[];8,1,2,3,4,5,1,6,100,500,0,0,tryck,[];",
              store_task_open, store, 2);
  assert_rows(task, "8,1,2,3,4,5,1,6,100,500,0,0,tryck,[];", store_task_overdue, store, 500, 10);
  assert_rows(task, "", store_task_overdue, store, 499, 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(choice__is_append_only),
      TEST_STORES(exception__is_listed_by_person_and_deleted_by_record),
      TEST_STORES(hold__is_replaced_and_released),
      TEST_STORES(hold__is_overdue_at_its_review),
      TEST_STORES(request__is_replaced_got_and_listed),
      TEST_STORES(request__is_overdue_at_its_deadline),
      TEST_STORES(task__is_replaced_got_and_listed),
      TEST_STORES(task__is_overdue_at_its_deadline),
  };
  return cmocka_run_group_tests_name("store right", tests, test_stores_begin, test_stores_end);
}
