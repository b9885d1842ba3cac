#include "policy/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

static const struct finding_row rows[FINDING_ID_COUNT] = {
    [FINDING_Y01] = {"Y01", SEVERITY_ERROR, "",
                     "the text is not YAML of the form that is read here",
                     "nothing after this place can be trusted"},
    [FINDING_Y02] = {"Y02", SEVERITY_ERROR, "", "a key stands twice in the same map",
                     "a reader would find one of them and believe it"},
    [FINDING_Y03] = {"Y03", SEVERITY_ERROR, "", "an anchor, alias, tag or directive",
                     "what holds would not stand where it is read"},
    [FINDING_Y04] = {"Y04", SEVERITY_ERROR, "", "the key is not part of the language",
                     "it would promise something that nothing keeps"},
    [FINDING_Y05] = {"Y05", SEVERITY_ERROR, "", "the value is of another shape than its key takes",
                     "the value cannot be used"},
    [FINDING_Y06] = {"Y06", SEVERITY_ERROR, "", "a required key is missing",
                     "silence would have to be guessed at"},
    [FINDING_Y07] = {"Y07", SEVERITY_ERROR, "", "a name that is declared nowhere",
                     "the rule would reach nothing"},
    [FINDING_Y08] = {"Y08", SEVERITY_ERROR, "", "deeper, longer or more than the language allows",
                     "the rest cannot be read"},
    [FINDING_Y09] = {"Y09", SEVERITY_ERROR, "", "the word is not one of those that its key takes",
                     "the value cannot be used"},
    [FINDING_V01] = {"V01", SEVERITY_ERROR, "", "the version of the language is not known",
                     "the file may mean something else than it seems to"},
    [FINDING_V03] = {"V03", SEVERITY_ERROR, "", "a section stands twice",
                     "a reader would find one of them and believe it"},
    [FINDING_P01] = {"P01", SEVERITY_ERROR, "GDPR 5(2)", "the version is not a number from 1",
                     "records could not say under which rules they were collected"},
    [FINDING_P03] = {"P03", SEVERITY_ERROR, "GDPR 13(1)", "there is no date from which it holds",
                     "nobody could say which rules held when"},
    [FINDING_T01] = {"T01", SEVERITY_ERROR, "GDPR 12(1)", "a text is missing in a language",
                     "people who read that language would not be told"},
    [FINDING_C01] = {"C01", SEVERITY_ERROR, "GDPR 13(1)(a)", "the controller cannot be reached",
                     "nobody could use their rights"},
    [FINDING_C02] = {"C02", SEVERITY_ERROR, "GDPR 13(1)(a)",
                     "a number that identifies no company and no sole trader",
                     "nobody could tell who answers"},
    [FINDING_C03] =
        {"C03", SEVERITY_DECISION, "GDPR 87",
         "the number of a sole trader is a personal identity number",
         "it is personal data wherever it stands; print it where the law asks for it only"},
    [FINDING_C04] = {"C04", SEVERITY_ERROR, "GDPR 13(2)(d)",
                     "an authority that does not exist on the day",
                     "people would complain to nobody"},
    [FINDING_C07] = {"C07", SEVERITY_ERROR, "GDPR 26",
                     "several controllers, and one that answers alone",
                     "it would not be clear who answers"},
    [FINDING_C08] = {"C08", SEVERITY_ERROR, "GDPR 24(1)",
                     "a purpose of a controller that is not declared",
                     "nobody would answer for it"},
    [FINDING_B01] = {"B01", SEVERITY_ERROR, "GDPR 6(1)", "a basis that the policy does not allow",
                     "data would be used on a ground that people were not told of"},
    [FINDING_B03] = {"B03", SEVERITY_ERROR, "GDPR 6(1)(f)",
                     "a balancing of interests that came out against the use",
                     "data would be used though the person weighs more"},
    [FINDING_B07] = {"B07", SEVERITY_ERROR, "GDPR 6(1)", "a basis that is not one basis",
                     "it would not be clear which right a person has"},
    [FINDING_B08] = {"B08", SEVERITY_ERROR, "GDPR 4(11)", "a consent that the person does not give",
                     "data would be used by somebody else's leave"},
    [FINDING_B02] = {"B02", SEVERITY_ERROR, "GDPR 6(1)(f)",
                     "a balancing of interests that has lapsed",
                     "nobody could show that the interest still weighs more"},
    [FINDING_B04] = {"B04", SEVERITY_ERROR, "GDPR 6(1)(b)",
                     "a contract that nothing shows to exist",
                     "data would be used after the contract ended"},
    [FINDING_B05] =
        {"B05", SEVERITY_DECISION, "GDPR 6(1)(b)",
         "a contract as ground for marketing, analysis or security",
         "an authority may find that there is no ground; legitimate interest is nearer"},
    [FINDING_F01] = {"F01", SEVERITY_ERROR, "", "the type of the field is not known",
                     "the value could not be checked or stored"},
    [FINDING_F02] = {"F02", SEVERITY_DECISION, "GDPR 87",
                     "a personal identity number: lag (2018:218) 3 kap. 10 § asks for a reason",
                     "without a clear reason the number may not be processed"},
    [FINDING_F03] = {"F03", SEVERITY_ERROR, "GDPR 9(1), 10",
                     "sensitive data without a ground for it in a purpose",
                     "it would be forbidden to process"},
    [FINDING_F04] = {"F04", SEVERITY_INFORMATION, "GDPR 5(1)(c)", "a field that no purpose uses",
                     "it can never be stored or read"},
    [FINDING_F05] = {"F05", SEVERITY_ERROR, "GDPR 4(1)",
                     "a field that is called no personal data, with nothing that shows it",
                     "people would not be told of data about them"},
    [FINDING_F06] = {"F06", SEVERITY_ERROR, "", "a type that cannot be looked up",
                     "the look-up would find nothing"},
    [FINDING_H01] = {"H01", SEVERITY_ERROR, "", "a thing lies in itself",
                     "an end looked up outward would never be found"},
    [FINDING_H02] = {"H02", SEVERITY_ERROR, "", "an event that the thing does not declare",
                     "the span would never begin or end"},
    [FINDING_H03] = {"H03", SEVERITY_INFORMATION, "GDPR 5(1)(c)", "an event that nothing looks at",
                     "it would be recorded for no reason"},
    [FINDING_H04] = {"H04", SEVERITY_ERROR, "GDPR 5(1)(c)",
                     "an attribute that would hold personal data",
                     "it would lie outside of fields, ends and extracts"},
    [FINDING_H05] = {"H05", SEVERITY_ERROR, "", "an event that both begins and ends a span",
                     "the span would be over as soon as it began"},
    [FINDING_H06] = {"H06", SEVERITY_ERROR, "GDPR 15(4)",
                     "a part that sees free or sensitive data of the others",
                     "the extract of one person would tell of another"},
    [FINDING_S02] = {"S02", SEVERITY_ERROR, "", "a kind of person that nobody can become",
                     "rules for it would protect nobody"},
    [FINDING_R01] = {"R01", SEVERITY_ERROR, "GDPR 14(2)(f)",
                     "a register or list that does not say where it lies",
                     "people could not be told where their data comes from"},
    [FINDING_R02] = {"R02", SEVERITY_ERROR, "GDPR 13(1)(f)",
                     "a source outside of the place that people were told",
                     "what people were told would be untrue"},
    [FINDING_G01] = {"G01", SEVERITY_ERROR, "GDPR 5(1)(b)",
                     "a field is collected for no purpose that uses it",
                     "it would be collected without a purpose"},
    [FINDING_G02] = {"G02", SEVERITY_ERROR, "GDPR 5(1)(c)",
                     "a field is demanded that is not collected here",
                     "every put would be refused"},
    [FINDING_G03] = {"G03", SEVERITY_ERROR, "GDPR 14",
                     "data from somebody else, and a notice that the person cannot see there",
                     "people would never be told that there is data about them"},
    [FINDING_G04] = {"G04", SEVERITY_ERROR, "GDPR 7(1)",
                     "data for a consent that cannot be given there",
                     "every use would be refused, since no consent is found"},
    [FINDING_G05] = {"G05", SEVERITY_INFORMATION, "GDPR 13(1)(c)",
                     "a purpose gets nothing from this collection point",
                     "people would be told of a use that does not happen"},
    [FINDING_E01] = {"E01", SEVERITY_ERROR, "GDPR 5(1)(d)",
                     "data brought up to date from what is no register",
                     "data would be changed by what nobody answers for"},
    [FINDING_E02] = {"E02", SEVERITY_ERROR, "GDPR 7(3), 21", "a joining that cannot be undone",
                     "who takes the consent back would still be known"},
    [FINDING_U01] = {"U01", SEVERITY_ERROR, "GDPR 5(1)(b)", "a vague purpose",
                     "a purpose must be specified and explicit; anything would fit this one"},
    [FINDING_U02] = {"U02", SEVERITY_ERROR, "GDPR 6(1)", "a kind of person without a basis",
                     "data about them would be used without a ground"},
    [FINDING_U03] = {"U03", SEVERITY_ERROR, "GDPR 5(1)(c)", "a wildcard instead of fields",
                     "fields added later would be opened unseen"},
    [FINDING_U04] = {"U04", SEVERITY_ERROR, "GDPR 6(4)",
                     "a compatible purpose without a record of the judgement",
                     "data would be used for what people did not expect"},
    [FINDING_U05] = {"U05", SEVERITY_DECISION, "GDPR 35",
                     "data of high risk without an assessment of the risks",
                     "the use may not begin before the risks are assessed"},
    [FINDING_U06] = {"U06", SEVERITY_ERROR, "GDPR 18(2)",
                     "a use in spite of a restriction, without a ground for it",
                     "restricted data would be used"},
    [FINDING_U07] = {"U07", SEVERITY_ERROR, "", "fields of two things in one purpose",
                     "one end could not hold for both"},
    [FINDING_KR01] = {"KR01", SEVERITY_ERROR, "GDPR 5(1)(e)", "no keep rule",
                      "the data would be kept for ever"},
    [FINDING_KR02] = {"KR02", SEVERITY_ERROR, "GDPR 5(1)(e)", "a keep rule that may never start",
                      "what is collected there would be refused, since it would have no end"},
    [FINDING_KR03] = {"KR03", SEVERITY_ERROR, "GDPR 5(1)(e)",
                      "an end that can stay open, and no limits.review_open",
                      "nobody would notice data that is kept because an event was never entered"},
    [FINDING_KR04] = {"KR04", SEVERITY_ERROR, "", "an event or span of a thing that is not named",
                      "the end could not be found"},
    [FINDING_KR05] = {"KR05", SEVERITY_ERROR, "GDPR 5(1)(e)",
                      "an end that the company can move by its own act",
                      "the data could be kept for ever, one act at a time"},
    [FINDING_Y10] = {"Y10", SEVERITY_ERROR, "", "a keep rule that cannot be read",
                     "the data would have no end"},
    [FINDING_KR06] = {"KR06", SEVERITY_ERROR, "", "a law that says no period",
                      "there would be nothing to count"},
    [FINDING_KR07] = {"KR07", SEVERITY_ERROR, "GDPR 4(1)",
                      "anonymise for a field that has no anonymiser",
                      "personal data would stay behind"},
    [FINDING_KR08] = {"KR08", SEVERITY_ERROR, "", "exactly with a period in years",
                      "29 February has no such day in most years; say it in months"},
    [FINDING_KR09] = {"KR09", SEVERITY_ERROR, "", "a keep rule that names itself or a later one",
                      "the end could not be found"},
    [FINDING_KR10] = {"KR10", SEVERITY_ERROR, "GDPR 5(1)(e)",
                      "a period of the law by financial years, and no end of the financial year",
                      "what the law wants kept would go a year too early or too late"},
    [FINDING_W01] = {"W01", SEVERITY_ERROR, "GDPR 6(1)(c), 6(3)",
                     "a pack of law that is not known, or a law that is not in force on the day",
                     "data would be used for a duty that does not exist"},
    [FINDING_N01] = {"N01", SEVERITY_ERROR, "GDPR 7(2)", "one consent for two purposes",
                     "the consent would not be specific, and hold for neither"},
    [FINDING_N02] = {"N02", SEVERITY_ERROR, "GDPR 7(3)",
                     "a consent that is harder to take back than to give",
                     "the consent would not be free"},
    [FINDING_N03] = {"N03", SEVERITY_ERROR, "GDPR 7(1)", "a consent that lasts for ever",
                     "nobody could say that the person still wants it"},
    [FINDING_N04] = {"N04", SEVERITY_ERROR, "GDPR 22(3)",
                     "a decision by the machine alone that no person looks at",
                     "nobody could contest it"},
    [FINDING_KR11] = {"KR11", SEVERITY_INFORMATION, "GDPR 17(3)(b)",
                      "a law keeps what a purpose lets go",
                      "the record stays for the purpose of the law alone"},
    [FINDING_KR12] = {"KR12", SEVERITY_INFORMATION, "",
                      "a keep rule of several periods, counted from several things",
                      "the sweep works out each end by itself, which takes longer"},
    [FINDING_O01] = {"O01", SEVERITY_ERROR, "GDPR 25(2), 32(4)",
                     "a role reads what none of its purposes uses",
                     "staff would see data that their work does not need"},
    [FINDING_O02] = {"O02", SEVERITY_ERROR, "GDPR 32(4)",
                     "an opening in an emergency that nobody looks at afterwards",
                     "staff could read what they like"},
    [FINDING_O03] = {"O03", SEVERITY_ERROR, "GDPR 32(4)", "access for staff without an end",
                     "who left or moved would still see data"},
    [FINDING_M05] = {"M05", SEVERITY_ERROR, "GDPR 21(2)", "direct marketing without a channel",
                     "nothing could be sent, and no objection could be aimed"},
    [FINDING_M06] = {"M06", SEVERITY_ERROR, "marknadsföringslagen 19 §",
                     "marketing by a rule that is weaker than the law",
                     "people would get advertising that they did not ask for"},
    [FINDING_M10] = {"M10", SEVERITY_ERROR, "GDPR 24(2)", "a promise that is kept in no place",
                     "nobody could show that it is kept"},
    [FINDING_M11] = {"M11", SEVERITY_ERROR, "GDPR 24(2)",
                     "a promise that is called open and kept at the same time",
                     "one of the two statements is untrue"},
    [FINDING_DE01] = {"DE01", SEVERITY_INFORMATION, "GDPR 24(1)",
                      "a decision about something that is not found",
                      "it would answer what a later version brings in, unseen"},
    [FINDING_DE02] = {"DE02", SEVERITY_ERROR, "GDPR 24(1)",
                      "a decision about what cannot be decided",
                      "an error stays one, whoever accepts it"},
    [FINDING_Y11] = {"Y11", SEVERITY_ERROR, "",
                     "a section that only the practice of the company can fill is missing",
                     "nobody could read anything, or nothing would have a bound"},
    [FINDING_X01] = {"X01", SEVERITY_ERROR, "GDPR 13(1)(f)",
                     "a recipient, and not where the data lies",
                     "a transfer to a third country would pass unseen"},
    [FINDING_B09] = {"B09", SEVERITY_ERROR, "GDPR 6(1)(f), 5(2)",
                     "a legitimate interest without its assessment",
                     "nobody could show that the interest outweighs those of the people"},
    [FINDING_C10] = {"C10", SEVERITY_INFORMATION, "", "a number that is written with a dash",
                     "a program that asks for a hyphen would not find the company"},
    [FINDING_C11] = {"C11", SEVERITY_DECISION, "GDPR 13(1)(a)", "an address that is none",
                     "letters that use a right would have nowhere to go"},
    [FINDING_P06] = {"P06", SEVERITY_DECISION, "GDPR 13(3), 14(4)",
                     "changes that people are told of in part only",
                     "people would not hear of a change before it holds"},
    [FINDING_F07] = {"F07", SEVERITY_DECISION, "GDPR 32(1)", "a password as a readable value",
                     "who gets at the store would get in as the person"},
    [FINDING_U08] = {"U08", SEVERITY_DECISION, "GDPR 5(1)(b), 13(1)(c)",
                     "calls that are recorded for several purposes in one",
                     "the longest period and the weakest ground would hold for all"},
    [FINDING_KR13] = {"KR13", SEVERITY_DECISION, "GDPR 5(1)(e)",
                      "film that is kept longer than 72 hours",
                      "an authority may find the time too long"},
    [FINDING_KR16] = {"KR16", SEVERITY_INFORMATION, "GDPR 5(1)(e)",
                      "a period that can be carried out as it is written", "it is kept to the day"},
    [FINDING_NA01] = {"NA01", SEVERITY_DECISION, "GDPR 12(1)", "a law that is repealed",
                      "people would look for their rights where they no longer stand"},
    [FINDING_NA02] = {"NA02", SEVERITY_DECISION, "GDPR 13(2)(d)",
                      "the former name of the authority",
                      "a complaint would go to an authority that does not exist"},
    [FINDING_NA03] = {"NA03", SEVERITY_DECISION, "GDPR 37", "an office that no longer exists",
                      "people would not know whom they write to"},
    [FINDING_NA04] = {"NA04", SEVERITY_DECISION, "GDPR 18", "the former word for restriction",
                      "people would expect another right than they have"},
    [FINDING_NA05] = {"NA05", SEVERITY_ERROR, "GDPR 45, 46",
                      "a ground of transfer that a court has struck down",
                      "every transfer on it would be unlawful"},
    [FINDING_NA06] = {"NA06", SEVERITY_INFORMATION, "GDPR 13(1)(a)", "two spellings of one domain",
                      "a message to one of them may go to somebody else"},
    [FINDING_NT02] = {"NT02", SEVERITY_DECISION, "GDPR 13(1)(b)",
                      "nothing is said of a data protection officer",
                      "people could not tell whether there is one"},
    [FINDING_NT06] = {"NT06", SEVERITY_ERROR, "GDPR 13(1)(e)", "no recipients are named",
                      "people would not learn who gets their data"},
    [FINDING_NT07] = {"NT07", SEVERITY_DECISION, "GDPR 13(1)(f)",
                      "nothing is said of third countries",
                      "people could not tell whether their data leaves the EEA"},
    [FINDING_NT09] = {"NT09", SEVERITY_ERROR, "GDPR 13(2)(b)", "rights that people are not told of",
                      "people would not use what they do not know of"},
    [FINDING_NT10] = {"NT10", SEVERITY_ERROR, "GDPR 7(3), 13(2)(c)",
                      "consent, and nothing on its withdrawal", "the consent would not be valid"},
    [FINDING_NT11] = {"NT11", SEVERITY_ERROR, "GDPR 13(2)(d)", "no authority to complain to",
                      "people would not learn where to complain"},
    [FINDING_NT12] = {"NT12", SEVERITY_DECISION, "GDPR 13(2)(e)",
                      "nothing is said of whether data must be given",
                      "people could not tell what follows if they give none"},
    [FINDING_NT14] = {"NT14", SEVERITY_DECISION, "GDPR 13(2)(f), 22",
                      "nothing is said of automated decisions",
                      "a refusal by machine alone would be unlawful and unknown"},
    [FINDING_ST01] = {"ST01", SEVERITY_ERROR, "GDPR 4(11), 14",
                      "a consent that somebody else is presumed to have",
                      "data on third persons would have no ground, and they would not know"},
    [FINDING_ST02] = {"ST02", SEVERITY_DECISION, "GDPR 5(1)(b), 17(1)(b)",
                      "kept after a withdrawal for a purpose without a name",
                      "the withdrawal would have no effect"},
    [FINDING_ST03] = {"ST03", SEVERITY_ERROR, "GDPR 4(1)", "personal data that is said to be none",
                      "no ground, no end and no consent would be asked for"},
    [FINDING_ST04] = {"ST04", SEVERITY_DECISION, "GDPR 14", "informing is left to somebody else",
                      "people would not learn who has their data"},
    [FINDING_ST05] = {"ST05", SEVERITY_DECISION, "GDPR 5(1)(e)",
                      "a period that may begin at two events", "two readings give two ends"},
    [FINDING_ST06] = {"ST06", SEVERITY_DECISION, "GDPR 5(1)(e)",
                      "several periods, and not for which data",
                      "two rules would hold for the same data"},
    [FINDING_ST07] = {"ST07", SEVERITY_DECISION, "GDPR 17(1)(b)",
                      "erasure is promised that another purpose may forbid",
                      "a promise would be broken, or a law"},
    [FINDING_ST08] =
        {"ST08", SEVERITY_DECISION, "GDPR 13(1)(b)", "an officer who cannot be reached",
         "people could not turn to the officer, who is under secrecy, but only to the company"},
    [FINDING_ST09] = {"ST09", SEVERITY_ERROR, "GDPR 13(1)(a)",
                      "a contact that is neither controller nor party",
                      "people could not tell who answers"},
    [FINDING_ST10] = {"ST10", SEVERITY_DECISION, "LEK 9:28",
                      "cookies are spoken of and none is listed",
                      "people could not tell what they agree to"},
    [FINDING_X09] = {"X09", SEVERITY_DECISION, "GDPR 44",
                     "a place within the EEA, and a group outside it",
                     "a look from outside would be a transfer without a ground"},
    [FINDING_X10] = {"X10", SEVERITY_DECISION, "GDPR 26, 28",
                     "a group company in the company's own store",
                     "nobody could tell who answers for what it does there"},
    [FINDING_X11] = {"X11", SEVERITY_DECISION, "GDPR 13(1)(e)",
                     "a credit agency that is asked and not named",
                     "people would not learn that the agency gets their number"},
    [FINDING_M07] = {"M07", SEVERITY_DECISION, "GDPR 14(3)(b)",
                     "a message to people whose data others gave, and no notice to them",
                     "they would not learn who has their data and why"},
    [FINDING_DI01] = {"DI01", SEVERITY_INFORMATION, "upphovsrättslagen 53 c-h §§",
                      "handing out by order of a court",
                      "the person hears of it late, and must hear of it"},
    [FINDING_RI01] = {"RI01", SEVERITY_DECISION, "GDPR 12(2)",
                      "access that is to be asked for on paper",
                      "people would give up, and the time would run all the same"},
    [FINDING_RI02] = {"RI02", SEVERITY_DECISION, "GDPR 20(1)", "portability without its conditions",
                      "the promise holds as it is given, also where the law would not ask for it"},
    [FINDING_RI03] = {"RI03", SEVERITY_INFORMATION, "GDPR 13(1)(f)",
                      "copies of agreements on transfers", "somebody has to hand them out"},
    [FINDING_RI04] = {"RI04", SEVERITY_INFORMATION, "GDPR 12(1)", "a right that begins on a day",
                      "the text would look older than the law"},
    [FINDING_P05] = {"P05", SEVERITY_ERROR, "GDPR 24(1)", "nobody is left who may approve",
                     "no later version could begin to hold"},
    [FINDING_C05] = {"C05", SEVERITY_ERROR, "GDPR 26(2)",
                     "joint controllers, and no essence of their arrangement",
                     "people could not tell who answers for what"},
    [FINDING_D01] = {"D01", SEVERITY_ERROR, "GDPR 37(7)", "an officer who does not exist",
                     "people would be sent to nobody"},
    [FINDING_D02] = {"D02", SEVERITY_ERROR, "GDPR 38(6)", "an officer who is the controller",
                     "nobody would watch over the controller"},
    [FINDING_D03] = {"D03", SEVERITY_DECISION, "GDPR 38(6)", "an officer who works for purposes",
                     "the officer would judge work of their own"},
    [FINDING_I01] = {"I01", SEVERITY_ERROR, "GDPR 12(2)", "a right that can be used nowhere",
                     "the request would have nowhere to go"},
    [FINDING_S01] = {"S01", SEVERITY_ERROR, "GDPR 5(1)(f)", "personal data in the policy file",
                     "it would be read by all who read the policy, and never erased"},
    [FINDING_X02] = {"X02", SEVERITY_ERROR, "GDPR 28(3)", "a processor without an agreement",
                     "data would be handed to somebody who is bound by nothing"},
    [FINDING_X03] = {"X03", SEVERITY_ERROR, "GDPR 4(7), 4(8)",
                     "two roles of one party for one purpose",
                     "nobody could tell who answers for it"},
    [FINDING_X04] = {"X04", SEVERITY_ERROR, "GDPR 5(1)(b), 5(1)(c)",
                     "a recipient gets what none of its purposes uses",
                     "data would leave for no purpose"},
    [FINDING_X05] = {"X05", SEVERITY_ERROR, "GDPR 13(1)(f)", "a country outside the places",
                     "people would be told of another place than the true one"},
    [FINDING_X06] = {"X06", SEVERITY_ERROR, "GDPR 28(3)",
                     "an agreement that does not hold on the day",
                     "data would be handed to somebody who is bound by nothing"},
    [FINDING_X07] = {"X07", SEVERITY_ERROR, "GDPR 13(1)(f)",
                     "a party outside the places of its category",
                     "data would go where people were told that it does not"},
    [FINDING_X08] = {"X08", SEVERITY_ERROR, "GDPR 44, 46", "a third country without a ground",
                     "the transfer would be unlawful"},
    [FINDING_DI02] = {"DI02", SEVERITY_ERROR, "GDPR 5(2)", "handing out with nothing on file",
                      "nobody could show why it was done"},
    [FINDING_DI03] = {"DI03", SEVERITY_ERROR, "GDPR 32(4)",
                      "handing out that one person approves alone",
                      "a mistake could not be taken back"},
    [FINDING_DI04] = {"DI04", SEVERITY_ERROR, "GDPR 5(1)(a)", "a price for personal data",
                      "data would be sold"},
    [FINDING_M01] = {"M01", SEVERITY_ERROR, "GDPR 21(2), 21(3)",
                     "marketing under another name, or the other way round",
                     "objections to marketing would not reach it"},
    [FINDING_M02] = {"M02", SEVERITY_ERROR, "MFL 20 §", "marketing without a way out",
                     "people could not make it stop"},
    [FINDING_M03] = {"M03", SEVERITY_ERROR, "GDPR 5(1)(b)",
                     "a channel that the purpose does not list",
                     "people would be reached in a way that they were not told of"},
    [FINDING_M04] = {"M04", SEVERITY_ERROR, "MFL 20 §",
                     "a sender without the address that the message carries",
                     "the message could not be written"},
    [FINDING_Z01] = {"Z01", SEVERITY_ERROR, "GDPR 12(2), 12(5), 12(6)",
                     "a right made harder than the law allows", "people would give up"},
    [FINDING_Q01] = {"Q01", SEVERITY_ERROR, "GDPR 5(1)(e)", "a hold that nobody looks at again",
                     "it would keep data for ever"},
    [FINDING_Q02] = {"Q02", SEVERITY_DECISION, "GDPR 5(1)(e)", "a hold on all of a person's data",
                     "more would be kept than the matter needs"},
    [FINDING_Q03] = {"Q03", SEVERITY_ERROR, "GDPR 24(1)", "a task that nobody owns",
                     "nobody would do it"},
    [FINDING_A01] = {"A01", SEVERITY_ERROR, "GDPR 5(1)(c)", "groups smaller than the policy allows",
                     "a figure could be one person"},
    [FINDING_A02] = {"A02", SEVERITY_ERROR, "GDPR 5(1)(c)",
                     "a figure broken down by what names somebody", "each row would be one person"},
    [FINDING_J01] = {"J01", SEVERITY_ERROR, "LEK 9:28", "a cookie for no purpose",
                     "people could not tell what they agree to"},
    [FINDING_J02] = {"J02", SEVERITY_ERROR, "LEK 9:28",
                     "a life that does not fit the type of a cookie",
                     "people would be told the wrong time"},
    [FINDING_J03] = {"J03", SEVERITY_ERROR, "GDPR 13(1)(e)",
                     "somebody else's cookie, and nobody says whose",
                     "people would not learn who reads it"},
    [FINDING_J04] = {"J04", SEVERITY_ERROR, "LEK 9:28",
                     "a cookie that needs consent, for a purpose that does not ask for it",
                     "it would be stored without leave"},
    [FINDING_L01] = {"L01", SEVERITY_DECISION, "GDPR 30(1)", "data that no system holds",
                     "the register would not say where it lies"},
    [FINDING_L02] = {"L02", SEVERITY_DECISION, "GDPR 13(1)(f)",
                     "a system of the company's own in another country",
                     "people would be told that it is at home"},
    [FINDING_M13] = {"M13", SEVERITY_ERROR, "MFL 19 §",
                     "marketing by electronic mail to people who neither asked for it nor bought",
                     "every message would be unlawful"},
    [FINDING_M08] = {"M08", SEVERITY_INFORMATION, "MFL 19 §", "marketing to people who have bought",
                     "it holds only where no could be said at the purchase too"},
    [FINDING_M09] = {"M09", SEVERITY_DECISION, "GDPR 21(2), 21(3)",
                     "marketing that a period ends, and not the objection",
                     "data would lie on for marketing that may not be done"},
    [FINDING_M12] = {"M12", SEVERITY_DECISION, "GDPR 13(2)(f), 21(2)",
                     "people are chosen by what they are, and nothing says so",
                     "people would not know that they are sorted, nor that they can say no to it"},
    [FINDING_F08] = {"F08", SEVERITY_DECISION, "GDPR 5(1)(c), 9",
                     "what is said in calls, without a mark for what is sensitive",
                     "data on health and the like would be stored and read like any other"},
    [FINDING_R03] = {"R03", SEVERITY_DECISION, "GDPR 14(2)(f)",
                     "addresses that are bought, and nothing asked of them",
                     "people would be written to who have said no, or not be told where their "
                     "address comes from"},
};

