package import NetworkTypes

/// One flow that must be open; the firewall, `report/flows.csv` and rule M701 are made of these.
package struct Flow: Sendable, Hashable {
  /// A host of the plan, or a network or group outside of it (`machines`, `clients`, `10.9.0.0/24`).
  package enum End: Sendable, Hashable {
    case host(HostID)
    case network(IPNetwork)
    case vlan(VLANID)
    case outside(String)
  }
  package enum Service: Sendable, Hashable {
    case tcp(PortRange)
    case udp(PortRange)
    case vrrp
    case icmp
  }
  package var from: End
  package var to: End
  package var service: Service
  package var why: String
  package init(from: End, to: End, service: Service, why: String) {
    self.from = from
    self.to = to
    self.service = service
    self.why = why
  }
}
