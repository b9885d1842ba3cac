// A walk past every record that may come to its end up to an instant: each hint of the due index
// leads to a person and class, and each of these is looked at once. Changes nothing.
#ifndef FORVAR_RETAIN_WALK_H
#define FORVAR_RETAIN_WALK_H

#include "retain/due.h"

struct walk {
  struct core *core;
  int64_t at_us;                  // is_due and is_held of a record are as of this instant
  int64_t last_us;                // hints up to its day lead on; behind it a record may be missed
  const struct sweep_pace *pace;  // rests now and then; NULL: does not
  bool (*wants)(void *context, const struct class_info *info);  // NULL: every class
  // The record is borrowed; policy and classes may be others for the next one.
  enum err_code (*note)(void *context, const struct class_info *info,
                        const struct due_record *record, struct err *err);
  void *context;
};

// Cost: linear in the records of the persons that are met. A failure of `note` ends the walk.
MUST_CHECK enum err_code walk_run(const struct walk *walk, struct err *err);

#endif
