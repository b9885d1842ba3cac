#include "verify/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verify/file.h"
#include "verify/members.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])
#define JSON_OWNED __attribute__((cleanup(verify_json_clean)))

enum { LINE_ENTRIES_BYTES_MAX = VERIFY_EXPORT_LINE_BYTES_MAX / 2 };

struct export
{
  struct verify_report *report;
  FILE *stream;
  struct verify_line line;
  int64_t line_number;
  int64_t log;
  int64_t head_size;  // of the last head
  bool has_heads;
  uint8_t key[VERIFY_KEY_BYTES];
  uint8_t entries[LINE_ENTRIES_BYTES_MAX];
};

typedef enum verify_outcome line_reader(struct export *export, const json_t *object);

static struct verify_at line_at(const struct export *export)
{
  return (struct verify_at){.place = VERIFY_AT_LINE, .line = export->line_number};
}

static enum verify_outcome read_header(struct export *export, const json_t *object)
{
  static const struct verify_member members[] = {{"schema", VERIFY_MEMBER_TEXT, -1},
                                                 {"origin", VERIFY_MEMBER_TEXT, -1},
                                                 {"number", VERIFY_MEMBER_NUMBER, -1},
                                                 {"public_key", VERIFY_MEMBER_HEX, 32}};
  struct verify_report *report = export->report;
  struct verify_at at = line_at(export);
  enum verify_outcome outcome =
      verify_members_check(object, members, COUNT_OF(members), &at, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  export->log = verify_member_number(object, "number");
  (void)verify_member_hex(object, "public_key", export->key, sizeof export->key);
  size_t bytes = 0;
  const char *origin = verify_member_text(object, "origin", &bytes);
  if (verify_book_log(&report->book, export->log) == NULL)
    return verify_trouble(&report->finding, "out of memory");
  return verify_report_origin(report, &at, origin, bytes);
}

static enum verify_outcome read_batch(struct export *export, const json_t *object)
{
  static const struct verify_member members[] = {{"first", VERIFY_MEMBER_NUMBER, -1},
                                                 {"count", VERIFY_MEMBER_NUMBER, -1},
                                                 {"time_us", VERIFY_MEMBER_NUMBER, -1},
                                                 {"root", VERIFY_MEMBER_HEX, LEDGER_HASH_BYTES},
                                                 {"entries", VERIFY_MEMBER_HEX, -1}};
  struct verify_report *report = export->report;
  struct verify_at at = line_at(export);
  enum verify_outcome outcome =
      verify_members_check(object, members, COUNT_OF(members), &at, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  if (export->has_heads)
    return verify_wrong(&report->finding, &at, "order", "no batch after a head", "a batch");
  uint8_t root[LEDGER_HASH_BYTES];
  (void)verify_member_hex(object, "root", root, sizeof root);
  struct verify_batch batch = {
      .log = export->log,
      .first = verify_member_number(object, "first"),
      .count = verify_member_number(object, "count"),
      .time_us = verify_member_number(object, "time_us"),
      .root = root,
      .root_bytes = sizeof root,
      .entries = export->entries,
      .entries_bytes =
          verify_member_hex(object, "entries", export->entries, sizeof export->entries),
  };
  at.place = VERIFY_AT_BATCH;
  at.log = export->log;
  at.first = batch.first;
  return verify_book_add(&report->book, &batch, &at, &report->finding);
}

static enum verify_outcome check_order(struct export *export, int64_t size,
                                       const struct verify_at *at)
{
  bool is_before = export->has_heads && size < export->head_size;
  export->has_heads = true;
  export->head_size = size;
  if (is_before)
    return verify_wrong(&export->report->finding, at, "order", "heads in order of size",
                        "a smaller one after a larger one");
  return VERIFY_HOLDS;
}

static enum verify_outcome read_head(struct export *export, const json_t *object)
{
  static const struct verify_member members[] = {{"checkpoint", VERIFY_MEMBER_TEXT, -1}};
  struct verify_report *report = export->report;
  struct verify_at at = line_at(export);
  enum verify_outcome outcome =
      verify_members_check(object, members, COUNT_OF(members), &at, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  // The key of the file is judged once, after the last batch.
  if (!export->has_heads)
    outcome = verify_report_key(report, &(struct verify_at){.place = VERIFY_AT_LINE, .line = 1},
                                export->key);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  size_t bytes = 0;
  const char *text = verify_member_text(object, "checkpoint", &bytes);
  struct verify_note note;
  const char *flaw = verify_note_parse(text, bytes, &note);
  if (flaw != NULL)
    return verify_wrong(&report->finding, &at, flaw, "a checkpoint note", "another form");
  at.place = VERIFY_AT_HEAD;
  at.log = export->log;
  at.size = note.size;
  struct verify_signer signer = verify_report_signer(report);
  outcome = check_order(export, note.size, &at);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  return verify_book_head(&report->book, &note, &signer, &at, &report->finding);
}

static enum verify_outcome read_line(struct export *export, const json_t *object)
{
  if (export->line_number == 1)
    return read_header(export, object);
  if (json_object_get(object, "checkpoint") != NULL)
    return read_head(export, object);
  return read_batch(export, object);
}

// In the first reading whatever is wrong is passed over: the second will name the first of it.
static enum verify_outcome want_line(struct export *export, const json_t *object)
{
  struct verify_report *report = export->report;
  if (export->line_number == 1)
    export->log = json_integer_value(json_object_get(object, "number"));
  const json_t *text = json_object_get(object, "checkpoint");
  struct verify_note note;
  if (!json_is_string(text) ||
      verify_note_parse(json_string_value(text), json_string_length(text), &note) != NULL)
    return VERIFY_HOLDS;
  return verify_book_want(&report->book, export->log, note.size, &report->finding);
}

static enum verify_outcome each_line(struct export *export, line_reader *read, bool is_strict)
{
  enum verify_outcome outcome = VERIFY_HOLDS;
  struct verify_finding *finding = &export->report->finding;
  rewind(export->stream);
  for (export->line_number = 1;
       outcome == VERIFY_HOLDS && verify_line_next(&export->line, export->stream);
       export->line_number++) {
    struct verify_at at = line_at(export);
    json_t *object JSON_OWNED = verify_json_read(export->line.text, export->line.bytes);
    if (export->line.is_too_long && is_strict)
      return verify_wrong(finding, &at, "length", "at most 524288 bytes", "more");
    if (object != NULL)
      outcome = read(export, object);
    else if (is_strict)
      return verify_wrong(finding, &at, "document", "a JSON object", "another text");
  }
  if (outcome == VERIFY_HOLDS && ferror(export->stream) != 0)
    return verify_trouble(finding, "%s: %s", export->report->path, strerror(errno));
  return outcome;
}

static enum verify_outcome want_kept(struct export *export)
{
  struct verify_report *report = export->report;
  enum verify_outcome outcome = VERIFY_HOLDS;
  for (size_t i = 0; i < report->kept.count && outcome == VERIFY_HOLDS; i++)
    outcome = verify_book_want(&report->book, export->log, report->kept.heads[i].note.size,
                               &report->finding);
  return outcome;
}

static enum verify_outcome walk(struct export *export)
{
  struct verify_report *report = export->report;
  enum verify_outcome outcome = each_line(export, want_line, false);
  if (outcome == VERIFY_HOLDS)
    outcome = want_kept(export);
  if (outcome == VERIFY_HOLDS)
    outcome = each_line(export, read_line, true);
  // Once more for an export without heads.
  if (outcome == VERIFY_HOLDS)
    outcome = verify_report_key(report, &(struct verify_at){.place = VERIFY_AT_LINE, .line = 1},
                                export->key);
  struct verify_signer signer = verify_report_signer(report);
  if (outcome == VERIFY_HOLDS)
    outcome = verify_book_kept(&report->book, &report->kept, &signer, &report->finding);
  return outcome;
}

static void export_clean(struct export **export)
{
  if (*export != NULL)
    verify_line_clean(&(*export)->line);
  free(*export);
}

enum verify_outcome verify_export(struct verify_report *report, FILE *stream)
{
  report->kind = VERIFY_EXPORT;
  struct export *export __attribute__((cleanup(export_clean))) = calloc(1, sizeof *export);
  if (export == NULL || !verify_line_init(&export->line, VERIFY_EXPORT_LINE_BYTES_MAX))
    return verify_trouble(&report->finding, "out of memory");
  export->report = report;
  export->stream = stream;
  return walk(export);
}
