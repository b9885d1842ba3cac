#include "policy/keep_parse.h"
#include "policy/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KEEP_LINKED_MAX = 4096 };  // rules made from links, of some 3 kB each

struct linking {
  struct reader *reader;
  struct keep *keeps;  // those that were read, then the linked ones
  int32_t read_count, count, capacity;
  int32_t *keep_of;
  int32_t *made_of;          // by linked rule: the rule that was read
  unsigned char *is_active;  // by cell of keep_of: is being linked
  unsigned char *is_told;    // by rule that was read: its fault has been found
};

static bool is_link(enum keep_code code)
{
  return code == KEEP_CONSENT_ENDS || code == KEEP_FOLLOW;
}

bool keep_has_links(const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++)
    if (is_link(keep->operations[i].code))
      return true;
  return false;
}

// One finding for each rule, whichever of its fields shows the fault first.
static bool PRINTF_LIKE(4, 5)
    fault(const struct linking *linking, int32_t keep, enum finding_id id, const char *format, ...)
{
  char message[FINDING_TEXT_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  const struct keep *at = &linking->keeps[keep];
  if (!linking->is_told[keep])
    finding_add(linking->reader->findings, id, (struct place){at->line, at->column}, NULL, "%s",
                message);
  linking->is_told[keep] = 1;
  return false;
}

static bool append(const struct linking *linking, int32_t from, struct keep *keep,
                   const struct keep_operation *operation)
{
  if (keep->operation_count == KEEP_OPERATIONS_MAX)
    return fault(linking, from, FINDING_Y08, "the keep rule has more than %d parts",
                 KEEP_OPERATIONS_MAX);
  keep->operations[keep->operation_count++] = *operation;
  return true;
}

// The span by which the purpose's consent is on record: one for all kinds of people.
static bool link_consent(const struct linking *linking, int32_t from, const struct purpose *purpose,
                         struct keep *keep)
{
  const struct basis_row *rows = linking->reader->policy->basis_rows;
  struct keep_operation operation = {.code = KEEP_SPAN_END};
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &rows[purpose->first_basis + i];
    if (row->basis != BASIS_CONSENT || row->span.scope == SPAN_NONE)
      continue;
    bool differs =
        operation.span.scope != row->span.scope || operation.span.index != row->span.index;
    if (operation.span.scope != SPAN_NONE && differs)
      return fault(linking, from, FINDING_KR04, "'%s' rests on consents of several spans",
                   purpose->name);
    operation.span = row->span;
  }
  if (operation.span.scope == SPAN_NONE)
    return fault(linking, from, FINDING_KR04,
                 "'%s' has no basis 'consent' with 'given', so that no consent of it ends",
                 purpose->name);
  return append(linking, from, keep, &operation);
}

static bool link_cell(struct linking *linking, int32_t purpose, int32_t field);

static bool is_one_of_several(const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_LATER_END || keep->operations[i].code == KEEP_EARLIER_END)
      return true;
  return false;
}

// What another purpose says of the field, put in where `as long as` stood.
static bool link_follow(struct linking *linking, int32_t from, int32_t target, int32_t field,
                        struct keep *keep)
{
  const struct policy *policy = linking->reader->policy;
  const struct purpose *of = &policy->purposes[target];
  int32_t cell = policy_keep_cell(policy, target, field);
  if (!set_has(&of->fields, field))
    return fault(linking, from, FINDING_Y07, "'%s' does not use '%s', which is kept as long as it",
                 of->name, policy->fields[field].name);
  if (linking->is_active[cell])
    return fault(linking, from, FINDING_KR09, "'%s' is kept as long as itself, through '%s'",
                 policy->fields[field].name, of->name);
  if (linking->keep_of[cell] < 0 || !link_cell(linking, target, field))
    return false;  // its own fault has been found
  const struct keep *found = &linking->keeps[linking->keep_of[cell]];
  if (is_one_of_several(&linking->keeps[from]) && keep_is_modified(found))
    return fault(linking, from, FINDING_Y10,
                 "the rule of '%s' has modifiers and cannot be one of several", of->name);
  for (int32_t i = 0; i < found->operation_count; i++)
    if (!append(linking, from, keep, &found->operations[i]))
      return false;
  return true;
}

