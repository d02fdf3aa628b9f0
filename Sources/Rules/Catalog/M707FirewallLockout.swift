import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let firewallLockout = Rule(
    707, "firewall-lockout", .error,
    summary: "maasc is to write the firewall, and no network is named that operators come from",
    why: """
      The rules drop what they do not name. Without `management` ssh from the operator is among it, on every host at once, and the way back is \
      the console (canonical/maas-ansible-playbook issue 139: the playbook locks the node down).
      """,
    examples: [
      .bad(
        "no management network", as: .error,
        """
        firewall: {manage: ⟦nftables⟧}
        """),
      .bad(
        "an empty list", as: .error,
        """
        firewall: {manage: ⟦nftables⟧, management: [], allow: [{from: [10.9.0.0/24], tcp: [9100]}]}
        """),
      .good(
        "a management network",
        """
        firewall: {manage: nftables, management: [10.9.0.0/24]}
        """),
      .good(
        "ssh among the allowed",
        """
        firewall: {manage: nftables, allow: [{from: [10.9.0.0/24], tcp: [22]}]}
        """),
      .good(
        "not ours",
        """
        firewall: {manage: none}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.rest) else { return }
      let topology = context.topology
      guard topology.firewall.isManaged, topology.firewall.management.isEmpty, let manager = topology.firewall.manager else { return }
      let locked = topology.hosts.filter { host in
        !topology.firewall.allow.contains { entry in
          !entry.from.isEmpty && entry.tcp.contains { $0.value.contains(topology.sshPort(host.id)) }
        }
      }
      guard let first = locked.first else { return }
      report.report(
        "nobody could log in to \(context.names(locked.map(\.id))) any more", at: manager.span,
        secondary: first.ssh.port.map { [Label($0.span, "sshd listens here")] } ?? [], help: "set management: [networks that operators come from]")
    })
}
