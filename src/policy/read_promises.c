#include "policy/reader.h"

#include <stdio.h>
#include <string.h>

static const struct where {
  const char *key;
  enum promise_where where;
} wheres[] = {
    {"engine", PROMISE_ENGINE},
    {"human", PROMISE_TASK},
    {"open", PROMISE_OPEN},
};

static const char *text_of(struct reader *reader, enum promise_where where,
                           const struct yaml_node *value)
{
  if (where == PROMISE_ENGINE)
    return reader_text(reader, value->text);
  if (where == PROMISE_OPEN)
    return reader_text(reader, reader_get(value, "why"));
  char text[4 * POLICY_KEY_BYTES_MAX];
  struct view task = reader_get(value, "task");
  struct view owner = reader_get(value, "owner");
  (void)snprintf(text, sizeof text, "%.*s by %.*s", (int)task.length,
                 task.length > 0 ? task.bytes : "", (int)owner.length,
                 owner.length > 0 ? owner.bytes : "");
  return reader_text(reader, view_of(text));
}

void read_promises(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "promises");
  for (size_t i = 0; map != NULL && i < ARRAY_COUNT(wheres); i++) {
    const struct yaml_node *list = yaml_get(map, wheres[i].key);
    for (int32_t j = 0; list != NULL && j < list->count; j++) {
      const struct yaml_pair *pair = &list->pairs[j];
      if (pair->value.refused)
        continue;
      reader_promise(reader,
                     (struct promise){reader_text(reader, pair->key), wheres[i].where,
                                      text_of(reader, wheres[i].where, &pair->value), pair->place});
    }
  }
}

// The list is in the order of the sections; a promise that is open must not be kept anywhere.
void check_promises(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->promise_count; i++)
    for (int32_t j = 0; j < policy->promise_count; j++) {
      const struct promise *open = &policy->promises[i];
      const struct promise *kept = &policy->promises[j];
      if (open->where == PROMISE_OPEN && kept->where != PROMISE_OPEN &&
          strcmp(open->id, kept->id) == 0)
        finding_add(reader->findings, FINDING_M11, open->place, NULL,
                    "'%s' is called open, but %s keeps it on line %d", open->id, kept->construct,
                    kept->place.line);
    }
}
