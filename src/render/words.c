#include "render/words.h"

#include <stdio.h>

struct pair {
  const char *texts[LANGUAGE_COUNT];
};

static const struct pair words[WORD_COUNT] = {
#define WORD(symbol, sv, en) [WORD_##symbol] = {{sv, en}},
#include "render/words.def"
#undef WORD
};

static const struct pair bases[BASIS_COUNT] = {
    [BASIS_NONE] = {{"inget", "none"}},
    [BASIS_CONSENT] = {{"ditt samtycke", "your consent"}},
    [BASIS_CONTRACT] = {{"avtalet med dig", "the contract with you"}},
    [BASIS_PRECONTRACT] = {{"åtgärder innan ett avtal", "steps before a contract"}},
    [BASIS_LAW] = {{"en rättslig förpliktelse", "a legal obligation"}},
    [BASIS_VITAL] = {{"skydd av liv", "protection of life"}},
    [BASIS_TASK] = {{"en uppgift av allmänt intresse", "a task in the public interest"}},
    [BASIS_INTEREST] = {{"berättigat intresse", "legitimate interest"}},
};

static const struct pair fields[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = {{"Text", "Text"}},
    [FIELD_NAME] = {{"Namn", "Name"}},
    [FIELD_ADDRESS] = {{"Postadress", "Postal address"}},
    [FIELD_EMAIL] = {{"E-postadress", "E-mail address"}},
    [FIELD_PHONE] = {{"Telefonnummer", "Telephone number"}},
    [FIELD_KEY] = {{"Nummer hos oss", "Number with us"}},
    [FIELD_IP] = {{"IP-adress", "IP address"}},
    [FIELD_NUMBER] = {{"Tal", "Number"}},
    [FIELD_FLAG] = {{"Ja eller nej", "Yes or no"}},
    [FIELD_CHOICE] = {{"Val ur en lista", "Choice from a list"}},
    [FIELD_NOTE] = {{"Anteckning", "Note"}},
    [FIELD_DOCUMENT] = {{"Handling", "Document"}},
    [FIELD_DATE] = {{"Datum", "Date"}},
    [FIELD_PERSONNUMMER] = {{"Personnummer", "Personal identity number"}},
    [FIELD_ORGANISATION_NUMBER] = {{"Organisationsnummer", "Number of a company"}},
    [FIELD_COUNTRY] = {{"Land", "Country"}},
    [FIELD_POSITION] = {{"Var du är", "Where you are"}},
    [FIELD_PASSWORD] = {{"Lösenord", "Password"}},
    [FIELD_FILE] = {{"Fil", "File"}},
    [FIELD_FILM] = {{"Film", "Film"}},
    [FIELD_RECORDING] = {{"Inspelning av samtal", "Recording of a call"}},
};

static const struct pair sources[] = {
    [SOURCE_SELF] = {{"du själv", "you"}},
    [SOURCE_OTHER] = {{"någon annan", "somebody else"}},
    [SOURCE_OBSERVED] = {{"vad vi ser av hur du använder tjänsten",
                          "what we see of how you use the service"}},
    [SOURCE_GENERATED] = {{"våra system", "our systems"}},
    [SOURCE_REGISTER] = {{"ett offentligt register", "a public register"}},
    [SOURCE_BUREAU] = {{"ett kreditupplysningsföretag", "a credit bureau"}},
    [SOURCE_PARTNER] = {{"en samarbetspartner", "a partner"}},
    [SOURCE_LIST] = {{"en adresslista", "a list of addresses"}},
};

const char *language_code(enum language language) { return language == LANGUAGE_SV ? "sv" : "en"; }

bool language_find(struct view code, enum language *ret_language)
{
  for (int language = 0; language < LANGUAGE_COUNT; language++) {
    if (!view_is(code, language_code((enum language)language)))
      continue;
    *ret_language = (enum language)language;
    return true;
  }
  return false;
}

const char *word(enum language language, enum word word) { return words[word].texts[language]; }

const char *word_of_basis(enum language language, enum basis basis)
{
  return bases[basis].texts[language];
}

const char *word_of_field(enum language language, enum field_type type)
{
  return fields[type].texts[language];
}

const char *word_of_source(enum language language, enum source_is is)
{
  return sources[is].texts[language];
}

void word_of_period(enum language language, struct period period, char *ret_text)
{
  static const char *const units[PERIOD_UNIT_COUNT][2] = {
      [PERIOD_MINUTE] = {"minut", "minuter"}, [PERIOD_HOUR] = {"timme", "timmar"},
      [PERIOD_DAY] = {"dag", "dagar"},        [PERIOD_WEEK] = {"vecka", "veckor"},
      [PERIOD_MONTH] = {"månad", "månader"},  [PERIOD_YEAR] = {"år", "år"},
  };
  if (language == LANGUAGE_EN)
    period_write(period, ret_text);
  else
    (void)snprintf(ret_text, 24, "%d %s", (int)period.number,
                   units[period.unit][period.number == 1 ? 0 : 1]);
}
