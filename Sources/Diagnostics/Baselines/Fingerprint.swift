/// What a finding is apart from where it stands: the same after lines above it came or went, or a number in its message changed.
package struct Fingerprint: Hashable, Comparable, Sendable {
  package var rule: RuleID
  package var file: String
  /// The keys around the primary place, as `maas.regions.infra-1`.
  package var path: String
  /// The message with each number that stands alone as `#`.
  package var message: String
  /// Tells apart findings that are alike in all else, from 1.
  package var occurrence: Int

  /// 32 hex digits.
  package var digest: String {
    let text = "\(rule)\u{0}\(file)\u{0}\(path)\u{0}\(message)\u{0}\(occurrence)"
    return hex(fnv1a(text, basis: 0xCBF2_9CE4_8422_2325)) + hex(fnv1a(text, basis: 0x9AE1_6A3B_2F90_404F))
  }

  private var key: (String, UInt16, String, String, Int) { (file, rule.number, path, message, occurrence) }
  package static func < (left: Self, right: Self) -> Bool { left.key < right.key }
}

/// The fingerprints of findings in the order of `sortedUnique`.
package func fingerprints(of diagnostics: [Diagnostic], in sources: SourceMap, paths: RelativePaths) -> [Fingerprint] {
  var locator = Locator(sources)
  var outlines: [Int: Outline] = [:]
  var occurrences: [Fingerprint: Int] = Dictionary(minimumCapacity: diagnostics.count)
  let files = sources.files.map { paths.path($0.path) }
  return diagnostics.map { diagnostic in
    var print = Fingerprint(rule: diagnostic.rule, file: files.first ?? "", path: "", message: withoutNumbers(diagnostic.message), occurrence: 1)
    if let location = locator.locate(diagnostic.primary.span) {
      let file = sources.files[location.file]
      print.file = files[location.file]
      print.path = outlines[location.file, default: Outline(file, locator.table(ofFile: location.file))].name(at: location.offsets.lowerBound)
    }
    let count = occurrences[print, default: 0] + 1
    occurrences[print] = count
    print.occurrence = count
    return print
  }
}

/// `40 leases for 120 machines` and `41 leases for 120 machines` are one; `infra-1`, `10.0.0.1` and `M402` stay.
private func withoutNumbers(_ message: String) -> String {
  message.split(separator: " ", omittingEmptySubsequences: false).map { word in
    let digits = word.prefix { $0.isASCII && $0.isNumber }
    let rest = word.dropFirst(digits.count)
    return !digits.isEmpty && rest.allSatisfy { ",;:)%".contains($0) } ? "#\(rest)" : String(word)
  }.joined(separator: " ")
}

/// The hash of Fowler, Noll and Vo: not for secrets, the same on every machine.
private func fnv1a(_ text: String, basis: UInt64) -> UInt64 { text.utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }

private func hex(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
