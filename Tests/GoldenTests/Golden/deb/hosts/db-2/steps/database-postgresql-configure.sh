#!/usr/bin/env bash
# Install PostgreSQL's settings and pg_hba.conf
#
# Host:    db-2
# Why:     The files are judged by pg_file_settings and pg_hba_file_rules before a reload; one bad line at a restart would leave the database down.
# After:   db-2/database-postgresql-role
# Check:   sudo bash database-postgresql-configure.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-postgresql-configure.sh apply && sudo bash database-postgresql-configure.sh verify
# Back:    sudo bash database-postgresql-configure.sh rollback
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
FILES=$(cd "$(dirname "$0")/../files" && pwd)
STATE=/var/lib/maasc
SECRETS=/run/maasc/secrets
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
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
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  is_running() { as_postgres /usr/lib/postgresql/16/bin/pg_ctl status -D /var/lib/postgresql/16/main >/dev/null 2>&1; }
  is_loaded() { if is_running; then [[ $(sql -c "select pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/conf.d/maasc.conf)) and pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/pg_hba.conf))") == t ]]; fi; }
  file_current /etc/postgresql/16/main/conf.d/maasc.conf postgres postgres 644
  file_current /etc/postgresql/16/main/pg_hba.conf postgres postgres 640
  file_current /etc/postgresql/16/main/start.conf postgres postgres 644
  [[ -e /etc/postgresql/16/main/postgresql.conf && -e /etc/postgresql/16/main/pg_ident.conf ]]
  is_loaded
}
apply() {
as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
is_running() { as_postgres /usr/lib/postgresql/16/bin/pg_ctl status -D /var/lib/postgresql/16/main >/dev/null 2>&1; }
is_loaded() { if is_running; then [[ $(sql -c "select pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/conf.d/maasc.conf)) and pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/pg_hba.conf))") == t ]]; fi; }
errors() { sql -c 'select '\''pg_hba.conf:'\'' || line_number || '\'': '\'' || error from pg_hba_file_rules where error is not null
union all select sourcefile || '\'':'\'' || sourceline || '\'': '\'' || name || '\'': '\'' || error from pg_file_settings
where error is not null and error <> '\''setting could not be applied'\'''; }
no_errors() { if is_running; then [[ -z $(errors) ]] || { errors >&2; return 1; }; fi; }
install -d -o postgres -g postgres -m 755 /etc/postgresql/16 /etc/postgresql/16/main /etc/postgresql/16/main/conf.d
# A cluster that Debian's packages made has these already.
if [[ ! -e /etc/postgresql/16/main/postgresql.conf ]]; then
  install -o postgres -g postgres -m 644 /dev/null /etc/postgresql/16/main/postgresql.conf.maasc-new
  echo "include_dir = 'conf.d'" >/etc/postgresql/16/main/postgresql.conf.maasc-new
  mv /etc/postgresql/16/main/postgresql.conf.maasc-new /etc/postgresql/16/main/postgresql.conf
fi
[[ -e /etc/postgresql/16/main/pg_ident.conf ]] || install -o postgres -g postgres -m 640 /dev/null /etc/postgresql/16/main/pg_ident.conf
install_file /etc/postgresql/16/main/conf.d/maasc.conf postgres postgres 644
install_file /etc/postgresql/16/main/pg_hba.conf postgres postgres 640
install_file /etc/postgresql/16/main/start.conf postgres postgres 644
if is_running; then
  if ! no_errors; then
    restore_file /etc/postgresql/16/main/conf.d/maasc.conf
    restore_file /etc/postgresql/16/main/pg_hba.conf
    fail "PostgreSQL refuses the new files; the old ones are back and nothing was reloaded"
  fi
  sql -c 'select pg_reload_conf()' >/dev/null
  wait_until 10 "PostgreSQL did not reload its configuration" is_loaded
fi
}
verify() {
as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
is_running() { as_postgres /usr/lib/postgresql/16/bin/pg_ctl status -D /var/lib/postgresql/16/main >/dev/null 2>&1; }
is_loaded() { if is_running; then [[ $(sql -c "select pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/conf.d/maasc.conf)) and pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/pg_hba.conf))") == t ]]; fi; }
errors() { sql -c 'select '\''pg_hba.conf:'\'' || line_number || '\'': '\'' || error from pg_hba_file_rules where error is not null
union all select sourcefile || '\'':'\'' || sourceline || '\'': '\'' || name || '\'': '\'' || error from pg_file_settings
where error is not null and error <> '\''setting could not be applied'\'''; }
no_errors() { if is_running; then [[ -z $(errors) ]] || { errors >&2; return 1; }; fi; }
[[ -e /etc/postgresql/16/main/postgresql.conf && -e /etc/postgresql/16/main/pg_ident.conf ]]
no_errors
is_loaded
}
rollback() {
  as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
  sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h /var/run/postgresql -p 5432 "$@"; }
  is_running() { as_postgres /usr/lib/postgresql/16/bin/pg_ctl status -D /var/lib/postgresql/16/main >/dev/null 2>&1; }
  is_loaded() { if is_running; then [[ $(sql -c "select pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/conf.d/maasc.conf)) and pg_conf_load_time() > to_timestamp($(stat -c %.6Y /etc/postgresql/16/main/pg_hba.conf))") == t ]]; fi; }
  restore_file /etc/postgresql/16/main/conf.d/maasc.conf
  restore_file /etc/postgresql/16/main/pg_hba.conf
  if is_running; then sql -c 'select pg_reload_conf()'; fi
}
difference() {
  diff -uN /etc/postgresql/16/main/start.conf "$FILES"/etc/postgresql/16/main/start.conf || true
  diff -uN /etc/postgresql/16/main/conf.d/maasc.conf "$FILES"/etc/postgresql/16/main/conf.d/maasc.conf || true
  diff -uN /etc/postgresql/16/main/pg_hba.conf "$FILES"/etc/postgresql/16/main/pg_hba.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Install PostgreSQL'\''s settings and pg_hba.conf'; exit 0; fi
    echo needed: 'Install PostgreSQL'\''s settings and pg_hba.conf'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Install PostgreSQL'\''s settings and pg_hba.conf'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
