#include "policy/lint.h"

#include <string.h>

// ── Messages ────────────────────────────────────────────────────────────────────────────────

// Ways to send that a purpose of direct marketing has to list; the others are pages of the company.
static void check_channels(struct reader *reader, const struct message_type *message,
                           const struct purpose *purpose)
{
  for (int32_t i = 0; i < message->channel_count; i++) {
    const char *name = message_channel_names[message->channels[i]];
    int channel = schema_word(schema_channels, view_of(name));
    if (channel >= 0 && (purpose->marketing >> channel & 1) == 0)
      finding_add(reader->findings, FINDING_M03, message->channels_place, NULL,
                  "'%s' goes by %s, which '%s' does not list", message->name, name, purpose->name);
  }
}

static void check_marketing(struct reader *reader, const struct message_type *message,
                            const struct purpose *purpose)
{
  const uint32_t ways_out = 1u << MUST_UNSUBSCRIBE | 1u << MUST_OBJECTION;
  const struct organisation *organisation = &reader->policy->organisation;
  bool has_post =
      organisation->controller_count > 0 && organisation->controllers[0].post.length > 0;
  if ((message->must & ways_out) == 0 && !lint_only_written(reader))
    finding_add(reader->findings, FINDING_M02, message->place, "must: [unsubscribe]",
                "'%s' has no way out", message->name);
  if ((message->must >> MUST_SENDER_POST & 1) != 0 && !has_post)
    finding_add(
        reader->findings, FINDING_M04, message->place, "post: \"Storgatan 1, 111 22 Stockholm\"",
        "'%s' carries the sender's postal address, and the controller has none", message->name);
  check_channels(reader, message, purpose);
}

// Answers to people and notices may serve a purpose of marketing; other messages would carry it.
static bool hides_marketing(const struct message_type *message, const struct purpose *purpose)
{
  return purpose->marketing != 0 && message->class <= MESSAGE_ALARM;
}

static void check_messages(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->conduct.message_count; i++) {
    const struct message_type *message = &policy->conduct.messages[i];
    const struct purpose *purpose = &policy->purposes[message->purpose];
    bool is_marketing = message->class == MESSAGE_MARKETING;
    if (hides_marketing(message, purpose))
      finding_add(reader->findings, FINDING_M01, message->place, "class: marketing",
                  "'%s' is not called marketing, but its purpose '%s' is", message->name,
                  purpose->name);
    else if (is_marketing && purpose->marketing == 0)
      finding_add(reader->findings, FINDING_M01, message->place, NULL,
                  "'%s' is marketing, but its purpose '%s' is not", message->name, purpose->name);
    else if (is_marketing)
      check_marketing(reader, message, purpose);
  }
}

// ── Rights, holds ───────────────────────────────────────────────────────────────────────────

// The most that may be asked for. To leave something costs nobody else anything; to hand out or to
// erase for the wrong person would.
static const int32_t identity_most[POLICY_RIGHT_COUNT] = {
    [POLICY_RIGHT_ACCESS] = 3,
    [POLICY_RIGHT_RECTIFICATION] = 3,
    [POLICY_RIGHT_ERASURE] = 3,
    [POLICY_RIGHT_RESTRICTION] = 2,
    [POLICY_RIGHT_PORTABILITY] = 3,
    [POLICY_RIGHT_OBJECTION] = 1,
    [POLICY_RIGHT_MARKETING_OBJECTION] = 0,
    [POLICY_RIGHT_AUTOMATED_DECISION] = 2,
    [POLICY_RIGHT_WITHDRAWAL] = 1,
    [POLICY_RIGHT_TRANSFER_INFORMATION] = 1,
    [POLICY_RIGHT_COMPLAINT] = 0,
    [POLICY_RIGHT_DAMAGES] = 3,
};

static void check_rights(struct reader *reader)
{
  const struct conduct *conduct = &reader->policy->conduct;
  for (int32_t i = 0; i < conduct->right_count; i++) {
    const struct right_rule *rule = &conduct->rights[i];
    const char *name = policy_right_names[rule->right];
    if (rule->fee)
      finding_add(reader->findings, FINDING_Z01, rule->place, "fee: none", "'%s' costs a fee",
                  name);
    if (rule->form == RIGHT_WRITTEN_FORM && rule->right != POLICY_RIGHT_DAMAGES)
      finding_add(reader->findings, FINDING_Z01, rule->place, "form: preferred",
                  "'%s' has to be asked for in writing", name);
    if (rule->identity > identity_most[rule->right])
      finding_add(reader->findings, FINDING_Z01, rule->place, NULL,
                  "'%s' asks for identity of level %d; level %d is enough", name, rule->identity,
                  identity_most[rule->right]);
  }
}

static void check_holds(struct reader *reader)
{
  const struct conduct *conduct = &reader->policy->conduct;
  for (int32_t i = 0; i < conduct->hold_count; i++)
    if (conduct->holds[i].covers_all)
      finding_add(reader->findings, FINDING_Q02, conduct->holds[i].place, "covers: cited",
                  "'%s' holds all of a person's data, not what it cites", conduct->holds[i].name);
}

// ── Cookies ─────────────────────────────────────────────────────────────────────────────────

static bool rests_on_consent(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = 0; i < purpose->basis_count; i++)
    if (policy->basis_rows[purpose->first_basis + i].basis != BASIS_CONSENT)
      return false;
  return purpose->basis_count > 0;
}

static void check_consent(struct reader *reader, const struct cookie *cookie)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = set_next(&cookie->purposes, 0); i >= 0; i = set_next(&cookie->purposes, i + 1))
    if (!rests_on_consent(policy, &policy->purposes[i]))
      finding_add(reader->findings, FINDING_J04, cookie->purposes_place, NULL,
                  "cookie '%s' serves '%s', which does not rest on consent", cookie->name,
                  policy->purposes[i].name);
}

static void check_cookies(struct reader *reader)
{
  const struct conduct *conduct = &reader->policy->conduct;
  for (int32_t i = 0; i < conduct->cookie_count; i++) {
    const struct cookie *cookie = &conduct->cookies[i];
    if (cookie->type == COOKIE_SESSION && cookie->life.number > 0)
      finding_add(reader->findings, FINDING_J02, cookie->life_place, "type: permanent",
                  "cookie '%s' ends with the session and has a life", cookie->name);
    if (cookie->type != COOKIE_SESSION && cookie->life.number == 0)
      finding_add(reader->findings, FINDING_J02, cookie->place, "life: 30 days",
                  "cookie '%s' stays, and nobody says how long", cookie->name);
    if (cookie->type == COOKIE_THIRD && cookie->recipient < 0)
      finding_add(reader->findings, FINDING_J03, cookie->place, "party: analytics",
                  "cookie '%s' is somebody else's, and nobody says whose", cookie->name);
    check_consent(reader, cookie);
  }
}

void check_conduct(struct reader *reader)
{
  check_messages(reader);
  check_rights(reader);
  check_holds(reader);
  check_cookies(reader);
}
