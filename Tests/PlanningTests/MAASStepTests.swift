import Compiler
import Diagnostics
import Emission
import Foundation
import TestSupport
import Testing

/// A compiled bundle on disk, with a `maas` and a `curl` that answer for MAAS.
private struct Laboratory {
  let root: URL

  init(_ text: String, in root: URL, state: String? = nil) throws {
    self.root = root
    let compilation = try compile(Input(path: "test.yaml", bytes: Array(text.utf8)))
    let bundle = try #require(compilation.bundle, "\(compilation.checked.diagnostics.map(\.message))")
    for file in bundle.files where file.path.hasPrefix("hosts/") { try write(contained(file.text), to: file.path) }
    try write(FakeMAAS.source, to: "bin/maas", executable: true)
    try write("#!/bin/sh\nexit 0\n", to: "bin/curl", executable: true)
    try write(state ?? "{}", to: "state.json")
  }

  /// The notes of steps stay in the laboratory.
  private func contained(_ text: String) -> String {
    text.replacing("STATE=/var/lib/maasc\n", with: "STATE=\(root.path)/notes\n")
      .replacing("install -d -m 700 /var/lib/maasc;", with: "install -d -m 700 \(root.path)/notes;")
  }

  func write(_ text: String, to path: String, executable: Bool = false) throws {
    let url = root.appending(path: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path) }
  }

  func read(_ path: String) throws -> String { String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self) }

  func killAt(_ call: Int) throws {
    try write("0", to: "count.json")
    try write("\(call)", to: "kill-at")
  }

  func step(_ path: String, _ verb: String) throws -> ProgramResult {
    try run(
      try find("bash", package: "bash"), [root.appending(path: "hosts/\(path)").path, verb],
      environment: ["FAKE": root.path, "PATH": "\(root.path)/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
  }

  /// What jq prints of the state.
  func state(_ filter: String) throws -> String {
    let result = try run(try find("jq", package: "jq"), ["-c", filter, root.appending(path: "state.json").path])
    try #require(result.status == 0, "\(result.story)")
    return result.text.trimmingCharacters(in: .newlines)
  }
}

/// What a region finds by itself at its first start: its own networks, untagged, and one VLAN of a trunk.
private let discovered = """
  {"fabrics": [{"id": 0, "name": null}, {"id": 7, "name": null}],
   "spaces": [],
   "vlans": [
     {"id": 5001, "vid": 0, "name": null, "fabric_id": 0, "mtu": 1500, "space": null, "dhcp_on": false, "primary_rack": null, "secondary_rack": null, "relay_vlan": null},
     {"id": 5004, "vid": 110, "name": null, "fabric_id": 0, "mtu": 1500, "space": null, "dhcp_on": false, "primary_rack": null, "secondary_rack": null, "relay_vlan": null},
     {"id": 5003, "vid": 0, "name": null, "fabric_id": 7, "mtu": 1500, "space": null, "dhcp_on": false, "primary_rack": null, "secondary_rack": null, "relay_vlan": null}],
   "subnets": [
     {"id": 1, "cidr": "10.20.0.0/24", "vlan": 5001, "gateway_ip": null, "dns_servers": [], "managed": true, "allow_dns": true, "allow_proxy": true},
     {"id": 2, "cidr": "10.30.0.0/24", "vlan": 5003, "gateway_ip": null, "dns_servers": [], "managed": true, "allow_dns": false, "allow_proxy": true},
     {"id": 3, "cidr": "10.40.0.0/24", "vlan": 5004, "gateway_ip": null, "dns_servers": [], "managed": true, "allow_dns": true, "allow_proxy": true}],
   "ranges": [{"id": 1, "type": "dynamic", "subnet": 2, "start_ip": "10.30.0.100", "end_ip": "10.30.0.150", "comment": ""}],
   "racks": [
     {"system_id": "aaa111", "hostname": "rack-a1", "service_set": [{"name": "rackd", "status": "running"}, {"name": "dhcpd", "status": "running"}]},
     {"system_id": "bbb222", "hostname": "rack-a2", "service_set": [{"name": "rackd", "status": "running"}, {"name": "dhcpd", "status": "running"}]}]}
  """

private let fabricStep = "infra-1/steps/networks-fabric-fabric-1.sh"
private let dhcpStep = "infra-1/steps/dhcp-fabric-1.provisioning.sh"
private let relayStep = "infra-1/steps/dhcp-fabric-1.office.sh"

@Suite struct MAASStepTests {
  @Test("every step is clean shell", arguments: MAASTopologies.all.map(\.name))
  func shell(_ name: String) throws {
    let text = try #require(MAASTopologies.all.first { $0.name == name }).text
    try withScratchDirectory { root in
      let bundle = try #require(try compile(Input(path: "test.yaml", bytes: Array(text.utf8))).bundle)
      let phases = ["region-", "hold-", "networks-", "rack-", "dhcp-", "images-", "vault-", "tls-", "acceptance-", "packages-maas"]
      let steps = bundle.files.filter { file in
        file.path.contains("/steps/") && phases.contains { file.path.split(separator: "/").last?.hasPrefix($0) == true }
      }
      try #require(steps.count > 5)
      var paths: [String] = []
      for step in steps {
        paths.append(root.appending(path: step.path.replacing("/", with: "_")).path)
        try Data(step.text.utf8).write(to: URL(filePath: paths[paths.count - 1]))
      }
      let result = try run(try find("shellcheck", package: "shellcheck"), ["-S", "style"] + paths)
      #expect(result.status == 0, "\(result.story)")
    }
  }

  @Test("networks that MAAS found by itself are adopted and moved, never made twice")
  func adopt() throws {
    try withScratchDirectory { root in
      let lab = try Laboratory(MAASTopologies.split, in: root, state: discovered)
      #expect(try lab.step(fabricStep, "check").status == 10)
      let result = try lab.step(fabricStep, "apply")
      #expect(result.status == 0, "\(result.story)")
      #expect(try lab.step(fabricStep, "verify").status == 0)
      #expect(try lab.state(".subnets | group_by(.cidr) | map(length) | max") == "1")
      // The fabric around the first subnet got our name; the trunk's VLAN moved with its id; the other subnet lies on the new VLAN.
      #expect(try lab.state("[.fabrics[].name]") == #"[null,"fabric-1"]"#)
      #expect(try lab.state(".vlans[] | select(.id == 5004) | [.fabric_id, .vid, .name]") == #"[7,110,"bmc"]"#)
      #expect(
        try lab.state(
          ". as $all | .subnets[] | select(.id == 2) | .vlan as $v | [.allow_dns, .gateway_ip, ($all.vlans[] | select(.id == $v) | .vid)]")
          == #"[false,"10.30.0.1",100]"#)
      #expect(try lab.state(#"[.ranges[] | select(.subnet == 2) | [.id, .end_ip]]"#) == #"[[1,"10.30.0.200"],[2,"10.30.0.9"]]"#)
      let calls = try lab.read("calls")
      #expect(try lab.step(fabricStep, "apply").text.hasPrefix("nothing to do"))
      #expect(try lab.read("calls") == calls)
    }
  }

  @Test("killed at any call, a second run finishes", arguments: [1, 4, 9])
  func killed(_ call: Int) throws {
    try withScratchDirectory { root in
      let lab = try Laboratory(MAASTopologies.split, in: root, state: discovered)
      try lab.killAt(call)
      #expect(try lab.step(fabricStep, "apply").status != 0)
      try lab.killAt(0)
      let result = try lab.step(fabricStep, "apply")
      #expect(result.status == 0, "\(result.story)")
      #expect(try lab.step(fabricStep, "check").status == 0)
      #expect(try lab.state("[.vlans[] | [.fabric_id, .vid]] | length == (unique | length)") == "true")
    }
  }

  @Test("the address that everybody uses gets a moment to answer")
  func installation() throws {
    try withScratchDirectory { root in
      let lab = try Laboratory(MAASTopologies.split, in: root, state: discovered)
      try lab.write(
        """
        #!/bin/sh
        case "$*" in *maas.example.net*) ;; *) exit 0 ;; esac
        if mkdir "$FAKE/asked"; then exit 22; fi
        echo '{"eventloops": {"infra-1:pid=1": [], "infra-2:pid=1": []}}'
        """, to: "bin/curl", executable: true)
      let result = try lab.step("infra-1/steps/acceptance-installation.sh", "check")
      #expect(result.status == 0, "\(result.story)")
    }
  }

  @Test("DHCP: the primary first, then the secondary; back to what was recorded")
  func dhcp() throws {
    try withScratchDirectory { root in
      let lab = try Laboratory(MAASTopologies.split, in: root, state: discovered)
      try #require(try lab.step(fabricStep, "apply").status == 0)
      let before = try lab.read("calls").split(separator: "\n").count
      let result = try lab.step(dhcpStep, "apply")
      #expect(result.status == 0, "\(result.story)")
      let calls = try lab.read("calls").split(separator: "\n").dropFirst(before)
      #expect(
        calls.map { $0.split(separator: " ").dropFirst(4).joined(separator: " ") } == ["dhcp_on=true primary_rack=aaa111", "secondary_rack=bbb222"])
      #expect(try lab.step(dhcpStep, "verify").status == 0)
      #expect(try lab.step(relayStep, "apply").status == 0)
      #expect(try lab.step(relayStep, "check").status == 0)
      #expect(try lab.step(dhcpStep, "rollback").status == 0)
      #expect(try lab.state(".vlans[] | select(.vid == 100) | [.dhcp_on, .primary_rack, .secondary_rack]") == "[false,null,null]")
    }
  }

  @Test("Vault in charge: no credentials in regiond.conf; racks find the balanced endpoint first")
  func files() throws {
    let bundle = try #require(try compile(Input(path: "test.yaml", bytes: Array(MAASTopologies.converged.utf8))).bundle)
    let regiond = try #require(bundle.files.first { $0.path.hasSuffix("node-1/files/etc/maas/regiond.conf") })
    #expect(!regiond.text.contains("database_pass") && regiond.text.contains("database_host: \"10.20.0.10\""))
    let rackd = try #require(bundle.files.first { $0.path.hasSuffix("rack-9/files/etc/maas/rackd.conf") })
    #expect(
      rackd.text.split(separator: "\n").drop { $0.hasPrefix("#") }.joined(separator: "|")
        == #"maas_url:|  - "http://10.20.0.10/MAAS"|  - "http://10.20.0.11:5240/MAAS"|  - "http://10.20.0.12:5240/MAAS""#)
  }
}
