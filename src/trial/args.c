#include "trial/args.h"

#include "core/verbs.h"
#include "policy/findings.h"
#include "policy/schema.h"
#include "trial/grow.h"
#include "trial/time.h"

#define UNKNOWN "%s '%s' is not known"

bool trial_has(const struct trial_line *line, const char *key)
{
  return yaml_pair(line->args, key) != NULL;
}

struct view trial_arg(const struct trial_line *line, const char *key)
{
  const struct yaml_node *node = yaml_get(line->args, key);
  return node == NULL ? VIEW_EMPTY : node->text;
}

struct place trial_arg_place(const struct trial_line *line, const char *key)
{
  const struct yaml_node *node = yaml_get(line->args, key);
  return node == NULL ? line->place : node->place;
}

int32_t trial_arg_count(const struct trial_line *line, const char *key)
{
  const struct yaml_node *node = yaml_get(line->args, key);
  if (node == NULL)
    return 0;
  return node->kind == NODE_LIST ? node->count : 1;
}

struct view trial_arg_at(const struct trial_line *line, const char *key, int32_t index)
{
  const struct yaml_node *node = yaml_get(line->args, key);
  return node->kind == NODE_LIST ? node->items[index].text : node->text;
}

static bool unknown(struct trial_run *run, const struct trial_line *line, const char *key,
                    const char *what)
{
  trial_error(run, trial_arg_place(line, key), UNKNOWN, what, quote(trial_arg(line, key)).text);
  return false;
}

// ── Persons ─────────────────────────────────────────────────────────────────────────────────

static struct trial_person *find_person(struct trial_run *run, struct view name)
{
  for (int32_t i = run->person_count - 1; i >= 0; i--)
    if (view_equal(run->persons[i].name, name))
      return &run->persons[i];
  return NULL;
}

static bool read_kinds(struct trial_run *run, struct place place, const struct yaml_node *list,
                       uint64_t *ret_kinds)
{
  *ret_kinds = 0;
  int32_t count = list == NULL ? 0 : list->kind == NODE_LIST ? list->count : 1;
  for (int32_t i = 0; i < count; i++) {
    struct view name = list->kind == NODE_LIST ? list->items[i].text : list->text;
    int32_t kind = policy_kind(trial_policy(run), name);
    if (kind < 0) {
      trial_error(run, place, UNKNOWN, "kind", quote(name).text);
      return false;
    }
    *ret_kinds |= UINT64_C(1) << kind;
  }
  return true;
}

static bool make_person(struct trial_run *run, const struct trial_line *line, struct view name,
                        const struct yaml_node *kinds, struct trial_person **ret_person)
{
  struct person_add_input input;
  struct person_add_output output;
  if (!read_kinds(run, line->place, kinds, &input.kinds))
    return false;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  struct trial_outcome before = run->last;
  trial_perform(run, line, &operation);
  if (!trial_was_done(run)) {
    trial_error(run, line->place, "the person cannot be added: %s", run->last.err.message);
    return false;
  }
  run->last = before;  // naming somebody is no step of its own
  struct trial_person *persons = trial_grow(&run->arena, run->persons, run->person_count,
                                            &run->person_capacity, sizeof *persons);
  if (persons == NULL) {
    trial_error(run, line->place, "no memory");
    return false;
  }
  run->persons = persons;
  *ret_person = &run->persons[run->person_count++];
  **ret_person = (struct trial_person){.name = name, .id = output.person};
  return true;
}

bool trial_person_named(struct trial_run *run, struct place place, struct view name,
                        struct trial_person **ret_person)
{
  *ret_person = find_person(run, name);
  if (*ret_person != NULL)
    return true;
  const struct yaml_node *people = run->file->people;
  struct trial_line line = {.place = place};
  for (int32_t i = 0; people != NULL && i < people->count; i++)
    if (view_equal(people->pairs[i].key, name))
      return make_person(run, &line, name, yaml_get(&people->pairs[i].value, "kinds"), ret_person);
  trial_error(run, place, UNKNOWN ": declare it in 'people' or with a step 'person'", "person",
              quote(name).text);
  return false;
}

bool trial_arg_person(struct trial_run *run, const struct trial_line *line, const char *key,
                      struct trial_person **ret_person)
{
  return trial_person_named(run, trial_arg_place(line, key), trial_arg(line, key), ret_person);
}

