import Diagnostics
import Formats
import Topology

/// Proves, from every region and before MAAS needs it, that MAAS' user reaches the database where regiond.conf says.
enum DatabaseEndpointRole {
  static func plan(_ builder: inout PlanBuilder) {
    guard let password = builder.topology.postgresql.database.password else { return }
    let secret = builder.need(password.value, charset: .unreserved)
    for region in builder.topology.regions where builder.topology.level(of: .maas, on: region.host.value) == .full {
      let host = region.host.value
      if !builder[host].packages.contains("postgresql-client") { builder[host].packages.append("postgresql-client") }
      let step = DatabaseEndpointStep(topology: builder.topology, host: builder[host], secret: secret)
      builder.add(step.step(after: builder.after(.balancer, .packages(host)), origin: region.span), reaching: .databaseEndpoint)
    }
  }
}
