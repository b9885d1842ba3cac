#!/bin/sh
# The same as ../markers.sh for the other companies.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/markers.inc"

for company in framsteget matforum optimera sensoralarm; do
  search_company "$company"
done
