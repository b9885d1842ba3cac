#include "api/decision.h"

#include "api/words.h"
#include "base/calendar.h"
#include "ledger/tree.h"

void decision_entry_name(const unsigned char entry[LEDGER_ENTRY_BYTES],
                         char ret_name[DECISION_ENTRY_BYTES])
{
  unsigned char hash[LEDGER_HASH_BYTES];
  tree_leaf_hash(entry, LEDGER_ENTRY_BYTES, hash);
  hex_write(hash, sizeof hash, ret_name);
}

static void set_time(struct document *object, const char *member, const struct policy *policy,
                     int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(policy->zone, instant_us, text);
  document_set_text(object, member, view_of(text));
}

static void set_words(struct document *object, const char *swedish, const char *english)
{
  struct document *why = document_object();
  document_set_text(why, "sv", view_of(swedish));
  document_set_text(why, "en", view_of(english));
  document_set(object, "why", why);
}

static void set_refusal(struct document *object, const struct gate_decision *decision)
{
  document_set_text(object, "reason", view_of(gate_reason_name(decision->first)));
  struct document *reasons = document_array();
  for (int reason = 0; reason < GATE_REASON_COUNT; reason++)
    if (gate_reasons_have(decision->reasons, (enum gate_reason)reason))
      document_add_text(reasons, view_of(gate_reason_name((enum gate_reason)reason)));
  document_set(object, "reasons", reasons);
  document_set_text(object, "law", view_of(gate_reason_article(decision->first)));
  document_set_text(object, "help", view_of(gate_reason_remedy(decision->first)));
  set_words(object, gate_reason_told(decision->first, true),
            gate_reason_told(decision->first, false));
}

static void set_basis(struct document *object, const struct use_answer *answer)
{
  if (answer->decision.basis_row < 0)
    return;
  const struct basis_row *basis = &answer->policy->basis_rows[answer->decision.basis_row];
  document_set_text(object, "kind", view_of(answer->policy->kinds[basis->kind].name));
  document_set_text(object, "basis", view_of(basis_name(basis->basis)));
  document_set_text(object, "law", view_of(basis_article(basis->basis)));
}

static void set_place(struct document *object, const struct use_answer *answer)
{
  struct document *place = document_object();
  document_set_text(place, "id", view_of(answer->policy->id));
  document_set_int(place, "version", answer->policy->version);
  if (answer->decision.place.line > 0) {
    document_set_int(place, "line", answer->decision.place.line);
    document_set_int(place, "column", answer->decision.place.column);
  }
  document_set(object, "policy", place);
}

static void set_duties(struct document *object, uint32_t duties)
{
  struct document *list = document_array();
  for (int duty = 0; duty < GATE_DUTY_COUNT; duty++) {
    enum gate_duty of = (enum gate_duty)duty;
    if ((duties >> duty & 1) == 0)
      continue;
    struct document *row = document_object();
    document_set_text(row, "duty", view_of(gate_duty_name(of)));
    document_set_text(row, "law", view_of(gate_duty_law(of)));
    set_words(row, gate_duty_told(of, true), gate_duty_told(of, false));
    document_add(list, row);
  }
  document_set(object, "duties", list);
}

void decision_set(struct document *object, const struct use_answer *answer)
{
  const struct gate_decision *decision = &answer->decision;
  char entry[DECISION_ENTRY_BYTES];
  document_set_bool(object, "allowed", decision->allowed);
  if (decision->masked)
    document_set_bool(object, "masked", true);
  if (decision->allowed)
    set_basis(object, answer);
  else
    set_refusal(object, decision);
  if (decision->allowed)
    set_duties(object, decision->duties);
  set_place(object, answer);
  if (decision->end.state == END_AT) {
    set_time(object, "end", answer->policy, decision->end.use_us);
    set_time(object, "gone", answer->policy, decision->end.gone_us);
  }
  set_time(object, "at", answer->policy, answer->decided_us);
  decision_entry_name(answer->entry, entry);
  document_set_text(object, "entry", view_of(entry));
}

static struct document *value_document(const struct core *core, const struct use_answer *answer,
                                       const struct use_value *value)
{
  struct document *document = document_object();
  document_set_text(document, "value", value->value);
  if (value->thing != 0) {
    char id[PUBLIC_ID_BYTES];
    words_thing_write(core, (struct thing_id){value->thing}, id);
    document_set_text(document, "thing", view_of(id));
  }
  set_time(document, "recorded", answer->policy, value->recorded_us);
  set_time(document, "obtained", answer->policy, value->obtained_us);
  return document;
}

void decision_set_use(struct document *object, const struct core *core,
                      const struct use_answer *answer)
{
  struct document *decision = document_object();
  decision_set(decision, answer);
  document_set(object, "decision", decision);
  struct document *values = document_array();
  for (int32_t i = 0; i < answer->value_count; i++)
    document_add(values, value_document(core, answer, &answer->values[i]));
  document_set(object, "values", values);
}
