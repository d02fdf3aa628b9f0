/// The topology that examples edit: three region hosts with HAProxy, two racks, a streaming pair of PostgreSQL, two VLANs. Clean under all rules.
///
/// An example that begins with `schema:` stands alone. Any other is a set of top-level sections, each of which replaces the base's section
/// of that name (or is added after it); a section that is only `name: ~absent` removes the base's.
package enum ExampleBase {
  package static let text = """
    schema: 1
    name: prague
    maas:
      version: "3.7"
      url: http://maas.prg.example.net/MAAS
      admin: {username: admin, email: ops@example.net, password: admin}
    secrets:
      admin: {env: MAAS_ADMIN_PASSWORD}
      database: {file: /root/secrets/maas-database}
      replication: {file: /root/secrets/maas-replication}
    hosts:
      infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
      infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
      infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
      db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
      db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
      rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
      rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
    regions:
      infra-1: {num_workers: 4}
      infra-2: {num_workers: 4}
      infra-3: {num_workers: 4}
    racks:
      rack-a1: {}
      rack-a2: {}
    postgresql:
      version: 16
      mode: streaming
      members: [db-1, db-2]
      database: {password: database}
      replication: {password: replication}
    haproxy:
      hosts: [infra-1, infra-2]
      vips:
        - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
    fabrics:
      fabric-1:
        provisioning:
          vid: 100
          machines: 80
          subnets:
            10.30.0.0/24:
              gateway: 10.30.0.1
              ranges:
                - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
          dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
        bmc:
          vid: 110
          bmcs: 80
          subnets:
            10.40.0.0/24: {gateway: 10.40.0.1}
    backup: {host: infra-3}

    """

  /// The whole topology of an example, markers still in it.
  package static func compose(_ example: String) -> String {
    if example.hasPrefix("schema:") { return example }
    var sections = split(text)
    for section in split(example) {
      let position = sections.firstIndex { $0.name == section.name }
      if section.text.hasPrefix(section.name + ": ~absent") {
        if let position { sections.remove(at: position) }
      } else if let position {
        sections[position] = section
      } else {
        sections.append(section)
      }
    }
    return sections.map(\.text).joined()
  }

  private static func split(_ text: String) -> [(name: String, text: String)] {
    var result: [(name: String, text: String)] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      // A marker may stand before a key; it does not belong to the name.
      let bare = line.filter { $0 != "⟦" && $0 != "⟧" }
      if let first = bare.first, first != " ", first != "#", first != "-", first != "}" {
        result.append((String(bare.prefix { $0 != ":" }), String(line) + "\n"))
      } else if !result.isEmpty {
        result[result.count - 1].text += line + "\n"
      }
    }
    return result
  }
}
