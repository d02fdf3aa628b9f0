"""Balancers that have to agree with each other, and with MAAS beside them."""
import contextlib
import re
import time

import services
from pairs import case, edited, holds_within, restart_haproxy, restart_keepalived

KEEPALIVED, HAPROXY, SYSCTL = "/etc/keepalived/keepalived.conf", "/etc/haproxy/haproxy.cfg", "net.ipv4.ip_nonlocal_bind"


def prove(site, results):
    hosts = [site.hosts[name] for name in site.bundle.balancers]
    backup = next(host for host in hosts if host is not services.holder(site))

    def one_holder():
        time.sleep(4)
        return len(services.holders(site)) == 1

    case(results, "the packet filter lets balancers agree on who holds the virtual address", one_holder, dropped(site, hosts))
    services.holder(site)
    case(results, "balancers have the same virtual router id", one_holder,
         edited([backup], KEEPALIVED, lambda text: re.sub(r"(virtual_router_id) \d+", r"\1 254", text), restart_keepalived))
    services.holder(site)
    priorities = [re.search(r"priority (\d+)", host.path(KEEPALIVED).read_text())[1] for host in hosts]
    results.case("no two balancers have the same priority", len(set(priorities)) == len(hosts))
    for host in hosts[:-1]:
        results.case("each balancer takes the virtual address when the others are gone, and keeps it when they are back", takes_over(site, hosts, host))
    case(results, "each balancer sends from the address that the others listen to", lambda: takes_over(site, hosts, hosts[-1]),
         edited([hosts[-1]], KEEPALIVED, lambda text: re.sub(r"(unicast_src_ip) \S+", r"\1 192.0.2.250", text), restart_keepalived))
    services.holder(site)
    backup = next(host for host in hosts if host is not services.holder(site))
    case(results, "HAProxy starts on a host that does not hold the virtual address", lambda: restart_haproxy(backup), no_foreign_binds(backup))
    restart_haproxy(backup)
    case(results, "HAProxy starts beside MAAS, which has its ports on every address", lambda: restart_haproxy(backup),
         edited([backup], HAPROXY, lambda text: text.replace("    bind *:80\n", "    bind *:80\n    bind *:5240\n"), lambda _: None))
    restart_haproxy(backup)


@contextlib.contextmanager
def dropped(site, hosts):
    """As where nobody thought of VRRP's protocol."""
    for host in hosts:
        host.run("nft", "insert", "rule", "inet", "maasc", "input", "meta", "l4proto", "112", "drop")
    try:
        yield
    finally:
        for host in hosts:
            site.prepare_kernel(host)


@contextlib.contextmanager
def no_foreign_binds(host):
    host.run("sysctl", "-q", "-w", f"{SYSCTL}=0")
    try:
        yield
    finally:
        host.run("sysctl", "-q", "-w", f"{SYSCTL}=1")


def takes_over(site, hosts, host):
    others = [each for each in hosts if each is not host]
    for each in others:
        services.stop(each, "keepalived")
    taken = holds_within(5, lambda: services.holders(site) == [host])
    for each in others:
        services.start_keepalived(each)
    time.sleep(3)
    return taken and services.holders(site) == [host]
