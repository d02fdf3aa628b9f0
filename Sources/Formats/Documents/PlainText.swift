package import Diagnostics

/// A file without a syntax of its own here: a script, a list, a certificate.
package struct PlainText: ConfigDocument {
  package var text: String
  package var origin: Span?
  package init(_ text: String, origin: Span? = nil) {
    self.text = text
    self.origin = origin
  }
  package func write(to writer: inout TextWriter) {
    let scalars = text.unicodeScalars
    writer.lines(String(scalars.last == "\n" ? scalars.dropLast() : scalars[...]), origin: origin)
  }
}
