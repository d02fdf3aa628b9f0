import Formats
import TestSupport
import Testing

/// The sample documents before the programs that will read them.
@Suite struct SampleAcceptance {
  static let files: [HostFile] = [
    HostFile("/etc/haproxy/haproxy.cfg", Samples.haproxy.render(header: ["A head."]).text),
    HostFile("/etc/keepalived/keepalived.conf", Samples.keepalived.render().text),
    HostFile("/etc/maasc/firewall.nft", Samples.nftables.render().text),
    HostFile("/etc/postgresql/16/main/conf.d/maasc.conf", Samples.postgresql.render().text),
    HostFile("/etc/postgresql/16/main/pg_hba.conf", Samples.hba.render().text),
    HostFile("/var/lib/maas/dhcpd-primary.conf", Samples.failover.primaryPreview.render().text),
    HostFile("/var/lib/maas/dhcpd-secondary.conf", Samples.failover.secondaryPreview.render().text),
    HostFile("/etc/systemd/system/sample.service", Samples.unit.render().text),
    HostFile("/etc/sysctl.d/90-maasc.conf", Samples.sysctl.render().text),
    HostFile("/etc/apt/apt.conf.d/51maasc", Samples.hold.render(header: ["A head."]).text),
    HostFile("/etc/apt/preferences.d/maasc", Samples.preferences.render(header: ["A head."]).text),
    HostFile("/etc/apt/sources.list.d/maasc.sources", Samples.sources.render(header: ["A head."]).text),
    HostFile("/etc/needrestart/conf.d/maasc.conf", Samples.needrestart.render(header: ["A head."]).text),
    HostFile("/etc/maas/regiond.conf", Samples.regiond.render().text),
    HostFile("/etc/maas/rackd.conf", Samples.rackd.render().text),
  ]

  @Test func everySampleIsAcceptedWithoutAWarning() throws { #expect(try Daemons.complaints(about: Self.files) == []) }

  @Test func patroniAndItsEtcdAreAccepted() throws {
    let patroni = try #require(Samples.patroni).render().text
    let etcd = try #require(Samples.etcd).render().text
    let complaints = try Daemons.complaints(about: [HostFile("/etc/patroni/maasc.yml", patroni), HostFile("/etc/default/etcd", etcd)])
    #expect(complaints == [])
  }
}
