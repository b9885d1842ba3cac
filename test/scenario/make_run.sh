#!/bin/sh
# `make run` as somebody new meets it: every line that it prints is typed beside the server, in its
# order, and does what is said of it [GDPR 5(1)(b)], [GDPR 5(1)(e)], [GDPR 17(1)(a)], [FR-49],
# [FR-73]. A second call goes on with the same home; one whose making was cut off begins anew.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

export FORVAR_HOME="$TMPDIR/run" FORVAR_DEMO_PEOPLE=200 FORVAR_DEMO_LISTEN=127.0.0.1:0
cd "$FORVAR_SOURCE"

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

is_swept() { [ "$("$FORVAR" retention plan -o - | jq .erase)" = 0 ]; }

# Until all is printed and the sweep that runs at the start is done.
start() {
  tool/run >"$TMPDIR/printed" 2>"$TMPDIR/told" &
  server=$!
  wait_until grep -qs '/notice.en$' "$TMPDIR/printed"
  wait_until is_swept
}

stop() {
  kill "$server"
  code=0
  wait "$server" || code=$?
  same "$1" 0 "$code"
  server=''
}

# A call that was cut off has left this.
mkdir "$FORVAR_HOME.new"
echo 'store: sqlite:data.db' >"$FORVAR_HOME.new/home.conf"
start
same people_are_made 1 "$(grep -c "^making 200 people" "$TMPDIR/printed")"
same what_is_due_is_told 1 \
  "$(grep -Ec '^made; .* a sweep of today takes [1-9][0-9]* records' "$TMPDIR/printed")"
same nothing_is_left_of_the_one_cut_off no "$([ -e "$FORVAR_HOME.new" ] && echo yes || echo no)"

# What each printed line ends with, and a text that it writes.
cat >"$TMPDIR/wanted" <<'END'
home_is_named 0
use_is_allowed 0 .
other_purpose_is_refused 7 GDPR 5(1)(b)
policy_is_explained 0 exactly 3 weeks after recorded
rest_of_the_first_is_there 0 contact.email
voucher_of_the_second_is_there 0 billing.voucher
end_is_explained 0 accounts: until
timeline_is_shown 0 contract.ended
end_is_entered 0 2
sweep_is_planned 0 4 to erase; nothing is done
sweep_is_done 0 erased 4 records of 1 person
erasure_is_planned 0 nothing is done
erasure_is_done 0 erased
receipt_holds 0 holds: receipt of demo.example/forvar
log_is_shown 0 erase
all_adds_up 0 are what was recorded
value_over_http 0 person.00000@example.com
server_is_well 0 forvar.health/1
END
grep -v -e '^#' -e '^$' -e '^http' -e '^making' -e '^made' -e '^going on' "$TMPDIR/printed" \
  >"$TMPDIR/lines"
same no_line_is_left_out "$(wc -l <"$TMPDIR/wanted")" "$(wc -l <"$TMPDIR/lines")"
while read -r name wanted text <&3 && read -r line <&4; do
  code=0
  eval "$line" >"$TMPDIR/out" 2>&1 </dev/null || code=$?
  found=$(grep -cF -e "$text" "$TMPDIR/out" || true)
  [ -n "$text" ] || found=1
  same "$name" "$wanted yes" "$code $([ "$found" -gt 0 ] && echo yes || echo no)"
done 3<"$TMPDIR/wanted" 4<"$TMPDIR/lines"
grep '^http' "$TMPDIR/printed" | while read -r address; do
  same "address_answers_$(basename "$address")" 200 \
    "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' "$address")"
done
swept=0
"${FORVAR_VERIFY}" "$FORVAR_HOME/sweep.json" >"$TMPDIR/out" 2>&1 || swept=$?
same receipt_of_the_sweep_holds 0 "$swept"
stop server_ends_well

cp "$TMPDIR/lines" "$TMPDIR/lines.first"
start
same second_call_goes_on 1 "$(grep -c '^going on with the home' "$TMPDIR/printed")"
same second_call_makes_nobody 0 "$(grep -c '^making' "$TMPDIR/printed" || true)"
same people_are_the_same "$(grep ' record get' "$TMPDIR/lines.first")" \
  "$(grep ' record get' "$TMPDIR/printed")"
stop server_ends_well_again
same notes_are_the_owners_only 600 "$(stat -c %a "$FORVAR_HOME/demo.json")"
