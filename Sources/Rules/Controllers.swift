import Diagnostics
import MAASFacts
import Topology

/// A region or a rack as the rules about versions and identity see it, with the values in force.
struct Controller: Sendable {
  var role: ControllerRole
  var host: HostID
  /// The key that names it under `regions` or `racks`.
  var place: Span
  var version: Located<MAASVersion>
  /// Nil where neither the controller nor `maas.install` says: then it is the snap.
  var install: Located<InstallKind>?
  var channel: Located<Channel>?
  var options: [Setting]
}

extension Topology {
  /// Regions before racks, each in file order.
  var controllers: [Controller] {
    let maas = self.maas
    func make(_ role: ControllerRole, _ host: Located<HostID>, _ own: ControllerOverrides) -> Controller {
      Controller(
        role: role, host: host.value, place: host.span, version: own.version ?? maas.version, install: own.install ?? maas.install,
        channel: own.channel ?? maas.channel, options: own.options)
    }
    return regions.map { make(.region, $0.host, $0.overrides) } + racks.map { make(.rack, $0.host, $0.overrides) }
  }
}
