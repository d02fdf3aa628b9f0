import Diagnostics
import Testing

@Suite struct SourceMapTests {
  @Test func resolvesAnAliasOfAnAliasToItsOutermostUse() {
    var source = Marked("x: &x {port: 1}\ny: &y {a: *x}\nz: *y\n")
    let inner = source.sources.expand(source.span("{port: 1}"), through: source.span("*x"))
    let value = source.span("1")
    let throughX = Span(value.lower &+ inner, value.upper &+ inner)
    #expect(source.sources.resolve(throughX)?.span == source.span("*x"))
    #expect(source.sources.resolve(throughX)?.definitions == [value])
    let use = source.span("*x")
    let outer = source.sources.expand(source.span("{a: *x}"), through: source.span("*y"))
    #expect(source.sources.resolve(Span(use.lower &+ outer, use.upper &+ outer))?.span == source.span("*y"))
  }

  @Test func endsAUnionAtTheAlias() {
    var source = Marked("x: &x {port: 1}\ny: {a: *x}\n")
    let shift = source.sources.expand(source.span("{port: 1}"), through: source.span("*x"))
    let value = source.span("1")
    let union = source.span("a:").union(Span(value.lower &+ shift, value.upper &+ shift))
    #expect(source.sources.resolve(union)?.span == source.span("a: *x"))
  }

  @Test func findsTheFileOfAPlace() {
    var sources = SourceMap()
    let files = (0..<5).map { sources.add(path: "\($0)", bytes: Array(repeating: 0x61, count: $0)) }
    for (index, file) in files.enumerated() {
      #expect(sources.resolve(Span(file.base, file.base))?.file == index)
      #expect(sources.resolve(Span(file.span.upper, file.span.upper))?.file == index)
    }
    #expect(sources.resolve(.none) == nil)
    #expect(SourceMap().resolve(Span(0, 0)) == nil)
  }
}
