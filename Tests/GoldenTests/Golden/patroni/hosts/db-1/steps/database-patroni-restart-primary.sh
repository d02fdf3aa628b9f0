#!/usr/bin/env bash
# Restart this server if it is the primary with pending parameters
#
# Host:    db-1
# Why:     max_connections and its like need a restart; Patroni keeps a standby at its primary's value until the primary has the new one.
# After:   db-3/database-patroni-restart-standby
# Caution: A changed parameter that needs a restart interrupts the database for some seconds.
# Check:   sudo bash database-patroni-restart-primary.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-patroni-restart-primary.sh apply && sudo bash database-patroni-restart-primary.sh verify
# Back:    none is needed: give the parameter its old value in the topology and deploy again
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
say() { printf '%s\n' "$*"; }
check() {
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
waits() { [[ $(column db-1 Role) == Leader && -n $(column db-1 'Pending restart') ]]; }
! waits
}
apply() {
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
waits() { [[ $(column db-1 Role) == Leader && -n $(column db-1 'Pending restart') ]]; }
say 'restarting the primary: MAAS loses its database for some seconds'
patronictl -c /etc/patroni/config.yml restart --force --pending patroni db-1
}
verify() {
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
waits() { [[ $(column db-1 Role) == Leader && -n $(column db-1 'Pending restart') ]]; }
! waits
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
    if ((status == 0)); then echo nothing to do: 'Restart this server if it is the primary with pending parameters'; exit 0; fi
    echo needed: 'Restart this server if it is the primary with pending parameters'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Restart this server if it is the primary with pending parameters'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
