/// What libyaml found wrong, in words about the file instead of about the parser.
struct SyntaxExplanation {
  /// A second place, `the bracket that is open`.
  struct Context {
    var range: Range<Int>
    var text: String
  }

  var message: String
  var range: Range<Int>
  var help: String?
  var context: Context?

  /// - Parameters:
  ///   - problem: libyaml's own message; its texts are an interface that has not changed since 2008.
  ///   - place: byte offset of the problem.
  init(problem: String, context: String, place: Int, contextPlace: Int?, bytes: UnsafeBufferPointer<UInt8>) {
    let source = SourceScan(bytes)
    range = source.token(at: place)
    if let mistake = Mistake.recognise(problem, context, place, contextPlace, source) {
      message = mistake.message
      help = mistake.help
      if let better = mistake.range { range = better }
      if let other = mistake.context { self.context = other }
      return
    }
    message = problem.isEmpty ? "this is not YAML" : problem
    if let contextPlace, contextPlace != place, !context.isEmpty {
      self.context = Context(range: source.token(at: contextPlace), text: context)
    }
  }
}

/// A mistake that people make often, recognised by libyaml's message and the bytes around it.
struct Mistake {
  var message: String
  var help: String?
  var range: Range<Int>?
  var context: SyntaxExplanation.Context?

  static func recognise(_ problem: String, _ context: String, _ place: Int, _ contextPlace: Int?, _ source: SourceScan) -> Mistake? {
    if problem.contains("cannot start any token") { return badFirstCharacter(place, source) }
    if problem.contains("mapping values are not allowed") { return strayColon(place, source) }
    if let mistake = directive(problem) ?? property(problem, place, source) { return mistake }
    if problem.contains("could not find expected ':'") { return missingColon(place, contextPlace, source) }
    if problem.contains("alphabetic or numeric character") { return namelessAlias(source.byte(contextPlace ?? place)) }
    if problem.contains("did not find expected") { return unexpected(problem, context, place, contextPlace, source) }
    if problem.contains("unexpected end of stream") { return openQuote(contextPlace, source) }
    if problem.contains("unknown escape character") { return badEscape(place, source) }
    if problem.contains("block sequence entries are not allowed") {
      return Mistake(message: "a list item may not begin here", help: "put '- ' on a line of its own, indented below its key")
    }
    if problem.contains("undefined alias") {
      return Mistake(message: "this name is not defined before it is used", help: "quote the value if it is meant as text")
    }
    return other(problem, place, contextPlace, source)
  }

  private static func badFirstCharacter(_ place: Int, _ source: SourceScan) -> Mistake {
    switch source.byte(place) {
    case 9:
      let tabs = source.run(of: 9, at: place)
      return Mistake(message: "a tab is used for indentation, YAML allows only spaces", help: "replace it by spaces", range: tabs)
    case UInt8(ascii: "%"):
      return Mistake(message: "a value may not begin with '%'", help: "quote it: \"\(source.word(at: place))\"")
    case UInt8(ascii: "@"), UInt8(ascii: "`"):
      let character = source.byte(place) == UInt8(ascii: "@") ? "@" : "`"
      return Mistake(message: "a value may not begin with '\(character)'", help: "quote it: \"\(source.word(at: place))\"")
    default:
      return Mistake(message: "this character may not begin a value", help: "quote the value")
    }
  }

  private static func strayColon(_ place: Int, _ source: SourceScan) -> Mistake {
    let word = source.word(at: place)
    if word.hasSuffix("::") || source.line(of: place).contains(": ::") || source.wordBefore(place).hasSuffix(":") {
      return unquotedIPv6(place, source)
    }
    let line = source.lineRange(of: place)
    let before = source.text(line.lowerBound..<place)
    if before.contains(":") {
      return Mistake(
        message: "a second ': ' on this line begins a mapping where a value was begun",
        help: "quote the value if the colon belongs to it, or put the key on a line of its own", range: place..<place + 1)
    }
    return Mistake(
      message: "a key may not begin here: the line above it is still a value, or this line is indented too far",
      help: "indent this line as the keys beside it", range: place..<place + 1)
  }

  private static func unquotedIPv6(_ place: Int, _ source: SourceScan) -> Mistake {
    let start = place - source.wordBefore(place).utf8.count
    return Mistake(
      message: "an IPv6 address that begins or ends with '::' must be quoted", help: "write it as \"…::\"",
      range: start..<source.token(at: place).upperBound)
  }

