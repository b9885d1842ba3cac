#include "api/consent_words.h"

#include "api/words.h"
#include "core/person.h"
#include "policy/schema.h"
#include "render/words.h"

static enum err_code read_consent(const struct policy *policy, struct view name,
                                  int32_t *ret_consent, struct err *err)
{
  *ret_consent = policy_consent(policy, name);
  if (*ret_consent >= 0)
    return ERR_OK;
  (void)err_set(err, ERR_INPUT, "the policy has no such consent");
  return policy->consent_count == 0
             ? ERR_INPUT
             : err_hint(err, "the first one is '%s'", policy->consents[0].name);
}

static enum err_code read_state(struct view name, int32_t *ret_state, struct err *err)
{
  *ret_state = CONSENT_GIVEN;
  for (int state = 0; state < CONSENT_STATE_COUNT; state++)
    if (view_is(name, consent_state_name((enum consent_state)state)))
      *ret_state = state;
  if (name.length == 0 || view_is(name, consent_state_name((enum consent_state) * ret_state)))
    return ERR_OK;
  (void)err_set(err, ERR_INPUT, "this state of a consent is not known");
  return err_hint(err, "requested, deferred, refused, given, withdrawn or invalidated");
}

static enum err_code read_way(const struct consent_words *words, struct consent_input *input,
                              struct err *err)
{
  enum consent_method method = CONSENT_BY_CLICK;
  struct view channel = words->channel.length == 0 ? VIEW_LITERAL("web") : words->channel;
  input->channel = schema_word(schema_point_channels, channel);
  if (input->channel < 0)
    return err_set(err, ERR_INPUT, "people do not come by this channel");
  enum err_code code =
      words->method.length == 0 ? ERR_OK : consent_method_find(words->method, &method, err);
  input->method = (int32_t)method;
  return code;
}

static enum err_code read_how(const struct consent_words *words, struct consent_input *input,
                              struct err *err)
{
  enum language language = LANGUAGE_SV;
  if (words->language.length > 0 && !language_find(words->language, &language))
    return err_set(err, ERR_INPUT, "the languages are sv and en");
  input->how = language == LANGUAGE_SV ? CONSENT_IN_SWEDISH : CONSENT_IN_ENGLISH;
  input->how |= words->is_express ? CONSENT_EXPRESS : 0;
  input->how |= words->is_by_parent ? CONSENT_BY_PARENT : 0;
  input->country = words->country;
  input->is_born_known = words->born.length > 0;
  if (input->is_born_known && !calendar_read_date(words->born, &input->born_day))
    return err_set(err, ERR_INPUT, "a date of birth is YYYY-MM-DD");
  return ERR_OK;
}

enum err_code consent_words_read(struct core *core, const struct policy *policy,
                                 const struct consent_words *words, struct consent_input *ret_input,
                                 struct err *err)
{
  struct consent_input input = {.person = ret_input->person};
  enum err_code code = read_consent(policy, words->consent, &input.consent, err);
  if (code == ERR_OK)
    code = read_state(words->state, &input.wanted, err);
  if (code == ERR_OK)
    code = read_way(words, &input, err);
  if (code == ERR_OK)
    code = read_how(words, &input, err);
  if (code == ERR_OK && words->inside.length > 0)
    code = words_thing(core, words->inside, &input.inside, err);
  if (code == ERR_OK)
    *ret_input = input;
  return code;
}

// ── How they stand ──────────────────────────────────────────────────────────────────────────

static void set_time(struct document *object, const struct policy *policy, const char *member,
                     int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(policy->zone, instant_us, text);
  document_set_text(object, member, view_of(text));
}

static void set_thing(struct document *object, const struct core *core, int64_t thing)
{
  char id[PUBLIC_ID_BYTES];
  words_thing_write(core, (struct thing_id){thing}, id);
  document_set_text(object, "thing", view_of(id));
}

static void set_evidence(struct document *object, const struct core *core,
                         const struct policy *policy, const struct consent_row *row)
{
  document_set_text(object, "method",
                    view_of(consent_method_name((enum consent_method)row->method)));
  if (row->channel >= 0)
    document_set_text(object, "channel", view_of(schema_point_channels[row->channel]));
  if ((row->how & (CONSENT_IN_SWEDISH | CONSENT_IN_ENGLISH)) != 0)
    document_set_text(object, "language",
                      view_of((row->how & CONSENT_IN_SWEDISH) != 0 ? "sv" : "en"));
  document_set_bool(object, "express", (row->how & CONSENT_EXPRESS) != 0);
  document_set_bool(object, "by_parent", (row->how & CONSENT_BY_PARENT) != 0);
  document_set_int(object, "policy", row->policy);
  set_time(object, policy, "since", row->given_us);
  set_time(object, policy, "recorded", row->recorded_us);
  if (row->until_us != 0)
    set_time(object, policy, "until", row->until_us);
  if (row->thing != 0)
    set_thing(object, core, row->thing);
}

static struct document *one(const struct core *core, const struct policy *policy, int32_t consent,
                            const struct consent_standing *standing)
{
  struct document *object = document_object();
  const char *text = policy->consents[consent].text;
  document_set_text(object, "consent", view_of(policy->consents[consent].name));
  document_set_text(object, "state", view_of(consent_state_name(standing->state)));
  if (standing->row == NULL)
    return object;
  const char *shown = names_text(core_names(core), NAME_TEXT, standing->row->text);
  document_set_text(object, "text", view_of(shown == NULL ? text : shown));
  document_set_bool(object, "text_holds", standing->is_of_today);
  set_evidence(object, core, policy, standing->row);
  return object;
}

enum err_code consent_words_list(struct core *core, struct person_id person,
                                 struct document *ret_list, struct err *err)
{
  OWNED(consent_list) struct consent_list list = CONSENT_LIST_INIT;
  OWNED(state) struct person_state *state = NULL;
  const struct policy *policy = core_policy(core);
  enum err_code code = person_state_now(core, person, &state, err);
  if (code == ERR_OK)
    code = consent_list_load(&list, core_store(core), person, err);
  for (int32_t i = 0; code == ERR_OK && i < policy->consent_count; i++) {
    struct consent_standing standing =
        consent_standing(&list, state, policy, core_names(core), i, core_now_us(core));
    document_add(ret_list, one(core, policy, i, &standing));
  }
  return code;
}

void consent_words_set(struct document *reply, const struct core *core,
                       const struct consent_output *output)
{
  document_set_text(reply, "state", view_of(consent_state_name((enum consent_state)output->state)));
  if (output->thing.value != 0)
    set_thing(reply, core, output->thing.value);
  if (output->until_us != 0)
    set_time(reply, core_policy(core), "until", output->until_us);
  document_set_int(reply, "ended", output->ended);
}
