import Formats
import TestSupport

/// A program that will read files of a host, and how to ask it about them.
struct Daemon: Sendable {
  var program: String
  /// What to install where the program is missing.
  var package: String
  var reads: @Sendable (HostFile) -> Bool
  /// Code that fails when the program finds anything wrong with these files, warnings included.
  var ask: @Sendable ([HostFile]) -> [Check]

  init(_ program: String, package: String, reads: @escaping @Sendable (HostFile) -> Bool, ask: @escaping @Sendable ([HostFile]) -> [Check]) {
    self.program = program
    self.package = package
    self.reads = reads
    self.ask = ask
  }

  /// One question for each file.
  static func each(
    _ program: String, package: String, reads: @escaping @Sendable (HostFile) -> Bool, ask: @escaping @Sendable (String) -> Shell
  ) -> Daemon {
    Daemon(program, package: package, reads: reads) { files in files.map { Check(title: "\(program) \($0.path)", code: ask($0.path)) } }
  }
}

enum Daemons {
  /// The first one that reads a file is asked. A file that none reads is a failure: whoever emits a new kind of file says here who reads it.
  static let all: [Daemon] = [
    haproxy, keepalived, nft, postgresql, startConf, createcluster, passwordFile, roleConf, patroni, etcd, dhcpd, systemd, sysctl, aptConf,
    aptPreferences, aptSources, needrestart,
    maas, sudo, ssh,
    shell, python, json, jq,
  ]

  /// What the programs say against the files of one host.
  static func complaints(about files: [HostFile]) throws -> [String] {
    var unread: [String] = []
    var groups = Array(repeating: [HostFile](), count: all.count)
    for file in files {
      if let index = all.firstIndex(where: { $0.reads(file) }) { groups[index].append(file) } else { unread.append(file.path) }
    }
    var checks: [Check] = []
    for (daemon, files) in zip(all, groups) where !files.isEmpty {
      _ = try find(daemon.program, package: daemon.package)
      checks += daemon.ask(files)
    }
    return unread.map { "no program is known that reads \($0)" } + (try Room.judge(files, by: checks))
  }

  static let haproxy = Daemon.each("haproxy", package: "haproxy", reads: { $0.path.hasSuffix("/haproxy.cfg") }) { "haproxy -dW -c -f \($0)" }

  /// keepalived wants the interfaces of its file to be there.
  static let keepalived = Daemon.each("keepalived", package: "keepalived", reads: { $0.path.hasSuffix("/keepalived.conf") }) { path in
    """
    sed -nE 's/^ *interface +//p' \(path) | sort -u | while read -r name; do
      ip link show "$name" >/dev/null 2>&1 || { ip link add "$name" type veth peer name "p$RANDOM"; ip link set "$name" up; }
    done
    keepalived -t -f \(path)
    """
  }

  /// Loaded twice, since it replaces itself; a foreign table must survive. Taken also where no file tells the names of protocols and services.
  static let nft = Daemon.each("nft", package: "nftables", reads: { $0.path.hasSuffix(".nft") }) { path in
    """
    unshare --mount sh -ec 'mount --bind /dev/null /etc/protocols; mount --bind /dev/null /etc/services; exec nft -c -f "$0"' \(path)
    nft add table inet other
    nft -f \(path); first=$(nft list table inet maasc)
    nft -f \(path); second=$(nft list table inet maasc)
    [ "$first" = "$second" ] || { echo 'loading it twice changes it'; exit 1; }
    nft list table inet other >/dev/null
    nft delete table inet maasc
    """
  }

  static let dhcpd = Daemon.each("dhcpd", package: "isc-dhcp-server", reads: { $0.path.contains("dhcpd") && $0.text.contains("failover peer") }) {
    path in
    """
    out=$(dhcpd -t -cf \(path) 2>&1) || { echo "$out"; exit 1; }
    if grep -iE 'warning|no referring|error' <<<"$out"; then exit 1; fi
    """
  }

  static let sysctl = Daemon.each("sysctl", package: "procps", reads: { $0.path.hasPrefix("/etc/sysctl.d/") }) { path in
    // Only this network's own settings are set: the others would be the machine's.
    """
    sed -nE 's/^([a-z][^ =]*) *=.*/\\1/p' \(path) | while read -r key; do sysctl -n "$key" >/dev/null; done
    grep -E '^(net\\.|#|$)' \(path) | sysctl -p - >/dev/null
    """
  }

  static let shell = Daemon.each(
    "shellcheck", package: "shellcheck",
    reads: { $0.text.hasPrefix("#!/bin/bash") || $0.text.hasPrefix("#!/usr/bin/env bash") || $0.text.hasPrefix("#!/bin/sh") }
  ) { "shellcheck -S style \($0)" }

  static let python = Daemon.each("python3", package: "python3", reads: { $0.path.hasSuffix(".py") || $0.text.hasPrefix("#!/usr/bin/python3") }) {
    path in
    "python3 -W error -c \("import ast, sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')") \(path)"
  }

  static let json = Daemon.each("python3", package: "python3", reads: { $0.path.hasSuffix(".json") }) { "python3 -m json.tool \($0) /dev/null" }

  /// 3 says that the program cannot be compiled; what it does with nothing does not matter here.
  static let jq = Daemon.each("jq", package: "jq", reads: { $0.path.hasSuffix(".jq") }) { path in
    """
    status=0
    words=$(jq -n --slurpfile want /dev/null --slurpfile now /dev/null -f \(path) 2>&1) || status=$?
    [ "$status" -ne 3 ] && [ "$status" -ne 2 ] || { echo "$words"; exit 1; }
    """
  }

  /// MAAS reads these with PyYAML; that a number is plain and a password quoted is what it stumbles over.
  static let maas = Daemon.each("python3", package: "python3-yaml", reads: { $0.path.hasSuffix("/regiond.conf") || $0.path.hasSuffix("/rackd.conf") })
  {
    path in
    let program = """
      import sys, yaml
      loaded = yaml.safe_load(open(sys.argv[1]))
      numbers = ("num_workers", "database_port", "tftp_port", "database_conn_max_age")
      assert isinstance(loaded, dict), "no mapping"
      for key, value in loaded.items():
          assert key not in numbers or type(value) is int, key
          assert not key.startswith(("database_pass", "database_user", "database_name", "database_host")) or type(value) is str, key
      """
    return "python3 -c \(program) \(path)"
  }
}
