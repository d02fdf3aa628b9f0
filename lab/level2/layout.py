"""A bundle's hosts, with their files installed, and a client beside them."""
import os
import subprocess
import sys

from machine import HERE, Host, command


class Site:
    def __init__(self, bundle, work, number):
        """`number` tells it from the other sites of this laboratory."""
        self.bundle, self.number, self.name = bundle, number, f"{bundle.name}-{number}"
        self.work = work / self.name
        self.work.mkdir(parents=True)
        self.bridges = {}
        self.hosts = {name: self.make(name) for name in bundle.hosts}
        self.client = self.machine("client", [("lan", bundle.address(bundle.hosts[0]).rsplit(".", 1)[0] + ".200")])

    def make(self, name):
        return self.machine(name, [("lan", self.bundle.address(name)), *self.bundle.networks(name)])

    def machine(self, name, networks):
        """A host on these networks, each with an address or None."""
        links = [(self.bridge(network), address and address + "/24") for network, address in networks]
        return Host(name, f"s{self.number}-{len(os.listdir(self.work))}", self.work / name, links)

    def bridge(self, network):
        if network not in self.bridges:
            self.bridges[network] = name = f"s{self.number}-bridge{len(self.bridges)}"
            command("ip", "link", "add", name, "type", "bridge", "mcast_snooping", "0")
            command("ip", "link", "set", name, "up")
        return self.bridges[network]

    def boot(self):
        for host in self.hosts.values():
            self.start(host)
            self.install(host)
        self.start(self.client)

    def start(self, host):
        """Power on: what /run lacks after a boot, kernel settings, packet filter."""
        host.boot()
        if host is self.client:
            return
        # Debian's PostgreSQL stands for the version in the bundle.
        script = """
          for place in lib share; do ln -sfn "$(ls -d /usr/$place/postgresql/[0-9]* | grep -v "/$0\\$" | tail -n 1)" "/usr/$place/postgresql/$0"; done
          install -d /run/haproxy
          install -d -o postgres -g postgres -m 2775 /run/postgresql
          install -d -o postgres -g postgres /run/maasc-postgresql-role /var/lib/postgresql /var/log/postgresql
          install -d -m 700 /run/maasc /run/maasc/secrets
        """
        host.run("bash", "-c", script, self.version)
        host.write("/usr/bin/systemctl.laboratory", (HERE / "systemctl.sh").read_text(), 0o755)
        host.run("mv", "/usr/bin/systemctl.laboratory", "/usr/bin/systemctl")
        for name, value in self.bundle.secrets().items():
            host.write(f"/run/maasc/secrets/{name}", value, 0o600)
        self.prepare_kernel(host)

    @property
    def version(self):
        return str(self.bundle.topology["postgresql"]["version"])

    @staticmethod
    def prepare_kernel(host):
        """As at every boot, once the files are there."""
        if host.path("/etc/sysctl.d/60-maasc.conf").exists():
            host.run("sysctl", "-q", "-p", "/etc/sysctl.d/60-maasc.conf")
        if host.path("/etc/maasc/firewall.nft").exists():
            host.run("nft", "-f", "/etc/maasc/firewall.nft")

    def install(self, host):
        for path, owner, group, mode, text in self.bundle.installed(host.name):
            host.write(path, text, mode, owner, group)
        self.prepare_kernel(host)

    def step(self, host, name, verb="apply"):
        """Runs one of the bundle's own steps."""
        host.write(f"/run/maasc/{name}", self.bundle.step(host.name, name))
        return host.run("bash", f"/run/maasc/{name}", verb)

    def runbook(self, name, *words, answers=""):
        """Runs one of the bundle's runbooks from the operator's machine, which answers its questions."""
        table = self.work / "hosts"
        table.write_text("".join(f"{self.bundle.address(host.name)} {host.init}\n" for host in self.hosts.values() if host.init))
        environment = {**os.environ, "MAASC_SSH": str(HERE / "ssh.sh"), "LABORATORY_HOSTS": str(table)}
        return subprocess.run(
            ["bash", self.bundle.runbook(name), *words], input=answers, env=environment, capture_output=True, text=True, timeout=180)

    def show_logs(self):
        """What the daemons said last, for who has to find out why something did not hold."""
        for path in sorted([*self.work.glob("*/*.log"), *self.work.glob("*/upper/var/log/postgresql/*.log")]):
            lines = path.read_text(errors="replace").splitlines()[-60:]
            print(f"--- {path.relative_to(self.work)}", *lines, sep="\n", file=sys.stderr)

    def stop(self):
        for host in [*self.hosts.values(), self.client]:
            if host.init:
                host.power_off()
