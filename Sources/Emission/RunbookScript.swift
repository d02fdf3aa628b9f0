import Formats
import Planning

/// `runbook/<name>.sh`: a day-two script of the plan around its body.
struct RunbookScript {
  let runbook: Runbook
  let plan: Plan

  func render() -> String {
    let about = [runbook.title, ""] + runbook.about + ["", ScriptText.origin(plan)]
    let code = Shell.lines([Self.settings, OperatorLibrary.shell(plan, for: runbook.body), Self.confirm, runbook.body])
    return ScriptText.file(about: about, code: code)
  }

  static let settings: Shell = """
    set -euo pipefail
    shopt -s inherit_errexit
    export LC_ALL=C
    umask 077
    """

  /// ssh reads all that stands on standard input, also answers that were given in advance: it gets none, and `confirm` keeps the operator's.
  private static let confirm = Shell(
    raw: #"""
      exec {OPERATOR}<&0 </dev/null
      confirm() { # TEXT WORD: goes on only when the operator types WORD
        local answer=''
        printf '%s\nType %s to go on: ' "$1" "$2" >&2
        read -r -u "$OPERATOR" answer || true
        [[ $answer == "$2" ]] || fail "stopped at your word; nothing more was changed"
      }
      """#)
}
