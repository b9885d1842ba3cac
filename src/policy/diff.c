#include "policy/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "policy/facts.h"

// ── What a difference means ─────────────────────────────────────────────────────────────────

struct meaning {
  enum difference_effect effect;
  const char *article, *sentence;
};

#define NO_OLD "what was collected before keeps its purposes and ends"
#define TELL "people are told anew before it is used"

// By kind of fact, then added, removed, changed. `parent`: facts of an owner that is not in both
// policies are said by the owner's own row.
struct fact_row {
  const char *what;
  enum fact_kind parent;  // FACT_KIND_COUNT: none
  struct meaning means[DIFFERENCE_CHANGE_COUNT];
};

#define NONE FACT_KIND_COUNT
#define EDITORIAL(article, sentence)    \
  {                                     \
    EFFECT_EDITORIAL, article, sentence \
  }
#define TIGHTENS(article, sentence)    \
  {                                    \
    EFFECT_TIGHTENS, article, sentence \
  }
#define LOOSENS(article, sentence)    \
  {                                   \
    EFFECT_LOOSENS, article, sentence \
  }
#define ALWAYS(meaning)       \
  {                           \
    meaning, meaning, meaning \
  }

static const struct fact_row rows[FACT_KIND_COUNT] = {
    [FACT_CONTROLLER] = {"controller", NONE,
                         ALWAYS(LOOSENS("GDPR 13(1)(a)",
                                        "old data is answered for by another; " TELL))},
    [FACT_ADDRESS] = {"controller's address", NONE,
                      ALWAYS(EDITORIAL("GDPR 13(1)(a)", "the notice carries another address"))},
    [FACT_AUTHORITY] = {"authority", NONE,
                        ALWAYS(EDITORIAL("GDPR 13(2)(d)", "the notice names another authority"))},
    [FACT_ZONE] = {"time zone", NONE,
                   ALWAYS(LOOSENS("GDPR 5(1)(e)", "ends of old data move by hours, both ways"))},
    [FACT_YEAR_END] = {"end of the financial year", NONE,
                       ALWAYS(LOOSENS("GDPR 5(1)(e)",
                                      "ends of old data that follow bookkeeping move, both ways"))},
    [FACT_LOG_KEEP] = {"time that the log is kept", NONE,
                       ALWAYS(LOOSENS("GDPR 5(1)(e)", "counts from the version's day"))},
    [FACT_GROUP] = {"smallest group of a statistic", NONE,
                    ALWAYS(LOOSENS("GDPR 5(1)(f)", "counts for statistics from now on"))},
    [FACT_REVIEW] = {"review of open ends", NONE,
                     ALWAYS(EDITORIAL("GDPR 5(1)(e)", "open ends are looked at at other times"))},
    [FACT_FIELD] = {"field",
                    NONE,
                    {LOOSENS("GDPR 5(1)(c)", "nothing old: data of this kind was not collected"),
                     TIGHTENS("GDPR 5(1)(e)",
                              "old data of this field serves nothing; the next sweep erases it"),
                     LOOSENS("GDPR 5(1)(c)", "old data is read as the field is now declared")}},
    [FACT_THING] = {"thing",
                    NONE,
                    {LOOSENS("", NO_OLD),
                     TIGHTENS("", "ends and bases that rest on it no longer move"),
                     LOOSENS("", "ends and bases of old data that rest on it may move")}},
    [FACT_EVENT] = {"event",
                    FACT_THING,
                    {LOOSENS("", NO_OLD), TIGHTENS("", "old events of this name no longer count"),
                     LOOSENS("", "old events of this name count as they are now declared")}},
    [FACT_SPAN] = {"span",
                   FACT_THING,
                   {LOOSENS("", NO_OLD), TIGHTENS("", "what rests on it is listed by itself"),
                    LOOSENS("GDPR 5(1)(e)",
                            "ends and bases of old data that rest on it may move, both ways")}},
    [FACT_KIND] = {"kind of person",
                   NONE,
                   {LOOSENS("", NO_OLD),
                    TIGHTENS("GDPR 6(1)", "nobody is of this kind any more; its bases are gone"),
                    LOOSENS("GDPR 6(1)",
                            "other people are of this kind, with its bases and ends")}},
    [FACT_KIND_TITLE] = {"title of a kind", FACT_KIND,
                         ALWAYS(EDITORIAL("GDPR 12(1)", "nothing; the notice reads otherwise"))},
    [FACT_SOURCE] = {"source",
                     NONE,
                     {LOOSENS("GDPR 14(2)(f)", NO_OLD), TIGHTENS("GDPR 14(2)(f)", NO_OLD),
                      LOOSENS("GDPR 14(2)(f)", "where old data came from is told otherwise")}},
    [FACT_POINT] = {"collection point",
                    NONE,
                    {LOOSENS("GDPR 13(1)", NO_OLD),
                     TIGHTENS("GDPR 13(1)", "nothing more is collected there; " NO_OLD),
                     LOOSENS("", NO_OLD)}},
    [FACT_POINT_FIELD] = {"field of a point",
                          FACT_POINT,
                          {LOOSENS("GDPR 13(1)", NO_OLD), TIGHTENS("GDPR 5(1)(c)", NO_OLD),
                           LOOSENS("", NO_OLD)}},
    [FACT_POINT_NEED] = {"needed field of a point",
                         FACT_POINT,
                         {LOOSENS("GDPR 13(2)(e)", NO_OLD), TIGHTENS("GDPR 13(2)(e)", NO_OLD),
                          LOOSENS("", NO_OLD)}},
    [FACT_POINT_KIND] = {"kind at a point",
                         FACT_POINT,
                         {LOOSENS("GDPR 13(1)", NO_OLD), TIGHTENS("", NO_OLD),
                          LOOSENS("", NO_OLD)}},
    [FACT_POINT_SOURCE] = {"source at a point",
                           FACT_POINT,
                           {LOOSENS("GDPR 14(2)(f)", NO_OLD), TIGHTENS("", NO_OLD),
                            LOOSENS("", NO_OLD)}},
    [FACT_POINT_PURPOSE] = {"purpose of a point",
                            FACT_POINT,
                            {LOOSENS("GDPR 5(1)(b)",
                                     "opens nothing backwards: what was collected there before "
                                     "was not collected for this purpose"),
                             TIGHTENS("GDPR 5(1)(b)", NO_OLD), LOOSENS("", NO_OLD)}},
    [FACT_POINT_FORM] = {"form of a point", FACT_POINT, ALWAYS(LOOSENS("GDPR 5(1)(c)", NO_OLD))},
    [FACT_PURPOSE] = {"purpose",
                      NONE,
                      {LOOSENS("GDPR 5(1)(b)",
                               "opens nothing backwards: old data was not collected for it; " TELL
                               " (GDPR 13(3), 14(4))"),
                       TIGHTENS("GDPR 5(1)(e)",
                                "old data no longer serves it; what serves nothing "
                                "else is erased by the next sweep"),
                       LOOSENS("", NO_OLD)}},
    [FACT_PURPOSE_TITLE] = {"title of a purpose", FACT_PURPOSE,
                            ALWAYS(EDITORIAL("GDPR 12(1)", "nothing; the notice reads otherwise"))},
    [FACT_USE] = {"field of a purpose",
                  FACT_PURPOSE,
                  {LOOSENS("GDPR 5(1)(b)",
                           "opens nothing backwards: only data collected from now on; " TELL),
                   TIGHTENS("GDPR 5(1)(c)",
                            "old data no longer serves it; what serves nothing "
                            "else is erased by the next sweep"),
                   LOOSENS("GDPR 5(1)(c)", "old data of other things comes under the purpose")}},
    [FACT_ABOUT] = {"kind of a purpose",
                    FACT_PURPOSE,
                    {LOOSENS("GDPR 6(1)",
                             "old data of these people may serve the purpose if it "
                             "was collected for it; " TELL),
                     TIGHTENS("GDPR 6(1)", "old data of these people no longer serves it"),
                     LOOSENS("", NO_OLD)}},
    [FACT_BASIS] = {"basis",
                    FACT_PURPOSE,
                    {LOOSENS("GDPR 6(1)", "old data collected for the purpose may rest on it"),
                     TIGHTENS("GDPR 6(1)", "old data of these people has no basis for it"),
                     LOOSENS("GDPR 6(1), 13(1)(c)",
                             "old data rests on another basis from then on; " TELL)}},
    [FACT_INTEREST] = {"interest", FACT_PURPOSE,
                       ALWAYS(EDITORIAL("GDPR 13(1)(d)", "nothing; the notice reads otherwise"))},
    [FACT_KEEP] = {"keep rule", FACT_PURPOSE,
                   ALWAYS(LOOSENS("GDPR 5(1)(e), 13(2)(a)",
                                  "old data is kept longer, at least for somebody; " TELL))},
    [FACT_WHILE] = {"time of use",
                    FACT_PURPOSE,
                    {TIGHTENS("", "old data serves the purpose during less time"),
                     LOOSENS("GDPR 5(1)(b)", "old data serves the purpose at any time"),
                     LOOSENS("GDPR 5(1)(b)", "old data serves the purpose at other times")}},
    [FACT_OPERATION] = {"operation",
                        FACT_PURPOSE,
                        {LOOSENS("GDPR 5(1)(b)", "old data may be used so too; " TELL),
                         TIGHTENS("", "old data is no longer used so"), LOOSENS("", NO_OLD)}},
    [FACT_CHANNEL] = {"marketing channel",
                      FACT_PURPOSE,
                      {LOOSENS("GDPR 21(2), 21(4)",
                               "old addresses may be used on this channel, "
                               "unless the person said no; " TELL),
                       TIGHTENS("GDPR 21(2)", "old addresses are no longer used on this channel"),
                       LOOSENS("", NO_OLD)}},
    [FACT_TERMS] = {"terms of a purpose", FACT_PURPOSE,
                    ALWAYS(LOOSENS("GDPR 5(1)(b)",
                                   "sources, switches and compatible purposes act on old data from "
                                   "then on; the rest is told"))},
    [FACT_CONSENT] = {"consent",
                      NONE,
                      {LOOSENS("GDPR 7(1)", "nothing by itself; a basis names it"),
                       TIGHTENS("GDPR 7(1)", "nothing by itself; a basis names it"),
                       LOOSENS("GDPR 7(1)", "what was agreed to was another text; " TELL)}},
    [FACT_ENRICH] = {"register that changes data",
                     NONE,
                     {LOOSENS("GDPR 14(2)(f)", "old data is brought up to date from it"),
                      TIGHTENS("GDPR 14(2)(f)", NO_OLD),
                      LOOSENS("GDPR 14(2)(f)", "old data is brought up to date otherwise")}},
    [FACT_LINK] = {"joining of a trail",
                   NONE,
                   {LOOSENS("GDPR 13(3)", "old trails may be joined to people; " TELL),
                    TIGHTENS("", "nothing more is joined"),
                    LOOSENS("GDPR 13(3)", "old trails may be joined otherwise; " TELL)}},
    [FACT_GRANTS] = {"bounds for grants", NONE,
                     ALWAYS(LOOSENS("GDPR 32(4)", "others may be let in, or for longer"))},
    [FACT_ROLE] = {"role",
                   NONE,
                   {LOOSENS("GDPR 13(1)(e), 5(1)(f)", "others may see old data"),
                    TIGHTENS("GDPR 5(1)(f)", "services in this role are refused from then on"),
                    LOOSENS("", NO_OLD)}},
    [FACT_ROLE_PURPOSE] = {"purpose of a role",
                           FACT_ROLE,
                           {LOOSENS("GDPR 13(1)(e), 5(1)(f)",
                                    "the role may use old data for this too"),
                            TIGHTENS("GDPR 5(1)(f)", "the role is refused for this from then on"),
                            LOOSENS("", NO_OLD)}},
    [FACT_ROLE_FIELD] = {"field that a role reads",
                         FACT_ROLE,
                         {LOOSENS("GDPR 13(1)(e), 5(1)(f)", "the role may read old data of it"),
                          TIGHTENS("GDPR 5(1)(f)", "the role is refused it from then on"),
                          LOOSENS("GDPR 25(2), 5(1)(f)",
                                  "the role sees more or less of old data")}},
    [FACT_JOINT] = {"joint controller",
                    NONE,
                    {LOOSENS("GDPR 26(2)", "another answers for old data too; " TELL),
                     LOOSENS("GDPR 26(2)", "one who answered for old data no longer does; " TELL),
                     EDITORIAL("GDPR 26(2)", "the notice tells of the arrangement otherwise")}},
    [FACT_OFFICER] = {"data protection officer",
                      NONE,
                      {EDITORIAL("GDPR 13(1)(b)", "the notice names the officer"),
                       LOOSENS("GDPR 37", "people have no officer to turn to"),
                       EDITORIAL("GDPR 13(1)(b)", "the notice names the officer otherwise")}},
    [FACT_INTAKE] = {"place of intake",
                     NONE,
                     {EDITORIAL("GDPR 12(2)", "requests may come there too"),
                      LOOSENS("GDPR 12(2)", "what still comes there counts all the same"),
                      EDITORIAL("GDPR 12(2)", "the notice tells of it otherwise")}},
    [FACT_RECIPIENT] =
        {"recipient",
         NONE,
         {LOOSENS("GDPR 13(1)(e)",
                  "old data may leave to it for purposes that it was collected for; " TELL),
          TIGHTENS("GDPR 13(1)(e)", "nothing more leaves to it; what it has stays with it"),
          LOOSENS("GDPR 13(1)(e)", "old data leaves under other terms; " TELL)}},
    [FACT_RECIPIENT_TITLE] = {"title of a recipient",
                              FACT_RECIPIENT,
                              {EDITORIAL("GDPR 12(1)", "nothing; the notice reads otherwise"),
                               EDITORIAL("GDPR 12(1)", "nothing; the notice reads otherwise"),
                               EDITORIAL("GDPR 12(1)", "nothing; the notice reads otherwise")}},
    [FACT_RECIPIENT_PLACE] = {"place of a recipient",
                              FACT_RECIPIENT,
                              {LOOSENS("GDPR 13(1)(f), 44", "old data may lie there too; " TELL),
                               TIGHTENS("GDPR 44", "nothing more may go there"),
                               LOOSENS("", NO_OLD)}},
    [FACT_RECIPIENT_PURPOSE] = {"purpose of a recipient",
                                FACT_RECIPIENT,
                                {LOOSENS("GDPR 5(1)(b), 13(1)(e)",
                                         "old data may leave for it too; " TELL),
                                 TIGHTENS("GDPR 5(1)(b)", "nothing more leaves for it"),
                                 LOOSENS("", NO_OLD)}},
    [FACT_RECIPIENT_FIELD] = {"field that a recipient gets",
                              FACT_RECIPIENT,
                              {LOOSENS("GDPR 5(1)(c), 13(1)(e)",
                                       "old data of it may leave too; " TELL),
                               TIGHTENS("GDPR 5(1)(c)", "nothing more of it leaves"),
                               LOOSENS("GDPR 5(1)(c)", "old data of other things may leave")}},
    [FACT_RECIPIENT_WHEN] = {"time of a recipient",
                             FACT_RECIPIENT,
                             {TIGHTENS("GDPR 5(1)(c)", "old data leaves during less time"),
                              LOOSENS("GDPR 5(1)(c)", "old data may leave at any time"),
                              LOOSENS("GDPR 5(1)(c)", "old data may leave at other times")}},
    [FACT_PARTY] = {"party",
                    NONE,
                    {EDITORIAL("GDPR 15(1)(c)", "one more of a category that people know of"),
                     TIGHTENS("GDPR 28(3)", "nothing more leaves to it"),
                     EDITORIAL("GDPR 28(3)", "the register tells of it otherwise")}},
    [FACT_DISCLOSURE] = {"kind of handing out",
                         NONE,
                         {LOOSENS("GDPR 5(1)(b)", "old data may be handed out so too"),
                          TIGHTENS("GDPR 5(1)(b)", "old data is no longer handed out so"),
                          LOOSENS("GDPR 5(1)(b)", "old data is handed out under other terms")}},
    [FACT_DISCLOSURE_FIELD] = {"field that is handed out",
                               FACT_DISCLOSURE,
                               {LOOSENS("GDPR 5(1)(c)", "old data of it may be handed out too"),
                                TIGHTENS("GDPR 5(1)(c)", "no more of it is handed out"),
                                LOOSENS("", NO_OLD)}},
    [FACT_EVIDENCE] = {"evidence",
                       FACT_DISCLOSURE,
                       {TIGHTENS("GDPR 5(2)", "more has to be on file"),
                        LOOSENS("GDPR 5(2)", "old data is handed out with less on file"),
                        LOOSENS("GDPR 5(2)", "other things have to be on file")}},
    [FACT_SYSTEM] = {"system",
                     NONE,
                     {EDITORIAL("GDPR 30(1)", "the register tells of it"),
                      EDITORIAL("GDPR 30(1)", "the register tells of it"),
                      EDITORIAL("GDPR 30(1)", "the register tells of it")}},
    [FACT_STATISTIC] =
        {"figure",
         NONE,
         {LOOSENS("GDPR 5(1)(b)", "old data counts in it"),
          TIGHTENS("GDPR 5(1)(b)", "old data no longer counts in it"),
          LOOSENS("GDPR 5(1)(b)", "old data counts in another way")}},
    [FACT_STATISTIC_FIELD] = {"field of a figure",
                              FACT_STATISTIC,
                              {LOOSENS("GDPR 5(1)(c)", "old data of it counts"),
                               TIGHTENS("GDPR 5(1)(c)", "old data of it no longer counts"),
                               LOOSENS("", NO_OLD)}},
    [FACT_MESSAGE] = {"kind of message",
                      NONE,
                      {LOOSENS("GDPR 5(1)(b)", "old addresses may get it"),
                       TIGHTENS("GDPR 5(1)(b)", "nobody gets it any more"),
                       LOOSENS("GDPR 5(1)(b)", "old addresses get it in another way")}},
    [FACT_MESSAGE_KIND] = {"kind of a message",
                           FACT_MESSAGE,
                           {LOOSENS("GDPR 5(1)(b)", "these people may get it"),
                            TIGHTENS("GDPR 5(1)(b)", "these people no longer get it"),
                            LOOSENS("", NO_OLD)}},
    [FACT_RIGHT] = {"right",
                    NONE,
                    {TIGHTENS("GDPR 12(2)", "what the law gives is promised in more detail"),
                     LOOSENS("GDPR 12(2)",
                             "people were promised it when old data was collected; " TELL),
                     LOOSENS("GDPR 12(2)", "requests are answered in another way")}},
    [FACT_HOLD] = {"kind of hold",
                   NONE,
                   {LOOSENS("GDPR 5(1)(e), 17(3)", "old data may be held past its end"),
                    TIGHTENS("GDPR 5(1)(e)", "old data is no longer held so"),
                    LOOSENS("GDPR 5(1)(e)", "old data may be held otherwise")}},
    [FACT_SWITCH] = {"switch",
                     NONE,
                     {TIGHTENS("GDPR 21", "people may say no to more"),
                      LOOSENS("GDPR 21", "what people have said no to is no longer asked about"),
                      LOOSENS("GDPR 21", "it stands otherwise before a person says anything")}},
    [FACT_SWITCH_PURPOSE] = {"purpose of a switch",
                             FACT_SWITCH,
                             {TIGHTENS("GDPR 21", "people may say no to it too"),
                              LOOSENS("GDPR 21", "a no no longer stops it"), LOOSENS("", NO_OLD)}},
    [FACT_COOKIE] =
        {"cookie",
         NONE,
         {LOOSENS("LEK 9:28", "one more is stored; people are asked anew if it is not necessary"),
          TIGHTENS("LEK 9:28", "it is stored no more"),
          LOOSENS("LEK 9:28",
                  "it is stored otherwise; people are asked anew if it is not necessary")}},
    [FACT_COOKIE_PURPOSE] = {"purpose of a cookie",
                             FACT_COOKIE,
                             {LOOSENS("LEK 9:28", "people are asked anew"),
                              TIGHTENS("LEK 9:28", "it serves less"), LOOSENS("", NO_OLD)}},
    [FACT_CONTROL] = {"control",
                      NONE,
                      {TIGHTENS("GDPR 24(1)", "people look at one thing more"),
                       LOOSENS("GDPR 24(1)", "nobody looks at it any more"),
                       LOOSENS("GDPR 24(1)", "it is looked at by another, or at other times")}},
    [FACT_BREACH] = {"handling of breaches",
                     NONE,
                     {TIGHTENS("GDPR 34", "somebody is named"),
                      LOOSENS("GDPR 34", "nobody is named"),
                      LOOSENS("GDPR 34",
                              "people hear of breaches at other risks, or from another")}},
    [FACT_PROMISE] = {"promise",
                      NONE,
                      {EDITORIAL("", "nothing by itself"),
                       LOOSENS("GDPR 5(1)(a)",
                               "people were promised it when old data was "
                               "collected; " TELL),
                       EDITORIAL("", "nothing by itself")}},
};

