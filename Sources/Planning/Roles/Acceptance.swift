import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// The whole, asked from outside as far as its own hosts can: what a single step cannot see.
///
/// A rack cannot ask itself for a lease as a machine would, so the other rack of the pair asks; a VLAN with one rack has nobody who could.
package enum AcceptanceRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    guard topology.level(of: .maas) == .full, let first = topology.regions.first else { return }
    let after = builder.after(.firewall, .backup)
    builder.add(installation(first, after, builder))
    for host in topology.postgresql.members.map(\.value) where topology.level(of: .postgresql, on: host) == .full {
      builder.add(replication(host, after, builder))
    }
    guard topology.level(of: .networks) == .full else { return }
    for rack in topology.racks where topology.level(of: .maas, on: rack.host.value) == .full {
      let service = RackService(rack, builder)
      guard !service.isEmpty else { continue }
      if !builder[rack.host.value].files.contains(where: { $0.path == NetworkProbe.path }) {
        builder[rack.host.value].files.append(
          PlannedFile(path: NetworkProbe.path, policy: .preview, content: NetworkProbe.text, keyPath: "racks", origin: rack.span))
      }
      builder.add(service.step(after, builder))
    }
  }

  /// What looks only has nothing to do: a failure is the finding.
  static func look(
    _ host: HostID, _ name: String, _ title: String, why: String, after: [Predecessor], _ body: Shell, origin: Span, _ builder: PlanBuilder
  ) -> Step {
    Step(
      host: builder[host], phase: .acceptance, name: name, title: title, why: why, after: after, check: body, apply: body, verify: body, timeout: 600,
      origin: origin)
  }

  private static func installation(_ first: Region, _ after: [Predecessor], _ builder: PlanBuilder) -> Step {
    let topology = builder.topology
    let session = APISession(builder)
    let url = topology.maasURL().value.description
    let regions = topology.regions.map { topology.maasHostname(of: $0.host.value) }
    let racks = topology.racks.map { topology.maasHostname(of: $0.host.value) }
    // A balancer takes a region that was restarted back after a moment.
    let serve: Shell = "wait_until 30 'MAAS is not complete' regions_serve \(url) \(regions)"
    let run: Shell = "wait_until 30 'a rack is missing' racks_run \(racks)"
    let body = topology.level(of: .networks) == .full && !racks.isEmpty ? serve + session.login + run : serve
    return look(
      first.host.value, "installation", "Ask MAAS through the address that everybody uses",
      why: "It must answer there, and list every region and rack.",
      after: after, body, origin: topology.maas.span, builder)
  }

  /// On the primary every other member streams; on a standby the receiver does.
  private static func replication(_ host: HostID, _ after: [Predecessor], _ builder: PlanBuilder) -> Step {
    let postgresql = builder.topology.postgresql
    let query = """
      SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming') > 0 \
      ELSE (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming') >= \(postgresql.members.count - 1) END
      """
    let body: Shell = """
      [[ $(cd / && runuser -u postgres -- psql -XAtq -p \(builder.topology.databasePort().value) -c \(query)) == t ]] ||
        fail 'replication does not stream: see pg_stat_replication on the primary'
      """
    return look(
      host, "replication", "See replication stream", why: "A standby that lags for good is no standby.", after: after, body, origin: postgresql.span,
      builder)
  }
}

/// What a rack must answer on the VLANs it serves, and what it can ask of its partners.
struct RackService {
  private let rack: Rack
  /// Its own addresses on VLANs with DHCP.
  private let own: [IPAddress]
  /// VLANs where the other rack of the pair is the one to answer.
  private let asked: [DHCPProbe.Place]

  init(_ rack: Rack, _ builder: PlanBuilder) {
    self.rack = rack
    let host = rack.host.value
    var own: [IPAddress] = []
    var asked: [DHCPProbe.Place] = []
    for vlan in builder.topology.vlans {
      guard case .pair(_, let primary, let secondary) = vlan.dhcp else { continue }
      guard primary.value == rack.id || secondary?.value == rack.id else { continue }
      own += builder.index.addresses(of: host, on: vlan.id)
      guard secondary?.value == rack.id else { continue }
      let answering = builder.topology[primary.value].host.value
      if let place = DHCPProbe.place(of: host, among: [answering], on: vlan, builder) { asked.append(place) }
    }
    self.own = own
    self.asked = asked
  }

  var isEmpty: Bool { own.isEmpty }

  func step(_ after: [Predecessor], _ builder: PlanBuilder) -> Step {
    let probe: Shell = "python3 \"$FILES\"\(NetworkProbe.path)"
    let name = builder.topology.regions.first.map { builder.topology.maasHostname(of: $0.host.value) + ".maas" } ?? "maas"
    let offers: Shell = asked.isEmpty ? "" : "\(probe) offer \(asked.map(\.word))"
    let body = Shell.lines(
      [offers]
        + own.map { address in
          """
          curl -fsS -m 30 -o /dev/null \("tftp://\(address.bracketed)/bootx64.efi") || fail \("no boot file by TFTP at \(address)")
          \(probe) name \(address.description) \(name)
          """
        })
    return AcceptanceRole.look(
      rack.host.value, "services", "Ask for a lease, a boot file and a name on the VLANs of this rack",
      why: "A machine that boots needs all three. The lease is asked of the partner, since a host cannot ask itself.", after: after, body,
      origin: rack.span, builder)
  }
}
