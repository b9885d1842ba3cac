#include "api/words.h"

#include "policy/schema.h"
#include "policy/suggest.h"
#include "vault/vault.h"

enum err_code words_policy(const struct core *core, const struct policy **ret_policy,
                           struct err *err)
{
  const struct policy *policy = core_policy(core);
  if (policy == NULL) {
    err_set(err, ERR_CONFLICT, "no policy is in force");
    return err_hint(err, "activate one with: forvar policy activate FILE");
  }
  *ret_policy = policy;
  return ERR_OK;
}

// ── Ids ─────────────────────────────────────────────────────────────────────────────────────

static const unsigned char *id_key(const struct core *core)
{
  return vault_public_id_key(core_vault(core));
}

enum err_code words_person(const struct core *core, struct view text, struct person_id *ret_person,
                           struct err *err)
{
  if (id_read('p', text, id_key(core), &ret_person->value))
    return ERR_OK;
  return err_set(err, ERR_NOT_FOUND, "there is no such person");
}

enum err_code words_thing(const struct core *core, struct view text, struct thing_id *ret_thing,
                          struct err *err)
{
  if (id_read('t', text, id_key(core), &ret_thing->value))
    return ERR_OK;
  return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
}

void words_person_write(const struct core *core, struct person_id person,
                        char ret_text[PUBLIC_ID_BYTES])
{
  id_write('p', person.value, id_key(core), ret_text);
}

void words_thing_write(const struct core *core, struct thing_id thing,
                       char ret_text[PUBLIC_ID_BYTES])
{
  id_write('t', thing.value, id_key(core), ret_text);
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────

static const char *const kind_names[NAME_KIND_END] = {
    [NAME_FIELD] = "field", [NAME_PURPOSE] = "purpose",        [NAME_THING] = "type of thing",
    [NAME_EVENT] = "event", [NAME_POINT] = "collection point", [NAME_SOURCE] = "source",
    [NAME_ROLE] = "role",   [NAME_KIND] = "kind of person",    [NAME_TEXT] = "text of a consent",
};

enum err_code words_index(const struct policy *policy, enum name_kind kind, struct view name,
                          int32_t *ret_index, struct err *err)
{
  struct suggest suggest;
  suggest_begin(&suggest, name);
  const char *known = names_of_policy(policy, kind, 0);
  for (int32_t index = 0; known != NULL; known = names_of_policy(policy, kind, ++index)) {
    if (view_is(name, known)) {
      *ret_index = index;
      return ERR_OK;
    }
    suggest_offer(&suggest, known);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return err_set(err, ERR_INPUT, "the policy has no such %s%s", kind_names[kind], nearest);
}

enum err_code words_channel(struct view name, int32_t *ret_channel, struct err *err)
{
  for (int32_t channel = 0; channel < CHANNEL_COUNT; channel++)
    if (view_is(name, schema_channels[channel])) {
      *ret_channel = channel;
      return ERR_OK;
    }
  return err_set(err, ERR_INPUT, "a channel is email, sms, phone, letter, mms, app, web or ads");
}

enum err_code words_mark(struct view name, enum mark_bit *ret_mark, struct err *err)
{
  if (!view_is(name, "deceased") && !view_is(name, "protected"))
    return err_set(err, ERR_INPUT, "a mark is deceased or protected");
  *ret_mark = view_is(name, "deceased") ? MARK_DECEASED : MARK_PROTECTED;
  return ERR_OK;
}

struct use_leaving words_leaving(const struct policy *policy, struct view name)
{
  if (name.length == 0)
    return (struct use_leaving){.named = false};
  int32_t party = policy_party(policy, name);
  int32_t recipient =
      party >= 0 ? policy->outward.parties[party].recipient : policy_recipient(policy, name);
  return (struct use_leaving){true, recipient, party};
}

enum err_code words_when(struct core *core, struct view text, int64_t *ret_us, struct err *err)
{
  int64_t day = 0;
  const struct policy *policy = NULL;
  enum err_code code = words_policy(core, &policy, err);
  if (code != ERR_OK)
    return code;
  if (text.length == 0) {
    *ret_us = core_now_us(core);
    return ERR_OK;
  }
  if (calendar_read_time(policy->zone, text, ret_us))
    return ERR_OK;
  if (!calendar_read_date(text, &day))
    return err_set(err, ERR_INPUT, "a time is YYYY-MM-DD or YYYY-MM-DD HH:MM[:SS]");
  *ret_us = zone_day_start(policy->zone, day);
  return ERR_OK;
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────

static enum err_code add_value(struct words_values *values, const char *name,
                               const struct document *value, struct err *err)
{
  struct view text;
  if (!document_as_text(value, &text)) {
    err_set(err, ERR_INPUT, "a value is a text");
    return err_where(err, "/values/%s", name);
  }
  if (values->count == VALUES_MAX)
    return err_set(err, ERR_LIMIT, "a put has 1 to %d values", VALUES_MAX);
  values->items[values->count++] =
      (struct record_value){policy_field(values->policy, view_of(name)), text};
  return ERR_OK;
}

static enum err_code add_member(void *context, const char *name, const struct document *value,
                                struct err *err)
{
  struct view text;
  if (document_as_text(value, &text) || document_at(value, 0) == NULL)
    return add_value(context, name, value, err);
  enum err_code code = ERR_OK;
  const struct document *item = document_at(value, 0);
  for (size_t i = 0; code == ERR_OK && item != NULL; item = document_at(value, ++i))
    code = add_value(context, name, item, err);
  return code;
}

enum err_code words_values_read(const struct document *object, struct words_values *values,
                                struct err *err)
{
  values->count = 0;
  return document_each_member(object, add_member, values, err);
}
