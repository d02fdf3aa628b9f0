import Formats
import Planning
import Topology

/// `runbook/deploy.sh`: the engine below, around three tables of this plan: its hosts, its steps, and where its secrets are.
struct DeployScript {
  let plan: Plan
  let waves: [[Step]]

  func render() -> String {
    let about = [
      "Deploys \(plan.name): runs the steps of every host in their order, over ssh.", "",
      "runbook/deploy.sh --help lists the options; --dry-run shows what would change.", "", ScriptText.origin(plan),
    ]
    let code: [Shell] = [
      RunbookScript.settings, OperatorLibrary.shell(plan, for: Self.hosts), steps, secretSources, folders, Self.options, Self.report, Self.secrets,
      Self.remote, Self.hosts, Self.run, Self.main,
    ]
    return ScriptText.file(about: about, code: Shell.lines(code))
  }

  private var steps: Shell {
    let lines = waves.map { wave in wave.map(line).joined(separator: "\n") }
    return Shell(
      raw: """
        steps() { # in their order, a blank line between waves: HOST PHASE-NAME SECONDS SECRETS [new-login]
          cat <<'END'
        \(lines.joined(separator: "\n\n"))
        END
        }
        """)
  }

  private func line(_ step: Step) -> String {
    let secrets = step.secrets.isEmpty ? "-" : step.secrets.joined(separator: ",")
    return "\(step.hostName) \(step.phase.rawValue)-\(step.name) \(step.timeout) \(secrets)\(step.needsNewLogin ? " new-login" : "")"
  }

  private var secretSources: Shell {
    let cases = plan.secrets.map { need -> Shell in
      let (reader, command) = source(of: need)
      return "\(need.name)) READER=\(reader) CHARSET=\(need.charset.rawValue) COMMAND=(\(command)) ;;"
    }
    return Shell(
      raw: """
        secret_source() { # NAME: sets READER (operator or host, with each- for one use; carried), CHARSET, and COMMAND (carried: HOST PHASE-NAME)
          case $1 in
        \((cases + [#"*) echo "there is no secret $1 in this bundle" >&2; return 1 ;;"#]).map { "    \($0.code)" }.joined(separator: "\n"))
          esac
        }
        """)
  }

  private var folders: Shell {
    let cases = waves.joined().compactMap { step in
      step.folder.map { folder -> Shell in "\(step.id.description)) FOLDER=\(folder.source) PLACE=\(folder.destination) ;;" }
    }
    return Shell(
      raw: """
        sent_folder() { # HOST/PHASE-NAME: sets FOLDER, of this machine, and PLACE, where that step's host wants a copy of it
          case $1 in
        \((cases + ["*) FOLDER='' PLACE='' ;;"]).map { "    \($0.code)" }.joined(separator: "\n"))
          esac
        }
        """)
  }

  private func source(of need: SecretNeed) -> (reader: String, command: [String]) {
    switch need.source {
    case .carried(let id):
      return ("carried", id.description.split(separator: "/", maxSplits: 1).map(String.init))
    case .declared(let source):
      let reader = (need.perHost ? "each-" : "") + need.reader.rawValue
      return (reader, source.command)
    }
  }
}
