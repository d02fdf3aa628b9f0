#!/usr/bin/env bash
# Make MAAS' user and database if this member is the primary
#
# Host:    db-2
# Why:     MAAS must own its database. Passwords reach the server only as SCRAM verifiers that are computed on this host.
# After:   db-2/database-postgresql-cluster
# Secrets: database, replication; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash database-postgresql-database.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-postgresql-database.sh apply && sudo bash database-postgresql-database.sh verify
# Back:    only by hand, and only while MAAS is not initialised: drop database, drop role
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
check() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  is_primary() { [[ $(sql -c 'select pg_is_in_recovery()') == f ]]; }
  has_slots() { [[ $(sql -c 'select count(*) from unnest(array['\''maasc_db_1'\'']::text[]) s where s not in (select slot_name from pg_replication_slots)') == 0 ]]; }
  has_password() { # USER SECRET
    { sql -v name="$1" <<<"select coalesce((select rolpassword from pg_authid where rolname = :'name'), '')"; secret "$2"; } |
      /usr/bin/python3 -I /usr/local/lib/maasc/scram-verifier match
  }
  has_extensions() {
    local missing
    missing=$(sql -c 'select string_agg(name, '\'' '\'') from unnest(array['\''btree_gin'\'', '\''pgcrypto'\'']::text[]) name where name not in (select name from pg_available_extensions)')
    [[ -z $missing ]] || fail "PostgreSQL lacks the files of these extensions, which MAAS or postgresql.extensions wants: $missing"
  }
  is_done() { has_slots && { ! is_primary || { has_extensions && has_password maas database && has_password replicator replication && [[ $(sql -c 'select pg_get_userbyid(datdba) from pg_database where datname = '\''maasdb'\''') == maas ]] && [[ $(sql -c 'select bool_and(has_function_privilege('\''replicator'\'', f, '\''execute'\'')) from unnest(array['\''pg_catalog.pg_ls_dir(text, boolean, boolean)'\'', '\''pg_catalog.pg_stat_file(text, boolean)'\'', '\''pg_catalog.pg_read_binary_file(text)'\'', '\''pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)'\'']) f') == t ]]; }; }; }
  is_done
}
apply() {
as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
is_primary() { [[ $(sql -c 'select pg_is_in_recovery()') == f ]]; }
has_slots() { [[ $(sql -c 'select count(*) from unnest(array['\''maasc_db_1'\'']::text[]) s where s not in (select slot_name from pg_replication_slots)') == 0 ]]; }
has_password() { # USER SECRET
  { sql -v name="$1" <<<"select coalesce((select rolpassword from pg_authid where rolname = :'name'), '')"; secret "$2"; } |
    /usr/bin/python3 -I /usr/local/lib/maasc/scram-verifier match
}
has_extensions() {
  local missing
  missing=$(sql -c 'select string_agg(name, '\'' '\'') from unnest(array['\''btree_gin'\'', '\''pgcrypto'\'']::text[]) name where name not in (select name from pg_available_extensions)')
  [[ -z $missing ]] || fail "PostgreSQL lacks the files of these extensions, which MAAS or postgresql.extensions wants: $missing"
}
is_done() { has_slots && { ! is_primary || { has_extensions && has_password maas database && has_password replicator replication && [[ $(sql -c 'select pg_get_userbyid(datdba) from pg_database where datname = '\''maasdb'\''') == maas ]] && [[ $(sql -c 'select bool_and(has_function_privilege('\''replicator'\'', f, '\''execute'\'')) from unnest(array['\''pg_catalog.pg_ls_dir(text, boolean, boolean)'\'', '\''pg_catalog.pg_stat_file(text, boolean)'\'', '\''pg_catalog.pg_read_binary_file(text)'\'', '\''pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)'\'']) f') == t ]]; }; }; }
set_password() { # USER SECRET ATTRIBUTES: no statement waits for a standby that is not there yet
  local verifier
  verifier=$(secret "$2" | /usr/bin/python3 -I /usr/local/lib/maasc/scram-verifier make)
  sql -v name="$1" -v attributes="$3" <<<"set synchronous_commit = local;
    select format('create role %I', :'name') where not exists (select from pg_roles where rolname = :'name') \\gexec
    alter role :\"name\" :attributes password '$verifier';"
}
if is_primary; then
  has_extensions
  has_password maas database || set_password maas database login
  has_password replicator replication || set_password replicator replication 'login replication'
  sql <<<'set synchronous_commit = local;
select format('\''create database %I owner %I encoding '\'''\''UTF8'\'''\'' template template0'\'', '\''maasdb'\'', '\''maas'\'')
  where not exists (select from pg_database where datname = '\''maasdb'\'') \gexec
alter database "maasdb" owner to "maas";
grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean),
  pg_catalog.pg_read_binary_file(text), pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to "replicator";'
  
fi
sql -c 'select pg_create_physical_replication_slot(s) from unnest(array['\''maasc_db_1'\'']::text[]) s
  where s not in (select slot_name from pg_replication_slots);' >/dev/null
}
verify() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  is_primary() { [[ $(sql -c 'select pg_is_in_recovery()') == f ]]; }
  has_slots() { [[ $(sql -c 'select count(*) from unnest(array['\''maasc_db_1'\'']::text[]) s where s not in (select slot_name from pg_replication_slots)') == 0 ]]; }
  has_password() { # USER SECRET
    { sql -v name="$1" <<<"select coalesce((select rolpassword from pg_authid where rolname = :'name'), '')"; secret "$2"; } |
      /usr/bin/python3 -I /usr/local/lib/maasc/scram-verifier match
  }
  has_extensions() {
    local missing
    missing=$(sql -c 'select string_agg(name, '\'' '\'') from unnest(array['\''btree_gin'\'', '\''pgcrypto'\'']::text[]) name where name not in (select name from pg_available_extensions)')
    [[ -z $missing ]] || fail "PostgreSQL lacks the files of these extensions, which MAAS or postgresql.extensions wants: $missing"
  }
  is_done() { has_slots && { ! is_primary || { has_extensions && has_password maas database && has_password replicator replication && [[ $(sql -c 'select pg_get_userbyid(datdba) from pg_database where datname = '\''maasdb'\''') == maas ]] && [[ $(sql -c 'select bool_and(has_function_privilege('\''replicator'\'', f, '\''execute'\'')) from unnest(array['\''pg_catalog.pg_ls_dir(text, boolean, boolean)'\'', '\''pg_catalog.pg_stat_file(text, boolean)'\'', '\''pg_catalog.pg_read_binary_file(text)'\'', '\''pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)'\'']) f') == t ]]; }; }; }
  is_done
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
    if ((status == 0)); then echo nothing to do: 'Make MAAS'\'' user and database if this member is the primary'; exit 0; fi
    echo needed: 'Make MAAS'\'' user and database if this member is the primary'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Make MAAS'\'' user and database if this member is the primary'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
