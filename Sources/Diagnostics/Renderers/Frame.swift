/// Draws one finding's places: each line of the file once, and under it what is marked there.
struct Frame {
  let gutter: Int
  let width: Int
  let palette: Palette
  let severity: Severity
  private(set) var lines: [String] = []

  init(gutter: Int, width: Int, palette: Palette, severity: Severity) {
    self.gutter = gutter
    self.width = width
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
    for (annotation, bytes) in zip(group, marked) { lines.append(underline(annotation, bytes, shown)) }
  }

  private func underline(_ annotation: Annotation, _ bytes: Range<Int>, _ shown: DisplayLine) -> String {
    let start = shown.cell(at: bytes.lowerBound)
    let length = max(1, shown.cell(at: bytes.upperBound) - start)
    let role: Palette.Role = annotation.isPrimary ? .severity(severity) : .frame
    var words = [String(repeating: annotation.isPrimary ? "^" : "-", count: length)]
    if !annotation.text.isEmpty { words.append(visible(annotation.text)) }
    let end = annotation.location.end.line
    if end > annotation.location.start.line { words.append("(to line \(end))") }
    return "\(bar()) \(spaces(start))\(palette.paint(words.joined(separator: " "), role))"
  }
}

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
