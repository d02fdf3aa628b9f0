/// Places on a host that step scripts, deploy.sh, verify.sh and Ansible agree on.
enum Remote {
  /// Notes that survive a reboot, root only: what was installed, which bundles were deployed.
  static let state = "/var/lib/maasc"
  /// The host's part of the bundle.
  static let bundle = "/var/lib/maasc/bundle"
  /// On tmpfs; every secret lies in a file of its own while a run is on.
  static let secrets = "/run/maasc/secrets"
}
