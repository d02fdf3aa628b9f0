"""The long-running programs: one process for all of them in the snap, one for each unit of the packages."""
import os
import threading
import time
import traceback

import database
import dhcp
import host
import ports
from rack import Rack
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


def again(program):
    """As pebble does: a program that ends is started again, and the unit stays active all the while."""
    def loop():
        while True:
            try:
                return program()
            except (SystemExit, Exception):  # pylint: disable=broad-exception-caught
                traceback.print_exc(limit=1)
                time.sleep(5)
    ports.background(loop)


def pebble():
    mode, serving = host.snap_mode(), []
    if mode == "none":
        host.refuse("MAAS is not initialised")
    if "region" in mode:
        again(lambda: serving.append(regiond()))
        apiserver()
        if host.version() >= (3, 5):
            temporal()
    syslog()
    proxy()
    ports.hold(123)
    ports.name_server(lambda name: name_of(serving[0])(name) if serving else None)
    if "rack" in mode:
        again(rackd)


def rackd():
    Rack().start()


def dhcpd(version):
    command = dhcp.command(version)
    os.execv(command[0], command)


def nothing():
    pass


def main(words):
    programs = {"pebble": pebble, "regiond": regiond, "apiserver": apiserver, "temporal": temporal, "temporal-worker": nothing, "rackd": rackd,
                "agent": nothing, "dhcpd": lambda: dhcpd(4), "dhcpd6": lambda: dhcpd(6), "http": nothing, "syslog": syslog, "proxy": proxy}
    if len(words) != 1 or words[0] not in programs:
        host.unknown(" ".join(words))
    programs[words[0]]()
    threading.Event().wait()
