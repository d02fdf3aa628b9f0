import Formats
import Planning

/// `hosts/<host>/steps/<phase>-<name>.sh`: one self-contained bash file for one step.
struct StepScript {
  let step: Step
  let host: HostPlan
  let plan: Plan
  let predecessors: Predecessors

  func render() -> String {
    let functions = verbs.map { Shell(raw: "\($0.name)() {\n\(ScriptText.indented($0.code))\n}") } + [difference].compactMap { $0 }
    let main = functions + [needed, dispatch]
    let code = Shell.lines(StepLibrary.needed(by: Shell.lines(main)).map(\.code) + main)
    return ScriptText.file(about: about, code: Shell.lines([settings(for: code), code]))
  }

  private var about: [String] {
    var lines = [step.title, "", "Host:    \(host.name)", "Why:     \(step.why)"]
    if !step.after.isEmpty { lines.append("After:   \(ScriptText.list(predecessors.names(of: step)))") }
    if !step.secrets.isEmpty { lines.append("Secrets: \(step.secrets.joined(separator: ", ")); runbook/deploy.sh puts them into \(Remote.secrets)") }
    if let caution = step.caution { lines.append("Caution: \(caution)") }
    lines.append("Check:   sudo bash \(step.fileName) check   (0: nothing to do, 10: needed; `plan` shows what would change)")
    lines.append("Do:      sudo bash \(step.fileName) apply && sudo bash \(step.fileName) verify")
    let back = step.rollback == nil ? step.back ?? "none is needed: it only looks and waits" : "sudo bash \(step.fileName) rollback"
    lines.append("Back:    \(back)")
    return lines + ["", ScriptText.origin(plan)]
  }

  private var verbs: [(name: String, code: Shell)] {
    var verbs: [(name: String, code: Shell)] = [("check", step.check), ("apply", step.apply), ("verify", step.verify)]
    if let rollback = step.rollback { verbs.append(("rollback", rollback)) }
    if let export = step.export { verbs.append(("export_value", export)) }
    return verbs
  }

  private func settings(for code: Shell) -> Shell {
    var lines: [Shell] = ["set -euo pipefail", "shopt -s inherit_errexit", "export LC_ALL=C", "umask 022"]
    // A login that is no terminal may lack the snaps' commands.
    if StepLibrary.mentions(code.code, "maas") { lines.append("export PATH=$PATH:/snap/bin") }
    if code.code.holds("$FILES") { lines.append(#"FILES=$(cd "$(dirname "$0")/../files" && pwd)"#) }
    if code.code.holds("$STATE") { lines.append("STATE=\(Remote.state)") }
    if code.code.holds("$SECRETS") { lines.append("SECRETS=\(Remote.secrets)") }
    return Shell.lines(lines)
  }

  /// Bash ignores errexit wherever a status is tested, and a check whose first line fails must not pass because of its last: so the check runs
  /// in a subshell of its own, and its status is looked at afterwards.
  private var needed: Shell {
    """
    needed() {
      set +e
      (set -e; check) 2>&1
      status=$?
      set -e
    }
    """
  }

  private var dispatch: Shell {
    let title = Shell.quote(step.title)
    var cases = [
      "check) needed; ((status == 0)) || exit 10 ;;",
      "plan)",
      "  needed",
      "  if ((status == 0)); then echo nothing to do: \(title); exit 0; fi",
      "  echo needed: \(title)",
    ]
    if difference != nil { cases.append("  difference") }
    cases += [
      "  exit 10 ;;",
      "apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: \(title); else install -d -m 700 \(Remote.state); apply; fi ;;",
      "verify) verify ;;",
    ]
    if step.rollback != nil { cases.append("rollback) rollback ;;") }
    if step.export != nil { cases.append("export) export_value ;;") }
    cases.append("*) echo \"usage: $0 \(usage)\" >&2; exit 64 ;;")
    return Shell(raw: "case ${1-} in\n" + cases.map { "  \($0)\n" }.joined() + "esac")
  }

  private var usage: String {
    ["check", "plan", "apply", "verify", step.rollback.map { _ in "rollback" }, step.export.map { _ in "export" }]
      .compactMap { $0 }.joined(separator: " | ")
  }

  /// Shows how the files that the step installs would change; a file with secrets is only named.
  private var difference: Shell? {
    let installed = step.installedPaths
    guard !installed.isEmpty else { return nil }
    let lines = host.files.filter { installed.contains(Shell.quote($0.path)) }.map { file -> Shell in
      file.policy == .whole && !file.holdsSecrets
        ? "diff -uN \(file.path) \"$FILES\"\(file.path) || true" : "echo \("would write \(file.path)")"
    }
    return lines.isEmpty ? nil : Shell(raw: "difference() {\n\(ScriptText.indented(Shell.lines(lines)))\n}")
  }
}

extension Step {
  /// `region-initialise.sh`
  var fileName: String { "\(phase.rawValue)-\(name).sh" }

  var hostName: String { id.host }

  /// The files that the step's code names as ones to install or merge, quoted as they stand there.
  var installedPaths: [String] {
    var code = apply.code
    return code.withUTF8 { bytes in
      var paths: [String] = []
      for command: StaticString in ["install_file ", "merge_file "] {
        var start = 0
        while let found = bytes.firstOffset(of: command, from: start) {
          start = found + command.utf8CodeUnitCount
          paths.append(String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
      }
      return paths
    }
  }
}
