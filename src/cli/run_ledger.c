// The log: its head, its last entries, its export for forvar-verify, and a look of our own.
#include <string.h>

#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "gate/gate.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/tree.h"
#include "store/rows.h"
#include "store/store.h"

// ── head ────────────────────────────────────────────────────────────────────────────────────

static enum err_code take_note(void *context, const struct checkpoint_row *row, struct err *err)
{
  (void)err;
  struct str *note = context;
  str_clear(note);
  str_add(note, row->note);
  return ERR_OK;
}

// Signs what was added and reads the newest head.
static enum err_code newest_head(const struct call *call, struct str *ret_note, struct err *err)
{
  struct core *core = call_core(call);
  enum err_code code = core_checkpoint(core, err);
  return code != ERR_OK
             ? code
             : store_checkpoint_each(core_store(core), core_node(core), take_note, ret_note, err);
}

enum err_code run_ledger_head(struct call *call, struct err *err)
{
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = newest_head(call, &note, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "ledger.head");
  if (document == NULL) {
    (void)fputs(str_text(&note), call->streams.out);
    return ERR_OK;
  }
  char key[2 * 32 + 1];
  hex_write(core_public_key(call_core(call)), 32, key);
  document_set_text(document, "origin", view_of(core_origin(call_core(call))));
  document_set_int(document, "size", core_log_size(call_core(call)));
  document_set_text(document, "public_key", view_of(key));
  document_set_text(document, "checkpoint", str_view(&note));
  return output_write(call, &document, err);
}

// ── show ────────────────────────────────────────────────────────────────────────────────────

struct showing {
  const struct call *call;
  struct document *entries;  // NULL: lines
  int64_t from;              // index of the first entry to show
};

static const char *outcome_name(const struct entry *entry)
{
  if (entry->outcome == 0)
    return entry->kind == LEDGER_USE ? "allowed" : "done";
  return entry->outcome <= GATE_REASON_COUNT
             ? gate_reason_name((enum gate_reason)(entry->outcome - 1))
             : "unknown";
}

// A purpose is an index in the version that decided; a field has its number for ever.
static void show_entry(const struct showing *showing, int64_t index, const struct entry *entry)
{
  const struct core *core = call_core(showing->call);
  const struct policy *policy = core_policy_version(core, entry->policy);
  bool has_purpose = policy != NULL && entry->purpose < policy->purpose_count;
  const char *field = entry->field == LEDGER_NO_FIELD
                          ? NULL
                          : names_text(core_names(core), NAME_FIELD, entry->field);
  char at[CALENDAR_TEXT_BYTES];
  output_time(showing->call, entry->time_us, at);
  print(showing->call, "%lld\t%s\t%s\t%s\t%s\t%s\t%s\t%u", (long long)index, at,
        ledger_kind_name(entry->kind), ledger_operation_name(entry->operation), outcome_name(entry),
        has_purpose ? policy->purposes[entry->purpose].name : "-", field == NULL ? "-" : field,
        (unsigned)entry->actor);
  if (showing->entries == NULL)
    return;
  struct document *document = document_object();
  document_set_int(document, "index", index);
  document_set_text(document, "time", view_of(at));
  document_set_text(document, "kind", view_of(ledger_kind_name(entry->kind)));
  document_set_text(document, "operation", view_of(ledger_operation_name(entry->operation)));
  document_set_text(document, "outcome", view_of(outcome_name(entry)));
  document_set_text(document, "mode", view_of(entry->mode == LEDGER_KEPT ? "kept" : "durable"));
  if (has_purpose)
    document_set_text(document, "purpose", view_of(policy->purposes[entry->purpose].name));
  if (field != NULL)
    document_set_text(document, "field", view_of(field));
  document_set_int(document, "actor", entry->actor);
  document_set_int(document, "policy_version", entry->policy);
  document_add(showing->entries, document);
}

static enum err_code show_batch(void *context, const struct ledger_row *row, struct err *err)
{
  const struct showing *showing = context;
  if (row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES)
    return err_set(err, ERR_INTEGRITY, "a batch of the log has the wrong length");
  for (int64_t i = 0; i < row->count; i++) {
    struct entry entry;
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    if (row->first + i < showing->from)
      continue;
    if (!entry_read(bytes, &entry)) {
      err_set(err, ERR_INTEGRITY, "an entry of the log has an unknown form");
      return err_where(err, "entry %lld", (long long)(row->first + i));
    }
    show_entry(showing, row->first + i, &entry);
  }
  return ERR_OK;
}

