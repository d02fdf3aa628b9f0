import Formats

/// A YAML file of the bundle below its header.
enum YAMLFile {
  static func text(first: String = "---", comment: [String], _ value: YAMLValue) -> String {
    var writer = TextWriter()
    writer.line(first)
    for line in comment { writer.line("# \(line)") }
    value.write(to: &writer)
    return writer.finish().text
  }
}
