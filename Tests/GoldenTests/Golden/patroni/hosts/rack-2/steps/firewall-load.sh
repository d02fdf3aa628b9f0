#!/usr/bin/env bash
# Load the packet filter, for five minutes
#
# Host:    rack-2
# Why:     A mistake in it could lock everybody out; so it goes away by itself unless the next step gets in.
# After:   rack-2/packages-*, region-1/tls-enable, rack-1/firewall-keep
# Caution: Connections that the topology does not name are refused from here on.
# Check:   sudo bash firewall-load.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash firewall-load.sh apply && sudo bash firewall-load.sh verify
# Back:    sudo bash firewall-load.sh rollback
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
FILES=$(cd "$(dirname "$0")/../files" && pwd)
STATE=/var/lib/maasc
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-d133c504aa078e86 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  is_loaded
}
apply() {
  nft -c -f "$FILES"/etc/maasc/firewall.nft || fail "nft refuses the rules; nothing was changed"
  systemctl stop maasc-firewall-rollback.timer 2>/dev/null || true
  systemctl reset-failed maasc-firewall-rollback.service 2>/dev/null || true
  systemd-run --quiet --collect --unit=maasc-firewall-rollback --on-active=300 --timer-property=AccuracySec=1s /bin/sh -c 'if [ -e /etc/maasc/firewall.nft ]; then nft -f /etc/maasc/firewall.nft; else nft delete table inet maasc; fi'
  touch "$STATE/firewall-loaded"
  nft -f "$FILES"/etc/maasc/firewall.nft
}
verify() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-d133c504aa078e86 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  is_loaded
}
rollback() {
  systemctl stop maasc-firewall-rollback.timer 2>/dev/null || true
  if [ -e /etc/maasc/firewall.nft ]; then nft -f /etc/maasc/firewall.nft; else nft delete table inet maasc; fi
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
    if ((status == 0)); then echo nothing to do: 'Load the packet filter, for five minutes'; exit 0; fi
    echo needed: 'Load the packet filter, for five minutes'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Load the packet filter, for five minutes'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
