# shellcheck shell=bash
# What clients of the API notice when a program or a machine dies under the virtual address, with systemd to restart what it can.

vip() { sed -nE 's|.*\{address: ([0-9.]+)/[0-9]+, interface.*|\1|p' "$TOPOLOGY" | head -n 1; }
holder() { # who has the virtual address
  local host
  for host in $(hosts); do
    if on "$host" ip -4 -o address show 2>/dev/null | grep -qF " $(vip)/"; then echo "$host"; return; fi
  done
  return 1
}
# Seconds from a fault until the last failed question was asked. A fault that nobody noticed took none.
outage() { # COMMAND...: the fault
  local began
  rm -f "$WORK/prober.end"
  mkfifo "$WORK/prober.end"
  operator python3 -c "$(<"$LAB/scenes/prober.py")" "http://$(vip)/MAAS/rpc/" <>"$WORK/prober.end" >"$WORK/prober.log" 2>/dev/null &
  within 20 'the API does not answer before the fault' grep -q ok "$WORK/prober.log"
  sleep 1
  began=$(date +%s.%N)
  "$@"
  sleep 6
  echo end 1<>"$WORK/prober.end"
  wait "$!" || true
  tail -n 1 "$WORK/prober.log" | grep -q ok || fail "the API does not answer after: $*"
  awk -v began="$began" '$3 == "-" && $2 > began { last = $2 } END { printf "%.2f\n", last ? last - began : 0 }' "$WORK/prober.log"
}
measured() { # NAME TARGET TIMES COMMAND...: the median, which must not exceed the target
  local name=$1 target=$2 times=$3 number took seconds=() sorted median
  shift 3
  for ((number = 0; number < times; number++)); do
    took=$(outage "$@")
    seconds+=("$took")
    recover
  done
  mapfile -t sorted < <(printf '%s\n' "${seconds[@]}" | sort -n)
  median=${sorted[times / 2]}
  figure "$name: $median s, at most $target (${seconds[*]})"
  awk -v median="$median" -v target="$target" 'BEGIN { exit !(median <= target) }' || OVER+=("$name")
}
recover() { # what a fault took is there again
  local host
  for host in $(hosts); do on "$host" true 2>/dev/null || "$LAB/host.sh" boot "$host"; done
  within 120 'the hosts are not in order after a fault' all_clean
}
kill_haproxy() { on "$(holder)" pkill -KILL -x haproxy; }
kill_keepalived() { on "$(holder)" pkill -KILL -x keepalived; }
lose_power() { "$LAB/host.sh" cut "$(holder)"; }

scene_faults() {
  local OVER=()
  measured 'HAProxy killed' 0.5 5 kill_haproxy
  measured 'keepalived killed' 0.7 5 kill_keepalived
  if [[ $(holder) != $(primary) ]]; then measured 'host with the virtual address loses power' 1.5 1 lose_power; fi
  ((${#OVER[@]} == 0)) || fail "over the target: ${OVER[*]}"
}
