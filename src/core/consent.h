// Consents: how each came to stand, append-only, with the evidence that Article 7(1) asks for (who,
// when, by which words, how), and what of it is in force.
//
// A consent that is given is held by a thing of the policy (`consents.*.given`, or the `given` of
// the basis that names it): giving makes the thing, withdrawing is the event that ends its span,
// and the span ends by itself when the consent lapses. So spans, kinds, keep rules and the sweep
// know of consents without knowing of them. What is told beside that stands in rows of the store:
// the text, its hash, language, channel, method.
#ifndef FORVAR_CORE_CONSENT_H
#define FORVAR_CORE_CONSENT_H

#include "core/batch.h"

enum consent_state {  // R-025 in terms of W3C DPV; numbers stand in the store, new ones at the end
  CONSENT_UNKNOWN,
  CONSENT_REQUESTED,
  CONSENT_DEFERRED,
  CONSENT_REFUSED,
  CONSENT_GIVEN,
  CONSENT_RENEWED,
  CONSENT_EXPIRED,  // never stored: a row given and past its `until_us`
  CONSENT_WITHDRAWN,
  CONSENT_INVALIDATED,  // it never was one: entered by mistake, or given by a child alone
  CONSENT_STATE_COUNT
};
const char *consent_state_name(enum consent_state state);  // "withdrawn"
bool consent_is_given(enum consent_state state);           // given or renewed: alone allow a use

enum consent_method {  // how the person said it; numbers stand in the store
  CONSENT_BY_HAND,     // entered as a thing or an event, and nothing is known of it
  CONSENT_BY_CLICK,
  CONSENT_BY_SIGNATURE,
  CONSENT_BY_WORD,
  CONSENT_BY_LETTER,
  CONSENT_BY_SETTING,
  CONSENT_BY_CONFIRMATION,  // a second step by the address itself
  CONSENT_METHOD_COUNT
};
const char *consent_method_name(enum consent_method method);  // "click"
// ERR_INPUT for what is no act of the person, such as a box ticked beforehand, and for
// words that nobody knows.
MUST_CHECK enum err_code consent_method_find(struct view name, enum consent_method *ret_method,
                                             struct err *err);

enum consent_how {  // bits
  CONSENT_IN_SWEDISH = 1,
  CONSENT_IN_ENGLISH = 2,
  CONSENT_EXPRESS = 4,    // a statement and not a mere act (GDPR 9(2)(a), 22(2)(c))
  CONSENT_BY_PARENT = 8,  // the holder of parental responsibility gave or authorised it (8(1))
};

// ── What is stored ──────────────────────────────────────────────────────────────────────────
enum { CONSENT_ROWS_MAX = 10000 };

struct consent_item {  // a row with its hash in place
  struct consent_row row;
  unsigned char wording[32];
};
struct consent_list {  // in the order in which they were entered; owned
  struct consent_item *items;
  int32_t count, capacity;
};
#define CONSENT_LIST_INIT \
  {                       \
    NULL, 0, 0            \
  }
void consent_list_cleanup(struct consent_list *list);
MUST_CHECK enum err_code consent_list_load(struct consent_list *list, struct store *store,
                                           struct person_id person, struct err *err);

// Does the thing hold this consent, by its type?
bool consent_holds_in(const struct policy *policy, int32_t consent, int32_t thing_type);
// The last row about the thing, or NULL.
const struct consent_row *consent_of_thing(const struct consent_list *list, int64_t thing);
// Whether the row is about the very text that the consent has today: same id, same words.
bool consent_is_of_today(const struct policy *policy, const struct names *names, int32_t consent,
                         const struct consent_row *row);

// While a state is derived, after the spans of its things: lets consents lapse, and marks those
// that were given to another text than today's.
void consent_apply(struct person_state *state, const struct consent_list *list,
                   const struct policy *policy, const struct names *names, int64_t now_us);

// How a consent of the policy stands: the state, the row that it rests on (NULL if there is none)
// and whether that is to today's text.
struct consent_standing {
  enum consent_state state;
  const struct consent_row *row;
  bool is_of_today;
};
struct consent_standing consent_standing(const struct consent_list *list,
                                         const struct person_state *state,
                                         const struct policy *policy, const struct names *names,
                                         int32_t consent, int64_t now_us);

// The age from which somebody consents alone to this: that of the law of the country on the day
// (GDPR 8(1)), or the policy's own where that is higher. An empty country is that of the company.
int32_t consent_age(const struct policy *policy, int32_t consent, struct view country, int64_t day);
// Whether the field tells when somebody was born, and the day if the value does.
bool consent_field_tells_birth(const struct field *field);
bool consent_birth_of(const struct field *field, struct view value, int64_t today,
                      int64_t *ret_born_day);

// ── Within an operation ─────────────────────────────────────────────────────────────────────
// Enters how a consent came to stand: state, thing, channel, method, how, given, until and wording
// are the caller's, the rest is filled in. The state is derived anew.
MUST_CHECK enum err_code consent_enter(struct batch *batch, const struct operation *operation,
                                       struct person_state **state, int32_t consent,
                                       struct consent_row row, struct err *err);
// Ends the consent that a thing holds, now, as withdrawn or invalidated.
MUST_CHECK enum err_code consent_end(struct batch *batch, const struct operation *operation,
                                     struct person_state **state, int32_t consent, int64_t thing,
                                     struct consent_row row, struct err *err);
// When the person was born, as far as records tell.
MUST_CHECK enum err_code consent_find_birth(struct batch *batch, const struct person_state *state,
                                            bool *ret_known, int64_t *ret_born_day,
                                            struct err *err);
// An event of a thing that holds a consent was entered, or taken back, by hand: the consent's row
// follows.
MUST_CHECK enum err_code consent_follow(struct batch *batch, const struct operation *operation,
                                        struct person_state **state, const struct event_row *event,
                                        bool is_retracted, struct err *err);
// A date of birth came to be known: what somebody under age had consented to alone is none.
MUST_CHECK enum err_code consent_meet_birth(struct batch *batch, const struct operation *operation,
                                            struct person_state **state, int64_t born_day,
                                            struct err *err);

#endif
