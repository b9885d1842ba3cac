#include "deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "core/verbs.h"
#include "http.h"
#include "notify/outbox.h"
#include "retain/erase.h"
#include "vault/vault.h"

// Digests bind a key to its request: here the deed's kind and person say all of it.
static enum err_code perform(struct doer *doer, const struct deed *deed, struct operation operation,
                             struct err *err)
{
  unsigned char hash[32];
  struct view parts[] = {view_bytes(&deed->kind, sizeof deed->kind),
                         view_bytes(&deed->person, sizeof deed->person)};
  sha256(parts, deed->kind == DEED_PERSON ? 1 : 2, hash);
  operation.has_key = true;
  deed_key(deed, operation.key);
  memcpy(operation.digest, hash, sizeof operation.digest);
  return home_perform(doer->home, &operation, err);
}

static const struct policy *policy_of(const struct doer *doer)
{
  return core_policy(home_core(doer->home));
}

static struct person_id person_of(const struct deed *deed)
{
  return (struct person_id){deed->person};
}

// ── Persons, things, events ─────────────────────────────────────────────────────────────────

static enum err_code do_person(struct doer *doer, struct deed *deed, struct err *err)
{
  struct person_add_input input = {0};
  struct person_add_output output;
  struct operation operation = OPERATION(&verb_person_add, &input, &output);
  enum err_code code = perform(doer, deed, operation, err);
  if (code == ERR_OK)
    deed->person = output.person.value;
  return code;
}

static int64_t day_us(const struct doer *doer, const char *day)
{
  int64_t days = 0;
  return calendar_read_date(view_of(day), &days) ? zone_day_start(policy_of(doer)->zone, days) : 0;
}

static enum err_code add_thing(struct doer *doer, struct deed *deed, const char *type,
                               int64_t effective_us, struct err *err)
{
  struct thing_add_input input = {
      person_of(deed), policy_thing(policy_of(doer), view_of(type)), {deed->parent}, effective_us};
  struct thing_add_output output;
  struct operation operation = OPERATION(&verb_thing_add, &input, &output);
  enum err_code code = perform(doer, deed, operation, err);
  if (code == ERR_OK)
    deed->thing = output.thing.value;
  return code;
}

static enum err_code do_contract(struct doer *doer, struct deed *deed, struct err *err)
{
  return add_thing(doer, deed, "contract", day_us(doer, "2023-02-01"), err);
}

static enum err_code do_order(struct doer *doer, struct deed *deed, struct err *err)
{
  return add_thing(doer, deed, "order", core_now_us(home_core(doer->home)), err);
}

static enum err_code add_event(struct doer *doer, struct deed *deed, const char *event,
                               int64_t effective_us, struct err *err)
{
  struct event_add_input input = {
      person_of(deed), {deed->thing}, policy_event(policy_of(doer), view_of(event)), effective_us};
  struct event_add_output output;
  struct operation operation = OPERATION(&verb_event_add, &input, &output);
  return perform(doer, deed, operation, err);
}

static enum err_code do_ended(struct doer *doer, struct deed *deed, struct err *err)
{
  return add_event(doer, deed, "contract.ended", day_us(doer, "2024-02-01"), err);
}

static enum err_code do_order_done(struct doer *doer, struct deed *deed, struct err *err)
{
  return add_event(doer, deed, "order.done", core_now_us(home_core(doer->home)), err);
}

// ── Records and uses ────────────────────────────────────────────────────────────────────────

static enum err_code put(struct doer *doer, struct deed *deed, const char *point,
                         const char *source, const struct record_value *values, int32_t count,
                         struct err *err)
{
  struct record_put_input input = {
      .person = person_of(deed),
      .point = policy_point(policy_of(doer), view_of(point)),
      .source = policy_source(policy_of(doer), view_of(source)),
      .values = values,
      .value_count = count,
  };
  struct record_put_output output;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  return perform(doer, deed, operation, err);
}

static enum err_code do_contact(struct doer *doer, struct deed *deed, struct err *err)
{
  char address[DEED_TEXT_BYTES];
  deed_address(deed, address);
  struct record_value values[] = {
      {policy_field(policy_of(doer), view_of("contact.name")), view_of("Person under Test")},
      {policy_field(policy_of(doer), view_of("contact.email")), view_of(address)},
  };
  return put(doer, deed, "purchase", "self", values, ARRAY_COUNT(values), err);
}

static enum err_code do_ip(struct doer *doer, struct deed *deed, struct err *err)
{
  char ip[DEED_TEXT_BYTES];
  deed_ip(deed, ip);
  struct record_value value = {policy_field(policy_of(doer), view_of("traffic.ip")), view_of(ip)};
  return put(doer, deed, "access_log", "generated", &value, 1, err);
}

static enum err_code use(struct doer *doer, const struct deed *deed, enum ledger_mode mode,
                         struct err *err)
{
  const struct policy *policy = policy_of(doer);
  struct use_request request = {
      .actor = {0, policy_role(policy, view_of("security")), -1},
      .person = person_of(deed),
      .purpose = policy_purpose(policy, view_of("security")),
      .field = policy_field(policy, view_of("traffic.ip")),
      .channel = GATE_NO_CHANNEL,
      .mode = mode,
  };
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  return home_use(doer->home, doer->reader, &request, &arena, &answer, err);
}

