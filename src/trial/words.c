#include "trial/words.h"

#include "policy/findings.h"
#include "policy/suggest.h"
#include "trial/file.h"

#define TEXT(key_name)              \
  {                                 \
    key_name, TRIAL_KEY_TEXT, false \
  }
#define TEXT_REQUIRED(key_name)    \
  {                                \
    key_name, TRIAL_KEY_TEXT, true \
  }
#define NO_KEYS TEXT(NULL)
#define TEXTS(key_name)              \
  {                                  \
    key_name, TRIAL_KEY_TEXTS, false \
  }
#define TEXTS_REQUIRED(key_name)    \
  {                                 \
    key_name, TRIAL_KEY_TEXTS, true \
  }

#define USE_KEYS                                                                          \
  TEXT_REQUIRED("as"), TEXT_REQUIRED("for"), TEXT_REQUIRED("of"), TEXTS_REQUIRED("read"), \
      TEXT("thing"), TEXT("channel"), TEXT("to"), TEXT("case"), TEXT("reason")

static const struct trial_word words[] = {
    // Steps.
    {"at", TRIAL_STEP, TRIAL_ARGS_EITHER, false, {TEXT_REQUIRED("jump")}, trial_step_at},
    {"person",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("name"), TEXTS("kinds")},
     trial_step_person},
    {"thing",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     true,
     {TEXT("of"), TEXT("in"), TEXT("day"), TEXT("time")},
     trial_step_thing},
    {"happens",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("what"), TEXT_REQUIRED("thing"), TEXT("day"), TEXT("time"), TEXT("foreseen")},
     trial_step_happens},
    {"retract",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("what"), TEXT_REQUIRED("thing")},
     trial_step_retract},
    {"put",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     true,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("via"), TEXT("source"), TEXT("thing"), TEXT("obtained")},
     trial_step_put},
    {"correct",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("field"), TEXT_REQUIRED("to")},
     trial_step_correct},
    {"read", TRIAL_STEP, TRIAL_ARGS_MAP, false, {USE_KEYS}, trial_step_read},
    {"mark",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("as"), TEXT("is")},
     trial_step_mark},
    {"allow",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("to"), TEXT("is")},
     trial_step_allow},
    {"open_glass",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("as"), TEXT_REQUIRED("of"), TEXT_REQUIRED("what"), TEXT("case"),
      TEXT("reason")},
     trial_step_open_glass},
    {"optout",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT("channel")},
     trial_step_optout},
    {"consent",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("to"), TEXT("is"), TEXT("name"), TEXT("in"),
      TEXT("language"), TEXT("channel"), TEXT("method"), TEXT("express"), TEXT("parent"),
      TEXT("born"), TEXT("country")},
     trial_step_consent},
    {"withdraw",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("to"), TEXT("channel")},
     trial_step_withdraw},
    {"request",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("right"), TEXT_REQUIRED("of"), TEXT_REQUIRED("name"), TEXT("received"),
      TEXTS("against")},
     trial_step_request},
    {"decide",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("request"), TEXT("against"), TEXT_REQUIRED("outcome"), TEXT_REQUIRED("by"),
      TEXT("reasons"), TEXT("authority"), TEXT("court")},
     trial_step_decide},
    {"take_back",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("request"), TEXT("against")},
     trial_step_take_back},
    {"restrict",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("name"), TEXTS("what"), TEXT("thing"), TEXT("ground"),
      TEXT("received"), TEXT("review"), TEXT("matter")},
     trial_step_restrict},
    {"told", TRIAL_STEP, TRIAL_ARGS_MAP, false, {TEXT_REQUIRED("restriction")}, trial_step_told},
    {"lift", TRIAL_STEP, TRIAL_ARGS_MAP, false, {TEXT_REQUIRED("restriction")}, trial_step_lift},
    {"merge",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("with")},
     trial_step_merge},
    {"split",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("with")},
     trial_step_split},
    {"close",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("request"), TEXT_REQUIRED("outcome"), TEXT("ground"), TEXT("authority"),
      TEXT("court")},
     trial_step_close},
    {"erase",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT("request"), TEXTS("category"), TEXT("purpose"), TEXT("thing")},
     trial_step_erase},
    {"ack",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("party"), TEXT("of"), TEXT("kind"), TEXT("is"), TEXT("reason"), TEXT("as"),
      TEXT("approver")},
     trial_step_ack},
    {"fail",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("party"), TEXT("of"), TEXT("kind"), TEXT("reason"), TEXT("as")},
     trial_step_fail},
    {"stage",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("message"), TEXT_REQUIRED("to"), TEXT_REQUIRED("for"), TEXT_REQUIRED("channel"),
      TEXT("due"), TEXT("goods"), TEXT("list"), TEXT("washed")},
     trial_step_stage},
    {"send",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("message"), TEXT("to"), TEXT("for"), TEXT("channel"), TEXT("goods"), TEXT("list"),
      TEXT("washed")},
     trial_step_send},
    {"sweep", TRIAL_STEP, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_step_sweep},
    {"plan", TRIAL_STEP, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_step_plan},
    {"apply", TRIAL_STEP, TRIAL_ARGS_MAP, false, {TEXT("to")}, trial_step_apply},
    {"approve",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("to"), TEXT_REQUIRED("by")},
     trial_step_approve},
    {"hold",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("for"), TEXT_REQUIRED("owner"), TEXT_REQUIRED("review"),
      TEXTS("what"), TEXT("thing"), TEXT("matter")},
     trial_step_hold},
    {"hold_propose",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT("hold"), TEXT_REQUIRED("by")},
     trial_step_hold_propose},
    {"hold_release",
     TRIAL_STEP,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT("hold"), TEXT_REQUIRED("by")},
     trial_step_hold_release},
    {"epoch", TRIAL_STEP, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_step_epoch},
    {"crash", TRIAL_STEP, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_step_crash},
    {"clock_release", TRIAL_STEP, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_step_clock_release},
    // Expectations.
    {"may",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {USE_KEYS, TEXT("gives"), TEXT("masked")},
     trial_expect_may},
    {"may_not",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {USE_KEYS, TEXTS("because"), TEXT("first"), TEXT("line"), TEXT("law")},
     trial_expect_may_not},
    {"refused",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("reason"), TEXT("line"), TEXT("law")},
     trial_expect_refused},
    {"done", TRIAL_EXPECTATION, TRIAL_ARGS_MAP, false, {NO_KEYS}, trial_expect_done},
    {"has",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXTS_REQUIRED("fields"), TEXT("thing")},
     trial_expect_has},
    {"has_not",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXTS_REQUIRED("fields"), TEXT("thing"), TEXT("bytes")},
     trial_expect_has_not},
    {"only",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXTS_REQUIRED("fields"), TEXT("thing")},
     trial_expect_only},
    {"ends",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXT_REQUIRED("what"), TEXT_REQUIRED("for"), TEXT("thing"), TEXT("use"),
      TEXT("gone"), TEXT("is")},
     trial_expect_ends},
    {"count",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("what"), TEXT("of"), TEXT_REQUIRED("is")},
     trial_expect_count},
    {"sent",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("message"), TEXT_REQUIRED("to"), TEXT("channel"), TEXT("count")},
     trial_expect_sent},
    {"not_sent",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("message"), TEXT_REQUIRED("to"), TEXT("because")},
     trial_expect_not_sent},
    {"due",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("request"), TEXT_REQUIRED("strict")},
     trial_expect_due},
    {"state",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("request"), TEXT("consent"), TEXT("of"), TEXT_REQUIRED("is")},
     trial_expect_state},
    {"task",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("party"), TEXT("of"), TEXT("kind"), TEXT("is"), TEXT("due"), TEXT("count")},
     trial_expect_task},
    {"no_task",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("party"), TEXT("of"), TEXT("kind")},
     trial_expect_no_task},
    {"log",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_EITHER,
     false,
     {TEXT_REQUIRED("op"), TEXT_REQUIRED("count"), TEXT("reason")},
     trial_expect_log},
    {"receipt",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("of"), TEXTS("contains"), TEXTS("not")},
     trial_expect_receipt},
    {"figure",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("name"), TEXT("as"), TEXTS("shows"), TEXTS("not"), TEXT("because")},
     trial_expect_figure},
    {"notice",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("lang"), TEXT("at"), TEXT("version"), TEXTS("tells"), TEXTS("not")},
     trial_expect_notice},
    {"register",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT("lang"), TEXT("at"), TEXT("version"), TEXT("as"), TEXTS("tells"), TEXTS("not")},
     trial_expect_register},
    {"finding",
     TRIAL_EXPECTATION,
     TRIAL_ARGS_MAP,
     false,
     {TEXT_REQUIRED("id"), TEXT("count"), TEXT("at"), TEXT("of")},
     trial_expect_finding},
};

