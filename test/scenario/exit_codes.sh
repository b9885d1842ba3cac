#!/bin/sh
# Each exit code once, and a few ends that have none of their own: a full disk, files that are
# there already, two things with an event of the same name.
set -eu

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
shop=$FORVAR_SOURCE/test/policy/ok/shop.yaml

# expect NAME CODE ARGUMENT...
expect() {
  name=$1
  wanted=$2
  shift 2
  code=0
  "$FORVAR" "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" <"${input:-/dev/null}" || code=$?
  if [ "$code" -eq "$wanted" ]; then
    echo "ok $name"
  else
    echo "not ok $name: exit code $code, not $wanted"
    cat "$TMPDIR/out" "$TMPDIR/err"
  fi
}

same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

expect done_is_0 0 init --origin shop.example/forvar
same company_key_is_for_the_owner_only 600 "$(stat -c %a "$FORVAR_HOME/company.key")"
expect no_name_of_a_log_is_2 2 --home "$TMPDIR/other" init --origin 'shop example'
same refused_init_leaves_nothing no "$([ -e "$TMPDIR/other" ] && echo yes || echo no)"
expect usage_is_2 2 policy
expect findings_are_3 3 policy check "$FORVAR_SOURCE/test/policy/bad/b07_no_basis.yaml"
same findings_are_word_for_word "$FORVAR_SOURCE/test/policy/bad/b07_no_basis.yaml" \
  "$(cut -d: -f1 "$TMPDIR/out" | head -n 1)"
expect findings_as_json_are_3 3 --json policy check \
  "$FORVAR_SOURCE/test/policy/bad/b07_no_basis.yaml"
same finding_as_json_has_its_id B07 "$(jq -r '.findings[0].id' "$TMPDIR/out")"
expect policy_with_findings_is_not_activated 3 policy activate \
  "$FORVAR_SOURCE/test/policy/bad/b07_no_basis.yaml" --yes
expect policy_without_its_decisions_is_not_activated 3 policy activate \
  "$FORVAR_SOURCE/test/policy/lint/unanswered.yaml" --yes
expect undecided_are_3 3 policy check "$FORVAR_SOURCE/test/policy/lint/unanswered.yaml"
expect five_policies_are_0 0 policy check "$FORVAR_SOURCE"/policies/*.yaml
for written in "$FORVAR_SOURCE"/policies/as-written/*.yaml; do
  expect "$(basename "$written" .yaml)_as_written_is_3" 3 policy check "$written"
done
expect findings_as_json 3 --json policy check "$written"
same findings_name_their_schema forvar.findings/1 "$(jq -r .schema "$TMPDIR/out")"
same finding_of_a_lawyer_has_its_ref L-26 \
  "$(jq -r '[.findings[] | select(.id == "R03")][0].ref' "$TMPDIR/out")"
expect finding_is_explained 0 policy explain KR01
same explanation_has_the_article 1 "$(grep -c 'KR01 (error), GDPR 5(1)(e)' "$TMPDIR/out")"
expect missing_file_is_5 5 policy check "$TMPDIR/nothing.yaml"
expect second_home_is_6 6 init
expect activating_wants_to_be_meant 2 policy activate "$shop"

# Events of one name in two things stay apart: the end of the contract is not that of an order.
sed 's/done/ended/g' "$shop" >"$TMPDIR/shop.yaml"
expect activate 0 policy activate "$TMPDIR/shop.yaml" --yes
expect same_version_is_6 6 policy activate "$TMPDIR/shop.yaml" --yes
expect person 0 subject add
person=$(cat "$TMPDIR/out")
expect contract 0 thing add "$person" contract --day 2025-01-01
contract=$(cat "$TMPDIR/out")
echo '{"contact.email":"anna@example.com"}' >"$TMPDIR/values"
input=$TMPDIR/values
expect put 0 record put "$person" --point purchase --source self
input=/dev/null
expect allowed_while_the_contract_runs 0 \
  record get "$person" contact.email --role support --purpose service
expect kept_mode_gives_the_same 0 \
  record get "$person" contact.email --role support --purpose service --kept
same kept_mode_gives_the_value anna@example.com "$(cat "$TMPDIR/out")"
expect contract_ends 0 event add "$person" "$contract" contract.ended --day 2025-02-01
expect refused_is_7 7 record get "$person" contact.email --role support --purpose service

# A second version shows what changes.
sed 's/version: 1/version: 2/; s/exactly 3 weeks/exactly 2 weeks/' "$TMPDIR/shop.yaml" \
  >"$TMPDIR/shop2.yaml"
expect second_version 0 policy activate "$TMPDIR/shop2.yaml" --yes
same change_is_shown \
  '  + purpose guard: keep log.ip: exactly 2 weeks after recorded [by recorded]' \
  "$(grep 'exactly 2' "$TMPDIR/out")"
same nothing_else_of_the_rules_is_shown 2 "$(grep -c ' keep ' "$TMPDIR/out")"

expect opt_out 0 marketing opt-out "$person"
expect objection_is_closed_at_once 0 --json request add "$person" marketing-objection
same objection_is_closed true "$(jq .closed "$TMPDIR/out")"
expect nobody_is_5 5 record get p_0000000000000 contact.email --role support --purpose service
expect unknown_role_is_2 2 record get "$person" contact.email --role suport --purpose service
same unknown_role_is_suggested \
  "forvar: error[input]: the policy has no such role; did you mean 'support'?" \
  "$(head -n 1 "$TMPDIR/err")"

code=0
flock "$FORVAR_HOME/lock" "$FORVAR" subject add >/dev/null 2>&1 || code=$?
same busy_is_11 11 "$code"
code=0
"$FORVAR" help >/dev/full 2>/dev/null || code=$?
same full_disk_is_1 1 "$code"
expect doctor 0 doctor
same doctor_tells_of_heads_first 'warning  outward heads' "$(cut -d: -f1 "$TMPDIR/out" | head -n 1)"
mv "$FORVAR_HOME/company.key" "$TMPDIR/company.key"
expect missing_key_is_1 1 doctor
mv "$TMPDIR/company.key" "$FORVAR_HOME/company.key"
sqlite3 "$FORVAR_HOME/data.db" 'UPDATE record SET recorded_us = recorded_us + 1'
expect edited_row_is_12 12 doctor --deep
same edited_row_comes_first wrong "$(cut -c1-5 "$TMPDIR/out" | head -n 1)"
