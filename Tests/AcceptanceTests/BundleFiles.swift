import Diagnostics
import Emission
import Formats
import Foundation
import TestSupport

/// A bundle before every program that will read a part of it.
struct BundleFiles {
  let files: [OutputFile]

  /// Hosts with the same kinds of files are alike; of a large bundle two of each kind are looked at.
  init(_ bundle: Emission.Bundle) {
    var seen: [[String]: Int] = [:]
    var left: [String] = []
    let hosts = Set(bundle.files.compactMap { Self.host($0.path) }).sorted()
    for host in hosts {
      let kinds = bundle.files.filter { Self.host($0.path) == host }.map { String($0.path.trimmingPrefix("hosts/\(host)")) }
      seen[kinds, default: 0] += 1
      if seen[kinds, default: 0] > 2 { left.append(host) }
    }
    files = bundle.files.filter { file in !left.contains { Self.host(file.path) == $0 || file.path == "cloud-init/\($0).yaml" } }
  }

  func complaints() throws -> [String] {
    let hosts = Dictionary(grouping: files.filter { $0.path.contains("/files/") }) { Self.host($0.path) ?? "" }
    let ofHosts = try hosts.keys.sorted().flatMap { host in
      try Daemons.complaints(about: hosts[host, default: []].map { HostFile(Self.target($0.path), $0.text) }).map { "\(host): \($0)" }
    }
    return ofHosts + (try withScratchDirectory { try complaints(ofTheRestIn: $0) })
  }

  private func complaints(ofTheRestIn scratch: URL) throws -> [String] {
    var checks: [(title: String, program: String, package: String, arguments: [String])] = []
    var complaints: [String] = []
    for file in files {
      let place = scratch.appending(path: file.path)
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: place)
      try FileManager.default.setAttributes([.posixPermissions: Int(file.mode)], ofItemAtPath: place.path)
    }
    let scripts = files.filter { $0.path.hasSuffix(".sh") }.map { scratch.appending(path: $0.path).path }
    if !scripts.isEmpty { checks.append(("the scripts", "shellcheck", "shellcheck", ["-S", "style"] + scripts)) }
    for file in files where !file.path.contains("/files/") && !file.path.hasSuffix(".sh") {
      let place = scratch.appending(path: file.path).path
      switch file.path {
      case "README.md": continue
      case _ where file.path.hasSuffix(".json"): checks.append((file.path, "python3", "python3", ["-m", "json.tool", place, "/dev/null"]))
      case _ where file.path.hasSuffix(".csv"): checks.append((file.path, "python3", "python3", ["-c", Self.rectangle, place]))
      case _ where file.path.hasPrefix("cloud-init/"): checks.append((file.path, "cloud-init", "cloud-init", ["schema", "--config-file", place]))
      case _ where file.path.hasPrefix("ansible/"): if let check = ansible(file, place, scratch) { checks.append(check) }
      default: complaints.append("no program is known that reads \(file.path)")
      }
    }
    for check in checks {
      let result = try run(try find(check.program, package: check.package), check.arguments)
      if result.status != 0 || result.errors.contains("WARNING") { complaints.append("\(check.title): \(result.story)") }
    }
    return complaints
  }

  /// A playbook is checked with its inventory; the other files are read through it.
  private func ansible(_ file: OutputFile, _ place: String, _ scratch: URL) -> (String, String, String, [String])? {
    guard file.text.contains("hosts:"), file.text.contains("tasks:") else { return nil }
    let inventory = files.first { $0.path.hasPrefix("ansible/inventory") }.map { scratch.appending(path: $0.path).path } ?? "localhost,"
    return (file.path, "ansible-playbook", "ansible-core", ["--syntax-check", "-i", inventory, place])
  }

  private static let rectangle = """
    import csv, sys
    rows = list(csv.reader(open(sys.argv[1], newline=""), strict=True))
    assert rows and len({len(row) for row in rows}) == 1, "rows of different lengths"
    """

  private static func host(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "hosts" ? String(parts[1]) : nil
  }

  /// `/etc/x` of `hosts/a/files/etc/x`.
  private static func target(_ path: String) -> String { "/" + path.split(separator: "/").dropFirst(3).joined(separator: "/") }
}
