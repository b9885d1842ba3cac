#define _GNU_SOURCE  // open_memstream
#include "golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { GOLDEN_BYTES_MAX = 256 * 1024, GOLDEN_PATH_BYTES = 512 };

void golden_enter(const char *folder)
{
  char path[GOLDEN_PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/trial/%s", FORVAR_TEST_DATA, folder);
  assert_int_equal(chdir(path), 0);
}

void golden_compare(const char *expected, const char *text)
{
  static char whole[GOLDEN_BYTES_MAX];
  FILE *stream = fopen(expected, "rb");
  size_t length = stream == NULL ? 0 : fread(whole, 1, sizeof whole - 1, stream);
  if (stream != NULL)
    assert_int_equal(fclose(stream), 0);
  whole[length] = '\0';
  if (strcmp(whole, text) != 0)
    fail_msg("%s is not as expected but:\n%s", expected, text);
}

struct trial_summary golden_run(const struct trial_options *options, const char *expected)
{
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  struct trial_summary summary = {0};
  struct err err = ERR_INIT;
  if (trial_run(options, out, &summary, &err) != ERR_OK)
    fail_msg("%s: %s", err.where, err.message);
  assert_int_equal(fclose(out), 0);
  golden_compare(expected, text);
  free(text);
  return summary;
}
