#!/usr/bin/env bash
# Tell HAProxy and the other members which role this server has
#
# Host:    maas-1
# Why:     HAProxy sends writes only where this service answers 200, and no start of the server passes its guard while another member is primary. So roles are found at run time, and an old primary that comes back is neither served nor started.
# After:   maas-1/packages-*
# Secrets: replication; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash database-postgresql-role.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-postgresql-role.sh apply && sudo bash database-postgresql-role.sh verify
# Back:    only together with HAProxy: the old files stay as .prev beside the new
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
check() {
  file_current /usr/local/lib/maasc/postgresql-role root root 755
  file_current /usr/local/lib/maasc/scram-verifier root root 755
  file_current /etc/maasc/postgresql-role.conf root root 644
  file_current /etc/systemd/system/maasc-postgresql-role.service root root 644
  file_current /etc/systemd/system/maasc-postgresql.service root root 644
  file_current /etc/systemd/system/postgresql@16-main.service.d/maasc.conf root root 644
  file_current /var/lib/postgresql/.maasc-replication postgres postgres 600
  systemctl is-enabled --quiet maasc-postgresql-role.service maasc-postgresql.service
  unit_active maasc-postgresql-role.service
  [[ /run/maasc-postgresql-role -nt /usr/local/lib/maasc/postgresql-role && /run/maasc-postgresql-role -nt /etc/maasc/postgresql-role.conf ]]
}
apply() {
  install_file /usr/local/lib/maasc/postgresql-role root root 755
  install_file /usr/local/lib/maasc/scram-verifier root root 755
  install_file /etc/maasc/postgresql-role.conf root root 644
  install_file /etc/systemd/system/maasc-postgresql-role.service root root 644
  install_file /etc/systemd/system/maasc-postgresql.service root root 644
  install_file /etc/systemd/system/postgresql@16-main.service.d/maasc.conf root root 644
  install_file /var/lib/postgresql/.maasc-replication postgres postgres 600
  systemctl daemon-reload
  systemctl enable --quiet maasc-postgresql-role.service maasc-postgresql.service
  systemctl restart maasc-postgresql-role.service
}
verify() {
  systemctl is-enabled --quiet maasc-postgresql-role.service maasc-postgresql.service
  unit_active maasc-postgresql-role.service
  [[ /run/maasc-postgresql-role -nt /usr/local/lib/maasc/postgresql-role && /run/maasc-postgresql-role -nt /etc/maasc/postgresql-role.conf ]]
  role() { /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role "$1"; }
  role state | grep -Eq '^(running|stopped|none|unknown) '
}
difference() {
  diff -uN /usr/local/lib/maasc/postgresql-role "$FILES"/usr/local/lib/maasc/postgresql-role || true
  diff -uN /usr/local/lib/maasc/scram-verifier "$FILES"/usr/local/lib/maasc/scram-verifier || true
  diff -uN /etc/maasc/postgresql-role.conf "$FILES"/etc/maasc/postgresql-role.conf || true
  diff -uN /etc/systemd/system/maasc-postgresql-role.service "$FILES"/etc/systemd/system/maasc-postgresql-role.service || true
  diff -uN /etc/systemd/system/maasc-postgresql.service "$FILES"/etc/systemd/system/maasc-postgresql.service || true
  diff -uN /etc/systemd/system/postgresql@16-main.service.d/maasc.conf "$FILES"/etc/systemd/system/postgresql@16-main.service.d/maasc.conf || true
  echo 'would write /var/lib/postgresql/.maasc-replication'
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
    if ((status == 0)); then echo nothing to do: 'Tell HAProxy and the other members which role this server has'; exit 0; fi
    echo needed: 'Tell HAProxy and the other members which role this server has'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Tell HAProxy and the other members which role this server has'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
