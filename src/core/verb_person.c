#include <string.h>

#include "core/bytes.h"
#include "core/internal.h"
#include "core/verbs.h"

static enum err_code declared_kinds(struct batch *batch, uint64_t kinds, uint64_t *ret_bits,
                                    struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  uint64_t bits = 0;
  for (int32_t i = 0; i < POLICY_KINDS_MAX; i++) {
    if ((kinds >> i & 1) == 0)
      continue;
    if (i >= policy->kind_count)
      return err_set(err, ERR_INPUT, "the policy has no kind of that number");
    const struct kind *kind = &policy->kinds[i];
    if (policy_kind_is_derived(kind)) {
      enum err_code code = err_set(err, ERR_INPUT, "kind %s follows from things", kind->name);
      err_hint(err, "add the thing that makes the person one");
      return code;
    }
    int32_t number = names_number(core_names(batch->core), NAME_KIND, view_of(kind->name));
    bits |= UINT64_C(1) << number;
  }
  *ret_bits = bits;
  return ERR_OK;
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct person_add_input *input = operation->input;
  struct person_add_output *output = operation->output;
  if (batch_policy(batch) == NULL) {
    enum err_code code = err_set(err, ERR_CONFLICT, "no policy is in force");
    err_hint(err, "activate one with: forvar policy activate FILE");
    return code;
  }
  struct person_state *state = NULL;
  enum err_code code = batch_person_new(batch, &state, err);
  if (code == ERR_OK)
    code = declared_kinds(batch, input->kinds, &state->declared_kinds, err);
  if (code == ERR_OK && state->declared_kinds != 0)
    code = batch_derive(batch, &state, err);
  if (code == ERR_OK)
    code = keyring_begin(batch, state, err);
  if (code == ERR_OK)
    code = batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                     VIEW_LITERAL("{\"what\":\"person.add\"}"), NULL, err);
  if (code == ERR_OK)
    output->person = state->person;
  return code;
}

// A person who does not exist yet has no operations of their own: the home remembers this one.
static int64_t person_of(const void *input)
{
  (void)input;
  return 0;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, ((const struct person_add_output *)output)->person.value);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  ((struct person_add_output *)output)->person.value = bytes_get_i64(bytes);
}

const struct verb verb_person_add = {
    .name = "person.add",
    .ledger = LEDGER_OP_PERSON_ADD,
    .apply = apply,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};
