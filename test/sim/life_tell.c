// What came back, in the oracle's words.
#include "life_op.h"

#include <stdio.h>
#include <string.h>

enum { VALUES_TOLD_MAX = 256, VALUE_TOLD_BYTES = 128 };

static void tell_person(struct life *life, struct life_op *op)
{
  if (op->reply == O_DONE_OK)
    life->persons[op->person].id = op->output.person.person;
  life_note(life, "person %d: %s", op->person, life_word(op->reply));
  oracle_person(life->oracle, life->now_us, op->person, op->reply);
}

static void tell_thing(struct life *life, struct life_op *op)
{
  struct life_thing *thing = &life->things[op->thing];
  if (op->reply == O_DONE_OK)
    thing->id = op->output.thing.thing.value;
  life_note(life, "%s %d (in %d) of person %d from %lld: %s",
            thing->is_order ? "order" : "contract", op->thing, thing->parent, op->person,
            (long long)op->effective_us, life_word(op->reply));
  oracle_thing(life->oracle, life->now_us, op->person, op->thing, thing->is_order, thing->parent,
               op->effective_us, op->reply);
}

static void tell_event(struct life *life, struct life_op *op)
{
  life_note(life, "event %d of thing %d of person %d from %lld: %s", (int)op->event, op->thing,
            op->person, (long long)op->effective_us, life_word(op->reply));
  oracle_event(life->oracle, life->now_us, op->person, op->thing, op->event, op->effective_us,
               op->reply);
}

// All values of a put are taken or none: beside the one that the policy does not take, the others
// are as if they had not been asked.
static void tell_put(struct life *life, struct life_op *op)
{
  for (int i = 0; i < op->value_count; i++) {
    bool is_beside = op->refused_value >= 0 && op->refused_value != i && op->reply == O_REFUSED;
    life_note(life, "put of person %d, point %d, source %d, thing %d, field %d, %s, of %lld: %s",
              op->person, (int)op->point, (int)op->source, op->thing, (int)op->fields[i],
              op->values[i], (long long)op->obtained_us, life_word(op->reply));
    oracle_put(life->oracle, life->now_us, op->person, op->point, op->source, op->thing,
               op->fields[i], op->values[i], op->obtained_us, is_beside ? O_FAILED : op->reply);
  }
}

static void tell_use(struct life *life, struct life_op *op)
{
  char texts[VALUES_TOLD_MAX][VALUE_TOLD_BYTES];
  const char *values[VALUES_TOLD_MAX];
  const struct use_answer *answer = &op->answer;
  int count = 0;
  if (op->reply == O_DONE_OK && !answer->decision.allowed)
    op->reply = O_REFUSED;
  for (; op->reply == O_DONE_OK && count < answer->value_count && count < VALUES_TOLD_MAX;
       count++) {
    struct view value = answer->values[count].value;
    size_t length = value.length < VALUE_TOLD_BYTES ? value.length : VALUE_TOLD_BYTES - 1;
    memcpy(texts[count], value.bytes, length);
    texts[count][length] = '\0';
    values[count] = texts[count];
  }
  life->counts.values += count;
  const char *reason = op->reply == O_REFUSED ? gate_reason_name(answer->decision.first) : NULL;
  life_note(life, "use of person %d, role %d, purpose %d, field %d: %s, %d values, %s", op->person,
            (int)op->role, (int)op->purpose, (int)op->field, life_word(op->reply), count,
            reason == NULL ? "" : reason);
  oracle_use(life->oracle, life->now_us, op->person, op->role, op->purpose, op->field, values,
             count, reason, op->reply);
}

static void tell_opt_out(struct life *life, struct life_op *op)
{
  life_note(life, "opt-out of person %d, channels %u: %s", op->person, (unsigned)op->channels,
            life_word(op->reply));
  oracle_opt_out(life->oracle, life->now_us, op->person, op->reply);
}

static void tell_stage(struct life *life, struct life_op *op)
{
  if (op->reply == O_DONE_OK)
    life->messages[op->number].id = op->output.stage.message;
  life_note(life, "message %d to person %d staged: %s", op->number, op->person,
            life_word(op->reply));
  oracle_stage(life->oracle, life->now_us, op->person, op->number, op->reply);
}

static void tell_request(struct life *life, struct life_op *op)
{
  int64_t due_us = op->reply == O_DONE_OK ? op->output.request.due_us : 0;
  if (op->reply == O_DONE_OK) {
    life->requests[op->number].id = op->output.request.request;
    life_target(life, due_us, op->person);
  }
  life_note(life, "request %d of person %d, due %lld: %s", op->number, op->person,
            (long long)due_us, life_word(op->reply));
  oracle_request(life->oracle, life->now_us, op->person, op->number, due_us, op->reply);
  if (op->right != RIGHT_MARKETING_OBJECTION)
    return;
  // An objection acts at once: opted out and closed with the same answer [GDPR 21(3)].
  oracle_opt_out(life->oracle, life->now_us, op->person, op->reply);
  oracle_request_close(life->oracle, life->now_us, op->person, op->number, REQUEST_FULFILLED, false,
                       false, false, op->reply);
}

static void tell_close(struct life *life, struct life_op *op)
{
  life_note(life, "request %d of person %d closed with %d, ground %d, authority %d, court %d: %s",
            op->number, op->person, op->outcome, op->has_ground, op->has_authority, op->has_court,
            life_word(op->reply));
  oracle_request_close(life->oracle, life->now_us, op->person, op->number, op->outcome,
                       op->has_ground, op->has_authority, op->has_court, op->reply);
}

static void tell_erase(struct life *life, struct life_op *op)
{
  life_note(life, "erasure of person %d, request %d: %s", op->person, op->number,
            life_word(op->reply));
  oracle_erase(life->oracle, life->now_us, op->person, op->reply);
}

static void (*const tells[LIFE_KIND_COUNT])(struct life *, struct life_op *) = {
    [LIFE_PERSON] = tell_person,   [LIFE_CONTRACT] = tell_thing, [LIFE_ORDER] = tell_thing,
    [LIFE_EVENT] = tell_event,     [LIFE_PURCHASE] = tell_put,   [LIFE_ACCESS] = tell_put,
    [LIFE_CREDIT] = tell_put,      [LIFE_ODD_PUT] = tell_put,    [LIFE_USE] = tell_use,
    [LIFE_OPT_OUT] = tell_opt_out, [LIFE_STAGE] = tell_stage,    [LIFE_REQUEST] = tell_request,
    [LIFE_CLOSE] = tell_close,     [LIFE_ERASE] = tell_erase,
};

void life_tell(struct life *life, struct life_op *op)
{
  enum err_code code = op->operation.code;
  op->reply = op->operation.state == OPERATION_DONE ? life_reply_of(code) : O_FAILED;
  tells[op->kind](life, op);
  if (op->reply == O_FAILED && life->is_verbose)
    (void)printf("    %s: %s\n", err_id(code), op->operation.err.message);
  life->counts.operations++;
  life->counts.refused += op->reply == O_REFUSED ? 1 : 0;
  life->counts.failed += op->reply == O_FAILED ? 1 : 0;
  life->counts.unknown += op->reply == O_UNKNOWN ? 1 : 0;
}
