// Consents in words, for the command line and the routes: what is entered, and how each stands.
#ifndef FORVAR_API_CONSENT_WORDS_H
#define FORVAR_API_CONSENT_WORDS_H

#include "base/document.h"
#include "core/consent.h"
#include "core/verbs.h"

struct consent_words {  // empty where nothing is said
  struct view consent, state, language, channel, method, born, country, inside;
  bool is_express, is_by_parent;
};
// ERR_INPUT with what there is for a word that is not known.
MUST_CHECK enum err_code consent_words_read(struct core *core, const struct policy *policy,
                                            const struct consent_words *words,
                                            struct consent_input *ret_input, struct err *err);

// Every consent of the policy and how it stands with the person, as an array. On the thread that
// leads.
MUST_CHECK enum err_code consent_words_list(struct core *core, struct person_id person,
                                            struct document *ret_list, struct err *err);

// What became of one that was entered.
void consent_words_set(struct document *reply, const struct core *core,
                       const struct consent_output *output);

#endif
