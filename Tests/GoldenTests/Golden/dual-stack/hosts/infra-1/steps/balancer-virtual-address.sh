#!/usr/bin/env bash
# See that each virtual address is on one host
#
# Host:    infra-1
# Why:     Two holders mean that the hosts do not hear each other (protocol 112 is blocked, or the virtual router ids differ).
# After:   */balancer-haproxy, infra-2/balancer-keepalived
# Check:   sudo bash balancer-virtual-address.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash balancer-virtual-address.sh apply && sudo bash balancer-virtual-address.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
check() {
  verify
}
apply() {
  true
}
verify() {
  holders() { # PATH: how many hosts say that they hold the address
    local peer peers count=0
    peers=(192.0.2.11 192.0.2.12)
    for peer in "${peers[@]}"; do
      if curl -sgf -m 2 -o /dev/null "http://$peer:80$1"; then count=$((count + 1)); fi
    done
    echo "$count"
  }
  held_once() { [[ $(holders "$1") == 1 ]] || { echo "$(holders "$1") of 2 hosts hold it"; return 1; }; }
  held_once /maasc/holds/192.0.2.10 >/dev/null || wait_until 30 'the virtual address 192.0.2.10 is not on exactly one host' held_once /maasc/holds/192.0.2.10
  held_once /maasc/holds/2001:db8:1::10 >/dev/null || wait_until 30 'the virtual address 2001:db8:1::10 is not on exactly one host' held_once /maasc/holds/2001:db8:1::10
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
    if ((status == 0)); then echo nothing to do: 'See that each virtual address is on one host'; exit 0; fi
    echo needed: 'See that each virtual address is on one host'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See that each virtual address is on one host'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
