// Decisions and uses as members of JSON documents, the same from a route and from a command.
#ifndef FORVAR_API_DECISION_H
#define FORVAR_API_DECISION_H

#include "base/document.h"
#include "core/use.h"
#include "ledger/format.h"

// allowed; reason, reasons, law, help of a refusal; kind, basis, law of an allow; policy (id,
// version, line, column), end, gone, at, entry.
void decision_set(struct document *object, const struct use_answer *answer);

// decision, and values with value, thing, recorded, obtained.
void decision_set_use(struct document *object, const struct core *core,
                      const struct use_answer *answer);

// The name by which a decision can be found in the log: the hash of its leaf, in hexadecimal.
enum { DECISION_ENTRY_BYTES = 2 * LEDGER_HASH_BYTES + 1 };
void decision_entry_name(const unsigned char entry[LEDGER_ENTRY_BYTES],
                         char ret_name[DECISION_ENTRY_BYTES]);

#endif
