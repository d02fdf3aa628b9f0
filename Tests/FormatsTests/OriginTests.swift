import Diagnostics
import Formats
import TestSupport
import Testing

/// `maasc explain FILE:LINE` rests on these.
@Suite struct OriginTests {
  @Test func aLineKnowsWhatAskedForIt() throws {
    let asked = Span(10, 20)
    let backend = HAProxyConfig.Backend(
      "api", mode: .http,
      servers: [
        .init("one", host: .address(address("10.0.0.1")), port: 80), .init("two", host: .address(address("10.0.0.2")), port: 80, origin: asked),
      ], origin: Span(1, 50))
    let text = HAProxyConfig(frontends: [], backends: [backend]).render(header: ["Head."])
    let lines = text.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("server two") })
    #expect(text.origins[line] == asked)
    #expect(text.origins[line - 1] == Span(1, 50))
    #expect(text.origins[0] == nil)
    #expect(lines[0] == "# Head.")
  }

  @Test func aYAMLValueInheritsTheOriginOfItsKey() throws {
    let document = RackdConf(settings: [.init("maas_url", .texts(["http://a/MAAS"]), origin: Span(3, 9)), .init("debug", .boolean(true))])
    #expect(document.render().origins == [Span(3, 9), Span(3, 9), nil])
  }

  @Test func anItemOfPatronisListKnowsItsLine() throws {
    var patroni = try #require(Samples.patroni)
    patroni.cluster.hba[0].origin = Span(5, 6)
    let text = patroni.render()
    let lines = text.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("local all all peer") })
    #expect(text.origins[line] == Span(5, 6))
    #expect(text.origins[line + 1] == nil)
  }
}