static enum err_code do_use(struct doer *doer, struct deed *deed, struct err *err)
{
  return use(doer, deed, LEDGER_DURABLE, err);
}

static enum err_code do_kept(struct doer *doer, struct deed *deed, struct err *err)
{
  return use(doer, deed, LEDGER_KEPT, err);
}

// ── Messages and erasures ───────────────────────────────────────────────────────────────────

static enum err_code do_message(struct doer *doer, struct deed *deed, struct err *err)
{
  char payload[DEED_TEXT_BYTES];
  deed_payload(deed, payload);
  struct message_stage_input input = {
      .person = person_of(deed),
      .purpose = policy_purpose(policy_of(doer), view_of("direct_marketing")),
      .channel = CHANNEL_EMAIL,
      .payload = view_of(payload),
  };
  struct message_stage_output output;
  struct operation operation = OPERATION(&verb_message_stage, &input, &output);
  enum err_code code = perform(doer, deed, operation, err);
  if (code == ERR_OK)
    deed->answer = output.message;
  return code;
}

// Who erases again finds nobody, which is what was wanted.
static enum err_code do_erase(struct doer *doer, struct deed *deed, struct err *err)
{
  struct erase_input input = {.person = person_of(deed)};
  struct erase_output output;
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  enum err_code code = home_perform(doer->home, &operation, err);
  return code == ERR_NOT_FOUND ? ERR_OK : code;
}

// ── Policy and epoch ────────────────────────────────────────────────────────────────────────

enum { TEXT_BYTES_MAX = 64 * 1024 };

// The policy of the tree under another version number.
static bool policy_text(int64_t version, struct str *text)
{
  static const char first[] = "version: 1\n";
  char bytes[TEXT_BYTES_MAX];
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", "rb");
  if (file == NULL)
    return false;
  size_t length = fread(bytes, 1, sizeof bytes - 1, file);
  (void)fclose(file);
  bytes[length] = '\0';
  const char *place = strstr(bytes, first);
  if (place == NULL)
    return false;
  str_add(text, view_bytes(bytes, (size_t)(place - bytes)));
  str_format(text, "version: %lld\n", (long long)version);
  str_add(text, view_of(place + sizeof first - 1));
  return str_ok(text);
}

// What came into force, perhaps in an earlier process, is not activated again but carried out.
static enum err_code activate(void *context, struct core *core, struct err *err)
{
  struct deed *deed = context;
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  const struct policy *policy = core_policy(core);
  int64_t version = policy == NULL ? 0 : policy->version;
  if (deed->answer == 0)
    deed->answer = version + 1;
  if (!policy_text(deed->answer, &text))
    return err_set(err, ERR_SYSTEM, "the policy of the test cannot be read");
  struct policy_activate_input input = {"framsteget.yaml", str_view(&text)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = core_perform(core, &operation, err);
  if (code != ERR_OK && code != ERR_CONFLICT)
    return code;
  return core_policy_changed(core, err);
}

static enum err_code do_policy(struct doer *doer, struct deed *deed, struct err *err)
{
  return home_lead(doer->home, activate, deed, err);
}

static enum err_code change_epoch(void *context, struct core *core, struct err *err)
{
  struct deed *deed = context;
  struct vault *vault = core_vault(core);
  if (deed->answer == 0)
    deed->answer = vault_epoch(vault) + 1;
  bool is_over =
      vault_epoch(vault) >= deed->answer && vault_epoch_oldest(vault) == vault_epoch(vault);
  return is_over ? ERR_OK : epoch_change(core, err);
}

static enum err_code do_epoch(struct doer *doer, struct deed *deed, struct err *err)
{
  return home_lead(doer->home, change_epoch, deed, err);
}

// ── The table ───────────────────────────────────────────────────────────────────────────────

static const struct {
  const char *name;
  enum err_code (*perform)(struct doer *doer, struct deed *deed, struct err *err);
  bool is_repeatable;
} kinds[DEED_KIND_END] = {
    [DEED_PERSON] = {"person", do_person, true},
    [DEED_CONTRACT] = {"contract", do_contract, true},
    [DEED_CONTACT] = {"contact", do_contact, true},
    [DEED_ENDED] = {"contract ended", do_ended, true},
    [DEED_ORDER] = {"order", do_order, true},
    [DEED_ORDER_DONE] = {"order done", do_order_done, true},
    [DEED_IP] = {"ip", do_ip, true},
    [DEED_USE] = {"durable use", do_use, false},
    [DEED_KEPT] = {"kept use", do_kept, false},
    [DEED_MESSAGE] = {"message", do_message, true},
    [DEED_ERASE] = {"erasure", do_erase, true},
    [DEED_POLICY] = {"policy", do_policy, true},
    [DEED_EPOCH] = {"epoch", do_epoch, true},
};

enum err_code deed_do(struct doer *doer, struct deed *deed, struct err *err)
{
  return doer->home == NULL ? http_do(doer->book, doer->connection, deed, err)
                            : kinds[deed->kind].perform(doer, deed, err);
}

bool deed_can(const struct doer *doer, enum deed_kind kind)
{
  return doer->home != NULL || http_can(kind);
}

bool deed_is_repeatable(enum deed_kind kind) { return kinds[kind].is_repeatable; }
const char *deed_kind_name(enum deed_kind kind) { return kinds[kind].name; }
