import ArgumentParser
import Glibc

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a starting file to edit.", discussion: "The file checks clean as it is; every value in it is an example.")

  @Argument(help: "File to write, or - for standard output.", completion: .file(extensions: ["yaml"]))
  var path = "maas.topology.yaml"
  @Flag(help: "Overwrite the file if it exists.")
  var force = false

  func run() throws {
    if path == "-" { return Console.output(StartingFile.text) }
    if !force, Files.exists(path) {
      Console.error("\(path) exists; --force overwrites it")
      throw ExitStatus.cannotWrite
    }
    try TextFile.write(StartingFile.text, to: path)
    Console.output("\(path): edit it, then run\n  maasc check \(path)\n  maasc compile \(path)\n")
  }
}

/// The layout that most operators run: everything on three hosts.
enum StartingFile {
  static let text = """
    # yaml-language-server: $schema=topology-v1.schema.json
    # Completion in editors: maasc schema >topology-v1.schema.json. Every key is explained by: maasc explain KEY
    schema: 1
    name: example

    maas:
      version: "3.7"
      url: http://10.0.0.10/MAAS
      admin: {username: admin, email: ops@example.net, password: admin}

    secrets:                      # where values are found at deploy time; no value ever stands here
      admin: {env: MAAS_ADMIN_PASSWORD}
      database: {env: MAAS_DATABASE_PASSWORD}
      replication: {env: MAAS_REPLICATION_PASSWORD}

    hosts:
      node-1: {address: 10.0.0.11, zone: row-a, cpus: 8, os: ubuntu-24.04}
      node-2: {address: 10.0.0.12, zone: row-b, cpus: 8, os: ubuntu-24.04}
      node-3: {address: 10.0.0.13, zone: row-c, cpus: 8, os: ubuntu-24.04}

    regions: {node-1: , node-2: , node-3: }
    racks: {node-1: , node-2: , node-3: }

    postgresql:
      version: 16
      mode: streaming             # one primary and its standbys; patroni: automatic fail-over
      members: [node-1, node-2, node-3]
      database: {password: database}
      replication: {password: replication}

    haproxy:
      hosts: [node-1, node-2, node-3]
      vips:
        - {address: 10.0.0.10/24, interface: eth0}

    fabrics:
      fabric-1:
        provisioning:             # the fabric's untagged VLAN; give a tagged one its vid
          subnets:
            10.0.0.0/24:
              gateway: 10.0.0.1
              ranges: [{type: dynamic, start: 10.0.0.100, end: 10.0.0.200}]
          dhcp: {primary_rack: node-1, secondary_rack: node-2}

    backup: {host: node-3, copy_to: "backup@store.example.net:/srv/maas"}

    """
}
