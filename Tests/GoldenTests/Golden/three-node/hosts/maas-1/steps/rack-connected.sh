#!/usr/bin/env bash
# See every rack connected, its interfaces on their VLANs
#
# Host:    maas-1
# Why:     A rack can serve DHCP only on a VLAN on which MAAS knows an interface of it.
# After:   maas-1/networks-fabric-fabric-1, */rack-interfaces
# Check:   sudo bash rack-connected.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash rack-connected.sh apply && sudo bash rack-connected.sh verify
# Back:    its log has every call that moved an interface; the earlier VLAN is given back by the same call
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
FILES=$(cd "$(dirname "$0")/../files" && pwd)
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
maas_login() { # USER: a session of MAAS' own client, which ends when the step ends
  local base=http://localhost:5240/MAAS moved key
  insecure=()
  moved=$(curl -s -m 30 -o /dev/null -w '%{redirect_url}' "$base/api/2.0/version/") || fail 'MAAS does not answer on port 5240 of this host'
  # With TLS on, MAAS sends clients to the port of its certificate, which does not name localhost.
  if [[ $moved == https://* ]]; then base=${moved%%/MAAS/*}/MAAS insecure=(-k); fi
  key=$(maas apikey --username "$1") || fail "MAAS has no user $1 (maas.admin of the topology): $key"
  [[ -n $key ]] || key=$(maas apikey --username "$1" --generate) || fail "MAAS gives no API key for $1"
  trap 'maas logout maasc >/dev/null 2>&1 || true' EXIT
  maas login "${insecure[@]}" maasc "$base/" - <<<"${key%%$'\n'*}" >/dev/null || fail "MAAS refuses the API key of $1"
}
maas_api() { # WORD...: one call; its answer
  local answer
  answer=$(maas maasc "$@" "${insecure[@]}" </dev/null) || fail "maas $*: ${answer:-no answer}"
  printf '%s\n' "$answer"
}
maas_calls() { # CALLS: carries out calls that are given as one JSON array of words a line
  local line lines words
  mapfile -t lines <<<"$1"
  for line in "${lines[@]}"; do
    mapfile -d '' -t words < <(jq -j '.[] + "\u0000"' <<<"$line")
    say "maas ${words[*]}"
    maas_api "${words[@]}" >/dev/null
  done
}
racks_connected() { # FILE: MAAS lists each rack of FILE, and each is connected to every region
  local racks missing
  racks=$(maas_api rack-controllers read) || return 1
  missing=$(jq -r --slurpfile want "$1" '. as $now | $want[0][] | .hostname as $name
    | [$now[] | select(.hostname == $name) | .service_set[] | select(.name == "rackd")][0] as $rackd
    | select($rackd.status != "running")
    | "\($name): \(if $rackd then "\($rackd.status) \($rackd.status_info // "")" else "not listed" end)"' <<<"$racks")
  [[ -z $missing ]] || { echo "$missing"; return 1; }
}
rack_strays() { # FILE: interfaces of racks that MAAS has on other VLANs than FILE says, one JSON object a line
  local racks fabrics
  racks=$(maas_api rack-controllers read) && fabrics=$(maas_api fabrics read) || return 1
  jq -c --slurpfile want "$1" --slurpfile fabrics <(printf '%s' "$fabrics") '. as $now | $want[0][]
    | .hostname as $name | .places[] | . as $place
    | (first($fabrics[0][] | select(.name == $place.fabric) | .vlans[] | select(.vid == $place.vid)) // {}) as $vlan
    | [$now[] | select(.hostname == $name) | .system_id as $id | .interface_set[] | select(any(.links[]?; .ip_address == $place.address))
        | {name, vlan: .vlan.id, call: (if .type == "vlan" then null else ["interface", "update", $id, "\(.id)", "vlan=\($vlan.id)"] end)}]
    | if . == [] then {text: "\($name) has no interface with \($place.address)"}
      else .[] | select(.vlan != $vlan.id) | {call, text: "\($name) has \(.name) on the VLAN with the id \(.vlan)"}
      end' <<<"$racks"
}
racks_placed() { # FILE: there are none
  local strays
  strays=$(rack_strays "$1") || return 1
  [[ -z $strays ]] || { jq -r .text <<<"$strays"; return 1; }
}
check() {
  maas_login admin
  racks_connected "$FILES"/var/lib/maasc/racks.json
  racks_placed "$FILES"/var/lib/maasc/racks.json
}
apply() {
  maas_login admin
  wait_until 900 'not every rack is connected to every region' racks_connected "$FILES"/var/lib/maasc/racks.json
  calls=$(rack_strays "$FILES"/var/lib/maasc/racks.json | jq -c '.call // empty')
  [[ -z $calls ]] || maas_calls "$calls"
  wait_until 300 'MAAS has interfaces of racks elsewhere than the topology says; restart MAAS on those racks' racks_placed "$FILES"/var/lib/maasc/racks.json
}
verify() {
  maas_login admin
  racks_connected "$FILES"/var/lib/maasc/racks.json
  racks_placed "$FILES"/var/lib/maasc/racks.json
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
    if ((status == 0)); then echo nothing to do: 'See every rack connected, its interfaces on their VLANs'; exit 0; fi
    echo needed: 'See every rack connected, its interfaces on their VLANs'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See every rack connected, its interfaces on their VLANs'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
