import Diagnostics
import Topology
import YAMLSyntax

/// Files beside the topology that it names: rules look into one, hosts get the other. Most topologies name none, and are not read for it.
package func attachmentPaths(of input: Input) -> [String] {
  guard input.bytes.count <= Limits.fileSize, input.bytes.contains("certificate_file") || input.bytes.contains("apt") else { return [] }
  var sources = SourceMap()
  var findings = Findings()
  let file = sources.add(path: input.path, bytes: input.bytes)
  let topology = parse(file, &findings).flatMap { readTopology($0, file, &sources, &findings) }
  return [topology?.maas.tls?.certificateFile, topology?.packages.aptSources].compactMap { $0?.value }
}

extension Topology {
  func attaching(_ input: Input, _ findings: inout Findings) -> Topology {
    var topology = self
    if let path = maas.tls?.certificateFile?.value, let file = input.attachments.first(where: { $0.path == path }) {
      topology.certificate = CertificateFacts(file.bytes).map { .certificate($0) } ?? .unreadable
    }
    if let path = packages.aptSources {
      topology.aptSources = input.attachments.first { $0.path == path.value }.flatMap { sourcesText($0.bytes) }
      if topology.aptSources == nil { findings.report(unreadableSources(path)) }
    }
    return topology
  }

  private func sourcesText(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), text.contains("URIs:"), !text.contains("\0") else { return nil }
    return text
  }

  private func unreadableSources(_ path: Located<String>) -> Diagnostic {
    Diagnostic(
      .badValue, .error, "'\(path.value)' beside the topology is no file that apt could read", at: path.span,
      help: "put a deb822 file there, with Types, URIs and Suites")
  }
}

extension RuleID {
  fileprivate static let badValue = RuleID(105)
}

extension [UInt8] {
  /// Every topology is searched for this, so it goes over the bytes themselves.
  fileprivate func contains(_ text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return withUnsafeBufferPointer { bytes in
      var start = 0
      while start + wanted.count <= bytes.count {
        var length = 0
        while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
        if length == wanted.count { return true }
        start += 1
      }
      return false
    }
  }
}
