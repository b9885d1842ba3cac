// The absolute no to direct marketing, GDPR 21(2) and (3): in force at once, and for the address
// after everything else about its owner is gone (P4). On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

enum { EMAIL = 1 << CHANNEL_EMAIL, SMS = 1 << CHANNEL_SMS, ALL = (1 << CHANNEL_COUNT) - 1 };

static const char *marketing(struct world *world, struct person_id person)
{
  return world_reason(world, "seller", "direct_marketing", person, "contact.email");
}

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  return person;
}

struct suppressions {
  int count;
  int64_t channels;  // bits
};

static enum err_code count_one(void *context, const struct suppression_row *row, struct err *err)
{
  (void)err;
  struct suppressions *suppressions = context;
  suppressions->count++;
  suppressions->channels |= INT64_C(1) << row->channel;
  return ERR_OK;
}

static struct suppressions suppressions_of(struct world *world)
{
  struct suppressions found = {0};
  assert_int_equal(store_suppression_each(core_store(world->core), count_one, &found, &world->err),
                   ERR_OK);
  return found;
}

static enum err_code count_choice(void *context, const struct choice_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ++*(int *)context;
  return ERR_OK;
}

static int choices_of(struct world *world, struct person_id person)
{
  int count = 0;
  assert_int_equal(
      store_choice_each(core_store(world->core), person, count_choice, &count, &world->err),
      ERR_OK);
  return count;
}

// A no needs somebody and at least one channel, and knows no other channels.
static void opt_out__names_a_person_and_channels(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id nobody = {anna.value + 1000};
  assert_int_equal(act_opt_out(world, nobody, EMAIL), ERR_NOT_FOUND);
  assert_int_equal(act_opt_out(world, anna, 0), ERR_INPUT);
  assert_int_equal(act_opt_out(world, anna, ALL + 1), ERR_INPUT);
  assert_int_equal(act_opt_out(world, anna, UINT32_MAX), ERR_INPUT);
  assert_int_equal(choices_of(world, anna), 0);
  assert_string_equal(marketing(world, anna), "allowed");
  assert_int_equal(act_opt_out(world, anna, ALL), ERR_OK);
  assert_int_equal(choices_of(world, anna), CHANNEL_COUNT);
  world_end(world);
}

// From the answer on, advertising is refused and nothing else is; saying it again changes nothing,
// and is on record (FR-34).
static void opt_out__is_in_force_at_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "bo@example.com");
  assert_string_equal(marketing(world, anna), "allowed");
  assert_int_equal(act_opt_out(world, anna, SMS), ERR_OK);
  assert_string_equal(marketing(world, anna), "allowed");
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  assert_string_equal(marketing(world, anna), "opted_out");
  assert_string_equal(world->err.rule, "GDPR 21(3)");
  assert_string_equal(world_use(world, "support", "services", anna, "contact.email"),
                      "anna@example.com");
  assert_string_equal(marketing(world, bo), "allowed");
  assert_int_equal(act_opt_out(world, anna, EMAIL | SMS), ERR_OK);
  assert_int_equal(choices_of(world, anna), 2);
  assert_int_equal(act_log_count(world, LEDGER_OP_OPT_OUT, 0), 3);
  world_reopen(world);
  assert_string_equal(marketing(world, anna), "opted_out");
  act_audit(world);
  world_end(world);
}

// The address outlives its owner on the list, as a keyed hash: whoever brings it back, in whichever
// spelling, is not advertised to (hard case: an opted-out person is erased and a bought list brings
// the same address back).
static void opt_out__of_an_address_outlives_the_person(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  assert_int_equal(suppressions_of(world).count, 1);
  assert_int_equal(suppressions_of(world).channels, EMAIL);
  struct person_id twin = somebody(world, "Anna@EXAMPLE.com");
  assert_string_equal(marketing(world, twin), "suppressed");
  assert_int_equal(act_erase(world, anna), ERR_OK);
  assert_int_equal(act_erase(world, twin), ERR_OK);
  assert_int_equal(suppressions_of(world).count, 1);
  world_reopen(world);
  assert_int_equal(epoch_change(world->core, &world->err), ERR_OK);
  struct person_id again = somebody(world, " ANNA@example.com");
  assert_string_equal(marketing(world, again), "suppressed");
  assert_string_equal(world->err.rule, "GDPR 21(3)");
  assert_string_equal(world_use(world, "support", "services", again, "contact.email"),
                      " ANNA@example.com");
  struct person_id other = somebody(world, "anna.other@example.com");
  assert_string_equal(marketing(world, other), "allowed");
  act_audit(world);
  world_end(world);
}

// An address that is given after the no goes onto the list as well, and so does one that replaces
// another.
static void opt_out__reaches_addresses_that_come_later(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  assert_int_equal(suppressions_of(world).count, 0);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "first@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "second@example.com"), ERR_OK);
  assert_int_equal(suppressions_of(world).count, 2);
  assert_int_equal(act_erase(world, anna), ERR_OK);
  assert_string_equal(marketing(world, somebody(world, "first@example.com")), "suppressed");
  assert_string_equal(marketing(world, somebody(world, "second@example.com")), "suppressed");
  act_audit(world);
  world_end(world);
}

// A no to text messages says nothing of the mailbox.
static void opt_out__lists_the_channel_that_was_said(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  assert_int_equal(act_opt_out(world, anna, SMS), ERR_OK);
  assert_int_equal(suppressions_of(world).count, 0);
  assert_int_equal(act_erase(world, anna), ERR_OK);
  assert_string_equal(marketing(world, somebody(world, "anna@example.com")), "allowed");
  world_end(world);
}

// A mailbox of two: when one of them unsubscribes, the address is on the list, and whoever gives it
// from then on is not written to there; everything else about the other is as it was.
static void opt_out__of_a_shared_mailbox_is_by_address(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna-och-bo@example.com");
  struct person_id bo = somebody(world, "anna-och-bo@example.com");
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  assert_int_equal(choices_of(world, bo), 0);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "anna-och-bo@example.com"), ERR_OK);
  assert_string_equal(marketing(world, bo), "suppressed");
  assert_string_equal(world_use(world, "support", "services", bo, "contact.email"),
                      "anna-och-bo@example.com");
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(opt_out__names_a_person_and_channels),
      TEST_STORES(opt_out__is_in_force_at_once),
      TEST_STORES(opt_out__of_an_address_outlives_the_person),
      TEST_STORES(opt_out__reaches_addresses_that_come_later),
      TEST_STORES(opt_out__lists_the_channel_that_was_said),
      TEST_STORES(opt_out__of_a_shared_mailbox_is_by_address),
  };
  return cmocka_run_group_tests_name("core choice", tests, test_stores_begin, test_stores_end);
}
