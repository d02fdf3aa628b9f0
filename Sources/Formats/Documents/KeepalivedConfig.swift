package import Diagnostics
package import NetworkTypes

/// keepalived.conf for VRRP version 3 between named peers (unicast).
package struct KeepalivedConfig: ConfigDocument {
  package var routerID: KeepalivedName
  package var scripts: [Script]
  package var instances: [Instance]

  package init(routerID: KeepalivedName, scripts: [Script], instances: [Instance]) {
    self.routerID = routerID
    self.scripts = scripts
    self.instances = instances
  }

  /// A check that takes this host out of the election while it fails.
  package struct Script: Sendable, Hashable {
    package var name: KeepalivedName
    /// Program with absolute path, and its arguments. keepalived runs it without a shell.
    package var command: [BareWord]
    /// Seconds.
    package var interval: Int
    /// Seconds.
    package var timeout: Int
    package var fall: Int
    package var rise: Int
    package var comment: LineText?
    package var origin: Span?

    package init(
      _ name: KeepalivedName, command: [BareWord], interval: Int = 1, timeout: Int = 2, fall: Int = 2, rise: Int = 2, comment: LineText? = nil,
      origin: Span? = nil
    ) {
      self.name = name
      self.command = command
      self.interval = interval
      self.timeout = timeout
      self.fall = fall
      self.rise = rise
      self.comment = comment
      self.origin = origin
    }
  }

  /// One election. An instance speaks one address family, that of `source` and `peers`; its first virtual address must be of it. Addresses of
  /// the other family move along without being advertised.
  package struct Instance: Sendable, Hashable {
    package var name: KeepalivedName
    package var interface: InterfaceName
    /// 1–255, one on its layer 2.
    package var virtualRouterID: Int
    /// 1–254, different on every host.
    package var priority: Int
    package var advertInterval: Duration
    /// False: the address stays where it is when a host of higher priority comes back.
    package var preempts: Bool
    package var source: IPAddress
    package var peers: [IPAddress]
    package var addresses: [InterfaceAddress]
    package var scripts: [KeepalivedName]
    package var comment: LineText?
    package var origin: Span?

    package init(
      _ name: KeepalivedName, interface: InterfaceName, virtualRouterID: Int, priority: Int, advertInterval: Duration, preempts: Bool = false,
      source: IPAddress, peers: [IPAddress], addresses: [InterfaceAddress], scripts: [KeepalivedName], comment: LineText? = nil, origin: Span? = nil
    ) {
      self.name = name
      self.interface = interface
      self.virtualRouterID = virtualRouterID
      self.priority = priority
      self.advertInterval = advertInterval
      self.preempts = preempts
      self.source = source
      self.peers = peers
      self.addresses = addresses
      self.scripts = scripts
      self.comment = comment
      self.origin = origin
    }
  }
}

/// Names of scripts and instances; a word for keepalived's parser.
package enum KeepalivedNameGrammar: TextGrammar {
  package static let maximumLength = 64
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "-_.".unicodeScalars.contains(scalar)
  }
}
package typealias KeepalivedName = RestrictedText<KeepalivedNameGrammar>

extension KeepalivedConfig {
  package func write(to writer: inout TextWriter) {
    writer.block("global_defs") { writer in
      writer.line("router_id \(routerID)")
      writer.line("vrrp_version 3")
      writer.line("script_user root")
      writer.line("enable_script_security")
    }
    for script in scripts {
      writer.line()
      writer.from(script.origin) { script.write(to: &$0) }
    }
    for instance in instances {
      writer.line()
      writer.from(instance.origin) { instance.write(to: &$0) }
    }
  }
}

extension KeepalivedConfig.Script {
  fileprivate func write(to writer: inout TextWriter) {
    if let comment { writer.line("# \(comment)") }
    writer.block("vrrp_script \(name)") { writer in
      writer.line("script \"\(command.map(\.description).joined(separator: " "))\"")
      writer.line("interval \(interval)")
      writer.line("timeout \(timeout)")
      writer.line("fall \(fall)")
      writer.line("rise \(rise)")
    }
  }
}

extension KeepalivedConfig.Instance {
  fileprivate func write(to writer: inout TextWriter) {
    if let comment { writer.line("# \(comment)") }
    writer.block("vrrp_instance \(name)") { writer in
      // BACKUP everywhere: keepalived ignores nopreempt in a host that starts as MASTER.
      writer.line("state BACKUP")
      if !preempts { writer.line("nopreempt") }
      writer.line("interface \(interface)")
      writer.line("virtual_router_id \(virtualRouterID)")
      writer.line("priority \(priority)")
      writer.line("advert_int \(seconds(advertInterval))")
      writer.line("unicast_src_ip \(source)")
      writer.block("unicast_peer") { for peer in peers { $0.line("\(peer)") } }
      writeAddresses(to: &writer)
      if !scripts.isEmpty { writer.block("track_script") { for script in scripts { $0.line("\(script)") } } }
    }
  }

  private func writeAddresses(to writer: inout TextWriter) {
    let (own, other) = (addresses.filter { $0.address.family == source.family }, addresses.filter { $0.address.family != source.family })
    writer.block("virtual_ipaddress") { for address in own { $0.line("\(address) dev \(interface)") } }
    if !other.isEmpty {
      writer.block("virtual_ipaddress_excluded") { for address in other { $0.line("\(address) dev \(interface)") } }
    }
  }

  /// VRRP version 3 counts hundredths of a second.
  private func seconds(_ duration: Duration) -> String {
    let (whole, hundredths) = (duration.milliseconds / 1000, duration.milliseconds % 1000 / 10)
    if hundredths == 0 { return String(whole) }
    return hundredths % 10 == 0 ? "\(whole).\(hundredths / 10)" : "\(whole).\(hundredths < 10 ? "0" : "")\(hundredths)"
  }
}
