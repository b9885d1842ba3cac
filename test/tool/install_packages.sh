#!/bin/sh
# The installer asks dpkg first, calls apt only for what is missing, and never as a plain user.
set -eu
bin=$TMPDIR/bin
mkdir "$bin"
script=$FORVAR_SOURCE/tool/install-packages

# The bodies of the fakes are expanded when they run, not here.
fake() {
  printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
  chmod +x "$bin/$1"
}
verdict() {
  if [ "$1" -eq 0 ]; then echo "ok install-packages $2"; else echo "not ok install-packages $2"; fi
}

# shellcheck disable=SC2016
fake apt-get 'echo called >>"$TMPDIR/apt"'
fake dpkg-query 'echo installed'
PATH="$bin:$PATH" "$script" build test check
verdict "$([ ! -e "$TMPDIR/apt" ]; echo $?)" "does not call apt when nothing is missing"

# Only what a plain user without sudo has on the path.
for name in sh head sort tr; do ln -s "$(command -v "$name")" "$bin/$name"; done
fake id 'echo 1000'
# shellcheck disable=SC2016
fake dpkg-query 'for last in "$@"; do :; done; [ "$last" = cppcheck ] || echo installed'
code=0
PATH="$bin" "$script" check 2>"$TMPDIR/err" || code=$?
verdict "$([ "$code" -eq 1 ]; echo $?)" "fails when a plain user lacks a package"
verdict "$(grep -q 'no-install-recommends cppcheck' "$TMPDIR/err"; echo $?)" \
  "names the missing package and nothing else"
verdict "$([ ! -e "$TMPDIR/apt" ]; echo $?)" "leaves apt alone as a plain user"

code=0
"$script" unheard-of 2>"$TMPDIR/err" || code=$?
verdict "$([ "$code" -eq 2 ]; echo $?)" "refuses an unknown group"
