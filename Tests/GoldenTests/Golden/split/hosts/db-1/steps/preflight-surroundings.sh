#!/usr/bin/env bash
# See that ports are free, peers can be reached, and clock and names are right
#
# Host:    db-1
# Why:     Each of these makes a later step fail in a way that does not tell the reason.
# After:   db-1/preflight-identity
# Check:   sudo bash preflight-surroundings.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-surroundings.sh apply && sudo bash preflight-surroundings.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
check() {
  verify
}
apply() {
  true
}
verify() {
  problems=()
  problem() { problems+=("$*"); }
  wanted=(
    'tcp 10.20.0.21 5432 5432 postgresql|patroni'
    'tcp 10.20.0.21 23267 23267 postgresql|patroni'
  )
  for line in "${wanted[@]}"; do
    read -r transport address first last owners <<<"$line"
    while read -r local process; do
      port=${local##*:} at=${local%:*}
      ((port >= first && port <= last)) || continue
      [[ $address == '*' || $at == '*' || $at == 0.0.0.0 || $at == '[::]' || $at == "$address" ]] || continue
      # systemd-resolved's own addresses are in nobody's way.
      [[ $at != 127.0.0.5[34]* ]] || continue
      pid=${process#*pid=}
      holder=$(cat "/proc/${pid%%[,)]*}/cgroup" 2>/dev/null || true)
      [[ $holder =~ $owners ]] || problem "$transport port $port is taken: $local $process"
    done < <(ss -Hln --"$transport" -p | awk '{ print $4, $6 }')
  done
  peers=(10.20.0.22)
  for address in "${peers[@]}"; do
    ip route get "$address" >/dev/null 2>&1 || problem "there is no route to $address"
  done
  found=$(getent ahosts maas.prg.example.net | awk '{ print $1 }' | sort -u | xargs)
  [[ " $found " == *' 10.20.0.10 '* ]] ||
    problem "maas.prg.example.net of maas.url leads to ${found:-nowhere}, not to the virtual address 10.20.0.10"
  if ! systemd-detect-virt --container --quiet; then
    [[ $(timedatectl show -p NTPSynchronized --value) == yes ]] || problem "the clock is not synchronised; see timedatectl timesync-status or chronyc tracking"
  fi
  if ((${#problems[@]} > 0)); then
    printf '%s\n' "${problems[@]}" >&2
    exit 1
  fi
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
    if ((status == 0)); then echo nothing to do: 'See that ports are free, peers can be reached, and clock and names are right'; exit 0; fi
    echo needed: 'See that ports are free, peers can be reached, and clock and names are right'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See that ports are free, peers can be reached, and clock and names are right'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
