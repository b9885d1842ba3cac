#!/bin/sh
# The demo, typed as it is printed: each command does what the line above it says, beside the server
# that the demo has started; a second call goes on with the same home.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

home=$TMPDIR/demo
cd "$TMPDIR"

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

# start: runs the demo and waits until it has printed all, and until the sweep of the day is done.
start() {
  rm -f "$TMPDIR/printed"
  "$FORVAR" demo "$FORVAR_SOURCE/policies/framsteget.yaml" --home "$home" --people 8 \
    --listen 127.0.0.1:0 >"$TMPDIR/printed" 2>"$TMPDIR/told" &
  server=$!
  wait_until grep -qs '/notice.en$' "$TMPDIR/printed"
}
stop() {
  kill "$server" 2>/dev/null || true
  wait "$server" || true
}
trap stop EXIT

# typed PATTERN: runs the one printed line that has it, and leaves its output in out.
typed() {
  grep -e "$1" "$TMPDIR/printed" | grep -v '^#' | head -n 1 >"$TMPDIR/line"
  code=0
  FORVAR_HOME=$home sh "$TMPDIR/line" >"$TMPDIR/out" 2>&1 || code=$?
  echo "$code"
}

code=0
"$FORVAR" demo "$FORVAR_SOURCE/policies/framsteget.yaml" --home "$home" --people 7 \
  >/dev/null 2>&1 || code=$?
same too_few_people_are_a_mistake 2 "$code"
same nothing_was_made no "$([ -e "$home" ] && echo yes || echo no)"

start
same people_are_made 'making 8 people who do not exist, and three years' \
  "$(head -n 1 "$TMPDIR/printed")"
same home_is_named "export FORVAR_HOME=$home" "$(grep '^export' "$TMPDIR/printed")"

# The sweep of today runs as the server starts.
is_swept() {
  typed ' record list' >/dev/null
  ! grep -q traffic.ip "$TMPDIR/out"
}
wait_until is_swept
same sweep_was_due 1 "$(grep -Ec 'a sweep of today takes [1-9][0-9]* records' "$TMPDIR/printed")"

same use_is_allowed 0 "$(typed ' record get')"
same use_gives_an_address 1 "$(grep -Ec '^(192.0.2|198.51.100|203.0.113)\.' "$TMPDIR/out")"
same other_use_is_refused 7 "$(typed ' explain use')"
same refusal_says_why 'refused: no_purpose' "$(head -n 1 "$TMPDIR/out")"
same refusal_names_the_article 1 "$(grep -c 'law  *GDPR 5(1)(b)' "$TMPDIR/out")"
same refusal_names_the_line 1 \
  "$(grep -Ec 'policy  *framsteget version 1 line [0-9]+' "$TMPDIR/out")"
same policy_is_explained 0 "$(typed ' policy explain')"
same three_weeks_stand_there 1 "$(grep -c 'exactly 3 weeks after recorded' "$TMPDIR/out")"

same first_list_is_shown 0 "$(typed ' record list')"
same old_address_is_gone 0 "$(grep -c traffic.ip "$TMPDIR/out" || true)"
same the_rest_is_there 1 "$(grep -c '^contact.email ' "$TMPDIR/out")"
former=$(grep -e ' retention explain' "$TMPDIR/printed" | grep -o 'p_[0-9a-z]*')
same second_list_is_shown 0 "$(typed "record list $former")"
same voucher_alone_remains 'billing.voucher 0' "$(cut -d' ' -f1,2 "$TMPDIR/out")"
same end_is_explained 0 "$(typed ' retention explain')"
same bookkeeping_is_the_reason 1 "$(grep -c 'accounts: until' "$TMPDIR/out")"
same timeline_is_shown 0 "$(typed ' subject timeline')"
same customer_left 1 "$(grep -c 'contract.ended' "$TMPDIR/out")"

same erasure_is_planned 0 "$(typed ' erase plan')"
same erasure_is_done 0 "$(typed ' erase apply')"
same receipt_holds 0 "$(typed 'forvar-verify ')"
same receipt_is_of_the_demo 1 "$(grep -c 'holds: receipt of demo.example/forvar' "$TMPDIR/out")"
same log_is_shown 0 "$(typed ' ledger show')"
same log_names_nobody 0 "$(grep -Ec 'Testsson|example.com' "$TMPDIR/out" || true)"

same value_over_http 0 "$(typed '^curl')"
same value_is_that_of_the_customer person.00000@example.com \
  "$(jq -r '.values[0].value' "$TMPDIR/out")"
stop

first=$(grep -e ' record get' "$TMPDIR/printed")
start
same second_call_goes_on "going on with the home in $home; remove it to begin anew" \
  "$(head -n 1 "$TMPDIR/printed")"
same people_are_the_same "$first" "$(grep -e ' record get' "$TMPDIR/printed")"
same erased_stays_erased 5 "$(typed ' erase plan')"
stop
same all_adds_up 0 "$(FORVAR_HOME=$home "$FORVAR" doctor --deep >/dev/null && echo $?)"
