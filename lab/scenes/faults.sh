# shellcheck shell=bash
# What clients of the API notice when a program or a machine dies under the virtual address, with systemd to restart what it can.
# MAASC_LAB_TIMES: how often each fault is made; the median is judged.

vip() { sed -nE 's|.*\{address: ([0-9.]+)/[0-9]+, interface.*|\1|p' "$TOPOLOGY" | head -n 1; }
holder() { # who has the virtual address
  local host
  for host in $(hosts); do
    if [[ -n $(on "$host" ip -4 -o address show to "$(vip)" 2>/dev/null) ]]; then echo "$host"; return; fi
  done
  return 1
}
answers_steadily() { (($(tail -n 25 "$WORK/prober.log" | grep -c ok) == 25)); }
# From the first question that failed to the end of the last one that did, as level 2 measures it. A fault that nobody noticed took no time.
outage() { # FAULT HOST; call it in a subshell
  trap 'echo end 1<>"$WORK/prober.end"' EXIT
  rm -f "$WORK/prober.end" "$WORK/prober.log"
  mkfifo "$WORK/prober.end"
  operator python3 -c "$(<"$LAB/scenes/prober.py")" "http://$(vip)/MAAS/rpc/" <>"$WORK/prober.end" >"$WORK/prober.log" 2>/dev/null &
  within 20 'the API does not answer before the fault' answers_steadily
  "$@"
  sleep 4
  within 60 "the API does not answer after: $*" answers_steadily
  echo end 1<>"$WORK/prober.end"
  wait "$!" || true
  awk '$3 == "-" { first = first ? first : $1; last = $2 } END { printf "%.2f\n", last - first }' "$WORK/prober.log"
}
measured() { # NAME TARGET FAULT: the median, which must not exceed the target
  local took seconds=() sorted median
  while ((${#seconds[@]} < ${MAASC_LAB_TIMES:-5})); do
    spare_primary
    took=$(outage "$3" "$(holder)")
    seconds+=("$took")
    recover
  done
  mapfile -t sorted < <(printf '%s\n' "${seconds[@]}" | sort -n)
  median=${sorted[${#sorted[@]} / 2]}
  figure "$1: $median s, at most $2 (${seconds[*]})"
  awk -v median="$median" -v target="$2" 'BEGIN { exit !(median <= target) }' || OVER+=("$1")
}
# The virtual address is not where the primary is: what is measured here is the way to the API, and nobody promotes a standby meanwhile.
spare_primary() {
  local host
  host=$(primary)
  [[ $(holder) == "$host" ]] || return 0
  on "$host" systemctl stop keepalived
  within 20 'the virtual address does not move' holder
  on "$host" systemctl start keepalived
  sleep 2
}
recover() { # what a fault took is there again
  local host
  for host in $(hosts); do on "$host" true 2>/dev/null || "$LAB/host.sh" boot "$host"; done
  within 120 'the hosts are not in order after a fault' all_clean
}
kill_haproxy() { on "$1" pkill -KILL -x haproxy; }
# shellcheck disable=SC2016 # expands on the host
kill_keepalived() { on "$1" sh -c 'kill -KILL "$(systemctl show -P MainPID keepalived)"'; }
lose_power() { "$LAB/host.sh" cut "$1"; }

scene_faults() {
  local OVER=()
  measured 'HAProxy killed' 0.5 kill_haproxy
  measured 'keepalived killed' 0.7 kill_keepalived
  if [[ -e $BUNDLE/hosts/$(holder)/steps/region-configuration.sh ]]; then
    # Its region is lost as well, and its part of the requests until the other balancer's checks say so.
    measured 'host with region and virtual address loses power' 3.0 lose_power
  else
    measured 'load balancer loses power' 1.5 lose_power
  fi
  ((${#OVER[@]} == 0)) || fail "over the target: ${OVER[*]}"
}
