#!/bin/sh
# The server as a program sees it: records, uses, decisions, refusals with their exact problems,
# repeats, and requests that are turned away.
set -eu
# shellcheck source=/dev/null
. "$FORVAR_SOURCE/test/scenario/wait_until.inc"

FORVAR_HOME=$TMPDIR/home
export FORVAR_HOME
policy=$FORVAR_SOURCE/policies/framsteget.yaml
"$FORVAR" --quiet init --origin shop.example/forvar
"$FORVAR" --quiet policy activate "$policy" --yes 2>/dev/null
support=$("$FORVAR" --quiet service add webshop --role support --purpose services)
security=$("$FORVAR" --quiet service add watch --role security --purpose security)
seller=$("$FORVAR" --quiet service add campaign --role seller)
letters=$("$FORVAR" --quiet service add letters --role seller --purpose direct_marketing)

"$FORVAR" --quiet serve --listen 127.0.0.1:0 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
wait_until [ -e "$FORVAR_HOME/serve.address" ]
address=$(cat "$FORVAR_HOME/serve.address")

# same NAME WANTED GIVEN
same() {
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1: expected '$2', got '$3'"
  fi
}

# post KEY PURPOSE PATH BODY [CURL OPTION...]: prints the status; the reply stands in out, head.
post() {
  key=$1
  purpose=$2
  path=$3
  body=$4
  shift 4
  printf '%s' "$body" >"$TMPDIR/body"
  curl -s -m 60 -o "$TMPDIR/out" -D "$TMPDIR/head" -w '%{http_code}' -X POST \
    -H "Authorization: Bearer $key" -H "Forvar-Purpose: $purpose" \
    -H 'Content-Type: application/json' --data-binary "@$TMPDIR/body" "$@" "$address$path"
}
field() { jq -r "$1" "$TMPDIR/out"; }

same health '{"schema": "forvar.health/1", "status": "ok"}' \
  "$(curl -s -m 60 "$address/healthz" | jq -cS . | sed 's/":/": /g; s/,"/, "/g')"
same subject_is_added 201 "$(post "$support" services /v1/subjects '{}')"
person=$(field .id)
same thing_is_added 201 "$(post "$support" services /v1/things \
  "{\"subject\":\"$person\",\"type\":\"contract\",\"at\":\"2025-01-01\"}")"
contract=$(field .id)
same event_of_another_type_is_refused_as_input 400 "$(post "$support" services /v1/events \
  "{\"subject\":\"$person\",\"thing\":\"$contract\",\"event\":\"contract.endd\"}")"
same event_is_suggested "the policy has no such event; did you mean 'contract.ended'?" \
  "$(field .detail)"

put='{"subject":"'$person'","point":"purchase","source":"self",
  "values":{"contact.name":"Anna Ek","contact.email":"anna@example.com"}}'
same record_is_put 201 "$(post "$support" services /v1/records "$put" -H 'Idempotency-Key: a-1')"
same record_count 2 "$(field .records)"
same repeat_is_the_same 201 \
  "$(post "$support" services /v1/records "$put" -H 'Idempotency-Key: a-1')"
same repeat_says_so 1 "$(grep -ci '^idempotency-replayed: true' "$TMPDIR/head")"
same key_of_another_request_is_a_conflict 409 "$(post "$support" services /v1/records \
  "{\"subject\":\"$person\",\"point\":\"purchase\",\"source\":\"self\",
  \"values\":{\"contact.name\":\"Anna Ek\",\"contact.email\":\"ek@example.com\"}}" \
  -H 'Idempotency-Key: a-1')"

use='{"subject":"'$person'","field":"contact.email"}'
same use_is_allowed 200 "$(post "$support" services /v1/uses "$use")"
same use_gives_the_value anna@example.com "$(field '.values[0].value')"
same use_gives_one_value 1 "$(field '.values | length')"
same use_names_the_basis 'true customer contract GDPR 6(1)(b)' \
  "$(field '.decision | [.allowed, .kind, .basis, .law] | join(" ")')"
same replies_are_not_kept_by_caches 1 "$(grep -ci '^cache-control: no-store' "$TMPDIR/head")"

