// The mapping of an import and the rows of its file: what is read, and where it is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "import/csv.h"
#include "import/row.h"
#include "policy/read.h"

static const char head[] =
    "import: 1\nencoding: utf-8\ndelimiter: \",\"\nheader: yes\npoint: purchase\n"
    "source: self\nobtained: 2025-03-01\n";

static struct policy *policy_of_shop(void)
{
  static char text[256 * 1024];
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  struct finding_list findings = FINDING_LIST_INIT;
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/policies/framsteget.yaml", "rb");
  assert_non_null(file);
  size_t length = fread(text, 1, sizeof text, file);
  (void)fclose(file);
  assert_int_equal(policy_read("shop.yaml", view_bytes(text, length), &policy, &findings, &err),
                   ERR_OK);
  finding_list_clear(&findings);
  return policy;
}

static enum err_code read_text(const struct policy *policy, struct arena *arena, const char *text,
                               struct mapping *ret_mapping, struct err *err)
{
  return mapping_read(policy, "m.yaml", view_of(text), arena, ret_mapping, err);
}

// What is wrong is told with file, line and column.
static void mapping__is_refused_at_its_place(void **state)
{
  (void)state;
  static const struct {
    const char *rest, *where;
  } cases[] = {
      {"fields: {A: contact.nam}\n", "m.yaml:8:13"},
      {"fields: {A: contact.name}\nwhat: 1\n", "m.yaml:9:1"},
      {"fields: {A: contact.name}\nignore: [A]\n", "m.yaml:9:10"},
      {"fields: {A: contact.name}\nfind: contact.name\n", "m.yaml:9:7"},
      {"fields: {A: contact.name}\nbegins: B\n", "m.yaml:1:1"},
      {"fields: {A: contact.name}\nevents: {B: contract.ended}\n", "m.yaml:9:10"},
      {"ignore: [A]\n", "m.yaml:1:1"},
  };
  struct policy *policy = policy_of_shop();
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    char text[1000];
    struct mapping mapping;
    struct err err = ERR_INIT;
    (void)snprintf(text, sizeof text, "%s%s", head, cases[i].rest);
    assert_int_equal(read_text(policy, &arena, text, &mapping, &err), ERR_FINDINGS);
    assert_string_equal(err.where, cases[i].where);
  }
  policy_free(policy);
}

// At most MAPPING_COLUMNS_MAX columns have a name.
static void mapping__has_a_limit_of_columns(void **state)
{
  (void)state;
  struct policy *policy = policy_of_shop();
  for (int more = 0; more < 2; more++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    OWNED(str) struct str text = STR_INIT(8000);
    struct mapping mapping;
    struct err err = ERR_INIT;
    str_format(&text, "%sfields: {A: contact.name}\nignore: [", head);
    for (int i = 1; i < MAPPING_COLUMNS_MAX + more; i++)
      str_format(&text, "%sc%d", i == 1 ? "" : ", ", i);
    str_add(&text, VIEW_LITERAL("]\n"));
    assert_int_equal(read_text(policy, &arena, str_text(&text), &mapping, &err),
                     more == 0 ? ERR_OK : ERR_LIMIT);
  }
  policy_free(policy);
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────

struct seen {
  char text[2000];  // fields in brackets, rows closed by their code
  int64_t rows;
  enum err_code last_code;
  int32_t last_count;
};

static enum err_code see(void *context, const struct csv_row *row, struct err *err)
{
  (void)err;
  struct seen *seen = context;
  size_t at = strlen(seen->text);
  for (int32_t i = 0; i < row->field_count && row->fields[i].length < 100 && i < 10; i++)
    at += (size_t)snprintf(seen->text + at, sizeof seen->text - at, "[%.*s]",
                           (int)row->fields[i].length, row->fields[i].bytes);
  (void)snprintf(seen->text + at, sizeof seen->text - at, "%d;", (int)row->code);
  seen->rows++;
  seen->last_code = row->code;
  seen->last_count = row->field_count;
  return ERR_OK;
}

static enum err_code see_bytes(enum mapping_encoding encoding, const void *bytes, size_t length,
                               struct seen *ret_seen)
{
  struct err err = ERR_INIT;
  struct mapping mapping = {.encoding = encoding, .delimiter = ','};
  FILE *file = tmpfile();
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, length, file), length);
  rewind(file);
  *ret_seen = (struct seen){.rows = 0};
  enum err_code code = csv_read(file, &mapping, see, ret_seen, &err);
  (void)fclose(file);
  return code;
}

