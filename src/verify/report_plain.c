#include "verify/report.h"

#include <inttypes.h>
#include <string.h>

#include "verify/report_text.h"

static const char *plural(int64_t count, const char *one, const char *many)
{
  return count == 1 ? one : many;
}

static void print_heads(const struct verify_report *report, const struct verify_log *log, FILE *out)
{
  char size[VERIFY_NUMBER_BYTES];
  char count[VERIFY_NUMBER_BYTES];
  verify_format_count(size, log->head_size);
  verify_format_count(count, log->heads);
  if (log->heads == 0) {
    fprintf(out, "no head: the batches fit each other, but nothing here is signed\n");
    return;
  }
  if (log->heads == 1)
    fprintf(out, "head of size %s signed by %s holds\n", size, report->origin);
  else
    fprintf(out, "%s heads signed by %s hold, the last of size %s\n", count, report->origin, size);
  int64_t after = log->entries - log->head_size;
  verify_format_count(count, after);
  if (after > 0)
    fprintf(out, "%s %s after the last head %s not signed\n", count,
            plural(after, "entry", "entries"), plural(after, "is", "are"));
}

static void print_log(const struct verify_report *report, const struct verify_log *log, FILE *out)
{
  char entries[VERIFY_NUMBER_BYTES];
  char batches[VERIFY_NUMBER_BYTES];
  verify_format_count(entries, log->entries);
  verify_format_count(batches, log->batches);
  if (report->book.log_count > 1)
    fprintf(out, "log %" PRId64 ":\n", log->number);
  fprintf(out, "%s %s in %s %s\n", entries, plural(log->entries, "entry", "entries"), batches,
          plural(log->batches, "batch", "batches"));
  print_heads(report, log, out);
}

static void print_receipt(const struct verify_report *report, FILE *out)
{
  const struct verify_receipt *receipt = &report->receipt;
  char index[VERIFY_NUMBER_BYTES];
  char size[VERIFY_NUMBER_BYTES];
  char time[VERIFY_TIME_BYTES];
  verify_format_count(index, receipt->index);
  verify_format_count(size, receipt->size);
  verify_format_time(time, receipt->time_us);
  fprintf(out, "entry %s, %s (%s) of %s, commits to the body\n", index,
          verify_operation_word(receipt->operation), verify_entry_kind_word(receipt->kind), time);
  fprintf(out, "head of size %s signed by %s holds and covers it\n", size, report->origin);
}

static void print_trust(const struct verify_report *report, FILE *out)
{
  const char *kind = verify_kind_word(report->kind);
  char count[VERIFY_NUMBER_BYTES];
  verify_format_count(count, (int64_t)report->kept.count);
  if (report->kind == VERIFY_RECEIPT && report->kept.count > 0)
    fprintf(out, "the head is among the %s kept elsewhere\n", count);
  else if (report->kept.count > 0)
    fprintf(out, "%s %s kept elsewhere %s\n", count,
            plural((int64_t)report->kept.count, "head", "heads"),
            plural((int64_t)report->kept.count, "fits", "fit"));
  else if (report->kind != VERIFY_RECEIPT)
    fprintf(out, "no kept head given: a log cut back with its heads would not be seen\n");
  if (report->key_is_given)
    fprintf(out, "key as given\n");
  else
    fprintf(out, "key taken from the %s itself: keep the key elsewhere to exclude a forged %s\n",
            kind, kind);
}

static void print_holds(const struct verify_report *report, FILE *out)
{
  static const struct verify_log empty = {0};
  fprintf(out, "holds: %s of %s\n", verify_kind_word(report->kind), report->origin);
  if (report->kind == VERIFY_RECEIPT)
    print_receipt(report, out);
  else if (report->book.log_count == 0)
    print_log(report, &empty, out);
  for (size_t i = 0; i < report->book.log_count; i++)
    print_log(report, &report->book.logs[i], out);
  print_trust(report, out);
}

static void print_entries(const struct verify_at *at, FILE *out)
{
  if (at->entry_count == 1)
    fprintf(out, ", entry %" PRId64, at->entry);
  else if (at->entry_count > 1)
    fprintf(out, ", entries %" PRId64 " to %" PRId64, at->entry, at->entry + at->entry_count - 1);
}

static void print_place(const struct verify_at *at, FILE *out)
{
  switch (at->place) {
    case VERIFY_AT_BATCH:
      fprintf(out, "log %" PRId64 ", batch first=%" PRId64, at->log, at->first);
      break;
    case VERIFY_AT_HEAD:
      fprintf(out, "log %" PRId64 ", head size=%" PRId64, at->log, at->size);
      break;
    case VERIFY_AT_KEPT_HEAD:
      fprintf(out, "kept head %" PRId64 " of %s", at->note, at->file);
      break;
    case VERIFY_AT_META:
      fprintf(out, "table meta");
      break;
    case VERIFY_AT_RECEIPT:
      fprintf(out, "receipt");
      break;
    case VERIFY_AT_LINE:
      fprintf(out, "line %" PRId64, at->line);
      return;
  }
  if (at->line > 0)
    fprintf(out, " (line %" PRId64 ")", at->line);
  print_entries(at, out);
}

static void print_wrong(const struct verify_report *report, FILE *out)
{
  const struct verify_finding *finding = &report->finding;
  fprintf(out, "does not hold: %s %s\n", verify_kind_word(report->kind), report->path);
  print_place(&finding->at, out);
  fprintf(out, ": %s\nexpected %s\nfound    %s\n", finding->what, finding->expected,
          finding->found);
}

void verify_report_print(const struct verify_report *report, enum verify_outcome outcome, FILE *out)
{
  if (outcome == VERIFY_HOLDS)
    print_holds(report, out);
  else
    print_wrong(report, out);
}
