// Values for tests: each person has its own, so that a search of bytes finds one and no other.
// Numbers are those that are published for tests and fiction.
#include <ctype.h>

#include "trial/run.h"

static const char *const personal_numbers[] = {"201212121212", "196408233234", "200002292399",
                                               "198002292392", "201311222390"};

enum { PHONE_FIRST = 5, PHONE_COUNT = 95, IP_COUNT = 250, KEY_FIRST = 1001 };

// "anna" is called Anna Test.
static const char *given_name(struct trial_run *run, struct view name)
{
  char *copy = arena_text(&run->arena, name);
  if (copy == NULL)
    return "";
  copy[0] = (char)toupper((unsigned char)copy[0]);
  return copy;
}

static const char *text_of(struct trial_run *run, const struct trial_person *person,
                           const struct field *field)
{
  int number = (int)trial_person_index(run, person);
  const char *name = given_name(run, person->name);
  switch (field->type) {
    case FIELD_NAME:
      return trial_text(run, "%s Test", name);
    case FIELD_ADDRESS:
      return trial_text(run, "%sgatan %d, 111 22 Stockholm", name, number + 1);
    case FIELD_EMAIL:
      return trial_text(run, "%.*s@example.com", (int)person->name.length, person->name.bytes);
    case FIELD_PHONE:
      return trial_text(run, "070-174 06 %02d", PHONE_FIRST + number % PHONE_COUNT);
    case FIELD_KEY:
      return trial_text(run, "K-%d", KEY_FIRST + number);
    case FIELD_IP:
      return trial_text(run, "192.0.2.%d", 1 + number % IP_COUNT);
    case FIELD_NUMBER:
      return trial_text(run, "%d", KEY_FIRST + number);
    case FIELD_FLAG:
      return "yes";
    case FIELD_DATE:
      return "1980-02-29";
    case FIELD_PERSONNUMMER:
      return personal_numbers[(size_t)number % ARRAY_COUNT(personal_numbers)];
    case FIELD_ORGANISATION_NUMBER:
      return "556193-8134";
    case FIELD_COUNTRY:
      return "SE";
    case FIELD_POSITION:
      return trial_text(run, "59.33%d,18.06%d", number % 10, number / 10 % 10);
    case FIELD_PASSWORD:
    case FIELD_FILE:
    case FIELD_FILM:
    case FIELD_RECORDING:
    case FIELD_TEXT:
    case FIELD_CHOICE:
    case FIELD_NOTE:
    case FIELD_DOCUMENT:
    case FIELD_TYPE_COUNT:
      break;
  }
  return trial_text(run, "%s of %s", field->name, name);
}

struct view trial_sample(struct trial_run *run, const struct trial_person *person,
                         const struct field *field)
{
  return view_of(text_of(run, person, field));
}