enum err_code run_ledger_show(struct call *call, struct err *err)
{
  const char *last = call_option(call, "--last");
  int64_t count = 20;
  if (last != NULL && (!view_int64(view_of(last), &count) || count < 1))
    return err_set(err, ERR_USAGE, "--last takes a number of entries");
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  struct core *core = call_core(call);
  OWNED(document) struct document *document = output_document(call, "ledger.entries");
  int64_t size = core_log_size(core);
  struct showing showing = {call, document == NULL ? NULL : document_array(),
                            size > count ? size - count : 0};
  if (document != NULL)
    document_set(document, "entries", showing.entries);
  // A batch holds at most so many entries: the one with the first entry begins behind this.
  int64_t first = showing.from - LEDGER_BATCH_ENTRIES_MAX;
  code = store_ledger_each(core_store(core), core_node(core), first < 0 ? 0 : first, show_batch,
                           &showing, err);
  return code != ERR_OK ? code : output_write(call, &document, err);
}

// ── export ──────────────────────────────────────────────────────────────────────────────────

struct exporting {
  struct output_file *file;
  struct str text;  // one line
};

static enum err_code export_line(struct exporting *exporting, struct err *err)
{
  struct str *text = &exporting->text;
  if (text->length > 0 && text->bytes[text->length - 1] != '\n')
    str_add_char(text, '\n');
  enum err_code code = str_ok(text) ? output_add(exporting->file, str_view(text), err)
                                    : err_set(err, ERR_MEMORY, "no memory for a line of the log");
  str_clear(text);
  return code;
}

static enum err_code export_batch(void *context, const struct ledger_row *row, struct err *err)
{
  struct exporting *exporting = context;
  struct str *text = &exporting->text;
  char hex[2 * 256 + 1];
  str_format(text, "{\"first\":%lld,\"count\":%lld,\"time_us\":%lld,\"root\":\"",
             (long long)row->first, (long long)row->count, (long long)row->time_us);
  if (row->root.length != LEDGER_HASH_BYTES)
    return err_set(err, ERR_INTEGRITY, "a batch of the log has a root of the wrong length");
  hex_write(row->root.bytes, row->root.length, hex);
  str_add(text, view_of(hex));
  str_add(text, VIEW_LITERAL("\",\"entries\":\""));
  for (size_t at = 0; at < row->entries.length; at += 256) {
    size_t length = row->entries.length - at < 256 ? row->entries.length - at : 256;
    hex_write(row->entries.bytes + at, length, hex);
    str_add(text, view_of(hex));
  }
  str_add(text, VIEW_LITERAL("\"}"));
  return export_line(exporting, err);
}

static enum err_code export_head(void *context, const struct checkpoint_row *row, struct err *err)
{
  struct exporting *exporting = context;
  OWNED(document) struct document *document = document_object();
  document_set_text(document, "checkpoint", row->note);
  enum err_code code = document_write(document, DOCUMENT_LINE, &exporting->text, err);
  return code != ERR_OK ? code : export_line(exporting, err);
}

static enum err_code write_export(struct core *core, struct exporting *exporting, struct err *err)
{
  char key[2 * 32 + 1];
  hex_write(core_public_key(core), 32, key);
  OWNED(document) struct document *head = document_object();
  document_set_text(head, "schema", VIEW_LITERAL("forvar.ledger/1"));
  document_set_text(head, "origin", view_of(core_origin(core)));
  document_set_int(head, "number", core_node(core));
  document_set_text(head, "public_key", view_of(key));
  enum err_code code = document_write(head, DOCUMENT_LINE, &exporting->text, err);
  if (code == ERR_OK)
    code = export_line(exporting, err);
  if (code == ERR_OK)
    code = store_ledger_each(core_store(core), core_node(core), 0, export_batch, exporting, err);
  return code != ERR_OK ? code
                        : store_checkpoint_each(core_store(core), core_node(core), export_head,
                                                exporting, err);
}

enum { EXPORT_LINE_BYTES_MAX = 2 * LEDGER_BATCH_ENTRIES_MAX * LEDGER_ENTRY_BYTES + 1024 };

enum err_code run_ledger_export(struct call *call, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  struct exporting exporting = {&file, STR_INIT(EXPORT_LINE_BYTES_MAX)};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = core_checkpoint(call_core(call), err);
  if (code == ERR_OK)
    code = output_open(call, call_option(call, "-o"), call_has(call, "--force"), &file, err);
  if (code == ERR_OK)
    code = write_export(call_core(call), &exporting, err);
  str_clear(&exporting.text);
  bool to_stream = file.is_stream;
  if (code == ERR_OK)
    code = output_finish(&file, VIEW_EMPTY, err);
  if (code == ERR_OK && !to_stream)
    say(call, "wrote %lld entries; check them with: forvar-verify %s",
        (long long)core_log_size(call_core(call)), call_option(call, "-o"));
  return code;
}

// ── verify ──────────────────────────────────────────────────────────────────────────────────

enum { HEADS_AT_ONCE = 512 };

