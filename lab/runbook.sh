#!/usr/bin/env bash
# Uses the options of runbook/deploy.sh on hosts that it has deployed, and leads it into what it has to stop at; everything is put back.
#
#   lab/runbook.sh EXAMPLE   prints what was seen, one line each; the hosts of `lab/deploy.sh EXAMPLE --keep` run. Streaming replication only.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
EXAMPLE=${1:?an example}
TOPOLOGY=$(topology_of "$EXAMPLE")
EXAMPLE=$(basename "$EXAMPLE" .topology.yaml)
BUNDLE=$WORK/operator/bundle
DATA=/var/lib/postgresql/16/main
CONFIGURATION=/etc/haproxy/haproxy.cfg

deploy() { # NAME OPTION...: what it says is kept in $WORK/NAME.log, its own log in a folder of that name
  rm -rf "$WORK/operator/log/$1"
  "$LAB/host.sh" operator env MAASC_LOG="/root/log/$1" /root/bundle/runbook/deploy.sh "${@:2}" >"$WORK/$1.log" 2>&1 </dev/null
}
succeeds() { deploy "$@" || { tail -n 30 "$WORK/$1.log" >&2; fail "the run $1 failed"; }; } # NAME OPTION...
stops() { # NAME TEXT OPTION...: at a step, with that reason
  if deploy "$1" "${@:3}"; then fail "the run $1 did not stop"; fi
  expect "$1" "$2"
}
expect() { # NAME TEXT: it says so
  grep -qF -e "$2" "$WORK/$1.log" || { tail -n 30 "$WORK/$1.log" >&2; fail "the run $1 does not say: $2"; }
}
began() { jq -r 'select(.event == "begin") | "\(.host)/\(.step)"' "$WORK/operator/log/$1"/*/run.jsonl; } # NAME: the steps, in their order
at_once() { # NAME: how many steps were at work at the same time
  jq -r 'select(.event == "begin" or .event == "step") | .event' "$WORK/operator/log/$1"/*/run.jsonl |
    awk '{ n += $1 == "begin" ? 1 : -1; if (n > most) most = n } END { print most + 0 }'
}
on() { "$LAB/host.sh" on "$@"; }
state() { WORK=$WORK python3 "$LAB/state.py" "$TOPOLOGY" >"$WORK/state.$1"; } # NAME
same() { # NAME NAME: two states
  diff -U0 "$WORK/state.$1" "$WORK/state.$2" >&2 || fail "the state $2 is not the state $1"
}
with_step() { (cd "$BUNDLE/hosts" && printf '%s\n' */steps/"$1.sh" | cut -d / -f 1); } # STEP: the hosts that have it
standby() { # the last member that is one
  local host found=''
  for host in $(with_step database-postgresql-cluster); do
    if [[ $(on "$host" runuser -u postgres -- psql -XAtc 'select pg_is_in_recovery()') == t ]]; then found=$host; fi
  done
  echo "${found:?no standby}"
}

