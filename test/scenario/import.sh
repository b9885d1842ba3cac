#!/bin/sh
# Imports as a user does them: letters of Windows-1252, quotes and line breaks, rows that are wrong,
# the same file twice, undoing, an erased person who stays out.
set -eu

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
cd "$TMPDIR"
"$FORVAR" --quiet init --origin shop.example/forvar
"$FORVAR" --quiet policy activate "$FORVAR_SOURCE/policies/framsteget.yaml" --yes 2>policy.out

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

code_of() {
  code=0
  "$FORVAR" "$@" >out 2>err || code=$?
  echo "$code"
}

find_email() {
  printf '%s' "$1" | "$FORVAR" subject find --field contact.email 2>/dev/null || echo nobody
}

cat >mapping.yaml <<'END'
import: 1
encoding: windows-1252
delimiter: ";"
header: yes
point: purchase
source: self
obtained: {column: Datum}
thing: contract
begins: Start
find: contact.email
fields: {Namn: contact.name, E-post: contact.email}
ignore: [Kommentar]
END
{
  printf 'Namn;E-post;Datum;Start;Kommentar\r\n'
  printf 'Åsa Öberg;asa@example.com;2025-03-01;2025-01-01;"a ""b""\r\nc; d"\r\n'
  printf 'Fel;inte en adress;2025-03-01;2025-01-01;\r\n'
  printf 'Bo Ek;bo@example.org;2025-03-01;2025-01-01;\r\n'
} | iconv -f UTF-8 -t WINDOWS-1252 >some.csv

same plan_ends_with_3 3 "$(code_of import plan mapping.yaml some.csv)"
same plan_keeps_nothing nobody "$(find_email asa@example.com)"
same apply_ends_with_3 3 "$(code_of import apply mapping.yaml some.csv --report wrong.jsonl)"
same wrong_row_is_named '2 2 input' "$(jq -r '"\(.row) \(.column) \(.code)"' wrong.jsonl)"
same wrong_row_is_not_quoted 0 "$(grep -c adress wrong.jsonl || true)"
same swedish_letters 'Åsa Öberg' \
  "$("$FORVAR" record get "$(find_email asa@example.com)" contact.name --role support \
    --purpose services)"
same second_time_takes_nothing '0 2' \
  "$("$FORVAR" --json import apply mapping.yaml some.csv | jq -r '"\(.in) \(.before)"')"

# Who is erased stays out [GDPR 17(1)].
person=$(find_email bo@example.org)
"$FORVAR" --quiet erase plan "$person" -o plan
"$FORVAR" --quiet erase apply plan --receipt receipt
same erased_person_stays_out '0 1' \
  "$("$FORVAR" --json import apply mapping.yaml some.csv | jq -r '"\(.in) \(.erased)"')"
same erased_person_is_not_found nobody "$(find_email bo@example.org)"

number=$("$FORVAR" import list | cut -f 1)
same undo_wants_to_be_meant 2 "$(code_of import undo "$number")"
same undo 0 "$(code_of import undo "$number" --yes --receipt undone.json)"
same receipt_tells_what_went '0 1 0' \
  "$(jq -r '.body | fromjson | "\(.left) \(.persons) \(.rows)"' undone.json)"
same receipt_holds 0 "$(code_of erase verify undone.json)"
same receipt_holds_without_the_home 0 "$("$FORVAR_VERIFY" undone.json >verify.out && echo 0)"
same undone_person_is_gone nobody "$(find_email asa@example.com)"
same undone_is_listed undone "$("$FORVAR" import list | cut -f 3)"
same unknown_import_is_told 5 "$(code_of import undo 1 --yes)"

# Places in the mapping.
sed 's/contact.name/contact.nam/' mapping.yaml >bad.yaml
same bad_mapping_ends_with_3 3 "$(code_of import plan bad.yaml some.csv)"
same bad_mapping_is_placed 1 "$(grep -c 'bad.yaml:11:16' err)"
: >empty.csv
same empty_file_is_told 2 "$(code_of import plan mapping.yaml empty.csv)"
same log_verifies 0 "$(code_of ledger verify)"
