import NetworkTypes
import Topology

extension HBAEntry.Peer {
  func covers(_ address: IPAddress) -> Bool {
    switch self {
    case .network(let network): network.contains(address)
    case .keyword(let word): word == "all"
    case .name: false
    }
  }

  /// Every address of a family.
  var isEverywhere: Bool {
    switch self {
    case .network(let network): network.prefixLength == 0
    case .keyword(let word): word == "all"
    case .name: false
    }
  }
}
