// doc/policy-tests.md says what the table of words says, and its examples run.
#define _GNU_SOURCE  // mkdtemp
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

#include "base/text.h"
#include "trial/words.h"

enum { DOC_BYTES_MAX = 128 * 1024, LINE_BYTES = 1024 };

static char doc[DOC_BYTES_MAX];

static int read_doc(void **state)
{
  (void)state;
  FILE *stream = fopen(FORVAR_SOURCE_ROOT "/doc/policy-tests.md", "rb");
  assert_non_null(stream);
  size_t length = fread(doc, 1, sizeof doc - 1, stream);
  doc[length] = '\0';
  assert_int_equal(fclose(stream), 0);
  return 0;
}

// The line of the chapters on steps and expectations that begins with the word, cut out.
static bool find_row(const char *word, char ret_row[LINE_BYTES])
{
  char begin[64];
  (void)snprintf(begin, sizeof begin, "\n| `%s` | ", word);
  const char *chapters = strstr(doc, "\n## Steps\n");
  assert_non_null(chapters);
  const char *row = strstr(chapters, begin);
  if (row == NULL)
    return false;
  size_t length = strcspn(row + 1, "\n");
  assert_true(length < LINE_BYTES);
  memcpy(ret_row, row + 1, length);
  ret_row[length] = '\0';
  return true;
}

// Each step and each expectation has its row, with all of its keys.
static void doc__every_word_has_its_row(void **state)
{
  (void)state;
  for (size_t i = 0; trial_word_at(i) != NULL; i++) {
    const struct trial_word *word = trial_word_at(i);
    char row[LINE_BYTES];
    if (!find_row(word->name, row))
      fail_msg("doc/policy-tests.md has no row for %s", word->name);
    for (size_t k = 0; k < TRIAL_KEYS_MAX && word->keys[k].name != NULL; k++) {
      char key[64];
      (void)snprintf(key, sizeof key, "`%s`", word->keys[k].name);
      if (strstr(row, key) == NULL)
        fail_msg("the row of %s in doc/policy-tests.md does not name %s", word->name, key);
    }
  }
}

static void run_example(const char *text, size_t length)
{
  char folder[] = "/tmp/forvar-doc-XXXXXX";
  char path[64];
  assert_non_null(mkdtemp(folder));
  (void)snprintf(path, sizeof path, "%s/doc.test.yaml", folder);
  FILE *stream = fopen(path, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(text, 1, length, stream), length);
  assert_int_equal(fclose(stream), 0);
  const char *const paths[] = {path};
  struct trial_options options = {.policy_path = FORVAR_SOURCE_ROOT "/policies/framsteget.yaml",
                                  .test_paths = paths,
                                  .test_count = 1};
  struct trial_summary summary = {0};
  struct err err = ERR_INIT;
  if (trial_run(&options, stdout, &summary, &err) != ERR_OK)
    fail_msg("%s: %s", err.where, err.message);
  assert_int_equal(summary.failed, 0);
  assert_true(summary.passed > 0);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(rmdir(folder), 0);
}

// What a reader copies from the page passes.
static void doc__every_example_runs(void **state)
{
  (void)state;
  static const char begin[] = "```yaml\ntests: 1\n";
  int count = 0;
  for (const char *at = strstr(doc, begin); at != NULL; at = strstr(at + 1, begin)) {
    const char *text = at + strlen("```yaml\n");
    const char *end = strstr(text, "```");
    assert_non_null(end);
    run_example(text, (size_t)(end - text));
    count++;
  }
  assert_int_equal(count, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(doc__every_word_has_its_row),
      cmocka_unit_test(doc__every_example_runs),
  };
  return cmocka_run_group_tests_name("trial_doc", tests, read_doc, NULL);
}
