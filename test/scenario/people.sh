#!/bin/sh
# What the command line shows of a person without opening a value, and how data is set right: times
# of both sorts, retractions, corrections, reasons to keep, and receipts.
set -eu

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
"$FORVAR" --quiet init --origin shop.example/forvar
"$FORVAR" --quiet policy activate "$FORVAR_SOURCE/policies/framsteget.yaml" --yes 2>/dev/null

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

# ends NAME CODE COMMAND...: the command ends with that exit code.
ends() {
  name=$1
  wanted=$2
  shift 2
  code=0
  "$FORVAR" "$@" >"$TMPDIR/out" 2>"$TMPDIR/errors" || code=$?
  same "$name" "$wanted" "$code"
}
as_json() { "$FORVAR" --json "$@" | jq -r "$query"; }

person=$("$FORVAR" subject add)
contract=$("$FORVAR" thing add "$person" contract --day 2025-01-01)
echo '{"contact.name":"Anna Ek","contact.email":"anna@example.com"}' |
  "$FORVAR" --quiet record put "$person" --point purchase --source self
for ip in 192.0.2.7 192.0.2.8; do
  echo "{\"traffic.ip\":\"$ip\"}" |
    "$FORVAR" --quiet record put "$person" --point access_log --source generated
done
event=$("$FORVAR" event add "$person" "$contract" contract.ended --day 2026-01-31)

# The person, the thing, the records.
query='[.schema, .kinds[0], .things, .events, .records] | join(" ")'
same subject_is_shown 'forvar.subject.show/1 former_customer 1 2 4' \
  "$(as_json subject show "$person")"
query='[.things[0].type, .things[0].spans[0].state, .events[1].name, .events[1].effective]
  | join(" ")'
same thing_is_shown 'contract ended contract.ended 2026-01-31T00:00:00+01:00' \
  "$(as_json thing show "$person" "$contract")"
query='[.records[] | .field + ":" + (.number | tostring)] | join(" ")'
same records_are_listed 'contact.name:0 contact.email:0 traffic.ip:0 traffic.ip:1' \
  "$(as_json record list "$person")"
query='[.moments[] | select(.what == "event") | .name + " " + .at[0:10]] | join(", ")'
same timeline_is_in_order 'contract.signed 2025-01-01, contract.ended 2026-01-31' \
  "$(as_json subject timeline "$person")"
same values_are_not_shown 0 \
  "$({ "$FORVAR" subject timeline "$person" && "$FORVAR" record list "$person"; } |
    grep -Ec 'Anna|example|192[.]0' || true)"
ends thing_of_nobody 5 thing show "$person" t_0000000000000

# Why it is still there.
query='[.records[0].bindings[] | select(.purpose == "services") | .ends, .end[0:10]] | join(" ")'
same end_is_explained 'at 2027-02-01' "$(as_json retention explain "$person" contact.email)"
query='.records[0].bindings[0].line'
line=$(as_json retention explain "$person" traffic.ip)
same line_is_that_of_the_policy '    keep: exactly 3 weeks after recorded' \
  "$(sed -n "${line}p" "$FORVAR_SOURCE/policies/framsteget.yaml")"

# An event that did not happen.
"$FORVAR" --quiet event retract "$person" "$contract" "$event"
query='[.things[0].spans[0].state, (.events[1] | has("retracted") | tostring)] | join(" ")'
same retracted_event_counts_no_more 'active true' "$(as_json thing show "$person" "$contract")"
ends retracted_once 5 event retract "$person" "$contract" "$event"
ends event_by_number 2 event retract "$person" "$contract" first

# A wrong value [GDPR 16].
query='.records[1].recorded'
recorded=$(as_json record list "$person")
echo ek@example.com | "$FORVAR" --quiet record correct "$person" contact.email
same value_is_corrected ek@example.com \
  "$("$FORVAR" record get "$person" contact.email --role support --purpose services)"
same corrected_datum_is_as_old "$recorded" "$(as_json record list "$person")"
query='.records[1].version'
same correction_is_a_version 2 "$(as_json record list "$person")"
same new_address_is_found "$person" \
  "$(echo ek@example.com | "$FORVAR" subject find --field contact.email)"
same old_address_is_not 5 "$(echo anna@example.com |
  "$FORVAR" subject find --field contact.email 2>/dev/null || echo $?)"
same which_of_several 2 "$(echo 192.0.2.9 |
  "$FORVAR" record correct "$person" traffic.ip 2>/dev/null || echo $?)"
echo 192.0.2.9 | "$FORVAR" --quiet record correct "$person" traffic.ip --number 1
same only_that_one '192.0.2.7 192.0.2.9' \
  "$("$FORVAR" record get "$person" traffic.ip --role security --purpose security | tr '\n' ' ' |
    sed 's/ $//')"
same form_is_checked 2 "$(echo nowhere |
  "$FORVAR" record correct "$person" contact.email 2>/dev/null || echo $?)"
same all_adds_up 0 "$("$FORVAR" doctor --deep >/dev/null && echo $?)"

# A hold stands in the way of every end [GDPR 17(3)(e)].
other=$("$FORVAR" subject add)
"$FORVAR" --quiet thing add "$other" contract --day 2025-01-01 >/dev/null
echo '{"contact.name":"Bo Alm","contact.email":"bo@example.com"}' |
  "$FORVAR" --quiet record put "$other" --point purchase --source self
hold=$(echo 'case 17' | "$FORVAR" hold add "$other" claim --role support \
  --review "$(date -d '30 days' +%F)" --field contact.email)
query='.records[0].hold'
same hold_is_told "$hold" "$(as_json retention explain "$other" contact.email)"
same hold_covers_that_field_only null "$(as_json retention explain "$other" contact.name)"

# What the policy says.
query='[.says[] | select(.what == "keeps") | .text] | join(", ")'
same purpose_is_explained 'traffic.ip exactly 3 weeks after recorded' \
  "$(as_json policy explain security)"
query='[.says[] | .what + " " + .text] | join(", ")'
same promise_is_explained 'rule purposes.security' "$(as_json policy explain FR-49)"
query='[.says[] | select(.what == "reads") | .text] | join(", ")'
same field_is_explained 'security' "$(as_json policy explain traffic.ip)"
ends unknown_name 5 policy explain nothing

# A receipt, and one that was changed.
"$FORVAR" --quiet erase plan "$person" -o "$TMPDIR/plan"
"$FORVAR" --quiet erase apply "$TMPDIR/plan" --receipt "$TMPDIR/receipt"
query='[.schema, .operation] | join(" ")'
same receipt_holds 'forvar.erase.verify/1 erase' "$(as_json erase verify "$TMPDIR/receipt")"
sed 's/"records\\":4/"records\\":5/' "$TMPDIR/receipt" >"$TMPDIR/changed"
ends changed_receipt 12 erase verify "$TMPDIR/changed"
"$FORVAR" --quiet retention run --receipt "$TMPDIR/sweep"
same receipt_of_a_sweep_holds retention.run \
  "$("$FORVAR" --json erase verify "$TMPDIR/sweep" | jq -r '.body | fromjson | .what')"
FORVAR_HOME=$TMPDIR/other
"$FORVAR" --quiet init --origin other.example/forvar
ends receipt_of_another_log 2 erase verify "$TMPDIR/receipt"
