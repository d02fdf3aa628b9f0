"""Fabrics, VLANs, subnets, ranges and spaces, with the rules of MAAS' forms (src/maasserver/forms/vlan.py, models/iprange.py, models/vlan.py)."""
import ipaddress


class Refused(Exception):
    """What MAAS answers instead of doing it."""


def refuse(**fields):
    raise Refused("{" + ", ".join(f'"{key}": ["{text}"]' for key, text in fields.items()) + "}")


def find(items, number, kind):
    for item in items:
        if str(item["id"]) == str(number):
            return item
    raise Refused(f"No {kind} matches the given query.")


def add(items, **values):
    item = {"id": max([one["id"] for one in items] + [0]) + 1, **values}
    items.append(item)
    return item


def only(data, *known):
    stray = sorted(set(data) - set(known))
    if stray:
        raise Refused(f"maas-simulator: unknown parameters {stray}")


def flag(text):
    if text not in ("true", "false", "True", "False", "1", "0"):
        raise Refused(f"maas-simulator: not a boolean: {text}")
    return text.lower() in ("true", "1")


class Networks:
    def __init__(self, document, racks):
        self.document, self.racks = document, racks
        self.fabrics, self.vlans, self.subnets = document["fabrics"], document["vlans"], document["subnets"]
        self.ranges, self.spaces = document["ranges"], document["spaces"]

    # What appears by itself.

    def discover(self, cidr):
        """The VLAN of a subnet that a controller is on; MAAS makes a fabric around one that it does not know."""
        for subnet in self.subnets:
            if subnet["cidr"] == cidr:
                return subnet["vlan"]
        fabric = add(self.fabrics, name=None)
        vlan = self.new_vlan(fabric, 0, None)
        add(self.subnets, name=cidr, cidr=cidr, vlan=vlan["id"], gateway_ip=None, dns_servers=[], managed=True, allow_dns=True, allow_proxy=True)
        return vlan["id"]

    # What the API shows.

    def fabric_name(self, fabric):
        return fabric["name"] or f"fabric-{fabric['id'] - 1}"

    def show_vlan(self, vlan, deep=True):
        fabric = find(self.fabrics, vlan["fabric_id"], "Fabric")
        first = min(one["id"] for one in self.vlans if one["fabric_id"] == fabric["id"])
        relay = vlan.get("relay_vlan")
        return {**vlan, "fabric": self.fabric_name(fabric), "name": "untagged" if vlan["id"] == first else vlan["name"] or str(vlan["vid"]),
                "space": vlan["space"] or "undefined",
                "relay_vlan": self.show_vlan(find(self.vlans, relay, "VLAN"), False) if relay and deep else None}

    def show_fabric(self, fabric):
        return {"id": fabric["id"], "name": self.fabric_name(fabric), "class_type": None,
                "vlans": [self.show_vlan(vlan) for vlan in self.vlans if vlan["fabric_id"] == fabric["id"]]}

    def show_subnet(self, subnet):
        vlan = self.show_vlan(find(self.vlans, subnet["vlan"], "VLAN"))
        return {**subnet, "vlan": vlan, "space": vlan["space"]}

    def show_range(self, one):
        return {**one, "subnet": self.show_subnet(find(self.subnets, one["subnet"], "Subnet"))}

    # Fabrics and spaces.

    def create_space(self, data):
        only(data, "name")
        if any(one["name"] == data["name"] for one in self.spaces):
            refuse(name="Space with this Name already exists.")
        return add(self.spaces, name=data["name"])

    def create_fabric(self, data):
        only(data, "name")
        self.free_fabric_name(data.get("name"))
        fabric = add(self.fabrics, name=data.get("name"))
        self.new_vlan(fabric, 0, None)
        return self.show_fabric(fabric)

    def update_fabric(self, number, data):
        only(data, "name")
        fabric = find(self.fabrics, number, "Fabric")
        self.free_fabric_name(data["name"], fabric)
        fabric["name"] = data["name"]
        return self.show_fabric(fabric)

    def free_fabric_name(self, name, own=None):
        for fabric in self.fabrics:
            if fabric is not own and name == self.fabric_name(fabric):
                refuse(name="Fabric with this Name already exists.")

    # VLANs.

    def new_vlan(self, fabric, vid, name):
        if not 0 <= vid <= 4094:
            refuse(vid="VID must be between 0 and 4094.")
        if any(one["fabric_id"] == fabric["id"] and one["vid"] == vid for one in self.vlans):
            refuse(__all__="A VLAN with the specified VID already exists in the destination fabric.")
        return add(self.vlans, fabric_id=fabric["id"], vid=vid, name=name, mtu=1500, space=None, dhcp_on=False, primary_rack=None,
                   secondary_rack=None, relay_vlan=None)

    def create_vlan(self, fabric, data):
        only(data, "vid", "name", "mtu", "space")
        vlan = self.new_vlan(find(self.fabrics, fabric, "Fabric"), int(data["vid"]), data.get("name"))
        self.describe_vlan(vlan, data)
        return self.show_vlan(vlan)

    def vlan_at(self, fabric, vid):
        for vlan in self.vlans:
            if str(vlan["fabric_id"]) == str(fabric) and str(vlan["vid"]) == str(vid):
                return vlan
        raise Refused("No VLAN matches the given query.")

    def describe_vlan(self, vlan, data):
        if "name" in data:
            vlan["name"] = data["name"]
        if "mtu" in data:
            if not 552 <= int(data["mtu"]) <= 65535:
                refuse(mtu="Ensure this value is between 552 and 65535.")
            vlan["mtu"] = int(data["mtu"])
        if "space" in data:
            if data["space"] not in [one["name"] for one in self.spaces]:
                refuse(space="Select a valid choice.")
            vlan["space"] = data["space"]

    def update_vlan(self, fabric, vid, data):
        only(data, "name", "mtu", "space", "fabric", "vid", "dhcp_on", "primary_rack", "secondary_rack", "relay_vlan")
        vlan = self.vlan_at(fabric, vid)
        if "fabric" in data:
            self.move_vlan(vlan, find(self.fabrics, data["fabric"], "Fabric"))
        self.describe_vlan(vlan, data)
        self.choose_racks(vlan, data)
        self.switch_dhcp(vlan, data)
        return self.show_vlan(vlan)

    def move_vlan(self, vlan, fabric):
        if vlan["fabric_id"] != fabric["id"] and any(one["fabric_id"] == fabric["id"] and one["vid"] == vlan["vid"] for one in self.vlans):
            refuse(__all__="A VLAN with the specified VID already exists in the destination fabric.")
        vlan["fabric_id"] = fabric["id"]

    def rack(self, word, vlan, field):
        """Racks may be chosen only where they have an interface on a VLAN of that number."""
        for rack in self.racks:
            if word in (rack["system_id"], rack["hostname"]):
                vids = [find(self.vlans, one["vlan"], "VLAN")["vid"] for one in rack["interfaces"] if one["vlan"]]
                if vlan["vid"] in vids:
                    return rack
        refuse(**{field: "Select a valid choice. That choice is not one of the available choices."})

    def choose_racks(self, vlan, data):
        if data.get("secondary_rack"):
            secondary = self.rack(data["secondary_rack"], vlan, "secondary_rack")
            if secondary["system_id"] == vlan["primary_rack"] and not data.get("primary_rack"):
                refuse(secondary_rack="is already set as the primary rack controller")
            if secondary["system_id"] == (data.get("primary_rack") or vlan["primary_rack"]):
                refuse(secondary_rack="The primary and secondary rack must be different.")
            primary = [one for one in self.racks if (data.get("primary_rack") or vlan["primary_rack"]) in (one["system_id"], one["hostname"])]
            if not primary or primary[0]["status"] == "dead":
                refuse(secondary_rack="The primary rack controller must be up and running to set a secondary rack controller.")
            vlan["secondary_rack"] = secondary["system_id"]
        elif "secondary_rack" in data:
            vlan["secondary_rack"] = None
        if data.get("primary_rack"):
            vlan["primary_rack"] = self.rack(data["primary_rack"], vlan, "primary_rack")["system_id"]
            if vlan["primary_rack"] == vlan["secondary_rack"]:
                vlan["secondary_rack"] = None
        elif "primary_rack" in data:
            vlan["primary_rack"], vlan["secondary_rack"] = vlan["secondary_rack"], None

    def switch_dhcp(self, vlan, data):
        if data.get("relay_vlan"):
            target = find(self.vlans, data["relay_vlan"], "VLAN")
            if vlan["dhcp_on"] and data.get("dhcp_on") not in ("false", "False"):
                refuse(relay_vlan="Select a valid choice. That choice is not one of the available choices.")
            if target is vlan or target["relay_vlan"] or any(one["relay_vlan"] == vlan["id"] for one in self.vlans):
                refuse(relay_vlan="Select a valid choice. That choice is not one of the available choices.")
            vlan["relay_vlan"] = target["id"]
        elif "relay_vlan" in data:
            vlan["relay_vlan"] = None
        if "dhcp_on" not in data:
            return
        vlan["dhcp_on"] = flag(data["dhcp_on"])
        if vlan["dhcp_on"]:
            subnets = [one["id"] for one in self.subnets if one["vlan"] == vlan["id"]]
            if not any(one["subnet"] in subnets and one["type"] == "dynamic" for one in self.ranges):
                refuse(dhcp_on="dhcp can only be turned on when a dynamic IP range is defined.")
            if not vlan["primary_rack"]:
                refuse(dhcp_on="dhcp can only be turned on when a primary rack controller is set.")
            vlan["relay_vlan"] = None

    # Subnets.

    def create_subnet(self, data):
        if any(one["cidr"] == data["cidr"] for one in self.subnets):
            refuse(cidr="Subnet with this Cidr already exists.")
        network = ipaddress.ip_network(data["cidr"])
        subnet = add(self.subnets, name=data["cidr"], cidr=str(network), vlan=None, gateway_ip=None, dns_servers=[], managed=True, allow_dns=True,
                     allow_proxy=True)
        self.change_subnet(subnet, {key: value for key, value in data.items() if key != "cidr"})
        if subnet["vlan"] is None:
            raise Refused("maas-simulator: a subnet needs its VLAN")
        return self.show_subnet(subnet)

    def update_subnet(self, number, data):
        subnet = find(self.subnets, number, "Subnet")
        # MAAS' form sets what is not given to its default.
        for name in ("managed", "allow_dns", "allow_proxy"):
            if name not in data:
                raise Refused(f"maas-simulator: {name} was left out, so MAAS would reset it")
        self.change_subnet(subnet, data)
        return self.show_subnet(subnet)

    def change_subnet(self, subnet, data):
        only(data, "name", "vlan", "gateway_ip", "dns_servers", "managed", "allow_dns", "allow_proxy")
        if "vlan" in data:
            subnet["vlan"] = find(self.vlans, data["vlan"], "VLAN")["id"]
        if "gateway_ip" in data:
            if data["gateway_ip"] and ipaddress.ip_address(data["gateway_ip"]) not in ipaddress.ip_network(subnet["cidr"]):
                refuse(gateway_ip="Gateway IP must be within CIDR range.")
            subnet["gateway_ip"] = data["gateway_ip"] or None
        if "dns_servers" in data:
            subnet["dns_servers"] = [str(ipaddress.ip_address(one)) for one in data["dns_servers"].split(",") if one]
        for name in ("managed", "allow_dns", "allow_proxy"):
            if name in data:
                subnet[name] = flag(data[name])

    # Ranges.

    def create_range(self, data):
        only(data, "type", "subnet", "start_ip", "end_ip", "comment")
        one = {"type": data["type"], "subnet": int(data["subnet"]), "start_ip": data["start_ip"], "end_ip": data["end_ip"],
               "comment": data.get("comment", "")}
        self.check_range(one, None)
        return self.show_range(add(self.ranges, **one))

    def update_range(self, number, data):
        only(data, "start_ip", "end_ip", "comment")
        one = find(self.ranges, number, "IPRange")
        self.check_range({**one, **data}, one)
        one.update(data)
        return self.show_range(one)

    def check_range(self, one, own):
        if one["type"] not in ("dynamic", "reserved"):
            refuse(type="Select a valid choice.")
        network = ipaddress.ip_network(find(self.subnets, one["subnet"], "Subnet")["cidr"])
        start, end = ipaddress.ip_address(one["start_ip"]), ipaddress.ip_address(one["end_ip"])
        if start > end:
            refuse(__all__="End IP address must not be less than Start IP address.")
        if start not in network or end not in network:
            refuse(__all__="IP addresses must be within subnet.")
        if network.version == 4 and (start == network.network_address or end == network.broadcast_address):
            refuse(__all__="Reserved network or broadcast address cannot be included in IP range.")
        if network.version == 6 and one["type"] == "dynamic" and int(end) - int(start) < 255:
            refuse(__all__="IPv6 dynamic range must be at least 256 addresses in size.")
        for other in self.ranges:
            if other is not own and other["subnet"] == one["subnet"]:
                if start <= ipaddress.ip_address(other["end_ip"]) and end >= ipaddress.ip_address(other["start_ip"]):
                    refuse(__all__=f"Requested {one['type']} range conflicts with an existing range.")
        if one["type"] == "dynamic":
            self.keep_off_allocated(start, end)

    def keep_off_allocated(self, start, end):
        for rack in self.racks:
            for interface in rack["interfaces"]:
                for link in interface["links"]:
                    address = ipaddress.ip_address(link["ip_address"])
                    if address.version == start.version and start <= address <= end:
                        refuse(__all__="Requested dynamic range conflicts with an existing IP address.")
