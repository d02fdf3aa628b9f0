import Diagnostics
import YAMLSyntax

// One mistake is one finding: what a broken part would have declared or used is not missed elsewhere.

/// A top-level section that declares or holds entries.
struct TopLevelSection {
  let name: StaticString
  let set: Topology.Sections
  var isRequired = false

  static let all = [
    TopLevelSection(name: "maas", set: .maas, isRequired: true), TopLevelSection(name: "secrets", set: .secrets),
    TopLevelSection(name: "hosts", set: .hosts, isRequired: true), TopLevelSection(name: "regions", set: .regions, isRequired: true),
    TopLevelSection(name: "racks", set: .racks, isRequired: true), TopLevelSection(name: "vm_hosts", set: .vmHosts),
    TopLevelSection(name: "postgresql", set: .postgresql, isRequired: true), TopLevelSection(name: "haproxy", set: .balancer),
    TopLevelSection(name: "load_balancer", set: .balancer), TopLevelSection(name: "packages", set: .rest),
    TopLevelSection(name: "fabrics", set: .fabrics), TopLevelSection(name: "firewall", set: .rest), TopLevelSection(name: "backup", set: .rest),
  ]
}

/// What the reader gave up on.
struct Losses {
  /// Entries of lists and mappings that were left out.
  var count = 0
  /// Sections of which nothing could be read, though the file means to have them.
  var sections: Topology.Sections = []
  /// Required sections that stand inside another one: indented too far.
  var misplaced: [String] = []
  /// What was referred to and is not declared.
  var undefined: [String] = []
  /// A reference that could not be read, or a part that may have held one: whatever seems unused may have been meant.
  var hasReferences = false
}

extension TopologyReader {
  /// Sections that are misspelt, indented too far, or no mapping at all. Their names cannot be known, so no reference to them is undefined.
  mutating func declareLostSections() {
    let root = peek(tree.root)
    for section in TopLevelSection.all {
      if let entry = root.first(where: { tree.matches($0.key, section.name) }) {
        if !isMappingOrEmpty(entry.value) { losses.sections.insert(section.set) }
        continue
      }
      // A section of thousands is not searched for another one: it would cost every large file.
      let isNested = root.contains { entry in
        tree[entry.value].count < 200 && peek(entry.value).contains { tree.matches($0.key, section.name) }
      }
      if isNested, section.isRequired { losses.misplaced.append("\(section.name)") }
      if isNested || section.isRequired || isMisspelt(section.name, among: root) { losses.sections.insert(section.set) }
    }
    names.hosts.isLost = losses.sections.contains(.hosts)
    names.racks.isLost = losses.sections.contains(.racks) || names.hosts.isLost
    names.secrets.isLost = losses.sections.contains(.secrets)
    names.vlans.isLost = losses.sections.contains(.fabrics)
  }

  private func isMappingOrEmpty(_ node: NodeReference) -> Bool {
    let target = tree[node].kind == .alias ? tree.target(of: node) : node
    return tree[target].kind == .mapping || isEmpty(target)
  }

  private func isMisspelt(_ section: StaticString, among root: [Entry]) -> Bool {
    root.contains { entry in
      let isKnown = TopLevelSection.all.contains { tree.matches(entry.key, $0.name) }
      return !isKnown && nearest(to: tree.text(entry.key), in: ["\(section)"]) != nil
    }
  }

  /// Hosts and secrets that a part names which is not read: they are not unused.
  mutating func markMentioned(in node: NodeReference) {
    switch tree[node].kind {
    case .scalar:
      if case .declared(let host)? = names.hosts.find(tree.bytes(node)) { names.hosts.markUsed(host.index) }
      if case .declared(let secret)? = names.secrets.find(tree.bytes(node)) { names.secrets.markUsed(secret.index) }
    case .mapping, .sequence:
      var child = tree.firstChild(node)
      for _ in 0..<tree[node].count {
        markMentioned(in: child)
        child = tree.after(child)
      }
    case .alias: break
    }
  }

  /// Whether an undefined reference looks like a misspelling of this name.
  func isPerhapsMeant(_ name: String) -> Bool {
    isSuggesting && losses.undefined.prefix(20).contains { nearest(to: $0, in: [name]) != nil }
  }
}