// Findings that leave part of the policy unread, so that the whole cannot be judged.
static const enum finding_id halting[] = {
    FINDING_Y01, FINDING_Y02, FINDING_Y03, FINDING_Y04, FINDING_Y05, FINDING_Y06, FINDING_Y07,
    FINDING_Y08, FINDING_Y09, FINDING_V03, FINDING_F01, FINDING_H02, FINDING_U03, FINDING_U07,
};

static const char *const severity_names[SEVERITY_COUNT] = {
    [SEVERITY_INFORMATION] = "information",
    [SEVERITY_DECISION] = "decision",
    [SEVERITY_ERROR] = "error",
};

const char *severity_name(enum severity severity) { return severity_names[severity]; }

const struct finding_row *finding_row(enum finding_id id)
{
  PRE(id != FINDING_USUAL && id < FINDING_ID_COUNT);
  return &rows[id];
}

enum finding_id finding_find(struct view id)
{
  for (int i = FINDING_USUAL + 1; i < FINDING_ID_COUNT; i++)
    if (view_is(id, rows[i].id))
      return (enum finding_id)i;
  return FINDING_USUAL;
}

// Where the next finding goes, or NULL: in a full list an error takes the place of the last
// finding that is none, so that errors are only left out when the list holds nothing else.
static struct finding *next_slot(struct finding_list *list, enum severity severity)
{
  if (list->items == NULL)
    list->items = calloc(FINDINGS_MAX, sizeof *list->items);
  if (list->items == NULL)
    return NULL;
  if (list->count < FINDINGS_MAX)
    return &list->items[list->count++];
  for (int32_t i = FINDINGS_MAX - 1; i >= 0 && severity == SEVERITY_ERROR; i--)
    if (list->items[i].severity != SEVERITY_ERROR)
      return &list->items[i];
  return NULL;
}

