import Formats
import TestSupport
import Testing

@Suite struct ShellTests {
  @Test func bashGetsBackEveryWord() throws {
    var hostile = HostileText(seed: 1)
    let words = hostile.next(400) + ["", "-n", "=", "~", "~root", "a=b", "{a,b}", "!!"]
    let result = try run("/bin/bash", ["-s"], input: Array(("printf '%s\\0' " + words.map(Shell.quote).joined(separator: " ")).utf8))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) } == words)
  }

  static let slips = [
    "secret/$x", "${x}", "$(id)", "`id`", "a\\", "it\\'s", "it's \\", "\u{2018}x\u{2019} $y", "\u{201C}q\u{201D}", "\u{201C}q\u{201D} `z` \u{2019}",
    "naïve 名 $PATH", "$", "a$ b", "\\n", "\\$x", "\"$x\"",
  ]

  /// What a value holds is no mistake of the script that it stands in.
  @Test func shellcheckHasNothingToSayAboutAnyWord() throws {
    var hostile = HostileText(seed: 11)
    // Bash itself mistakes U+0001 and U+007F in the elements of an array for marks of its own.
    let words =
      Self.slips + hostile.next(300).map { word in String(String.UnicodeScalarView(word.unicodeScalars.filter { $0 != "\u{1}" && $0 != "\u{7F}" })) }
    let code = "#!/bin/bash\nCOMMAND=(\(words.map(Shell.quote).joined(separator: " ")))\nprintf '%s\\0' \"${COMMAND[@]}\"\n"
    let remarks = try run("/usr/bin/env", ["shellcheck", "-S", "style", "-f", "gcc", "-"], input: Array(code.utf8))
    #expect(remarks.status == 0, "\(remarks.text.prefix(2000))")
    let result = try run("/bin/bash", ["-s"], input: Array(code.utf8))
    #expect(result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) } == words)
  }

  @Test func aWordStandsForItselfInCommandPosition() throws {
    // `a=b` and `~` would be an assignment and a directory if they stood bare.
    for word in ["=x", "~"] {
      let result = try run("/bin/bash", ["-c", "f() { printf %s \"$1\"; }; f \(Shell.quote(word))"])
      #expect(result.text == word)
    }
  }

  @Test func valuesInterpolateAsWordsAndCodeAsCode() {
    let path = "/srv/it's here"
    let inner: Shell = "echo \(path)\necho two"
    let code: Shell = """
      if true; then
        \(inner)
      fi
      """
    #expect(code.code == "if true; then\n  echo '/srv/it'\\''s here'\n  echo two\nfi")
    #expect(("f \(["a b", "c"]) \(raw: "$X") \(3)" as Shell).code == "f 'a b' c $X 3")
  }
}
