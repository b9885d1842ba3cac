// All persons of a home, one after the other, in order of their ids. They are read in pages, so
// that what is done with one may change the store.
#ifndef FORVAR_CORE_EVERYBODY_H
#define FORVAR_CORE_EVERYBODY_H

#include "base/err.h"
#include "base/ids.h"

struct store;

// Calls each() until it fails; its code is then the answer.
MUST_CHECK enum err_code everybody_each(struct store *store,
                                        enum err_code (*each)(void *context,
                                                              struct person_id person,
                                                              struct err *err),
                                        void *context, struct err *err);

#endif
