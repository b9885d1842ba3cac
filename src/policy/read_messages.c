#include "policy/reader.h"

static void read_channels(const struct yaml_node *list, struct message_type *message)
{
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    int channel = item->refused ? -1 : schema_word(message_channel_names, item->text);
    if (channel >= 0 && message->channel_count < MESSAGE_CHANNELS_MAX)
      message->channels[message->channel_count++] = (int8_t)channel;
  }
}

static void read_blocks(struct reader *reader, const struct yaml_node *map,
                        struct message_type *message)
{
  struct message_block *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    rows[i].name = reader_text(reader, map->pairs[i].key);
    rows[i].purpose = reader_purpose(reader, &map->pairs[i].value);
  }
  message->blocks = rows;
  message->block_count = rows == NULL ? 0 : map->count;
}

static void read_message(struct reader *reader, const struct yaml_pair *pair,
                         struct message_type *message)
{
  const struct yaml_node *map = &pair->value;
  *message = (struct message_type){
      .name = reader_text(reader, pair->key),
      .class = (enum message_class)reader_word(map, "class", message_class_names, 0),
      .purpose = reader_purpose(reader, yaml_get(map, "for")),
      .kinds = reader_kinds(reader, yaml_get(map, "about")),
      .all_channels = reader_flag(map, "all"),
      .address = (enum message_address)reader_word(map, "address", message_address_names, 0),
      .fields = reader_fields(reader, yaml_get(map, "fields")),
      .needs = reader_fields(reader, yaml_get(map, "needs")),
      .must = reader_words(map, "must", message_must_names),
      .repeat = reader_period(map, "repeat"),
      .when = reader_span(reader, yaml_get(map, "when"), SPANS_OF_THINGS | SPANS_OF_KINDS),
      .notice = (int32_t)reader_number(map, "notice", 0),
      .text = reader_said(reader, map, "text"),
      .place = pair->place,
      .channels_place = reader_place(map, "channels", pair->place),
  };
  read_channels(yaml_get(map, "channels"), message);
  read_blocks(reader, yaml_get(map, "blocks"), message);
  (void)reader_rate(reader, yaml_get(map, "attempts"), &message->attempts, &message->attempts_in);
  message->once = reader_names(reader, yaml_get(map, "once"), &message->once_count);
  reader_promises(reader, map, "messages", pair->key);
}

// By which of the ways that people can close a message goes: what else it uses, nobody can.
static void add_channels(struct policy *policy, const struct message_type *message)
{
  if (message->purpose < 0)
    return;
  struct purpose *purpose = (struct purpose *)&policy->purposes[message->purpose];
  for (int32_t i = 0; i < message->channel_count; i++) {
    struct view name = view_of(message_channel_names[message->channels[i]]);
    int channel = schema_word(schema_channels, name);
    if (channel >= 0)
      purpose->message_channels |= UINT32_C(1) << channel;
  }
}

void read_messages(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "messages");
  struct message_type *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_message(reader, &map->pairs[i], &rows[i]);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    add_channels(reader->policy, &rows[i]);
  reader->policy->conduct.messages = rows;
  reader->policy->conduct.message_count = rows == NULL ? 0 : map->count;
}
