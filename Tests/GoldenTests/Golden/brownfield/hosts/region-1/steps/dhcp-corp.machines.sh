#!/usr/bin/env bash
# Serve DHCP on corp/machines by old-rack-1 and pxe-2
#
# Host:    region-1
# Why:     The primary first and alone, so that machines have an answer while the secondary takes its copy of the leases.
# After:   region-1/rack-connected
# Check:   sudo bash dhcp-corp.machines.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash dhcp-corp.machines.sh apply && sudo bash dhcp-corp.machines.sh verify
# Back:    sudo bash dhcp-corp.machines.sh rollback
#
# Compiled by maasc from brownfield.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
STATE=/var/lib/maasc
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
rack_id() { # HOST: MAAS' id of a rack controller
  maas_api rack-controllers read | jq -er --arg host "$1" '.[] | select(.hostname == $host) | .system_id' || fail "MAAS lists no rack controller $1"
}
rack_runs() { # HOST SERVICE: the rack said that its service runs
  local state
  state=$(maas_api rack-controllers read | jq -r --arg host "$1" --arg service "$2" \
    '.[] | select(.hostname == $host) | .service_set[] | select(.name == $service) | .status')
  [[ $state == running ]] || { echo "$2 of $1 is ${state:-not known}"; return 1; }
}
vlan_now() { # FABRIC VID: the VLAN as MAAS has it
  maas_api fabrics read | jq -ce --arg fabric "$1" --argjson vid "$2" '.[] | select(.name == $fabric) | .vlans[] | select(.vid == $vid)' ||
    fail "MAAS has no VLAN $2 in the fabric $1"
}
vlan_update() { # VLAN WORD...: changes the VLAN that the JSON VLAN describes
  local fabric vid
  read -r fabric vid < <(jq -r '"\(.fabric_id) \(.vid)"' <<<"$1")
  say "maas vlan update $fabric $vid ${*:2}"
  maas_api vlan update "$fabric" "$vid" "${@:2}" >/dev/null
}
vlan_record() { # NOTE VLAN: what the VLAN was before the first attempt, for the way back
  install -d -m 700 "$STATE/vlans"
  [[ -e $STATE/vlans/$1.before ]] || { printf '%s\n' "$2" >"$STATE/vlans/$1.new" && mv -f "$STATE/vlans/$1.new" "$STATE/vlans/$1.before"; }
}
vlan_replay() { # NOTE FABRIC VID: DHCP of the VLAN as it was recorded
  local was now words
  was=$(cat "$STATE/vlans/$1.before" 2>/dev/null || cat "$STATE/vlans/$1.last") || fail "nothing was recorded for the VLAN $3 of $2"
  now=$(vlan_now "$2" "$3")
  while read -r -a words; do vlan_update "$now" "${words[@]}"; done < <(jq -r '"dhcp_on=false relay_vlan=", "secondary_rack=", "primary_rack=",
    "dhcp_on=\(.dhcp_on) primary_rack=\(.primary_rack // empty)", "secondary_rack=\(.secondary_rack // empty)",
    "relay_vlan=\(.relay_vlan.id // empty)"' <<<"$was")
}
check() {
  maas_login admin
  vlan=$(vlan_now corp 400)
  jq -e --arg primary "$(rack_id old-rack-1)" --arg secondary "$(rack_id pxe-2)" \
    '.dhcp_on and .primary_rack == $primary and (.secondary_rack // "") == $secondary' <<<"$vlan" >/dev/null ||
    fail "MAAS has: $(jq -c '{dhcp_on, primary_rack, secondary_rack, relay_vlan: .relay_vlan.id}' <<<"$vlan")"
}
apply() {
  maas_login admin
  vlan=$(vlan_now corp 400)
  vlan_record corp.machines "$vlan"
  primary=$(rack_id old-rack-1)
  vlan_update "$vlan" dhcp_on=true "primary_rack=$primary"
  wait_until 300 'MAAS does not hear that dhcpd of old-rack-1 runs' rack_runs old-rack-1 dhcpd
  secondary=$(rack_id pxe-2)
  vlan_update "$vlan" "secondary_rack=$secondary"
  wait_until 300 'MAAS does not hear that dhcpd of pxe-2 runs' rack_runs pxe-2 dhcpd
  mv -f "$STATE"/vlans/corp.machines.before "$STATE"/vlans/corp.machines.last
}
verify() {
  maas_login admin
  vlan=$(vlan_now corp 400)
  jq -e --arg primary "$(rack_id old-rack-1)" --arg secondary "$(rack_id pxe-2)" \
    '.dhcp_on and .primary_rack == $primary and (.secondary_rack // "") == $secondary' <<<"$vlan" >/dev/null ||
    fail "MAAS has: $(jq -c '{dhcp_on, primary_rack, secondary_rack, relay_vlan: .relay_vlan.id}' <<<"$vlan")"
  wait_until 300 'MAAS does not hear that dhcpd of old-rack-1 runs' rack_runs old-rack-1 dhcpd
  wait_until 300 'MAAS does not hear that dhcpd of pxe-2 runs' rack_runs pxe-2 dhcpd
}
rollback() {
  maas_login admin
  vlan_replay corp.machines corp 400
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
    if ((status == 0)); then echo nothing to do: 'Serve DHCP on corp/machines by old-rack-1 and pxe-2'; exit 0; fi
    echo needed: 'Serve DHCP on corp/machines by old-rack-1 and pxe-2'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Serve DHCP on corp/machines by old-rack-1 and pxe-2'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
