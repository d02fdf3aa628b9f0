package import Diagnostics
package import NetworkTypes

/// Our own table, replaced as a whole in one transaction; other tables on the host stay.
package struct Nftables: ConfigDocument {
  package var sets: [AddressSet]
  package var chains: [Chain]

  package init(sets: [AddressSet], chains: [Chain]) {
    self.sets = sets
    self.chains = chains
  }

  /// A named set of networks of one family.
  package struct AddressSet: Sendable, Hashable {
    package var name: NftName
    package var family: IPAddress.Family
    /// Duplicates and networks inside others are left out when written, since nft refuses overlaps.
    package var networks: [IPNetwork]
    package var comment: NftComment?
    package var origin: Span?

    package init(_ name: NftName, family: IPAddress.Family, networks: [IPNetwork], comment: NftComment? = nil, origin: Span? = nil) {
      self.name = name
      self.family = family
      self.networks = networks
      self.comment = comment
      self.origin = origin
    }
  }

  package struct Chain: Sendable, Hashable {
    package enum Hook: String, Sendable { case input, forward, output, prerouting, postrouting }
    package enum Policy: String, Sendable { case accept, drop }
    /// Nil for a chain that is only jumped to.
    package struct Base: Sendable, Hashable {
      package var hook: Hook
      package var policy: Policy
      package init(_ hook: Hook, policy: Policy) {
        self.hook = hook
        self.policy = policy
      }
    }
    package var name: NftName
    package var base: Base?
    package var rules: [Rule]
    package init(_ name: NftName, base: Base? = nil, rules: [Rule]) {
      self.name = name
      self.base = base
      self.rules = rules
    }
  }

  package enum Match: Sendable, Hashable {
    case interface(InterfaceName)
    case loopback
    case established
    case invalid
    /// Of one family.
    case source([IPNetwork])
    case sourceSet(NftName, IPAddress.Family)
    case destination([IPNetwork])
    case tcp([PortRange])
    case udp([PortRange])
    /// Protocol 112.
    case vrrp
    case icmp
    case icmpv6
    case igmp
  }

  package enum Verdict: Sendable, Hashable {
    case accept, drop
    case jump(NftName)
    /// Refused with an answer, so that clients do not wait.
    case reject
  }

  package struct Rule: Sendable, Hashable {
    package var matches: [Match]
    package var verdict: Verdict
    package var comment: NftComment?
    package var origin: Span?
    package init(_ matches: [Match], _ verdict: Verdict, comment: NftComment? = nil, origin: Span? = nil) {
      self.matches = matches
      self.verdict = verdict
      self.comment = comment
      self.origin = origin
    }
  }
}

/// Names of sets and chains. nft has no quotes for them; its keywords are refused by the daemon's own check.
package enum NftNameGrammar: TextGrammar {
  package static let maximumLength = 63
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || (!isFirst && (scalar.isDigit || scalar == "_" || scalar == "-"))
  }
}
package typealias NftName = RestrictedText<NftNameGrammar>

/// A comment of a rule or set stands in double quotes, without escapes, and the kernel keeps 128 bytes with the NUL.
package enum NftCommentGrammar: TextGrammar {
  package static let maximumLength = 127
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool { !scalar.breaksLines && scalar != "\"" && scalar != "\\" }
}
package typealias NftComment = RestrictedText<NftCommentGrammar>
