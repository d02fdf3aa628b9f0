# shellcheck shell=bash
# The primary of the database changes: as planned, after it was killed, after its host lost power; without and with synchronous replication.

region_but() { # HOST...: a region that is none of them
  local host
  for host in $(hosts); do
    if [[ -e $BUNDLE/hosts/$host/steps/region-configuration.sh && " $* " != *" $host "* ]]; then echo "$host"; return; fi
  done
  fail "every region is one of: $*"
}
is_synchronous() { grep -q "replication is synchronous" "$BUNDLE/runbook/failover-postgresql.sh"; }
rows_are_kept() {
  local lost
  lost=$(lost_rows | wc -l)
  ((lost == 0)) || fail "$lost acknowledged rows are lost"
  figure "none of $(acknowledged | wc -l) acknowledged rows is lost, $(longest_gap) s without one"
}
# Where replication is asynchronous, what is lost must be what the runbook said would be.
loss_is_announced() { # LOG
  local lost said last
  if is_synchronous; then
    grep -q 'no acknowledged write is lost' "$WORK/$1.log" || fail 'the runbook does not say that nothing is lost'
    rows_are_kept
    return
  fi
  lost=$(lost_rows | wc -l)
  said=$(sed -nE 's/.* committed ([0-9]+) transactions that .*/\1/p' "$WORK/$1.log" | tail -n 1)
  last=$(sed -nE 's/^what .* committed after (.*) is lost; .*/\1/p' "$WORK/$1.log" | tr -d '\r' | tail -n 1)
  if [[ -n $said ]]; then
    ((lost <= said)) || fail "the runbook says that $said transactions are lost, but $lost acknowledged rows are"
    figure "$lost of $(acknowledged | wc -l) acknowledged rows lost, the runbook said $said transactions; $(longest_gap) s without one"
  else
    [[ -n $last ]] || fail 'the runbook does not say what is lost'
    lost_rows | awk -v from="$(date -d "$last" +%s%N)" '$1 + 50000000 < from { exit 1 }' || fail "rows from before $last are lost"
    figure "$lost of $(acknowledged | wc -l) acknowledged rows lost, none from before the runbook's bound; $(longest_gap) s without one"
  fi
}
one_primary() { # HOST: it, and nobody else serves
  local member
  [[ $(primary) == "$1" ]] || fail "the primary is $(primary), not $1"
  for member in $(members); do
    [[ $member == "$1" || $(role "$member" 2>/dev/null) != 'running primary '* ]] || fail "$member is primary beside $1"
  done
}
back_in_order() {
  within 60 'not every standby streams' all_stream
  within 60 'the API does not answer' api
  within 120 'the hosts are not in order' all_clean
}
stays_in_order() { # NAME: a deployment finds nothing to do, and does no harm
  back_in_order
  settled "$1"
  figure 'a deployment afterwards changes nothing'
}

scene_planned() {
  local old new began
  old=$(primary) new=$(standby)
  start_writer "$(region_but)"
  began=$SECONDS
  runbook planned failover-postgresql.sh planned "$new"
  mark_writer
  within 30 'nobody can write after the switch' writes_again
  stop_writer
  one_primary "$new"
  streams "$old" || fail "$old is no standby of $new"
  figure "planned: $new is the primary and $old its standby after $((SECONDS - began)) s"
  rows_are_kept
  back_in_order
}

cut_off() { # PRIMARY: from now on nothing of its log reaches a standby
  local ports
  ports=$(sql "$1" "select string_agg(client_port::text, ', ') from pg_stat_replication")
  on "$1" nft "table inet laboratory { chain output { type filter hook output priority -10; tcp dport { $ports } drop; }; }"
}

# The server is killed in a way that keeps it down: what is left of it must be fenced before another is promoted. Its last second was its alone.
scene_killed() {
  local old new began
  old=$(primary)
  start_writer "$(region_but)"
  cut_off "$old"
  sleep 1
  on "$old" sh -c 'pkill -KILL -x postgres || true; systemctl stop "postgresql@*.service" 2>/dev/null; true'
  began=$SECONDS
  sleep 3
  new=$(ahead)
  runbook killed failover-postgresql.sh lost "$new"
  grep -q "$old is fenced" "$WORK/killed.log" || fail "$old was not fenced"
  (($(grep -n "$old is fenced" "$WORK/killed.log" | cut -d : -f 1 | head -n 1) < $(grep -n "$new is the primary" "$WORK/killed.log" | cut -d : -f 1 | head -n 1))) ||
    fail "$new was promoted before $old was fenced"
  mark_writer
  within 30 'nobody can write after the promotion' writes_again
  stop_writer
  one_primary "$new"
  on "$old" systemctl start maasc-postgresql.service 2>/dev/null || true
  one_primary "$new"
  figure "killed: $new is the primary after $((SECONDS - began)) s, $old stays fenced"
  loss_is_announced killed
  is_synchronous || [[ -n $(lost_rows) ]] || fail 'nothing is lost, though nothing reached a standby'
  on "$old" nft delete table inet laboratory
  runbook rejoin failover-postgresql.sh rejoin "$old"
  streams "$old" || fail "$old is no standby of $new"
  figure "$old is a standby again"
  stays_in_order after-killed
}

scene_power() {
  local old new began
  old=$(primary)
  start_writer "$(region_but "$old")"
  "$LAB/host.sh" cut "$old"
  began=$SECONDS
  sleep 3
  new=$(ahead)
  runbook power failover-postgresql.sh lost "$new"
  mark_writer
  within 30 'nobody can write after the promotion' writes_again
  stop_writer
  one_primary "$new"
  figure "power lost: $new is the primary after $((SECONDS - began)) s"
  loss_is_announced power
  "$LAB/host.sh" boot "$old"
  sleep 10
  one_primary "$new"
  figure "$old boots and does not start as a second primary"
  runbook rejoin failover-postgresql.sh rejoin "$old"
  streams "$old" || fail "$old is no standby of $new"
  figure "$old is a standby again"
  back_in_order
}

# The same topology with synchronous replication, deployed over the running one.
scene_synchronous() {
  sed -E 's/^( *replication: \{password: [a-z]+)\}/\1, synchronous: true}/' "$TOPOLOGY" >"$WORK/operator/$EXAMPLE.topology.yaml"
  "$MAASC" compile "$WORK/operator/$EXAMPLE.topology.yaml" -o "$BUNDLE" >/dev/null
  is_synchronous || fail 'the bundle is not synchronous'
  deploys synchronous
  figure "synchronous replication: $(changed synchronous | wc -l) steps"
  [[ -n $(sql "$(primary)" 'show synchronous_standby_names') ]] || fail 'replication is not synchronous'
  scene_killed
  scene_power
}
