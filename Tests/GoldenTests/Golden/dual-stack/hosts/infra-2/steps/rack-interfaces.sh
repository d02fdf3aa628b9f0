#!/usr/bin/env bash
# Report this host's interfaces again, now that their VLANs exist
#
# Host:    infra-2
# Why:     MAAS looks for the VLAN of an interface when the host reports it, and this host did so before the networks were made.
# After:   infra-1/networks-fabric-fabric-1, infra-1/rack-interfaces
# Caution: MAAS on this host restarts where an interface is on the wrong VLAN.
# Check:   sudo bash rack-interfaces.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash rack-interfaces.sh apply && sudo bash rack-interfaces.sh verify
# Back:    none is needed: MAAS has what this host reports
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
FILES=$(cd "$(dirname "$0")/../files" && pwd)
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
region_answers() { # NAME: the region of this host serves, and MAAS lists its processes
  curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq -e --arg name "$1" '.eventloops // {} | keys | any(startswith($name + ":"))' >/dev/null
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
  racks_placed "$FILES"/var/lib/maasc/rack.json
}
apply() {
  snap restart maas
  wait_until 600 'the region does not serve; see: snap logs -n 100 maas' region_answers infra-2
  maas_login admin
  wait_until 600 'MAAS has interfaces of this host on other VLANs than the topology says' racks_placed "$FILES"/var/lib/maasc/rack.json
}
verify() {
  maas_login admin
  racks_placed "$FILES"/var/lib/maasc/rack.json
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
    if ((status == 0)); then echo nothing to do: 'Report this host'\''s interfaces again, now that their VLANs exist'; exit 0; fi
    echo needed: 'Report this host'\''s interfaces again, now that their VLANs exist'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Report this host'\''s interfaces again, now that their VLANs exist'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
