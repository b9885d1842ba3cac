#!/bin/sh
# A process that holds keys and opened values leaves no core file, and nobody but root may look into
# its memory.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
"$FORVAR" --quiet init --origin shop.example/forvar
prlimit --core=unlimited "$FORVAR" --quiet serve --listen 127.0.0.1:0 &
server=$!
trap 'kill -9 "$server" 2>/dev/null || true' EXIT
wait_until [ -e "$FORVAR_HOME/serve.address" ]

limit=$(sed -n 's/^Max core file size *\([^ ]*\) *\([^ ]*\).*/\1 \2/p' "/proc/$server/limits")
if [ "$limit" = "0 0" ]; then
  echo "ok no core file is written"
else
  echo "not ok no core file is written: the limits are '$limit'"
fi
owner=$(stat -c %u "/proc/$server/mem")
if [ "$owner" = 0 ] || grep -q 'sanitize=address' "$FORVAR_BUILD/build.ninja"; then
  echo "ok the memory belongs to root"
else
  echo "not ok the memory belongs to root: it belongs to user $owner"
fi
