import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// Whether this is the host that the topology means.
struct PreflightIdentity {
  let host: Host
  let plan: HostPlan
  let isController: Bool
  let isRegion: Bool
  /// Interfaces that the topology names.
  let interfaces: [String]

  init(_ builder: PlanBuilder, _ id: HostID) {
    host = builder.topology[id]
    plan = builder[id]
    isController = builder.index.roles[id.index].isController
    isRegion = builder.index.region[id.index] != nil
    var names = host.interfaces.filter { !$0.ignore }.map(\.name.value)
    if case .haproxy(let haproxy) = builder.topology.balancer, builder.index.roles[id.index].contains(.haproxy) {
      for name in haproxy.vips.compactMap({ $0.interfaceName(on: id)?.value }) where !names.contains(name) { names.append(name) }
    }
    interfaces = names
  }

  var step: Step {
    Step(
      host: plan, phase: .preflight, name: "identity", title: "See that this is \(plan.name)",
      why: "Steps that run on the wrong host, or under another name than MAAS will list, do damage that is hard to undo.", check: "verify",
      apply: "true", verify: Problems.collected([system, name, addresses, kernel]), origin: host.span)
  }

  private var system: Shell {
    let release: Shell =
      host.os.map { os in
        """
        # shellcheck source=/dev/null
        system=$(. /etc/os-release && echo "$ID $VERSION_ID")
        [[ $system == \("ubuntu \(os.value.number)") ]] || problem "this is $system, the topology says \(raw: os.value.rawValue)"
        """
      } ?? ""
    return release + """
      [[ -d /run/systemd/system ]] || problem "systemd does not run here"
      command -v apt-get >/dev/null || problem "there is no apt-get here"
      """
  }

  /// MAAS makes a domain of its own out of a controller's host name with dots.
  private var name: Shell {
    let declared = host.name.value
    let own: Shell =
      declared.isFullyQualified || isController
      ? "hostname" : "hostname -s"
    return """
      name=$(\(own))
      [[ $name == \(declared) ]] || problem "this host calls itself $name, the topology \(raw: declared.description)"
      getent hosts "$name" >/dev/null || problem "the host's own name $name does not resolve; add it to /etc/hosts"
      """
  }

  private var addresses: Shell {
    var addresses: [IPAddress] = []
    for address in host.placedAddresses.map(\.address) where !addresses.contains(address) { addresses.append(address) }
    return Shell.lines(
      [
        """
        addresses=(\(addresses.map(\.description)))
        for address in "${addresses[@]}"; do
          [[ -n $(ip -o address show to "$address") ]] || problem "no interface of this host has the address $address"
        done
        """
      ]
        + (interfaces.isEmpty
          ? []
          : [
            """
            interfaces=(\(interfaces))
            for interface in "${interfaces[@]}"; do
              [[ -e /sys/class/net/$interface ]] || problem "there is no interface $interface"
            done
            """
          ]))
  }

  /// MAAS' RPC and nginx open IPv6 sockets and fail without (MAAS source, src/maasserver/rpc/regionservice.py).
  private var kernel: Shell {
    isRegion ? "[[ -e /proc/net/if_inet6 ]] || problem \"IPv6 is off in the kernel (ipv6.disable=1); regiond opens IPv6 sockets\"" : ""
  }
}

/// Several questions to a host whose failures are told together.
enum Problems {
  static func collected(_ questions: [Shell]) -> Shell {
    Shell.lines(
      ["problems=()", "problem() { problems+=(\"$*\"); }"] + questions
        + [
          """
          if ((${#problems[@]} > 0)); then
            printf '%s\\n' "${problems[@]}" >&2
            exit 1
          fi
          """
        ])
  }
}
