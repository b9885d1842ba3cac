#!/bin/sh
# The example programs, built as their first lines say against what `make install` installs, and run
# [FR-49] [GDPR 5(1)(b), 17(1)].
set -eu

root=$TMPDIR/installed
FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
meson install -C "$FORVAR_BUILD" --no-rebuild --quiet --destdir "$root"
prefix=$root/usr/local
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name forvar.pc)")
export PKG_CONFIG_PATH
sanitizers=''
if grep -q sanitize=address "$FORVAR_BUILD/build.ninja"; then
  sanitizers=-fsanitize=address,undefined
fi

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

for name in store_and_use refuse_and_explain erase_and_prove; do
  # shellcheck disable=SC2046,SC2086
  cc -std=c17 -Wall -Wextra -Werror $sanitizers "$FORVAR_SOURCE/examples/$name.c" \
    $(pkg-config --define-variable=prefix="$prefix" --cflags --libs forvar) \
    -o "$TMPDIR/$name"
done

"$FORVAR" --quiet init --origin shop.example/forvar
"$FORVAR" --quiet policy activate "$FORVAR_SOURCE/policies/framsteget.yaml" --yes 2>/dev/null
"$TMPDIR/store_and_use" "$FORVAR_HOME" >"$TMPDIR/out"
same value_is_used 192.0.2.7 "$(sed -n 1p "$TMPDIR/out")"
person=$(sed -n 2p "$TMPDIR/out")

code=0
"$TMPDIR/refuse_and_explain" "$FORVAR_HOME" "$person" >"$TMPDIR/out" || code=$?
same refusal_has_its_result 7 "$code"
same refusal_has_its_reason 'refused: no_purpose' "$(sed -n 1p "$TMPDIR/out")"
same refusal_has_its_law 'law: GDPR 5(1)(b)' "$(sed -n 3p "$TMPDIR/out")"

"$TMPDIR/erase_and_prove" "$FORVAR_HOME" "$person" "$TMPDIR/receipt"
code=0
"$FORVAR_VERIFY" "$TMPDIR/receipt" >"$TMPDIR/out" || code=$?
same receipt_holds 0 "$code"
code=0
"$TMPDIR/refuse_and_explain" "$FORVAR_HOME" "$person" >"$TMPDIR/out" 2>&1 || code=$?
same erased_is_not_found 5 "$code"
