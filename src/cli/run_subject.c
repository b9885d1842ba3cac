// Persons, their things, and what happens to these.
#include <string.h>

#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/lookup.h"
#include "core/verbs.h"

// ── subject ─────────────────────────────────────────────────────────────────────────────────

static enum err_code read_kinds(const struct policy *policy, const char *names, uint64_t *ret_kinds,
                                struct err *err)
{
  struct view rest = view_of(names);
  while (rest.length > 0) {
    int32_t kind = -1;
    struct view name = view_cut(&rest, ',');
    enum err_code code = words_index(policy, NAME_KIND, name, &kind, err);
    if (code != ERR_OK)
      return code;
    *ret_kinds |= UINT64_C(1) << kind;
  }
  return ERR_OK;
}

static enum err_code print_id(const struct call *call, const char *schema, const char *id,
                              struct err *err)
{
  OWNED(document) struct document *document = output_document(call, schema);
  if (document != NULL)
    document_set_text(document, "id", view_of(id));
  print(call, "%s", id);
  return output_write(call, &document, err);
}

enum err_code run_subject_add(struct call *call, struct err *err)
{
  const struct policy *policy = NULL;
  const char *kinds = call_option(call, "--kind");
  struct person_add_input input = {0};
  struct person_add_output output;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK && kinds != NULL)
    code = read_kinds(policy, kinds, &input.kinds, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  char id[PUBLIC_ID_BYTES];
  words_person_write(call_core(call), output.person, id);
  return print_id(call, "subject", id, err);
}

enum { FOUND_PERSONS_MAX = 100 };

static enum err_code find_persons(struct call *call, struct person_id *persons, int32_t *ret_count,
                                  struct err *err)
{
  OWNED(str) struct str text = STR_INIT(VALUE_BYTES_MAX);
  const struct policy *policy = NULL;
  struct core *core = call_core(call);
  int32_t index = -1;
  enum err_code code = words_policy(core, &policy, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_FIELD, view_of(call_option(call, "--field")), &index, err);
  if (code != ERR_OK)
    return code;
  const struct field *field = &policy->fields[index];
  if (!field->lookup) {
    err_set(err, ERR_INPUT, "field %s has no look-up index", field->name);
    return err_hint(err, "a field that the policy declares with lookup: yes can be searched");
  }
  code = input_read(call, "-", &text, err);
  int32_t number = names_number_at(core_names(core), NAME_FIELD, index);
  return code != ERR_OK
             ? code
             : lookup_find(core, core_store(core), field, number, view_trim(str_view(&text)),
                           persons, FOUND_PERSONS_MAX, ret_count, err);
}

enum err_code run_subject_find(struct call *call, struct err *err)
{
  struct person_id persons[FOUND_PERSONS_MAX];
  int32_t count = 0;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = find_persons(call, persons, &count, err);
  if (code != ERR_OK)
    return code;
  if (count == 0)
    return err_set(err, ERR_NOT_FOUND, "nobody has that value in that field");
  OWNED(document) struct document *document = output_document(call, "subject.find");
  struct document *ids = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < count; i++) {
    char id[PUBLIC_ID_BYTES];
    words_person_write(call_core(call), persons[i], id);
    print(call, "%s", id);
    if (ids != NULL)
      document_add_text(ids, view_of(id));
  }
  if (document != NULL)
    document_set(document, "ids", ids);
  return output_write(call, &document, err);
}

// ── thing and event ─────────────────────────────────────────────────────────────────────────

static enum err_code read_instant(struct call *call, int64_t *ret_us, struct err *err)
{
  const char *day = call_option(call, "--day");
  const char *time = call_option(call, "--time");
  if (day != NULL && time != NULL)
    return err_set(err, ERR_USAGE, "--day and --time exclude each other");
  return words_when(call_core(call), view_of(day != NULL ? day : time), ret_us, err);
}

enum err_code run_thing_add(struct call *call, struct err *err)
{
  const struct policy *policy = NULL;
  const char *in = call_option(call, "--in");
  struct thing_add_input input = {.type = -1};
  struct thing_add_output output;
  struct operation operation = OPERATION(&verb_thing_add, &input, &output);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_THING, view_of(call->arguments[1]), &input.type, err);
  if (code == ERR_OK && in != NULL)
    code = words_thing(call_core(call), view_of(in), &input.parent, err);
  if (code == ERR_OK)
    code = read_instant(call, &input.effective_us, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  char id[PUBLIC_ID_BYTES];
  words_thing_write(call_core(call), output.thing, id);
  return print_id(call, "thing", id, err);
}

enum err_code run_event_add(struct call *call, struct err *err)
{
  const struct policy *policy = NULL;
  struct event_add_input input = {.event = -1};
  struct event_add_output output;
  struct operation operation = OPERATION(&verb_event_add, &input, &output);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK)
    code = words_thing(call_core(call), view_of(call->arguments[1]), &input.thing, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_EVENT, view_of(call->arguments[2]), &input.event, err);
  if (code == ERR_OK)
    code = read_instant(call, &input.effective_us, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "event");
  if (document != NULL)
    document_set_int(document, "event", output.event);
  print(call, "%lld", (long long)output.event);
  return output_write(call, &document, err);
}

enum err_code run_event_retract(struct call *call, struct err *err)
{
  struct event_retract_input input = {.event = 0};
  struct operation operation = OPERATION(&verb_event_retract, &input, NULL);
  if (!view_int64(view_of(call->arguments[2]), &input.event) || input.event <= 0)
    return err_set(err, ERR_USAGE, "an event is named by its number within the thing");
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK)
    code = words_thing(call_core(call), view_of(call->arguments[1]), &input.thing, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "event.retract");
  if (document != NULL)
    document_set_int(document, "event", input.event);
  say(call, "event %lld no longer counts; that it was told of stays in the log",
      (long long)input.event);
  return output_write(call, &document, err);
}
