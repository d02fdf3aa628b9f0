import BundleIO
import Compiler
import Foundation
import Testing

@Suite struct ReadInputTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aFileIsReadAsItIs() throws {
    try scratch.put("schema: 1\r\n", at: "x.yaml")
    let input = try readInput(scratch.path + "/x.yaml")
    #expect(input.path == scratch.path + "/x.yaml")
    #expect(input.bytes == Array("schema: 1\r\n".utf8))
  }

  @Test func atMostOneByteMoreThanTheLimitIsRead() throws {
    try scratch.put(String(repeating: "x", count: 1000), at: "x.yaml")
    #expect(try readInput(scratch.path + "/x.yaml", limit: 100).bytes.count == 101)
    #expect(try readInput(scratch.path + "/x.yaml", limit: 1000).bytes.count == 1000)
  }

  @Test(arguments: [("missing.yaml", "No such file or directory"), (".", "Is a directory")])
  func whatCannotBeReadSaysWhy(name: String, reason: String) throws {
    let path = scratch.path + "/" + name
    #expect(throws: InputFailure(path: path, reason: reason)) { try readInput(path) }
  }
}
