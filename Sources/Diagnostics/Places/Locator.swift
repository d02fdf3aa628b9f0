/// Where a span stands, in the numbers of its file.
package struct Location: Sendable {
  /// The index of the file in the source map.
  package let file: Int
  package let path: String
  /// Bytes from the start of the file (after a byte order mark).
  package let offsets: Range<Int>
  package let start: Position
  /// Exclusive.
  package let end: Position
  /// The places of the anchors that the value came from, outermost first; empty for a value that stands where it is used.
  package let definitions: [Span]
}

/// Finds the lines and columns of spans, with one line table for each file that is asked for.
package struct Locator: Sendable {
  package let sources: SourceMap
  private var tables: [LineTable?]

  package init(_ sources: SourceMap) {
    self.sources = sources
    tables = sources.files.map { _ in nil }
  }

  package mutating func table(ofFile file: Int) -> LineTable {
    if let table = tables[file] { return table }
    let table = LineTable(sources.files[file])
    tables[file] = table
    return table
  }

  /// Nil for `Span.none`. A span that reaches beyond its file is cut there; one that ends with a line break ends before it,
  /// unless it is wanted `exactly`, as for an edit.
  package mutating func locate(_ span: Span, exactly: Bool = false) -> Location? {
    guard let place = sources.resolve(span) else { return nil }
    let source = sources.files[place.file]
    let lines = table(ofFile: place.file)
    let lower = min(Int(place.span.lower - source.base), source.bytes.count)
    var upper = min(max(lower, Int(clamping: Int64(place.span.upper) - Int64(source.base))), source.bytes.count)
    let lastLine = lines.line(at: upper)
    if !exactly, upper > lower, lastLine > lines.line(at: lower), lines.range(ofLine: lastLine).lowerBound == upper {
      upper = max(lower, lines.range(ofLine: lastLine - 1).upperBound)
    }
    return Location(
      file: place.file, path: source.path, offsets: lower..<upper, start: lines.position(at: lower), end: lines.position(at: upper),
      definitions: place.definitions)
  }
}
