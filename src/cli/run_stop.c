// What a person stops: objections to purposes, restrictions of data; and two records of one person.
#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/names.h"
#include "core/verbs.h"
#include "rights/objection.h"
#include "rights/restriction.h"

// ── What both read ──────────────────────────────────────────────────────────────────────────

static enum err_code read_person(struct call *call, struct person_id *ret_person, struct err *err)
{
  enum err_code code = call_home(call, err);
  return code != ERR_OK
             ? code
             : words_person(call_core(call), view_of(call->arguments[0]), ret_person, err);
}

static enum err_code read_numbered(struct call *call, const char *what,
                                   struct person_id *ret_person, int64_t *ret_number,
                                   struct err *err)
{
  if (!view_int64(view_of(call->arguments[1]), ret_number) || *ret_number <= 0)
    return err_set(err, ERR_USAGE, "%s is named by its number", what);
  return read_person(call, ret_person, err);
}

static enum err_code read_role(struct call *call, int32_t *ret_role, struct err *err)
{
  const struct policy *policy = NULL;
  enum err_code code = words_policy(call_core(call), &policy, err);
  return code != ERR_OK
             ? code
             : words_index(policy, NAME_ROLE, view_of(call_option(call, "--role")), ret_role, err);
}

static enum err_code read_time(struct call *call, const char *option, int64_t *ret_us,
                               struct err *err)
{
  const char *text = call_option(call, option);
  return text == NULL ? ERR_OK : words_when(call_core(call), view_of(text), ret_us, err);
}

static enum err_code tell_number(struct call *call, const char *schema, const char *noun,
                                 int64_t number, const char *what, struct err *err)
{
  OWNED(document) struct document *document = output_document(call, schema);
  if (document != NULL)
    document_set_int(document, noun, number);
  say(call, "%s %lld %s", noun, (long long)number, what);
  return output_write(call, &document, err);
}

// ── objection add ───────────────────────────────────────────────────────────────────────────

static enum err_code read_purposes(struct call *call, int32_t *ret_list, int32_t *ret_count,
                                   struct err *err)
{
  const char *names = call_option(call, "--purpose");
  const struct policy *policy = NULL;
  struct view rest = view_of(names == NULL ? "" : names);
  enum err_code code = words_policy(call_core(call), &policy, err);
  for (*ret_count = 0; code == ERR_OK && rest.length > 0;) {
    if (*ret_count == OBJECTION_PURPOSES_MAX)
      return err_set(err, ERR_LIMIT, "an objection names at most %d purposes",
                     OBJECTION_PURPOSES_MAX);
    code = words_index(policy, NAME_PURPOSE, view_cut(&rest, ','), &ret_list[*ret_count], err);
    ++*ret_count;
  }
  return code;
}

static enum err_code tell_objection(struct call *call, const struct objection_add_output *output,
                                    struct err *err)
{
  char due[CALENDAR_TEXT_BYTES];
  output_time(call, output->due_us, due);
  OWNED(document) struct document *document = output_document(call, "objection");
  if (document != NULL) {
    document_set_int(document, "request", output->request);
    document_set_int(document, "first", output->first);
    document_set_int(document, "count", output->count);
    document_set_int(document, "untouched", output->untouched);
    document_set_text(document, "due", view_of(due));
    document_set_bool(document, "closed", output->is_closed);
  }
  print(call, "%lld", (long long)output->request);
  if (output->count > 0)
    say(call, "%d purposes use the person's data no more (GDPR 21)", (int)output->count);
  if (output->untouched > 0)
    say(call, "%d rest on nothing that one objects to: refuse the request on that ground",
        (int)output->untouched);
  if (!output->is_closed)
    say(call, "to be decided before %s; else it is upheld", due);
  return output_write(call, &document, err);
}