void finding_add(struct finding_list *list, enum finding_id id, struct place place, const char *fix,
                 const char *format, ...)
{
  const struct finding_row *row = finding_row(id);
  if (row->severity == SEVERITY_ERROR)
    list->errors++;
  if (row->severity == SEVERITY_DECISION)
    list->undecided++;
  struct finding *finding = next_slot(list, row->severity);
  if (finding == NULL)
    return;
  finding->id = row->id;
  finding->severity = row->severity;
  finding->place = place;
  finding->article = row->article;
  finding->consequence = row->consequence;
  finding->ref = "";
  finding->path[0] = '\0';
  finding->decided[0] = '\0';
  (void)snprintf(finding->fix, sizeof finding->fix, "%s", fix == NULL ? "" : fix);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(finding->message, sizeof finding->message, format, arguments);
  va_end(arguments);
}

bool finding_list_halts(const struct finding_list *list)
{
  for (int32_t i = 0; i < list->count; i++)
    for (size_t j = 0; j < ARRAY_COUNT(halting); j++)
      if (strcmp(list->items[i].id, rows[halting[j]].id) == 0)
        return true;
  return list->count < list->errors;
}

static bool stands_before(struct place a, struct place b)
{
  return a.line < b.line || (a.line == b.line && a.column < b.column);
}

