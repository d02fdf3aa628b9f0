#!/usr/bin/env bash
# Let MAAS run as region
#
# Host:    region-2
# Why:     The packages' units were masked, so that they did not start before they were configured.
# After:   region-2/region-revision
# Secrets: database; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-initialise.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-initialise.sh apply && sudo bash region-initialise.sh verify
# Back:    sudo bash region-initialise.sh rollback
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
unit_active() { systemctl is-active --quiet "$1"; }
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
units_enabled() { # UNIT...: all of them
  local unit
  for unit; do systemctl is-enabled --quiet "$unit" || return 1; done
}
units_active() { # UNIT...: all of them
  local unit
  for unit; do unit_active "$unit" || return 1; done
}
region_answers() { # NAME: the region of this host serves, and MAAS lists its processes
  curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq -e --arg name "$1" '.eventloops // {} | keys | any(startswith($name + ":"))' >/dev/null
}
check() {
  units_enabled maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  units_active maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
}
apply() {
  PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT 1' >/dev/null || fail 'PostgreSQL does not answer maas at 192.0.2.10:5432'
  systemctl unmask maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  systemctl enable maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  systemctl restart maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service named.service
}
verify() {
  wait_until 600 'the region does not serve, or MAAS does not list it; see: journalctl -n 100 -u '\''maas-*'\''' region_answers region-2
}
rollback() {
  systemctl disable --now maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  systemctl mask maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
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
    if ((status == 0)); then echo nothing to do: 'Let MAAS run as region'; exit 0; fi
    echo needed: 'Let MAAS run as region'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Let MAAS run as region'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
