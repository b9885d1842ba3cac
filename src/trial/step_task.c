// Tasks: what others say of them, and what is still open.
#include <string.h>

#include "core/task.h"
#include "policy/findings.h"
#include "trial/args.h"
#include "trial/rows.h"
#include "trial/run.h"
#include "trial/time.h"

struct wanted {  // a task as a line names it; empty: any
  struct trial_person *person;
  struct view party, kind;
};

static bool read_wanted(struct trial_run *run, const struct trial_line *line,
                        struct wanted *ret_wanted)
{
  *ret_wanted = (struct wanted){.party = trial_arg(line, "party"), .kind = trial_arg(line, "kind")};
  return !trial_has(line, "of") || trial_arg_person(run, line, "of", &ret_wanted->person);
}

// The file of somebody who is erased stands for them.
static bool is_of(const struct trial_run *run, int32_t index, const struct trial_person *person)
{
  const struct trial_person *one = &run->persons[index];
  return person == NULL || one == person ||
         (person->is_erased && person->file > 0 && person->file == index);
}

static bool fits(const struct task_row *row, const struct wanted *wanted)
{
  return (wanted->party.length == 0 || view_equal(row->party, wanted->party)) &&
         (wanted->kind.length == 0 || view_is(wanted->kind, task_kind_name(row->kind)));
}

struct found {
  int32_t person;
  struct task_row row;  // its views live in the arena of the run
  int32_t count;        // of those that fit, open ones if there is one
};

// The last that fits; an open one before one that is closed.
static bool find(struct trial_run *run, const struct trial_line *line, const struct wanted *wanted,
                 struct found *ret_found)
{
  *ret_found = (struct found){.count = 0};
  for (int32_t i = 0; i < run->person_count; i++) {
    struct trial_rows rows;
    struct err err = ERR_INIT;
    if (!is_of(run, i, wanted->person))
      continue;
    enum err_code code =
        trial_rows_read(core_store(run->home.core), run->persons[i].id, &run->arena, &rows, &err);
    if (!trial_must(run, line->place, code, &err))
      return false;
    for (int32_t k = 0; k < rows.tasks_count; k++) {
      const struct task_row *row = &rows.tasks[k];
      bool was_open = ret_found->count > 0 && ret_found->row.closed_us == 0;
      if (!fits(row, wanted) || (was_open && row->closed_us != 0))
        continue;
      int32_t count = was_open || row->closed_us != 0 ? ret_found->count + 1 : 1;
      *ret_found = (struct found){i, *row, count};
    }
  }
  return true;
}

// ── ack, fail ───────────────────────────────────────────────────────────────────────────────

static void settle(struct trial_run *run, const struct trial_line *line, enum task_state to)
{
  struct wanted wanted;
  struct found found;
  int32_t role = -1;
  if (!read_wanted(run, line, &wanted) || !find(run, line, &wanted, &found) ||
      (trial_has(line, "as") && !trial_arg_role(run, line, &role)))
    return;
  if (found.count == 0) {
    trial_error(run, line->place, "no task is about '%s'", quote(wanted.party).text);
    return;
  }
  struct task_settle_input input = {run->persons[found.person].id, found.row.task, to,
                                    trial_arg(line, "reason"), -1};
  if (trial_has(line, "approver"))
    input.approver = policy_role(trial_policy(run), trial_arg(line, "approver"));
  struct task_settle_output *output = arena_new(&run->arena, sizeof *output);
  if (output == NULL) {
    trial_error(run, line->place, "no memory");
    return;
  }
  struct operation operation = OPERATION(&verb_task_settle, &input, output);
  operation.actor.role = role;
  trial_perform(run, line, &operation);
}

void trial_step_ack(struct trial_run *run, const struct trial_line *line)
{
  enum task_state to = TASK_CONFIRMED;
  struct err err = ERR_INIT;
  if (trial_has(line, "is") && task_state_read(trial_arg(line, "is"), &to, &err) != ERR_OK)
    trial_error(run, trial_arg_place(line, "is"), "%s", err.message);
  else
    settle(run, line, to);
}

void trial_step_fail(struct trial_run *run, const struct trial_line *line)
{
  settle(run, line, TASK_FAILED);
}

// ── task, no_task ───────────────────────────────────────────────────────────────────────────

static void differ(struct trial_run *run, const struct trial_line *line, const char *expected,
                   const char *is)
{
  struct trial_difference difference = {.expected = expected, .is = is};
  trial_not_as_expected(run, line->place, &difference);
}

static bool check_due(struct trial_run *run, const struct trial_line *line,
                      const struct task_row *row)
{
  struct trial_time time;
  if (!trial_has(line, "due"))
    return true;
  if (!trial_time_read(run->base->zone, trial_arg(line, "due"), run->home.now_us, &time)) {
    trial_error(run, trial_arg_place(line, "due"), "'%s' is not a time",
                quote(trial_arg(line, "due")).text);
    return false;
  }
  if (time.instant_us == row->due_us)
    return true;
  differ(run, line, trial_text(run, "due %s", trial_when(run, time.instant_us)),
         trial_when(run, row->due_us));
  return false;
}

void trial_expect_task(struct trial_run *run, const struct trial_line *line)
{
  struct wanted wanted;
  struct found found;
  int64_t count = 0;
  if (!read_wanted(run, line, &wanted) || !find(run, line, &wanted, &found) ||
      (trial_has(line, "count") && !trial_arg_number(run, line, "count", &count)))
    return;
  const char *state = found.count == 0 ? "no task"
                      : found.row.closed_us == 0 && found.row.overdue_us != 0
                          ? "overdue"
                          : task_state_name(found.row.state);
  struct view is = trial_has(line, "is") ? trial_arg(line, "is") : VIEW_LITERAL("open");
  if (!view_is(is, state))
    differ(run, line, trial_text(run, "a task that is %s", quote(is).text), state);
  else if (trial_has(line, "count") && count != found.count)
    differ(run, line, trial_text(run, "%lld tasks", (long long)count),
           trial_text(run, "%d", found.count));
  else if (check_due(run, line, &found.row))
    run->positive++;
}

// Nothing of the kind is open.
void trial_expect_no_task(struct trial_run *run, const struct trial_line *line)
{
  struct wanted wanted;
  struct found found;
  if (!read_wanted(run, line, &wanted) || !find(run, line, &wanted, &found))
    return;
  if (found.count == 0 || found.row.closed_us != 0)
    run->negative++;
  else
    differ(run, line, "no open task",
           trial_text(run, "%s %.*s is %s", task_kind_name(found.row.kind),
                      (int)found.row.party.length, found.row.party.bytes,
                      task_state_name(found.row.state)));
}