// RFC 4180, and what programs write: marks, line ends, quotes, letters of one byte.
static void csv__is_read_as_it_is_written(void **state)
{
  (void)state;
  static const struct {
    enum mapping_encoding encoding;
    const char *bytes, *wanted;
  } cases[] = {
      {ENCODING_UTF_8, "", ""},
      {ENCODING_UTF_8,
       "\xEF\xBB\xBF"
       "a,b\r\nc,d\r\n",
       "[a][b]0;[c][d]0;"},
      {ENCODING_UTF_8, "a,\"b \"\"c\"\"\nd\"\n", "[a][b \"c\"\nd]0;"},
      {ENCODING_UTF_8, "a,,\nlast,1,2", "[a][][]0;[last][1][2]0;"},
      {ENCODING_WINDOWS_1252, "\xC5sa,\x80\n", "[\xC3\x85sa][\xE2\x82\xAC]0;"},
      {ENCODING_ISO_8859_1, "\xE5\xE4\xF6\n", "[\xC3\xA5\xC3\xA4\xC3\xB6]0;"},
      {ENCODING_UTF_8, "\xE5\nb\n", "[\xE5]2;[b]0;"},
      {ENCODING_WINDOWS_1252, "\x81\nb\n", "[]2;[b]0;"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    struct seen seen;
    assert_int_equal(see_bytes(cases[i].encoding, cases[i].bytes, strlen(cases[i].bytes), &seen),
                     ERR_OK);
    assert_string_equal(seen.text, cases[i].wanted);
  }
}

// Quotes that do not close end the file: nothing behind them can be told apart.
static void csv__with_an_open_quote_is_refused(void **state)
{
  (void)state;
  struct seen seen;
  assert_int_equal(see_bytes(ENCODING_UTF_8, "a\n\"b\n", 5, &seen), ERR_INPUT);
  assert_string_equal(seen.text, "[a]0;");
}

// A row has at most CSV_ROW_BYTES_MAX bytes and CSV_COLUMNS_MAX columns.
static void csv__has_limits_of_a_row(void **state)
{
  (void)state;
  struct seen seen;
  char *bytes = calloc(1, CSV_ROW_BYTES_MAX + 10);
  assert_non_null(bytes);
  memset(bytes, 'x', CSV_ROW_BYTES_MAX + 1);
  bytes[CSV_ROW_BYTES_MAX] = '\n';
  assert_int_equal(see_bytes(ENCODING_UTF_8, bytes, CSV_ROW_BYTES_MAX + 1, &seen), ERR_OK);
  assert_int_equal(seen.last_code, ERR_OK);
  bytes[CSV_ROW_BYTES_MAX] = 'x';
  bytes[CSV_ROW_BYTES_MAX + 1] = '\n';
  assert_int_equal(see_bytes(ENCODING_UTF_8, bytes, CSV_ROW_BYTES_MAX + 2, &seen), ERR_OK);
  assert_int_equal(seen.last_code, ERR_LIMIT);
  memset(bytes, ',', CSV_COLUMNS_MAX);
  assert_int_equal(see_bytes(ENCODING_UTF_8, bytes, CSV_COLUMNS_MAX - 1, &seen), ERR_OK);
  assert_int_equal(seen.last_code, ERR_OK);
  assert_int_equal(seen.last_count, CSV_COLUMNS_MAX);
  assert_int_equal(see_bytes(ENCODING_UTF_8, bytes, CSV_COLUMNS_MAX, &seen), ERR_OK);
  assert_int_equal(seen.last_code, ERR_LIMIT);
  free(bytes);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mapping__is_refused_at_its_place),
      cmocka_unit_test(mapping__has_a_limit_of_columns),
      cmocka_unit_test(csv__is_read_as_it_is_written),
      cmocka_unit_test(csv__with_an_open_quote_is_refused),
      cmocka_unit_test(csv__has_limits_of_a_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
