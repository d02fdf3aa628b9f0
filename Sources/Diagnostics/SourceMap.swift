/// One input file: its name as the user wrote it, its bytes without a byte order mark, and its place in the offset space.
package struct SourceFile: Sendable {
  package let path: String
  package let bytes: [UInt8]
  /// Offset of the first byte in the space that all files share.
  package let base: UInt32
  /// Bytes of a UTF-8 byte order mark that were stripped (0 or 3).
  package let markLength: Int

  package var span: Span { Span(base, base + UInt32(bytes.count)) }
  /// The last component of the path: what generated files call it, since they are the same wherever they are compiled.
  package var name: String { String(path.split(separator: "/").last ?? "") }

  package func text(_ span: Span) -> String {
    let lower = Int(span.lower - base)
    let upper = min(Int(span.upper - base), bytes.count)
    return String(decoding: bytes[min(lower, upper)..<upper], as: UTF8.self)
  }
}

/// All files of a run in one offset space, and the uses of aliases above them.
package struct SourceMap: Sendable {
  package private(set) var files: [SourceFile] = []
  private var expansions: [Expansion] = []
  private var nextBase: UInt32 = 0
  private var nextExpansion: UInt32 = Span.expansionFloor

  /// The bytes of `definition`, seen through the alias at `use`.
  private struct Expansion {
    var base: UInt32
    var use: Span
    var definition: Span
  }

  package init() {}

  /// Takes a file in; a UTF-8 byte order mark is stripped. Files are limited to 64 MiB each by the reader before they come here.
  package mutating func add(path: String, bytes: [UInt8]) -> SourceFile {
    let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let file = SourceFile(path: path, bytes: marked ? Array(bytes.dropFirst(3)) : bytes, base: nextBase, markLength: marked ? 3 : 0)
    files.append(file)
    nextBase += UInt32(file.bytes.count) + 1
    return file
  }

  /// Reserves a span for each byte of `definition` as seen through the alias at `use`; returns what to add to an offset of the definition.
  package mutating func expand(_ definition: Span, through use: Span) -> UInt32 {
    let length = definition.upper - definition.lower
    guard nextExpansion < UInt32.max - length - 1 else { return 0 }
    let base = nextExpansion
    expansions.append(Expansion(base: base, use: use, definition: definition))
    nextExpansion += length + 1
    return base &- definition.lower
  }

  /// A place in a file, and the places of the aliases' definitions it was read through, outermost first.
  package struct Place: Sendable {
    package var file: Int
    package var span: Span
    package var definitions: [Span]
  }

  /// The place where the user sees this span: the use of the outermost alias, or the span itself.
  package func resolve(_ span: Span) -> Place? {
    var current = span
    var definitions: [Span] = []
    while current.lower >= Span.expansionFloor {
      guard current != .none, let expansion = expansion(at: current.lower) else { return nil }
      let definition = expansion.definition
      let lower = definition.lower + min(current.lower - expansion.base, definition.upper - definition.lower)
      let length = max(current.lower, current.upper) - current.lower
      definitions.append(Span(lower, lower + min(length, definition.upper - lower)))
      current = expansion.use
    }
    guard let file = file(at: current.lower) else { return nil }
    // The union of a place in a file with one read through an alias ends where the user sees the alias.
    if current.upper >= Span.expansionFloor {
      current.upper = resolve(Span(current.upper - 1, current.upper))?.span.upper ?? files[file].span.upper
    }
    // A definition may itself have been read through an alias; only places in files are of use to a reader.
    return Place(file: file, span: current, definitions: definitions.filter { $0.lower < Span.expansionFloor })
  }

  /// The index of the file that holds this offset.
  private func file(at offset: UInt32) -> Int? {
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].base <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  private func expansion(at offset: UInt32) -> Expansion? {
    var low = 0
    var high = expansions.count
    while low < high {
      let middle = (low + high) / 2
      if expansions[middle].base <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : expansions[low - 1]
  }
}
