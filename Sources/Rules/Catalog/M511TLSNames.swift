import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let tlsNames = Rule(
    511, "tls-names", .error,
    summary: "the certificate lacks a name that clients use, or ends soon",
    why: """
      `maas config-tls` keeps one certificate in the database, and every region shows it (MAAS manual, "Enable TLS encryption"): it must hold \
      the host of `maas_url` and the name of each region, since clients look at subjectAltName alone (RFC 9110, section 4.3.4). It is read from \
      `certificate_file`, beside the topology; where a region is meant by its short name, a name below it or a wildcard serves. Its end is \
      compared with the date of the tables, not with the clock, so that the same file is always judged alike.
      """,
    examples: [
      .bad(
        "a region is missing", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key, certificate_file: ⟦certs/partial.pem⟧}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        """
      ).attaching("certs/partial.pem", ExampleCertificates.partial),
      .bad(
        "no certificate at all", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key, certificate_file: ⟦certs/key.pem⟧}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        """
      ).attaching("certs/key.pem", "nothing of the kind"),
      .bad(
        "it ends soon", as: .warning,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key, certificate_file: ⟦certs/ending.pem⟧}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        """
      ).attaching("certs/ending.pem", ExampleCertificates.ending),
      .good(
        "all names",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key, certificate_file: certs/full.pem}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        """
      ).attaching("certs/full.pem", ExampleCertificates.full),
      .good(
        "by address and by a wildcard",
        """
        maas:
          version: "3.7"
          url: http://10.20.0.10/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key, certificate_file: certs/wildcard.pem}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        """
      ).attaching("certs/wildcard.pem", ExampleCertificates.wildcard),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard let tls = topology.maas.tls, let file = tls.certificateFile, let attached = topology.certificate else { return }
      guard case .certificate(let certificate) = attached else {
        return report.report(
          "\(file.value) is not there, or no certificate in PEM or DER", at: file.span, help: "name the certificate file, relative to this topology")
      }
      reportNames(certificate, file, context, &report)
      reportEnd(certificate, file, &report)
    })
}

private func reportNames(_ certificate: CertificateFacts, _ file: Located<String>, _ context: RuleContext, _ report: inout Reporter) {
  let url = context.topology.maasURL()
  let hosts = context.topology.regions.map { context.topology[$0.host.value].name }.filter { !certificate.serves($0.value) }
  let lacksURL = !certificate.serves(url.value.host)
  let missing = (lacksURL ? [url.value.host.description] : []) + hosts.map(\.value.description)
  guard !missing.isEmpty else { return }
  let known = certificate.names + certificate.addresses.map(\.description)
  report.report(
    "the certificate lacks \(missing.listed)", at: file.span,
    secondary: (lacksURL ? url.span.map { [Label($0, "clients ask for this name")] } ?? [] : []) + hosts.map { Label($0.span, "a region") },
    notes: ["it is for \(known.isEmpty ? "nobody: it has no subjectAltName" : known.listed)"],
    help: "have one certificate issued with all of these names")
}

/// Months from the date of the tables to the end.
private func reportEnd(_ certificate: CertificateFacts, _ file: Located<String>, _ report: inout Reporter) {
  let parts = Releases.asOf.split(separator: "-").compactMap { Int($0) }
  guard parts.count == 2 else { return }
  let left = certificate.notAfter.months - (parts[0] * 12 + parts[1] - 1)
  guard left < TLSCertificates.monthsOfNotice else { return }
  report.report(
    left < 0 ? "the certificate ended on \(certificate.notAfter)" : "the certificate ends on \(certificate.notAfter)", at: file.span, as: .warning,
    notes: ["compared with \(Releases.asOf), the date of the tables"], help: "renew it, and run maas config-tls enable with the new one")
}

extension CertificateFacts {
  fileprivate func serves(_ host: HTTPURL.Host) -> Bool {
    switch host {
    case .address(let address): addresses.contains(address)
    case .name(let name): names.contains { covers($0, name.lowercased()) }
    }
  }

  /// A region may be meant by its short name, of which the certificate has the long one.
  fileprivate func serves(_ host: HostName) -> Bool {
    let name = host.description.lowercased()
    return names.contains { covers($0, name) || (!host.isFullyQualified && ($0.hasPrefix(name + ".") || $0.hasPrefix("*."))) }
  }

  /// A wildcard stands for one label.
  private func covers(_ pattern: String, _ name: String) -> Bool {
    guard pattern.hasPrefix("*.") else { return pattern == name }
    guard let dot = name.firstIndex(of: ".") else { return false }
    return name[dot...] == pattern.dropFirst()
  }
}