const char *difference_change_name(enum difference_change change)
{
  static const char *const names[] = {"added", "removed", "changed"};
  return names[change];
}

const char *difference_effect_name(enum difference_effect effect)
{
  static const char *const names[] = {"editorial", "tightens", "loosens"};
  return names[effect];
}

// ── Comparing ───────────────────────────────────────────────────────────────────────────────

struct comparing {
  struct facts before, after;
  struct policy_diff *diff;
};

static const struct fact *find(const struct facts *facts, enum fact_kind kind, const char *owner,
                               const char *part)
{
  struct fact wanted = {.kind = kind, .owner = owner, .part = part};
  if (facts->count == 0)
    return NULL;
  return bsearch(&wanted, facts->items, (size_t)facts->count, sizeof wanted, fact_compare);
}

static bool promises(const struct facts *facts, const char *id)
{
  for (int32_t i = 0; i < facts->count; i++)
    if (facts->items[i].kind == FACT_PROMISE && strcmp(facts->items[i].owner, id) == 0)
      return true;
  return false;
}

// Is it told already: by its owner, which came or went as a whole, or by the use that it rules?
static bool is_told(const struct fact *fact, const struct facts *other)
{
  enum fact_kind parent = rows[fact->kind].parent;
  if (fact->kind == FACT_KEEP)
    return find(other, FACT_USE, fact->owner, fact->part) == NULL;
  return parent != NONE && find(other, parent, fact->owner, "") == NULL;
}

