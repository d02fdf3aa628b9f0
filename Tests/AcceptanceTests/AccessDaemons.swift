import Formats
import TestSupport

/// Who may come in, and as whom.
extension Daemons {
  static let sudo = Daemon.each("visudo", package: "sudo", reads: { $0.path.hasPrefix("/etc/sudoers.d/") }) { "visudo -q -c -f \($0)" }

  /// The key is a placeholder until it is deployed. ssh-keygen reads the options before it to find it.
  static let ssh = Daemon.each("ssh-keygen", package: "openssh-client", reads: { $0.path.hasSuffix("/.ssh/authorized_keys") }) { path in
    """
    ssh-keygen -q -t ed25519 -N '' -f /tmp/key
    key=$(cut -d' ' -f1,2 /tmp/key.pub); sed "s,dummy-.*,$key," \(path) >/tmp/keys
    ssh-keygen -l -f /tmp/keys >/dev/null
    """
  }
}
