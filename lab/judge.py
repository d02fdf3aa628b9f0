#!/usr/bin/python3
"""Judges a deployment: lab/judge.py TOPOLOGY. Prints what is as it should be, one line each; ends with 1 at what is not."""
import sys

from fleet import Fleet, Unreachable


class Wrong(Exception):
    pass


def controllers(fleet, maas):
    """Every region and rack is listed, and every rack is connected to every region."""
    for kind, name in (("regions", "region"), ("racks", "rack")):
        wanted, found = sorted(fleet.topology[kind]), sorted(one["hostname"] for one in maas[kind])
        if wanted != found:
            raise Wrong(f"MAAS lists as {kind} {found}, the topology has {wanted}")
    for rack in maas["racks"]:
        for service in rack["service_set"]:
            if service["name"] == "rackd" and service["status"] != "running":
                raise Wrong(f"the rack {rack['hostname']} is {service['status']}: {service['status_info']}")
    return f"{len(maas['regions'])} regions and {len(maas['racks'])} racks listed, every rack connected to every region"


def dhcp(fleet, maas):
    """Every VLAN that the topology gives DHCP has its pair, and dhcpd runs on both; no other VLAN has DHCP."""
    names = {rack["system_id"]: rack["hostname"] for rack in maas["racks"]}
    running = {rack["hostname"] for rack in maas["racks"] for service in rack["service_set"]
               if service["name"] == "dhcpd" and service["status"] == "running"}
    found = {(fabric["name"], vlan["vid"]): vlan for fabric in maas["fabrics"] for vlan in fabric["vlans"]}
    pairs, relays = 0, 0
    for fabric, vid, wanted in fleet.wanted_vlans():
        vlan, pair = found.get((fabric, vid)), wanted.get("dhcp") or {}
        if not vlan:
            raise Wrong(f"MAAS has no VLAN {vid} of {fabric}")
        if vlan["dhcp_on"] != bool(pair):
            raise Wrong(f"DHCP on the VLAN {vid} of {fabric} is {vlan['dhcp_on']}")
        for role in ("primary_rack", "secondary_rack"):
            if names.get(vlan[role]) != pair.get(role):
                raise Wrong(f"{role} of the VLAN {vid} of {fabric} is {names.get(vlan[role])}, not {pair.get(role)}")
            if pair.get(role) and pair[role] not in running:
                raise Wrong(f"dhcpd does not run on {pair[role]}")
        if bool(vlan["relay_vlan"]) != bool(wanted.get("relay")):
            raise Wrong(f"the relay of the VLAN {vid} of {fabric} is {vlan['relay_vlan']}")
        pairs, relays = pairs + bool(pair), relays + bool(wanted.get("relay"))
    return f"{pairs} VLANs with their DHCP pair, {relays} relayed"


def replication(fleet):
    """One member is primary, and every other one streams from it."""
    if not fleet.members:
        return "PostgreSQL is somebody else's"
    roles = fleet.roles()
    primaries = [host for host, standby in roles.items() if not standby]
    if len(primaries) != 1:
        raise Wrong(f"primaries are {primaries}")
    streams = fleet.sql(primaries[0], "SELECT application_name, sync_state FROM pg_stat_replication WHERE state = 'streaming'")
    if len(streams) != len(roles) - 1:
        raise Wrong(f"from {primaries[0]} stream only {streams}")
    synchronous = (fleet.topology["postgresql"].get("replication") or {}).get("synchronous")
    if synchronous and not any(state in ("sync", "quorum") for _, state in streams):
        raise Wrong(f"no standby is synchronous: {streams}")
    return f"{len(streams)} standbys stream from {primaries[0]}" + (", one synchronous" if synchronous else "")


def main():
    fleet = Fleet(sys.argv[1])
    try:
        maas = fleet.maas()
        for line in (controllers(fleet, maas), dhcp(fleet, maas), replication(fleet)):
            print(line)
    except (Wrong, Unreachable) as reason:
        sys.exit(f"judged wrong: {reason}")


main()
