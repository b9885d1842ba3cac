#include "policy/read.h"

#include "policy/lint.h"
#include "policy/reader.h"
#include "policy/settle.h"

#include <sodium.h>

#include <stdlib.h>
#include <string.h>

static void (*const readers[])(struct reader *) = {
    read_policy,      read_law_packs,       read_texts,       read_controllers, read_limits,
    read_fields,      read_things,          read_subjects,    read_parts,       read_sources,
    read_consents,    read_purpose_names,   read_rules,       read_purposes,    read_keep_links,
    read_compatibles, read_points,          read_roles,       read_people,      read_organisation,
    read_outward,     read_messages,        read_disclosures, read_rights,      read_web,
    read_promises,    read_operator_values,
};

static void (*const checks[])(struct reader *) = {
    check_references, check_data,    check_terms, check_people, check_purposes, check_organisation,
    check_outward,    check_conduct, check_keeps, check_law,    check_promises, check_lint,
};

static int32_t count_promises(const struct yaml_node *node)
{
  int32_t count = 0;
  for (int32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
    const struct yaml_pair *pair = &node->pairs[i];
    if (view_is(pair->key, "promises") && pair->value.kind == NODE_LIST)
      count += pair->value.count;
    else
      count += count_promises(&pair->value) + 1;
  }
  return count;
}

static bool prepare(struct reader *reader, const char *file_name, struct view text)
{
  struct policy *policy = reader->policy;
  policy->file = reader_text(reader, view_of(file_name));
  policy->text = (struct view){reader_text(reader, text), text.length};
  crypto_hash_sha256(policy->hash, (const unsigned char *)text.bytes, text.length);
  reader->promise_capacity = count_promises(reader->root);
  reader->promises = reader_new(reader, reader->promise_capacity, sizeof *reader->promises);
  policy->promises = reader->promises;
  return reader->memory;
}

// The whole is judged only where all parts could be read: what a missing part would cause is not
// worth a finding.
static bool compile(struct reader *reader)
{
  for (size_t i = 0; i < ARRAY_COUNT(readers) && reader->memory; i++)
    readers[i](reader);
  if (finding_list_halts(reader->findings))
    return reader->memory;
  for (size_t i = 0; i < ARRAY_COUNT(checks) && reader->memory; i++)
    checks[i](reader);
  return reader->memory;
}

static enum err_code report(struct finding_list *findings, const char *file_name, struct err *err)
{
  for (int32_t i = 0; i < findings->count; i++) {
    const struct finding *finding = &findings->items[i];
    if (finding->severity != SEVERITY_ERROR)
      continue;
    (void)err_set(err, ERR_FINDINGS, "%s: %s", finding->id, finding->message);
    (void)err_where(err, "%s:%d:%d", file_name, finding->place.line, finding->place.column);
    return finding->fix[0] == '\0' ? ERR_FINDINGS : err_hint(err, "%s", finding->fix);
  }
  return err_set(err, ERR_FINDINGS, "the policy has %d errors", findings->errors);
}

static enum err_code out_of_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "out of memory for the policy");
}

static void policy_cleanup(struct policy **policy) { policy_free(*policy); }

enum err_code policy_read(const char *file_name, struct view text, struct policy **ret_policy,
                          struct finding_list *ret_findings, struct err *err)
{
  if (text.length > POLICY_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "the policy is larger than %d bytes", POLICY_BYTES_MAX);
  OWNED(arena) struct arena tree = ARENA_INIT;
  OWNED(policy) struct policy *policy = calloc(1, sizeof *policy);
  finding_list_clear(ret_findings);
  bool memory = policy != NULL;
  struct yaml_node *root = memory ? yaml_read(text, &tree, ret_findings, &memory) : NULL;
  if (!memory)
    return out_of_memory(err);
  if (root != NULL) {
    struct reader reader = {
        .policy = policy, .findings = ret_findings, .root = root, .memory = true};
    schema_check(root, ret_findings);
    if (!prepare(&reader, file_name, text) || !compile(&reader))
      return out_of_memory(err);
    settle_findings(&reader);
    policy->undecided = ret_findings->undecided;
  }
  finding_list_sort(ret_findings);
  if (ret_findings->errors > 0)
    return report(ret_findings, file_name, err);
  *ret_policy = TAKE(policy);
  return ERR_OK;
}
