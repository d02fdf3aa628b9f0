import Diagnostics
import Foundation
import TestSupport
import Testing
import Topology
import YAMLSyntax

/// The JSON Schema and the reader are held together over thousands of documents, good ones and damaged ones: what the reader takes, the
/// schema takes; what the schema takes has no wrong key, no wrong kind and no missing key for the reader.
@Suite struct SchemaDifferentialTests {
  /// Every key of the language at least once.
  static let seed = """
    schema: 1
    name: all
    maas:
      version: 3.7
      install: snap
      channel: 3.7/stable
      url: http://maas.example.net/MAAS
      admin: {username: admin, email: ops@example.net, password: p}
      settings: {ntp_servers: 10.0.0.1, maas_proxy_port: 8000}
      tls: {port: 5443, certificate: p, key: p, certificate_file: certs/maas.pem}
      vault: {url: "https://vault.example.net", secrets_path: maas, secrets_mount: secret, approle_id: p, wrapped_token: p, migrated: false}
      boot_sources: [{url: "http://mirror/images/", keyring: /usr/share/keyrings/k.gpg}]
    packages: {snap: {cohort: prg, files: /srv/snaps}, apt: {sources: site.sources, versions: {maas: "1:3.6.5-*"}}}
    secrets:
      p: {env: P, per_host: true, read: host}
      q: {file: /root/q}
      r: {command: [vault, kv, get]}
    hosts:
      a: {address: 10.0.0.1, zone: no, cpus: 8, os: ubuntu-24.04, macs: ["52:54:00:12:34:56"], listens: {registry: tcp/81}, services: [dnsmasq]}
      b:
        address: 10.0.0.2
        ssh: {user: ops, port: 22, jump: bastion}
        interfaces: {bond0: {addresses: [10.0.0.2/24], mtu: 9000}, bond0.5: {vlan: f/v, addresses: [10.5.0.2/24], tagged: true, ignore: false}}
        maas_hostname: old
        manage: {default: full, maas: observe}
      c: {address: 10.0.0.3, addresses: {v: [10.5.0.3, "2001:db8::3"]}, manage: none}
    regions: {a: {version: 3.7, num_workers: 4, maas_url: "http://maas.example.net/MAAS", broadcast_address: 10.0.0.1, options: {debug: true}}}
    racks: {b: {maas_url: ["http://a/MAAS"]}, c: {maas_url: "http://a/MAAS"}}
    vm_hosts: {a: {type: lxd}}
    postgresql:
      version: 16
      mode: patroni
      members: [a, b, c]
      port: 5432
      cluster: main
      data_directory: /data/pg
      max_connections: auto
      database: {name: maasdb, user: maas, password: p}
      parameters: {max_slot_wal_keep_size: 64GB}
      hba: ["host all monitoring 10.9.0.0/24 scram-sha-256"]
      other_connections: 40
      pooler: none
      extensions: [btree_gin]
      replication: {user: replicator, password: q, synchronous: true}
      patroni: {scope: maas, etcd: [a, b, c], superuser_password: p, rewind: {user: rewind, password: r}, ttl: 20, loop_wait: 5, retry_timeout: 5, failsafe_mode: true}
    haproxy:
      hosts: [a, b]
      vips: [{address: 10.0.0.10/24, interface: {a: eth0, b: eth1}, virtual_router_id: 5}]
      frontend: {port: 80, tls_port: 443}
      balance: source
      vrrp: {preempt: false, advert_int: 0.3}
      passthrough: [5242]
      backends: {one: "10.0.0.1:5240"}
      timeouts: {client: 900s, server: 900s, connect: 5s, queue: 20s, check: 1s, tunnel: 900s}
      database: {maxconn: 350, timeout: 24h}
      extra: {global: "", defaults: ""}
    fabrics:
      f:
        v:
          vid: 5
          mtu: 1500
          space: default
          machines: 10
          bmcs: 1
          subnets: {10.5.0.0/24: {gateway: 10.5.0.1, dns_servers: [10.0.0.10], ranges: [{type: dynamic, start: 10.5.0.50, end: 10.5.0.99, comment: x}]}}
          dhcp: {primary_rack: b, secondary_rack: c}
        w: {relay: {to: v, helpers: [10.5.0.2]}, dhcp: false}
        x: {dhcp: unmanaged}
    firewall: {manage: nftables, management: [10.9.0.0/24], allow: [{from: [10.9.0.0/24], tcp: [9100, 9200-9210], udp: [161]}]}
    backup: {host: c, directory: /b, keep: 7, copy_to: "ops@store:/x"}
    manage: {default: full, postgresql: observe}
    """

