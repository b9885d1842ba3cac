#!/bin/sh
# An import that is killed, finished by a server, tried again and undone, in little memory.
# slow/import_million.sh is the same with a million rows.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/import_many.inc"
FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
cd "$TMPDIR"
import_many 20000 112640
