// Messages: staged with the change that causes them, sent by a job, through the gate both times
// (P4, P6). An opt-out between staging and sending stops the message, whichever process sends.
#ifndef FORVAR_NOTIFY_OUTBOX_H
#define FORVAR_NOTIFY_OUTBOX_H

#include "base/network.h"
#include "core/core.h"
#include "gate/gate.h"

enum outbox_kind { OUTBOX_MESSAGE = 1 };
enum outbox_state { OUTBOX_STAGED = 0, OUTBOX_SENT = 1, OUTBOX_NOT_SENT = 2 };
enum { OUTBOX_PAYLOAD_BYTES_MAX = 16 * 1024, OUTBOX_KEY_BYTES = 48 };
#define OUTBOX_LEASE_US (60 * CLOCK_SECOND_US)

struct message_stage_input {
  struct person_id person;
  int32_t purpose;  // index
  int32_t channel;  // enum marketing_channel
  struct view payload;
  int64_t due_us;  // 0: at once
  // Of advertising: the goods that it is about, beside those of the purpose (empty: they are
  // those), and what a list of people who want none says, with the day of the list.
  struct view goods;
  enum gate_list blocked;
  int64_t washed_us;
};
struct message_stage_output {
  int64_t message;  // number within the person
};
// ERR_REFUSED if the gate refuses the purpose, the channel or the person's address.
extern const struct verb verb_message_stage;

struct outbox_result {
  int64_t sent, not_sent, failed;  // failed: the network was away; tried again later
};
// Claims, decides again, delivers and marks every message that is due.
MUST_CHECK enum err_code outbox_send_due(struct core *core, const struct network *network,
                                         struct outbox_result *ret_result, struct err *err);

#endif
