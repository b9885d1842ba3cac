#!/bin/sh
# Each rule of tool/tidy is broken once in a small tree and must be found; the tree without the
# planted fault must be clean.
set -eu
tidy=$FORVAR_BUILD/tool/tidy
tree=$TMPDIR/tree

lay_clean_tree() {
  rm -rf "$tree"
  mkdir -p "$tree/src/base" "$tree/src/policy" "$tree/src/store" "$tree/src/verify" \
    "$tree/test/base" "$tree/doc"
  cd "$tree"
  cat >src/base/small.h <<'FILE'
// A small header.
#ifndef FORVAR_BASE_SMALL_H
#define FORVAR_BASE_SMALL_H

int small(int number);

#endif
FILE
  cat >src/base/small.c <<'FILE'
#include "base/small.h"

int small(int number)
{
  return number + 1;
}
FILE
  echo 'int main(void) { return 0; }' >test/base/test_base_small.c
  echo 'ERROR(USAGE, "usage", 400, 2, 0, "a title")' >src/base/errors.def
  # The backquotes are those of Markdown.
  # shellcheck disable=SC2016
  echo '- `usage`: what to do' >doc/errors.md
  : >allow
}

run_tidy() { find . -type f ! -name allow | sed 's,^\./,,' | sort | "$tidy" allow >"$TMPDIR/out"; }

# expect NAME RULE PLACE: tidy fails, and one finding has this rule and place.
expect() {
  if run_tidy; then
    echo "not ok tidy $1: nothing was found"
  elif grep -q "^$3: $2: " "$TMPDIR/out"; then
    echo "ok tidy $1"
  else
    echo "not ok tidy $1"
    cat "$TMPDIR/out"
  fi
  lay_clean_tree
}

repeat() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) print text }'; }

lay_clean_tree
if run_tidy; then
  echo "ok tidy passes a clean tree"
else
  echo "not ok tidy passes a clean tree"
  cat "$TMPDIR/out"
fi

printf 'int a; \n' >>src/base/small.c
expect "finds white space at the end of a line" layout src/base/small.c:7
printf '\tint a;\n' >>src/base/small.c
expect "finds a tab" layout src/base/small.c:7
printf 'int a;' >>src/base/small.c
expect "finds a missing line feed" layout src/base/small.c:7

printf '// %098d\n' 0 >>src/base/small.c
expect "finds a line of 101 columns" columns src/base/small.c:7
printf '// %097d\n// %s\n' 0 "$(repeat 97 å | tr -d '\n')" >>src/base/small.c
if run_tidy; then
  echo "ok tidy allows 100 columns, counted in characters"
else
  echo "not ok tidy allows 100 columns, counted in characters"
fi
lay_clean_tree

repeat 595 '// line' >>src/base/small.c
expect "finds a file of 601 lines" file-length src/base/small.c:601
repeat 194 '// line' >>src/base/small.h
expect "finds a header of 201 lines" file-length src/base/small.h:201

{
  printf '\nint long_one(void)\n{\n'
  repeat 67 '  small(1);'
  printf '  return 0;\n}\n'
} >>src/base/small.c
expect "finds a function of 71 lines" function-length src/base/small.c:8
printf '\nint f(int a, int b, int c, int d, int e, int g, int h)\n{\n}\n' >>src/base/small.c
expect "finds seven parameters" parameters src/base/small.c:8
printf '\nint f(int a, int b, int c, int d, int e, int g, struct err *err)\n{\n}\n' \
  >>src/base/small.c
if run_tidy; then
  echo "ok tidy does not count the error that closes the list"
else
  echo "not ok tidy does not count the error that closes the list"
fi
lay_clean_tree
printf '\nvoid f(void)\n{\n  if (a) {\n    for (;;) {\n      do {\n        if (b) {\n' \
  >>src/base/small.c
printf '        }\n      } while (c);\n    }\n  }\n}\n' >>src/base/small.c
expect "finds a fourth level of blocks" nesting src/base/small.c:13

printf '\nint f(const char *text)\n{\n  return atoi(text);\n}\n' >>src/base/small.c
expect "finds a banned function" banned src/base/small.c:10
printf '// never atoi(text)\nconst char *a = "atoi(text)";\n' >>src/base/small.c
if run_tidy; then
  echo "ok tidy looks for calls outside comments and strings"
else
  echo "not ok tidy looks for calls outside comments and strings"
fi
lay_clean_tree
printf '\nvoid f(void)\n{\n  goto end;\n}\n' >>src/base/small.c
expect "finds a jump" banned src/base/small.c:10
printf 'typedef struct a b;\n' >>src/base/small.c
expect "finds a typedef of a struct" banned src/base/small.c:7

printf 'const char *q = "SELECT a FROM b";\n' >>src/base/small.c
expect "finds a query outside src/store" sql src/base/small.c:7
printf 'const char *q = "SELECT a FROM b";\n' >src/store/a.c
mkdir -p test/store
: >test/store/test_store_a.c
if run_tidy; then
  echo "ok tidy allows a query in src/store"
else
  echo "not ok tidy allows a query in src/store"
fi
lay_clean_tree

for word in TO:DO FIX:ME /wo:rk/; do
  printf 'see %s here\n' "$(echo "$word" | tr -d :)" >doc/page.md
  expect "finds a word that may not stand in the tree ($word)" words doc/page.md:1
done

# The number is put together here, so that the rule does not find it in this file.
printf 'born 010101-%s\n' 0007 >doc/page.md
expect "finds a personal number that is not for tests" persons doc/page.md:1
printf '640823-3234 197010632391 010101-0009 x010101-0007 010101-00071\n' >doc/page.md
if run_tidy; then
  echo "ok tidy allows published numbers and what is no number"
else
  echo "not ok tidy allows published numbers and what is no number"
  cat "$TMPDIR/out"
fi
lay_clean_tree

sed -i '1a #include "policy/policy.h"' src/base/small.c
expect "finds an include of a folder above" layer src/base/small.c:2
printf '#include "base/small.h"\n' >src/verify/a.c
expect "finds the verifier including the house" layer src/verify/a.c:1
printf '#include "ledger/format.h"\n' >src/verify/a.c
if run_tidy; then
  echo "ok tidy lets the verifier include the format of the ledger"
else
  echo "not ok tidy lets the verifier include the format of the ledger"
fi
lay_clean_tree

sed -i '1i #include "base/clock.h"' src/base/small.c
expect "finds another header before the own one" includes src/base/small.c:1
sed -i '1a #include "base/text.h"\n#include "base/clock.h"' src/base/small.c
expect "finds includes out of order" includes src/base/small.c:3
sed -i 's/FORVAR_BASE_SMALL_H/SMALL_H/' src/base/small.h
expect "finds a wrong include guard" guard src/base/small.h:1
rm test/base/test_base_small.c
expect "finds a folder without tests" tests src/base/:1
: >doc/errors.md
expect "finds an error that no page explains" documented src/base/errors.def:1

# shellcheck disable=SC2016
echo 'see `src/base/gone.c`, `src/base/` and `src/MODULE/x.c`' >doc/page.md
expect "finds a path that does not exist" links doc/page.md:1

echo 'banned src/base/small.c because the test says so' >allow
expect "finds an exception that nothing needs" allow allow:1
printf '\nvoid f(void)\n{\n  goto end;\n}\n' >>src/base/small.c
echo 'banned src/base/small.c because the test says so' >allow
if run_tidy; then
  echo "ok tidy accepts a finding that an exception names"
else
  echo "not ok tidy accepts a finding that an exception names"
fi
