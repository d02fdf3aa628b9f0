package import Diagnostics
package import NetworkTypes

/// Two racks that serve DHCP on one VLAN. One value makes both files, so that they mirror each other.
package struct DHCPFailover: Sendable, Hashable {
  package struct Subnet: Sendable, Hashable {
    /// IPv4: dhcpd has no failover for IPv6.
    package var network: IPNetwork
    package var gateway: IPAddress?
    package var ranges: [IPRange]
    package var origin: Span?
    package init(network: IPNetwork, gateway: IPAddress? = nil, ranges: [IPRange], origin: Span? = nil) {
      self.network = network
      self.gateway = gateway
      self.ranges = ranges
      self.origin = origin
    }
  }

  package var name: DHCPName
  package var primary: IPAddress
  package var secondary: IPAddress
  package var subnets: [Subnet]
  package var origin: Span?

  package init(_ name: DHCPName, primary: IPAddress, secondary: IPAddress, subnets: [Subnet], origin: Span? = nil) {
    self.name = name
    self.primary = primary
    self.secondary = secondary
    self.subnets = subnets
    self.origin = origin
  }

  package var primaryPreview: DHCPDPreview { DHCPDPreview(failover: self, role: .primary) }
  package var secondaryPreview: DHCPDPreview { DHCPDPreview(failover: self, role: .secondary) }
}

/// Stands in double quotes.
package enum DHCPNameGrammar: TextGrammar {
  package static let maximumLength = 255
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "-_./".unicodeScalars.contains(scalar)
  }
}
package typealias DHCPName = RestrictedText<DHCPNameGrammar>

/// What MAAS will write into dhcpd.conf about the failover pair, for review and comparison; never installed. The numbers are MAAS' own
/// (MAAS source, src/maasserver/templates/dhcp/dhcpd.conf.template): with `split 255` the primary answers alone while it lives.
package struct DHCPDPreview: ConfigDocument {
  package enum Role: String, Sendable { case primary, secondary }

  package var failover: DHCPFailover
  package var role: Role
  package init(failover: DHCPFailover, role: Role) {
    self.failover = failover
    self.role = role
  }

  package func write(to writer: inout TextWriter) {
    writer.from(failover.origin) { writer in
      writer.line("authoritative;")
      writer.line()
      writePeer(to: &writer)
      for subnet in failover.subnets {
        writer.line()
        writer.from(subnet.origin) { write(subnet, to: &$0) }
      }
    }
  }

  private func writePeer(to writer: inout TextWriter) {
    let (own, peer) = role == .primary ? (failover.primary, failover.secondary) : (failover.secondary, failover.primary)
    writer.block("failover peer \"\(failover.name)\"") { writer in
      writer.line("\(role.rawValue);")
      writer.line("address \(own);")
      writer.line("peer address \(peer);")
      writer.line("max-response-delay 60;")
      writer.line("max-unacked-updates 10;")
      writer.line("load balance max seconds 3;")
      guard role == .primary else { return }
      writer.line("mclt 3600;")
      writer.line("split 255;")
    }
  }

  private func write(_ subnet: DHCPFailover.Subnet, to writer: inout TextWriter) {
    writer.block("subnet \(subnet.network.address) netmask \(subnet.network.netmask)") { writer in
      if let gateway = subnet.gateway { writer.line("option routers \(gateway);") }
      writer.block("pool") { writer in
        writer.line("failover peer \"\(failover.name)\";")
        for range in subnet.ranges { writer.line("range \(range.first) \(range.last);") }
      }
    }
  }
}
