import Formats
import Testing

/// The text of one document of each kind, as literals: what a daemon will read, seen by a person.
@Suite struct DocumentGoldens {
  func expect(_ document: some ConfigDocument, is text: String, location: SourceLocation = #_sourceLocation) {
    let rendered = document.render()
    #expect(rendered.text == text, sourceLocation: location)
    #expect(rendered.origins.count == rendered.text.utf8.count { $0 == 10 }, "one origin for each line", sourceLocation: location)
  }
}
