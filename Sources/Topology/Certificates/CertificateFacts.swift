package import NetworkTypes

/// What rule M511 wants to know of an X.509 certificate (RFC 5280): for whom it is, and until when.
package struct CertificateFacts: Hashable, Sendable {
  /// DNS names of subjectAltName, in lower case, wildcards as they stand. The common name does not count: clients ignore it.
  package private(set) var names: [String] = []
  package private(set) var addresses: [IPAddress] = []
  /// The last day.
  package private(set) var notAfter: Day

  package struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Months since the year 0.
    package var months: Int { year * 12 + month - 1 }
    package var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }
    package static func < (left: Day, right: Day) -> Bool { (left.year, left.month, left.day) < (right.year, right.month, right.day) }
  }

  /// Reads PEM, of which the first certificate counts, or DER; nil for anything else.
  package init?(_ bytes: [UInt8]) {
    let encoded = bytes.first == DER.sequence ? bytes : firstCertificate(inPEM: bytes)
    guard let encoded else { return nil }
    var file = DER(encoded[...])
    guard let certificate = file.next(DER.sequence) else { return nil }
    var outer = DER(certificate)
    guard let signed = outer.next(DER.sequence) else { return nil }
    self.init(signed: signed)
  }

  /// `TBSCertificate`: version, serial number, algorithm, issuer, validity, subject, key, then what is optional.
  private init?(signed: ArraySlice<UInt8>) {
    var fields = DER(signed)
    guard var field = fields.next() else { return nil }
    if field.tag == DER.constructed(0) {
      guard let serial = fields.next() else { return nil }
      field = serial
    }
    guard fields.next(DER.sequence) != nil, fields.next(DER.sequence) != nil, let validity = fields.next(DER.sequence),
      let last = Self.end(of: validity)
    else { return nil }
    notAfter = last
    while let field = fields.next() {
      if field.tag == DER.constructed(3) { readExtensions(field.content) }
    }
  }

  private static func end(of validity: ArraySlice<UInt8>) -> Day? {
    var times = DER(validity)
    guard times.next() != nil, let end = times.next() else { return nil }
    return Day(end)
  }

  private mutating func readExtensions(_ bytes: ArraySlice<UInt8>) {
    var wrapped = DER(bytes)
    var extensions = DER(wrapped.next(DER.sequence) ?? [])
    while let entry = extensions.next(DER.sequence) {
      var parts = DER(entry)
      guard let identifier = parts.next(DER.objectIdentifier), identifier.elementsEqual(Self.subjectAltName), var value = parts.next() else {
        continue
      }
      if value.tag == DER.boolean, let next = parts.next() { value = next }
      guard value.tag == DER.octetString else { continue }
      var content = DER(value.content)
      readNames(content.next(DER.sequence) ?? [])
    }
  }

  private mutating func readNames(_ bytes: ArraySlice<UInt8>) {
    var general = DER(bytes)
    while let name = general.next() {
      switch name.tag {
      case DER.primitive(2): names.append(String(decoding: name.content, as: UTF8.self).lowercased())
      case DER.primitive(7) where [4, 16].contains(name.content.count):
        let value = name.content.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        addresses.append(IPAddress(name.content.count == 4 ? .v4 : .v6, value))
      default: break
      }
    }
  }

  /// 2.5.29.17
  private static let subjectAltName: [UInt8] = [0x55, 0x1D, 0x11]
}

extension CertificateFacts.Day {
  /// `YYMMDDhhmmssZ`, where 50 and above is the last century, or `YYYYMMDDhhmmssZ`.
  fileprivate init?(_ time: DER.Element) {
    let digits = time.content.prefix { (48...57).contains($0) }.map { Int($0) - 48 }
    switch time.tag {
    case DER.utcTime where digits.count >= 6:
      let short = digits[0] * 10 + digits[1]
      self.init(year: short < 50 ? 2000 + short : 1900 + short, month: digits[2] * 10 + digits[3], day: digits[4] * 10 + digits[5])
    case DER.generalizedTime where digits.count >= 8:
      self.init(
        year: digits[..<4].reduce(0) { $0 * 10 + $1 }, month: digits[4] * 10 + digits[5], day: digits[6] * 10 + digits[7])
    default: return nil
    }
  }
}

/// What a file that should be a certificate turned out to be.
package enum AttachedCertificate: Hashable, Sendable {
  case certificate(CertificateFacts)
  case unreadable
}
