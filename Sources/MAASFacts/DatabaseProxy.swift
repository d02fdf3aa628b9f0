/// What a proxy between MAAS and PostgreSQL must allow.
package enum DatabaseProxy {
  /// Seconds. Half an hour is the shortest that installations are known to run with (canonical/maas-ansible-playbook, roles/maas_postgres_proxy).
  /// MAAS' listener may be idle for longer, so the planner's own is far above it.
  package static let shortestIdleTimeout = 1800
}
