import Emission
import Foundation
import TestSupport
import Testing

/// `verify.sh` where nothing was deployed: everything differs, and both forms say the same. Needs root, as on a host.
@Suite struct VerifyScriptTests {
  private struct Report: Decodable {
    struct Check: Decodable {
      var kind: String
      var name: String
      var ok: Bool
      var difference: String
    }
    var host: String
    var differences: Int
    var checks: [Check]
  }

  @Test(arguments: [("split", "rack-a1"), ("deb", "region-1"), ("patroni", "db-2")]) func bothFormsSayTheSame(example: String, host: String) throws {
    try withScratchDirectory { root in
      let file = try #require(ExampleFile.all.first { $0.name == example })
      for file in try bundle(file.text()).files where file.path.hasPrefix("hosts/\(host)/") && !file.path.contains("/steps/") {
        let place = root.appending(path: file.path)
        try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: place)
      }
      let script = root.appending(path: "hosts/\(host)/verify.sh").path
      let json = try run("/usr/bin/env", ["bash", script, "--json"])
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output))
      #expect(json.status == 1 && report.host == host && json.errors.isEmpty, "\(json.story)")
      #expect(Set(report.checks.map(\.kind)) == ["file", "service", "socket", "probe"])
      #expect(report.differences == report.checks.filter { !$0.ok }.count && report.differences > 0)
      #expect(report.checks.allSatisfy { $0.ok == $0.difference.isEmpty })
      let text = try run("/usr/bin/env", ["bash", script])
      #expect(text.status == 1)
      #expect(text.text.hasSuffix("\(host): \(report.checks.count) checks, \(report.differences) differences\n"), "\(text.text.suffix(200))")
      for check in report.checks where !check.ok && check.kind == "file" { #expect(text.text.contains("file \(check.name): ")) }
      #expect(try run("/usr/bin/env", ["bash", script, "--what"]).status == 64)
    }
  }

  /// MAAS takes the database's name and user out of regiond.conf when it moves them to Vault: the deployment that did so must not end with a
  /// difference. Where Vault holds nothing, they must be there.
  @Test(arguments: [
    ("vault_secret_id: 0af1", true), ("vault_secret_id: \"0af1\"", true), ("vault_secret_id: ''", false), ("vault_secret_id: \"\"", false),
    ("", false),
  ])
  func credentialsThatVaultHoldsAreNotMissed(vault: String, isClean: Bool) throws {
    try withScratchDirectory { root in
      let conf = "/var/snap/maas/current/regiond.conf"
      let installed = root.appending(path: "regiond.conf")
      let file = try #require(ExampleFile.all.first { $0.name == "three-node" })
      let files = try bundle(file.text()).files
      let wanted = try #require(files.first { $0.path == "hosts/maas-1/files" + conf }).text
      let script = try #require(files.first { $0.path == "hosts/maas-1/verify.sh" }).text.replacing(conf, with: installed.path)
      let compiled = root.appending(path: "bundle/files" + installed.path)
      try FileManager.default.createDirectory(at: compiled.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(wanted.utf8).write(to: compiled)
      try Data(script.utf8).write(to: root.appending(path: "bundle/verify.sh"))
      let left = wanted.split(separator: "\n").filter { !$0.hasPrefix("database_name") && !$0.hasPrefix("database_user") }
      try Data((left + [Substring(vault)]).joined(separator: "\n").utf8).write(to: installed)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: installed.path)
      let json = try run("/usr/bin/env", ["bash", root.appending(path: "bundle/verify.sh").path, "--json"])
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output))
      let check = try #require(report.checks.first { $0.name == installed.path })
      #expect(check.ok == isClean, "\(check.difference)")
    }
  }
}
