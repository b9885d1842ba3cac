#include "policy/reader.h"

#include <stdio.h>

enum { EVENTS_PER_THING_MAX = 64 };  // a span holds its events as bits

struct tables {  // under construction; the policy holds them as const
  struct thing_type *things;
  struct event_type *events;
  struct span *spans;
};

static int32_t count_of(const struct yaml_node *map, const char *key)
{
  int32_t count = 0;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_node *inner = yaml_get(&map->pairs[i].value, key);
    count += inner == NULL ? 0 : inner->count;
  }
  return count;
}

static void read_event(struct reader *reader, int32_t thing, const struct yaml_pair *pair,
                       struct event_type *ret_event)
{
  int by = schema_word(schema_event_by, reader_get(&pair->value, "by"));
  char full[2 * POLICY_KEY_BYTES_MAX + 2];
  (void)snprintf(full, sizeof full, "%s.%.*s", reader->policy->things[thing].name,
                 (int)pair->key.length, pair->key.bytes);
  *ret_event = (struct event_type){
      .name = reader_text(reader, pair->key),
      .full_name = reader_text(reader, view_of(full)),
      .thing = thing,
      .at_day = view_is(reader_get(&pair->value, "at"), "day"),
      .by = by < 0 ? EVENT_BY_COMPANY : (enum event_by)by,
      .with = reader_attributes(reader, yaml_get(&pair->value, "with")),
      .place = pair->place,
  };
  reader_title(reader, &pair->value, "title", &ret_event->title.sv, &ret_event->title.en);
}

// The number of an event within its thing, or -1 with finding H02.
static int32_t own_event(struct reader *reader, const struct thing_type *thing,
                         const struct yaml_node *node)
{
  const struct event_type *events = reader->policy->events + thing->first_event;
  for (int32_t i = 0; i < thing->event_count; i++)
    if (view_is(node->text, events[i].name))
      return i;
  char fix[FINDING_TEXT_BYTES];
  (void)snprintf(fix, sizeof fix, "events: {%s: {at: day, by: person}}", quote(node->text).text);
  finding_add(reader->findings, FINDING_H02, node->place, fix, "'%s' declares no event '%s'",
              thing->name, quote(node->text).text);
  return -1;
}

static uint64_t read_span_events(struct reader *reader, const struct thing_type *thing,
                                 const struct yaml_node *list)
{
  uint64_t events = 0;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    int32_t event = list->items[i].refused ? -1 : own_event(reader, thing, &list->items[i]);
    if (event >= 0)
      events |= UINT64_C(1) << event;
  }
  return events;
}

static void check_both(struct reader *reader, const struct thing_type *thing,
                       const struct span *span)
{
  for (int32_t i = 0; i < thing->event_count; i++)
    if ((span->from & span->to) >> i & 1)
      finding_add(reader->findings, FINDING_H05, span->place, NULL,
                  "'%s' both begins and ends '%s'",
                  reader->policy->events[thing->first_event + i].name, span->name);
}

static void read_span(struct reader *reader, int32_t index, const struct yaml_pair *pair,
                      struct span *ret_span)
{
  const struct thing_type *thing = &reader->policy->things[index];
  char name[2 * POLICY_KEY_BYTES_MAX + 2];
  (void)snprintf(name, sizeof name, "%s.%.*s", thing->name, (int)pair->key.length, pair->key.bytes);
  *ret_span = (struct span){
      .name = reader_text(reader, view_of(name)),
      .thing = index,
      .from = read_span_events(reader, thing, yaml_get(&pair->value, "from")),
      .to = read_span_events(reader, thing, yaml_get(&pair->value, "to")),
      .place = pair->place,
  };
  reader_title(reader, &pair->value, "title", &ret_span->title.sv, &ret_span->title.en);
  check_both(reader, thing, ret_span);
}

