#!/usr/bin/env bash
# Run Patroni
#
# Host:    db-3
# Why:     The first member runs alone until it leads. Patroni then finds roles by its lock; data of another cluster, or ahead of the leader, stops this run before Patroni could touch it.
# After:   */database-patroni-data, db-1/database-postgresql-database
# Secrets: superuser, replication, rewind; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash database-patroni.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash database-patroni.sh apply && sudo bash database-patroni.sh verify
# Back:    systemctl disable --now patroni.service; the old files stay as .prev beside the new, the data is untouched
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

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
check() {
file_current /etc/patroni/config.yml postgres postgres 600
file_current /etc/patroni/maasc-dynamic.yml root root 644
file_current /etc/systemd/system/patroni.service.d/maasc.conf root root 644
file_current /usr/local/lib/maasc/scram-verifier root root 755
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
is_member() { # this member runs, and there is a leader
  [[ -n $(column Leader Member) ]] || { echo "Patroni has no leader" >&2; return 1; }
  [[ $(column db-3 State) =~ ^(running|streaming)$ ]] || { echo "Patroni says of this member: $(column db-3 State)" >&2; return 1; }
}
systemctl is-enabled --quiet patroni.service
unit_active patroni.service
is_member
[[ /run/maasc-patroni/read -nt /etc/patroni/config.yml && /run/maasc-patroni/read -nt /etc/systemd/system/patroni.service.d/maasc.conf ]]
}
apply() {
etcd_client() { ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints='http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379' "$@"; }
published() { etcd_client get --print-value-only /maasc/patroni/"$1"; } # MEMBER
held() { # none, or the system identifier and the timeline in this data directory
  [[ -e /var/lib/postgresql/16/main/PG_VERSION ]] || { echo none; return; }
  /usr/lib/postgresql/16/bin/pg_controldata -D /var/lib/postgresql/16/main |
    awk -F ': +' '/^Database system identifier/ { system = $2 } /^Latest checkpoint.s TimeLineID/ { line = $2 } END { print system, line }'
}
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
is_member() { # this member runs, and there is a leader
  [[ -n $(column Leader Member) ]] || { echo "Patroni has no leader" >&2; return 1; }
  [[ $(column db-3 State) =~ ^(running|streaming)$ ]] || { echo "Patroni says of this member: $(column db-3 State)" >&2; return 1; }
}
judge() { # data of another cluster, or ahead of the leader, is nothing that Patroni may decide on
  local mine system leader_line
  mine=$(held)
  system=$(etcd_client get --print-value-only /service/patroni/initialize)
  if [[ -n $system ]]; then
    [[ $mine == none || ${mine% *} == "$system" ]] ||
      fail "the data here (system identifier ${mine% *}) is not of the cluster $system; it stays untouched"
    leader_line=$(column Leader TL)
    [[ $mine == none || -z $leader_line || ${mine#* } -le $leader_line ]] ||
      fail "the data here is on timeline ${mine#* }, ahead of the leader on $leader_line; it stays untouched"
    return
  fi
  fail 'there is no cluster yet; the first member comes first'
}
install -d -o postgres -g postgres -m 755 /var/lib/postgresql/16
install_file /etc/patroni/config.yml postgres postgres 600
install_file /etc/patroni/maasc-dynamic.yml root root 644
install_file /etc/systemd/system/patroni.service.d/maasc.conf root root 644
install_file /usr/local/lib/maasc/scram-verifier root root 755
unit_active patroni.service || judge
systemctl daemon-reload
systemctl enable --quiet patroni.service
if unit_active patroni.service && [[ /run/maasc-patroni/read -nt /etc/systemd/system/patroni.service.d/maasc.conf ]]; then
  systemctl reload patroni.service
elif unit_active patroni.service; then
  systemctl restart patroni.service # Patroni alone; PostgreSQL goes on
else
  systemctl start patroni.service
fi
wait_until 3600 'Patroni does not bring PostgreSQL up; look into journalctl -u patroni' is_member
}
verify() {
rows() { patronictl -c /etc/patroni/config.yml list -f tsv; }
column() { # MEMBER-OR-ROLE HEAD
  rows | awk -F '\t' -v who="$1" -v head="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
}
is_member() { # this member runs, and there is a leader
  [[ -n $(column Leader Member) ]] || { echo "Patroni has no leader" >&2; return 1; }
  [[ $(column db-3 State) =~ ^(running|streaming)$ ]] || { echo "Patroni says of this member: $(column db-3 State)" >&2; return 1; }
}
systemctl is-enabled --quiet patroni.service
unit_active patroni.service
is_member
}
difference() {
  diff -uN /usr/local/lib/maasc/scram-verifier "$FILES"/usr/local/lib/maasc/scram-verifier || true
  echo 'would write /etc/patroni/config.yml'
  diff -uN /etc/patroni/maasc-dynamic.yml "$FILES"/etc/patroni/maasc-dynamic.yml || true
  diff -uN /etc/systemd/system/patroni.service.d/maasc.conf "$FILES"/etc/systemd/system/patroni.service.d/maasc.conf || true
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
    if ((status == 0)); then echo nothing to do: 'Run Patroni'; exit 0; fi
    echo needed: 'Run Patroni'
    difference
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Run Patroni'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
