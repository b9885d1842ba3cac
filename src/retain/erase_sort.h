// Inside: the records that an erasure is about, parted into those that go and those that stay, and
// who else has what goes. Plans and the erasure itself share it, so that they say the same.
#ifndef FORVAR_RETAIN_ERASE_SORT_H
#define FORVAR_RETAIN_ERASE_SORT_H

#include "core/class.h"
#include "core/state.h"
#include "retain/erase.h"
#include "retain/hold.h"

struct erase_record {
  struct record_row row;  // with its value, in the arena
  const struct class_info *info;
  struct erase_record *next;
  // Of one that stays.
  enum erase_reason why;
  int32_t purpose;              // unless a hold keeps it
  const struct hold_row *hold;  // that keeps it, or NULL
  struct end end;
};

struct erase_sort {
  struct core *core;
  const struct person_state *state;
  const struct erase_scope *scope;
  int64_t now_us;
  struct arena *arena;  // of what is found
  // Found.
  struct holds holds;
  struct erase_record *goes, **last_goes;    // in order of record id
  struct erase_record *stays, **last_stays;  // in order of record id
  int64_t goes_count, stays_count, held_count;
  int64_t outside_count;  // records that were not asked for
  struct others others;   // who has something of what goes
  bool is_whole;
};

// `sort` with its first five members set. ERR_INPUT, ERR_NOT_FOUND.
MUST_CHECK enum err_code erase_sort_read(struct erase_sort *sort, struct err *err);
// Over everything that is found, so that a plan can be recognised.
void erase_sort_digest(const struct erase_sort *sort, unsigned char ret_digest[SHA256_BYTES]);
const char *erase_stay_name(const struct erase_sort *sort, const struct erase_record *record);
const char *erase_stay_law(const struct erase_record *record);

#endif