const struct trial_word *trial_word_find(struct view name)
{
  for (size_t i = 0; i < ARRAY_COUNT(words); i++)
    if (view_is(name, words[i].name))
      return &words[i];
  return NULL;
}

const struct trial_word *trial_word_at(size_t index)
{
  return index < ARRAY_COUNT(words) ? &words[index] : NULL;
}

static const struct trial_key *find_key(const struct trial_word *word, struct view name)
{
  for (size_t i = 0; i < TRIAL_KEYS_MAX && word->keys[i].name != NULL; i++)
    if (view_is(name, word->keys[i].name))
      return &word->keys[i];
  return NULL;
}

static enum err_code unknown_word(const char *path, const struct yaml_pair *pair, struct err *err)
{
  struct suggest suggest;
  char nearest[SUGGEST_BYTES];
  suggest_begin(&suggest, pair->key);
  for (size_t i = 0; i < ARRAY_COUNT(words); i++)
    suggest_offer(&suggest, words[i].name);
  suggest_write(&suggest, nearest);
  return trial_finding(err, path, pair->place, "'%s' is no step and no expectation%s",
                       quote(pair->key).text, nearest);
}

static enum err_code unknown_key(const char *path, const struct trial_word *word,
                                 const struct yaml_pair *pair, struct err *err)
{
  struct suggest suggest;
  char nearest[SUGGEST_BYTES];
  suggest_begin(&suggest, pair->key);
  for (size_t i = 0; i < TRIAL_KEYS_MAX && word->keys[i].name != NULL; i++)
    suggest_offer(&suggest, word->keys[i].name);
  suggest_write(&suggest, nearest);
  return trial_finding(err, path, pair->place, "'%s' has no key '%s'%s", word->name,
                       quote(pair->key).text, nearest);
}

