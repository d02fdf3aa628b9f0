import Compiler
import Diagnostics
import Emission
import Foundation
import TestSupport
import Testing

/// What a host cannot fetch by itself: snaps of a site without the store, secrets that only the host may read.
@Suite struct HostResourceTests {
  private static let topology = """
    schema: 1
    name: island
    maas: {version: "3.7", admin: {username: admin, email: ops@example.net, password: admin}}
    packages: {snap: {files: "/srv/our snaps"}}
    secrets:
      database: {command: [vault, read, "-format={{.data}}"], read: host}
      admin: {file: /root/admin, read: host}
    hosts: {node: {address: 10.0.0.5, os: ubuntu-24.04}}
    regions: {node: {}}
    racks: {node: {}}
    postgresql: {version: 16, members: [node], database: {password: database}}
    firewall: {manage: nftables, management: [10.9.0.0/24]}

    """

  /// The site's own archive: its file lies beside the topology, and each host gets it.
  @Test func theSitesSourcesAreInTheBundle() throws {
    let text = Self.topology.replacing("snap: {files: \"/srv/our snaps\"}", with: "apt: {sources: site.sources}")
    let sources = "Types: deb\nURIs: http://apt.example.net/maas\nSuites: noble\nComponents: main\n"
    let input = Input(path: "island.topology.yaml", bytes: Array(text.utf8), attachment: { _ in Array(sources.utf8) })
    let files = try #require(try compile(input).bundle).files
    let installed = try #require(files.first { $0.path == "hosts/node/files/etc/apt/sources.list.d/maasc.sources" })
    #expect(installed.text.hasSuffix(sources))
    let step = try #require(files.first { $0.path == "hosts/node/steps/packages-sources.sh" })
    #expect(step.text.contains("install_file /etc/apt/sources.list.d/maasc.sources"))
  }

  @Test(arguments: [nil, "", "not of apt"]) func sourcesThatCannotBeReadAreAFinding(text: String?) throws {
    let topology = Self.topology.replacing("snap: {files: \"/srv/our snaps\"}", with: "apt: {sources: site.sources}")
    let input = Input(path: "island.topology.yaml", bytes: Array(topology.utf8)) { _ in text.map { Array($0.utf8) } }
    let compilation = try compile(input)
    #expect(compilation.bundle == nil)
    #expect(lines(compilation.checked).contains { $0.hasPrefix("M105 error: 'site.sources'") })
  }

  private func file(_ path: String) throws -> String {
    try #require(try bundle(Self.topology).files.first { $0.path == path }).text
  }

  @Test func theFolderOfSnapsIsSentBeforeTheyAreInstalled() throws {
    let deploy = try file("runbook/deploy.sh")
    #expect(deploy.contains("node/packages-maas) FOLDER='/srv/our snaps' PLACE=/var/lib/maasc/snaps ;;"))
    let playbook = try file("ansible/playbook.yaml")
    #expect(playbook.contains(#""folders":[{"source":"/srv/our snaps","destination":"/var/lib/maasc/snaps"}]"#))
    #expect(playbook.components(separatedBy: #""folders":[{"#).count == 2)
  }

  @Test func aSecretOfTheHostIsNeverAskedForElsewhere() throws {
    #expect(try file("runbook/deploy.sh").contains("admin) READER=host CHARSET=any COMMAND=(cat /root/admin) ;;"))
    #expect(!(try file("ansible/inventory.yaml")).contains("admin"))
    #expect(try file("ansible/playbook.yaml").contains(#"{"name":"admin","charset":"any","command":["cat","/root/admin"]}"#))
  }

  @Test func nothingOfACommandIsAnExpressionOfJinja() throws {
    #expect(try file("ansible/playbook.yaml").contains(#""-format={{ '{' }}{{ '{' }}.data}}""#))
  }

  @Test func onlyTheStepThatProvesALoginBeginsWithOne() throws {
    let plays = try file("ansible/playbook.yaml").components(separatedBy: "\n- name: ").filter { $0.contains("reset_connection") }
    #expect(plays.map { $0.prefix { $0 != "\n" } } == [#""firewall-keep""#])
  }
}
