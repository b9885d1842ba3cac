#!/bin/sh
# Markers of a person's data are searched for in all that a home of Micromedic says and stores.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/markers.inc"

search_company micromedic
