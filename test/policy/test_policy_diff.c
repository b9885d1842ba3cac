#include "policy_file.h"

#include "policy/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { TEXT_BYTES_MAX = 16 * 1024 };

static const char base[] =
    "forvar: 1\n"
    "policy: {id: x, version: 1, effective: 2025-01-01, languages: [en], zone: Europe/Stockholm}\n"
    "controllers: {x: {name: X, email: x@example.com, authority: se.imy}}\n"
    "limits: {k: 5, log_keep: 10 years}\n"
    "fields: {c: {f: {type: text}, g: {type: text}}}\n"
    "things: {order: {events: {made: {at: day, by: person}, done: {at: day, by: system}},\n"
    "  spans: {open: {from: [made], to: [done]}}}}\n"
    "subjects: {k: {title: {en: k}}, m: {title: {en: m}}}\n"
    "sources: {s: {is: self}}\n"
    "collect: {form: {kinds: [k, m], fields: [c.f, c.g], source: [s], for: [p, q]}}\n"
    "purposes:\n"
    "  p: {title: {en: P}, about: [k], basis: {k: {consent: t}}, uses: [c],\n"
    "    keep: at most 12 months after recorded}\n"
    "  q: {title: {en: Q}, about: [m], basis: {m: {consent: u}}, uses: [c.f],\n"
    "    keep: exactly 3 weeks after recorded}\n"
    "roles: {r: {for: [p, q], reads: [c.f, c.g]}}\n"
    "recipients: {z: {title: {en: Z}, is: controller, places: [eea], for: [p], gets: [c.f],\n"
    "  when: any order.open}}\n"
    "parties: {y: {name: Y, in: z, country: SE}}\n"
    "disclosures: {d: {title: {en: D}, to: person, for: p, gets: [c.f], evidence: {why: text},\n"
    "  approve: 2}}\n"
    "systems: {w: {title: {en: W}, place: SE, country: SE, holds: [c], access: own, delete: "
    "direct}}\n"
    "statistics: {t: {for: p, from: [c.f], by: [], values: [count], k: 9, every: 1 month}}\n"
    "messages: {n: {class: service, for: p, about: [k], channels: [email]}}\n"
    "rights: {access: {identity: 2}}\n"
    "holds: {h: {while: any order.open, covers: cited, for: p, review: 6 months, release: two}}\n"
    "switches: {e: {stops: [p], default: on, title: {en: E}}}\n"
    "cookies: {table: {b: {type: permanent, life: 1 day, purposes: [necessary], fields: [], why: "
    "{en: "
    "B}}}}\n"
    "controls: {l: {title: {en: L}, owner: controller, every: 1 month}}\n"
    "breach: {notify: high, owner: controller}\n"
    "dpo: {contact: o@example.com}\n"
    "intake: {i: {channel: email, address: i@example.com, takes: [all]}}\n";

static struct policy *compile(const char *text)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  if (policy_read("x.yaml", view_of(text), &policy, &findings, &err) != ERR_OK)
    fail_msg("the policy of the test has errors: %s", err.message);
  return policy;
}

// The base with `old` put in the place of `new`, compared with the base.
static void compare(const char *old, const char *new, struct policy_diff *ret_diff,
                    struct policy *ret_policies[2])
{
  OWNED(str) struct str text = STR_INIT(TEXT_BYTES_MAX);
  const char *at = strstr(base, old);
  assert_non_null(at);
  str_add(&text, view_bytes(base, (size_t)(at - base)));
  str_add(&text, view_of(new));
  str_add(&text, view_of(at + strlen(old)));
  ret_policies[0] = compile(base);
  ret_policies[1] = compile(str_text(&text));
  struct err err = ERR_INIT;
  assert_int_equal(policy_diff_make(ret_policies[0], ret_policies[1], ret_diff, &err), ERR_OK);
}

static void expect(const char *old, const char *new, const char *wanted)
{
  OWNED(policy_diff) struct policy_diff diff = {0};
  struct policy *policies[2];
  OWNED(str) struct str found = STR_INIT(TEXT_BYTES_MAX);
  compare(old, new, &diff, policies);
  for (int32_t i = 0; i < diff.count; i++) {
    const struct difference *item = &diff.items[i];
    str_format(&found, "%s%s %s %s%s%s: %s", i == 0 ? "" : "; ",
               difference_change_name(item->change), item->what, item->owner,
               item->part[0] == '\0' ? "" : "/", item->part, difference_effect_name(item->effect));
  }
  assert_string_equal(str_text(&found), wanted);
  policy_free(policies[0]);
  policy_free(policies[1]);
}

