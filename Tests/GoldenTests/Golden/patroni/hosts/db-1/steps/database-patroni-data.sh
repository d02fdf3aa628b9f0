#!/usr/bin/env bash
# Tell the other members what this data directory holds
#
# Host:    db-1
# Why:     The first member makes a new cluster only if no member holds one. The others cannot be asked before Patroni runs there, so etcd carries the answer.
# After:   db-1/packages-*, */database-etcd-quorum
# Check:   sudo bash database-patroni-data.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-patroni-data.sh apply && sudo bash database-patroni-data.sh verify
# Back:    none is needed: where Patroni runs, nothing reads it
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
unit_active() { systemctl is-active --quiet "$1"; }
check() {
  etcd_client() { ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints='http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379' "$@"; }
  published() { etcd_client get --print-value-only /maasc/patroni/"$1"; } # MEMBER
  held() { # none, or the system identifier and the timeline in this data directory
    [[ -e /var/lib/postgresql/16/main/PG_VERSION ]] || { echo none; return; }
    /usr/lib/postgresql/16/bin/pg_controldata -D /var/lib/postgresql/16/main |
      awk -F ': +' '/^Database system identifier/ { system = $2 } /^Latest checkpoint.s TimeLineID/ { line = $2 } END { print system, line }'
  }
  unit_active patroni.service || [[ $(published db-1) == "$(held)" ]]
}
apply() {
  etcd_client() { ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints='http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379' "$@"; }
  published() { etcd_client get --print-value-only /maasc/patroni/"$1"; } # MEMBER
  held() { # none, or the system identifier and the timeline in this data directory
    [[ -e /var/lib/postgresql/16/main/PG_VERSION ]] || { echo none; return; }
    /usr/lib/postgresql/16/bin/pg_controldata -D /var/lib/postgresql/16/main |
      awk -F ': +' '/^Database system identifier/ { system = $2 } /^Latest checkpoint.s TimeLineID/ { line = $2 } END { print system, line }'
  }
  etcd_client put /maasc/patroni/db-1 "$(held)" >/dev/null
}
verify() {
  etcd_client() { ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints='http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379' "$@"; }
  published() { etcd_client get --print-value-only /maasc/patroni/"$1"; } # MEMBER
  held() { # none, or the system identifier and the timeline in this data directory
    [[ -e /var/lib/postgresql/16/main/PG_VERSION ]] || { echo none; return; }
    /usr/lib/postgresql/16/bin/pg_controldata -D /var/lib/postgresql/16/main |
      awk -F ': +' '/^Database system identifier/ { system = $2 } /^Latest checkpoint.s TimeLineID/ { line = $2 } END { print system, line }'
  }
  unit_active patroni.service || [[ $(published db-1) == "$(held)" ]]
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
    if ((status == 0)); then echo nothing to do: 'Tell the other members what this data directory holds'; exit 0; fi
    echo needed: 'Tell the other members what this data directory holds'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Tell the other members what this data directory holds'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
