#!/bin/sh
# Commands beside a server that owns the home (K13): carried out by the server, as if it were not
# there; files are those of the caller's folder, and what fails is told as always.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
mkdir "$TMPDIR/elsewhere"
cd "$TMPDIR/elsewhere"
cp "$FORVAR_SOURCE/policies/framsteget.yaml" shop.yaml
"$FORVAR" --quiet init --origin shop.example/forvar

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
  "$FORVAR" "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null || code=$?
  echo "$code"
}

start() {
  rm -f "$FORVAR_HOME/serve.address"
  "$FORVAR" --quiet serve --listen 127.0.0.1:0 2>"$TMPDIR/server.err" &
  server=$!
  wait_until [ -e "$FORVAR_HOME/serve.address" ]
}
trap 'kill -9 "$server" 2>/dev/null || true' EXIT

start
same relative_path_is_the_callers 0 "$(code_of --quiet policy activate shop.yaml --yes)"
same missing_file_is_told 5 "$(code_of policy activate nowhere.yaml --yes)"
same missing_file_is_named 1 "$(grep -c nowhere.yaml "$TMPDIR/err")"
person=$("$FORVAR" subject add)
same output_of_the_server_is_here 15 "${#person}"
same file_is_the_callers 0 "$(code_of erase plan "$person" -o erase.plan)"
same file_is_in_the_callers_folder 600 "$(stat -c %a erase.plan)"
same input_is_passed_on 0 "$("$FORVAR" retention plan -o - | "$FORVAR" --json retention apply - |
  jq .erased)"
same exit_code_is_passed_on 2 "$(code_of subject add --kind nobody)"
same second_server_is_refused 11 "$(code_of serve --listen 127.0.0.1:0)"
same socket_is_the_owners_only 600 "$(stat -c %a "$FORVAR_HOME/console.sock")"

# The program's name, two words and a value fill the message exactly, each with its zero; and one
# byte more.
room=$((65536 - ${#FORVAR} - 1 - 8 - 4 - 7))
fits=$(printf '%*s' "$room" '' | tr ' ' x)
same arguments_at_the_limit_arrive 2 "$(code_of subject add --kind "$fits" | head -n 1)"
same arguments_past_the_limit_are_refused 1 \
  "$(code_of subject add --kind "${fits}x" >/dev/null; grep -c '65536 bytes' "$TMPDIR/err")"

# A server that ended has left nothing; one that was killed has left a socket that nobody answers.
kill "$server"
wait "$server" || true
same socket_is_removed_at_the_end no "$([ -e "$FORVAR_HOME/console.sock" ] && echo yes || echo no)"
same command_runs_without_a_server 0 "$(code_of ledger head)"
start
kill -9 "$server"
wait "$server" || true
same dead_socket_is_still_there yes "$([ -e "$FORVAR_HOME/console.sock" ] && echo yes || echo no)"
same command_runs_beside_a_dead_socket 0 "$(code_of ledger head)"
start
same dead_socket_is_replaced 0 "$(code_of ledger head)"
same server_said_nothing '' "$(cat "$TMPDIR/server.err")"
