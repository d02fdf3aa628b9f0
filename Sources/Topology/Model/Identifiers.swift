// References are indices into the arrays of `Topology`. They are made only by the reader, after it has found the name, so they cannot dangle.

package struct HostID: Hashable, Comparable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: HostID, right: HostID) -> Bool { left.index < right.index }
}

package struct VLANID: Hashable, Comparable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: VLANID, right: VLANID) -> Bool { left.index < right.index }
}

package struct SecretID: Hashable, Comparable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: SecretID, right: SecretID) -> Bool { left.index < right.index }
}

/// An index into `Topology.racks`.
package struct RackID: Hashable, Comparable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: RackID, right: RackID) -> Bool { left.index < right.index }
}

/// An index into `Topology.regions`.
package struct RegionID: Hashable, Comparable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: RegionID, right: RegionID) -> Bool { left.index < right.index }
}
