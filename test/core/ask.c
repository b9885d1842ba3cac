#include "ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct use_request ask_request(struct world *world, const struct question *question)
{
  const struct policy *policy = world_policy(world);
  return (struct use_request){
      .actor = {0, policy_role(policy, view_of(question->role)), -1},
      .person = question->person,
      .purpose = policy_purpose(policy, view_of(question->purpose)),
      .field = policy_field(policy, view_of(question->field)),
      .thing = question->thing,
      .channel = question->channel,
      .ask_only = question->ask_only,
      .mode = question->mode,
  };
}

struct question ask_simple(struct person_id person, const char *role, const char *purpose,
                           const char *field)
{
  return (struct question){.person = person,
                           .role = role,
                           .purpose = purpose,
                           .field = field,
                           .channel = GATE_NO_CHANNEL,
                           .mode = LEDGER_DURABLE};
}

enum err_code ask_perform(struct world *world, const struct use_request *request,
                          struct arena *arena, struct use_answer *ret_answer)
{
  world->err = (struct err)ERR_INIT;
  return use_perform(world->reader, request, arena, ret_answer, &world->err);
}

enum err_code ask(struct world *world, const struct question *question, struct arena *arena,
                  struct use_answer *ret_answer)
{
  struct use_request request = ask_request(world, question);
  return ask_perform(world, &request, arena, ret_answer);
}

void ask_gives(struct world *world, const struct question *question, const char *expected)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  OWNED(str) struct str text = STR_INIT(1000);
  struct use_answer answer;
  if (ask(world, question, &arena, &answer) != ERR_OK)
    fail_msg("expected \"%s\", got %s", expected, world->err.message);
  for (int32_t i = 0; i < answer.value_count; i++) {
    str_add(&text, view_of(i == 0 ? "" : "|"));
    str_add(&text, answer.values[i].value);
  }
  assert_string_equal(str_text(&text), expected);
}

void ask_is_refused(struct world *world, const struct question *question, enum gate_reason reason)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  enum err_code code = ask(world, question, &arena, &answer);
  if (code == ERR_OK)
    fail_msg("%s %s %s is allowed", question->role, question->purpose, question->field);
  assert_int_equal(code, ERR_REFUSED);
  if (answer.decision.first != reason)
    fail_msg("%s %s %s is refused for %s and not for %s", question->role, question->purpose,
             question->field, gate_reason_name(answer.decision.first), gate_reason_name(reason));
  assert_int_equal(answer.value_count, 0);
}