  /// What each scalar is replaced by, in turn.
  static let replacements = ["5", "x", "true", "[]", "{}", "[5]", "{x: 1}", "\"\"", "~", "-1", "1.5", "0x10", "\"5\"", "10.0.0.9", "no"]

  @Test func schemaAndReaderAgree() throws {
    let documents = Self.documents()
    let verdicts = try verdicts(documents)
    #expect(verdicts.count == documents.count)
    var accepted = 0
    #expect(verdicts.count { $0.hasPrefix("unreadable") } * 20 < verdicts.count, "too many documents that only one side can read")
    for (document, verdict) in zip(documents, verdicts) where !verdict.hasPrefix("unreadable") {
      let findings = read(document).diagnostics.filter { $0.severity == .error }
      if findings.isEmpty {
        accepted += 1
        #expect(verdict == "valid", "the reader takes what the schema refuses:\n\(document)")
      }
      // A key of another mode, a duplicate and two sources of one secret need more than a schema can say.
      let shape = findings.filter { [103, 104, 110].contains($0.rule.number) && !Self.isBeyondSchema($0) }
      if verdict == "valid" { #expect(shape.isEmpty, "the schema takes what the reader refuses: \(shape.map(\.message))\n\(document)") }
    }
    #expect(accepted > 100, "too few of the documents are good for this to say anything")
  }

  private static func isBeyondSchema(_ finding: Diagnostic) -> Bool {
    ["does not belong to mode", "sources, one is wanted", "here are both", "a value is missing"].contains { finding.message.contains($0) }
      || finding.rule.number == 110 && ["members", "version", "external", "patroni"].contains { finding.message.contains("'\($0)'") }
  }

  /// The seed, and the seed with one line left out, one scalar replaced, or one key misspelt.
  private static func documents() -> [String] {
    let lines = seed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var result = [seed]
    for index in lines.indices { result.append((lines[..<index] + lines[(index + 1)...]).joined(separator: "\n")) }
    let bytes = Array(seed.utf8)
    for (number, range) in scalarRanges().enumerated() {
      for offset in 0..<4 {
        let text = replacements[(number * 4 + offset) % replacements.count]
        result.append(String(decoding: bytes[..<range.lowerBound] + Array(text.utf8) + bytes[range.upperBound...], as: UTF8.self))
      }
      result.append(String(decoding: bytes[..<range.lowerBound] + [120] + bytes[range.lowerBound...], as: UTF8.self))
    }
    return result.filter { read($0).tree != nil }
  }

  private static func scalarRanges() -> [Range<Int>] {
    (read(seed).tree?.scalarSpans ?? []).map { Int($0.lower)..<Int($0.upper) }
  }

  private func verdicts(_ documents: [String]) throws -> [String] {
    let input = documents.map { JSON.string($0).text(.compact) + "\n" }.joined()
    let result = try run(
      find("python3", package: "python3"),
      [packageRoot.appending(path: "Tests/Tools/validate_topologies.py").path, packageRoot.appending(path: "schemas/topology-v1.schema.json").path],
      input: Array(input.utf8))
    #expect(result.status == 0, "\(result.errors)")
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
