#!/usr/bin/env bash
# Turn on TLS with our certificate
#
# Host:    region-1
# Why:     One certificate, stored in the database, for all regions at once.
# After:   region-1/images-import
# Secrets: tls-certificate, tls-key; runbook/deploy.sh puts them into /run/maasc/secrets
# Caution: Clients that use plain HTTP are sent to port 5443 from here on.
# Check:   sudo bash tls-enable.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash tls-enable.sh apply && sudo bash tls-enable.sh verify
# Back:    sudo bash tls-enable.sh rollback
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
certificate_served() { # PORT SECRET: MAAS serves the certificate that the secret holds
  local now want
  want=$(secret "$2" | openssl x509 -noout -fingerprint -sha256)
  now=$(openssl s_client -connect "localhost:$1" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 2>&1)
  [[ $now == "$want" ]] || { echo "served on port $1: $now"; return 1; }
}
check() {
  certificate_served 5443 tls-certificate
}
apply() {
  install -m 644 /dev/null /var/snap/maas/common/maasc-certificate.pem
  trap 'rm -f /var/snap/maas/common/maasc-certificate.pem' EXIT
  secret tls-certificate >/var/snap/maas/common/maasc-certificate.pem
  said=$(secret tls-key | timeout 300 maas config-tls enable - /var/snap/maas/common/maasc-certificate.pem --port 5443 --yes 2>&1) ||
    fail "maas config-tls: $(tail -n 5 <<<"$said")"
  wait_until 300 'MAAS does not serve the certificate on port 5443' certificate_served 5443 tls-certificate
}
verify() {
  certificate_served 5443 tls-certificate
}
rollback() {
  maas config-tls disable
}
needed() {
  set +e
  (set -e; check) 2>&1
  status=$?
  set -e
}
case ${1-} in
  check) needed; ((status == 0)) || exit 10 ;;
  plan)
    needed
    if ((status == 0)); then echo nothing to do: 'Turn on TLS with our certificate'; exit 0; fi
    echo needed: 'Turn on TLS with our certificate'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Turn on TLS with our certificate'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
