#include "policy/findings.h"

#include "base/assert.h"

static const char *const texts[FINDING_ID_COUNT] = {
    [FINDING_Y01] =
        "The file is read as YAML of the plainest kind: maps, lists and strings in UTF-8. The "
        "place is where reading broke off, and often the mistake is on the line before it: a "
        "tab, a missing colon, a quote that is not closed.",
    [FINDING_Y02] =
        "A name may be declared once, and a list may name a thing once. Leave one of the two "
        "out.",
    [FINDING_Y03] =
        "Anchors, aliases, tags and directives of YAML are not read, so that each rule stands "
        "where it holds. Write it out, or give a keep rule a name under `rules`.",
    [FINDING_Y04] =
        "Only the keys of the language may stand in a policy. A misspelt key is refused too, "
        "with the nearest one that exists: a rule that is silently ignored is worse than none.",
    [FINDING_Y05] =
        "The key takes another type: a text, a list, a map, a date. `forvar policy schema` and "
        "the table of keys in doc/policy.md say which.",
    [FINDING_Y06] =
        "What the language requires must be said. Where the written policy is silent, the "
        "operator decides and marks the value with `set_by: operator` and why.",
    [FINDING_Y07] =
        "A rule names a field, purpose, kind, span or other construct that no section declares. "
        "Declare it, or mend the spelling.",
    [FINDING_Y08] =
        "A file, a list, a depth or a name is past a bound of the language. The bounds keep a "
        "hostile file from taking the machine.",
    [FINDING_Y09] =
        "The key takes one of a few words; the fix lists them. Names are lower-case letters, "
        "digits and underscores.",
    [FINDING_Y10] =
        "The keep rule breaks off at the place shown. The grammar stands in doc/policy.md, keep "
        "rules.",
    [FINDING_V01] =
        "`forvar: 1` stands first, so that a later language cannot be mistaken for this one.",
    [FINDING_V03] = "Each section stands once. Join the two.",
    [FINDING_P01] =
        "Versions are numbers from 1, each higher than the last: every record and decision "
        "names the one that it was made under.",
    [FINDING_P03] =
        "A policy holds from a local midnight on. Without the day, nobody can tell which rules "
        "held when data was collected.",
    [FINDING_T01] = "Every text that people read is given in every language of `policy.languages`.",
    [FINDING_C01] =
        "People must be able to reach the controller without an account: an e-mail address is "
        "the least.",
    [FINDING_C02] =
        "The check digit of the number is wrong, or it is no number at all. The number itself "
        "is not printed here, since it may be a person's.",
    [FINDING_C03] =
        "A sole trader's organisation number is the personal identity number of a person. The "
        "notice must tell who the controller is, so it may stand there; decide that, and keep "
        "it out of everything else.",
    [FINDING_C07] =
        "Exactly one entity answers for a policy of a single controller. Entities that decide "
        "together are joint controllers (GDPR 26).",
    [FINDING_B01] =
        "`policy.bases` says on which grounds this policy relies, as people were told. Another "
        "ground is a change of the policy, not of a purpose.",
    [FINDING_B04] =
        "A contract carries a purpose only while it stands, so it is named by a span of a thing "
        "that records it.",
    [FINDING_B05] =
        "EDPB Guidelines 2/2019: a contract carries what the contract cannot be performed "
        "without. Marketing, analysis, improvement, surveys, prevention of fraud and general "
        "security seldom are. Rest them on a legitimate interest with its assessment or on "
        "consent, or record why the contract needs them.",
    [FINDING_B07] =
        "There is exactly one ground for each purpose and kind of person, so that it is clear "
        "which rights a person has. For two grounds make two purposes.",
    [FINDING_B08] =
        "A consent is an act of the person. A span that somebody else can begin proves none.",
    [FINDING_F01] = "The type decides how a value is checked, sealed and looked up.",
    [FINDING_F02] =
        "A personal identity number may be processed without consent only where it is clearly "
        "motivated by the purpose, by secure identification or by another weighty reason. Write "
        "the reason down.",
    [FINDING_F03] =
        "Data on health and other special categories needs a ground of Article 9(2) beside that "
        "of Article 6; data on offences needs one in law.",
    [FINDING_F04] =
        "No purpose uses the field, so it can neither be stored nor read. Leave it out, or name "
        "it in `uses`.",
    [FINDING_F06] =
        "A blind index needs a normal form of the value; only names, e-mail addresses, "
        "telephone numbers, keys and identity numbers have one.",
    [FINDING_H01] = "Things lie in things, as an invoice in a contract, without a circle.",
    [FINDING_H02] = "A span begins and ends with events that its thing declares under `events`.",
    [FINDING_H03] =
        "No span and no keep rule looks at the event. It may be wanted for the record alone; "
        "else leave it out.",
    [FINDING_H05] = "An event both begins and ends the span, so the span can never be active.",
    [FINDING_S02] = "Neither a span nor a collection point makes anybody this kind of person.",
    [FINDING_G01] =
        "What is collected at a point serves one of the purposes in its `for`; this field "
        "serves none of them.",
    [FINDING_G02] =
        "`needs` lists fields that every put must give; each must also stand in `fields`.",
    [FINDING_G05] =
        "The purpose stands in `for`, but uses none of the fields that are collected here. "
        "People are told of it in vain.",
    [FINDING_U01] =
        "A purpose must be specified, explicit and legitimate. Words such as other, general or "
        "various say nothing; name what is done.",
    [FINDING_U02] = "Every kind of person in `about` needs a legal ground of its own, or `each`.",
    [FINDING_U03] =
        "A wildcard would open fields to the purpose that are added later. Name fields or "
        "categories.",
    [FINDING_U07] = "A purpose counts ends by one type of thing. Make a purpose for each.",
    [FINDING_KR01] =
        "Data is kept no longer than its purpose needs it. Say how long, from which event; "
        "where the written policy gives no period, the operator sets one with `set_by: "
        "operator` and why.",
    [FINDING_KR02] =
        "The rule waits for something that may never have begun for what is collected there, so "
        "the data would have no end. It would be refused when it is put.",
    [FINDING_KR03] =
        "The end stays open while something lasts. `limits.review_open` says after how long a "
        "person looks at it.",
    [FINDING_KR04] =
        "The rule names an event or span of a thing that a record of that point does not belong "
        "to.",
    [FINDING_KR05] =
        "An event that the company causes may not start a period anew, or the company could "
        "keep data for ever by its own acts.",
    [FINDING_KR07] =
        "To anonymise, each field that the rule reaches must say how (`anonymise`). A name "
        "taken away is not enough.",
    [FINDING_KR08] =
        "From 29 February there is no same day a year later. Say the period in months.",
    [FINDING_KR09] = "A named rule may name those that stand above it.",
    [FINDING_KR10] =
        "Periods of bookkeeping are counted from the end of the financial year; "
        "`controllers.*.financial_year_ends` says when that is.",
    [FINDING_O01] = "A role sees what one of its purposes uses, and nothing else.",
    [FINDING_M05] =
        "Direct marketing names its channels, so that an objection can be aimed and the rule of "
        "each channel be applied.",
    [FINDING_M10] =
        "A promise is kept by a construct, by a part of the program or by a named task, or it "
        "is listed as open with the reason.",
    [FINDING_M11] =
        "The promise stands under `promises.open` and is listed by a construct as kept. One of "
        "the two is wrong.",
    [FINDING_DE01] =
        "The section `decisions` answers findings. This one answers none, so it is out of date "
        "or its `at` is wrong: leave it out, lest it answer a finding that nobody has seen.",
    [FINDING_DE02] = "Only findings of severity decision can be decided. An error is mended.",
};

const char *finding_text(enum finding_id id)
{
  PRE(id != FINDING_USUAL && id < FINDING_ID_COUNT);
  return texts[id] == NULL ? "" : texts[id];
}
