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
        "the data would have no end. It would be refused when it is put. What is `borrowed` has "
        "no end of its own either: another purpose must keep it.",
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
    [FINDING_KR09] =
        "A named rule may name those that stand above it, and `as long as` may not lead back to "
        "the purpose that it stands in.",
    [FINDING_KR10] =
        "Periods of bookkeeping are counted from the end of the financial year; "
        "`controllers.*.financial_year_ends` says when that is.",
    [FINDING_KR11] =
        "A purpose that rests on a law keeps the same data longer. Each purpose has an end of its "
        "own: what the law wants kept is closed to the others from theirs on. Data that the law "
        "does not need should have fields of its own, which then go earlier.",
    [FINDING_KR12] =
        "With one anchor the sweep finds what is due by a day alone. Here it derives the end of "
        "each record. Nothing is kept longer for it.",
    [FINDING_W01] =
        "Packs of law are dated facts; a policy is held against those of the day on which it "
        "takes effect. A basis `law` must name an obligation in force on that day.",
    [FINDING_C04] =
        "The name of the supervisory authority is one of a pack of law, such as `se.imy`, and "
        "must be in force on the day on which the policy takes effect. The notice prints what it "
        "was called on the day.",
    [FINDING_KR06] =
        "A rule `as LAW` takes its period over from the law. This one obliges, but says no "
        "period: say one in the rule.",
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
    [FINDING_Y11] =
        "Who of the staff sees what, and the bounds of the whole, seldom stand in a "
        "published text. The operator says them.",
    [FINDING_X01] =
        "Say where the data lies and from where it can be reached: `eea`, `adequate`, or "
        "countries.",
    [FINDING_B09] =
        "A legitimate interest holds only after a balancing that is written down, with "
        "its date, its author and when it is looked at again.",
    [FINDING_C10] = "Printers put a dash for a hyphen. It is read all the same.",
    [FINDING_C11] =
        "The address stands in the text, or in the settings (`post: setting`) so that "
        "each version of the notice carries the one of its day.",
    [FINDING_P06] =
        "A new purpose, basis, recipient or place and a longer period are told before "
        "they hold, to each person; to be told only where consent is needed is not "
        "enough, and to read the page now and then is not either.",
    [FINDING_F07] =
        "Only what a password is checked against is stored, never the password; type "
        "`password` does that.",
    [FINDING_U08] =
        "Documentation, quality and training are three purposes with grounds and periods "
        "of their own; people are told before the recording begins.",
    [FINDING_KR13] =
        "EDPB Guidelines 3/2019: the longer the time past 72 hours, the better the reason "
        "has to be. Record the reason.",
    [FINDING_KR16] = "Nothing is to be done.",
    [FINDING_NA01] =
        "Personuppgiftslagen (1998:204) ended on 24 May 2018; GDPR and lag (2018:218) "
        "hold.",
    [FINDING_NA02] =
        "Datainspektionen has been Integritetsskyddsmyndigheten (IMY) since 1 January "
        "2021.",
    [FINDING_NA03] =
        "The personuppgiftsombud of the repealed law is not the data protection officer "
        "of GDPR 37 to 39, who is independent and told to the authority.",
    [FINDING_NA04] =
        "What the repealed law called blocking is restriction of processing now, with "
        "grounds of its own.",
    [FINDING_NA05] =
        "Safe Harbour fell on 6 October 2015 (C-362/14), Privacy Shield on 16 July 2020 "
        "(C-311/18).",
    [FINDING_NA06] =
        "A name with å, ä or ö and the same name without it are two domains, which two "
        "companies may own.",
    [FINDING_NT02] =
        "Where there is an officer the contact is told; where there is none, decide that "
        "none is needed (GDPR 37) and record it.",
    [FINDING_NT06] = "Name the recipients or their categories, processors too.",
    [FINDING_NT07] =
        "Say for each recipient where the data lies; what leaves the EEA needs an "
        "adequacy decision or a safeguard, and people are told how to see it.",
    [FINDING_NT09] =
        "The notice tells of access, rectification, erasure, restriction, objection and "
        "portability. The notice that this program writes always does.",
    [FINDING_NT10] =
        "People are told before they consent that they can withdraw at any time, as "
        "easily as they gave it, and that what was done before stays lawful.",
    [FINDING_NT11] =
        "`controllers.*.authority` names it; the notice has its name and address as of "
        "the day.",
    [FINDING_NT12] =
        "Say for each collection whether law or contract asks for the data and what "
        "follows without it: `collect.*.needs`, `purposes.*.needs`.",
    [FINDING_NT14] =
        "A score that a refusal draws strongly on is itself the decision (C-634/21). Name "
        "who looks at it: `automated: {review: ROLE}`.",
    [FINDING_ST01] =
        "Who gives data about somebody else cannot consent for them, and does not "
        "discharge the duty to inform them (GDPR 14): at the latest with the first "
        "message and within a month.",
    [FINDING_ST02] =
        "What another purpose with a ground of its own needs may stay; name that purpose "
        "and its end. The rest goes.",
    [FINDING_ST03] =
        "An address of a device is personal data where somebody can tie it to a person "
        "(C-582/14); that a service shows sums only does not change what it takes in.",
    [FINDING_ST04] =
        "The duty to inform stays with the controller, whoever is presumed to have done "
        "it.",
    [FINDING_ST05] =
        "Decide which event counts: as written the later is the longest that was "
        "promised; the earlier is the strict reading.",
    [FINDING_ST06] =
        "It is no conflict where each period is bound to data of its own: what belongs to "
        "the customer, to an invoice, to a voucher.",
    [FINDING_ST07] =
        "What rests on the consent alone goes with the withdrawal. Say what stays for "
        "other purposes, and on which ground.",
    [FINDING_ST08] =
        "The officer has a contact of its own, which is told to people and to the "
        "authority.",
    [FINDING_ST09] =
        "The entity that answers is named as it is registered, with its number. A contact "
        "that is somebody else is a party with an agreement.",
    [FINDING_ST10] =
        "Each cookie has its purpose, its life and whose it is (lag (2022:482) 9 kap. 28 "
        "§); all that are not strictly necessary wait for consent.",
    [FINDING_X09] =
        "That data lies within the EEA does not keep a parent company from reaching it. "
        "Ask for proof of the place, or agree on a safeguard.",
    [FINDING_X10] =
        "Companies that decide together are joint controllers with an arrangement (GDPR "
        "26); one that works on behalf of the other has an agreement (GDPR 28). Decide "
        "which.",
    [FINDING_X11] =
        "To ask is to hand out: the agency receives who is asked about. Name it among the "
        "recipients, with the need for asking (kreditupplysningslagen 9 §).",
    [FINDING_M07] = "The first message carries the notice of GDPR 14 or a link to it.",
    [FINDING_DI01] =
        "What the order names is handed out, nothing else. The person is told at the "
        "earliest one month and at the latest three months afterwards.",
    [FINDING_RI01] =
        "A wish for signed paper is no condition: the time runs from any request, and "
        "identity is asked for only where there is doubt. Offer an electronic way too.",
    [FINDING_RI02] =
        "The law gives portability of what the person provided, on consent or contract, "
        "by automated means. Keep the wider promise, or make it narrower.",
    [FINDING_RI03] = "The promise is a task: business secrets may be masked, the clauses may not.",
    [FINDING_RI04] = "All rights of the regulation have held since 25 May 2018.",
    [FINDING_B03] =
        "The written balancing says that the interests of the people weigh more. The purpose needs "
        "another ground, or goes.",
    [FINDING_B02] =
        "A balancing holds until the day on which it is to be looked at again. Do it again, and "
        "write the new days down.",
    [FINDING_C08] =
        "`controller` names who answers for the purpose, by the names under `controllers`.",
    [FINDING_F05] =
        "What the company calls no personal data is kept as personal data all the same. Name the "
        "paper that shows that nobody can be known by it, or leave `personal` out.",
    [FINDING_H04] =
        "What a thing or an event says of itself is never erased by itself and is in no extract. "
        "Make it a field, which has a purpose and an end.",
    [FINDING_H06] =
        "One person's extract must not tell of another. What a part may see of the others is plain "
        "data such as a name; not free text, film, speech or sensitive data.",
    [FINDING_R01] =
        "People are told where their data comes from. A register or bought list says in which "
        "country it lies.",
    [FINDING_R02] =
        "`within` says what people were told, `country` where it is. Mend the one that is wrong.",
    [FINDING_G03] =
        "Who is not at the collection point sees no notice there. Send it, or make it the task of "
        "somebody, within a month at the latest.",
    [FINDING_G04] =
        "The basis looks for the consent in the record's own thing, and the records of this point "
        "belong to another. Name the thing of the consent at the point, or let the basis look at "
        "`any` of them.",
    [FINDING_E01] =
        "Data is brought up to date from a register, a bureau, a list or a partner. What the "
        "person says comes in at a collection point.",
    [FINDING_E02] =
        "A trail that was joined to a person must be parted again when the consent is taken back "
        "or the person objects.",
    [FINDING_U04] =
        "A compatible purpose needs a judgement in writing: the link between the two, what people "
        "expect, what follows for them. Name its id.",
    [FINDING_U05] =
        "Film, positions and sensitive data are often of high risk. Assess the risks and name the "
        "paper under `risk`, or decide that none is needed.",
    [FINDING_U06] =
        "Restricted data may be used with consent, for claims, for the rights of others, or for an "
        "important public interest. Name which.",
    [FINDING_N01] = "Each purpose is agreed to by itself. Make one consent for each.",
    [FINDING_N02] =
        "It must be as easy to take a consent back as to give it: by each way in which it is "
        "given.",
    [FINDING_N03] = "A consent is asked for again after a time. Say how long.",
    [FINDING_N04] =
        "Whoever meets a decision by a machine alone may have a person look at it. Name the role.",
    [FINDING_O02] =
        "Somebody looks at each emergency afterwards. Name the role, or the controller.",
    [FINDING_O03] = "Each grant of access ends. Say the longest time.",
    [FINDING_M06] =
        "By e-mail and text message the law asks for a consent, or for a customer who bought "
        "something similar; by telephone and letter it asks for less. The rule of a channel may be "
        "stricter than the law and not weaker.",
    [FINDING_P05] = "Name somebody who exists: `controller`, the officer of `dpo`, or a role.",
    [FINDING_C05] =
        "Joint controllers tell people the essence of their arrangement. Write it under `essence`, "
        "in each language, or name a text of `texts`.",
    [FINDING_D01] =
        "A control or a breach is given to `dpo`, but there is no section `dpo`. Add it with a "
        "contact, or name somebody else.",
    [FINDING_D02] = "The officer is independent and cannot be the controller.",
    [FINDING_D03] =
        "The officer's role serves purposes, and so decides how data is used. Take the purposes "
        "from the role, or decide why there is no conflict of interest.",
    [FINDING_I01] =
        "Each right has to be taken by some place of `intake`. `takes: [all]` is the usual answer.",
    [FINDING_S01] =
        "A policy file is published, stored and compared; no person belongs in it. Put `setting` "
        "and give the value to the home.",
    [FINDING_X02] = "Name the agreement with its days, or say `allowed: no` until there is one.",
    [FINDING_X03] =
        "A party is controller, joint controller or processor for a purpose, one of them. Give the "
        "categories different purposes.",
    [FINDING_X04] =
        "What leaves for a purpose must be used by it. Take the field out, or add it to `uses`.",
    [FINDING_X05] = "The `country` of a category lies within its `places`.",
    [FINDING_X06] =
        "The agreement begins later or ended before the day that the policy takes effect. Renew "
        "it, or say `allowed: no`.",
    [FINDING_X07] = "Widen `places`, which people have to be told of, or choose another party.",
    [FINDING_X08] =
        "Outside the European Economic Area and without a decision under GDPR 45 a safeguard is "
        "needed (GDPR 46). `law/eu.yaml` has the decisions with their days.",
    [FINDING_DI02] =
        "A special disclosure rests on something: a decision, an order, an agreement. List what "
        "has to be on file.",
    [FINDING_DI03] = "What has left cannot be called back, so two people look at it.",
    [FINDING_DI04] =
        "Money is paid for an assigned claim or a business that is transferred, and for nothing "
        "else.",
    [FINDING_M01] =
        "A message is of the class `marketing` exactly when its purpose has `marketing`; only then "
        "do objections and opt-outs hold for it.",
    [FINDING_M02] =
        "Each message says how to stop the next: `unsubscribe`, or `objection` where it is spoken.",
    [FINDING_M03] = "The channels of a message of marketing are among those of its purpose.",
    [FINDING_M04] =
        "`must: [sender_post]` needs `post` of the first controller, perhaps as `setting`.",
    [FINDING_Z01] =
        "No fee, no form, and no more proof of identity than the right needs: none to object to "
        "marketing or to complain, a known address to withdraw, proof where data is handed out or "
        "erased.",
    [FINDING_Q01] = "Each hold is looked at again after a period.",
    [FINDING_Q02] = "A hold covers what the matter cites. Decide why this one needs all.",
    [FINDING_Q03] = "Name a role, `controller` or `dpo`.",
    [FINDING_A01] = "`k` of a figure is `limits.k` or more.",
    [FINDING_A02] =
        "Break down by what many people share: a choice, a flag, a number, a short text.",
    [FINDING_J01] = "Name purposes of the policy, or `necessary` for what the person asked for.",
    [FINDING_J02] = "A session cookie has no `life`; every other one has.",
    [FINDING_J03] = "Name the category of recipients, or the party.",
    [FINDING_J04] =
        "All but what is strictly necessary waits for consent: let the purpose rest on consent for "
        "every kind of person, or leave the cookie out.",
    [FINDING_L01] =
        "The sections `systems` lists every store that holds a field. Add the field to `holds`.",
    [FINDING_L02] =
        "`access: own` says that nobody else is in it; it stands in another country than the "
        "controller. Say who runs it, or decide.",
    [FINDING_M13] =
        "Marknadsföringslagen 19 §: e-mail, SMS and MMS to a natural person, a sole "
        "trader too, need consent; or all of: the address was got from the person at a "
        "sale, the products are the company's own and similar, and there is an easy way "
        "to say no at collection and in each message.",
    [FINDING_M08] =
        "The exception for buyers asks for an easy objection when the address is "
        "collected and in every message. `similar` names the products that are the "
        "company's own and similar.",
    [FINDING_M09] =
        "A period says how long the data may be kept at most. An objection ends the "
        "marketing at once and for ever, whatever the period; `at_once: [objection]` lets "
        "what is held for it alone go then.",
    [FINDING_M12] =
        "Choosing by sex, age or place is profiling. It is told, it is weighed in the "
        "assessment, and an objection ends it (`marketing.profiling` names the switch).",
    [FINDING_F08] =
        "People say more in a call than was asked. Write down what the case needs, and "
        "mark the field `sensitive: maybe`, so that it is kept from search and from most "
        "roles.",
    [FINDING_R03] =
        "Ask for the licence, the day of collection and a wash against the registers of "
        "those who want no advertising (NIX, SPAR); name the source to each person at the "
        "latest with the first message.",
    [FINDING_U09] =
        "No collection point has the purpose in its `for`, and it borrows nothing from "
        "others. Leave it out, or name it where its data comes in.",
    [FINDING_R04] =
        "No collection point takes data from the source. Leave it out, or name it where "
        "its data comes in.",
    [FINDING_NT15] =
        "The right to object to direct marketing is told clearly, apart from all else, at "
        "the latest in the first message. The notice that this program writes always "
        "does.",
};

const char *finding_text(enum finding_id id)
{
  PRE(id != FINDING_USUAL && id < FINDING_ID_COUNT);
  return texts[id] == NULL ? "" : texts[id];
}
