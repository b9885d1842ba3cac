#include "policy/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Where the next finding goes, or NULL: in a full list an error takes the place of the last
// finding that is none, so that errors are only left out when the list holds nothing else.
static struct finding *next_slot(struct finding_list *list, enum severity severity)
{
  if (list->items == NULL)
    list->items = calloc(FINDINGS_MAX, sizeof *list->items);
  if (list->items == NULL)
    return NULL;
  if (list->count < FINDINGS_MAX)
    return &list->items[list->count++];
  for (int32_t i = FINDINGS_MAX - 1; i >= 0 && severity == SEVERITY_ERROR; i--)
    if (list->items[i].severity != SEVERITY_ERROR)
      return &list->items[i];
  return NULL;
}

void finding_add(struct finding_list *list, enum finding_id id, struct place place, const char *fix,
                 const char *format, ...)
{
  const struct finding_row *row = finding_row(id);
  if (row->severity == SEVERITY_ERROR)
    list->errors++;
  if (row->severity == SEVERITY_DECISION)
    list->undecided++;
  struct finding *finding = next_slot(list, row->severity);
  if (finding == NULL)
    return;
  finding->id = row->id;
  finding->severity = row->severity;
  finding->place = place;
  finding->article = row->article;
  finding->consequence = row->consequence;
  finding->ref = "";
  finding->path[0] = '\0';
  finding->decided[0] = '\0';
  (void)snprintf(finding->fix, sizeof finding->fix, "%s", fix == NULL ? "" : fix);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(finding->message, sizeof finding->message, format, arguments);
  va_end(arguments);
}

static bool stands_before(struct place a, struct place b)
{
  return a.line < b.line || (a.line == b.line && a.column < b.column);
}

// Insertion sort: stable, and the list has at most FINDINGS_MAX rows that are nearly in order.
void finding_list_sort(struct finding_list *list)
{
  for (int32_t i = 1; i < list->count; i++) {
    struct finding moved = list->items[i];
    int32_t at = i;
    for (; at > 0 && stands_before(moved.place, list->items[at - 1].place); at--)
      list->items[at] = list->items[at - 1];
    list->items[at] = moved;
  }
}

void finding_list_clear(struct finding_list *list)
{
  free(list->items);
  *list = (struct finding_list)FINDING_LIST_INIT;
}

void finding_list_cleanup(struct finding_list *list) { finding_list_clear(list); }

// Findings about a value that is personal data: the line that it stands on is not shown.
static const enum finding_id unshown[] = {FINDING_C02, FINDING_C03};

static bool shows_line(const struct finding *finding)
{
  for (size_t i = 0; i < ARRAY_COUNT(unshown); i++)
    if (strcmp(finding->id, finding_row(unshown[i])->id) == 0)
      return false;
  return finding->place.line > 0;
}

// The line of the file, shortened to what surrounds the place, and a caret below it.
static void print_line(struct place place, struct view text, struct str *ret_text)
{
  enum { SHOWN_CHARACTERS = 96, BEFORE_CHARACTERS = 60 };
  struct view line = VIEW_EMPTY;
  for (int32_t i = 0; i < place.line && text.length > 0; i++)
    line = view_cut(&text, '\n');
  if (line.length == 0 || !view_is_utf8(line))
    return;
  int32_t first = place.column > BEFORE_CHARACTERS ? place.column - BEFORE_CHARACTERS : 1;
  int32_t column = 0;
  str_add(ret_text, VIEW_LITERAL("  | "));
  for (size_t i = 0; i < line.length; i++) {
    unsigned char byte = (unsigned char)line.bytes[i];
    column += (byte & 0xc0) == 0x80 ? 0 : 1;
    if (column >= first && column < first + SHOWN_CHARACTERS)
      str_add_char(ret_text, byte < ' ' || byte == 0x7f ? ' ' : (char)byte);
  }
  str_format(ret_text, "\n  | %*s^\n", place.column - first, "");
}

void finding_print(const struct finding *finding, const char *file_name, struct view text,
                   struct str *ret_text)
{
  bool is_decided = finding->decided[0] != '\0';
  str_format(ret_text, "%s:%d:%d: %s[%s]: %s", file_name, finding->place.line,
             finding->place.column, is_decided ? "decided" : severity_name(finding->severity),
             finding->id, finding->message);
  if (finding->article[0] != '\0')
    str_format(ret_text, " (%s)", finding->article);
  if (finding->ref[0] != '\0')
    str_format(ret_text, " %s", finding->ref);
  str_add(ret_text, VIEW_LITERAL("\n"));
  if (shows_line(finding))
    print_line(finding->place, text, ret_text);
  str_format(ret_text, "  would cause: %s\n", finding->consequence);
  if (is_decided)
    str_format(ret_text, "  decided: %s\n", finding->decided);
  else if (finding->fix[0] != '\0')
    str_format(ret_text, "  fix: %s\n", finding->fix);
}

struct quote quote(struct view text)
{
  struct quote quoted = {""};
  size_t length = text.length;
  if (length > sizeof quoted.text - 4) {
    length = sizeof quoted.text - 4;
    while (length > 0 && ((unsigned char)text.bytes[length] & 0xc0) == 0x80)
      length--;
  }
  if (length > 0)
    memcpy(quoted.text, text.bytes, length);
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)quoted.text[i] < ' ' || quoted.text[i] == 0x7f)
      quoted.text[i] = '?';
  if (length < text.length)
    memcpy(quoted.text + length, "...", 4);
  return quoted;
}
