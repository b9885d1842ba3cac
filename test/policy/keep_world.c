#include "keep_world.h"

#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static const char world_text[] =
    "forvar: 1\n"
    "policy: {id: world, version: 1, effective: 2025-01-01, languages: [en],\n"
    "  zone: Europe/Stockholm}\n"
    "controllers: {world: {name: World, email: info@example.com, authority: se.imy, "
    "financial_year_ends: 12-31}}\n"
    "fields: {contact: {email: {type: email}}}\n"
    "things:\n"
    "  contract:\n"
    "    events: {signed: {at: day, by: person}, ended: {at: day, by: system}}\n"
    "    spans: {running: {from: [signed], to: [ended]}}\n"
    "  chat:\n"
    "    events: {said: {at: instant, by: person}, refused: {at: instant, by: person}}\n"
    "    spans: {open: {from: [said], to: [refused]}}\n"
    "subjects:\n"
    "  customer: {title: {en: customer}, while: any contract.running}\n"
    "  former: {title: {en: former customer}, while: past customer}\n"
    "sources: {self: {is: self}}\n"
    "collect: {form: {kinds: [customer], fields: [contact], source: [self], for: [service]}}\n"
    "purposes:\n"
    "  service: {title: {en: Service}, about: [customer], uses: [contact],\n"
    "    basis: {each: {contract: any contract.running}}, keep: at most 1 year after recorded}\n"
    "rules: {short: at most 3 months after recorded, long: 'while customer, cut at chat.refused'}\n"
    "roles: {support: {for: [service], reads: [contact]}}\n"
    "limits: {k: 5, log_keep: 10 years, review_open: 24 months}\n";

int keep_world_open(void **state)
{
  struct keep_world *world = calloc(1, sizeof *world);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct err err = ERR_INIT;
  if (world == NULL ||
      policy_read("world.yaml", view_of(world_text), &world->policy, &findings, &err) != ERR_OK) {
    print_error("%s at %s\n", err.message, err.where);
    free(world);
    return -1;
  }
  *state = world;
  return 0;
}

int keep_world_close(void **state)
{
  struct keep_world *world = *state;
  policy_free(world->policy);
  free(world);
  return 0;
}

struct keep_facts keep_world_facts(const struct keep_world *world)
{
  return (struct keep_facts){
      .zone = world->policy->zone,
      .any_spans = world->any,
      .own_spans = world->own,
      .kinds = world->kinds,
      .first_events = world->first,
      .last_events = world->last,
  };
}

struct keep keep_world_rule(const struct keep_world *world, const char *rule)
{
  struct keep keep = {.text = ""};
  struct err err = ERR_INIT;
  size_t at = 0;
  if (keep_read(world->policy, view_of(rule), &keep, &at, &err) != ERR_OK)
    fail_msg("'%s' breaks off at %zu: %s", rule, at, err.message);
  return keep;
}

struct anchor keep_world_anchor(const struct keep_world *world, const char *text)
{
  struct anchor anchor = {ANCHOR_ABSENT, 0};
  if (strcmp(text, "absent") == 0)
    return anchor;
  if (strcmp(text, "open") == 0)
    return (struct anchor){ANCHOR_OPEN, 0};
  if (calendar_read_date(view_of(text), &anchor.value))
    anchor.state = ANCHOR_DAY;
  else if (calendar_read_time(world->policy->zone, view_of(text), &anchor.value))
    anchor.state = ANCHOR_INSTANT;
  else
    fail_msg("'%s' is no time", text);
  return anchor;
}

int64_t keep_world_us(const struct keep_world *world, const char *text)
{
  struct anchor anchor = keep_world_anchor(world, text);
  assert_true(anchor.state == ANCHOR_DAY || anchor.state == ANCHOR_INSTANT);
  return anchor.state == ANCHOR_DAY ? zone_day_end(world->policy->zone, anchor.value)
                                    : anchor.value;
}