void trial_step_person(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = find_person(run, trial_arg(line, "name"));
  if (person != NULL && !person->is_erased) {
    trial_error(run, line->place, "there is a person of that name");
    return;
  }
  if (make_person(run, line, trial_arg(line, "name"), yaml_get(line->args, "kinds"), &person))
    trial_ended(run, line->place, ERR_OK, NULL);
}

// ── Things and requests ─────────────────────────────────────────────────────────────────────

bool trial_arg_thing(struct trial_run *run, const struct trial_line *line, const char *key,
                     struct trial_thing **ret_thing)
{
  *ret_thing = NULL;
  if (!trial_has(line, key))
    return true;
  for (int32_t i = run->thing_count - 1; i >= 0; i--)
    if (view_equal(run->things[i].name, trial_arg(line, key))) {
      *ret_thing = &run->things[i];
      return true;
    }
  return unknown(run, line, key, "thing");
}

struct use_leaving trial_arg_leaving(const struct trial_run *run, const struct trial_line *line,
                                     const char *key)
{
  const struct policy *policy = trial_policy(run);
  struct view name = trial_arg(line, key);
  if (name.length == 0)
    return (struct use_leaving){.named = false};
  int32_t party = policy_party(policy, name);
  int32_t recipient =
      party >= 0 ? policy->outward.parties[party].recipient : policy_recipient(policy, name);
  return (struct use_leaving){true, recipient, party};
}

bool trial_arg_request(struct trial_run *run, const struct trial_line *line, const char *key,
                       struct trial_request **ret_request)
{
  *ret_request = NULL;
  if (!trial_has(line, key))
    return true;
  for (int32_t i = run->request_count - 1; i >= 0; i--)
    if (view_equal(run->requests[i].name, trial_arg(line, key))) {
      *ret_request = &run->requests[i];
      return true;
    }
  return unknown(run, line, key, "request");
}

// ── Names of the policy ─────────────────────────────────────────────────────────────────────

// "lisa as credit": who acts, and in which role; "system" is the machine itself.
bool trial_arg_role(struct trial_run *run, const struct trial_line *line, int32_t *ret_role)
{
  struct view name = trial_arg(line, "as");
  for (size_t i = 0; i + 4 <= name.length; i++)
    if (view_starts(view_bytes(name.bytes + i, name.length - i), " as ")) {
      name = view_trim(view_bytes(name.bytes + i + 4, name.length - i - 4));
      break;
    }
  *ret_role = -1;
  if (view_is(name, "system"))
    return true;
  *ret_role = policy_role(trial_policy(run), name);
  return *ret_role >= 0 || unknown(run, line, "as", "role");
}

int32_t trial_arg_purpose(const struct trial_run *run, const struct trial_line *line,
                          const char *key)
{
  return policy_purpose(trial_policy(run), trial_arg(line, key));
}

bool trial_arg_fields(struct trial_run *run, const struct trial_line *line, const char *key,
                      struct set *ret_fields)
{
  *ret_fields = SET_EMPTY;
  for (int32_t i = 0; i < trial_arg_count(line, key); i++) {
    struct set some = SET_EMPTY;
    struct view name = trial_arg_at(line, key, i);
    if (!policy_fields(trial_policy(run), name, &some)) {
      trial_error(run, trial_arg_place(line, key), UNKNOWN, "field or category", quote(name).text);
      return false;
    }
    *ret_fields = set_or(ret_fields, &some);
  }
  return true;
}

bool trial_arg_channel(struct trial_run *run, const struct trial_line *line, const char *key,
                       int32_t *ret_channel)
{
  *ret_channel = GATE_NO_CHANNEL;
  if (!trial_has(line, key))
    return true;
  *ret_channel = schema_word(schema_channels, trial_arg(line, key));
  return *ret_channel >= 0 || unknown(run, line, key, "channel");
}

bool trial_arg_time(struct trial_run *run, const struct trial_line *line, const char *key,
                    int64_t *ret_us)
{
  struct trial_time time;
  *ret_us = 0;
  if (!trial_has(line, key))
    return true;
  if (!trial_time_read(run->base->zone, trial_arg(line, key), run->home.now_us, &time)) {
    trial_error(run, trial_arg_place(line, key), "'%s' is not a time",
                quote(trial_arg(line, key)).text);
    return false;
  }
  *ret_us = time.instant_us;
  return true;
}

bool trial_arg_number(struct trial_run *run, const struct trial_line *line, const char *key,
                      int64_t *ret_number)
{
  if (view_int64(trial_arg(line, key), ret_number))
    return true;
  trial_error(run, trial_arg_place(line, key), "'%s' is not a number",
              quote(trial_arg(line, key)).text);
  return false;
}
