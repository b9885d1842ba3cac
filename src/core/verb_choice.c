// The absolute no to direct marketing, GDPR 21(2) and (3): in force in the transaction that
// records it, and on the suppression list, which outlives the person (P4).
#include <string.h>

#include "core/choice.h"
#include "core/internal.h"
#include "core/lookup.h"
#include "core/record.h"
#include "core/value.h"
#include "core/verbs.h"
#include "store/store.h"

struct address {
  struct record_row row;
  struct address *next;
};

struct addresses {  // records that hold an address, copied off the running statement
  struct batch *batch;
  uint32_t channels;
  struct address *first;
};

static const struct field *field_of(const struct batch *batch, const struct record_row *row)
{
  int32_t index = names_index(core_names(batch->core), NAME_FIELD, record_field(row->record));
  return index < 0 ? NULL : &batch_policy(batch)->fields[index];
}

static enum err_code collect(void *context, const struct record_row *row, struct err *err)
{
  struct addresses *addresses = context;
  const struct field *field = field_of(addresses->batch, row);
  if (field == NULL || (value_channels(field->type) & addresses->channels) == 0)
    return ERR_OK;
  struct arena *arena = batch_arena(addresses->batch);
  struct address *address = arena_new(arena, sizeof *address);
  char *value = arena_text(arena, row->value);
  if (address == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the addresses of a person");
  address->row = *row;
  address->row.value = view_bytes(value, row->value.length);
  address->next = addresses->first;
  addresses->first = address;
  return ERR_OK;
}

enum err_code choice_suppress(struct batch *batch, const struct person_state *state,
                              uint32_t channels, struct err *err)
{
  struct addresses addresses = {batch, channels, NULL};
  struct store *store = batch_store(batch);
  enum err_code code = store_record_each(store, state->person, -1, collect, &addresses, err);
  for (struct address *at = addresses.first; code == ERR_OK && at != NULL; at = at->next) {
    struct view value;
    code = record_open(batch->core, store, batch_arena(batch), &at->row, &value, err);
    if (code == ERR_OK)
      code = suppression_add(batch, field_of(batch, &at->row), value, channels, err);
  }
  return code;
}

static enum err_code add_choices(struct batch *batch, struct person_state *state, uint32_t channels,
                                 struct err *err)
{
  for (int32_t channel = 0; channel < CHANNEL_COUNT; channel++) {
    if ((channels >> channel & 1) == 0)
      continue;
    struct choice_row row = {state->person, ++state->next_choice, CHOICE_MARKETING_OFF,
                             channel,       batch->now_us,        0};
    enum err_code code = batch_add_choice(batch, state, &row, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

const uint32_t choice_all_channels = (UINT32_C(1) << CHANNEL_COUNT) - 1;

enum err_code choice_opt_out(struct batch *batch, const struct operation *operation,
                             struct person_state *state, uint32_t channels, struct err *err)
{
  if (channels == 0 || channels >> CHANNEL_COUNT != 0)
    return err_set(err, ERR_INPUT, "an opt-out names at least one channel of marketing");
  uint32_t fresh = channels & ~state->marketing_off;
  enum err_code code = add_choices(batch, state, fresh, err);
  state->marketing_off |= fresh;
  if (code == ERR_OK)
    code = choice_suppress(batch, state, fresh, err);
  if (code == ERR_OK)
    code = stops_spread(batch, state, err);
  OWNED(str) struct str body = STR_INIT(100);
  str_format(&body, "{\"what\":\"marketing.opt_out\",\"channels\":%u}", (unsigned)channels);
  struct operation as_opt_out = *operation;
  as_opt_out.verb = &verb_opt_out;
  if (code == ERR_OK)
    code = batch_log(batch, &as_opt_out, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                     NULL, err);
  return code;
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct opt_out_input *input = operation->input;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  return code != ERR_OK ? code : choice_opt_out(batch, operation, state, input->channels, err);
}

static int64_t person_of(const void *input)
{
  return ((const struct opt_out_input *)input)->person.value;
}

const struct verb verb_opt_out = {
    .name = "marketing.opt_out",
    .ledger = LEDGER_OP_OPT_OUT,
    .apply = apply,
    .person_of = person_of,
};
