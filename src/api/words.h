// From the words of a caller (names of the policy, outer ids, local times) to the numbers of the
// core. The command line and the routes share it, so that both understand the same words.
#ifndef FORVAR_API_WORDS_H
#define FORVAR_API_WORDS_H

#include <stdint.h>

#include "base/document.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"
#include "core/core.h"
#include "core/mark.h"
#include "core/use.h"
#include "core/verbs.h"

// ERR_CONFLICT before the first activation.
MUST_CHECK enum err_code words_policy(const struct core *core, const struct policy **ret_policy,
                                      struct err *err);

// ERR_NOT_FOUND if the text is no id of this home: the answer is the same as for an id whose
// person is gone.
MUST_CHECK enum err_code words_person(const struct core *core, struct view text,
                                      struct person_id *ret_person, struct err *err);
MUST_CHECK enum err_code words_thing(const struct core *core, struct view text,
                                     struct thing_id *ret_thing, struct err *err);
void words_person_write(const struct core *core, struct person_id person,
                        char ret_text[PUBLIC_ID_BYTES]);
void words_thing_write(const struct core *core, struct thing_id thing,
                       char ret_text[PUBLIC_ID_BYTES]);

// Index of a name of the policy. ERR_INPUT with the nearest name that there is. Kinds: those of
// names.h that a caller can name.
MUST_CHECK enum err_code words_index(const struct policy *policy, enum name_kind kind,
                                     struct view name, int32_t *ret_index, struct err *err);

// A channel of marketing: "email", "sms" ..., as policy/schema.h lists them. ERR_INPUT if it is
// none.
MUST_CHECK enum err_code words_channel(struct view name, int32_t *ret_channel, struct err *err);

// A party of the register, or a category of recipients: whom data is to go to. What the policy does
// not know is named all the same, for the gate to refuse; an empty text: nobody.
struct use_leaving words_leaving(const struct policy *policy, struct view name);

// "deceased" or "protected". ERR_INPUT.
MUST_CHECK enum err_code words_mark(struct view name, enum mark_bit *ret_mark, struct err *err);

// A local day (its first instant) or a local time of the policy's zone; empty: now.
MUST_CHECK enum err_code words_when(struct core *core, struct view text, int64_t *ret_us,
                                    struct err *err);

// The members of an object as values of fields: a text, or a list of texts for a field that takes
// many. A name that the policy does not know becomes index -1, for the gate to refuse. Borrowed
// from the document. ERR_LIMIT past VALUES_MAX.
struct words_values {
  const struct policy *policy;
  struct record_value items[VALUES_MAX];
  int32_t count;
};
MUST_CHECK enum err_code words_values_read(const struct document *object,
                                           struct words_values *values, struct err *err);

#endif