// The event that makes the thing: the one named, else the first `from` of its first span.
static int32_t born_of(struct reader *reader, const struct thing_type *thing,
                       const struct yaml_node *map)
{
  const struct yaml_node *born = yaml_get(map, "born");
  if (born != NULL) {
    int32_t named = own_event(reader, thing, born);
    return named < 0 ? -1 : thing->first_event + named;
  }
  const struct yaml_node *spans = yaml_get(map, "spans");
  const struct yaml_node *from =
      spans == NULL || spans->count == 0 ? NULL : yaml_get(&spans->pairs[0].value, "from");
  for (int32_t i = 0; from != NULL && i < thing->event_count; i++)
    if (view_is(from->items[0].text, reader->policy->events[thing->first_event + i].name))
      return thing->first_event + i;
  return -1;
}

static void read_events(struct reader *reader, struct tables *tables, int32_t index,
                        const struct yaml_node *map)
{
  struct policy *policy = reader->policy;
  struct thing_type *thing = &tables->things[index];
  const struct yaml_node *events = yaml_get(map, "events");
  thing->first_event = policy->event_count;
  if (events != NULL && events->count > EVENTS_PER_THING_MAX) {
    finding_add(reader->findings, FINDING_Y08, events->place, NULL, "%d events; at most %d",
                events->count, EVENTS_PER_THING_MAX);
    return;
  }
  for (int32_t i = 0; events != NULL && i < events->count; i++)
    read_event(reader, index, &events->pairs[i], &tables->events[policy->event_count++]);
  thing->event_count = policy->event_count - thing->first_event;
}

static void read_spans(struct reader *reader, struct tables *tables, int32_t index,
                       const struct yaml_node *map)
{
  struct policy *policy = reader->policy;
  struct thing_type *thing = &tables->things[index];
  const struct yaml_node *spans = yaml_get(map, "spans");
  thing->first_span = policy->span_count;
  for (int32_t i = 0; spans != NULL && i < spans->count; i++)
    read_span(reader, index, &spans->pairs[i], &tables->spans[policy->span_count++]);
  thing->span_count = policy->span_count - thing->first_span;
  thing->born = born_of(reader, thing, map);
}

// Inner things may stand above the ones that they lie in, so `in` is read when all have names.
static void read_in(struct reader *reader, struct tables *tables, const struct yaml_node *map)
{
  for (int32_t i = 0; i < map->count; i++)
    tables->things[i].in = reader_thing(reader, yaml_get(&map->pairs[i].value, "in"));
  for (int32_t i = 0; i < map->count; i++) {
    int32_t outer = tables->things[i].in;
    for (int32_t steps = 0; outer >= 0 && outer != i && steps < map->count; steps++)
      outer = tables->things[outer].in;
    if (outer == i)
      finding_add(reader->findings, FINDING_H01, tables->things[i].place, NULL,
                  "'%s' lies in itself", tables->things[i].name);
  }
}

void read_things(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "things");
  struct policy *policy = reader->policy;
  if (map == NULL)
    return;
  int32_t span_count = count_of(map, "spans");
  if (span_count > POLICY_SPANS_MAX) {
    finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d spans; at most %d", span_count,
                POLICY_SPANS_MAX);
    return;
  }
  struct tables tables = {
      reader_new(reader, map->count, sizeof *tables.things),
      reader_new(reader, count_of(map, "events"), sizeof *tables.events),
      reader_new(reader, span_count, sizeof *tables.spans),
  };
  if (!reader->memory)
    return;
  policy->things = tables.things;
  policy->events = tables.events;
  policy->spans = tables.spans;
  policy->thing_count = map->count;
  for (int32_t i = 0; i < map->count; i++) {
    tables.things[i].name = reader_text(reader, map->pairs[i].key);
    tables.things[i].place = map->pairs[i].place;
    tables.things[i].born = -1;
  }
  for (int32_t i = 0; i < map->count; i++) {
    read_events(reader, &tables, i, &map->pairs[i].value);
    read_spans(reader, &tables, i, &map->pairs[i].value);
    tables.things[i].with = reader_attributes(reader, yaml_get(&map->pairs[i].value, "with"));
    reader_promises(reader, &map->pairs[i].value, "things", map->pairs[i].key);
  }
  read_in(reader, &tables, map);
}
