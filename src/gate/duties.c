// What comes with a decision: the reasons in words, and the duties of an allow.
#include "gate/inside.h"

static const struct title told[GATE_REASON_COUNT] = {
#define TOLD(symbol, swedish, english) \
  [GATE_##symbol] = {{swedish, sizeof(swedish) - 1}, {english, sizeof(english) - 1}},
#include "gate/told.def"
#undef TOLD
};

const char *gate_reason_told(enum gate_reason reason, bool in_swedish)
{
  return in_swedish ? told[reason].sv.bytes : told[reason].en.bytes;
}

static const struct duty_row {
  const char *name;
  const char *law;
  struct title told;
} duty_rows[GATE_DUTY_COUNT] = {
#define DUTY(symbol, name, law, swedish, english) \
  [GATE_DUTY_##                                   \
      symbol] = {name, law, {{swedish, sizeof(swedish) - 1}, {english, sizeof(english) - 1}}},
#include "gate/duties.def"
#undef DUTY
};

const char *gate_duty_name(enum gate_duty duty) { return duty_rows[duty].name; }
const char *gate_duty_law(enum gate_duty duty) { return duty_rows[duty].law; }

const char *gate_duty_told(enum gate_duty duty, bool in_swedish)
{
  return in_swedish ? duty_rows[duty].told.sv.bytes : duty_rows[duty].told.en.bytes;
}

static const uint32_t by_wire = UINT32_C(1) << CHANNEL_EMAIL | UINT32_C(1) << CHANNEL_SMS |
                                UINT32_C(1) << CHANNEL_MMS | UINT32_C(1) << CHANNEL_APP;

uint32_t gate_duties_of(const struct use *use, const struct gate_decision *decision)
{
  const struct gate_request *request = use->request;
  bool is_message = request->channel != GATE_NO_CHANNEL;
  bool advertises = use->purpose != NULL && use->purpose->marketing != MARKETING_NONE;
  const bool holds[GATE_DUTY_COUNT] = {
      [GATE_DUTY_LOG] = true,
      [GATE_DUTY_MASK] = decision->masked,
      [GATE_DUTY_WARN] = (use->person->marks & GATE_MARK_PROTECTED) != 0,
      [GATE_DUTY_INFORM] = is_message && use->record->from_others,
      [GATE_DUTY_WAY_OUT] = is_message && advertises && (by_wire >> request->channel & 1) != 0,
      [GATE_DUTY_CHECK_AGAIN] = is_message,
      [GATE_DUTY_NOTE_RECIPIENT] = request->to.named,
  };
  uint32_t duties = 0;
  for (int duty = 0; duty < GATE_DUTY_COUNT; duty++)
    if (holds[duty])
      duties |= UINT32_C(1) << duty;
  return duties;
}