dry_run() {
  state before
  succeeds dry --dry-run
  expect dry 'finished: 0 applied, '
  state after
  same before after
  succeeds nothing
  expect nothing 'finished: 0 applied, '
  cmp -s <(began dry) <(began nothing) || fail 'a dry run looks at other steps than a run'
  on "$BALANCER" systemctl stop keepalived
  succeeds dry --dry-run
  expect dry ' 1 would change, 0 failed'
  expect dry "needed    $BALANCER/balancer-keepalived"
  ! on "$BALANCER" systemctl is-active --quiet keepalived || fail 'a dry run started keepalived'
  say "--dry-run changes nothing: it finds $(began nothing | wc -l) steps done, and one to do where a service is stopped"
}
choices() {
  local from to
  succeeds only --only "$BALANCER/balancer-keepalived"
  expect only 'finished: 1 applied, 0 unchanged'
  [[ $(began only) == "$BALANCER/balancer-keepalived" ]] || fail "--only ran $(began only | xargs)"
  on "$BALANCER" systemctl is-active --quiet keepalived || fail '--only did not start keepalived'
  succeeds host --host "$BALANCER" --host "$STANDBY"
  cmp -s <(began host) <(began nothing | grep -E "^($BALANCER|$STANDBY)/") || fail '--host ran other steps than those of its hosts'
  from=$(began nothing | grep -n '/region-' | head -n 1 | cut -d : -f 1)
  to=$(began nothing | grep -n '/networks-' | tail -n 1 | cut -d : -f 1)
  succeeds range --from region --to networks
  cmp -s <(began range) <(began nothing | sed -n "${from},${to}p") || fail '--from and --to ran other steps than those between'
  succeeds one --only preflight --parallel 1
  succeeds many --only preflight --parallel 3
  (($(at_once one) == 1 && $(at_once many) > 1 && $(at_once many) <= 3)) || fail "--parallel 1: $(at_once one) at once, 3: $(at_once many)"
  say "--only, --host, --from, --to run the steps they name; --parallel 1 one at a time, 3 up to $(at_once many)"
}
failed_verify() { # a balancer that sees no primary has a new configuration, and is told the way back
  local host=$BALANCER
  on "$host" sh -euc "echo '# by hand' >>$CONFIGURATION; sha256sum <$CONFIGURATION" >"$WORK/by-hand"
  stops drift "$CONFIGURATION as it is"
  on "$host" nft 'table inet sabotage { chain output { type filter hook output priority -10; tcp dport 23267 drop; }; }'
  stops unseen 'HAProxy sees no primary' --overwrite
  for word in "failed    $host/balancer-haproxy" "step:     $host/balancer-haproxy" 'reason:   ' 'log:      /root/log/unseen/' 'rollback: on ' 'not reached'; do
    expect unseen "$word"
  done
  [[ -s $WORK/operator/$(sed -n 's|^ *log:  */root/||p' "$WORK/unseen.log" | head -n 1) ]] || fail 'there is no log where the run says it is'
  on "$host" bash -c "$(sed -n 's/^ *rollback: .*: bash /bash /p' "$WORK/unseen.log")"
  cmp -s "$WORK/by-hand" <(on "$host" sh -c "sha256sum <$CONFIGURATION") || fail 'the rollback did not bring the file back'
  on "$host" nft delete table inet sabotage
  succeeds mended --overwrite
  expect mended 'finished: 1 applied, '
  say 'a changed file stops the run with the difference; a failed verify with step, reason, log and rollback, which brings the file back'
}
untouched() { # NAME TEXT: the run stops for that reason, and the data of the standby is what it was
  local before
  before=$(data_digest)
  stops "$1" "$2"
  expect "$1" "step:     $STANDBY/database-postgresql-cluster"
  [[ $(data_digest) == "$before" ]] || fail "the run $1 changed $DATA"
}
data_digest() { on "$STANDBY" sh -c "tar -C $DATA --sort=name --numeric-owner -cf - . | sha256sum"; }
as_postgres() { on "$STANDBY" runuser -u postgres -- "$@"; }
strange_data() {
  on "$STANDBY" systemctl stop postgresql@16-main
  on "$STANDBY" mv "$DATA" "$DATA.own"
  as_postgres /usr/lib/postgresql/16/bin/initdb -D "$DATA" >/dev/null 2>&1
  untouched foreign 'its data stays untouched'
  on "$STANDBY" rm -rf "$DATA"
  on "$STANDBY" cp -a "$DATA.own" "$DATA"
  # No parameter may be lower than its primary's.
  local generous='-c max_connections=2000 -c max_wal_senders=50 -c max_worker_processes=64 -c max_locks_per_transaction=1024'
  as_postgres sh -euc "cd /; /usr/lib/postgresql/16/bin/pg_ctl -s -w -D $DATA -o '-c listen_addresses= -c port=5999 $generous' -l /dev/null start
    /usr/lib/postgresql/16/bin/pg_ctl -s -w -D $DATA promote; /usr/lib/postgresql/16/bin/pg_ctl -s -w -D $DATA stop"
  untouched ahead 'its data stays untouched'
  on "$STANDBY" rm -rf "$DATA"
  on "$STANDBY" mv "$DATA.own" "$DATA"
  succeeds own
  say 'a member whose data is of another cluster, and one that is on a later timeline, stop the run; not a byte of their data changes'
}

BALANCER=$(with_step balancer-keepalived | tail -n 1)
STANDBY=$(standby)
dry_run
choices
failed_verify
strange_data
