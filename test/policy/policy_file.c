#include "policy_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

void policy_file_text(const char *path, struct str *ret_text)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    fail_msg("%s cannot be read", path);
  char bytes[4096];
  for (size_t length = fread(bytes, 1, sizeof bytes, file); length > 0;
       length = fread(bytes, 1, sizeof bytes, file))
    str_add(ret_text, view_bytes(bytes, length));
  (void)fclose(file);
  assert_true(str_ok(ret_text));
}

struct policy *policy_file_read(const char *path, struct finding_list *ret_findings)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  policy_file_text(path, &text);
  const char *slash = strrchr(path, '/');
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  enum err_code code =
      policy_read(slash == NULL ? path : slash + 1, str_view(&text), &policy, ret_findings, &err);
  assert_true(code == ERR_OK || code == ERR_FINDINGS);
  return policy;
}
