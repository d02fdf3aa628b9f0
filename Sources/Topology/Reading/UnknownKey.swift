import Diagnostics

/// What to say about a key that nobody asked for: a near one of this level, the level where it belongs, or the keys that are allowed.
struct UnknownKey {
  var message: String
  var help: String?
  /// The key that was meant.
  var meant: String?
  /// What to write instead, where that is certain enough for an edit.
  var replacement: String?

  init(_ key: String, known: [String], isSuggesting: Bool) {
    message = "the key '\(shortened(key))' is not known here"
    if let colon = key.firstIndex(of: ":"), known.contains(String(key[..<colon])) {
      meant = String(key[..<colon])
      help = "put a space after the colon: \(key[...colon]) \(key[key.index(after: colon)...])"
      return
    }
    if let near = nearest(to: key, in: known) ?? Self.longer(key, known) {
      (meant, replacement) = (near, near)
      help = "a key with a similar name exists: \(near)"
      return
    }
    guard isSuggesting else { return }
    let levels = LanguageIndex.places(of: key)
    if levels == ["the top level"] {
      help = "'\(key)' is valid at the top level"
    } else if let level = levels.first {
      help = levels.count == 1 ? "'\(key)' is valid under \(level)" : "'\(key)' is valid under \(levels.prefix(3).joined(separator: ", "))"
    } else if known.count <= 8, !known.isEmpty {
      help = "allowed here: \(known.joined(separator: ", "))"
    }
  }
}

extension UnknownKey {
  /// `num_workers` for `workers`, `gateway` for `gateway_ip`: the only key of which one is a part of the other.
  private static func longer(_ key: String, _ known: [String]) -> String? {
    let found = known.filter { candidate in
      candidate.hasPrefix(key + "_") || candidate.hasSuffix("_" + key) || key.hasPrefix(candidate + "_") || key.hasSuffix("_" + candidate)
    }
    return found.count == 1 && key.utf8.count > 1 ? found.first : nil
  }
}

/// Where each key of the language is valid; made only when an unknown key is found.
enum LanguageIndex {
  /// Paths of the mappings that have this key, `hosts.*`, top level as `the top level`.
  static func places(of key: String) -> [String] {
    var result: [String] = []
    collect(key, in: topologySchema(), path: "", &result)
    return result
  }

  private static func collect(_ key: String, in schema: Schema, path: String, _ result: inout [String]) {
    switch schema {
    case .object(let object):
      for field in object.fields {
        if field.key == key { result.append(path.isEmpty ? "the top level" : path) }
        collect(key, in: field.schema, path: path.isEmpty ? field.key : path + "." + field.key, &result)
      }
    case .named(_, _, let value): collect(key, in: value, path: path + ".*", &result)
    case .list(let item): collect(key, in: item, path: path + "[]", &result)
    case .either(let choices): for choice in choices { collect(key, in: choice, path: path, &result) }
    case .text, .integer, .number, .boolean, .choice, .constant: break
    }
  }
}
