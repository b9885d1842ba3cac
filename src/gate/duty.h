// What an allow obliges to, as a closed list.
#ifndef FORVAR_GATE_DUTY_H
#define FORVAR_GATE_DUTY_H

#include <stdbool.h>

// What whoever uses an allow has to do with it (duties.def).
enum gate_duty {
#define DUTY(symbol, name, law, swedish, english) GATE_DUTY_##symbol,
#include "gate/duties.def"
#undef DUTY
  GATE_DUTY_COUNT
};
const char *gate_duty_name(enum gate_duty duty);  // "way_out"
const char *gate_duty_law(enum gate_duty duty);
const char *gate_duty_told(enum gate_duty duty, bool in_swedish);

#endif
