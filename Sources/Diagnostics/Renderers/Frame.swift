/// Draws one finding's places: each line of the file once, and under it what is marked there.
struct Frame {
  let gutter: Int
  /// Cells for a line of the file.
  let width: Int
  /// Whether the words under it must fit as well.
  let isFitted: Bool
  let palette: Palette
  let severity: Severity
  private(set) var lines: [String] = []

  init(gutter: Int, columns: Int?, palette: Palette, severity: Severity) {
    self.gutter = gutter
    width = columns.map { max(20, $0 - gutter - 3) } ?? 140
    isFitted = columns != nil
    self.palette = palette
    self.severity = severity
  }

  mutating func draw(_ annotations: [Annotation], _ locator: inout Locator) {
    var path: String?
    for group in grouped(annotations) {
      let first = group[0].location
      if path != first.path { lines.append(heading(first, isFirst: path == nil)) }
      path = first.path
      lines.append(bar())
      drawLine(group, &locator)
    }
  }

  private func heading(_ location: Location, isFirst: Bool) -> String {
    let place = "\(visible(location.path)):\(location.start.line):\(location.start.utf16Column)"
    return "\(spaces(gutter))\(palette.paint(isFirst ? "-->" : ":::", .frame)) \(place)"
  }

  private func bar() -> String { spaces(gutter) + palette.paint(" |", .frame) }

  /// Annotations of one line stay together, unless they lie too far apart to be seen at once.
  private func grouped(_ annotations: [Annotation]) -> [[Annotation]] {
    var groups: [[Annotation]] = []
    for annotation in annotations {
      let index = groups.firstIndex { group in
        group[0].location.file == annotation.location.file && group[0].location.start.line == annotation.location.start.line
          && abs(group[0].location.start.byteColumn - annotation.location.start.byteColumn) < width / 2
      }
      if let index { groups[index].append(annotation) } else { groups.append([annotation]) }
    }
    return groups
  }

  private mutating func drawLine(_ group: [Annotation], _ locator: inout Locator) {
    let location = group[0].location
    let table = locator.table(ofFile: location.file)
    let range = table.range(ofLine: location.start.line - 1)
    let marked = group.map { $0.location.offsets.clamped(to: range) }
    let focus = (marked.map(\.lowerBound).min() ?? range.lowerBound)..<(marked.map(\.upperBound).max() ?? range.upperBound)
    let shown = DisplayLine(locator.sources.files[location.file].bytes, line: range, focus: focus, width: width)
    let number = String(location.start.line)
    let margin = palette.paint("\(spaces(gutter - number.utf8.count))\(number) |", .frame)
    lines.append(shown.text.isEmpty ? margin : "\(margin) \(shown.text)")
    for (annotation, bytes) in zip(group, marked) { lines += underline(annotation, bytes, shown) }
  }

  /// The marks, and behind them what is said about the place; below them where it does not fit.
  private func underline(_ annotation: Annotation, _ bytes: Range<Int>, _ shown: DisplayLine) -> [String] {
    let start = shown.cell(at: bytes.lowerBound)
    let length = max(1, shown.cell(at: bytes.upperBound) - start)
    let marks = String(repeating: annotation.isPrimary ? "^" : "-", count: length)
    let role: Palette.Role = annotation.isPrimary ? .severity(severity) : .frame
    func line(_ indent: Int, _ text: String) -> String { "\(bar()) \(spaces(indent))\(palette.paint(text, role))" }
    let words = words(annotation)
    if words.isEmpty { return [line(start, marks)] }
    if !isFitted || start + length + 1 + DisplayWidth.cells(words) <= width { return [line(start, "\(marks) \(words)")] }
    let indent = max(0, min(start, width - DisplayWidth.cells(words)))
    return [line(start, marks)] + wrapped(words, to: width).map { line(indent, $0) }
  }

  private func words(_ annotation: Annotation) -> String {
    let end = annotation.location.end.line
    let range = end > annotation.location.start.line ? "(to line \(end))" : ""
    return [visible(annotation.text), range].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
