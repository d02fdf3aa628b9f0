/// The words that are right in one place, prepared to find the one that a wrong word was meant to be.
///
/// Build it once for a set of words: looking up a word then costs little, but not nothing; look up only what will be printed.
package struct Vocabulary: Sendable {
  private let words: [String]
  private let folded: [[UInt8]]
  private let letters: [UInt64]
  private let indexOfFolded: [[UInt8]: Int]
  private let aliases: [[UInt8]: String]

  /// `aliases` are words of other tools with the word that stands for them here, as `["bind_ip": "address"]`.
  package init(_ words: some Sequence<String>, aliases: KeyValuePairs<String, String> = [:]) {
    self.words = Array(words)
    folded = self.words.map(fold)
    letters = folded.map(letterSet)
    indexOfFolded = Dictionary(zip(folded, folded.indices), uniquingKeysWith: { first, _ in first })
    self.aliases = Dictionary(aliases.map { (fold($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The word that `written` was most likely meant to be: the same but for case, dashes and underscores; else a known alias;
  /// else the nearest by edits (one up to four letters, two up to eight, three above); the first of equals.
  package func nearest(to written: String) -> String? { allNearest(to: written).first }

  /// The words that are equally near, in their order: where there are several, nobody knows which was meant.
  package func allNearest(to written: String) -> [String] {
    let key = fold(written)
    if let index = indexOfFolded[key] { return [words[index]] }
    if let word = aliases[key] { return [word] }
    var best: [String] = []
    var limit = editLimit(key.count)
    let wanted = letterSet(key)
    for index in words.indices {
      // An edit takes at most one letter out of the set and brings one in: most words are told apart by that.
      guard (letters[index] ^ wanted).nonzeroBitCount <= 2 * limit else { continue }
      guard let distance = editDistance(key, folded[index], limit: limit) else { continue }
      if distance < limit { best = [] }
      best.append(words[index])
      limit = distance
    }
    return best
  }

  /// A help line: the similar word, or the whole set where it is short enough to read; `noun` as in "key" or "host".
  package func hint(for written: String, noun: String) -> String? {
    if let word = nearest(to: written) { return "a \(noun) with a similar name exists: \(word)" }
    guard (1...8).contains(words.count) else { return nil }
    return "known here: \(words.joined(separator: ", "))"
  }
}

/// As `Vocabulary.nearest(to:)`, for a set of words that is asked once.
package func nearest(to written: String, in words: some Sequence<String>) -> String? { Vocabulary(words).nearest(to: written) }

/// The word without case and separators, so that `primaryRack`, `primary-rack` and `primary_rack` are one.
private func fold(_ word: String) -> [UInt8] {
  word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: " ") }
}

private func letterSet(_ word: [UInt8]) -> UInt64 { word.reduce(0) { $0 | 1 << UInt64($1 & 63) } }

/// A word must keep at least one letter of its own: otherwise any two words of one letter were alike.
private func editLimit(_ length: Int) -> Int {
  switch length {
  case ...4: min(1, length - 1)
  case ...8: 2
  default: 3
  }
}
