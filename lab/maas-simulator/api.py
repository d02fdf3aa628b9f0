"""The handlers and actions of MAAS' API that runbooks use; every other one is refused."""
import json
import time

import database
from networks import Networks, Refused, find, only

FRESH = "now() - interval '15 seconds'"
KNOWN_SETTINGS = {"ntp_servers", "ntp_external_only", "upstream_dns", "dnssec_validation", "enable_http_proxy", "http_proxy", "kernel_opts",
                  "maas_name", "maas_url", "boot_images_auto_import", "maas_syslog_port", "maas_proxy_port", "network_discovery",
                  "remote_syslog", "dns_trusted_acl", "session_length", "enable_analytics", "completed_intro"}


def racks(cursor):
    """Every rack with what it last said of itself and the state of its connections."""
    found = database.rows(cursor, "SELECT * FROM maasserver_node WHERE node_type IN (2, 4) ORDER BY id")
    cursor.execute(f"SELECT count(DISTINCT hostname) FROM maasserver_regioncontrollerprocess WHERE seen > {FRESH}")
    regions = cursor.fetchone()[0]
    for rack in found:
        cursor.execute(f"""SELECT count(DISTINCT hostname) FROM maasserver_regionrackrpcconnection c
            JOIN maasserver_regioncontrollerprocess p ON p.name = c.process WHERE c.rack = %s AND c.seen > {FRESH} AND p.seen > {FRESH}""",
                       (rack["system_id"],))
        connected = cursor.fetchone()[0]
        rack["status"] = "running" if connected >= regions else "degraded" if connected else "dead"
        rack["info"] = "" if connected >= regions else f"Connected to {connected} of {regions} region controllers."
    return found


def show_rack(rack, networks):
    services = {**(rack["services"] or {}), "rackd": rack["status"]}
    if rack["status"] == "dead":
        services = {name: "unknown" for name in services} | {"rackd": "dead"}
    return {
        "system_id": rack["system_id"], "hostname": rack["hostname"], "node_type": rack["node_type"],
        "service_set": [{"name": name, "status": state, "status_info": rack["info"] if name == "rackd" else ""} for name, state in services.items()],
        "interface_set": [{**one, "vlan": networks.show_vlan(find(networks.vlans, one["vlan"], "VLAN")) if one["vlan"] else None}
                          for one in rack["interfaces"]],
    }


def call(cursor, handler, action, words, data):
    """The answer of one call, or Refused."""
    document = database.networks(cursor)
    known = racks(cursor)
    networks = Networks(document, known)
    answer = dispatch(cursor, networks, known, (handler, action), words, data)
    database.save_networks(cursor, document)
    return answer


def take(words, count):
    if len(words) != count:
        raise Refused(f"maas-simulator: {count} positional arguments wanted, not {words}")
    return words


def dispatch(cursor, networks, known, what, words, data):
    match what:
        case ("version", "read"):
            take(words, 0)
            return {"version": "simulated", "capabilities": ["networks-management", "static-ipaddresses"]}
        case ("fabrics", "read"):
            return [networks.show_fabric(one) for one in networks.fabrics]
        case ("fabrics", "create"):
            return networks.create_fabric(data)
        case ("fabric", "update"):
            return networks.update_fabric(*take(words, 1), data)
        case ("spaces", "read"):
            return networks.spaces
        case ("spaces", "create"):
            return networks.create_space(data)
        case ("vlans", "read"):
            return [networks.show_vlan(one) for one in networks.vlans if str(one["fabric_id"]) == take(words, 1)[0]]
        case ("vlans", "create"):
            return networks.create_vlan(*take(words, 1), data)
        case ("vlan", "read"):
            return networks.show_vlan(networks.vlan_at(*take(words, 2)))
        case ("vlan", "update"):
            return networks.update_vlan(*take(words, 2), data)
        case ("subnets", "read"):
            return [networks.show_subnet(one) for one in networks.subnets]
        case ("subnets", "create"):
            return networks.create_subnet(data)
        case ("subnet", "update"):
            return networks.update_subnet(*take(words, 1), data)
        case ("ipranges", "read"):
            return [networks.show_range(one) for one in networks.ranges]
        case ("ipranges", "create"):
            return networks.create_range(data)
        case ("iprange", "update"):
            return networks.update_range(*take(words, 1), data)
        case ("rack-controllers", "read"):
            return [show_rack(one, networks) for one in known]
        case ("region-controllers", "read"):
            return [{"system_id": one["system_id"], "hostname": one["hostname"]}
                    for one in database.rows(cursor, "SELECT * FROM maasserver_node WHERE node_type IN (3, 4) ORDER BY id")]
        case ("interface", "update"):
            return move_interface(cursor, networks, known, *take(words, 2), data)
        case ("machines", "read"):
            only(data, "status", "hostname")
            return []
        case ("maas", "get-config"):
            return read_setting(cursor, data)
        case ("maas", "set-config"):
            return write_setting(cursor, data)
        case ("boot-resources", verb):
            return boot_resources(networks.document, verb, words)
        case ("boot-resource", "read"):
            return show_image(cursor, find(networks.document["images"], *take(words, 1), "BootResource"))
    raise Refused(f"maas-simulator: unknown call: {' '.join(what)}")


def read_setting(cursor, data):
    only(data, "name")
    if data["name"] not in KNOWN_SETTINGS:
        raise Refused(f"{data['name']} is not a valid config setting (valid settings are: {', '.join(sorted(KNOWN_SETTINGS))}).")
    return database.setting(cursor, data["name"])


def write_setting(cursor, data):
    only(data, "name", "value")
    read_setting(cursor, {"name": data["name"]})
    database.set_setting(cursor, data["name"], data["value"])
    return "OK"


def move_interface(cursor, networks, known, system_id, number, data):
    only(data, "vlan")
    rack = [one for one in known if one["system_id"] == system_id]
    if not rack:
        raise Refused("No Node matches the given query.")
    interface = find(rack[0]["interfaces"], number, "Interface")
    interface["vlan"] = find(networks.vlans, data["vlan"], "VLAN")["id"]
    cursor.execute("UPDATE maasserver_node SET interfaces = %s WHERE system_id = %s", (json.dumps(rack[0]["interfaces"]), system_id))
    return interface


def show_image(cursor, image):
    """Complete when every region has it."""
    cursor.execute("SELECT hostname FROM maasserver_node WHERE node_type IN (3, 4)")
    complete = all(row[0] in image["regions"] for row in cursor.fetchall())
    shown = {key: value for key, value in image.items() if key not in ("regions", "imported")}
    return {**shown, "sets": {"20260101": {"version": "20260101", "size": 1, "label": "stable", "complete": complete}}}


def boot_resources(document, verb, words):
    take(words, 0)
    if verb == "read":
        return [{key: image[key] for key in ("id", "type", "name", "architecture")} for image in document["images"]]
    if verb == "is-importing":
        # An import takes a while, and then every region fetches what it brought.
        return any(time.time() < image["imported"] + 2 for image in document["images"])
    if verb == "import":
        if not document["images"]:
            document["images"] = [{"id": 1, "type": "Synced", "name": "ubuntu/noble", "architecture": "amd64/ga-24.04", "regions": [],
                                   "imported": time.time()}]
        return "Import of boot resources started"
    raise Refused(f"maas-simulator: unknown call: boot-resources {verb}")
