#include "report/register.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "render/notice.h"
#include "render/page.h"
#include "report/columns.h"
#include "report/dpv.h"

struct writing {
  const struct register_request *request;
  const struct column *columns;
  struct err *err;
};

// Is the row of this index one of the register? Of recipients, those that work on our behalf.
static bool has_row(const struct writing *writing, int32_t index)
{
  return writing->request->role == REGISTER_CONTROLLER ||
         writing->request->policy->outward.recipients[index].is == RECIPIENT_PROCESSOR;
}

static int32_t row_count(const struct writing *writing)
{
  const struct policy *policy = writing->request->policy;
  return writing->request->role == REGISTER_CONTROLLER ? policy->purpose_count
                                                       : policy->outward.recipient_count;
}

static const char *name_of(const struct writing *writing, int32_t index)
{
  const struct policy *policy = writing->request->policy;
  return writing->request->role == REGISTER_CONTROLLER ? policy->purposes[index].name
                                                       : policy->outward.recipients[index].name;
}

#define CELL_INIT(request, index)                                              \
  {                                                                            \
    (request), (index), STR_INIT(COLUMN_BYTES_MAX), STR_INIT(COLUMN_BYTES_MAX) \
  }

static enum err_code fill(const struct writing *writing, const struct column *column,
                          struct cell *cell)
{
  column->fill(cell);
  if (str_ok(&cell->words) && str_ok(&cell->terms))
    return ERR_OK;
  return err_set(writing->err, ERR_MEMORY, "no memory for the register");
}

// ── CSV ─────────────────────────────────────────────────────────────────────────────────────

static void write_field(struct str *text, struct view value)
{
  bool is_formula = value.length > 0 && strchr("=+-@\t\r", value.bytes[0]) != NULL;
  str_add_char(text, '"');
  if (is_formula)
    str_add_char(text, '\'');
  for (size_t i = 0; i < value.length; i++) {
    if (value.bytes[i] == '"')
      str_add_char(text, '"');
    str_add_char(text, value.bytes[i]);
  }
  str_add_char(text, '"');
}

static void write_headings(const struct writing *writing, struct str *text)
{
  str_add(text, VIEW_LITERAL("policy,version,sha256,name"));
  for (const struct column *column = writing->columns; column->name != NULL; column++)
    str_format(text, ",%s,%s_terms", column->name, column->name);
  str_add(text, VIEW_LITERAL("\r\n"));
}

static enum err_code write_row(const struct writing *writing, int32_t index, struct str *text)
{
  const struct policy *policy = writing->request->policy;
  char hash[2 * POLICY_HASH_BYTES + 1];
  hex_write(policy->hash, sizeof policy->hash, hash);
  str_format(text, "%s,%lld,%s,%s", policy->id, (long long)policy->version, hash,
             name_of(writing, index));
  for (const struct column *column = writing->columns; column->name != NULL; column++) {
    OWNED(cell) struct cell cell = CELL_INIT(writing->request, index);
    enum err_code code = fill(writing, column, &cell);
    if (code != ERR_OK)
      return code;
    str_add_char(text, ',');
    write_field(text, str_view(&cell.words));
    str_add_char(text, ',');
    write_field(text, str_view(&cell.terms));
  }
  str_add(text, VIEW_LITERAL("\r\n"));
  return ERR_OK;
}

static enum err_code write_csv(const struct writing *writing, struct str *text)
{
  enum err_code code = ERR_OK;
  write_headings(writing, text);
  for (int32_t i = 0; code == ERR_OK && i < row_count(writing); i++)
    if (has_row(writing, i))
      code = write_row(writing, i, text);
  if (code == ERR_OK && !str_ok(text))
    code = err_set(writing->err, ERR_MEMORY, "no memory for the register");
  return code;
}

// ── HTML ────────────────────────────────────────────────────────────────────────────────────

static const char *say(const struct writing *writing, enum word which)
{
  return word(writing->request->language, which);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words
static void begin(const struct writing *writing, struct page *page)
{
  const struct policy *policy = writing->request->policy;
  char hash[2 * POLICY_HASH_BYTES + 1];
  char day[CALENDAR_TEXT_BYTES];
  enum language language = writing->request->language;
  page_begin(
      page, language_code(language),
      say(writing, writing->request->role == REGISTER_CONTROLLER ? WORD_REGISTER_TITLE
                                                                 : WORD_REGISTER_TITLE_PROCESSOR),
      say(writing, WORD_CONTENTS));
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_date(zone_day(policy->zone, policy->effective_us), day);
  page_paragraph(page, say(writing, WORD_VERSION), policy->id, (long long)policy->version, day);
  page_paragraph(page, say(writing, WORD_HASH), hash);
  calendar_write_date(writing->request->day, day);
  page_paragraph(page, say(writing, WORD_REGISTER_DAY), day);
  page_paragraph(page, "%s", say(writing, WORD_REGISTER_TERMS));
}
#pragma GCC diagnostic pop

static enum err_code add_line(const struct writing *writing, const struct column *column,
                              int32_t index, struct page *page)
{
  OWNED(cell) struct cell cell = CELL_INIT(writing->request, index);
  OWNED(str) struct str heading = STR_INIT(COLUMN_BYTES_MAX);
  enum err_code code = fill(writing, column, &cell);
  if (code != ERR_OK)
    return code;
  str_format(&heading, "%s (%s)", say(writing, column->heading), column->article);
  const char *const cells[] = {str_text(&heading), str_text(&cell.words), str_text(&cell.terms)};
  if (cell.words.length > 0)
    page_row(page, "", cells, ARRAY_COUNT(cells));
  return ERR_OK;
}

// The first column is the heading.
static enum err_code add_section(const struct writing *writing, int32_t index, struct page *page)
{
  OWNED(cell) struct cell title = CELL_INIT(writing->request, index);
  const char *const headings[] = {say(writing, WORD_REGISTER_WHAT),
                                  say(writing, WORD_REGISTER_SAYS),
                                  say(writing, WORD_REGISTER_TERM)};
  char anchor[PAGE_ANCHOR_BYTES_MAX];
  enum err_code code = fill(writing, writing->columns, &title);
  (void)snprintf(anchor, sizeof anchor, "row-%s", name_of(writing, index));
  page_heading(page, anchor, str_text(&title.words));
  page_table(page, str_text(&title.words), headings, ARRAY_COUNT(headings));
  for (const struct column *column = writing->columns; code == ERR_OK && column->name != NULL;
       column++)
    code = add_line(writing, column, index, page);
  return code;
}

static enum err_code write_html(const struct writing *writing, struct str *text)
{
  OWNED(page) struct page page = PAGE_INIT;
  enum err_code code = ERR_OK;
  begin(writing, &page);
  for (int32_t i = 0; code == ERR_OK && i < row_count(writing); i++)
    if (has_row(writing, i))
      code = add_section(writing, i, &page);
  return code != ERR_OK ? code : page_write(&page, PAGE_HTML, text, writing->err);
}

enum err_code register_render(const struct register_request *request, enum register_form form,
                              struct str *ret_text, struct err *err)
{
  const struct writing writing = {
      request, request->role == REGISTER_CONTROLLER ? controller_columns : processor_columns, err};
  enum err_code code = notice_check(request->policy, request->language, err);
  if (code != ERR_OK)
    return code;
  return form == REGISTER_CSV ? write_csv(&writing, ret_text) : write_html(&writing, ret_text);
}
