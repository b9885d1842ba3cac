#!/bin/sh
# The notice as people get it: in two languages and four forms, of any version by day and by
# checksum [hard case 68] [MM-71] [GDPR 12(1), 13, 14], without a fault that a browser, a validator
# or a reader of PDF finds.
set -eu

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
first=$FORVAR_SOURCE/test/render/small.yaml
second=$FORVAR_SOURCE/test/render/small2.yaml
cd "$TMPDIR"

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

# exit_code COMMAND...: the exit code; what it wrote stands in out and err.
exit_code() {
  code=0
  "$@" >out 2>err || code=$?
  echo "$code"
}
render() { "$FORVAR" notice render "$@"; }
checksum() { sha256sum "$1" | cut -d' ' -f1; }

# Of a file, without a home.
same file_is_rendered '# How Ö \& Å AB handles your personal data' \
  "$(render "$first" --lang en | head -n 1)"
same missing_text_is_3 3 "$(exit_code render "$FORVAR_SOURCE/test/render/english.yaml" --lang sv)"
same missing_text_has_its_place 1 "$(grep -c 'english.yaml:5:12' err)"
same missing_text_leaves_no_file no "$(render "$FORVAR_SOURCE/test/render/english.yaml" --lang sv \
  -o missing.md 2>/dev/null || true; [ -e missing.md ] && echo yes || echo no)"
same unknown_form_is_2 2 "$(exit_code render "$first" --format doc)"
same versions_are_of_a_home 2 "$(exit_code render "$first" --at 2026-01-01)"

# Every version is kept: by its day, by its checksum, word for word.
"$FORVAR" --quiet init --origin shop.example/forvar
same nothing_is_in_force_yet 5 "$(exit_code render)"
"$FORVAR" --quiet policy activate "$first" --yes 2>/dev/null
render >shown
tomorrow=$(date -d '+2 days' +%F)
sed "s/effective: 2026-07-01/effective: $tomorrow/" "$second" >later.yaml
"$FORVAR" --quiet policy activate later.yaml --yes 2>/dev/null
same version_that_waits_is_not_shown "$(cksum <shown)" "$(render | cksum)"
same first_by_its_checksum "$(cksum <shown)" "$(render --hash "$(checksum "$first")" | cksum)"
same first_until_its_last_moment 1 \
  "$(render --at "$(date -d '+1 day' +%F) 23:59:59" | grep -c 'version 1, som gäller')"
same second_from_its_first_moment 1 \
  "$(render --at "$tomorrow 00:00" | grep -c 'version 2, som gäller')"
same second_by_its_checksum "$(render --at "$tomorrow" | cksum)" \
  "$(render --hash "$(checksum later.yaml)" | cksum)"
same second_tells_what_changed 2 \
  "$(render --at "$tomorrow" --lang en | grep -c 'Before: at most 12 months .* Now: at most 6 ')"
same before_the_first_is_5 5 "$(exit_code render --at 2000-01-01)"
same no_such_checksum_is_5 5 \
  "$(exit_code render --hash "$(checksum "$second")")"
same no_checksum_is_2 2 "$(exit_code render --hash 1234)"
same no_day_is_2 2 "$(exit_code render --at 2026-02-30)"
same machine_copy_has_the_checksum "$(checksum "$first")" "$(render --json | jq -r .sha256)"
same machine_copy_has_the_purposes 'service offers' \
  "$(render --format json | jq -r '[.purposes[].name] | join(" ")')"

# The text of the PDF, with the letters that others lose.
policy=$FORVAR_SOURCE/policies/framsteget.yaml
render "$policy" --format pdf -o notice.pdf
pdftotext -raw notice.pdf notice.txt
same pdf_has_its_title 'Så behandlar FRAMSTEGET dina personuppgifter' \
  "$(head -n 2 notice.txt | tr '\n' ' ' | sed 's/ $//')"
same pdf_has_all_letters 1 "$(grep -c 'Få ut det du lämnat i ett flyttbart format' notice.txt)"
same pdf_has_the_checksum 1 "$(grep -c "$(checksum "$policy")" notice.txt)"
same pdf_is_tagged 'Tagged: yes' "$(pdfinfo notice.pdf | grep '^Tagged' | tr -s ' ')"
same pdf_has_its_headings 1 "$(pdfinfo -struct-text notice.pdf | grep -c '"Dina rättigheter"')"

# Markup and accessibility.
for language in sv en; do
  render "$policy" --format html --lang "$language" -o "notice_$language.html"
  code=0
  tidy -q -e -utf8 "notice_$language.html" >faults 2>&1 || code=$?
  same "markup_is_valid_$language" '0 ' "$code $(head -n 3 faults)"
done
"$FORVAR_SOURCE/test/web/install" "$FORVAR_SOURCE/build/web"
NODE_PATH=$FORVAR_SOURCE/build/web/node_modules node "$FORVAR_SOURCE/test/web/accessible.js" \
  notice_sv.html notice_en.html