// Insertion sort: stable, and the list has at most FINDINGS_MAX rows that are nearly in order.
void finding_list_sort(struct finding_list *list)
{
  for (int32_t i = 1; i < list->count; i++) {
    struct finding moved = list->items[i];
    int32_t at = i;
    for (; at > 0 && stands_before(moved.place, list->items[at - 1].place); at--)
      list->items[at] = list->items[at - 1];
    list->items[at] = moved;
  }
}

void finding_list_clear(struct finding_list *list)
{
  free(list->items);
  *list = (struct finding_list)FINDING_LIST_INIT;
}

void finding_list_cleanup(struct finding_list *list) { finding_list_clear(list); }

// Findings about a value that is personal data: the line that it stands on is not shown.
static const enum finding_id unshown[] = {FINDING_C02, FINDING_C03};

static bool shows_line(const struct finding *finding)
{
  for (size_t i = 0; i < ARRAY_COUNT(unshown); i++)
    if (strcmp(finding->id, rows[unshown[i]].id) == 0)
      return false;
  return finding->place.line > 0;
}

// The line of the file, shortened to what surrounds the place, and a caret below it.
static void print_line(struct place place, struct view text, struct str *ret_text)
{
  enum { SHOWN_CHARACTERS = 96, BEFORE_CHARACTERS = 60 };
  struct view line = VIEW_EMPTY;
  for (int32_t i = 0; i < place.line && text.length > 0; i++)
    line = view_cut(&text, '\n');
  if (line.length == 0 || !view_is_utf8(line))
    return;
  int32_t first = place.column > BEFORE_CHARACTERS ? place.column - BEFORE_CHARACTERS : 1;
  int32_t column = 0;
  str_add(ret_text, VIEW_LITERAL("  | "));
  for (size_t i = 0; i < line.length; i++) {
    unsigned char byte = (unsigned char)line.bytes[i];
    column += (byte & 0xc0) == 0x80 ? 0 : 1;
    if (column >= first && column < first + SHOWN_CHARACTERS)
      str_add_char(ret_text, byte < ' ' || byte == 0x7f ? ' ' : (char)byte);
  }
  str_format(ret_text, "\n  | %*s^\n", place.column - first, "");
}

