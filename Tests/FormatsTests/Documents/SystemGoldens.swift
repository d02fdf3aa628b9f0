import Formats
import TestSupport
import Testing

extension DocumentGoldens {
  @Test func unit() {
    expect(
      Samples.unit,
      is: #"""
        [Unit]
        Description=100%% of MAAS' firewall
        Before=network-pre.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        # For the test.
        Environment="GREETING=say \"50%%\" of $HOME" EMPTY=
        ExecStartPre=-/bin/true
        ExecStart=
        ExecStart=/bin/echo "50%% of $$HOME" "it's" "a \"quoted\" \\ word" "two\nlines" "" ";"

        [Install]
        WantedBy=multi-user.target

        """#)
  }

  @Test func preferences() {
    expect(
      Samples.preferences,
      is: #"""
        Explanation: packages.apt.versions
        Package: maas*
        Pin: version 1:3.6.5-*
        Pin-Priority: 1001

        Package: postgresql-16
        Pin: release o=Ubuntu
        Pin-Priority: 900

        """#)
  }

  @Test func sources() {
    expect(
      Samples.sources,
      is: #"""
        Types: deb
        URIs: https://packages.example.net/maas/3.6/ubuntu/
        Suites: noble
        Components: main
        Signed-By: /usr/share/keyrings/maas.gpg

        """#)
  }

  @Test func hold() {
    expect(
      Samples.hold,
      is: #"""
        Unattended-Upgrade::Package-Blacklist {
            "postgresql";
            "haproxy$";
            "libc6_";
        };

        """#)
  }

  @Test func needrestart() {
    expect(
      Samples.needrestart,
      is: #"""
        $nrconf{override_rc}->{qr(^postgresql)} = 0;
        $nrconf{override_rc}->{qr(^keepalived)} = 0;

        """#)
  }
}
