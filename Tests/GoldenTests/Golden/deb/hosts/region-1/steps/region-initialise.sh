#!/usr/bin/env bash
# Let MAAS run as region
#
# Host:    region-1
# Why:     The packages' units were masked, so that they did not start before they were configured.
# After:   region-1/region-configuration
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
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
units_enabled() { # UNIT...: all of them
  local unit
  for unit; do systemctl is-enabled --quiet "$unit" || return 1; done
}
check() {
  units_enabled maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
}
apply() {
  PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT 1' >/dev/null || fail 'PostgreSQL does not answer maas at 192.0.2.10:5432'
  tables=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT to_regclass('\''public.maasserver_node'\'') IS NOT NULL')
  if [[ $tables == t ]]; then
    known=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT count(*) FROM maasserver_node WHERE node_type IN (3, 4)')
    ((known == 0)) || fail "the database holds $known region controllers, and this host is none of them: name one of theirs first under regions, or restore this host"
  fi
  systemctl unmask maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  systemctl enable maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service

}
verify() {
  units_enabled maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
}
rollback() {
  systemctl disable --now maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
  systemctl mask maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service
}
export_value() {
  dpkg-query -W -f '${Version}' maas-region-api
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
  export) export_value ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback | export" >&2; exit 64 ;;
esac
