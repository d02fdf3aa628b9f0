import Diagnostics
package import NetworkTypes

extension Topology {
  /// 1–255. Derived ones come from the installation's name and the address, so that they stay the same whatever else changes in the file.
  package func virtualRouterID(of vip: VirtualAddress) -> Derived<Int> {
    if let given = vip.virtualRouterID { return Derived(given: given) }
    return Derived(
      derivedRouterIDs.first { $0.address == vip.address.value.description }?.id ?? routerID(vip, avoiding: []),
      because: "from the installation's name and the address; no two of one installation are alike")
  }

  package func advertInterval() -> Derived<Duration> {
    Derived(vrrp?.advertInterval, else: Duration(milliseconds: 300), because: "a lost host is noticed after three, so within a second")
  }

  package func preempt() -> Derived<Bool> {
    Derived(vrrp?.preempt, else: false, because: "a host that comes back must not move the address a second time")
  }

  /// 150 for the first HAProxy host of the file, one less for each further one: distinct by construction.
  package func vrrpPriority(of host: HostID) -> Int {
    guard case .haproxy(let haproxy) = balancer else { return 1 }
    return max(1, 150 - (haproxy.hosts.firstIndex { $0.value == host } ?? 149))
  }

  private var vrrp: VRRP? {
    if case .haproxy(let haproxy) = balancer { haproxy.vrrp } else { nil }
  }

  /// Addresses in ascending order, so that the order in the file decides nothing.
  private var derivedRouterIDs: [(address: String, id: Int)] {
    guard case .haproxy(let haproxy) = balancer else { return [] }
    var taken = haproxy.vips.compactMap { $0.virtualRouterID?.value }
    var result: [(address: String, id: Int)] = []
    let open = haproxy.vips.filter { $0.virtualRouterID == nil }.sorted { $0.address.value.address < $1.address.value.address }
    for vip in open {
      let id = routerID(vip, avoiding: taken)
      taken.append(id)
      result.append((vip.address.value.description, id))
    }
    return result
  }

  private func routerID(_ vip: VirtualAddress, avoiding taken: [Int]) -> Int {
    let start = Int(fnv1a("\(name.value) \(vip.address.value.address)") % 255)
    let candidates = (0..<255).lazy.map { (start + $0) % 255 + 1 }
    return candidates.first { !taken.contains($0) } ?? start + 1
  }

  /// FNV-1a, 32 bits: Swift's own hash differs from run to run.
  private func fnv1a(_ text: String) -> UInt32 {
    text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
