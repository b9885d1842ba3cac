// Asks for a value for another purpose than it was stored for, and says why that is refused.
//
//   cc refuse_and_explain.c $(pkg-config --cflags --libs forvar) -o refuse_and_explain
//   ./refuse_and_explain HOME PERSON
//
// The refusal is in the log like any use: `forvar ledger show` lists it.
#include <forvar.h>
#include <stdio.h>

static void print_value(void *context, const void *bytes, size_t length)
{
  (void)context;
  printf("%.*s\n", (int)length, (const char *)bytes);
}

int main(int count, char **arguments)
{
  struct forvar *forvar = NULL;
  struct forvar_error error = {.id = ""};
  if (count != 3 || forvar_open(arguments[1], &forvar, &error) != FORVAR_OK)
    return fprintf(stderr, "no home: %s\n", error.message), 1;

  struct forvar_use use = {.person = arguments[2],
                           .role = "seller",
                           .purpose = "direct_marketing",
                           .field = "traffic.ip"};
  enum forvar_result result = forvar_use(forvar, &use, print_value, NULL, &error);
  if (result == FORVAR_REFUSED)
    printf("refused: %s\npolicy: %s\nlaw: %s\n", error.reason, error.where, error.rule);
  else if (result != FORVAR_OK)
    fprintf(stderr, "%s %s\n", error.message, error.hint);
  forvar_close(forvar);
  return result;
}
