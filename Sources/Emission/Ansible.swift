import Diagnostics
import Formats
import NetworkTypes
import Planning
import Topology

/// `ansible/`: an inventory, and a playbook that runs the same step files on the fleet, wave by wave.
struct Ansible {
  let plan: Plan
  let waves: [[Step]]

  var files: [OutputFile] {
    [
      OutputFile("ansible/inventory.yaml", YAMLFile.text(comment: about, inventory)),
      OutputFile("ansible/host.sh", AnsibleHost.render(plan), executable: true),
      OutputFile("ansible/playbook.yaml", (["---"] + about.map { "# \($0)" } + playbook).joined(separator: "\n") + "\n"),
    ]
  }

  private var about: [String] {
    [
      "ansible-playbook -i inventory.yaml playbook.yaml [--check] [--limit HOST] [-e maasc_allow_older=true] [-e maasc_overwrite=true]",
      ScriptText.origin(plan),
    ]
  }

  // MARK: Inventory

  private var inventory: YAMLValue {
    let secrets = plan.secrets.filter { $0.reader == .operator }.map { YAMLEntry(variable($0.name), .text(lookup($0))) }
    return [
      "all": [
        "hosts": .mapping(plan.hosts.map { YAMLEntry($0.name, connection($0)) }),
        // Through a pipe, so that a module with a secret among its arguments is no file on the host, not even for a moment.
        "vars": .mapping([YAMLEntry("ansible_become", true), YAMLEntry("ansible_pipelining", true)] + secrets),
      ]
    ]
  }

  private func connection(_ host: HostPlan) -> YAMLValue {
    [
      "ansible_host": .text(host.address.description),
      "ansible_user": host.ssh.user.map { .text($0.value) },
      "ansible_port": host.ssh.port.map { .integer($0.value) },
      "ansible_ssh_common_args": host.ssh.jump.map { .text("-J \($0.value)") },
    ]
  }

