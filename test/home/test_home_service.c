// Service keys (K17): what a key may act as, and that it opens nothing when the policy no longer
// has the role or the purpose that it was made for.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "home_world.h"

static int32_t role(const struct home_world *world, const char *name)
{
  return policy_role(home_world_policy(world), view_of(name));
}

static int32_t purpose(const struct home_world *world, const char *name)
{
  return policy_purpose(home_world_policy(world), view_of(name));
}

static void add_service(struct home_world *world, const char *of_role, const char *of_purpose,
                        char ret_token[SERVICE_TOKEN_BYTES])
{
  int32_t bound = of_purpose == NULL ? -1 : purpose(world, of_purpose);
  enum err_code code =
      home_service_add(world->home, "shop", role(world, of_role), bound, ret_token, &world->err);
  if (code != ERR_OK)
    fail_msg("there is no service: %s", world->err.message);
}

static enum err_code find(struct home_world *world, const char *token, struct actor *ret_actor)
{
  world->err = (struct err)ERR_INIT;
  return home_service_find(world->home, view_of(token), ret_actor, &world->err);
}

static void check_unknown(struct home_world *world, const char *token)
{
  struct actor actor = {-5, -5, -5};
  assert_int_equal(find(world, token, &actor), ERR_UNAUTHENTICATED);
  assert_int_equal(err_http_status(ERR_UNAUTHENTICATED), 401);
  assert_string_equal(world->err.message, "the service key is not one that is in force");
  assert_int_equal(actor.service, -5);
}

// A key acts in its role, for its purpose or for any of the role's, before and after the home is
// opened again; each key is a service of its own.
static void key__acts_in_its_role(void **state)
{
  (void)state;
  struct home_world *world = home_world_begin();
  char bound[SERVICE_TOKEN_BYTES];
  char unbound[SERVICE_TOKEN_BYTES];
  add_service(world, "seller", "direct_marketing", bound);
  add_service(world, "support", NULL, unbound);
  assert_int_equal(strlen(bound), 68);
  assert_memory_equal(bound, "fvk_", 4);
  assert_string_not_equal(bound, unbound);
  for (int round = 0; round < 2; round++) {
    struct actor first;
    struct actor second;
    assert_int_equal(find(world, bound, &first), ERR_OK);
    assert_int_equal(first.role, role(world, "seller"));
    assert_int_equal(first.purpose, purpose(world, "direct_marketing"));
    assert_int_equal(find(world, unbound, &second), ERR_OK);
    assert_int_equal(second.role, role(world, "support"));
    assert_int_equal(second.purpose, -1);
    assert_int_not_equal(first.service, second.service);
    home_world_close(world);
    home_world_open(world);
  }
  home_world_end(world);
}

// Any other text is none: a digit changed, one too few or too many, nothing.
static void key__is_known_by_every_digit(void **state)
{
  (void)state;
  struct home_world *world = home_world_begin();
  char token[SERVICE_TOKEN_BYTES];
  char other[SERVICE_TOKEN_BYTES + 1];
  struct actor actor;
  check_unknown(world, "");
  add_service(world, "support", "services", token);
  for (size_t i = 0; i < strlen(token); i++) {
    memcpy(other, token, sizeof token);
    other[i] = other[i] == '0' ? '1' : '0';
    check_unknown(world, other);
  }
  memcpy(other, token, sizeof token);
  other[strlen(token) - 1] = '\0';
  check_unknown(world, other);
  snprintf(other, sizeof other, "%s0", token);
  check_unknown(world, other);
  check_unknown(world, "");
  assert_int_equal(find(world, token, &actor), ERR_OK);
  home_world_end(world);
}

static const struct policy_edit without_marketing[] = {
    {"version: 1", "version: 2"},
    {"for: [services, direct_marketing]", "for: [services, newsletter]"},
    {"  direct_marketing:\n    title:", "  newsletter:\n    title:"},
    {"    for: [direct_marketing]", "    for: [newsletter]"},
    {NULL, NULL},
};

static const struct policy_edit marketing_again[] = {{"version: 1", "version: 3"}, {NULL, NULL}};

// A key that was bound to a purpose which the new version drops is not in force: it does not become
// a key of any purpose of its role. It comes back with the purpose, and only for it.
static void key__dies_with_its_purpose(void **state)
{
  (void)state;
  struct home_world *world = home_world_begin();
  char bound[SERVICE_TOKEN_BYTES];
  char unbound[SERVICE_TOKEN_BYTES];
  struct actor actor;
  add_service(world, "seller", "direct_marketing", bound);
  add_service(world, "seller", NULL, unbound);
  home_world_activate(world, without_marketing);
  check_unknown(world, bound);
  assert_int_equal(find(world, unbound, &actor), ERR_OK);
  assert_int_equal(actor.purpose, -1);
  home_world_close(world);
  home_world_open(world);
  check_unknown(world, bound);
  home_world_activate(world, marketing_again);
  assert_int_equal(find(world, bound, &actor), ERR_OK);
  assert_int_equal(actor.purpose, purpose(world, "direct_marketing"));
  home_world_end(world);
}

static const struct policy_edit without_sellers[] = {
    {"version: 1", "version: 2"}, {"  seller:\n", "  merchant:\n"}, {NULL, NULL}};

// The same for its role: neither bound nor unbound does it become a key of another role or of none,
// which would be the machine itself.
static void key__dies_with_its_role(void **state)
{
  (void)state;
  struct home_world *world = home_world_begin();
  char bound[SERVICE_TOKEN_BYTES];
  char unbound[SERVICE_TOKEN_BYTES];
  char support[SERVICE_TOKEN_BYTES];
  struct actor actor;
  add_service(world, "seller", "direct_marketing", bound);
  add_service(world, "seller", NULL, unbound);
  add_service(world, "support", "services", support);
  home_world_activate(world, without_sellers);
  check_unknown(world, bound);
  check_unknown(world, unbound);
  assert_int_equal(find(world, support, &actor), ERR_OK);
  assert_int_equal(actor.role, role(world, "support"));
  assert_int_equal(actor.purpose, purpose(world, "services"));
  home_world_end(world);
}

// A name has one to sixty-four bytes of text.
static void service__has_a_name(void **state)
{
  (void)state;
  struct home_world *world = home_world_begin();
  char token[SERVICE_TOKEN_BYTES] = "as it was";
  char name[SERVICE_NAME_BYTES_MAX + 2];
  memset(name, 'n', sizeof name);
  name[SERVICE_NAME_BYTES_MAX + 1] = '\0';
  int32_t support = role(world, "support");
  assert_int_equal(home_service_add(world->home, "", support, -1, token, &world->err), ERR_INPUT);
  assert_int_equal(home_service_add(world->home, name, support, -1, token, &world->err), ERR_INPUT);
  assert_int_equal(home_service_add(world->home, "\xff", support, -1, token, &world->err),
                   ERR_INPUT);
  assert_string_equal(token, "as it was");
  name[SERVICE_NAME_BYTES_MAX] = '\0';
  assert_int_equal(home_service_add(world->home, name, support, -1, token, &world->err), ERR_OK);
  home_world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(key__acts_in_its_role),      cmocka_unit_test(key__is_known_by_every_digit),
      cmocka_unit_test(key__dies_with_its_purpose), cmocka_unit_test(key__dies_with_its_role),
      cmocka_unit_test(service__has_a_name),
  };
  return cmocka_run_group_tests_name("home service", tests, NULL, NULL);
}
