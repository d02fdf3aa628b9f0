/// Changes that leave a topology as right as it was, with the reason.
enum Allowance {
  static func reason(for kind: String) -> String? {
    table.first { $0.kinds.contains(kind) }?.reason
  }

  private static let table: [(reason: String, kinds: [String])] = [
    (
      "absent, it is chosen as a careful expert would, or not judged",
      [
        "drop fabrics.*.*.subnets.*.gateway", "drop fabrics.*.*.vid", "drop firewall.manage", "drop firewall.management",
        "drop haproxy.database.maxconn",
        "drop haproxy.database.timeout", "drop haproxy.vips.[].virtual_router_id", "drop hosts.*.cpus", "drop hosts.*.os", "drop hosts.*.zone",
        "drop maas.install", "drop maas.url", "drop postgresql.database.name", "drop postgresql.database.user",
        "drop postgresql.extensions", "drop postgresql.max_connections", "drop postgresql.mode", "drop postgresql.parameters",
        "drop postgresql.patroni.retry_timeout", "drop postgresql.patroni.rewind",
        "drop postgresql.patroni.ttl", "drop postgresql.port", "drop postgresql.replication.synchronous", "drop postgresql.version",
        "drop racks.*.maas_url", "drop racks.*.options",
        "drop regions.*.num_workers", "drop regions.*.options", "drop regions.*.options.*", "drop racks.*.options.*", "drop maas.settings.*",
        "drop postgresql.parameters.*", "drop vm_hosts.*.type", "drop fabrics.*.*.mtu", "drop fabrics.*.*.relay.helpers",
        "drop fabrics.*.*.subnets", "drop fabrics.*.*.subnets.*", "drop fabrics.*.*.subnets.*.ranges", "drop haproxy.extra.defaults",
        "drop haproxy.extra.global", "drop haproxy.passthrough", "drop haproxy.timeouts.*", "drop hosts.*.interfaces.*.tagged",
        "drop hosts.*.interfaces.*.vlan", "drop load_balancer.external.ports", "drop maas.settings", "drop manage.maas",
        "drop maas.tls.certificate_file", "drop maas.vault.migrated", "drop secrets.*.per_host",
        "drop packages.apt", "drop packages.apt.versions", "drop packages.apt.versions.maas",
        "drop packages.apt.versions.postgresql-16",
      ]
    ),
    (
      "a smaller installation of the same kind",
      [
        "drop fabrics.*.*.bmcs", "drop fabrics.*.*.machines", "drop fabrics.*.*.dhcp", "drop regions.*", "drop vm_hosts.*", "drop hosts.*.listens",
        "drop hosts.*.listens.*", "set 0 fabrics.*.*.bmcs", "set 0 fabrics.*.*.machines",
        "drop fabrics.*.*", "drop fabrics.*.*.relay", "drop haproxy.backends.*", "drop hosts.*", "drop hosts.*.addresses.*", "drop racks.*",
      ]
    ),
    (
      "said elsewhere in the file as well",
      ["drop hosts.*.address", "drop hosts.*.interfaces", "drop hosts.*.interfaces.*", "drop hosts.*.interfaces.*.addresses"]
    ),
    ("the interface is then an ordinary one, and no other host has its address", ["drop hosts.*.interfaces.*.ignore"]),
    (
      "repeated, it says the same",
      ["repeat hosts.*.addresses.*.[]", "repeat postgresql.extensions.[]", "repeat postgresql.hba.[]", "repeat racks.*.maas_url.[]"]
    ),
    (
      "text of the user's own choice",
      ["break maas.settings.ntp_servers", "dangle maas.admin.username", "steal maas.settings.ntp_servers", "repeat secrets.*.command.[]"]
    ),
    (
      "larger than needed",
      [
        "set 1000000 haproxy.database.maxconn", "set 1000000 postgresql.parameters.max_replication_slots",
        "set 1000000 postgresql.parameters.max_wal_senders",
      ]
    ),
    ("without standbys nobody asks for a sender", ["set -1 postgresql.parameters.max_wal_senders", "set 0 postgresql.parameters.max_wal_senders"]),
    ("the host's own address a second time, or an interface that is ignored", ["steal hosts.*.interfaces.*.addresses.*"]),
    (
      "the site's own firewall is then not known, or ours opens what is needed",
      ["drop firewall.allow", "drop firewall.allow.[].from", "drop firewall.allow.[].tcp"]
    ),
    ("0 is the fabric's untagged VLAN", ["set 0 fabrics.*.*.vid"]),
  ]
}
