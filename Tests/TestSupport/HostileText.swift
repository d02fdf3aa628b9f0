/// Texts that break careless quoting: the same ones in every run.
package struct HostileText {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// What means something in shell, YAML, SQL, INI, nftables, CSV or HTML, and what is not one byte.
  private static let pieces: [String] = [
    "'", "\"", "\\", "`", "$", "$(id)", "${HOME}", "%", "%i", "%%", "!", "#", "&", "&amp;", "|", ";", "<", ">", "*", "?", "~", "=", "@", ":", ": ",
    " #", "- ", "{", "}", "[", "]", "(", ")", ",", ".", "/", "-", "_", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "a", "Z", "0", "1e3", "no",
    "null", "é", "ß", "漢", "𝄞", "\u{7f}", "\u{1}", "\u{1b}", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "e\u{301}", "\u{301}", "\u{200d}", "''",
    "E'", "--", "/*", "$$",
    "\\n", "\\x41", "]]>", "<!--", "EOF",
  ]

  package mutating func next() -> String {
    let count = Int(random() % 9)
    return (0..<count).map { _ in Self.pieces[Int(random() % UInt64(Self.pieces.count))] }.joined()
  }

  package mutating func next(_ count: Int) -> [String] { (0..<count).map { _ in next() } }

  /// SplitMix64.
  private mutating func random() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