struct verifying {
  struct core *core;
  struct tree tree;
  int64_t batches, heads;
  // Heads in order of their size, a window of them at a time.
  struct {
    int64_t size;
    unsigned char root[LEDGER_HASH_BYTES];
  } window[HEADS_AT_ONCE];
  int32_t window_count, window_at;
  int64_t after;  // heads of a larger size than this are in the next window
};

static enum err_code wrong(struct err *err, const char *what, const char *kind, int64_t number)
{
  err_set(err, ERR_INTEGRITY, "the log is not what was recorded: %s", what);
  return err_where(err, "%s %lld", kind, (long long)number);
}

static enum err_code take_head(void *context, const struct checkpoint_row *row, struct err *err)
{
  struct verifying *verifying = context;
  if (row->size <= verifying->after || verifying->window_count == HEADS_AT_ONCE)
    return ERR_OK;
  int64_t size = 0;
  unsigned char root[LEDGER_HASH_BYTES];
  enum err_code code = checkpoint_read(row->note, core_origin(verifying->core),
                                       core_public_key(verifying->core), &size, root, err);
  if (code != ERR_OK || size != row->size)
    return wrong(err, "a signed head does not hold", "head", row->size);
  verifying->window[verifying->window_count].size = size;
  memcpy(verifying->window[verifying->window_count++].root, root, sizeof root);
  return ERR_OK;
}

static enum err_code read_window(struct verifying *verifying, struct err *err)
{
  verifying->window_count = verifying->window_at = 0;
  struct core *core = verifying->core;
  return store_checkpoint_each(core_store(core), core_node(core), take_head, verifying, err);
}

static enum err_code check_head(struct verifying *verifying, struct err *err)
{
  unsigned char root[LEDGER_HASH_BYTES];
  if (verifying->window_at == verifying->window_count ||
      verifying->window[verifying->window_at].size != verifying->tree.size)
    return ERR_OK;
  tree_root(&verifying->tree, root);
  if (memcmp(root, verifying->window[verifying->window_at].root, sizeof root) != 0)
    return wrong(err, "a signed head does not fit the entries", "head", verifying->tree.size);
  verifying->window_at++;
  verifying->heads++;
  verifying->after = verifying->tree.size;
  return ERR_OK;
}

static enum err_code check_batch(void *context, const struct ledger_row *row, struct err *err)
{
  struct verifying *verifying = context;
  unsigned char root[LEDGER_HASH_BYTES];
  if (row->first != verifying->tree.size || row->count < 1 || row->root.length != sizeof root ||
      row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES)
    return wrong(err, "a batch is missing or has the wrong length", "batch at entry", row->first);
  for (int64_t i = 0; i < row->count; i++) {
    struct entry entry;
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    if (!entry_read(bytes, &entry))
      return wrong(err, "an entry has an unknown form", "entry", row->first + i);
    tree_append(&verifying->tree, bytes, LEDGER_ENTRY_BYTES);
    enum err_code code = check_head(verifying, err);
    if (code != ERR_OK)
      return code;
  }
  tree_root(&verifying->tree, root);
  if (memcmp(root, row->root.bytes, sizeof root) != 0)
    return wrong(err, "the root of a batch does not fit its entries", "batch at entry", row->first);
  if (row->time_us != entries_time_us((const unsigned char *)row->entries.bytes, row->count))
    return wrong(err, "the time of a batch is not its entries' highest", "batch at entry",
                 row->first);
  verifying->batches++;
  return ERR_OK;
}

static enum err_code verify(struct verifying *verifying, struct err *err)
{
  struct core *core = verifying->core;
  bool full = false;
  // Once for each window of heads; a log has one unless it is old.
  do {
    enum err_code code = read_window(verifying, err);
    full = verifying->window_count == HEADS_AT_ONCE;
    tree_init(&verifying->tree);
    verifying->batches = 0;
    if (code == ERR_OK)
      code = store_ledger_each(core_store(core), core_node(core), 0, check_batch, verifying, err);
    if (code == ERR_OK && verifying->window_at != verifying->window_count)
      code = wrong(err, "entries are missing that were signed", "head",
                   verifying->window[verifying->window_at].size);
    if (code != ERR_OK)
      return code;
  } while (full);
  return verifying->tree.size == core_log_size(core)
             ? ERR_OK
             : wrong(err, "entries are missing at the end", "entry", verifying->tree.size);
}

enum err_code run_ledger_verify(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  struct verifying verifying = {.core = call_core(call)};
  code = verify(&verifying, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "ledger.verify");
  if (document != NULL) {
    document_set_int(document, "entries", verifying.tree.size);
    document_set_int(document, "batches", verifying.batches);
    document_set_int(document, "heads", verifying.heads);
  }
  say(call, "%lld entries in %lld batches fit %lld signed heads", (long long)verifying.tree.size,
      (long long)verifying.batches, (long long)verifying.heads);
  return output_write(call, &document, err);
}
