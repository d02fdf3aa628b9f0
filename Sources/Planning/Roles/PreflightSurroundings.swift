import Diagnostics
import Formats
import NetworkTypes
import Topology

/// Whether the host finds what it needs: free ports, ways to its peers, names, the time.
struct PreflightSurroundings {
  let topology: Topology
  let host: Host
  let plan: HostPlan
  let sockets: [BoundSocket]
  /// Hosts that this one opens connections to.
  let peers: [Host]

  init(_ builder: PlanBuilder, _ id: HostID) {
    topology = builder.topology
    host = topology[id]
    plan = builder[id]
    let declared = host.listens.map(\.name.value)
    sockets = builder.sockets[id.index].filter { !declared.contains($0.service) }
    peers = builder.peers(of: id).map { builder.topology[$0] }
  }

  var step: Step {
    Step(
      host: plan, phase: .preflight, name: "surroundings", title: "See that ports are free, peers can be reached, and clock and names are right",
      why: "Each of these makes a later step fail in a way that does not tell the reason.", check: "verify", apply: "true",
      verify: Problems.collected([freePorts, routes, names, clock]), origin: host.span)
  }

  /// A port may be held by the service that the topology wants there: then the host was deployed before.
  private var freePorts: Shell {
    guard !sockets.isEmpty else { return "" }
    let wanted = sockets.map { socket in
      "\(socket.transport.rawValue) \(socket.address?.bracketed ?? "*") \(socket.ports.first) \(socket.ports.last) \(Self.owners(socket.service))"
    }
    return """
      wanted=(
        \(Shell.lines(wanted.map { "\($0)" }))
      )
      for line in "${wanted[@]}"; do
        read -r transport address first last owners <<<"$line"
        while read -r local process; do
          port=${local##*:} at=${local%:*}
          ((port >= first && port <= last)) || continue
          [[ $address == '*' || $at == '*' || $at == 0.0.0.0 || $at == '[::]' || $at == "$address" ]] || continue
          # systemd-resolved's own addresses are in nobody's way.
          [[ $at != 127.0.0.5[34]* ]] || continue
          pid=${process#*pid=}
          holder=$(cat "/proc/${pid%%[,)]*}/cgroup" 2>/dev/null || true)
          [[ $holder =~ $owners ]] || problem "$transport port $port is taken: $local $process"
        done < <(ss -Hln --"$transport" -p | awk '{ print $4, $6 }')
      done
      """
  }

  /// Control groups that a service of ours runs in, as a regular expression.
  private static func owners(_ service: String) -> String {
    switch service {
    case "MAAS": #"snap\.maas|maas-|named\.service|bind9|chrony"#
    case "HAProxy": #"haproxy\.service"#
    case "etcd": #"etcd"#
    default: #"postgresql|patroni"#
    }
  }

  private var routes: Shell {
    guard !peers.isEmpty else { return "" }
    return """
      peers=(\(peers.map(\.address.value.description)))
      for address in "${peers[@]}"; do
        ip route get "$address" >/dev/null 2>&1 || problem "there is no route to $address"
      done
      """
  }

  /// A name in `maas_url` must lead to the virtual address: racks and machines go where the name says.
  private var names: Shell {
    guard case .name(let name) = topology.maasURL().value.host else { return "" }
    guard let vip = topology.serviceAddress else {
      return "getent ahosts \(name) >/dev/null || problem \(raw: Shell.quote("\(name) of maas.url does not resolve"))"
    }
    let address = vip.address.value.address.description
    return """
      found=$(getent ahosts \(name) | awk '{ print $1 }' | sort -u | xargs)
      [[ " $found " == *\(" \(address) ")* ]] ||
        problem "\(raw: name) of maas.url leads to ${found:-nowhere}, not to the virtual address \(raw: address)"
      """
  }

  /// A container has the clock of its host, where it cannot be looked at.
  private var clock: Shell {
    """
    if ! systemd-detect-virt --container --quiet; then
      [[ $(timedatectl show -p NTPSynchronized --value) == yes ]] || problem "the clock is not synchronised; see timedatectl timesync-status or chronyc tracking"
    fi
    """
  }
}

extension PlanBuilder {
  /// The hosts that `host` opens connections to, in the order of the topology.
  func peers(of host: HostID) -> [HostID] {
    var result: Set<HostID> = []
    for case .host(let target) in flowsFrom[host.index].map(\.to) { result.insert(target) }
    return result.sorted { $0.index < $1.index }
  }
}
