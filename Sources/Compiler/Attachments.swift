import Diagnostics
import Topology

// Files beside the topology that it names: rules look into one, hosts get the other.

extension Topology {
  func attaching(_ input: Input, _ findings: inout Findings) -> Topology {
    var topology = self
    if let path = maas.tls?.certificateFile?.value, let bytes = input.attachment(path) {
      topology.certificate = CertificateFacts(bytes).map { .certificate($0) } ?? .unreadable
    }
    if let path = packages.aptSources {
      topology.aptSources = input.attachment(path.value).flatMap(sourcesText)
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
