// Erases a person and keeps the receipt, which anybody can check without this program or its keys.
//
//   cc erase_and_prove.c $(pkg-config --cflags --libs forvar) -o erase_and_prove
//   ./erase_and_prove HOME PERSON RECEIPT
//   forvar-verify RECEIPT
#include <forvar.h>
#include <stdio.h>

static void write_receipt(void *context, const char *text) { fputs(text, context); }

int main(int count, char **arguments)
{
  struct forvar *forvar = NULL;
  struct forvar_error error = {.id = ""};
  if (count != 4 || forvar_open(arguments[1], &forvar, &error) != FORVAR_OK)
    return fprintf(stderr, "no home: %s\n", error.message), 1;

  FILE *receipt = fopen(arguments[3], "wx");  // before anything is erased
  enum forvar_result result = FORVAR_FAILED;
  if (receipt == NULL)
    fprintf(stderr, "cannot write %s\n", arguments[3]);
  else
    result = forvar_erase(forvar, arguments[2], write_receipt, receipt, &error);
  if (receipt != NULL && fclose(receipt) != 0)
    result = FORVAR_FAILED;
  if (result != FORVAR_OK)
    fprintf(stderr, "%s %s\n", error.message, error.hint);
  forvar_close(forvar);
  return result;
}