  private static func missingColon(_ place: Int, _ contextPlace: Int?, _ source: SourceScan) -> Mistake {
    let start = contextPlace ?? place
    let key = source.word(at: start)
    if let gap = key.firstRange(of: ":\u{A0}") {
      return Mistake(
        message: "a no-break space stands after the colon of '\(key[..<gap.lowerBound])', which YAML takes for a letter",
        help: "type the space again", range: source.token(at: start))
    }
    if let colon = key.firstIndex(of: ":"), colon != key.startIndex, key.index(after: colon) != key.endIndex {
      return Mistake(
        message: "a space is missing after the colon of '\(key[..<colon])'",
        help: "write '\(key[..<colon]): \(key[key.index(after: colon)...])'", range: source.token(at: start))
    }
    return Mistake(
      message: "'\(key)' is no key: a colon and a space are missing after it", help: "write '\(key): value'", range: source.token(at: start))
  }

  private static func unexpected(
    _ problem: String, _ context: String, _ place: Int, _ contextPlace: Int?, _ source: SourceScan
  ) -> Mistake {
    if let quote = source.runawayQuote(endingAt: place) {
      return Mistake(
        message: "the quote that begins here ends only some lines below", help: "close it at the end of the value", range: quote..<quote + 1,
        context: SyntaxExplanation.Context(range: place - 1..<place, text: "it ends here"))
    }
    if context.contains("flow") {
      let bracket = context.contains("mapping") ? "{" : "["
      let closing = bracket == "{" ? "}" : "]"
      let open = contextPlace.map { SyntaxExplanation.Context(range: $0..<$0 + 1, text: "the '\(bracket)' that is open") }
      if place >= source.count {
        return Mistake(message: "the file ends before '\(closing)'", help: "close the bracket", range: nil, context: open)
      }
      // libyaml stops at the colon of the key that does not belong.
      let start = source.byte(place) == UInt8(ascii: ":") ? place - source.wordBefore(place).utf8.count : place
      return Mistake(
        message: "',' or '\(closing)' is missing before this", help: "separate the entries with commas and close the bracket",
        range: source.token(at: start), context: open)
    }
    if source.lineIndent(of: place).contains(9) {
      return Mistake(message: "a tab is used for indentation, YAML allows only spaces", help: "replace it by spaces")
    }
    let beside = contextPlace.map { SyntaxExplanation.Context(range: source.token(at: $0), text: "the entries beside it begin here") }
    if problem.contains("'-' indicator") {
      return Mistake(
        message: "a list item is wanted here", help: "begin the line with '- ', indented as the items above", range: nil, context: beside)
    }
    if problem.contains("expected key") {
      return Mistake(
        message: "a key is wanted here: the line is indented less than its neighbours, or follows a value that is complete",
        help: "indent it as the keys beside it", range: nil, context: beside)
    }
    if problem.contains("<document start>") {
      return Mistake(message: "the document has ended before this", help: "indent the line as part of a key above, or remove it")
    }
    return Mistake(
      message: "this does not belong here", help: "check the indentation and the quotes of the lines around it", range: nil, context: beside)
  }

  private static func openQuote(_ contextPlace: Int?, _ source: SourceScan) -> Mistake {
    guard let contextPlace else { return Mistake(message: "the file ends in the middle of a value") }
    let quote = source.byte(contextPlace) == UInt8(ascii: "'") ? "'" : "\""
    return Mistake(
      message: "the quote \(quote) is never closed", help: "close it at the end of the value", range: contextPlace..<contextPlace + 1)
  }

  private static func badEscape(_ place: Int, _ source: SourceScan) -> Mistake {
    Mistake(
      message: "'\\\(source.character(at: place + 1))' is no escape in a double-quoted value",
      help: "write the backslash twice, or use single quotes", range: place..<min(place + 2, source.count))
  }

  private static func namelessAlias(_ sign: UInt8?) -> Mistake {
    let isAlias = sign == UInt8(ascii: "*")
    return Mistake(
      message: isAlias ? "'*' begins an alias, and a name is missing after it" : "'&' begins an anchor, and a name is missing after it",
      help: "quote the value if it is meant as text, for example \"\(isAlias ? "*" : "&")\"")
  }