void finding_print(const struct finding *finding, const char *file_name, struct view text,
                   struct str *ret_text)
{
  bool is_decided = finding->decided[0] != '\0';
  str_format(ret_text, "%s:%d:%d: %s[%s]: %s", file_name, finding->place.line,
             finding->place.column, is_decided ? "decided" : severity_names[finding->severity],
             finding->id, finding->message);
  if (finding->article[0] != '\0')
    str_format(ret_text, " (%s)", finding->article);
  if (finding->ref[0] != '\0')
    str_format(ret_text, " %s", finding->ref);
  str_add(ret_text, VIEW_LITERAL("\n"));
  if (shows_line(finding))
    print_line(finding->place, text, ret_text);
  str_format(ret_text, "  would cause: %s\n", finding->consequence);
  if (is_decided)
    str_format(ret_text, "  decided: %s\n", finding->decided);
  else if (finding->fix[0] != '\0')
    str_format(ret_text, "  fix: %s\n", finding->fix);
}

struct quote quote(struct view text)
{
  struct quote quoted = {""};
  size_t length = text.length;
  if (length > sizeof quoted.text - 4) {
    length = sizeof quoted.text - 4;
    while (length > 0 && ((unsigned char)text.bytes[length] & 0xc0) == 0x80)
      length--;
  }
  if (length > 0)
    memcpy(quoted.text, text.bytes, length);
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)quoted.text[i] < ' ' || quoted.text[i] == 0x7f)
      quoted.text[i] = '?';
  if (length < text.length)
    memcpy(quoted.text + length, "...", 4);
  return quoted;
}
