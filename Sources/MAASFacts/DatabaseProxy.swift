/// What a proxy between MAAS and PostgreSQL must allow.
package enum DatabaseProxy {
  /// Seconds. The Ansible playbook of MAAS uses half an hour (canonical/maas-ansible-playbook, roles/maas_postgres_proxy); MAAS' listener may
  /// be idle for longer, so less is known to hurt.
  package static let shortestIdleTimeout = 1800
}
