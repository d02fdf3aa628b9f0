#!/usr/bin/env bash
# Keep PostgreSQL's packages from making a cluster
#
# Host:    maas-3
# Why:     A cluster made at installation would have an identity of its own, and could never become a standby of the others.
# After:   */preflight-*
# Check:   sudo bash packages-postgresql-no-cluster.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash packages-postgresql-no-cluster.sh apply && sudo bash packages-postgresql-no-cluster.sh verify
# Back:    sudo bash packages-postgresql-no-cluster.sh rollback
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
  file_current /etc/postgresql-common/createcluster.d/maasc.conf root root 644
}
apply() {
  install_file /etc/postgresql-common/createcluster.d/maasc.conf root root 644
}
verify() {
  file_current /etc/postgresql-common/createcluster.d/maasc.conf root root 644
}
rollback() {
  restore_file /etc/postgresql-common/createcluster.d/maasc.conf
}
difference() {
  diff -uN /etc/postgresql-common/createcluster.d/maasc.conf "$FILES"/etc/postgresql-common/createcluster.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Keep PostgreSQL'\''s packages from making a cluster'; exit 0; fi
    echo needed: 'Keep PostgreSQL'\''s packages from making a cluster'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Keep PostgreSQL'\''s packages from making a cluster'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
