package import Diagnostics

/// One key of a file that MAAS reads. The type decides the quoting: MAAS refuses a quoted number and an unquoted password of digits alone
/// (MAAS source, src/maasserver/config.py).
package struct MAASSetting: Sendable, Hashable {
  package enum Value: Sendable, Hashable {
    case integer(Int)
    case boolean(Bool)
    case text(String)
    case texts([String])
    case secret(SecretPlaceholder)
  }
  package var key: String
  package var value: Value
  package var origin: Span?

  package init(_ key: String, _ value: Value, origin: Span? = nil) {
    self.key = key
    self.value = value
    self.origin = origin
  }

  var entry: YAMLEntry {
    let value: YAMLValue =
      switch value {
      case .integer(let number): .integer(number)
      case .boolean(let flag): .boolean(flag)
      case .text(let text): .text(text)
      case .texts(let texts): .texts(texts)
      case .secret(let placeholder): .secret(placeholder)
      }
    return YAMLEntry(key, value, origin: origin)
  }
}

/// regiond.conf: flat YAML; only the keys that are ours, since the file is merged.
package struct RegiondConf: ConfigDocument {
  package var settings: [MAASSetting]
  package init(settings: [MAASSetting]) { self.settings = settings }
  package func write(to writer: inout TextWriter) { YAMLValue.mapping(settings.map(\.entry)).write(to: &writer) }
}

/// rackd.conf: flat YAML; `maas_url` is a list, the balanced endpoint first.
package struct RackdConf: ConfigDocument {
  package var settings: [MAASSetting]
  package init(settings: [MAASSetting]) { self.settings = settings }
  package func write(to writer: inout TextWriter) { YAMLValue.mapping(settings.map(\.entry)).write(to: &writer) }
}
