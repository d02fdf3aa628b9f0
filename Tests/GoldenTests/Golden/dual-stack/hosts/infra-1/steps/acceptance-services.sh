#!/usr/bin/env bash
# Ask for a lease, a boot file and a name on the VLANs of this rack
#
# Host:    infra-1
# Why:     A machine that boots needs all three. The lease is asked of the partner, since a host cannot ask itself.
# After:   */firewall-keep, infra-1/backup-backup-restore-test
# Check:   sudo bash acceptance-services.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash acceptance-services.sh apply && sudo bash acceptance-services.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
FILES=$(cd "$(dirname "$0")/../files" && pwd)
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  curl -fsS -m 30 -o /dev/null tftp://198.51.100.2/bootx64.efi || fail 'no boot file by TFTP at 198.51.100.2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 198.51.100.2 infra-1.maas
  curl -fsS -m 30 -o /dev/null 'tftp://[2001:db8:2::2]/bootx64.efi' || fail 'no boot file by TFTP at 2001:db8:2::2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 2001:db8:2::2 infra-1.maas
}
apply() {
  curl -fsS -m 30 -o /dev/null tftp://198.51.100.2/bootx64.efi || fail 'no boot file by TFTP at 198.51.100.2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 198.51.100.2 infra-1.maas
  curl -fsS -m 30 -o /dev/null 'tftp://[2001:db8:2::2]/bootx64.efi' || fail 'no boot file by TFTP at 2001:db8:2::2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 2001:db8:2::2 infra-1.maas
}
verify() {
  curl -fsS -m 30 -o /dev/null tftp://198.51.100.2/bootx64.efi || fail 'no boot file by TFTP at 198.51.100.2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 198.51.100.2 infra-1.maas
  curl -fsS -m 30 -o /dev/null 'tftp://[2001:db8:2::2]/bootx64.efi' || fail 'no boot file by TFTP at 2001:db8:2::2'
  python3 "$FILES"/var/lib/maasc/network-probe.py name 2001:db8:2::2 infra-1.maas
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
    if ((status == 0)); then echo nothing to do: 'Ask for a lease, a boot file and a name on the VLANs of this rack'; exit 0; fi
    echo needed: 'Ask for a lease, a boot file and a name on the VLANs of this rack'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Ask for a lease, a boot file and a name on the VLANs of this rack'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
