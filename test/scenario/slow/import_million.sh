#!/bin/sh
# The same as import_many.sh one folder up, with a million rows and never 200 MB of memory.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/import_many.inc"
FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
cd "$TMPDIR"
import_many 1000000 195312
