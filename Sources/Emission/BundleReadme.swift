import Formats
import NetworkTypes
import Planning
import Topology

/// `README.md` of the bundle: what an operator reads before the first command.
struct BundleReadme {
  let plan: Plan
  let waves: [[Step]]

  func render() -> String {
    let sections = [introduction, hosts, order, secrets, pointsOfNoReturn, dayTwo].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var introduction: [String] {
    [
      "# \(plan.name)", "",
      "A deployment of MAAS, compiled by maasc from `\(plan.topologyPath)`. Edits belong there, not here.", "",
    ] + plan.summary.map { "- \($0)" } + [
      "", "```", "runbook/deploy.sh --dry-run     # what would change", "runbook/deploy.sh               # does it; run it again at any time",
      "runbook/deploy.sh --help        # one host, one step, from here to there", "```", "",
      "It needs ssh to every host, as root or with `sudo -n`. Each step is one file under `hosts/<host>/steps` that works by hand too:",
      "`check`, `plan`, `apply`, `verify` and mostly `rollback`. `hosts/<host>/verify.sh` says, without changing anything, what differs on a host.",
      "`ansible/playbook.yaml` runs the same steps with Ansible; `cloud-init/` prepares fresh machines; `report/flows.csv` is for other firewalls.",
    ]
  }

  private var hosts: [String] {
    table("Hosts", ["host", "address", "what it does"], plan.hosts.map { [$0.name, $0.address.description, $0.roles.joined(separator: ", ")] })
  }

  /// By phase, so that one more host changes one line.
  private var order: [String] {
    let tasks = tasks
    guard !tasks.isEmpty else { return [] }
    return ["## Order", ""]
      + Phase.allCases.flatMap { phase -> [String] in
        let lines = tasks.filter { $0.phase == phase }.map { "  - \($0.title): \(ScriptText.list($0.hosts))" }
        return lines.isEmpty ? [] : ["- **\(phase.rawValue)**"] + lines
      }
  }

  /// Steps of the same title are one thing to do, on several hosts.
  private var tasks: [(phase: Phase, title: String, hosts: [String])] {
    var tasks: [(phase: Phase, title: String, hosts: [String])] = []
    var places: [Phase: [String: Int]] = [:]
    for step in waves.joined() {
      if let place = places[step.phase]?[step.title] {
        tasks[place].hosts.append(step.hostName)
      } else {
        places[step.phase, default: [:]][step.title] = tasks.count
        tasks.append((step.phase, step.title, [step.hostName]))
      }
    }
    return tasks
  }

  private var secrets: [String] {
    table("Secrets it asks for", ["secret", "from", "read"], plan.secrets.map(row))
  }

  private func row(_ need: SecretNeed) -> [String] {
    switch need.source {
    case .carried(let step): [need.name, "the step \(step)", "once it is done"]
    case .declared(.environment(let name)): [need.name, "environment variable \(Markdown.code(name))", reader(need)]
    case .declared(.file(let path)): [need.name, "file \(Markdown.code(path))", reader(need)]
    case .declared(.command(let words)): [need.name, Markdown.code(("\(words)" as Shell).code), reader(need)]
    }
  }

  private func reader(_ need: SecretNeed) -> String {
    switch need.reader {
    case .host: "on the host that needs it"
    case .operator: need.perHost ? "where deploy.sh runs, immediately before each use" : "where deploy.sh runs, at its start"
    }
  }

  private var pointsOfNoReturn: [String] {
    let steps = waves.joined().compactMap { step in step.caution.map { "- `\(step.id)`: \($0)" } }
    let all = plan.cautions.map { "- \($0)" } + steps
    return all.isEmpty ? [] : ["## Know before", ""] + all
  }

  private var dayTwo: [String] {
    plan.runbooks.isEmpty ? [] : ["## Later", ""] + plan.runbooks.map { "- `runbook/\($0.name).sh`: \($0.title)" }
  }

  private func table(_ title: String, _ header: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let line = { (cells: [String]) in "| " + cells.map(escaped).joined(separator: " | ") + " |" }
    return ["## \(title)", "", line(header), "|" + String(repeating: " --- |", count: header.count)] + rows.map(line)
  }

  /// A cell ends at a bar.
  private func escaped(_ cell: String) -> String { cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
}
