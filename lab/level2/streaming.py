"""PostgreSQL with streaming replication and the bundle's own role check, on three members, seen by a writer through the virtual address."""
import time

import services
from machine import Broken, until
from measure import Writer
from patroni import TABLE, lost_rows, moved


def start(site):
    for host in members(site):
        # As the step that configures a member leaves it.
        host.run("bash", "-c", "cd /etc/postgresql/$0/main; echo \"include_dir = 'conf.d'\" >postgresql.conf; touch pg_ident.conf; "
                 "chown -R postgres:postgres /etc/postgresql/$0", site.version)
        services.start_role(host)
    for host in members(site):
        site.step(host, "database-postgresql-cluster.sh")
        site.step(host, "database-postgresql-database.sh")
    services.psql(primary(site), TABLE, "maasdb")
    whole(site)


def unit(site):
    return f"postgresql@{site.version}-main.service"


def members(site):
    return [site.hosts[name] for name in site.bundle.members if site.hosts[name].init]


def primary(site):
    found = [host for host in members(site) if services.is_writable(host)]
    if len(found) != 1:
        raise Broken(f"writable members: {[host.name for host in found]}")
    return found[0]


def whole(site):
    def complete():
        writable = [host for host in members(site) if services.is_writable(host)]
        return len(writable) == 1 and len(services.streaming(writable[0])) == len(site.bundle.members) - 1
    until(60, "every member streams from one primary", complete, pause=0.3)
    return primary(site)


def switch(site, *words, answers):
    done = site.runbook("failover-postgresql.sh", *words, answers=answers)
    if done.returncode != 0:
        raise Broken(f"failover-postgresql.sh {' '.join(words)}: {done.stdout}{done.stderr}")


def promote(site, old):
    """By the runbook, which refuses a standby that another one is ahead of; an operator then takes the other. Returns the new primary."""
    for target in [host for host in members(site) if host is not old]:
        answers = f"{old.name} is off\n{target.name}\n"
        done = site.runbook("failover-postgresql.sh", "lost", target.name, answers=answers)
        if done.returncode == 0:
            return target
        if "has received more than" not in done.stderr:
            break
    raise Broken(f"failover-postgresql.sh lost: {done.stdout}{done.stderr}")


def other(site, *hosts):
    return next(host for host in members(site) if host not in hosts)


def write(site, host):
    writer = Writer(site, host)
    until(30, "writes go through", writer.is_steady)
    return writer


def planned_switch(site, results):
    old = whole(site)
    target = other(site, old)
    writer = write(site, other(site, old, target))
    switch(site, "planned", target.name, answers=target.name + "\n")
    results.measured("planned PostgreSQL switch through the virtual address, streaming", 4.0, moved(site, writer, old))
    results.case("no acknowledged write is lost in a planned switch", not lost_rows(site, writer))
    whole(site)


def comes_back(site, results):
    """The primary's host loses power, another member is promoted, and then the old one boots again."""
    old = whole(site)
    old.power_off()
    third = other(site, promote(site, old))
    writer, since = write(site, third), time.monotonic()
    site.start(old)
    services.start_role(old)
    boots = old.succeeds("systemctl", "start", unit(site))
    results.case("an old streaming primary that boots does not start beside the new one", not boots and not services.is_writable(old))
    # Somebody starts it past every guard.
    old.run("pg_ctlcluster", "--skip-systemctl-redirect", site.version, "main", "start")
    until(10, "the old primary runs", lambda: services.is_writable(old))
    time.sleep(5)
    writer.finish()
    results.case("started by force, it is still never served: the role check and HAProxy keep to the later timeline",
                 not writer.took(site.bundle.address(old.name), since))
    results.measured("old streaming primary started by force: time without a write", 0.5, writer.longest_gap())
    old.run("pg_ctlcluster", "--skip-systemctl-redirect", "-m", "fast", site.version, "main", "stop")
    switch(site, "rejoin", old.name, answers=old.name + "\n")
    results.case("it comes back as a standby by the runbook", old.name in services.streaming(whole(site)))
    restart_balancer(site, old)


def restart_balancer(site, host):
    services.start_region(site, host)
    services.start_haproxy(host)
    services.start_keepalived(host)
    services.holder(site)


def measure(site, results, repeats):
    for _ in range(repeats):
        planned_switch(site, results)
        comes_back(site, results)
