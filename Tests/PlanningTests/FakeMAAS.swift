/// A `maas` command for tests, with the words and answers of MAAS' client that steps use. Its state is a JSON file, `$FAKE/state.json`; every
/// change is logged in `$FAKE/calls`. It refuses what it does not know, and with `$FAKE/kill-at` holding N, it fails at the Nth change.
enum FakeMAAS {
  static let source = #"""
    #!/usr/bin/env python3
    import json, os, sys

    FAKE = os.environ["FAKE"]

    def load(name, default):
        path = os.path.join(FAKE, name)
        return json.load(open(path)) if os.path.exists(path) else default

    def refuse(text):
        print(text)
        sys.exit(2)

    state = load("state.json", None)
    words = sys.argv[1:]
    if words[:1] == ["apikey"]:
        if words[1:] != ["--username", "admin"]:
            refuse("User does not exist.")
        print("a:b:c")
        sys.exit()
    if words[:1] == ["login"]:
        if words[-2:] != ["http://localhost:5240/MAAS/", "-"] or sys.stdin.readline() != "a:b:c\n":
            refuse("bad login")
        sys.exit()
    if words[:1] == ["logout"]:
        sys.exit()
    if words[:1] != ["maasc"]:
        refuse(f"unknown: {words}")

    handler, action, *rest = words[1:]
    position = [word for word in rest if "=" not in word]
    data = dict(word.split("=", 1) for word in rest if "=" in word)
    known = {"fabric", "vid", "name", "mtu", "space", "cidr", "vlan", "gateway_ip", "dns_servers", "managed", "allow_dns", "allow_proxy", "type",
             "subnet", "start_ip", "end_ip", "comment", "dhcp_on", "primary_rack", "secondary_rack", "relay_vlan"}
    if set(data) - known:
        refuse(f"unknown parameters: {set(data) - known}")

    def fabric_name(fabric):
        return fabric["name"] or f"fabric-{fabric['id']}"

    def by_id(kind, number):
        found = [one for one in state[kind] if str(one["id"]) == str(number)]
        return found[0] if found else refuse(f"no {kind} {number}")

    def show_vlan(vlan, deep=True):
        fabric = by_id("fabrics", vlan["fabric_id"])
        first = min(one["id"] for one in state["vlans"] if one["fabric_id"] == fabric["id"])
        relay = vlan.get("relay_vlan")
        return {**vlan, "fabric": fabric_name(fabric), "name": "untagged" if vlan["id"] == first else vlan["name"],
                "space": vlan["space"] or "undefined",
                "relay_vlan": show_vlan(by_id("vlans", relay), False) if relay and deep else None}

    def new(kind, **values):
        number = max([one["id"] for one in state[kind]] + [0]) + 1
        state[kind].append({"id": number, **values})
        return state[kind][-1]

    def new_vlan(fabric, vid, name):
        if any(one["fabric_id"] == fabric and one["vid"] == vid for one in state["vlans"]):
            refuse("A VLAN with the specified VID already exists in the destination fabric.")
        return new("vlans", fabric_id=fabric, vid=vid, name=name, mtu=1500, space=None, dhcp_on=False, primary_rack=None, secondary_rack=None,
                   relay_vlan=None)

    def changed():
        count = load("count.json", 0) + 1
        json.dump(count, open(os.path.join(FAKE, "count.json"), "w"))
        if count == load("kill-at", 0):
            refuse("killed")

    def save(answer):
        changed_state = json.dumps(state)
        open(os.path.join(FAKE, "state.json"), "w").write(changed_state)
        open(os.path.join(FAKE, "calls"), "a").write(" ".join(words[1:]) + "\n")
        print(json.dumps(answer))
        sys.exit()

