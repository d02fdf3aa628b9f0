import Diagnostics
import NetworkTypes

extension Nftables {
  package func write(to writer: inout TextWriter) {
    // The first line makes the second one succeed where there is no such table yet; a file is one transaction.
    writer.line("table inet maasc")
    writer.line("delete table inet maasc")
    writer.line()
    writer.block("table inet maasc") { writer in
      for (index, set) in sets.enumerated() {
        if index > 0 { writer.line() }
        writer.from(set.origin) { set.write(to: &$0) }
      }
      for (index, chain) in chains.enumerated() {
        if index > 0 || !sets.isEmpty { writer.line() }
        chain.write(to: &writer)
      }
    }
  }
}

extension Nftables.AddressSet {
  fileprivate func write(to writer: inout TextWriter) {
    writer.block("set \(name)") { writer in
      writer.line("type \(family == .v4 ? "ipv4_addr" : "ipv6_addr")")
      writer.line("flags interval")
      if let comment { writer.line("comment \"\(comment)\"") }
      let elements = disjoint(networks.filter { $0.family == family })
      if !elements.isEmpty { writer.line("elements = \(braces(elements))") }
    }
  }
}

extension Nftables.Chain {
  fileprivate func write(to writer: inout TextWriter) {
    writer.block("chain \(name)") { writer in
      if let base { writer.line("type filter hook \(base.hook.rawValue) priority filter; policy \(base.policy.rawValue);") }
      // A rule with an empty list of networks or ports matches nothing, and nft has no way to write it.
      for rule in rules where !rule.matches.contains(where: \.isEmpty) { writer.line(rule.text, origin: rule.origin) }
    }
  }
}

extension Nftables.Rule {
  fileprivate var text: String {
    let words = matches.map(\.text) + [verdict.text]
    return (words + (comment.map { ["comment \"\($0)\""] } ?? [])).joined(separator: " ")
  }
}

extension Nftables.Verdict {
  fileprivate var text: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .reject: "reject"
    case .jump(let chain): "jump \(chain)"
    }
  }
}

extension Nftables.Match {
  fileprivate var text: String {
    switch self {
    case .interface(let name): "iifname \"\(name)\""
    case .loopback: "iif lo"
    case .established: "ct state established,related"
    case .invalid: "ct state invalid"
    case .source(let networks): addresses("saddr", networks)
    case .sourceSet(let name, let family): "\(keyword(family)) saddr @\(name)"
    case .destination(let networks): addresses("daddr", networks)
    case .tcp(let ports): "tcp dport \(one(ports.map(\.description)))"
    case .udp(let ports): "udp dport \(one(ports.map(\.description)))"
    // Numbers: a host without netbase has no /etc/protocols, and nft refuses a file with a name that it cannot look up.
    case .vrrp: "meta l4proto 112"
    case .icmp: "meta l4proto 1"
    case .icmpv6: "meta l4proto 58"
    case .igmp: "meta l4proto 2"
    }
  }

  fileprivate var isEmpty: Bool {
    switch self {
    case .source(let networks), .destination(let networks): networks.isEmpty
    case .tcp(let ports), .udp(let ports): ports.isEmpty
    default: false
    }
  }

  private func addresses(_ field: String, _ networks: [IPNetwork]) -> String {
    let disjoint = disjoint(networks)
    return "\(keyword(disjoint.first?.family ?? .v4)) \(field) \(one(disjoint.map(element)))"
  }

  private func keyword(_ family: IPAddress.Family) -> String { family == .v4 ? "ip" : "ip6" }
}

/// Sorted, without those that another one holds.
private func disjoint(_ networks: [IPNetwork]) -> [IPNetwork] {
  var result: [IPNetwork] = []
  for network in networks.sorted() where !(result.last?.contains(network) ?? false) { result.append(network) }
  return result
}

/// A host without its prefix length, as nft lists it.
private func element(_ network: IPNetwork) -> String {
  network.prefixLength == network.family.bits ? network.address.description : network.description
}

private func braces(_ networks: [IPNetwork]) -> String { "{ \(networks.map(element).joined(separator: ", ")) }" }
private func one(_ values: [String]) -> String { values.count == 1 ? values[0] : "{ \(values.joined(separator: ", ")) }" }
