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
  private var table = ByteTable()
  /// By the name's number in the table.
  private var entries: [Entry] = []
  /// The number in the table of each identity.
  private var numbers: [Int] = []
  /// By identity.
  private(set) var used: [Bool] = []
  /// The section could not be read: any name may be one of its.
  var isLost = false

  /// Gives the name the next identity; nil when it is declared already.
  mutating func declare(_ name: String, _ makeID: (Int) -> ID) -> ID? {
    let (number, isNew) = name.withBytes { table.insert($0) }
    guard isNew else { return nil }
    let id = makeID(numbers.count)
    entries.append(.declared(id))
    numbers.append(number)
    used.append(false)
    return id
  }

  /// Keeps a name that was declared first.
  mutating func poison(_ name: String) { if name.withBytes({ table.insert($0) }).isNew { entries.append(.poisoned) } }
  func find(_ name: UnsafeBufferPointer<UInt8>) -> Entry? { table.find(name).map { entries[$0] } ?? (isLost ? .poisoned : nil) }
  func isDeclared(_ name: String) -> Bool { name.withBytes { table.find($0) } != nil }
  mutating func markUsed(_ position: Int) { used[position] = true }
  /// The name of an identity.
  func name(_ position: Int) -> String { table.text(numbers[position]) }
  /// In file order, for suggestions.
  var names: [String] { numbers.map(table.text) }
}

/// VLANs are known by their name, or by `fabric/name`; their identities are given before anything is read.
struct VLANNames {
  private struct Declaration {
    var fabric: Int
    var name: Int
    /// The VLAN of the same name that was declared before.
    var previous: Int?
  }
  private var fabrics = ByteTable()
  private var table = ByteTable()
  /// As in `NameTable`.
  var isLost = false
  /// The last VLAN of each name.
  private var latest: [Int] = []
  private var declarations: [Declaration] = []

  var count: Int { declarations.count }

  /// The number of a fabric, new or known.
  mutating func declare(fabric: UnsafeBufferPointer<UInt8>) -> Int { fabrics.insert(fabric).number }

  mutating func declare(_ name: UnsafeBufferPointer<UInt8>, inFabric fabric: Int) {
    let (number, isNew) = table.insert(name)
    if !isNew, candidates(number).contains(where: { declarations[$0].fabric == fabric }) { return }
    let previous = isNew ? nil : latest[number]
    if isNew { latest.append(declarations.count) } else { latest[number] = declarations.count }
    declarations.append(Declaration(fabric: fabric, name: number, previous: previous))
  }

  /// Whether the VLAN of this number is the one of this fabric and name.
  func isDeclared(_ number: Int, fabric: String, name: String) -> Bool {
    guard number < declarations.count else { return false }
    let declaration = declarations[number]
    return name.withBytes { table.isName($0, of: declaration.name) } && fabric.withBytes { fabrics.isName($0, of: declaration.fabric) }
  }

  /// All VLANs that a text may mean, in file order.
  func find(_ text: UnsafeBufferPointer<UInt8>) -> [VLANID] {
    if let number = table.find(text) { return candidates(number).reversed().map(VLANID.init) }
    guard let slash = text.lastIndex(of: UInt8(ascii: "/")),
      let fabric = fabrics.find(UnsafeBufferPointer(rebasing: text[..<slash])),
      let number = table.find(UnsafeBufferPointer(rebasing: text[(slash + 1)...]))
    else { return [] }
    return candidates(number).filter { declarations[$0].fabric == fabric }.map(VLANID.init)
  }

  /// The only VLAN of a bare name, without an array: what almost every reference is.
  func findOnly(_ name: UnsafeBufferPointer<UInt8>) -> VLANID? {
    guard let number = table.find(name) else { return nil }
    let last = latest[number]
    return declarations[last].previous == nil ? VLANID(last) : nil
  }

  func path(_ id: VLANID) -> String {
    fabrics.text(declarations[id.index].fabric) + "/" + table.text(declarations[id.index].name)
  }

  /// For suggestions: bare names where they are unique.
  var spellings: [String] {
    declarations.indices.map { index in
      let name = declarations[index].name
      return candidates(name).count == 1 ? table.text(name) : path(VLANID(index))
    }
  }

  /// The VLANs of a name, the last first.
  private func candidates(_ name: Int) -> [Int] {
    var result: [Int] = []
    var next: Int? = latest[name]
    while let index = next {
      result.append(index)
      next = declarations[index].previous
    }
    return result
  }
}
