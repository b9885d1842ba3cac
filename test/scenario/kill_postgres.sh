#!/bin/sh
# kill -9 of the serving process in the middle of its work, and in some rounds of the database
# server as well, on PostgreSQL: every write that was answered is there once, nothing is there in
# halves, jobs come to their end, the log verifies.
set -eu
"$FORVAR_BUILD/test/kill/kill" postgres library "$TMPDIR" 50 1
"$FORVAR_BUILD/test/kill/kill" postgres http "$TMPDIR" 10 1
