// By the C library (include/forvar.h).
#include <string.h>

#include "core/names.h"
#include "forvar.h"
#include "home/internal.h"
#include "vault/vault.h"
#include "ways.h"

struct library {
  struct core *core;
  struct home *home;
  struct forvar *forvar;
  struct arena arena;
};

static struct library the_library;

static enum err_code begin(void *context, struct core *core, const char *store_uri, struct err *err)
{
  struct library *library = context;
  *library = (struct library){.core = core, .arena = ARENA_INIT};
  enum err_code code = home_around(core, store_uri, &library->home, err);
  if (code != ERR_OK)
    return code;
  library->forvar = forvar_wrap(library->home);
  return library->forvar != NULL ? ERR_OK : err_set(err, ERR_MEMORY, "no memory");
}

static void end(void *context)
{
  struct library *library = context;
  forvar_unwrap(library->forvar);
  home_around_end(library->home);
  arena_clear(&library->arena);
}

static enum err_code told(const struct forvar_error *error, struct err *err)
{
  enum err_code code = ERR_INTEGRITY;
  for (int i = 1; i < ERR_COUNT; i++)
    if (strcmp(error->id, err_id((enum err_code)i)) == 0)
      code = (enum err_code)i;
  err_set(err, code, "%s", error->message);
  err_where(err, "%s", error->where);
  err_rule(err, "%s", error->rule);
  return code;
}

static const char *outer_id(const struct library *library, char letter, int64_t id, char *text)
{
  id_write(letter, id, vault_public_id_key(core_vault(library->core)), text);
  return id == 0 ? NULL : text;
}

