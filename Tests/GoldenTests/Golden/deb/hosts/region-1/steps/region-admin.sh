#!/usr/bin/env bash
# Create the administrator admin
#
# Host:    region-1
# Why:     The steps that follow speak to MAAS' API in this name. An administrator who exists keeps the password.
# After:   region-1/region-migrate
# Secrets: admin; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-admin.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-admin.sh apply && sudo bash region-admin.sh verify
# Back:    maas $PROFILE user delete admin
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
check() {
  maas apikey --username admin >/dev/null 2>&1
}
apply() {
  password=$(secret admin)
  said=$(printf '%s\n%s\n\n' "$password" "$password" |
    timeout 300 setsid -w maas createadmin --username admin --email ops@example.net 2>&1 | head -c 65536) ||
    fail "maas createadmin: $(tail -n 5 <<<"$said")"
}
verify() {
  maas apikey --username admin >/dev/null 2>&1
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
    if ((status == 0)); then echo nothing to do: 'Create the administrator admin'; exit 0; fi
    echo needed: 'Create the administrator admin'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Create the administrator admin'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
