import Diagnostics
import Testing

/// Whatever bytes a file holds and wherever a finding points, every report comes out whole.
@Suite struct AnyInputTests {
  private static let pieces: [[UInt8]] = [
    Array("a: 1".utf8), Array("\n".utf8), Array("\r\n".utf8), [0x0D], [0x09], Array("  - ".utf8), Array("日本".utf8), Array("👩‍👩‍👧".utf8),
    Array("e\u{301}".utf8), [0xFF], [0xE6, 0x97], [0x00], [0x1B], Array("\u{202E}".utf8), Array("# maasc: ignore M105".utf8), Array(" -- x".utf8),
    Array(String(repeating: "long ", count: 300).utf8), [0xEF, 0xBB, 0xBF],
  ]

  @Test(arguments: 1...150) func isReported(seed: UInt64) throws {
    var random = Noise(state: seed &* 7_919)
    var sources = SourceMap()
    let files = (0...random.next(2)).map { index in
      sources.add(path: "f\(index).yaml", bytes: (0..<random.next(40)).flatMap { _ in Self.pieces[random.next(Self.pieces.count)] })
    }
    let end = files.reduce(0) { $0 + $1.bytes.count + 1 }
    let shift = sources.expand(Span(0, UInt32(end)), through: Span(0, 1))
    let findings = (0..<random.next(12)).map { Self.finding(&random, end, shift, $0) }
    let comments = files.flatMap { file in SuppressionComment.all(in: file) { $0 % 5 == 0 } }
    let all = applySuppressions(comments, to: findings, in: sources, rules: [RuleID(105)], isComplete: true)
    let report = finalize(all, in: sources, limit: 8)
    for format in ReportFormat.allCases {
      let text = render(report, as: format, rules: [], options: ReportOptions(toolVersion: "1"))
      #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0 == "\u{202E}" && format == .text })
      if format == .json || format == .sarif || format == .gitlab { _ = try JSON(parsing: Array(text.utf8)) }
    }
    for file in applyFixes(all, in: sources).files { _ = unifiedDiff(file, paths: RelativePaths()) }
    _ = Baseline.text(of: all, in: sources, paths: RelativePaths())
  }

  private static func finding(_ random: inout Noise, _ end: Int, _ shift: UInt32, _ number: Int) -> Diagnostic {
    func span() -> Span {
      let lower = UInt32(random.next(end + 3))
      let upper = random.next(6) == 0 ? UInt32(random.next(end + 3)) : lower + UInt32(random.next(9))
      switch random.next(8) {
      case 0: return .none
      case 1: return Span(lower &+ shift, upper &+ shift)
      default: return Span(lower, upper)
      }
    }
    var finding = Diagnostic(
      RuleID(105), random.next(2) == 0 ? .error : .warning, nature: random.next(2) == 0 ? .unwise : .wrong, "number \(number)\u{1B}\n|", at: span())
    finding.secondary = (0..<random.next(6)).map { Label(span(), "place \($0)") }
    finding.fix = (0..<random.next(3)).map { _ in TextEdit(span(), "X\n") }
    return finding
  }
}
