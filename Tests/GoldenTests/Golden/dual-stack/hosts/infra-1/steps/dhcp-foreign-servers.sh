#!/usr/bin/env bash
# Find DHCP servers that are not ours
#
# Host:    infra-1
# Why:     Two servers that do not know of each other give one address to two machines. IPv4 only; nothing is leased.
# After:   */rack-*
# Check:   sudo bash dhcp-foreign-servers.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash dhcp-foreign-servers.sh apply && sudo bash dhcp-foreign-servers.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
FILES=$(cd "$(dirname "$0")/../files" && pwd)
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  python3 "$FILES"/var/lib/maasc/network-probe.py foreign '198.51.100.2=198.51.100.2,198.51.100.3'
}
apply() {
  python3 "$FILES"/var/lib/maasc/network-probe.py foreign '198.51.100.2=198.51.100.2,198.51.100.3' || fail 'turn the other server off, or keep MAAS off that VLAN with dhcp: unmanaged'
}
verify() {
  python3 "$FILES"/var/lib/maasc/network-probe.py foreign '198.51.100.2=198.51.100.2,198.51.100.3'
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
    if ((status == 0)); then echo nothing to do: 'Find DHCP servers that are not ours'; exit 0; fi
    echo needed: 'Find DHCP servers that are not ours'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Find DHCP servers that are not ours'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
