import Diagnostics

/// Looks for secrets in the bytes of a file, comments included.
struct InlineSecrets {
  struct Place {
    var message: String
    var span: Span
  }
  private(set) var places: [Place] = []
  private let file: SourceFile

  /// How tokens of widely used services begin, and how many bytes follow at least.
  fileprivate static let tokens: [(prefix: [UInt8], rest: Int, owner: String)] = [
    ("hvs.", 12, "HashiCorp Vault"), ("hvb.", 12, "HashiCorp Vault"), ("hvr.", 12, "HashiCorp Vault"), ("ghp_", 20, "GitHub"), ("gho_", 20, "GitHub"),
    ("ghu_", 20, "GitHub"), ("ghs_", 20, "GitHub"), ("ghr_", 20, "GitHub"), ("github_pat_", 20, "GitHub"), ("glpat-", 16, "GitLab"),
    ("AKIA", 16, "AWS"), ("ASIA", 16, "AWS"), ("xoxb-", 10, "Slack"), ("xoxp-", 10, "Slack"), ("AIza", 30, "Google"),
    ("eyJhbGciOi", 30, "a JSON Web Token's issuer"), ("AGE-SECRET-KEY-1", 30, "age"),
  ].map { (Array($0.0.utf8), $0.1, $0.2) }

  init(_ file: SourceFile) {
    self.file = file
    var position = 0
    while let start = file.bytes.firstCandidate(from: position) {
      position = findSecret(at: start) ?? start + 1
    }
  }

  /// The end of what stands at a candidate; nil where it is nothing.
  private mutating func findSecret(at position: Int) -> Int? {
    switch file.bytes[position] {
    case UInt8(ascii: ":"): findPassword(at: position)
    case UInt8(ascii: "-"): findPEM(at: position)
    default: position > 0 && file.bytes[position - 1].isTokenByte ? nil : findToken(at: position)
    }
  }

  /// `scheme://user:password@host`; what begins with `$` is filled in at deploy time.
  private mutating func findPassword(at position: Int) -> Int? {
    guard starts("://", at: position) else { return nil }
    let start = position + 3
    let end = file.bytes[start...].firstIndex { $0 <= 32 || "/?#\"'<>".utf8.contains($0) } ?? file.bytes.endIndex
    guard let at = file.bytes[start..<end].lastIndex(of: UInt8(ascii: "@")), let colon = file.bytes[start..<at].firstIndex(of: UInt8(ascii: ":")),
      colon + 1 < at, file.bytes[colon + 1] != UInt8(ascii: "$")
    else { return end }
    add("a URL holds a password", colon + 1, at)
    return end
  }

  private mutating func findPEM(at position: Int) -> Int? {
    guard starts("-----BEGIN ", at: position) else { return nil }
    let start = position + 11
    guard let end = file.bytes[start...].firstIndex(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "\n") }) else { return nil }
    guard starts("-----", at: end) else { return nil }
    add("\(String(decoding: file.bytes[start..<end], as: UTF8.self).lowercased()) in PEM", position, end + 5)
    return end + 5
  }

  private mutating func findToken(at position: Int) -> Int? {
    for token in Self.tokens where file.bytes[position...].starts(with: token.prefix) {
      let end = file.bytes[position...].firstIndex { !$0.isTokenByte } ?? file.bytes.endIndex
      guard end - position - token.prefix.count >= token.rest else { continue }
      add("this looks like a token of \(token.owner)", position, end)
      return end
    }
    return nil
  }

  private func starts(_ text: String, at position: Int) -> Bool { file.bytes[position...].starts(with: text.utf8) }

  private mutating func add(_ message: String, _ start: Int, _ end: Int) {
    places.append(Place(message: message, span: Span(file.base + UInt32(start), file.base + UInt32(end))))
  }
}

/// By byte: 1 where a secret may begin with it, 2 where it may be a secret's second. Secrets begin as `://`, as PEM, or as a token does.
private let roles: [UInt8] = {
  var table = Array(repeating: UInt8(0), count: 256)
  for prefix in InlineSecrets.tokens.map(\.prefix) + [Array("://".utf8), Array("--".utf8)] {
    table[Int(prefix[0])] |= 1
    table[Int(prefix[1])] |= 2
  }
  return table
}()

extension [UInt8] {
  /// Most of a file is passed over in this loop.
  fileprivate func firstCandidate(from start: Int) -> Int? {
    withUnsafeBufferPointer { bytes in
      roles.withUnsafeBufferPointer { roles in
        var position = start
        while position + 1 < bytes.count {
          if roles[Int(bytes[position])] & 1 != 0, roles[Int(bytes[position + 1])] & 2 != 0 { return position }
          position += 1
        }
        return nil
      }
    }
  }
}

extension UInt8 {
  fileprivate var isTokenByte: Bool {
    (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
      || self == UInt8(ascii: ".")
  }
}
