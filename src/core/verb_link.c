// Two records of one person become one, and can be parted again (K11): the link is a row on each
// side, and what any of a group chose binds all of it for as long as the link is there.
#include <string.h>

#include "core/choice.h"
#include "core/internal.h"
#include "core/refile.h"
#include "core/verbs.h"
#include "store/store.h"

struct pair {
  struct person_state *one, *other;
};

static enum err_code load(struct batch *batch, const struct link_input *input,
                          struct pair *ret_pair, struct err *err)
{
  if (input->person.value == input->other.value)
    return err_set(err, ERR_INPUT, "a person is not merged with themselves");
  enum err_code code = batch_person(batch, input->person, &ret_pair->one, err);
  return code != ERR_OK ? code : batch_person(batch, input->other, &ret_pair->other, err);
}

static bool is_linked(const struct person_state *state, struct person_id other)
{
  for (int32_t i = 0; i < state->linked_count; i++)
    if (state->linked[i].value == other.value)
      return true;
  return false;
}

// Derives a person anew, and everybody of the group.
static enum err_code refresh(struct batch *batch, struct person_id person, struct err *err)
{
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, person, &state, err);
  if (code == ERR_OK)
    code = batch_derive(batch, &state, err);
  if (code == ERR_OK && state->objection_count > 0)
    code = refile_whole_person(batch, state, err);
  if (code != ERR_OK)
    return code;
  state->links++;
  return stops_spread(batch, state, err);
}

static enum err_code log_link(struct batch *batch, const struct operation *operation,
                              struct person_state *state, struct person_id other, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(100);
  str_format(&body, "{\"what\":\"%s\",\"other\":%lld}", operation->verb->name,
             (long long)other.value);
  return batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

static enum err_code add_link(struct batch *batch, struct person_state *state,
                              struct person_id other, struct err *err)
{
  const struct alias_row row = {state->person, other, batch->now_us};
  state->stop_bits |= STOP_LINKS;
  return batch_add_alias(batch, state, &row, err);
}

static enum err_code apply_merge(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct link_input *input = operation->input;
  struct pair pair;
  enum err_code code = load(batch, input, &pair, err);
  if (code != ERR_OK)
    return code;
  if (is_linked(pair.one, input->other))
    return err_set(err, ERR_CONFLICT, "these two are merged already");
  if (pair.one->linked_count + pair.other->linked_count + 1 > LINKED_MAX)
    return err_set(err, ERR_LIMIT, "a person is merged with at most %d others", LINKED_MAX);
  code = add_link(batch, pair.one, input->other, err);
  if (code == ERR_OK)
    code = add_link(batch, pair.other, input->person, err);
  if (code == ERR_OK)
    code = log_link(batch, operation, pair.one, input->other, err);
  if (code == ERR_OK)
    code = log_link(batch, operation, pair.other, input->person, err);
  return code != ERR_OK ? code : refresh(batch, input->person, err);
}

const struct verb verb_person_merge = {
    .name = "person.merge", .ledger = LEDGER_OP_LINK, .apply = apply_merge};

// ── Parting ─────────────────────────────────────────────────────────────────────────────────

struct links {
  struct alias_row rows[LINKED_MAX + 1];
  int32_t count;
};

static enum err_code collect(void *context, const struct alias_row *row, struct err *err)
{
  (void)err;
  struct links *links = context;
  if (links->count <= LINKED_MAX)
    links->rows[links->count++] = *row;
  return ERR_OK;
}

static enum err_code remove_link(struct batch *batch, struct person_state *state,
                                 struct person_id other, bool *ret_found, struct err *err)
{
  struct links links = {.count = 0};
  enum err_code code = store_alias_each(batch->core->store, state->person, collect, &links, err);
  *ret_found = false;
  for (int32_t i = 0; code == ERR_OK && i < links.count; i++) {
    if (links.rows[i].other.value != other.value)
      continue;
    *ret_found = true;
    code = batch_delete_alias(batch, state, &links.rows[i], err);
  }
  if (links.count - *ret_found == 0)
    state->stop_bits &= ~(uint32_t)STOP_LINKS;
  return code;
}

static enum err_code apply_split(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct link_input *input = operation->input;
  struct pair pair;
  bool found = false;
  enum err_code code = load(batch, input, &pair, err);
  if (code == ERR_OK)
    code = remove_link(batch, pair.one, input->other, &found, err);
  if (code == ERR_OK && !found)
    code = err_set(err, ERR_NOT_FOUND, "these two were not merged with each other");
  if (code == ERR_OK)
    code = remove_link(batch, pair.other, input->person, &found, err);
  if (code == ERR_OK)
    code = log_link(batch, operation, pair.one, input->other, err);
  if (code == ERR_OK)
    code = log_link(batch, operation, pair.other, input->person, err);
  if (code == ERR_OK)
    code = refresh(batch, input->person, err);
  return code != ERR_OK ? code : refresh(batch, input->other, err);
}

const struct verb verb_person_split = {
    .name = "person.split", .ledger = LEDGER_OP_LINK, .apply = apply_split};

// ── Erasing one of a group ──────────────────────────────────────────────────────────────────

static enum err_code leave_to(struct batch *batch, const struct operation *operation,
                              struct person_id other, uint32_t channels, struct err *err)
{
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, other, &state, err);
  uint32_t fresh = code == ERR_OK ? channels & ~state->marketing_off : 0;
  return fresh == 0 ? code : choice_opt_out(batch, operation, state, fresh, err);
}

static enum err_code drop_links(struct batch *batch, struct person_state *leaving,
                                const struct links *links, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < links->count; i++) {
    struct person_state *other = NULL;
    bool found = false;
    code = batch_person(batch, links->rows[i].other, &other, err);
    if (code == ERR_OK)
      code = remove_link(batch, other, leaving->person, &found, err);
    if (code == ERR_OK)
      code = batch_delete_alias(batch, leaving, &links->rows[i], err);
  }
  return code;
}

// Those whom only the leaving one held together hold each other from now on.
static enum err_code close_ranks(struct batch *batch, const struct links *links, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 1; code == ERR_OK && i < links->count; i++) {
    struct pair pair;
    const struct link_input input = {links->rows[0].other, links->rows[i].other};
    code = load(batch, &input, &pair, err);
    if (code == ERR_OK)
      code = add_link(batch, pair.one, input.other, err);
    if (code == ERR_OK)
      code = add_link(batch, pair.other, input.person, err);
  }
  return code != ERR_OK || links->count == 0 ? code : refresh(batch, links->rows[0].other, err);
}

// What the others had through the one who goes, they keep as their own: a no is never lost (P4).
// The links go first, so that nothing derives the leaving one anew.
enum err_code links_part(struct batch *batch, const struct operation *operation,
                         struct person_state *leaving, struct err *err)
{
  struct links links = {.count = 0};
  const uint32_t channels = leaving->marketing_off;
  if (leaving->linked_count == 0)
    return ERR_OK;
  enum err_code code = store_alias_each(batch->core->store, leaving->person, collect, &links, err);
  if (code == ERR_OK)
    code = choice_suppress(batch, leaving, leaving->linked_off, err);
  if (code == ERR_OK)
    code = drop_links(batch, leaving, &links, err);
  if (code == ERR_OK)
    code = close_ranks(batch, &links, err);
  for (int32_t i = 0; code == ERR_OK && i < links.count; i++)
    code = leave_to(batch, operation, links.rows[i].other, channels, err);
  return code;
}