  /// Lines that begin with '%'.
  private static func directive(_ problem: String) -> Mistake? {
    if problem.contains("incompatible") { return Mistake(message: "the file says that it is of a YAML other than 1.x", help: "remove the line") }
    guard problem.contains("directive name") || problem.contains("digit or '.'") || problem.contains("version number") else { return nil }
    return Mistake(message: "a line that begins with '%' is a directive of YAML, and this one means nothing", help: "remove it")
  }

  /// Tags, escapes, and the signs that begin a block of text.
  private static func property(_ problem: String, _ place: Int, _ source: SourceScan) -> Mistake? {
    if problem.contains("URI") || problem.contains("'>'") || problem.contains("undefined tag") {
      return Mistake(message: "'!' begins a tag, which means nothing here", help: "remove it, or quote the value if it is meant as text")
    }
    if problem.contains("hexdecimal") || problem.contains("Unicode character escape") {
      return Mistake(message: "this escape names no character", help: "write the backslash twice, or use single quotes")
    }
    if problem.contains("document indicator") {
      return Mistake(message: "the document ends here, in the middle of a quoted value", help: "close the quote above")
    }
    if problem.contains("comment or line break") || problem.contains("indicator equal to 0") {
      return Mistake(message: "after '|' or '>' the text begins on the next line", help: "put the text below, indented")
    }
    if problem.contains("tab character") {
      return Mistake(
        message: "a tab is used for indentation, YAML allows only spaces", help: "replace it by spaces", range: source.run(of: 9, at: place))
    }
    return nil
  }

  private static func other(_ problem: String, _ place: Int, _ contextPlace: Int?, _ source: SourceScan) -> Mistake? {
    if problem.contains("control characters are not allowed") {
      return Mistake(message: "a control character (0x\(String(source.byte(place) ?? 0, radix: 16))) stands in the file", help: "remove it")
    }
    if problem.contains("found duplicate") { return Mistake(message: "the directive stands twice", help: "remove one") }
    if problem.contains("comment") || problem.contains("expected whitespace") {
      return Mistake(message: "a space is missing here", help: "put a space before '#' and after ':', '-' and ','")
    }
    if problem.contains("indentation") {
      return Mistake(message: "the indentation of this block is wrong", help: "use the same number of spaces on each line")
    }
    return nil
  }
}

/// Looks around in the bytes of the file for an explanation.
struct SourceScan {
  private let bytes: UnsafeBufferPointer<UInt8>
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }
  func byte(_ place: Int) -> UInt8? { place >= 0 && place < bytes.count ? bytes[place] : nil }
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self) }

  /// The word that begins at a place, or the empty range at the end of the file.
  func token(at place: Int) -> Range<Int> {
    let start = min(place, bytes.count)
    var end = start
    while end < bytes.count, !" \t\r\n,]}".utf8.contains(bytes[end]) { end += 1 }
    if end == start, end < bytes.count, bytes[end] != 10, bytes[end] != 13 { end += 1 }
    return start..<end
  }

  func word(at place: Int) -> String { text(token(at: place)) }

  func wordBefore(_ place: Int) -> String {
    var start = min(place, bytes.count)
    while start > 0, !" \t\r\n".utf8.contains(bytes[start - 1]) { start -= 1 }
    return text(start..<place)
  }

  /// Where the quote opens that ends right before a place, if lines lie between.
  func runawayQuote(endingAt place: Int) -> Int? {
    guard let quote = byte(place - 1), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let opening = bytes[..<(place - 1)].lastIndex(of: quote), bytes[opening..<place].contains(10)
    else { return nil }
    return opening
  }

  func character(at place: Int) -> String {
    var end = min(place + 1, bytes.count)
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return text(min(place, bytes.count)..<end)
  }

  func run(of byte: UInt8, at place: Int) -> Range<Int> {
    var end = place
    while end < bytes.count, bytes[end] == byte { end += 1 }
    return place..<end
  }

  func lineRange(of place: Int) -> Range<Int> {
    var start = min(place, bytes.count)
    while start > 0, bytes[start - 1] != 10 { start -= 1 }
    var end = start
    while end < bytes.count, bytes[end] != 10 { end += 1 }
    return start..<end
  }

  func line(of place: Int) -> String { text(lineRange(of: place)) }
  func lineIndent(of place: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
    let range = lineRange(of: place)
    return bytes[range].prefix { $0 == 32 || $0 == 9 }
  }
}
