#include "core/names.h"

#include <stdlib.h>

#include "base/assert.h"
#include "policy/policy.h"

struct names *names_new(void)
{
  struct names *names = calloc(1, sizeof *names);
  if (names != NULL)
    names_bind(names, NULL);
  return names;
}

void names_free(struct names *names)
{
  if (names == NULL)
    return;
  arena_clear(&names->arena);
  free(names);
}

enum err_code names_enter(struct names *names, enum name_kind kind, int64_t number,
                          struct view name, struct err *err)
{
  PRE(kind > 0 && kind < NAME_KIND_END);
  struct name_table *table = &names->tables[kind];
  if (number < 1 || number > NAMES_MAX || table->names[number] != NULL)
    return err_set(err, ERR_INTEGRITY,
                   "the register of names has number %lld of kind %d twice "
                   "or out of range",
                   (long long)number, (int)kind);
  table->names[number] = arena_text(&names->arena, name);
  if (table->names[number] == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the register of names");
  table->index[number] = NAME_NONE;
  if (number > table->count)
    table->count = (int32_t)number;
  return ERR_OK;
}

void names_cut(struct names *names, enum name_kind kind, int32_t count)
{
  struct name_table *table = &names->tables[kind];
  for (; table->count > count; table->count--) {
    table->names[table->count] = NULL;
    table->index[table->count] = NAME_NONE;
  }
}

int32_t names_number(const struct names *names, enum name_kind kind, struct view name)
{
  const struct name_table *table = &names->tables[kind];
  for (int32_t number = 1; number <= table->count; number++)
    if (table->names[number] != NULL && view_is(name, table->names[number]))
      return number;
  return 0;
}

const char *names_text(const struct names *names, enum name_kind kind, int64_t number)
{
  return number < 1 || number > NAMES_MAX ? NULL : names->tables[kind].names[number];
}

int32_t names_index(const struct names *names, enum name_kind kind, int64_t number)
{
  return number < 1 || number > NAMES_MAX ? NAME_NONE : names->tables[kind].index[number];
}

int32_t names_number_at(const struct names *names, enum name_kind kind, int32_t index)
{
  return index < 0 || index > NAMES_MAX ? 0 : names->tables[kind].numbers[index];
}

const char *names_of_policy(const struct policy *policy, enum name_kind kind, int32_t index)
{
  switch (kind) {
    case NAME_FIELD:
      return index < policy->field_count ? policy->fields[index].name : NULL;
    case NAME_PURPOSE:
      return index < policy->purpose_count ? policy->purposes[index].name : NULL;
    case NAME_THING:
      return index < policy->thing_count ? policy->things[index].name : NULL;
    case NAME_EVENT:
      return index < policy->event_count ? policy->events[index].full_name : NULL;
    case NAME_POINT:
      return index < policy->point_count ? policy->points[index].name : NULL;
    case NAME_SOURCE:
      return index < policy->source_count ? policy->sources[index].name : NULL;
    case NAME_ROLE:
      return index < policy->role_count ? policy->roles[index].name : NULL;
    case NAME_KIND:
      return index < policy->kind_count ? policy->kinds[index].name : NULL;
    case NAME_TEXT:
      return index < policy->consent_count ? policy->consents[index].text : NULL;
    case NAME_KEY_GROUP:
    case NAME_KIND_END:
      return NULL;
  }
  return NULL;
}

enum err_code names_missing(const struct names *names, const struct policy *policy,
                            enum err_code (*missing)(void *context, enum name_kind kind,
                                                     const char *name, struct err *err),
                            void *context, struct err *err)
{
  for (int kind = NAME_FIELD; kind < NAME_KIND_END; kind++) {
    const char *name;
    for (int32_t i = 0; (name = names_of_policy(policy, (enum name_kind)kind, i)) != NULL; i++) {
      if (names_number(names, (enum name_kind)kind, view_of(name)) != 0)
        continue;
      enum err_code code = missing(context, (enum name_kind)kind, name, err);
      if (code != ERR_OK)
        return code;
    }
  }
  return ERR_OK;
}

void names_bind(struct names *names, const struct policy *policy)
{
  for (int kind = NAME_FIELD; kind < NAME_KIND_END; kind++) {
    struct name_table *table = &names->tables[kind];
    for (int32_t number = 0; number <= NAMES_MAX; number++)
      table->index[number] = NAME_NONE;
    const char *name;
    for (int32_t i = 0;
         policy != NULL && (name = names_of_policy(policy, (enum name_kind)kind, i)) != NULL; i++) {
      int32_t number = names_number(names, (enum name_kind)kind, view_of(name));
      if (number == 0)
        continue;
      table->index[number] = i;
      table->numbers[i] = number;
    }
  }
}
