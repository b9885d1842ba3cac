// Holds: what keeps data from being erased while a claim lasts, until two persons let it go.
#include "api/words.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/names.h"
#include "retain/hold.h"
#include "store/rows.h"

static enum err_code read_number(const struct call *call, int64_t *ret_hold, struct err *err)
{
  if (view_int64(view_of(call->arguments[1]), ret_hold) && *ret_hold > 0)
    return ERR_OK;
  return err_set(err, ERR_USAGE, "a hold is named by its number");
}

static enum err_code read_person(struct call *call, struct person_id *ret_person, struct err *err)
{
  enum err_code code = call_home(call, err);
  return code != ERR_OK
             ? code
             : words_person(call_core(call), view_of(call->arguments[0]), ret_person, err);
}

static enum err_code read_role(struct call *call, int32_t *ret_role, struct err *err)
{
  const struct policy *policy = NULL;
  enum err_code code = words_policy(call_core(call), &policy, err);
  return code != ERR_OK
             ? code
             : words_index(policy, NAME_ROLE, view_of(call_option(call, "--role")), ret_role, err);
}

static enum err_code tell_number(struct call *call, const char *schema, int64_t hold,
                                 const char *what, struct err *err)
{
  OWNED(document) struct document *document = output_document(call, schema);
  if (document != NULL)
    document_set_int(document, "hold", hold);
  say(call, "hold %lld %s", (long long)hold, what);
  return output_write(call, &document, err);
}

// ── add ─────────────────────────────────────────────────────────────────────────────────────

static enum err_code read_cover(struct call *call, struct hold_add_input *input, struct err *err)
{
  const char *field = call_option(call, "--field");
  const char *thing = call_option(call, "--thing");
  const struct policy *policy = core_policy(call_core(call));
  enum err_code code = ERR_OK;
  if (field != NULL)
    code = words_index(policy, NAME_FIELD, view_of(field), &input->field, err);
  if (code == ERR_OK && thing != NULL)
    code = words_thing(call_core(call), view_of(thing), &input->thing, err);
  return code;
}

enum err_code run_hold_add(struct call *call, struct err *err)
{
  OWNED(str) struct str matter = STR_INIT(INPUT_BYTES_MAX);
  struct hold_add_input input = {.field = -1};
  struct hold_add_output output;
  struct operation operation = OPERATION(&verb_hold_add, &input, &output);
  enum err_code code = hold_kind_read(view_of(call->arguments[1]), &input.kind, err);
  if (code == ERR_OK)
    code = read_person(call, &input.person, err);
  if (code == ERR_OK)
    code = read_role(call, &input.owner, err);
  if (code == ERR_OK)
    code =
        words_when(call_core(call), view_of(call_option(call, "--review")), &input.review_us, err);
  if (code == ERR_OK)
    code = read_cover(call, &input, err);
  if (code == ERR_OK)
    code = input_read(call, "-", &matter, err);
  input.matter = view_trim(str_view(&matter));
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "hold");
  if (document != NULL)
    document_set_int(document, "hold", output.hold);
  print(call, "%lld", (long long)output.hold);
  return output_write(call, &document, err);
}

// ── review, propose, approve ────────────────────────────────────────────────────────────────

