#include "verify/report.h"

#include <jansson.h>
#include <sodium.h>

#include <string.h>

#include "verify/report_text.h"

// A path or a name of a file may have bytes that are not UTF-8, which JSON cannot tell.
static json_t *text_or_null(const char *text)
{
  json_t *string = text == NULL || text[0] == 0 ? NULL : json_string(text);
  return string != NULL ? string : json_null();
}

static json_t *number_or_null(bool is_there, int64_t number)
{
  return is_there ? json_integer(number) : json_null();
}

static json_t *make_key(const struct verify_report *report)
{
  char digits[2 * VERIFY_KEY_BYTES + 1];
  sodium_bin2hex(digits, sizeof digits, report->key, sizeof report->key);
  return json_pack("{s:s, s:s}", "from",
                   report->key_is_given ? "given" : verify_kind_word(report->kind), "public_key",
                   digits);
}

static json_t *make_logs(const struct verify_book *book)
{
  json_t *logs = json_array();
  for (size_t i = 0; i < book->log_count; i++) {
    const struct verify_log *log = &book->logs[i];
    json_array_append_new(
        logs, json_pack("{s:I, s:I, s:I, s:I, s:o}", "number", (json_int_t)log->number, "entries",
                        (json_int_t)log->entries, "batches", (json_int_t)log->batches, "heads",
                        (json_int_t)log->heads, "head_size",
                        number_or_null(log->heads > 0, log->head_size)));
  }
  return logs;
}

static json_t *make_receipt(const struct verify_receipt *receipt)
{
  char time[VERIFY_TIME_BYTES];
  verify_format_time(time, receipt->time_us);
  return json_pack("{s:I, s:I, s:s, s:s, s:s}", "index", (json_int_t)receipt->index, "size",
                   (json_int_t)receipt->size, "time", time, "kind",
                   verify_entry_kind_word(receipt->kind), "operation",
                   verify_operation_word(receipt->operation));
}

static json_t *make_wrong(const struct verify_finding *finding)
{
  const struct verify_at *at = &finding->at;
  bool is_batch = at->place == VERIFY_AT_BATCH;
  bool is_head = at->place == VERIFY_AT_HEAD;
  bool is_kept = at->place == VERIFY_AT_KEPT_HEAD;
  json_t *wrong = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "place", verify_place_word(at->place),
                            "log", number_or_null(is_batch || is_head, at->log), "first",
                            number_or_null(is_batch, at->first), "entry",
                            number_or_null(at->entry_count > 0, at->entry), "entry_count",
                            number_or_null(at->entry_count > 0, at->entry_count), "head_size",
                            number_or_null(is_head || (is_kept && at->size > 0), at->size));
  json_t *rest = json_pack(
      "{s:o, s:o, s:o, s:s, s:o, s:o}", "line", number_or_null(at->line > 0, at->line), "file",
      text_or_null(at->file), "note", number_or_null(is_kept, at->note), "what", finding->what,
      "expected", text_or_null(finding->expected), "found", text_or_null(finding->found));
  json_object_update_new(wrong, rest);
  return wrong;
}

static json_t *make_document(const struct verify_report *report, enum verify_outcome outcome)
{
  json_t *document = json_pack("{s:s, s:o, s:s}", "schema", "forvar.verify/1", "file",
                               text_or_null(report->path), "kind", verify_kind_word(report->kind));
  if (outcome == VERIFY_UNREADABLE) {
    json_object_set_new(document, "holds", json_null());
    json_object_set_new(document, "error", text_or_null(report->finding.trouble));
    return document;
  }
  json_object_set_new(document, "holds", json_boolean(outcome == VERIFY_HOLDS));
  json_object_set_new(document, "origin", text_or_null(report->origin));
  if (outcome == VERIFY_WRONG) {
    json_object_set_new(document, "wrong", make_wrong(&report->finding));
    return document;
  }
  json_object_set_new(document, "key", make_key(report));
  json_object_set_new(document, "kept_heads", json_integer((json_int_t)report->kept.count));
  if (report->kind == VERIFY_RECEIPT)
    json_object_set_new(document, "receipt", make_receipt(&report->receipt));
  else
    json_object_set_new(document, "logs", make_logs(&report->book));
  return document;
}

bool verify_report_print_json(const struct verify_report *report, enum verify_outcome outcome,
                              FILE *out)
{
  json_t *document = make_document(report, outcome);
  if (document == NULL)
    return false;
  int failed = json_dumpf(document, out, JSON_INDENT(2));
  json_decref(document);
  return failed == 0 && fputc('\n', out) != EOF;
}
