#!/usr/bin/env bash
# Bring parameters and pg_hba of all members up to date
#
# Host:    db-1
# Why:     Patroni reads the part of its configuration about a new cluster only once; later changes go into etcd, and each member reloads by itself.
# After:   */database-postgresql-database
# Check:   sudo bash database-patroni-settings.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-patroni-settings.sh apply && sudo bash database-patroni-settings.sh verify
# Back:    patronictl history and edit-config: give the settings their old values in the topology and deploy again
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
check() {
  patronictl -c /etc/patroni/config.yml edit-config --apply /etc/patroni/maasc-dynamic.yml patroni </dev/null 2>&1 | grep -qx 'Not changed'
}
apply() {
  patronictl -c /etc/patroni/config.yml edit-config --force --apply /etc/patroni/maasc-dynamic.yml patroni >/dev/null
}
verify() {
  patronictl -c /etc/patroni/config.yml edit-config --apply /etc/patroni/maasc-dynamic.yml patroni </dev/null 2>&1 | grep -qx 'Not changed'
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
    if ((status == 0)); then echo nothing to do: 'Bring parameters and pg_hba of all members up to date'; exit 0; fi
    echo needed: 'Bring parameters and pg_hba of all members up to date'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Bring parameters and pg_hba of all members up to date'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
