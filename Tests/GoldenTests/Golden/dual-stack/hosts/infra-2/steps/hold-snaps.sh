#!/usr/bin/env bash
# Hold the MAAS snap
#
# Host:    infra-2
# Why:     A refresh migrates the database under the other regions; it belongs to a planned upgrade.
# After:   infra-2/packages-*, */region-*
# Check:   sudo bash hold-snaps.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash hold-snaps.sh apply && sudo bash hold-snaps.sh verify
# Back:    sudo bash hold-snaps.sh rollback
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
check() {
  snap list maas | awk 'NR == 2 && $NF ~ /held/ { found = 1 } END { exit !found }'
}
apply() {
  snap refresh --hold maas
}
verify() {
  snap list maas | awk 'NR == 2 && $NF ~ /held/ { found = 1 } END { exit !found }'
}
rollback() {
  snap refresh --unhold maas
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
    if ((status == 0)); then echo nothing to do: 'Hold the MAAS snap'; exit 0; fi
    echo needed: 'Hold the MAAS snap'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Hold the MAAS snap'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
