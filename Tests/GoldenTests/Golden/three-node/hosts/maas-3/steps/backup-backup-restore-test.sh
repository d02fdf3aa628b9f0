#!/usr/bin/env bash
# Take a backup and restore it into a scratch server
#
# Host:    maas-3
# Why:     A backup that was never restored is a hope.
# After:   maas-3/backup-backup
# Check:   sudo bash backup-backup-restore-test.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash backup-backup-restore-test.sh apply && sudo bash backup-backup-restore-test.sh verify
# Back:    none is needed: the scratch server is gone, and one backup more does no harm
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
check() {
  compgen -G /var/backups/maas/'2*Z/.restored' >/dev/null
}
apply() {
  /usr/local/lib/maasc/backup-collect
  /usr/local/lib/maasc/backup-restore-test
}
verify() {
  compgen -G /var/backups/maas/'2*Z/.restored' >/dev/null
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
    if ((status == 0)); then echo nothing to do: 'Take a backup and restore it into a scratch server'; exit 0; fi
    echo needed: 'Take a backup and restore it into a scratch server'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Take a backup and restore it into a scratch server'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
