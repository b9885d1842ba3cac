#include "policy/reader.h"

// ── Switches ────────────────────────────────────────────────────────────────────────────────

static void read_switch(struct reader *reader, const struct yaml_pair *pair,
                        struct personal_switch *row)
{
  const struct yaml_node *map = &pair->value;
  *row = (struct personal_switch){
      .name = reader_text(reader, pair->key),
      .title = reader_told(reader, map, "title"),
      .stops = reader_purposes(reader, yaml_get(map, "stops")),
      .by_default =
          (enum switch_default)reader_word(map, "default", switch_default_names, SWITCH_OFF),
      .place = pair->place,
  };
  reader_promises(reader, map, "switches", pair->key);
}

static void read_switches(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "switches");
  struct personal_switch *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_switch(reader, &map->pairs[i], &rows[i]);
  reader->policy->conduct.switches = rows;
  reader->policy->conduct.switch_count = rows == NULL ? 0 : map->count;
}

// ── Cookies ─────────────────────────────────────────────────────────────────────────────────

// A named party, or a whole category.
static void read_whose(struct reader *reader, const struct yaml_node *node, int32_t *ret_recipient,
                       int32_t *ret_party)
{
  const struct outward *outward = &reader->policy->outward;
  *ret_recipient = -1;
  *ret_party = -1;
  for (int32_t i = 0; node != NULL && i < outward->party_count; i++)
    if (view_is(node->text, outward->parties[i].name)) {
      *ret_party = i;
      *ret_recipient = outward->parties[i].recipient;
      return;
    }
  *ret_recipient = reader_recipient(reader, node);
}

// Purposes of the policy, and the word `necessary`, which is none of them.
static struct set read_cookie_purposes(struct reader *reader, const struct yaml_node *list,
                                       bool *ret_necessary)
{
  struct set purposes = SET_EMPTY;
  *ret_necessary = false;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    bool necessary = !item->refused && view_is(item->text, "necessary");
    *ret_necessary = *ret_necessary || necessary;
    int32_t purpose = necessary ? -1 : reader_purpose(reader, item);
    if (purpose >= 0)
      set_add(&purposes, purpose);
  }
  return purposes;
}

static void read_cookie(struct reader *reader, const struct yaml_pair *pair, struct cookie *cookie)
{
  const struct yaml_node *map = &pair->value;
  *cookie = (struct cookie){
      .name = reader_text(reader, pair->key),
      .type = (enum cookie_type)reader_word(map, "type", cookie_type_names, 0),
      .life = reader_period(map, "life"),
      .idle = reader_period(map, "idle"),
      .fields = reader_fields(reader, yaml_get(map, "fields")),
      .why = reader_told(reader, map, "why"),
      .place = pair->place,
      .purposes_place = reader_place(map, "purposes", pair->place),
      .life_place = reader_place(map, "life", pair->place),
  };
  cookie->purposes = read_cookie_purposes(reader, yaml_get(map, "purposes"), &cookie->necessary);
  read_whose(reader, yaml_get(map, "party"), &cookie->recipient, &cookie->party);
}

static void read_service(struct reader *reader, const struct yaml_pair *pair,
                         struct web_service *service)
{
  const struct yaml_node *map = &pair->value;
  *service = (struct web_service){
      .name = reader_text(reader, pair->key),
      .title = reader_told(reader, map, "title"),
      .place = pair->place,
  };
  service->purposes = read_cookie_purposes(reader, yaml_get(map, "purposes"), &service->necessary);
  read_whose(reader, yaml_get(map, "party"), &service->recipient, &service->party);
}

static void read_cookies(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "cookies");
  const struct yaml_node *table = yaml_get(map, "table");
  const struct yaml_node *services = yaml_get(map, "services");
  struct conduct *conduct = &reader->policy->conduct;
  struct cookie *cookies = table == NULL ? NULL : reader_new(reader, table->count, sizeof *cookies);
  struct web_service *rows =
      services == NULL ? NULL : reader_new(reader, services->count, sizeof *rows);
  for (int32_t i = 0; cookies != NULL && i < table->count; i++)
    read_cookie(reader, &table->pairs[i], &cookies[i]);
  for (int32_t i = 0; rows != NULL && i < services->count; i++)
    read_service(reader, &services->pairs[i], &rows[i]);
  conduct->cookies = cookies;
  conduct->cookie_count = cookies == NULL ? 0 : table->count;
  conduct->services = rows;
  conduct->service_count = rows == NULL ? 0 : services->count;
  conduct->cookies_told = map != NULL;
  reader_promises(reader, map, "cookies", VIEW_EMPTY);
}

void read_web(struct reader *reader)
{
  read_switches(reader);
  read_cookies(reader);
}
