#!/usr/bin/env bash
# Compares db-3 with what patroni wants of it. Changes nothing.
#
# sudo bash verify.sh          says what differs; ends with 0 if nothing does, else 1
# sudo bash verify.sh --json   all of it, for programs
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -uo pipefail
shopt -s inherit_errexit
export LC_ALL=C
FORM=${1-}
case $FORM in '' | --json) ;; *) echo "usage: verify.sh [--json]" >&2; exit 64 ;; esac
[[ $(id -u) == 0 ]] || { echo "verify.sh reads files that only root may read: run it with sudo" >&2; exit 64; }
probe_etcd_health() {
  ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=http://192.0.2.23:2379 endpoint health >/dev/null && echo healthy
}
probe_postgresql_max_connections() {
  cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'show max_connections'
}
probe_postgresql_pg_hba() {
  cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select count(*) from pg_hba_file_rules where error is not null'
}
probe_postgresql_pending_restart() {
  cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select count(*) from pg_settings where pending_restart'
}
probe_postgresql_database() {
  cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select coalesce((select pg_get_userbyid(datdba) from pg_database where datname = '\''maasdb'\''), '\''no database'\'')'
}
probe_postgresql_extensions() {
cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select coalesce(string_agg(name, '\'' '\''), '\''all'\'') from unnest(array['\''btree_gin'\'', '\''pgcrypto'\'']::text[]) name
where name not in (select name from pg_available_extensions)'
}
probe_postgresql_replication() {
cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select case when pg_is_in_recovery() then (select count(*) from pg_stat_wal_receiver where status = '\''streaming'\'') + 1
else (select count(*) from pg_stat_replication where state = '\''streaming'\'') end'
}
probe_postgresql_slots() {
  cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h /var/run/postgresql -p 5432 -c 'select count(*) from pg_replication_slots where wal_status = '\''lost'\'''
}
probe_firewall_rules() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-c7ae31061c78b3f4 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  if is_loaded; then echo loaded; else echo different; fi
}
FILES=$(cd "$(dirname "$0")/files" && pwd)
CHECKS=0 DIFFERENCES=0 LINES=''
json() { # TEXT: in quotes
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}
result() { # KIND NAME DIFFERENCE: none if it is empty
  CHECKS=$((CHECKS + 1))
  if [[ -n $3 ]]; then DIFFERENCES=$((DIFFERENCES + 1)); fi
  if [[ $FORM == --json ]]; then
    LINES+=,"{\"kind\":\"$1\",\"name\":$(json "$2"),\"ok\":$([[ -n $3 ]] && echo false || echo true),\"difference\":$(json "$3")}"
  elif [[ -n $3 ]]; then
    printf '%s %s: %s\n' "$1" "$2" "$3"
  fi
}
owner() { # PATH OWNER GROUP MODE: how it differs in them
  local found
  if [[ ! -e $1 ]]; then echo "is missing"; return; fi
  found=$(stat -c '%U:%G %a' "$1")
  [[ $found == "$2:$3 $4" ]] || echo "belongs to $found, wanted is $2:$3 $4"
}
whole() { # PATH OWNER GROUP MODE: a file of ours
  local difference
  difference=$(owner "$@")
  if [[ -z $difference ]] && ! cmp -s "$FILES$1" "$1"; then
    difference="content differs"$'\n'"$(diff -u --label compiled --label "$1" "$FILES$1" "$1")"
  fi
  result file "$1" "$difference"
}
filled() { # PATH OWNER GROUP MODE: a file of ours that holds secrets, so it is compared with what the last deployment made of it
  local difference
  difference=$(owner "$@")
  if [[ -z $difference && ! -e /var/lib/maasc/installed$1 ]]; then
    difference="was not installed by this bundle"
  elif [[ -z $difference ]] && ! cmp -s "/var/lib/maasc/installed$1" "$1"; then
    difference="content is not what was installed"
  fi
  result file "$1" "$difference"
}
merged() { # PATH OWNER GROUP MODE: a file that MAAS writes too, so our keys are compared, but for secrets
  local difference elsewhere=@maasc:
  difference=$(owner "$@")
  # `maas config-vault migrate` takes these keys out of regiond.conf.
  if grep -Eqs "^vault_secret_id: *['\"]?[^ '\"]" "$1"; then elsewhere+='|^database_(name|user): '; fi
  if [[ -z $difference ]]; then
    difference=$(comm -23 <(flat <"$FILES$1" | grep -Ev "$elsewhere" | sort) <(flat <"$1" | sort) | sed 's/^/wanted is /')
  fi
  result file "$1" "$difference"
}
service() { # UNIT enabled|any|boot: it runs; one for the boot only need not
  local difference='' active enabled
  if [[ $2 != boot ]]; then active=$(systemctl is-active "$1" 2>/dev/null) || difference="is ${active:-unknown}, wanted is active"; fi
  if [[ -z $difference && $2 != any ]]; then
    enabled=$(systemctl is-enabled "$1" 2>/dev/null) || difference="is ${enabled:-not known}, wanted is enabled at boot"
  fi
  result service "$1" "$difference"
}
socket() { # tcp|udp ADDRESS|any FIRST LAST SERVICE: something listens on one of the ports
  local found
  found=$(ss -Hln "--$1" "sport >= :$3 and sport <= :$4" | awk -v want="$2" '{ local = $4; sub(/:[0-9]+$/, "", local); gsub(/[][]|%.*$/, "", local) }
    want == "any" || local == want || local == "*" || local == "0.0.0.0" || local == "::" { print; exit }')
  result socket "$5 on $1/$3${2:+ of $2}" "$([[ -n $found ]] || echo "nothing listens")"
}
probe() { # ID TITLE OUTPUT equals VALUE... | at-least NUMBER
  local name="$2" output difference='' value
  if [[ $3 != *. ]]; then result probe "$1" "$name: cannot tell"; return; fi
  output=${3%.} output=${output%$'\n'}
  if [[ $4 == at-least ]]; then
    [[ $output =~ ^[0-9]+$ ]] && ((output >= $5)) || difference="is $output, wanted is at least $5"
  else
    difference="is $output, wanted is $5"
    for value in "${@:5}"; do if [[ $output == "$value" ]]; then difference=''; fi; done
  fi
  result probe "$1" "${difference:+$name: $difference}"
}
HOST=db-3

whole /etc/default/etcd root root 644
whole /etc/systemd/system/etcd.service.d/maasc.conf root root 644
whole /etc/postgresql-common/createcluster.d/maasc.conf root root 644
whole /usr/local/lib/maasc/scram-verifier root root 755
filled /etc/patroni/config.yml postgres postgres 600
whole /etc/patroni/maasc-dynamic.yml root root 644
whole /etc/systemd/system/patroni.service.d/maasc.conf root root 644
whole /etc/apt/apt.conf.d/52maasc-hold root root 644
whole /etc/needrestart/conf.d/52maasc-hold.conf root root 644
whole /etc/maasc/firewall.nft root root 644
whole /etc/systemd/system/maasc-nftables.service root root 644
whole /etc/systemd/system/nftables.service.d/maasc.conf root root 644
whole /usr/local/lib/maasc/backup-source root root 755
filled /var/lib/maasc-backup/.ssh/authorized_keys root root 644
whole /etc/sudoers.d/maasc-backup root root 440
service etcd.service enabled
service patroni.service enabled
service maasc-nftables.service enabled
socket tcp 192.0.2.23 5432 5432 PostgreSQL
socket tcp 192.0.2.23 8008 8008 Patroni
socket tcp 192.0.2.23 2379 2380 etcd
probe etcd.health 'etcd has a quorum' "$(set -e; probe_etcd_health 2>/dev/null; echo .)" equals healthy
probe postgresql.max_connections 'PostgreSQL accepts 350 connections' "$(set -e; probe_postgresql_max_connections 2>/dev/null; echo .)" at-least 350
probe postgresql.pg_hba 'no line of pg_hba.conf is refused' "$(set -e; probe_postgresql_pg_hba 2>/dev/null; echo .)" equals 0
probe postgresql.pending_restart 'no parameter waits for a restart' "$(set -e; probe_postgresql_pending_restart 2>/dev/null; echo .)" equals 0
probe postgresql.database 'MAAS'\'' user owns its database' "$(set -e; probe_postgresql_database 2>/dev/null; echo .)" equals maas
probe postgresql.extensions 'the files of every extension are there' "$(set -e; probe_postgresql_extensions 2>/dev/null; echo .)" equals all
probe postgresql.replication 'every standby streams' "$(set -e; probe_postgresql_replication 2>/dev/null; echo .)" equals 2
probe postgresql.slots 'no replication slot is lost' "$(set -e; probe_postgresql_slots 2>/dev/null; echo .)" equals 0
probe firewall.rules 'the kernel has these rules' "$(set -e; probe_firewall_rules 2>/dev/null; echo .)" equals loaded
if [[ $FORM == --json ]]; then
  printf '{"host":"%s","differences":%d,"checks":[%s]}\n' "$HOST" "$DIFFERENCES" "${LINES#,}"
else
  echo "$HOST: $CHECKS checks, $DIFFERENCES differences"
fi
((DIFFERENCES == 0))