enum err_code run_objection_add(struct call *call, struct err *err)
{
  int32_t purposes[OBJECTION_PURPOSES_MAX];
  struct objection_add_input input = {.purposes = purposes};
  struct objection_add_output output = {0};
  struct operation operation = OPERATION(&verb_objection_add, &input, &output);
  enum err_code code = read_person(call, &input.person, err);
  if (code == ERR_OK)
    code = read_purposes(call, purposes, &input.purpose_count, err);
  if (code == ERR_OK)
    code = read_time(call, "--received", &input.received_us, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code : tell_objection(call, &output, err);
}

// ── objection list, show ────────────────────────────────────────────────────────────────────

static const char *purpose_name(const struct call *call, const struct objection_row *row)
{
  return names_text(core_names(call_core(call)), NAME_PURPOSE, row->purpose);
}

static struct document *objection_document(const struct call *call, const struct objection_row *row)
{
  char since[CALENDAR_TEXT_BYTES];
  const char *decider = names_text(core_names(call_core(call)), NAME_ROLE, row->decider);
  struct document *object = document_object();
  output_time(call, row->since_us, since);
  document_set_int(object, "objection", row->objection);
  document_set_text(object, "purpose", view_of(purpose_name(call, row)));
  document_set_int(object, "request", row->request);
  document_set_text(object, "outcome", view_of(objection_outcome_name(row->outcome)));
  document_set_bool(object, "named", row->named != 0);
  document_set_text(object, "since", view_of(since));
  if (row->decider != 0 && decider != NULL)
    document_set_text(object, "decider", view_of(decider));
  return object;
}

static enum err_code read_objections(struct call *call, struct person_id person,
                                     struct arena *arena, struct objection_list *ret_list,
                                     struct err *err)
{
  return objections_read(core_store(call_core(call)), person, arena, ret_list, err);
}

enum err_code run_objection_list(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct objection_list list = {NULL, 0};
  enum err_code code = read_person(call, &person, err);
  if (code == ERR_OK)
    code = read_objections(call, person, &arena, &list, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "objection.list");
  struct document *rows = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < list.count; i++) {
    const struct objection_row *row = &list.rows[i];
    if (rows != NULL)
      document_add(rows, objection_document(call, row));
    print(call, "%lld  %s  %s%s", (long long)row->objection, purpose_name(call, row),
          objection_outcome_name(row->outcome), row->named != 0 ? "" : "  (not named)");
  }
  if (document != NULL)
    document_set(document, "objections", rows);
  return output_write(call, &document, err);
}

static enum err_code show_objection(struct call *call, const struct objection_row *row,
                                    struct arena *arena, struct err *err)
{
  struct view reasons;
  enum err_code code = objection_reasons(call_core(call), row, arena, &reasons, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "objection.show");
  if (document != NULL) {
    document_set(document, "objection", objection_document(call, row));
    document_set_text(document, "reasons", reasons);
  }
  print(call, "%s  %s", purpose_name(call, row), objection_outcome_name(row->outcome));
  if (reasons.length > 0)
    print(call, "%.*s", (int)reasons.length, reasons.bytes);
  return output_write(call, &document, err);
}

enum err_code run_objection_show(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct objection_list list = {NULL, 0};
  int64_t number = 0;
  enum err_code code = read_numbered(call, "an objection", &person, &number, err);
  if (code == ERR_OK)
    code = read_objections(call, person, &arena, &list, err);
  if (code != ERR_OK)
    return code;
  for (int32_t i = 0; i < list.count; i++)
    if (list.rows[i].objection == number)
      return show_objection(call, &list.rows[i], &arena, err);
  return err_set(err, ERR_NOT_FOUND, "the person has no such objection");
}

// ── objection decide, withdraw ──────────────────────────────────────────────────────────────

enum err_code run_objection_decide(struct call *call, struct err *err)
{
  OWNED(str) struct str reasons = STR_INIT(INPUT_BYTES_MAX);
  struct objection_decide_input input = {
      .role = -1,
      .authority = view_of(call_option(call, "--authority")),
      .court = view_of(call_option(call, "--court")),
  };
  struct operation operation = OPERATION(&verb_objection_decide, &input, NULL);
  enum err_code code =
      objection_outcome_read(view_of(call_option(call, "--outcome")), &input.outcome, err);
  if (code == ERR_OK)
    code = read_numbered(call, "an objection", &input.person, &input.objection, err);
  if (code == ERR_OK)
    code = read_role(call, &input.role, err);
  if (code == ERR_OK)
    code = input_read(call, "-", &reasons, err);
  input.reasons = view_trim(str_view(&reasons));
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code
                        : tell_number(call, "objection.decide", "objection", input.objection,
                                      input.outcome == OBJECTION_UPHELD
                                          ? "is upheld: the purpose uses the data no more"
                                          : "is overruled: tell the person why, and where to "
                                            "complain",
                                      err);
}

