package import Diagnostics
package import Formats
package import Topology

/// Stable over changes of the topology that do not concern the step: `<host>/<phase>-<name>`.
package struct StepID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let host: String
  package let description: String

  package init(host: String, phase: Phase, name: String) {
    self.host = host
    description = "\(host)/\(phase.rawValue)-\(name)"
  }

  package static func == (left: StepID, right: StepID) -> Bool { left.description == right.description }
  package static func < (left: StepID, right: StepID) -> Bool { left.description < right.description }
  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

/// The order of a fresh deployment; for a host's step files (`<phase>-<name>.sh`) and for `deploy.sh --from`.
package enum Phase: String, Sendable, CaseIterable, Comparable {
  case preflight, packages, database, balancer, region, hold, networks, rack, dhcp, images, vault, tls, firewall, backup, acceptance

  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  package static func < (left: Phase, right: Phase) -> Bool { left.rank < right.rank }
}

/// One thing to do on one host, told so that an operator can do it by hand.
///
/// The pieces of shell are bodies of functions and run under `set -euo pipefail` as root on the host, in a script that inlines `StepLibrary`.
/// - `check` succeeds when nothing needs to be done. Read-only.
/// - `apply` does it; safe to run again after it was killed at any point.
/// - `verify` succeeds when it worked; prints the reason to stderr when not. Read-only.
/// - `rollback` undoes it, where that is possible.
/// - `export` prints a value that other hosts need (never logged).
package struct Step: Sendable {
  package var id: StepID
  package var host: HostID
  package var phase: Phase
  package var name: String
  package var title: String
  /// Why it is there: one or two sentences for the operator.
  package var why: String
  /// What must be done before.
  package var after: [Predecessor]
  /// The milestone that is not reached before this step is done.
  package var reaches: Milestone?
  package var check: Shell
  package var apply: Shell
  package var verify: Shell
  package var rollback: Shell?
  /// How an operator goes back where `rollback` is nil, in one clause; nil for a step that only looks and waits.
  package var back: String?
  package var export: Shell?
  /// Names of the secrets that must lie in the secrets folder while it runs.
  package var secrets: [String]
  /// What the operator must know before: a point of no return, an interruption.
  package var caution: String?
  /// Seconds after which deploy.sh calls it hung.
  package var timeout: Int
  /// The login itself is what it proves: no connection that was there before may carry it.
  package var needsNewLogin: Bool
  /// What must lie on the host when `apply` runs, because the host cannot fetch it by itself.
  package var folder: SentFolder?
  package var origin: Span

  package init(
    host: HostPlan, phase: Phase, name: String, title: String, why: String, after: [Predecessor] = [], check: Shell, apply: Shell, verify: Shell,
    rollback: Shell? = nil, back: String? = nil, export: Shell? = nil, secrets: [String] = [], caution: String? = nil, timeout: Int = 600,
    needsNewLogin: Bool = false, folder: SentFolder? = nil, origin: Span
  ) {
    id = StepID(host: host.name, phase: phase, name: name)
    self.host = host.id
    self.phase = phase
    self.name = name
    self.title = title
    self.why = why
    self.after = after
    self.check = check
    self.apply = apply
    self.verify = verify
    self.rollback = rollback
    self.back = back
    self.export = export
    self.secrets = secrets
    self.caution = caution
    self.timeout = timeout
    self.needsNewLogin = needsNewLogin
    self.folder = folder
    self.origin = origin
  }
}

/// A folder of the operator's machine, and where a host gets a copy of it.
package struct SentFolder: Sendable, Hashable {
  package var source: String
  package var destination: String
  package init(_ source: String, to destination: String) {
    self.source = source
    self.destination = destination
  }
}
