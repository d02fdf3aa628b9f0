"""dhcpd as a rack runs it, one server for IPv4 and one for IPv6."""
import os
import subprocess

import host

VERSIONS = {4: "dhcpd", 6: "dhcpd6"}


class Server:
    """Runs what the regions want of it: in the snap as a process of the rack, else as a unit."""

    def __init__(self, version):
        self.version, self.name = version, VERSIONS[version]
        self.conf, self.text, self.process = f"{host.COMMON}/{self.name}.conf", None, None
        # rackd starts without a configuration and gets it from the regions.
        self.stop()

    def unit(self, *words):
        return subprocess.run(["systemctl", *words, f"maas-{self.name}.service"], check=False).returncode == 0

    def stop(self):
        if not os.path.exists(self.conf):
            return
        os.remove(self.conf)
        if not host.SNAP:
            self.unit("stop")

    def state(self):
        if not self.text:
            return "off"
        alive = self.process and self.process.poll() is None if host.SNAP else self.unit("is-active", "--quiet")
        return "running" if alive else "dead"

    def serve(self, text, names):
        if text == self.text and self.state() != "dead":
            return
        self.text = text
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None
        if text is None:
            self.stop()
            return
        host.write(self.conf, text, 0o644)
        host.write(self.conf + ".interfaces", " ".join(names), 0o644)
        if host.SNAP:
            self.process = subprocess.Popen(command(self.version))
        else:
            self.unit("restart")


def command(version):
    name = VERSIONS[version]
    conf, leases = f"{host.COMMON}/{name}.conf", f"{host.COMMON}/dhcp/{name}.leases"
    if not host.read_text(conf):
        host.refuse(f"{conf} is missing: {name} has no configuration")
    os.makedirs(os.path.dirname(leases), exist_ok=True)
    with open(leases, "a", encoding="ascii"):
        pass
    names = sorted(set(host.read_text(conf + ".interfaces").split()))
    return ["/opt/dhcpd/usr/sbin/dhcpd", f"-{version}", "-f", "-q", "--no-pid", "-cf", conf, "-lf", leases, *names]
