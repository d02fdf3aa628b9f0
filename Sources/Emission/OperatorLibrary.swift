import Diagnostics
import Formats
import NetworkTypes
import Planning
import Topology

/// What every script of `runbook/` has at hand: the hosts and how to reach them, and a few functions around ssh.
enum OperatorLibrary {
  /// The functions, below the table of this plan's hosts; the list of all of them only where `code` goes through it.
  static func shell(_ plan: Plan, for code: Shell) -> Shell {
    let list = Shell(raw: "HOSTS=(\(plan.hosts.map(\.name).map(Shell.quote).joined(separator: " ")))")
    return Shell.lines((code.code.contains("HOSTS[") ? [list] : []) + [hostTable(plan), functions])
  }

  /// `target HOST` sets ADDRESS and OPTIONS.
  private static func hostTable(_ plan: Plan) -> Shell {
    let cases = plan.hosts.map { host -> Shell in
      "\(host.name)) ADDRESS=\(host.address) OPTIONS=(\(options(host.ssh))) ;;"
    }
    return Shell(
      raw: """
        target() { # HOST: sets ADDRESS and OPTIONS
          case $1 in
        \(cases.map { "    \($0.code)" }.joined(separator: "\n"))
            *) fail "there is no host $1 in this topology" ;;
          esac
        }
        """)
  }

  private static func options(_ ssh: SSH) -> [String] {
    var words: [String] = []
    if let user = ssh.user { words += ["-l", user.value] }
    if let port = ssh.port { words += ["-p", String(port.value)] }
    if let jump = ssh.jump { words += ["-J", jump.value] }
    return words
  }

  private static let functions: Shell = Shell(
    raw: #"""
      say() { printf '%s\n' "$*"; }
      fail() { printf '%s\n' "$*" >&2; exit 1; }
      # MAASC_SSH may name another program than ssh, or hold further options.
      read -ra SSH <<<"${MAASC_SSH:-ssh}"
      WORK=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/maasc.XXXXXX")
      trap 'rm -rf "$WORK"' EXIT
      SSH+=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 -o ServerAliveCountMax=3)
      SHARED=(-o ControlMaster=auto -o ControlPersist=30 -o "ControlPath=$WORK/%C")
      packed() { # CMD...: the command as root, as one word of letters that every login shell leaves alone, csh and fish too
        local word
        {
          printf 'set --'
          for word; do printf " '%s'" "${word//\'/\'\\\'\'}"; done
          echo
          echo "if [ \"\$(id -u)\" = 0 ]; then exec \"\$@\"; else exec sudo -n -- \"\$@\"; fi"
        } | base64 | tr -d '\n'
      }
      on() { # HOST CMD...: as root on HOST, standard input passed on
        local ADDRESS OPTIONS connection=("${SHARED[@]}")
        target "$1"
        shift
        [[ -z ${FRESH-} ]] || connection=(-o ControlPath=none)
        "${SSH[@]}" "${connection[@]}" "${OPTIONS[@]}" -- "$ADDRESS" "exec sh -c 'code=\$(echo $(packed "$@") | base64 -d) && eval \"\$code\"'"
      }
      put() { # HOST PATH MODE: standard input becomes the file
        on "$1" sh -c "install -D -m \"\$2\" /dev/null \"\$1.maasc-new\" && cat >\"\$1.maasc-new\" && mv -f \"\$1.maasc-new\" \"\$1\"" - "$2" "$3"
      }
      """#)
}
