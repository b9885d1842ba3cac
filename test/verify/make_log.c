// Writes the files that forvar-verify reads, for tests of the program itself:
//   make_log home ENTRIES FOLDER     a home with one head of the whole log
//   make_log export ENTRIES FILE     the same log as an export
//   make_log heads ENTRIES FILE      its head alone, as kept elsewhere
//   make_log receipt ENTRIES FILE    a receipt for its last entry
//   make_log key 0 FILE              its public key in hex digits
#include "log_model.h"
#include "log_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_receipt_of(const struct model *model, const char *file)
{
  struct model copy = model_copy(model);
  size_t size = (size_t)model_size(&copy);
  struct model_receipt receipt = make_receipt(&copy, 2, size - 1, size);
  write_receipt(&receipt, file);
  model_clean(&copy);
}

static void write_key(const struct model *model, const char *file)
{
  char digits[2 * sizeof model->public_key + 1];
  write_hex(digits, model->public_key, sizeof model->public_key);
  write_text(file, digits);
}

static const struct {
  const char *word;
  void (*write)(const struct model *model, const char *path);
} kinds[] = {
    {"home", write_home},          {"export", write_export}, {"heads", write_heads},
    {"receipt", write_receipt_of}, {"key", write_key},
};

int main(int argc, char **argv)
{
  need(argc == 4, "usage: make_log home|export|heads|receipt|key ENTRIES PATH");
  char *end = NULL;
  errno = 0;
  unsigned long entries = strtoul(argv[2], &end, 10);
  need(errno == 0 && *end == 0, "ENTRIES is no number");
  struct model model = model_make(entries, 1);
  model_add_head(&model, entries);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strcmp(argv[1], kinds[i].word) == 0) {
      kinds[i].write(&model, argv[3]);
      model_clean(&model);
      return 0;
    }
  need(false, "no such kind of file");
  return 1;
}
