// Stores what the security log saw of a customer, and uses it for what it was stored for.
//
//   cc store_and_use.c $(pkg-config --cflags --libs forvar) -o store_and_use
//   ./store_and_use HOME
//
// HOME is made with `forvar init`, and policies/framsteget.yaml is in force there.
#include <forvar.h>
#include <stdio.h>
#include <string.h>

static void print_value(void *context, const void *bytes, size_t length)
{
  (void)context;
  printf("%.*s\n", (int)length, (const char *)bytes);
}

int main(int count, char **arguments)
{
  struct forvar *forvar = NULL;
  struct forvar_error error = {.id = ""};
  char person[FORVAR_ID_BYTES];
  char contract[FORVAR_ID_BYTES];
  const char *ip = "192.0.2.7";
  if (count != 2 || forvar_open(arguments[1], &forvar, &error) != FORVAR_OK)
    return fprintf(stderr, "no home: %s\n", error.message), 1;

  struct forvar_value value = {"traffic.ip", ip, strlen(ip)};
  struct forvar_put put = {person, "access_log", "generated", NULL, NULL, &value, 1, NULL};
  struct forvar_use use = {
      .person = person, .role = "security", .purpose = "security", .field = "traffic.ip"};
  enum forvar_result result = forvar_person_add(forvar, person, &error);
  if (result == FORVAR_OK)  // whoever has a contract is a customer
    result = forvar_thing_add(forvar, person, "contract", NULL, "2025-01-01", contract, &error);
  if (result == FORVAR_OK)
    result = forvar_put(forvar, &put, &error);
  if (result == FORVAR_OK)
    result = forvar_use(forvar, &use, print_value, NULL, &error);
  if (result != FORVAR_OK)
    fprintf(stderr, "%s (%s) %s\n", error.message, error.where, error.hint);
  printf("%s\n", person);
  forvar_close(forvar);
  return result;
}
