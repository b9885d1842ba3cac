// What one run was asked, what it found, and how that is told: a few plain lines or one JSON
// document with the schema forvar.verify/1.
#ifndef FORVAR_VERIFY_REPORT_H
#define FORVAR_VERIFY_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "verify/book.h"
#include "verify/finding.h"
#include "verify/kept.h"
#include "verify/note.h"

enum verify_kind { VERIFY_UNKNOWN, VERIFY_HOME, VERIFY_EXPORT, VERIFY_RECEIPT };

// What a receipt is about, once it holds.
struct verify_receipt {
  int64_t index;
  int64_t size;
  int64_t time_us;
  uint8_t kind;       // enum ledger_kind
  uint8_t operation;  // enum ledger_operation
};

struct verify_report {
  const char *path;  // borrowed
  enum verify_kind kind;
  char origin[LEDGER_ORIGIN_BYTES_MAX + 1];  // empty until it is read
  bool key_is_given;
  uint8_t key[VERIFY_KEY_BYTES];
  struct verify_kept kept;
  struct verify_book book;
  struct verify_receipt receipt;
  struct verify_finding finding;
};

void verify_report_clean(struct verify_report *report);

// The origin and the key that the file itself names are taken over; with a given key, the file's
// own must be the same. The first is called before the batches are walked, the second after them.
VERIFY_MUST_CHECK enum verify_outcome verify_report_origin(struct verify_report *report,
                                                           const struct verify_at *at,
                                                           const char *bytes, size_t count);
VERIFY_MUST_CHECK enum verify_outcome verify_report_key(struct verify_report *report,
                                                        const struct verify_at *at,
                                                        const uint8_t own_key[VERIFY_KEY_BYTES]);

struct verify_signer verify_report_signer(const struct verify_report *report);

void verify_report_print(const struct verify_report *report, enum verify_outcome outcome,
                         FILE *out);
// False without memory, or if out cannot be written.
VERIFY_MUST_CHECK bool verify_report_print_json(const struct verify_report *report,
                                                enum verify_outcome outcome, FILE *out);

#endif
