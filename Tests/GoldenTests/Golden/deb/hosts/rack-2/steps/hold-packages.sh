#!/usr/bin/env bash
# Hold maas-rack-controller
#
# Host:    rack-2
# Why:     Neither an unattended upgrade nor needrestart may replace or restart what carries MAAS.
# After:   rack-2/packages-*, */region-*
# Check:   sudo bash hold-packages.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash hold-packages.sh apply && sudo bash hold-packages.sh verify
# Back:    sudo bash hold-packages.sh rollback
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
FILES=$(cd "$(dirname "$0")/../files" && pwd)
STATE=/var/lib/maasc
SECRETS=/run/maasc/secrets
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
packages_installed() { local name; for name; do [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>&1) == installed ]] || return 1; done; }
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
packages_held() { # NAME...: those that are installed stay as they are
  local name
  for name; do ! packages_installed "$name" || [[ $(apt-mark showhold "$name") == "$name" ]] || return 1; done
}
hold_packages() { # NAME...
  local name
  for name; do ! packages_installed "$name" || apt-mark hold "$name" >/dev/null; done
}
check() {
  packages_held maas-rack-controller
  file_current /etc/apt/apt.conf.d/52maasc-hold root root 644
  file_current /etc/needrestart/conf.d/52maasc-hold.conf root root 644
}
apply() {
  hold_packages maas-rack-controller
  install_file /etc/apt/apt.conf.d/52maasc-hold root root 644
  install_file /etc/needrestart/conf.d/52maasc-hold.conf root root 644
}
verify() {
  packages_held maas-rack-controller
  file_current /etc/apt/apt.conf.d/52maasc-hold root root 644
  file_current /etc/needrestart/conf.d/52maasc-hold.conf root root 644
}
rollback() {
  apt-mark unhold maas-rack-controller
  restore_file /etc/apt/apt.conf.d/52maasc-hold
  restore_file /etc/needrestart/conf.d/52maasc-hold.conf
}
difference() {
  diff -uN /etc/apt/apt.conf.d/52maasc-hold "$FILES"/etc/apt/apt.conf.d/52maasc-hold || true
  diff -uN /etc/needrestart/conf.d/52maasc-hold.conf "$FILES"/etc/needrestart/conf.d/52maasc-hold.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Hold maas-rack-controller'; exit 0; fi
    echo needed: 'Hold maas-rack-controller'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Hold maas-rack-controller'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
