#!/usr/bin/python3
"""The laboratory's networks and hosts of a topology: one line for each thing that lab/host.sh makes.

  bridge NAME ADDRESS/LENGTH        a network, and the address that its router has there
  host NAME UBUNTU                  a host and the release that it says it is
  link HOST INTERFACE BRIDGE ADDRESS/LENGTH...
  route HOST ROUTER
  manager ADDRESS                   where the operator's connections come from, if that is none of the networks
  name ADDRESS NAME                 what every host finds in /etc/hosts
  secret NAME file|env|command|wrap WHERE
  vault NAME PORT                   a stand-in for Vault on the store; NAME is the secret with its role
"""
import ipaddress
import sys

import yaml


def networks_of(topology):
    """Every network that the topology names, with its router's address."""
    found = {}
    for vlans in (topology.get("fabrics") or {}).values():
        for vlan in vlans.values():
            for cidr, subnet in (vlan.get("subnets") or {}).items():
                network = ipaddress.ip_network(cidr)
                found[network] = (subnet or {}).get("gateway")
    for vip in (topology.get("haproxy") or {}).get("vips", []):
        found.setdefault(ipaddress.ip_interface(vip["address"]).network, None)
    return found


def network_of(address, networks):
    address = ipaddress.ip_address(address)
    for network in networks:
        if address.version == network.version and address in network:
            return network
    return ipaddress.ip_interface(f"{address}/{24 if address.version == 4 else 64}").network


def interface_of(name, topology):
    for vip in (topology.get("haproxy") or {}).get("vips", []):
        word = vip.get("interface", "eth0")
        if name in topology["haproxy"]["hosts"]:
            return word if isinstance(word, str) else word.get(name, "eth0")
    return "eth0"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        topology = yaml.safe_load(file)
    networks, bridges, main_networks = networks_of(topology), {}, []
    lines = []

    def bridge(network):
        if network not in bridges:
            bridges[network] = f"br{len(bridges)}"
            router = networks.get(network) or str(next(network.hosts()))
            lines.append(f"bridge {bridges[network]} {router}/{network.prefixlen}")
        return bridges[network]

    def router(network):
        return networks.get(network) or str(next(network.hosts()))

    hosts = dict(topology["hosts"])
    hosts.setdefault("store", {})
    for name, host in hosts.items():
        if name == "store":
            host = {"address": str(list(main_networks[0].hosts())[-2])}
        addresses = [host["address"], *(host.get("addresses") or {}).values()]
        lines.append(f"host {name} {(host.get('os') or 'ubuntu-24.04').removeprefix('ubuntu-')}")
        links = {}
        for address in addresses:
            network = network_of(address, networks)
            links.setdefault(bridge(network), []).append(f"{address}/{network.prefixlen}")
        main_networks.append(network_of(host["address"], networks))
        for number, (where, its) in enumerate(links.items()):
            lines.append(f"link {name} {interface_of(name, topology) if number == 0 else f'eth{number}'} {where} {' '.join(its)}")
        lines.append(f"route {name} {router(main_networks[-1])}")
        lines.append(f"name {host['address']} {name}")
    for management in (topology.get("firewall") or {}).get("management", [])[:1]:
        network = ipaddress.ip_network(management)
        if network not in bridges:
            lines.append(f"manager {next(network.hosts())}")
    url = (topology["maas"].get("url") or "").split("//")[-1].split("/")[0].split(":")[0]
    vips = (topology.get("haproxy") or {}).get("vips", [])
    if url and vips and not url[0].isdigit():
        lines.append(f"name {vips[0]['address'].split('/')[0]} {url}")
    target = (topology.get("backup") or {}).get("copy_to", "")
    if "@" in target:
        lines.append(f"name {list(main_networks[0].hosts())[-2]} {target.split('@')[1].split(':')[0]}")
    vault = topology["maas"].get("vault") or {}
    if vault:
        name, port = vault["url"].split("//")[1].split("/")[0].split(":")
        lines += [f"vault {vault['approle_id']} {port}", f"name {list(main_networks[0].hosts())[-2]} {name}"]
    for name, source in (topology.get("secrets") or {}).items():
        kind, where = next(iter(source.items()))
        if name == vault.get("wrapped_token"):
            kind = "wrap"
        lines.append(f"secret {name} {kind} {' '.join(where) if isinstance(where, list) else where}")
    print("\n".join(lines))


main()
