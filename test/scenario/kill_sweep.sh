#!/bin/sh
# kill -9 in the middle of a sweep and of an erasure, and both done again. slow/kill_sweep.sh is the
# same at more points.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/kill_sweep.inc"
kill_sweep 10 1
