#include "import/csv.h"

#include <csv.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { PIECE_BYTES = 64 * 1024 };

struct reader {
  enum err_code (*each)(void *context, const struct csv_row *row, struct err *err);
  void *context;
  struct err *err;
  enum err_code code;  // of each
  bool is_utf8;
  iconv_t iconv;
  struct csv_row row;
  struct view fields[CSV_COLUMNS_MAX];
  size_t used_bytes;
  char bytes[CSV_ROW_BYTES_MAX];
};

static void spoil(struct reader *reader, enum err_code code, int32_t column)
{
  if (reader->row.code != ERR_OK)
    return;
  reader->row.code = code;
  reader->row.bad_column = column;
}

// The field as UTF-8 behind those that are there.
static bool convert(struct reader *reader, char *from, size_t length, size_t *ret_length)
{
  char *to = reader->bytes + reader->used_bytes;
  size_t room = sizeof reader->bytes - reader->used_bytes;
  size_t left = room;
  (void)iconv(reader->iconv, NULL, NULL, NULL, NULL);
  if (iconv(reader->iconv, &from, &length, &to, &left) == (size_t)-1)
    return false;
  *ret_length = room - left;
  return true;
}

static void take_field(void *bytes, size_t length, void *context)
{
  struct reader *reader = context;
  int32_t column = reader->row.field_count + 1;
  size_t wanted = reader->is_utf8 ? length : 3 * length;  // no letter of theirs takes more
  if (column > CSV_COLUMNS_MAX || wanted > sizeof reader->bytes - reader->used_bytes) {
    spoil(reader, ERR_LIMIT, column > CSV_COLUMNS_MAX ? 0 : column);
    return;
  }
  struct view field = {reader->bytes + reader->used_bytes, length};
  if (reader->is_utf8 && length > 0)
    memcpy(reader->bytes + reader->used_bytes, bytes, length);
  else if (!reader->is_utf8 && !convert(reader, bytes, length, &field.length))
    field.length = 0, spoil(reader, ERR_INPUT, column);
  if (!view_is_utf8(field))
    spoil(reader, ERR_INPUT, column);
  reader->used_bytes += field.length;
  reader->fields[reader->row.field_count++] = field;
}

static void take_row(int end, void *context)
{
  (void)end;
  struct reader *reader = context;
  reader->row.number++;
  if (reader->code == ERR_OK)
    reader->code = reader->each(reader->context, &reader->row, reader->err);
  reader->used_bytes = 0;
  reader->row = (struct csv_row){.number = reader->row.number, .fields = reader->fields};
}

static void *grow(void *memory, size_t bytes)
{
  return bytes > CSV_ROW_BYTES_MAX + PIECE_BYTES ? NULL : realloc(memory, bytes);
}

static enum err_code broken(const struct reader *reader, int status, struct err *err)
{
  if (status == CSV_EPARSE) {
    err_set(err, ERR_INPUT,
            "row %lld of the file: a quote stands where none may stand, or is not "
            "closed",
            (long long)reader->row.number + 1);
    return err_hint(err, "a quote within a quoted field is written twice");
  }
  return err_set(err, ERR_LIMIT, "row %lld of the file has more than %d bytes",
                 (long long)reader->row.number + 1, CSV_ROW_BYTES_MAX);
}

static size_t mark_bytes(const struct reader *reader, const char *piece, size_t length)
{
  bool has_mark = reader->is_utf8 && length >= 3 && memcmp(piece, "\xEF\xBB\xBF", 3) == 0;
  return has_mark ? 3 : 0;
}

static enum err_code parse(FILE *file, struct csv_parser *parser, struct reader *reader,
                           struct err *err)
{
  char piece[PIECE_BYTES];
  bool first = true;
  size_t length = fread(piece, 1, sizeof piece, file);
  while (length > 0) {
    size_t from = first ? mark_bytes(reader, piece, length) : 0;
    first = false;
    size_t done = csv_parse(parser, piece + from, length - from, take_field, take_row, reader);
    if (reader->code != ERR_OK)
      return reader->code;
    if (done != length - from)
      return broken(reader, csv_error(parser), err);
    length = fread(piece, 1, sizeof piece, file);
  }
  if (ferror(file) != 0)
    return err_set(err, ERR_SYSTEM, "the data cannot be read");
  if (csv_fini(parser, take_field, take_row, reader) != 0)
    return broken(reader, csv_error(parser), err);
  return reader->code;
}

static enum err_code read_with(FILE *file, const struct mapping *mapping, struct reader *reader,
                               struct err *err)
{
  struct csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  csv_set_delim(&parser, (unsigned char)mapping->delimiter);
  csv_set_realloc_func(&parser, grow);
  csv_set_blk_size(&parser, 4096);
  enum err_code code = parse(file, &parser, reader, err);
  csv_free(&parser);
  return code;
}

enum err_code csv_read(FILE *file, const struct mapping *mapping,
                       enum err_code (*each)(void *context, const struct csv_row *row,
                                             struct err *err),
                       void *context, struct err *err)
{
  static const char *const names[ENCODING_COUNT] = {"UTF-8", "ISO-8859-1", "WINDOWS-1252"};
  struct reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  reader->each = each;
  reader->context = context;
  reader->err = err;
  reader->is_utf8 = mapping->encoding == ENCODING_UTF_8;
  reader->row.fields = reader->fields;
  reader->iconv = iconv_open("UTF-8", names[mapping->encoding]);
  enum err_code code = reader->iconv == (iconv_t)-1
                           ? err_set(err, ERR_SYSTEM, "the system cannot read this encoding")
                           : read_with(file, mapping, reader, err);
  if (reader->iconv != (iconv_t)-1)
    (void)iconv_close(reader->iconv);
  explicit_bzero(reader, sizeof *reader);
  free(reader);
  return code;
}