# A refusal, to the last member.
same use_is_refused 403 "$(post "$security" security /v1/uses "$use")"
line=$(grep -n 'uses: \[traffic.ip\]' "$policy" | cut -d: -f1)
instance=$(field .instance)
same problem_is_exact "{\"type\":\"urn:forvar:problem:refused\",\
\"title\":\"refused by the policy or by law\",\"status\":403,\"detail\":\"refused: no_purpose\",\
\"instance\":\"$instance\",\"code\":\"refused\",\"reason\":\"no_purpose\",\
\"policy\":{\"id\":\"framsteget\",\"version\":1,\"line\":$line,\"column\":5},\
\"law\":\"GDPR 5(1)(b)\",\"help\":\"ask for a purpose that lists the field in \`uses\`\"}" \
  "$(jq -c . "$TMPDIR/out")"
same problem_has_its_type 1 "$(grep -ci '^content-type: application/problem+json' "$TMPDIR/head")"
same instance_is_an_entry 1 "$(echo "$instance" | grep -Ec '^urn:forvar:entry:[0-9a-f]{64}$')"
same bound_key_cannot_change_its_purpose 403 "$(post "$support" security /v1/uses "$use")"
same writing_for_another_purpose_is_refused 403 "$(post "$security" services /v1/records "$put")"
same role_is_the_reason role "$(field .reason)"
same point_of_another_purpose_is_refused 403 "$(post "$security" security /v1/records "$put")"
same point_is_the_reason not_collected_for "$(field .reason)"

# Decisions.
same decision_is_allowed 'true' \
  "$(post "$seller" direct_marketing /v1/decisions \
    "{\"subject\":\"$person\",\"field\":\"contact.email\",\"channel\":\"email\"}" >/dev/null
  field .allowed)"
