"""Where etcd's own leader is: a new one lets every lease run for its whole time again, so a measurement says where it was."""
import json

import services
from machine import until


def client(host, *words):
    return host.run("env", "ETCDCTL_API=3", "etcdctl", "--command-timeout=3s", *words, check=False)


def is_healthy(host):
    return client(host, "endpoint", "health").returncode == 0


def start(hosts):
    """A new cluster."""
    for host in hosts:
        services.start_etcd(host, "new")
    until(60, "etcd has a quorum", lambda: all(is_healthy(host) for host in hosts))


def lead(site, host):
    """Makes the member on this host etcd's leader."""
    listed = json.loads(client(host, "endpoint", "status", "--cluster", "-w", "json").stdout)
    mine = f"//{site.bundle.address(host.name)}:"
    target = next(entry["Status"]["header"]["member_id"] for entry in listed if mine in entry["Endpoint"])
    leader = listed[0]["Status"]["leader"]
    if leader != target:
        place = next(entry["Endpoint"] for entry in listed if entry["Status"]["header"]["member_id"] == leader)
        until(10, f"etcd is led from {host.name}", lambda: client(host, f"--endpoints={place}", "move-leader", f"{target:x}").returncode == 0)
