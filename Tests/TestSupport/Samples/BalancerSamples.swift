package import Formats
import NetworkTypes

/// A document of each kind, as a planner would make it: FormatsTests holds their text, AcceptanceTests shows them to their daemons.
package enum Samples {
  package static let haproxy = HAProxyConfig(
    global: .init(
      directives: [.init("log", "/dev/log", "local0"), .init("stats", "socket", "/run/haproxy/admin.sock", "mode", "660", "level", "admin")],
      maxconn: 4096, extra: .init("tune.bufsize 32768\n", keyPath: "haproxy.extra.global")),
    defaults: .init(
      directives: [.init("log", "global"), .init("option", "redispatch"), .init("retries", "3")],
      timeouts: [.init(.connect, .seconds(5)), .init(.client, .seconds(900)), .init(.server, .seconds(900)), .init(.check, .seconds(1))]),
    frontends: [
      .init(
        "maas-api", mode: .http, comment: "API and user interface.",
        binds: [.init(.address(address("10.20.0.10")), port: 80), .init(.address(address("2001:db8::10")), port: 80)],
        monitorURI: "/haproxy-alive", directives: [.init("option", "httplog")], defaultBackend: "maas-api"),
      .init("rpc", mode: .tcp, binds: [.init(.every, port: 5271)], directives: [.init("option", "tcplog")], defaultBackend: "rpc"),
      .init(
        "postgresql", mode: .tcp, binds: [.init(.address(address("10.20.0.10")), port: 5432)], maxconn: 350, timeouts: [.init(.client, .hours(24))],
        directives: [.init("option", "tcplog")], defaultBackend: "postgresql"),
    ],
    backends: [
      .init(
        "maas-api", mode: .http, balance: "source", hashesConsistently: true, check: .http(path: "/MAAS/rpc/", status: 200),
        serverDefaults: .init(interval: .seconds(1), fastInterval: .init(milliseconds: 200), downInterval: .seconds(1), fall: 2, rise: 2),
        servers: [
          .init("infra-1", host: .address(address("10.20.0.11")), port: 5240),
          .init("infra-6", host: .address(address("2001:db8::11")), port: 5240, isBackup: true),
        ]),
      .init("rpc", mode: .tcp, balance: "source", servers: [.init("infra-1", host: .address(address("10.20.0.11")), port: 5271)]),
      .init(
        "postgresql", mode: .tcp, comment: "Only the primary answers the role check.", check: .httpOptions(path: "/primary", status: 200),
        timeouts: [.init(.server, .hours(24))], serverDefaults: .init(interval: .seconds(1), fall: 2, rise: 1),
        servers: [
          .init("db-1", host: .address(address("10.20.0.21")), port: 5432, checkPort: 8008, source: address("10.20.0.11"), maxconn: 300)
        ]),
    ])

  package static let keepalived = KeepalivedConfig(
    routerID: "infra-1",
    scripts: [
      .init(
        "haproxy_alive", command: ["/usr/bin/curl", "-sf", "-m", "1", "-o", "/dev/null", "http://10.20.0.11:80/haproxy-alive"],
        comment: "HAProxy lives; says nothing about servers.")
    ],
    instances: [
      .init(
        "api", interface: "eth0", virtualRouterID: 51, priority: 150, advertInterval: .init(milliseconds: 300), source: address("10.20.0.11"),
        peers: [address("10.20.0.12")], addresses: [interfaceAddress("10.20.0.10/24")], scripts: ["haproxy_alive"]),
      .init(
        "api6", interface: "eth0", virtualRouterID: 52, priority: 150, advertInterval: .seconds(1), preempts: true, source: address("2001:db8::11"),
        peers: [address("2001:db8::12")], addresses: [interfaceAddress("2001:db8::10/64")], scripts: ["haproxy_alive"]),
    ])

  package static let nftables = Nftables(
    sets: [
      .init(
        "management", family: .v4, networks: [network("10.9.0.0/24"), network("10.9.0.7/32"), network("10.8.0.1/32"), network("10.9.0.0/24")],
        comment: "firewall.management"),
      .init("management6", family: .v6, networks: []),
    ],
    chains: [
      .init(
        "input", base: .init(.input, policy: .drop),
        rules: [
          .init([.established], .accept), .init([.invalid], .drop), .init([.loopback], .accept), .init([.icmp], .accept),
          .init([.icmpv6], .accept), .init([.sourceSet("management", .v4), .tcp([PortRange(22, 22)])], .accept, comment: "ssh"),
          .init([.sourceSet("management6", .v6), .tcp([PortRange(22, 22)])], .accept),
          .init([.source([network("10.20.0.12/32")]), .vrrp], .accept, comment: "VRRP from the peer"),
          .init([.source([]), .tcp([PortRange(9100, 9100)])], .accept, comment: "from nobody"),
          .init(
            [.source([network("10.20.0.12/32"), network("10.20.0.0/24")]), .tcp([PortRange(5240, 5240), PortRange(5250, 5270)])], .accept,
            comment: "MAAS between controllers"), .init([.interface("eth1"), .udp([PortRange(67, 67)])], .jump("dhcp")),
          .init([.tcp([PortRange(113, 113)])], .reject),
        ]), .init("dhcp", rules: [.init([.source([network("2001:db8::/64")])], .accept)]),
    ])

  package static let failover = DHCPFailover(
    "failover-vlan-provisioning", primary: address("10.30.0.2"), secondary: address("10.30.0.3"),
    subnets: [
      .init(network: network("10.30.0.0/24"), gateway: address("10.30.0.1"), ranges: [IPRange(address("10.30.0.100"), address("10.30.0.200"))])
    ])

  package static let sysctl = SysctlConf(settings: [
    .init("net.ipv4.ip_nonlocal_bind", 1, comment: "HAProxy binds the virtual address before it arrives.")
  ])
}
