import Diagnostics
import TestSupport
import Testing
import Topology

/// What is generated from the reader is committed, and current.
@Suite struct LanguageTests {
  @Test func theSchemaIsCurrent() throws {
    try expectGolden(topologyJSONSchema().text() + "\n", at: "schemas/topology-v1.schema.json")
  }

  @Test func theReferencePageIsCurrent() throws {
    try expectGolden(topologyReferencePage(), at: "docs/topology-reference.md")
  }
}
