package import Topology

/// A point that the deployment reaches when every step of it, and every milestone that it includes, is done.
///
/// Roles meet at milestones: a step belongs to at most one, and waits for others by name. So what waits for hundreds of racks waits for one thing.
/// A milestone for which no role has a step is reached with those that it includes.
package enum Milestone: Hashable, Sendable {
  /// Preflight and conflicting software done on every host.
  case ready
  /// What must be on a host before its packages are installed.
  case beforePackages(HostID)
  /// What the host needs from the distribution's archive is installed.
  case distribution(HostID)
  /// And MAAS, where it belongs there.
  case packages(HostID)
  /// etcd has a quorum.
  case lockStore
  case databaseServer
  /// HAProxy runs on each of its hosts.
  case proxies
  case balancer
  /// The database answers at the endpoint that regions use (after the balancer, where the endpoint is HAProxy).
  case databaseEndpoint
  case firstRegion
  case allRegions
  case held
  case networks
  /// Every rack knows its regions, and has told them of its interfaces.
  case racksRegistered
  case racks
  /// DHCP runs on every VLAN that has servers of its own; others may follow them.
  case dhcpServers
  case dhcp
  case images
  case vault
  case tls
  case firewall
  case backup

  /// The nearest milestones that are reached before this one, in the order of a deployment.
  package var included: [Milestone] {
    switch self {
    case .ready: []
    case .beforePackages: [.ready]
    case .distribution(let host): [.beforePackages(host)]
    case .packages(let host): [.distribution(host)]
    case .lockStore: [.ready]
    case .databaseServer: [.lockStore]
    case .proxies: [.databaseServer]
    case .balancer: [.proxies]
    case .databaseEndpoint: [.balancer]
    case .firstRegion: [.databaseEndpoint]
    case .allRegions: [.firstRegion]
    case .held: [.allRegions]
    case .networks: [.held]
    case .racksRegistered: [.networks]
    case .racks: [.racksRegistered]
    case .dhcpServers: [.racks]
    case .dhcp: [.dhcpServers]
    case .images: [.dhcp]
    case .vault: [.images]
    case .tls: [.vault]
    case .firewall: [.tls]
    case .backup: [.racks]
    }
  }
}

/// What a step waits for.
package enum Predecessor: Hashable, Sendable {
  case step(StepID)
  case milestone(Milestone)
}