static bool is_text(const struct yaml_node *node) { return node->kind == NODE_TEXT; }

static bool is_texts(const struct yaml_node *node)
{
  for (int32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
    if (!is_text(&node->items[i]))
      return false;
  return node->kind != NODE_MAP;
}

static enum err_code check_pair(const char *path, const struct trial_word *word,
                                const struct yaml_pair *pair, struct err *err)
{
  const struct trial_key *key = find_key(word, pair->key);
  if (key == NULL && !word->is_open)
    return unknown_key(path, word, pair, err);
  bool may_be_list = key == NULL || key->form == TRIAL_KEY_TEXTS;
  if (may_be_list ? is_texts(&pair->value) : is_text(&pair->value))
    return ERR_OK;
  return trial_finding(err, path, pair->value.place, "'%s' must be text%s", quote(pair->key).text,
                       may_be_list ? " or a list of texts" : "");
}

static enum err_code check_args(const char *path, const struct trial_word *word,
                                const struct yaml_pair *line, struct err *err)
{
  const struct yaml_node *args = &line->value;
  if (args->kind == NODE_TEXT && word->args != TRIAL_ARGS_MAP)
    return ERR_OK;
  if (args->kind != NODE_MAP || word->args == TRIAL_ARGS_TEXT)
    return trial_finding(err, path, args->place, "'%s' takes a map of keys", word->name);
  for (int32_t i = 0; i < args->count; i++) {
    enum err_code code = check_pair(path, word, &args->pairs[i], err);
    if (code != ERR_OK)
      return code;
  }
  for (size_t i = 0; i < TRIAL_KEYS_MAX && word->keys[i].name != NULL; i++)
    if (word->keys[i].required && yaml_pair(args, word->keys[i].name) == NULL)
      return trial_finding(err, path, line->place, "'%s' needs '%s'", word->name,
                           word->keys[i].name);
  return ERR_OK;
}

enum err_code trial_lines_check(const char *path, const struct yaml_node *list, bool steps_only,
                                struct err *err)
{
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *node = &list->items[i];
    if (node->kind != NODE_MAP || node->count != 1)
      return trial_finding(err, path, node->place, "a line is one step or expectation");
    const struct yaml_pair *line = &node->pairs[0];
    const struct trial_word *word = trial_word_find(line->key);
    if (word == NULL)
      return unknown_word(path, line, err);
    if (steps_only && word->kind == TRIAL_EXPECTATION)
      return trial_finding(err, path, line->place, "'%s' expects something: it belongs in 'then'",
                           word->name);
    enum err_code code = check_args(path, word, line, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}
