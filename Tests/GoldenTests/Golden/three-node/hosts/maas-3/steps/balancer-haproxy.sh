#!/usr/bin/env bash
# Set HAProxy up
#
# Host:    maas-3
# Why:     Clients, agents and database connections reach whichever region and whichever primary is alive.
# After:   maas-3/packages-*, */database-postgresql-restart-lowered, maas-2/balancer-haproxy
# Check:   sudo bash balancer-haproxy.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash balancer-haproxy.sh apply && sudo bash balancer-haproxy.sh verify
# Back:    sudo bash balancer-haproxy.sh rollback
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

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
  file_current /etc/haproxy/haproxy.cfg root root 644
  file_current /etc/systemd/system/haproxy.service.d/maasc.conf root root 644
  haproxy_says() { socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock <<<"$1" 2>/dev/null; }
  running_revision() { haproxy_says "show info" | sed -n 's/^description: //p'; }
  runs() { [[ $(running_revision) == maasc-2adde5aadc8512fa ]]; }
  systemctl is-enabled --quiet haproxy.service
  runs
}
apply() {
haproxy_says() { socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock <<<"$1" 2>/dev/null; }
running_revision() { haproxy_says "show info" | sed -n 's/^description: //p'; }
runs() { [[ $(running_revision) == maasc-2adde5aadc8512fa ]]; }
install_file /etc/systemd/system/haproxy.service.d/maasc.conf root root 644
systemctl daemon-reload
install_file /etc/haproxy/haproxy.cfg root root 644 haproxy -c -f
systemctl enable --quiet haproxy.service
if unit_active haproxy.service; then systemctl reload haproxy.service; else systemctl restart haproxy.service; fi || true
if ! (wait_until 20 "HAProxy's worker does not run the new configuration" runs); then
  restore_file /etc/haproxy/haproxy.cfg
  systemctl reload-or-restart haproxy.service || true
  fail "HAProxy refuses the new configuration while it starts; the old one is back. See: journalctl -n 50 -u haproxy.service"
fi
}
verify() {
haproxy_says() { socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock <<<"$1" 2>/dev/null; }
running_revision() { haproxy_says "show info" | sed -n 's/^description: //p'; }
runs() { [[ $(running_revision) == maasc-2adde5aadc8512fa ]]; }
runs || fail "HAProxy runs another configuration: '$(running_revision)', not 2adde5aadc8512fa"
curl -sf -m 2 -o /dev/null http://127.0.0.1:80/maasc/alive || fail 'HAProxy'\''s front end does not answer on port 80'
primaries() { haproxy_says "show stat" | awk -F, '$1 == "primary" && $2 != "BACKEND" && $18 ~ /^UP/ && $37 ~ /^(\* )?L7OK/ { n++ } END { print n + 0 }'; }
sees_primary() { [[ $(primaries) == 1 ]] || { echo "$(primaries) members are up as primary"; return 1; }; }
sees_primary >/dev/null || wait_until 60 "HAProxy sees no primary" sees_primary
}
rollback() {
  restore_file /etc/haproxy/haproxy.cfg
  restore_file /etc/systemd/system/haproxy.service.d/maasc.conf
  systemctl daemon-reload
  systemctl reload-or-restart haproxy.service
}
difference() {
  diff -uN /etc/haproxy/haproxy.cfg "$FILES"/etc/haproxy/haproxy.cfg || true
  diff -uN /etc/systemd/system/haproxy.service.d/maasc.conf "$FILES"/etc/systemd/system/haproxy.service.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Set HAProxy up'; exit 0; fi
    echo needed: 'Set HAProxy up'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Set HAProxy up'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
