#!/usr/bin/env bash
# Run this member of etcd
#
# Host:    db-1
# Why:     Patroni keeps the lock of its leader in etcd. A cluster is made only where none exists; a member that lost its data is replaced, not reborn.
# After:   db-1/packages-*
# Check:   sudo bash database-etcd.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-etcd.sh apply && sudo bash database-etcd.sh verify
# Back:    sudo bash database-etcd.sh rollback
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
FILES=$(cd "$(dirname "$0")/../files" && pwd)
STATE=/var/lib/maasc
SECRETS=/run/maasc/secrets
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
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
filled() { # PATH: each placeholder replaced, escaped for double quotes
  local rest done='' value
  rest=$(cat "$FILES$1" && printf x) || return 1
  while [[ $rest =~ @maasc:([^@]+)@ ]]; do
    value=$(secret "${BASH_REMATCH[1]}" | sed 's/[\\"]/\\&/g' && printf x) || return 1
    done+=${rest%%"${BASH_REMATCH[0]}"*}${value%x} rest=${rest#*"${BASH_REMATCH[0]}"}
  done
  printf '%s' "$done${rest%x}"
}
owned() { [[ -f $1 && ! -L $1 && $(stat -c %U:%G:%a "$1") == "$2:$3:$(printf %o "0$4")" ]]; } # PATH OWNER GROUP MODE
draft() { # PATH OWNER GROUP MODE: the filled file beside PATH, its mode first
  install -D -o "$2" -g "$3" -m "$4" /dev/null "$1.maasc-new"
  filled "$1" >"$1.maasc-new" || exit 1
}
replace() { # PATH: the draft takes its place, the old one stays as PATH.prev
  [[ ! -e $1 ]] || ln -fn "$1" "$1.prev"
  mv -fT "$1.maasc-new" "$1"
  say "installed $1"
}
file_current() { owned "$@" && filled "$1" | cmp -s - "$1"; } # PATH OWNER GROUP MODE
install_file() { # PATH OWNER GROUP MODE [CHECK...]
  if file_current "${@:1:4}"; then return; fi
  draft "$@"
  (($# == 4)) || "${@:5}" "$1.maasc-new" || fail "$1: refused by $5, the old file stays"
  replace "$1"
  install -D -m 600 "$1" "$STATE/installed$1" # deploy.sh compares with it before it overwrites
}
restore_file() { rm -f "$STATE/installed$1"; if [[ -e $1.prev ]]; then mv -fT "$1.prev" "$1"; else rm -f "$1"; fi; } # PATH
check() {
  file_current /etc/default/etcd root root 644
  file_current /etc/systemd/system/etcd.service.d/maasc.conf root root 644
  systemctl is-enabled --quiet etcd.service
  [[ $(systemctl show -P ActiveState etcd.service) == activ* ]]
  [[ /run/maasc-etcd -nt /etc/default/etcd && /run/maasc-etcd -nt /etc/systemd/system/etcd.service.d/maasc.conf ]]
}
apply() {
  install_file /etc/default/etcd root root 644
  install_file /etc/systemd/system/etcd.service.d/maasc.conf root root 644
  others() { ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints='http://192.0.2.22:2379,http://192.0.2.23:2379' "$@"; }
  join() {
    local list id
    if ! list=$(others member list 2>/dev/null); then
      [[ ! -e $STATE/etcd-joined ]] || fail "this member of etcd lost its data, and the others do not answer; bring them back first"
      echo ETCD_INITIAL_CLUSTER_STATE=new >/run/maasc-etcd-bootstrap
      return
    fi
    rm -f /run/maasc-etcd-bootstrap
    id=$(awk -F ', ' -v url=http://192.0.2.21:2380 '$4 == url { print $1 }' <<<"$list")
    if [[ -n $id && $(others get --print-value-only /maasc/etcd/db-1) == joined ]]; then
      say "this member of etcd lost its data; it is taken out of the cluster and joins again"
      others member remove "$id"
      id=''
    fi
    if [[ -z $id ]]; then others member add db-1 --peer-urls=http://192.0.2.21:2380; fi
  }
  systemctl daemon-reload
  systemctl enable --quiet etcd.service
  [[ -d /var/lib/etcd/maasc/member ]] || join
  # It reports ready only with a quorum, which the next members may have to bring.
  systemctl restart --no-block etcd.service
  wait_until 10 'etcd does not start' test -d /run/maasc-etcd
}
verify() {
  systemctl is-enabled --quiet etcd.service
  [[ $(systemctl show -P ActiveState etcd.service) == activ* ]]
  if [[ -e $STATE/etcd-joined ]]; then wait_until 60 'etcd has no quorum' env ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.21:2379 endpoint health; fi
}
rollback() {
  restore_file /etc/default/etcd
  restore_file /etc/systemd/system/etcd.service.d/maasc.conf
  systemctl daemon-reload
  systemctl restart --no-block etcd.service
}
difference() {
  diff -uN /etc/default/etcd "$FILES"/etc/default/etcd || true
  diff -uN /etc/systemd/system/etcd.service.d/maasc.conf "$FILES"/etc/systemd/system/etcd.service.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Run this member of etcd'; exit 0; fi
    echo needed: 'Run this member of etcd'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Run this member of etcd'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
