#include "retain/groups.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"

void groups_clear(struct groups *groups)
{
  arena_clear(&groups->arena);
  free(groups->rows);
  free(groups->groups);
  *groups = (struct groups){.arena = ARENA_INIT};
}

void groups_cleanup(struct groups *groups) { groups_clear(groups); }

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for groups of people");
}

enum err_code groups_add(struct groups *groups, struct view key, struct record_id record,
                         struct err *err)
{
  return groups_add_number(groups, key, record, 0, err);
}

enum err_code groups_add_number(struct groups *groups, struct view key, struct record_id record,
                                double number, struct err *err)
{
  if (groups->row_count == GROUPS_ROWS_MAX)
    return err_set(err, ERR_LIMIT, "groups are formed of at most %d records", GROUPS_ROWS_MAX);
  if (groups->row_count == groups->row_capacity) {
    int32_t capacity = groups->row_capacity == 0 ? 64 : groups->row_capacity * 2;
    struct group_row *rows = realloc(groups->rows, (size_t)capacity * sizeof *rows);
    if (rows == NULL)
      return no_memory(err);
    groups->rows = rows;
    groups->row_capacity = capacity;
  }
  char *copy = arena_text(&groups->arena, key);
  if (copy == NULL)
    return no_memory(err);
  groups->rows[groups->row_count++] =
      (struct group_row){view_bytes(copy, key.length), record, number};
  return ERR_OK;
}

// ── Forming ─────────────────────────────────────────────────────────────────────────────────────

