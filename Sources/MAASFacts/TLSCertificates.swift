/// The certificate that `maas config-tls` takes.
package enum TLSCertificates {
  /// MAAS itself notifies up to 90 days ahead (MAAS source, src/maasserver/forms/settings.py, tls_cert_expiration_notification_interval).
  package static let monthsOfNotice = 3
}
