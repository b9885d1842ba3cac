#include "policy/reader.h"

static void read_to(struct reader *reader, const struct yaml_node *node,
                    struct disclosure *disclosure)
{
  disclosure->recipient = -1;
  if (node == NULL)
    return;
  disclosure->to = view_is(node->text, "authority") ? DISCLOSURE_TO_AUTHORITY
                   : view_is(node->text, "person")  ? DISCLOSURE_TO_PERSON
                                                    : DISCLOSURE_TO_RECIPIENT;
  if (disclosure->to == DISCLOSURE_TO_RECIPIENT)
    disclosure->recipient = reader_recipient(reader, node);
}

static bool is_evidence_type(const struct policy *policy, struct view type)
{
  return schema_word(evidence_type_names, type) >= 0 || policy_thing(policy, type) >= 0;
}

static void read_evidence(struct reader *reader, const struct yaml_pair *pair,
                          struct evidence *evidence)
{
  struct view type = pair->value.text;
  evidence->name = reader_text(reader, pair->key);
  evidence->type = "";
  if (pair->value.refused)
    return;
  evidence->optional = view_starts(type, "optional ");
  if (evidence->optional)
    (void)view_cut(&type, ' ');
  evidence->type = reader_text(reader, type);
  if (!is_evidence_type(reader->policy, type))
    finding_add(reader->findings, FINDING_Y09, pair->value.place, "text",
                "'%s' is not a type of evidence", quote(pair->value.text).text);
}

static void read_evidences(struct reader *reader, const struct yaml_node *map,
                           struct disclosure *disclosure)
{
  struct evidence *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_evidence(reader, &map->pairs[i], &rows[i]);
  disclosure->evidence = rows;
  disclosure->evidence_count = rows == NULL ? 0 : map->count;
}

static void read_gets(struct reader *reader, const struct yaml_node *node,
                      struct disclosure *disclosure)
{
  disclosure->by_scope = node != NULL && node->kind == NODE_TEXT;
  disclosure->gets = reader_choice(reader, disclosure->by_scope ? NULL : node, disclosure->name);
}

static void read_tell_person(struct reader *reader, const struct yaml_node *map,
                             struct disclosure *disclosure)
{
  const struct conduct *conduct = &reader->policy->conduct;
  const struct yaml_node *from = yaml_get(map, "from");
  disclosure->tell_message = "";
  if (map == NULL)
    return;
  int32_t message = reader_find(reader, yaml_get(map, "message"), "message", conduct->messages,
                                conduct->message_count, sizeof *conduct->messages);
  if (message >= 0)
    disclosure->tell_message = conduct->messages[message].name;
  disclosure->tell_to = reader_period(map, "to");
  disclosure->tell_at_once = from != NULL && view_is(from->text, "0 days");
  if (from != NULL && !disclosure->tell_at_once && !period_read(from->text, &disclosure->tell_from))
    finding_add(reader->findings, FINDING_Y05, from->place, "from: 1 month", "'%s' is not a period",
                quote(from->text).text);
}

static void read_hide(struct reader *reader, const struct yaml_node *node,
                      struct disclosure *disclosure)
{
  disclosure->hide = "";
  if (node == NULL)
    return;
  bool known = view_is(node->text, "manual") ||
               reader_find(reader, node, "evidence", disclosure->evidence,
                           disclosure->evidence_count, sizeof *disclosure->evidence) >= 0;
  if (known)
    disclosure->hide = reader_text(reader, node->text);
}

static void read_disclosure(struct reader *reader, const struct yaml_pair *pair,
                            struct disclosure *disclosure)
{
  const struct yaml_node *map = &pair->value;
  const struct yaml_node *wider = yaml_get(map, "wider");
  *disclosure = (struct disclosure){
      .name = reader_text(reader, pair->key),
      .title = reader_told(reader, map, "title"),
      .purpose = reader_purpose(reader, yaml_get(map, "for")),
      .approve = (int32_t)reader_number(map, "approve", 0),
      .wider = (int32_t)reader_number(wider, "approve", 0),
      .wider_task = reader_copy(reader, wider, "task"),
      .per_thing = reader_thing(reader, yaml_get(map, "per")),
      .through = reader_field(reader, yaml_get(map, "through")),
      .answer_none = reader_field(reader, yaml_get(map, "answer_none")),
      .carries = reader_words(map, "carries", disclosure_carries_names),
      .manual = reader_flag(map, "manual"),
      .price = (enum disclosure_price)(reader_word(map, "price", disclosure_price_names, -1) + 1),
      .place = pair->place,
  };
  read_to(reader, yaml_get(map, "to"), disclosure);
  read_gets(reader, yaml_get(map, "gets"), disclosure);
  read_evidences(reader, yaml_get(map, "evidence"), disclosure);
  read_tell_person(reader, yaml_get(map, "tell_person"), disclosure);
  read_hide(reader, yaml_get(map, "hide"), disclosure);
  reader_promises(reader, map, "disclosures", pair->key);
}

void read_disclosures(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "disclosures");
  struct disclosure *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_disclosure(reader, &map->pairs[i], &rows[i]);
  reader->policy->outward.disclosures = rows;
  reader->policy->outward.disclosure_count = rows == NULL ? 0 : map->count;
}