static int64_t inner_id(const struct library *library, char letter, const char *text)
{
  int64_t id = 0;
  (void)id_read(letter, view_of(text), vault_public_id_key(core_vault(library->core)), &id);
  return id;
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────

static enum forvar_result add_person(struct library *library, const struct person_add_input *input,
                                     struct person_add_output *output, bool *ret_taken,
                                     struct forvar_error *error)
{
  char id[FORVAR_ID_BYTES];
  *ret_taken = input->kinds == 0;
  if (!*ret_taken)
    return FORVAR_OK;
  enum forvar_result result = forvar_person_add(library->forvar, id, error);
  if (result == FORVAR_OK)
    output->person.value = inner_id(library, 'p', id);
  return result;
}

static enum forvar_result add_thing(struct library *library, const struct thing_add_input *input,
                                    struct thing_add_output *output, bool *ret_taken,
                                    struct forvar_error *error)
{
  const struct policy *policy = core_policy(library->core);
  char person[FORVAR_ID_BYTES];
  char parent[FORVAR_ID_BYTES];
  char id[FORVAR_ID_BYTES];
  char when[WAY_WHEN_BYTES];
  *ret_taken = input->type >= 0 && way_when(policy, input->effective_us, when);
  if (!*ret_taken)
    return FORVAR_OK;
  enum forvar_result result =
      forvar_thing_add(library->forvar, outer_id(library, 'p', input->person.value, person),
                       names_of_policy(policy, NAME_THING, input->type),
                       outer_id(library, 't', input->parent.value, parent), when, id, error);
  if (result == FORVAR_OK)
    output->thing.value = inner_id(library, 't', id);
  return result;
}

static enum forvar_result add_event(struct library *library, const struct event_add_input *input,
                                    bool *ret_taken, struct forvar_error *error)
{
  const struct policy *policy = core_policy(library->core);
  char person[FORVAR_ID_BYTES];
  char thing[FORVAR_ID_BYTES];
  char when[WAY_WHEN_BYTES];
  *ret_taken = way_when(policy, input->effective_us, when);
  if (!*ret_taken)
    return FORVAR_OK;
  return forvar_event_add(library->forvar, outer_id(library, 'p', input->person.value, person),
                          outer_id(library, 't', input->thing.value, thing),
                          names_of_policy(policy, NAME_EVENT, input->event), when, error);
}

static enum forvar_result put(struct library *library, const struct record_put_input *input,
                              bool *ret_taken, struct forvar_error *error)
{
  const struct policy *policy = core_policy(library->core);
  char person[FORVAR_ID_BYTES];
  char thing[FORVAR_ID_BYTES];
  char obtained[WAY_WHEN_BYTES];
  struct forvar_value values[VALUES_MAX];
  bool is_dated = input->obtained_us != 0;
  *ret_taken = input->point >= 0 && input->source >= 0 &&
               (!is_dated || way_when(policy, input->obtained_us, obtained));
  if (!*ret_taken)
    return FORVAR_OK;
  for (int32_t i = 0; i < input->value_count; i++) {
    int32_t field = input->values[i].field;
    values[i] = (struct forvar_value){field < 0 ? "unknown.field" : policy->fields[field].name,
                                      input->values[i].value.bytes, input->values[i].value.length};
  }
  struct forvar_put of = {.person = outer_id(library, 'p', input->person.value, person),
                          .point = names_of_policy(policy, NAME_POINT, input->point),
                          .source = names_of_policy(policy, NAME_SOURCE, input->source),
                          .thing = outer_id(library, 't', input->thing.value, thing),
                          .obtained = is_dated ? obtained : NULL,
                          .values = values,
                          .value_count = (size_t)input->value_count};
  return forvar_put(library->forvar, &of, error);
}

static enum err_code perform(void *context, struct operation *operation, bool *ret_taken,
                             struct err *err)
{
  struct library *library = context;
  struct forvar_error error = {.id = ""};
  enum forvar_result result = FORVAR_OK;
  if (operation->verb == &verb_person_add)
    result = add_person(library, operation->input, operation->output, ret_taken, &error);
  else if (operation->verb == &verb_thing_add)
    result = add_thing(library, operation->input, operation->output, ret_taken, &error);
  else if (operation->verb == &verb_event_add)
    result = add_event(library, operation->input, ret_taken, &error);
  else if (operation->verb == &verb_record_put)
    result = put(library, operation->input, ret_taken, &error);
  return result == FORVAR_OK ? ERR_OK : told(&error, err);
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

struct taking {
  struct library *library;
  struct way_told told;
};

static void take_value(void *context, const void *bytes, size_t length)
{
  struct taking *taking = context;
  if (taking->told.value_count == WAY_VALUES_MAX)
    return;
  const char *copy = arena_text(&taking->library->arena, view_bytes(bytes, length));
  taking->told.values[taking->told.value_count++] = view_bytes(copy, length);
}

static enum err_code use(void *context, const struct use_request *request,
                         const struct use_answer *expected, bool *ret_taken, struct err *err)
{
  struct library *library = context;
  const struct policy *policy = core_policy(library->core);
  char person[FORVAR_ID_BYTES];
  char thing[FORVAR_ID_BYTES];
  struct forvar_error error = {.id = ""};
  *ret_taken = request->actor.role >= 0 && request->purpose >= 0 && request->field >= 0 &&
               request->channel == GATE_NO_CHANNEL && !request->to.named &&
               request->case_thing == 0 && !request->has_reason;
  if (!*ret_taken)
    return ERR_OK;
  struct forvar_use of = {.person = outer_id(library, 'p', request->person.value, person),
                          .role = policy->roles[request->actor.role].name,
                          .purpose = policy->purposes[request->purpose].name,
                          .field = policy->fields[request->field].name,
                          .thing = outer_id(library, 't', request->thing, thing)};
  struct taking taking = {.library = library};
  enum forvar_result result = request->ask_only
                                  ? forvar_decide(library->forvar, &of, &error)
                                  : forvar_use(library->forvar, &of, take_value, &taking, &error);
  if (result != FORVAR_OK && result != FORVAR_REFUSED)
    return told(&error, err);
  taking.told.is_allowed = result == FORVAR_OK;
  taking.told.reason = view_of(error.reason);
  enum err_code code = way_compare(&taking.told, request, expected, err);
  arena_rewind(&library->arena);
  return code;
}

const struct trial_way way_library = {&the_library, begin, end, perform, use};
