#!/usr/bin/env bash
# Join the primary as a standby
#
# Host:    db-2
# Why:     Roles are discovered: the first member makes a cluster only where no member holds one. No data directory is deleted: it is renamed, and only if its server is stopped, its system identifier is the primary's and its timeline is not ahead. Anything else stops the run with the data untouched.
# After:   */database-postgresql-configure, db-1/database-postgresql-database
# Check:   sudo bash database-postgresql-cluster.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-postgresql-cluster.sh apply && sudo bash database-postgresql-cluster.sh verify
# Back:    a directory that was here before is beside the new one, under another name: stop the server and exchange them
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
check() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  role() { /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role "$1"; }
  discover() {
    local line
    line=$(role state)
    read -r server kind timeline system <<<"$line"
    peers=$(role peers) # NAME ADDRESS SERVER ROLE TIMELINE SYSTEM
    primaries=$(awk '$3 == "running" && $4 == "primary" { print $1, $2, $5, $6 }' <<<"$peers")
    primary='' address='' primary_timeline=0 primary_system=-
    [[ -z $primaries ]] || read -r primary address primary_timeline primary_system <<<"$primaries"
  }
  is_streaming() { [[ $(sql -c "select count(*) from pg_stat_wal_receiver where status = 'streaming'") == 1 ]]; }
  discover
  [[ $server == running ]] || { echo "PostgreSQL is $server here" >&2; return 1; }
  if [[ $kind == primary ]]; then
    [[ -z $primary ]] || { echo "this member and $primary are both primary" >&2; return 1; }
  else
    is_streaming || { echo "this standby does not stream from a primary" >&2; return 1; }
  fi
}
apply() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  role() { /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role "$1"; }
  discover() {
    local line
    line=$(role state)
    read -r server kind timeline system <<<"$line"
    peers=$(role peers) # NAME ADDRESS SERVER ROLE TIMELINE SYSTEM
    primaries=$(awk '$3 == "running" && $4 == "primary" { print $1, $2, $5, $6 }' <<<"$peers")
    primary='' address='' primary_timeline=0 primary_system=-
    [[ -z $primaries ]] || read -r primary address primary_timeline primary_system <<<"$primaries"
  }
  is_streaming() { [[ $(sql -c "select count(*) from pg_stat_wal_receiver where status = 'streaming'") == 1 ]]; }
  data=/var/lib/postgresql/16/main
  prepare() {
    [[ ! -e $data || -z $(ls -A "$data") ]] || fail "$data holds files that are no PostgreSQL cluster; nothing was changed"
    ! mountpoint -q "$data" || fail "$data is a mount point: give postgresql.data_directory a directory below it"
    install -d -o postgres -g postgres -m 755 "$(dirname "$data")"
    rm -rf "$data.incomplete" # left by a run that was killed; never held the data of a server
  }
  start() {
    systemctl start postgresql@16-main.service
    wait_until 60 "PostgreSQL did not start" sql -c 'select 1'
  }
  await_streaming() { wait_until 120 "the standby does not stream; look into /var/log/postgresql" is_streaming; }
  clone() {
    [[ -n $primary ]] || fail "no member is primary, so there is nothing to copy; start the primary first"
    local source="host=$address port=5432 connect_timeout=10 "'user='\''replicator'\'' passfile=/var/lib/postgresql/.maasc-replication'
    prepare
    # The slot may have been invalidated, or hold WAL that a fresh copy does not need.
    as_postgres psql -XAtqw -d "$source replication=true" -c 'DROP_REPLICATION_SLOT maasc_db_2' >/dev/null 2>&1 || true
    as_postgres psql -XAtqw -d "$source replication=true" -c 'CREATE_REPLICATION_SLOT maasc_db_2 PHYSICAL RESERVE_WAL' >/dev/null
    as_postgres /usr/lib/postgresql/16/bin/pg_basebackup -w -d "$source" -D "$data.incomplete" -X stream -S maasc_db_2 -c fast
    as_postgres touch "$data.incomplete/standby.signal"
    mv -T "$data.incomplete" "$data"
    start
    await_streaming
    say "copied $primary into $data"
  }
  create() {
    local holder
    holder=$(awk '$3 != "none" { print $1 }' <<<"$peers" | xargs)
    [[ -z $holder ]] || fail "$holder holds a cluster but no member is primary; start it there first: nothing is made here"
    prepare
    as_postgres /usr/lib/postgresql/16/bin/initdb -D "$data.incomplete" -E UTF8 --locale=C.UTF-8 --data-checksums -A peer --auth-host=scram-sha-256 >/dev/null
    mv -T "$data.incomplete" "$data"
    start
    say "made a new cluster in $data"
  }
  start_again() {
    [[ $(systemctl is-enabled postgresql@16-main.service 2>&1 || true) != masked* ]] ||
      fail "PostgreSQL is masked on this host: somebody fenced it. Bring it back with runbook/failover-postgresql.sh rejoin"
    if [[ $kind == primary && -n $primary ]]; then
      replaced=$data.replaced-$(date -u +%Y%m%dT%H%M%SZ)
      as_postgres /usr/lib/postgresql/16/bin/pg_ctl status -D "$data" >/dev/null 2>&1 && fail "the server of $data runs; its data stays untouched"
      mv -T "$data" "$replaced"
      say "$primary is the primary now; the old data of this member stays in $replaced"
      clone
    else
      start
      [[ $kind == primary ]] || await_streaming
    fi
  }
  discover
  silent=$(awk '$3 == "silent" { print $1 }' <<<"$peers" | xargs)
  [[ -z $silent ]] || fail "cannot tell what $silent holds; nothing was changed here"
  (($(wc -l <<<"$primaries") == 1)) || fail "several members are primary: $(cut -d ' ' -f 1 <<<"$primaries" | xargs); stop all but the right one"
  [[ -z $primary || $system == - || $system == "$primary_system" ]] ||
    fail "the cluster here (system identifier $system) is not the one of $primary ($primary_system); its data stays untouched"
  [[ -z $primary || $timeline -le $primary_timeline ]] ||
    fail "the cluster here is on timeline $timeline, ahead of $primary on $primary_timeline; its data stays untouched"
  case $server in
    running) if [[ $kind == standby ]]; then await_streaming; else fail "this member and ${primary:-another} are both primary; stop the wrong one"; fi ;;
    stopped) start_again ;;
    none) clone ;;
    *) fail "PostgreSQL on this host does not answer; look into /var/log/postgresql" ;;
  esac
}
verify() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  role() { /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role "$1"; }
  discover() {
    local line
    line=$(role state)
    read -r server kind timeline system <<<"$line"
    peers=$(role peers) # NAME ADDRESS SERVER ROLE TIMELINE SYSTEM
    primaries=$(awk '$3 == "running" && $4 == "primary" { print $1, $2, $5, $6 }' <<<"$peers")
    primary='' address='' primary_timeline=0 primary_system=-
    [[ -z $primaries ]] || read -r primary address primary_timeline primary_system <<<"$primaries"
  }
  is_streaming() { [[ $(sql -c "select count(*) from pg_stat_wal_receiver where status = 'streaming'") == 1 ]]; }
  discover
  [[ $server == running ]] || { echo "PostgreSQL is $server here" >&2; return 1; }
  if [[ $kind == primary ]]; then
    [[ -z $primary ]] || { echo "this member and $primary are both primary" >&2; return 1; }
  else
    is_streaming || { echo "this standby does not stream from a primary" >&2; return 1; }
  fi
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
    if ((status == 0)); then echo nothing to do: 'Join the primary as a standby'; exit 0; fi
    echo needed: 'Join the primary as a standby'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Join the primary as a standby'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
