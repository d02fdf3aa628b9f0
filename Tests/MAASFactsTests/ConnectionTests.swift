import MAASFacts
import Testing

@Suite struct ConnectionTests {
  @Test(arguments: [
    (MAASVersion(3, 4), 50, 90), (MAASVersion(3, 5), 104, 144), (MAASVersion(3, 6), 100, 140), (MAASVersion(3, 7), 100, 140),
    (MAASVersion(3, 7, 2), 100, 140), (MAASVersion(3, 8), 103, 143), (MAASVersion(4, 0), 103, 143),
  ])
  func oneRegionOpensAtMost(version: MAASVersion, with4: Int, with8: Int) {
    #expect(Connections.perRegion(version, workers: 4) == with4)
    #expect(Connections.perRegion(version, workers: 8) == with8)
  }

  @Test(arguments: [
    (MAASVersion(3, 4), ["regiond 50"]), (MAASVersion(3, 5), ["regiond 50", "API server 15", "Temporal worker 15", "Temporal 24"]),
    (MAASVersion(3, 7), ["regiond 50", "API server 13", "Temporal worker 13", "Temporal 24"]),
    (MAASVersion(3, 8), ["regiond 50", "API server 13", "Temporal worker 13", "Temporal 24", "OpenFGA 3"]),
  ])
  func theSumIsNamedProcessByProcess(version: MAASVersion, processes: [String]) {
    #expect(Connections.addends(version, workers: 4).map { "\($0.name) \($0.count)" } == processes)
  }
}
