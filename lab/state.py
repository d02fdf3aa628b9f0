#!/usr/bin/python3
"""The state that a deployment left: lab/state.py TOPOLOGY. Sorted lines, the same for every way that leads to the same state.

Left out is what is drawn by lot or tells when, not what: keys of hosts, identifiers that MAAS makes up, logs, leases, data of databases.
"""
import hashlib
import os
import re
import stat
import sys

from fleet import Fleet

FOLDERS = ("etc", "usr/local", "var/lib/maasc", "var/lib/maas", "var/snap/maas", "root", "opt")
BY_LOT = re.compile("|".join([
    r"etc/alternatives/.*", r"etc/ssh/ssh_host_.*", r"etc/machine-id", r"etc/ld\.so\.cache", r"etc/(sub)?[ug]id-?", r"etc/(passwd|group|g?shadow)-", r"etc/\.pwd\.lock",
    r"etc/ssl/(private|certs)/.*", r"etc/bind/rndc\.key", r"etc/ca-certificates.*", r"etc/postgresql-common/.*\.lock",
    r".*/\.ssh/.*", r".*/id_ed25519(\.pub)?", r".*known[_-]hosts.*", r"etc/maasc/backup-key(\.pub)?",
    r".*authorized_keys.*", r".*/(secret|maas_id)", r".*\.leases~?",
    r".*\.pyc", r"etc/etcd/.*token.*"]))
LOOK = """
dpkg-query -W -f 'package ${Package} ${Version} ${db:Status-Abbrev}\\n'
apt-mark showhold | sed 's/^/held /'
systemctl list-unit-files --no-legend --no-pager --plain | awk '{ print "unit", $1, $2 }'
systemctl list-units --no-legend --no-pager --plain --type=service,timer --state=active,failed | awk '{ print "active", $1, $3 }'
if [ -x /usr/sbin/nft ]; then nft list ruleset | sed 's/^/filter /'; fi
if [ -d /run/maasc ]; then ls -A /run/maasc | sed 's/^/left /'; fi
"""
PASSING = re.compile(r"(unit|active) (user|session|systemd|run|maasc-wipe|dpkg-db-backup|logrotate|fstrim|e2scrub|apt-daily|man-db|getty|console)[-@r.]?")
SETTINGS = "SELECT name, setting FROM pg_file_settings WHERE applied ORDER BY 1"
RULES = "SELECT type, database, user_name, address, netmask, auth_method FROM pg_hba_file_rules ORDER BY line_number"
ROLES = "SELECT rolname, rolsuper, rolreplication, rolcanlogin, rolconnlimit FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
DATABASES = "SELECT datname, pg_get_userbyid(datdba), datacl FROM pg_database ORDER BY 1"


def files(fleet, host, words):
    """Mode, owner and digest of what the host has that its root has not."""
    root = f"{os.environ['WORK']}/hosts/{host}/up/"
    for folder in FOLDERS:
        for place, _, names in os.walk(root + folder):
            for name in names:
                path = os.path.join(place, name)
                short = path.removeprefix(root)
                if not BY_LOT.fullmatch(short):
                    yield f"file {short} {content(path, words)}"


def content(path, words):
    found = os.lstat(path)
    who = f"{found.st_uid}:{found.st_gid} {stat.S_IMODE(found.st_mode):o}"
    if stat.S_ISLNK(found.st_mode):
        return f"{who} -> {os.readlink(path)}"
    if not stat.S_ISREG(found.st_mode):
        return f"{who} removed" if stat.S_ISCHR(found.st_mode) else who
    with open(path, "rb") as file:
        text = file.read()
    for word in words:
        text = text.replace(word.encode(), b"*")
    return f"{who} {hashlib.sha256(text).hexdigest()[:16]}"


def host_state(fleet, host, words):
    yield from files(fleet, host, words)
    for line in fleet.on(host, "bash", "-euc", LOOK).splitlines():
        if not PASSING.match(line):
            yield " ".join(line.split())


def database_state(fleet):
    for host, standby in fleet.roles().items():
        yield f"{host} role {'standby' if standby else 'primary'}"
        for kind, statement in (("setting", SETTINGS), ("rule", RULES), ("role", ROLES), ("database", DATABASES)):
            for row in fleet.sql(host, statement):
                yield f"{host} {kind} {' '.join(row)}"


def maas_state(maas):
    """What the API lists, with names where MAAS makes up numbers."""
    racks = {rack["system_id"]: rack["hostname"] for rack in maas["racks"]}
    places = {vlan["id"]: f"{fabric['name']}/{vlan['vid']}" for fabric in maas["fabrics"] for vlan in fabric["vlans"]}
    for fabric in maas["fabrics"]:
        for vlan in fabric["vlans"]:
            rest = {key: vlan[key] for key in ("name", "mtu", "space", "dhcp_on")}
            pair = [racks.get(vlan[role]) for role in ("primary_rack", "secondary_rack")]
            relay = vlan["relay_vlan"] and places[vlan["relay_vlan"]["id"]]
            yield f"maas vlan {places[vlan['id']]} {sorted(rest.items())} {pair} {relay}"
    for subnet in maas["subnets"]:
        rest = {key: value for key, value in subnet.items() if key not in ("id", "vlan", "resource_uri")}
        yield f"maas subnet {places[subnet['vlan']['id']]} {sorted(rest.items())}"
    for one in maas["ranges"]:
        rest = {key: value for key, value in one.items() if key not in ("id", "subnet", "resource_uri", "user")}
        yield f"maas range {sorted(rest.items())}"
    for rack in maas["racks"]:
        yield f"maas rack {rack['hostname']} {sorted((one['name'], one['status']) for one in rack['service_set'])}"
        for one in rack["interface_set"]:
            yield f"maas rack {rack['hostname']} {one['name']} on {one['vlan'] and places[one['vlan']['id']]}"
    for region in maas["regions"]:
        yield f"maas region {region['hostname']}"


def main():
    fleet = Fleet(sys.argv[1])
    maas = fleet.maas()
    words = [one["system_id"] for kind in ("racks", "regions") for one in maas[kind]]
    lines = [f"{host} {line}" for host in fleet.hosts() for line in host_state(fleet, host, words)]
    print("\n".join(sorted([*lines, *database_state(fleet), *maas_state(maas)])))


main()
