/// How many PostgreSQL connections the processes of one region can open at most.
///
/// Each addend is read in the source of the program that opens the connections; the sum is an upper bound, ordinary use is far lower.
package enum Connections {
  /// One process, or group of processes, of a region.
  package struct Addend: Hashable, Sendable {
    /// As an SRE names it: `API server`.
    package let name: String
    package let count: Int
    /// The file of the program that sets the number.
    package let source: String
  }

  /// A pool of fixed size that does not grow with the workers.
  private struct Pool {
    let name: String
    let count: Int
    let lifespan: Lifespan
    let source: String
  }

  /// A thread pool of 9, and one connection that listens for notifications.
  package static let perProcess = 10
  /// Of regiond alone: its workers and its master process, which has the same pool and listener.
  package static func ofRegiond(workers: Int) -> Int { perProcess * (workers + 1) }

  private static let pools: [Pool] = [
    Pool(
      name: "API server", count: 15, lifespan: Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 5)),
      source: "MAAS 3.5 source, src/maasapiserver/common/db/__init__.py (SQLAlchemy's default, 5 + 10)"),
    Pool(
      name: "API server", count: 13, lifespan: .since(3, 6),
      source: "MAAS source, src/maasservicelayer/db/__init__.py (pool_size 3 + overflow 10)"),
    Pool(
      name: "Temporal worker", count: 15, lifespan: Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 5)),
      source: "MAAS 3.5 source, src/maasapiserver/common/db/__init__.py (SQLAlchemy's default, 5 + 10)"),
    Pool(
      name: "Temporal worker", count: 13, lifespan: .since(3, 6),
      source: "MAAS source, src/maasservicelayer/db/__init__.py (pool_size 3 + overflow 10)"),
    Pool(
      name: "Temporal", count: 24, lifespan: .since(3, 5),
      source: "MAAS source, production.yaml.template (5 + 1 for each of four services)"),
    Pool(
      name: "OpenFGA", count: 3, lifespan: .since(3, 8),
      source: "MAAS source, src/maasopenfga/cmd/maas-openfga/main.go (openfga_max_open_conns)"),
  ]

  /// What one region of this version can open, process by process; regiond first.
  package static func addends(_ version: MAASVersion, workers: Int) -> [Addend] {
    let regiond = Addend(
      name: "regiond", count: ofRegiond(workers: workers), source: "MAAS source, src/maasserver/utils/threads.py (9 threads + 1 listener)")
    return [regiond] + fixed(version)
  }

  /// The addends that do not depend on the workers.
  package static func fixed(_ version: MAASVersion) -> [Addend] {
    pools.filter { $0.lifespan.contains(version) }.map { Addend(name: $0.name, count: $0.count, source: $0.source) }
  }

  /// The sum of `addends`.
  package static func perRegion(_ version: MAASVersion, workers: Int) -> Int {
    addends(version, workers: workers).reduce(0) { $0 + $1.count }
  }

  /// PostgreSQL keeps these for superusers: the default of `superuser_reserved_connections` (PostgreSQL manual, 20.3.1).
  package static let reservedForSuperusers = 3
  /// `max_connections` where nobody sets it (PostgreSQL manual, 20.3.1).
  package static let postgresqlDefault = 100
  /// Room for what comes and goes: a dump, a migration, a shell, a region that is restarted while its old connections linger.
  package static let transient = 10
}
