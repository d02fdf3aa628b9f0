"""PostgreSQL under Patroni, on three members with etcd, seen by a writer through the virtual address."""
import json
import time

import services
from machine import Broken, until
from measure import Writer

TABLE = "create table laboratory (number bigint primary key, member text); alter table laboratory owner to maas"


def start(site):
    members = [site.hosts[name] for name in site.bundle.members]
    for host in members:
        services.start_etcd(host, "new")
    until(60, "etcd has a quorum", lambda: all(is_healthy(host) for host in members))
    for host in members:
        services.start_patroni(host)
        until(60, f"Patroni has PostgreSQL up on {host.name}", lambda host=host: services.psql(host, "select 1", check=False) == "1")
    whole(site)
    site.step(leader(site), "database-postgresql-database.sh")
    services.psql(leader(site), TABLE, "maasdb")


def is_healthy(host):
    return host.succeeds("env", "ETCDCTL_API=3", "etcdctl", "--command-timeout=2s", "endpoint", "health")


def members(site):
    return [site.hosts[name] for name in site.bundle.members if site.hosts[name].init]


def leader(site):
    found = [host for host in members(site) if services.is_writable(host)]
    if len(found) != 1:
        raise Broken(f"writable members: {[host.name for host in found]}")
    return found[0]


def synchronous(site):
    """The standby that has every acknowledged write, once that stands in etcd: before, Patroni lets nobody take over by itself."""
    listed = leader(site).run("patronictl", "-c", "/etc/patroni/config.yml", "list", "-f", "json", check=False)
    names = [row["Member"] for row in json.loads(listed.stdout or "[]") if row["Role"] == "Sync Standby"]
    return site.hosts[names[0]] if names else None


def whole(site):
    def complete():
        writable = [host for host in members(site) if services.is_writable(host)]
        return len(writable) == 1 and len(services.streaming(writable[0])) == len(site.bundle.members) - 1
    until(90, "every member streams from one leader", complete)
    return until(30, "a standby is synchronous", lambda: synchronous(site))


def write(site):
    writer = Writer(site, site.hosts[site.bundle.regions[0]])
    until(30, "writes go through", writer.is_steady)
    return writer


def lost_rows(site, writer):
    """Acknowledged rows that the leader of now does not have."""
    there = set(services.psql(leader(site), "select number from laboratory", "maasdb").split())
    return [number for _, number, _ in writer.rows() if str(number) not in there]


def moved(site, writer, old):
    """Waits until another member takes writes."""
    until(90, "another member takes writes", lambda: any(member != site.bundle.address(old.name) for _, _, member in writer.rows()[-3:]))
    until(30, "writes go through again", writer.is_steady)
    writer.finish()
    return writer.longest_gap()


def primary_lost(site, results):
    """The database and Patroni die with the primary; etcd beside them goes on."""
    old, writer = leader(site), write(site)
    for program in ("patroni", "postgres"):
        old.kill(program)
    results.measured("PostgreSQL primary lost, Patroni", 20.0, moved(site, writer, old))
    results.case("no acknowledged write is lost with synchronous replication when the primary is", not lost_rows(site, writer))
    services.start_patroni(old)
    whole(site)


def host_lost(site, results):
    """Power off: no connection is refused, and where etcd's own leader was there, the next one lets every lease run for its whole time again."""
    old, writer = leader(site), write(site)
    old.power_off()
    results.measured("host of the primary and of a member of etcd loses power", 26.0, moved(site, writer, old))
    results.case("no acknowledged write is lost with synchronous replication when the primary's host is", not lost_rows(site, writer))
    site.start(old)
    services.start_etcd(old)
    services.start_patroni(old)
    whole(site)


def planned_switch(site, results):
    old, target, writer = leader(site), whole(site), write(site)
    done = site.runbook("failover-postgresql.sh", "planned", target.name, answers=target.name + "\n")
    if done.returncode != 0:
        raise Broken(f"the planned switch failed: {done.stdout}{done.stderr}")
    results.measured("planned PostgreSQL switch through the virtual address, Patroni", 4.0, moved(site, writer, old))
    results.case("no acknowledged write is lost in a planned switch", not lost_rows(site, writer))
    whole(site)


def quorum_lost(site, results):
    first, writer = leader(site), write(site)
    others = [host for host in members(site) if host is not first]
    for host in others:
        host.kill("etcd")
        host.ended("etcd")
    time.sleep(30)
    until(30, "writes go through", writer.is_steady)
    writer.finish()
    results.measured("etcd quorum lost under a healthy primary", 0.5, writer.longest_gap())
    results.case("the primary stays the primary without etcd's quorum", services.is_writable(first))
    for host in others:
        services.start_etcd(host)
    until(60, "etcd has a quorum again", lambda: all(is_healthy(host) for host in members(site)))
    whole(site)


def leader_partitioned(site, results):
    old, writer = leader(site), write(site)
    old.cut()
    gap = moved(site, writer, old)
    results.case("a leader that is cut off takes no writes once another does", not services.is_writable(old))
    results.measured("leader partitioned from etcd", 21.0, gap)
    results.case("no acknowledged write is lost when the leader is cut off", not lost_rows(site, writer))
    old.join()
    whole(site)


def measure(site, results, repeats):
    for _ in range(repeats):
        planned_switch(site, results)
        primary_lost(site, results)
        host_lost(site, results)
        quorum_lost(site, results)
        leader_partitioned(site, results)
