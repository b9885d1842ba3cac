// Erased stays erased (P5), on the real files of a home: unreadable at once in the files that are
// in use, and, one change of the epoch later, in every file that the home ever wrote, whoever comes
// with all keys that are alive then.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "home_world.h"
#include "notify/outbox.h"
#include "retain/erase.h"
#include "retain/sweep.h"
#include "thief.h"
#include "vault/key_source.h"

// What goes, each in its own way.
static const char *const erased[] = {
    "Anna Erased",
    "anna.erased@example.com",  // with the person
    "192.0.2.77",
    "a report about Anna",      // the same
    "an offer for Anna",        // a staged message of hers
    "bo.replaced@example.com",  // another value in its place
    "a report that is due",     // swept
    "an offer that was sent",   // a message that went
};
// What stays; of these persons some other datum goes.
static const char *const living[] = {"Bo Living", "bo.living@example.com", "Ceci Living",
                                     "ceci@example.com", "an offer that waits"};

struct scene {
  struct home_world *world;
  struct thief *thief;
  struct person_id anna, bo, ceci;
  int copies;
};

// ── What happens in the home ────────────────────────────────────────────────────────────────

struct putting {
  struct person_id person;
  const char *point, *source;
  const struct record_value *values;
  int32_t count;
  int64_t thing;
  int64_t obtained_us;  // 0: now
};

static void put(struct scene *scene, const struct putting *putting)
{
  const struct policy *policy = home_world_policy(scene->world);
  struct record_put_input input = {
      .person = putting->person,
      .point = policy_point(policy, view_of(putting->point)),
      .source = policy_source(policy, view_of(putting->source)),
      .thing = {putting->thing},
      .obtained_us = putting->obtained_us,
      .values = putting->values,
      .value_count = putting->count,
  };
  home_world_put(scene->world, &input);
}

static int32_t field(struct scene *scene, const char *name)
{
  return policy_field(home_world_policy(scene->world), view_of(name));
}

static void put_contact(struct scene *scene, struct person_id person, const char *name,
                        const char *email)
{
  struct record_value values[] = {{field(scene, "contact.name"), view_of(name)},
                                  {field(scene, "contact.email"), view_of(email)}};
  put(scene, &(struct putting){person, "purchase", "self", values, 2, 0, 0});
}

static void put_report(struct scene *scene, struct person_id person, const char *report,
                       int64_t obtained_us)
{
  struct record_value value = {field(scene, "credit.report"), view_of(report)};
  struct thing_add_input order = {
      person, policy_thing(home_world_policy(scene->world), VIEW_LITERAL("order")), {0}, 1};
  struct thing_add_output output;
  home_world_do(scene->world, &verb_thing_add, &order, &output);
  put(scene, &(struct putting){person, "credit_check", "bureau", &value, 1, output.thing.value,
                               obtained_us});
}

static void stage(struct scene *scene, struct person_id person, const char *text, int64_t due_us)
{
  struct message_stage_input input = {
      .person = person,
      .purpose = policy_purpose(home_world_policy(scene->world), VIEW_LITERAL("direct_marketing")),
      .channel = CHANNEL_EMAIL,
      .payload = view_of(text),
      .due_us = due_us,
  };
  struct message_stage_output output;
  home_world_do(scene->world, &verb_message_stage, &input, &output);
}

static void fill(struct scene *scene)
{
  int64_t now_us = core_now_us(home_core(scene->world->home));
  int64_t later_us = now_us + CLOCK_DAY_US;
  struct record_value ip = {field(scene, "traffic.ip"), VIEW_LITERAL("192.0.2.77")};
  scene->anna = home_world_customer(scene->world);
  scene->bo = home_world_customer(scene->world);
  scene->ceci = home_world_customer(scene->world);
  put_contact(scene, scene->anna, "Anna Erased", "anna.erased@example.com");
  put(scene, &(struct putting){scene->anna, "access_log", "generated", &ip, 1, 0, 0});
  put_report(scene, scene->anna, "a report about Anna", 0);
  stage(scene, scene->anna, "an offer for Anna", later_us);
  put_contact(scene, scene->bo, "Bo Living", "bo.replaced@example.com");
  stage(scene, scene->bo, "an offer that was sent", 0);
  stage(scene, scene->bo, "an offer that waits", later_us);
  put_contact(scene, scene->ceci, "Ceci Living", "ceci@example.com");
  put_report(scene, scene->ceci, "a report that is due", now_us - 200 * CLOCK_DAY_US);
}

