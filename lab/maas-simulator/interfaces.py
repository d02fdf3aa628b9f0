"""What a controller tells MAAS of its network, and the DHCP configuration that MAAS gives it back."""
import ipaddress
import json
import subprocess

from networks import find


def local():
    """Interfaces with their addresses, but for the loopback."""
    found = []
    for entry in json.loads(subprocess.check_output(["ip", "-json", "address", "show"])):
        addresses = [one for one in entry["addr_info"] if one["scope"] == "global"] if entry.get("addr_info") else []
        if entry["ifname"] != "lo":
            found.append({"name": entry["ifname"], "mac_address": entry.get("address"),
                          "links": [{"ip_address": one["local"], "cidr": f"{one['local']}/{one['prefixlen']}"} for one in addresses]})
    return found


def addresses():
    return [link["ip_address"] for one in local() for link in one["links"]]


def place(reported, networks, node):
    """Interfaces as MAAS lists them: each on the VLAN that its subnet is on at the moment when the controller reports it."""
    placed = []
    for number, one in enumerate(reported):
        vlan, links = None, []
        for link in one["links"]:
            subnet = str(ipaddress.ip_interface(link["cidr"]).network)
            known = networks.discover(subnet)
            vlan = vlan or known
            links.append({"mode": "static", "ip_address": link["ip_address"], "subnet": {"cidr": subnet}})
        placed.append({"id": node * 100 + number, "name": one["name"], "type": "physical", "mac_address": one["mac_address"], "vlan": vlan,
                       "links": links})
    return placed


def address_on(rack, vlan, version):
    for interface in rack["interfaces"]:
        for link in interface["links"]:
            if interface["vlan"] == vlan["id"] and ipaddress.ip_address(link["ip_address"]).version == version:
                return link["ip_address"], interface["name"]
    return None, None


def dhcpd_conf(rack, racks, networks, version):
    """dhcpd.conf of a rack and the interfaces that it serves, after MAAS' template; nothing where it serves none. dhcpd pairs for IPv4 only."""
    text, names = [], []
    for vlan in networks.vlans:
        pair = [vlan["primary_rack"], vlan["secondary_rack"]]
        if not vlan["dhcp_on"] or rack["system_id"] not in pair:
            continue
        own, name = address_on(rack, vlan, version)
        served = subnets_of(vlan, networks, version)
        if own is None or not served:
            continue
        names.append(name)
        peers = [one for one in racks if one["system_id"] in pair and one is not rack]
        peer = address_on(peers[0], vlan, version)[0] if peers and version == 4 else None
        if peer:
            text.append(failover(vlan, own, peer, rack["system_id"] == vlan["primary_rack"]))
        text.append(shared_network(vlan, served, networks, peer is not None))
    if not names:
        return None, []
    head = "# Written by the simulator in place of MAAS.\nauthoritative;\ndefault-lease-time 600;\nmax-lease-time 600;\n"
    return head + ("omapi-port 7911;\n" if version == 4 else "") + "".join(text), names


def failover(vlan, own, peer, primary):
    lines = [f'failover peer "failover-vlan-{vlan["id"]}" {{', "  primary;" if primary else "  secondary;", f"  address {own};",
             f"  peer address {peer};", "  max-response-delay 60;", "  max-unacked-updates 10;", "  load balance max seconds 3;"]
    if primary:
        lines += ["  mclt 3600;", "  split 255;"]
    return "\n".join([*lines, "}", ""])


def subnets_of(vlan, networks, version):
    """Of the VLAN and of those that are relayed to it."""
    vlans = [vlan["id"], *(one["id"] for one in networks.vlans if one["relay_vlan"] == vlan["id"])]
    return [one for one in networks.subnets if one["vlan"] in vlans and ipaddress.ip_network(one["cidr"]).version == version]


def shared_network(vlan, subnets, networks, paired):
    lines = [f"shared-network vlan-{vlan['id']} {{"]
    for subnet in subnets:
        network = ipaddress.ip_network(subnet["cidr"])
        six = "6" if network.version == 6 else ""
        lines.append(f"  subnet6 {network} {{" if six else f"  subnet {network.network_address} netmask {network.netmask} {{")
        if subnet["gateway_ip"] and not six:
            lines.append(f"    option routers {subnet['gateway_ip']};")
        for one in networks.ranges:
            if one["subnet"] == subnet["id"] and one["type"] == "dynamic":
                lines.append(f"    pool{six} {{")
                if paired:
                    lines.append(f'      failover peer "failover-vlan-{vlan["id"]}";')
                lines.append(f"      range{six} {one['start_ip']} {one['end_ip']};")
                lines.append("    }")
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def register(cursor, networks, rows, hostname, kind, reported):
    """The node of a controller, made if MAAS does not know its name yet. MAAS tells controllers apart by their short host names."""
    found = rows(cursor, "SELECT * FROM maasserver_node WHERE hostname = %s", hostname)
    if not found:
        cursor.execute("INSERT INTO maasserver_node (hostname, node_type, system_id) VALUES (%s, %s, substr(md5(random()::text), 1, 6))",
                       (hostname, kind))
        found = rows(cursor, "SELECT * FROM maasserver_node WHERE hostname = %s", hostname)
    node = found[0]
    if node["node_type"] != kind:
        cursor.execute("UPDATE maasserver_node SET node_type = 4 WHERE id = %s", (node["id"],))
    placed = place(reported, networks, node["id"])
    cursor.execute("UPDATE maasserver_node SET interfaces = %s, seen = now() WHERE id = %s", (json.dumps(placed), node["id"]))
    return {**node, "interfaces": placed}


__all__ = ["addresses", "dhcpd_conf", "find", "local", "place", "register"]
