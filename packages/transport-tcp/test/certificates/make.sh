#!/usr/bin/env bash
# Makes the certificates that the tests use. They are committed, so this runs only when one is to be added: all keys are new
# each time. Needs openssl 3. Nothing of this is trusted by anybody but the tests.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

begin=20200101000000Z
end=20991231235959Z

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

cat > "$work/ca.cnf" <<EOF
[ca]
default_ca = tests
[tests]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, DNS:broker.test, IP:127.0.0.1, IP:::1
[unlinked]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1
authorityKeyIdentifier = none
[client]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
EOF
touch "$work/index.txt"
echo 1000 > "$work/serial"

# issue NAME SUBJECT SECTION END [-selfsign]: NAME.pem for NAME-key.pem, signed by the authority or by itself.
issue() {
  openssl req -new -key "$1-key.pem" -subj "/CN=$2" -out "$work/$1.csr"
  local signer=(-cert ca.pem -keyfile "$work/ca-key.pem")
  [ "${5:-}" = -selfsign ] && signer=(-selfsign -keyfile "$1-key.pem")
  openssl ca -batch -notext -config "$work/ca.cnf" "${signer[@]}" -extensions "$3" -startdate "$begin" -enddate "$4" \
    -in "$work/$1.csr" -out "$1.pem" 2>/dev/null
}

# The key of the authority is thrown away: nothing else will ever be signed with it.
new_key "$work/ca-key.pem"
openssl req -new -key "$work/ca-key.pem" -subj '/CN=Authority of the tests' -out "$work/ca.csr"
openssl ca -batch -notext -config "$work/ca.cnf" -selfsign -keyfile "$work/ca-key.pem" -extensions authority \
  -startdate "$begin" -enddate "$end" -in "$work/ca.csr" -out ca.pem 2>/dev/null

for name in server expired self-signed client impostor; do new_key "$name-key.pem"; done
issue server 'broker.test' server "$end"
issue expired 'broker.test' server 20210101000000Z
issue self-signed 'broker.test' server "$end" -selfsign
issue client 'device-1' client "$end"
# Says by name only who signed it.
cp server-key.pem unlinked-key.pem
issue unlinked 'broker.test' unlinked "$end"
rm unlinked-key.pem
# Has the name of the authority, but signed nothing.
issue impostor 'Authority of the tests' authority "$end" -selfsign
rm impostor-key.pem

# The same key as the client's, behind the passphrase "secret".
openssl pkcs8 -topk8 -in client-key.pem -passout pass:secret -out client-key-encrypted.pem