    def update_vlan(vlan):
        relay, dhcp = data.get("relay_vlan"), data.get("dhcp_on")
        if relay and vlan["dhcp_on"]:
            refuse("relay_vlan: Select a valid choice.")
        if "name" in data: vlan["name"] = data["name"]
        if "mtu" in data: vlan["mtu"] = int(data["mtu"])
        if "fabric" in data: vlan["fabric_id"] = int(data["fabric"])
        if "space" in data:
            if data["space"] not in [one["name"] for one in state["spaces"]]:
                refuse("space: no such space")
            vlan["space"] = data["space"]
        primary, secondary = data.get("primary_rack", vlan["primary_rack"]), data.get("secondary_rack", vlan["secondary_rack"])
        if "secondary_rack" in data and data["secondary_rack"] and data["secondary_rack"] == vlan["primary_rack"]:
            refuse("is already set as the primary rack controller")
        if primary and primary == vlan["secondary_rack"]:
            secondary = None
        if not primary and vlan["secondary_rack"]:
            primary, secondary = vlan["secondary_rack"], None
        vlan["primary_rack"], vlan["secondary_rack"] = primary or None, secondary or None
        if dhcp == "true":
            subnets = [one["id"] for one in state["subnets"] if one["vlan"] == vlan["id"]]
            if not any(one["subnet"] in subnets and one["type"] == "dynamic" for one in state["ranges"]):
                refuse("dhcp can only be turned on when a dynamic IP range is defined.")
            if not vlan["primary_rack"]:
                refuse("dhcp can only be turned on when a primary rack controller is set.")
        if dhcp is not None: vlan["dhcp_on"] = dhcp == "true"
        if relay is not None: vlan["relay_vlan"] = int(relay) if relay else None
        if vlan["dhcp_on"]: vlan["relay_vlan"] = None

    def update_subnet(subnet):
        if "vlan" in data: subnet["vlan"] = by_id("vlans", data["vlan"])["id"]
        if "gateway_ip" in data: subnet["gateway_ip"] = data["gateway_ip"]
        if "dns_servers" in data: subnet["dns_servers"] = data["dns_servers"].split(",")
        for flag in ("managed", "allow_dns", "allow_proxy"):
            subnet[flag] = data.get(flag, "true") == "true"

    def show_subnet(one):
        return {**one, "vlan": show_vlan(by_id("vlans", one["vlan"]))}

    if (handler, action) == ("fabrics", "read"):
        vlans = [show_vlan(one) for one in state["vlans"]]
        print(json.dumps([{"id": one["id"], "name": fabric_name(one), "vlans": [v for v in vlans if v["fabric_id"] == one["id"]]}
                          for one in state["fabrics"]]))
    elif (handler, action) == ("spaces", "read"):
        print(json.dumps(state["spaces"]))
    elif (handler, action) == ("subnets", "read"):
        print(json.dumps([show_subnet(one) for one in state["subnets"]]))
    elif (handler, action) == ("ipranges", "read"):
        print(json.dumps([{**one, "subnet": show_subnet(by_id("subnets", one["subnet"]))} for one in state["ranges"]]))
    elif (handler, action) == ("rack-controllers", "read"):
        print(json.dumps(state["racks"]))
    else:
        changed()
        if (handler, action) == ("spaces", "create"):
            save(new("spaces", name=data["name"]))
        elif (handler, action) == ("fabrics", "create"):
            fabric = new("fabrics", name=data["name"])
            new_vlan(fabric["id"], 0, None)
            save(fabric)
        elif (handler, action) == ("fabric", "update"):
            by_id("fabrics", position[0])["name"] = data["name"]
            save({})
        elif (handler, action) == ("vlans", "create"):
            save(new_vlan(by_id("fabrics", position[0])["id"], int(data["vid"]), data.get("name")))
        elif (handler, action) == ("vlan", "update"):
            found = [one for one in state["vlans"] if [str(one["fabric_id"]), str(one["vid"])] == position]
            if not found:
                refuse("No VLAN matches the given query.")
            update_vlan(found[0])
            save({})
        elif (handler, action) == ("subnets", "create"):
            if any(one["cidr"] == data["cidr"] for one in state["subnets"]):
                refuse("Subnet with this Cidr already exists.")
            subnet = new("subnets", cidr=data["cidr"], vlan=None, gateway_ip=None, dns_servers=[])
            update_subnet(subnet)
            save(subnet)
        elif (handler, action) == ("subnet", "update"):
            update_subnet(by_id("subnets", position[0]))
            save({})
        elif (handler, action) == ("ipranges", "create"):
            save(new("ranges", type=data["type"], subnet=int(data["subnet"]), start_ip=data["start_ip"], end_ip=data["end_ip"],
                     comment=data.get("comment", "")))
        elif (handler, action) == ("iprange", "update"):
            by_id("ranges", position[0]).update(data)
            save({})
        else:
            refuse(f"unknown: {words}")
    """#
}
