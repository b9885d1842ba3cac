// The words of the test language: one table of steps and expectations with their keys. A new word
// is a row here and a function.
#ifndef FORVAR_TRIAL_WORDS_H
#define FORVAR_TRIAL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "policy/yaml.h"

struct trial_line;
struct trial_run;

enum trial_word_kind { TRIAL_STEP, TRIAL_EXPECTATION };
enum trial_args { TRIAL_ARGS_MAP, TRIAL_ARGS_TEXT, TRIAL_ARGS_EITHER };

struct trial_key {
  const char *name;
  enum { TRIAL_KEY_TEXT, TRIAL_KEY_TEXTS } form;  // TEXTS: one text or a list of texts
  bool required;
};

enum { TRIAL_KEYS_MAX = 16 };

struct trial_word {
  const char *name;
  enum trial_word_kind kind;
  enum trial_args args;
  bool is_open;  // further keys are names of the policy
  struct trial_key keys[TRIAL_KEYS_MAX];
  void (*run)(struct trial_run *run, const struct trial_line *line);
};

const struct trial_word *trial_word_find(struct view name);  // NULL if there is none
const struct trial_word *trial_word_at(size_t index);        // NULL past the end

// The form of a list of lines: known words, known keys, all that are required, text where text is
// wanted. `list` may be NULL. ERR_FINDINGS with the place.
MUST_CHECK enum err_code trial_lines_check(const char *path, const struct yaml_node *list,
                                           bool steps_only, struct err *err);

// Steps.
void trial_step_at(struct trial_run *run, const struct trial_line *line);
void trial_step_person(struct trial_run *run, const struct trial_line *line);
void trial_step_thing(struct trial_run *run, const struct trial_line *line);
void trial_step_happens(struct trial_run *run, const struct trial_line *line);
void trial_step_retract(struct trial_run *run, const struct trial_line *line);
void trial_step_put(struct trial_run *run, const struct trial_line *line);
void trial_step_correct(struct trial_run *run, const struct trial_line *line);
void trial_step_read(struct trial_run *run, const struct trial_line *line);
void trial_step_mark(struct trial_run *run, const struct trial_line *line);
void trial_step_allow(struct trial_run *run, const struct trial_line *line);
void trial_step_open_glass(struct trial_run *run, const struct trial_line *line);
void trial_step_optout(struct trial_run *run, const struct trial_line *line);
void trial_step_consent(struct trial_run *run, const struct trial_line *line);
void trial_step_withdraw(struct trial_run *run, const struct trial_line *line);
void trial_step_request(struct trial_run *run, const struct trial_line *line);
void trial_step_decide(struct trial_run *run, const struct trial_line *line);
void trial_step_take_back(struct trial_run *run, const struct trial_line *line);
void trial_step_restrict(struct trial_run *run, const struct trial_line *line);
void trial_step_told(struct trial_run *run, const struct trial_line *line);
void trial_step_lift(struct trial_run *run, const struct trial_line *line);
void trial_step_merge(struct trial_run *run, const struct trial_line *line);
void trial_step_split(struct trial_run *run, const struct trial_line *line);
void trial_step_close(struct trial_run *run, const struct trial_line *line);
void trial_step_erase(struct trial_run *run, const struct trial_line *line);
void trial_step_ack(struct trial_run *run, const struct trial_line *line);
void trial_step_fail(struct trial_run *run, const struct trial_line *line);
void trial_step_stage(struct trial_run *run, const struct trial_line *line);
void trial_step_send(struct trial_run *run, const struct trial_line *line);
void trial_step_sweep(struct trial_run *run, const struct trial_line *line);
void trial_step_plan(struct trial_run *run, const struct trial_line *line);
void trial_step_apply(struct trial_run *run, const struct trial_line *line);
void trial_step_approve(struct trial_run *run, const struct trial_line *line);
void trial_step_hold(struct trial_run *run, const struct trial_line *line);
void trial_step_hold_propose(struct trial_run *run, const struct trial_line *line);
void trial_step_hold_release(struct trial_run *run, const struct trial_line *line);
void trial_step_epoch(struct trial_run *run, const struct trial_line *line);
void trial_step_crash(struct trial_run *run, const struct trial_line *line);
void trial_step_clock_release(struct trial_run *run, const struct trial_line *line);

// Expectations.
void trial_expect_may(struct trial_run *run, const struct trial_line *line);
void trial_expect_may_not(struct trial_run *run, const struct trial_line *line);
void trial_expect_refused(struct trial_run *run, const struct trial_line *line);
void trial_expect_done(struct trial_run *run, const struct trial_line *line);
void trial_expect_has(struct trial_run *run, const struct trial_line *line);
void trial_expect_has_not(struct trial_run *run, const struct trial_line *line);
void trial_expect_only(struct trial_run *run, const struct trial_line *line);
void trial_expect_ends(struct trial_run *run, const struct trial_line *line);
void trial_expect_count(struct trial_run *run, const struct trial_line *line);
void trial_expect_sent(struct trial_run *run, const struct trial_line *line);
void trial_expect_not_sent(struct trial_run *run, const struct trial_line *line);
void trial_expect_due(struct trial_run *run, const struct trial_line *line);
void trial_expect_state(struct trial_run *run, const struct trial_line *line);
void trial_expect_task(struct trial_run *run, const struct trial_line *line);
void trial_expect_no_task(struct trial_run *run, const struct trial_line *line);
void trial_expect_consent(struct trial_run *run, const struct trial_line *line);
void trial_expect_log(struct trial_run *run, const struct trial_line *line);
void trial_expect_figure(struct trial_run *run, const struct trial_line *line);
void trial_expect_notice(struct trial_run *run, const struct trial_line *line);
void trial_expect_register(struct trial_run *run, const struct trial_line *line);
void trial_expect_receipt(struct trial_run *run, const struct trial_line *line);
void trial_expect_finding(struct trial_run *run, const struct trial_line *line);

#endif
