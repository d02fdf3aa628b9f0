import Formats
import NetworkTypes
import Planning
import Topology

/// `hosts/<host>/verify.sh`: compares a host with what the bundle wants of it. Read-only, and usable by hand and by monitoring.
struct VerifyScript {
  let host: HostPlan
  let plan: Plan

  func render() -> String {
    let about = [
      "Compares \(host.name) with what \(plan.name) wants of it. Changes nothing.", "",
      "sudo bash verify.sh          says what differs; ends with 0 if nothing does, else 1",
      "sudo bash verify.sh --json   all of it, for programs", "", ScriptText.origin(plan),
    ]
    let checks = checks
    let main = Shell.lines(probeFunctions + [Self.functions, Shell(raw: "HOST=\(host.name)\n"), checks, Self.outcome])
    // `flat` reads the files of MAAS; it is the step scripts' own.
    let library = StepLibrary.functions.filter { $0.name == "flat" && checks.code.holds("merged ") }.map(\.code)
    return ScriptText.file(about: about, code: Shell.lines([Self.settings] + library + [main]))
  }

  private var checks: Shell {
    let compared = host.files.filter { $0.policy != .preview }
    return Shell.lines(
      compared.map(check) + host.services.map { "service \($0.unit) \($0.start.rawValue)" }
        + host.sockets.map(check) + host.probes.map(check))
  }

  private func check(_ file: PlannedFile) -> Shell {
    let kind: Shell = file.policy == .merged ? "merged" : file.holdsSecrets ? "filled" : "whole"
    return "\(kind) \(file.path) \(file.owner) \(file.group) \(raw: String(file.mode, radix: 8))"
  }

  private func check(_ socket: BoundSocket) -> Shell {
    "socket \(socket.transport.rawValue) \(socket.address?.description ?? "any") \(socket.ports.first) \(socket.ports.last) \(socket.service)"
  }

  private func check(_ probe: Probe) -> Shell {
    "probe \(probe.id) \(probe.title) \"$(set -e; \(raw: functionName(probe)) 2>/dev/null; echo .)\" \(words(probe.expected))"
  }

  private func words(_ expected: Probe.Expectation) -> [String] {
    switch expected {
    case .equals(let value): ["equals", value]
    case .atLeast(let value): ["at-least", String(value)]
    case .oneOf(let values): ["equals"] + values
    }
  }

  private var probeFunctions: [Shell] {
    host.probes.map { Shell(raw: "\(functionName($0))() {\n\(ScriptText.indented($0.command))\n}") }
  }

  private func functionName(_ probe: Probe) -> String {
    "probe_" + probe.id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_" }.joined()
  }

  private static let settings: Shell = """
    set -uo pipefail
    shopt -s inherit_errexit
    export LC_ALL=C
    FORM=${1-}
    case $FORM in '' | --json) ;; *) echo "usage: verify.sh [--json]" >&2; exit 64 ;; esac
    [[ $(id -u) == 0 ]] || { echo "verify.sh reads files that only root may read: run it with sudo" >&2; exit 64; }
    """

  private static let outcome: Shell = #"""
    if [[ $FORM == --json ]]; then
      printf '{"host":"%s","differences":%d,"checks":[%s]}\n' "$HOST" "$DIFFERENCES" "${LINES#,}"
    else
      echo "$HOST: $CHECKS checks, $DIFFERENCES differences"
    fi
    ((DIFFERENCES == 0))
    """#
}
