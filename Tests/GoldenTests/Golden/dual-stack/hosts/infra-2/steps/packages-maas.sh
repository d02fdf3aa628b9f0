#!/usr/bin/env bash
# Install the MAAS snap
#
# Host:    infra-2
# Why:     Installed it does nothing: it becomes a controller only by `maas init`.
# After:   infra-2/packages-install
# Check:   sudo bash packages-maas.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash packages-maas.sh apply && sudo bash packages-maas.sh verify
# Back:    sudo bash packages-maas.sh rollback
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
fail() { printf '%s\n' "$*" >&2; exit 1; }
snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
check() {
  snap list maas 2>/dev/null | awk -v channel=3.7/stable 'NR == 2 && $4 == channel { found = 1 } END { exit !found }'
}
apply() {
  if snap list maas >/dev/null 2>&1; then
    fail 'MAAS is installed from another channel than 3.7/stable: changing it is an upgrade, with a backup before and racks first'
  fi
  snap install maas --channel=3.7/stable
}
verify() {
  snap list maas 2>/dev/null | awk -v channel=3.7/stable 'NR == 2 && $4 == channel { found = 1 } END { exit !found }'
}
rollback() {
  [[ $(snap_mode) == none ]] || fail 'this host is a controller: removing MAAS would take its identity along'
  snap remove maas
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
    if ((status == 0)); then echo nothing to do: 'Install the MAAS snap'; exit 0; fi
    echo needed: 'Install the MAAS snap'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Install the MAAS snap'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