static bool is_number(enum fact_kind kind)
{
  return kind == FACT_LOG_KEEP || kind == FACT_GROUP || kind == FACT_ROLE_FIELD;
}

// What the table cannot know: it depends on both sides.
static struct meaning meaning_of(const struct comparing *comparing, const struct fact *before,
                                 const struct fact *after, enum difference_change change)
{
  const struct fact *either = after == NULL ? before : after;
  INVARIANT(either != NULL);
  struct meaning meaning = rows[either->kind].means[change];
  if (either->kind == FACT_PROMISE && change == DIFFERENCE_REMOVED &&
      promises(&comparing->after, either->owner))
    return rows[FACT_PROMISE].means[DIFFERENCE_CHANGED];
  if (change != DIFFERENCE_CHANGED)
    return meaning;
  if (is_number(either->kind) && after->number < before->number)
    meaning.effect = EFFECT_TIGHTENS;
  if (either->kind == FACT_BASIS && after->basis == BASIS_CONSENT)
    return before->basis == BASIS_CONSENT
               ? (struct meaning)TIGHTENS("GDPR 7(1)",
                                          "consents to the old text do not count for "
                                          "the new one")
               : (struct meaning)TIGHTENS("GDPR 6(1)(a)",
                                          "old data is not used before the person "
                                          "consents");
  if (either->kind != FACT_KEEP)
    return meaning;
  meaning.effect =
      keep_compare(comparing->before.policy, before->keep, comparing->after.policy, after->keep);
  if (meaning.effect == EFFECT_TIGHTENS)
    meaning.sentence = "old data goes earlier; what is past its new end goes with the next sweep";
  if (meaning.effect == EFFECT_EDITORIAL)
    meaning.sentence = "nothing; no end moves";
  return meaning;
}

