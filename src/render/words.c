#include "render/words.h"

#include <stdio.h>

struct pair {
  const char *texts[LANGUAGE_COUNT];
};

static const struct pair words[WORD_COUNT] = {
    [WORD_TITLE] = {{"Så behandlar %s dina personuppgifter", "How %s handles your personal data"}},
    [WORD_VERSION] = {{"Den här texten är skriven av policyn %s, version %lld, som gäller från %s.",
                       "This text is written from the policy %s, version %lld, in force from %s."}},
    [WORD_HASH] = {{"Policyfilens kontrollsumma (SHA-256): %s",
                    "Checksum of the policy file (SHA-256): %s"}},
    [WORD_WHO] = {{"Vem som ansvarar", "Who is responsible"}},
    [WORD_CONTROLLER] = {{"%.*s är personuppgiftsansvarig. Skriv till %.*s.",
                          "%.*s is the controller. Write to %.*s."}},
    [WORD_AUTHORITY] = {{"Tillsynsmyndighet: %s.", "Supervisory authority: %s."}},
    [WORD_SHORT] = {{"I korthet", "In short"}},
    [WORD_COL_WHY] = {{"Ändamål", "Purpose"}},
    [WORD_COL_BASIS] = {{"Stöd i lag", "Legal basis"}},
    [WORD_COL_DATA] = {{"Uppgifter", "Data"}},
    [WORD_COL_KEEP] = {{"Hur länge", "How long"}},
    [WORD_SEVERAL] = {{"olika för olika uppgifter, se nedan", "differs by datum, see below"}},
    [WORD_SAY_NO] = {{"Du kan alltid säga nej till reklam",
                      "You can always say no to advertising"}},
    [WORD_SAY_NO_HOW] =
        {{"Skriv till %.*s. Du behöver inte ge något skäl, det kostar ingenting, och det gäller "
          "genast (artikel 21.2 till 21.4 GDPR).",
          "Write to %.*s. You need not give a reason, it costs nothing, and it holds at once "
          "(GDPR 21(2) to 21(4))."}},
    [WORD_WHY] = {{"Varför vi använder uppgifter, och hur länge",
                   "Why we use data, and for how long"}},
    [WORD_ABOUT] = {{"Det gäller dig som är: %s.", "It is about you if you are: %s."}},
    [WORD_BASIS] = {{"Stöd i lag för %.*s: %s (%s).", "Legal basis for %.*s: %s (%s)."}},
    [WORD_BASIS_OF_INTEREST] = {{"Stöd i lag för %.*s: vårt berättigade intresse att %.*s (%s).",
                                 "Legal basis for %.*s: our legitimate interest to %.*s (%s)."}},
    [WORD_DATA] = {{"%s (%s): sparas %s.", "%s (%s): kept %s."}},
    [WORD_SET_BY_COMPANY] = {{"Tiden har vi själva bestämt: %s.",
                              "We have set this period ourselves: %s."}},
    [WORD_READERS] = {{"Hos oss arbetar med det: %s.", "With us it is worked with by: %s."}},
    [WORD_MARKETING] =
        {{"Det här är direkt marknadsföring. Du kan när som helst säga nej, utan skäl "
          "(artikel 21.2 och 21.3 GDPR).",
          "This is direct marketing. You can say no at any time, without a reason "
          "(GDPR 21(2) and 21(3))."}},
    [WORD_FROM] = {{"Varifrån uppgifterna kommer", "Where the data comes from"}},
    [WORD_SOURCE] = {{"%s: %s.", "%s: %s."}},
    [WORD_WHERE] = {{"Var uppgifterna lämnas eller uppstår", "Where data is given or comes about"}},
    [WORD_POINT] = {{"%s: %s.", "%s: %s."}},
    [WORD_POINT_NEEDS] =
        {{"%s: %s. Detta måste du lämna för att vi ska kunna göra det du ber om: %s.",
          "%s: %s. This you must give for us to do what you ask: %s."}},
    [WORD_RECIPIENTS] = {{"Vem som får uppgifterna", "Who receives the data"}},
    [WORD_RECIPIENTS_INSIDE] = {{"Hos oss ser var och en bara det som arbetet kräver. Roller: %s.",
                                 "With us each sees only what the work needs. Roles: %s."}},
    [WORD_RECIPIENTS_OUTSIDE] =
        {{"Policyfilen namnger inga mottagare utanför företaget. Fråga oss om "
          "du vill veta vilka som arbetar för vår räkning.",
          "The policy file names no recipients outside the company. Ask us "
          "if you want to know who works on our behalf."}},
    [WORD_RIGHTS] = {{"Dina rättigheter", "Your rights"}},
    [WORD_RIGHT_ACCESS] = {{"Få en kopia av dina uppgifter (artikel 15 GDPR).",
                            "Get a copy of your data (GDPR 15)."}},
    [WORD_RIGHT_RECTIFY] = {{"Få fel rättade (artikel 16 GDPR).",
                             "Have mistakes corrected (GDPR 16)."}},
    [WORD_RIGHT_ERASE] = {{"Få uppgifter raderade (artikel 17 GDPR).",
                           "Have data erased (GDPR 17)."}},
    [WORD_RIGHT_RESTRICT] = {{"Få användningen pausad (artikel 18 GDPR).",
                              "Have the use paused (GDPR 18)."}},
    [WORD_RIGHT_PORT] = {{"Få ut det du lämnat i ett flyttbart format (artikel 20 GDPR).",
                          "Take what you gave elsewhere (GDPR 20)."}},
    [WORD_RIGHT_OBJECT] = {{"Säga nej till en användning som stöds på berättigat intresse "
                            "(artikel 21.1 GDPR).",
                            "Object to a use that rests on legitimate interest (GDPR 21(1))."}},
    [WORD_RIGHT_MARKETING] =
        {{"Säga nej till direkt marknadsföring; det gäller genast (artikel 21.3 "
          "GDPR).",
          "Say no to direct marketing; it holds at once (GDPR 21(3))."}},
    [WORD_RIGHT_WITHDRAW] =
        {{"Ta tillbaka ett samtycke, lika lätt som du gav det (artikel 7.3 GDPR).",
          "Withdraw a consent, as easily as you gave it (GDPR 7(3))."}},
    [WORD_RIGHT_COMPLAIN] = {{"Klaga hos tillsynsmyndigheten (artikel 77 GDPR).",
                              "Complain to the supervisory authority (GDPR 77)."}},
    [WORD_RECORDED] = {{"att uppgiften registrerades", "it was recorded"}},
    [WORD_OBTAINED] = {{"att uppgiften hämtades in", "it was obtained"}},
    [WORD_NO_LONGER] = {{"att du inte längre är %.*s", "you are no longer %.*s"}},
    [WORD_OVER] = {{"att %s är över", "%s is over"}},
    [WORD_HAPPENED] = {{"%s", "%s"}},
    [WORD_FIRST] = {{"det första %s", "the first %s"}},
    [WORD_LAST] = {{"det senaste %s", "the last %s"}},
    [WORD_LATER_OF] = {{"det senare av ", "the later of "}},
    [WORD_EARLIER_OF] = {{"det tidigare av ", "the earlier of "}},
    [WORD_AT_MOST] = {{"högst %s efter ", "at most %s after "}},
    [WORD_EXACTLY] = {{"exakt %s efter ", "exactly %s after "}},
    [WORD_BY_LAW] = {{"så länge lagen kräver (%s), räknat från ",
                      "as long as the law wants (%s), counted from when "}},
    [WORD_WHILE_KIND] = {{"så länge du är %.*s", "while you are %.*s"}},
    [WORD_WHILE_SPAN] = {{"så länge %s pågår", "while %s lasts"}},
    [WORD_UNTIL] = {{"till ", "until "}},
    [WORD_LONGER] = {{", men längre ", ", but longer "}},
    [WORD_CAP] = {{", dock senast %s efter ", ", but no later than %s after "}},
    [WORD_CAP_LAW] = {{", dock senast när lagens tid har gått (%s), räknat från ",
                       ", but no later than the law's period has gone (%s), counted from when "}},
    [WORD_PAUSED] = {{", utan att räkna tid då %s pågår", ", not counting time while %s lasts"}},
    [WORD_BORROWED] = {{"så länge uppgiften finns för något annat ändamål; sparas inte för detta",
                        "as long as the data is there for another purpose; not kept for this one"}},
    [WORD_CUT] = {{", dock till %s", ", but cut at %s"}},
    [WORD_ANONYMISE] = {{" och blir sedan anonym", " and made anonymous then"}},
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
};

const char *language_code(enum language language) { return language == LANGUAGE_SV ? "sv" : "en"; }

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
