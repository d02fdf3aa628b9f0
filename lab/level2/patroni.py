"""PostgreSQL under Patroni, on three members with etcd, seen by a writer through the virtual address."""
import json
import time

import yaml

import etcd
import services
from machine import Broken, until
from measure import Writer

TABLE = "create table laboratory (number bigint primary key, member text); alter table laboratory owner to maas"


def start(site):
    members = [site.hosts[name] for name in site.bundle.members]
    etcd.start(members)
    for host in members:
        services.start_patroni(host)
        until(60, f"Patroni has PostgreSQL up on {host.name}", lambda host=host: services.psql(host, "select 1", check=False) == "1")
    whole(site)
    site.step(leader(site), "database-postgresql-database.sh")
    services.psql(leader(site), TABLE, "maasdb")


def members(site):
    return [site.hosts[name] for name in site.bundle.members if site.hosts[name].init]


def leader(site):
    found = [host for host in members(site) if services.is_writable(host)]
    if len(found) != 1:
        raise Broken(f"writable members: {[host.name for host in found]}")
    return found[0]


def other(site, host):
    return next(each for each in members(site) if each is not host)


def synchronous(site):
    """The standby that has every acknowledged write, once that stands in etcd: before, Patroni lets nobody take over by itself."""
    listed = leader(site).run("patronictl", "-c", "/etc/patroni/config.yml", "list", "-f", "json", check=False)
    names = [row["Member"] for row in json.loads(listed.stdout or "[]") if row["Role"] == "Sync Standby"]
    return site.hosts[names[0]] if names else None


def whole(site):
    def complete():
        writable = [host for host in members(site) if services.is_writable(host)]
        return len(writable) == 1 and len(services.streaming(writable[0])) == len(site.bundle.members) - 1
    until(90, "every member streams from one leader", complete, pause=0.3)
    return until(30, "a standby is synchronous", lambda: synchronous(site), pause=0.3)


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


def await_turn(host, share):
    """Waits until this share of Patroni's round has gone since the leader renewed its lease. An outage lasts as long as the rest of the lease and a
    little more, so a round's length lies between the shortest and the longest: repeats are spread over it, lest chance be what is measured."""
    def renewals():
        return host.log("patroni").count("the leader with the lock")
    before, settings = renewals(), yaml.safe_load(host.path("/etc/patroni/maasc-dynamic.yml").read_text())
    until(30, "Patroni renews the leader's lease", lambda: renewals() > before)
    time.sleep(share * settings["loop_wait"])


def primary_lost(site, results, share):
    """The database and Patroni die with the primary; etcd beside them goes on."""
    old, writer = leader(site), write(site)
    await_turn(old, share)
    for program in ("patroni", "postgres"):
        old.kill(program)
    results.measured("PostgreSQL primary lost, Patroni", 20.0, moved(site, writer, old))
    results.case("no acknowledged write is lost with synchronous replication when the primary is", not lost_rows(site, writer))
    services.start_patroni(old)
    whole(site)


def host_lost(site, results):
    """Power off, at its worst: no connection is refused, and etcd's own leader was there too. Its successor is elected within 3 s and gives every
    lease its whole time again, and a second more; then Patroni waits 2 s for the old primary's answer."""
    old, writer = leader(site), write(site)
    etcd.lead(site, old)
    old.power_off()
    results.measured("host of the primary and of etcd's leader loses power", 26.0, moved(site, writer, old))
    results.case("no acknowledged write is lost with synchronous replication when the primary's host is", not lost_rows(site, writer))
    boot(site, old)


def planned_switch(site, results):
    old, target, writer = leader(site), whole(site), write(site)
    done = site.runbook("failover-postgresql.sh", "planned", target.name, answers=target.name + "\n")
    if done.returncode != 0:
        raise Broken(f"the planned switch failed: {done.stdout}{done.stderr}")
    results.measured("planned PostgreSQL switch through the virtual address, Patroni", 4.0, moved(site, writer, old))
    results.case("no acknowledged write is lost in a planned switch", not lost_rows(site, writer))
    whole(site)


def standby_lost(site, results):
    """Commits wait for the standby until the primary gives it up and Patroni names another."""
    lost, writer = whole(site), write(site)
    lost.power_off()
    until(60, "another standby is synchronous", lambda: synchronous(site) not in (None, lost), pause=1)
    since = time.monotonic()
    until(60, "writes go through again", lambda: writer.is_steady(since=since))
    writer.finish()
    results.measured("host of the synchronous standby loses power", 20.0, writer.longest_gap())
    boot(site, lost)


def boot(site, host):
    site.start(host)
    services.start_etcd(host)
    services.start_patroni(host)
    whole(site)


def quorum_lost(site, results):
    first, writer = leader(site), write(site)
    others = [host for host in members(site) if host is not first]
    for host in others:
        host.kill("etcd")
        host.ended("etcd")
    # Longer than any lease.
    time.sleep(25)
    until(30, "writes go through", writer.is_steady)
    writer.finish()
    results.measured("etcd quorum lost under a healthy primary", 0.5, writer.longest_gap())
    results.case("the primary stays the primary without etcd's quorum", services.is_writable(first))
    for host in others:
        services.start_etcd(host)
    until(60, "etcd has a quorum again", lambda: all(etcd.is_healthy(host) for host in members(site)))
    whole(site)


def leader_partitioned(site, results, share):
    old, writer = leader(site), write(site)
    etcd.lead(site, other(site, old))
    await_turn(old, share)
    old.cut()
    gap = moved(site, writer, old)
    results.case("a leader that is cut off takes no writes once another does", not services.is_writable(old))
    results.measured("leader partitioned from etcd", 21.0, gap)
    results.case("no acknowledged write is lost when the leader is cut off", not lost_rows(site, writer))
    # Debian 12's Patroni 3.0.2, back from a partition, was seen to put its name over the new leader's; it comes back anew.
    old.kill("patroni")
    old.ended("patroni")
    old.join()
    services.start_patroni(old)
    whole(site)


def measure_quorum(site, results, repeats):
    """On a site of its own: for 20 s after its quorum was lost, Debian 12's Patroni 3.0.2 hears nothing of what changes in etcd, and the standby
    of a planned switch learns of its turn that late."""
    for _ in range(repeats):
        quorum_lost(site, results)


def measure_primary(site, results, repeats):
    for turn in range(repeats):
        share = (turn + 0.5) / repeats
        primary_lost(site, results, share)
        leader_partitioned(site, results, share)


def measure_hosts(site, results, repeats):
    for _ in range(repeats):
        planned_switch(site, results)
        host_lost(site, results)
        standby_lost(site, results)
