// The reader of policy files: any bytes give a policy or findings, never both nor neither. Each
// keep rule of a policy that was read prints as a text that reads back as the same operations.
#include "base/assert.h"
#include "policy/policy.h"
#include "policy/read.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void rules_read_back(const struct policy *policy)
{
  for (int32_t i = 0; i < policy->keep_count; i++) {
    const struct keep *keep = &policy->keeps[i];
    OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
    struct err err = ERR_INIT;
    struct keep again = {0};
    size_t at = 0;
    keep_print(policy, keep, &text);
    INVARIANT(keep_read(policy, str_view(&text), &again, &at, &err) == ERR_OK);
    INVARIANT(again.operation_count == keep->operation_count);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  enum err_code code =
      policy_read("fuzz.yaml", view_bytes(bytes, length), &policy, &findings, &err);
  INVARIANT((code == ERR_OK) == (policy != NULL));
  INVARIANT(code != ERR_OK || findings.errors == 0);
  INVARIANT(code != ERR_FINDINGS || findings.errors > 0);
  if (code == ERR_OK)
    rules_read_back(policy);
  policy_free(policy);
  return 0;
}
