/// A file with the edits of its findings.
package struct FixedFile: Sendable {
  /// The index of the file in the source map.
  package let file: Int
  package let path: String
  /// The bytes as they stand in the file, with its byte order mark.
  package let old: [UInt8]
  package let new: [UInt8]
  /// Byte ranges of `old` in ascending order, none overlapping another, and what replaces them.
  let edits: [Edit]

  struct Edit: Sendable {
    var range: Range<Int>
    var text: [UInt8]
  }
}

/// The outcome of applying edits once. Run check and this again until nothing changes: edits that overlapped come with the next round.
package struct AppliedFixes: Sendable {
  /// In the order of the source map; only files that change.
  package var files: [FixedFile]
  package var applied: Int
  /// Findings whose edit conflicts with an earlier finding's.
  package var postponed: Int
}

/// Applies the edits of all findings that are not suppressed; a finding's edits are applied all or none.
package func applyFixes(_ diagnostics: [Diagnostic], in sources: SourceMap) -> AppliedFixes {
  var accepted = AcceptedEdits()
  var outcome = AppliedFixes(files: [], applied: 0, postponed: 0)
  for diagnostic in diagnostics where diagnostic.suppression == nil && !diagnostic.fix.isEmpty {
    // A place behind an alias is shared by all its uses: no edit there is certain.
    guard diagnostic.fix.allSatisfy({ $0.span.upper < Span.expansionFloor && $0.span.lower <= $0.span.upper }) else { continue }
    if accepted.add(diagnostic.fix) { outcome.applied += 1 } else { outcome.postponed += 1 }
  }
  for (index, file) in sources.files.enumerated() {
    let edits = accepted.edits(in: file)
    if !edits.isEmpty { outcome.files.append(FixedFile(index, file, edits)) }
  }
  return outcome
}

/// Edits in ascending order of which any two could be applied in either order; the same edit twice is one.
private struct AcceptedEdits {
  private var edits: [TextEdit] = []

  /// False, and nothing is changed, where one of the group conflicts with another edit.
  mutating func add(_ group: [TextEdit]) -> Bool {
    let sorted = group.sorted { ($0.span.lower, $0.span.upper) < ($1.span.lower, $1.span.upper) }
    guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0 == $1 || !$0.conflicts(with: $1) }) else { return false }
    guard sorted.allSatisfy({ edit in neighbours(of: edit).allSatisfy { $0 == edit || !$0.conflicts(with: edit) } }) else { return false }
    for edit in sorted where !neighbours(of: edit).contains(edit) { edits.insert(edit, at: firstIndex { $0.span.upper > edit.span.lower }) }
    return true
  }

  private func neighbours(of edit: TextEdit) -> ArraySlice<TextEdit> {
    edits[firstIndex { $0.span.upper >= edit.span.lower }...].prefix { $0.span.lower <= edit.span.upper }
  }

  /// The first edit that holds a condition which all after it hold too.
  private func firstIndex(where condition: (TextEdit) -> Bool) -> Int {
    var low = 0
    var high = edits.count
    while low < high {
      let middle = (low + high) / 2
      if condition(edits[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The edits within one file, in offsets of its bytes on disk.
  func edits(in file: SourceFile) -> [FixedFile.Edit] {
    let shift = file.markLength - Int(file.base)
    var index = firstIndex { $0.span.lower >= file.base }
    var found: [FixedFile.Edit] = []
    while index < edits.count, edits[index].span.lower <= file.span.upper {
      let span = edits[index].span
      let end = min(span.upper, file.span.upper)
      found.append(FixedFile.Edit(range: (Int(span.lower) + shift)..<(Int(end) + shift), text: Array(edits[index].text.utf8)))
      index += 1
    }
    return found
  }
}

extension TextEdit {
  /// Overlapping edits conflict, and so does an insertion at the edge of another edit: its place would depend on which came first.
  fileprivate func conflicts(with other: TextEdit) -> Bool {
    let isEmpty = span.lower == span.upper || other.span.lower == other.span.upper
    if span.upper == other.span.lower || other.span.upper == span.lower { return isEmpty }
    return span.lower < other.span.upper && other.span.lower < span.upper
  }
}

extension FixedFile {
  fileprivate init(_ index: Int, _ source: SourceFile, _ edits: [Edit]) {
    file = index
    path = source.path
    old = (source.markLength > 0 ? [0xEF, 0xBB, 0xBF] : []) + source.bytes
    new = Self.replaced(old, 0..<old.count, edits)
    self.edits = edits
  }

  /// The bytes of `range` with the edits that lie within it.
  static func replaced(_ old: [UInt8], _ range: Range<Int>, _ edits: some Sequence<Edit>) -> [UInt8] {
    var new: [UInt8] = []
    var offset = range.lowerBound
    for edit in edits {
      new += old[offset..<edit.range.lowerBound]
      new += edit.text
      offset = edit.range.upperBound
    }
    return new + old[offset..<range.upperBound]
  }
}
