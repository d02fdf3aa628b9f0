import Diagnostics
import NetworkTypes

extension HAProxyConfig {
  package func write(to writer: inout TextWriter) {
    writer.line("global")
    writer.indented { global.write(to: &$0) }
    writer.line()
    writer.line("defaults")
    writer.indented { defaults.write(to: &$0) }
    for frontend in frontends {
      writer.line()
      writer.from(frontend.origin) { frontend.write(to: &$0) }
    }
    for backend in backends {
      writer.line()
      writer.from(backend.origin) { backend.write(to: &$0) }
    }
  }
}

extension TextWriter {
  fileprivate mutating func write(_ directives: [HAProxyConfig.Directive]) {
    for directive in directives { line(directive.words.map(\.description).joined(separator: " "), origin: directive.origin) }
  }

  fileprivate mutating func write(_ timeouts: [HAProxyConfig.Timeout]) {
    for timeout in timeouts { line("timeout \(timeout.name.rawValue) \(timeout.value)", origin: timeout.origin) }
  }

  fileprivate mutating func check(_ method: String, _ path: HAProxyWord, _ status: Int) {
    line("option httpchk \(method) \(path)")
    line("http-check expect status \(status)")
  }

  fileprivate mutating func write(_ verbatim: HAProxyConfig.Verbatim?) {
    guard let verbatim else { return }
    from(verbatim.origin) { writer in
      writer.line("# From \(verbatim.keyPath), as it stands there:")
      for part in verbatim.text.split(whereSeparator: \.isNewline) { writer.line(String(part)) }
      writer.line("# End of \(verbatim.keyPath).")
    }
  }
}

extension HAProxyConfig.Global {
  fileprivate func write(to writer: inout TextWriter) {
    writer.write(directives)
    if let maxconn { writer.line("maxconn \(maxconn)") }
    writer.write(extra)
  }
}

extension HAProxyConfig.Defaults {
  fileprivate func write(to writer: inout TextWriter) {
    writer.line("mode \(mode.rawValue)")
    writer.write(directives)
    writer.write(timeouts)
    writer.write(extra)
  }
}

extension HAProxyConfig.Frontend {
  fileprivate func write(to writer: inout TextWriter) {
    if let comment { writer.line("# \(comment)") }
    writer.line("frontend \(name)")
    writer.indented { writer in
      writer.line("mode \(mode.rawValue)")
      for bind in binds { writer.line("bind \(bind.text)", origin: bind.origin) }
      if let monitorURI { writer.line("monitor-uri \(monitorURI)") }
      if let maxconn { writer.line("maxconn \(maxconn)") }
      writer.write(timeouts)
      writer.write(directives)
      writer.line("default_backend \(defaultBackend)")
    }
  }
}

extension HAProxyConfig.Bind {
  fileprivate var text: String { socket + (userTimeout.map { " tcp-ut \($0)" } ?? "") }

  private var socket: String {
    switch address {
    case .everyIPv4: "*:\(port)"
    case .every: "[::]:\(port) v4v6"
    case .address(let address): "\(address.bracketed):\(port)"
    }
  }
}

extension HAProxyConfig.Backend {
  fileprivate func write(to writer: inout TextWriter) {
    if let comment { writer.line("# \(comment)") }
    writer.line("backend \(name)")
    writer.indented { writer in
      writer.line("mode \(mode.rawValue)")
      if let balance { writer.line("balance \(balance)") }
      if hashesConsistently { writer.line("hash-type consistent") }
      switch check {
      case .connect: break
      case .http(let path, let status): writer.check("GET", path, status)
      case .httpOptions(let path, let status): writer.check("OPTIONS", path, status)
      }
      writer.write(timeouts)
      writer.write(directives)
      if let serverDefaults { writer.line("default-server \(serverDefaults.text)") }
      for server in servers { writer.line("server \(server.text)", origin: server.origin) }
    }
  }
}

extension HAProxyConfig.ServerDefaults {
  fileprivate var text: String {
    var words = ["inter \(interval)"]
    if let fastInterval { words.append("fastinter \(fastInterval)") }
    if let downInterval { words.append("downinter \(downInterval)") }
    words += ["fall \(fall)", "rise \(rise)"]
    if shutsDownSessions { words.append("on-marked-down shutdown-sessions") }
    return words.joined(separator: " ")
  }
}

extension HAProxyConfig.Server {
  fileprivate var text: String {
    var words = ["\(name)"]
    switch host {
    case .address(let address): words.append("\(address.bracketed):\(port)")
    case .name(let name): words.append("\(name):\(port) init-addr last,libc,none")
    }
    if let source { words.append("source \(source.bracketed)") }
    words.append(checkPort.map { "check port \($0)" } ?? "check")
    if let maxconn { words.append("maxconn \(maxconn)") }
    if isBackup { words.append("backup") }
    return words.joined(separator: " ")
  }
}