enum err_code run_hold_review(struct call *call, struct err *err)
{
  struct hold_review_input input = {.hold = 0};
  struct operation operation = OPERATION(&verb_hold_review, &input, NULL);
  enum err_code code = read_number(call, &input.hold, err);
  if (code == ERR_OK)
    code = read_person(call, &input.person, err);
  if (code == ERR_OK)
    code =
        words_when(call_core(call), view_of(call_option(call, "--review")), &input.review_us, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code
                        : tell_number(call, "hold.review", input.hold, "has a new review", err);
}

static enum err_code release(struct call *call, const struct verb *verb, int64_t *ret_hold,
                             struct err *err)
{
  struct hold_release_input input = {.role = -1};
  struct operation operation = OPERATION(verb, &input, NULL);
  enum err_code code = read_number(call, &input.hold, err);
  if (code == ERR_OK)
    code = read_person(call, &input.person, err);
  if (code == ERR_OK)
    code = read_role(call, &input.role, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  *ret_hold = input.hold;
  return code;
}

enum err_code run_hold_propose(struct call *call, struct err *err)
{
  int64_t hold = 0;
  enum err_code code = release(call, &verb_hold_propose, &hold, err);
  return code != ERR_OK ? code
                        : tell_number(call, "hold.propose", hold,
                                      "is to be released: another role approves, a day later", err);
}

enum err_code run_hold_approve(struct call *call, struct err *err)
{
  int64_t hold = 0;
  enum err_code code = release(call, &verb_hold_approve, &hold, err);
  return code != ERR_OK ? code : tell_number(call, "hold.approve", hold, "is released", err);
}

// ── list ────────────────────────────────────────────────────────────────────────────────────

static const char *state_of(const struct hold_row *row)
{
  if (row->released_us != 0)
    return "released";
  return row->proposed_us != 0 ? "to be released" : "lasts";
}

static struct document *hold_document(const struct call *call, const struct hold_row *row)
{
  char text[CALENDAR_TEXT_BYTES];
  const struct names *names = core_names(call_core(call));
  const char *field = row->field < 0 ? NULL : names_text(names, NAME_FIELD, row->field);
  struct document *object = document_object();
  document_set_int(object, "hold", row->hold);
  document_set_text(object, "kind", view_of(hold_kind_name(row->kind)));
  document_set_text(object, "law", view_of(hold_kind_law(row->kind)));
  document_set_text(object, "state", view_of(state_of(row)));
  document_set_text(object, "owner", view_of(names_text(names, NAME_ROLE, row->owner)));
  if (field != NULL)
    document_set_text(object, "field", view_of(field));
  if (row->thing != 0) {
    char id[PUBLIC_ID_BYTES];
    words_thing_write(call_core(call), (struct thing_id){row->thing}, id);
    document_set_text(object, "thing", view_of(id));
  }
  output_time(call, row->review_us, text);
  document_set_text(object, "review", view_of(text));
  return object;
}

// What a hold is about is sealed, and no part of the list.
enum err_code run_hold_list(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct holds holds = {NULL, 0};
  enum err_code code = read_person(call, &person, err);
  if (code == ERR_OK)
    code = holds_read(core_store(call_core(call)), person, &arena, &holds, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "hold.list");
  struct document *rows = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < holds.count; i++) {
    char review[CALENDAR_TEXT_BYTES];
    const struct hold_row *row = &holds.rows[i];
    if (rows != NULL)
      document_add(rows, hold_document(call, row));
    output_time(call, row->review_us, review);
    print(call, "%lld  %s (%s)  %s  review %s", (long long)row->hold, hold_kind_name(row->kind),
          hold_kind_law(row->kind), state_of(row), review);
  }
  if (document != NULL)
    document_set(document, "holds", rows);
  return output_write(call, &document, err);
}

// ── show ────────────────────────────────────────────────────────────────────────────────────────

static enum err_code show(struct call *call, const struct hold_row *row, struct arena *arena,
                          struct err *err)
{
  struct view matter;
  enum err_code code = hold_matter(call_core(call), row, arena, &matter, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "hold.show");
  if (document != NULL) {
    document_set(document, "hold", hold_document(call, row));
    document_set_text(document, "matter", matter);
  }
  print(call, "%.*s", (int)matter.length, matter.bytes);
  return output_write(call, &document, err);
}

enum err_code run_hold_show(struct call *call, struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id person;
  struct holds holds = {NULL, 0};
  int64_t number = 0;
  enum err_code code = read_number(call, &number, err);
  if (code == ERR_OK)
    code = read_person(call, &person, err);
  if (code == ERR_OK)
    code = holds_read(core_store(call_core(call)), person, &arena, &holds, err);
  if (code != ERR_OK)
    return code;
  for (int32_t i = 0; i < holds.count; i++)
    if (holds.rows[i].hold == number)
      return show(call, &holds.rows[i], &arena, err);
  return err_set(err, ERR_NOT_FOUND, "the person has no such hold");
}
