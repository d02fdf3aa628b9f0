#!/usr/bin/env bash
# Change the primary of PostgreSQL
#
# status              what each member holds
# planned TARGET      a switch to a standby, some seconds without writes, nothing lost; the old primary becomes a standby
# lost TARGET         the primary is gone: it is fenced (stopped and masked, or your word that it is off) before TARGET is promoted;
#                     the other standbys then find TARGET by themselves, by primary_conninfo and the slots that it has for them
# rejoin HOST         an old primary, or a standby that does not find its way, comes back by pg_rewind; what only it had is lost
# Interrupted at any point: run status, then lost TARGET (if no member is primary) and rejoin HOST (for the other).
# Point of no return: the promotion. From then on the old primary's own last writes can only be thrown away.
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
target() { # HOST: sets ADDRESS and OPTIONS
  case $1 in
    maas-1) ADDRESS=192.0.2.11 OPTIONS=() ;;
    maas-2) ADDRESS=192.0.2.12 OPTIONS=() ;;
    maas-3) ADDRESS=192.0.2.13 OPTIONS=() ;;
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
MEMBERS=(maas-1 maas-2 maas-3)
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
DATA=/var/lib/postgresql/16/main
BIN=/usr/lib/postgresql/16/bin
UNIT=postgresql@16-main.service
role() { on "$1" /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role state; } # HOST: server, role, timeline, system identifier
settled() { # HOST: its role; a standby that is busy for a moment does not answer at once
  local state
  for _ in 1 2 3 4 5 6 7 8; do
    state=$(role "$1" 2>/dev/null) || break
    [[ $state == 'unknown standby '* ]] || break
    sleep 0.5
  done
  echo "$state"
}
show() {
  local member
  for member in "${MEMBERS[@]}"; do printf '%-24s %s\n' "$member" "$(role "$member" 2>/dev/null || echo 'cannot be reached')"; done
}
await() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2
  shift 2
  until "$@"; do
    ((SECONDS < deadline)) || fail "$text"
    sleep 0.2
  done
}
need_standby() { # HOST
  [[ " ${MEMBERS[*]} " == *" $1 "* ]] || fail "$1 is no member: ${MEMBERS[*]}"
  [[ $(settled "$1") == 'running standby '* ]] || fail "$1 is no running standby"
}
# A standby that started after its primary was gone has received nothing; what it replayed counts then.
received() { sql "$1" 'select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())'; }
timeline() { role "$1" 2>/dev/null | cut -d ' ' -f 3; }
# A standby that parted from the primary connects again and again, and for moments seems to stream: but it stays on its old timeline.
follows() { is_streaming "$1" "$2" && [[ $(timeline "$2") == "$(timeline "$1")" ]]; } # PRIMARY STANDBY
planned() { # TARGET
  local old end
  old=$(find_primary) || fail "no member is primary; use: lost $1"
  [[ $old != "$1" ]] || fail "$1 is the primary already"
  need_standby "$1"
  follows "$old" "$1" || fail "$1 does not stream from $old"
  confirm "MAAS cannot write for some seconds while $1 takes over from $old." "$1"
  sql "$old" checkpoint >/dev/null
  # From here the old primary can only start as a standby.
  as_postgres "$old" touch "$DATA/standby.signal"
  on "$old" systemctl stop "$UNIT"
  end=$(as_postgres "$old" "$BIN/pg_controldata" -D "$DATA" | awk '/^Latest checkpoint location/ { print $NF }')
  if ! (await 10 "$1 did not receive all of $old" has_all "$1" "$end"); then
    as_postgres "$old" rm "$DATA/standby.signal"
    on "$old" systemctl start "$UNIT"
    fail "$1 did not receive everything; $old is the primary as before"
  fi
  promote "$1"
  on "$old" systemctl start "$UNIT"
  await 60 "$old does not stream from $1 yet; look into its /var/log/postgresql" is_streaming "$1" "$old"
  say "$1 is the primary, $old its standby; nothing was lost"
  follow "$1"
}
has_all() { [[ $(sql "$1" "select pg_last_wal_receive_lsn() > '$2'") == t ]]; }
is_streaming() { [[ $(sql "$1" "select count(*) from pg_stat_replication where application_name = '$2' and state = 'streaming'") == 1 ]]; }
lost() { # TARGET
  local old member lsn own known
  if old=$(find_primary); then fail "$old is the primary and answers; use: planned $1"; fi
  # Asked once: who waits for a host without power waits long each time.
  local -A states=()
  for member in "${MEMBERS[@]}"; do states[$member]=$(settled "$member"); done
  need_standby "$1"
  for member in "${MEMBERS[@]}"; do
    # Fenced like the old primary, it would take with it what it alone has received.
    [[ ${states[$member]} != 'unknown standby '* ]] ||
      fail "$member is a standby that does not answer, and may have received more than $1; run this again when it does, or stop PostgreSQL there"
  done
  lsn=$(received "$1")
  own=$(sql "$1" "select coalesce(max(('x' || left(name, 8))::bit(32)::int), 0) from pg_ls_waldir() where length(name) = 24 and name !~ '[^0-9A-F]'")
  for member in "${MEMBERS[@]}"; do
    read -r _ _ known _ <<<"${states[$member]}"
    # Both would call their own writes by the same timeline, and neither could ever be rewound to the other.
    ((${known:-0} <= own)) ||
      fail "$1 never followed $member to timeline $known, and lacks all since then; start PostgreSQL on $member, or restore a backup"
  done
  for member in "${MEMBERS[@]}"; do
    [[ $member != "$1" && ${states[$member]} == 'running standby '* ]] || continue
    [[ $(sql "$1" "select '$lsn'::pg_lsn >= '$(received "$member")'") == t ]] || fail "$member has received more than $1; promote that one"
  done
  FENCED=()
  for member in "${MEMBERS[@]}"; do
    [[ $member == "$1" || ${states[$member]} == 'running standby '* ]] || fence "$member"
  done
  loss "$1"
  confirm "$1 becomes the primary. What only ${FENCED[*]:-the old primary} had can then no longer come back." "$1"
  promote "$1"
  for member in "${FENCED[@]}"; do say "when $member is well again: $0 rejoin $member"; done
  follow "$1"
}
fence() { # HOST: after this it cannot become a second primary
  if on "$1" true 2>/dev/null; then
    on "$1" systemctl mask --quiet "$UNIT"
    # One that hangs would be waited for as long as the unit allows, which is an hour.
    on "$1" timeout 20 systemctl stop "$UNIT" || on "$1" systemctl kill --signal=KILL "$UNIT" || true
    as_postgres "$1" "$BIN/pg_ctl" stop -D "$DATA" -m immediate >/dev/null 2>&1 || true
    if as_postgres "$1" "$BIN/pg_ctl" status -D "$DATA" >/dev/null 2>&1; then fail "PostgreSQL on $1 does not stop; nothing was promoted"; fi
    say "$1 is fenced: PostgreSQL is stopped and masked"
  else
    confirm "$1 cannot be reached. Switch it off (power, not only network), and make sure that it stays off." "$1 is off"
  fi
  FENCED+=("$1")
}
commits() { # HOST TIMELINE LSN: where each commit in its log begins, from LSN on
  { as_postgres "$1" "$BIN/pg_waldump" -r Transaction -p "$DATA/pg_wal" -t "$2" -s "$3" 2>"$WORK/log-end" || true; } |
    sed -nE 's|.* lsn: ([0-9A-F]+)/0*([0-9A-F]+), .* desc: COMMIT.*|\1/\2|p'
}
last_record() { sed -nE 's|.*error in WAL record at ([0-9A-F]+)/0*([0-9A-F]+):.*|\1/\2|p' "$WORK/log-end"; } # where it begins, if the log was read
lost_commits() { # TARGET HOST TIMELINE: how many HOST alone has; fails if the logs do not tell
  local begin have found
  begin=$(sql "$1" "select '0/0'::pg_lsn + div('$(received "$1")' - '0/0'::pg_lsn - 1, size) * size
    from pg_size_bytes(current_setting('wal_segment_size')) size")
  commits "$1" "$3" "$begin" >/dev/null
  have=$(last_record)
  [[ -n $have ]] || return 1
  # Both have this record; what stands behind it in the log of HOST is lost.
  found=$(commits "$2" "$3" "$have")
  [[ -n $(last_record) ]] || return 1
  awk -v have="$have" '$1 != "" && $1 != have { count++ } END { print count + 0 }' <<<"$found"
}
loss() { # TARGET, and `states` of its caller
  local member line count last
  last=$(sql "$1" 'select pg_last_xact_replay_timestamp()')
  for member in "${FENCED[@]}"; do
    read -r _ _ line _ <<<"${states[$member]}"
    if [[ -n $line ]] && count=$(lost_commits "$1" "$member" "$line"); then
      say "$member committed $count transactions that $1 has not received"
    else
      say "what $member committed after ${last:-the last transaction that $1 knows} is lost; how much cannot be counted, its log cannot be read"
    fi
  done
}
promote() { # HOST
  as_postgres "$1" "$BIN/pg_ctl" promote -D "$DATA" -w -t 60 >/dev/null
  await 30 "$1 is promoted, but HAProxy would not be told so" serves "$1"
  say "$1 is the primary"
}
serves() { is_primary "$1" && on "$1" /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role serves; }
follow() { # PRIMARY: waits until every other running standby streams from it
  local member lost=()
  for member in "${MEMBERS[@]}"; do
    [[ $member != "$1" && $(role "$member" 2>/dev/null) == 'running standby '* ]] || continue
    (await 60 "$member does not stream from $1" follows "$1" "$member") || lost+=("$member")
  done
  ((${#lost[@]} == 0)) || fail "$1 is the primary; for each of ${lost[*]}: $0 rejoin HOST"
}
rejoin() { # HOST
  local host=$1 primary address state kind timeline system primary_timeline primary_system
  [[ " ${MEMBERS[*]} " == *" $host "* ]] || fail "$host is no member: ${MEMBERS[*]}"
  primary=$(find_primary) || fail "no member is primary"
  [[ $primary != "$host" ]] || fail "$host is the primary"
  read -r state kind timeline system <<<"$(role "$host")"
  read -r _ _ primary_timeline primary_system <<<"$(role "$primary")"
  [[ $system == "$primary_system" ]] || fail "$host holds another cluster; its data stays untouched"
  ((timeline <= primary_timeline)) || fail "$host is on timeline $timeline, ahead of $primary; its data stays untouched"
  if [[ $state != stopped && $kind == standby ]] && ! (await 20 "$host does not find its way to $primary" follows "$primary" "$host"); then
    # It may have followed the old primary past the place where the new one took over.
    on "$host" systemctl stop "$UNIT"
    state=stopped kind=parted
  fi
  if [[ $state == stopped && $kind != standby ]]; then
    confirm "The data of $host goes back to where it parted from $primary; what only $host had is lost." "$host"
    case $primary in
      maas-1) address=192.0.2.11 ;;
      maas-2) address=192.0.2.12 ;;
      maas-3) address=192.0.2.13 ;;
    esac
    rewind "$host" "$address"
  fi
  # The slot that the standby asks for; a member that was copied a moment ago has none for others yet.
  make_slots "$primary"
  on "$host" systemctl unmask --quiet "$UNIT"
  on "$host" systemctl reset-failed "$UNIT" maasc-postgresql.service 2>/dev/null || true
  on "$host" systemctl start "$UNIT"
  # Something to receive on the primary's timeline.
  sql "$primary" checkpoint >/dev/null
  await 60 "$host does not stream; look into its /var/log/postgresql, then run this again" follows "$primary" "$host"
  # Its own slots still hold WAL from the time when it was primary.
  sql "$host" "select pg_drop_replication_slot(slot_name) from pg_replication_slots where starts_with(slot_name, 'maasc_') and not active" >/dev/null
  make_slots "$host"
  say "$host is a standby of $primary"
}
make_slots() { # HOST: one for each other member
  sql "$1" "select pg_create_physical_replication_slot(s) from unnest('{maasc_maas_1,maasc_maas_2,maasc_maas_3}'::text[]) s
    where s <> current_setting('primary_slot_name') and s not in (select slot_name from pg_replication_slots)" >/dev/null
}
rewind() { # HOST ADDRESS-OF-PRIMARY
  local host=$1
  # A server that was killed must first replay its own log, which pg_rewind cannot start with Debian's places of configuration.
  if ! as_postgres "$host" "$BIN/pg_controldata" -D "$DATA" | grep -qE '^Database cluster state: *shut down( in recovery)?$'; then
    as_postgres "$host" "$BIN/postgres" --single -F -D "$DATA" -c config_file=/etc/postgresql/16/main/postgresql.conf template1 </dev/null >/dev/null
  fi
  # Before PostgreSQL 16 pg_rewind takes the timeline from the last checkpoint, which after a promotion may be minutes old, and would find nothing to do.
  sql "$primary" checkpoint >/dev/null
  as_postgres "$host" "$BIN/pg_rewind" -D "$DATA" \
    --source-server="host=$2 port=5432 dbname=postgres user="''\''replicator'\'''" passfile="/var/lib/postgresql/.maasc-replication ||
    fail "pg_rewind does not find a way back; copy it anew: move its data away, unmask $UNIT there, then deploy.sh --host $host --only database"
  as_postgres "$host" touch "$DATA/standby.signal"
}
case ${1-} in
  status) show ;;
  planned | lost | rejoin)
    [[ $# == 2 ]] || fail "usage: $0 $1 HOST"
    "$1" "$2"
    show
    ;;
  *) fail "usage: $0 status | planned TARGET | lost TARGET | rejoin HOST" ;;
esac
