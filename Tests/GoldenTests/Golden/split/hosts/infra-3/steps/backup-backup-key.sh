#!/usr/bin/env bash
# Make the backup's ssh key
#
# Host:    infra-3
# Why:     The other hosts let this key call one program, from this address, that gives a dump and MAAS' files.
# After:   infra-3/packages-*
# Check:   sudo bash backup-backup-key.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash backup-backup-key.sh apply && sudo bash backup-backup-key.sh verify
# Back:    sudo bash backup-backup-key.sh rollback
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
check() {
  [[ -s /etc/maasc/backup-key && -s /etc/maasc/backup-key.pub ]]
}
apply() {
  install -d -m 755 /etc/maasc
  rm -f /etc/maasc/backup-key /etc/maasc/backup-key.pub
  ssh-keygen -q -t ed25519 -N '' -C maasc-backup -f /etc/maasc/backup-key
}
verify() {
  [[ -s /etc/maasc/backup-key && -s /etc/maasc/backup-key.pub ]]
}
rollback() {
  rm -f /etc/maasc/backup-key /etc/maasc/backup-key.pub
}
export_value() {
  cat /etc/maasc/backup-key.pub
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
    if ((status == 0)); then echo nothing to do: 'Make the backup'\''s ssh key'; exit 0; fi
    echo needed: 'Make the backup'\''s ssh key'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Make the backup'\''s ssh key'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  export) export_value ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback | export" >&2; exit 64 ;;
esac
