// One operation of a client: what it asks, in the oracle's words and in the core's, and what came
// back. It is kept as long as its answer is unknown, so that it can be repeated with its key.
#ifndef FORVAR_TEST_SIM_LIFE_OP_H
#define FORVAR_TEST_SIM_LIFE_OP_H

#include "life.h"

#include "notify/outbox.h"
#include "retain/erase.h"
#include "rights/request.h"

enum life_kind {
  LIFE_PERSON,
  LIFE_CONTRACT,
  LIFE_ORDER,
  LIFE_EVENT,
  LIFE_PURCHASE,
  LIFE_ACCESS,
  LIFE_CREDIT,
  LIFE_ODD_PUT,
  LIFE_USE,
  LIFE_OPT_OUT,
  LIFE_STAGE,
  LIFE_REQUEST,
  LIFE_CLOSE,
  LIFE_ERASE,
  LIFE_KIND_COUNT
};

enum { LIFE_OP_VALUES_MAX = 3 };

struct life_op {
  enum life_kind kind;
  int person, thing, number;  // number: of the message or request, -1: none
  int64_t effective_us;
  enum oracle_event event;
  enum oracle_point point;
  enum oracle_source source;
  int value_count;
  int refused_value;  // the one that the policy does not take, -1: all or none
  enum oracle_field fields[LIFE_OP_VALUES_MAX];
  const char *values[LIFE_OP_VALUES_MAX];
  int64_t obtained_us;
  enum oracle_role role;
  enum oracle_purpose purpose;
  enum oracle_field field;
  int reader;
  uint32_t channels;
  int64_t due_us;
  enum right right;
  bool is_planned;  // erase: with the version of a plan
  int outcome;
  bool has_ground, has_authority, has_court;
  unsigned char key[OPERATION_KEY_BYTES];
  unsigned char digest[OPERATION_KEY_BYTES];

  // In the core's words; made anew for each attempt.
  union {
    struct person_add_input person;
    struct thing_add_input thing;
    struct event_add_input event;
    struct record_put_input put;
    struct use_log_input use;
    struct opt_out_input opt_out;
    struct message_stage_input stage;
    struct request_add_input request;
    struct request_close_input close;
    struct erase_input erase;
  } input;
  union {
    struct person_add_output person;
    struct thing_add_output thing;
    struct event_add_output event;
    struct record_put_output put;
    struct message_stage_output stage;
    struct request_add_output request;
    struct erase_output erase;
  } output;
  struct record_value record_values[LIFE_OP_VALUES_MAX];
  char payload[64];
  struct arena arena;
  struct use_answer answer;
  struct operation operation;
  enum oracle_reply reply;
};

struct life_op *life_op_new(enum life_kind kind);
void life_op_free(struct life_op *);

// life_client.c: chooses what to ask; NULL if there is nothing of the sort to ask.
// life_ask.c: puts the question into the core's words and submits it.
void life_ask(struct life *, struct life_op *);
// life_tell.c: tells the oracle of the answer, and remembers the ids that it gave.
void life_tell(struct life *, struct life_op *);

#endif
