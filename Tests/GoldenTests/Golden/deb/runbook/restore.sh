#!/usr/bin/env bash
# Restore a backup onto deployed hosts
#
# restore.sh DIRECTORY      a directory that backup.sh made, or one fetched from the backup host
# First deploy the hosts as usual; then this replaces their database and identities. regiond.conf and rackd.conf stay as deployed.
# Administrators, their passwords and API keys become those of the backup.
# The present database is renamed, not dropped, and the present files are packed up on their host: both can be put back until MAAS has started.
# Stopped or killed before that, it leaves MAAS stopped and says how to go back. A rerun begins anew; of what several runs set aside,
# the oldest is what was there at first.
# Point of no return: the start of MAAS at the end. Machines that changed since the backup are not as MAAS then believes.
# Afterwards: runbook/deploy.sh, which puts right what the topology has changed since the backup, and looks at the whole.
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
target() { # HOST: sets ADDRESS and OPTIONS
  case $1 in
    region-1) ADDRESS=192.0.2.11 OPTIONS=() ;;
    region-2) ADDRESS=192.0.2.12 OPTIONS=() ;;
    db-1) ADDRESS=192.0.2.21 OPTIONS=() ;;
    db-2) ADDRESS=192.0.2.22 OPTIONS=() ;;
    rack-1) ADDRESS=192.0.2.31 OPTIONS=() ;;
    rack-2) ADDRESS=192.0.2.32 OPTIONS=() ;;
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
REGIONS=(region-1 region-2)
RACKS=(rack-1 rack-2)
CONTROLLERS=(region-1 region-2 rack-1 rack-2)
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
    region-1) on "$1" systemctl stop maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service maas-http.service maas-syslog.service ;;
    region-2) on "$1" systemctl stop maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service maas-http.service maas-syslog.service ;;
    rack-1) on "$1" systemctl stop maas-rackd.service maas-agent.service maas-http.service maas-syslog.service maas-dhcpd.service maas-dhcpd6.service ;;
    rack-2) on "$1" systemctl stop maas-rackd.service maas-agent.service maas-http.service maas-syslog.service maas-dhcpd.service maas-dhcpd6.service ;;
  esac
}
start_maas() { # HOST
  case $1 in
    region-1) on "$1" systemctl start maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service maas-http.service maas-syslog.service ;;
    region-2) on "$1" systemctl start maas-regiond.service maas-apiserver.service maas-temporal.service maas-temporal-worker.service maas-http.service maas-syslog.service ;;
    rack-1) on "$1" systemctl start maas-rackd.service maas-agent.service maas-http.service maas-syslog.service ;;
    rack-2) on "$1" systemctl start maas-rackd.service maas-agent.service maas-http.service maas-syslog.service ;;
  esac
}
paths_of() { # HOST: sets PATHS
  case $1 in
    region-1) PATHS=(/etc/maas/regiond.conf /etc/maas/rackd.conf /var/lib/maas/secret /var/lib/maas/maas_id /var/lib/maas/maas_uuid /var/lib/maas/certificates /etc/maas/agent.yaml) ;;
    region-2) PATHS=(/etc/maas/regiond.conf /etc/maas/rackd.conf /var/lib/maas/secret /var/lib/maas/maas_id /var/lib/maas/maas_uuid /var/lib/maas/certificates /etc/maas/agent.yaml) ;;
    rack-1) PATHS=(/etc/maas/regiond.conf /etc/maas/rackd.conf /var/lib/maas/secret /var/lib/maas/maas_id /var/lib/maas/maas_uuid /var/lib/maas/certificates /etc/maas/agent.yaml) ;;
    rack-2) PATHS=(/etc/maas/regiond.conf /etc/maas/rackd.conf /var/lib/maas/secret /var/lib/maas/maas_id /var/lib/maas/maas_uuid /var/lib/maas/certificates /etc/maas/agent.yaml) ;;
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
directory=${1-}
[[ -n $directory ]] || { echo "usage: $0 DIRECTORY" >&2; exit 64; }
[[ -s $directory/SHA256SUMS ]] || fail "$directory is no whole backup: it has no SHA256SUMS; nothing was changed"
(cd "$directory" && sha256sum --quiet -c SHA256SUMS) || fail "$directory is damaged; nothing was changed"
for host in "${CONTROLLERS[@]}"; do [[ -s $directory/$host.tar.gz ]] || fail "$directory has no files of $host; nothing was changed"; done
[[ -s $directory/database.dump ]] || fail "$directory holds no database; nothing was changed"
for host in "${CONTROLLERS[@]}"; do on "$host" true || fail "$host cannot be reached as root; nothing was changed"; done
primary=$(find_primary) || fail 'no member of the database is primary; nothing was changed'

confirm "MAAS stops everywhere, and its database and identities become those of $directory." restore
stamp=$(date -u +%Y%m%dT%H%M%SZ)
kept=/var/lib/maasc/before-restore-$stamp.tar.gz
back=()
finish() { # MAAS is stopped: the operator has to know how to go on
  local status=$?
  trap - EXIT
  say 'MAAS is stopped. Run this again to begin anew; or, to go back:'
  printf '  %s\n' "${back[@]}" 'start MAAS on every controller, regions first'
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT
for host in "${RACKS[@]}" "${REGIONS[@]}"; do
  say "stopping MAAS on $host"
  stop_maas "$host"
done
say "restoring the database on $primary"
sql "$primary" 'drop database if exists "maasdb_restoring"'
sql "$primary" 'create database "maasdb_restoring" owner "maas" encoding '\''UTF8'\'' template template0'
as_postgres "$primary" pg_restore -h /var/run/postgresql -p 5432 --exit-on-error -d maasdb_restoring <"$directory/database.dump"
sql "$primary" analyze maasdb_restoring
old=maasdb_before_$stamp
sql "$primary" 'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '\''maasdb'\'' and pid <> pg_backend_pid()' >/dev/null
sql "$primary" 'alter database "maasdb" rename to '"\"$old\"; "'alter database "maasdb_restoring" rename to "maasdb"'
say "the database until now is called $old"
undo='alter database "maasdb" rename to "maasdb_restoring"; alter database '"\"$old\""' rename to "maasdb"'
back+=("on $primary: sudo -u postgres psql -p 5432 -c ${undo@Q}")
back+=("on every controller where it is: sudo tar -C / -xzf $kept")
for host in "${CONTROLLERS[@]}"; do
  say "files of $host; those until now are in $kept there"
  pack "$host" | put "$host" "$kept" 600
  on "$host" tar -C / -xzf - --exclude='*/regiond.conf' --exclude='*/rackd.conf' <"$directory/$host.tar.gz"
done
if [[ -s $directory/images.tar ]]; then
  say 'boot images'
  on region-1 tar -C /var/lib/maas/image-storage -xf - <"$directory/images.tar"
  on region-2 tar -C /var/lib/maas/image-storage -xf - <"$directory/images.tar"
fi
say "bringing the database's schema to the MAAS on "region-1
said=$(on region-1 timeout 3600 maas-region dbupgrade 2>&1) || fail "the migration failed: $(tail -n 20 <<<"$said")"
confirm 'Everything is in place. Starting MAAS is the point of no return.' start
trap 'rm -rf "$WORK"' EXIT
for host in "${REGIONS[@]}" "${RACKS[@]}"; do
  say "starting MAAS on $host"
  start_maas "$host"
done
say 'restored; now run runbook/deploy.sh, which puts right what differs from the topology, and looks at the whole'
say "when all is well, remove $kept on the controllers"
say "and drop the database $old on $primary"
