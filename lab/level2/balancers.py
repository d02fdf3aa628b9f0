"""Faults in front of the API: regions, HAProxy, keepalived, links."""
import csv
import io
import signal
import socket
import time

import services
from machine import until
from measure import Prober


def start(site):
    """Every region and balancer of a bundle; MAAS has its sockets before HAProxy asks for any."""
    ports = [site.bundle.topology["maas"]["tls"].get("port", 5443)] if "tls" in site.bundle.topology["maas"] else []
    for name in site.bundle.regions:
        services.start_region(site, site.hosts[name], *ports)
    for name in site.bundle.balancers:
        services.start_haproxy(site.hosts[name])
    for name in site.bundle.balancers:
        services.start_keepalived(site.hosts[name])
    whole(site)


def servers(host, backend):
    """Status of each server of a back end, in HAProxy's own words."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(5)
        link.connect(str(host.path("/run/haproxy/admin.sock")))
        link.sendall(b"show stat\n")
        text = b"".join(iter(lambda: link.recv(65536), b"")).decode("ascii")
    rows = csv.DictReader(io.StringIO(text.lstrip("# ")))
    return {row["svname"]: row["status"] for row in rows if row["pxname"] == backend and row["svname"] not in ("FRONTEND", "BACKEND")}


def whole(site):
    """Waits until the virtual address is on one host and every balancer sees every region."""
    for name in site.bundle.balancers:
        until(30, f"HAProxy on {name} sees every region",
              lambda name=name: all(status == "UP" for status in servers(site.hosts[name], "regions").values()))
    return services.holder(site)


def observe(site, fault, seconds):
    """The outage that a client sees through the virtual address."""
    prober = Prober(site)
    until(30, "the API answers steadily", prober.is_steady)
    fault()
    time.sleep(seconds)
    until(30, "the API answers steadily again", prober.is_steady)
    return prober.outage()


def serving_region(site):
    """The region that the client's requests go to: the balance is by source address."""
    prober = Prober(site)
    until(30, "the API answers steadily", prober.is_steady)
    prober.finish()
    return site.hosts[prober.answers()[-1][2]]


def region_killed(site):
    region = serving_region(site)
    outage = observe(site, lambda: region.kill("region_stub.py"), 2)
    region.ended("region")
    services.start_region(site, region)
    whole(site)
    return outage


def region_hung(site):
    region = serving_region(site)
    outage = observe(site, lambda: region.signal("region_stub.py", signal.SIGSTOP), 5)
    region.resume("region", "region_stub.py")
    whole(site)
    return outage


def haproxy_killed(site):
    host = services.holder(site)
    outage = observe(site, lambda: host.kill("haproxy"), 4)
    host.ended("haproxy")
    services.start_haproxy(host)
    whole(site)
    return outage


def keepalived_stopped(site, number):
    host = services.holder(site)
    outage = observe(site, lambda: host.signal_first("keepalived", number), 2)
    host.ended("keepalived")
    services.start_keepalived(host)
    whole(site)
    return outage


def link_cut(site):
    host = services.holder(site)
    outage = observe(site, host.cut, 4)
    host.join()
    whole(site)
    return outage


def measure(site, results, repeats):
    for _ in range(repeats):
        results.measured("region killed", 0.5, region_killed(site))
        results.measured("region hung", 3.0, region_hung(site))
        results.measured("HAProxy killed", 2.0, haproxy_killed(site))
        results.measured("keepalived killed", 0.7, keepalived_stopped(site, signal.SIGKILL))
        results.measured("keepalived stopped", 0.7, keepalived_stopped(site, signal.SIGTERM))
        results.measured("host with region and virtual address loses its link", 3.0, link_cut(site))


def measure_dedicated(site, results, repeats):
    for _ in range(repeats):
        results.measured("load balancer loses its link", 1.5, link_cut(site))
