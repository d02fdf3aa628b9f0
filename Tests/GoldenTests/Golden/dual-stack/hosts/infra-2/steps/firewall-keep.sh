#!/usr/bin/env bash
# Keep the packet filter, now that a new login came through
#
# Host:    infra-2
# Why:     The login that runs this step was made after the rules were loaded; only now are they loaded at boot too.
# After:   infra-2/firewall-load
# Check:   sudo bash firewall-keep.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash firewall-keep.sh apply && sudo bash firewall-keep.sh verify
# Back:    sudo bash firewall-keep.sh rollback
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

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
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-464f5d12abb567a6 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  file_current /etc/maasc/firewall.nft root root 644
  file_current /etc/systemd/system/maasc-nftables.service root root 644
  file_current /etc/systemd/system/nftables.service.d/maasc.conf root root 644
  is_loaded
  systemctl is-enabled --quiet maasc-nftables.service
  unit_active maasc-nftables.service
  ! systemctl is-active --quiet maasc-firewall-rollback.timer || return 1
}
apply() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-464f5d12abb567a6 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  login_age() { # seconds since the ssh connection of this step was made; nothing on a console
    local pid=$$
    while ((pid > 1)); do
      if [[ $(<"/proc/$pid/comm") == sshd* ]]; then
        ps -o etimes= -p "$pid" | tr -d ' '
        return
      fi
      pid=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
    done
  }
  is_loaded || fail "the rules are not in force any more: no new login came within 300 seconds. Run infra-2/firewall-load again"
  age=$(login_age)
  loaded=$(($(date +%s) - $(stat -c %Y "$STATE/firewall-loaded")))
  [[ -z $age ]] || ((age <= loaded)) || fail "this ssh connection is older than the rules, so it proves nothing: log in anew and run this step again"
  install_file /etc/maasc/firewall.nft root root 644
  install_file /etc/systemd/system/maasc-nftables.service root root 644
  install_file /etc/systemd/system/nftables.service.d/maasc.conf root root 644
  systemctl daemon-reload
  systemctl enable --quiet maasc-nftables.service
  systemctl restart maasc-nftables.service
  systemctl stop maasc-firewall-rollback.timer 2>/dev/null || true
}
verify() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-464f5d12abb567a6 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  is_loaded
  systemctl is-enabled --quiet maasc-nftables.service
  unit_active maasc-nftables.service
  ! systemctl is-active --quiet maasc-firewall-rollback.timer || return 1
}
rollback() {
  systemctl disable --now maasc-nftables.service
  restore_file /etc/maasc/firewall.nft
  restore_file /etc/systemd/system/maasc-nftables.service
  restore_file /etc/systemd/system/nftables.service.d/maasc.conf
  systemctl daemon-reload
}
difference() {
  diff -uN /etc/maasc/firewall.nft "$FILES"/etc/maasc/firewall.nft || true
  diff -uN /etc/systemd/system/maasc-nftables.service "$FILES"/etc/systemd/system/maasc-nftables.service || true
  diff -uN /etc/systemd/system/nftables.service.d/maasc.conf "$FILES"/etc/systemd/system/nftables.service.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Keep the packet filter, now that a new login came through'; exit 0; fi
    echo needed: 'Keep the packet filter, now that a new login came through'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Keep the packet filter, now that a new login came through'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
