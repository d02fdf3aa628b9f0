import Diagnostics
import Topology
import YAMLSyntax

/// Files beside the topology that rules look into, as the topology names them. Most topologies name none, and are not read for it.
package func attachmentPaths(of input: Input) -> [String] {
  guard input.bytes.contains("certificate_file".utf8) else { return [] }
  var sources = SourceMap()
  var findings = Findings()
  let file = sources.add(path: input.path, bytes: input.bytes)
  let topology = parse(file, &findings).flatMap { readTopology($0, file, &sources, &findings) }
  return topology?.maas.tls?.certificateFile.map { [$0.value] } ?? []
}

extension Topology {
  func attaching(_ input: Input) -> Topology {
    guard let path = maas.tls?.certificateFile?.value, let file = input.attachments.first(where: { $0.path == path }) else { return self }
    var topology = self
    topology.certificate = CertificateFacts(file.bytes).map { .certificate($0) } ?? .unreadable
    return topology
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String.UTF8View) -> Bool {
    guard let first = text.first else { return true }
    var rest = self[...]
    while let position = rest.firstIndex(of: first) {
      if self[position...].starts(with: text) { return true }
      rest = self[(position + 1)...]
    }
    return false
  }
}
