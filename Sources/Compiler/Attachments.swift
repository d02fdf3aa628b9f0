import Diagnostics
import Topology
import YAMLSyntax

/// Files beside the topology that rules look into, as the topology names them. Most topologies name none, and are not read for it.
package func attachmentPaths(of input: Input) -> [String] {
  guard input.bytes.count <= Limits.fileSize, input.bytes.contains("certificate_file") else { return [] }
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
