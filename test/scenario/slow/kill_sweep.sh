#!/bin/sh
# The same as kill_sweep.sh one folder up, at more points and with another seed.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/kill_sweep.inc"
kill_sweep 100 2
