#!/bin/sh
# Each company's policy checks clean, and each rule that carries a promise is watched by a case that
# names it: no mutant survives.
set -eu
cd "$FORVAR_SOURCE"

out=$TMPDIR/out
for tests in policies/*.test.yaml; do
  policy=${tests%.test.yaml}.yaml
  code=0
  "$FORVAR" policy check "$policy" >"$out" 2>&1 || code=$?
  [ "$code" -ne 0 ] || "$FORVAR" test "$policy" "$tests" --mutate >>"$out" 2>&1 || code=$?
  if [ "$code" -eq 0 ]; then
    echo "ok $policy: $(tail -n 1 "$out")"
  else
    echo "not ok $policy: exit code $code"
    cat "$out"
  fi
done
