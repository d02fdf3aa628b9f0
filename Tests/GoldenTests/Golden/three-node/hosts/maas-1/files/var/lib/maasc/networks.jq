# Prints the next calls of MAAS' client that bring it nearer to the fabric in $want, one JSON array of words each; nothing when it is there.
# Objects are adopted or moved, never duplicated: a subnet is found by its CIDR, a VLAN by its number in the fabric, else by its subnets.
def pick(f): first(.[] | select(f)) // null;

$want[0] as $want | $now as [$fabrics, $spaces, $subnets, $ranges]
| ($fabrics | pick(.name == $want.fabric)) as $fabric
| [ $want.vlans[]
    | . as $vlan
    | {
        vlan: $vlan,
        here: ($fabric.vlans // [] | pick(.vid == $vlan.vid)),
        subnets: [$vlan.subnets[] | . as $subnet | {want: $subnet, now: ($subnets | pick(.cidr == $subnet.cidr))}]
      }
  ] as $vlans
| [
    # Spaces that VLANs name.
    [ [$want.vlans[].space | select(. != null)] | unique | . - [$spaces[].name, "undefined"] | .[] | ["spaces", "create", "name=\(.)"] ],

    # The fabric: one that MAAS made by itself around a subnet of ours gets our name; else a new one.
    [ select($fabric == null)
      | ([$vlans[].subnets[].now | select(. != null) | .vlan]
          | pick((.fabric | test("^fabric-[0-9]+$")) and ([.fabric] - $want.declared != []))) as $found
      | if $found then ["fabric", "update", "\($found.fabric_id)", "name=\($want.fabric)"] else ["fabrics", "create", "name=\($want.fabric)"] end
    ],

    # VLANs: one of the same number that holds only subnets of ours moves here with its interfaces; else a new one. The oldest VLAN of a
    # fabric is its default, whatever its number, so none that is older moves in.
    [ $vlans[] | select(.here == null)
      | .vlan as $vlan
      | [$vlan.subnets[].cidr] as $ours
      | ([.subnets[].now | select(. != null) | .vlan]
          | pick(.vid == $vlan.vid and .id > ([$fabric.vlans[]?.id] | min) and .vid != 0 and ([.fabric] - $want.declared != [])
              and (.id as $id | [$subnets[] | select(.vlan.id == $id) | .cidr] - $ours == []))) as $found
      | if $found then ["vlan", "update", "\($found.fabric_id)", "\($found.vid)", "fabric=\($fabric.id)"]
        else ["vlans", "create", "\($fabric.id)", "vid=\($vlan.vid)", "name=\($vlan.name)"]
        end
    ],

    # What a VLAN says of itself.
    [ $vlans[]
      | .vlan as $vlan
      | .here as $here
      | [
          if $here.name != "untagged" and $here.name != $vlan.name then "name=\($vlan.name)" else empty end,
          if $vlan.mtu and $here.mtu != $vlan.mtu then "mtu=\($vlan.mtu)" else empty end,
          if $vlan.space and $here.space != $vlan.space then "space=\($vlan.space)" else empty end
        ]
      | select(. != [])
      | ["vlan", "update", "\($here.fabric_id)", "\($here.vid)"] + .
    ],

    # Subnets: MAAS may know one already, on another VLAN.
    [ $vlans[]
      | .here as $here
      | .subnets[]
      | .now as $now
      | [
          if $now and $now.vlan.id == $here.id then empty else "vlan=\($here.id)" end,
          if .want.gateway_ip and $now.gateway_ip != .want.gateway_ip then "gateway_ip=\(.want.gateway_ip)" else empty end,
          if .want.dns_servers and ($now.dns_servers // []) != .want.dns_servers then "dns_servers=\(.want.dns_servers | join(","))" else empty end
        ] as $words
      | select($words != [])
      | if $now then ["subnet", "update", "\($now.id)"] + $words + ["managed", "allow_dns", "allow_proxy" | "\(.)=\($now[.])"]
        else ["subnets", "create", "cidr=\(.want.cidr)"] + $words
        end
    ],

    # Ranges: one of the same kind that shares an end with ours becomes ours; MAAS refuses what overlaps anything else.
    [ $vlans[].subnets[]
      | .now as $subnet
      | .want.ranges[]
      | . as $range
      | ([$ranges[] | select(.subnet.id == $subnet.id and .type == $range.type)]
          | (pick(.start_ip == $range.start_ip and .end_ip == $range.end_ip)
              // pick(.start_ip == $range.start_ip or .end_ip == $range.end_ip))) as $now
      | [
          if $now.start_ip != $range.start_ip then "start_ip=\($range.start_ip)" else empty end,
          if $now.end_ip != $range.end_ip then "end_ip=\($range.end_ip)" else empty end,
          if $range.comment and $now.comment != $range.comment then "comment=\($range.comment)" else empty end
        ] as $words
      | select($words != [])
      | if $now then ["iprange", "update", "\($now.id)"] + $words
        else ["ipranges", "create", "type=\($range.type)", "subnet=\($subnet.id)"] + $words
        end
    ]
  ]
| pick(. != []) // []
| .[]