  /// A variable for each secret, since Ansible evaluates a variable as a whole, and a token for one use must not be asked for early.
  private func variable(_ secret: String) -> String {
    "maasc_secret_"
      + secret.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "_"): "__"
        case 48...57, 65...90, 97...122: String(UnicodeScalar(byte))
        default: "_" + String(byte, radix: 16)
        }
      }.joined()
  }

  private func lookup(_ need: SecretNeed) -> String {
    switch need.source {
    case .carried(let step):
      return expression("hostvars[\(jinja(step.host))].\(variable(need.name))_exported.stdout")
    case .declared(.environment(let name)):
      return expression("lookup('ansible.builtin.env', \(jinja(name)))")
    case .declared(.file(let path)):
      return expression("lookup('ansible.builtin.file', \(jinja(path)), rstrip=\(need.charset == .text ? "False" : "True"))")
    case .declared(.command(let words)):
      let command = "MAASC_HOST=' ~ inventory_hostname ~ '"
      return expression("lookup('ansible.builtin.pipe', '\(command) ' ~ \(jinja(words.map(Shell.quote).joined(separator: " "))))")
    }
  }

  private func expression(_ code: String) -> String { "{{ \(code) }}" }

  /// A text as a literal of Jinja's expressions.
  private func jinja(_ text: String) -> String {
    "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
  }

  // MARK: Playbook

  /// A carried value is fetched before the first steps that need it.
  private var playbook: [String] {
    var fetched: Set<String> = []
    let early = plan.secrets.filter { $0.reader == .operator && !$0.perHost && $0.isDeclared }
    return Self.handOut(secrets: JSON.array(early.map(pattern)).text(.compact))
      + waves.flatMap { wave -> [String] in
        let needed = Set(wave.flatMap(\.secrets))
        let new = plan.secrets.filter { needed.contains($0.name) && fetched.insert($0.name).inserted }
        return new.flatMap(export) + play(wave)
      } + Self.verify
  }

  private func pattern(_ need: SecretNeed) -> JSON {
    let pattern = need.charset == .unreserved ? "^[A-Za-z0-9._~-]+$" : "(?s)^.+$"
    return ["variable": .string(variable(need.name)), "pattern": .string(pattern)]
  }

  private func play(_ wave: [Step]) -> [String] {
    let steps = wave.sorted { $0.id < $1.id }
    return [
      "", "- name: \(YAMLScalar.quoted(names(steps)))", "  hosts: \(YAMLScalar.quoted(steps.map(\.hostName).joined(separator: ",")))",
      "  gather_facts: false",
      "  any_errors_fatal: true", "  vars:", "    maasc_steps:",
    ] + steps.map { "      \($0.hostName): \(arguments($0).text(.compact))" } + (steps.contains { $0.needsNewLogin } ? Self.newLogin : [])
      + ["  tasks: *step"]
  }

  /// A connection that Ansible kept from an earlier play would prove nothing.
  private static let newLogin = ["  pre_tasks:", "    - name: Log in anew", "      ansible.builtin.meta: reset_connection"]

  private func names(_ steps: [Step]) -> String {
    var names: [String] = []
    for step in steps where !names.contains("\(step.phase.rawValue)-\(step.name)") { names.append("\(step.phase.rawValue)-\(step.name)") }
    return names.joined(separator: ", ")
  }

  private func arguments(_ step: Step) -> JSON {
    let needs = plan.secrets.filter { step.secrets.contains($0.name) }
    let early = needs.filter { $0.reader == .operator && !$0.perHost }
    let late = needs.filter { $0.reader == .operator && $0.perHost }
    return [
      "name": .string("\(step.phase.rawValue)-\(step.name)"),
      "timeout": .integer(step.timeout),
      "secrets": .array(early.map(secret)),
      "late": .array(late.map(secret)),
      "own": .array(needs.filter { $0.reader == .host && !$0.perHost }.map(ownSecret)),
      "own_late": .array(needs.filter { $0.reader == .host && $0.perHost }.map(ownSecret)),
      "folders": .array([step.folder].compactMap { $0 }.map { ["source": literal($0.source), "destination": literal($0.destination)] }),
    ]
  }

  private func secret(_ need: SecretNeed) -> JSON {
    ["name": .string(need.name), "variable": .string(variable(need.name)), "charset": .string(need.charset.rawValue)]
  }

  /// A text that Ansible hands on as it is: what begins an expression of Jinja's is made by one.
  private func literal(_ text: String) -> JSON {
    var result = ""
    for character in text {
      // Two of these characters beside each other begin an expression, so none stands beside another.
      result += character == "{" ? expression("'{'") : String(character)
    }
    return .string(result)
  }

  /// Read on the host itself.
  private func ownSecret(_ need: SecretNeed) -> JSON {
    guard case .declared(let source) = need.source else { return ["name": .string(need.name), "command": []] }
    return [
      "name": .string(need.name), "charset": .string(need.charset.rawValue), "command": .array(source.command.map(literal)),
    ]
  }

  /// The play that fetches a value from the step which has it.
  private func export(_ need: SecretNeed) -> [String] {
    guard case .carried(let exporter) = need.source, let step = plan.steps[exporter] else { return [] }
    return [
      "", "- name: \(YAMLScalar.quoted("Fetch \(need.name)"))", "  hosts: \(YAMLScalar.quoted(step.hostName))", "  gather_facts: false",
      "  any_errors_fatal: true",
      "  tasks:", "    - name: Export", "      ansible.builtin.command:",
      "        argv: [bash, \(YAMLScalar.quoted("{{ maasc_bundle }}/steps/\(step.fileName)")), export]",
      "      register: \(variable(need.name))_exported",
      // A dry run goes on without a value that is not there yet.
      "      failed_when: \(variable(need.name))_exported.rc != 0 and not ansible_check_mode",
      "      changed_when: false", "      check_mode: false", "      no_log: true",
    ]
  }
}

extension SecretNeed {
  fileprivate var isDeclared: Bool {
    if case .declared = source { true } else { false }
  }
}
