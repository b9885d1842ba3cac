// Words and numbers that both forms of the report use.
#ifndef FORVAR_VERIFY_REPORT_TEXT_H
#define FORVAR_VERIFY_REPORT_TEXT_H

#include <stdint.h>

#include "verify/report.h"

enum { VERIFY_NUMBER_BYTES = 32, VERIFY_TIME_BYTES = 48 };

const char *verify_kind_word(enum verify_kind kind);
const char *verify_place_word(enum verify_place place);
// "unknown" for numbers that the format does not have yet.
const char *verify_entry_kind_word(uint8_t kind);
const char *verify_operation_word(uint8_t operation);

// 1234567 becomes 1,234,567.
void verify_format_count(char ret_text[VERIFY_NUMBER_BYTES], int64_t count);
// RFC 3339 in UTC with microseconds; a year that has not four digits gives the number of
// microseconds since 1970 instead.
void verify_format_time(char ret_text[VERIFY_TIME_BYTES], int64_t time_us);

#endif
