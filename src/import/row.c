#include "import/row.h"

#include "core/value.h"

// ── Columns ─────────────────────────────────────────────────────────────────────────────────

static const struct mapping_column *use_of(const struct mapping *mapping, struct view name)
{
  for (int32_t i = 0; i < mapping->column_count; i++)
    if (view_is(name, mapping->columns[i].name))
      return &mapping->columns[i];
  return NULL;
}

static bool is_bound(const struct row_columns *columns, const struct mapping_column *use)
{
  for (int32_t i = 0; i < columns->count; i++)
    if (columns->uses[i] == use)
      return true;
  return false;
}

static enum err_code check_bound(const struct mapping *mapping, const struct row_columns *columns,
                                 struct err *err)
{
  for (int32_t i = 0; i < mapping->column_count; i++) {
    const struct mapping_column *use = &mapping->columns[i];
    if (is_bound(columns, use))
      continue;
    err_set(err, ERR_FINDINGS, "the file has no such column");
    return err_where(err, "%s:%d:%d", mapping->file, use->place.line, use->place.column);
  }
  return ERR_OK;
}

enum err_code row_columns_bind(const struct mapping *mapping, const struct csv_row *row,
                               struct row_columns *ret_columns, struct err *err)
{
  struct row_columns columns = {.count = 0};
  if (row->code != ERR_OK)
    return err_set(err, row->code, "the first row is not of the form that the mapping says");
  for (int32_t i = 0; i < row->field_count; i++) {
    char number[12];
    (void)snprintf(number, sizeof number, "%d", i + 1);
    const struct mapping_column *use =
        use_of(mapping, mapping->header ? row->fields[i] : view_of(number));
    if (use == NULL) {
      err_set(err, ERR_INPUT, "column %d of the file has no use in the mapping", i + 1);
      return err_hint(err, "name it under fields or events, or under ignore");
    }
    if (is_bound(&columns, use))
      return err_set(err, ERR_INPUT, "column %d of the file has the name of one before", i + 1);
    columns.uses[columns.count++] = use;
  }
  enum err_code code = check_bound(mapping, &columns, err);
  if (code == ERR_OK)
    *ret_columns = columns;
  return code;
}

// ── Cells ───────────────────────────────────────────────────────────────────────────────────

static enum err_code read_when(const struct policy *policy, struct view text, int64_t *ret_us,
                               struct err *err)
{
  int64_t day = 0;
  if (calendar_read_time(policy->zone, text, ret_us))
    return ERR_OK;
  if (!calendar_read_date(text, &day))
    return err_set(err, ERR_INPUT, "a time is YYYY-MM-DD or YYYY-MM-DD HH:MM[:SS]");
  *ret_us = zone_day_start(policy->zone, day);
  return ERR_OK;
}

static enum err_code add_field(const struct policy *policy, int32_t field, struct view cell,
                               struct arena *arena, struct import_row_input *input, struct err *err)
{
  char *text = arena_text(arena, cell);
  if (text == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  input->values[input->value_count++] = (struct record_value){field, view_bytes(text, cell.length)};
  return value_check(&policy->fields[field], cell, err);
}

static enum err_code read_cell(const struct policy *policy, const struct mapping_column *use,
                               struct view cell, struct arena *arena,
                               struct import_row_input *input, struct err *err)
{
  struct import_event *event = &input->events[input->event_count];
  switch (use->use) {
    case USE_FIELD:
      return add_field(policy, use->index, cell, arena, input, err);
    case USE_EVENT:
      event->event = use->index;
      input->event_count++;
      return read_when(policy, cell, &event->effective_us, err);
    case USE_BEGINS:
      return read_when(policy, cell, &input->begins_us, err);
    case USE_OBTAINED:
      return read_when(policy, cell, &input->obtained_us, err);
    case USE_IGNORED:
      return ERR_OK;
  }
  return ERR_OK;
}

static enum err_code read_cells(const struct policy *policy, const struct row_columns *columns,
                                const struct csv_row *row, struct arena *arena,
                                struct import_row_input *input, struct err *err)
{
  for (int32_t i = 0; i < row->field_count; i++) {
    const struct mapping_column *use = columns->uses[i];
    struct view cell = row->fields[i];
    bool is_needed = use->use == USE_BEGINS || use->use == USE_OBTAINED;
    input->column = i + 1;
    if (cell.length == 0 && is_needed)
      return err_set(err, ERR_INPUT, "this column needs a time in each row");
    if (cell.length == 0)
      continue;
    enum err_code code = read_cell(policy, use, cell, arena, input, err);
    if (code != ERR_OK)
      return code;
  }
  input->column = 0;
  return input->value_count > 0 ? ERR_OK : err_set(err, ERR_INPUT, "the row has no values");
}

enum err_code row_read(const struct policy *policy, const struct mapping *mapping,
                       const struct row_columns *columns, const struct csv_row *row,
                       struct arena *arena, struct import_row_input *ret_input, struct err *err)
{
  ret_input->column = row->bad_column;
  if (row->code == ERR_LIMIT)
    return err_set(err, ERR_LIMIT, "a row has at most %d columns and %d bytes", CSV_COLUMNS_MAX,
                   CSV_ROW_BYTES_MAX);
  if (row->code != ERR_OK)
    return err_set(err, row->code, "bytes that the encoding of the mapping does not have");
  if (row->field_count != columns->count)
    return err_set(err, ERR_INPUT, "the row has %d columns, the first one has %d", row->field_count,
                   columns->count);
  ret_input->kinds = mapping->kinds;
  ret_input->point = mapping->point;
  ret_input->source = mapping->source;
  ret_input->find = mapping->find;
  ret_input->thing = mapping->thing;
  ret_input->obtained_us = mapping->obtained_us;
  ret_input->begins_us = 0;
  ret_input->event_count = ret_input->value_count = 0;
  return read_cells(policy, columns, row, arena, ret_input, err);
}
