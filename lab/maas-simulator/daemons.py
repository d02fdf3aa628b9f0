"""The long-running programs: one process for all of them in the snap, one for each unit of the packages."""
import os
import threading

import database
import host
import ports
from rack import Rack, dhcpd_command
from region import Region


def temporal():
    for port in (*range(5271, 5275), *range(5281, 5285)):
        ports.listen(port)


def syslog():
    ports.listen(5247)
    ports.hold(5247)


def proxy():
    for port in (3128, 8000):
        ports.listen(port)


def apiserver():
    if host.version() >= (3, 6):
        ports.listen(5242)


def regiond():
    region = Region()
    region.start()
    return region


def name_of(region):
    """Controllers have names in the domain maas."""
    def known(name):
        if region is None or not name.endswith(".maas"):
            return None
        with region.pool.transaction() as cursor:
            found = database.rows(cursor, "SELECT interfaces FROM maasserver_node WHERE hostname = %s", name.removesuffix(".maas"))
        addresses = [link["ip_address"] for row in found for one in row["interfaces"] for link in one["links"] if ":" not in link["ip_address"]]
        return addresses[0] if addresses else None
    return known


def pebble():
    mode = host.snap_mode()
    region = None
    if "region" in mode:
        region = regiond()
        apiserver()
        if host.version() >= (3, 5):
            temporal()
    syslog()
    proxy()
    ports.hold(123)
    ports.name_server(name_of(region))
    if "rack" in mode:
        Rack().start()
    if mode == "none":
        host.refuse("MAAS is not initialised")


def rackd():
    Rack().start()


def dhcpd():
    if not host.read_text(host.DHCPD):
        host.refuse(f"{host.DHCPD} is missing: dhcpd has no configuration")
    command = dhcpd_command()
    os.execv(command[0], command)


def nothing():
    pass


def main(words):
    programs = {"pebble": pebble, "regiond": regiond, "apiserver": apiserver, "temporal": temporal, "temporal-worker": nothing, "rackd": rackd,
                "agent": nothing, "dhcpd": dhcpd, "dhcpd6": nothing, "http": nothing, "syslog": syslog, "proxy": proxy}
    if len(words) != 1 or words[0] not in programs:
        host.unknown(" ".join(words))
    programs[words[0]]()
    threading.Event().wait()
