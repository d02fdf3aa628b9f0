import Diagnostics
import Formats
import MAASFacts
import Topology

/// What verify.sh looks at on a controller, beside its files, units and sockets.
enum ControllerProbes {
  static func all(_ host: MAASHost, _ builder: PlanBuilder) -> [Probe] {
    let origin = builder.topology[host.host].span
    return software(host, builder, origin) + (host.isRegion ? [regions(builder, origin)] : [])
  }

  private static func regions(_ builder: PlanBuilder, _ origin: Span) -> Probe {
    let count = builder.topology.regions.count
    return Probe(
      id: "maas.regions", title: "MAAS lists \(count) regions",
      command: "curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq '[.eventloops | keys[] | split(\":\")[0]] | unique | length'",
      expected: .equals("\(count)"), origin: origin)
  }

  private static func software(_ host: MAASHost, _ builder: PlanBuilder, _ origin: Span) -> [Probe] {
    guard host.kind == .snap else {
      return [
        Probe(
          id: "maas.version", title: "MAAS \(host.version.line) is installed",
          command: "dpkg-query -W -f '${Version}' \(host.packages[0]) | sed -E 's/^[0-9]+://; s/^([0-9]+[.][0-9]+).*/\\1/'",
          expected: .equals(host.version.line.description), origin: origin)
      ]
    }
    return [
      Probe(
        id: "maas.channel", title: "the snap follows \(builder.topology.channel(on: host.host).value)",
        command: "snap list maas | awk 'NR == 2 { print $4 }'",
        // Installed from files, it follows nothing.
        expected: .oneOf([builder.topology.channel(on: host.host).value.description] + (builder.topology.packages.snapFiles == nil ? [] : ["-"])),
        origin: origin),
      Probe(
        id: "maas.mode", title: "MAAS runs as \(host.mode)", command: "cat /var/snap/maas/common/snap_mode", expected: .equals(host.mode),
        origin: origin),
      Probe(
        id: "maas.held", title: "the snap does not refresh by itself",
        command: "snap list maas | awk 'NR == 2 { print ($NF ~ /held/ ? \"held\" : \"free\") }'",
        expected: .equals("held"), origin: origin),
    ]
  }
}
