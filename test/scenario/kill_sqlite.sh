#!/bin/sh
# kill -9 of the serving process in the middle of its work, on SQLite: every write that was
# answered is there once, nothing is there in halves, jobs come to their end, the log verifies.
set -eu
"$FORVAR_BUILD/test/kill/kill" sqlite library "$TMPDIR" 50 1
"$FORVAR_BUILD/test/kill/kill" sqlite http "$TMPDIR" 15 1
