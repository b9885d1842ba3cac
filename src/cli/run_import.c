// Imports: plan, apply, undo, list.
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "import/run.h"
#include "retain/receipt.h"
#include "store/rows.h"
#include "store/store.h"

enum { PROGRESS_EVERY_US = 200 * 1000 };

struct importing {
  struct call *call;
  struct arena arena;
  struct mapping mapping;
  FILE *data;
  int64_t data_bytes;
  struct output_file report;
  int64_t shown_us;
  unsigned char digest[IMPORT_DIGEST_BYTES];
};

static void importing_cleanup(struct importing *importing)
{
  if (importing->data != NULL)
    (void)fclose(importing->data);
  output_file_cleanup(&importing->report);
  arena_clear(&importing->arena);
}

// A file that can be read twice: once for what it is, once for its rows.
static enum err_code open_data(struct importing *importing, struct err *err)
{
  struct stat stat;
  const struct call *call = importing->call;
  int file = openat(call->folder, call->arguments[1], O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return err_set(err, ERR_NOT_FOUND, "cannot open %s", call->arguments[1]);
  if (fstat(file, &stat) != 0 || !S_ISREG(stat.st_mode)) {
    (void)close(file);
    return err_set(err, ERR_USAGE, "the data must be a file");
  }
  importing->data_bytes = stat.st_size;
  importing->data = fdopen(file, "rb");
  if (importing->data != NULL)
    return ERR_OK;
  (void)close(file);
  return err_set(err, ERR_MEMORY, "no memory for a file");
}

static enum err_code prepare(struct importing *importing, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  const struct policy *policy = NULL;
  struct call *call = importing->call;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = mapping_read(policy, call->arguments[0], str_view(&text), &importing->arena,
                        &importing->mapping, err);
  if (code == ERR_OK)
    code = open_data(importing, err);
  if (code == ERR_OK)
    code = import_digest(call_core(call), importing->data, str_view(&text), importing->digest, err);
  const char *report = call_option(call, "--report");
  if (code == ERR_OK && report != NULL)
    code = output_open(call, report, call_has(call, "--force"), &importing->report, err);
  return code;
}

// ── While it runs ───────────────────────────────────────────────────────────────────────────

static enum err_code report_row(void *context, int64_t line, int32_t column, const struct err *why,
                                struct err *err)
{
  struct importing *importing = context;
  if (importing->report.file == NULL)
    return ERR_OK;
  OWNED(str) struct str text = STR_INIT(4096);
  OWNED(document) struct document *document = document_object();
  document_set_int(document, "row", line);
  document_set_int(document, "column", column);
  document_set_text(document, "code", view_of(err_id(why->code)));
  document_set_text(document, "what", view_of(why->message));
  enum err_code code = document_write(document, DOCUMENT_LINE, &text, err);
  str_add_char(&text, '\n');
  return code == ERR_OK ? output_add(&importing->report, str_view(&text), err) : code;
}

static void let_others_lead(void *context)
{
  const struct importing *importing = context;
  home_lead_pass(importing->call->home);
}

static void show_progress(void *context, const struct import_counts *counts)
{
  struct importing *importing = context;
  FILE *errors = importing->call->streams.errors;
  int64_t now_us = core_now_us(call_core(importing->call));
  if (now_us - importing->shown_us < PROGRESS_EVERY_US || importing->data_bytes == 0)
    return;
  importing->shown_us = now_us;
  int64_t done = ftello(importing->data) * 100 / importing->data_bytes;
  (void)fprintf(errors, "\r%3" PRId64 " %%  %" PRId64 " rows, %" PRId64 " wrong ", done,
                counts->rows, counts->wrong);
  (void)fflush(errors);
}

// ── The result ──────────────────────────────────────────────────────────────────────────────

static void tell(const struct importing *importing, const struct import_run *run,
                 const struct import_counts *counts)
{
  const struct call *call = importing->call;
  say(call, "%" PRId64 " rows: %" PRId64 " %s, with %" PRId64 " new persons", counts->rows,
      counts->in, run->dry ? "would go in" : "went in", counts->persons);
  if (counts->before > 0)
    say(call, "%" PRId64 " were in before; %" PRId64 " of them belong to erased persons",
        counts->before, counts->erased);
  if (counts->wrong > 0)
    say(call, "%" PRId64 " did not go in%s", counts->wrong,
        importing->report.file == NULL ? "; --report FILE says which and why" : "");
  if (run->dry)
    say(call, "nothing is done");
  else
    say(call, "to take all of it out again: forvar import undo %" PRId64 " --yes", run->import);
}

static enum err_code write_result(const struct importing *importing, const struct import_run *run,
                                  const struct import_counts *counts, struct err *err)
{
  struct call *call = importing->call;
  OWNED(document) struct document *document = output_document(call, "import");
  if (document != NULL) {
    document_set_int(document, "import", run->import);
    document_set_bool(document, "dry", run->dry);
    document_set_int(document, "rows", counts->rows);
    document_set_int(document, "in", counts->in);
    document_set_int(document, "persons", counts->persons);
    document_set_int(document, "before", counts->before);
    document_set_int(document, "erased", counts->erased);
    document_set_int(document, "wrong", counts->wrong);
  }
  tell(importing, run, counts);
  call->exit_code = counts->wrong > 0 ? err_exit_code(ERR_FINDINGS) : EXIT_OK;
  return output_write(call, &document, err);
}

static enum err_code run_import(struct call *call, bool dry, struct err *err)
{
  OWNED(importing)
  struct importing importing = {.call = call, .arena = ARENA_INIT, .report = OUTPUT_FILE_INIT};
  struct import_counts counts = {0};
  enum err_code code = prepare(&importing, err);
  if (code != ERR_OK)
    return code;
  int terminal = fileno(call->streams.errors);
  bool watched = !call->quiet && !call->json && terminal >= 0 && isatty(terminal) == 1;
  struct import_run run = {.core = call_core(call),
                           .actor = ACTOR_MACHINE,
                           .mapping = &importing.mapping,
                           .file = importing.data,
                           .digest = importing.digest,
                           .dry = dry,
                           .wrong = report_row,
                           .rest = let_others_lead,
                           .progress = watched ? show_progress : NULL,
                           .context = &importing};
  home_lead_begin(call->home);
  code = import_run(&run, &counts, err);
  home_lead_end(call->home);
  if (importing.shown_us > 0)
    (void)fputs("\r\033[K", call->streams.errors);
  if (code == ERR_OK && importing.report.file != NULL)
    code = output_finish(&importing.report, VIEW_EMPTY, err);
  return code == ERR_OK ? write_result(&importing, &run, &counts, err) : code;
}

enum err_code run_import_plan(struct call *call, struct err *err)
{
  return run_import(call, true, err);
}

enum err_code run_import_apply(struct call *call, struct err *err)
{
  return run_import(call, false, err);
}

// ── undo ────────────────────────────────────────────────────────────────────────────────────

static enum err_code name_line(void *context, int64_t line, struct person_id person,
                               const struct import_undo_output *output, struct err *err)
{
  (void)err;
  char id[PUBLIC_ID_BYTES];
  const struct call *call = context;
  words_person_write(call_core(call), person, id);
  if (output->what == UNDONE_CHANGED)
    say(call, "row %" PRId64 " of %s stays: it was changed, or something hangs on it", line, id);
  if (output->what == UNDONE_HELD)
    say(call, "row %" PRId64 " of %s stays: a hold or a law keeps it", line, id);
  return ERR_OK;
}

static void let_others_lead_undo(void *context)
{
  home_lead_pass(((const struct call *)context)->home);
}

static enum err_code write_undone(struct call *call, const int64_t counts[UNDONE_COUNT],
                                  struct err *err)
{
  OWNED(document) struct document *document = output_document(call, "import.undo");
  if (document != NULL) {
    document_set_int(document, "persons", counts[UNDONE_PERSON]);
    document_set_int(document, "rows", counts[UNDONE_DATA]);
    document_set_int(document, "changed", counts[UNDONE_CHANGED]);
    document_set_int(document, "held", counts[UNDONE_HELD]);
  }
  say(call,
      "%" PRId64 " persons erased, %" PRId64 " rows of other persons taken out, %" PRId64 " stay",
      counts[UNDONE_PERSON], counts[UNDONE_DATA], counts[UNDONE_CHANGED] + counts[UNDONE_HELD]);
  bool stays = counts[UNDONE_CHANGED] + counts[UNDONE_HELD] > 0;
  call->exit_code = stays ? err_exit_code(ERR_CONFLICT) : EXIT_OK;
  return output_write(call, &document, err);
}

static enum err_code write_undo_receipt(const struct call *call,
                                        const struct import_undo_result *undone,
                                        struct output_file *file, struct err *err)
{
  const struct import_close_output *closing = &undone->closing;
  OWNED(str) struct str receipt = STR_INIT(RECEIPT_BYTES_MAX);
  if (file->file == NULL || closing->entry_index < 0)
    return ERR_OK;
  enum err_code code = receipt_write(call_core(call), closing->entry_index, NULL,
                                     view_of(closing->body), &receipt, err);
  return code == ERR_OK ? output_finish(file, str_view(&receipt), err) : code;
}

// The home is there, and what can be wrong with the words is not.
static enum err_code undo_at_home(struct call *call, struct import_undo *undo, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  struct import_undo_result undone;
  const char *path = call_option(call, "--receipt");
  enum err_code code =
      path == NULL ? ERR_OK : output_open(call, path, call_has(call, "--force"), &file, err);
  if (code != ERR_OK)
    return code;
  undo->core = call_core(call);
  home_lead_begin(call->home);
  code = import_undo(undo, &undone, err);
  if (code == ERR_OK)
    code = write_undo_receipt(call, &undone, &file, err);
  home_lead_end(call->home);
  return code == ERR_OK ? write_undone(call, undone.counts, err) : code;
}

enum err_code run_import_undo(struct call *call, struct err *err)
{
  struct import_undo undo = {
      .actor = ACTOR_MACHINE, .line = name_line, .rest = let_others_lead_undo, .context = call};
  if (!view_int64(view_of(call->arguments[0]), &undo.import))
    return err_set(err, ERR_USAGE, "an import is named by its number");
  if (!call_has(call, "--yes")) {
    err_set(err, ERR_USAGE, "undoing an import erases people");
    return err_hint(err, "say that it is meant with --yes");
  }
  enum err_code code = call_home(call, err);
  return code == ERR_OK ? undo_at_home(call, &undo, err) : code;
}

// ── list ────────────────────────────────────────────────────────────────────────────────────

struct listing {
  struct call *call;
  struct document *imports;  // NULL: lines
};

static enum err_code list_one(void *context, const struct import_row *row, struct err *err)
{
  (void)err;
  const struct listing *listing = context;
  char since[CALENDAR_TEXT_BYTES];
  const char *state = row->state == IMPORT_UNDONE ? "undone" : "in";
  output_time(listing->call, row->since_us, since);
  print(listing->call, "%" PRId64 "\t%s\t%s", row->import, since, state);
  if (listing->imports == NULL)
    return ERR_OK;
  struct document *item = document_object();
  document_set_int(item, "import", row->import);
  document_set_text(item, "since", view_of(since));
  document_set_text(item, "state", view_of(state));
  document_add(listing->imports, item);
  return ERR_OK;
}

enum err_code run_import_list(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "import.list");
  struct listing listing = {call, document == NULL ? NULL : document_array()};
  code = store_import_each(core_store(call_core(call)), list_one, &listing, err);
  if (document != NULL)
    document_set(document, "imports", listing.imports);
  return code == ERR_OK ? output_write(call, &document, err) : code;
}
