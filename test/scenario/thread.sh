#!/bin/sh
# The whole thread by command line, on both engines and, third, beside a server that owns the home
# and carries the commands out [FR-46, FR-49]: a home is made, the policy put in force, data stored;
# a use is allowed and one for another purpose refused with the line of the policy and the article
# [GDPR 5(1)(b)]; what is past its end is planned and erased exactly [GDPR 5(1)(e)]; a person is
# erased [GDPR 17(1)(a)], and the receipt and the log hold.
#
# Time cannot be moved for a home that is there: a credit report that was obtained long ago is past
# its three months at once.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

if [ "${1:-}" != --one ]; then
  "$0" --one sqlite
  "$0" --one served
  with_postgres=$(find "$FORVAR_BUILD" -type f -name with-postgres | head -n 1)
  if [ -n "$with_postgres" ]; then
    exec "$with_postgres" "$0" --one postgres
  fi
  echo 'not ok postgres: with-postgres is not built'
  exit 1
fi

engine=$2
FORVAR_HOME=$TMPDIR/home-$engine
export FORVAR_HOME
policy=$FORVAR_SOURCE/policies/framsteget.yaml
plan=$TMPDIR/$engine.plan
erase_plan=$TMPDIR/$engine.erase
receipt=$TMPDIR/$engine.receipt

# expect NAME CODE ARGUMENT...: the program ends with the code; what it says is kept in out, err.
expect() {
  name=$engine:$1
  wanted=$2
  shift 2
  code=0
  "$FORVAR" "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" <"${input:-/dev/null}" || code=$?
  if [ "$code" -eq "$wanted" ]; then
    echo "ok $name"
  else
    echo "not ok $name: exit code $code, not $wanted"
    cat "$TMPDIR/out" "$TMPDIR/err"
    exit 1
  fi
}

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $engine:$1"
  else
    echo "not ok $engine:$1: expected '$2', got '$3'"
  fi
}

# put NAME CODE JSON ARGUMENT...
put() {
  put_name=$1
  put_code=$2
  echo "$3" >"$TMPDIR/values"
  shift 3
  input=$TMPDIR/values
  expect "$put_name" "$put_code" record put "$@"
  input=/dev/null
}

out() { cat "$TMPDIR/out"; }

if [ "$engine" = postgres ]; then
  expect init 0 init --origin shop.example/forvar --store "$FORVAR_TEST_POSTGRES"
else
  expect init 0 init --origin shop.example/forvar --outward "$TMPDIR/heads"
fi
if [ "$engine" = served ]; then
  "$FORVAR" --quiet serve --listen 127.0.0.1:0 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  wait_until [ -e "$FORVAR_HOME/serve.address" ]
fi
expect nothing_before_a_policy 6 subject add
expect policy_check 0 policy check "$policy"
expect policy_activate 0 policy activate "$policy" --yes

expect subject_add 0 subject add
person=$(out)
expect thing_add 0 thing add "$person" contract --day 2025-01-01
contract=$(out)
expect order_add 0 thing add "$person" order --in "$contract" --time '2025-06-01 10:00'
order=$(out)

put put_contact 0 '{"contact.name":"Anna Ek","contact.email":"anna@example.com"}' \
  "$person" --point purchase --source self
put put_ip 0 '{"traffic.ip":"192.0.2.7"}' "$person" --point access_log --source generated
put undeclared_field_is_refused 7 \
  '{"contact.name":"Anna Ek","contact.email":"anna@example.com","contact.shoe":"38"}' \
  "$person" --point purchase --source self
put needed_field_is_missed 2 '{"contact.name":"Anna Ek"}' "$person" --point purchase --source self

# The use that the data was collected for.
expect use_is_allowed 0 record get "$person" traffic.ip --role security --purpose security
same use_gives_the_value 192.0.2.7 "$(out)"
expect explain_allows 0 explain use "$person" traffic.ip --role security --purpose security
same explain_names_the_rule '  keep    exactly 3 weeks after recorded' "$(sed -n 6p "$TMPDIR/out")"

# Another purpose.
expect other_purpose_is_refused 7 record get "$person" traffic.ip \
  --role seller --purpose direct_marketing
same refusal_gives_no_value '' "$(out)"
line=$(grep -n 'uses: \[contact.name, contact.email\]' "$policy" | cut -d: -f1)
same refusal_names_the_reason 'forvar: refused[no_purpose]' "$(sed -n 1p "$TMPDIR/err")"
same refusal_names_the_line "  --> framsteget version 1 line $line column 5" \
  "$(sed -n 2p "$TMPDIR/err")"
same refusal_quotes_the_line "   $line | uses: [contact.name, contact.email]" \
  "$(sed -n 3p "$TMPDIR/err")"
