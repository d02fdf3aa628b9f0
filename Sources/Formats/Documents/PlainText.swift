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
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    writer.lines(String(body), origin: origin)
  }
}
