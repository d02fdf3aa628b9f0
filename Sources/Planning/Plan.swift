package import Diagnostics
package import Formats
package import NetworkTypes
package import Topology

/// The one intermediate form: everything that is emitted is an export of this value, and no exporter decides anything.
package struct Plan: Sendable {
  /// The topology's `name`.
  package var name: String
  /// What is deployed, in lines of Markdown.
  package var summary: [String]
  /// The topology file's name without its folders, for headers.
  package var topologyPath: String
  /// One for each host that gets anything, in file order.
  package var hosts: [HostPlan]
  package var steps: StepGraph
  package var flows: [PlannedFlow]
  /// Every secret that a step needs, in file order, then the carried ones.
  package var secrets: [SecretNeed]
  /// Day-two scripts, in the order of the README.
  package var runbooks: [Runbook] = []
  /// Sentences for the bundle's README: what cannot be undone, and where MAAS itself exposes a secret.
  package var cautions: [String]
}

/// A script of the operator's machine, `runbook/<name>.sh`: works on the hosts over ssh.
///
/// Its body runs under `set -euo pipefail` below the functions of Emission's `OperatorLibrary`:
/// - `on HOST CMD...` runs a command as root on a host, its standard input passed on; `put HOST PATH MODE` writes standard input to a file there;
/// - `say TEXT...`, `fail TEXT...`; `confirm TEXT WORD` goes on only when the operator types WORD.
///
/// HOST is a name of the topology. Arguments of the script are in `"$@"`.
package struct Runbook: Sendable {
  /// `backup`, `restore`, `failover-postgresql`.
  package var name: String
  package var title: String
  /// For the header: what it does, what it interrupts, what cannot be undone. One line each.
  package var about: [String]
  package var body: Shell

  package init(name: String, title: String, about: [String], body: Shell) {
    self.name = name
    self.title = title
    self.about = about
    self.body = body
  }
}

package struct HostPlan: Sendable {
  package var id: HostID
  package var name: String
  package var address: IPAddress
  package var ssh: SSH
  /// For people: `region`, `rack`, `postgresql`, `haproxy`, …
  package var roles: [String]
  package var files: [PlannedFile]
  /// Packages from the distribution's archive, in installation order.
  package var packages: [String]
  /// Units that must be active and (unless noted) enabled at boot.
  package var services: [PlannedService]
  /// What listens there when all is well.
  package var sockets: [BoundSocket]
  /// Effective values that verify.sh looks at, beside files, services and sockets.
  package var probes: [Probe]

  package init(id: HostID, name: String, address: IPAddress, ssh: SSH) {
    self.id = id
    self.name = name
    self.address = address
    self.ssh = ssh
    roles = []
    files = []
    packages = []
    services = []
    sockets = []
    probes = []
  }
}

/// A file as it will be on the host.
package struct PlannedFile: Sendable {
  package enum Policy: Sendable {
    /// Ours entirely; verified by hash (after secrets are filled in, by the hash of the filled text that the step recorded).
    case whole
    /// Keys are merged into a file that another program also writes (regiond.conf, rackd.conf); verified by value.
    case merged
    /// Read by people, and from the bundle by steps; never installed (the dhcpd preview, the wanted networks).
    case preview
  }

  /// Absolute path on the host.
  package var path: String
  package var owner: String
  package var group: String
  /// Permission bits, `0o640`.
  package var mode: UInt16
  package var policy: Policy
  /// With its header.
  package var content: RenderedText
  /// Names of the placeholders in the content.
  package var secrets: [String]
  /// The topology key path that edits belong to, `haproxy`.
  package var keyPath: String
  package var origin: Span
  /// False with `manage: observe`: it is compared by verify.sh, never installed.
  package var isInstalled: Bool

  package init(
    path: String, owner: String = "root", group: String = "root", mode: UInt16 = 0o644, policy: Policy = .whole, content: RenderedText,
    secrets: [String] = [], keyPath: String, origin: Span, isInstalled: Bool = true
  ) {
    self.path = path
    self.owner = owner
    self.group = group
    self.mode = mode
    self.policy = policy
    self.content = content
    self.secrets = secrets
    self.keyPath = keyPath
    self.origin = origin
    self.isInstalled = isInstalled
  }
}

package struct PlannedService: Sendable, Hashable {
  package var unit: String
  package var start: Start

  package enum Start: String, Sendable {
    /// Runs now, and is enabled at boot.
    case enabled
    /// Runs now; something else starts it.
    case any
    /// Is enabled and acts at boot only, so it may be at rest.
    case boot
  }

  package init(_ unit: String, _ start: Start = .enabled) {
    self.unit = unit
    self.start = start
  }
}

/// One line of verify.sh: runs read-only, prints one line, and is compared with what is wanted.
package struct Probe: Sendable {
  /// Stable within the host, `postgresql.max_connections`.
  package var id: String
  /// `PostgreSQL accepts 350 connections`.
  package var title: String
  /// Prints the value in force on stdout; any failure counts as "cannot tell".
  package var command: Shell
  package var expected: Expectation
  package var origin: Span

  package enum Expectation: Sendable, Hashable {
    case equals(String)
    case atLeast(Int)
    /// One of these, in any order of preference.
    case oneOf([String])
  }

  package init(id: String, title: String, command: Shell, expected: Expectation, origin: Span) {
    self.id = id
    self.title = title
    self.command = command
    self.expected = expected
    self.origin = origin
  }
}

/// A value that steps need and that never stands in the bundle.
package struct SecretNeed: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// As the topology says.
    case declared(Secret.Source)
    /// Printed by the `export` verb of a step on another host (the rack secret, from the first region).
    case carried(StepID)
  }
  /// Name in the topology, or of the carried value.
  package var name: String
  package var source: Source
  package var reader: Secret.Reader
  /// Asked for once for each host.
  package var perHost: Bool
  /// Restricts the characters, so that every consumer survives the value (maas-facts 1.5); checked before anything is sent.
  package var charset: Charset

  package enum Charset: String, Sendable, Hashable {
    /// Any bytes but NUL and line breaks at the end.
    case any
    /// `[A-Za-z0-9._~-]`
    case unreserved
    /// PEM and other text of several lines.
    case text
  }
  package init(name: String, source: Source, reader: Secret.Reader, perHost: Bool, charset: Charset) {
    self.name = name
    self.source = source
    self.reader = reader
    self.perHost = perHost
    self.charset = charset
  }
}
