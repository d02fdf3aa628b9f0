/// The release lines that have something: from `since`, up to and including `until`; nil leaves that end open.
package struct Lifespan: Hashable, Sendable {
  package let since: MAASVersion?
  package let until: MAASVersion?

  package init(since: MAASVersion? = nil, until: MAASVersion? = nil) {
    self.since = since
    self.until = until
  }

  package static let always = Lifespan()
  package static func since(_ major: Int, _ minor: Int) -> Lifespan { Lifespan(since: MAASVersion(major, minor)) }
  package static func until(_ major: Int, _ minor: Int) -> Lifespan { Lifespan(until: MAASVersion(major, minor)) }

  /// Patch releases never matter: nothing appears or goes within a release line.
  package func contains(_ version: MAASVersion) -> Bool {
    if let since, version.line < since.line { return false }
    if let until, version.line > until.line { return false }
    return true
  }
}
