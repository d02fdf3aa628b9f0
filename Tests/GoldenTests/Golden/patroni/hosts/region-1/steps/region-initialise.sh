#!/usr/bin/env bash
# Make this host a MAAS region
#
# Host:    region-1
# Why:     The first region creates the database's schema, while no other region is there.
# After:   region-1/region-configuration
# Secrets: database; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-initialise.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-initialise.sh apply && sudo bash region-initialise.sh verify
# Back:    only while nothing uses this MAAS: snap remove --purge maas, and drop the database
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
unit_active() { systemctl is-active --quiet "$1"; }
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
check() {
  [[ $(snap_mode) == region ]]
  unit_active snap.maas.pebble.service
}
apply() {
  case $(snap_mode) in
    none)
      PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT 1' >/dev/null || fail 'PostgreSQL does not answer maas at 192.0.2.10:5432'
      tables=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT to_regclass('\''public.maasserver_node'\'') IS NOT NULL')
      if [[ $tables == t ]]; then
        known=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT count(*) FROM maasserver_node WHERE node_type IN (3, 4)')
        ((known == 0)) || fail "the database holds $known region controllers, and this host is none of them: name one of theirs first under regions, or restore this host"
      fi
      said=$(timeout 1800 maas init region --maas-url http://maas.example.net/MAAS <<<postgres://maas":$(secret database)"@192.0.2.10:5432/maasdb 2>&1 | head -c 65536) ||
        fail "maas init: $(tail -n 20 <<<"$said")"
      ;;
    region) ;;
    *) fail "this host is a MAAS $(snap_mode), the topology wants region: 'maas init --force' would change it, and drops its certificates" ;;
  esac

  snap start maas
}
verify() {
  [[ $(snap_mode) == region ]]
  unit_active snap.maas.pebble.service
}
export_value() {
  snap list maas | awk 'NR == 2 { print $3 }'
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
    if ((status == 0)); then echo nothing to do: 'Make this host a MAAS region'; exit 0; fi
    echo needed: 'Make this host a MAAS region'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Make this host a MAAS region'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  export) export_value ;;
  *) echo "usage: $0 check | plan | apply | verify | export" >&2; exit 64 ;;
esac
