import Diagnostics

// References: scalars that name something declared elsewhere in the file. An undefined one is M106.

extension ScalarType where Value == HostID {
  static var host: ScalarType<HostID> {
    ScalarType(noun: "host", schema: .text(noun: "name of a host", pattern: nil, examples: [], spellings: .anyScalar)) { text, reader in
      let found = reader.names.hosts.find(text.bytes)
      if case .declared(let id)? = found { reader.names.hosts.markUsed(id.index) }
      return .reference(found.map { $0.parsed }, text, "host", reader.isSuggesting ? reader.names.hosts.names : nil)
    }
  }
}

extension ScalarType where Value == SecretID {
  static var secret: ScalarType<SecretID> {
    ScalarType(noun: "secret", schema: .text(noun: "name of a secret", pattern: nil, examples: [], spellings: .anyScalar)) { text, reader in
      let found = reader.names.secrets.find(text.bytes)
      if case .declared(let id)? = found { reader.names.secrets.markUsed(id.index) }
      return .reference(found.map { $0.parsed }, text, "secret", reader.isSuggesting ? reader.names.secrets.names : nil)
    }
  }
}

extension ScalarType where Value == RackID {
  static var rack: ScalarType<RackID> {
    ScalarType(noun: "rack", schema: .text(noun: "host name of a rack", pattern: nil, examples: [], spellings: .anyScalar)) { text, reader in
      let found = reader.names.racks.find(text.bytes)
      if found == nil, case .declared? = reader.names.hosts.find(text.bytes) {
        let name = text.text
        return .problem(
          .undefinedReference, "the host '\(name)' is no rack", help: "add '\(name): {}' under racks, or name one of its racks",
          suggestion: nil)
      }
      return .reference(found.map { $0.parsed }, text, "rack", reader.isSuggesting ? reader.names.racks.names : nil)
    }
  }
}

extension ScalarType where Value == VLANID {
  static var vlan: ScalarType<VLANID> {
    ScalarType(noun: "VLAN", schema: .text(noun: "name of a VLAN, or fabric/name", pattern: nil, examples: [], spellings: .anyScalar)) {
      text, reader in
      if let only = reader.names.vlans.findOnly(text.bytes) { return .value(only) }
      let found = reader.names.vlans.find(text.bytes)
      if found.count > 1 {
        let name = text.text
        let paths = found.map(reader.names.vlans.path)
        return .problem(
          .undefinedReference, "the VLAN '\(name)' stands in \(found.count) fabrics", help: "say which: \(paths.joined(separator: " or "))",
          suggestion: nil)
      }
      return .reference(
        found.first.map(Parsed.value) ?? (reader.names.vlans.isLost ? .poisoned : nil), text, "VLAN",
        reader.isSuggesting ? reader.names.vlans.spellings : nil)
    }
  }
}

extension NameTable.Entry {
  var parsed: Parsed<ID> {
    switch self {
    case .declared(let id): .value(id)
    case .poisoned: .poisoned
    }
  }
}

extension Parsed {
  /// `known` is asked for only when the name is not found.
  static func reference(_ found: Parsed?, _ view: ScalarView, _ noun: String, _ known: @autoclosure () -> [String]?) -> Parsed {
    if let found { return found }
    let known = known()
    let text = view.text
    let near = known.map { Vocabulary($0).allNearest(to: text) } ?? []
    let help =
      switch near.count {
      case 0: known?.isEmpty == true ? "this file declares no \(noun)" : nil
      case 1: "a \(noun) with a similar name exists: \(near[0])"
      default: "\(noun)s with similar names exist: \(near.prefix(3).joined(separator: ", "))"
      }
    // Of several nobody knows which was meant, so that no edit is certain.
    let only = near.count == 1 ? near[0] : nil
    return .problem(.undefinedReference, "the \(noun) '\(shortened(text))' is not declared in this file", help: help, suggestion: only)
  }
}
