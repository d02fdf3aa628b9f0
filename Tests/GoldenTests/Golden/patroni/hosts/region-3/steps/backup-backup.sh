#!/usr/bin/env bash
# Back MAAS up every night
#
# Host:    region-3
# Why:     An online dump from whichever member is primary, and each controller's identity, secret and certificates; nothing is stopped for it.
# After:   */rack-*, */backup-backup-source
# Check:   sudo bash backup-backup.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash backup-backup.sh apply && sudo bash backup-backup.sh verify
# Back:    sudo bash backup-backup.sh rollback
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
unit_active() { systemctl is-active --quiet "$1"; }
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
  file_current /usr/local/lib/maasc/backup-collect root root 755
  file_current /usr/local/lib/maasc/backup-restore-test root root 755
  file_current /etc/systemd/system/maasc-backup.service root root 644
  file_current /etc/systemd/system/maasc-backup.timer root root 644
  systemctl is-enabled --quiet maasc-backup.timer
  unit_active maasc-backup.timer
}
apply() {
  install_file /usr/local/lib/maasc/backup-collect root root 755
  install_file /usr/local/lib/maasc/backup-restore-test root root 755
  install_file /etc/systemd/system/maasc-backup.service root root 644
  install_file /etc/systemd/system/maasc-backup.timer root root 644
  systemctl daemon-reload
  systemctl enable --quiet --now maasc-backup.timer
}
verify() {
  file_current /usr/local/lib/maasc/backup-collect root root 755
  file_current /usr/local/lib/maasc/backup-restore-test root root 755
  file_current /etc/systemd/system/maasc-backup.service root root 644
  file_current /etc/systemd/system/maasc-backup.timer root root 644
  systemctl is-enabled --quiet maasc-backup.timer
  unit_active maasc-backup.timer
}
rollback() {
  systemctl disable --now maasc-backup.timer

  restore_file /usr/local/lib/maasc/backup-collect
  restore_file /usr/local/lib/maasc/backup-restore-test
  restore_file /etc/systemd/system/maasc-backup.service
  restore_file /etc/systemd/system/maasc-backup.timer
  systemctl daemon-reload
}
difference() {
  diff -uN /usr/local/lib/maasc/backup-collect "$FILES"/usr/local/lib/maasc/backup-collect || true
  diff -uN /usr/local/lib/maasc/backup-restore-test "$FILES"/usr/local/lib/maasc/backup-restore-test || true
  diff -uN /etc/systemd/system/maasc-backup.service "$FILES"/etc/systemd/system/maasc-backup.service || true
  diff -uN /etc/systemd/system/maasc-backup.timer "$FILES"/etc/systemd/system/maasc-backup.timer || true
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
    if ((status == 0)); then echo nothing to do: 'Back MAAS up every night'; exit 0; fi
    echo needed: 'Back MAAS up every night'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Back MAAS up every night'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
