import Formats
import Planning

/// `runbook/<name>.sh`: a day-two script of the plan around its body.
struct RunbookScript {
  let runbook: Runbook
  let plan: Plan

  func render() -> String {
    let about = [runbook.title, ""] + runbook.about + ["", ScriptText.origin(plan)]
    return ScriptText.file(about: about, code: Shell.lines([Self.settings, OperatorLibrary.shell(plan, for: runbook.body), runbook.body]))
  }

  static let settings: Shell = """
    set -euo pipefail
    shopt -s inherit_errexit
    export LC_ALL=C
    umask 077
    """
}
