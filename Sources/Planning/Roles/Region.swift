import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// Region controllers: the first alone, because only one may create the database's schema; then the others one by one.
package enum RegionRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let regions = builder.topology.regions.filter { builder.topology.level(of: .maas, on: $0.host.value) != .none }
    var previous: [Predecessor] = []
    for region in regions {
      let host = MAASHost(builder.topology, region.host.value)
      MAASConf.describe(host, &builder)
      guard builder.topology.level(of: .maas, on: host.host) == .full else { continue }
      let isFirst = region.id == builder.topology.regions.first?.id
      let milestone: Milestone = isFirst ? .firstRegion : .allRegions
      for step in RegionSteps(region, host, isFirst: isFirst, &builder).all(&builder) {
        var step = step
        step.after += previous
        previous = [.step(builder.add(step, reaching: milestone))]
      }
    }
    guard builder.topology.servedVersion >= MAASVersion(3, 5), !previous.isEmpty else { return }
    builder.cautions.append(
      "While `maas init` and `maas migrate` run, Temporal's schema tool has the database password among its arguments: MAAS starts it so.")
  }
}

/// The steps of one region, in order.
struct RegionSteps {
  let region: Region
  let host: MAASHost
  let isFirst: Bool
  let database: DatabaseQuery
  let url: String

  /// What the first region tells the others and the racks.
  static let revisionSecret = "maas-revision"
  static let rackSecret = "maas-rack-secret"

  init(_ region: Region, _ host: MAASHost, isFirst: Bool, _ builder: inout PlanBuilder) {
    self.region = region
    self.host = host
    self.isFirst = isFirst
    database = DatabaseQuery(&builder)
    url = builder.topology.maasURL(of: region).value.description
  }

  func all(_ builder: inout PlanBuilder) -> [Step] {
    var steps: [Step] = []
    var configuration = MAASConf.step(host, .region, &builder)
    configuration.after = builder.after(.packages(host.host), isFirst ? .databaseEndpoint : .firstRegion)
    steps.append(configuration)
    if !isFirst { steps.append(sameRevision(builder)) }
    steps.append(host.kind == .snap ? initialise(builder) : enable(builder))
    if isFirst {
      steps.append(migrate(builder))
      carry(steps, &builder)
      steps.append(createAdmin(builder.topology.maas.admin, &builder))
    }
    return steps
  }

  /// The values that other hosts need are printed by the first region's steps.
  private func carry(_ steps: [Step], _ builder: inout PlanBuilder) {
    for (name, step) in [(Self.revisionSecret, steps[steps.count - 2].id), (Self.rackSecret, steps[steps.count - 1].id)] {
      builder.secrets.append(SecretNeed(name: name, source: .carried(step), reader: .operator, perHost: false, charset: .any))
    }
  }
}