same refusal_names_the_article '  = law: GDPR 5(1)(b)' "$(sed -n 4p "$TMPDIR/err")"
expect refusal_as_json 7 --json record get "$person" traffic.ip \
  --role seller --purpose direct_marketing
same refusal_as_json_is_exact "no_purpose framsteget $line GDPR 5(1)(b) 7" \
  "$(jq -r '[.reason, .policy.id, .policy.line, .law, .exit] | join(" ")' "$TMPDIR/err")"

echo anna@example.com >"$TMPDIR/identifier"
input=$TMPDIR/identifier
expect found_by_address 0 subject find --field contact.email
input=/dev/null
same found_by_address_gives_the_id "$person" "$(out)"

# An end that has come: no use, and the sweep takes it.
put put_report 0 '{"credit.report":"report 17"}' "$person" --point credit_check --source bureau \
  --thing "$order" --obtained '2025-06-01 10:00'
expect report_past_its_end_is_refused 7 record get "$person" credit.report \
  --role credit --purpose credit
same ended_is_the_reason 'forvar: refused[ended]' "$(sed -n 1p "$TMPDIR/err")"
expect retention_plan 0 retention plan -o "$plan"
same plan_is_for_the_owner_only 600 "$(stat -c %a "$plan")"
same plan_holds_one_record '1 credit.report at most 3 months after obtained' \
  "$(jq -r '[.erase, .due[0].field, .due[0].rule] | join(" ")' "$plan")"
same plan_holds_no_value 0 "$(grep -c 'report 17' "$plan" || true)"
expect plan_does_not_overwrite 6 retention plan -o "$plan"
expect retention_apply 0 retention apply "$plan" --receipt "$TMPDIR/$engine.swept"
code=0
"$FORVAR_VERIFY" "$TMPDIR/$engine.swept" >/dev/null 2>&1 || code=$?
same receipt_of_the_sweep_holds 0 "$code"
same receipt_of_the_sweep_counts 1 \
  "$(jq -r '.body | fromjson | .records' "$TMPDIR/$engine.swept")"
expect retention_apply_again_is_a_conflict 6 retention apply "$plan"
expect retention_run_finds_nothing 0 --json retention run
same retention_run_erased_nothing 0 "$(jq .erased "$TMPDIR/out")"

# Erasing the person.
expect request_add 0 request add "$person" erasure
same request_has_its_number 1 "$(sed -n 1p "$TMPDIR/out")"
expect refusal_without_ground 7 request close "$person" 1 --outcome refused
same refusal_without_ground_names_the_article '  = law: GDPR 12(4)' "$(sed -n 2p "$TMPDIR/err")"
expect erase_plan 0 erase plan "$person" -o "$erase_plan"
put put_after_the_plan 0 '{"traffic.ip":"192.0.2.8"}' "$person" \
  --point access_log --source generated
expect stale_plan_is_a_conflict 6 erase apply "$erase_plan" --receipt "$receipt"
same stale_plan_leaves_no_receipt no "$([ -e "$receipt" ] && echo yes || echo no)"
expect erase_plan_again 0 erase plan "$person" -o "$erase_plan" --force
expect erase_apply 0 erase apply "$erase_plan" --request 1 --receipt "$receipt"
expect erased_is_not_found 5 record get "$person" contact.email --role support --purpose services
input=$TMPDIR/identifier
expect erased_is_not_found_by_address 5 subject find --field contact.email
input=/dev/null

verify() {
  name=$1
  wanted=$2
  shift 2
  code=0
  "$FORVAR_VERIFY" "$@" >"$TMPDIR/out" 2>&1 || code=$?
  same "$name" "$wanted" "$code"
}
verify receipt_holds 0 "$receipt"
sed 's/\\"records\\":4/\\"records\\":3/' "$receipt" >"$receipt.changed"
verify changed_receipt_does_not_hold 12 "$receipt.changed"

expect ledger_verify 0 ledger verify
expect ledger_export 0 ledger export -o "$TMPDIR/$engine.log"
verify export_holds 0 "$TMPDIR/$engine.log"
same log_holds_nothing_of_the_person 0 \
  "$(grep -c -e anna@example.com -e '192\.0\.2' -e "$person" "$TMPDIR/$engine.log" || true)"
if [ "$engine" = sqlite ]; then
  verify home_holds 0 --head "$(find "$TMPDIR/heads" -type f | head -n 1)" "$FORVAR_HOME"
fi
expect epoch_change 0 epoch change
expect doctor_deep 0 --quiet doctor --deep

# Somebody edits the log with the database's own tools.
if [ "$engine" = sqlite ]; then
  sqlite3 "$FORVAR_HOME/data.db" \
    'UPDATE ledger SET root = zeroblob(32)
       WHERE first = (SELECT max(first) FROM ledger WHERE first < 20)'
  expect edited_log_is_found 12 ledger verify
fi