static void report(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
  const struct fact *either = after == NULL ? before : after;
  INVARIANT(either != NULL);
  enum difference_change change = before == NULL  ? DIFFERENCE_ADDED
                                  : after == NULL ? DIFFERENCE_REMOVED
                                                  : DIFFERENCE_CHANGED;
  struct meaning meaning = meaning_of(comparing, before, after, change);
  bool is_of_purpose = either->kind >= FACT_PURPOSE && either->kind <= FACT_TERMS;
  struct policy_diff *diff = comparing->diff;
  diff->items[diff->count++] = (struct difference){
      .change = change,
      .effect = meaning.effect,
      .purpose =
          is_of_purpose ? policy_purpose(comparing->after.policy, view_of(either->owner)) : -1,
      .what = rows[either->kind].what,
      .owner = either->owner,
      .part = either->part,
      .before = before == NULL ? "" : before->text,
      .after = after == NULL ? "" : after->text,
      .meaning = meaning.sentence,
      .article = meaning.article,
      .before_place = before == NULL ? (struct place){0} : before->place,
      .after_place = after == NULL ? (struct place){0} : after->place,
  };
  diff->counts[meaning.effect]++;
}

static void report_gone(struct comparing *comparing, const struct fact *old)
{
  if (!is_told(old, &comparing->after))
    report(comparing, old, NULL);
}

