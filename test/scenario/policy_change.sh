#!/bin/sh
# A company changes its policy without surprise: the difference in meaning, a plan counted on the
# home's own data, activation by that plan or not at all, versions that wait for their day.
set -eu

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
first=$FORVAR_SOURCE/test/thread/framsteget.yaml
second=$TMPDIR/second.yaml
sed 's/version: 1/version: 2/; s/exactly 3 weeks after recorded/exactly 1 day after recorded/' \
  "$first" >"$second"
"$FORVAR" --quiet init --origin shop.example/forvar
"$FORVAR" --quiet policy activate "$first" --yes 2>/dev/null

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

code_of() {
  code=0
  "$FORVAR" "$@" >"$TMPDIR/out" 2>"$TMPDIR/errors" </dev/null || code=$?
  echo "$code"
}
of() { jq -r "$1" "$TMPDIR/out"; }

# Difference.
{
  echo '# only a comment'
  cat "$first"
} >"$TMPDIR/comment.yaml"
same equal_in_meaning_is_0 0 "$(code_of policy diff "$first" "$TMPDIR/comment.yaml")"
same different_is_1 1 "$(code_of --json policy diff "$first" "$second")"
same diff_is_counted 'forvar.policy_diff/1 0 1 0' \
  "$(of '[.schema, .loosens, .tightens, .editorial] | join(" ")')"
same diff_names_the_rule 'keep rule security exactly 1 day after recorded' \
  "$(of '.differences[0] | [.what, .name, .after] | join(" ")')"
same diff_has_both_places true \
  "$(of '.differences[0] | .before_at.line > 0 and .after_at.line > 0')"
same bad_policy_is_3 3 "$(code_of policy diff "$first" /dev/null)"

# Plan: an address that is to go earlier.
person=$("$FORVAR" subject add)
"$FORVAR" --quiet thing add "$person" contract --day 2025-01-01 >/dev/null
put() {
  echo "{\"traffic.ip\":\"$1\"}" |
    "$FORVAR" --quiet record put "$person" --point access_log --source generated
}
put 192.0.2.7
same plan_is_made 0 "$(code_of policy plan "$second" -o "$TMPDIR/plan")"
cp "$TMPDIR/plan" "$TMPDIR/out"
same plan_counts '1 0 1 1 0' \
  "$(of '[.records, .records_longer, .records_shorter, .persons_moved, .services_refused]
    | join(" ")')"
put 192.0.2.8
same moved_data_is_6 6 "$(code_of policy activate "$second" --plan "$TMPDIR/plan")"
same nothing_is_done 1 "$("$FORVAR" --json policy show | jq .version)"
same plan_again 0 "$(code_of policy plan "$second" -o "$TMPDIR/plan" --force)"
same another_file_is_6 6 "$(code_of policy activate "$first" --plan "$TMPDIR/plan")"
same plan_is_applied 0 "$(code_of policy activate "$second" --plan "$TMPDIR/plan")"
same version_2_is_in_force 2 "$("$FORVAR" --json policy show | jq .version)"

# A version waits for its day.
sed 's/version: 2/version: 3/; s/effective: 2025-01-01/effective: 2090-01-01/' "$second" \
  >"$TMPDIR/third.yaml"
same future_version_is_taken 0 "$(code_of --json policy activate "$TMPDIR/third.yaml" --yes)"
same future_version_waits false "$(of .in_force)"
same version_2_still_is_in_force 2 "$("$FORVAR" --json policy show | jq .version)"
same history_is_told 0 "$(code_of --json policy history)"
same history_has_states 'replaced,in force,waits for its day' \
  "$(of '[.versions[].state] | join(",")')"

# The facts of the law stand with the version that was judged by them (P9).
same history_names_the_law true "$(of '[.versions[].law | test("^eu of .*se of ")] | all')"
law() {
  "$FORVAR" --json doctor |
    jq -r '[.checks[] | select(.name == "law" and .state != "good")] | length'
}
same doctor_knows_the_law 0 "$(law)"
sqlite3 "$FORVAR_HOME/data.db" "UPDATE policy SET law = 'se of 2020-01-01' WHERE version = 2"
same doctor_tells_of_other_facts 1 "$(law)"

# Consents to a text that is asked for no more are counted before.
FORVAR_HOME=$TMPDIR/readers
"$FORVAR" --quiet init --origin shop.example/readers
"$FORVAR" --quiet policy activate "$FORVAR_SOURCE/test/trial/reader.yaml" --yes 2>/dev/null
person=$("$FORVAR" subject add --kind reader)
thing=$("$FORVAR" thing add "$person" letter_consent --time 2026-01-20T12:00:00Z)
echo '{"person.email":"anna@example.com"}' |
  "$FORVAR" --quiet record put "$person" --point subscribe --source self --thing "$thing"
same consent_plan_is_made 0 \
  "$(code_of policy plan "$FORVAR_SOURCE/test/trial/reader.v2.yaml" -o "$TMPDIR/plan" --force)"
cp "$TMPDIR/plan" "$TMPDIR/out"
same consents_that_lapse_are_counted '1 1' \
  "$(of '[.persons_lapsed, .records_unserved] | join(" ")')"
