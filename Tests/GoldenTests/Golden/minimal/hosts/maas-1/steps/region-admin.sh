#!/usr/bin/env bash
# Create the administrator maasc
#
# Host:    maas-1
# Why:     The steps that follow speak to MAAS' API in this name. An administrator who exists keeps the password.
# After:   maas-1/region-migrate
# Check:   sudo bash region-admin.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-admin.sh apply && sudo bash region-admin.sh verify
# Back:    maas $PROFILE user delete maasc
#
# Compiled by maasc from minimal.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  maas apikey --username maasc >/dev/null 2>&1
}
apply() {
  password=$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
  said=$(printf '%s\n%s\n\n' "$password" "$password" |
    timeout 300 setsid -w maas createadmin --username maasc --email maasc@localhost 2>&1 | head -c 65536) ||
    fail "maas createadmin: $(tail -n 5 <<<"$said")"
}
verify() {
  maas apikey --username maasc >/dev/null 2>&1
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
    if ((status == 0)); then echo nothing to do: 'Create the administrator maasc'; exit 0; fi
    echo needed: 'Create the administrator maasc'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Create the administrator maasc'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
