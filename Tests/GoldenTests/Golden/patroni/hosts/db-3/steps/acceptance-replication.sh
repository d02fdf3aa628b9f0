#!/usr/bin/env bash
# See replication stream
#
# Host:    db-3
# Why:     A standby that lags for good is no standby.
# After:   */firewall-keep, region-3/backup-backup-restore-test
# Check:   sudo bash acceptance-replication.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash acceptance-replication.sh apply && sudo bash acceptance-replication.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  [[ $(cd / && runuser -u postgres -- psql -XAtq -p 5432 -c 'SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = '\''streaming'\'') > 0 ELSE (SELECT count(*) FROM pg_stat_replication WHERE state = '\''streaming'\'') >= 2 END') == t ]] ||
    fail 'replication does not stream: see pg_stat_replication on the primary'
}
apply() {
  [[ $(cd / && runuser -u postgres -- psql -XAtq -p 5432 -c 'SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = '\''streaming'\'') > 0 ELSE (SELECT count(*) FROM pg_stat_replication WHERE state = '\''streaming'\'') >= 2 END') == t ]] ||
    fail 'replication does not stream: see pg_stat_replication on the primary'
}
verify() {
  [[ $(cd / && runuser -u postgres -- psql -XAtq -p 5432 -c 'SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = '\''streaming'\'') > 0 ELSE (SELECT count(*) FROM pg_stat_replication WHERE state = '\''streaming'\'') >= 2 END') == t ]] ||
    fail 'replication does not stream: see pg_stat_replication on the primary'
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
    if ((status == 0)); then echo nothing to do: 'See replication stream'; exit 0; fi
    echo needed: 'See replication stream'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See replication stream'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
