import Formats

/// The shell functions that only MAAS' steps use: a session of MAAS' own client, and what is asked through it.
///
/// They join `StepLibrary` and are inlined only where they are called. The client's words and the shape of its answers: MAAS source, src/maascli and
/// src/maasserver/api.
enum MAASShell {
  static let source = #"""
    units_enabled() { # UNIT...: all of them
      local unit
      for unit; do systemctl is-enabled --quiet "$unit" || return 1; done
    }
    units_active() { # UNIT...: all of them
      local unit
      for unit; do unit_active "$unit" || return 1; done
    }
    snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
    maas_merge() { # PATH OWNER GROUP MODE: our keys into a file of MAAS, and a note that MAAS must read it
      if merged_current "$@"; then return; fi
      touch "$STATE/maas-restart"
      merge_file "$@"
    }
    vault_has_database() { # PATH: MAAS moved the database's credentials from regiond.conf to Vault
      \#(VaultRole.isConfigured.code) "$1" && ! grep -Eq "^database_pass: *[^ '\"]" "$1"
    }
    packages_held() { # NAME...: those that are installed stay as they are
      local name
      for name; do ! packages_installed "$name" || [[ $(apt-mark showhold "$name") == "$name" ]] || return 1; done
    }
    hold_packages() { # NAME...
      local name
      for name; do ! packages_installed "$name" || apt-mark hold "$name" >/dev/null; done
    }
    regions_serve() { # URL NAME...: MAAS answers there and lists the processes of every region
      local answer name
      answer=$(curl -fsS -m 30 "$1/rpc/") || fail "MAAS does not answer at $1"
      for name in "${@:2}"; do
        jq -e --arg name "$name:" '.eventloops // {} | keys | any(startswith($name))' <<<"$answer" >/dev/null || fail "the region $name serves no racks"
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
    maas_calls() { # CALLS: carries out calls that are given as one JSON array of words a line
      local line lines words
      mapfile -t lines <<<"$1"
      for line in "${lines[@]}"; do
        mapfile -d '' -t words < <(jq -j '.[] + "\u0000"' <<<"$line")
        say "maas ${words[*]}"
        maas_api "${words[@]}" >/dev/null
      done
    }
    maas_setting() { # NAME: its value in one line; lists as MAAS keeps them, with one blank between
      maas_api maas get-config "name=$1" | jq -r 'if . == null then "" else tostring | gsub("[, ]+"; " ") end'
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
    racks_run() { # NAME...
      local name
      for name; do rack_runs "$name" rackd || return 1; done
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
    failover_normal() { # ADDRESS DHCPD_CONF LEASES: of the pair in which this host has ADDRESS; a server without its leases has to wait for mclt
      local name states
      name=$(awk -v address="$1;" '$1 == "failover" { name = $3 } $1 == "address" && $2 == address { print name; exit }' "$2")
      states=$(awk -v name="$name" '$1 == "failover" && $3 == name { inside = 1 } inside && $2 == "state" { state[$1] = $3 } /^}/ { inside = 0 }
        END { print state["my"], state["partner"] }' "$3")
      case $states in
        'normal normal') ;;
        'partner-down recover-wait' | 'recover-wait partner-down') echo "one server of the pair $name is new: for an hour the other serves alone" ;;
        *) echo "the pair ${name:-of $1} is in the states: $states"; return 1 ;;
      esac
    }
    images_complete() { # no import runs, and the newest set of every image is on every region
      local id importing resources
      importing=$(maas_api boot-resources is-importing)
      [[ $importing == false ]] || { echo 'an import runs'; return 1; }
      resources=$(maas_api boot-resources read | jq -r '.[].id')
      [[ -n $resources ]] || { echo 'MAAS has no image'; return 1; }
      for id in $resources; do
        maas_api boot-resource read "$id" | jq -e '[.sets // {} | to_entries[]] | max_by(.key) | .value.complete' >/dev/null ||
          { echo "the image $id is not complete on all regions"; return 1; }
      done
    }
    certificate_served() { # PORT SECRET: MAAS serves the certificate that the secret holds
      local now want
      want=$(secret "$2" | openssl x509 -noout -fingerprint -sha256)
      now=$(openssl s_client -connect "localhost:$1" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 2>&1)
      [[ $now == "$want" ]] || { echo "served on port $1: $now"; return 1; }
    }
    network_calls() { # FILE: the calls that bring MAAS a stage nearer to the fabric that FILE describes; nothing when it is there
      local now
      now=$(maas_api fabrics read && maas_api spaces read && maas_api subnets read && maas_api ipranges read)
      jq -cn --slurpfile want "$1" --slurpfile now <(printf '%s' "$now") -f "$FILES/var/lib/maasc/networks.jq"
    }
    """#
}