enum err_code run_objection_withdraw(struct call *call, struct err *err)
{
  struct objection_withdraw_input input = {.objection = 0};
  struct operation operation = OPERATION(&verb_objection_withdraw, &input, NULL);
  enum err_code code = read_numbered(call, "an objection", &input.person, &input.objection, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code
                        : tell_number(call, "objection.withdraw", "objection", input.objection,
                                      "is taken back by the person", err);
}

// ── restriction add ─────────────────────────────────────────────────────────────────────────

static enum err_code read_fields(struct call *call, int32_t *ret_list, int32_t *ret_count,
                                 struct err *err)
{
  const char *names = call_option(call, "--field");
  const struct policy *policy = core_policy(call_core(call));
  struct view rest = view_of(names == NULL ? "" : names);
  while (rest.length > 0) {
    struct set fields = SET_EMPTY;
    struct view name = view_cut(&rest, ',');
    if (!policy_fields(policy, name, &fields)) {
      int32_t ignored = -1;
      return words_index(policy, NAME_FIELD, name, &ignored, err);
    }
    for (int32_t i = set_next(&fields, 0); i >= 0; i = set_next(&fields, i + 1)) {
      if (*ret_count == RESTRICTION_FIELDS_MAX)
        return err_set(err, ERR_LIMIT, "a restriction names at most %d fields",
                       RESTRICTION_FIELDS_MAX);
      ret_list[(*ret_count)++] = i;
    }
  }
  return ERR_OK;
}

static enum err_code read_restriction(struct call *call, int32_t *fields,
                                      struct restriction_add_input *input, struct err *err)
{
  const char *thing = call_option(call, "--thing");
  enum err_code code = restriction_ground_read(view_of(call->arguments[1]), &input->ground, err);
  if (code == ERR_OK)
    code = read_person(call, &input->person, err);
  if (code == ERR_OK)
    code = read_role(call, &input->owner, err);
  if (code == ERR_OK)
    code = read_fields(call, fields, &input->field_count, err);
  if (code == ERR_OK && thing != NULL)
    code = words_thing(call_core(call), view_of(thing), &input->thing, err);
  if (code == ERR_OK)
    code = read_time(call, "--received", &input->received_us, err);
  return code != ERR_OK ? code : read_time(call, "--review", &input->review_us, err);
}

enum err_code run_restriction_add(struct call *call, struct err *err)
{
  OWNED(str) struct str matter = STR_INIT(INPUT_BYTES_MAX);
  int32_t fields[RESTRICTION_FIELDS_MAX];
  char review[CALENDAR_TEXT_BYTES];
  struct restriction_add_input input = {.fields = fields, .owner = -1};
  struct restriction_add_output output = {0};
  struct operation operation = OPERATION(&verb_restriction_add, &input, &output);
  enum err_code code = read_restriction(call, fields, &input, err);
  if (code == ERR_OK)
    code = input_read(call, "-", &matter, err);
  input.matter = view_trim(str_view(&matter));
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  output_time(call, output.review_us, review);
  OWNED(document) struct document *document = output_document(call, "restriction");
  if (document != NULL) {
    document_set_int(document, "restriction", output.restriction);
    document_set_int(document, "request", output.request);
    document_set_text(document, "review", view_of(review));
    document_set_int(document, "needed", output.needed);
  }
  print(call, "%lld", (long long)output.restriction);
  say(call, "stored and not used (GDPR 18(2)); reviewed before %s", review);
  if (output.needed > 0)
    say(call, "%lld purposes cannot do without the data: tell the person what that means",
        (long long)output.needed);
  return output_write(call, &document, err);
}

// ── restriction list, show ──────────────────────────────────────────────────────────────────

static const char *state_of(const struct restriction_row *row)
{
  if (row->lifted_us != 0)
    return "lifted";
  return row->told_us != 0 ? "to be lifted" : "lasts";
}

static struct document *fields_document(const struct call *call, const struct restriction_row *row)
{
  struct document *list = document_array();
  struct view rest = row->fields;
  while (rest.length > 0) {
    int64_t number = 0;
    const char *name = NULL;
    if (view_int64(view_cut(&rest, ','), &number))
      name = names_text(core_names(call_core(call)), NAME_FIELD, number);
    if (name != NULL)
      document_add_text(list, view_of(name));
  }
  return list;
}

static struct document *restriction_document(const struct call *call,
                                             const struct restriction_row *row)
{
  char text[CALENDAR_TEXT_BYTES];
  struct document *object = document_object();
  document_set_int(object, "restriction", row->restriction);
  document_set_text(object, "ground", view_of(restriction_ground_name(row->ground)));
  document_set_text(object, "law", view_of(restriction_ground_law(row->ground)));
  document_set_text(object, "state", view_of(state_of(row)));
  document_set_text(object, "owner",
                    view_of(names_text(core_names(call_core(call)), NAME_ROLE, row->owner)));
  document_set(object, "fields", fields_document(call, row));
  if (row->thing != 0) {
    char id[PUBLIC_ID_BYTES];
    words_thing_write(call_core(call), (struct thing_id){row->thing}, id);
    document_set_text(object, "thing", view_of(id));
  }
  output_time(call, row->review_us, text);
  document_set_text(object, "review", view_of(text));
  return object;
}

static enum err_code read_restrictions(struct call *call, struct person_id person,
                                       struct arena *arena, struct restriction_list *ret_list,
                                       struct err *err)
{
  return restrictions_read(core_store(call_core(call)), person, arena, ret_list, err);
}

enum err_code run_restriction_list(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct restriction_list list = {NULL, 0};
  enum err_code code = read_person(call, &person, err);
  if (code == ERR_OK)
    code = read_restrictions(call, person, &arena, &list, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "restriction.list");
  struct document *rows = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < list.count; i++) {
    char review[CALENDAR_TEXT_BYTES];
    const struct restriction_row *row = &list.rows[i];
    if (rows != NULL)
      document_add(rows, restriction_document(call, row));
    output_time(call, row->review_us, review);
    print(call, "%lld  %s (%s)  %s  review %s", (long long)row->restriction,
          restriction_ground_name(row->ground), restriction_ground_law(row->ground), state_of(row),
          review);
  }
  if (document != NULL)
    document_set(document, "restrictions", rows);
  return output_write(call, &document, err);
}