static enum err_code deliver(void *context, int channel, const char *key, struct view address,
                             struct view payload, struct err *err)
{
  (void)context;
  (void)channel;
  (void)key;
  (void)address;
  (void)err;
  assert_true(view_is(payload, "an offer that was sent"));
  return ERR_OK;
}

static enum err_code send_and_sweep(void *context, struct core *core, struct err *err)
{
  struct network network = {deliver, NULL};
  struct outbox_result outbox = {0};
  struct sweep_result *swept = context;
  enum err_code code = outbox_send_due(core, &network, &outbox, err);
  assert_int_equal(outbox.sent, 1);
  return code != ERR_OK ? code : sweep_run(core, swept, err);
}

static void erase(struct scene *scene)
{
  struct erase_input input = {.person = scene->anna};
  struct erase_output output;
  struct sweep_result swept = {0};
  struct err err = ERR_INIT;
  put_contact(scene, scene->bo, "Bo Living", "bo.living@example.com");
  assert_int_equal(home_lead(scene->world->home, send_and_sweep, &swept, &err), ERR_OK);
  assert_int_equal(swept.erased, 1);
  home_world_do(scene->world, &verb_erase, &input, &output);
  assert_int_equal(output.records, 4);
}

static enum err_code change_epoch(void *context, struct core *core, struct err *err)
{
  (void)context;
  return epoch_change(core, err);
}

// ── The thief ───────────────────────────────────────────────────────────────────────────────

static void steal(struct scene *scene)
{
  char folder[HOME_PATH_BYTES];
  snprintf(folder, sizeof folder, "%s/copy-%d", scene->world->root, scene->copies++);
  thief_steal(scene->thief, scene->world->folder, folder);
}

// The vault of the key folder as it is now, or of a copy of it.
static struct vault *open_vault(struct scene *scene, const char *key_folder)
{
  char key_file[HOME_PATH_BYTES];
  struct err err = ERR_INIT;
  struct vault *vault = NULL;
  snprintf(key_file, sizeof key_file, "%s/company.key", scene->world->folder);
  struct key_source source = key_source_file(key_file);
  struct disk disk = disk_folder(key_folder);
  struct random_source random = random_system();
  assert_int_equal(vault_open(&source, &disk, &random, &vault, &err), ERR_OK);
  return vault;
}

static void try_with(struct scene *scene, struct thief *thief, const char *key_folder)
{
  char folder[HOME_PATH_BYTES];
  snprintf(folder, sizeof folder, "%s/keys", scene->world->folder);
  struct vault *vault = open_vault(scene, key_folder == NULL ? folder : key_folder);
  thief_try(thief, vault);
  vault_close(vault);
}

static void check_opened(const struct thief *thief, const char *const *texts, size_t count,
                         bool is_opened)
{
  for (size_t i = 0; i < count; i++)
    if (thief_opened(thief, texts[i]) != is_opened)
      fail_msg("\"%s\" is %s", texts[i], is_opened ? "not opened" : "opened");
}
#define OPENS(thief, texts) check_opened(thief, texts, ARRAY_COUNT(texts), true)
#define OPENS_NONE(thief, texts) check_opened(thief, texts, ARRAY_COUNT(texts), false)

