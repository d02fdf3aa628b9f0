import Diagnostics
import Formats
import NetworkTypes
import Topology

/// keepalived.conf of one host, and the program by which it tells whether the region on it may answer at the virtual address.
struct KeepalivedDocument {
  let topology: Topology
  let haproxy: HAProxy
  let host: Host
  let peers: [Host]
  /// Ports at the virtual address that the region on this host answers by itself; empty where HAProxy passes them on.
  let localPorts: [Int]

  static let path = "/etc/keepalived/keepalived.conf"
  static let aliveCheckPath = "/usr/local/lib/maasc/haproxy-alive"
  static let regionCheckPath = "/usr/local/lib/maasc/region-may-serve"

  init(_ builder: PlanBuilder, _ haproxy: HAProxy, _ id: HostID) {
    topology = builder.topology
    self.haproxy = haproxy
    host = topology[id]
    peers = haproxy.hosts.map { builder.topology[$0.value] }.filter { $0.id != id }
    localPorts = builder.index.region[id.index] == nil ? [] : topology.regionPorts(on: id)
  }

  var document: KeepalivedConfig {
    KeepalivedConfig(
      routerID: KeepalivedName(sanitizing: host.name.value.description), scripts: [aliveScript] + (localPorts.isEmpty ? [] : [regionScript]),
      instances: instances)
  }

  /// An HTTP request, not a look at processes: that would see those of containers too, and not one that hangs. It asks for this HAProxy's own life,
  /// never for its back ends: they fail on all hosts alike, and then the address must stay where it is.
  private var aliveScript: KeepalivedConfig.Script {
    .init(
      "haproxy", command: [BareWord(sanitizing: Self.aliveCheckPath)], interval: 1, timeout: 3, fall: 1, rise: 2,
      comment: "This HAProxy is alive; nothing about regions or databases.", origin: haproxy.span)
  }

  /// The program behind `haproxy`. It asks twice by itself, since keepalived counts in whole seconds: a second failure a whole second later would
  /// be long, and one failure is what every restart by systemd shows.
  var aliveCheck: PlainText {
    let code: Shell = """
      #!/bin/bash
      # keepalived asks: does HAProxy on this host live? Asked again after a moment, in which systemd has brought a dead one back.
      set -u
      alive() { curl -sf -m 1 -o /dev/null \("http://127.0.0.1:\(topology.haproxyPort().value)\(HAProxyDocument.livenessPath)"); }
      alive && exit 0
      sleep 0.6
      alive
      """
    return PlainText(code.code, origin: haproxy.span)
  }

  /// Slower than the other: a move cuts the database connections that come through the address, which the restart of one region must not do.
  private var regionScript: KeepalivedConfig.Script {
    .init(
      "region", command: [BareWord(sanitizing: Self.regionCheckPath)], interval: 5, timeout: 10, fall: 3, rise: 1,
      comment: "The local region answers on its ports, or no other host does better.", origin: haproxy.span)
  }

  private var instances: [KeepalivedConfig.Instance] {
    var result: [KeepalivedConfig.Instance] = []
    var riders: [InterfaceAddress] = []
    for vip in haproxy.vips {
      if let instance = instance(vip) { result.append(instance) } else { riders.append(vip.address.value) }
    }
    if !result.isEmpty { result[0].addresses += riders }
    return result
  }

  /// Nil where some host has no address of the family: then the address moves along with the first of the other family.
  private func instance(_ vip: VirtualAddress) -> KeepalivedConfig.Instance? {
    let sources = ([host] + peers).compactMap { Self.source(of: $0, vip) }
    guard let interface = vip.interfaceName(on: host.id), sources.count == peers.count + 1 else { return nil }
    return .init(
      KeepalivedName(sanitizing: "vip-\(vip.address.value.address)"), interface: InterfaceName(sanitizing: interface.value),
      virtualRouterID: topology.virtualRouterID(of: vip).value, priority: topology.vrrpPriority(of: host.id),
      advertInterval: topology.advertInterval().value, preempts: topology.preempt().value, source: sources[0], peers: Array(sources.dropFirst()),
      addresses: [vip.address.value], scripts: document(scripts: localPorts), origin: vip.span)
  }

  private func document(scripts ports: [Int]) -> [KeepalivedName] { ports.isEmpty ? ["haproxy"] : ["haproxy", "region"] }

  /// Where a host's advertisements for an address come from: its address in the same network, else its first of the family.
  private static func source(of host: Host, _ vip: VirtualAddress) -> IPAddress? {
    let network = vip.address.value.network
    let own = host.placedAddresses.map(\.address).filter { $0.family == network.family }
    return own.first { network.contains($0) } ?? own.first
  }

  /// The program behind `region`. It gives the address away only to a host that does better: the database is behind the same address, so an
  /// installation that starts from nothing would otherwise wait for itself.
  var regionCheck: PlainText {
    let port = topology.haproxyPort().value
    let code: Shell = """
      #!/bin/bash
      # keepalived asks: may the region on this host answer at the virtual address? Yes, if it does answer on its ports, and also if no other host
      # would do better: the database is behind the same address, so an installation that starts from nothing must not wait for itself.
      set -u
      ports=(\(localPorts.map(String.init)))
      serves() { # ADDRESS: every port takes connections
        local port
        for port in "${ports[@]}"; do
          timeout 1 bash -c "exec 3<>/dev/tcp/$1/$port" 2>/dev/null || return 1
        done
      }
      serves \(host.address.value.description) && exit 0
      peers=(\(peers.map(\.address.value.bracketed)))
      for peer in "${peers[@]}"; do
        if curl -sgf -m 1 -o /dev/null "http://$peer:\(port)\(raw: HAProxyDocument.livenessPath)" && serves "${peer//[\\[\\]]/}"; then
          echo "the region on this host does not answer, $peer does" >&2
          exit 1
        fi
      done
      exit 0
      """
    return PlainText(code.code, origin: haproxy.span)
  }
}