static enum err_code show_restriction(struct call *call, const struct restriction_row *row,
                                      struct arena *arena, struct err *err)
{
  struct view matter;
  enum err_code code = restriction_matter(call_core(call), row, arena, &matter, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "restriction.show");
  if (document != NULL) {
    document_set(document, "restriction", restriction_document(call, row));
    document_set_text(document, "matter", matter);
  }
  print(call, "%.*s", (int)matter.length, matter.bytes);
  return output_write(call, &document, err);
}

enum err_code run_restriction_show(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct restriction_list list = {NULL, 0};
  int64_t number = 0;
  enum err_code code = read_numbered(call, "a restriction", &person, &number, err);
  if (code == ERR_OK)
    code = read_restrictions(call, person, &arena, &list, err);
  if (code != ERR_OK)
    return code;
  for (int32_t i = 0; i < list.count; i++)
    if (list.rows[i].restriction == number)
      return show_restriction(call, &list.rows[i], &arena, err);
  return err_set(err, ERR_NOT_FOUND, "the person has no such restriction");
}

// ── restriction tell, lift ──────────────────────────────────────────────────────────────────

static enum err_code with_restriction(struct call *call, const struct verb *verb,
                                      const char *schema, const char *what, struct err *err)
{
  struct restriction_input input = {.restriction = 0};
  struct operation operation = OPERATION(verb, &input, NULL);
  enum err_code code = read_numbered(call, "a restriction", &input.person, &input.restriction, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code
                        : tell_number(call, schema, "restriction", input.restriction, what, err);
}

enum err_code run_restriction_tell(struct call *call, struct err *err)
{
  return with_restriction(call, &verb_restriction_tell, "restriction.tell",
                          "may be lifted: the person was told", err);
}

enum err_code run_restriction_lift(struct call *call, struct err *err)
{
  return with_restriction(call, &verb_restriction_lift, "restriction.lift", "is lifted", err);
}

// ── subject merge, split ────────────────────────────────────────────────────────────────────

static enum err_code link_two(struct call *call, const struct verb *verb, const char *schema,
                              const char *what, struct err *err)
{
  struct link_input input = {{0}, {0}};
  struct operation operation = OPERATION(verb, &input, NULL);
  enum err_code code = read_person(call, &input.person, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[1]), &input.other, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, schema);
  if (document != NULL) {
    document_set_text(document, "id", view_of(call->arguments[0]));
    document_set_text(document, "other", view_of(call->arguments[1]));
  }
  say(call, "%s", what);
  return output_write(call, &document, err);
}

enum err_code run_subject_merge(struct call *call, struct err *err)
{
  return link_two(call, &verb_person_merge, "subject.merge", "merged: what either chose binds both",
                  err);
}

enum err_code run_subject_split(struct call *call, struct err *err)
{
  return link_two(call, &verb_person_split, "subject.split",
                  "parted: each has what was chosen for it", err);
}
