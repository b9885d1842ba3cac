#!/bin/sh
# The companies' policy tests by the shipped command, on SQLite and on PostgreSQL: the same cases,
# the same result, and each format for machines.
set -eu
cd "$FORVAR_SOURCE"

policy=policies/framsteget.yaml
tests=policies/framsteget.test.yaml
out=$TMPDIR/out

# Says whether the command before it did what its name says.
told() {
  if [ "$1" -eq "$2" ]; then
    echo "ok $3"
  else
    echo "not ok $3: exit code $1, not $2"
    cat "$out"
  fi
}

# Long runs are made without the sanitizers, where a build without them is there.
plain=$FORVAR_SOURCE/build/test-clang/forvar
[ -x "$plain" ] || plain=$FORVAR
code=0
"$plain" test "$policy" "$tests" >"$out" 2>&1 || code=$?
told "$code" 0 "framsteget on SQLite"
tail -n 1 "$out" >"$TMPDIR/sqlite"

# What every other company promises. Whether each rule is watched is seen by the unit test
# trial_policies for this company, and in slow/policies.sh for all.
for tests_of_one in policies/*.test.yaml; do
  [ "$tests_of_one" != "$tests" ] || continue
  code=0
  "$plain" test "$tests_of_one" >"$out" 2>&1 || code=$?
  told "$code" 0 "$tests_of_one on SQLite"
done

code=0
# shellcheck disable=SC2016
"$FORVAR_BUILD/test/store/with-postgres" sh -c \
  '"$3" test "$1" "$2" --store "$FORVAR_TEST_POSTGRES"' sh "$policy" "$tests" "$plain" \
  >"$out" 2>&1 || code=$?
told "$code" 0 "framsteget on PostgreSQL"
tail -n 1 "$out" >"$TMPDIR/postgres"

code=0
FORVAR_TEST_FILTER=FR-4 "$FORVAR_BUILD/test/store/with-postgres" \
  "$FORVAR_BUILD/test/test_trial_ways" >"$out" 2>&1 || code=$?
told "$code" 0 "periods on PostgreSQL by library, routes and commands"

code=0
cmp "$TMPDIR/sqlite" "$TMPDIR/postgres" >"$out" 2>&1 || code=$?
told "$code" 0 "both engines count the same"

code=0
"$FORVAR" test "$tests" --format tap >"$out" 2>&1 || code=$?
told "$code" 0 "the test file names its policy"
code=0
grep -q '^TAP version 13$' "$out" || code=$?
told "$code" 0 "TAP begins as TAP does"

code=0
(cd test/trial/fail && "$FORVAR" test each.test.yaml) >"$out" 2>&1 || code=$?
told "$code" 1 "cases that fail end with 1"
code=0
(cd test/trial/bad && "$FORVAR" test word.test.yaml) >"$out" 2>&1 || code=$?
told "$code" 3 "a test file with an error ends with 3"
code=0
grep -q "word.test.yaml:5:13" "$out" || code=$?
told "$code" 0 "and says the line and column"
code=0
(cd test/trial/report && "$FORVAR" test whole.test.yaml --mutate) >"$out" 2>&1 || code=$?
told "$code" 1 "a mutant that survives ends with 1"

left=$(find "$TMPDIR" -maxdepth 1 -name 'forvar-trial-*' | wc -l)
: >"$out"
told "$left" 0 "nothing is left behind"