static void check_guesses(struct scene *scene, bool erased_are_known)
{
  char folder[HOME_PATH_BYTES];
  snprintf(folder, sizeof folder, "%s/keys", scene->world->folder);
  struct vault *vault = open_vault(scene, folder);
  assert_int_equal(thief_guessed(scene->thief, vault, "anna.erased@example.com"), erased_are_known);
  assert_int_equal(thief_guessed(scene->thief, vault, "bo.replaced@example.com"), erased_are_known);
  assert_true(thief_guessed(scene->thief, vault, "ceci@example.com"));
  assert_false(thief_guessed(scene->thief, vault, "nobody@example.com"));
  vault_close(vault);
}

static void copy_ring(struct scene *scene, const char *folder)
{
  char from[HOME_PATH_BYTES];
  struct str ring = STR_INIT(64 * 1024);
  struct err err = ERR_INIT;
  snprintf(from, sizeof from, "%s/keys", scene->world->folder);
  struct disk disk = disk_folder(from);
  struct disk copy = disk_folder(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  assert_int_equal(disk.read(disk.context, "ring", 64 * 1024, &ring, &err), ERR_OK);
  assert_int_equal(copy.replace(copy.context, "ring", str_view(&ring), &err), ERR_OK);
  str_cleanup(&ring);
}

// In the files that are in use the erased is unreadable at once; a thief has only what is left.
static void check_present_files(struct scene *scene)
{
  char folder[HOME_PATH_BYTES];
  struct thief *thief = thief_new();
  snprintf(folder, sizeof folder, "%s/present-%d", scene->world->root, scene->copies++);
  thief_steal(thief, scene->world->folder, folder);
  try_with(scene, thief, NULL);
  OPENS(thief, living);
  OPENS_NONE(thief, erased);
  thief_free(thief);
}

// A thief with copies of all files of every moment and with the keys of today opens everything
// until the epoch has changed, and after it nothing that was erased before it: neither with the
// person, nor replaced, swept or sent; and who has an address can no longer be guessed. What lives
// opens throughout. Only whoever also kept the old ring opens it again, which is why keys/ goes
// into no back-up of the database [GDPR 17(1)].
static void erased__stays_erased(void **state)
{
  (void)state;
  char old_ring[HOME_PATH_BYTES];
  struct err err = ERR_INIT;
  struct scene scene = {.world = home_world_begin(), .thief = thief_new()};
  snprintf(old_ring, sizeof old_ring, "%s/old-ring", scene.world->root);
  fill(&scene);
  steal(&scene);
  copy_ring(&scene, old_ring);
  try_with(&scene, scene.thief, NULL);
  OPENS(scene.thief, erased);
  assert_true(thief_carved_count(scene.thief) > 0);
  check_guesses(&scene, true);
  erase(&scene);
  steal(&scene);
  home_world_close(scene.world);
  steal(&scene);
  check_present_files(&scene);
  try_with(&scene, scene.thief, NULL);
  OPENS(scene.thief, erased);
  OPENS(scene.thief, living);
  home_world_open(scene.world);
  assert_int_equal(home_lead(scene.world->home, change_epoch, NULL, &err), ERR_OK);
  steal(&scene);
  home_world_close(scene.world);
  steal(&scene);
  home_world_open(scene.world);
  steal(&scene);
  try_with(&scene, scene.thief, NULL);
  OPENS_NONE(scene.thief, erased);
  OPENS(scene.thief, living);
  check_guesses(&scene, false);
  check_present_files(&scene);
  try_with(&scene, scene.thief, old_ring);
  OPENS(scene.thief, erased);
  for (size_t i = 0; i < ARRAY_COUNT(erased); i++)
    assert_false(thief_read(scene.thief, erased[i]));
  for (size_t i = 0; i < ARRAY_COUNT(living); i++)
    assert_false(thief_read(scene.thief, living[i]));
  assert_true(thief_read(scene.thief, "contact.email"));
  thief_free(scene.thief);
  home_world_end(scene.world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(erased__stays_erased),
  };
  return cmocka_run_group_tests_name("home erased", tests, NULL, NULL);
}