static void report_new(struct comparing *comparing, const struct fact *new)
{
  if (!is_told(new, &comparing->before))
    report(comparing, NULL, new);
}

// Both lists are sorted alike: one pass finds what is in one of them only.
static void walk(struct comparing *comparing)
{
  const struct facts *before = &comparing->before;
  const struct facts *after = &comparing->after;
  int32_t i = 0;
  int32_t j = 0;
  while (i < before->count && j < after->count) {
    const struct fact *old = &before->items[i];
    const struct fact *new = &after->items[j];
    int order = fact_compare(old, new);
    i += order <= 0;
    j += order >= 0;
    if (order < 0)
      report_gone(comparing, old);
    else if (order > 0)
      report_new(comparing, new);
    else if (strcmp(old->text, new->text) != 0)
      report(comparing, old, new);
  }
  for (; i < before->count; i++)
    report_gone(comparing, &before->items[i]);
  for (; j < after->count; j++)
    report_new(comparing, &after->items[j]);
}

static enum err_code compare(struct comparing *comparing, struct err *err)
{
  enum err_code code = facts_collect(&comparing->before, err);
  if (code == ERR_OK)
    code = facts_collect(&comparing->after, err);
  if (code != ERR_OK)
    return code;
  size_t most = (size_t)comparing->before.count + (size_t)comparing->after.count;
  comparing->diff->items =
      arena_new(&comparing->diff->arena, most * sizeof *comparing->diff->items);
  if (comparing->diff->items == NULL)
    return err_set(err, ERR_MEMORY, "no memory to compare policies");
  walk(comparing);
  return ERR_OK;
}

enum err_code policy_diff_make(const struct policy *before, const struct policy *after,
                               struct policy_diff *ret_diff, struct err *err)
{
  struct policy_diff diff = {.arena = ARENA_INIT};
  struct comparing comparing = {
      {.arena = &diff.arena, .policy = before}, {.arena = &diff.arena, .policy = after}, &diff};
  enum err_code code = compare(&comparing, err);
  facts_clear(&comparing.before);
  facts_clear(&comparing.after);
  if (code != ERR_OK) {
    arena_clear(&diff.arena);
    return code;
  }
  *ret_diff = diff;
  return ERR_OK;
}

void policy_diff_clear(struct policy_diff *diff)
{
  arena_clear(&diff->arena);
  *diff = (struct policy_diff){0};
}

void policy_diff_cleanup(struct policy_diff *diff) { policy_diff_clear(diff); }
