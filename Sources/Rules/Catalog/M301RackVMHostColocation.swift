import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let rackVMHostColocation = Rule(
    301, "rack-vm-host-colocation", .error, .unwise,
    summary: "a rack controller and a VM host share one machine",
    why: """
      MAAS' documentation on high availability says not to: virtual machines that the rack composes take memory and disk from under its own \
      dhcpd and images, and the machine's bridge becomes one more interface that MAAS may pick for DHCP. VM hosts end with 4.0 (M207).
      """,
    examples: [
      .bad(
        "a rack that also runs virtual machines", as: .error,
        """
        vm_hosts:
          ⟦rack-a1⟧: {type: lxd}
        """),
      .bad(
        "region, rack and VM host on one machine", as: .error,
        """
        racks:
          rack-a1: {}
          rack-a2: {}
          infra-3: {}
        vm_hosts:
          ⟦infra-3⟧: {type: virsh}
        """),
      .good(
        "a VM host beside a region",
        """
        vm_hosts:
          infra-3: {type: lxd}
        """),
      .good("no VM host", "name: prague"),
    ],
    check: .topology { context, report in
      for vmHost in context.topology.vmHosts {
        guard let rack = context.index.rack[vmHost.host.value.index] else { continue }
        guard VMHosts.lifespan.contains(context.topology.maas.version.value) else { continue }
        report.report(
          "\(context.name(vmHost.host.value)) is a VM host and a rack controller", at: vmHost.host.span,
          secondary: [Label(context.topology[rack].host.span, "the rack")], help: "move the virtual machines or the rack to another host")
      }
    })
}
