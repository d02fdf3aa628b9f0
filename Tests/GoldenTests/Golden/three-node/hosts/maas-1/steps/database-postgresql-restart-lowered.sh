#!/usr/bin/env bash
# Restart this server if it is a standby that waited for the primary's smaller values
#
# Host:    maas-1
# Why:     max_connections and its like need a restart; a standby below its primary would refuse to start.
# After:   maas-3/database-postgresql-restart-primary
# Check:   sudo bash database-postgresql-restart-lowered.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-postgresql-restart-lowered.sh apply && sudo bash database-postgresql-restart-lowered.sh verify
# Back:    none is needed: give the parameter its old value in the topology and deploy again
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

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
  pending() { sql -c 'select string_agg(name, '\'', '\'' order by name) from pg_settings where pending_restart and pg_is_in_recovery() = true'; }
  [[ -z $(pending) ]]
}
apply() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  pending() { sql -c 'select string_agg(name, '\'', '\'' order by name) from pg_settings where pending_restart and pg_is_in_recovery() = true'; }
  names=$(pending)
  say "restarting PostgreSQL for $names"

  systemctl restart postgresql@16-main.service
  wait_until 120 "PostgreSQL did not come back; look into /var/log/postgresql" sql -c 'select 1'
}
verify() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  pending() { sql -c 'select string_agg(name, '\'', '\'' order by name) from pg_settings where pending_restart and pg_is_in_recovery() = true'; }
  [[ -z $(pending) ]]
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
    if ((status == 0)); then echo nothing to do: 'Restart this server if it is a standby that waited for the primary'\''s smaller values'; exit 0; fi
    echo needed: 'Restart this server if it is a standby that waited for the primary'\''s smaller values'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Restart this server if it is a standby that waited for the primary'\''s smaller values'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