// The index of the linked rule, which fields may share; -1 if there are too many or it is too long.
static int32_t add(struct linking *linking, int32_t from, struct keep *keep)
{
  const struct place place = {keep->line, keep->column};
  if (!reader_print_keep(linking->reader, place, keep))
    return -1;
  for (int32_t i = linking->read_count; i < linking->count; i++)
    if (linking->made_of[i] == from && strcmp(linking->keeps[i].text, keep->text) == 0)
      return i;
  if (linking->count == linking->capacity) {
    (void)fault(linking, from, FINDING_Y08, "more than %d keep rules are made by 'as long as'",
                KEEP_LINKED_MAX);
    return -1;
  }
  keep->anchor = keep_anchor_of(keep);
  linking->made_of[linking->count] = from;
  linking->keeps[linking->count] = *keep;
  return linking->count++;
}

static bool link_rule(struct linking *linking, int32_t purpose, int32_t field, struct keep *keep,
                      int32_t from)
{
  const struct purpose *of = &linking->reader->policy->purposes[purpose];
  for (int32_t i = 0; i < linking->keeps[from].operation_count; i++) {
    const struct keep_operation operation = linking->keeps[from].operations[i];
    bool linked;
    if (operation.code == KEEP_FOLLOW)
      linked = link_follow(linking, from, operation.purpose, field, keep);
    else if (operation.code == KEEP_CONSENT_ENDS)
      linked = link_consent(linking, from, of, keep);
    else
      linked = append(linking, from, keep, &operation);
    if (!linked)
      return false;
  }
  return true;
}

// Leaves a rule without links in the cell, or none at all.
static bool link_cell(struct linking *linking, int32_t purpose, int32_t field)
{
  int32_t cell = policy_keep_cell(linking->reader->policy, purpose, field);
  int32_t from = linking->keep_of[cell];
  if (from < 0 || !keep_has_links(&linking->keeps[from]))
    return from >= 0;
  struct keep keep = linking->keeps[from];
  keep.operation_count = 0;
  memset(keep.operations, 0, sizeof keep.operations);
  linking->is_active[cell] = 1;
  bool linked = link_rule(linking, purpose, field, &keep, from);
  linking->is_active[cell] = 0;
  linking->keep_of[cell] = linked ? add(linking, from, &keep) : -1;
  return linking->keep_of[cell] >= 0;
}

static void link_fields(struct linking *linking, int32_t purpose)
{
  const struct set *fields = &linking->reader->policy->purposes[purpose].fields;
  for (int32_t field = set_next(fields, 0); field >= 0 && linking->reader->memory;
       field = set_next(fields, field + 1))
    (void)link_cell(linking, purpose, field);
}

static int32_t count_cells(const struct policy *policy)
{
  int32_t count = 0;
  for (int32_t i = 0; i < policy->cell_count && count < KEEP_LINKED_MAX; i++)
    if (policy->keep_of[i] >= 0 && keep_has_links(&policy->keeps[policy->keep_of[i]]))
      count++;
  return count;
}

static void find_pauses(struct policy *policy)
{
  for (int32_t i = 0; i < policy->keep_count; i++)
    for (int32_t k = 0; k < policy->keeps[i].operation_count; k++)
      if (policy->keeps[i].operations[k].paused.scope != SPAN_NONE)
        set_add(&policy->pause_spans, policy->keeps[i].operations[k].paused.index);
}

void read_keep_links(struct reader *reader)
{
  struct policy *policy = reader->policy;
  find_pauses(policy);
  int32_t to_link = count_cells(policy);
  if (to_link == 0)
    return;
  struct linking linking = {
      .reader = reader,
      .read_count = policy->keep_count,
      .count = policy->keep_count,
      .capacity = policy->keep_count + to_link,
      .keep_of = (int32_t *)policy->keep_of,
  };
  linking.keeps = reader_new(reader, linking.capacity, sizeof *linking.keeps);
  linking.made_of = reader_new(reader, linking.capacity, sizeof *linking.made_of);
  linking.is_told = reader_new(reader, linking.capacity, sizeof *linking.is_told);
  linking.is_active = reader_new(reader, policy->cell_count, sizeof *linking.is_active);
  if (!reader->memory)
    return;
  memcpy(linking.keeps, policy->keeps, (size_t)policy->keep_count * sizeof *linking.keeps);
  policy->keeps = linking.keeps;
  for (int32_t purpose = 0; purpose < policy->purpose_count; purpose++)
    link_fields(&linking, purpose);
  policy->keep_count = linking.count;
}
