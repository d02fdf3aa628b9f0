#!/usr/bin/env bash
# Set keepalived up
#
# Host:    infra-2
# Why:     The virtual address moves to another host within a second when this one, or its HAProxy, is lost.
# After:   infra-2/packages-*, */balancer-haproxy, infra-1/balancer-keepalived
# Caution: Where this changes a running keepalived, the virtual address may move, which cuts the database connections that come through it.
# Check:   sudo bash balancer-keepalived.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash balancer-keepalived.sh apply && sudo bash balancer-keepalived.sh verify
# Back:    sudo bash balancer-keepalived.sh rollback
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
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
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
  file_current /usr/local/lib/maasc/region-may-serve root root 755
  file_current /usr/local/lib/maasc/haproxy-alive root root 755
  file_current /etc/keepalived/keepalived.conf root root 644
  file_current /etc/systemd/system/keepalived.service.d/maasc.conf root root 644
  unit_active keepalived.service
  systemctl is-enabled --quiet keepalived.service
  cmp -s /etc/keepalived/keepalived.conf "$STATE/"keepalived-runs
}
apply() {
  install_file /usr/local/lib/maasc/region-may-serve root root 755
  install_file /usr/local/lib/maasc/haproxy-alive root root 755
  install_file /etc/systemd/system/keepalived.service.d/maasc.conf root root 644
  systemctl daemon-reload
  install_file /etc/keepalived/keepalived.conf root root 644 keepalived -t -f
  systemctl enable --quiet keepalived.service
  if unit_active keepalived.service; then systemctl reload keepalived.service; else systemctl restart keepalived.service; fi
  install -m 600 /etc/keepalived/keepalived.conf "$STATE/"keepalived-runs
}
verify() {
  unit_active keepalived.service
  systemctl is-enabled --quiet keepalived.service
  cmp -s /etc/keepalived/keepalived.conf "$STATE/"keepalived-runs
  wait_until 20 'nothing answers at the virtual address 192.0.2.10' curl -sgf -m 2 -o /dev/null http://192.0.2.10:80/maasc/alive
  wait_until 20 'nothing answers at the virtual address 2001:db8:1::10' curl -sgf -m 2 -o /dev/null 'http://[2001:db8:1::10]:80/maasc/alive'
}
rollback() {
  restore_file /usr/local/lib/maasc/region-may-serve
  restore_file /usr/local/lib/maasc/haproxy-alive
  restore_file /etc/keepalived/keepalived.conf
  restore_file /etc/systemd/system/keepalived.service.d/maasc.conf
  systemctl daemon-reload
  systemctl reload-or-restart keepalived.service
}
difference() {
  diff -uN /usr/local/lib/maasc/region-may-serve "$FILES"/usr/local/lib/maasc/region-may-serve || true
  diff -uN /usr/local/lib/maasc/haproxy-alive "$FILES"/usr/local/lib/maasc/haproxy-alive || true
  diff -uN /etc/keepalived/keepalived.conf "$FILES"/etc/keepalived/keepalived.conf || true
  diff -uN /etc/systemd/system/keepalived.service.d/maasc.conf "$FILES"/etc/systemd/system/keepalived.service.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Set keepalived up'; exit 0; fi
    echo needed: 'Set keepalived up'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Set keepalived up'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
