#!/bin/sh
# Planted bugs, at least one for each invariant P1 to P10: the simulator's ten seeds must find each
# and name the invariant that it breaks. A patch is named after its invariant: P5.patch,
# P5-epoch.patch. What ends in -decade is for the ten years of a company instead.
#
# A bug costs one compilation and one link: the object that has it stands before the library, which
# then keeps its own back. Both are done as the build does them, without sanitizers.
set -eu
plain=$FORVAR_SOURCE/build/test-clang
tree=$TMPDIR/tree
mkdir "$tree"
cp -r "$FORVAR_SOURCE/src" "$tree"
git -C "$tree" init -q # so that git apply looks no further up

# compile_with_bug FILE OBJECT: as libforvar.a has it compiled.
compile_with_bug() {
  command=$(jq -r --arg name "../../$1" \
    '.[] | select(.file == $name and (.output | startswith("libforvar.a.p/"))) | .command' \
    "$plain/compile_commands.json" | sed 's/ -MD .*//')
  [ -n "$command" ] || {
    echo "$1 is not compiled into the library"
    return 1
  }
  (cd "$plain" && sh -c "$command -o '$2' -c '$tree/$1'")
}

# link_with OBJECTS PROGRAM OUT: as the build links the program, with the objects before all others.
link_with() {
  command=$(ninja -C "$plain" -t commands "$2" | tail -n 1)
  (cd "$plain" && sh -c "$(echo "$command" | sed "s| -o $2 | -o '$3' $1 |")")
}

# plant BUG PROGRAM: makes the program with the bug in it, as $TMPDIR/BUG.
plant() {
  patch=$FORVAR_SOURCE/test/planted/$1.patch
  objects=''
  git -C "$tree" apply "$patch" || return 1
  for file in $(git apply --numstat "$patch" | cut -f 3); do
    object=$TMPDIR/$1-$(basename "$file").o
    compile_with_bug "$file" "$object" || return 1
    objects="$objects $object"
  done
  git -C "$tree" apply -R "$patch"
  link_with "$objects" "$2" "$TMPDIR/$1"
}

# search BUG: ends with 1 if the bug is found.
search() {
  case $1 in
    *-decade) plant "$1" test/sim/decade && set -- "$1" --seeds 1-1 --persons 12 ;;
    *) plant "$1" test/sim/sim && set -- "$1" --seeds 1-10 ;;
  esac || return 2
  bug=$1
  shift
  "$TMPDIR/$bug" "$@"
}

failed=0
for patch in "$FORVAR_SOURCE"/test/planted/P*.patch; do
  bug=$(basename "$patch" .patch)
  code=0
  search "$bug" >"$TMPDIR/$bug.out" 2>&1 || code=$?
  if [ "$code" -eq 1 ] && grep -q "[ :]${bug%%-*}: " "$TMPDIR/$bug.out"; then
    echo "ok $bug is found"
  else
    echo "not ok $bug is found (exit $code)"
    tail -n 5 "$TMPDIR/$bug.out"
    failed=1
  fi
done
exit "$failed"
