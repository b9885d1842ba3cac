#!/bin/sh
# Every promise of the five written policies stands in its company's file with a status: a rule, a
# part of the program, a task of somebody, or open with its reason. 431 in all.
set -eu
cd "$FORVAR_SOURCE"

# Says whether a company's file has each of its promises, numbered from 01, and no other.
has_all() {
  file=policies/$1.yaml
  prefix=$2
  count=$3
  "$FORVAR" policy promises "$file" >"$TMPDIR/told" || true
  sed -n '$d; s/^\([A-Z]*-[0-9A-Z]*\) .*/\1/p' "$TMPDIR/told" | sort -u >"$TMPDIR/has"
  seq -f "$prefix-%02g" 1 "$count" | sort >"$TMPDIR/wants"
  if cmp -s "$TMPDIR/has" "$TMPDIR/wants"; then
    echo "ok $1: $count promises, each with a status"
  else
    echo "not ok $1: $count promises, each with a status"
    diff "$TMPDIR/wants" "$TMPDIR/has" || true
  fi
}

has_all matforum MF 77
has_all micromedic MM 74
has_all sensoralarm SA 99
has_all optimera OP 83
has_all framsteget FR 98

# The count is of promises, not of places that keep them; one that is missing is told and counts.
code=0
"$FORVAR" policy promises policies/framsteget.yaml --written policies/matforum.yaml \
  >"$TMPDIR/told" || code=$?
if [ "$code" -eq 1 ] && [ "$(grep -c ' missing ' "$TMPDIR/told")" -eq 77 ]; then
  echo "ok a promise of the written policy that stands nowhere is missing"
else
  echo "not ok a promise of the written policy that stands nowhere is missing: exit code $code"
fi
