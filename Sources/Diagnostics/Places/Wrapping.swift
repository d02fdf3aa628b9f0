/// Text in lines of at most `width` cells, broken between words; nil: one line. A word that is longer stays whole, so that it can be copied.
func wrapped(_ text: String, to width: Int?) -> [String] {
  guard let width, DisplayWidth.cells(text) > width else { return [text] }
  var lines: [(text: String, cells: Int)] = []
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    let cells = DisplayWidth.cells(String(word))
    if let last = lines.last, last.cells + 1 + cells <= width {
      lines[lines.count - 1] = (last.text + " " + word, last.cells + 1 + cells)
    } else {
      lines.append((String(word), cells))
    }
  }
  return lines.map(\.text)
}
