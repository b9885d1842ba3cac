#!/bin/sh
# The program forvar-verify as a user runs it: each kind of file holds, a change is found, and a
# home is left as it was.
set -eu
make_log=$FORVAR_BUILD/test/verify/make_log
home=$TMPDIR/home
mkdir "$home"

"$make_log" home 64 "$home"
"$make_log" export 64 "$TMPDIR/export.jsonl"
"$make_log" heads 64 "$TMPDIR/heads"
"$make_log" receipt 64 "$TMPDIR/receipt.json"
"$make_log" key 0 "$TMPDIR/key"

# expect NAME CODE ARGUMENT...: the program ends with the code.
expect() {
  name=$1
  wanted=$2
  shift 2
  code=0
  "$FORVAR_VERIFY" "$@" >"$TMPDIR/out" 2>&1 || code=$?
  if [ "$code" -eq "$wanted" ]; then
    echo "ok $name"
  else
    echo "not ok $name: exit code $code, not $wanted"
    cat "$TMPDIR/out"
  fi
}

# said NAME TEXT: the last run printed the line.
said() {
  if grep -qxF "$2" "$TMPDIR/out"; then
    echo "ok $1"
  else
    echo "not ok $1: not said: $2"
    cat "$TMPDIR/out"
  fi
}

state_of_home() { (cd "$home" && find . -type f -exec sha256sum {} + | sort); }

state_of_home >"$TMPDIR/before"
expect home_holds 0 --key "$TMPDIR/key" --head "$TMPDIR/heads" "$home"
said home_tells_its_entries '64 entries in 6 batches'
said home_tells_its_head 'head of size 64 signed by ledger.example.org/forvar holds'
said home_tells_the_kept_head '1 head kept elsewhere fits'
state_of_home >"$TMPDIR/after"
if cmp -s "$TMPDIR/before" "$TMPDIR/after"; then
  echo 'ok home_is_left_as_it_was'
else
  echo 'not ok home_is_left_as_it_was'
fi

expect export_holds 0 --key "$TMPDIR/key" --head "$TMPDIR/heads" "$TMPDIR/export.jsonl"
expect receipt_holds 0 --key "$TMPDIR/key" "$TMPDIR/receipt.json"
expect json_is_a_document 0 --json "$TMPDIR/receipt.json"
if [ "$(jq -r '.schema + " " + (.holds | tostring)' "$TMPDIR/out")" = 'forvar.verify/1 true' ]; then
  echo 'ok json_tells_the_schema_and_the_verdict'
else
  echo 'not ok json_tells_the_schema_and_the_verdict'
fi

sqlite3 "$home/data.db" 'UPDATE ledger SET root = zeroblob(32) WHERE first = 3'
expect edited_home_does_not_hold 12 "$home"
said edited_home_names_the_row 'log 1, batch first=3, entries 3 to 6: root'
sqlite3 "$home/data.db" 'DELETE FROM ledger WHERE first >= 3; DELETE FROM checkpoint'
expect home_cut_back_with_its_heads_holds 0 "$home"
expect kept_head_finds_the_cut 12 --head "$TMPDIR/heads" "$home"
said kept_head_is_named "kept head 1 of $TMPDIR/heads: size"

expect missing_file_cannot_be_read 1 "$TMPDIR/none"
expect wrong_usage_has_its_code 2 --nothing
