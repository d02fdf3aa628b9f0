#!/usr/bin/env bash
# Wait until etcd has a quorum
#
# Host:    db-1
# Why:     Patroni elects nobody without one. From here on this member never makes a cluster again.
# After:   */database-etcd
# Check:   sudo bash database-etcd-quorum.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-etcd-quorum.sh apply && sudo bash database-etcd-quorum.sh verify
# Back:    none: a member that has joined a cluster is removed from it with etcdctl member remove
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
STATE=/var/lib/maasc
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
check() {
  [[ -e $STATE/etcd-joined && ! -e /run/maasc-etcd-bootstrap ]]
  env ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.21:2379 endpoint health
}
apply() {
  wait_until 120 'etcd has no quorum' env ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.21:2379 endpoint health
  ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.21:2379 put /maasc/etcd/db-1 joined >/dev/null
  touch "$STATE/etcd-joined"
  rm -f /run/maasc-etcd-bootstrap
}
verify() {
  [[ -e $STATE/etcd-joined && ! -e /run/maasc-etcd-bootstrap ]]
  env ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.21:2379 endpoint health
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
    if ((status == 0)); then echo nothing to do: 'Wait until etcd has a quorum'; exit 0; fi
    echo needed: 'Wait until etcd has a quorum'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Wait until etcd has a quorum'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
