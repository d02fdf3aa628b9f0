/// Machines on which MAAS makes virtual machines.
package enum VMHosts {
  /// Removed in 4.0, whose endpoints answer 410 (MAAS source, commit 08f65b9c1 of 2026-07-30).
  package static let lifespan = Lifespan.until(3, 8)
  package static let kinds = ["lxd", "virsh"]
  package static let source = "MAAS source, src/maasserver/urls_api.py (pods_handler, vm_hosts_handler)"
}
