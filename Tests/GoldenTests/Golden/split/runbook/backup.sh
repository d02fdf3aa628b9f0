#!/usr/bin/env bash
# Back the whole installation up, MAAS stopped
#
# backup.sh [DIRECTORY]
# Interrupts MAAS on every controller: racks first, then regions. Whatever happens, they are started again.
# Holds the database, and of each controller
# identity, secret, certificates, configuration and boot images of the first region.
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
target() { # HOST: sets ADDRESS and OPTIONS
  case $1 in
    infra-1) ADDRESS=10.20.0.11 OPTIONS=() ;;
    infra-2) ADDRESS=10.20.0.12 OPTIONS=() ;;
    infra-3) ADDRESS=10.20.0.13 OPTIONS=() ;;
    db-1) ADDRESS=10.20.0.21 OPTIONS=() ;;
    db-2) ADDRESS=10.20.0.22 OPTIONS=() ;;
    rack-a1) ADDRESS=10.20.0.31 OPTIONS=() ;;
    rack-a2) ADDRESS=10.20.0.32 OPTIONS=() ;;
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
REGIONS=(infra-1 infra-2 infra-3)
RACKS=(rack-a1 rack-a2)
CONTROLLERS=(infra-1 infra-2 infra-3 rack-a1 rack-a2)
MEMBERS=(db-1 db-2)
as_postgres() { local host=$1; shift; on "$host" runuser -u postgres -- env -C / HOME=/var/lib/postgresql "$@"; }
# A server that hangs takes a connection and never answers.
sql() { as_postgres "$1" env PGCONNECT_TIMEOUT=10 psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 -d "${3:-postgres}" -c "$2"; }
is_primary() { [[ $(sql "$1" 'select pg_is_in_recovery()' 2>/dev/null) == f ]]; }
find_primary() { # prints the member that accepts writes
  local member
  for member in "${MEMBERS[@]}"; do
    if is_primary "$member"; then printf '%s\n' "$member"; return; fi
  done
  return 1
}
stop_maas() { # HOST
  case $1 in
    infra-1) on "$1" snap stop maas ;;
    infra-2) on "$1" snap stop maas ;;
    infra-3) on "$1" snap stop maas ;;
    rack-a1) on "$1" snap stop maas ;;
    rack-a2) on "$1" snap stop maas ;;
  esac
}
start_maas() { # HOST
  case $1 in
    infra-1) on "$1" snap start maas ;;
    infra-2) on "$1" snap start maas ;;
    infra-3) on "$1" snap start maas ;;
    rack-a1) on "$1" snap start maas ;;
    rack-a2) on "$1" snap start maas ;;
  esac
}
paths_of() { # HOST: sets PATHS
  case $1 in
    infra-1) PATHS=(/var/snap/maas/current/regiond.conf /var/snap/maas/current/rackd.conf /var/snap/maas/common/maas/secret /var/snap/maas/common/maas/maas_id /var/snap/maas/common/maas/maas_uuid /var/snap/maas/current/certificates /var/snap/maas/current/agent.yaml) ;;
    infra-2) PATHS=(/var/snap/maas/current/regiond.conf /var/snap/maas/current/rackd.conf /var/snap/maas/common/maas/secret /var/snap/maas/common/maas/maas_id /var/snap/maas/common/maas/maas_uuid /var/snap/maas/current/certificates /var/snap/maas/current/agent.yaml) ;;
    infra-3) PATHS=(/var/snap/maas/current/regiond.conf /var/snap/maas/current/rackd.conf /var/snap/maas/common/maas/secret /var/snap/maas/common/maas/maas_id /var/snap/maas/common/maas/maas_uuid /var/snap/maas/current/certificates /var/snap/maas/current/agent.yaml) ;;
    rack-a1) PATHS=(/var/snap/maas/current/regiond.conf /var/snap/maas/current/rackd.conf /var/snap/maas/common/maas/secret /var/snap/maas/common/maas/maas_id /var/snap/maas/common/maas/maas_uuid /var/snap/maas/current/certificates /var/snap/maas/current/agent.yaml) ;;
    rack-a2) PATHS=(/var/snap/maas/current/regiond.conf /var/snap/maas/current/rackd.conf /var/snap/maas/common/maas/secret /var/snap/maas/common/maas/maas_id /var/snap/maas/common/maas/maas_uuid /var/snap/maas/current/certificates /var/snap/maas/current/agent.yaml) ;;
  esac
}
pack() { # HOST: its own files, as an archive
  local path present=()
  paths_of "$1"
  for path in "${PATHS[@]}"; do
    if on "$1" test -e "$path" </dev/null; then present+=("${path#/}"); fi
  done
  on "$1" tar -C / -czhf - "${present[@]}" </dev/null
}
directory=${1:-backup-$(date -u +%Y%m%dT%H%M%SZ)}
[[ $directory != -* ]] || { echo "usage: $0 [DIRECTORY]" >&2; exit 64; }
mkdir -p "$directory"
[[ -z $(ls -A "$directory") ]] || fail "$directory is not empty"
for host in "${CONTROLLERS[@]}"; do on "$host" true || fail "$host cannot be reached as root; nothing was changed"; done
primary=$(find_primary) || fail 'no member of the database is primary; nothing was changed'
finish() { # whatever happened, MAAS runs again
  local status=$? host
  trap - EXIT
  ((status == 0)) || say "this is no whole backup: remove $directory"
  for host in "${REGIONS[@]}" "${RACKS[@]}"; do
    say "starting MAAS on $host"
    start_maas "$host" || { say "MAAS does not start on $host"; status=1; }
  done
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT
for host in "${RACKS[@]}" "${REGIONS[@]}"; do
  say "stopping MAAS on $host"
  stop_maas "$host"
done
say "dumping the database on $primary"
as_postgres "$primary" pg_dump -w -Fc -h /var/run/postgresql -p 5432 -d maasdb >"$directory/database.dump"
for host in "${CONTROLLERS[@]}"; do
  say "files of $host"
  pack "$host" >"$directory/$host.tar.gz"
done
say 'boot images'
on infra-1 tar -C /var/snap/maas/common/maas/image-storage -cf - . >"$directory/images.tar"
(cd "$directory" && sha256sum -- * >SHA256SUMS)
say "backed up into $directory"
