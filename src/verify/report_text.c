#include "verify/report_text.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const kind_words[] = {
    [VERIFY_UNKNOWN] = "file",
    [VERIFY_HOME] = "home",
    [VERIFY_EXPORT] = "export",
    [VERIFY_RECEIPT] = "receipt",
};

static const char *const place_words[] = {
    [VERIFY_AT_BATCH] = "batch", [VERIFY_AT_HEAD] = "head", [VERIFY_AT_KEPT_HEAD] = "kept_head",
    [VERIFY_AT_META] = "meta",   [VERIFY_AT_LINE] = "line", [VERIFY_AT_RECEIPT] = "receipt",
};

static const char *const entry_kind_words[LEDGER_KIND_END] = {
    [LEDGER_USE] = "use",       [LEDGER_CHANGE] = "change", [LEDGER_STATE] = "state",
    [LEDGER_POLICY] = "policy", [LEDGER_SYSTEM] = "system",
};

static const char *const operation_words[LEDGER_OP_END] = {
    [LEDGER_OP_READ] = "read",
    [LEDGER_OP_DECIDE] = "decide",
    [LEDGER_OP_PERSON_ADD] = "person added",
    [LEDGER_OP_THING_ADD] = "thing added",
    [LEDGER_OP_EVENT_ADD] = "event added",
    [LEDGER_OP_RECORD_PUT] = "record put",
    [LEDGER_OP_OPT_OUT] = "opt-out",
    [LEDGER_OP_SWEEP] = "sweep of a person",
    [LEDGER_OP_ERASE] = "erasure",
    [LEDGER_OP_REQUEST] = "request received",
    [LEDGER_OP_REQUEST_CLOSE] = "request closed",
    [LEDGER_OP_STAGE] = "message staged",
    [LEDGER_OP_SEND] = "message sent or not",
    [LEDGER_OP_POLICY] = "policy activated",
    [LEDGER_OP_EPOCH_BEGIN] = "key epoch begun",
    [LEDGER_OP_EPOCH_FINISH] = "key epoch finished",
    [LEDGER_OP_CLOCK] = "clock guard",
    [LEDGER_OP_SERVICE_ADD] = "service added",
    [LEDGER_OP_STATE] = "state",
    [LEDGER_OP_SWEEP_RUN] = "sweep",
    [LEDGER_OP_OVERDUE] = "deadline passed",
    [LEDGER_OP_EVENT_RETRACT] = "event retracted",
    [LEDGER_OP_HOME] = "home made",
    [LEDGER_OP_HOLD] = "hold on erasing",
    [LEDGER_OP_HOLD_RELEASE] = "hold released",
    [LEDGER_OP_ERASE_PART] = "erasure in part",
    [LEDGER_OP_POLICY_APPROVE] = "policy approved",
    [LEDGER_OP_READ_MASK] = "read mask",
    [LEDGER_OP_TASK] = "task",
    [LEDGER_OP_SWEEP_STOP] = "sweep stopped",
    [LEDGER_OP_CONSENT] = "consent",
    [LEDGER_OP_STATISTIC] = "statistic",
    [LEDGER_OP_MARK] = "mark",
    [LEDGER_OP_ALLOW] = "party allowed",
    [LEDGER_OP_BREAK_GLASS] = "opened in an emergency",
    [LEDGER_OP_OBJECTION] = "objection",
    [LEDGER_OP_RESTRICTION] = "restriction",
    [LEDGER_OP_LINK] = "persons merged or parted",
};

const char *verify_kind_word(enum verify_kind kind) { return kind_words[kind]; }

const char *verify_place_word(enum verify_place place) { return place_words[place]; }

const char *verify_entry_kind_word(uint8_t kind)
{
  return kind < LEDGER_KIND_END && entry_kind_words[kind] != NULL ? entry_kind_words[kind]
                                                                  : "unknown";
}

const char *verify_operation_word(uint8_t operation)
{
  return operation < LEDGER_OP_END && operation_words[operation] != NULL
             ? operation_words[operation]
             : "unknown";
}

void verify_format_count(char ret_text[VERIFY_NUMBER_BYTES], int64_t count)
{
  char digits[VERIFY_NUMBER_BYTES];
  int left = snprintf(digits, sizeof digits, "%" PRId64, count);
  size_t at = 0;
  for (int i = 0; i < left; i++) {
    if (i > 0 && (left - i) % 3 == 0 && digits[i - 1] != '-')
      ret_text[at++] = ',';
    ret_text[at++] = digits[i];
  }
  ret_text[at] = 0;
}

// Days since 1970-01-01 to a date of the Gregorian calendar; the year begins on 1 March within, so
// that the leap day is the last of a year.
static void split_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
  enum { DAYS_400_YEARS = 146097, DAYS_0000_03_01_TO_1970 = 719468 };
  int64_t shifted = days + DAYS_0000_03_01_TO_1970;
  int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_400_YEARS - 1)) / DAYS_400_YEARS;
  int64_t day_of_era = shifted - era * DAYS_400_YEARS;
  int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * day_of_year + 2) / 153;
  *ret_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
  *ret_month = (int)(month < 10 ? month + 3 : month - 9);
  *ret_year = year + era * 400 + (*ret_month <= 2 ? 1 : 0);
}

void verify_format_time(char ret_text[VERIFY_TIME_BYTES], int64_t time_us)
{
  static const int64_t day_us = INT64_C(86400000000);
  int64_t days = time_us / day_us - (time_us % day_us < 0 ? 1 : 0);
  int64_t rest_us = time_us - days * day_us;
  int64_t year = 0;
  int month = 0;
  int day = 0;
  split_days(days, &year, &month, &day);
  if (year < 0 || year > 9999) {
    snprintf(ret_text, VERIFY_TIME_BYTES, "%" PRId64, time_us);
    return;
  }
  int64_t seconds = rest_us / 1000000;
  snprintf(ret_text, VERIFY_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", (int)year, month,
           day, (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60),
           (int)(rest_us % 1000000));
}
