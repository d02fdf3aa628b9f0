# shellcheck shell=bash
# What the scenes share. They run where lab/deploy.sh deployed an example.
# shellcheck disable=SC2154 # lab/daytwo.sh sets EXAMPLE, and lab/common.sh LAB and WORK
TOPOLOGY=$(topology_of "$EXAMPLE")
EXAMPLE=$(basename "$EXAMPLE" .topology.yaml)
MAASC=${MAASC:-$LAB/../.build/release/maasc}
[[ -x $MAASC ]] || MAASC=$LAB/../.build/debug/maasc
BUNDLE=$WORK/operator/bundle
VERIFY=/var/lib/maasc/bundle/verify.sh

figure() { # TEXT: one of the scene's results
  printf '%s\n' "$1" >>"$WORK/figures"
  say "$(printf '%4d s' "$SECONDS")  $1"
}
on() { "$LAB/host.sh" on "$@"; } # HOST CMD...
operator() { "$LAB/host.sh" operator "$@"; }
hosts() { # those of the topology
  local host
  for host in $("$LAB/host.sh" hosts); do [[ ! -e $BUNDLE/hosts/$host/verify.sh ]] || echo "$host"; done
}
within() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2
  shift 2
  # In a shell of its own: what fails may say so by ending.
  until ("$@") >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "$text"
    sleep 0.5
  done
}
runbook() { # LOG SCRIPT ARGUMENT...: as an operator at a terminal runs it, who types what is asked for
  cp "$LAB/scenes/answering.py" "$WORK/operator/answering.py"
  operator python3 /root/answering.py "/root/bundle/runbook/$2" "${@:3}" >"$WORK/$1.log" 2>&1 </dev/null ||
    { tail -n 30 "$WORK/$1.log" >&2; fail "$2 ${*:3} failed"; }
}
deploys() { # LOG OPTION...
  operator env MAASC_LOG=/root/log /root/bundle/runbook/deploy.sh "${@:2}" >"$WORK/$1.log" 2>&1 </dev/null ||
    { grep -A 8 -E '  failed |^[^0-9]' "$WORK/$1.log" | head -n 60 >&2; fail "the deployment $1 failed"; }
}
changed() { sed -nE 's|^[0-9:]+  applied +([^ ]+) .*|\1|p' "$WORK/$1.log"; } # LOG: the steps that it applied
all_clean() { # verify.sh on every host
  local host bad=''
  for host in $(hosts); do on "$host" bash "$VERIFY" >"$WORK/verify.$host" 2>&1 || { bad+=" $host"; cat "$WORK/verify.$host" >&2; }; done
  [[ -z $bad ]] || fail "verify.sh finds differences on$bad"
}
settled() { # LOG: a deployment has nothing to do, and every host is as the bundle wants it
  deploys "$1"
  [[ -z $(changed "$1") ]] || fail "the deployment $1 changed $(changed "$1" | xargs)"
  all_clean
}
api() { operator curl -skf -m 10 -o /dev/null "$(url_of "$TOPOLOGY")/rpc/"; }

# The database, by its members as the bundle's own tool sees them.
members() { sed -nE 's/^MEMBERS=\((.*)\)$/\1/p' "$BUNDLE/runbook/failover-postgresql.sh" | tr -d "'" | xargs -n 1; }
role() { # HOST: `running primary ...`, or what else it is; members that Patroni leads have no tool for it
  if [[ -e $BUNDLE/hosts/$1/files/usr/local/lib/maasc/postgresql-role ]]; then
    on "$1" /usr/bin/python3 -I /usr/local/lib/maasc/postgresql-role state
  else
    sql "$1" "select 'running ' || case when pg_is_in_recovery() then 'standby' else 'primary' end || ' -'"
  fi
}
primary() {
  local member
  for member in $(members); do if [[ $(role "$member" 2>/dev/null) == 'running primary '* ]]; then echo "$member"; return; fi; done
  return 1
}
standby() { # one that streams
  local member
  for member in $(members); do if [[ $(role "$member" 2>/dev/null) == 'running standby '* ]]; then echo "$member"; return; fi; done
  return 1
}
sql() { on "$1" runuser -u postgres -- env -C / psql -XAtqw -d "${3:-postgres}" -c "$2"; } # HOST QUERY [DATABASE]
streams() { [[ $(sql "$(primary)" "select count(*) from pg_stat_replication where application_name = '$1' and state = 'streaming'") == 1 ]]; } # HOST
all_stream() { [[ $(sql "$(primary)" "select count(*) from pg_stat_replication where state = 'streaming'") == $(($(members | wc -l) - 1)) ]]; }

ahead() { # the standby that has received the most: with the primary gone, the only one that may take its place
  local member
  for member in $(members); do
    if [[ $(role "$member" 2>/dev/null) == 'running standby '* ]]; then echo "$(sql "$member" "select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'") $member"; fi
  done | sort -n | tail -n 1 | cut -d ' ' -f 2
}

# A client of the database that counts what it was promised.
start_writer() { # HOST: a region, which writes as MAAS does until stop_writer
  mkfifo "$WORK/writer.end"
  on "$1" python3 -c "$(<"$LAB/scenes/writer.py")" <>"$WORK/writer.end" >"$WORK/writer.log" 2>"$WORK/writer.error" &
  echo $! >"$WORK/writer.pid"
  within 20 'the writer writes nothing' grep -q ack "$WORK/writer.log"
  sleep 2
}
stop_writer() {
  rm -f "$WORK/writer.mark"
  [[ -e $WORK/writer.pid ]] || return 0
  echo end 1<>"$WORK/writer.end"
  wait "$(<"$WORK/writer.pid")" 2>/dev/null || true
  while kill -0 "$(<"$WORK/writer.pid")" 2>/dev/null; do sleep 0.1; done
  rm -f "$WORK/writer.pid" "$WORK/writer.end"
}
writes_again() { # acknowledged since the mark
  (($(grep -c ack "$WORK/writer.log") > $(<"$WORK/writer.mark") + 20))
}
mark_writer() { grep -c ack "$WORK/writer.log" >"$WORK/writer.mark"; }
acknowledged() { awk '$1 == "ack" { print $3 }' "$WORK/writer.log" | sort; }
kept() { sql "$(primary)" 'select number from laboratory' "$(database)" | sort; }
database() { sed -nE 's/^.*pg_dump .* -d ([^ ]+) .*/\1/p' "$BUNDLE/runbook/backup.sh" | head -n 1; }
lost_rows() { comm -23 <(acknowledged) <(kept); }
longest_gap() { awk '$1 == "ack" { if (last && $2 - last > gap) gap = $2 - last; last = $2 } END { printf "%.1f", gap }' "$WORK/writer.log"; }
