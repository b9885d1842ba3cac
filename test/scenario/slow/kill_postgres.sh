#!/bin/sh
# The same as kill_postgres.sh one folder up, more often and with other seeds.
set -eu
"$FORVAR_BUILD/test/kill/kill" postgres library "$TMPDIR" 100 2
"$FORVAR_BUILD/test/kill/kill" postgres http "$TMPDIR" 50 2
