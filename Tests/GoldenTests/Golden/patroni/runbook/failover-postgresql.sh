#!/usr/bin/env bash
# Change the primary of PostgreSQL by Patroni
#
# status              what Patroni knows
# planned TARGET      a switch-over, some seconds without writes, nothing lost
# lost TARGET         the primary is gone and Patroni found nobody to take over; Patroni fences it by its lock
# rejoin HOST         an old primary comes back as a standby; Patroni rewinds it, or with its data unusable copies it anew
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
target() { # HOST: sets ADDRESS and OPTIONS
  case $1 in
    region-1) ADDRESS=192.0.2.11 OPTIONS=() ;;
    region-2) ADDRESS=192.0.2.12 OPTIONS=() ;;
    region-3) ADDRESS=192.0.2.13 OPTIONS=() ;;
    db-1) ADDRESS=192.0.2.21 OPTIONS=() ;;
    db-2) ADDRESS=192.0.2.22 OPTIONS=() ;;
    db-3) ADDRESS=192.0.2.23 OPTIONS=() ;;
    lb-1) ADDRESS=192.0.2.31 OPTIONS=() ;;
    lb-2) ADDRESS=192.0.2.32 OPTIONS=() ;;
    rack-1) ADDRESS=192.0.2.41 OPTIONS=() ;;
    rack-2) ADDRESS=192.0.2.42 OPTIONS=() ;;
    *) fail "there is no host $1 in this topology" ;;
  esac
}
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
# MAASC_SSH may name another program than ssh, or hold further options.
read -ra SSH <<<"${MAASC_SSH:-ssh}"
WORK=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/maasc.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
SSH+=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 -o ServerAliveCountMax=3)
SHARED=(-o ControlMaster=auto -o ControlPersist=30 -o "ControlPath=$WORK/%C")
packed() { # CMD...: the command as root, as one word of letters that every login shell leaves alone, csh and fish too
  local word
  {
    printf 'set --'
    for word; do printf " '%s'" "${word//\'/\'\\\'\'}"; done
    echo
    echo "if [ \"\$(id -u)\" = 0 ]; then exec \"\$@\"; else exec sudo -n -- \"\$@\"; fi"
  } | base64 | tr -d '\n'
}
on() { # HOST CMD...: as root on HOST, standard input passed on
  local ADDRESS OPTIONS connection=("${SHARED[@]}")
  target "$1"
  shift
  [[ -z ${FRESH-} ]] || connection=(-o ControlPath=none)
  "${SSH[@]}" "${connection[@]}" "${OPTIONS[@]}" -- "$ADDRESS" "exec sh -c 'code=\$(echo $(packed "$@") | base64 -d) && eval \"\$code\"'"
}
put() { # HOST PATH MODE: standard input becomes the file
  on "$1" sh -c "install -D -m \"\$2\" /dev/null \"\$1.maasc-new\" && cat >\"\$1.maasc-new\" && mv -f \"\$1.maasc-new\" \"\$1\"" - "$2" "$3"
}
exec {OPERATOR}<&0 </dev/null
confirm() { # TEXT WORD: goes on only when the operator types WORD
  local answer=''
  printf '%s\nType %s to go on: ' "$1" "$2" >&2
  read -r -u "$OPERATOR" answer || true
  [[ $answer == "$2" ]] || fail "stopped at your word; nothing more was changed"
}
MEMBERS=(db-1 db-2 db-3)
SCOPE=patroni
ctl() { # asks through the first member that answers
  local member
  for member in "${MEMBERS[@]}"; do
    if on "$member" true 2>/dev/null; then on "$member" patronictl -c /etc/patroni/config.yml "$@"; return; fi
  done
  fail "no member can be reached"
}
need_member() { [[ " ${MEMBERS[*]} " == *" $1 "* ]] || fail "$1 is no member: ${MEMBERS[*]}"; }
planned() {
  confirm "MAAS cannot write for some seconds while $1 takes over." "$1"
  ctl switchover --candidate "$1" --force "$SCOPE"
}
lost() {
  confirm "$1 becomes the primary. Writes that it has not received are lost." "$1"
  ctl failover --candidate "$1" --force "$SCOPE"
}
rejoin() {
  on "$1" systemctl start patroni.service
  local deadline=$((SECONDS + 60))
  until ctl list -f tsv "$SCOPE" | awk -F '\t' -v who="$1" '$2 == who && $5 ~ /^(running|streaming)$/ { found = 1 } END { exit !found }'; do
    if ((SECONDS >= deadline)); then
      confirm "Patroni does not bring $1 back by itself. Its data is thrown away and copied from the leader." "$1"
      ctl reinit --force --wait "$SCOPE" "$1"
      break
    fi
    sleep 2
  done
}
case ${1-} in
  status) ;;
  planned | lost | rejoin)
    [[ $# == 2 ]] || fail "usage: $0 $1 HOST"
    need_member "$2"
    "$1" "$2"
    ;;
  *) fail "usage: $0 status | planned TARGET | lost TARGET | rejoin HOST" ;;
esac
ctl list "$SCOPE"
