import MAASFacts
import Testing

@Suite struct ControllerOptionTests {
  /// Counted in each branch of MAAS' own configuration classes.
  @Test(arguments: [
    (MAASVersion(3, 4), 20, 8), (MAASVersion(3, 5), 21, 9), (MAASVersion(3, 6), 21, 9), (MAASVersion(3, 7), 21, 9), (MAASVersion(3, 8), 22, 10),
    (MAASVersion(4, 0), 22, 10),
  ])
  func everyVersionHasItsNumberOfOptions(version: MAASVersion, regiond: Int, rackd: Int) {
    #expect(ControllerOptions.regiond.options(for: version).count == regiond)
    #expect(ControllerOptions.rackd.options(for: version).count == rackd)
  }

  @Test(arguments: [
    ("broadcast_address", MAASVersion(3, 4), false), ("broadcast_address", MAASVersion(3, 5), true),
    ("use_json_logging", MAASVersion(3, 7, 3), false),
    ("use_json_logging", MAASVersion(3, 8), true), ("num_workers", MAASVersion(3, 4), true), ("num_worker", MAASVersion(3, 7), false),
    ("database_sslmode", MAASVersion(3, 7), false),
  ])
  func regiondReads(name: String, version: MAASVersion, known: Bool) {
    #expect((ControllerOptions.regiond.option(name, for: version) != nil) == known)
  }

  @Test(arguments: [
    ("cluster_uuid", MAASVersion(3, 4), true), ("cluster_uuid", MAASVersion(3, 5), false), ("tftp_max_blksize", MAASVersion(3, 4), false),
    ("httpproxy_cache_size", MAASVersion(3, 5), true),
  ])
  func rackdReads(name: String, version: MAASVersion, known: Bool) {
    #expect((ControllerOptions.rackd.option(name, for: version) != nil) == known)
  }

  @Test(arguments: ControllerOptions.regiond + ControllerOptions.rackd + ControllerOptions.openFGA)
  func defaultsLieWithinTheirBounds(option: ControllerOption) throws {
    #expect((option.kind == .integer) == (option.usual.flatMap { Int($0) } != nil))
    guard let bounds = option.bounds else { return }
    #expect(try bounds.contains(#require(option.usual.flatMap { Int($0) })))
  }
}
