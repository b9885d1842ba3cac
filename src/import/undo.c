#include <stdlib.h>

#include "import/run.h"
#include "store/rows.h"
#include "store/store.h"

enum { UNDO_BATCH_ROWS = 256 };

struct line {
  struct operation operation;
  struct import_undo_input input;
  struct import_undo_output output;
};

struct page {
  struct line lines[UNDO_BATCH_ROWS];
  int32_t count;
  int64_t before;  // the next page ends there
  bool any;
};

static enum err_code take_line(void *context, const struct imported_row *row, struct err *err)
{
  (void)err;
  struct page *page = context;
  page->any = true;
  page->before = row->line;
  if (row->person.value != 0)
    page->lines[page->count++].input =
        (struct import_undo_input){row->person, row->import, row->line};
  return ERR_OK;
}

static enum err_code settle(const struct import_undo *undo, const struct line *line,
                            int64_t counts[UNDONE_COUNT], struct err *err)
{
  if (line->operation.code != ERR_OK) {
    *err = line->operation.err;
    return line->operation.code;
  }
  counts[line->output.what]++;
  if (undo->line == NULL)
    return ERR_OK;
  return undo->line(undo->context, line->input.line, line->input.person, &line->output, err);
}

static enum err_code undo_page(const struct import_undo *undo, struct page *page,
                               int64_t counts[UNDONE_COUNT], struct err *err)
{
  for (int32_t i = 0; i < page->count; i++) {
    struct line *line = &page->lines[i];
    line->operation = (struct operation)OPERATION(&verb_import_undo, &line->input, &line->output);
    line->operation.actor = undo->actor;
    core_submit(undo->core, &line->operation);
  }
  enum err_code code = core_run(undo->core, err);
  for (int32_t i = 0; code == ERR_OK && i < page->count; i++)
    code = settle(undo, &page->lines[i], counts, err);
  return code;
}

static enum err_code undo_lines(const struct import_undo *undo, struct page *page,
                                int64_t counts[UNDONE_COUNT], struct err *err)
{
  page->before = INT64_MAX;
  do {
    page->count = 0;
    page->any = false;
    enum err_code code = store_imported_before(core_store(undo->core), undo->import, page->before,
                                               UNDO_BATCH_ROWS, take_line, page, err);
    if (code == ERR_OK)
      code = undo_page(undo, page, counts, err);
    if (code != ERR_OK)
      return code;
    if (undo->rest != NULL)
      undo->rest(undo->context);
  } while (page->any);
  return ERR_OK;
}

struct looking {
  int64_t import;
  bool found;
};

static enum err_code look(void *context, const struct import_row *row, struct err *err)
{
  (void)err;
  struct looking *looking = context;
  looking->found = looking->found || row->import == looking->import;
  return ERR_OK;
}

static enum err_code close_import(const struct import_undo *undo, struct import_undo_result *undone,
                                  struct err *err)
{
  struct import_close_input input = {undo->import, undone->counts[UNDONE_PERSON],
                                     undone->counts[UNDONE_DATA]};
  struct operation closing = OPERATION(&verb_import_close, &input, &undone->closing);
  closing.actor = undo->actor;
  return core_perform(undo->core, &closing, err);
}

enum err_code import_undo(const struct import_undo *undo, struct import_undo_result *ret_undone,
                          struct err *err)
{
  struct import_undo_result undone = {.closing.entry_index = -1};
  struct looking looking = {undo->import, false};
  struct page *page = calloc(1, sizeof *page);
  if (page == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a batch of rows");
  enum err_code code = store_import_each(core_store(undo->core), look, &looking, err);
  if (code == ERR_OK && !looking.found)
    code = err_set(err, ERR_NOT_FOUND, "there is no such import");
  if (code == ERR_OK)
    code = undo_lines(undo, page, undone.counts, err);
  free(page);
  if (code == ERR_OK && undone.counts[UNDONE_CHANGED] + undone.counts[UNDONE_HELD] == 0)
    code = close_import(undo, &undone, err);
  if (code == ERR_OK)
    *ret_undone = undone;
  return code;
}