// Version, comments, layout and the order of lists and maps are no difference.
static void diff__order_comments_and_version_make_no_difference(void **state)
{
  (void)state;
  expect("version: 1, effective: 2025-01-01", "version: 2, effective: 2025-06-01", "");
  expect("forvar: 1\n", "# another comment\n\nforvar: 1\n", "");
  expect("kinds: [k, m], fields: [c.f, c.g]", "fields: [c.g, c.f], kinds: [m, k]", "");
  expect("{f: {type: text}, g: {type: text}}", "{g: {type: text}, f: {type: text}}", "");
  expect("for: [p, q], reads: [c.f, c.g]", "reads: [c.g, c.f], for: [q, p]", "");
  expect("{k: {title: {en: k}}, m: {title: {en: m}}}", "{m: {title: {en: m}}, k: {title: {en: k}}}",
         "");
}

// A keep rule is longer or shorter by what it does, whatever it looks like [GDPR 5(1)(e)].
static void diff__keep_rules_are_compared_by_their_ends(void **state)
{
  (void)state;
  expect("exactly 3 weeks", "exactly 21 days", "changed keep rule q/c.f: editorial");
  expect("exactly 3 weeks", "exactly 22 days", "changed keep rule q/c.f: loosens");
  expect("exactly 3 weeks", "exactly 20 days", "changed keep rule q/c.f: tightens");
  expect("exactly 3 weeks", "at most 3 weeks", "changed keep rule q/c.f: loosens");
  expect("exactly 3 weeks after recorded", "\"exactly 3 weeks after recorded, cut at order.done\"",
         "changed keep rule q/c.f: tightens");
  expect("at most 12 months", "at most 1 year",
         "changed keep rule p/c.f: editorial; changed keep rule p/c.g: editorial");
}

// Longer for one and shorter for another is told as loosening.
static void diff__keep_rule_that_moves_both_ways_loosens(void **state)
{
  (void)state;
  expect("exactly 3 weeks after recorded",
         "\"exactly 5 weeks after recorded, no later than 9 weeks after first order.done\"",
         "changed keep rule q/c.f: loosens");
}

// A new purpose is one difference, with what it opens for old data [GDPR 5(1)(b)].
static void diff__new_purpose_is_told_once_and_with_its_article(void **state)
{
  (void)state;
  OWNED(policy_diff) struct policy_diff diff = {0};
  struct policy *policies[2];
  compare("roles:",
          "  n: {title: {en: N}, about: [k], basis: {k: {consent: v}}, uses: [c.g],\n"
          "    keep: exactly 1 week after recorded}\n"
          "roles:",
          &diff, policies);
  assert_int_equal(diff.count, 1);
  assert_string_equal(diff.items[0].what, "purpose");
  assert_string_equal(diff.items[0].owner, "n");
  assert_string_equal(diff.items[0].article, "GDPR 5(1)(b)");
  assert_non_null(strstr(diff.items[0].meaning, "opens nothing backwards"));
  assert_int_equal(diff.items[0].before_place.line, 0);
  assert_int_equal(diff.items[0].after_place.line, 16);
  assert_int_equal(diff.items[0].after_place.column, 3);
  assert_int_equal(diff.counts[EFFECT_LOOSENS], 1);
  policy_free(policies[0]);
  policy_free(policies[1]);
}

// Both places of what changed, each in its own file.
static void diff__both_places_are_named(void **state)
{
  (void)state;
  OWNED(policy_diff) struct policy_diff diff = {0};
  struct policy *policies[2];
  compare("forvar: 1\n", "\n\nforvar: 1\n", &diff, policies);
  assert_int_equal(diff.count, 0);
  policy_diff_clear(&diff);
  policy_free(policies[0]);
  policy_free(policies[1]);
  compare("purposes:\n  p: {title: {en: P}, about: [k], basis: {k: {consent: t}}, uses: [c],\n",
          "purposes:\n\n  p: {title: {en: P}, about: [k], basis: {k: {contract: any order.open}}, "
          "uses: "
          "[c],\n",
          &diff, policies);
  const struct difference *basis = &diff.items[0];
  assert_string_equal(basis->what, "basis");
  assert_string_equal(basis->before, "consent t");
  assert_int_equal(basis->before_place.line, 12);
  assert_int_equal(basis->after_place.line, 13);
  policy_free(policies[0]);
  policy_free(policies[1]);
}

