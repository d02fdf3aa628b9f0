/// The terminal cells that text takes.
enum DisplayWidth {
  static func cells(_ text: String) -> Int { text.reduce(0) { $0 + cells($1) } }

  /// A character is as wide as its widest scalar: so marks add nothing, and a joined emoji or a flag counts once.
  static func cells(_ character: Character) -> Int {
    if character.isASCII { return 1 }
    let scalars = character.unicodeScalars
    let widest = scalars.reduce(0) { max($0, cells($1)) }
    // Variation selector 16 asks for the picture form of a character that is narrow as text.
    return widest == 1 && scalars.contains("\u{FE0F}") ? 2 : widest
  }

  private static func cells(_ scalar: Unicode.Scalar) -> Int {
    if scalar.properties.isEmojiPresentation || isWide(scalar.value) { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return (0x1160...0x11FF).contains(scalar.value) ? 0 : 1
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wide.count
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(value)
  }

  /// Wide and full-width blocks of Unicode's EastAsianWidth.txt, with the unassigned places between them; emoji are a property instead.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
    0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]
}
