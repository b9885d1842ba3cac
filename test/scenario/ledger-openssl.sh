#!/bin/sh
# Signed heads of the log against OpenSSL and coreutils, which know nothing of us: the key, the key
# id, the root and the signature are what the form of C2SP tlog-checkpoint says.
set -eu
origin=log.example.org/forvar/1
seed=4f0d1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7
ledger_note=$FORVAR_BUILD/test/ledger/ledger_note
cd "$TMPDIR"

# verdict NAME: the last command decides.
verdict() {
  if [ "$?" -eq 0 ]; then
    echo "ok $1"
  else
    echo "not ok $1"
  fi
}

# Hexadecimal digits to bytes and back.
from_hex() { sed 's/../\\\\x&/g' | xargs -r printf '%b'; }
to_hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256_hex() { sha256sum | cut -c 1-64; }

# The private key from the seed, as PKCS #8 says (RFC 8410), and the public key from it by OpenSSL.
echo "302e020100300506032b657004220420$seed" | from_hex >private.der
openssl pkey -inform DER -in private.der -pubout -outform DER -out public.der
public=$(tail -c 32 public.der | to_hex)
key_id=$({
  printf '%s\n' "$origin"
  echo "01$public" | from_hex
} | sha256_hex | cut -c 1-8)

text=$("$ledger_note" "$origin" "$seed" key)
[ "$text" = "$origin+$key_id+$(echo "01$public" | from_hex | base64 -w 0)" ] && true
verdict 'the verifier key is that of signed-note'

# The tree of three leaves by hand: ((0 1) 2).
leaf() { printf '\000%s' "$1" | sha256_hex; }
node() { echo "01$1$2" | from_hex | sha256_hex; }
root=$(node "$(node "$(leaf 0)" "$(leaf 1)")" "$(leaf 2)")
"$ledger_note" "$origin" "$seed" 3 >note
[ "$(sed -n 3p note | base64 -d | to_hex)" = "$root" ] && true
verdict 'the root is the hash of the leaves'

for size in 0 1 2 3 1000; do
  "$ledger_note" "$origin" "$seed" "$size" >note
  head -n 3 note >signed
  sed -n '5s/.* //p' note | base64 -d >signature_line
  [ "$(head -c 4 signature_line | to_hex)" = "$key_id" ] && true
  verdict "size $size: the key id is that of the key"
  tail -c 64 signature_line >signature
  openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in signed \
    -sigfile signature >out && true
  verdict "size $size: OpenSSL finds that the signature holds"
  sed '2s/$/0/' signed >changed
  ! openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in changed \
    -sigfile signature >out 2>&1 && true
  verdict "size $size: OpenSSL refuses the signature under another head"
done
