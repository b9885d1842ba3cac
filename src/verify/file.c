#include "verify/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void verify_content_clean(struct verify_content *content)
{
  free(content->text);
  *content = (struct verify_content){0};
}

void verify_stream_clean(FILE **stream)
{
  if (*stream != NULL)
    (void)fclose(*stream);
}

// Doubles the room; false without memory.
static bool grow(struct verify_content *content, size_t *capacity)
{
  size_t wanted = *capacity == 0 ? 4096 : *capacity * 2;
  char *text = realloc(content->text, wanted);
  if (text == NULL)
    return false;
  content->text = text;
  *capacity = wanted;
  return true;
}

enum verify_outcome verify_content_read(const char *file, size_t bytes_max,
                                        struct verify_content *ret_content,
                                        struct verify_finding *finding)
{
  FILE *stream __attribute__((cleanup(verify_stream_clean))) = fopen(file, "rbe");
  if (stream == NULL)
    return verify_trouble(finding, "%s: %s", file, strerror(errno));
  struct verify_content content __attribute__((cleanup(verify_content_clean))) = {0};
  size_t capacity = 0;
  size_t got = 0;
  do {
    if (content.bytes + 1 >= capacity && !grow(&content, &capacity))
      return verify_trouble(finding, "%s: out of memory", file);
    got = fread(content.text + content.bytes, 1, capacity - content.bytes - 1, stream);
    content.bytes += got;
    if (content.bytes > bytes_max)
      return verify_trouble(finding, "%s: larger than %zu bytes", file, bytes_max);
  } while (got > 0);
  if (ferror(stream) != 0)
    return verify_trouble(finding, "%s: %s", file, strerror(errno));
  content.text[content.bytes] = 0;
  *ret_content = content;
  content = (struct verify_content){0};
  return VERIFY_HOLDS;
}

void verify_line_clean(struct verify_line *line)
{
  free(line->text);
  *line = (struct verify_line){0};
}

bool verify_line_init(struct verify_line *line, size_t bytes_max)
{
  *line = (struct verify_line){.text = malloc(bytes_max + 1), .bytes_max = bytes_max};
  return line->text != NULL;
}

bool verify_line_next(struct verify_line *line, FILE *stream)
{
  line->bytes = 0;
  line->is_ended = false;
  line->is_too_long = false;
  int byte = getc_unlocked(stream);
  if (byte == EOF)
    return false;
  for (; byte != EOF && byte != '\n' && line->bytes < line->bytes_max;
       byte = getc_unlocked(stream)) {
    line->text[line->bytes] = (char)byte;
    line->bytes++;
  }
  line->text[line->bytes] = 0;
  line->is_ended = byte == '\n';
  line->is_too_long = byte != EOF && byte != '\n';
  return ferror(stream) == 0;
}
