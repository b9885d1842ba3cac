#!/bin/sh
# The same as kill_sqlite.sh one folder up, more often and with other seeds.
set -eu
"$FORVAR_BUILD/test/kill/kill" sqlite library "$TMPDIR" 200 2
"$FORVAR_BUILD/test/kill/kill" sqlite http "$TMPDIR" 100 2
