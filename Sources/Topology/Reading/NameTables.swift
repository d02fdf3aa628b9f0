import Diagnostics

/// The names that a file declares. A name whose entry is broken stays known as *poisoned*: a reference to it is not reported again.
struct NameTables {
  var hosts = NameTable<HostID>()
  var secrets = NameTable<SecretID>()
  var racks = NameTable<RackID>()
  var vlans = VLANNames()
}

struct NameTable<ID: Sendable> {
  enum Entry {
    case declared(ID)
    case poisoned
  }
  private var entries: [String: Entry] = [:]
  /// In file order, for suggestions.
  private(set) var names: [String] = []
  /// By the ID's order of declaration.
  private(set) var used: [Bool] = []

  /// Gives the name the next number and makes an identity of it.
  mutating func declare(_ name: String, _ makeID: (Int) -> ID) -> ID {
    let id = makeID(names.count)
    entries[name] = .declared(id)
    names.append(name)
    used.append(false)
    return id
  }
  /// Keeps a name that was declared first.
  mutating func poison(_ name: String) { if entries[name] == nil { entries[name] = .poisoned } }
  func find(_ name: String) -> Entry? { entries[name] }
  mutating func markUsed(_ position: Int) { used[position] = true }
}

/// VLANs are known by their name, or by `fabric/name`.
struct VLANNames {
  private var byName: [String: [VLANID]] = [:]
  private var byPath: [String: VLANID] = [:]
  private(set) var paths: [String] = []

  mutating func declare(fabric: String, vlan: String, _ id: VLANID) {
    byName[vlan, default: []].append(id)
    byPath[fabric + "/" + vlan] = id
    paths.append(fabric + "/" + vlan)
  }

  func find(_ text: String) -> [VLANID] {
    if let id = byPath[text] { return [id] }
    return byName[text] ?? []
  }
  func path(_ id: VLANID) -> String { paths[id.index] }
  /// For suggestions: bare names where they are unique.
  var spellings: [String] {
    paths.map { path in
      let name = String(path.drop { $0 != "/" }.dropFirst())
      return byName[name]?.count == 1 ? name : path
    }
  }
}
