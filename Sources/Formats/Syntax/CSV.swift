/// RFC 4180, with line feeds for line ends as the tools of this platform write them.
package enum CSV {
  package static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

  /// Quoted only where it must be, so that files stay readable in a diff.
  package static func field(_ text: String) -> String {
    let isPlain =
      text.unicodeScalars.allSatisfy { !($0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r") } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
    if isPlain { return text }
    return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
