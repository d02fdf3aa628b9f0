#!/usr/bin/python3
"""The laboratory's networks and hosts of a topology: one line for each thing that lab/host.sh makes.

  bridge NAME ADDRESS/LENGTH        a network, and an address that its router has there
  host NAME UBUNTU                  a host and the release that it says it is
  link HOST INTERFACE BRIDGE ADDRESS/LENGTH...
  route HOST ROUTER
  manager ADDRESS                   where the operator's connections come from, if that is none of the networks
  name ADDRESS NAME                 what every host finds in /etc/hosts
  user HOST NAME PORT               as whom, and at which port, the operator reaches a host by ssh
  secret NAME file|env|command|wrap WHERE

Outside the topology's hosts is one more, the store, which is whatever the topology says that others run:

  vault NAME PORT                   a stand-in for Vault; NAME is the secret with its role
  database NAME USER SECRET PORT    PostgreSQL
  balance PORT ADDRESS:PORT...      a load balancer's port, and the regions behind it
"""
import ipaddress
import sys

import yaml


def url_of(text):
    """Host and port of a URL."""
    name, _, port = text.split("//")[-1].split("/")[0].partition(":")
    return name, port or ("443" if text.startswith("https") else "80")


class Layout:
    def __init__(self, topology):
        self.topology, self.maas = topology, topology["maas"]
        self.vips = (topology.get("haproxy") or {}).get("vips") or []
        self.routers, self.bridges, self.lines = self.known_networks(), {}, []

    def known_networks(self):
        """Every network that the topology names, with its router's address where that is named."""
        found = {}
        for vlans in (self.topology.get("fabrics") or {}).values():
            for vlan in vlans.values():
                for cidr, subnet in (vlan.get("subnets") or {}).items():
                    found[ipaddress.ip_network(cidr)] = (subnet or {}).get("gateway")
        for vip in self.vips:
            found.setdefault(ipaddress.ip_interface(vip["address"]).network, None)
        return found

    def network_of(self, address):
        address = ipaddress.ip_address(address)
        known = (network for network in self.routers if address.version == network.version and address in network)
        return next(known, None) or ipaddress.ip_interface(f"{address}/{24 if address.version == 4 else 64}").network

    def router(self, network):
        return self.routers.get(network) or str(next(network.hosts()))

    def bridge(self, networks):
        """The one bridge of networks that some interface has together."""
        name = next((self.bridges[network] for network in networks if network in self.bridges), f"br{len(set(self.bridges.values()))}")
        for network in networks:
            if network not in self.bridges:
                self.bridges[network] = name
                self.lines.append(f"bridge {name} {self.router(network)}/{network.prefixlen}")
        return name

    def first_interface(self, name):
        for vip in self.vips:
            word = vip.get("interface", "eth0")
            if name in self.topology["haproxy"]["hosts"]:
                return word if isinstance(word, str) else word.get(name, "eth0")
        return "eth0"

    def links(self, name, host):
        """INTERFACE and its addresses, in either of the topology's two forms."""
        if host.get("interfaces"):
            return [(interface, [ipaddress.ip_interface(one) for one in its.get("addresses") or []])
                    for interface, its in host["interfaces"].items() if not its.get("ignore")]
        flat = [host["address"]]
        for its in (host.get("addresses") or {}).values():
            flat += its if isinstance(its, list) else [its]
        by_network = {}
        for address in flat:
            network = self.network_of(address)
            by_network.setdefault(network, []).append(ipaddress.ip_interface(f"{address}/{network.prefixlen}"))
        return [(self.first_interface(name) if number == 0 else f"eth{number}", its) for number, its in enumerate(by_network.values())]

    def add_host(self, name, host):
        self.lines.append(f"host {name} {(host.get('os') or 'ubuntu-24.04').removeprefix('ubuntu-')}")
        links = self.links(name, host)
        for interface, addresses in links:
            bridge = self.bridge([address.network for address in addresses])
            self.lines.append(f"link {name} {interface} {bridge} {' '.join(map(str, addresses))}")
        routed = {address.version: address.network for address in reversed(links[0][1])}
        self.lines += [f"route {name} {self.router(network)}" for network in routed.values()]
        self.lines.append(f"name {self.address(host)} {name}")
        ssh = host.get("ssh") or {}
        self.lines.append(f"user {name} {ssh.get('user', 'root')} {ssh.get('port', 22)}")
        if "jump" in ssh:
            self.at_store(ssh["jump"])

    def address(self, host):
        return host.get("address") or next(str(one.ip) for _, its in self.links("", host) for one in its)

    def at_store(self, name):
        """A name of the store, where it is one."""
        line = f"name {self.store} {name}"
        if name != self.store and line not in self.lines:
            self.lines.append(line)

    def add_hosts(self):
        hosts = self.topology["hosts"]
        first = self.network_of(self.address(next(iter(hosts.values()))))
        self.store = str(list(first.hosts())[-2])
        for name, host in {**hosts, "store": {"address": self.store}}.items():
            self.add_host(name, host)

    def add_operator(self):
        for management in (self.topology.get("firewall") or {}).get("management", []):
            network = ipaddress.ip_network(management)
            if network.version == 4:
                if network not in self.bridges:
                    self.lines.append(f"manager {next(network.hosts())}")
                return

    def add_names(self):
        name, _ = url_of(self.maas.get("url") or "")
        if name and not name[0].isdigit():
            self.lines += [f"name {vip['address'].split('/')[0]} {name}" for vip in self.vips]
        target = (self.topology.get("backup") or {}).get("copy_to", "")
        if "@" in target:
            self.at_store(target.split("@")[1].split(":")[0])

    def add_others(self):
        """What the topology leaves to others, at the store."""
        vault = self.maas.get("vault")
        if vault:
            name, port = url_of(vault["url"])
            self.lines.append(f"vault {vault['approle_id']} {port}")
            self.at_store(name)
        postgresql = self.topology["postgresql"]
        if postgresql.get("mode") == "external":
            database, external = postgresql.get("database") or {}, postgresql["external"]
            self.lines.append(f"database {database.get('name', 'maasdb')} {database.get('user', 'maas')} {database.get('password', '-')} "
                              f"{external.get('port', 5432)}")
            self.at_store(external["host"])
        balancer = (self.topology.get("load_balancer") or {}).get("external")
        if balancer:
            self.at_store(balancer["host"])
            for port in balancer.get("ports", [80]):
                behind = 5240 if port == 80 else port
                regions = " ".join(f"{self.address(self.topology['hosts'][name])}:{behind}" for name in self.topology["regions"])
                self.lines.append(f"balance {port} {regions}")

    def add_secrets(self):
        vault = self.maas.get("vault") or {}
        for name, source in (self.topology.get("secrets") or {}).items():
            kind, where = next(iter(source.items()))
            if name == vault.get("wrapped_token"):
                kind = "wrap"
            self.lines.append(f"secret {name} {kind} {' '.join(where) if isinstance(where, list) else where}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        layout = Layout(yaml.safe_load(file))
    for add in (layout.add_hosts, layout.add_operator, layout.add_names, layout.add_others, layout.add_secrets):
        add()
    print("\n".join(layout.lines))


main()
