import Diagnostics
import Foundation
import Testing

@Suite struct JSONTests {
  @Test func keepsOrderAndLeavesOutWhatIsNil() {
    let help: String? = nil
    let value: JSON = ["b": 1, "a": [true, "x", .null], "help": help.map(JSON.string), "none": [], "empty": [:]]
    #expect(value.text(.compact) == #"{"b":1,"a":[true,"x",null],"none":[],"empty":{}}"#)
    #expect(value.text() == "{\n  \"b\": 1,\n  \"a\": [\n    true,\n    \"x\",\n    null\n  ],\n  \"none\": [],\n  \"empty\": {}\n}")
  }

  @Test(arguments: [
    "plain", "quote \" and \\ backslash", "line\nfeed\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}\u{85}", "日本 é e\u{301} 👩‍👩‍👧", "\u{2028}\u{FFFD}\u{10FFFF}", "",
  ])
  func everyTextComesBackAndFoundationReadsIt(text: String) throws {
    let written = JSON.array([.string(text)]).text(.compact)
    #expect(try JSON(parsing: Array(written.utf8)) == .array([.string(text)]))
    #expect(try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String] == [text])
  }

  @Test(arguments: [
    (#" { "a" : [ 1 , -2 ] , "b" : "\u00e9\ud83d\ude00\/" } "#, #"{"a":[1,-2],"b":"é😀/"}"#), ("[]", "[]"), ("null", "null"),
  ])
  func readsWhatOthersWrite(text: String, same: String) throws {
    #expect(try JSON(parsing: Array(text.utf8)).text(.compact) == same)
  }

  @Test(arguments: [
    ("", 0), ("[1,]", 3), ("{\"a\" 1}", 5), ("\"open", 5), ("[1] x", 4), ("\"\\q\"", 2), ("\"\\u12G4\"", 3), ("1.5", 1), ("\"a\nb\"", 2),
    ("--1", 0),
  ])
  func namesTheByteWhereItBreaks(text: String, offset: Int) {
    #expect { try JSON(parsing: Array(text.utf8)) } throws: { ($0 as? JSON.ParseError)?.offset == offset }
  }

  @Test func refusesDepthBeforeTheStackDoes() {
    #expect(throws: JSON.ParseError.self) { try JSON(parsing: Array(String(repeating: "[", count: 100_000).utf8)) }
  }
}