// Purposes, fields, points, roles, bases, kinds, things, limits: each in its own words.
static void diff__each_construct_has_its_difference(void **state)
{
  (void)state;
  expect("uses: [c.f]", "uses: [c]", "added field of a purpose q/c.g: loosens");
  expect("g: {type: text}", "g: {type: note}", "changed field c.g: loosens");
  expect("source: [s], for: [p, q]", "source: [s], for: [p]",
         "removed purpose of a point form/q: tightens");
  expect("reads: [c.f, c.g]", "reads: [c.f]", "removed field that a role reads r/c.g: tightens");
  expect("reads: [c.f, c.g]", "reads: [c.f, c.g], masked: [c.g]",
         "changed field that a role reads r/c.g: tightens");
  expect("roles: {r:", "roles: {a: {for: [p], reads: [c.f]}, r:", "added role a: loosens");
  expect("consent: u", "consent: u2", "changed basis q/m: tightens");
  expect("title: {en: Q}", "title: {en: Quality}", "changed title of a purpose q/en: editorial");
  expect("log_keep: 10 years", "log_keep: 9 years",
         "changed time that the log is kept limits: tightens");
  expect("k: 5,", "k: 4,", "changed smallest group of a statistic limits: loosens");
  expect("k: 5,", "k: 6,", "changed smallest group of a statistic limits: tightens");
  expect("done: {at: day, by: system}}",
         "done: {at: day, by: system}, lost: {at: day, by: system}}",
         "added event order/order.lost: loosens");
  expect("from: [made], to: [done]", "from: [done], to: [made]",
         "changed thing order: loosens; changed span order/order.open: loosens");
  expect("email: x@example.com", "email: y@example.com",
         "changed controller's address controller: editorial");
}

// What leaves, to whom and where to, has its difference like everything else [GDPR 13(1)(e), (f)].
static void diff__the_outward_side_has_its_differences(void **state)
{
  (void)state;
  expect("places: [eea]", "places: [adequate, eea]",
         "added place of a recipient z/adequate: loosens");
  expect("for: [p], gets: [c.f]", "for: [p, q], gets: [c.f]",
         "added purpose of a recipient z/q: loosens");
  expect("for: [p], gets: [c.f]", "for: [p], gets: [c]",
         "added field that a recipient gets z/c.g: loosens");
  expect(",\n  when: any order.open", "", "removed time of a recipient z: loosens");
  expect("is: controller", "is: authority", "changed recipient z: loosens");
  expect("title: {en: Z}", "title: {en: A}", "changed title of a recipient z/en: editorial");
  expect("parties: {y: {name: Y, in: z, country: SE}}\n", "", "removed party y: tightens");
  expect("{name: Y, in: z, country: SE}", "{name: Y, in: z, country: NO}",
         "changed party y: editorial");
  expect("evidence: {why: text}", "evidence: {why: text, who: staff}",
         "added evidence d/who: tightens");
  expect("approve: 2}", "approve: 3}", "changed kind of handing out d: loosens");
  expect("access: own", "access: staff", "changed system w: editorial");
  expect("values: [count]", "values: [count, sum]", "changed figure t: loosens");
}

// How people are dealt with has its difference, too [GDPR 12(2), 21] [LEK 9:28].
static void diff__conduct_has_its_differences(void **state)
{
  (void)state;
  expect("channels: [email]", "channels: [email, sms]", "changed kind of message n: loosens");
  expect("messages: {n: {class: service, for: p, about: [k], channels: [email]}}\n", "",
         "removed kind of message n: tightens");
  expect("{identity: 2}", "{identity: 3}", "changed right access: loosens");
  expect("rights: {access: {identity: 2}}\n", "", "removed right access: loosens");
  expect("review: 6 months", "review: 9 months", "changed kind of hold h: loosens");
  expect("stops: [p]", "stops: [p, q]", "added purpose of a switch e/q: tightens");
  expect("default: on", "default: off", "changed switch e: loosens");
  expect("life: 1 day", "life: 2 days", "changed cookie b: loosens");
  expect("purposes: [necessary]", "purposes: [necessary, p]",
         "added purpose of a cookie b/p: loosens");
  expect("every: 1 month}}\nbreach", "every: 2 months}}\nbreach", "changed control l: loosens");
  expect("notify: high", "notify: always", "changed handling of breaches breach: loosens");
  expect("o@example.com", "m@example.com", "changed data protection officer dpo: editorial");
  expect("i@example.com", "j@example.com", "changed place of intake i: editorial");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(diff__order_comments_and_version_make_no_difference),
      cmocka_unit_test(diff__keep_rules_are_compared_by_their_ends),
      cmocka_unit_test(diff__keep_rule_that_moves_both_ways_loosens),
      cmocka_unit_test(diff__new_purpose_is_told_once_and_with_its_article),
      cmocka_unit_test(diff__both_places_are_named),
      cmocka_unit_test(diff__each_construct_has_its_difference),
      cmocka_unit_test(diff__the_outward_side_has_its_differences),
      cmocka_unit_test(diff__conduct_has_its_differences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
