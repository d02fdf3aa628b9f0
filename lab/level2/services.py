"""Starts on a host what its files configure, as its units would."""
import signal

from machine import Broken, until


def start_region(site, host, *ports):
    program = host.copy("region_stub.py")
    host.forget_log("region")
    host.spawn("region", "/usr/bin/python3", "-I", program, host.name, *ports)
    until(10, f"the region on {host.name} has its sockets", lambda: ended_or("every socket is bound" in host.log("region"), host, "region"))


def start_haproxy(host):
    host.forget_log("haproxy")
    host.spawn("haproxy", "/usr/sbin/haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg", "-p", "/run/haproxy.pid")
    until(10, f"HAProxy on {host.name} answers", lambda: ended_or(is_alive(host), host, "haproxy"))


def is_alive(host):
    return host.succeeds("curl", "-sf", "-m", "1", "-o", "/dev/null", "http://127.0.0.1:80/maasc/alive")


def ended_or(value, host, name):
    """The value, unless the daemon ended: then nothing is worth waiting for."""
    if host.daemons[name].poll() is not None:
        raise Broken(f"{name} on {host.name} ended: {host.log(name)[-1500:]}")
    return value


def start_keepalived(host):
    host.run("rm", "-f", "/run/keepalived.pid", "/run/vrrp.pid")
    # The kernel of a laboratory has no IPVS; the files ask for none.
    host.spawn("keepalived", "/usr/sbin/keepalived", "--dont-fork", "--log-console", "--log-detail", "--vrrp")


def holders(site, names=None):
    """The hosts that have the virtual address at this moment."""
    wanted = f" {site.bundle.virtual_address}/"
    running = [site.hosts[name] for name in names or site.bundle.balancers if site.hosts[name].init]
    return [host for host in running if wanted in host.run("ip", "-4", "-o", "address", "show").stdout]


def holder(site):
    """The one host that holds the virtual address, once there is exactly one and all back ends are judged."""
    def single():
        found = holders(site)
        return found[0] if len(found) == 1 else None
    return until(30, "exactly one host holds the virtual address", single)


def start_role(host):
    host.spawn("role", "setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
               "/usr/bin/python3", "-I", "/usr/local/lib/maasc/postgresql-role", "serve")


def start_etcd(host, state="existing"):
    script = 'set -a; . /etc/default/etcd; ETCD_INITIAL_CLUSTER_STATE=$0; exec setpriv --reuid etcd --regid etcd --init-groups etcd'
    host.run("install", "-d", "-o", "etcd", "-g", "etcd", "-m", "700", "/var/lib/etcd", "/var/lib/etcd/maasc")
    host.spawn("etcd", "bash", "-c", script, state)


def start_patroni(host):
    host.run("install", "-d", "-o", "postgres", "-g", "postgres", f"/var/lib/postgresql/16")
    host.spawn("patroni", "setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
               "env", "HOME=/var/lib/postgresql", "/usr/bin/patroni", "/etc/patroni/config.yml")


def stop(host, name, number=signal.SIGTERM):
    host.signal(name, number)
    host.ended(name)


def psql(host, statement, database="postgres", check=True):
    done = host.run("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "env", "HOME=/var/lib/postgresql",
                    "psql", "-XAtqw", "-v", "ON_ERROR_STOP=1", "-h", "/var/run/postgresql", "-d", database, "-c", statement, check=check)
    return done.stdout.strip()


def is_writable(host):
    return psql(host, "select pg_is_in_recovery()", check=False) == "f"


def streaming(host):
    """Names of the standbys that stream from this primary."""
    return psql(host, "select application_name from pg_stat_replication where state = 'streaming'", check=False).split()
