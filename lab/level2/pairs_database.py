"""PostgreSQL's members, which have to agree with each other, with HAProxy on the same port, and with the number of connections that MAAS opens."""
import re

import services
import streaming
from bundle import secret
from machine import until
from pairs import case, edited, holds_within


def prove(site, results):
    primary = streaming.whole(site)
    standby, third = [host for host in streaming.members(site) if host is not primary]
    conf = f"/etc/postgresql/{site.version}/main/conf.d/maasc.conf"
    access = f"/etc/postgresql/{site.version}/main/pg_hba.conf"

    def restart(host):
        host.run("systemctl", "restart", streaming.unit(site), check=False)

    case(results, "PostgreSQL and HAProxy have the same port on one host", lambda: shares_port(site, standby, restart),
         edited([standby], conf, lambda text: re.sub(r"listen_addresses = '.*'", "listen_addresses = '*'", text), restart))
    case(results, "a standby starts with its own settings beside those of its primary",
         lambda: holds_within(10, lambda: standby.name in services.streaming(primary)),
         edited([standby], conf, lambda text: re.sub(r"max_connections = \d+", "max_connections = 50", text), restart))
    streaming.whole(site)
    holder = services.holder(site)
    name = next(name for name, host in site.hosts.items() if host is holder)
    case(results, "every region reaches the primary, whichever host balances",
         lambda: all(connections(site, site.hosts[region], 1) == 1 for region in site.bundle.regions),
         edited([primary], access, lambda text: drop_source(text, site.bundle.address(name)), reload))
    wanted = sum(10 * (region["num_workers"] + 1) + 13 + 13 + 24 for region in site.bundle.topology["regions"].values())

    def restart_balanced(host):
        restart(host)
        until(20, "HAProxy passes connections on", lambda: connections(site, third, 1) == 1)

    case(results, "MAAS' connections at their worst all find room",
         lambda: connections(site, third, wanted) == wanted,
         edited([primary], conf, lambda text: re.sub(r"max_connections = \d+", "max_connections = 100", text), restart_balanced))
    streaming.whole(site)


def shares_port(site, host, restart):
    restart(host)
    listening = host.run("ss", "-Hltn").stdout
    return all(f"{address}:5432 " in listening for address in (site.bundle.address(host.name), site.bundle.virtual_address))


def drop_source(text, address):
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("host maasdb maas " + address))


def reload(host):
    services.psql(host, "select pg_reload_conf()")


def connections(site, host, count):
    database = site.bundle.topology["postgresql"]["database"]
    program = host.copy("connections.py")
    done = host.run("/usr/bin/python3", "-I", program, site.bundle.virtual_address, "maasdb", "maas", secret(database["password"]), count)
    return int(done.stdout)
