/// A place to be drawn in a frame, and the words under it.
struct Annotation {
  let location: Location
  let text: String
  let isPrimary: Bool
}

extension Annotation {
  /// How many secondary places are drawn; the rest is counted.
  static let secondaryLimit = 3

  /// The primary place, the anchors its value came from, and the first secondary places; then the number of those left out.
  static func all(of diagnostic: Diagnostic, _ locator: inout Locator) -> (drawn: [Annotation], leftOut: Int) {
    guard let primary = locator.locate(diagnostic.primary.span) else { return ([], 0) }
    var drawn = [Annotation(location: primary, text: diagnostic.primary.text, isPrimary: true)]
    for origin in Origin.all(of: primary, &locator) {
      drawn.append(Annotation(location: origin.location, text: origin.text, isPrimary: false))
    }
    let secondary = inFileOrder(diagnostic.secondary, locator.sources)
    for label in secondary.prefix(secondaryLimit) {
      guard let location = locator.locate(label.span) else { continue }
      drawn.append(Annotation(location: location, text: label.text, isPrimary: false))
    }
    return (drawn, max(0, secondary.count - secondaryLimit))
  }

  static func inFileOrder(_ labels: [Label], _ sources: SourceMap) -> [Label] {
    labels.compactMap { label in sources.resolve(label.span).map { (label, $0.span.lower) } }
      .enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
  }
}

/// The anchor that a value was read from.
struct Origin {
  let location: Location
  let text: String

  static func all(of location: Location, _ locator: inout Locator) -> [Origin] {
    var origins: [Origin] = []
    for definition in location.definitions {
      guard let place = locator.locate(definition) else { continue }
      origins.append(Origin(location: place, text: "the value comes from the anchor at line \(place.start.line)"))
    }
    return origins
  }
}
