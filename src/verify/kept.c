#include "verify/kept.h"

#include <stdlib.h>
#include <string.h>

#include "verify/file.h"

enum { NOTE_LINES = 5, KEPT_FILE_BYTES_MAX = 256 * 1024 * 1024 };

void verify_kept_clean(struct verify_kept *kept)
{
  free(kept->heads);
  *kept = (struct verify_kept){0};
}

static struct verify_kept_head *add_head(struct verify_kept *kept)
{
  if (kept->count == kept->capacity) {
    size_t capacity = kept->capacity == 0 ? 16 : kept->capacity * 2;
    struct verify_kept_head *heads = realloc(kept->heads, capacity * sizeof *heads);
    if (heads == NULL)
      return NULL;
    kept->heads = heads;
    kept->capacity = capacity;
  }
  struct verify_kept_head *head = &kept->heads[kept->count];
  kept->count++;
  *head = (struct verify_kept_head){0};
  return head;
}

// The bytes of the note that starts the text: five lines, or what there is.
static size_t note_bytes(const char *text, size_t bytes)
{
  size_t at = 0;
  for (int line = 0; line < NOTE_LINES && at < bytes; line++) {
    const char *line_end = memchr(text + at, '\n', bytes - at);
    at = line_end == NULL ? bytes : (size_t)(line_end - text) + 1;
  }
  return at;
}

enum verify_outcome verify_kept_read(struct verify_kept *kept, const char *file,
                                     struct verify_finding *finding)
{
  struct verify_content content __attribute__((cleanup(verify_content_clean))) = {0};
  enum verify_outcome outcome = verify_content_read(file, KEPT_FILE_BYTES_MAX, &content, finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  if (content.bytes == 0)
    return verify_trouble(finding, "%s: no head in it", file);
  size_t at = 0;
  for (int64_t number = 1; at < content.bytes; number++) {
    size_t bytes = note_bytes(content.text + at, content.bytes - at);
    struct verify_kept_head *head = add_head(kept);
    if (head == NULL)
      return verify_trouble(finding, "out of memory");
    head->file = file;
    head->number = number;
    head->flaw = verify_note_parse(content.text + at, bytes, &head->note);
    at += bytes;
    if (head->flaw == NULL && at < content.bytes && content.text[at] != '\n')
      head->flaw = "end";
    if (head->flaw != NULL)
      return VERIFY_HOLDS;
    at++;
  }
  return VERIFY_HOLDS;
}

struct verify_at verify_kept_at(const struct verify_kept_head *head)
{
  return (struct verify_at){.place = VERIFY_AT_KEPT_HEAD,
                            .file = head->file,
                            .note = head->number,
                            .size = head->flaw == NULL ? head->note.size : 0};
}
