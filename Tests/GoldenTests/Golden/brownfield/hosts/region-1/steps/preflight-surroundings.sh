#!/usr/bin/env bash
# See that ports are free, peers can be reached, and clock and names are right
#
# Host:    region-1
# Why:     Each of these makes a later step fail in a way that does not tell the reason.
# After:   region-1/preflight-identity
# Check:   sudo bash preflight-surroundings.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-surroundings.sh apply && sudo bash preflight-surroundings.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from brownfield.topology.yaml: edits belong there.

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
    'tcp * 5240 5240 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5242 5242 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5271 5271 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5239 5239 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5250 5259 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5272 5274 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5281 5284 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 53 53 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 3128 3128 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 8000 8000 snap\.maas|maas-|named\.service|bind9|chrony'
    'tcp * 5247 5247 snap\.maas|maas-|named\.service|bind9|chrony'
    'udp * 53 53 snap\.maas|maas-|named\.service|bind9|chrony'
    'udp * 123 123 snap\.maas|maas-|named\.service|bind9|chrony'
    'udp * 5247 5247 snap\.maas|maas-|named\.service|bind9|chrony'
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
  peers=(192.0.2.12)
  for address in "${peers[@]}"; do
    ip route get "$address" >/dev/null 2>&1 || problem "there is no route to $address"
  done
  getent ahosts maas.corp.example.net >/dev/null || problem 'maas.corp.example.net of maas.url does not resolve'
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
