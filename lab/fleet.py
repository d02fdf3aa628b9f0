"""What the laboratory's hosts and the MAAS on them say; for lab/judge.py and lab/state.py."""
import json
import os
import subprocess

import yaml

LAB = os.path.dirname(os.path.abspath(__file__))
# A home of its own, so that no host keeps a trace of being asked.
ASK = """
export HOME=/run/maasc-lab-client
mkdir -p "$HOME"
trap 'rm -rf "$HOME"' EXIT
[[ $1 != lab ]] || { maas createadmin --username lab --password lab --email lab@example.net 2>/dev/null || true; }
key=$({ maas apikey --username "$1" 2>/dev/null || maas-region apikey --username "$1"; } | head -n 1)
maas login -k lab "$2" - <<<"$key" >/dev/null
for what in fabrics subnets ipranges rack-controllers region-controllers; do maas lab "$what" read -k; done
"""


class Unreachable(Exception):
    """A host that does not do what it is asked."""


class Fleet:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.topology = yaml.safe_load(file)
        self.members = self.topology["postgresql"].get("members") or []

    def hosts(self):
        """Every host that runs: those of the topology, and the store of its backups."""
        return subprocess.check_output([LAB + "/host.sh", "hosts"], text=True).split()

    def on(self, host, *command):
        done = subprocess.run([LAB + "/host.sh", "on", host, *command], capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise Unreachable(f"{host}: {command[0]}: {done.stderr.strip()}")
        return done.stdout

    def sql(self, host, statement, database="postgres"):
        """Rows as lists of texts."""
        text = self.on(host, "runuser", "-u", "postgres", "--", "psql", "-XAtF", "\t", "-d", database, "-c", statement)
        return [line.split("\t") for line in text.splitlines()]

    def roles(self):
        """Each member of PostgreSQL: whether it is a standby."""
        return {host: self.sql(host, "SELECT pg_is_in_recovery()") == [["t"]] for host in self.members}

    def maas(self):
        """What MAAS' API lists, as one document."""
        maas = self.topology["maas"]
        url = "https://localhost:5443/MAAS" if maas.get("tls") else "http://localhost:5240/MAAS"
        text = self.on(next(iter(self.topology["regions"])), "bash", "-euc", ASK, "ask", (maas.get("admin") or {}).get("username", "lab"), url)
        decoder, position, found = json.JSONDecoder(), 0, []
        while position < len(text.rstrip()):
            value, position = decoder.raw_decode(text, position)
            found.append(value)
            position += len(text[position:]) - len(text[position:].lstrip())
        return dict(zip(("fabrics", "subnets", "ranges", "racks", "regions"), found, strict=True))

    def wanted_vlans(self):
        """FABRIC, VID and the keys of each VLAN of the topology."""
        for fabric, vlans in (self.topology.get("fabrics") or {}).items():
            for vlan in vlans.values():
                yield fabric, vlan["vid"], vlan