static int compare_keys(struct view a, struct view b)
{
  size_t length = a.length < b.length ? a.length : b.length;
  int order = length == 0 ? 0 : memcmp(a.bytes, b.bytes, length);
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_persons(struct person_id a, struct person_id b)
{
  return (a.value > b.value) - (a.value < b.value);
}

static int compare_rows(const void *a, const void *b)
{
  const struct group_row *one = a, *other = b;
  int order = compare_keys(one->key, other->key);
  return order != 0 ? order
                    : (one->record.value > other->record.value) -
                          (one->record.value < other->record.value);
}

static void form(struct groups *groups, int64_t least)
{
  const struct group_row *before = NULL;
  struct group *group = NULL;
  for (int32_t i = 0; i < groups->row_count; i++) {
    const struct group_row *row = &groups->rows[i];
    if (before == NULL || compare_keys(before->key, row->key) != 0) {
      group = &groups->groups[groups->group_count++];
      *group = (struct group){.key = row->key, .first_row = i};
      before = NULL;
    }
    group->records++;
    group->persons +=
        before == NULL || record_person(before->record).value != record_person(row->record).value;
    before = row;
  }
  for (int32_t i = 0; i < groups->group_count; i++)
    groups->groups[i].is_shown = groups->groups[i].persons >= least;
}

static int compare_ids(const void *a, const void *b)
{
  return compare_persons(*(const struct person_id *)a, *(const struct person_id *)b);
}

// One person may be in several groups.
static void count_hidden(struct groups *groups, struct person_id *persons)
{
  size_t count = 0;
  groups->hidden_persons = 0;
  for (int32_t i = 0; i < groups->group_count; i++) {
    const struct group *group = &groups->groups[i];
    for (int64_t k = 0; !group->is_shown && k < group->records; k++)
      persons[count++] = record_person(groups->rows[group->first_row + k].record);
  }
  groups->hidden_records = (int64_t)count;
  if (count > 0)
    qsort(persons, count, sizeof *persons, compare_ids);
  for (size_t i = 0; i < count; i++)
    groups->hidden_persons += i == 0 || persons[i].value != persons[i - 1].value;
}

static struct group *smallest_shown(struct groups *groups)
{
  struct group *smallest = NULL;
  for (int32_t i = 0; i < groups->group_count; i++) {
    struct group *group = &groups->groups[i];
    if (group->is_shown && (smallest == NULL || group->persons < smallest->persons))
      smallest = group;
  }
  return smallest;
}

static void hide(struct groups *groups, int64_t least, struct person_id *persons)
{
  count_hidden(groups, persons);
  while (groups->hidden_persons > 0 && groups->hidden_persons < least) {
    struct group *next = smallest_shown(groups);
    if (next == NULL)
      break;
    next->is_shown = false;
    count_hidden(groups, persons);
  }
  groups->hides_enough = groups->hidden_persons == 0 || groups->hidden_persons >= least;
}

enum err_code groups_close(struct groups *groups, int64_t least, struct err *err)
{
  size_t count = (size_t)groups->row_count;
  groups->hides_enough = true;
  if (count == 0)
    return ERR_OK;
  qsort(groups->rows, count, sizeof *groups->rows, compare_rows);
  groups->groups = calloc(count, sizeof *groups->groups);
  struct person_id *persons = calloc(count, sizeof *persons);
  bool has_memory = groups->groups != NULL && persons != NULL;
  if (has_memory) {
    form(groups, least);
    hide(groups, least, persons);
  }
  free(persons);
  return has_memory ? ERR_OK : no_memory(err);
}

const struct group *groups_find(const struct groups *groups, struct view key)
{
  int32_t low = 0;
  int32_t high = groups->group_count;
  while (low < high) {
    int32_t middle = low + (high - low) / 2;
    int order = compare_keys(groups->groups[middle].key, key);
    if (order == 0)
      return &groups->groups[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

bool groups_is_first(const struct groups *groups, const struct group *group,
                     struct record_id record)
{
  const struct group_row *rows = groups->rows + group->first_row;
  int64_t low = 0;
  int64_t high = group->records;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (rows[middle].record.value < record.value)
      low = middle + 1;
    else
      high = middle;
  }
  return low == 0 || record_person(rows[low - 1].record).value != record_person(record).value;
}

// ── What is left of a value ─────────────────────────────────────────────────────────────────────

// 24 bits of an IPv4 address, 48 of an IPv6 one.
static bool truncate_address(struct view value, struct str *text)
{
  enum { IPV4_KEEPS = 3, IPV6_KEEPS = 6 };
  unsigned char address[16];
  char written[INET6_ADDRSTRLEN];
  char copy[INET6_ADDRSTRLEN];
  if (value.length >= sizeof copy)
    return false;
  memcpy(copy, value.bytes, value.length);
  copy[value.length] = '\0';
  int family = memchr(copy, ':', value.length) == NULL ? AF_INET : AF_INET6;
  if (inet_pton(family, copy, address) != 1)
    return false;
  size_t keeps = family == AF_INET ? IPV4_KEEPS : IPV6_KEEPS;
  memset(address + keeps, 0, sizeof address - keeps);
  str_add(text, view_of(inet_ntop(family, address, written, sizeof written)));
  return true;
}

static bool to_band(struct view value, int64_t width, struct str *text)
{
  int64_t number = 0;
  struct view whole = view_cut(&value, '.');
  if (width <= 0 || !view_int64(whole, &number))
    return false;
  int64_t first = number / width * width - (number < 0 && number % width != 0 ? width : 0);
  str_format(text, "%lld-%lld", (long long)first, (long long)(first + width - 1));
  return true;
}

static bool to_year(struct view value, struct str *text)
{
  enum { YEAR_DIGITS = 4 };
  if (value.length < YEAR_DIGITS)
    return false;
  str_add(text, view_bytes(value.bytes, YEAR_DIGITS));
  return true;
}

static bool write_left(const struct anonymiser *anonymiser, struct view value, struct str *text)
{
  switch (anonymiser->how) {
    case ANONYMISE_TRUNCATE:
      return truncate_address(value, text);
    case ANONYMISE_BAND:
      return to_band(value, anonymiser->width, text);
    case ANONYMISE_YEAR:
      return to_year(value, text);
    case ANONYMISE_TALLY:
      return true;
    case ANONYMISE_NONE:
    case ANONYMISE_DROP:
    case ANONYMISE_KIND_COUNT:
      return false;
  }
  return false;
}

bool groups_anonymise(const struct field *field, struct view value, struct arena *arena,
                      struct view *ret_value)
{
  OWNED(str) struct str text = STR_INIT(INET6_ADDRSTRLEN + 1);
  if (!write_left(&field->anonymiser, value, &text) || !str_ok(&text))
    return false;
  char *copy = arena_text(arena, str_view(&text));
  *ret_value = copy == NULL ? VIEW_EMPTY : view_bytes(copy, text.length);
  return copy != NULL;
}
