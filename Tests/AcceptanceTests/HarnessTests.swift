import Formats
import TestSupport
import Testing

/// A harness that accepts everything proves nothing: each program must refuse a file with a mistake in it.
@Suite struct HarnessTests {
  static let broken: [HostFile] = [
    HostFile("/etc/haproxy/haproxy.cfg", "frontend a\n    bind *:80\n"),
    HostFile(
      "/etc/keepalived/keepalived.conf", "vrrp_instance a {\n    state MASTER\n    nopreempt\n    interface eth0\n    virtual_router_id 1\n}\n"),
    HostFile("/etc/maasc/firewall.nft", "table inet maasc {\n    chain a { tcp dport 99999 accept; }\n}\n"),
    HostFile("/etc/postgresql/16/main/conf.d/maasc.conf", "wal_level = minimal\nmax_wal_senders = 5\n"),
    HostFile("/etc/postgresql/16/main/pg_hba.conf", "hostssl all all 10.0.0.0/8 md5\n"),
    HostFile("/etc/postgresql/16/main/conf.d/other.conf", "no_such_setting = 1\n"),
    HostFile("/var/lib/maas/dhcpd.conf", "failover peer \"a\" { primary; address 10.0.0.1; peer address 10.0.0.2; }\n"),
    HostFile("/etc/systemd/system/a.service", "[Service]\nExecStart=/bin/no-such-program\n"),
    HostFile("/etc/systemd/system/b.service.d/c.conf", "[Service]\nNoSuchKey=1\n"),
    HostFile("/etc/sysctl.d/90-maasc.conf", "net.ipv4.no_such_key = 1\n"),
    HostFile("/etc/apt/apt.conf.d/51maasc", "A { \"b\" \n"),
    HostFile("/etc/apt/preferences.d/maasc", "Pin: version 1\nPin-Priority: 1\n"),
    HostFile("/etc/apt/sources.list.d/maasc.sources", "Types: deb\nSuites: a\n"),
    HostFile("/etc/needrestart/conf.d/maasc.conf", "$nrconf{\n"),
    HostFile("/etc/maas/regiond.conf", "database_pass: 12345\n"),
    HostFile("/etc/default/etcd", "ETCD_LISTEN_PEER_URLS=\"10.0.0.1\"\n"),
    HostFile("/etc/default/etcd", "ETCD_NO_SUCH_KEY=\"1\"\n"),
    HostFile("/etc/patroni/maasc.yml", "scope: a\n"),
    HostFile("/etc/patroni/dynamic.yml", "ttl: many\n"),
    HostFile("/etc/sudoers.d/a", "a ALL=(root NOPASSWD: /bin/true\n"),
    HostFile("/var/lib/a/.ssh/authorized_keys", "restrict,command=\"true dummy-key\n"),
    HostFile("/usr/local/sbin/a", "#!/bin/bash\necho $1\n"),
    HostFile("/etc/postgresql/16/main/start.conf", "sometimes\n"),
    HostFile("/var/lib/postgresql/.pgpass", "*:*:*:user\n"),
    HostFile("/usr/local/sbin/a.py", "print(\n"),
    HostFile("/var/lib/maasc/a.json", "{,}\n"),
    HostFile("/var/lib/maasc/a.jq", "$nobody | ( .\n"),
    HostFile("/etc/unknown.conf", ""),
  ]

  @Test(arguments: broken) func aMistakeIsFound(_ file: HostFile) throws {
    let complaints = try Daemons.complaints(about: [file])
    #expect(complaints.count == 1, "\(file.path): \(complaints)")
  }

  @Test func aMissingProgramIsNamedWithItsPackage() throws {
    let error = #expect(throws: MissingProgram.self) { _ = try find("no-such-daemon", package: "a-package") }
    #expect(error?.description.contains("apt-get install a-package") == true)
  }
}
