#!/bin/sh
# Planted bugs, at least one for each invariant P1 to P10: the simulator's ten seeds must find each
# and name the invariant that it breaks. Each costs one compilation, one link and a few seconds. A
# patch is named after its invariant: P5.patch, P5-epoch.patch. What ends in -decade is for the ten
# years of a company instead.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tree=$TMPDIR/planted
out=$TMPDIR/planted-out
mkdir -p "$tree"
cp -r "$root/src" "$root/include" "$root/test" "$root/policies" "$tree"
git -C "$tree" init -q # so that git apply looks no further up

search() {
  case $1 in
    *-decade) "$out/decade" --seeds 1-1 --persons 12 ;;
    *) "$out/sim" --seeds 1-10 ;;
  esac
}

build() {
  make -s -j "$(nproc)" -f "$root/test/planted/build.mk" TREE="$tree" OUT="$out" \
    LAW_TABLE="$FORVAR_BUILD/src/policy/law_table.c" \
    >"$TMPDIR/planted.log" 2>&1
}

build || {
  cat "$TMPDIR/planted.log"
  echo "not ok the simulator builds"
  exit 1
}
failed=0
for patch in "$root"/test/planted/P*.patch; do
  bug=$(basename "$patch" .patch)
  code=0
  git -C "$tree" apply "$patch" && build && search "$bug" >"$TMPDIR/$bug.out" 2>&1 ||
    code=$?
  if [ "$code" -eq 1 ] && grep -q "[ :]${bug%%-*}: " "$TMPDIR/$bug.out"; then
    echo "ok $bug is found"
  else
    echo "not ok $bug is found (exit $code)"
    tail -n 5 "$TMPDIR/$bug.out" 2>/dev/null || cat "$TMPDIR/planted.log"
    failed=1
  fi
  git -C "$tree" apply -R "$patch"
done
exit "$failed"