same decision_opens_nothing 0 "$(grep -c anna "$TMPDIR/out" || true)"
same decisions_come_in_order 'true false:no_purpose false:not_found' \
  "$(post "$seller" direct_marketing /v1/decisions \
    "{\"list\":[$use,{\"subject\":\"$person\",\"field\":\"traffic.ip\"},
      {\"subject\":\"p_0000000000000\",\"field\":\"contact.email\"}]}" >/dev/null
  field '[.decisions[] | if .allowed then "true" else "false:" + (.reason // .code) end]
    | join(" ")')"

# Who is not there is not found, whoever asks; who may not ask does not learn it.
same unknown_person_is_not_found 404 "$(post "$support" services /v1/uses \
  '{"subject":"p_0000000000000","field":"contact.email"}')"
same unknown_person_is_a_plain_problem 'not_found null' \
  "$(field '[.code, (.instance | tostring)] | join(" ")')"
same no_id_is_not_found 404 "$(post "$support" services /v1/uses \
  '{"subject":"anna","field":"contact.email"}')"
same asking_without_right_tells_nothing 403 "$(post "$security" security /v1/uses \
  '{"subject":"p_0000000000000","field":"contact.email"}')"

# Turned away.
same no_key 401 "$(curl -s -m 60 -o "$TMPDIR/out" -D "$TMPDIR/head" -w '%{http_code}' \
  -H 'Forvar-Purpose: services' -d "$use" "$address/v1/uses")"
same no_key_names_the_scheme 1 "$(grep -ci '^www-authenticate: bearer' "$TMPDIR/head")"
same wrong_key 401 "$(post fvk_0000 services /v1/uses "$use")"
same no_purpose 400 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -d "$use" "$address/v1/uses")"
same no_route 404 "$(post "$support" services /v1/nothing '{}')"
same other_method 405 "$(curl -s -m 60 -o /dev/null -D "$TMPDIR/head" -w '%{http_code}' \
  "$address/v1/uses")"
same other_method_is_told 1 "$(grep -ci '^allow: POST' "$TMPDIR/head")"
same no_json 400 "$(post "$support" services /v1/uses '{"subject":')"
same member_twice 400 "$(post "$support" services /v1/uses '{"field":"a","field":"b"}')"
same unknown_member 400 "$(post "$support" services /v1/uses \
  "{\"subject\":\"$person\",\"field\":\"contact.email\",\"why\":\"x\"}")"

head -c 1048577 /dev/zero | tr '\0' ' ' >"$TMPDIR/large"
same one_byte_too_many 413 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' -H 'Expect:' \
  --data-binary "@$TMPDIR/large" "$address/v1/uses")"
same too_large_is_told limit "$(field .code)"
head -c 1048576 "$TMPDIR/large" >"$TMPDIR/fits"
same the_most_is_read 400 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' \
  --data-binary "@$TMPDIR/fits" "$address/v1/uses")"

same one_byte_too_many_in_chunks 413 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' -H 'Expect:' \
  -H 'Transfer-Encoding: chunked' --data-binary "@$TMPDIR/large" "$address/v1/uses")"
same chunks_that_are_too_long_are_told limit "$(field .code)"
same the_most_is_read_in_chunks 400 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' \
  -H 'Transfer-Encoding: chunked' --data-binary "@$TMPDIR/fits" "$address/v1/uses")"

# What there is about a person: without values, and only of the purpose and the role.
get() {
  curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' -H "Authorization: Bearer $1" \
    -H "Forvar-Purpose: $2" -H "Forvar-Subject: $3" "$address$4"
}
same subject_is_shown 200 "$(get "$support" services "$person" /v1/subjects)"
same subject_is_a_customer 'customer 1 2' "$(field '[.kinds[0], .things, .records] | join(" ")')"
same things_are_listed 200 "$(get "$support" services "$person" /v1/things)"
same thing_runs "$contract contract active" \
  "$(field '.things[0] | [.id, .type, .spans[0].state] | join(" ")')"
same records_are_listed 200 "$(get "$support" services "$person" /v1/records)"
same records_have_no_values 'contact.name contact.email' "$(field '[.records[].field] | join(" ")')"
same no_value_is_there 0 "$(grep -c anna "$TMPDIR/out" || true)"
same other_purpose_sees_nothing 200 "$(get "$security" security "$person" /v1/records)"
same nothing_of_other_purposes 0 "$(field '.records | length')"
same list_for_another_purpose_is_refused 403 "$(get "$security" services "$person" /v1/records)"
same list_of_nobody 404 "$(get "$support" services p_0000000000000 /v1/things)"
same list_without_a_person 400 "$(curl -s -m 60 -o "$TMPDIR/out" -w '%{http_code}' \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' "$address/v1/things")"

# An event that did not happen is taken back, once.
same event_is_added 201 "$(post "$support" services /v1/events \
  "{\"subject\":\"$person\",\"thing\":\"$contract\",\"event\":\"contract.ended\",
  \"at\":\"2026-01-31\"}")"
retract="{\"subject\":\"$person\",\"thing\":\"$contract\",\"event\":$(field .event)}"
same event_is_retracted 200 "$(post "$support" services /v1/retractions "$retract" \
  -H 'Idempotency-Key: r-1')"
same retraction_is_repeated 200 "$(post "$support" services /v1/retractions "$retract" \
  -H 'Idempotency-Key: r-1')"
same event_is_retracted_once 404 "$(post "$support" services /v1/retractions "$retract")"
same events_are_listed 200 "$(get "$support" services "$person" /v1/events)"
same retraction_is_told 'contract.signed:false contract.ended:true' \
  "$(field '[.events[] | .name + ":" + (has("retracted") | tostring)] | join(" ")')"

# What people are told, for everybody [FR-03] [GDPR 13, 14].
notice() {
  curl -s -m 60 -o "$TMPDIR/out" -D "$TMPDIR/head" -w '%{http_code}' "$@"
}
same notice_is_open 200 "$(notice -H 'Accept-Language: en-GB, sv;q=0.5' "$address/notice")"
same notice_is_in_english 1 "$(grep -c '<html lang="en">' "$TMPDIR/out")"
same notice_is_html 1 "$(grep -ci '^content-type: text/html; charset=utf-8' "$TMPDIR/head")"
same notice_in_swedish 200 "$(notice "$address/notice.sv")"
same notice_is_in_swedish 1 "$(grep -c '<html lang="sv">' "$TMPDIR/out")"
same notice_has_the_checksum_at_its_head_and_among_the_versions 2 \
  "$(grep -c "$(sha256sum "$policy" | cut -d' ' -f1)" "$TMPDIR/out")"
same notice_has_the_period 1 "$(grep -c 'traffic.ip.*exakt 3 veckor efter' "$TMPDIR/out")"
same weights_decide_the_language 1 "$(notice -H 'Accept-Language: en;q=0.4, sv;q=0.6' \
  "$address/notice" >/dev/null && grep -c '<html lang="sv">' "$TMPDIR/out")"
same query_decides_the_language 1 "$(notice -H 'Accept-Language: sv' "$address/notice?lang=en" \
  >/dev/null && grep -c '<html lang="en">' "$TMPDIR/out")"
same notice_by_its_checksum 200 \
  "$(notice "$address/notice.sv?hash=$(sha256sum "$policy" | cut -d' ' -f1)")"
same notice_of_no_checksum 404 "$(notice "$address/notice?hash=$(printf '0%.0s' $(seq 64))")"
same notice_before_all 404 "$(notice "$address/notice?at=2000-01-01")"
same notice_in_no_form 400 "$(notice "$address/notice?format=doc")"
same notice_as_pdf 200 "$(notice "$address/notice?format=pdf")"
same pdf_has_its_type 1 "$(grep -ci '^content-type: application/pdf' "$TMPDIR/head")"
same notice_in_markdown 200 "$(notice -H 'Accept: text/markdown' "$address/notice")"
same notice_is_markdown '# Så behandlar FRAMSTEGET dina personuppgifter' \
  "$(head -n 1 "$TMPDIR/out")"
same command_writes_the_same "$(cksum <"$TMPDIR/out")" "$("$FORVAR" notice render | cksum)"

# What a proxy in front might read otherwise than we do (request smuggling).
port=${address##*:}
raw() {
  printf '%b' "$1" | timeout 60 curl -s telnet://127.0.0.1:"$port" 2>/dev/null | head -n 1 |
    tr -d '\r'
}
same both_lengths_are_refused 'HTTP/1.1 400 Bad Request' "$(raw "POST /v1/uses HTTP/1.1\r\n\
Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n")"
same two_lengths_are_refused 'HTTP/1.1 400 Bad Request' "$(raw "POST /v1/uses HTTP/1.1\r\n\
Host: a\r\nContent-Length: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n{}")"

# A key that is bound to a purpose which a new version drops is no key any more: it does not become
# one of any purpose of its role.
same bound_key_is_good 200 "$(post "$letters" direct_marketing /v1/uses "$use")"
sed 's/^  version: 1$/  version: 2/; s/direct_marketing/newsletter/' "$policy" \
  >"$TMPDIR/second.yaml"
"$FORVAR" --quiet policy activate "$TMPDIR/second.yaml" --yes 2>/dev/null
same key_of_a_purpose_that_is_gone 401 "$(post "$letters" direct_marketing /v1/uses "$use")"
same key_of_another_purpose_it_is_not 401 "$(post "$letters" newsletter /v1/uses "$use")"
same key_of_a_purpose_that_stays 200 "$(post "$support" services /v1/uses "$use")"

# One process owns a home, and an end lets running answers finish.
code=0
"$FORVAR" subject add >/dev/null 2>&1 || code=$?
same command_is_carried_out_by_the_server 0 "$code"
code=0
"$FORVAR" --quiet serve --listen 127.0.0.1:0 >/dev/null 2>&1 || code=$?
same home_is_busy 11 "$code"

# A request that has begun when the server is told to end: the server has said that it waits for
# the body, and answers when it has come.
mkfifo "$TMPDIR/slow"
curl -sv -m 60 -o "$TMPDIR/out" -w '%{http_code}' -X POST --expect100-timeout 60 \
  -H "Authorization: Bearer $support" -H 'Forvar-Purpose: services' -H 'Expect: 100-continue' \
  -H 'Transfer-Encoding: chunked' -T - "$address/v1/uses" <"$TMPDIR/slow" \
  >"$TMPDIR/status" 2>"$TMPDIR/progress" &
client=$!
exec 3>"$TMPDIR/slow"
wait_until grep -q '100 Continue' "$TMPDIR/progress"
kill -TERM "$server"
printf '%s' "$use" >&3
exec 3>&-
wait "$client" || true
same begun_request_is_answered 200 "$(cat "$TMPDIR/status")"
code=0
wait "$server" || code=$?
same server_ends_well 0 "$code"
same address_is_gone no "$([ -e "$FORVAR_HOME/serve.address" ] && echo yes || echo no)"
code=0
"$FORVAR" --quiet ledger verify || code=$?
same log_holds_after_it 0 "$code"
refused=$("$FORVAR" ledger show --last 200 | cut -f 5 | grep -cx no_purpose || true)
same refusals_are_in_the_log 4 "$refused"

# The same on a Unix socket.
"$FORVAR" --quiet serve --socket "$TMPDIR/socket" &
server=$!
wait_until [ -e "$FORVAR_HOME/serve.address" ]
same unix_socket_answers 200 "$(curl -s -m 60 -o /dev/null -w '%{http_code}' \
  --unix-socket "$TMPDIR/socket" http://localhost/healthz)"
kill -TERM "$server"
wait "$server" || true
same unix_socket_is_gone no "$([ -e "$TMPDIR/socket" ] && echo yes || echo no)"
