/// The fingerprints by which GitHub code scanning follows a finding when lines move (`primaryLocationLineHash`), for each line of a file.
///
/// Algorithm: github/codeql-action, src/fingerprints.ts. A rolling hash of the 100 UTF-16 units from the start of the line, without
/// spaces and tabs, each line end as one LF; 65535 marks the end of the file, zeros fill up. Equal hashes are told apart by a count.
struct LineHashes {
  /// The hash of each line, and which of the equal ones so far it is.
  private var lines: [(hash: UInt64, occurrence: Int)] = []

  /// As `a22b5a4b6ee59e7:1`, for a line counted from 0.
  subscript(line: Int) -> String { "\(String(lines[line].hash, radix: 16)):\(lines[line].occurrence)" }

  private static let length = 100
  private static let factor: UInt64 = 37
  /// What a unit weighs when it leaves the window.
  private static let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* factor }

  private var window = [UInt64](repeating: 0, count: length)
  private var isLineStart = [Bool](repeating: false, count: length)
  private var index = 0
  private var hash: UInt64 = 0
  private var occurrences: [UInt64: Int] = [:]

  init(_ file: SourceFile) {
    // A typical line has some thirty bytes; a dictionary that grows moves all that it holds.
    occurrences.reserveCapacity(file.bytes.count / 32)
    if file.bytes.allSatisfy({ $0 < 0x80 }) {
      read(file.bytes.lazy.map { UInt16($0) }, hasMark: file.markLength > 0)
    } else {
      read(String(decoding: file.bytes, as: UTF8.self).utf16, hasMark: file.markLength > 0)
    }
    window = []
    isLineStart = []
    occurrences = [:]
  }

  private mutating func read(_ units: some Sequence<UInt16>, hasMark: Bool) {
    var atLineStart = true
    var afterReturn = false
    if hasMark { take(0xFEFF, &atLineStart) }
    for unit in units {
      let isReturn = unit == 0x0D
      let isSkipped = unit == 0x20 || unit == 0x09 || (afterReturn && unit == 0x0A)
      afterReturn = isReturn
      if !isSkipped { take(isReturn ? 0x0A : unit, &atLineStart) }
    }
    take(0xFFFF, &atLineStart)
    for _ in 0..<Self.length {
      emitIfLineStart()
      push(0)
    }
  }

  private mutating func take(_ unit: UInt16, _ atLineStart: inout Bool) {
    emitIfLineStart()
    isLineStart[index] = atLineStart
    atLineStart = unit == 0x0A
    push(UInt64(unit))
  }

  private mutating func push(_ unit: UInt64) {
    hash = Self.factor &* hash &+ unit &- Self.leaving &* window[index]
    window[index] = unit
    index = index + 1 == Self.length ? 0 : index + 1
  }

  /// The window now holds just the units from the start of that line.
  private mutating func emitIfLineStart() {
    guard isLineStart[index] else { return }
    isLineStart[index] = false
    let count = occurrences[hash, default: 0] + 1
    occurrences[hash] = count
    lines.append((hash, count))
  }
}
