"""The DHCP failover pair that MAAS makes of a VLAN, from the declaration that the bundle keeps for review."""
import time

import services
from machine import until

LEASE_SCRIPT = "#!/bin/sh\n[ \"$1\" != bound ] || echo \"$ip\" >/run/leased\n"


class Pair:
    def __init__(self, site):
        self.site = site
        fabric, self.network, vlan = next(
            (fabric, name, vlan) for fabric, vlans in site.bundle.topology["fabrics"].items() for name, vlan in vlans.items() if "dhcp" in vlan)
        self.preview = f"/var/lib/maasc/dhcpd-preview/{fabric}.{self.network}.conf"
        self.hosts = [site.hosts[vlan["dhcp"][role]] for role in ("primary_rack", "secondary_rack")]
        self.client = site.machine("machine", [(self.network, None)])
        self.clients = 0

    def start(self):
        self.client.boot()
        self.client.write("/usr/local/lib/laboratory/lease", LEASE_SCRIPT, 0o755)

    def complete(self):
        """Both serve, also after a host was off."""
        for host in self.hosts:
            if not is_running(host):
                self.serve(host)
        until(20, "both DHCP servers are in the state normal", self.is_normal)

    def serve(self, host):
        place = [network for network, _ in self.site.bundle.networks(host.name)].index(self.network) + 1
        host.run("touch", "/run/leases")
        host.forget_log("dhcpd")
        host.spawn("dhcpd", "/usr/sbin/dhcpd", "-4", "-f", "-d", "--no-pid", "-cf", self.preview, "-lf", "/run/leases", f"eth{place}")

    def is_normal(self):
        return all(state(host) == "normal" for host in self.hosts)

    def lease(self, tries=4):
        """Seconds that a machine which nobody has seen before waits for an address, or None."""
        self.clients += 1
        self.client.run("ip", "link", "set", "eth0", "down")
        self.client.run("ip", "link", "set", "eth0", "address", f"02:5a:00:00:00:{self.clients:02x}")
        self.client.run("ip", "link", "set", "eth0", "up")
        began = time.monotonic()
        found = self.client.succeeds(
            "udhcpc", "-f", "-q", "-n", "-i", "eth0", "-t", tries, "-T", "2", "-s", "/usr/local/lib/laboratory/lease")
        return time.monotonic() - began if found else None

    def restart(self):
        """Both anew, with no memory of one another."""
        for host in self.hosts:
            if is_running(host):
                host.kill("dhcpd")
                host.ended("dhcpd")
            host.run("rm", "-f", "/run/leases", "/run/leases~")
            self.serve(host)


def is_running(host):
    return "dhcpd" in host.daemons and host.daemons["dhcpd"].poll() is None


def state(host):
    """The last state that a peer says it moved to."""
    moves = [line.rsplit(" to ", 1)[1] for line in host.log("dhcpd").splitlines() if "I move from" in line]
    return moves[-1] if moves else None


def start(site):
    site.pair = Pair(site)
    site.pair.start()


def peer_lost(pair, results, host):
    host.kill("dhcpd")
    host.ended("dhcpd")
    waited = pair.lease()
    results.measured("DHCP peer lost: a new machine's lease", 1.5, 99.0 if waited is None else waited)
    pair.complete()


def measure(site, results, repeats):
    pair = site.pair
    pair.complete()
    results.case("a new machine gets a lease from the pair", pair.lease() is not None)
    for _ in range(repeats):
        for host in pair.hosts:
            peer_lost(pair, results, host)
