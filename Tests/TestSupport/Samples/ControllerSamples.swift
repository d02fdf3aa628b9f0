package import Formats

extension Samples {
  package static let regiond = RegiondConf(settings: [
    .init("maas_url", .text("http://maas.example.net/MAAS")), .init("database_host", .text("10.20.0.10")), .init("database_port", .integer(5432)),
    .init("database_pass", .secret(.init("database"))), .init("num_workers", .integer(4)), .init("debug", .boolean(false)),
  ])

  package static let rackd = RackdConf(settings: [
    .init("maas_url", .texts(["http://10.20.0.10/MAAS", "http://10.20.0.11:5240/MAAS"])), .init("debug", .boolean(true)),
  ])

  package static let unit = SystemdUnit(sections: [
    .init("Unit", [.init("Description", .text("100% of MAAS' firewall")), .init("Before", .units(["network-pre.target"]))]),
    .init(
      "Service",
      [
        .init("Type", .text("oneshot")), .init("RemainAfterExit", .boolean(true)),
        .init("Environment", .environment([.init("GREETING", "say \"50%\" of $HOME"), .init("EMPTY", "")]), comment: "For the test."),
        .init("ExecStartPre", .toleratedCommand(["/bin/true"])), .init("ExecStart", .reset),
        .init("ExecStart", .command(["/bin/echo", "50% of $HOME", "it's", "a \"quoted\" \\ word", "two\nlines", "", ";"])),
      ]),
    .init("Install", [.init("WantedBy", .units(["multi-user.target"]))]),
  ])

  package static let preferences = AptPreferences(pins: [
    .init(package: "maas*", pin: "version 1:3.6.5-*", priority: 1001, explanation: "packages.apt.versions"),
    .init(package: "postgresql-16", pin: "release o=Ubuntu", priority: 900),
  ])

  package static let sources = AptSources(
    uris: ["https://packages.example.net/maas/3.6/ubuntu/"], suites: ["noble"], components: ["main"], signedBy: "/usr/share/keyrings/maas.gpg")

  package static let hold = AptHold(packages: ["postgresql", "haproxy$", "libc6\\"])
  package static let needrestart = NeedrestartConf(services: ["postgresql", "keepalived"])
}
