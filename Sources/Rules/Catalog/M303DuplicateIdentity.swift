import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let duplicateIdentity = Rule(
    303, "duplicate-identity", .error,
    summary: "two hosts share an address, a MAC address or a short host name",
    why: """
      A controller is matched by system id, or short host name, or any MAC address; two that share one become one record in MAAS, or stop a \
      region at start-up (MAAS source, src/maasserver/rpc/rackcontrollers.py). One address on two hosts answers from whichever was heard \
      last. A fully qualified host name makes MAAS create a domain that it has no authority over: a warning. Addresses of container bridges \
      that stand on several controllers are M309.
      """,
    examples: [
      .bad(
        "one address for two hosts", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: ⟦10.20.0.13⟧, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "a cloned machine", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, macs: ["52:54:00:12:34:56"], addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, macs: [⟦"52-54-00-12-34-56"⟧], addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "a name that MAAS knows another host by", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, maas_hostname: ⟦rack-a1⟧, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "a fully qualified name", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          ⟦infra-3.prg.example.net⟧: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
          infra-3.prg.example.net: {num_workers: 4}
        backup: {host: infra-3.prg.example.net}
        """),
      .good("every host its own", "name: prague"),
      .good(
        "one address said twice for one host",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, interfaces: {eth0: {addresses: [10.20.0.11/24]}}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
    ],
    check: .several([
      .topology { context, report in
        reportSharedAddresses(context, &report)
        reportSharedMACs(context, &report)
        reportSharedNames(context, &report)
      },
      .eachHost { host, context, report in
        if context.index.roles[host.id.index].isController { reportQualifiedName(host, &report) }
      },
      .across { contexts, report in
        if contexts.count > 1 { reportMACsAcross(contexts, &report) }
      },
    ]))
}

private func reportSharedAddresses(_ context: RuleContext, _ report: inout Reporter) {
  guard context.index.hasSharedAddresses else { return }
  var owners: [IPAddress: (host: HostID, place: Span)] = [:]
  func claim(_ address: IPAddress, _ host: HostID, _ place: Span, owns: Bool) {
    guard let first = owners[address] else {
      if owns { owners[address] = (host, place) }
      return
    }
    guard first.host != host else { return }
    report.report(
      "\(context.name(host)) has the address \(address) of \(context.name(first.host))", at: place,
      secondary: [Label(first.place, "\(context.name(first.host)) has it here")], help: "give each host an address of its own")
  }
  for host in context.topology.hosts where context.topology.isSound(host.span) {
    for entry in host.identifyingAddresses { claim(entry.address, host.id, entry.place, owns: true) }
  }
  // The bridges of two hosts may be alike, but not like another host.
  for host in context.topology.hosts {
    for interface in host.interfaces where !interface.ignore && interface.isContainerBridge {
      for address in interface.addresses { claim(address.value.address, host.id, address.span, owns: false) }
    }
  }
}

private func reportSharedMACs(_ context: RuleContext, _ report: inout Reporter) {
  let hosts = context.topology.hosts
  let mayShare = mayRepeat(count: hosts.count) { take in
    for position in hosts.indices { for mac in hosts[position].macs { take(mac.value.value) } }
  }
  guard mayShare else { return }
  var owners: [MACAddress: (host: HostID, place: Span)] = [:]
  for host in context.topology.hosts {
    for mac in host.macs {
      guard let first = owners[mac.value] else {
        owners[mac.value] = (host.id, mac.span)
        continue
      }
      report.report(
        "\(context.name(host.id)) has the MAC address \(mac.value), as \(context.name(first.host)) has", at: mac.span,
        secondary: [Label(first.place, "here")], help: "MAAS would take both for one machine: read each with `ip -br link`")
    }
  }
}

/// MAAS compares short names without regard to case.
private func reportSharedNames(_ context: RuleContext, _ report: inout Reporter) {
  let hosts = context.topology.hosts
  let mayShare = mayRepeat(count: hosts.count) { take in
    for position in hosts.indices { take(shortNameHash((hosts[position].maasHostname ?? hosts[position].name).value.description)) }
  }
  guard mayShare else { return }
  var owners: [String: (host: HostID, place: Span)] = [:]
  for host in context.topology.hosts {
    let name = host.maasHostname ?? host.name
    let key = name.value.short.lowercased()
    guard let first = owners[key] else {
      owners[key] = (host.id, name.span)
      continue
    }
    report.report(
      "\(context.name(host.id)) has the short name \(name.value.short), as \(context.name(first.host)) has", at: name.span,
      secondary: [Label(first.place, "here")],
      help: "MAAS matches controllers by their short names: give one of them another")
  }
}

private func reportQualifiedName(_ host: Host, _ report: inout Reporter) {
  let name = host.maasHostname ?? host.name
  guard name.value.isFullyQualified else { return }
  report.report(
    "\(name.value) is fully qualified: MAAS would create the domain \(name.value.domain) without authority over it", at: name.span, as: .warning,
    help: "use the short name \(name.value.short)")
}

/// Two files may describe one machine (a shared database host), but not two machines with one MAC address. Racks are M302's.
private func reportMACsAcross(_ contexts: [RuleContext], _ report: inout Reporter) {
  var owners: [MACAddress: (file: Int, host: Host, mac: Span)] = [:]
  for (file, context) in contexts.enumerated() {
    for host in context.topology.hosts {
      for mac in host.macs {
        guard let first = owners[mac.value] else {
          owners[mac.value] = (file, host, mac.span)
          continue
        }
        guard first.file != file, first.host.name.value != host.name.value || first.host.address.value != host.address.value else { continue }
        let bothRacks = context.index.rack[host.id.index] != nil && contexts[first.file].index.rack[first.host.id.index] != nil
        guard !bothRacks else { continue }
        report.report(
          "the MAC address \(mac.value) stands for \(first.host.name.value) of \(contexts[first.file].topology.name.value) already", at: mac.span,
          secondary: [Label(first.mac, "here")], help: "read each machine's own with `ip -br link`")
      }
    }
  }
}

extension Host {
  /// Addresses that must belong to this host alone, with their places.
  fileprivate var identifyingAddresses: [(address: IPAddress, place: Span)] {
    var result = [(address: address.value, place: address.span)]
    for entry in vlanAddresses { result.append((entry.address.value, entry.address.span)) }
    for interface in interfaces where !interface.ignore && !interface.isContainerBridge {
      for entry in interface.addresses where entry.value.address != address.value { result.append((entry.value.address, entry.span)) }
    }
    return result
  }
}

extension HostName {
  /// `prg.example.net` of `rack-a1.prg.example.net`.
  fileprivate var domain: String { String(description.drop { $0 != "." }.dropFirst()) }
}
