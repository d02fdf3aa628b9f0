import Diagnostics
import Rules

/// Changes that leave a topology as right as it was, with the reason; and changes that a rule finds which is not in the catalogue yet.
enum Allowance {
  static func reason(for kind: String) -> String? {
    if let reason = table.first(where: { $0.kinds.contains(kind) })?.reason { return reason }
    guard let rule = awaited.first(where: { $0.kinds.contains(kind) })?.rule, Rule.with(id: RuleID(rule)) == nil else { return nil }
    return "M\(rule) is to come"
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
        "drop postgresql.parameters.*", "drop vm_hosts.*.type",
      ]
    ),
    (
      "a smaller installation of the same kind",
      [
        "drop fabrics.*.*.bmcs", "drop fabrics.*.*.machines", "drop fabrics.*.*.dhcp", "drop regions.*", "drop vm_hosts.*", "drop hosts.*.listens",
        "drop hosts.*.listens.*", "set 0 fabrics.*.*.bmcs", "set 0 fabrics.*.*.machines",
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
    ("text of the user's own choice", ["break maas.settings.ntp_servers", "dangle maas.admin.username", "steal maas.settings.ntp_servers"]),
    (
      "larger than needed",
      [
        "set 1000000 haproxy.database.maxconn", "set 1000000 postgresql.parameters.max_replication_slots",
        "set 1000000 postgresql.parameters.max_wal_senders",
      ]
    ),
    ("without standbys nobody asks for a sender", ["set -1 postgresql.parameters.max_wal_senders", "set 0 postgresql.parameters.max_wal_senders"]),
    ("the host's own address a second time, or an interface that is ignored", ["steal hosts.*.interfaces.*.addresses.*"]),
    ("0 is the fabric's untagged VLAN", ["set 0 fabrics.*.*.vid"]),
  ]

  private static let awaited: [(rule: UInt16, kinds: [String])] = [
    (505, ["drop haproxy.vips"]),
    (506, ["steal haproxy.vips.[].address"]),
    (601, ["drop fabrics.*.*.dhcp.secondary_rack"]),
    (603, ["drop hosts.*.addresses", "drop hosts.*.addresses.*"]),
    (604, ["drop fabrics.*.*.subnets", "drop fabrics.*.*.subnets.*", "drop fabrics.*.*.subnets.*.ranges"]),
    (605, ["steal fabrics.*.*.subnets.*.ranges.[].end", "steal fabrics.*.*.subnets.*.ranges.[].start"]),
    (608, ["steal fabrics.*.*.subnets.*.gateway"]),
    (609, ["set -1 fabrics.*.*.vid", "set 1000000 fabrics.*.*.vid"]),
    (611, ["set 1000000 fabrics.*.*.machines"]),
    (802, ["drop backup.copy_to"]),
    (804, ["set 1000000 fabrics.*.*.bmcs"]),
  ]
}
