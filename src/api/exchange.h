// What handlers see of one request, and what they do with it. Nobody but the routes includes this.
#ifndef FORVAR_API_EXCHANGE_H
#define FORVAR_API_EXCHANGE_H

#include "api/route.h"
#include "base/arena.h"
#include "base/document.h"
#include "core/use.h"

struct exchange {
  struct home *home;
  struct core *core;
  struct reader *reader;
  const struct api_request *request;
  const struct policy *policy;
  struct actor actor;
  int32_t purpose;              // of the header: index, or -1: the policy does not know it
  const struct document *body;  // an object; of a GET it is NULL
  struct document *reply;       // an object with its schema; the handler adds the members
  struct str *text;             // the body of the reply; a handler that fills it says of what type
  const char *text_type;        // NULL: the reply is the document
  struct arena arena;
  bool replayed;
  bool has_entry;  // the decision that refused is this entry of the log
  unsigned char entry[LEDGER_ENTRY_BYTES];
};

typedef enum err_code route_function(struct exchange *exchange, struct err *err);
route_function route_health, route_subject, route_thing, route_event, route_record, route_use,
    route_decision, route_mark, route_allowance, route_opening, route_retraction,
    route_show_subject, route_show_things, route_show_events, route_show_records, route_notice,
    route_notice_sv, route_notice_en, route_task, route_show_tasks, route_statistic, route_consent,
    route_show_consents, route_objection, route_objection_decision, route_restriction,
    route_restriction_notice, route_restriction_lift, route_merge, route_split;

// The person that a member names; 0, whom the core does not find, if it is no id of this home, so
// that the answer takes the same way.
MUST_CHECK enum err_code exchange_person(const struct exchange *exchange,
                                         const struct document *object,
                                         struct person_id *ret_person, struct err *err);

// A member that may be absent: empty then.
MUST_CHECK enum err_code exchange_text(const struct document *object, const char *member,
                                       struct view *ret_text, struct err *err);

// The person that the call is about, by its header. ERR_USAGE if it names none.
MUST_CHECK enum err_code exchange_subject(const struct exchange *exchange,
                                          struct person_id *ret_person, struct err *err);

// May this service act for its purpose at all? A refusal is recorded, about nobody.
MUST_CHECK enum err_code exchange_may_write(struct exchange *exchange,
                                            enum ledger_operation operation, struct err *err);

// Refuses for a reason that has nothing to do with the person, and records it.
MUST_CHECK enum err_code exchange_refuse(struct exchange *exchange, enum gate_reason reason,
                                         struct place place, enum ledger_operation operation,
                                         struct err *err);

// Performs a write, at most once for each Idempotency-Key.
MUST_CHECK enum err_code exchange_perform(struct exchange *exchange, struct operation *operation,
                                          struct err *err);

// Decides and records a use; for a person that does not exist the same is decided, recorded and
// waited for, and the outcome is ERR_NOT_FOUND unless everybody would have been refused.
MUST_CHECK enum err_code exchange_use(struct exchange *exchange, const struct use_request *request,
                                      struct use_answer *ret_answer, struct err *err);

#endif
